"""Two pictures laid over each other. All give a picture of `size` in which each of the two is as large as fits, in its
own shape, on the surround."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from seamline_resources import palette

_GAP_PX = 4


def fitted(picture: QSize, box: QRectF) -> QRectF:
    """Where a picture of that size is in `box`: as large as fits, in the middle."""
    size = QSizeF(picture).scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, round(size.width()), round(size.height()))
    target.moveTopLeft(box.topLeft())
    target.translate(round((box.width() - target.width()) / 2), round((box.height() - target.height()) / 2))
    return target


def difference(a: QImage, b: QImage, size: QSize) -> QImage:
    """How far each pixel of one is from that of the other, each colour for itself: black where they are alike."""
    return _blended(a, b, size, QPainter.CompositionMode.CompositionMode_Difference, 1.0)


def onion_skin(a: QImage, b: QImage, size: QSize) -> QImage:
    """Half of one and half of the other."""
    return _blended(a, b, size, QPainter.CompositionMode.CompositionMode_Plus, 0.5)


def wipe(a: QImage, b: QImage, size: QSize, share_01: float) -> QImage:
    """A at the left of a border that is at that share of what the pictures cover, B at the right of it."""
    canvas, painter = _canvas(size)
    border = wipe_border(a, b, size, share_01)
    for picture, part in (
        (a, QRectF(0, 0, border, size.height())),
        (b, QRectF(border, 0, size.width() - border, size.height())),
    ):
        painter.setClipRect(part)
        _draw(painter, picture, fitted(picture.size(), QRectF(canvas.rect())))
    painter.end()
    return canvas


def wipe_border(a: QImage, b: QImage, size: QSize, share_01: float) -> int:
    """How far from the left the border is, in pixels."""
    covered = _covered(a, b, size)
    return round(covered.left() + share_01 * covered.width())


def wipe_share(a: QImage, b: QImage, size: QSize, x_px: float) -> float:
    """The share at which the border is there."""
    covered = _covered(a, b, size)
    return min(max(0.0, (x_px - covered.left()) / max(1.0, covered.width())), 1.0)


def side_by_side(a: QImage, b: QImage, size: QSize) -> QImage:
    """A at the left, B at the right."""
    canvas, painter = _canvas(size)
    for picture, box in zip((a, b), halves(size), strict=True):
        _draw(painter, picture, fitted(picture.size(), box))
    painter.end()
    return canvas


def halves(size: QSize) -> tuple[QRectF, QRectF]:
    """The boxes of two pictures beside each other."""
    wide = max(1, (size.width() - _GAP_PX) // 2)
    return QRectF(0, 0, wide, size.height()), QRectF(size.width() - wide, 0, wide, size.height())


def _blended(a: QImage, b: QImage, size: QSize, mode: QPainter.CompositionMode, opacity: float) -> QImage:
    canvas, painter = _canvas(size)
    boxes = [fitted(picture.size(), QRectF(canvas.rect())) for picture in (a, b)]
    for box in boxes:  # what only one of them covers is added to black, or differs from it
        painter.fillRect(box, Qt.GlobalColor.black)
    painter.setOpacity(opacity)
    for picture, box in zip((a, b), boxes, strict=True):
        painter.setCompositionMode(mode)
        _draw(painter, picture, box)
    painter.end()
    return canvas


def _canvas(size: QSize) -> tuple[QImage, QPainter]:
    canvas = QImage(size.expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    canvas.fill(QColor(palette.PICTURE_SURROUND))
    return canvas, QPainter(canvas)


def _draw(painter: QPainter, picture: QImage, target: QRectF) -> None:
    is_fitting = target.size().toSize() == picture.size()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_fitting)
    painter.drawImage(target, picture, QRectF(picture.rect()))


def _covered(a: QImage, b: QImage, size: QSize) -> QRectF:
    box = QRectF(0, 0, size.width(), size.height())
    return fitted(a.size(), box).united(fitted(b.size(), box))
