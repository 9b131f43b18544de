"""Whose keys they are in the panel “Match”: its list's, once what was asked for is found; never those that edit the
film."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from seamline_resources.shortcuts import SHORTCUTS
from seamline_widgets.match_panel import MatchPanel

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow

_SECTIONS: Final = ("Seams", "Shots", "Labels")
_EDITING_NOTHING: Final = (
    *("undo", "redo", "show_history", "snapping"),
    *("find_shots", "shot_grid", "show_labels", "show_camera"),
)
EDITING: Final = tuple(
    entry.action_id
    for entry in SHORTCUTS
    if entry.section in _SECTIONS and entry.action_id not in _EDITING_NOTHING
)
"""Actions that change the film's seams, shots and labels, or choose what is changed."""
_WITH: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_FIELDS: Final = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)


class MatchKeys(QObject):
    """Keeps the keys of `EDITING`, whatever they are, from the film while the focus is in `panel`: they are pressed for
    the pair that is selected there. Menus offer these actions all the same.

    `wait()`: the editor has asked for pairs; `answer()`: they are listed. `is_auditioned()`: whether a pair is played;
    its audition sees to the keys then.
    """

    def __init__(self, window: MainWindow, panel: MatchPanel, is_auditioned: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._is_auditioned = is_auditioned
        self._place: tuple[object, ...] | None = None
        for widget in (panel, *panel.findChildren(QWidget)):
            if not isinstance(widget, _FIELDS):
                widget.installEventFilter(self)

    def wait(self) -> None:
        """The list shall have the keys if the editor does nothing else until there is one."""
        focus = self._window.focusWidget()
        if focus is not None and self._panel.isAncestorOf(focus):
            self._panel.hold_keys()
        self._place = place_of(self._window)

    def answer(self) -> None:
        """Give the list the keys, unless the editor has gone on, or the pairs were looked for unasked."""
        place, self._place = self._place, None
        focus = self._window.focusWidget()
        is_here = focus is not None and (focus is self._panel or self._panel.isAncestorOf(focus))
        if place is None or self._is_auditioned() or self._window.player.speed or isinstance(focus, _FIELDS):
            return
        if (
            self._panel.isVisible()
            and self._panel.list.items
            and (is_here or place == place_of(self._window))
        ):
            self._panel.take_keys()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and not self._is_auditioned() and self._is_editing(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.modifiers() & _WITH:
                return True  # buttons would take arrows of all kinds for their own
        return super().eventFilter(watched, event)

    def _is_editing(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        pressed = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
        actions = self._window.actions_by_id
        return any(pressed in actions[action_id].shortcuts() for action_id in EDITING)


def place_of(window: MainWindow) -> tuple[object, ...]:
    """Where the editor is: what has the keys, the frame that is shown, and the steps that were done."""
    document = window.document
    steps = None if document is None else (document, document.steps[1])
    return window.focusWidget(), window.shown_frame, steps
