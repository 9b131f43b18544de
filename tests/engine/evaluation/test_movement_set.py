"""Shots whose movement is known: they are what they say, and the scores count what they should."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from seamline.evaluation.movement_camera import ARM, LEAST_MOVE, MOST_DRIFT, drawn_track
from seamline.evaluation.movement_pictures import filming, pictures_of
from seamline.evaluation.movement_scores import Said, class_scores, macro_f1, report
from seamline.evaluation.movement_set import KnownShot, judged
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


@pytest.mark.parametrize("movement", [Movement.STATIC, Movement.TILT_UP, Movement.PULL, Movement.PAN_LEFT])
def test_an_easy_shot_is_named_right(movement: Movement) -> None:
    rng = np.random.default_rng(11)
    track = drawn_track(rng, movement, 1.5, RATE)
    shot = KnownShot(movement, 1.5, filming(rng, track, RATE, frozenset({"seam"})))
    said, cost_s = judged(shot)
    assert said.said is movement
    assert cost_s < 0.05


def test_scores_by_hand() -> None:
    pairs: list[tuple[str, str | None]] = [("a", "a"), ("a", None), ("b", "a"), ("b", "b")]
    a, b = class_scores(pairs)
    assert (a.precision, a.recall) == (0.5, 0.5)
    assert (b.precision, b.recall) == (1.0, 0.5)
    assert macro_f1([a, b]) == pytest.approx((0.5 + 2 / 3) / 2)


def test_the_report_says_coverage_and_what_was_mistaken() -> None:
    said = [
        Said(Movement.PUSH, Movement.PUSH, 0.9, frozenset({"grain"})),
        Said(Movement.PULL, None, 0.3, frozenset({"grain"})),
    ]
    text = report(said)
    assert "coverage 0.500" in text
    assert "right 0.500 of all, 1.000 of those said" in text
    assert "grain" in text
