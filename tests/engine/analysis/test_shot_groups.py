"""Shots grouped by set-up and scene, and repeats found by when things move in them."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.shot_groups import GroupRule, group_shots
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import BRIGHTNESS, CONTRAST, SIMILARITY
from seamline.analysis.stage import SignalBlock
from seamline.errors import Cancelled
from seamline.progress import CancellableProgress
from seamline.project.labels import Range

DIMENSION = 64
EVERY = 12
LENGTH = 60


def places(count: int, seed: int = 0) -> NDArray[np.float64]:
    """What so many set-ups look like: directions that are unlike each other."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.normal(size=(count, DIMENSION)))


def vectors_of(setups: Sequence[int], looks: NDArray[np.float64], *, noise: float = 0.25) -> FrameVectors:
    """Of shots of LENGTH frames each, every EVERY frames; `noise` 1 is as much as there is to see."""
    rng = np.random.default_rng(5)
    frames = np.arange(0, len(setups) * LENGTH, EVERY, dtype=np.int64)
    shown = looks[np.asarray(setups)[frames // LENGTH]]
    vectors = shown + noise * rng.normal(size=shown.shape)
    return FrameVectors(
        "k", frames, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    )


def ranges_of(count: int) -> list[Range]:
    return [(place * LENGTH, (place + 1) * LENGTH) for place in range(count)]


def signals_of(
    brightness: NDArray[np.float64], contrast: NDArray[np.float64], similarity: NDArray[np.float64]
) -> Signals:
    signals = Signals(len(brightness))
    values = {BRIGHTNESS: brightness, CONTRAST: contrast, SIMILARITY: similarity}
    signals.add(SignalBlock(0, {name: curve.astype(np.float32) for name, curve in values.items()}))
    return signals


def moving(count: int, seed: int = 1) -> Signals:
    """Something moves in every shot, never the same way."""
    rng = np.random.default_rng(seed)
    frames = count * LENGTH
    return signals_of(
        0.4 + 0.01 * rng.normal(size=frames),
        0.2 + 0.01 * rng.normal(size=frames),
        1 - 0.02 * rng.random(frames),
    )


def copied(signals: Signals, frames: Range, to: int, noise: float = 0.0) -> Signals:
    """The same, where the frames are shown again from frame `to` on."""
    rng = np.random.default_rng(9)
    curves = {name: signals.curve(name).astype(np.float64) for name in (BRIGHTNESS, CONTRAST, SIMILARITY)}
    length = frames[1] - frames[0]
    for curve in curves.values():
        again = curve[frames[0] : frames[1]]
        spread = np.diff(again).std()
        curve[to : to + length] = again + noise * spread * rng.normal(size=length)
    return signals_of(*(np.clip(curve, 0, 1) for curve in curves.values()))


def test_a_dialogue_is_a_b_a_b_in_one_scene() -> None:
    setups = [0, 1, 0, 1, 0, 2, 3, 4, 3]
    found = group_shots(vectors_of(setups, places(5)), ranges_of(9))
    assert [shot.setup for shot in found] == [1, 2, 1, 2, 1, 3, 4, 5, 4]
    assert [shot.scene for shot in found] == [1, 1, 1, 1, 1, 2, 3, 3, 3]
    assert [shot.range for shot in found] == ranges_of(9)
    assert found[5].confidence == 1
    assert all(0.5 <= shot.confidence <= 1 for shot in found)


def test_a_set_up_that_returns_late_is_of_another_scene() -> None:
    setups = [0, 1, 0, *range(2, 18), 0, 1, 0]
    found = group_shots(vectors_of(setups, places(18)), ranges_of(len(setups)))
    assert [shot.setup for shot in found[-3:]] == [1, 2, 1]
    assert found[-3].scene == found[-1].scene != found[0].scene
    near = group_shots(
        vectors_of(setups, places(18)), ranges_of(len(setups)), rule=GroupRule(scene_frames=100 * LENGTH)
    )
    assert {shot.scene for shot in near} == {1}


def test_the_same_again_gives_the_same_and_a_moved_seam_touches_two_shots() -> None:
    setups = [0, 1, 0, 2, 1, 0, 3, 2]
    vectors, shots = vectors_of(setups, places(4)), ranges_of(8)
    found = group_shots(vectors, shots)
    assert group_shots(vectors, shots) == found
    moved = [*shots[:3], (180, 247), (247, 300), *shots[5:]]
    again = group_shots(vectors, moved)
    assert [(shot.setup, shot.scene) for shot in again] == [(shot.setup, shot.scene) for shot in found]
    assert [shot.range for shot in again] == moved


def test_a_chain_of_shots_joins_no_unlike_ends() -> None:
    """A camera that turns in steps: each shot is like the next, the last is nothing like the first."""
    angles = np.arange(12) * np.arccos(0.8)
    looks = np.zeros((12, DIMENSION))
    looks[:, 0], looks[:, 1] = np.cos(angles), np.sin(angles)
    found = group_shots(vectors_of(range(12), looks, noise=0), ranges_of(12))
    assert found[0].setup != found[4].setup
    assert len({shot.setup for shot in found}) > 3


def test_shots_without_a_vector_are_left_out() -> None:
    vectors = vectors_of([0, 1, 0], places(2))
    shots = [(0, 60), (60, 61), (61, 62), (62, 120), (120, 180)]
    assert [shot.range for shot in group_shots(vectors, shots)] == [(0, 60), (60, 61), (62, 120), (120, 180)]
    assert group_shots(vectors, []) == ()
    nothing = FrameVectors("k", np.empty(0, np.int64), np.empty((0, DIMENSION), np.float32))
    assert group_shots(nothing, shots) == ()


class TestBlackAndTitles:
    """All of them look alike to a network."""

    SETUPS = (0, 1, 0, 1, 0, 1)

    def curves(self, brightness: Sequence[float], contrast: Sequence[float]) -> Signals:
        still = np.full(6 * LENGTH, 0.999)
        return signals_of(
            np.repeat(np.array(brightness), LENGTH), np.repeat(np.array(contrast), LENGTH), still
        )

    def setups(self, signals: Signals | None) -> list[int]:
        vectors = vectors_of(self.SETUPS, places(2), noise=0.1)
        return [shot.setup for shot in group_shots(vectors, ranges_of(6), signals=signals)]

    def test_black_shots_are_each_their_own(self) -> None:
        assert self.setups(None) == [1, 2, 1, 2, 1, 2]
        black = self.curves([0.01, 0.4] * 3, [0.0, 0.2] * 3)
        assert self.setups(black) == [1, 2, 3, 2, 4, 2]

    def test_titles_share_one_only_where_as_much_is_written(self) -> None:
        titles = self.curves([0.04, 0.4, 0.041, 0.4, 0.08, 0.4], [0.1, 0.2, 0.101, 0.2, 0.15, 0.2])
        assert self.setups(titles) == [1, 2, 1, 2, 3, 2]

    def test_what_fades_to_black_does_not_count(self) -> None:
        looks = places(4)
        vectors = vectors_of([0, 1, 2], looks)
        shown = vectors.vectors.copy()
        # the shots' middles are their own, all of them end in the same black
        is_black = vectors.frames % LENGTH >= 36
        shown[is_black] = (looks[3] / np.linalg.norm(looks[3])).astype(np.float32)
        faded = FrameVectors("k", vectors.frames, shown)
        assert len({shot.setup for shot in group_shots(faded, ranges_of(3))}) == 1
        is_dark = np.arange(3 * LENGTH) % LENGTH >= 30
        signals = signals_of(
            np.where(is_dark, 0.02, 0.4), np.where(is_dark, 0.01, 0.2), np.full(3 * LENGTH, 0.99)
        )
        assert [shot.setup for shot in group_shots(faded, ranges_of(3), signals=signals)] == [1, 2, 3]


class TestRepeats:
    SETUPS = (0, 1, 0, 2, 0, 3)

    def repeats(self, signals: Signals, setups: Sequence[int] = SETUPS) -> list[Range | None]:
        vectors = vectors_of(setups, places(4))
        return [shot.repeats for shot in group_shots(vectors, ranges_of(len(setups)), signals=signals)]

    def test_the_same_frames_again_are_told_to_the_frame(self) -> None:
        signals = copied(moving(6), (7, 55), 240, noise=0.2)  # shot 5 ends with twelve other frames
        assert self.repeats(signals) == [None, None, None, None, (7, 60), None]

    def test_all_of_a_shot_again(self) -> None:
        assert self.repeats(copied(moving(6), (120, 180), 240)) == [None, None, None, None, (120, 180), None]

    def test_what_is_shown_a_third_time_is_told_of_the_first(self) -> None:
        signals = copied(copied(moving(6), (0, 60), 120), (0, 60), 240)
        assert self.repeats(signals) == [None, None, (0, 60), None, (0, 60), None]

    def test_a_set_up_that_looks_the_same_is_no_repeat(self) -> None:
        assert self.repeats(moving(6)) == [None] * 6
        assert [shot.setup for shot in group_shots(vectors_of(self.SETUPS, places(4)), ranges_of(6))] == [
            1, 2, 1, 3, 1, 4,
        ]  # fmt: skip

    def test_where_nothing_moves_nothing_is_told(self) -> None:
        still = np.full(6 * LENGTH, 0.3)
        assert self.repeats(signals_of(still, still, np.ones(6 * LENGTH))) == [None] * 6

    def test_a_movement_that_comes_again_and_again_is_no_repeat(self) -> None:
        wave = np.sin(np.arange(6 * LENGTH) * 2 * np.pi / 10)
        signals = signals_of(0.4 + 0.05 * wave, 0.2 + 0.02 * wave, 0.97 + 0.02 * wave)
        assert self.repeats(signals) == [None] * 6

    def test_a_light_that_flashes_once_in_both_is_no_repeat(self) -> None:
        rng = np.random.default_rng(3)
        curves = [0.4 + 0.002 * rng.normal(size=6 * LENGTH), 0.2 + 0.002 * rng.normal(size=6 * LENGTH)]
        change = 0.001 * rng.random(6 * LENGTH)
        for start in (30, 140, 275):
            for curve in curves:
                curve[start : start + 4] += np.array([0.05, 0.15, 0.1, 0.03])
            change[start : start + 5] += 0.1
        assert self.repeats(signals_of(curves[0], curves[1], 1 - change)) == [None] * 6

    def test_a_flashback_ties_no_scenes(self) -> None:
        setups = [0, 1, 2, 3, 0, 2]
        vectors = vectors_of(setups, places(4))
        signals = copied(moving(6), (0, 60), 240)
        assert [shot.scene for shot in group_shots(vectors, ranges_of(6), signals=signals)] == [
            1,
            2,
            3,
            3,
            3,
            3,
        ]
        assert [shot.scene for shot in group_shots(vectors, ranges_of(6), signals=moving(6))] == [1] * 6

    def test_shots_that_are_not_analysed_yet_are_told_nothing(self) -> None:
        whole = copied(moving(6), (0, 60), 240)
        part = Signals(6 * LENGTH)
        block = whole.block((BRIGHTNESS, CONTRAST, SIMILARITY))
        part.add(SignalBlock(0, {name: values[:250] for name, values in block.values.items()}))
        assert self.repeats(part) == [None] * 6


@pytest.mark.timed
def test_a_film_of_thousands_of_shots_is_grouped_in_seconds_and_little_memory() -> None:
    count = 2000
    setups = np.random.default_rng(2).integers(300, size=count).tolist()
    vectors, shots = vectors_of(setups, places(300), noise=0.15), ranges_of(count)
    signals = moving(count)
    began_s = time.process_time()
    found = group_shots(vectors, shots, signals=signals)
    assert time.process_time() - began_s < 6  # 3 on a machine that does nothing else
    pairs = {(true, shot.setup) for true, shot in zip(setups, found, strict=True)}
    assert len(pairs) == len(set(setups))
    tracemalloc.start()
    group_shots(vectors, shots)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60 << 20


class AllAlike:
    """A model that takes everything for the same footage."""

    def probability(self, a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
        assert a.shape == b.shape
        return np.ones(len(a), np.float32)


def test_the_model_decides() -> None:
    vectors = vectors_of([0, 1, 2], places(3))
    assert [shot.setup for shot in group_shots(vectors, ranges_of(3))] == [1, 2, 3]
    assert [shot.setup for shot in group_shots(vectors, ranges_of(3), AllAlike())] == [1, 1, 1]


def test_it_stops_when_told() -> None:
    progress = CancellableProgress()
    progress.cancel()
    with pytest.raises(Cancelled):
        group_shots(vectors_of([0, 1, 0], places(2)), ranges_of(3), progress=progress)
