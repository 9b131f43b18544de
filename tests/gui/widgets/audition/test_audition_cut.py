"""Where a cut may be slid to, and which frame plays when."""

from __future__ import annotations

from fractions import Fraction

import pytest
from audition_times import even_times, uneven_times

from seamline.project.match_cuts import MatchSide
from seamline_widgets.audition_cut import AuditionCut, Place
from seamline_widgets.audition_pictures import AuditionPictures, Side

TIMES = even_times(Fraction(25))


def _cut(
    out: tuple[int, int, int] = (100, 200, 180), into: tuple[int, int, int] = (500, 600, 510)
) -> AuditionCut:
    """Each side as start, end and frame at the cut."""
    return AuditionCut(MatchSide("one", *out), MatchSide("two", *into), (out[2], into[2]), (TIMES, TIMES))


def test_rolling_moves_both_sides_until_the_first_has_no_frame_left() -> None:
    cut = _cut()
    assert cut.rolled(-1).frames == (179, 509)
    assert cut.rolled(1).frames == (181, 511)
    assert cut.rolled(-50).frames == (170, 500)  # B begins with its first frame
    assert cut.rolled(50).frames == (199, 529)  # A ends with its last
    assert cut.rolled(50).rolled(1).frames == (199, 529)
    assert cut.rolled(-50).rolled(-1).frames == (170, 500)


@pytest.mark.parametrize("into", [(500, 600, 500), (500, 600, 510), (500, 600, 599)])
@pytest.mark.parametrize("out", [(100, 200, 100), (100, 200, 150), (100, 200, 199)])
def test_rolled_sides_never_drift_apart(out: tuple[int, int, int], into: tuple[int, int, int]) -> None:
    cut = _cut(out, into)
    for by in (*[1] * 120, *[-1] * 240, *[1] * 120):
        cut = cut.rolled(by)
        assert cut.trims[0] == cut.trims[1]


def test_what_stops_a_move_is_told() -> None:
    cut, both = _cut(), tuple(Side)
    assert cut.stopped_by(both, 19) == ()
    assert cut.stopped_by(both, 20) == (Side.OUT,)
    assert cut.stopped_by(both, -11) == (Side.IN,)
    assert cut.stopped_by((Side.IN,), 20) == ()
    hard = _cut((100, 200, 100), (500, 600, 500))
    assert hard.stopped_by(both, -1) == both


def test_trimming_moves_one_side_as_far_as_its_shot_goes() -> None:
    cut = _cut()
    assert cut.trimmed(Side.OUT, -3).trimmed(Side.IN, 2).frames == (177, 512)
    assert cut.trimmed(Side.OUT, 500).frames == (199, 510)
    assert cut.trimmed(Side.IN, -500).frames == (180, 500)


@pytest.mark.parametrize(
    ("out_by", "in_by", "text"),
    [(0, 0, "As proposed"), (-3, 2, "A −3  B +2 frames"), (0, -1, "A 0  B −1 frames")],
)
def test_trims_are_said_against_what_was_proposed(out_by: int, in_by: int, text: str) -> None:
    cut = _cut().trimmed(Side.OUT, out_by).trimmed(Side.IN, in_by)
    assert cut.trims == (out_by, in_by)
    assert cut.trims_texts[0] == text
    assert cut.put_back().frames == (180, 510)


def test_a_second_of_each_side_plays() -> None:
    loop = _cut().loop
    assert loop.parts == (range(156, 181), range(510, 535))
    assert (loop.cut_s, loop.length_s) == (1.0, 2.0)


def test_of_short_shots_all_plays() -> None:
    loop = _cut((100, 110, 104), (500, 504, 502)).loop
    assert loop.parts == (range(100, 105), range(502, 504))
    assert loop.length_s == pytest.approx(0.28)


def test_every_frame_is_on_for_its_time_round_and_round() -> None:
    loop = _cut().loop
    frames = [loop.place_at(at / 25 + 0.001) for at in range(50)]
    assert frames == [Place(Side.OUT, f) for f in range(156, 181)] + [
        Place(Side.IN, f) for f in range(510, 535)
    ]
    for at, place in enumerate(frames):
        assert loop.place_at((at + 1) / 25 - 0.001) == place
        assert loop.place_at(at / 25 + 6.0) == place
        assert loop.time_of(place) == pytest.approx(at / 25)


def test_each_side_plays_at_its_own_films_rate() -> None:
    times = even_times(Fraction(24000, 1001)), even_times(Fraction(50))
    cut = AuditionCut(MatchSide("a", 0, 100, 50), MatchSide("b", 0, 100, 10), (50, 10), times)
    loop = cut.loop
    assert loop.parts == (range(27, 51), range(10, 60))
    assert loop.cut_s == pytest.approx(1.001)
    assert loop.place_at(loop.cut_s - 0.0005) == Place(Side.OUT, 50)
    assert loop.place_at(loop.cut_s + 0.0205) == Place(Side.IN, 11)


def test_at_a_variable_rate_every_frame_is_on_as_long_as_its_film_shows_it() -> None:
    # A: slow, then quick; B: the other way round
    out, into = uneven_times([220] * 10 + [20] * 40), uneven_times([20] * 20 + [300] * 10)
    sides = MatchSide("a", 0, 50, 24), MatchSide("b", 0, 30, 10)
    loop = AuditionCut(*sides, (24, 10), (out, into)).loop
    assert loop.parts == (range(7, 25), range(10, 23))  # as near to a second as whole frames come
    assert (loop.cut_s, loop.length_s) == pytest.approx((0.96, 2.06))
    assert [at for span in loop.stretches_s for at in span] == pytest.approx([1.54, 2.5, 0.2, 1.3])
    times_ms = 0, 219, 220, 660, 680, 940, 960, 980, 1160, 1459, 1460, 2059, 2060
    shown = [loop.place_at(at / 1000) for at in times_ms]
    letters = [f"{place.side.letter}{place.frame}" for place in shown]
    assert letters == ["A7", "A7", "A8", "A10", "A11", "A24", "B10", "B11", "B20", "B20", "B21", "B22", "A7"]
    assert (loop.time_of(shown[2]), loop.end_of(shown[2])) == pytest.approx((0.22, 0.44))
    assert loop.end_of(Place(Side.IN, 22)) == loop.length_s


def test_of_a_frame_that_stays_for_long_the_second_at_the_cut_plays() -> None:
    index = uneven_times([5000, 5000, 5000])
    loop = AuditionCut(MatchSide("a", 0, 3, 1), MatchSide("b", 0, 3, 1), (1, 1), (index, index)).loop
    assert loop.parts == (range(1, 2), range(1, 2))
    assert loop.stretches_s == ((9.0, 10.0), (5.0, 6.0))
    assert (loop.cut_s, loop.length_s) == (1.0, 2.0)


def test_frames_that_do_not_play_are_nearest_to_one_that_does() -> None:
    loop = _cut().loop
    assert loop.time_of(Place(Side.OUT, 190)) == loop.cut_s  # past the cut: B begins
    assert loop.time_of(Place(Side.OUT, 3)) == 0
    assert loop.time_of(Place(Side.IN, 3)) == loop.cut_s
    assert loop.time_of(Place(Side.IN, 900)) == pytest.approx(loop.length_s - 1 / 25)


def test_steps_go_over_the_cut_and_round() -> None:
    loop = _cut((10, 12, 11), (20, 22, 20)).loop
    place, seen = Place(Side.OUT, 10), []
    for _ in range(4):
        seen.append((place.side.letter, place.frame))
        place = loop.stepped(place, 1)
    assert seen == [("A", 10), ("A", 11), ("B", 20), ("B", 21)]
    assert place == Place(Side.OUT, 10)
    assert loop.stepped(place, -1) == Place(Side.IN, 21)


def test_in_place_of_a_picture_that_is_not_there_stands_the_nearest_before_it(plain_image: object) -> None:
    first, last = (plain_image(colour) for colour in ("#ff0000", "#00ff00"))  # type: ignore[operator]
    pictures = AuditionPictures({10: first, 20: last})
    assert pictures.at(Side.OUT, 10) == (first, True)
    assert pictures.at(Side.OUT, 19) == (first, False)
    assert pictures.at(Side.OUT, 25) == (last, False)
    assert pictures.at(Side.OUT, 2) == (first, False)
    assert pictures.at(Side.IN, 10) == (None, False)
    assert bool(pictures)
    assert not AuditionPictures()
