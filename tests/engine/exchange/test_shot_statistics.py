"""The numbers of a film's shots, against values reckoned by hand."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from seamline.errors import ExchangeError
from seamline.exchange.shot_frames import shot_frames
from seamline.exchange.shot_statistics import (
    Histogram,
    cutting_rate,
    length_histogram,
    moving_average_s,
    shot_lengths_s,
    shot_statistics,
    usual_average_shots,
    usual_window_s,
)
from seamline.project.types import Project, Seam, SeamKind

MakeProject = Callable[..., Project]
MakeCut = Callable[..., Seam]


def exactly(*values: float) -> tuple[Fraction, ...]:
    """The decimals as they are written, not as floats hold them."""
    return tuple(Fraction(str(value)) for value in values)


def test_four_shots_of_2_4_4_and_6_exactly(make_project: MakeProject, cut: MakeCut) -> None:
    """16 s: mean 4, median 4, deviation the root of (4 + 0 + 0 + 4) / 4, and 3 cuts in 16 s are 11.25 a minute."""
    seams = [cut(50), Seam(145, 154, SeamKind.DISSOLVE), cut(250)]
    numbers = shot_statistics(make_project(seams, frames=400))
    assert numbers.lengths_s == exactly(2, 4, 4, 6)
    assert (numbers.mean_s, numbers.median_s) == (4, 4)
    assert numbers.deviation_s == pytest.approx(2**0.5, abs=1e-12)
    assert (numbers.shortest.number, numbers.shortest_s) == (1, 2)
    assert (numbers.longest.number, numbers.longest_s) == (4, 6)
    assert numbers.cuts_per_minute == Fraction(45, 4)
    assert numbers.seams == {SeamKind.CUT: 2, SeamKind.DISSOLVE: 1, SeamKind.FADE: 0, SeamKind.WIPE: 0}
    assert (numbers.shot_count, numbers.seam_count) == (4, 3)


def test_the_median_of_an_even_number_of_shots_lies_between_two(
    make_project: MakeProject, cut: MakeCut
) -> None:
    numbers = shot_statistics(make_project([cut(25), cut(75), cut(175)], frames=375))
    assert numbers.lengths_s == exactly(1, 2, 4, 8)
    assert numbers.median_s == 3
    assert numbers.mean_s == Fraction(15, 4)


def test_a_film_of_one_shot(make_project: MakeProject) -> None:
    project = make_project(frames=100)
    numbers = shot_statistics(project)
    assert numbers.lengths_s == exactly(4)
    assert (numbers.mean_s, numbers.median_s, numbers.deviation_s) == (4, 4, 0)
    assert numbers.shortest is numbers.longest
    assert (numbers.cuts_per_minute, numbers.seam_count) == (0, 0)
    assert set(cutting_rate(project).cuts_per_minute) == {0}


def test_lengths_are_exact_at_ntsc_rates(make_project: MakeProject, cut: MakeCut) -> None:
    project = make_project([cut(30)], rate=Fraction(30000, 1001), frames=90)
    assert shot_lengths_s(project) == (Fraction(1001, 1000), Fraction(2002, 1000))


def test_at_a_variable_rate_lengths_follow_the_frames_own_times(
    make_project: MakeProject, cut: MakeCut
) -> None:
    times_ms = [0, 40, 80, 1080, 1120, 1500]
    lengths = shot_lengths_s(make_project([cut(3)], times_ms=times_ms))
    assert lengths == (Fraction(1080, 1000), Fraction(420, 1000))
    assert sum(lengths) == Fraction(3, 2)


def test_a_moving_average_takes_in_fewer_shots_at_the_ends() -> None:
    assert moving_average_s(exactly(1, 2, 6, 7), 3) == exactly(1.5, 3, 5, 6.5)
    assert moving_average_s(exactly(1, 2, 6, 7), 1) == exactly(1, 2, 6, 7)
    assert moving_average_s(exactly(1, 2, 6, 7), 99) == exactly(4, 4, 4, 4)


@pytest.mark.parametrize("shots", [0, -1, 4])
def test_a_moving_average_has_a_middle(shots: int) -> None:
    with pytest.raises(ExchangeError, match="odd number of shots"):
        moving_average_s(exactly(1, 2), shots)


def test_the_usual_average_is_a_tenth_of_the_shots_and_odd() -> None:
    assert [usual_average_shots(count) for count in (1, 30, 125, 200, 5000)] == [3, 3, 13, 21, 41]


def test_the_cutting_rate_counts_cuts_in_a_window_around_each_moment(
    make_project: MakeProject, cut: MakeCut
) -> None:
    """40 s with cuts at 10, 11 and 20 s, in 10 s: at 0 s the window is [0, 5), at 10 s [5, 15), at 20 s [15, 25)."""
    project = make_project([cut(250), cut(275), cut(500)], frames=1000)
    rate = cutting_rate(project, window_s=Fraction(10), points=8)
    assert rate.times_s == tuple(Fraction(5 * at) for at in range(9))
    # 5 s: [0, 10) is up to the cut at 10 s and not with it; 15 s: [10, 20) has 10 and 11; 25 s: [20, 30) has 20
    assert rate.cuts_per_minute == exactly(0, 0, 12, 12, 6, 6, 0, 0, 0)


def test_at_the_ends_of_the_film_the_rate_is_for_what_there_is(
    make_project: MakeProject, cut: MakeCut
) -> None:
    """A cut at 2 s: the window of 10 s around 0 s has 5 s within the film, which makes 12 a minute and not 6."""
    rate = cutting_rate(make_project([cut(50)], frames=1000), window_s=Fraction(10), points=4)
    assert rate.cuts_per_minute[0] == 12


def test_a_cutting_rate_without_window_or_points_is_refused(make_project: MakeProject) -> None:
    with pytest.raises(ExchangeError, match="window above 0 s"):
        cutting_rate(make_project(), window_s=Fraction(0))
    with pytest.raises(ExchangeError, match="a point at least"):
        cutting_rate(make_project(), points=0)


def test_the_usual_window_suits_clips_and_features() -> None:
    durations_s = [5, 12, 30, 31, 150, 600, 3600, 7200, 20_000]
    windows = [usual_window_s(Fraction(duration)) for duration in durations_s]
    assert windows == [1, 2, 5, 10, 10, 60, 240, 300, 300]


def test_a_histogram_by_hand() -> None:
    """Up to 3.2 s, bins of 0.5 s: [0, 0.5) two, [0.5, 1) none, [1, 1.5) one that lies on its edge, and so on."""
    assert length_histogram(exactly(0.1, 0.49, 1, 1.6, 2.5, 3.2)) == Histogram(
        Fraction(1, 2), (2, 0, 1, 1, 0, 1, 1), 0
    )


def test_a_few_long_takes_stand_apart() -> None:
    lengths = exactly(*[1.5] * 60, *[2.5] * 39, 300)
    assert length_histogram(lengths) == Histogram(Fraction(1, 5), (*[0] * 7, 60, *[0] * 4, 39), 1)


@pytest.mark.parametrize("length", [0.001, 0.04, 1, 59.9, 7200, 10**6])
@pytest.mark.parametrize("shots", [1, 2, 19, 500])
def test_every_shot_is_in_the_histogram_once(length: float, shots: int) -> None:
    lengths = tuple(Fraction(str(length)) * (at % 7 + 1) for at in range(shots))
    histogram = length_histogram(lengths)
    assert sum(histogram.counts) + histogram.longer == shots
    assert histogram.longer <= shots / 20
    assert len(histogram.counts) <= 16


def test_the_frames_of_a_shot_keep_clear_of_gradual_seams(make_project: MakeProject, cut: MakeCut) -> None:
    seams = [Seam(19, 30, SeamKind.DISSOLVE), cut(60), Seam(80, 91, SeamKind.FADE)]
    frames = [(s.first, s.middle, s.last) for s in shot_frames(make_project(seams, frames=100))]
    assert frames == [(0, 9, 19), (30, 44, 59), (60, 70, 80), (91, 95, 99)]


def test_shots_of_one_frame_have_it_three_times(make_project: MakeProject, cut: MakeCut) -> None:
    frames = [(s.first, s.middle, s.last) for s in shot_frames(make_project([cut(1), cut(2)], frames=3))]
    assert frames == [(0, 0, 0), (1, 1, 1), (2, 2, 2)]


def test_a_shot_between_two_gradual_seams_that_touch_is_its_one_clear_frame(
    make_project: MakeProject,
) -> None:
    seams = [Seam(10, 20, SeamKind.DISSOLVE), Seam(20, 30, SeamKind.DISSOLVE)]
    frames = shot_frames(make_project(seams, frames=40))
    assert [(s.first, s.middle, s.last) for s in frames] == [(0, 5, 10), (20, 20, 20), (30, 34, 39)]
