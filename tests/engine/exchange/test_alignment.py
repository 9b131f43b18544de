"""Where a film lies in a cut list: lists made from a film's seams, laid elsewhere, cut short, counted otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from shifted_lists import counts, film_of, list_of, random_cuts, shifted

from seamline.errors import ExchangeError
from seamline.exchange.alignment import Basis
from seamline.exchange.compare import Comparison, NoOffsetError, Outcome, compare
from seamline.exchange.compare_report import as_text
from seamline.exchange.cut_list import CutList, ListEvent
from seamline.exchange.list_cuts import Column
from seamline.media.timecode import TimecodeRate
from seamline.project.types import Project

MakeProject = Callable[..., Project]
HOUR = 90_000  # 01:00:00:00 at 25
NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize("offset", [0, HOUR, 86_413, 1_000_003])
def test_a_shifted_list_is_found_wherever_it_lies(make_project: MakeProject, offset: int) -> None:
    cuts = random_cuts(60, 8000)
    project = film_of(make_project, cuts, 8000, start=None)
    comparison = compare(list_of(shifted(cuts, offset), offset, offset + 8000), project)
    assert comparison.alignment.offset_frames == offset
    assert comparison.alignment.basis is Basis.VOTED
    assert comparison.alignment.is_certain
    assert comparison.alignment.score.share == 1
    assert comparison.alignment.margin > 0.5
    assert counts(comparison) == {"exact": 60}
    assert not comparison.differences()


def test_a_film_with_a_leader_begins_before_the_list(make_project: MakeProject) -> None:
    cuts = random_cuts(60, 8000)
    leader = [25, 50, 75, 200]
    project = film_of(make_project, leader + shifted(cuts, 200), 8200)
    comparison = compare(list_of(cuts, 0, 8000), project)
    assert comparison.alignment.offset_frames == -200
    # the list begins where the leader ends, which is a seam of the film
    assert counts(comparison) == {"exact": 61, "beyond list": 3}
    assert len(comparison.differences()) == 3
    assert not comparison.differences(is_part=True)
    assert "200 frames before 00:00:00:00 of the list" in as_text(comparison, project)


def test_a_list_of_a_part_of_the_film(make_project: MakeProject) -> None:
    cuts = random_cuts(200, 20_000)
    part = cuts[80:100]
    project = film_of(make_project, cuts, 20_000)
    listed = list_of(shifted(part[1:-1], 333), part[0] + 333, part[-1] + 333)
    comparison = compare(listed, project)
    assert comparison.alignment.offset_frames == 333
    assert counts(comparison) == {"exact": 20, "beyond list": 180}


def test_a_list_that_is_longer_than_the_film(make_project: MakeProject) -> None:
    cuts = random_cuts(200, 20_000)
    inner = [frame - 5000 for frame in cuts if 5000 < frame < 9000]
    project = film_of(make_project, inner, 4000)
    comparison = compare(list_of(shifted(cuts, HOUR), HOUR, HOUR + 20_000), project)
    assert comparison.alignment.offset_frames == HOUR + 5000
    assert comparison.count(Outcome.EXACT) == len(inner)
    assert comparison.count(Outcome.EXACT) + comparison.count(Outcome.BEYOND_FILM) == 200
    assert not comparison.differences(is_part=True)


def test_drop_frame_at_the_hour(make_project: MakeProject) -> None:
    cuts = random_cuts(200, 40_000)
    project = film_of(make_project, cuts, 40_000, rate=NTSC, drop=True, start="00:50:00;00")
    counting = TimecodeRate.of(NTSC, drop_frame=True)
    start = counting.parse("01:00:00;00")
    listed = list_of(shifted(cuts, start), start, start + 40_000)
    comparison = compare(replace(listed, rate=NTSC, drop_frame=True), project)
    assert comparison.alignment.offset_frames == start == 107_892
    assert counts(comparison) == {"exact": 200}
    text = as_text(comparison, project)
    assert "The film's first frame, 00:50:00;00, lies at 01:00:00;00 of the list" in text
    # the same list counted without dropping: it drifts by two frames a minute
    labels = [counting.format(frame).replace(";", ":") for frame in shifted(cuts, start)]
    plain = [TimecodeRate(30).parse(label) for label in labels]
    wrong = list_of(plain, plain[0] - 10, plain[-1] + 1000)
    with pytest.raises(NoOffsetError, match="drop frame"):
        compare(replace(wrong, rate=NTSC, drop_frame=False), project)


def test_a_list_counted_at_a_rate_that_is_not_its_own_fits_nowhere(make_project: MakeProject) -> None:
    cuts = random_cuts(300, 60_000)
    project = film_of(make_project, cuts, 60_000)
    listed = [round(cut * 24 / 25) for cut in cuts]
    with pytest.raises(NoOffsetError, match="frame rate"):
        compare(list_of(listed, 0, 57_600), project)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("count", "frames"), [(10, 2000), (100, 10_000), (400, 8000)])
def test_a_list_of_another_film_fits_nowhere(
    make_project: MakeProject, count: int, frames: int, seed: int
) -> None:
    project = film_of(make_project, random_cuts(count, frames, seed), frames)
    with pytest.raises(NoOffsetError, match="No offset fits"):
        compare(list_of(random_cuts(count, frames, seed + 1000), 0, frames), project)


def test_a_list_of_one_event_agrees_with_a_film_of_one_shot(make_project: MakeProject) -> None:
    comparison = compare(list_of([], HOUR, HOUR + 100), make_project(frames=100))
    assert comparison.alignment.basis is Basis.ASSUMED
    assert comparison.alignment.is_certain
    assert not comparison.findings


def test_a_short_list_of_a_short_film_is_laid_on_it_where_most_cuts_agree(make_project: MakeProject) -> None:
    project = film_of(make_project, [20, 35, 52, 70], 80)
    comparison = compare(list_of([520, 535, 552, 570], 500, 580), project)
    assert comparison.alignment.offset_frames == 500
    assert comparison.alignment.is_certain
    assert counts(comparison) == {"exact": 4}
    # one in four agrees: that list is another's
    with pytest.raises(NoOffsetError):
        compare(list_of([520, 528, 545, 561], 500, 580), project)


def test_one_cut_is_laid_where_lists_usually_lie(make_project: MakeProject) -> None:
    project = film_of(make_project, [40], 100, start="01:00:00:00")
    comparison = compare(list_of([HOUR + 40], HOUR, HOUR + 100), project)
    assert (comparison.alignment.offset_frames, comparison.alignment.basis) == (HOUR, Basis.ASSUMED)
    assert counts(comparison) == {"exact": 1}
    assert "too few cuts" in as_text(comparison, project)
    # the same start and length: the cut is moved, and not the list
    comparison = compare(list_of([43], 0, 100), project)
    assert comparison.alignment.offset_frames == 0
    assert [f.shift_frames for f in comparison.findings] == [3]
    # nothing speaks for any offset
    with pytest.raises(NoOffsetError):
        compare(list_of([7043], 7000, 7081), project)


def test_periodic_cuts_of_a_part_are_ambiguous(make_project: MakeProject) -> None:
    project = film_of(make_project, range(50, 5000, 50), 5000, start=None)
    comparison = compare(list_of(range(9050, 10_000, 50), 9000, 10_000), project)
    alignment = comparison.alignment
    assert alignment.is_ambiguous
    assert not alignment.is_certain
    assert alignment.rivals[0].points == alignment.score.points
    assert "The offset is ambiguous" in as_text(comparison, project)


@pytest.mark.parametrize("count", [5, 20, 100])
def test_periodic_cuts_are_ambiguous_unless_the_timecode_is_the_films(
    make_project: MakeProject, count: int
) -> None:
    frames = (count + 1) * 50
    project = film_of(make_project, range(50, frames, 50), frames)
    odd = compare(list_of(range(10_057, 10_000 + frames, 50), 10_000, 10_000 + frames - 3), project)
    assert odd.alignment.is_ambiguous
    assert not odd.alignment.is_certain
    usual = compare(list_of(range(HOUR + 50, HOUR + frames, 50), HOUR, HOUR + frames), project)
    assert usual.alignment.offset_frames == HOUR
    assert usual.alignment.is_ambiguous
    assert usual.alignment.is_certain
    assert counts(usual) == {"exact": count}


def test_an_offset_by_hand_is_taken_as_it_is(make_project: MakeProject) -> None:
    project = film_of(make_project, range(50, 5000, 50), 5000)
    comparison = compare(list_of(range(9050, 10_000, 50), 9000, 10_000), project, offset_frames=8001)
    assert comparison.alignment.basis is Basis.GIVEN
    assert comparison.alignment.is_certain
    assert {f.shift_frames for f in comparison.findings if f.outcome is Outcome.MOVED} == {-1}


def test_a_list_of_pieces_is_read_by_its_source(make_project: MakeProject) -> None:
    cuts = random_cuts(60, 8000)
    project = film_of(make_project, cuts, 8000)
    # a timeline of every third shot, one after the other: only its source column knows the film
    events, at = [], HOUR
    for first, last in list(pairwise(cuts))[::3]:
        events.append(ListEvent(HOUR + first, HOUR + last, at, at + last - first, "FILM"))
        at += last - first
    comparison = compare(CutList("", "test list", None, None, tuple(events)), project)
    assert (comparison.alignment.column, comparison.alignment.offset_frames) == (Column.SOURCE, HOUR)
    assert comparison.count(Outcome.EXACT) == 2 * len(events)
    assert comparison.count(Outcome.EXACT) + comparison.count(Outcome.BEYOND_LIST) == 60


def timed(listed: CutList, project: Project) -> tuple[float, Comparison]:
    took = []
    for _ in range(3):
        start = time.perf_counter()
        comparison = compare(listed, project)
        took.append(time.perf_counter() - start)
    return min(took), comparison


@pytest.mark.timed
def test_thousands_of_cuts_take_no_time(make_project: MakeProject) -> None:
    rng = np.random.default_rng(3)
    cuts = random_cuts(5000, 120_000)
    project = film_of(make_project, cuts, 120_000)
    listed = sorted(
        {cut + HOUR + int(rng.integers(-2, 3)) for cut in cuts[::2]} | set(shifted(cuts[1::2], HOUR))
    )
    seconds, comparison = timed(list_of(listed, HOUR, HOUR + 400_000), project)
    assert comparison.alignment.offset_frames == HOUR
    assert comparison.count(Outcome.EXACT) + comparison.count(Outcome.MOVED) == 5000
    assert seconds < 5  # about 0.5 s; a machine that is busy takes longer


@pytest.mark.timed
def test_more_cuts_than_any_film_has_are_bounded(make_project: MakeProject) -> None:
    cuts = random_cuts(5000, 120_000)
    project = film_of(make_project, cuts, 120_000)
    many = sorted(set(range(10, 120_000, 5)) | set(cuts))
    start = time.perf_counter()
    with pytest.raises(NoOffsetError):  # where everything is a cut, nothing tells one offset from another
        compare(list_of(shifted(many, 31), 31, 120_031), project)
    assert time.perf_counter() - start < 10
    far = CutList("", "test list", None, None, (ListEvent(0, 1, 0, 1), ListEvent(0, 1, 2**40, 2**40 + 1)))
    with pytest.raises(ExchangeError, match="three days"):
        compare(far, project)
