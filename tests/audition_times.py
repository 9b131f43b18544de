"""When the frames of a film are on, for tests that need no film."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from seamline.media.timebase import FrameIndex

_KEYS = np.zeros(1, np.int64)


def even_times(rate: Fraction, frames: int = 2700) -> FrameIndex:
    """Of a film whose frames are on for equally long."""
    return FrameIndex(np.arange(frames, dtype=np.int64), 1 / rate, rate, _KEYS, frames)


def uneven_times(lasting_ms: Sequence[int]) -> FrameIndex:
    """Of a film whose frames are on for that long each; 25 a second by its header."""
    at_ms = np.concatenate([[0], np.cumsum(lasting_ms)]).astype(np.int64)
    return FrameIndex(at_ms[:-1], Fraction(1, 1000), Fraction(25), _KEYS, int(at_ms[-1]))
