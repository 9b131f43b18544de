"""Where the seams stand on the timeline: which are visible, which flags have room, what the mouse is on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from seamline.project.types import Origin, Seam, SeamKind
from seamline_widgets.timeline_scale import TimeScale

FLAG_PX = 16
REACH_PX = 5
_EDGE_PX = 6
_KINDS = tuple(SeamKind)


class Part(Enum):
    """What of a seam the mouse holds."""

    WHOLE = "whole"
    OUT_EDGE = "out edge"
    IN_EDGE = "in edge"


@dataclass(frozen=True, slots=True)
class Flag:
    """The flag of seam number `at`, from `left` to `right` in pixels."""

    at: int
    left: float
    right: float


class SeamRow:
    """All seams of the film in order, as arrays, so that thousands cost nothing while only some are visible.

    A seam covers the frames that belong to neither shot, [out_frame + 1, in_frame); a cut covers none and
    stands where its incoming shot begins.
    """

    def __init__(self, seams: Sequence[Seam] = ()) -> None:
        self.seams: tuple[Seam, ...] = tuple(sorted(seams))
        self.left: NDArray[np.int64] = np.array([s.out_frame + 1 for s in self.seams], dtype=np.int64)
        self.right: NDArray[np.int64] = np.array([s.in_frame for s in self.seams], dtype=np.int64)
        self.kind: NDArray[np.int8] = np.array([_KINDS.index(s.kind) for s in self.seams], dtype=np.int8)
        self._at_id = {seam.id: at for at, seam in enumerate(self.seams)}

    def __len__(self) -> int:
        return len(self.seams)

    def index_of(self, seam_id: str | None) -> int | None:
        """The place of that seam in the row, None if it is not there (any more)."""
        return self._at_id.get(seam_id) if seam_id is not None else None

    def with_moved(self, at: int, out_frame: int, in_frame: int) -> SeamRow:
        """A copy in which seam `at` has other frames, for the preview of a drag."""
        return SeamRow(
            [moved_seam(s, out_frame, in_frame) if i == at else s for i, s in enumerate(self.seams)]
        )

    def visible(self, scale: TimeScale) -> slice:
        """The seams of which a line, a span or a flag may be seen."""
        margin = FLAG_PX / scale.frame_px
        first = int(np.searchsorted(self.right, scale.first - margin, side="left"))
        last = int(np.searchsorted(self.left, scale.last + margin, side="right"))
        return slice(first, last)

    def flags(self, scale: TimeScale, selected: int | None) -> list[Flag]:
        """The flags that fit between their neighbours; that of the selected seam always, and last."""
        part = self.visible(scale)
        if part.start >= part.stop:
            return []
        left = (self.left[part] - scale.first) * scale.frame_px
        right = (self.right[part] - scale.first) * scale.frame_px
        half = np.maximum(FLAG_PX, right - left) / 2
        centre = (left + right) / 2
        left, right = centre - half, centre + half
        has_gap = left[1:] - right[:-1] >= 2
        fits = np.append(True, has_gap) & np.append(has_gap, True)
        flags = [
            Flag(part.start + i, float(left[i]), float(right[i]))
            for i in np.flatnonzero(fits)
            if part.start + i != selected
        ]
        if selected is not None and part.start <= selected < part.stop:
            i = selected - part.start
            flags.append(Flag(selected, float(left[i]), float(right[i])))
        return flags

    def flag_at(self, scale: TimeScale, x_px: float, selected: int | None) -> tuple[int, Part] | None:
        """The seam whose flag is under `x_px`, and the part of it that a drag would move."""
        for flag in reversed(self.flags(scale, selected)):
            if flag.left - 1 <= x_px <= flag.right + 1:
                if flag.right - flag.left >= 4 * _EDGE_PX and self.left[flag.at] != self.right[flag.at]:
                    if x_px < flag.left + _EDGE_PX:
                        return flag.at, Part.OUT_EDGE
                    if x_px > flag.right - _EDGE_PX:
                        return flag.at, Part.IN_EDGE
                return flag.at, Part.WHOLE
        return None

    def line_at(self, scale: TimeScale, x_px: float, selected: int | None) -> int | None:
        """The seam within `REACH_PX` of `x_px`, among those whose flag is shown.

        Where seams stand too close for flags, none can be meant by the mouse: there it scrubs.
        """
        nearest = None
        reach = float(REACH_PX)
        for flag in self.flags(scale, selected):
            left, right = scale.x_of(float(self.left[flag.at])), scale.x_of(float(self.right[flag.at]))
            distance = min(abs(x_px - left), abs(x_px - right))
            if distance <= reach:
                nearest, reach = flag.at, distance
        return nearest

    def dragged(self, at: int, part: Part, by_frames: int, frame_count: int) -> tuple[int, int]:
        """The out and in frame of seam `at` moved by `by_frames`, stopped by its neighbours.

        An edge pulled over the other one leaves a cut.
        """
        seam = self.seams[at]
        lowest = int(self.right[at - 1]) if at > 0 else 0
        highest = int(self.left[at + 1]) - 1 if at + 1 < len(self) else frame_count - 1
        if part is Part.OUT_EDGE:
            return min(max(seam.out_frame + by_frames, lowest), seam.in_frame - 1), seam.in_frame
        if part is Part.IN_EDGE:
            return seam.out_frame, max(min(seam.in_frame + by_frames, highest), seam.out_frame + 1)
        by_frames = max(lowest - seam.out_frame, min(by_frames, highest - seam.in_frame))
        return seam.out_frame + by_frames, seam.in_frame + by_frames


def moved_seam(seam: Seam, out_frame: int, in_frame: int) -> Seam:
    """`seam` as it will be at other frames: the user's, and a cut if nothing lies between its shots."""
    kind = SeamKind.CUT if in_frame == out_frame + 1 else seam.kind
    return Seam(out_frame, in_frame, kind, 1.0, Origin.USER, seam.id)
