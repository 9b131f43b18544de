"""Where match cuts are looked for: from which frames, and in which films."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from seamline_widgets.actions import menu_text
from seamline_widgets.own_keys import OwnKeys

_STYLE = "QPushButton { padding: 4px 20px 4px 8px; text-align: left; }"
_BESIDE_TEXT_PX = 40
WITHIN, ANOTHER = "Within this film", "With another film…"
_ANOTHER_TIP = "Choose the film or project: its shots against this film's"


class MatchStart(Enum):
    """The value is what the menu says."""

    ALL = "All shots"
    OUT = "Out of the frame shown"
    INTO = "Into the frame shown"


_TIPS: Final = {
    (MatchStart.ALL, False): "The end of every shot against the start of every other",
    (MatchStart.ALL, True): "This film's shots against those of the other one, both ways",
    (MatchStart.OUT, False): "What could follow the frame shown",
    (MatchStart.OUT, True): "What of the other film could follow the frame shown",
    (MatchStart.INTO, False): "What could come before the frame shown",
    (MatchStart.INTO, True): "What of the other film could come before the frame shown",
}


@dataclass(frozen=True, slots=True)
class MatchScope:
    """`is_other`: with the other film that was chosen, else within the one that is open."""

    start: MatchStart = MatchStart.ALL
    is_other: bool = False

    @property
    def is_from_frame(self) -> bool:
        return self.start is not MatchStart.ALL

    @property
    def tip(self) -> str:
        return _TIPS[self.start, self.is_other]

    def text(self, other_name: str) -> str:
        """What it is called, short enough for a button."""
        if not self.is_other:
            return self.start.value if self.is_from_frame else WITHIN
        name = other_name or "another film"
        return {
            MatchStart.ALL: f"With {name}",
            MatchStart.OUT: f"This frame → {name}",
            MatchStart.INTO: f"{name} → this frame",
        }[self.start]


class ScopeButton(QPushButton):
    """As wide as there is room, its text at the left, with dots where it is too long.

    `chosen(MatchScope)`: by the user; `other_wanted`: the user wants to choose another film.
    """

    chosen = Signal(object)
    other_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self._scope, self._other_name = MatchScope(), ""
        self.setStyleSheet(_STYLE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        OwnKeys(self, (Qt.Key.Key_Space,))
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        starts, films = QActionGroup(menu), QActionGroup(menu)
        self._starts = {start: _choice(menu, starts, start.value) for start in MatchStart}
        menu.addSeparator()
        self._films = {False: _choice(menu, films, WITHIN), True: _choice(menu, films, "")}
        self._another = menu.addAction(ANOTHER)
        self._another.setToolTip(_ANOTHER_TIP)
        self._another.triggered.connect(lambda _=False: self.other_wanted.emit())
        for start, action in self._starts.items():
            action.triggered.connect(lambda _=False, start=start: self._choose(start=start))
        for is_other, action in self._films.items():
            action.triggered.connect(lambda _=False, is_other=is_other: self._choose(is_other=is_other))
        self.setMenu(menu)
        self.set_scope(MatchScope())

    @property
    def scope(self) -> MatchScope:
        return self._scope

    def set_scope(self, scope: MatchScope, other_name: str | None = None) -> None:
        """Show that scope as chosen; `other_name` is that of the other film, None to leave it."""
        self._scope = scope
        self._other_name = self._other_name if other_name is None else other_name
        for start, action in self._starts.items():
            action.setChecked(start is scope.start)
            action.setToolTip(replace(scope, start=start).tip)
        for is_other, action in self._films.items():
            action.setChecked(is_other is scope.is_other)
            action.setToolTip(replace(scope, is_other=is_other).tip)
        self._films[True].setText(menu_text(f"With {self._other_name}"))
        self._films[True].setVisible(bool(self._other_name))
        self._whole = scope.text(self._other_name)
        self.setToolTip(f"{self._whole}\n{scope.tip}")
        self.setAccessibleName(f"Where match cuts are looked for: {self._whole}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _choose(self, *, start: MatchStart | None = None, is_other: bool | None = None) -> None:
        before = self._scope
        scope = MatchScope(
            before.start if start is None else start, before.is_other if is_other is None else is_other
        )
        self.set_scope(scope)
        self.chosen.emit(scope)

    def _fit(self) -> None:
        room_px = self.width() - _BESIDE_TEXT_PX
        text = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room_px)
        self.setText(menu_text(text))


def _choice(menu: QMenu, group: QActionGroup, text: str) -> QAction:
    action = menu.addAction(text)
    action.setCheckable(True)
    group.addAction(action)
    return action
