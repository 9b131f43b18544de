"""Which pairs of shots look alike enough to be looked at closer: a few of each shot's, however many shots there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.frame_vectors import FrameVectors
from seamline.progress import Progress
from seamline.project.labels import Range

PICTURES_A_SHOT = 3
"""First, last and two between: in a shot that moves, its end looks like the beginning of the next take of it."""

_MOST_LATER = 16
"""Of a shot's pairs with later ones, how many of the most alike are kept; groups hold together by fewer."""

_NEIGHBOURS = 6
"""Shots of a dialogue are near each other: so many later ones are always kept."""

_ROWS = 128
_FADED_SHARE = 0.5  # of the shot's highest contrast: below that, there is less to see than elsewhere in it
_MARGIN_SHARE, _MARGIN_FRAMES = 8, 12
"""An eighth of a shot, at most so many frames, at either end may be mixed with its neighbour."""


@dataclass(frozen=True, slots=True, eq=False)
class ShotPictures:
    """The vectors of PICTURES_A_SHOT frames of each shot that has any: float32[shots, PICTURES_A_SHOT, dimension].

    `shots`: int64[n], the places of those shots; `frames`: int64[n, PICTURES_A_SHOT]. Of a shot with fewer vectors,
    some stand there more than once.
    """

    shots: NDArray[np.int64]
    frames: NDArray[np.int64]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class ShotPairs:
    """Pairs of places in ShotPictures, `first` < `second`, int64[n] each, and their most alike pictures' places."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    first_picture: NDArray[np.int64]
    second_picture: NDArray[np.int64]
    cosines: NDArray[np.float32]


def pictures_of(
    vectors: FrameVectors, shots: Sequence[Range], contrast: NDArray[np.float32] | None = None
) -> ShotPictures:
    """Those of the shots' inner frames, as far apart as may be.

    `contrast`: float32[frames], as far as known; what fades to black or is black for a while is left out by it.
    """
    places, rows = [], []
    for place, (start, end) in enumerate(shots):
        low, high = np.searchsorted(vectors.frames, (start, end)).tolist()
        if low == high:
            continue
        margin = min((end - start) // _MARGIN_SHARE, _MARGIN_FRAMES)
        inner_low, inner_high = np.searchsorted(vectors.frames, (start + margin, end - margin)).tolist()
        if inner_low < inner_high:
            low, high = inner_low, inner_high
        usable = np.arange(low, high)
        if contrast is not None and end <= len(contrast):
            seen = contrast[vectors.frames[low:high]]
            usable = usable[seen >= _FADED_SHARE * max(0.0, float(seen.max()))]
        places.append(place)
        rows.append(usable[np.linspace(0, len(usable) - 1, PICTURES_A_SHOT).round().astype(np.int64)])
    index = np.array(rows, np.int64).reshape(-1, PICTURES_A_SHOT)
    return ShotPictures(np.array(places, np.int64), vectors.frames[index], vectors.vectors[index])


def alike_pairs(pictures: ShotPictures, *, progress: Progress | None = None) -> ShotPairs:
    """Each shot with its nearest later ones, in time and in looks. Memory grows with the number of shots alone.

    How alike two shots are is how alike their most alike pictures are (measured against the mean of the two most
    alike pairs and of all: best by a little and by far).
    """
    count = len(pictures.shots)
    by_picture = [np.ascontiguousarray(pictures.vectors[:, at]) for at in range(PICTURES_A_SHOT)]
    kept: list[tuple[NDArray[np.int64], ...]] = []
    cosines: list[NDArray[np.float32]] = []
    for start in range(0, count - 1, _ROWS):
        if progress is not None:
            progress.step(start, count)
        end = min(start + _ROWS, count)
        best, which = _best_of(by_picture, start, end)
        for row in range(min(end, count - 1) - start):
            later = best[row, row + 1 :]
            near = np.arange(min(_NEIGHBOURS, len(later)))
            if len(later) > _MOST_LATER:
                near = np.union1d(near, np.argpartition(-later, _MOST_LATER)[:_MOST_LATER])
            else:
                near = np.arange(len(later))
            code = which[row, row + 1 + near].astype(np.int64)
            first = np.full(len(near), start + row, np.int64)
            kept.append((first, start + row + 1 + near, code // PICTURES_A_SHOT, code % PICTURES_A_SHOT))
            cosines.append(later[near])
    if not kept:
        nothing = np.empty(0, np.int64)
        return ShotPairs(nothing, nothing, nothing, nothing, np.empty(0, np.float32))
    first, second, first_picture, second_picture = (
        np.concatenate(column) for column in zip(*kept, strict=True)
    )
    return ShotPairs(first, second, first_picture, second_picture, np.concatenate(cosines))


def _best_of(
    by_picture: Sequence[NDArray[np.float32]], start: int, end: int
) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Of the shots [start, end) with all from `start` on: the highest cosine of their pictures, and which these are."""
    shape = end - start, len(by_picture[0]) - start
    best, which = np.full(shape, -2, np.float32), np.zeros(shape, np.int8)
    for a, firsts in enumerate(by_picture):
        for b, seconds in enumerate(by_picture):
            cosines = firsts[start:end] @ seconds[start:].T
            is_better = cosines > best
            np.copyto(best, cosines, where=is_better)
            np.copyto(which, a * PICTURES_A_SHOT + b, where=is_better)
    return best, which
