"""The one place where frame number, presentation time and timecode count meet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from seamline.errors import MediaError

Int64Array = NDArray[np.int64]

_FLOAT_TOLERANCE_S = Fraction(1, 10**9)  # 0.12 as a float is a little less than 3/25
_NTSC_NOMINALS = (24, 30, 48, 60, 120)


def snap_rate(rate: Fraction) -> Fraction:
    """`rate` moved to the standard rate it stands for: n·1000/1001 or a whole number, if within 0.02 %.

    Containers with coarse clocks say 2997/100 or 19001/634 where 30000/1001 is meant.
    """
    candidates = [Fraction(n * 1000, 1001) for n in _NTSC_NOMINALS] + [Fraction(max(1, round(rate)))]
    nearest = min(candidates, key=lambda candidate: abs(candidate - rate))
    return nearest if abs(nearest - rate) <= rate * Fraction(2, 10_000) else rate


@dataclass(frozen=True, eq=False)
class FrameIndex:
    """Every frame of a film in presentation order, numbered from 0.

    `pts`: int64[N], strictly rising presentation times in `time_base` units. `keyframes`: int64[K], the
    frame numbers where decoding can begin, rising. `rate`: frames a second of the constant grid that
    timecode counts on. `end_pts`: where the last frame ends.
    """

    pts: Int64Array
    time_base: Fraction
    rate: Fraction
    keyframes: Int64Array
    end_pts: int

    def __post_init__(self) -> None:
        if self.pts.ndim != 1 or self.pts.dtype != np.int64 or len(self.pts) == 0:
            raise MediaError(
                f"A frame index needs int64[N >= 1] times, not {self.pts.dtype}{self.pts.shape}."
            )
        if np.any(np.diff(self.pts) <= 0):
            raise MediaError("The times of a frame index must rise from frame to frame.")
        if self.rate <= 0 or self.time_base <= 0:
            raise MediaError(f"Rate {self.rate} and time base {self.time_base} must be above 0.")

    def __len__(self) -> int:
        return len(self.pts)

    def __repr__(self) -> str:
        kind = "variable" if self.is_variable else "constant"
        return f"FrameIndex({len(self)} frames, {kind} {self.rate} frames/s, time base {self.time_base})"

    def time_of(self, frame: int) -> Fraction:
        """Seconds from the film's first frame to the start of `frame`; `frame == len(self)` gives the end."""
        pts = self.end_pts if frame == len(self) else int(self.pts[frame])
        return (pts - int(self.pts[0])) * self.time_base

    @property
    def duration(self) -> Fraction:
        """Seconds from the start of the first frame to the end of the last."""
        return self.time_of(len(self))

    def frame_at(self, time: Fraction | float) -> int:
        """The number of the frame on screen `time` seconds after the film's first frame, clamped to the film."""
        if isinstance(time, float):
            time = Fraction(time) + _FLOAT_TOLERANCE_S
        return self.frame_of_pts(math.floor(int(self.pts[0]) + time / self.time_base))

    def frame_of_pts(self, pts: int) -> int:
        """The number of the frame that begins at `pts`, or is on screen then; clamped to the film."""
        return int(np.clip(np.searchsorted(self.pts, pts, side="right") - 1, 0, len(self) - 1))

    def is_repeated(self, frame: int, pts: int) -> bool:
        """Whether the film says `pts` for `frame` too, which stands ticks later here as times must rise."""
        first = self.frame_of_pts(pts)
        return frame < len(self) and int(self.pts[frame]) - pts == frame - first

    def keyframe_before(self, frame: int) -> int:
        """The number of the last key frame at or before `frame` (0 where there is none)."""
        at = int(np.searchsorted(self.keyframes, frame, side="right")) - 1
        return int(self.keyframes[at]) if at >= 0 else 0

    @cached_property
    def is_variable(self) -> bool:
        """Whether the frames leave the constant grid of `rate` by more than the container's clock rounds."""
        ideal = np.arange(len(self.pts)) / (float(self.rate) * float(self.time_base))
        offset = (self.pts - self.pts[0]) - ideal
        tolerance = max(1.5, 0.25 / (float(self.rate) * float(self.time_base)))
        return bool(np.ptp(offset) > tolerance) if len(self.pts) > 1 else False

    def most_in_a_second(self, start_frame: int, end_frame: int) -> int:
        """How many of the frames from one to before the other begin within a second, where they are densest."""
        pts = self.pts[start_frame:end_frame]
        ends = np.searchsorted(pts, pts + math.ceil(1 / self.time_base))
        return int(np.max(ends - np.arange(len(pts)), initial=1))

    def grid_frame(self, frame: int) -> int:
        """`frame`'s place on the constant grid that editing systems count on; `len(self)` gives the end.

        The number itself at constant rate; at variable rate its time times the rate, rounded.
        """
        if not self.is_variable:
            return frame
        return round(self.time_of(frame) * self.rate)
