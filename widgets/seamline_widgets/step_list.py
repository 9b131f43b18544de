"""The list of the editor's steps: what was done and what is undone, and the way back to any of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from seamline_resources import palette
from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys
from seamline_widgets.theme import figures_font

EMPTY_HINT = "Your steps on this film appear here"
FIRST = "As it was analysed"
_ROW_PX = 28
_PLACE = Qt.ItemDataRole.UserRole
_IS_UNDONE = Qt.ItemDataRole.UserRole + 1


class StepList(QListWidget):
    """One row a step, oldest first, under a row for the beginning; those that are undone are dimmed.

    `step_chosen(done)`: the user wants the first `done` steps to count. By a click, or by Enter on a row.
    """

    step_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[tuple[str, str], ...], int] = ((), 0)
        self.setItemDelegate(_StepDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Steps")
        OwnKeys(self, (*UP_AND_DOWN, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Enter))
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def set_steps(self, steps: Sequence[tuple[str, str]], done: int) -> None:
        """Show steps, each as what was done and where (a timecode, or nothing); the first `done` count."""
        shown = tuple(steps), done
        if shown == self._shown and self.count():
            return
        before = self._shown[0] if self.count() else None
        self._shown = shown
        if before is None or before != shown[0]:
            kept = 0 if before is None else _common(before, shown[0]) + 1
            while self.count() > kept:
                self.takeItem(self.count() - 1)
            if shown[0] and not self.count():
                self.addItem(QListWidgetItem(FIRST))
            for what, where in shown[0][max(0, self.count() - 1) :]:
                item = QListWidgetItem(what)
                item.setData(_PLACE, where)
                self.addItem(item)
        if not shown[0]:
            self.clear()
            return
        for row in range(self.count()):
            is_undone = row > done
            item = self.item(row)
            if item.data(_IS_UNDONE) is not is_undone:
                item.setData(_IS_UNDONE, is_undone)
                item.setData(
                    Qt.ItemDataRole.AccessibleDescriptionRole, "undone" if is_undone else item.data(_PLACE)
                )
        self.setAccessibleDescription(f"{done} of {self.count() - 1} steps are done")
        self.setCurrentRow(done)
        self.scrollToItem(self.item(done))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.count():
            painter = QPainter(self.viewport())
            painter.setPen(QColor(palette.TEXT_QUIET))
            painter.drawText(self.viewport().rect(), int(Qt.AlignmentFlag.AlignCenter), EMPTY_HINT)

    def sizeHint(self) -> QSize:
        return QSize(320, 480)

    def _choose(self, item: QListWidgetItem) -> None:
        row = self.row(item)
        if row != self._shown[1]:
            self.step_chosen.emit(row)


class _StepDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(160, _ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect = QRect(option.rect)
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(palette.SELECTED))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(palette.HOVERED))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(palette.ACCENT)))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        is_undone = bool(index.data(_IS_UNDONE))
        row, place = index.row(), str(index.data(_PLACE) or "")
        painter.setFont(figures_font())
        figures = painter.fontMetrics()
        number_px = figures.horizontalAdvance("0000") + 12
        place_px = figures.horizontalAdvance(place) + 12 if place else 0
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(QColor(palette.TEXT_QUIET))
        if row:
            number = QRect(rect.left() + 4, rect.top(), number_px - 8, rect.height())
            painter.drawText(number, middle | int(Qt.AlignmentFlag.AlignRight), str(row))
        if place:
            area = QRect(rect.right() - place_px, rect.top(), place_px - 8, rect.height())
            painter.drawText(area, middle | int(Qt.AlignmentFlag.AlignRight), place)
        font = option.font
        font.setItalic(is_undone)
        painter.setFont(font)
        painter.setPen(QColor(palette.TEXT_QUIET if is_undone else palette.TEXT))
        area = QRect(
            rect.left() + number_px + 8, rect.top(), rect.width() - number_px - place_px - 12, rect.height()
        )
        what = str(index.data()) + (" (undone)" if is_undone else "")
        text = painter.fontMetrics().elidedText(what, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, middle, text)
        painter.restore()


def _common(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> int:
    """How many steps both begin with."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
