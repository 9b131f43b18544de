"""The keyboard between the parts of the window: F6 goes from one to the next.

In lists and fields Tab goes through the controls; in the others, where it is a shortcut, arrows do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_TAB = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_WITH = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class Panes(QObject):
    """Goes through `panes`, pairs of a name and a widget, in their order; what is hidden is passed by.

    Tab is a shortcut of `window` while the focus is in one of `tab_is_shortcut_in`, in the window itself or nowhere;
    everywhere else, in lists and fields, it moves the focus as ever. `entered(name)`: the keyboard is there now.
    """

    entered = Signal(str)

    def __init__(
        self,
        window: QWidget,
        panes: Sequence[tuple[str, QWidget]],
        tab_is_shortcut_in: Sequence[QWidget],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panes = tuple(panes)
        self._shortcut_in = tuple(tab_is_shortcut_in)
        # before a key is a shortcut, Qt offers it to the focused widget and to all that hold it, up to the window
        window.installEventFilter(self)

    def next_pane(self) -> None:
        self._move(1)

    def previous_pane(self) -> None:
        self._move(-1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _TAB
            and not event.modifiers() & _WITH
            and not self._is_shortcut_here()
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def _is_shortcut_here(self) -> bool:
        focus = QApplication.focusWidget()
        return focus in (None, self._window) or any(_holds(widget, focus) for widget in self._shortcut_in)

    def _move(self, step: int) -> None:
        focus = QApplication.focusWidget()
        here = next((at for at, (_, widget) in enumerate(self._panes) if _holds(widget, focus)), None)
        if here is None:
            here = -1 if step > 0 else len(self._panes)
        for distance in range(1, len(self._panes) + 1):
            name, widget = self._panes[(here + step * distance) % len(self._panes)]
            entry = _entry(widget)
            if entry is not None:
                # as if by the Tab key: widgets show the focus then
                entry.setFocus(Qt.FocusReason.TabFocusReason)
                self.entered.emit(name)
                return


def _holds(widget: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (widget is focus or widget.isAncestorOf(focus))


def _entry(pane: QWidget) -> QWidget | None:
    """What gets the keyboard in `pane`: what had it last there, else the first that the Tab key would reach."""
    if not pane.isVisible() or not pane.isEnabled():
        return None
    last = pane.focusWidget()
    if last is not None and _takes_focus(last) and _holds(pane, last):
        return last
    if _takes_focus(pane):
        return pane
    inside = pane.nextInFocusChain()
    while inside is not None and inside is not pane:
        if pane.isAncestorOf(inside) and _takes_focus(inside):
            return inside
        inside = inside.nextInFocusChain()
    return None


def _takes_focus(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.isVisible() and widget.isEnabled()
