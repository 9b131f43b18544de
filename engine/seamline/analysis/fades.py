"""Where the film goes through black, white or a plain colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.stage import FloatArray

_LAG_FRAMES = 3
_MIN_RISE = 0.002  # of contrast, over the lag: slower than any fade that is seen as one
_MAX_STEP = 0.06  # a larger one from frame to frame is a cut
_LONGEST_RAMP_FRAMES = 120


def fade_zones(contrast: FloatArray, blank_contrast: float) -> list[tuple[int, int]]:
    """Half-open ranges of blank pictures together with the ramps that lead into and out of them.

    `contrast`: float32[N], the standard deviation of luma, 0 to 1. A ramp is where it rises steadily, away
    from the blank picture: a fade scales the picture, and its contrast with it.
    """
    backwards = contrast[::-1]
    count = len(contrast)
    return [
        (count - _ramp_end(backwards, count - start), _ramp_end(contrast, end))
        for start, end in runs_of(contrast < blank_contrast)
    ]


def _ramp_end(contrast: FloatArray, start: int) -> int:
    """Where the rise that begins at `start` ends (exclusive)."""
    end = start
    last = min(len(contrast), start + _LONGEST_RAMP_FRAMES)
    while end < last:
        rise = contrast[end] - contrast[max(0, end - _LAG_FRAMES)]
        step = contrast[end] - contrast[max(0, end - 1)]
        if rise <= _MIN_RISE or step > _MAX_STEP:
            break
        end += 1
    return end


def runs_of(over: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open ranges of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], over, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
