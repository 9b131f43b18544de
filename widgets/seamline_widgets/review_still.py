"""One picture of the review with its caption."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from seamline_resources import palette
from seamline_widgets.icons import icon_pixmap
from seamline_widgets.theme import figures_font

CAPTION_PX = 20
_DIMMED = 0.35


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands under a picture. `frame` is None where the film has no such frame."""

    frame: int | None
    title: str
    short_title: str
    timecode: str


class Still(QWidget):
    """One picture with its caption. A click wants its frame on the screen."""

    clicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._caption = Caption(None, "", "", "")
        self._image: QImage | None = None
        self._is_stale = False
        self._is_current = False
        self._picture_px = QSize(1, 1)

    @property
    def caption(self) -> Caption:
        return self._caption

    @property
    def image(self) -> QImage | None:
        """What is shown, None for an empty place."""
        return self._image

    def set_caption(self, caption: Caption) -> None:
        self._caption = caption
        has_frame = caption.frame is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if has_frame else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(caption.title)
        self._describe()
        self.update()

    def set_image(self, image: QImage | None, *, is_stale: bool) -> None:
        """Show this picture, dimmed if it is not yet the one of the caption."""
        self._image, self._is_stale = image, is_stale
        self._describe()
        self.update()

    def set_current(self, is_current: bool) -> None:
        """Whether the playhead stands on this frame."""
        if is_current != self._is_current:
            self._is_current = is_current
            self.update()

    def set_picture_size(self, size: QSize) -> None:
        self._picture_px = size
        self.update()

    def picture_rect(self) -> QRect:
        """Where the picture is painted: at the top, over the caption."""
        size = self._picture_px
        return QRect((self.width() - size.width()) // 2, 0, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self.picture_rect()
        painter.fillRect(box, QColor(palette.PICTURE_SURROUND))
        if self._image is not None and not self._image.isNull():
            self._paint_picture(painter, box, self._image)
        else:
            self._paint_empty(painter, box)
        if self._is_current:
            painter.fillRect(box.left(), box.bottom() + 1, box.width(), 2, QColor(palette.ACCENT))
        self._paint_caption(painter, QRect(box.left(), box.bottom() + 4, box.width(), CAPTION_PX - 3))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        is_inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and is_inside and self._caption.frame is not None:
            self.clicked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # so that the release comes here

    def _paint_picture(self, painter: QPainter, box: QRect, image: QImage) -> None:
        ratio = self.devicePixelRatioF()
        size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if abs(size.width() - box.width()) <= 1 and abs(size.height() - box.height()) <= 1:
            size = box.size()  # no hairline of the surround for what was lost in rounding
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(box.center())
        is_fitting = image.size() == QSize(round(size.width() * ratio), round(size.height() * ratio))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_fitting)
        painter.setOpacity(_DIMMED if self._is_stale else 1.0)
        painter.drawImage(QRectF(target), image, QRectF(image.rect()))
        painter.setOpacity(1.0)

    def _paint_empty(self, painter: QPainter, box: QRect) -> None:
        if self._image is None and self._caption.frame is not None:
            size = min(24, box.height() // 2)
            if size >= 8:
                pixmap = icon_pixmap("film", size, palette.OUTLINE, self.devicePixelRatioF())
                painter.drawPixmap(box.center().x() - size // 2, box.center().y() - size // 2, pixmap)
            return
        painter.setPen(QColor(palette.TEXT_QUIET))
        text = "No picture" if self._caption.frame is not None else "End of the film"
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box, int(flags), text)

    def _paint_caption(self, painter: QPainter, line: QRect) -> None:
        metrics, figures = QFontMetrics(self.font()), QFontMetrics(figures_font())
        caption, right = self._caption, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        room = line.width() - (figures.horizontalAdvance(caption.timecode) + 8 if caption.timecode else 0)
        fitting = (t for t in (caption.title, caption.short_title) if metrics.horizontalAdvance(t) <= room)
        title = next(fitting, "")
        painter.setPen(QColor(palette.TEXT_STRONG if self._is_current else palette.TEXT_QUIET))
        painter.setFont(self.font())
        painter.drawText(line, left, title)
        # whole or not at all: half a timecode would be a wrong one
        if figures.horizontalAdvance(caption.timecode) <= line.width():
            painter.setPen(QColor(palette.TEXT_STRONG if self._is_current else palette.TEXT))
            painter.setFont(figures_font())
            painter.drawText(line, right if title else left, caption.timecode)

    def _describe(self) -> None:
        caption = self._caption
        if caption.frame is None:
            said = "The film has no such frame" if caption.title else ""
        elif self._is_stale or self._image is None:
            said = f"Frame {caption.frame}, {caption.timecode}, its picture is on its way"
        else:
            said = f"Frame {caption.frame}, {caption.timecode}"
        self.setAccessibleDescription(said)
