"""How good a search by words is: recall at k, the median rank, and what chance alone would give.

A query's rank is the place of the best picture that is right for it among all of the gallery, from 1. Another picture
that scores the same counts as before it: a network that says the same of everything finds nothing.
A score that is no number counts as the least of all, whether its picture is right or wrong.

Hits counted inside batches (`recall_in_batches`), as some published figures are, belong to a gallery of so many
pictures as a batch has; they say nothing of a search through more. They are here to show how much they inflate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KS = (1, 5, 10)
BATCH_QUERIES = 64

Similarity = NDArray[np.float32]
"""float32[queries, gallery]: greater is more alike."""
Truth = NDArray[np.int64] | Sequence[Iterable[int]]
"""For each query the place of its picture in the gallery, or the places of all that are right, one or more."""


@dataclass(frozen=True, slots=True)
class Recall:
    """What became of each query, in their order.

    `ranks`: int64[queries], of the best right picture, from 1. `right`: int64[queries], how many were right for it.
    `galleries`: int64[queries], out of how many pictures it was looked for.
    """

    ranks: NDArray[np.int64]
    right: NDArray[np.int64]
    galleries: NDArray[np.int64]
    ks: tuple[int, ...] = KS

    def at(self, k: int) -> float:
        """The share of queries with a right picture among the first k, 0 to 1; 0 of none."""
        return float((self.ranks <= k).mean()) if len(self.ranks) else 0.0

    @property
    def shares(self) -> dict[int, float]:
        """`at` of every k."""
        return {k: self.at(k) for k in self.ks}

    @property
    def median_rank(self) -> float:
        """The middle of all ranks, the mean of the two middle ones where their number is even; 0 of none."""
        return float(np.median(self.ranks)) if len(self.ranks) else 0.0

    @property
    def mean_reciprocal_rank(self) -> float:
        """The mean of 1 / rank, 0 to 1; 0 of none."""
        return float((1 / self.ranks).mean()) if len(self.ranks) else 0.0

    def chance_at(self, k: int) -> float:
        """What `at` would be on average were the gallery in a random order."""
        if not len(self.ranks):
            return 0.0
        return float(np.mean([_chance(k, *each) for each in zip(self.right, self.galleries, strict=True)]))

    @property
    def chance(self) -> dict[int, float]:
        """`chance_at` of every k."""
        return {k: self.chance_at(k) for k in self.ks}

    @property
    def text(self) -> str:
        """One line for people."""
        if not len(self.ranks):
            return "no queries"
        least, most = int(self.galleries.min()), int(self.galleries.max())
        gallery = f"{most:,}" if least == most else f"{least:,} to {most:,}"
        names = "/".join(map(str, self.ks))
        found = "/".join(f"{100 * share:.1f}" for share in self.shares.values())
        chance = "/".join(f"{100 * share:.1f}" for share in self.chance.values())
        return (
            f"R@{names} {found} % (chance {chance} %), median rank {self.median_rank:g}, "
            f"{len(self.ranks):,} queries among {gallery} pictures"
        )


def recall(similarity: Similarity, truth: Truth, ks: Sequence[int] = KS) -> Recall:
    """Every query's rank among the whole gallery.

    Raises ValueError where `truth` has not one entry a query, an empty one, or a place that the gallery lacks.
    """
    scores = _sound(similarity)
    wanted = _places(truth, *scores.shape)
    ranks = np.empty(len(scores), np.int64)
    for query, places in enumerate(wanted):
        ranks[query] = _rank(scores[query], places)
    right = np.array([len(places) for places in wanted], np.int64)
    return Recall(ranks, right, np.full(len(scores), scores.shape[1], np.int64), tuple(ks))


def recall_in_batches(
    similarity: Similarity,
    truth: Truth,
    ks: Sequence[int] = KS,
    *,
    batch: int = BATCH_QUERIES,
    seed: int = 0,
) -> Recall:
    """Every query's rank among the pictures of its batch alone: one picture for each of up to `batch` queries.

    Queries are put into an order drawn from `seed`, and cut into batches; the last may be smaller. Each brings one of
    its right pictures along, drawn from `seed` too; a picture that several bring is there once. Also right for a
    query is what others have brought that is among its own. Raises ValueError as `recall` does.
    """
    if batch < 1:
        raise ValueError(f"a batch needs 1 or more queries, not {batch}")
    scores = _sound(similarity)
    wanted = _places(truth, *scores.shape)
    random = np.random.default_rng([seed, len(wanted)])
    order = random.permutation(len(wanted))
    brought = np.array([places[random.integers(len(places))] for places in wanted], np.int64)
    ranks, right, galleries = (np.empty(len(wanted), np.int64) for _ in range(3))
    for start in range(0, len(order), batch):
        queries = order[start : start + batch]
        gallery = np.unique(brought[queries])
        for query in queries:
            there = np.flatnonzero(np.isin(gallery, wanted[query]))
            ranks[query] = _rank(scores[query, gallery], there)
            right[query], galleries[query] = len(there), len(gallery)
    return Recall(ranks, right, galleries, tuple(ks))


def _sound(similarity: Similarity) -> Similarity:
    scores = np.asarray(similarity)
    if scores.ndim != 2:
        raise ValueError(f"need scores of queries and pictures, not of shape {scores.shape}")
    return np.where(np.isnan(scores), -np.inf, scores)


def _places(truth: Truth, queries: int, pictures: int) -> list[NDArray[np.int64]]:
    """The right places of each query, rising, each once."""
    if len(truth) != queries:
        raise ValueError(f"{queries} queries have {len(truth)} truths")
    found: list[NDArray[np.int64]] = []
    for query, each in enumerate(truth):
        places = [int(each)] if isinstance(each, (int, np.integer)) else [int(place) for place in each]
        if not places:
            raise ValueError(f"query {query} has no right picture")
        if min(places) < 0 or max(places) >= pictures:
            raise ValueError(f"query {query} wants a picture beyond the {pictures} there are")
        found.append(np.unique(np.array(places, np.int64)))
    return found


def _rank(scores: Similarity, places: NDArray[np.int64]) -> int:
    """From 1: after all wrong ones that score as much as the best right one, or more."""
    is_wrong = np.ones(len(scores), np.bool_)
    is_wrong[places] = False
    return 1 + int(np.count_nonzero(scores[is_wrong] >= scores[places].max()))


def _chance(k: int, right: int, gallery: int) -> float:
    """That of k drawn out of a gallery one or more are right."""
    missed = 1.0
    for drawn in range(min(k, gallery)):
        missed *= max(0.0, (gallery - right - drawn) / (gallery - drawn))
    return 1 - missed
