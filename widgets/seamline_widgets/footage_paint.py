"""How a shot of a set-up is painted: its picture, framed in the set-up's colour, with letter and number."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from seamline_resources import palette
from seamline_widgets.footage_cells import FootageCell
from seamline_widgets.shot_paint import paint_line, paint_picture

_FRAME_PX = 3
_CHIP_PX = 16
_CHIP_PAD_PX = 4
_REPEAT_SIGN = "↺"
_DIM = 170  # of 255


def paint_head(painter: QPainter, rect: QRect, title: str, facts: str, *, is_first: bool) -> None:
    """The line above the shots of a scene."""
    if not is_first:
        painter.fillRect(rect.left(), rect.top(), rect.width(), 1, QColor(palette.LINE))
    painter.setFont(QFont())
    metrics = painter.fontMetrics()
    text_rect = rect.adjusted(0, 4, 0, 0)
    paint_line(painter, text_rect, title, palette.TEXT_STRONG)
    left = metrics.horizontalAdvance(f"{title}  ")
    paint_line(painter, text_rect.adjusted(left, 0, 0, 0), facts, palette.TEXT_QUIET)


def paint_cell(
    painter: QPainter,
    rect: QRect,
    cell: FootageCell,
    picture: QImage | None,
    *,
    is_current: bool,
    is_focused: bool,
    is_dimmed: bool,
) -> None:
    """One shot; `is_current`: it is at the playhead. `is_dimmed`: others stand out now."""
    painter.save()
    inner = rect.adjusted(_FRAME_PX, _FRAME_PX, -_FRAME_PX, -_FRAME_PX)
    painter.fillRect(rect, QColor(cell.colour))
    paint_picture(painter, inner, picture)
    if is_dimmed:
        veil = QColor(palette.SUNKEN)
        veil.setAlpha(_DIM)
        painter.fillRect(rect, veil)
    font = QFont()
    font.setPixelSize(11)
    font.setBold(True)
    painter.setFont(font)
    if cell.short:
        _paint_tag(painter, rect.topLeft(), cell.short, cell.colour, palette.PICTURE_SURROUND)
    font.setBold(False)
    painter.setFont(font)
    number = f"{_REPEAT_SIGN} {cell.number}" if cell.repeats_frame >= 0 else str(cell.number)
    wide = painter.fontMetrics().horizontalAdvance(number) + 2 * _CHIP_PAD_PX
    corner = QPoint(inner.right() + 1 - wide, inner.bottom() + 1 - _CHIP_PX)
    _paint_tag(painter, corner, number, palette.PICTURE_SURROUND, palette.TEXT)
    if is_current or is_focused:
        painter.setPen(QPen(QColor(palette.ACCENT if is_current else palette.TEXT_STRONG), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(rect).adjusted(-1, -1, 1, 1))
    painter.restore()


def _paint_tag(painter: QPainter, corner: QPoint, text: str, colour: str, ink: str) -> None:
    wide = max(_CHIP_PX, painter.fontMetrics().horizontalAdvance(text) + 2 * _CHIP_PAD_PX)
    tag = QRect(corner.x(), corner.y(), wide, _CHIP_PX)
    painter.fillRect(tag, QColor(colour))
    painter.setPen(QColor(ink))
    painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), text)
