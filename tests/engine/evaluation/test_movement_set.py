"""Shots whose movement is known: they are what they say, and the scores count what they should."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from seamline.evaluation.movement_camera import ARM, LEAST_MOVE, MOST_DRIFT, drawn_track
from seamline.evaluation.movement_pictures import filming, pictures_of
from seamline.evaluation.movement_set import KnownShot, Said, judged, report
from seamline.project.labels import Movement

RATE = Fraction(24)
_PURE = {
    Movement.PAN_LEFT: (0, -1),
    Movement.PAN_RIGHT: (0, 1),
    Movement.TILT_UP: (1, -1),
    Movement.TILT_DOWN: (1, 1),
    Movement.PUSH: (2, 1),
    Movement.PULL: (2, -1),
}


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("movement", [*_PURE, Movement.STATIC])
def test_a_drawn_track_goes_the_way_it_is_called(movement: Movement, seed: int) -> None:
    track = drawn_track(np.random.default_rng(seed), movement, 3.0, RATE)
    ways = np.array([path[-1] - path[0] for path in (track.right, track.down, track.nearer, track.turned)])
    ways[2:] *= ARM
    if movement is Movement.STATIC:
        assert np.abs(ways).max() < 1.3 * MOST_DRIFT
        return
    main, way = _PURE[movement]
    assert np.abs(ways).argmax() == main
    assert way * ways[main] > 0.9 * LEAST_MOVE


def test_each_step_is_about_the_middle_of_the_picture() -> None:
    track = drawn_track(np.random.default_rng(1), Movement.MIXED, 2.0, RATE)
    turns, shifts = track.views()
    for frame in range(1, len(turns)):
        step = turns[frame] / turns[frame - 1]
        shift = shifts[frame] - step * shifts[frame - 1]
        assert -shift.real == pytest.approx(track.right[frame] - track.right[frame - 1], abs=1e-9)
        assert np.log(abs(step)) == pytest.approx(track.nearer[frame] - track.nearer[frame - 1], abs=1e-9)


def test_the_same_seed_films_the_same() -> None:
    def filmed() -> list[np.ndarray]:
        rng = np.random.default_rng(4)
        track = drawn_track(rng, Movement.PUSH, 0.7, RATE)
        return list(
            pictures_of(filming(rng, track, RATE, frozenset({"grain", "figure", "lettering", "bars"})))
        )

    first, second = filmed(), filmed()
    assert np.array_equal(np.stack(first), np.stack(second))
    assert first[0].shape == (90, 160)
    assert not first[0][:4].any() or not first[0][:, :4].any()  # bars


@pytest.mark.parametrize("seed", range(20))
def test_a_hand_that_sways_goes_to_and_fro_and_not_away(seed: int) -> None:
    track = drawn_track(np.random.default_rng(seed), Movement.HANDHELD, 4.0, RATE)
    for path in (track.right, track.down):
        assert abs(path[-1] - path[0]) < 2.5 * np.ptp(path - np.linspace(path[0], path[-1], len(path)))
        assert path.std() < 0.04


def film_of(movement: Movement, hardness: str, seed: int = 5) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    track = drawn_track(rng, movement, 0.7, RATE)
    return list(pictures_of(filming(rng, track, RATE, frozenset({hardness}))))


def test_a_gate_puts_off_each_picture_by_itself() -> None:
    first, *others = film_of(Movement.STATIC, "gate weave")
    apart = [float(np.abs(first.astype(int) - each).mean()) for each in others]
    assert min(apart) > 0
    assert max(apart) < 12  # and no further with time
    assert np.mean(apart[-5:]) < 3 * np.mean(apart[:5])


def test_a_dark_picture_is_black_by_half_and_lit_in_the_rest() -> None:
    for picture in film_of(Movement.PAN_LEFT, "dark"):
        assert np.mean(picture <= 8) > 0.3
        assert picture.max() > 8


def test_a_train_runs_over_the_whole_width_under_a_camera_that_stands() -> None:
    pictures = np.stack(film_of(Movement.STATIC, "train")).astype(np.float64)
    by_row = pictures.std(axis=0).mean(axis=1)
    runs = by_row > 0.5 * by_row.max()
    assert 0.1 < np.mean(runs) < 0.75
    assert by_row[0] < 0.3 * by_row.max()


@pytest.mark.parametrize("movement", [Movement.STATIC, Movement.TILT_UP, Movement.PULL, Movement.PAN_LEFT])
def test_an_easy_shot_is_named_right(movement: Movement) -> None:
    rng = np.random.default_rng(11)
    track = drawn_track(rng, movement, 1.5, RATE)
    shot = KnownShot(movement, 1.5, filming(rng, track, RATE, frozenset({"seam"})))
    said, cost_s = judged(shot)
    assert said.said is movement
    assert cost_s < 0.05


def test_the_report_says_coverage_and_what_was_mistaken() -> None:
    said = [
        Said(Movement.PUSH, Movement.PUSH, 0.9, frozenset({"grain"})),
        Said(Movement.PULL, None, 0.3, frozenset({"grain"})),
    ]
    text = report(said)
    assert "coverage 0.500" in text
    assert "right 0.500 of all, 1.000 of those said" in text
    assert "grain" in text
