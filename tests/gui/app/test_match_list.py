"""Which pairs are listed, with what was said of them, however many that are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.matches import Matches
from seamline_app.match_list import MatchList


def pair(number: int, out_frame: int = 10) -> MatchPair:
    sides = MatchSide("a" * 16, 0, 20, out_frame), MatchSide("b" * 16, number, number + 30, number)
    return MatchPair(*sides, MatchKind.FRAME, 0.75, 0.5, 0.25, 0.125, "Light alike")


def matched(*pairs: MatchPair, is_from_frame: bool = False) -> Any:
    return SimpleNamespace(pairs=pairs, wish=SimpleNamespace(is_from_frame=is_from_frame))


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
    assert [of.pair for of in listed.judged(said, "open")] == [pair(2, 15), pair(1), pair(7)]
    assert [of.pair for of in listed.judged(said, "rejected")] == [pair(3)]
    assert listed.judged_of(pair(8), said) == said.judged[3]
    assert listed.found(pair(2).key) == pair(2)
    assert listed.found(pair(7).key) is None


def test_what_is_listed_costs_no_more_for_each_pair_that_something_was_said_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = Matches(tuple(JudgedPair(pair(number), Verdict.KEPT) for number in range(500)))
    listed = MatchList(matched(*map(pair, range(450, 550)), is_from_frame=True), said)
    looked = 0
    key: Any = MatchPair.key
    get = key.fget

    def counted(self: MatchPair) -> object:
        nonlocal looked
        looked += 1
        return get(self)

    monkeypatch.setattr(MatchPair, "key", property(counted))
    for _ in range(3):
        assert len(listed.judged(said, "open")) == 550
    assert looked < 3000
