"""The finder: what was planted comes first; what the rule leaves out does not come."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from paper_edges import edges_of, face, matched, moving, with_motion, with_row

from seamline.analysis import match_candidates, match_finder
from seamline.analysis.match_finder import MatchRule, find_matches, matching_cuts
from seamline.analysis.match_tables import ShotEdges
from seamline.errors import Cancelled
from seamline.progress import CancellableProgress
from seamline.project.footage import ShotFootage
from seamline.project.match_cuts import MatchKind, MatchPair
from seamline.project.types import Seam

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


def places(pairs: tuple[MatchPair, ...], length: int = 50) -> list[tuple[int, int]]:
    return [(pair.outgoing.start_frame // length, pair.incoming.start_frame // length) for pair in pairs]


@pytest.fixture(scope="module")
def planted() -> ShotEdges:
    """A frame match from 2 to 7, a motion match from 4 to 11, of 30 shots."""
    return with_motion(matched(edges_of(30), 2, 7), 4, 11, moving(0.3, 0.05), moving(0.3, 0.05))


def test_what_was_planted_comes_first_each_with_its_kind(planted: ShotEdges) -> None:
    first, second, *others = find_matches(planted, planted)
    assert {*places((first, second))} == {(2, 7), (4, 11)}
    kinds = {place: pair.kind for place, pair in zip(places((first, second)), (first, second), strict=True)}
    assert kinds == {(2, 7): MatchKind.FRAME, (4, 11): MatchKind.MOTION}
    assert min(first.score_01, second.score_01) > 2 * max(pair.score_01 for pair in others)
    assert first.outgoing.frame == first.outgoing.end_frame - 1
    assert first.incoming.frame == first.incoming.start_frame
    assert first.reason
    scores = [pair.score_01 for pair in (first, second, *others)]
    assert scores == sorted(scores, reverse=True)


def test_one_kind_alone_is_what_all_have_of_it_with_the_same_scores(planted: ShotEdges) -> None:
    everything = find_matches(planted, planted, rule=MatchRule(limit=2000, most_a_shot=2000))
    for kind, place in ((MatchKind.FRAME, (2, 7)), (MatchKind.MOTION, (4, 11))):
        rule = MatchRule(limit=2000, most_a_shot=2000, kinds={kind})
        pairs = find_matches(planted, planted, rule=rule)
        assert places(pairs)[0] == place
        assert pairs == tuple(pair for pair in everything if pair.kind is kind)


def test_the_index_finds_what_comparing_all_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = edges_of(250)
    wanted = [(at, 249 - at) for at in range(0, 120, 8)]
    for at, (out, into) in enumerate(wanted):
        turn = 2 * np.pi * at / 16  # an eighth of a turn from one movement to the next
        way = moving(*(0.3 * np.array([np.cos(turn), np.sin(turn)])))
        edges = matched(edges, out, into) if at % 2 else with_motion(edges, out, into, way, way)
    rule = MatchRule(limit=15)
    monkeypatch.setattr(match_candidates, "ALL_PAIRS", 1 << 30)
    by_all = places(find_matches(edges, edges, rule=rule))
    monkeypatch.setattr(match_candidates, "ALL_PAIRS", 0)
    by_index = places(find_matches(edges, edges, rule=rule))
    # in any order: equal ones differ by how sums are rounded
    assert {*by_all} == {*by_index} == {*wanted}


def test_the_index_finds_figures_that_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = edges_of(250)
    rng = np.random.default_rng(4)
    faces = [face(x, y, height) for x, y, height in rng.uniform(0.1, 0.9, (250, 3))]
    heads = replace(edges.heads, figures=np.stack(faces))
    tails = with_row(edges.tails, 30, figures=faces[200])
    edges = replace(edges, heads=heads, tails=tails)
    monkeypatch.setattr(match_candidates, "ALL_PAIRS", 0)
    monkeypatch.setattr(match_candidates, "NEAREST", 4)
    assert (30, 200) in places(find_matches(edges, edges, rule=MatchRule(limit=20)))


def test_takes_are_left_out_as_far_as_pairs_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = edges_of(60)
    footage = [ShotFootage(at * 50, at * 50 + 50, 1, 1) for at in range(60)]
    judged: list[int] = []

    def counting(tails: ShotEdges, heads: ShotEdges, out: Places, into: Places, progress: object) -> Flags:
        judged.append(len(out))
        return np.asarray(np.arange(len(out)) % 2 == 0)

    monkeypatch.setattr(match_finder, "one_setup", counting)
    monkeypatch.setattr(match_finder, "_JUDGED_AT_ONCE", 16)
    assert len(find_matches(edges, edges, footage=footage, rule=MatchRule(limit=12))) == 12
    assert sum(judged) < 100
    assert max(judged) <= 16


def test_a_shot_is_no_match_of_itself_nor_of_the_one_it_is_cut_to() -> None:
    edges = matched(matched(edges_of(12), 3, 4), 6, 6)
    found = places(find_matches(edges, edges))
    assert (3, 4) not in found
    assert all(out != into for out, into in found)
    assert (3, 4) in places(find_matches(edges, edges, rule=MatchRule(leaves_out_cuts=False)))


def test_same_setups_and_alike_pictures_are_left_out_unless_asked_for(planted: ShotEdges) -> None:
    footage = [ShotFootage(at * 50, at * 50 + 50, 1 if at in (2, 7) else at + 10, 1) for at in range(30)]
    assert (2, 7) not in places(find_matches(planted, planted, footage=footage))
    rule = MatchRule(leaves_out_same_setup=False)
    assert (2, 7) in places(find_matches(planted, planted, footage=footage, rule=rule))
    takes = matched(edges_of(30), 2, 7, vectors=True)
    assert (2, 7) not in places(find_matches(takes, takes))
    assert places(find_matches(takes, takes, rule=MatchRule(leaves_out_alike=False)))[0] == (2, 7)


def test_a_match_that_was_taken_for_one_setup_is_kept_where_the_colours_are_others(
    planted: ShotEdges,
) -> None:
    footage = [ShotFootage(at * 50, at * 50 + 50, 1 if at in (2, 7) else at + 10, 1) for at in range(30)]
    other = replace(planted, heads=with_row(planted.heads, 7, colour=1 - planted.heads.colour[7]))
    assert (2, 7) in places(find_matches(other, other, footage=footage))


def test_footage_of_one_film_does_not_part_two(planted: ShotEdges) -> None:
    other = replace(planted, fingerprint="other")
    footage = [ShotFootage(at * 50, at * 50 + 50, 1, 1) for at in range(30)]
    pairs = find_matches(planted, other, footage=footage)
    assert {*places(pairs[:2])} == {(2, 7), (4, 11)}
    assert {(pair.outgoing.fingerprint, pair.incoming.fingerprint) for pair in pairs} == {("film", "other")}


def test_no_shot_takes_over_and_no_more_come_than_wanted() -> None:
    edges = edges_of(40)
    for into in range(10, 30):
        edges = matched(edges, 2, into)
    pairs = find_matches(edges, edges, rule=MatchRule(most_a_shot=3, limit=25))
    assert len(pairs) == 25
    assert [out for out, _ in places(pairs)].count(2) == 3
    assert max(map([into for _, into in places(pairs)].count, range(40))) <= 3


def test_weak_pairs_and_frames_that_show_nothing_are_left_out(planted: ShotEdges) -> None:
    strong = find_matches(planted, planted, rule=MatchRule(least_01=0.5))
    assert strong
    assert min(pair.score_01 for pair in strong) >= 0.5
    blank = replace(planted, tails=with_row(planted.tails, 2, is_usable=False))
    assert all(out != 2 for out, _ in places(find_matches(blank, blank)))


def test_of_no_shots_or_one_nothing_is_found() -> None:
    for count in (0, 1):
        assert find_matches(edges_of(count), edges_of(count)) == ()


def test_it_can_be_broken_off(planted: ShotEdges, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[int, int]] = []
    progress = CancellableProgress(lambda done, total: steps.append((done, total)))
    find_matches(planted, planted, progress=progress)
    assert steps
    assert all(done <= total for done, total in steps)
    monkeypatch.setattr(match_candidates, "ALL_PAIRS", 0)
    progress.cancel()
    with pytest.raises(Cancelled):
        find_matches(planted, planted, progress=progress)


def test_of_the_cuts_there_are_the_matches_are_told() -> None:
    edges = with_motion(matched(edges_of(12), 3, 4), 7, 8, moving(0.3, 0), moving(0.3, 0))
    seams = [Seam(at * 50 - 1, at * 50) for at in range(1, 12)]
    found = matching_cuts(edges, seams)
    assert [seam.cut_frame for seam, _ in found] == [200, 400]
    assert [pair.kind for _, pair in found] == [MatchKind.FRAME, MatchKind.MOTION]
    assert matching_cuts(edges, [Seam(10, 11)]) == ()
    assert matching_cuts(edges, seams, least_01=1.0) == ()
    footage = [ShotFootage(150, 200, 1, 1), ShotFootage(200, 250, 1, 1)]
    assert [seam.cut_frame for seam, _ in matching_cuts(edges, seams, footage=footage)] == [400]


def test_a_rule_that_is_none_is_refused() -> None:
    for wrong in ({"limit": 0}, {"kinds": ()}, {"least_01": 1.5}, {"most_a_shot": 0}):
        with pytest.raises(ValueError, match="rule"):
            MatchRule(**wrong)


def test_a_shot_that_two_films_share_is_left_out_at_any_moment_of_it() -> None:
    tails, heads = edges_of(20), edges_of(20, seed=2, fingerprint="other")
    same = {name: getattr(tails.tails, name)[3] for name in ("mass", "lines", "vectors")}
    ground = tails.tails.colour[3].copy()
    ground[:60] = 1 - ground[:60]
    heads = replace(heads, heads=with_row(heads.heads, 8, **same, colour=ground))
    assert (3, 8) not in places(find_matches(tails, heads))
    asked = MatchRule(leaves_out_alike=False)
    assert (3, 8) in places(find_matches(tails, heads, rule=asked))
    other = replace(heads, heads=with_row(heads.heads, 8, vectors=-tails.tails.vectors[3]))
    assert (3, 8) in places(find_matches(tails, other))
