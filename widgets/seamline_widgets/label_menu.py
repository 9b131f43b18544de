"""The menu that labels shots: the editor's hand on scale and movement, by the mouse or by a letter."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QMenu, QWidget, QWidgetAction

from seamline_resources import palette
from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.label_paint import CHIP_SIZE, paint_class
from seamline_widgets.shot_labels import LabelKind
from seamline_widgets.shot_texts import CONFIRMED

CLEAR_KEY: Final = "0"
_CHIP_LEFT_PX = 4
_TITLES: Final[dict[LabelKind, tuple[str, str]]] = {
    "scale": ("Scal&e", "Scale of the shot"),
    "movement": ("Mo&vement", "Movement of the camera"),
}
_WITH = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class LabelMenu(QMenu):
    """The classes of one kind; `chosen` gets the word of the one chosen, "" for what the analysis says.

    `now`: the classes that the shots have, one of which alone is checked. `title` stands above them: which shots get
    it, such as `Shot 8`. Each entry's key chooses it at once.
    """

    def __init__(
        self,
        kind: LabelKind,
        chosen: Callable[[str], object],
        now: Collection[str] = (),
        parent: QWidget | None = None,
        title: str = "",
    ) -> None:
        entry, name = _TITLES[kind]
        super().__init__(entry, parent)
        self.setObjectName(kind)
        self.setAccessibleName(f"{name}: {title}" if title else name)
        self.setToolTipsVisible(True)
        self._kind: LabelKind = kind
        self._chosen = chosen
        self._by_key: dict[str, QAction] = {}
        self._chips: dict[str, QAction] = {}
        if title:
            self.addAction(_heading(f"{name.split()[0]} · {title}", self))
        group = QActionGroup(self)
        for value, look in LABEL_LOOKS[kind].items():
            is_now = set(now) == {value}
            # in words, too: beside an icon no mark is drawn
            action = self._add(
                f"{look.name}  {CONFIRMED}" if is_now else look.name, look.key, value, look.hint
            )
            # has the style leave room for the chip, which is wider than icons in menus can be
            action.setIcon(_no_icon())
            action.setIconVisibleInMenu(True)
            self._chips[value] = action
            if now:
                action.setCheckable(True)
                action.setChecked(is_now)
                group.addAction(action)
        self.addSeparator()
        clear = self._add("As the analysis has it", CLEAR_KEY, "", "Takes your own label away.")
        clear.setObjectName(f"clear_{kind}")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        for value, action in self._chips.items():
            entry = self.actionGeometry(action)
            top = entry.center().y() + 1 - CHIP_SIZE.height() // 2
            chip = QRectF(entry.left() + _CHIP_LEFT_PX, top, CHIP_SIZE.width(), CHIP_SIZE.height())
            paint_class(painter, chip, self._kind, value)

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


def _no_icon() -> QIcon:
    pixmap = QPixmap(16, 16)
    pixmap.fill(Qt.GlobalColor.transparent)
    return QIcon(pixmap)


def _heading(text: str, parent: QWidget) -> QWidgetAction:
    """A line that cannot be chosen, in a colour that is read more easily than a disabled entry's."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setStyleSheet(
        f"padding: 4px 8px 8px 8px; color: {palette.TEXT_QUIET}; border-bottom: 1px solid {palette.OUTLINE};"
    )
    action = QWidgetAction(parent)
    action.setObjectName("title")
    action.setDefaultWidget(label)
    action.setText(text)
    action.setEnabled(False)
    return action
