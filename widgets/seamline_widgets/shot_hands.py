"""What the table and the grid of shots have in common: their keys, and the pictures that they ask for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView

from seamline_widgets.shot_delegate import NameDelegate
from seamline_widgets.shot_model import Column, ShotModel

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down)
TILES = (*ROWS, Qt.Key.Key_Left, Qt.Key.Key_Right)
_MOVES = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_STANDARD = (QKeySequence.StandardKey.SelectAll, QKeySequence.StandardKey.Copy)
_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_ASK_AFTER_MS = 60


class ShotHands(QObject):
    """Serves a view of a `ShotModel` whose delegate is a `NameDelegate`, and that always shows `column`.

    While the view has the focus, `arrows`, Home, End, Page Up and Down (with Shift too), Enter, F2, Shift+F2, and
    the keys for Select all and Copy are its own, though the window has shortcuts for them.

    `thumbnail_wanted(frame)`: a row that can be seen lacks its picture; after scrolling has settled, and once
    as long as the row stays in sight. `shot_activated(frame)`: Enter or a double click. `rename_wanted`,
    `comment_wanted`, `copy_wanted`: keys. `menu_wanted(where)`: a right click or the menu key, on the screen.
    """

    thumbnail_wanted = Signal(int)
    shot_activated = Signal(int)
    rename_wanted = Signal()
    comment_wanted = Signal()
    copy_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(
        self,
        view: QAbstractItemView,
        model: ShotModel,
        delegate: NameDelegate,
        visible_rows: Callable[[], range],
        arrows: tuple[Qt.Key, ...],
        column: Column,
    ) -> None:
        super().__init__(view)
        self._view, self._model, self._delegate = view, model, delegate
        self._visible_rows = visible_rows
        self._moves = (*arrows, *_MOVES)
        self._column = column
        self._asked: set[int] = set()
        self._ask_timer = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)
        self._ask_timer.timeout.connect(self._ask)
        view.installEventFilter(self)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._want_menu)
        view.activated.connect(self._activate)
        view.verticalScrollBar().valueChanged.connect(self.ask_soon)
        for signal in (model.rowsInserted, model.rowsRemoved, model.layoutChanged, model.modelReset):
            signal.connect(self.ask_soon)

    def ask_soon(self, *_: object) -> None:
        """Look for missing pictures when nothing has moved for a moment."""
        self._ask_timer.start()

    def forget(self) -> None:
        """Another film is shown: what was asked for is not on its way any more."""
        self._asked.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.Resize, QEvent.Type.Show):
            self.ask_soon()
        elif kind == QEvent.Type.FocusIn:
            self._begin()
        elif isinstance(event, QKeyEvent):
            if kind == QEvent.Type.ShortcutOverride and self._is_own(event):
                event.accept()
                return True
            if kind == QEvent.Type.KeyPress and self._press(event):
                return True
        return super().eventFilter(watched, event)

    def end_move(self, event: QKeyEvent) -> None:
        """After the view has had that key: where nothing is selected and it could go no further, it selects that."""
        rows = self._view.selectionModel()
        index = rows.currentIndex()
        is_move = event.key() in self._moves and not event.modifiers() & _WITH
        if is_move and index.isValid() and not rows.hasSelection():
            flags = QItemSelectionModel.SelectionFlag
            rows.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _is_own(self, event: QKeyEvent) -> bool:
        if any(event.matches(standard) for standard in _STANDARD):
            return True
        own = (*self._moves, *ENTER, Qt.Key.Key_F2)
        return event.key() in own and not event.modifiers() & _WITH

    def _press(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif key in ENTER and not modifiers & _WITH:
            self._begin()
            self._activate(self._view.currentIndex())
        elif key == Qt.Key.Key_F2 and not modifiers & _WITH:
            with_shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            (self.comment_wanted if with_shift else self.rename_wanted).emit()
        elif event.text() and event.text().isprintable() and not modifiers & _WITH:
            # letters and digits are the window's: Qt would look for a row that begins with them
            event.ignore()
        else:
            if key in self._moves:
                self._begin()
            return False
        return True

    def _begin(self) -> None:
        """Let the keys go on from where they were, or from the playhead's shot where none is selected."""
        rows = self._view.selectionModel()
        current = self._view.currentIndex()
        row = current.row()
        if not rows.hasSelection() and self._delegate.current_row >= 0:
            row = self._delegate.current_row  # Qt would begin at the first row
        if row >= 0 and (row != current.row() or current.column() != self._column):
            # in a column that this view has: from another one Qt goes nowhere
            index = self._model.index(row, self._column)
            rows.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _activate(self, index: QModelIndex) -> None:
        if index.isValid():
            self.shot_activated.emit(self._model.shots[index.row()].start_frame)

    def _want_menu(self, at: QPoint) -> None:
        index = self._view.indexAt(at)
        if not index.isValid():
            index = self._view.currentIndex()
            at = self._view.visualRect(index).center()
        if index.isValid():
            self.menu_wanted.emit(self._view.viewport().mapToGlobal(at))

    def _ask(self) -> None:
        if not self._view.isVisible():
            return
        rows = self._visible_rows()
        wanted = [self._model.thumbnail_frame(row) for row in rows if self._model.thumbnail(row) is None]
        self._asked.intersection_update(wanted)
        # the newest wish is served first: from the bottom up
        for frame in reversed(wanted):
            if frame not in self._asked:
                self._asked.add(frame)
                self.thumbnail_wanted.emit(frame)
