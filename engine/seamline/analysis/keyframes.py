"""The few frames that stand for a segment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.segments import Segment
from seamline.analysis.stage import FloatArray
from seamline.analysis.successor import Sampling
from seamline.progress import Progress

FEWEST, MOST = 2, 4
"""Keyframes of a segment, as published."""

_CLEAR_ABOVE, _CLEAR_BELOW = 10, 245
_SPREAD = 1e-6  # of a distance: among equal frames those spread in time are chosen


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A frame, and the share (0 to 1) of its segment's clear samples that are most like it."""

    frame: int
    share: float


def is_clear(mean_grey: FloatArray) -> NDArray[np.bool_]:
    """Which frames show something: those whose mean grey (0 to 255) lies between 10 and 245, as published."""
    clear: NDArray[np.bool_] = (mean_grey > _CLEAR_ABOVE) & (mean_grey < _CLEAR_BELOW)
    return clear


def find_keyframes(
    segments: Iterable[Segment],
    embeddings: FloatArray,
    sampling: Sampling,
    mean_grey: FloatArray,
    *,
    progress: Progress | None = None,
) -> list[tuple[Keyframe, ...]]:
    """Two to four keyframes of each segment, in order of time; fewer only where fewer samples are.

    They are medoids of the segment's clear samples: the frames with the least sum of distances of all
    to the nearest of them. If fewer than two samples are clear, the clearest ones (those furthest from
    black and white) are taken. Their number is the one with the largest mean silhouette (Rousseeuw, J.
    Comput. Appl. Math. 20, 1987), the fewest of equal ones. A segment too short to hold a sample has the one
    before it. `embeddings`: float32[sample_count, D]; `mean_grey`: float32[sample_count], 0 to 255.
    Raises Cancelled.
    """
    sampling.check(embeddings)
    if len(mean_grey) != len(embeddings):
        raise ValueError(f"{len(embeddings)} embeddings need as many mean greys, not {len(mean_grey)}.")
    segments = list(segments)
    found = []
    for number, segment in enumerate(segments, 1):
        samples = np.array(sampling.samples_in(segment.start_frame, segment.end_frame), np.int64)
        if len(samples) == 0:
            samples = np.array([segment.start_frame // sampling.every_frames])
        found.append(_keyframes(samples, embeddings[samples], mean_grey[samples], sampling.every_frames))
        if progress is not None:
            progress.step(number, len(segments))
    return found


def _keyframes(
    samples: NDArray[np.int64], embeddings: FloatArray, mean_grey: FloatArray, every_frames: int
) -> tuple[Keyframe, ...]:
    chosen = np.flatnonzero(is_clear(mean_grey))
    if len(chosen) < FEWEST:
        darkness = np.maximum(_CLEAR_ABOVE - mean_grey, mean_grey - _CLEAR_BELOW)
        chosen = np.sort(np.argsort(darkness, kind="stable")[:FEWEST])
    table = distance_table(embeddings[chosen])
    medoids = best_medoids(table)
    shares = np.bincount(nearest_medoid(table, medoids), minlength=len(medoids)) / len(chosen)
    return tuple(
        Keyframe(int(samples[chosen[medoid]]) * every_frames, float(share))
        for medoid, share in zip(medoids, shares, strict=True)
    )


def distance_table(embeddings: FloatArray) -> NDArray[np.float64]:
    """Euclidean distances of all pairs, with a trace of their distance in time: float64[n, n].

    The trace decides between frames that are equal otherwise, as those of a still picture are.
    """
    rows = embeddings.astype(np.float64)
    squares = (rows**2).sum(1)
    squared = squares[:, np.newaxis] + squares - 2 * rows @ rows.T
    count = len(rows)
    places = np.arange(count) / max(1, count - 1)
    # below 1e-7 the difference of squares is rounding, not distance
    distances = np.sqrt(np.where(squared > 1e-14, squared, 0))
    table: NDArray[np.float64] = distances + _SPREAD * np.abs(places[:, np.newaxis] - places)
    np.fill_diagonal(table, 0)
    return table


def best_medoids(table: NDArray[np.float64]) -> list[int]:
    """Two to four medoids, the number with the largest mean silhouette; all there are if they are no more
    than two. In order. `table`: float64[n, n], symmetric, of distances."""
    count = len(table)
    if count <= FEWEST:
        return list(range(count))
    best: list[int] = []
    best_silhouette = -np.inf
    for k in range(FEWEST, min(MOST, count - 1) + 1):
        medoids = k_medoids(table, k)
        silhouette = mean_silhouette(table, nearest_medoid(table, medoids))
        if silhouette > best_silhouette + _SPREAD:
            best, best_silhouette = medoids, silhouette
    return best


def k_medoids(table: NDArray[np.float64], k: int) -> list[int]:
    """The places of k medoids, in order: Partitioning Around Medoids (Kaufman and Rousseeuw, Finding Groups
    in Data, 1990, chapter 2). Built one by one, then swapped as long as a swap lowers the sum of
    distances; no chance in it. `k` is at most n.
    """
    medoids: list[int] = []
    nearest = np.full(len(table), np.inf)
    for _ in range(k):
        costs = np.minimum(nearest[:, np.newaxis], table).sum(0)
        costs[medoids] = np.inf
        medoids.append(int(costs.argmin()))
        nearest = np.minimum(nearest, table[:, medoids[-1]])
    cost = nearest.sum()
    while True:
        swap: tuple[int, int] | None = None
        for place in range(k):
            others = medoids[:place] + medoids[place + 1 :]
            rest = table[:, others].min(1) if others else np.full(len(table), np.inf)
            costs = np.minimum(rest[:, np.newaxis], table).sum(0)
            costs[others] = np.inf
            if costs.min() < cost - 1e-12:
                cost, swap = costs.min(), (place, int(costs.argmin()))
        if swap is None:
            return sorted(medoids)
        medoids[swap[0]] = swap[1]


def nearest_medoid(table: NDArray[np.float64], medoids: list[int]) -> NDArray[np.int64]:
    """Which of the medoids each is nearest to: int64[n], places in `medoids`."""
    nearest: NDArray[np.int64] = table[:, medoids].argmin(1)
    return nearest


def mean_silhouette(table: NDArray[np.float64], groups: NDArray[np.int64]) -> float:
    """How much nearer each is to its own group than to the next one, -1 to 1; 0 for one alone in its group."""
    count = int(groups.max()) + 1
    member = np.eye(count)[groups]  # float64[n, groups]
    sizes = member.sum(0)
    sums = table @ member
    rows = np.arange(len(table))
    own_size = sizes[groups]
    own = sums[rows, groups] / np.maximum(own_size - 1, 1)
    means = sums / sizes
    means[rows, groups] = np.inf
    other = means.min(1)
    values = np.where(own_size > 1, (other - own) / np.maximum(np.maximum(other, own), 1e-12), 0)
    return float(values.mean())
