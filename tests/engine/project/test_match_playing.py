"""What plays of a cut and what it can be slid into, by the times of the frames; nothing of a gradual seam."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from audition_times import even_times, uneven_times

from seamline.media.timebase import FrameIndex
from seamline.project.match_cuts import MatchKind, MatchPair, MatchSide
from seamline.project.match_playing import handle, playable, playable_pair, played
from seamline.project.types import Project, Seam, SeamKind

NTSC = Fraction(24000, 1001)


def side(frame: int, start: int = 0, end: int = 200) -> MatchSide:
    return MatchSide("film", start, end, frame)


@pytest.mark.parametrize(("rate", "count"), [(Fraction(25), 25), (NTSC, 24), (Fraction(60000, 1001), 60)])
def test_a_second_of_whole_frames_plays_and_a_second_is_left_to_slide_into(
    rate: Fraction, count: int
) -> None:
    index = even_times(rate)
    out = played(side(100), index, is_outgoing=True)
    assert out.frames == range(101 - count, 101)
    assert (out.start_s, out.end_s) == ((101 - count) / rate, 101 / rate)
    assert handle(side(100), index, is_outgoing=True) == range(101, 101 + count)
    into = played(side(100), index, is_outgoing=False)
    assert into.frames == range(100, 100 + count)
    assert (into.start_s, into.end_s) == (100 / rate, (100 + count) / rate)
    assert handle(side(100), index, is_outgoing=False) == range(100 - count, 100)


def test_nothing_lies_beyond_the_shots_ends() -> None:
    index = even_times(Fraction(25), 200)
    assert played(side(9, 5, 200), index, is_outgoing=True).frames == range(5, 10)
    assert played(side(195), index, is_outgoing=False).frames == range(195, 200)
    assert played(side(195), index, is_outgoing=False).end_s == 8
    assert handle(side(199), index, is_outgoing=True) == range(200, 200)
    assert handle(side(0), index, is_outgoing=False) == range(0)
    assert list(handle(side(3, 2, 9), index, is_outgoing=False)) == [2]


@pytest.mark.parametrize("lasting_ms", [3000, 1001])
def test_of_one_long_frame_the_second_at_the_cut_plays(lasting_ms: int) -> None:
    index = uneven_times([lasting_ms] * 4)
    at_s = Fraction(2 * lasting_ms, 1000)
    out = played(side(1, 0, 4), index, is_outgoing=True)
    assert (out.frames, out.start_s, out.end_s) == (range(1, 2), at_s - 1, at_s)
    into = played(side(2, 0, 4), index, is_outgoing=False)
    assert (into.frames, into.start_s, into.end_s) == (range(2, 3), at_s, at_s + 1)
    assert handle(side(1, 0, 4), index, is_outgoing=True) == range(2, 3)
    assert handle(side(2, 0, 4), index, is_outgoing=False) == range(1, 2)


def test_no_more_frames_play_than_a_second_has_where_they_are_densest() -> None:
    index = uneven_times([100] * 20 + [7] * 400 + [50] * 30)
    assert index.most_in_a_second(0, len(index)) == 143
    assert index.most_in_a_second(20, 30) == 10
    assert index.most_in_a_second(0, 20) == 10  # what is dense behind them is no matter
    assert index.most_in_a_second(420, 450) == 20
    assert even_times(Fraction(25)).most_in_a_second(0, 2700) == 25
    assert even_times(NTSC).most_in_a_second(5, 200) == 24
    for frame in range(len(index)):
        of = side(frame, 0, len(index))
        for is_outgoing in (True, False):
            assert len(played(of, index, is_outgoing=is_outgoing).frames) <= 144
            assert len(handle(of, index, is_outgoing=is_outgoing)) <= 144


def test_a_film_of_one_frame_plays() -> None:
    index: FrameIndex = uneven_times([40])
    assert played(side(0, 0, 1), index, is_outgoing=True).frames == range(1)
    assert played(side(0, 0, 1), index, is_outgoing=False).end_s == Fraction(40, 1000)


FADE = Seam(99, 140, SeamKind.FADE)
"""The shots meet at 120."""


@pytest.mark.parametrize("is_outgoing", [True, False])
@pytest.mark.parametrize(
    ("start", "end", "frame"),
    [
        (start, end, frame)
        for start, end in [(0, 120), (120, 400), (0, 400), (110, 300)]
        for frame in [90, 99, 100, 119, 120, 139, 140, 150]
        if start <= frame < end
    ],
)
def test_nothing_of_a_gradual_seam_plays_or_is_slid_into(
    project: Callable[..., Project], is_outgoing: bool, start: int, end: int, frame: int
) -> None:
    film = project(400, FADE)
    of = playable(side(frame, start, end), film)
    stretch = played(of, film.film.index, is_outgoing=is_outgoing)
    beyond = handle(of, film.film.index, is_outgoing=is_outgoing)
    blended = range(FADE.out_frame + 1, FADE.in_frame)
    assert not {*stretch.frames, *beyond} & {*blended}
    assert of.frame in stretch.frames
    for by in (-500, 500):
        assert of.slid(by).frame not in blended
    if frame not in blended:
        assert of.frame == frame


def test_a_cut_that_now_lies_in_a_fade_comes_to_the_nearest_frame_of_its_shot(
    project: Callable[..., Project],
) -> None:
    film = project(400, FADE)
    assert playable(side(115, 0, 120), film) == side(99, 0, 100)
    assert playable(side(125, 120, 400), film) == side(140, 140, 400)
    # as its shots were before the fade was found
    assert playable(side(105, 0, 400), film) == side(99, 0, 100)
    assert playable(side(130, 0, 400), film) == side(140, 140, 400)


def test_a_side_without_a_frame_of_its_own_stays_as_it_is(project: Callable[..., Project]) -> None:
    film = project(400, Seam(40, 80, SeamKind.FADE), Seam(79, 121, SeamKind.FADE))
    assert playable(side(70, 61, 100), film) == side(70, 61, 100)


def test_hard_cuts_bound_nothing(project: Callable[..., Project]) -> None:
    assert playable(side(90), project(400, Seam(99, 100))) == side(90)


def test_of_a_pair_the_sides_of_known_films_are_bounded(project: Callable[..., Project]) -> None:
    film = project(400, FADE)
    other = MatchSide("other", 0, 120, 115)
    pair = MatchPair(side(115, 0, 120), other, MatchKind.FRAME, 0.5, 0.5, 0.5, 0.5)
    bounded = playable_pair(pair, {"film": film}.get)
    assert bounded.frames == (99, 115)
    assert bounded.outgoing.range == (0, 100)
    assert bounded.incoming == other
