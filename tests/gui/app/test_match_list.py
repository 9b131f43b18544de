"""Which pairs are listed, with what was said of them, however many that are."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.matches import Matches
from seamline_app.jobs.match_wishes import Matched
from seamline_app.match_list import MatchList


def pair(number: int, out_frame: int = 10) -> MatchPair:
    sides = MatchSide("a" * 16, 0, 20, out_frame), MatchSide("b" * 16, number, number + 30, number)
    return MatchPair(*sides, MatchKind.FRAME, 0.75, 0.5, 0.25, 0.125, "Light alike")


def matched(*pairs: MatchPair, out_frame: int | None = None) -> Any:
    """What was found between the films a and b, a being open."""
    films = tuple(SimpleNamespace(film=SimpleNamespace(fingerprint=name * 16)) for name in "ab")
    wish: Any = SimpleNamespace(out_frame=out_frame, in_frame=None, is_from_frame=out_frame is not None)
    return Matched(wish, pairs, films)  # type: ignore[arg-type]


def test_what_was_found_comes_first_then_what_was_said_of_others() -> None:
    said = Matches(
        (
            JudgedPair(pair(7), Verdict.KEPT),
            JudgedPair(pair(2, 15), Verdict.KEPT),
            JudgedPair(pair(3), Verdict.REJECTED),
            JudgedPair(pair(8, 12), is_slid=True),
        )
    )
    listed = MatchList(matched(pair(3), pair(2), pair(1)))
    assert [of.pair for of in listed.judged(said, "all")] == [pair(3), pair(2, 15), pair(1), pair(7)]
    assert [of.pair for of in listed.judged(said, "open")] == [pair(1)]
    assert [of.pair for of in listed.judged(said, "kept")] == [pair(2, 15), pair(7)]
    assert [of.pair for of in listed.judged(said, "rejected")] == [pair(3)]
    assert listed.judged_of(pair(8), said) == said.judged[3]
    assert listed.found(pair(2).key) == pair(2)
    assert listed.found(pair(7).key) is None


def test_what_was_said_elsewhere_is_not_of_this_search() -> None:
    within = MatchPair(
        MatchSide("a" * 16, 0, 20, 10),
        MatchSide("a" * 16, 40, 60, 40),
        MatchKind.FRAME,
        0.9,
        0.9,
        0.1,
        0.5,
        "",
    )
    noted = JudgedPair(within, note="the door"), JudgedPair(pair(5, 12), note="the gate")
    said = Matches((*noted, JudgedPair(pair(6, 12), Verdict.KEPT)))
    assert len(MatchList().judged(said, "all")) == 3  # before any search
    with_the_other = MatchList(matched(pair(1)))
    assert [of.pair for of in with_the_other.judged(said, "open")] == [pair(1), pair(5, 12)]
    from_a_frame = MatchList(matched(pair(1, 10), out_frame=10))
    assert [of.pair for of in from_a_frame.judged(said, "all")] == [pair(1, 10)]
    assert [of.pair for of in from_a_frame.judged(said, "kept")] == [pair(6, 12)]  # whatever it was found by


def test_a_kind_is_a_part_of_what_is_listed() -> None:
    moving = replace(pair(2), kind=MatchKind.MOTION)
    listed, said = MatchList(matched(pair(1), moving, pair(3))), Matches()
    assert [of.pair for of in listed.judged(said, "open", "frame")] == [pair(1), pair(3)]
    assert [of.pair for of in listed.judged(said, "open", "motion")] == [moving]


def test_what_is_listed_costs_no_more_for_each_pair_that_something_was_said_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = Matches(tuple(JudgedPair(pair(number), Verdict.KEPT) for number in range(500)))
    listed = MatchList(matched(*map(pair, range(450, 550)), out_frame=10), said)
    looked = 0
    key: Any = MatchPair.key
    get = key.fget

    def counted(self: MatchPair) -> object:
        nonlocal looked
        looked += 1
        return get(self)

    monkeypatch.setattr(MatchPair, "key", property(counted))
    for _ in range(3):
        assert len(listed.judged(said, "all")) == 550
    assert looked < 3000
