"""The menu that labels shots: the editor's hand on scale and movement, by the mouse or by a letter."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.label_paint import class_swatch
from seamline_widgets.shot_labels import LabelKind
from seamline_widgets.shot_texts import CONFIRMED

CLEAR_KEY: Final = "0"
_TITLES: Final[dict[LabelKind, tuple[str, str]]] = {
    "scale": ("Scal&e", "Scale of the shot"),
    "movement": ("Mo&vement", "Movement of the camera"),
}
_WITH = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class LabelMenu(QMenu):
    """The classes of one kind; `chosen` gets the word of the one chosen, "" for what the analysis says.

    `now`: the classes that the shots have, one of which alone is checked. Each entry's key chooses it at once.
    """

    def __init__(
        self,
        kind: LabelKind,
        chosen: Callable[[str], object],
        now: Collection[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        title, name = _TITLES[kind]
        super().__init__(title, parent)
        self.setObjectName(kind)
        self.setAccessibleName(name)
        self.setToolTipsVisible(True)
        self._chosen = chosen
        self._by_key: dict[str, QAction] = {}
        group = QActionGroup(self)
        for value, look in LABEL_LOOKS[kind].items():
            is_now = set(now) == {value}
            # in words, too: beside an icon no mark is drawn
            action = self._add(
                f"{look.name}  {CONFIRMED}" if is_now else look.name, look.key, value, look.hint
            )
            action.setIcon(class_swatch(kind, value))
            action.setIconVisibleInMenu(True)
            if now:
                action.setCheckable(True)
                action.setChecked(is_now)
                group.addAction(action)
        self.addSeparator()
        clear = self._add("As the analysis has it", CLEAR_KEY, "", "Takes your own label away.")
        clear.setObjectName(f"clear_{kind}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # not by mnemonics: not every name has its letter, and where there are none in menus, letters choose as well
        action = self._by_key.get(event.text().upper())
        if action is None or event.modifiers() & _WITH:
            super().keyPressEvent(event)
            return
        # as if it had been gone to and entered: closes the menus that this one was opened from, too
        self.setActiveAction(action)
        super().keyPressEvent(
            QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r")
        )

    def _add(self, text: str, key: str, value: str, hint: str) -> QAction:
        action = QAction(f"{text}\t{key}", self)
        action.setObjectName(value)
        action.setToolTip(hint)
        action.setStatusTip(hint)
        action.triggered.connect(lambda: self._chosen(value))
        self._by_key[key] = action
        self.addAction(action)
        return action
