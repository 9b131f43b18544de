"""What lists of rows with pictures have in common: asking for those in view, buttons under the mouse, menus, tips."""

from __future__ import annotations

from enum import Enum
from typing import Generic

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QImage, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyledItemDelegate,
    QToolTip,
    QWidget,
)

from seamline_widgets.pictured_model import Item, PicturedModel, PictureKey

_ASK_AFTER_MS = 60
Hot = tuple[int, Enum | None]
"""The row and the button of it that the mouse is at."""
NOTHING_HOT: Hot = -1, None


def show_as_rows(view: QListView) -> None:
    """One row below the other, all of a height, one of them chosen, and nothing to be typed into."""
    view.setUniformItemSizes(True)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setMouseTracking(True)


class PicturedDelegate(QStyledItemDelegate):
    """`hot`: the row and button at the mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hot: Hot = NOTHING_HOT


class PicturedListView(QListView, Generic[Item]):
    """One row an item, the best first. What a list is made of says which buttons a row has, and what they mean.

    A picture is asked for when a row that lacks it is in view, and again when the row comes into view again.
    """

    def __init__(
        self, model: PicturedModel[Item], delegate: PicturedDelegate, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rows = model
        self._hands = delegate
        self._asked: set[PictureKey] = set()
        self._ask_timer = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)
        self._ask_timer.timeout.connect(self._ask_for_pictures)
        self.setModel(model)
        self.setItemDelegate(delegate)
        show_as_rows(self)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._ask_timer.start())

    def press_button(self, item: Item, button: Enum) -> None:
        """A button of that row was pressed."""
        raise NotImplementedError

    def clicked_at(self, item: Item) -> None:
        """That row was pressed beside its buttons."""
        raise NotImplementedError

    def doubly_clicked_at(self, item: Item) -> None:
        raise NotImplementedError

    def menu_for(self, item: Item) -> QMenu:
        """What can be done with that row."""
        raise NotImplementedError

    def tip_for(self, item: Item, button: Enum | None) -> str:
        """Of a row, or of the button of it that the mouse is at."""
        raise NotImplementedError

    def button_at(self, row: QRect, point: QPoint) -> Enum | None:
        """Which button of the row in that rectangle is there."""
        raise NotImplementedError

    def want_picture(self, item: Item, key: PictureKey) -> None:
        """A row in view lacks that picture."""
        raise NotImplementedError

    @property
    def items(self) -> tuple[Item, ...]:
        return self._rows.items

    @property
    def current_item(self) -> Item | None:
        """The one that is selected."""
        row = self.currentIndex().row()
        return self._rows.items[row] if 0 <= row < len(self._rows.items) else None

    def set_picture(self, key: PictureKey, image: QImage) -> None:
        """Show `image` where that frame of that film stands for a row."""
        self._asked.difference_update(self._rows.keep_picture(key, image))
        self.viewport().update()

    def picture(self, key: PictureKey) -> QImage | None:
        """What is shown of that frame, None while there is nothing."""
        return self._rows.pictures.get(key)

    def forget_pictures(self) -> None:
        """Others are known from now on."""
        self._rows.pictures.clear()
        self._asked.clear()
        self._ask_timer.start()

    def select_row(self, row: int) -> None:
        """Select it and bring it into view."""
        self.setCurrentIndex(self._rows.index(row))
        self.scrollTo(self._rows.index(row))

    def row_rect(self, row: int) -> QRect:
        """Where it is, in the viewport."""
        return self.visualRect(self._rows.index(row))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item, button = self._at(event.position().toPoint())
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and item is not None:
            if button is None:
                self.clicked_at(item)
            else:
                self.press_button(item, button)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item, button = self._at(event.position().toPoint())
        if button is not None:
            self.mousePressEvent(event)  # two presses of a button are two presses
        elif event.button() == Qt.MouseButton.LeftButton and item is not None:
            self.doubly_clicked_at(item)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        self._set_hot((self.indexAt(at).row(), self._at(at)[1]))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hot(NOTHING_HOT)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        item = self.current_item if is_key else self._at(event.pos())[0]
        if item is None:
            return
        menu = self.menu_for(item)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at = self.visualRect(self.currentIndex()).center() if is_key else event.pos()
        menu.popup(self.viewport().mapToGlobal(at))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            item, button = self._at(event.pos())
            QToolTip.showText(event.globalPos(), "" if item is None else self.tip_for(item, button), self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._asked.clear()
        self._ask_timer.start()

    def _at(self, point: QPoint) -> tuple[Item | None, Enum | None]:
        index = self.indexAt(point)
        if not index.isValid():
            return None, None
        return self._rows.items[index.row()], self.button_at(self.visualRect(index), point)

    def _set_hot(self, hot: Hot) -> None:
        if hot != self._hands.hot:
            self._hands.hot = hot
            shape = Qt.CursorShape.ArrowCursor if hot[1] is None else Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def _visible_rows(self) -> range:
        first = self.indexAt(self.viewport().rect().topLeft()).row()
        if first < 0:
            return range(0)
        last = self.indexAt(self.viewport().rect().bottomLeft()).row()
        return range(first, (last if last >= 0 else len(self._rows.items) - 1) + 1)

    def _ask_for_pictures(self) -> None:
        if not self.isVisible():
            return
        items, rows = self._rows.items, self._visible_rows()
        # not all that is asked for comes: what comes into view again is asked for again
        self._asked.intersection_update(key for row in rows for key in items[row].picture_keys)
        # the newest wish is served first: ask from the bottom up
        for row in reversed(rows):
            for key in reversed(items[row].picture_keys):
                if key not in self._rows.pictures and key not in self._asked:
                    self._asked.add(key)
                    self.want_picture(items[row], key)
