"""A small field for what the editor has to say about shots."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from seamline_resources import palette

LONGEST_COMMENT = 2000
"""Characters; what is longer, a project does not keep."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FULL = f"{LONGEST_COMMENT:,} at most"
_SIZE = QSize(296, 128)
_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class CommentEditor(QFrame):
    """Lies over its parent, at the shot. Enter, or a click elsewhere, ends it and keeps; Escape does not.

    What goes beyond `LONGEST_COMMENT` is not taken.
    `finished(text or None)`: it is closed, with what was written, None where nothing has changed.
    """

    finished = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._focus_before: QWidget | None = None
        self.setObjectName("comment")
        self.setStyleSheet(
            f"QFrame#comment {{ background: {palette.RAISED}; border: 1px solid {palette.OUTLINE};"
            f" border-radius: 4px; }} QPlainTextEdit {{ background: {palette.SUNKEN}; padding: 4px;"
            f" border: 1px solid {palette.ACCENT}; border-radius: 4px; }}"
        )
        self._title = QLabel()
        self._title.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self.field = QPlainTextEdit()
        self.field.setTabChangesFocus(True)
        self.field.setToolTip(
            "Enter keeps the comment, Shift+Enter begins a new line, Escape leaves it as it was"
        )
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._cut)
        self._title_text = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self.field, 1)
        self._before = ""
        self.hide()

    def begin(self, title: str, text: str, at: QRect, *, written: str | None = None) -> None:
        """Show `text` for changing, below `at` in the parent, or above where there is no room.

        `written`: what the editor has made of it before.
        """
        self._title_text = title
        self.field.setAccessibleName(title)
        self.field.setPlainText(text if written is None else written)
        if written is None:
            self.field.selectAll()
        else:
            self.field.moveCursor(QTextCursor.MoveOperation.End)
        self._before = text
        room = self._over.rect().adjusted(8, 8, -8, -8)
        size = _SIZE.boundedTo(room.size())
        top = at.bottom() + 1 if at.bottom() + size.height() <= room.bottom() else at.top() - size.height()
        left = max(room.left(), min(at.left() + 8, room.right() + 1 - size.width()))
        self.setGeometry(QRect(left, max(room.top(), top), size.width(), size.height()))
        self._focus_before = QApplication.focusWidget()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def end(self, *, keep: bool) -> None:
        """Close it, if it is open."""
        if self.isHidden():
            return
        text = self.field.toPlainText().strip()
        before, self._focus_before = self._focus_before, None
        has_focus = self.field.hasFocus()
        self.hide()
        if has_focus and before is not None:
            # else Qt gives it to the next field, and what the editor presses is typed there
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.emit(text if keep and text != self._before else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            # its own menu and another window's turn do not end it
            kept = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
            if event.reason() not in kept:
                self.end(keep=True)
        elif isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and not event.modifiers() & _WITH:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._press(event):
                return True
        return super().eventFilter(watched, event)

    def _cut(self) -> None:
        """Take away of what has just been put in as much as there is no room for, and say so."""
        text = self.field.toPlainText()
        surplus = len(text) - LONGEST_COMMENT
        if surplus > 0:
            # Qt counts in halves of surrogate pairs, a project in whole characters
            end = self.field.textCursor().position() or _units(text)
            put_in = text.encode("utf-16-le")[: 2 * end].decode("utf-16-le", "ignore")
            cursor = QTextCursor(self.field.document())
            cursor.setPosition(_units(put_in[:-surplus]))
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.joinPreviousEditBlock()
            cursor.removeSelectedText()
            cursor.endEditBlock()
        is_full = len(text) >= LONGEST_COMMENT
        self._title.setText(f"{self._title_text} · {_FULL}" if is_full else self._title_text)
        self.field.setAccessibleDescription(_FULL if is_full else "")

    def _press(self, event: QKeyEvent) -> bool:
        with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape or (event.key() in ENTER and not with_shift):
            self.end(keep=event.key() != Qt.Key.Key_Escape)
            return True
        return False


def _units(text: str) -> int:
    """How long `text` is for Qt."""
    return len(text.encode("utf-16-le")) // 2
