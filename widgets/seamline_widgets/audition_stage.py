"""The picture of the audition: one frame while it plays, or the two frames at the cut laid over each other."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from seamline_resources import palette
from seamline_widgets import audition_overlays as overlays

MODES = ("play", "difference", "onion", "wipe", "side")
_COMPOSE = {
    "difference": overlays.difference,
    "onion": overlays.onion_skin,
    "side": overlays.side_by_side,
}
_BADGE_PX, _INSET_PX = 20, 8
_STEP_01 = 0.02


class AuditionStage(QWidget):
    """Shows what it is given. `mode` is one of `MODES`; with “wipe”, the border follows the mouse.

    `pressed`: a click on the picture.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = "play"
        self._frame: QImage | None = None
        self._pair: tuple[QImage | None, QImage | None] = (None, None)
        self._is_exact = True
        self._message = ""
        self._share_01 = 0.5
        self._composed: QImage | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setMinimumSize(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Picture of the cut")

    @property
    def mode(self) -> str:
        return self._mode

    @property
    def frame(self) -> QImage | None:
        """What is shown while it plays."""
        return self._frame

    @property
    def wipe_share_01(self) -> float:
        """Where the border of the wipe is, of what the pictures cover."""
        return self._share_01

    def set_mode(self, mode: str) -> None:
        if mode not in MODES:
            raise ValueError(f"a mode is one of {', '.join(MODES)}, not {mode!r}")
        self._mode, self._composed = mode, None
        self.setCursor(Qt.CursorShape.SplitHCursor if mode == "wipe" else Qt.CursorShape.ArrowCursor)
        self.update()

    def set_frame(self, image: QImage | None) -> None:
        """What is shown while it plays."""
        if image is not self._frame:
            self._frame = image
            if self._mode == "play":
                self.update()

    def set_pair(self, out: QImage | None, into: QImage | None, is_exact: bool) -> None:
        """The two frames at the cut, for the other modes; not `is_exact`: others stand in for them by now."""
        self._pair, self._is_exact, self._composed = (out, into), is_exact, None
        if self._mode != "play":
            self.update()

    def say(self, message: str) -> None:
        """Show that sentence instead of a picture, or none."""
        if message != self._message:
            self._message = message
            self.setAccessibleDescription(message)
            self.update()

    def move_border(self, steps: int) -> None:
        """Move the border of the wipe to the right, or to the left below 0."""
        self._set_share(self._share_01 + steps * _STEP_01)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        out, into = self._pair
        if self._message or (self._frame is None and self._mode == "play"):
            self._paint_message(painter, self._message)
        elif self._mode == "play":
            self._paint_frame(painter)
        elif out is None or into is None:
            self._paint_message(painter, "The frames at the cut are on their way…")
        else:
            self._paint_overlay(painter, out, into)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        out, into = self._pair
        if self._mode == "wipe" and out is not None and into is not None:
            self._set_share(overlays.wipe_share(out, into, self.size(), event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # so that the release comes here

    def _set_share(self, share_01: float) -> None:
        share_01 = min(max(0.0, share_01), 1.0)
        if share_01 != self._share_01:
            self._share_01, self._composed = share_01, None
            if self._mode == "wipe":
                self.update()

    def _paint_frame(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(palette.PICTURE_SURROUND))
        frame = self._frame
        if frame is None or frame.isNull():
            return
        ratio = self.devicePixelRatioF()
        target = overlays.fitted(frame.size(), QRectF(self.rect()))
        is_fitting = frame.size() == QSize(round(target.width() * ratio), round(target.height() * ratio))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_fitting)
        painter.drawImage(target, frame, QRectF(frame.rect()))

    def _paint_overlay(self, painter: QPainter, out: QImage, into: QImage) -> None:
        ratio = self.devicePixelRatioF()
        if self._composed is None or self._composed.deviceIndependentSize().toSize() != self.size():
            size = QSize(round(self.width() * ratio), round(self.height() * ratio))
            self._composed = self._compose(out, into, size)
            self._composed.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(0, 0), self._composed)
        for letter, corner in self._badges(out, into):
            _paint_badge(painter, corner, letter)
        if self._mode == "wipe":
            x = overlays.wipe_border(out, into, self.size(), self._share_01)
            painter.fillRect(QRectF(x - 1.5, 0, 3, self.height()), QColor(palette.PICTURE_SURROUND))
            painter.fillRect(QRectF(x - 0.5, 0, 1, self.height()), QColor(palette.TEXT_STRONG))
        if not self._is_exact:
            self._paint_note(painter, "The frames at the cut are on their way…")

    def _compose(self, out: QImage, into: QImage, size: QSize) -> QImage:
        if self._mode == "wipe":
            return overlays.wipe(out, into, size, self._share_01)
        return _COMPOSE[self._mode](out, into, size)

    def _badges(self, out: QImage, into: QImage) -> list[tuple[str, QPointF]]:
        """Which letter stands where its picture is alone; none that its part of a wipe has no room for."""
        size = self.size()
        if self._mode == "side":
            boxes = [
                overlays.fitted(picture.size(), half)
                for picture, half in zip((out, into), overlays.halves(size), strict=True)
            ]
            inset = QPointF(_INSET_PX, -_INSET_PX - _BADGE_PX)
            return [(letter, box.bottomLeft() + inset) for letter, box in zip("AB", boxes, strict=True)]
        if self._mode != "wipe":
            return []
        box = QRectF(0, 0, size.width(), size.height())
        first, second = (overlays.fitted(picture.size(), box) for picture in (out, into))
        x = overlays.wipe_border(out, into, size, self._share_01)
        needed = _BADGE_PX + 2 * _INSET_PX
        badges = []
        if x - first.left() >= needed:
            badges.append(("A", QPointF(first.left() + _INSET_PX, first.bottom() - _INSET_PX - _BADGE_PX)))
        if second.right() - x >= needed:
            left = second.right() - _INSET_PX - _BADGE_PX
            badges.append(("B", QPointF(left, second.bottom() - _INSET_PX - _BADGE_PX)))
        return badges

    def _paint_message(self, painter: QPainter, message: str) -> None:
        painter.fillRect(self.rect(), QColor(palette.PICTURE_SURROUND))
        painter.setPen(QColor(palette.TEXT_QUIET))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(24, 0, -24, 0), int(flags), message)

    def _paint_note(self, painter: QPainter, text: str) -> None:
        wide = painter.fontMetrics().horizontalAdvance(text) + 16
        box = QRectF((self.width() - wide) / 2, _INSET_PX, wide, painter.fontMetrics().height() + 8)
        _paint_ground(painter, box)
        painter.setPen(QColor(palette.TEXT))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


def _paint_badge(painter: QPainter, corner: QPointF, letter: str) -> None:
    box = QRectF(round(corner.x()), round(corner.y()), _BADGE_PX, _BADGE_PX)
    _paint_ground(painter, box)
    font = QFont(painter.font())
    font.setBold(True)
    painter.save()
    painter.setFont(font)
    painter.setPen(QColor(palette.TEXT_STRONG))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), letter)
    painter.restore()


def _paint_ground(painter: QPainter, box: QRectF) -> None:
    """Dark under light words, so that they can be read on any picture."""
    ground = QColor(palette.PICTURE_SURROUND)
    ground.setAlphaF(0.85)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 4, 4)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
