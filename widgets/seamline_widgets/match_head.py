"""What match cuts are looked for in, and which of those found are shown."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from seamline_resources import palette
from seamline_resources.match_looks import KIND_LOOKS
from seamline_widgets.icons import icon
from seamline_widgets.match_scope import ScopeButton
from seamline_widgets.own_keys import ARROWS, UP_AND_DOWN, OwnKeys

KINDS = {"all": "All", **{kind: look.short_name for kind, look in KIND_LOOKS.items()}}
_KIND_TIPS = {
    "all": "All that were found",
    "frame": "Those of them where things stand at the same places of the frame",
    "motion": "Those of them where things, or the camera, move the same way",
}
SHOWN = {"open": "To decide", "kept": "Kept", "rejected": "Rejected", "all": "Everything"}
_SHOWN_TIPS = {
    "open": "Those found that are neither kept nor rejected",
    "kept": "Those that you keep, whatever they were looked for in",
    "rejected": "Those that you rejected, whatever they were looked for in",
    "all": "All that were found, kept and rejected ones too",
}
_KIND_STYLE = f"""
QToolButton {{ background: {palette.SUNKEN}; border: 1px solid {palette.OUTLINE}; color: {palette.TEXT_QUIET};
  padding: 3px 6px; border-radius: 0; }}
QToolButton:hover {{ color: {palette.TEXT}; }}
QToolButton:checked {{ background: {palette.SELECTED}; color: {palette.TEXT_STRONG}; }}
QToolButton:focus {{ border-color: {palette.ACCENT}; }}
"""


class MatchHead(QWidget):
    """`find_wanted`: look for them. `kind_chosen(str)`, `shown_chosen(str)`: keys of `KINDS` and `SHOWN`, by the user
    alone."""

    find_wanted = Signal()
    kind_chosen = Signal(str)
    shown_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scope_button = ScopeButton()
        self.find_button = QPushButton("Find match cuts")
        self.find_button.setIcon(icon("search"))
        self.find_button.setIconSize(QSize(16, 16))
        self.kind_buttons = {kind: _kind(text, _KIND_TIPS[kind]) for kind, text in KINDS.items()}
        group = QButtonGroup(self)
        for kind, button in self.kind_buttons.items():
            group.addButton(button)
            button.toggled.connect(lambda is_on, kind=kind: self.kind_chosen.emit(kind) if is_on else None)
        self.shown_box = QComboBox()
        for shown, text in SHOWN.items():
            self.shown_box.addItem(text, shown)
            self.shown_box.setItemData(
                self.shown_box.count() - 1, _SHOWN_TIPS[shown], Qt.ItemDataRole.ToolTipRole
            )
        self.shown_box.setAccessibleName("Which pairs are listed")
        self.shown_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.shown_box.setMinimumWidth(72)
        self.shown_box.currentIndexChanged.connect(self._choose_shown)
        OwnKeys(self.find_button, (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter))
        self.find_button.setAutoDefault(True)  # outside a dialog, Enter presses no other button
        OwnKeys(self.shown_box, (*UP_AND_DOWN, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_End))
        self.find_button.clicked.connect(self.find_wanted)
        self._lay_out()
        self.set_kind("all")
        self._tell_shown()

    @property
    def kind(self) -> str:
        return next(kind for kind, button in self.kind_buttons.items() if button.isChecked())

    def set_kind(self, kind: str) -> None:
        """Show that kind as chosen, without a signal."""
        self.blockSignals(True)
        self.kind_buttons[kind].setChecked(True)
        self.blockSignals(False)

    @property
    def shown(self) -> str:
        return str(self.shown_box.currentData())

    def set_shown(self, shown: str) -> None:
        """Show that list as chosen, without a signal."""
        self.blockSignals(True)
        self.shown_box.setCurrentIndex(list(SHOWN).index(shown))
        self.blockSignals(False)

    def _choose_shown(self) -> None:
        self._tell_shown()
        self.shown_chosen.emit(self.shown)

    def _tell_shown(self) -> None:
        self.shown_box.setToolTip(_SHOWN_TIPS[self.shown])

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.scope_button, 1)
        top.addWidget(self.find_button)
        below = QHBoxLayout()
        below.setSpacing(0)
        for button in self.kind_buttons.values():
            below.addWidget(button)
        below.addStretch(1)
        below.addSpacing(8)
        below.addWidget(self.shown_box)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(below)


def _kind(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(name)
    button.setToolTip(tip)
    button.setCheckable(True)
    button.setStyleSheet(_KIND_STYLE)
    # the arrows go from one to the other, as in any group of which one is chosen
    OwnKeys(button, (Qt.Key.Key_Space, *ARROWS))
    return button
