"""The list of pairs that would cut together, by mouse and keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
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

from seamline.project.match_cuts import Verdict
from seamline_widgets.match_delegate import Hot, MatchDelegate
from seamline_widgets.match_items import MatchItem, PairKey, PictureKey
from seamline_widgets.match_layout import MatchButton, MatchLayout
from seamline_widgets.match_model import MatchModel
from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys

_ASK_AFTER_MS = 60
_BUTTON_KEYS = {
    Qt.Key.Key_Return: MatchButton.PLAY,
    Qt.Key.Key_Enter: MatchButton.PLAY,
    Qt.Key.Key_Space: MatchButton.PLAY,
    Qt.Key.Key_K: MatchButton.KEEP,
    Qt.Key.Key_X: MatchButton.REJECT,
    Qt.Key.Key_N: MatchButton.NOTE,
}
_PAGES = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_TIPS = {
    MatchButton.PLAY: "Play the cut (Enter)",
    MatchButton.KEEP: "Keep (K)",
    MatchButton.REJECT: "Reject (X)",
    MatchButton.NOTE: "Note (N)",
}


class MatchListView(QListView):
    """One row a pair, the best first.

    `current_changed(MatchItem)`: a click, Up or Down. `pressed_for(MatchItem, MatchButton)`: to play, keep, reject or
    note it, by its buttons, its keys or its menu. `picture_wanted(fingerprint, frame)`: a visible row lacks it.
    """

    current_changed = Signal(object)
    pressed_for = Signal(object, object)
    picture_wanted = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = MatchModel()
        self._delegate = MatchDelegate(self._model, self)
        self._asked: set[PictureKey] = set()
        self._ask_timer = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)
        self._ask_timer.timeout.connect(self._ask_for_pictures)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # always there, so that the rows keep their size whatever is found
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        # a click gives it the keys: keep, reject and note are for the pair that was clicked
        OwnKeys(self, (*UP_AND_DOWN, *_PAGES, *_BUTTON_KEYS), Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Match cuts, the best first")
        self.setMinimumHeight(1)
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._ask_timer.start())

    @property
    def items(self) -> tuple[MatchItem, ...]:
        return self._model.items

    @property
    def current_item(self) -> MatchItem | None:
        """The pair that is selected."""
        row = self.currentIndex().row()
        return self._model.items[row] if 0 <= row < len(self._model.items) else None

    def set_items(self, items: Sequence[MatchItem]) -> None:
        """Show these. What is selected stays if it is among them; else what has moved up to its place is selected."""
        row, selected = self.currentIndex().row(), self.current_item
        place = self.verticalScrollBar().value()
        self._model.replace(tuple(items))
        self._delegate.hot = -1, None
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
            self.setCurrentIndex(self._model.index(row))
            self.scrollTo(self._model.index(row))
        return row >= 0

    def step(self, by: int) -> MatchItem | None:
        """Select a pair further down, or up below 0; None where there is none."""
        row = self.currentIndex().row() + by
        if not 0 <= row < len(self._model.items):
            return None
        self.select(self._model.items[row].key)
        return self._model.items[row]

    def set_picture(self, key: PictureKey, image: QImage) -> None:
        self._asked.difference_update(self._model.keep_picture(key, image))
        self.viewport().update()

    def picture(self, key: PictureKey) -> QImage | None:
        """What is shown of that frame, None while there is nothing."""
        return self._model.pictures.get(key)

    def forget_pictures(self) -> None:
        """Others are known from now on."""
        self._model.pictures.clear()
        self._asked.clear()
        self._ask_timer.start()

    def layout_of(self, row: int) -> MatchLayout:
        """Where the parts of that row are, in the viewport."""
        return MatchLayout(self.visualRect(self._model.index(row)))

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
        return menu

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item, button = self._at(event.position().toPoint())
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and item is not None:
            self.current_changed.emit(item)
            if button is not None:
                self.pressed_for.emit(item, button)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item, button = self._at(event.position().toPoint())
        if button is not None:
            self.mousePressEvent(event)  # two presses of a button are two presses
        elif event.button() == Qt.MouseButton.LeftButton and item is not None:
            self.pressed_for.emit(item, MatchButton.PLAY)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        self._set_hot((self.indexAt(at).row(), self._at(at)[1]))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hot((-1, None))

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
            tip = _TIPS[button] if button is not None else "" if item is None else item.tip
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()  # the rows are as high as their width makes them
        self._ask_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._asked.clear()
        self._ask_timer.start()

    def _go_to(self, row: int) -> None:
        self.select(self._model.items[row].key)
        self.current_changed.emit(self._model.items[row])

    def _at(self, point: QPoint) -> tuple[MatchItem | None, MatchButton | None]:
        index = self.indexAt(point)
        if not index.isValid():
            return None, None
        return self._model.items[index.row()], MatchLayout(self.visualRect(index)).button_at(point)

    def _set_hot(self, hot: Hot) -> None:
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
        self._asked.intersection_update(key for row in rows for key in items[row].picture_keys)
        # the newest wish is served first: ask from the bottom up
        for row in reversed(rows):
            for key in reversed(items[row].picture_keys):
                if key not in self._model.pictures and key not in self._asked:
                    self._asked.add(key)
                    self.picture_wanted.emit(*key)
