"""Segments of a film: as many of the strongest changes of content as the wanted lengths allow."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.stage import FloatArray
from seamline.analysis.successor import (
    CandidateSeam,
    Sampling,
    local_maxima,
    min_max_scores,
    places_in_gaps,
)
from seamline.errors import SeamlineError
from seamline.project.types import Seam

_CUT_VALUE = 2.0  # a split at a known seam is worth more than two at the best changes of content
_EVEN_VALUE = 1e-6  # only decides where nothing else does


class Opening(StrEnum):
    """What a segment begins with."""

    FILM = "film"
    CANDIDATE = "candidate"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """How long segments are, both ends included, and what a known seam adds to a candidate's strength.

    The published lengths are 2 to 15 s. `cut_bonus` counts in full for a seam of confidence 1.
    """

    min_s: float = 2.0
    max_s: float = 15.0
    cut_bonus: float = 0.5

    def __post_init__(self) -> None:
        if not (self.min_s > 0 and math.isfinite(self.max_s) and 2 * self.min_s <= self.max_s):
            raise SeamlineError(
                f"Segments of {self.min_s} to {self.max_s} s do not fit every film: "
                "choose a longest of at least twice the shortest."
            )
        if not (math.isfinite(self.cut_bonus) and self.cut_bonus >= 0):
            raise SeamlineError(f"A bonus of {self.cut_bonus} cannot be: choose 0 or more.")

    def limits(self, rate: Fraction) -> tuple[int, int]:
        """The fewest and the most frames of a segment. Raises SeamlineError if none fit between."""
        fewest = max(1, math.ceil(Fraction(self.min_s) * rate))
        most = math.floor(Fraction(self.max_s) * rate)
        # with this, any film of at least `fewest` frames can be divided
        if 2 * fewest > most + 1:
            raise SeamlineError(
                f"Segments of {self.min_s} to {self.max_s} s are {fewest} to {most} frames here, which do not "
                "fit every film: choose a longest of at least twice the shortest."
            )
        return fewest, most


@dataclass(frozen=True, slots=True)
class Segment:
    """Frames [start_frame, end_frame). `number` counts from 1.

    `strength` is the candidate's it begins with, else 0; `seam` the known seam there, if any.
    """

    number: int
    start_frame: int
    end_frame: int
    opening: Opening
    strength: float = 0.0
    seam: Seam | None = None

    @property
    def length(self) -> int:
        return self.end_frame - self.start_frame


def find_segments(
    candidates: Iterable[CandidateSeam],
    sampling: Sampling,
    rule: SegmentRule | None = None,
    *,
    distances: FloatArray | None = None,
    seams: Iterable[Seam] = (),
    similarity: FloatArray | None = None,
) -> list[Segment]:
    """The segments that cover the film, in order; every length within the rule's.

    Of all ways to do so: the one with the fewest splits where no candidate is, of these the one whose
    candidates have the largest sum of strengths (and bonuses for known seams). Where a stretch without usable
    candidates must be split, it is at known seams, else at the best local maxima of `distances`
    (float32[gap_count]), else evenly. A film shorter than the shortest is one segment, one without frames
    none. `similarity` as in `places_in_gaps`. Raises SeamlineError for lengths that do not fit.
    """
    rule = rule or SegmentRule()
    limits = rule.limits(sampling.rate)
    seams = tuple(seams)
    count = sampling.frame_count
    if count == 0:
        return []
    by_frame = _best_by_frame(candidates, count, rule)
    bounds = _chosen_bounds(by_frame, count, limits, rule)
    splits: set[int] = set()
    if any(end - start > limits[1] for start, end in pairwise(bounds)):
        values = _split_values(sampling, distances, seams, similarity)
        for start, end in pairwise(bounds):
            splits.update(best_splits(start, end, limits, values))
    known = {seam.cut_frame: seam for seam in seams}
    starts = sorted({*bounds[:-1], *splits})
    segments = []
    for number, (start, end) in enumerate(pairwise([*starts, count]), 1):
        candidate = by_frame.get(start)
        if number == 1:
            segments.append(Segment(number, start, end, Opening.FILM))
        elif start in splits or candidate is None:
            segments.append(Segment(number, start, end, Opening.SPLIT, seam=known.get(start)))
        else:
            opening, strength = Opening.CANDIDATE, candidate.strength
            segments.append(Segment(number, start, end, opening, strength, candidate.seam))
    return segments


def _weight(candidate: CandidateSeam, rule: SegmentRule) -> float:
    """What using a candidate is worth."""
    bonus = rule.cut_bonus * candidate.seam.confidence if candidate.seam is not None else 0.0
    return candidate.strength + bonus


def _best_by_frame(
    candidates: Iterable[CandidateSeam], frame_count: int, rule: SegmentRule
) -> dict[int, CandidateSeam]:
    """The candidates within the film, one a frame."""
    best: dict[int, CandidateSeam] = {}
    for candidate in candidates:
        if 0 < candidate.frame < frame_count:
            other = best.get(candidate.frame)
            if other is None or _weight(candidate, rule) > _weight(other, rule):
                best[candidate.frame] = candidate
    return best


def _chosen_bounds(
    by_frame: dict[int, CandidateSeam], frame_count: int, limits: tuple[int, int], rule: SegmentRule
) -> list[int]:
    """0, the frames of the candidates to use, and the end of the film.

    Dynamic programming over the candidates: a stretch between two of them is worth the later one's weight,
    less a price for each split it needs (n frames need ceil(n / longest) - 1), higher than all weights
    together. Only a few predecessors have to be looked at: a candidate that is the shortest or more from
    both ends of a stretch never makes it dearer, since ceil(a) + ceil(b) - 1 <= ceil(a + b), and adds its
    weight; so the best way has no stretch around such a one.
    """
    fewest, most = limits
    if frame_count < fewest:
        return [0, frame_count]
    frames = [0, *sorted(by_frame), frame_count]
    weights = [0.0, *(_weight(by_frame[frame], rule) for frame in frames[1:-1]), 0.0]
    price = sum(weights) + 1
    values, before = [0.0], [0]
    for at in range(1, len(frames)):
        frame = frames[at]
        last = bisect_right(frames, frame - fewest, hi=at) - 1
        first = bisect_right(frames, frames[last] - fewest, hi=at) if last >= 0 else 0
        value, place = -math.inf, -1
        for earlier in range(first, last + 1):
            splits = (frame - frames[earlier] - 1) // most
            worth = values[earlier] + weights[at] - price * splits
            if worth > value:
                value, place = worth, earlier
        values.append(value)
        before.append(place)
    bounds = [len(frames) - 1]
    while bounds[-1] != 0:
        bounds.append(before[bounds[-1]])
    return [frames[at] for at in reversed(bounds)]


def _split_values(
    sampling: Sampling,
    distances: FloatArray | None,
    seams: Sequence[Seam],
    similarity: FloatArray | None,
) -> NDArray[np.float64]:
    """What a split at each frame is worth: float64[frame_count]."""
    values = np.zeros(sampling.frame_count)
    if distances is not None and len(distances):
        places = places_in_gaps(sampling, seams=seams, similarity=similarity)
        gaps = np.flatnonzero(local_maxima(distances))
        scores = min_max_scores(distances).astype(np.float64)
        np.maximum.at(values, places.frames[gaps], scores[gaps])
    for seam in seams:
        if seam.cut_frame < sampling.frame_count:
            values[seam.cut_frame] = max(values[seam.cut_frame], _CUT_VALUE + seam.confidence)
    return values


def best_splits(start: int, end: int, limits: tuple[int, int], values: NDArray[np.float64]) -> list[int]:
    """The frames that divide [start, end) into as few parts as `limits` (fewest and most frames) allow, with
    the largest sum of `values`; of equal ones those that divide most evenly. In order; none if it fits.

    Dynamic programming over the parts. What is left of the last split's freedom is less than the longest
    part, so each split has at most that many places.
    """
    fewest, most = limits
    parts = -(-(end - start) // most)
    layers = [(start, np.zeros(1))]
    for part in range(1, parts):
        left = parts - part
        low = max(start + part * fewest, end - left * most)
        high = min(start + part * most, end - left * fewest)
        base, reach = layers[-1]
        # place f follows one of f - most ... f - fewest
        wide = np.full(high - fewest - (low - most) + 1, -np.inf)
        first, last = max(base, low - most), min(base + len(reach), high - fewest + 1)
        wide[first - (low - most) : last - (low - most)] = reach[first - base : last - base]
        even = start + part * (end - start) / parts
        uneven = np.abs(np.arange(low, high + 1) - even) / most
        worth = _sliding_maxima(wide, most - fewest + 1) + values[low : high + 1] - _EVEN_VALUE * uneven
        layers.append((low, worth))
    splits: list[int] = []
    after = end
    for low, worth in reversed(layers[1:]):
        first = max(low, after - most)
        after = first + int(worth[first - low : after - fewest - low + 1].argmax())
        splits.append(after)
    return splits[::-1]


def _sliding_maxima(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The maximum of each `width` neighbours: float64[n - width + 1].

    In time independent of the width (van Herk, Pattern Recognition Letters 13(7), 1992): a window is the end
    of one block and the beginning of the next.
    """
    blocks = -(-len(values) // width)
    padded = np.full(blocks * width, -np.inf)
    padded[: len(values)] = values
    table = padded.reshape(blocks, width)
    from_start = np.maximum.accumulate(table, axis=1).ravel()
    from_end = np.maximum.accumulate(table[:, ::-1], axis=1)[:, ::-1].ravel()
    count = len(values) - width + 1
    maxima: NDArray[np.float64] = np.maximum(from_end[:count], from_start[width - 1 : width - 1 + count])
    return maxima
