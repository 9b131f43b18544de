"""The signs on the review's buttons, drawn as lines on a square of 24."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from seamline_resources import palette

_ASKED = (
    "<path d='M{0} 8.6a3.3 3.3 0 1 1 5 2.9c-1.2.8-1.7 1.4-1.7 2.8'/>"
    "<circle cx='{1}' cy='18' r='.7' fill='#000'/>"
)
_GLYPHS = {
    "previous_doubtful": "<path d='M9 6 3 12l6 6'/>" + _ASKED.format(14, 17.3),
    "next_doubtful": "<path d='m15 6 6 6-6 6'/>" + _ASKED.format(3.4, 6.7),
    "confirm_seam": "<path d='m4.5 12.5 5 5L19.5 7'/>",
    "delete_seam": "<path d='m6 6 12 12M18 6 6 18'/>",
    "change_kind": "<path d='M4 8.5h14m-4-4 4 4-4 4M20 16H6m4-4-4 4 4 4'/>",
    "nudge_back": "<path d='M19.5 5v14M15.5 12H4.5m4.5-4.5L4.5 12 9 16.5'/>",
    "nudge_forward": "<path d='M4.5 5v14M8.500 12h11M15 7.5l4.5 4.5-4.5 4.5'/>",
}
_SIZES_PX = (18, 23, 27, 36, 54)


@cache
def glyph(action_id: str) -> QIcon:
    """The sign of that action, greyed for the disabled state. Raises KeyError for an action that has none."""
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><g fill='none' stroke='#000' "
        f"stroke-width='2' stroke-linecap='round' stroke-linejoin='round'>{_GLYPHS[action_id]}</g></svg>"
    )
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    icon = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, palette.TEXT), (QIcon.Mode.Disabled, palette.TEXT_DISABLED)):
        for size in _SIZES_PX:
            pixmap = QPixmap(size, size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter, QRectF(0, 0, size, size))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
            painter.fillRect(pixmap.rect(), QColor(colour))
            painter.end()
            icon.addPixmap(pixmap, mode)
    return icon
