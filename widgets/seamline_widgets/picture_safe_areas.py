"""Safe areas: what every screen shows, and where titles may stand."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

ACTION_SAFE: Final = 0.93
TITLE_SAFE: Final = 0.90
"""Shares of the picture's width and height (SMPTE ST 2046-1, EBU R 95)."""

_LIGHT = QColor(255, 255, 255, 180)
_DARK = QColor(0, 0, 0, 150)
_ARM_PX = 12


def paint_safe_areas(painter: QPainter, picture: QRectF, ratio: float) -> None:
    """Both frames and a cross in the middle of `picture`, `ratio` pixels of the device to each of its own.

    Each line is light with a dark edge on either side, so that it shows on any picture.
    """
    device_px = 1 / ratio
    frames = [_on_pixels(_middle_part(picture, share), ratio) for share in (ACTION_SAFE, TITLE_SAFE)]
    middle = _on_pixel(picture.center(), ratio)
    arm = _ARM_PX
    cross = [
        QLineF(middle - QPointF(arm, 0), middle + QPointF(arm, 0)),
        QLineF(middle - QPointF(0, arm), middle + QPointF(0, arm)),
    ]
    line_px = max(1, round(ratio)) * device_px
    for colour, width in ((_DARK, line_px + 2 * device_px), (_LIGHT, line_px)):
        pen = QPen(colour, width)
        pen.setJoinStyle(pen.joinStyle().MiterJoin)
        painter.setPen(pen)
        painter.setBrush(QColor(0, 0, 0, 0))
        for frame in frames:
            painter.drawRect(frame)
        painter.drawLines(cross)


def _middle_part(rect: QRectF, share: float) -> QRectF:
    part = QRectF(0, 0, rect.width() * share, rect.height() * share)
    part.moveCenter(rect.center())
    return part


def _on_pixels(rect: QRectF, ratio: float) -> QRectF:
    return QRectF(_on_pixel(rect.topLeft(), ratio), _on_pixel(rect.bottomRight(), ratio))


def _on_pixel(point: QPointF, ratio: float) -> QPointF:
    """The middle of the device's pixel at `point`, where a thin line is sharp."""
    return QPointF((int(point.x() * ratio) + 0.5) / ratio, (int(point.y() * ratio) + 0.5) / ratio)
