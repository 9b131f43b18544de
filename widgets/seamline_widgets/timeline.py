"""The timeline under the editor's hands: scrub, select, drag seams, zoom, pan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from seamline.project.types import Seam
from seamline_widgets.timeline_canvas import TimelineCanvas
from seamline_widgets.timeline_rows import FLAGS_PX
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_seams import Part

_DRAG_THRESHOLD_PX = 3
_WHEEL_STEP = 1.25


@dataclass(slots=True)
class _Drag:
    """What the held mouse button does: pans, moves a `part` of a seam, or scrubs (`part` is None).

    A press on a seam first selects it; only beyond a few pixels does it become a drag (`has_begun`).
    """

    button: Qt.MouseButton
    start_x: float
    start_scale: TimeScale
    pans: bool = False
    part: Part | None = None
    has_begun: bool = False


class TimelineView(TimelineCanvas):
    """The whole film, or a part of it, to look at and to work on.

    The left button scrubs, selects seams by line or flag, and drags them by their flag: a gradual seam by
    its middle or by one end. Esc gives a drag up. A double click on a seam goes there. The wheel zooms about
    the mouse; Shift and wheel, the sideways wheel, the middle button, or Alt and the left button pan.

    `scrubbed(frame)`: the user wants to see this frame, many times in a drag.
    `seam_selected(id)`: the user chose a seam, or by scrubbing none (an empty id).
    `seam_moved(id, out_frame, in_frame)`: once, when a drag ends at other frames.
    """

    scrubbed = Signal(int)
    seam_selected = Signal(str)
    seam_moved = Signal(str, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._drag: _Drag | None = None
        super().__init__(parent)
        self.setMouseTracking(True)
        # clicks take the focus so that Esc can end a drag; no other key is kept from the window
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def set_film(self, frame_count: int, timecode_of: Callable[[int], str], nominal_rate: int = 25) -> None:
        self._drag = None
        super().set_film(frame_count, timecode_of, nominal_rate)

    def set_seams(self, seams: Sequence[Seam]) -> None:
        """Show these seams; the selection, or a drag, of one that is no longer there ends."""
        super().set_seams(seams)
        if self._drag is not None and self._drag.part is not None and self._selected_id is None:
            self._end_drag()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._frame_count or self._drag is not None:
            return
        button = event.button()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        drag = _Drag(button, event.position().x(), self._scale)
        if button is Qt.MouseButton.MiddleButton or (button is Qt.MouseButton.LeftButton and alt):
            drag.pans = drag.has_begun = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif button is Qt.MouseButton.LeftButton:
            held = self._seam_at(event.position())
            if held is not None:
                drag.part = held[1]
                self._select(self._seams.seams[held[0]].id)
            else:
                drag.has_begun = True
        else:
            return
        self._drag = drag
        if drag.has_begun and not drag.pans:
            self._scrub(drag.start_x)
        self._overlay.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._frame_count:
            return
        x = event.position().x()
        drag = self._drag
        self._hover_frame = self._scale.frame_at(x)
        if drag is None:
            self._show_cursor(event.position())
        elif drag.pans:
            self._set_scale(drag.start_scale.panned((drag.start_x - x) / self._scale.frame_px))
        elif drag.has_begun or abs(x - drag.start_x) >= _DRAG_THRESHOLD_PX:
            drag.has_begun = True
            if drag.part is not None:
                self._drag_seam(drag.part, x - drag.start_x)
            else:
                self._scrub(x)
        self._overlay.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, moved_to = self._drag, self._preview
        if drag is None or event.button() is not drag.button:
            return
        self._end_drag()
        self._show_cursor(event.position())
        if drag.part is not None:
            at = self._seams.index_of(self._selected_id)
            seam = self._seams.seams[at] if at is not None else None
            if seam is not None and moved_to not in (None, (seam.out_frame, seam.in_frame)):
                assert moved_to is not None
                self.seam_moved.emit(seam.id, *moved_to)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        held = self._seam_at(event.position()) if self._frame_count else None
        if held is None or event.button() is not Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
            return
        self._playhead = self._seams.seams[held[0]].cut_frame
        self.scrubbed.emit(self._playhead)
        self._overlay.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        if not self._frame_count or self._drag is not None:
            return
        angle, x = event.angleDelta(), event.position().x()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        sideways = angle.x() if abs(angle.x()) > abs(angle.y()) else angle.y() if shift else 0
        if sideways:
            self._set_scale(self._scale.panned(-sideways / 120 * 0.1 * self._scale.span))
        elif angle.y():
            about = self._scale.first + x / self._scale.frame_px
            self._set_scale(self._scale.zoomed(_WHEEL_STEP ** (angle.y() / 120), about))
        self._hover_frame = self._scale.frame_at(x)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover_frame = None
        self._overlay.update()

    def event(self, event: QEvent) -> bool:
        # while something is dragged, Esc belongs to the drag and to no shortcut of the window
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._drag is not None
        ):
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.mark_text(event.pos()), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._drag is not None:
            if self._drag.pans:
                self._set_scale(self._drag.start_scale)
            self._end_drag()
        else:
            event.ignore()

    def mark_text(self, position: QPoint) -> str:
        """What the mark of a difference under the mouse says, empty where there is none."""
        mark = self._marks.at(self._scale, position, self._rows.curve_bottom)
        return "" if mark is None else mark.text

    def _is_held(self) -> bool:
        return self._drag is not None

    def _end_drag(self) -> None:
        self._drag = None
        self._preview = None
        self.unsetCursor()
        self._overlay.update()

    def _seam_at(self, position: QPointF) -> tuple[int, Part | None] | None:
        """The seam under the mouse; the part to drag if it is on the flag, None on the line."""
        selected = self._seams.index_of(self._selected_id)
        if position.y() < FLAGS_PX:
            return self._seams.flag_at(self._scale, position.x(), selected)
        at = self._seams.line_at(self._scale, position.x(), selected)
        return None if at is None or position.y() >= self._rows.plot_bottom else (at, None)

    def _show_cursor(self, position: QPointF) -> None:
        held = self._seam_at(position)
        if held is None:
            self.unsetCursor()
        elif held[1] in (Part.OUT_EDGE, Part.IN_EDGE):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif held[1] is Part.WHOLE:
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _select(self, seam_id: str | None) -> None:
        if seam_id != self._selected_id:
            self._selected_id = seam_id
            self.seam_selected.emit(seam_id or "")

    def _scrub(self, x: float) -> None:
        # what is selected and out of sight must not be what the delete key deletes
        self._select(None)
        self._playhead = self._scale.frame_at(x)
        self.scrubbed.emit(self._playhead)

    def _drag_seam(self, part: Part, by_px: float) -> None:
        at = self._seams.index_of(self._selected_id)
        if at is not None:
            by_frames = round(by_px / self._scale.frame_px)
            self._preview = self._seams.dragged(at, part, by_frames, self._frame_count)
