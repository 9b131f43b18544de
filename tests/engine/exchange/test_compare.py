"""Cut lists held against films: every list here is made from a film's seams, changed in a known way."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from shifted_lists import counts, film_of, list_of, random_cuts, shifted

from seamline.errors import ExchangeError
from seamline.exchange.compare import Outcome, compare, seams_of_list
from seamline.exchange.compare_report import COLUMNS, as_table, as_text
from seamline.exchange.csv_list import write_csv, write_tsv
from seamline.exchange.csv_reader import read_csv_list
from seamline.exchange.cut_list import CutList, ListEvent, ListTransition
from seamline.exchange.edl import write_edl
from seamline.exchange.film_cuts import FilmCuts
from seamline.exchange.import_seams import plan_import
from seamline.exchange.list_cuts import list_cuts
from seamline.exchange.lists import read_list
from seamline.exchange.matching import matched
from seamline.exchange.otio import write_otio
from seamline.project.edits import AddSeam
from seamline.project.types import Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]
HOUR = 90_000  # 01:00:00:00 at 25
NTSC = Fraction(30000, 1001)


def test_jitter_moves_cuts_and_not_the_offset(make_project: MakeProject) -> None:
    rng = np.random.default_rng(7)
    cuts = random_cuts(150, 20_000)
    moves = rng.choice([-2, -1, 0, 1, 2], len(cuts)).tolist()
    listed = [cut + HOUR + move for cut, move in zip(cuts, moves, strict=True)]
    project = film_of(make_project, cuts, 20_000)
    comparison = compare(list_of(listed, HOUR, HOUR + 20_000), project)
    assert comparison.alignment.offset_frames == HOUR
    assert [finding.shift_frames for finding in comparison.findings] == moves
    assert counts(comparison) == {"exact": moves.count(0), "moved": 150 - moves.count(0)}
    assert len(comparison.differences(tolerance_frames=1)) == sum(abs(move) == 2 for move in moves)
    assert not comparison.differences(tolerance_frames=2)


def test_removed_and_added_cuts_are_named(make_project: MakeProject) -> None:
    cuts = random_cuts(100, 20_000)
    removed = cuts[10::10]
    added = [cut + 60 for cut in cuts[5::20] if cut + 60 < 20_000]
    added = [frame for frame in added if min(abs(frame - cut) for cut in cuts) > 12]
    assert added
    listed = sorted((set(cuts) - set(removed)) | set(added))
    project = film_of(make_project, cuts, 20_000)
    comparison = compare(list_of(shifted(listed, 77), 77, 20_077), project)
    missing = [f.seam for f in comparison.findings if f.outcome is Outcome.MISSING]
    assert [seam.in_frame for seam in missing if seam is not None] == removed
    assert [f.film_frame for f in comparison.findings if f.outcome is Outcome.EXTRA] == added
    assert comparison.count(Outcome.EXACT) == 100 - len(removed)
    frames = [finding.film_frame for finding in comparison.findings if finding.film_frame is not None]
    assert frames == sorted(frames)


def test_an_extra_cut_tells_of_a_candidate_near_it(make_project: MakeProject) -> None:
    cuts = random_cuts(40, 8000)
    extra = (
        max(b - a for a, b in pairwise(cuts)) // 2
        + max(pairwise(cuts), key=lambda pair: pair[1] - pair[0])[0]
    )
    project = film_of(make_project, cuts, 8000)
    candidates = [Seam(extra - 1, extra, confidence=0.42), Seam(extra + 6, extra + 7, confidence=0.3)]
    listed = list_of(sorted([*cuts, extra]), 0, 8000)
    comparison = compare(listed, project, candidates=candidates)
    (finding,) = comparison.differences()
    assert finding.nearby == candidates[0]
    assert "the film may have a cut near it" in as_text(comparison, project)
    (without,) = compare(listed, project).differences()
    assert without.nearby is None


def test_pairs_are_as_near_as_can_be_and_in_order(make_project: MakeProject) -> None:
    cuts = random_cuts(40, 8000)
    project = film_of(make_project, [*cuts, 8100, 8110], 8400)
    comparison = compare(list_of([*cuts, 8090, 8100], 0, 8400), project, most_moved_frames=12)
    # 8100 meets 8100, although 8090 and 8100 could each have moved by ten
    assert counts(comparison) == {"exact": 41, "missing in list": 1, "extra in list": 1}


def test_a_cut_further_away_than_the_limit_is_another(make_project: MakeProject) -> None:
    cuts = random_cuts(40, 8000)
    project = film_of(make_project, [*cuts, 8100], 8400)
    listed = list_of([*cuts, 8109], 0, 8400)
    assert counts(compare(listed, project, most_moved_frames=9)) == {"exact": 40, "moved": 1}
    assert counts(compare(listed, project, most_moved_frames=8)) == {
        "exact": 40,
        "missing in list": 1,
        "extra in list": 1,
    }
    with pytest.raises(ExchangeError, match="0 to 250 frames, not by 251"):
        compare(listed, project, most_moved_frames=251)


def with_transition(cut_list: CutList, event: int, kind: ListTransition, frames: int) -> CutList:
    events = list(cut_list.events)
    events[event] = replace(events[event], transition=kind, transition_frames=frames)
    return replace(cut_list, events=tuple(events))


def test_transitions_meet_gradual_seams_over_their_frames(make_project: MakeProject) -> None:
    cuts = random_cuts(40, 8000)
    dissolve = Seam(8099, 8124, SeamKind.DISSOLVE)
    project = make_project([*(Seam(cut - 1, cut) for cut in cuts), dissolve], frames=8400)
    exact = with_transition(list_of([*cuts, 8100], 0, 8400), 41, ListTransition.DISSOLVE, 24)
    assert counts(compare(exact, project)) == {"exact": 41}
    longer = with_transition(list_of([*cuts, 8099], 0, 8400), 41, ListTransition.DISSOLVE, 30)
    comparison = compare(longer, project)
    assert [f.shift_frames for f in comparison.findings if f.outcome is Outcome.MOVED] == [5]
    wipe = with_transition(list_of([*cuts, 8100], 0, 8400), 41, ListTransition.WIPE, 24)
    assert counts(compare(wipe, project)) == {"exact": 40, "kind differs": 1}


def test_a_cut_in_a_dissolve_is_of_another_kind(make_project: MakeProject) -> None:
    cuts = random_cuts(40, 8000)
    dissolve = Seam(8099, 8124, SeamKind.DISSOLVE)
    project = make_project([*(Seam(cut - 1, cut) for cut in cuts), dissolve], frames=8400)
    for place in (8100, dissolve.cut_frame, 8124):
        comparison = compare(list_of([*cuts, place], 0, 8400), project)
        assert counts(comparison) == {"exact": 40, "kind differs": 1}
        assert not comparison.differences(ignore_kinds=True)
        assert "kind differs: cut in list, dissolve in film" in as_text(comparison, project)
    assert len(compare(list_of([*cuts, 8130], 0, 8400), project).differences(ignore_kinds=True)) == 2


@pytest.mark.parametrize(("theirs", "ours"), [(24, Fraction(24000, 1001)), (NTSC, 30), (24000 / 1001, 24)])
def test_the_same_counting_at_another_speed_is_the_same_frames(
    make_project: MakeProject, theirs: Fraction | float, ours: Fraction | float
) -> None:
    cuts = random_cuts(40, 8000)
    project = film_of(make_project, cuts, 8000, rate=Fraction(ours))
    comparison = compare(replace(list_of(cuts, 0, 8000), rate=Fraction(theirs)), project)
    assert counts(comparison) == {"exact": 40}
    (remark,) = comparison.remarks
    assert remark.endswith("so their frames are taken one for one.")


@pytest.mark.parametrize("theirs", [24, 30, 50, NTSC])
def test_another_counting_is_refused(make_project: MakeProject, theirs: Fraction | int) -> None:
    cuts = random_cuts(40, 8000)
    project = film_of(make_project, cuts, 8000)
    with pytest.raises(ExchangeError, match=r"the film at 25, .* export the list at the film's rate\."):
        compare(replace(list_of(cuts, 0, 8000), rate=Fraction(theirs)), project)
    with pytest.raises(ExchangeError, match="at the film's rate"):
        seams_of_list(replace(list_of(cuts, 0, 8000), rate=Fraction(theirs)), project, 0)


def test_a_list_without_events_is_refused(make_project: MakeProject) -> None:
    empty = CutList("Nothing", "test list", None, None, ())
    with pytest.raises(ExchangeError, match="“Nothing” has no picture events"):
        compare(empty, make_project(frames=100))
    with pytest.raises(ExchangeError, match="no picture events"):
        seams_of_list(empty, make_project(frames=100), 0)


def test_through_edits_are_no_difference(make_project: MakeProject) -> None:
    cuts = random_cuts(40, 8000)
    project = film_of(make_project, cuts, 8400)
    listed = list_of([*cuts, 8200], 0, 8400)
    *events, before, after = listed.events
    goes_on = replace(
        after, source=before.source, source_start=before.source_end, source_end=before.source_end + 200
    )
    comparison = compare(replace(listed, events=(*events, before, goes_on)), project)
    assert counts(comparison) == {"exact": 40, "through edit": 1}
    assert not comparison.differences()
    # where every cut goes on in the same source, the list cuts a finished film: each is meant
    flat = list_of(shifted([*cuts, 8200], HOUR), HOUR, HOUR + 8400, source_shift=0)
    assert counts(compare(flat, project)) == {"exact": 40, "extra in list": 1}


def test_after_a_dissolve_of_its_own_event_nothing_is_cut() -> None:
    dissolve = ListEvent(600, 610, 9, 19, "b", ListTransition.DISSOLVE, 10)
    events = (ListEvent(0, 9, 0, 9, "a"), dissolve, ListEvent(610, 640, 19, 49, "b"))
    cuts = list_cuts(CutList("", "test list", None, None, events))
    assert cuts is not None
    assert [cut.is_through for cut in cuts.cuts if not cut.is_edge] == [False, True]


def test_a_gap_has_a_cut_at_each_end() -> None:
    events = (ListEvent(0, 50, 100, 150, "a"), ListEvent(0, 50, 170, 220, "b"))
    cuts = list_cuts(CutList("", "test list", None, None, events))
    assert cuts is not None
    assert [(cut.frame, cut.is_edge, cut.to_black) for cut in cuts.cuts] == [
        (100, True, True),
        (150, False, True),
        (170, False, True),
        (220, True, True),
    ]


def test_events_in_any_order_give_the_same(make_project: MakeProject) -> None:
    cuts = random_cuts(40, 8000)
    listed = list_of(cuts, 0, 8000)
    project = film_of(make_project, cuts, 8000)
    turned = replace(listed, events=listed.events[::-1])
    assert counts(compare(turned, project)) == {"exact": 40}


def test_a_variable_rate_is_compared_on_its_grid(make_project: MakeProject) -> None:
    # at 25 a second: every frame lasts 40 ms but each seventh, which lasts 120
    times = np.cumsum([0] + [120 if frame % 7 == 0 else 40 for frame in range(1000)]).tolist()
    cuts = random_cuts(20, 1000)
    project = make_project([Seam(cut - 1, cut) for cut in cuts], times_ms=times)
    assert project.film.index.is_variable
    grid = [project.film.index.grid_frame(cut) for cut in cuts]
    listed = list_of(shifted(grid, 500), 500, 500 + project.film.index.grid_frame(1000))
    assert counts(compare(listed, project)) == {"exact": 20}
    assert [seam.in_frame for seam in seams_of_list(listed, project, 500)] == cuts


def test_our_own_table_of_a_film_of_variable_rate_agrees(make_project: MakeProject, tmp_path: Path) -> None:
    # grid frames of 40 ms: frames of 40, of 80 (a second long), and of 160
    lengths = [40] * 150 + [80] * 75 + [160] * 100 + [40] * 200
    times = np.cumsum([0, *lengths]).tolist()
    seams = [
        Seam(29, 30),
        Seam(149, 158, SeamKind.DISSOLVE),
        Seam(199, 200),
        Seam(240, 246, SeamKind.WIPE),
        Seam(400, 401),
    ]
    project = make_project(seams, times_ms=times)
    assert project.film.index.is_variable
    for suffix, write in ((".csv", write_csv), (".tsv", write_tsv)):
        path = tmp_path / f"cut{suffix}"
        path.write_text(write(project), encoding="utf-8")
        cut_list = read_list(path, rate=project.film.rate)
        comparison = compare(cut_list, project)
        assert counts(comparison) == {"exact": 5}
        assert comparison.alignment.is_certain
        listed = seams_of_list(cut_list, project, comparison.alignment.offset_frames)
        assert [(s.out_frame, s.in_frame, s.kind) for s in listed] == [
            (s.out_frame, s.in_frame, s.kind) for s in seams
        ]
        plan = plan_import(cut_list, make_project(seams[:3], times_ms=times))
        assert (plan.confirmed, plan.moved, plan.added, plan.no_room) == (3, 0, 2, 0)


def test_shots_too_short_for_the_grid_do_not_stop_a_comparison(make_project: MakeProject) -> None:
    times = np.cumsum([0, *([40] * 50), *([4] * 10), *([40] * 50)]).tolist()
    project = make_project([Seam(19, 20), Seam(51, 52), Seam(53, 54), Seam(79, 80)], times_ms=times)
    cut_list = read_csv_list(write_csv(project), rate=project.film.rate)
    assert counts(compare(cut_list, project))["exact"] == 3
    assert len(seams_of_list(cut_list, project, 0)) == 3


@pytest.mark.timed
def test_one_long_transition_does_not_widen_the_search_of_every_cut(make_project: MakeProject) -> None:
    cuts = random_cuts(20_000, 200_000)
    project = film_of(make_project, cuts, 200_000)
    listed = list_of(cuts, 0, 200_000)
    dissolve = ListEvent(0, 99_999, 200_000, 299_999, "end", ListTransition.DISSOLVE, 99_999)
    film, all_cuts = FilmCuts.of(project), list_cuts(replace(listed, events=(*listed.events, dissolve)))
    assert all_cuts is not None
    begun = time.perf_counter()
    pairs = matched(all_cuts.cuts, film, 0, 12)
    assert time.perf_counter() - begun < 3
    assert [film.seams[column].in_frame for _, column in pairs] == cuts
    # a gradual seam still meets what lies within it, however long it is
    long = make_project([Seam(10, 5000, SeamKind.DISSOLVE)], frames=6000)
    assert counts(compare(list_of([4900], 0, 6000), long, offset_frames=0)) == {"kind differs": 1}
    gradual = with_transition(list_of([20], 0, 6000), 1, ListTransition.DISSOLVE, 5000)
    assert counts(compare(gradual, film_of(make_project, [4900], 6000), offset_frames=0)) == {
        "kind differs": 1
    }


def test_a_list_becomes_the_editors_own_seams(make_project: MakeProject) -> None:
    listed = with_transition(
        list_of([1100, 1200, 1201, 1300, 1399], 1000, 1500), 4, ListTransition.DISSOLVE, 10
    )
    project = make_project(frames=400)
    seams = seams_of_list(listed, project, 1000)
    assert [(s.out_frame, s.in_frame, s.kind) for s in seams] == [
        (99, 100, SeamKind.CUT),
        (199, 200, SeamKind.CUT),
        (200, 201, SeamKind.CUT),
        (299, 310, SeamKind.DISSOLVE),
        (398, 399, SeamKind.CUT),
    ]
    assert {seam.origin for seam in seams} == {Origin.USER}
    for seam in seams:
        project = AddSeam(seam).apply(project)
    assert list(project.seams) == seams
    assert not compare(listed, project).differences(is_part=True)
    # what lies outside, or over the end, is left out
    assert [seam.in_frame for seam in seams_of_list(listed, project, 1200)] == [1, 110, 199]


def test_a_dissolve_from_black_is_a_fade(make_project: MakeProject) -> None:
    listed = with_transition(list_of([100, 200], 0, 300), 2, ListTransition.DISSOLVE, 10)
    first, black, last = listed.events
    listed = replace(listed, events=(first, replace(black, source="BL"), last))
    assert [seam.kind for seam in seams_of_list(listed, make_project(frames=300), 0)] == [
        SeamKind.CUT,
        SeamKind.FADE,
    ]


def test_the_table_has_every_finding(make_project: MakeProject) -> None:
    project = film_of(make_project, [*random_cuts(40, 8000), 8100, 8200], 8400)
    cuts = [*random_cuts(40, 8000), 8103, 8300]
    listed = list_of(shifted(cuts, 500), 500, 8900)
    *events, last = listed.events
    listed = replace(listed, events=(*events, replace(last, source="=1+1\r\nx")))
    comparison = compare(listed, project, candidates=[Seam(8299, 8300, confidence=0.25)])
    rows = list(csv.DictReader(io.StringIO(as_table(comparison, project), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(comparison.findings) == 43
    moved, missing, extra = rows[-3:]
    assert (moved["outcome"], moved["shift_frames"], moved["list_frame"]) == ("moved", "3", "8603")
    assert (moved["film_timecode"], moved["list_timecode"]) == ("01:05:24:00", "00:05:44:03")
    assert (missing["outcome"], missing["film_in_frame"], missing["list_frame"]) == (
        "missing in list",
        "8200",
        "",
    )
    assert (extra["outcome"], extra["nearby_confidence"], extra["list_source"]) == (
        "extra in list",
        "0.2500",
        "'=1+1 x",
    )
    lines = as_text(comparison, project).splitlines()
    assert lines[0] == "test list “Reel” against “Reel One (final).mov”"
    assert lines[1:5] == [
        "     40  agree to the frame",
        "      1  moved",
        "      1  missing in the list",
        "      1  extra in the list",
    ]
    assert lines[-3].split("  ")[-1] == "3 frames later in list: cut"
    assert as_text(comparison, project, most_lines=1).endswith("… and 2 more; the table has them all.\n")


@pytest.mark.parametrize(
    ("suffix", "write"), [(".edl", write_edl), (".otio", write_otio), (".csv", write_csv)]
)
def test_our_own_lists_agree_at_every_rate(
    reference: Project, tmp_path: Path, suffix: str, write: Callable[[Project], str]
) -> None:
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(write(reference).encode())
    comparison = compare(read_list(path, rate=reference.film.rate), reference)
    assert comparison.alignment.is_certain
    # three of its seams are gradual; an EDL and a timeline of a finished film cut them in the middle
    found = {"exact": 7} if suffix == ".csv" else {"exact": 4, "kind differs": 3}
    assert counts(comparison) == found
    assert not comparison.differences(ignore_kinds=True)
