"""The whole film in one narrow row: where the seams are, and the part that the timeline above shows."""

from __future__ import annotations

from enum import Enum

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from seamline.project.types import SeamKind
from seamline_resources import palette
from seamline_widgets.timeline_layer import layer_pixmap
from seamline_widgets.timeline_rows import MAP_PX
from seamline_widgets.timeline_scale import MIN_VISIBLE_FRAMES
from seamline_widgets.timeline_seams import SeamRow
from seamline_widgets.timeline_sheet import Sheet, faded, image_of, pixel

_GRIP_PX = 6
_LEAST_FRAME_PX = 10.0  # of the frame around what is shown: it can always be seen and held
_TOP_PX = 2
_BAR_ALPHA = 208
_OUTSIDE_ALPHA = 64  # more, and the bars outside of what is shown could not be seen
_BIN_PX = 2
_FULL_BAR_SEAMS = 4
_KINDS = tuple(SeamKind)
_TIP = "The whole film: drag the frame to move along it, its ends to zoom; double-click to show everything"


class _Grip(Enum):
    START = "start"
    WHOLE = "whole"
    END = "end"


class Minimap(QWidget):
    """A map of the whole film, with a frame around the part that is shown.

    The frame is dragged to move along the film, its ends to see less or more; a press beside it brings its
    middle there; a double click shows the whole film. `view_wanted(first, last)`: show these frames.
    """

    view_wanted = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame_count = 0
        self._seams = SeamRow()
        self._analysed_frames = 0
        self._playhead = 0
        self._view = (0.0, 1.0)
        self._in_out: tuple[int | None, int | None] = (None, None)
        self._held: tuple[_Grip, float] | None = (
            None  # and where in the film it was taken, from the frame's start
        )
        self._ground: QPixmap | None = None
        self._is_stale = True
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Map of the whole film")
        self.setAccessibleDescription(_TIP)
        self.setToolTip(_TIP)

    def sizeHint(self) -> QSize:
        return QSize(960, MAP_PX)

    def set_film(self, frame_count: int) -> None:
        """Another film of that many frames, of which nothing is known."""
        self._held = None
        self._in_out = (None, None)
        self._playhead = 0
        self._frame_count = frame_count
        self.set_content(SeamRow(), 0)

    def set_content(self, seams: SeamRow, analysed_frames: int) -> None:
        """Show these seams; the film from `analysed_frames` on is hatched."""
        if seams is not self._seams or analysed_frames != self._analysed_frames:
            self._seams, self._analysed_frames = seams, analysed_frames
            self._is_stale = True
        self.update()

    def tell(self, shown: str) -> None:
        """Describe for a screen reader what is shown, as `shown` has it."""
        self.setAccessibleDescription(f"{shown[:1].upper()}{shown[1:]}. {_TIP}")

    def set_view(self, first: float, last: float) -> None:
        """Frame what the timeline shows, in frames."""
        if self._view != (first, last):
            self._view = first, last
            self.update()

    def set_playhead(self, frame: int) -> None:
        """Mark the frame where the playhead stands."""
        moved = abs(self._x_of(frame) - self._x_of(self._playhead)) * self.devicePixelRatioF() >= 0.5
        if moved:
            self._playhead = frame
            self.update()

    def set_in_out(self, in_frame: int | None, out_frame: int | None) -> None:
        """Mark the range between these frames, both inclusive."""
        self._in_out = in_frame, out_frame
        self.update()

    def window_px(self) -> tuple[float, float]:
        """Where the frame around what is shown is drawn: its left and right end."""
        left, right = self._x_of(self._view[0]), self._x_of(self._view[1])
        lack = max(0.0, _LEAST_FRAME_PX - (right - left))
        left = min(max(0.0, left - lack / 2), self.width() - _LEAST_FRAME_PX)
        return left, max(right + lack / 2, left + _LEAST_FRAME_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or not self._frame_count:
            return
        x = event.position().x()
        grip = self._grip_at(x)
        if grip is None:
            span = self._view[1] - self._view[0]
            self._want(self._frame_at(x) - span / 2, self._frame_at(x) + span / 2)
            grip = _Grip.WHOLE
        self._held = grip, self._frame_at(x) - self._view[0 if grip is not _Grip.END else 1]
        self._show_cursor(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._held is None:
            self._show_cursor(x)
            return
        grip, taken = self._held
        first, last = self._view
        at = self._frame_at(x) - taken
        least = min(MIN_VISIBLE_FRAMES, self._frame_count)
        if grip is _Grip.WHOLE:
            self._want(at, at + last - first)
        elif grip is _Grip.START:
            self._want(min(max(0.0, at), last - least), last)
        else:
            self._want(first, max(min(at, self._frame_count), first + least))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._held = None
            self._show_cursor(event.position().x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._frame_count:
            self._held = None
            self._want(0, self._frame_count)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the middle of what is shown: the place under the mouse may lie outside of it."""
        event.accept()
        if self._frame_count and event.angleDelta().y() and self._held is None:
            first, last = self._view
            half = (last - first) / 2 / 1.25 ** (event.angleDelta().y() / 120)
            self._want((first + last) / 2 - half, (first + last) / 2 + half)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        sheet = Sheet(painter, self.width())
        painter.drawPixmap(0, 0, self._painted_ground())
        left, right = (sheet.snap(x) for x in self.window_px())
        top, bottom = _TOP_PX, self.height() - _TOP_PX
        painter.fillRect(QRectF(left, top, right - left, bottom - top), faded("#ffffff", 20))
        self._paint_in_out(sheet)
        shade = faded(palette.PICTURE_SURROUND, _OUTSIDE_ALPHA)
        painter.fillRect(QRectF(0, top, left, bottom - top), shade)
        painter.fillRect(QRectF(right, top, self.width() - right, bottom - top), shade)
        sheet.fill_column(self._x_of(self._playhead), top, bottom, QColor(palette.ACCENT))
        ink = QColor(palette.TEXT_STRONG if self._held else palette.TEXT)
        for y in (top, bottom - sheet.line_px):
            painter.fillRect(QRectF(left, y, right - left, sheet.line_px), ink)
        for x in (left, right - 3):
            painter.fillRect(QRectF(x, top, 3, bottom - top), ink)

    def _paint_in_out(self, sheet: Sheet) -> None:
        in_frame, out_frame = self._in_out
        if in_frame is None and out_frame is None:
            return
        left = 0.0 if in_frame is None else self._x_of(in_frame)
        right = float(self.width()) if out_frame is None else self._x_of(out_frame + 1)
        bottom = self.height() - _TOP_PX
        sheet.painter.fillRect(QRectF(left, _TOP_PX, right - left, bottom - _TOP_PX), faded("#ffffff", 28))
        for frame, x in ((in_frame, left), (out_frame, right - sheet.line_px)):
            if frame is not None:
                sheet.fill_column(x, _TOP_PX, bottom, QColor(palette.TEXT_STRONG))

    def _painted_ground(self) -> QPixmap:
        """What does not change with the view."""
        ratio = self.devicePixelRatioF()
        ground = layer_pixmap(self._ground, self.size(), ratio)
        if self._is_stale or ground is not self._ground:
            self._ground, self._is_stale = ground, False
            ground.fill(QColor(palette.WINDOW))
            painter = QPainter(ground)
            sheet = Sheet(painter, self.width())
            area = QRectF(0, _TOP_PX, self.width(), self.height() - 2 * _TOP_PX)
            painter.fillRect(area, QColor(palette.SUNKEN))
            if self._frame_count:
                self._paint_bars(sheet, area)
            if self._analysed_frames < self._frame_count:
                area.setLeft(sheet.snap(self._x_of(self._analysed_frames)))
                painter.fillRect(area, QBrush(QColor(palette.LINE), Qt.BrushStyle.BDiagPattern))
            painter.end()
        return ground

    def _paint_bars(self, sheet: Sheet, area: QRectF) -> None:
        """A bar for every few pixels, the higher the more seams, in the colour of the commonest kind there."""
        if not len(self._seams):
            return
        bins = max(1, self.width() // _BIN_PX)
        centre = (self._seams.left + self._seams.right) / 2
        at = np.minimum((centre * (bins / self._frame_count)).astype(np.int64), bins - 1)
        counts = np.bincount(at, minlength=bins)
        most = max(_FULL_BAR_SEAMS, int(counts.max()))
        of_kind = [np.bincount(at[self._seams.kind == kind], minlength=bins) for kind in range(len(_KINDS))]
        inks = [pixel(palette.SEAM_LOOKS[kind].colour, _BAR_ALPHA) for kind in _KINDS]
        colours = np.array(inks, np.uint32)[np.argmax(of_kind, axis=0)]
        height = round(area.height() * sheet.ratio)
        share = np.where(counts > 0, 0.3 + 0.7 * counts / most, 0)
        tops = height - np.rint(share * height)
        width = max(1, round(sheet.width * sheet.ratio))
        of_bin = np.minimum(np.arange(width) * bins // width, bins - 1)
        bars = np.where(np.arange(height)[:, None] >= tops[of_bin], colours[of_bin], np.uint32(0))
        image = image_of(bars.astype(np.uint32))
        image.setDevicePixelRatio(sheet.ratio)
        sheet.painter.drawImage(QPointF(area.left(), area.top()), image)

    def _grip_at(self, x: float) -> _Grip | None:
        left, right = self.window_px()
        # of a narrow frame the middle is for moving it: its ends are taken from outside
        inside = min(_GRIP_PX, (right - left) / 4)
        if left - _GRIP_PX <= x < left + inside:
            return _Grip.START
        if right - inside < x <= right + _GRIP_PX:
            return _Grip.END
        return _Grip.WHOLE if left <= x <= right else None

    def _show_cursor(self, x: float) -> None:
        grip = self._held[0] if self._held is not None else self._grip_at(x)
        if not self._frame_count or grip is None:
            self.unsetCursor()
        elif grip is _Grip.WHOLE:
            held = self._held is not None
            self.setCursor(Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(Qt.CursorShape.SizeHorCursor)

    def _want(self, first: float, last: float) -> None:
        span = min(max(last - first, float(min(MIN_VISIBLE_FRAMES, self._frame_count))), self._frame_count)
        first = min(max(0.0, first), self._frame_count - span)
        self.view_wanted.emit(first, first + span)

    def _x_of(self, frame: float) -> float:
        return frame / max(1, self._frame_count) * self.width()

    def _frame_at(self, x: float) -> float:
        return x / max(1, self.width()) * self._frame_count
