"""Whose keys and menus they are while a pair is auditioned: the audition's, wherever the focus is, never the hidden
film's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

from seamline.project.match_edits import JudgeMatch
from seamline_resources.shortcuts import SHORTCUTS
from seamline_widgets.audition_keys import key_of

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow

_SECTIONS: Final = ("Playing", "Moving", "Seams", "Shots", "Labels", "Picture")
_FROM_THE_FRAME: Final = (
    *("find_like_frame", "find_like_region", "next_hit", "previous_hit"),
    *("match_out_of_frame", "match_into_frame"),
)
_STEPS: Final = ("undo", "redo")
_STAYING: Final = ("mute", "show_history", "select_all", "snapping", "show_labels", "show_camera")
_OF_THE_FILM: Final = tuple(
    entry.action_id
    for entry in SHORTCUTS
    if (entry.section in _SECTIONS or entry.action_id in _FROM_THE_FRAME)
    and entry.action_id not in (*_STAYING, *_STEPS)
)
"""Actions on what the player shows, which is hidden meanwhile: neither keys nor menus reach them."""
_TYPED_IN: Final = (
    QLineEdit,
    QTextEdit,
    QPlainTextEdit,
    QAbstractSpinBox,
    QComboBox,
    QAbstractSlider,
    QMenuBar,
    QTabBar,
)
"""What has a use of its own for keys such as these; what it leaves is the audition's."""


class AuditionKeys(QObject):
    """From `begin(view)` to `end()`; `is_being_slid()`: whether a step about the pair is on its way."""

    def __init__(self, window: MainWindow, is_being_slid: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window = window
        self._is_being_slid = is_being_slid
        self._view: QWidget | None = None
        self._focus: QWidget | None = None
        self._is_going_on = False
        self._of_the_film = self._group(_OF_THE_FILM)
        self._steps = {action_id: self._group((action_id,)) for action_id in _STEPS}
        window.installEventFilter(self)

    def begin(self, view: QWidget) -> None:
        """The keys are those of that view."""
        self._view = view
        self._of_the_film.setEnabled(False)
        self.follow_steps()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)
        self._follow(None, QApplication.focusWidget())

    def end(self) -> None:
        application = QApplication.instance()
        if self._view is not None and isinstance(application, QApplication):
            application.focusChanged.disconnect(self._follow)
            self._follow(self._focus, None)
        self._view = None
        self._of_the_film.setEnabled(True)
        self.follow_steps()

    def follow_steps(self) -> None:
        """Undo and redo take what was said of pairs, and no step about the hidden film."""
        document = self._window.document
        edits, done = ((), 0) if document is None else document.steps
        around = {"undo": edits[done - 1 : done] if done else (), "redo": edits[done : done + 1]}
        is_being_slid = self._view is not None and self._is_being_slid()
        for action_id, group in self._steps.items():
            is_of_pair = any(isinstance(edit, JudgeMatch) for edit in around[action_id])
            group.setEnabled(self._view is None or is_of_pair or (action_id == "undo" and is_being_slid))
        if self._view is not None:  # what is on its way may be the first step of all
            self._window.actions_by_id["undo"].setEnabled(is_being_slid or bool(done))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._view is not None and isinstance(event, QKeyEvent) and not self._is_going_on:
            is_last = watched is self._window  # nobody below has taken it
            is_own = key_of(event) is not None and (is_last or not _keeps(watched, event))
            if event.type() == QEvent.Type.ShortcutOverride and is_own:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and is_own:
                self._is_going_on = True
                QCoreApplication.sendEvent(self._view, event)
                self._is_going_on = False
                return True
        return super().eventFilter(watched, event)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Lists and other views would take letters before the window hears of them."""
        if self._focus is not None and self._focus is not self._window:
            self._focus.removeEventFilter(self)
        self._focus = now if now is not None and now.window() is self._window else None
        if self._focus is not None:
            self._focus.installEventFilter(self)

    def _group(self, action_ids: Iterable[str]) -> QActionGroup:
        """What is switched off together, whatever else enables one of them meanwhile."""
        group = QActionGroup(self._window)
        group.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_)
        for action_id in action_ids:
            group.addAction(self._window.actions_by_id[action_id])
        return group


def _keeps(widget: QObject, event: QKeyEvent) -> bool:
    if isinstance(widget, QAbstractButton):
        return event.key() == Qt.Key.Key_Space
    return isinstance(widget, _TYPED_IN)
