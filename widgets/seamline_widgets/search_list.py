"""The list of what was found, by mouse and keys."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys
from seamline_widgets.pictured_list import NOTHING_HOT, PicturedListView
from seamline_widgets.pictured_model import PictureKey
from seamline_widgets.search_delegate import Button, HitDelegate, button_at, button_rect, row_px
from seamline_widgets.search_model import HitItem, HitModel

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TIPS = {Button.MORE: "More like this (+)", Button.LESS: "Less like this (−)"}


class HitListView(PicturedListView[HitItem]):
    """One row a hit, the best first.

    `shown(HitItem)`: a click, Up or Down: the user wants to see it. `chosen(HitItem)`: a double click or Enter: they
    want to go there. `more_wanted(HitItem)`, `less_wanted(HitItem)`: to look for what is like it, or unlike it: by the
    row's buttons, its menu, or + and -. `picture_wanted(HitItem)`: a visible row lacks its picture. `left`: Up on the
    first row: the keys shall go to what is above.
    """

    shown = Signal(HitItem)
    chosen = Signal(HitItem)
    more_wanted = Signal(HitItem)
    less_wanted = Signal(HitItem)
    picture_wanted = Signal(HitItem)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._model = HitModel()
        self._delegate = HitDelegate(self._model)
        super().__init__(self._model, self._delegate, parent)
        OwnKeys(self, (*UP_AND_DOWN, *_ENTER, Qt.Key.Key_Plus, Qt.Key.Key_Minus))
        self.setAccessibleName("What was found, the best first")
        self.setMinimumHeight(row_px())

    def set_items(self, items: Sequence[HitItem], *, is_new: bool = True) -> None:
        """Show these; what is selected stays if it is among them. `is_new`: of another search: the best is in view."""
        selected = self.current_item
        self._model.replace(tuple(items))
        self._delegate.hot = NOTHING_HOT
        row = self._model.row_of(selected.key) if selected is not None else -1
        self.setCurrentIndex(self._model.index(row))
        if row < 0:
            self.clearSelection()
        if is_new:
            self.scrollToTop()
        self._ask_timer.start()

    def set_shown(self, key: PictureKey) -> None:
        """Mark the hit that the picture shows, if it is one."""
        if key != self._delegate.current_key:
            self._delegate.current_key = key
            self.viewport().update()

    def select(self, key: PictureKey) -> None:
        """Select that hit and bring it into view."""
        row = self._model.row_of(key)
        if row >= 0:
            self.select_row(row)

    def button_rect(self, row: int, button: Button) -> QRect:
        """Where a row's button is, in the viewport."""
        return button_rect(self.row_rect(row), button)

    def take_keys(self) -> None:
        """Have the keyboard, on the first row unless one is selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._model.items and self.current_item is None:
            self._show_row(0)

    def press_button(self, item: HitItem, button: Enum) -> None:
        (self.more_wanted if button is Button.MORE else self.less_wanted).emit(item)

    def clicked_at(self, item: HitItem) -> None:
        self.shown.emit(item)

    def doubly_clicked_at(self, item: HitItem) -> None:
        self.chosen.emit(item)

    def tip_for(self, item: HitItem, button: Enum | None) -> str:
        if isinstance(button, Button):
            return _TIPS[button]
        there = "\nDouble click or Enter opens that film there" if item.is_elsewhere else ""
        return f"{item.sentence}{there}"

    def button_at(self, row: QRect, point: QPoint) -> Button | None:
        return button_at(row, point)

    def want_picture(self, item: HitItem, key: PictureKey) -> None:
        self.picture_wanted.emit(item)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item, button = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and item is not None and button is not None:
            self.press_button(item, button)  # and the row is not selected by it
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.currentIndex().row()
        item = self.current_item
        if key == Qt.Key.Key_Up and row <= 0:
            self.left.emit()
        elif key in UP_AND_DOWN and self._model.items:
            self._show_row(
                min(max(0, row + (1 if key == Qt.Key.Key_Down else -1)), len(self._model.items) - 1)
            )
        elif item is not None and key in _ENTER:
            self.chosen.emit(item)
        elif item is not None and key == Qt.Key.Key_Plus:
            self.more_wanted.emit(item)
        elif item is not None and key == Qt.Key.Key_Minus:
            self.less_wanted.emit(item)
        else:
            super().keyPressEvent(event)

    def menu_for(self, item: HitItem) -> QMenu:
        """What can be done with a hit."""
        menu = QMenu(self)
        menu.addAction(
            "Open that film there" if item.is_elsewhere else "Go there", lambda: self.chosen.emit(item)
        )
        menu.addSeparator()
        menu.addAction("More like this", lambda: self.more_wanted.emit(item))
        menu.addAction("Less like this", lambda: self.less_wanted.emit(item))
        return menu

    def _show_row(self, row: int) -> None:
        self.select_row(row)
        self.shown.emit(self._model.items[row])
