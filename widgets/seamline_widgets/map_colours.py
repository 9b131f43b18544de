"""Colours of the map's points: along the film's time, or by the segment they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# from dark to light, so that the order is seen without the hues too; all stand out on dark grey
TIME_STOPS = ("#5674c8", "#2f9fb0", "#5cc27e", "#c3d94e", "#fdeb6a")
_TIME_STEPS = 32
# neighbouring segments never look alike; Okabe and Ito's hues, "Color Universal Design", 2008, lightened
SEGMENT_COLOURS = ("#62b8ea", "#f2a03d", "#2fbf94", "#d78ab5", "#f0e06a", "#8f9cf0", "#ef7d5a", "#b9b9b9")


@dataclass(frozen=True, eq=False)
class MapColours:
    """`groups`: a colour, and the places (int64[n]) of the points that have it."""

    groups: tuple[tuple[str, NDArray[np.int64]], ...]

    @classmethod
    def by_time(cls, frames: NDArray[np.int64]) -> MapColours:
        """The first frame darkest, the last lightest."""
        if not len(frames):
            return cls(())
        span = max(1, int(frames[-1] - frames[0]) + 1)
        steps = (frames - frames[0]) * _TIME_STEPS // span
        return cls(
            tuple(
                (time_colour((step + 0.5) / _TIME_STEPS), np.flatnonzero(steps == step))
                for step in np.unique(steps).tolist()
            )
        )

    @classmethod
    def by_segment(cls, frames: NDArray[np.int64], starts: NDArray[np.int64]) -> MapColours:
        """A colour for each segment, from those of `starts` (int64[k], in order), in turn."""
        numbers = (np.searchsorted(starts, frames, side="right") - 1) % len(SEGMENT_COLOURS)
        return cls(
            tuple((SEGMENT_COLOURS[n], np.flatnonzero(numbers == n)) for n in np.unique(numbers).tolist())
        )


def time_colour(share: float) -> str:
    """The colour, `#rrggbb`, of that share (0 to 1) of the film."""
    stops = [[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in TIME_STOPS]
    place = min(max(0.0, share), 1.0) * (len(stops) - 1)
    at = min(int(place), len(stops) - 2)
    low, high = list(pairwise(stops))[at]
    mixed = (round(a + (b - a) * (place - at)) for a, b in zip(low, high, strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)
