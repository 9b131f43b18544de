"""The picture: one frame of the film, centred on a neutral surround, and where films are dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from seamline_resources import palette
from seamline_widgets.picture_hint import EMPTY_HINT, paint_hint
from seamline_widgets.picture_place import ZOOMS, PicturePlace
from seamline_widgets.picture_safe_areas import paint_safe_areas

__all__ = ["EMPTY_HINT", "PictureView"]

_NOTCH_PX = 48
_NOTCH = 120  # QWheelEvent.angleDelta of one


class PictureView(QWidget):
    """Shows one picture, as large as it fits or pixel for pixel; without one, a calm sentence that says what to do.

    Pixel for pixel, what does not fit is reached by dragging and with the wheel. A double click changes from one to
    the other; a click does nothing.
    `film_dropped(Path)`: a local file was dropped here; whether it is a film is for the receiver to find out.
    `zoom_changed(str)`: from now on "fit" or "100".
    `limit_changed(int, int)`: pictures of up to so many pixels, width and height, are of use here.
    """

    film_dropped = Signal(Path)
    zoom_changed = Signal(str)
    limit_changed = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._place = PicturePlace()
        self._limit = QSize()
        self._frame: int | None = None
        self._message = EMPTY_HINT
        self._is_drop_target = False
        self._has_key_focus = False
        self._shows_safe_areas = False
        self._pressed_at: QPointF | None = None
        self._dragged_to: QPointF | None = None
        self.setAcceptDrops(True)
        # first in the window, so that keys work the film from the start and no button looks chosen
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Picture")
        self.setAccessibleDescription(self._message)

    @property
    def frame(self) -> int | None:
        """The number of the frame that is shown, None while there is no picture."""
        return self._frame

    @property
    def zoom(self) -> str:
        return self._place.zoom

    def set_picture(
        self, image: QImage, frame: int, aspect: float | None = None, *, full_size: QSize | None = None
    ) -> None:
        """Show `image` as the film's frame `frame`.

        `full_size` is the film's in square pixels: a smaller image (a proxy, or one made for a smaller view) is shown
        at the size of the full one. `aspect` is the width over the height that the picture is meant to have; where it
        is not given, that of the full size, else the image's own.
        """
        self._image = image
        self._frame = frame
        size = QSize(image.size()) if full_size is None else QSize(full_size)
        self._place.full_size = size
        self._place.aspect = aspect or (size.width() / size.height() if size.height() else 0.0)
        self.setAccessibleDescription(f"Frame {frame}")
        self._tell_limit()
        self._show_cursor()
        self.update()

    def clear(self, message: str = EMPTY_HINT) -> None:
        """Show no picture but `message`."""
        self._image = QImage()
        self._frame = None
        self._message = message
        self._pressed_at = self._dragged_to = None
        self._place.reset()
        self._place.full_size = QSize()
        self.setAccessibleDescription(message)
        self._tell_limit()
        self._show_cursor()
        self.update()

    def set_zoom(self, zoom: str) -> None:
        """ "fit": all of the picture; "100": one pixel of the film on each of the screen, from its middle."""
        if zoom not in ZOOMS:
            raise ValueError(f"zoom is one of {', '.join(ZOOMS)}, not {zoom!r}")
        if zoom == self._place.zoom:
            return
        self._place.zoom = "100" if zoom == "100" else "fit"
        self._place.reset()
        self._pressed_at = self._dragged_to = None
        self._tell_limit()
        self._show_cursor()
        self.update()
        self.zoom_changed.emit(zoom)

    def set_safe_areas(self, are_shown: bool) -> None:
        """Draw what is safe for action and for titles over the picture."""
        self._shows_safe_areas = are_shown
        self.update()

    def image(self) -> QImage:
        """The picture alone that is shown, in square pixels; no fewer than it has. Null without one."""
        if self._image.isNull() or self._place.aspect <= 0:
            return QImage()
        width, height = self._image.width(), self._image.height()
        meant = QSize(
            max(width, round(height * self._place.aspect)), max(height, round(width / self._place.aspect))
        )
        # sizes are whole numbers: a picture that is off by less than a pixel is as it is meant
        if abs(width - height * self._place.aspect) <= 1 or abs(height - width / self._place.aspect) <= 1:
            return self._image.copy()
        return self._image.scaled(
            meant, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )

    def picture_rect(self) -> QRect:
        """Where the picture lies, in this widget's coordinates, parts that are out of sight included; empty without
        a picture."""
        return self._target().toRect()

    def limit(self) -> QSize:
        """The largest picture that is of use here, in pixels of the device: see `limit_changed`."""
        seen = QSize(
            max(1, round(self.width() * self.devicePixelRatioF())),
            max(1, round(self.height() * self.devicePixelRatioF())),
        )
        full = self._place.full_size
        return seen if self._place.zoom == "fit" or full.isEmpty() else QSize(full)

    def _target(self) -> QRectF:
        if self._image.isNull():
            return QRectF()
        return self._place.rect(self.size(), self.devicePixelRatioF())

    def _tell_limit(self) -> None:
        limit = self.limit()
        if limit != self._limit:
            self._limit = limit
            self.limit_changed.emit(limit.width(), limit.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_limit()
        self._show_cursor()

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(palette.PICTURE_SURROUND))
        if self._image.isNull():
            paint_hint(painter, self, self._message)
        else:
            self._paint_picture(painter)
        if self._is_drop_target:
            painter.setPen(QPen(QColor(palette.ACCENT), 2))
            painter.drawRect(self.rect().adjusted(9, 9, -9, -9))
        elif self._has_key_focus:
            painter.setPen(QColor(palette.ACCENT))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._has_key_focus = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._has_key_focus = False
        self.update()

    def _paint_picture(self, painter: QPainter) -> None:
        target = self._target()
        ratio = self.devicePixelRatioF()
        # a picture that already has the size of the device pixels goes through untouched
        smooth = self._image.size() != QSize(round(target.width() * ratio), round(target.height() * ratio))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, self._image, QRectF(self._image.rect()))
        if self._shows_safe_areas:
            paint_safe_areas(painter, target, ratio)

    # -- looking about

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif self._can_be_moved():
            self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed_at is None:
            return
        if self._dragged_to is None:
            if (at - self._pressed_at).manhattanLength() < QApplication.startDragDistance():
                return
            self._dragged_to = self._pressed_at
        self._move_picture(at - self._dragged_to)
        self._dragged_to = at
        self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = self._dragged_to = None
            self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._image.isNull():
            return
        target = self._target()
        at = event.position() - target.topLeft()
        self.set_zoom("fit" if self._place.zoom == "100" else "100")
        if self._place.zoom == "100" and target.contains(event.position()):
            point = QPointF(at.x() / target.width(), at.y() / target.height())
            self._place.show(point, self.size(), self.devicePixelRatioF())
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self._can_be_moved():
            event.ignore()
            return
        by = QPointF(event.pixelDelta())
        if by.isNull():
            by = QPointF(event.angleDelta()) * _NOTCH_PX / _NOTCH
        # some platforms turn the wheel sideways themselves
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not by.x():
            by = by.transposed()
        self._move_picture(by)
        event.accept()

    def _can_be_moved(self) -> bool:
        return (
            not self._image.isNull()
            and not self._place.overflow(self.size(), self.devicePixelRatioF()).isNull()
        )

    def _move_picture(self, by: QPointF) -> None:
        self._place.move(by, self.size(), self.devicePixelRatioF())
        self.update()

    def _show_cursor(self) -> None:
        if not self._can_be_moved():
            self.unsetCursor()
        elif self._dragged_to is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    # -- films that are dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_file(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._set_drop_target(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._set_drop_target(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_drop_target(False)
        path = _local_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.film_dropped.emit(path)

    def _set_drop_target(self, is_target: bool) -> None:
        self._is_drop_target = is_target
        self.update()


def _local_file(data: QMimeData) -> Path | None:
    """The first local file among what is dragged."""
    for url in data.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    return None
