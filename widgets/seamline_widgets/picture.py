"""The picture: one frame of the film, centred on a neutral surround, and where films are dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QFont,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from seamline_resources import palette
from seamline_widgets.icons import icon_pixmap

EMPTY_HINT = "Drop a film here or press Ctrl+O"
_ICON_PX = 48


class PictureView(QWidget):
    """Shows one picture as large as it fits; without one, a calm sentence that says what to do.

    `film_dropped(Path)`: a local file was dropped here; whether it is a film is for the receiver to find out.
    """

    film_dropped = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._aspect = 0.0
        self._frame: int | None = None
        self._message = EMPTY_HINT
        self._is_drop_target = False
        self._has_key_focus = False
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

    def set_picture(self, image: QImage, frame: int, aspect: float | None = None) -> None:
        """Show `image` as the film's frame `frame`.

        `aspect` is the width over the height that the picture is meant to have, where that differs from the
        image's own (non-square pixels).
        """
        self._image = image
        self._frame = frame
        self._aspect = aspect or (image.width() / image.height() if image.height() else 0.0)
        self.setAccessibleDescription(f"Frame {frame}")
        self.update()

    def clear(self, message: str = EMPTY_HINT) -> None:
        """Show no picture but `message`."""
        self._image = QImage()
        self._frame = None
        self._message = message
        self.setAccessibleDescription(message)
        self.update()

    def picture_rect(self) -> QRect:
        """Where the picture is painted, in this widget's coordinates; empty without a picture."""
        if self._image.isNull() or self._aspect <= 0:
            return QRect()
        width = min(self.width(), max(1, round(self.height() * self._aspect)))
        height = min(self.height(), max(1, round(width / self._aspect)))
        return QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(palette.PICTURE_SURROUND))
        if self._image.isNull():
            self._paint_message(painter)
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
        target = self.picture_rect()
        ratio = self.devicePixelRatioF()
        # a picture that already has the size of the device pixels goes through untouched
        smooth = self._image.size() != QSize(round(target.width() * ratio), round(target.height() * ratio))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(QRectF(target), self._image, QRectF(self._image.rect()))

    def _paint_message(self, painter: QPainter) -> None:
        is_hint = self._message == EMPTY_HINT
        text_width = min(self.width() - 32, 480)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        font = QFont(self.font())
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * 1.2)
        painter.setFont(font)
        bounds = painter.boundingRect(QRect(0, 0, text_width, self.height()), int(flags), self._message)
        gap = 12
        icon_px = _ICON_PX if is_hint and self.height() > 140 else 0
        top = (self.height() - bounds.height() - (icon_px + gap if icon_px else 0)) // 2
        if icon_px:
            pixmap = icon_pixmap("film", icon_px, palette.OUTLINE, self.devicePixelRatioF())
            painter.drawPixmap((self.width() - icon_px) // 2, top, pixmap)
            top += icon_px + gap
        painter.setPen(QColor(palette.TEXT_QUIET))
        left = (self.width() - text_width) // 2
        painter.drawText(QRect(left, top, text_width, bounds.height() + 4), int(flags), self._message)

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
