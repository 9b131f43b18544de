"""Planted match cuts: what is true of a pair follows from what its shots were made to show, and films are drawn so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.evaluation.match_planted import (
    STILL,
    Going,
    Mass,
    Paint,
    PlantedShot,
    ShotEnd,
    Truth,
    truth_of,
)
from seamline.evaluation.match_planted_pictures import PlantedSource
from seamline.evaluation.match_planted_plan import PREVALENCE, PlantedFilm, planted_film
from seamline.evaluation.match_planted_units import BETWEEN, RATE, tail_shares, travelled

_SIZE = 160, 90
_DISC = Mass("disc", 0.3, 0.4, 0.25, 0.45)


def _shot(end: ShotEnd, setup: int = 1, head: ShotEnd | None = None, **more: object) -> PlantedShot:
    return PlantedShot("unit", setup, Paint(setup, setup), head or end, end, 40, **more)  # type: ignore[arg-type]


def _truth(out: ShotEnd, into: ShotEnd) -> Truth:
    return truth_of(_shot(out, 1), _shot(into, 2))


@pytest.mark.parametrize(
    ("other", "truth"),
    [
        (replace(_DISC, x=0.33, height=0.48), Truth.FRAME),
        (_DISC.mirrored, Truth.NONE),
        (replace(_DISC, x=0.6), Truth.NONE),
        (replace(_DISC, width=0.5, height=0.9), Truth.NONE),
        (replace(_DISC, x=0.4), Truth.UNCLEAR),
        (replace(_DISC, shape="wedge"), Truth.UNCLEAR),
        (replace(_DISC, height=0.6), Truth.UNCLEAR),
    ],
)
def test_a_frame_match_is_the_same_silhouette_at_the_same_place(other: Mass, truth: Truth) -> None:
    assert _truth(ShotEnd((_DISC,)), ShotEnd((other,))) is truth


@pytest.mark.parametrize(
    ("other", "truth"),
    [
        (Going(0.33, 0.03), Truth.MOTION),
        (Going(-0.3), Truth.NONE),
        (Going(0, 0.3), Truth.NONE),
        (Going(0.7), Truth.NONE),
        (Going(0, 0, 0.3), Truth.NONE),
        (Going(0.45), Truth.UNCLEAR),
        (Going(0.3).turned(25), Truth.UNCLEAR),
        (STILL, Truth.NONE),
    ],
)
@pytest.mark.parametrize("by_camera", [True, False])
def test_a_motion_match_goes_the_same_way_as_fast(other: Going, truth: Truth, by_camera: bool) -> None:
    def end(going: Going) -> ShotEnd:
        return ShotEnd((), going) if by_camera else ShotEnd((), STILL, going)

    assert _truth(end(Going(0.3)), end(other)) is truth


def test_a_camera_that_goes_right_looks_like_a_thing_that_goes_left() -> None:
    camera = ShotEnd((), Going(0.3))

    assert _truth(camera, ShotEnd((), STILL, Going(-0.3))) is Truth.UNCLEAR
    assert _truth(camera, ShotEnd((), STILL, Going(0.3))) is Truth.NONE


def test_still_shots_of_nothing_do_not_match_nor_do_two_takes() -> None:
    assert _truth(ShotEnd(), ShotEnd()) is Truth.NONE
    assert truth_of(_shot(ShotEnd((_DISC,))), _shot(ShotEnd((_DISC,)))) is Truth.NONE


def test_the_end_of_the_one_counts_and_the_beginning_of_the_other() -> None:
    here, there = ShotEnd((_DISC,)), ShotEnd((_DISC.mirrored,))
    leaving, staying = _shot(there, 1, head=here), _shot(here, 2)

    assert truth_of(leaving, staying) is Truth.NONE
    assert truth_of(staying, leaving) is Truth.FRAME


@pytest.fixture(scope="module")
def film() -> PlantedFilm:
    return planted_film(3)


def test_the_same_seed_draws_the_same_film(film: PlantedFilm) -> None:
    assert planted_film(3) == film
    assert planted_film(4).shots != film.shots


def test_a_tenth_of_the_pairs_match_half_of_them_by_each_kind(film: PlantedFilm) -> None:
    truths = Counter(pair.truth for pair in film.pairs)

    assert truths[Truth.FRAME] == truths[Truth.MOTION] == 24
    assert (truths[Truth.FRAME] + truths[Truth.MOTION]) / len(film.pairs) == pytest.approx(PREVALENCE)
    assert set(truths) == {Truth.FRAME, Truth.MOTION, Truth.NONE}
    assert all(truth_of(film.shots[p.outgoing], film.shots[p.incoming]) is p.truth for p in film.pairs)


def test_every_trap_is_in_the_list_and_is_none(film: PlantedFilm) -> None:
    why = Counter(pair.why for pair in film.pairs if not pair.is_match)

    assert why["opposite"] == why["other direction"] == why["other speed"] == 18
    assert why["elsewhere"] == why["same colours"] == 18
    assert why["duplicate"] == 24
    assert why["take"] == 12
    assert why["both still"] == 60
    assert why["mirrored"] > 0


def test_no_pair_of_the_whole_film_matches_that_was_not_meant_to(film: PlantedFilm) -> None:
    for out, into in product(film.shots, film.shots):
        is_match = truth_of(out, into).kind is not None
        is_meant = out.matches_at_tail and into.matches_at_head and out.unit == into.unit
        assert is_match == (is_meant and out.setup != into.setup)


def test_matching_shots_share_neither_paint_nor_place_in_the_film(film: PlantedFilm) -> None:
    matches = [(film.shots[p.outgoing], film.shots[p.incoming]) for p in film.pairs if p.is_match]
    assert all(out.paint.colours != into.paint.colours for out, into in matches)
    # those of a unit do not lie side by side
    places = [place for place, shot in enumerate(film.shots) if shot.unit == "frame 1"]
    assert max(places) - min(places) > 20
    assert sum(shot.note == BETWEEN for shot in film.shots) == 8


def test_shots_last_as_long_as_they_should(film: PlantedFilm) -> None:
    assert all(1.4 <= shot.frames / RATE <= 3.1 for shot in film.shots)
    assert film.ranges[0][0] == 0
    assert film.ranges[-1][1] == film.frame_count
    assert all(one[1] == other[0] for one, other in zip(film.ranges, film.ranges[1:], strict=False))


def test_both_ends_of_a_shot_keep_their_velocity() -> None:
    shares = tail_shares(50)

    assert not shares[:15].any()
    assert (shares[-15:] == 1).all()
    right, down = travelled(Going(0.4), Going(0.4), 51)
    assert right == pytest.approx(0.8)
    assert down == 0


def _grey(shot: PlantedShot, *frames: int) -> list[NDArray[np.uint8]]:
    pictures = PlantedSource(shot).frames(frames, _SIZE)
    return [np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8) for picture in pictures]


@pytest.mark.parametrize("setup", [11, 12, 13])
def test_a_mass_stands_where_it_was_put_and_stands_out(setup: int) -> None:
    mass = Mass("block", 0.7, 0.5, 0.3, 0.5)
    (picture,) = PlantedSource(_shot(ShotEnd((mass,)), setup)).frames([20], _SIZE)
    inside = picture[30:60, 94:130].reshape(-1, 3).mean(axis=0)
    outside = picture[:, :60].reshape(-1, 3).mean(axis=0)

    assert np.abs(inside - outside).max() > 30


def test_the_picture_goes_the_other_way_than_the_camera() -> None:
    one, other = _grey(_shot(ShotEnd((), Going(0.25)), 5), 10, 14)
    (right, down), _ = cv2.phaseCorrelate(
        one.astype(np.float32), other.astype(np.float32), cv2.createHanningWindow(_SIZE, cv2.CV_32F)
    )

    assert right == pytest.approx(-0.25 * _SIZE[0] * 4 / RATE, abs=1)
    assert abs(down) < 1


def test_a_thing_goes_its_way_before_a_ground_that_stands() -> None:
    mass = Mass("disc", 0.3, 0.5, 0.2, 0.35)
    late = replace(mass, x=0.3 + 0.3 * 39 / RATE)
    shot = PlantedShot(
        "unit", 7, Paint(7, 7), ShotEnd((mass,), STILL, Going(0.3)), ShotEnd((late,), STILL, Going(0.3)), 40
    )
    first, last = _grey(shot, 0, 39)
    changed = np.abs(first.astype(int) - last).astype(float)

    across = np.flatnonzero(changed.mean(axis=0) > changed.mean())
    assert across.min() == pytest.approx((0.3 - 0.1) * _SIZE[0], abs=4)
    assert across.max() == pytest.approx((late.x + 0.1) * _SIZE[0], abs=4)


def test_a_copy_is_nearly_the_same_and_another_world_is_not() -> None:
    shot = _shot(ShotEnd((_DISC,)), 21)
    (one,), (again,) = _grey(shot, 10), _grey(replace(shot, take=1), 10)
    (other,) = _grey(_shot(ShotEnd((_DISC,)), 22), 10)

    assert np.abs(one.astype(int) - again).mean() < 8
    assert np.abs(one.astype(int) - other).mean() > 20


def test_the_same_colours_are_of_another_world() -> None:
    shot = _shot(ShotEnd((_DISC,)), 21)
    alike = replace(shot, setup=30, paint=Paint(21, 30))
    one, other = (PlantedSource(each).frames([5], _SIZE)[0] for each in (shot, alike))

    assert not np.array_equal(one, other)
    assert np.abs(one.mean(axis=(0, 1)) - other.mean(axis=(0, 1))).max() < 25
