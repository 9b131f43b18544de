"""Keys that a widget keeps while it has the focus, though the window has shortcuts for them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
UP_AND_DOWN = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def keeps_escape(event: QEvent) -> bool:
    """Whether it asks if Esc is for a shortcut of the window; the widget has it then, for what it is about."""
    is_escape = (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Escape
    )
    if is_escape:
        event.accept()
    return is_escape


class OwnKeys(QObject):
    """Keeps `keys`, pressed without Ctrl and Alt, for `widget`. The widget gets focus from the Tab key alone
    where `focus` says so, so that a click leaves the keys to the playhead."""

    def __init__(
        self,
        widget: QWidget,
        keys: tuple[Qt.Key, ...],
        focus: Qt.FocusPolicy | None = Qt.FocusPolicy.TabFocus,
    ) -> None:
        super().__init__(widget)
        self._keys = keys
        if focus is not None:
            widget.setFocusPolicy(focus)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in self._keys
            and not event.modifiers() & _WITH
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)
