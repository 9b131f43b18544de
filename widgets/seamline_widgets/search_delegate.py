"""How a hit is painted: its picture, what it is, how far it sticks out, and two buttons to go on from it."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from seamline_resources import palette
from seamline_widgets.icons import icon_pixmap
from seamline_widgets.pictured_list import PicturedDelegate
from seamline_widgets.search_model import HitItem, HitModel
from seamline_widgets.shot_paint import NOW_PX, paint_line, paint_picture
from seamline_widgets.theme import figures_font

Index = QModelIndex | QPersistentModelIndex
_MARGIN, _GAP, _BAR_PX = 8, 12, 4
_PICTURE_SIZE = QSize(96, 54)
_BUTTON_PX, _ICON_PX = 24, 16
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class Button(Enum):
    """What a row can be pressed for; the value is the icon."""

    MORE = "more-like"
    LESS = "less-like"


class HitDelegate(PicturedDelegate):
    """Paints the rows of a `HitModel`. `current_key`: the hit that is shown; `hot`: the row and button at the mouse."""

    def __init__(self, model: HitModel) -> None:
        super().__init__()
        self._model = model
        self.current_key = ("", -1)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, row_px())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        rect: QRect = option.rect
        item = self._model.items[index.row()]
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hot = index.row() == self.hot[0]
        if is_selected:
            painter.fillRect(rect, QColor(palette.SELECTED))
        elif is_hot:
            painter.fillRect(rect, QColor(palette.RAISED))
        if item.key == self.current_key:
            painter.fillRect(rect.left(), rect.top(), NOW_PX, rect.height(), QColor(palette.ACCENT))
        if is_selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(palette.ACCENT), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        paint_picture(painter, picture_rect(rect), self._model.pictures.get(item.key))
        self._paint_words(painter, rect, item)
        if is_selected or is_hot:
            for button in Button:
                self._paint_button(painter, rect, button, is_hot=is_hot and self.hot[1] is button)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRect, item: HitItem) -> None:
        top, middle, bottom = (_line(rect, place) for place in range(3))
        painter.setFont(QApplication.font())
        title = item.film_name or item.name or item.title
        paint_line(painter, top, title, palette.TEXT_STRONG)
        beside = "" if title == item.title else item.name if item.film_name and item.name else item.title
        if not item.film_name:
            _paint_beside(painter, top, title, beside)
        painter.setFont(figures_font())
        paint_line(painter, middle, item.timecode, palette.TEXT)
        if item.film_name:
            _paint_beside(painter, middle, item.timecode, beside)
        painter.setFont(figures_font())
        score = item.score_text
        wide = painter.fontMetrics().horizontalAdvance("-.00")
        paint_line(painter, bottom, score, palette.TEXT, _RIGHT)
        bar = QRectF(
            bottom.left(), bottom.center().y() - _BAR_PX // 2 + 1, bottom.width() - wide - _MARGIN, _BAR_PX
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.OUTLINE))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(max(_BAR_PX, bar.width() * min(max(0.0, item.strength_01), 1.0)))
        painter.setBrush(QColor(palette.INFO))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_button(self, painter: QPainter, rect: QRect, button: Button, *, is_hot: bool) -> None:
        box = button_rect(rect, button)
        if is_hot:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.OUTLINE))
            painter.drawRoundedRect(box, 4, 4)
        colour = palette.TEXT_STRONG if is_hot else palette.TEXT
        pixmap = icon_pixmap(button.value, _ICON_PX, colour, painter.device().devicePixelRatio())
        inset = (_BUTTON_PX - _ICON_PX) // 2
        painter.drawPixmap(box.left() + inset, box.top() + inset, pixmap)


def picture_rect(row: QRect) -> QRect:
    """The box of a row's picture."""
    return QRect(QPoint(row.left() + _MARGIN, row.top() + _MARGIN), _PICTURE_SIZE)


def button_rect(row: QRect, button: Button) -> QRect:
    """Where a button is, one below the other at the right end."""
    top = row.top() + _MARGIN + (_PICTURE_SIZE.height() - 2 * _BUTTON_PX) // 2
    below = _BUTTON_PX if button is Button.LESS else 0
    return QRect(row.right() + 1 - _MARGIN - _BUTTON_PX, top + below, _BUTTON_PX, _BUTTON_PX)


def button_at(row: QRect, position: QPoint) -> Button | None:
    """The button of the row at that place."""
    return next((button for button in Button if button_rect(row, button).contains(position)), None)


def row_px() -> int:
    """The height of a row."""
    return max(_PICTURE_SIZE.height(), 3 * QFontMetrics(figures_font()).height()) + 2 * _MARGIN


def _paint_beside(painter: QPainter, line: QRect, text: str, beside: str) -> None:
    """Quietly behind `text`, as the painter has it, if there is room for all of it."""
    left = line.left() + painter.fontMetrics().horizontalAdvance(text) + _MARGIN
    painter.setFont(QApplication.font())
    if beside and line.right() - left >= painter.fontMetrics().horizontalAdvance(beside):
        rest = QRect(left, line.top(), line.right() - left + 1, line.height())
        paint_line(painter, rest, beside, palette.TEXT_QUIET)


def _line(row: QRect, place: int) -> QRect:
    """One of the three lines beside the picture."""
    left = picture_rect(row).right() + 1 + _GAP
    right = button_rect(row, Button.MORE).left() - _MARGIN
    height = (row.height() - 2 * _MARGIN) // 3
    return QRect(left, row.top() + _MARGIN + place * height, max(8, right - left), height)
