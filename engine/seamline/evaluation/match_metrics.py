"""How good a ranked list of pairs is: average precision, precision at k, the share of matches, and what chance gives.

Pairs that score the same have no order. Each figure is therefore the mean over all orders of such pairs, computed
exactly (McSherry and Najork, Computing information retrieval performance measures efficiently in the presence of tied
scores, ECIR 2008); a ranking that says the same of every pair gets what chance would. A score that is no number counts
as the least of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

KS = (1, 5, 10, 50)

_Groups = tuple[NDArray[np.int64], NDArray[np.int64]]


def average_precision(scores: ArrayLike, truth: ArrayLike) -> float:
    """The mean, over the matches, of the share of matches among what is ranked no lower; 0 to 1.

    `scores`: float[n], greater is ranked earlier; `truth`: bool[n]. Raises ValueError where the lengths differ, or
    there is no match: without one nothing can be found.
    """
    sizes, right = _groups(scores, truth)
    found = int(right.sum())
    if not found:
        raise ValueError("average precision needs one match or more")
    total, above, right_above = 0.0, 0, 0
    for size, matches in zip(sizes.tolist(), right.tolist(), strict=True):
        if matches:
            places = np.arange(1, size + 1)
            # the others of the group that stand before place j: (j - 1) of the (size - 1) that are left
            others = (places - 1) * ((matches - 1) / (size - 1)) if size > 1 else np.zeros(1)
            total += matches / size * float(((right_above + 1 + others) / (above + places)).sum())
        above, right_above = above + size, right_above + matches
    return total / found


def precision_at(k: int, scores: ArrayLike, truth: ArrayLike) -> float:
    """The share of matches among the first `k`, or among all where there are fewer; 0 to 1."""
    if k < 1:
        raise ValueError(f"precision needs the first 1 or more, not {k}")
    sizes, right = _groups(scores, truth)
    first = min(k, int(sizes.sum()))
    if not first:
        raise ValueError("precision needs one pair or more")
    left, found = first, 0.0
    for size, matches in zip(sizes.tolist(), right.tolist(), strict=True):
        taken = min(left, size)
        found += matches * taken / size
        left -= taken
        if not left:
            break
    return found / first


def prevalence(truth: ArrayLike) -> float:
    """The share of matches among all pairs, 0 to 1: the precision of a random order, at any k."""
    matches = np.asarray(truth, np.bool_)
    if not len(matches):
        raise ValueError("prevalence needs one pair or more")
    return float(matches.mean())


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one way of scoring makes of a list of pairs. `precision`: by k."""

    name: str
    pairs: int
    matches: int
    average_precision: float
    precision: dict[int, float]

    @property
    def prevalence(self) -> float:
        return self.matches / self.pairs


def ranking(name: str, scores: ArrayLike, truth: ArrayLike, ks: Sequence[int] = KS) -> Ranking:
    """All figures of one way of scoring. Raises ValueError as `average_precision` does."""
    matches = np.asarray(truth, np.bool_)
    return Ranking(
        name,
        len(matches),
        int(matches.sum()),
        average_precision(scores, matches),
        {k: precision_at(k, scores, matches) for k in ks},
    )


def chance_ranking(truth: ArrayLike, ks: Sequence[int] = KS) -> Ranking:
    """What a random order gives on average: a little above the prevalence."""
    return ranking("chance", np.zeros(len(np.asarray(truth))), truth, ks)


def ranking_table(rankings: Sequence[Ranking]) -> str:
    """The text, without a line end at its end: a line a way of scoring."""
    if not rankings:
        return ""
    ks = list(rankings[0].precision)
    width = max(10, *(len(each.name) for each in rankings)) + 2
    lines = [
        f"{'':{width}}{'pairs':>7}{'matches':>9}{'share':>7}{'AP':>8}" + "".join(f"{f'P@{k}':>8}" for k in ks)
    ]
    lines += [
        f"{each.name:{width}}{each.pairs:7}{each.matches:9}{each.prevalence:7.3f}{each.average_precision:8.3f}"
        + "".join(f"{each.precision[k]:8.3f}" for k in ks)
        for each in rankings
    ]
    return "\n".join(lines)


def _groups(scores: ArrayLike, truth: ArrayLike) -> _Groups:
    """int64[groups] twice, best first: how many pairs score the same, and how many of these are matches."""
    values, matches = np.asarray(scores, np.float64), np.asarray(truth, np.bool_)
    if values.ndim != 1 or values.shape != matches.shape:
        raise ValueError(f"need a score for each pair, not {values.shape} for {matches.shape}")
    values = np.where(np.isnan(values), -np.inf, values)
    _, group = np.unique(-values, return_inverse=True)
    count = int(group.max()) + 1 if len(group) else 0
    return np.bincount(group, minlength=count), np.bincount(group[matches], minlength=count)
