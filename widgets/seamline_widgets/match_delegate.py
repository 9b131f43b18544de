"""How a pair of shots is painted: its two frames at the cut beside each other, why they match, and what was said."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication, QListView, QStyle, QStyleOptionViewItem

from seamline.project.match_cuts import Verdict
from seamline_resources import palette
from seamline_resources.match_looks import KIND_LOOKS, VERDICT_LOOKS
from seamline_widgets.icons import icon_pixmap
from seamline_widgets.match_items import NO_SCORE, MatchItem
from seamline_widgets.match_layout import MatchButton, MatchLayout, line_px, row_px
from seamline_widgets.match_model import MatchModel
from seamline_widgets.pictured_list import PicturedDelegate
from seamline_widgets.shot_paint import NOW_PX, paint_line, paint_picture, shown_name
from seamline_widgets.theme import figures_font
from seamline_widgets.wrapped_text import wrapped

Index = QModelIndex | QPersistentModelIndex
_GAP, _ICON_PX = 4, 16
_BESIDE_ICON_PX = _ICON_PX + 2 * _GAP - 2
_DIMMED = 0.4
_RIGHT = Qt.AlignmentFlag.AlignRight
_BUTTONS = (MatchButton.KEEP, MatchButton.REJECT, MatchButton.NOTE)


class MatchDelegate(PicturedDelegate):
    """Paints the rows of a `MatchModel`. `hot`: the row and button at the mouse."""

    def __init__(self, model: MatchModel) -> None:
        super().__init__()
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget
        assert isinstance(view, QListView)
        return QSize(120, row_px(view.viewport().width()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        row: QRect = option.rect
        item = self._model.items[index.row()]
        layout = MatchLayout(row)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hot = index.row() == self.hot[0]
        if is_selected:
            painter.fillRect(row, QColor(palette.SELECTED))
        elif is_hot:
            painter.fillRect(row, QColor(palette.RAISED))
        if item.judged.verdict is not Verdict.OPEN:
            colour = QColor(VERDICT_LOOKS[item.judged.verdict].colour)
            painter.fillRect(row.left(), row.top(), NOW_PX, row.height(), colour)
        if is_selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(palette.ACCENT), 1))
            painter.drawRect(row.adjusted(0, 0, -1, -1))
        self._paint_pictures(painter, layout, item)
        self._paint_names(painter, layout, item)
        self._paint_words(painter, layout, item)
        if is_hot:
            _paint_buttons(painter, layout, self.hot[1], item)
        painter.restore()

    def _paint_pictures(self, painter: QPainter, layout: MatchLayout, item: MatchItem) -> None:
        painter.setOpacity(_DIMMED if item.judged.verdict is Verdict.REJECTED else 1.0)
        for box, key in zip(layout.pictures, item.picture_keys, strict=True):
            paint_picture(painter, box, self._model.pictures.get(key))
        painter.setOpacity(1.0)

    def _paint_names(self, painter: QPainter, layout: MatchLayout, item: MatchItem) -> None:
        texts = (item.out_name, item.out_timecode), (item.in_name, item.in_timecode)
        for box, (name, timecode) in zip(layout.names, texts, strict=True):
            if layout.is_wide:
                _paint_name(painter, box.adjusted(0, 0, 0, -line_px()), name)
                painter.setFont(figures_font(_small_size()))
                paint_line(painter, box.adjusted(0, line_px(), 0, 0), timecode, palette.TEXT_QUIET)
                continue
            painter.setFont(figures_font(_small_size()))
            beside = painter.fontMetrics().horizontalAdvance(timecode) + 2 * _GAP
            # whole or not at all: half a timecode would be a wrong one
            if shown_name(name, box.width() - beside)[1] >= 0:
                paint_line(painter, box, timecode, palette.TEXT_QUIET, _RIGHT)
                box = box.adjusted(0, 0, -beside, 0)
            _paint_name(painter, box, name)

    def _paint_words(self, painter: QPainter, layout: MatchLayout, item: MatchItem) -> None:
        box, high, said = layout.words, line_px(), item.judged
        look = KIND_LOOKS[item.pair.kind]
        line = QRect(box.left(), box.top(), box.width(), high)
        left = _paint_icon(painter, line, look.icon, look.colour)
        painter.setFont(figures_font())
        score = item.score_text
        painter.setPen(QColor(palette.TEXT_DISABLED if score == NO_SCORE else palette.TEXT_STRONG))
        painter.drawText(line.adjusted(left, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), score)
        left += painter.fontMetrics().horizontalAdvance(score) + 2 * _GAP
        painter.setFont(QApplication.font())
        right = self._paint_verdict(painter, line, said.verdict)
        paint_line(painter, line.adjusted(left, 0, -right, 0), look.short_name, palette.TEXT)
        font, lines = painter.font(), layout.most_lines - 1
        note = " ".join(said.note.split())
        note_px = box.width() - _BESIDE_ICON_PX
        wanted = (
            len(wrapped(item.pair.reason, font, box.width(), lines)),
            len(wrapped(note, font, note_px, lines)),
        )
        # the note is the editor's own: half of the room, and what the reason leaves
        of_note = min(wanted[1], max(lines - wanted[0], lines // 2))
        for text in wrapped(item.pair.reason, font, box.width(), lines - of_note):
            line.translate(0, high)
            paint_line(painter, line, text, palette.TEXT)
        for at, text in enumerate(wrapped(note, font, note_px, of_note)):
            line.translate(0, high)
            if not at:
                _paint_icon(painter, line, MatchButton.NOTE.value, palette.TEXT_QUIET)
            paint_line(painter, line.adjusted(_BESIDE_ICON_PX, 0, 0, 0), text, palette.TEXT_QUIET)

    def _paint_verdict(self, painter: QPainter, line: QRect, verdict: Verdict) -> int:
        """At the right of the line; gives how much of it that takes."""
        if verdict is Verdict.OPEN:
            return 0
        look = VERDICT_LOOKS[verdict]
        wide = painter.fontMetrics().horizontalAdvance(look.name)
        paint_line(painter, line, look.name, look.colour, _RIGHT)
        sign = QRect(line.right() + 1 - wide - _GAP - _ICON_PX, line.top(), _ICON_PX, line.height())
        _paint_icon(painter, sign, look.icon, look.colour)
        return wide + 2 * _GAP + _ICON_PX


def _paint_name(painter: QPainter, box: QRect, name: str) -> None:
    painter.setFont(QApplication.font())
    paint_line(painter, box, shown_name(name, box.width())[0], palette.TEXT_STRONG)


def _paint_icon(painter: QPainter, line: QRect, name: str, colour: str) -> int:
    """At the left of the line, in its middle; gives how much of it that takes."""
    pixmap = icon_pixmap(name, _ICON_PX, colour, painter.device().devicePixelRatio())
    painter.drawPixmap(line.left(), line.top() + (line.height() - _ICON_PX) // 2, pixmap)
    return _BESIDE_ICON_PX


def _paint_buttons(painter: QPainter, layout: MatchLayout, hot: Enum | None, item: MatchItem) -> None:
    """On the pictures, on a dark ground, so that they are seen on any picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    ground = QColor(palette.WINDOW)
    ground.setAlphaF(0.88)
    play = layout.button(MatchButton.PLAY)
    painter.setBrush(QColor(palette.OUTLINE) if hot is MatchButton.PLAY else ground)
    painter.drawEllipse(QRectF(play))
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(play.left() + 9, play.top() + 8, icon_pixmap("play", 20, palette.TEXT_STRONG, ratio))
    boxes = [layout.button(button) for button in _BUTTONS]
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(boxes[0].united(boxes[-1])), 4, 4)
    for button, box in zip(_BUTTONS, boxes, strict=True):
        if button is hot:
            painter.setBrush(QColor(palette.OUTLINE))
            painter.drawRoundedRect(QRectF(box), 4, 4)
        verdict = {MatchButton.KEEP: Verdict.KEPT, MatchButton.REJECT: Verdict.REJECTED}.get(button)
        is_said = verdict is item.judged.verdict
        colour = VERDICT_LOOKS[item.judged.verdict].colour if is_said else palette.TEXT_STRONG
        pixmap = icon_pixmap(button.value, _ICON_PX, colour, ratio)
        painter.drawPixmap(box.left() + 4, box.top() + 4, pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _small_size() -> float:
    return max(7.0, QApplication.font().pointSizeF() - 1)
