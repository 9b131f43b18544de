"""Which pairs go into a string-out where its format holds one frame rate, and in which order they stand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from seamline.errors import ExchangeError
from seamline.exchange.string_out_choice import (
    PairOrder,
    at_one_rate,
    by_rate,
    in_order,
    left_out_at_other_rates,
)
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide

FILM, OTHER, FAST = "a" * 16, "b" * 16, "c" * 16
RATES = {FILM: Fraction(24), OTHER: Fraction(24), FAST: Fraction(30)}


def pair(out: str, into: str, at: int = 10, score: float = 0.5) -> JudgedPair:
    sides = MatchSide(out, 0, at + 1, at), MatchSide(into, 0, 500, 0)
    return JudgedPair(MatchPair(*sides, MatchKind.FRAME, score, score, 0.1, 0.5))


ONE, TWO, ACROSS, QUICK = pair(FILM, FILM), pair(FILM, OTHER), pair(FILM, FAST), pair(FAST, FAST)


def test_pairs_are_told_apart_by_the_one_rate_of_their_films() -> None:
    assert by_rate([QUICK, ONE, ACROSS, TWO], RATES) == {Fraction(24): (ONE, TWO), Fraction(30): (QUICK,)}
    assert list(by_rate([QUICK, ONE, TWO], RATES)) == [Fraction(24), Fraction(30)]  # most pairs first
    assert list(by_rate([QUICK, ONE], RATES)) == [Fraction(30), Fraction(24)]
    assert by_rate([ONE], {}) == {}


@pytest.mark.parametrize("format_id", ["edl", "xmeml"])
def test_one_pair_at_another_rate_keeps_none_from_going(format_id: str) -> None:
    pairs = [QUICK, ONE, ACROSS, TWO]
    assert at_one_rate(pairs, RATES, format_id) == (ONE, TWO)
    assert at_one_rate(pairs, RATES, format_id, Fraction(30)) == (QUICK,)
    assert at_one_rate(pairs, RATES, format_id, Fraction(25)) == (ONE, TWO)
    assert at_one_rate([ONE, TWO], RATES, format_id, Fraction(30)) == (ONE, TWO)
    with pytest.raises(
        ExchangeError, match=r"one frame rate, and these run at 24 and 30: export OpenTimelineIO"
    ):
        at_one_rate([ACROSS], RATES, format_id)


@pytest.mark.parametrize("format_id", ["fcpxml", "otio"])
def test_formats_that_hold_any_rates_take_all(format_id: str) -> None:
    assert at_one_rate([QUICK, ONE, ACROSS], RATES, format_id, Fraction(30)) == (QUICK, ONE, ACROSS)


def test_what_is_left_out_is_counted() -> None:
    assert not left_out_at_other_rates(0, "edl")
    assert left_out_at_other_rates(1, "edl") == (
        "without 1 pair at another frame rate (an EDL holds one rate; FCPXML and OpenTimelineIO take all)"
    )
    assert left_out_at_other_rates(1200, "xmeml").startswith(
        "without 1,200 pairs at another frame rate (a Final"
    )


def test_best_first_or_as_they_lie_in_their_films() -> None:
    late, early = pair(FILM, OTHER, 300, 0.9), pair(FILM, FILM, 20, 0.3)
    elsewhere, fast = pair(OTHER, FILM, 5, 0.6), pair(FAST, FILM, 1, 0.2)
    said = [fast, elsewhere, late, early]
    assert in_order(said, PairOrder.SCORE, FILM) == (late, elsewhere, early, fast)
    assert in_order(said, PairOrder.FILM, FILM) == (early, late, fast, elsewhere)
