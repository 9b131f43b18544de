"""The list of what was found, by mouse and keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QToolTip, QWidget

from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys
from seamline_widgets.search_delegate import Button, HitDelegate, button_at, button_rect, row_px
from seamline_widgets.search_model import HitItem, HitModel, Key

_ASK_AFTER_MS = 60
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TIPS = {Button.MORE: "More like this (+)", Button.LESS: "Less like this (−)"}


class HitListView(QListView):
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
        super().__init__(parent)
        self._model = HitModel()
        self._delegate = HitDelegate(self._model)
        self._asked: set[Key] = set()
        self._ask_timer = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)
        self._ask_timer.timeout.connect(self._ask_for_pictures)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        OwnKeys(self, (*UP_AND_DOWN, *_ENTER, Qt.Key.Key_Plus, Qt.Key.Key_Minus))
        self.setAccessibleName("What was found, the best first")
        self.setMinimumHeight(row_px())
        self.verticalScrollBar().valueChanged.connect(lambda _: self._ask_timer.start())

    @property
    def items(self) -> tuple[HitItem, ...]:
        return self._model.items

    def set_items(self, items: Sequence[HitItem], *, is_new: bool = True) -> None:
        """Show these; what is selected stays if it is among them. `is_new`: of another search: the best is in view."""
        selected = self.current_item
        self._model.replace(tuple(items))
        self._delegate.hot = -1, None
        row = self._model.row_of(selected.key) if selected is not None else -1
        self.setCurrentIndex(self._model.index(row))
        if row < 0:
            self.clearSelection()
        if is_new:
            self.scrollToTop()
        self._ask_timer.start()

    def forget_pictures(self) -> None:
        """Others are known from now on."""
        self._model.pictures.clear()
        self._asked.clear()
        self._ask_timer.start()

    def set_picture(self, key: Key, image: QImage) -> None:
        """Show `image` where that frame of that film stands for a hit."""
        self._asked.difference_update(self._model.keep_picture(key, image))
        self.viewport().update()

    def picture(self, key: Key) -> QImage | None:
        """What is shown of that hit, None while there is nothing."""
        return self._model.pictures.get(key)

    def set_shown(self, key: Key) -> None:
        """Mark the hit that the picture shows, if it is one."""
        if key != self._delegate.current_key:
            self._delegate.current_key = key
            self.viewport().update()

    def select(self, key: Key) -> None:
        """Select that hit and bring it into view."""
        row = self._model.row_of(key)
        if row >= 0:
            self.setCurrentIndex(self._model.index(row))
            self.scrollTo(self._model.index(row))

    @property
    def current_item(self) -> HitItem | None:
        """The hit that is selected."""
        row = self.currentIndex().row()
        return self._model.items[row] if 0 <= row < len(self._model.items) else None

    def button_rect(self, row: int, button: Button) -> QRect:
        """Where a row's button is, in the viewport."""
        return button_rect(self.visualRect(self._model.index(row)), button)

    def take_keys(self) -> None:
        """Have the keyboard, on the first row unless one is selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._model.items and self.current_item is None:
            self._show_row(0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        item, button = self._at(at)
        if event.button() == Qt.MouseButton.LeftButton and item is not None and button is not None:
            (self.more_wanted if button is Button.MORE else self.less_wanted).emit(item)
            return
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and item is not None:
            self.shown.emit(item)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item, button = self._at(event.position().toPoint())
        if button is not None:
            self.mousePressEvent(event)  # two presses of a button are two presses
        elif event.button() == Qt.MouseButton.LeftButton and item is not None:
            self.chosen.emit(item)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        self._set_hot((self.indexAt(at).row(), self._at(at)[1]))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hot((-1, None))

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

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        item = self.current_item if is_key else self._at(event.pos())[0]
        if item is None:
            return
        menu = self.menu_for(item)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at = self.visualRect(self.currentIndex()).center() if is_key else event.pos()
        menu.popup(self.viewport().mapToGlobal(at))

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

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            item, button = self._at(event.pos())
            QToolTip.showText(event.globalPos(), _tip(item, button), self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._asked.clear()
        self._ask_timer.start()

    def _show_row(self, row: int) -> None:
        self.setCurrentIndex(self._model.index(row))
        self.scrollTo(self._model.index(row))
        self.shown.emit(self._model.items[row])

    def _at(self, point: QPoint) -> tuple[HitItem | None, Button | None]:
        index = self.indexAt(point)
        if not index.isValid():
            return None, None
        return self._model.items[index.row()], button_at(self.visualRect(index), point)

    def _set_hot(self, hot: tuple[int, Button | None]) -> None:
        if hot != self._delegate.hot:
            self._delegate.hot = hot
            shape = Qt.CursorShape.ArrowCursor if hot[1] is None else Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def _visible_rows(self) -> range:
        first = self.indexAt(self.viewport().rect().topLeft()).row()
        if first < 0:
            return range(0)
        last = self.indexAt(self.viewport().rect().bottomLeft()).row()
        return range(first, (last if last >= 0 else len(self._model.items) - 1) + 1)

    def _ask_for_pictures(self) -> None:
        if not self.isVisible():
            return
        items = self._model.items
        rows = self._visible_rows()
        # not all that is asked for comes: what comes into view again is asked for again
        self._asked.intersection_update(items[row].key for row in rows)
        # the newest wish is served first: ask from the bottom up
        for row in reversed(rows):
            item = items[row]
            if item.key not in self._model.pictures and item.key not in self._asked:
                self._asked.add(item.key)
                self.picture_wanted.emit(item)


def _tip(item: HitItem | None, button: Button | None) -> str:
    if button is not None or item is None:
        return _TIPS[button] if button is not None else ""
    return (
        f"{item.sentence}\nDouble click or Enter opens that film there"
        if item.is_elsewhere
        else item.sentence
    )
