"""Rows of the command palette: the title with the letters that were typed, its menu, and its keys."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from seamline_resources import palette
from seamline_widgets.commands import Hit

HIT = Qt.ItemDataRole.UserRole
_ROW_PX = 28
_SIDE_PX = 8
_BETWEEN_PX = 12


class CommandDelegate(QStyledItemDelegate):
    """Paints the `Hit` that an index has under the role `HIT`."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, max(_ROW_PX, option.fontMetrics.height() + 8))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit: Hit = index.data(HIT)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(palette.SELECTED))
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), QColor(palette.ACCENT))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(palette.HOVERED))
        metrics = QFontMetrics(painter.font())
        inside = rect.adjusted(_SIDE_PX, 0, -_SIDE_PX, 0)
        command = hit.command
        painter.setPen(QColor(palette.TEXT_QUIET))
        right = command.keys if command.is_enabled else "Not now"
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        room = inside.width() - metrics.horizontalAdvance(right) - _BETWEEN_PX
        title = metrics.elidedText(command.title, Qt.TextElideMode.ElideRight, room)
        used = self._paint_title(painter, inside, title, hit)
        left = room - used - _BETWEEN_PX
        if left > metrics.horizontalAdvance("…"):
            painter.setPen(QColor(palette.TEXT_QUIET if command.is_enabled else palette.TEXT_DISABLED))
            path = metrics.elidedText(command.path, Qt.TextElideMode.ElideRight, left)
            where = inside.adjusted(used + _BETWEEN_PX, 0, 0, 0)
            painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, path)
        painter.restore()

    def _paint_title(self, painter: QPainter, inside: QRect, title: str, hit: Hit) -> int:
        """Paint the title with the letters that were typed underlined; gives its width in pixels."""
        layout = QTextLayout(title, painter.font())
        typed = QTextCharFormat()
        typed.setFontUnderline(True)
        typed.setForeground(QColor(palette.TEXT_STRONG if hit.command.is_enabled else palette.TEXT_DISABLED))
        ranges = []
        for position in hit.positions:
            if position < len(title):
                part = QTextLayout.FormatRange()
                part.start, part.length, part.format = position, 1, typed
                ranges.append(part)
        layout.setFormats(ranges)
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        painter.setPen(QColor(palette.TEXT if hit.command.is_enabled else palette.TEXT_DISABLED))
        top = inside.top() + (inside.height() - line.height()) / 2
        layout.draw(painter, QPointF(inside.left(), top))
        return round(line.naturalTextWidth())
