"""What stands where there is no picture."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QWidget

from seamline_resources import palette
from seamline_widgets.icons import icon_pixmap

EMPTY_HINT: Final = "Drop a film here or press Ctrl+O"
_ICON_PX = 48


def paint_hint(painter: QPainter, widget: QWidget, message: str) -> None:
    """`message` in the middle of `widget`; the one that says what to do has an icon above it."""
    is_hint = message == EMPTY_HINT
    text_width = min(widget.width() - 32, 480)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    font = QFont(widget.font())
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * 1.2)
    painter.setFont(font)
    bounds = painter.boundingRect(QRect(0, 0, text_width, widget.height()), int(flags), message)
    gap = 12
    icon_px = _ICON_PX if is_hint and widget.height() > 140 else 0
    top = (widget.height() - bounds.height() - (icon_px + gap if icon_px else 0)) // 2
    if icon_px:
        pixmap = icon_pixmap("film", icon_px, palette.OUTLINE, widget.devicePixelRatioF())
        painter.drawPixmap((widget.width() - icon_px) // 2, top, pixmap)
        top += icon_px + gap
    painter.setPen(QColor(palette.TEXT_QUIET))
    left = (widget.width() - text_width) // 2
    painter.drawText(QRect(left, top, text_width, bounds.height() + 4), int(flags), message)
