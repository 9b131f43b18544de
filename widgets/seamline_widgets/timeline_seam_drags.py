"""Dragging seams by their flags: moving one or several, moving one edge, pulling both sides apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from seamline.project.types import SeamKind
from seamline_widgets.drag_news import DragNews, Frames
from seamline_widgets.timeline_drags import Drag, Hand
from seamline_widgets.timeline_grips import Sight
from seamline_widgets.timeline_seams import Part, SeamRow
from seamline_widgets.timeline_snap import SnapTargets

if TYPE_CHECKING:
    from seamline_widgets.timeline import TimelineView


class SeamDrag(Drag):
    """Shows seams at other frames, and says at the end which; what is held, and how it moves, say its classes.

    On the way it tells where the held one is, but not more often than pictures of it can follow.
    """

    scrolls = True

    def __init__(self, view: TimelineView, button: Qt.MouseButton, hand: Hand, seam_id: str) -> None:
        super().__init__(view, button, hand)
        self._id = seam_id
        self._previews: dict[str, Frames] = {}
        # what is told below may move the playhead, which must not then catch what it follows
        sight = view.sight()
        self._playhead = sight.playhead
        seam = sight.seams.seams[sight.seams.index_of(seam_id) or 0]
        frames = seam.out_frame, seam.in_frame
        self._news = DragNews(seam_id, frames, view.seam_dragged.emit, view.drag_ended.emit)

    def frames(self, sight: Sight, at: int, by_frames: int) -> dict[str, Frames]:
        """The frames, by id, of what moves when the hand takes seam number `at` along by so many frames."""
        raise NotImplementedError

    def held_frames(self, sight: Sight, at: int, by_frames: int) -> Frames:
        """The frames of seam number `at` alone."""
        return self.frames(sight, at, by_frames)[self._id]

    def catching(self, frames: Frames, by_frames: int) -> tuple[int, ...]:
        """Which places of the held seam at these frames snap; all of them go along with the hand."""
        raise NotImplementedError

    def move(self) -> None:
        sight = self.view.sight()
        at = sight.seams.index_of(self._id)
        if at is None:
            return
        by_frames, snapped_frame = self.frames_moved(), None
        if self.view.snaps(self.hand):
            targets = SnapTargets(_single_targets(sight, self._playhead), sight.faint.cut_frames)
            places = self.catching(self.held_frames(sight, at, by_frames), by_frames)
            hit = targets.shift(places, sight.scale.frame_px)
            if hit is not None:
                closer = by_frames + hit[0]
                # a neighbour may stand in the way
                if hit[1] in self.catching(self.held_frames(sight, at, closer), by_frames):
                    by_frames, snapped_frame = closer, hit[1]
        self._previews = self.frames(sight, at, by_frames)
        self.view.show_drag(previews=self._previews, snapped_frame=snapped_frame)
        self._news.put(self._previews[self._id])

    def drop(self) -> None:
        self._news.flush()
        self._say_moves()
        self._news.end()

    def give_up(self) -> None:
        self._news.end()

    def lose(self) -> None:
        self._news.end()

    def _say_moves(self) -> None:
        seams = self.view.sight().seams
        at = seams.index_of(self._id)
        if at is None or self._id not in self._previews:
            return
        if self._previews[self._id] == (seams.seams[at].out_frame, seams.seams[at].in_frame):
            return
        if len(self._previews) == 1:
            self.view.seam_moved.emit(self._id, *self._previews[self._id])
        else:
            self.view.seams_moved.emit(tuple((one, *frames) for one, frames in self._previews.items()))

    def seams_changed(self) -> bool:
        if self.view.sight().seams.index_of(self._id) is None:
            return False
        if self.has_begun:
            self.move()
        return True


class MoveDrag(SeamDrag):
    """Moves a seam, and with it all that are selected if it is one of them. A click selects it alone."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, view: TimelineView, button: Qt.MouseButton, hand: Hand, seam_id: str) -> None:
        super().__init__(view, button, hand, seam_id)
        selected = view.sight().selection.ids
        self._ids = selected if seam_id in selected else frozenset({seam_id})
        self._placed: tuple[SeamRow, list[int]] | None = None

    def frames(self, sight: Sight, at: int, by_frames: int) -> dict[str, Frames]:
        return sight.seams.moved(self._places(sight), by_frames, sight.frame_count)

    def held_frames(self, sight: Sight, at: int, by_frames: int) -> Frames:
        least, most = sight.seams.leeway(self._places(sight), sight.frame_count)
        by_frames = max(least, min(by_frames, most))
        seam = sight.seams.seams[at]
        return seam.out_frame + by_frames, seam.in_frame + by_frames

    def catching(self, frames: Frames, by_frames: int) -> tuple[int, ...]:
        out_frame, in_frame = frames
        return (out_frame + 1 + in_frame) // 2, out_frame + 1, in_frame

    def click(self) -> None:
        self.view.select(self._id)

    def _places(self, sight: Sight) -> list[int]:
        """Where in the row the seams stand that are moved, of those that are still there."""
        if self._placed is None or self._placed[0] is not sight.seams:
            places = sorted(i for one in self._ids if (i := sight.seams.index_of(one)) is not None)
            self._placed = sight.seams, places
        return self._placed[1]


class EdgeDrag(SeamDrag):
    """Moves one edge of a gradual seam."""

    cursor = Qt.CursorShape.SplitHCursor

    def __init__(
        self, view: TimelineView, button: Qt.MouseButton, hand: Hand, seam_id: str, edge: Part
    ) -> None:
        super().__init__(view, button, hand, seam_id)
        self._edge = edge

    def frames(self, sight: Sight, at: int, by_frames: int) -> dict[str, Frames]:
        return {self._id: sight.seams.dragged(at, self._edge, by_frames, sight.frame_count)}

    def catching(self, frames: Frames, by_frames: int) -> tuple[int, ...]:
        return (frames[0] + 1,) if self._edge is Part.OUT_EDGE else (frames[1],)

    def click(self) -> None:
        self.view.select(self._id)


class StretchDrag(SeamDrag):
    """Moves both sides of a seam apart or together, about its middle; a cut becomes gradual by that.

    The side that was pressed follows the hand; a cut opens to whichever side the hand goes.
    """

    cursor = Qt.CursorShape.SplitHCursor

    def __init__(
        self,
        view: TimelineView,
        button: Qt.MouseButton,
        hand: Hand,
        seam_id: str,
        on_click: Callable[[], None],
    ) -> None:
        super().__init__(view, button, hand, seam_id)
        self._on_click = on_click
        seams = view.sight().seams
        seam = seams.seams[seams.index_of(seam_id) or 0]
        self._is_cut = seam.kind is SeamKind.CUT
        self._holds_left = self.start_place < (seam.out_frame + 1 + seam.in_frame) / 2

    def begin(self) -> None:
        self.view.select(self._id)

    def frames(self, sight: Sight, at: int, by_frames: int) -> dict[str, Frames]:
        outwards = -by_frames if self._is_left(by_frames) else by_frames
        return {self._id: sight.seams.stretched(at, outwards, sight.frame_count)}

    def catching(self, frames: Frames, by_frames: int) -> tuple[int, ...]:
        return (frames[0] + 1,) if self._is_left(by_frames) else (frames[1],)

    def click(self) -> None:
        self._on_click()

    def _is_left(self, by_frames: int) -> bool:
        return by_frames < 0 if self._is_cut else self._holds_left


def _single_targets(sight: Sight, playhead: int) -> tuple[int, ...]:
    """The frames with which a shot may be meant to begin: at the playhead, at in, after out."""
    in_frame, out_frame = sight.in_out
    targets = [playhead]
    if in_frame is not None:
        targets.append(in_frame)
    if out_frame is not None:
        targets.append(out_frame + 1)
    return tuple(targets)
