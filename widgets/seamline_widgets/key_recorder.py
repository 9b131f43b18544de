"""A field that takes the next key pressed, whatever it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QLineEdit, QWidget

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_TAB = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class KeyRecorder(QKeySequenceEdit):
    """`pressed(str)`: a key with its modifiers, in Qt's portable notation. `cancelled`: Esc, which is no key here.
    `left`: the keyboard went elsewhere."""

    pressed = Signal(str)
    cancelled = Signal()
    left = Signal()

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaximumSequenceLength(1)
        self.setFinishingKeyCombinations([])  # Tab is a key like any other here
        field = self.findChild(QLineEdit)
        if isinstance(field, QLineEdit):
            self._field = field
        self.set_placeholder(placeholder)

    def set_placeholder(self, text: str) -> None:
        """What is to be done, as long as nothing is pressed."""
        self._field.setPlaceholderText(text)
        self.setAccessibleName(text)

    def event(self, event: QEvent) -> bool:
        # Qt would move the focus at Tab before the field sees it
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _TAB:
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Escape and bare:
            self.cancelled.emit()
            return
        # Qt knows which modifiers belong to a key and which to the sign that it makes; what it gives is shown at once
        super().keyPressEvent(_without_keypad(event))
        text = self.keySequence().toString(_PORTABLE)
        if text:
            self.clear()
            self.pressed.emit(_without_shift_of_sign(text))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def _without_shift_of_sign(text: str) -> str:
    """`?` is typed with Shift on one keyboard and without on another: the sign alone counts."""
    is_sign = text[-1:].isprintable() and not text[-1:].isalnum() and text.endswith(f"+{text[-1:]}")
    return text.replace("Shift+", "") if is_sign else text


def _without_keypad(event: QKeyEvent) -> QKeyEvent:
    """A digit is a digit, wherever on the keyboard it is."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeyEvent(event.type(), event.key(), modifiers, event.text(), event.isAutoRepeat(), event.count())
