"""How much each frame about a seam differs from the one before it, and the seam's place there, to be moved by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from seamline.project.types import SeamKind
from seamline_resources import palette
from seamline_widgets.drag_news import DragNews
from seamline_widgets.own_keys import keeps_escape
from seamline_widgets.review_curve_paint import FLAG_PX, CurvePlace, CurveState, paint_curve
from seamline_widgets.review_seam import ReviewedSeam

_REACH_PX = 6
_DRAG_THRESHOLD_PX = 3


class DifferenceCurve(QWidget):
    """A bar a frame: 1 less its similarity to the frame before, by its square root, so that a dissolve's small
    steps are seen too. What is not known is hatched.

    A click on a bar emits `frame_wanted(frame)`. The seam is dragged by its line or flag, a span by an end or its
    flag: `previewed(out_frame, in_frame)` follows the hand, `seam_moved(id, out_frame, in_frame)` tells the end.
    Esc gives up, which is previewed too. `seam_dragged(id, out_frame, in_frame)` follows the hand as slowly as
    pictures can; then comes `drag_ended(id)`, when what the drag came to was said, or it was given up.
    """

    frame_wanted = Signal(int)
    previewed = Signal(int, int)
    seam_dragged = Signal(str, int, int)
    drag_ended = Signal(str)
    seam_moved = Signal(str, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject: ReviewedSeam | None = None
        self._preview: tuple[int, int] | None = None
        self._first, self._end, self._frame_count = 0, 1, 0
        self._differences: NDArray[np.float32] = np.zeros(0, np.float32)
        self._timecode_of: Callable[[int], str] = str
        self._playhead = -1
        self._hovered: int | None = None
        self._held: _Hold | None = None
        self._news: DragNews | None = None
        self._can_move = True
        self.setMouseTracking(True)
        # a click takes the focus so that Esc can end a drag; no other key is kept from the window
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(96, 48)
        self.setAccessibleName("Difference from frame to frame")
        self.setAccessibleDescription(self._described())

    @property
    def is_dragging(self) -> bool:
        return self._preview is not None

    def sizeHint(self) -> QSize:
        return QSize(320, 120)

    def set_film(self, frame_count: int, timecode_of: Callable[[int], str]) -> None:
        self._frame_count, self._timecode_of = frame_count, timecode_of
        self.update()

    def set_can_move(self, can_move: bool) -> None:
        """Whether the seam may be dragged at all."""
        self._can_move = can_move

    def show_seam(self, subject: ReviewedSeam | None, differences: NDArray[np.float32]) -> None:
        """Show the part of the film about this seam; `differences` is float32[end_frame - first_frame], NaN unknown.

        A drag of another seam than this one ends.
        """
        old = self._subject
        if old is None or subject is None or old.seam != subject.seam:
            self._held = self._preview = None
            self.unsetCursor()
            self._end_news()
        self._subject = subject
        self._differences = differences
        if subject is not None:
            self._first, self._end = subject.first_frame, subject.end_frame
        self.setAccessibleDescription(self._described())
        self.update()

    def set_playhead(self, frame: int) -> None:
        if frame != self._playhead:
            self._playhead = frame
            self.update()

    def frame_at(self, x: float) -> int:
        """The frame whose bar is there."""
        return self._place.frame_at(x)

    def x_of(self, frame: float) -> float:
        """Where the bar of `frame` begins."""
        return self._place.x_of(frame)

    @property
    def bars_bottom(self) -> int:
        """Where the bars stand."""
        return self._place.bars_bottom

    # -- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._subject is not None and event.button() is Qt.MouseButton.LeftButton:
            self._held = _Hold(event.position().x(), self._part_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._subject is None:
            return
        self._hovered = self.frame_at(event.position().x())
        held = self._held
        if held is None:
            self._show_cursor(event.position())
        elif held.part and (
            self._preview is not None or abs(event.position().x() - held.x) >= _DRAG_THRESHOLD_PX
        ):
            self._drag(self._subject, held, event.position().x())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, preview, subject = self._held, self._preview, self._subject
        if held is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        self._held = self._preview = None
        self.update()
        if subject is None:
            return
        if preview is None:
            frame = self.frame_at(event.position().x())
            if 0 <= frame < self._frame_count and self.rect().contains(event.position().toPoint()):
                self.frame_wanted.emit(frame)
        else:
            if self._news is not None:
                self._news.flush()
            if preview != (subject.seam.out_frame, subject.seam.in_frame):
                self.seam_moved.emit(subject.seam.id, *preview)
            self._end_news()
        self._show_cursor(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def event(self, event: QEvent) -> bool:
        # while the seam is dragged, Esc belongs to the drag and to no shortcut of the window
        if self._preview is not None and keeps_escape(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._preview is not None and self._subject is not None:
            seam = self._subject.seam
            self._held = self._preview = None
            self.unsetCursor()
            self.previewed.emit(seam.out_frame, seam.in_frame)
            self._end_news()
            self.update()
        else:
            event.ignore()

    def _part_at(self, position: QPointF) -> str:
        """What a drag from there moves: `out` or `in`, an end of a span; `whole`; or nothing."""
        subject = self._subject
        if subject is None or subject.is_question or not self._can_move:
            return ""
        left, right = self.x_of(subject.seam.out_frame + 1), self.x_of(subject.seam.in_frame)
        x, is_flag = position.x(), position.y() < FLAG_PX
        if position.y() >= self.bars_bottom:
            return ""
        if is_flag and self._place.flag_rect(subject).contains(position):
            return "whole"
        if subject.seam.kind is SeamKind.CUT:
            return "whole" if abs(x - right) <= _REACH_PX else ""
        to_left, to_right = abs(x - left), abs(x - right)
        if min(to_left, to_right) > _REACH_PX:
            return ""
        return "out" if to_left < to_right else "in"

    def _drag(self, subject: ReviewedSeam, held: _Hold, x: float) -> None:
        by = round((x - held.x) / self._place.frame_px)
        seam, lowest, highest = subject.seam, subject.lowest_frame, subject.highest_frame
        out_frame, in_frame = seam.out_frame, seam.in_frame
        if held.part == "out":
            out_frame = min(max(out_frame + by, lowest), in_frame - 1)
        elif held.part == "in":
            in_frame = max(min(in_frame + by, highest), out_frame + 1)
        else:
            by = max(lowest - out_frame, min(by, highest - in_frame))
            out_frame, in_frame = out_frame + by, in_frame + by
        if self._preview != (out_frame, in_frame):
            self._preview = out_frame, in_frame
            self.previewed.emit(out_frame, in_frame)
            if self._news is None:
                before = seam.out_frame, seam.in_frame
                self._news = DragNews(seam.id, before, self.seam_dragged.emit, self.drag_ended.emit)
            self._news.put((out_frame, in_frame))

    def _end_news(self) -> None:
        news, self._news = self._news, None
        if news is not None:
            news.end()

    def _show_cursor(self, position: QPointF) -> None:
        part = self._part_at(position)
        if part:
            is_end = part != "whole"
            self.setCursor(Qt.CursorShape.SplitHCursor if is_end else Qt.CursorShape.SizeHorCursor)
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette.SUNKEN))
        subject = self._subject
        if subject is None:
            return
        hovered = self._hovered
        is_inside = hovered is not None and 0 <= hovered < self._frame_count
        state = CurveState(
            self._place,
            subject if self._preview is None else subject.moved(*self._preview),
            self._differences,
            self._frame_count,
            self._playhead,
            hovered,
            self.text_of(hovered) if hovered is not None and is_inside else "",
        )
        paint_curve(painter, state)

    def text_of(self, frame: int) -> str:
        """What is said of a frame under the mouse: its timecode, and how much it differs from the one before."""
        at = frame - self._first
        value = float(self._differences[at]) if 0 <= at < len(self._differences) else float("nan")
        said = "not known" if np.isnan(value) else f"{value:.2f}"
        return f"{self._timecode_of(frame)}  {said}"

    def _described(self) -> str:
        values = self._differences
        if self._subject is None:
            return "No seam is shown"
        if not np.isfinite(values).any():
            return "Not known yet"
        at = int(np.nanargmax(values))
        return f"The largest step is at {self._timecode_of(self._first + at)}: {values[at]:.2f}"

    @property
    def _place(self) -> CurvePlace:
        return CurvePlace(self._first, self._end, self.width(), self.height())


class _Hold:
    """Where the mouse button went down, and on what."""

    def __init__(self, x: float, part: str) -> None:
        self.x, self.part = x, part
