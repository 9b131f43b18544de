"""The very same frames again: a flashback, a trailer, a shot that was cut in twice.

Two takes of one set-up look the same and are not: what tells them apart is when things move. So the curves of the later
shot are slid along those of the earlier one, and have to fit at one place, and there alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.signals import Signals
from seamline.analysis.similarity import BRIGHTNESS, CONTRAST, SIMILARITY
from seamline.project.labels import Range

LEAST_CORRELATION = 0.8
LEAST_LEAD = 0.1
"""By how much the best place must fit better than any other, or it is a movement that comes again and again.

Both measured on the half of `evaluation.grouping_takes` that thresholds were chosen by: other takes of the same set-up
came to .70 (but for one of an animated film), repeats with anything moving in them began at .82.
"""
LEAST_OF_RANKS = 0.6
"""Of the frames' ranks: a light that flashes once in both makes the values alike and not the ranks (.37 and .42 in a
film where that is so; repeats have .7 and more)."""
LEAST_FRAMES = 12
_ALIKE = 0.1  # what fits so nearly as well counts as well: of them the earliest
_BESIDE = 3  # frames that count as the same place
_TINY = 1e-9


Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MotionCurves:
    """How far brightness and contrast step, and how far the picture changes, from frame to frame: float64[3, frames].

    `sums` and `squares` are of all frames before each: float64[3, frames + 1].
    """

    values: Floats
    sums: Floats
    squares: Floats

    @classmethod
    def of(cls, signals: Signals) -> MotionCurves | None:
        """Of the frames for which they are known; None where they are not known at all."""
        if any(name not in signals for name in (BRIGHTNESS, CONTRAST, SIMILARITY)):
            return None
        known = signals.done_frames(BRIGHTNESS, CONTRAST, SIMILARITY)
        brightness, contrast, similarity = (
            signals.known(name)[:known].astype(np.float64) for name in (BRIGHTNESS, CONTRAST, SIMILARITY)
        )
        values = np.stack(
            [
                np.diff(brightness, prepend=brightness[:1]),
                np.diff(contrast, prepend=contrast[:1]),
                np.sqrt(np.clip(1 - similarity, 0, 1)),
            ]
        )
        before = ((0, 0), (1, 0))
        return cls(values, np.pad(values.cumsum(1), before), np.pad((values**2).cumsum(1), before))

    def __len__(self) -> int:
        return int(self.values.shape[1])


def repeated_frames(curves: MotionCurves, shot: Range, earlier: Iterable[Range]) -> Range | None:
    """The frames of one of the `earlier` shots that `shot` shows again, by at least LEAST_FRAMES and half the shorter
    one; None where nothing moves in them, or nothing fits."""
    found: list[tuple[float, Range]] = []
    for each in earlier:
        place = _fit(curves, each, shot)
        if place is None:
            continue
        correlation, offset = place
        start = max(each[0], each[0] + offset)
        end = min(each[1], each[0] + offset + shot[1] - shot[0])
        found.append((correlation, (start, end)))
    if not found:
        return None
    best = max(correlation for correlation, _ in found)
    return min(frames for correlation, frames in found if correlation >= best - _ALIKE)


def _fit(curves: MotionCurves, earlier: Range, later: Range) -> tuple[float, int] | None:
    """How well, -1 to 1, and how many frames into `earlier` the first one of `later` fits best; may be below 0."""
    shortest = min(earlier[1] - earlier[0], later[1] - later[0]) - 1
    least = max(LEAST_FRAMES, shortest // 2)
    if shortest < least:
        return None
    correlations, offsets = _correlations(curves, earlier, later, least)
    best = int(correlations.argmax())
    elsewhere = correlations[np.abs(offsets - offsets[best]) > _BESIDE]
    lead = correlations[best] - elsewhere.max(initial=-1)
    if correlations[best] < LEAST_CORRELATION or lead < LEAST_LEAD:
        return None
    offset = int(offsets[best])
    start, end = (
        max(earlier[0], earlier[0] + offset) + 1,
        min(earlier[1], earlier[0] + offset + later[1] - later[0]),
    )
    shift = later[0] - earlier[0] - offset
    if (
        _rank_correlation(curves.values[:, start:end], curves.values[:, start + shift : end + shift])
        < LEAST_OF_RANKS
    ):
        return None
    return float(correlations[best]), offset


def _rank_correlation(one: Floats, other: Floats) -> float:
    """The mean over the curves of Spearman's correlation."""
    ranks = [curves.argsort(1).argsort(1).astype(np.float64) for curves in (one, other)]
    centred = [each - each.mean(1, keepdims=True) for each in ranks]
    spread = np.sqrt((centred[0] ** 2).sum(1) * (centred[1] ** 2).sum(1))
    return float(((centred[0] * centred[1]).sum(1) / np.maximum(spread, _TINY)).mean())


def _correlations(
    curves: MotionCurves, earlier: Range, later: Range, least: int
) -> tuple[Floats, NDArray[np.int64]]:
    """The mean over the curves of Pearson's correlation, at every offset with so many frames in common.

    Without the shots' first frames, whose steps are the cuts.
    """
    (a_start, a_end), (b_start, b_end) = (earlier[0] + 1, earlier[1]), (later[0] + 1, later[1])
    a, b = a_end - a_start, b_end - b_start
    offsets = np.arange(least - b, a - least + 1)
    low, high = np.maximum(offsets, 0), np.minimum(offsets + b, a)
    count = (high - low).astype(np.float64)

    def of_window(sums: Floats, first: NDArray[np.int64], last: NDArray[np.int64]) -> Floats:
        window: Floats = sums[:, last] - sums[:, first]
        return window

    in_a, in_b = (a_start + low, a_start + high), (b_start + low - offsets, b_start + high - offsets)
    x, x_squares = of_window(curves.sums, *in_a), of_window(curves.squares, *in_a)
    y, y_squares = of_window(curves.sums, *in_b), of_window(curves.squares, *in_b)
    products = np.stack(
        [
            np.correlate(one[a_start:a_end], one[b_start:b_end], "full")[offsets + b - 1]
            for one in curves.values
        ]
    )
    spread = np.maximum(x_squares - x**2 / count, 0) * np.maximum(y_squares - y**2 / count, 0)
    # where nothing moves, what is left is noise of rounding: it correlates with nothing
    correlations = (products - x * y / count) / (np.sqrt(spread) + _TINY)
    return np.asarray(correlations.mean(0)), offsets


def likeliest_earlier(
    count: int, first: NDArray[np.int64], second: NDArray[np.int64], cosines: NDArray[np.float32], most: int
) -> Sequence[list[int]]:
    """For each of `count` shots those earlier ones, `most` of them, that it is paired with and looks most alike."""
    earlier: list[list[int]] = [[] for _ in range(count)]
    for at in np.lexsort((first, -cosines)).tolist():
        if len(earlier[second[at]]) < most:
            earlier[second[at]].append(int(first[at]))
    return earlier
