"""Where the seams stand on the timeline: which are visible, which flags have room, what the mouse is on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from enum import Enum
from typing import overload

import numpy as np
from numpy.typing import NDArray

from seamline.project.edits import MoveSeam
from seamline.project.types import BY_PLACE, Origin, Seam, SeamKind
from seamline_widgets.timeline_flag_room import FLAG_PX, covered, flag_widths, leading_width
from seamline_widgets.timeline_scale import TimeScale

REACH_PX = 5
_EDGE_PX = 6
_KINDS = tuple(SeamKind)
_CUT, _DISSOLVE = _KINDS.index(SeamKind.CUT), _KINDS.index(SeamKind.DISSOLVE)


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

    @property
    def is_full(self) -> bool:
        """Whether it has all the room that it would like."""
        return self.right - self.left >= FLAG_PX


class SeamRow:
    """All seams of the film in order, as arrays, so that thousands cost nothing while only some are visible.

    A seam covers the frames that belong to neither shot, [out_frame + 1, in_frame); a cut covers none and
    stands where its incoming shot begins.
    """

    def __init__(self, seams: Sequence[Seam] = ()) -> None:
        self.seams: Sequence[Seam] = tuple(sorted(seams, key=BY_PLACE))
        self.left: NDArray[np.int64] = np.array([s.out_frame + 1 for s in self.seams], dtype=np.int64)
        self.right: NDArray[np.int64] = np.array([s.in_frame for s in self.seams], dtype=np.int64)
        self.kind: NDArray[np.int8] = np.array([_KINDS.index(s.kind) for s in self.seams], dtype=np.int8)
        self.confidence: NDArray[np.float32] = np.array([s.confidence for s in self.seams], dtype=np.float32)
        self.reviewed: NDArray[np.bool_] = np.array(
            [s.origin is Origin.USER for s in self.seams], dtype=np.bool_
        )
        self._at_id = {seam.id: at for at, seam in enumerate(self.seams)}
        self._preview: tuple[dict[str, tuple[int, int]], SeamRow] | None = None

    def __len__(self) -> int:
        return len(self.seams)

    def index_of(self, seam_id: str | None) -> int | None:
        """The place of that seam in the row, None if it is not there (any more)."""
        return self._at_id.get(seam_id) if seam_id is not None else None

    def with_frames(self, frames: Mapping[str, tuple[int, int]]) -> SeamRow:
        """A copy in which these seams have other out and in frames, for the preview of a drag.

        They must keep their order, as `moved` and its like see to. The same frames give the same copy.
        """
        if not frames:
            return self
        if self._preview is None or self._preview[0] != frames:
            self._preview = dict(frames), self._moved_copy(dict(frames))
        return self._preview[1]

    @property
    def cut_frames(self) -> NDArray[np.int64]:
        """Where a cut list cuts, in order."""
        return (self.left + self.right) // 2

    def visible(self, scale: TimeScale) -> slice:
        """The seams of which a line, a span or a flag may be seen."""
        margin = FLAG_PX / scale.frame_px
        first = int(np.searchsorted(self.right, scale.first - margin, side="left"))
        last = int(np.searchsorted(self.left, scale.last + margin, side="right"))
        return slice(first, last)

    def flags(self, scale: TimeScale, selected: int | None, others: Collection[int] = ()) -> list[Flag]:
        """The flags that fit between their neighbours, narrower where seams are close.

        Where room is short, what the user made or confirmed, and `others`, which are selected too, come first;
        the flag of the selected seam is always there, and last.
        """
        part = self.visible(scale)
        if part.start >= part.stop:
            return []
        left = (self.left[part] - scale.first) * scale.frame_px
        right = (self.right[part] - scale.first) * scale.frame_px
        is_first = self.reviewed[part].copy()
        is_first[[at - part.start for at in others if part.start <= at < part.stop]] = True
        widths = flag_widths(left, right, is_first)
        leading = None if selected is None else selected - part.start
        if leading is not None and 0 <= leading < len(widths):
            widths[leading] = leading_width(left, right, widths, leading)
            widths[covered(left, right, widths, leading)] = 0
        middle = (left + right) / 2
        starts, ends = (middle - widths / 2).tolist(), (middle + widths / 2).tolist()
        shown = np.flatnonzero(widths).tolist()
        shown.sort(key=lambda i: i == leading)
        return [Flag(part.start + i, starts[i], ends[i]) for i in shown]

    def flag_at(
        self, scale: TimeScale, x_px: float, selected: int | None, others: Collection[int] = ()
    ) -> tuple[int, Part] | None:
        """The seam whose flag is under `x_px`, and the part of it that a drag would move."""
        for flag in reversed(self.flags(scale, selected, others)):
            if flag.left - 1 <= x_px <= flag.right + 1:
                if flag.right - flag.left >= 4 * _EDGE_PX and self.left[flag.at] != self.right[flag.at]:
                    if x_px < flag.left + _EDGE_PX:
                        return flag.at, Part.OUT_EDGE
                    if x_px > flag.right - _EDGE_PX:
                        return flag.at, Part.IN_EDGE
                return flag.at, Part.WHOLE
        return None

    def line_at(self, scale: TimeScale, x_px: float, selected: int | None) -> int | None:
        """The seam within `REACH_PX` of `x_px`, among those whose flag has all its room, and the selected one.

        Where seams stand too close for that, none can be meant by the mouse: there it scrubs.
        """
        nearest = None
        reach = float(REACH_PX)
        for flag in self.flags(scale, selected):
            if not flag.is_full and flag.at != selected:
                continue
            left, right = scale.x_of(float(self.left[flag.at])), scale.x_of(float(self.right[flag.at]))
            distance = min(abs(x_px - left), abs(x_px - right))
            if distance <= reach:
                nearest, reach = flag.at, distance
        return nearest

    def between(self, first: float, end: float) -> tuple[str, ...]:
        """The seams that stand in these frames: cuts at their place, gradual ones with any of their frames."""
        start = int(np.searchsorted(self.right, first, side="left"))
        stop = int(np.searchsorted(self.left, end, side="right"))
        return tuple(self.seams[at].id for at in range(start, stop))

    def dragged(self, at: int, part: Part, by_frames: int, frame_count: int) -> tuple[int, int]:
        """The out and in frame of seam `at` whose edge is moved by `by_frames`, stopped by its neighbours.

        An edge pulled over the other one leaves a cut.
        """
        seam = self.seams[at]
        lowest, highest = self._room(at, frame_count)
        if part is Part.OUT_EDGE:
            return min(max(seam.out_frame + by_frames, lowest), seam.in_frame - 1), seam.in_frame
        if part is Part.IN_EDGE:
            return seam.out_frame, max(min(seam.in_frame + by_frames, highest), seam.out_frame + 1)
        by_frames = max(lowest - seam.out_frame, min(by_frames, highest - seam.in_frame))
        return seam.out_frame + by_frames, seam.in_frame + by_frames

    def leeway(self, at: Collection[int], frame_count: int) -> tuple[int, int]:
        """How many frames all these seams can move together: the least number, not over 0, and the greatest.

        The first of them that meets a seam which is not moved, or an end of the film, stops all.
        """
        order = np.array(sorted(at), dtype=np.int64)
        if not len(order):
            return 0, 0
        # seams that follow one another keep their distance: only the ends of such a run can meet something
        has_gap = np.diff(order) > 1
        heads, tails = order[np.append(True, has_gap)], order[np.append(has_gap, True)]
        below = np.append(0, self.right)[heads]
        above = np.append(self.left - 1, frame_count - 1)[tails + 1]
        return int((below - (self.left[heads] - 1)).max()), int((above - self.right[tails]).min())

    def moved(self, at: Collection[int], by_frames: int, frame_count: int) -> dict[str, tuple[int, int]]:
        """The out and in frames, by id, of all these seams moved together, as far as their leeway goes."""
        least, most = self.leeway(at, frame_count)
        by_frames = max(least, min(by_frames, most))
        order = np.array(sorted(at), dtype=np.int64)
        outs, ins = (self.left[order] - 1 + by_frames).tolist(), (self.right[order] + by_frames).tolist()
        ids = (self.seams[i].id for i in order.tolist())
        return dict(zip(ids, zip(outs, ins, strict=True), strict=True))

    def stretched(self, at: int, by_frames: int, frame_count: int) -> tuple[int, int]:
        """The out and in frame of seam `at` when both its sides go outwards by `by_frames`, or inwards.

        It stays about its middle: the nearer neighbour stops both sides, and pulled together it is a cut there.
        """
        seam = self.seams[at]
        lowest, highest = self._room(at, frame_count)
        by_frames = min(by_frames, seam.out_frame - lowest, highest - seam.in_frame)
        out_frame, in_frame = seam.out_frame - by_frames, seam.in_frame + by_frames
        return (out_frame, in_frame) if out_frame < in_frame else (seam.cut_frame - 1, seam.cut_frame)

    def _moved_copy(self, frames: dict[str, tuple[int, int]]) -> SeamRow:
        places = [(self._at_id[seam_id], *frames[seam_id]) for seam_id in frames if seam_id in self._at_id]
        at, out_frames, in_frames = np.array(places, dtype=np.int64).reshape(-1, 3).T
        row = copy(self)
        row.seams, row._preview = _MovedSeams(self.seams, frames), None
        row.left, row.right, row.kind = self.left.copy(), self.right.copy(), self.kind.copy()
        row.left[at], row.right[at] = out_frames + 1, in_frames
        row.reviewed, row.confidence = self.reviewed.copy(), self.confidence.copy()
        row.reviewed[at], row.confidence[at] = True, 1.0
        was_cut = row.kind[at] == _CUT
        row.kind[at] = np.where(was_cut, _DISSOLVE, row.kind[at])
        row.kind[at[in_frames == out_frames + 1]] = _CUT
        return row

    def _room(self, at: int, frame_count: int) -> tuple[int, int]:
        """The least out frame and the greatest in frame that the neighbours of seam `at` allow."""
        lowest = int(self.right[at - 1]) if at > 0 else 0
        highest = int(self.left[at + 1]) - 1 if at + 1 < len(self) else frame_count - 1
        return lowest, highest


def moved_seam(seam: Seam, out_frame: int, in_frame: int) -> Seam:
    """`seam` as it will be at other frames: the user's; a cut if nothing lies between its shots, else none."""
    moved = MoveSeam(seam, out_frame, in_frame).decision.after
    assert moved is not None
    return moved


class _MovedSeams(Sequence[Seam]):
    """Seams of which some are elsewhere; only those that are looked at are made."""

    def __init__(self, seams: Sequence[Seam], frames: Mapping[str, tuple[int, int]]) -> None:
        self._seams, self._frames = seams, frames

    def __len__(self) -> int:
        return len(self._seams)

    @overload
    def __getitem__(self, at: int) -> Seam: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Seam]: ...

    def __getitem__(self, at: int | slice) -> Seam | Sequence[Seam]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        seam = self._seams[at]
        frames = self._frames.get(seam.id)
        return seam if frames is None else moved_seam(seam, *frames)
