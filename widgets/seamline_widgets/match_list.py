"""The list of pairs that would cut together, by mouse and keys."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QHelpEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from seamline.project.match_cuts import PairKey, Verdict
from seamline_widgets.match_delegate import MatchDelegate
from seamline_widgets.match_items import MatchItem
from seamline_widgets.match_layout import MatchButton, MatchLayout
from seamline_widgets.match_model import MatchModel
from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys
from seamline_widgets.pictured_list import NOTHING_HOT, PicturedListView
from seamline_widgets.pictured_model import PictureKey

_BUTTON_KEYS = {
    Qt.Key.Key_Return: MatchButton.PLAY,
    Qt.Key.Key_Enter: MatchButton.PLAY,
    Qt.Key.Key_Space: MatchButton.PLAY,
    Qt.Key.Key_K: MatchButton.KEEP,
    Qt.Key.Key_X: MatchButton.REJECT,
    Qt.Key.Key_Delete: MatchButton.REJECT,
    Qt.Key.Key_Backspace: MatchButton.REJECT,
    Qt.Key.Key_N: MatchButton.NOTE,
}
_PAGES = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_TIPS = {
    MatchButton.PLAY: "Play the cut (Enter)",
    MatchButton.KEEP: "Keep (K)",
    MatchButton.REJECT: "Reject (X)",
    MatchButton.NOTE: "Note (N)",
}


_BAR_STYLE = "QScrollBar::handle:disabled { background: transparent; }"
"""Where all rows are in view there is nothing to take hold of."""
_TIP_GAP_PX, _TIP_FRAME_PX = 4, 12
_QT_TIP_OFFSET = QPoint(2, 16)
"""How far from where it is asked for Qt shows a tool tip."""


class MatchListView(PicturedListView[MatchItem]):
    """One row a pair, the best first.

    `current_changed(MatchItem)`: a click, Up or Down. `pressed_for(MatchItem, MatchButton)`: to play, keep, reject or
    note it, by its buttons, its keys or its menu. `side_wanted(MatchSide)`: see that frame of that film;
    `timecodes_wanted(MatchItem)`: copy them. `picture_wanted(fingerprint, frame)`: a visible row lacks it.
    """

    current_changed = Signal(object)
    pressed_for = Signal(object, object)
    side_wanted = Signal(object)
    timecodes_wanted = Signal(object)
    picture_wanted = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._model = MatchModel()
        self._delegate = MatchDelegate(self._model)
        super().__init__(self._model, self._delegate, parent)
        self._delegate.setParent(self)
        # always there, so that the rows keep their size whatever is found
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().setStyleSheet(_BAR_STYLE)
        self.verticalScrollBar().rangeChanged.connect(
            lambda first, last: self.verticalScrollBar().setEnabled(last > first)
        )
        # a click gives it the keys: keep, reject and note are for the pair that was clicked
        OwnKeys(self, (*UP_AND_DOWN, *_PAGES, *_BUTTON_KEYS), Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Match cuts, the best first")
        self.setMinimumHeight(1)
        self.verticalScrollBar().setSingleStep(24)

    def set_items(self, items: Sequence[MatchItem]) -> None:
        """Show these. What is selected stays if it is among them; else what has moved up to its place is selected."""
        row, selected = self.currentIndex().row(), self.current_item
        place = self.verticalScrollBar().value()
        self._model.replace(tuple(items))
        self._delegate.hot = NOTHING_HOT
        known = self._model.row_of(selected.key) if selected is not None else -1
        row = known if known >= 0 else min(row, len(items) - 1)
        self.setCurrentIndex(self._model.index(row))
        if selected is None:
            self.clearSelection()
            self.scrollToTop()
        else:
            self.doItemsLayout()
            self.verticalScrollBar().setValue(place)
            self.scrollTo(self._model.index(row))
        self._ask_timer.start()

    def select(self, key: PairKey) -> bool:
        """Select that pair and bring it into view; whether there is one."""
        row = self._model.row_of(key)
        if row >= 0:
            self.select_row(row)
        return row >= 0

    def select_first(self) -> None:
        """Select the best pair and bring it into view, where none is selected."""
        if self._model.items:
            self.select_row(max(0, self.currentIndex().row()))

    def step(self, by: int) -> MatchItem | None:
        """Select a pair further down, or up below 0; None where there is none."""
        row = self.currentIndex().row() + by
        if not 0 <= row < len(self._model.items):
            return None
        self.select(self._model.items[row].key)
        return self._model.items[row]

    def layout_of(self, row: int) -> MatchLayout:
        """Where the parts of that row are, in the viewport."""
        return MatchLayout(self.row_rect(row))

    def menu_for(self, item: MatchItem) -> QMenu:
        """What can be done with a pair."""
        verdict = item.judged.verdict
        menu = QMenu(self)
        for button, text in (
            (MatchButton.PLAY, "Play the cut\tEnter"),
            (MatchButton.KEEP, "Keep no more\tK" if verdict is Verdict.KEPT else "Keep\tK"),
            (MatchButton.REJECT, "Reject no more\tX" if verdict is Verdict.REJECTED else "Reject\tX"),
            (MatchButton.NOTE, "Note…\tN"),
        ):
            menu.addAction(text, partial(self.pressed_for.emit, item, button))
        menu.addSeparator()
        out, into = item.pair.outgoing, item.pair.incoming
        menu.addAction("Go to the outgoing frame", partial(self.side_wanted.emit, out))
        menu.addAction("Go to the incoming frame", partial(self.side_wanted.emit, into))
        menu.addAction("Copy the timecodes", partial(self.timecodes_wanted.emit, item))
        return menu

    def press_button(self, item: MatchItem, button: Enum) -> None:
        self.current_changed.emit(item)
        self.pressed_for.emit(item, button)

    def clicked_at(self, item: MatchItem) -> None:
        self.current_changed.emit(item)

    def doubly_clicked_at(self, item: MatchItem) -> None:
        self.pressed_for.emit(item, MatchButton.PLAY)

    def tip_for(self, item: MatchItem, button: Enum | None) -> str:
        return _TIPS[button] if isinstance(button, MatchButton) else item.tip

    def button_at(self, row: QRect, point: QPoint) -> MatchButton | None:
        return MatchLayout(row).button_at(point)

    def want_picture(self, item: MatchItem, key: PictureKey) -> None:
        self.picture_wanted.emit(*key)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            row = self.visualRect(index)
            if index.isValid() and self.button_at(row, event.pos()) is None:
                self._show_tip(self._model.items[index.row()].tip, row)
                return True
        return super().viewportEvent(event)

    def _show_tip(self, text: str, row: QRect) -> None:
        """Below the pair that it is about, or above it; in view as long as the mouse is at the pair."""
        metrics = QFontMetrics(QToolTip.font())
        high = metrics.lineSpacing() * len(text.splitlines()) + _TIP_FRAME_PX
        below = self.viewport().mapToGlobal(row.bottomLeft()).y() + _TIP_GAP_PX
        top = below
        if below + high > self.screen().availableGeometry().bottom():
            top = self.viewport().mapToGlobal(row.topLeft()).y() - high - _TIP_GAP_PX
        left = self.viewport().mapToGlobal(row.topLeft()).x()
        # Qt leaves room for the shape of the mouse
        QToolTip.showText(
            QPoint(left - _QT_TIP_OFFSET.x(), top - _QT_TIP_OFFSET.y()), text, self.viewport(), row
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row, last = Qt.Key(event.key()), self.currentIndex().row(), len(self._model.items) - 1
        item = self.current_item
        if key in UP_AND_DOWN and last >= 0:
            self._go_to(min(max(0, row + (1 if key == Qt.Key.Key_Down else -1)), last))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and last >= 0:
            self._go_to(0 if key == Qt.Key.Key_Home else last)
        elif key in _BUTTON_KEYS:
            if item is not None and not event.isAutoRepeat():
                self.pressed_for.emit(item, _BUTTON_KEYS[key])
        elif event.text() and event.text().isprintable():
            event.ignore()  # letters are commands, not the beginning of a name
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentIndex().isValid():  # the keys are for that one
            self.setCurrentIndex(self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()  # the rows are as high as their width makes them

    def _go_to(self, row: int) -> None:
        self.select(self._model.items[row].key)
        self.current_changed.emit(self._model.items[row])
