"""Rankings of pairs: exact where scores tie, nothing for saying the same of everything."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from seamline.evaluation.match_metrics import (
    average_precision,
    chance_ranking,
    precision_at,
    prevalence,
    ranking,
    ranking_table,
)


def _of_order(truth: list[bool]) -> float:
    """Average precision of an order, by its definition."""
    right, total = 0, 0.0
    for place, is_match in enumerate(truth, 1):
        right += is_match
        total += right / place if is_match else 0
    return total / right


def _over_all_orders(scores: list[float], truth: list[bool]) -> float:
    """The mean over all orders that the scores allow, one by one."""
    places = range(len(scores))
    allowed = [
        order for order in permutations(places) if all(scores[a] >= scores[b] for a, b in pairwise(order))
    ]
    return float(np.mean([_of_order([truth[at] for at in order]) for order in allowed]))


def test_a_known_order_gives_the_textbook_figure() -> None:
    assert average_precision([9, 8, 7, 6], [True, False, True, False]) == pytest.approx((1 + 2 / 3) / 2)


@pytest.mark.parametrize("seed", range(5))
def test_without_ties_it_is_what_sklearn_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.random(200) < 0.1
    truth[0] = True
    scores = rng.random(200) + 0.3 * truth

    assert average_precision(scores, truth) == pytest.approx(average_precision_score(truth, scores))


@pytest.mark.parametrize(
    ("scores", "truth"),
    [
        ([1, 1, 1, 1], [True, False, False, False]),
        ([3, 2, 2, 2, 1], [False, True, False, True, True]),
        ([2, 2, 1, 1, 1, 0], [True, False, False, True, False, True]),
        ([0, 0, 0, 0, 0], [True, True, True, False, False]),
    ],
)
def test_ties_are_the_mean_over_every_order_of_them(scores: list[float], truth: list[bool]) -> None:
    assert average_precision(scores, truth) == pytest.approx(_over_all_orders(scores, truth))


def test_the_order_of_the_pairs_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    scores, truth = rng.integers(0, 4, 60).astype(float), rng.random(60) < 0.2
    order = rng.permutation(60)

    assert average_precision(scores[order], truth[order]) == pytest.approx(average_precision(scores, truth))
    assert precision_at(10, scores[order], truth[order]) == pytest.approx(precision_at(10, scores, truth))


def test_precision_shares_a_tie_that_the_border_cuts() -> None:
    # one match above, then two places for four that tie, of which two match
    assert precision_at(3, [5, 4, 4, 4, 4, 1], [1, 1, 0, 1, 0, 0]) == pytest.approx((1 + 2 * 2 / 4) / 3)
    assert precision_at(50, [2, 1], [True, False]) == 0.5


def test_saying_the_same_of_everything_is_worth_what_chance_is() -> None:
    truth = np.arange(50) < 5
    constant, chance = ranking("constant", np.full(50, 0.7), truth), chance_ranking(truth)

    assert constant.average_precision == chance.average_precision
    assert constant.precision[10] == pytest.approx(prevalence(truth)) == pytest.approx(0.1)


def test_chance_is_the_mean_of_random_orders() -> None:
    rng = np.random.default_rng(1)
    truth = np.arange(40) < 4
    drawn = [average_precision(rng.random(40), truth) for _ in range(3000)]

    assert chance_ranking(truth).average_precision == pytest.approx(float(np.mean(drawn)), abs=0.01)


def test_no_number_is_the_least_of_all() -> None:
    assert average_precision([np.nan, -1.0], [True, False]) == pytest.approx(0.5)
    assert average_precision([-np.inf, np.nan], [True, False]) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("scores", "truth"), [([1, 2], [False, False]), ([1, 2], [True]), ([[1, 2]], [[True, False]]), ([], [])]
)
def test_what_cannot_be_ranked_is_refused(scores: list[float], truth: list[bool]) -> None:
    with pytest.raises(ValueError, match="need"):
        average_precision(scores, truth)


def test_precision_needs_a_place_and_a_pair() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        precision_at(0, [1.0], [True])
    with pytest.raises(ValueError, match="one pair"):
        precision_at(1, [], [])


def test_the_table_has_a_line_for_each() -> None:
    text = ranking_table(
        [
            ranking("ours", [3, 2, 1], [True, False, False], ks=(1, 2)),
            chance_ranking([True, False, False], ks=(1, 2)),
        ]
    )

    head, ours, chance = text.splitlines()
    assert head.split() == ["pairs", "matches", "share", "AP", "P@1", "P@2"]
    assert ours.split() == ["ours", "3", "1", "0.333", "1.000", "1.000", "0.500"]
    assert chance.split()[4] == f"{(1 + 1 / 2 + 1 / 3) / 3:.3f}"
