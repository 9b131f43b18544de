"""What a shot's curves of motion are called."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.motion_stage import (
    FLOW_MAGNITUDE,
    MOTION_BLANK,
    MOTION_INLIERS,
    MOTION_RESIDUAL,
    PAN,
    ROLL,
    TILT,
    ZOOM,
    MotionStage,
)
from seamline.analysis.movement import movement_of
from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock
from seamline.progress import CancellableProgress
from seamline.project.labels import Label, Movement

Floats = NDArray[np.float64]
RATES = [Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30), Fraction(50), Fraction(60)]


def curves(
    paths: dict[str, Floats], *, inliers: float = 0.9, blank: float = 0.0, done: int | None = None
) -> Signals:
    """Signals whose sums are these paths of the content, each float64[n]."""
    count = len(next(iter(paths.values())))
    values = {name: np.zeros(count, np.float32) for name in (PAN, TILT, ZOOM, ROLL, FLOW_MAGNITUDE)}
    for name, path in paths.items():
        values[name] = np.diff(path, prepend=path[:1]).astype(np.float32)
    for name, value in ((MOTION_INLIERS, inliers), (MOTION_RESIDUAL, 0.01), (MOTION_BLANK, blank)):
        values[name] = np.full(count, value, np.float32)
    signals = Signals(count)
    signals.add(SignalBlock(0, {name: curve[:done] for name, curve in values.items()}))
    return signals


def time_01(seconds: float, rate: Fraction) -> Floats:
    return np.linspace(0, 1, round(seconds * rate))


def eased(t: Floats) -> Floats:
    return t * t * (3 - 2 * t)


def shake(seconds: float, rate: Fraction, strength: float, seed: int = 1) -> Floats:
    """A hand's unrest between 1.3 and 5 Hz."""
    random = np.random.default_rng(seed)
    times = np.arange(round(seconds * rate)) / float(rate)
    waves = [np.sin(2 * np.pi * (hertz * times + random.random())) / hertz for hertz in (1.3, 2.1, 3.4, 5)]
    total = np.sum(waves, axis=0)
    return np.asarray(total / total.std() * strength)


def movement(paths: dict[str, Floats], rate: Fraction = Fraction(24), **more: float) -> Label[Movement]:
    signals = curves(paths, **more)  # type: ignore[arg-type]
    label = movement_of(signals, 0, signals.frame_count, rate)
    assert label is not None
    return label


@pytest.mark.parametrize("rate", RATES, ids=float)
@pytest.mark.parametrize("seconds", [0.7, 3.0, 8.0])
@pytest.mark.parametrize(
    ("curve", "amount", "expected"),
    [
        (PAN, -0.03, Movement.PAN_RIGHT),  # the content goes left
        (PAN, 0.3, Movement.PAN_LEFT),
        (TILT, 0.05, Movement.TILT_UP),
        (TILT, -0.3, Movement.TILT_DOWN),
        (ZOOM, 0.09, Movement.PUSH),
        (ZOOM, -0.3, Movement.PULL),
        (ROLL, 0.1, Movement.ROLL),
        (PAN, 0.004, Movement.STATIC),
        (ZOOM, 0.01, Movement.STATIC),
    ],
)
def test_the_same_way_has_the_same_name_at_any_rate_and_length(
    rate: Fraction, seconds: float, curve: str, amount: float, expected: Movement
) -> None:
    assert movement({curve: amount * eased(time_01(seconds, rate))}, rate).value is expected


@pytest.mark.parametrize("rate", RATES, ids=float)
@pytest.mark.parametrize(("strength", "expected"), [(0.0002, Movement.STATIC), (0.002, Movement.HANDHELD)])
def test_a_hand_shakes_and_a_tripod_hardly(rate: Fraction, strength: float, expected: Movement) -> None:
    paths = {PAN: shake(3, rate, strength), TILT: shake(3, rate, strength, 2)}
    assert movement(paths, rate).value is expected


@pytest.mark.parametrize("rate", RATES, ids=float)
def test_a_gate_that_weaves_is_no_hand(rate: Fraction) -> None:
    """It puts off each picture by itself; the same unrest with a path is a hand's."""
    random = np.random.default_rng(4)
    count = round(4 * rate)
    assert movement(
        {PAN: random.normal(0, 0.0015, count), TILT: random.normal(0, 0.0015, count)}, rate
    ).value is (Movement.STATIC)
    assert (
        movement({PAN: shake(4, rate, 0.0015), TILT: shake(4, rate, 0.0015, 2)}, rate).value
        is Movement.HANDHELD
    )


def test_the_less_of_the_picture_follows_the_more_unrest_a_hand_needs() -> None:
    rate = Fraction(24)
    paths = {PAN: shake(3, rate, 0.0011), TILT: shake(3, rate, 0.0011, 2)}
    assert movement(paths, rate).value is Movement.HANDHELD
    assert movement(paths, rate, inliers=0.5).value is not Movement.HANDHELD


def test_a_hand_that_wanders_in_two_ways_is_no_mixed_move() -> None:
    rate = Fraction(25)
    t = time_01(4, rate)

    def wandered(shaken: float) -> Movement | None:
        paths = {PAN: 0.06 * t + shake(4, rate, shaken), TILT: 0.1 * eased(t) + shake(4, rate, shaken, 2)}
        return movement(paths, rate).value

    assert (wandered(0.003), wandered(0.0002)) == (Movement.HANDHELD, Movement.MIXED)


def test_what_takes_very_long_for_its_way_stands_still() -> None:
    assert movement({PAN: 0.025 * time_01(25, Fraction(24))}).value is Movement.STATIC
    assert movement({PAN: 0.025 * time_01(5, Fraction(24))}).value is Movement.PAN_LEFT


def test_a_push_by_hand_is_a_push() -> None:
    rate = Fraction(25)
    paths = {ZOOM: 0.3 * eased(time_01(3, rate)), PAN: shake(3, rate, 0.004)}
    assert movement(paths, rate).value is Movement.PUSH


def test_a_zoom_towards_something_beside_the_middle_is_a_push() -> None:
    t = time_01(3, Fraction(24))
    assert movement({ZOOM: 0.3 * t, PAN: -0.05 * t}).value is Movement.PUSH


def test_moves_of_like_size_are_mixed_together_or_in_turn() -> None:
    t = time_01(4, Fraction(24))
    first, second = np.clip(2 * t, 0, 1), np.clip(2 * t - 1, 0, 1)
    assert movement({PAN: 0.2 * t, TILT: 0.3 * t}).value is Movement.MIXED
    assert movement({PAN: 0.2 * first, ZOOM: 0.6 * second}).value is Movement.MIXED
    assert movement({PAN: 0.2 * t, TILT: 0.09 * t}).value is Movement.PAN_LEFT


def test_there_and_back_is_mixed() -> None:
    t = time_01(4, Fraction(24))
    assert movement({PAN: 0.2 * eased(1 - np.abs(2 * t - 1))}).value is Movement.MIXED


def test_a_move_in_a_part_of_a_long_shot_is_the_shots() -> None:
    t = time_01(20, Fraction(24))
    assert movement({TILT: 0.2 * eased(np.clip(20 * t - 9, 0, 1))}).value is Movement.TILT_UP


@pytest.mark.parametrize("at", [0, 1, -1])
def test_one_frame_of_a_neighbouring_shot_does_not_matter(at: int) -> None:
    signals = curves({PAN: np.zeros(40)})
    block = signals.block([PAN, MOTION_INLIERS, MOTION_RESIDUAL])
    block.values[PAN][at], block.values[MOTION_INLIERS][at], block.values[MOTION_RESIDUAL][at] = 0.2, 0.4, 0.1
    signals.add(block)
    label = movement_of(signals, 0, 40, Fraction(24))
    assert label is not None
    assert label.value is Movement.STATIC


def test_only_the_range_counts() -> None:
    path = np.concatenate([np.linspace(0, 1, 30), np.ones(30), np.linspace(1, 2, 30)])
    label = movement_of(curves({PAN: path}), 30, 60, Fraction(24))
    assert label is not None
    assert label.value is Movement.STATIC


def test_none_until_all_curves_are_known() -> None:
    signals = curves({PAN: np.zeros(60)}, done=50)
    assert movement_of(signals, 0, 51, Fraction(24)) is None
    assert movement_of(signals, 0, 50, Fraction(24)) is not None
    assert movement_of(Signals(60), 0, 50, Fraction(24)) is None


def test_what_is_too_short_or_has_no_motion_to_see_is_unsure() -> None:
    assert movement({PAN: np.linspace(0, 0.1, 4)}).value is None
    assert movement({PAN: np.linspace(0, 0.1, 1)}).value is None
    assert movement({PAN: np.zeros(60)}, inliers=0.0).value is None


def test_lettering_that_rolls_over_black_is_no_tilt() -> None:
    path = np.linspace(0, -2, 100)
    assert movement({TILT: path}).value is Movement.TILT_DOWN
    assert movement({TILT: path}, blank=0.8).value is None
    assert movement({TILT: 0 * path}, blank=0.8).value is Movement.STATIC


def test_the_surer_the_larger_the_move_and_the_more_of_the_picture_follows() -> None:
    t = time_01(3, Fraction(24))
    just, far = movement({PAN: 0.0128 * t}), movement({PAN: 0.2 * t})
    few = movement({PAN: 0.2 * t}, inliers=0.35)
    assert just.value in (Movement.PAN_LEFT, None)
    assert just.confidence < far.confidence
    assert few.confidence < far.confidence
    assert far.confidence > 0.9


def drawn(pictures: list[NDArray[np.uint8]], rate: Fraction) -> Label[Movement] | None:
    stage = MotionStage()
    stage.resume(0, CancellableProgress())
    signals = Signals(len(pictures))
    for block in stage.feed(np.stack(pictures)):
        signals.add(block)
    return movement_of(signals, 0, len(pictures), rate)


def test_a_roll_of_credits_is_unsure_and_black_is_too() -> None:
    tall = np.full((400, 160), 16, np.uint8)
    for line in range(24):
        cv2.putText(tall, f"role and name {line}", (24, 16 * line), 0, 0.4, 220, 1, cv2.LINE_AA)
    rolling = [np.ascontiguousarray(tall[2 * at : 2 * at + 90]) for at in range(48)]
    credits = drawn(rolling, Fraction(24))
    assert credits is not None
    assert credits.value is None
    black = drawn([np.full((90, 160), 16, np.uint8)] * 30, Fraction(24))
    assert black is not None
    assert black.value is None
