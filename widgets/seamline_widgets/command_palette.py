"""The command palette: type some letters of a command, and press Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from seamline_resources import palette
from seamline_widgets.command_delegate import HIT, CommandDelegate
from seamline_widgets.commands import Command, Hit, find

_WIDTH_PX = 640
_TOP_PX = 48
_ROWS = 12
_MOST_RECENT = 8
_MOVES = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: 1 - _ROWS,
    Qt.Key.Key_PageDown: _ROWS - 1,
}
_STYLE = f"""
CommandPalette {{ background: {palette.RAISED}; border: 1px solid {palette.OUTLINE}; }}
QListView {{ background: {palette.RAISED}; }}
QLabel {{ color: {palette.TEXT_QUIET}; padding: 12px 8px; }}
"""

_Index = QModelIndex | QPersistentModelIndex


class CommandPalette(QFrame):
    """Opens over the top of `window`, with what `commands()` gives at that moment.

    `extra(text)` gives further commands for what was typed, as pairs of a title and what does it; they come first.
    Enter closes the palette and runs the chosen command; what cannot be done now is shown, and stays undone.
    `recents_changed(tuple)`: ids of the commands chosen last, newest first, to be given to `recent_ids` again.
    """

    recents_changed = Signal(object)

    def __init__(
        self,
        window: QWidget,
        commands: Callable[[], Sequence[Command]],
        extra: Callable[[str], Sequence[tuple[str, Callable[[], None]]]] = lambda _: (),
        recent_ids: Sequence[str] = (),
    ) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self._window = window
        self._all = commands
        self._extra = extra
        self._commands: Sequence[Command] = ()
        self._recent_ids = tuple(recent_ids)[:_MOST_RECENT]
        self.setAccessibleName("Find a command")
        self.setStyleSheet(_STYLE)
        self._field = QLineEdit()
        self._field.setPlaceholderText("Find a command")
        self._field.setAccessibleName("Find a command")
        self._field.textEdited.connect(self._show_matching)
        self._field.installEventFilter(self)
        self._model = _Hits(self)
        self._list = QListView()
        self._list.setAccessibleName("Commands")
        self._list.setModel(self._model)
        self._list.setItemDelegate(CommandDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(lambda _: self._choose())
        self._none = QLabel()
        self._none.setTextFormat(Qt.TextFormat.PlainText)
        self._none.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        layout.addWidget(self._none)

    def open(self) -> None:
        """Show all commands, and wait for letters."""
        self._commands = self._all()
        self._field.clear()
        self._show_matching("")
        self.show()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def titles(self) -> list[str]:
        """What is listed, from top to bottom."""
        return [hit.command.title for hit in self._model.hits]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _MOVES:
                self._move(_MOVES[Qt.Key(event.key())])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose()
                return True
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                return True  # there is nowhere else to go
        return super().eventFilter(watched, event)

    def _show_matching(self, text: str) -> None:
        extra = [Command("", title, "", "", True, run) for title, run in self._extra(text)]
        self._model.show(find(self._commands, text, self._recent_ids, extra))
        has_hits = bool(self._model.hits)
        self._list.setVisible(has_hits)
        self._none.setVisible(not has_hits)
        self._none.setText(f"No command is called “{text.strip()}”.")
        if has_hits:
            self._list.setCurrentIndex(self._model.index(0, 0))
            self._list.scrollToTop()
        self._fit()

    def _fit(self) -> None:
        """As many rows as there are, up to twelve, at the top centre of the window and inside it."""
        window = self._window
        width = min(_WIDTH_PX, window.width() - 32)
        field = self._field.sizeHint().height() + 24 + 2 * self.frameWidth()
        if self._model.hits:
            row = self._list.sizeHintForRow(0)
            shown = min(len(self._model.hits), _ROWS, max(1, (window.height() - _TOP_PX - field - 16) // row))
            self._list.setFixedHeight(shown * row)
            height = field + shown * row
        else:
            height = field + self._none.heightForWidth(width - 16)
        self.setFixedSize(QSize(width, height))
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, _TOP_PX)))

    def _move(self, rows: int) -> None:
        if not self._model.hits:
            return
        last = len(self._model.hits) - 1
        row = self._list.currentIndex().row()
        # one row beyond an end is the other end; a page stops there
        wanted = (row + rows) % (last + 1) if abs(rows) == 1 else min(max(0, row + rows), last)
        self._list.setCurrentIndex(self._model.index(wanted, 0))

    def _choose(self) -> None:
        hit = self._model.hit(self._list.currentIndex())
        if hit is None or not hit.command.is_enabled:
            return
        command = hit.command
        self.close()
        self._window.activateWindow()  # where a popup takes that from its window, it does not give it back
        if command.command_id:
            others = (name for name in self._recent_ids if name != command.command_id)
            self._recent_ids = (command.command_id, *others)[:_MOST_RECENT]
            self.recents_changed.emit(self._recent_ids)
        # once the window has the keyboard again: what runs may open a dialog, or move the focus
        QTimer.singleShot(0, self._window, command.run)


class _Hits(QAbstractListModel):
    """What fits, best first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []

    def show(self, hits: list[Hit]) -> None:
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def hit(self, index: _Index) -> Hit | None:
        return self.hits[index.row()] if index.isValid() else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        command = self.hits[index.row()].command
        if role == Qt.ItemDataRole.DisplayRole:
            return command.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "" if command.is_enabled else "cannot be done now"
            return ", ".join(filter(None, (command.title, command.path, command.keys, state)))
        return self.hits[index.row()] if role == HIT else None
