"""What a search is asked by: words, a picture's file, in which films, and by which network."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QImage
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from seamline_resources import palette
from seamline_widgets.icons import icon
from seamline_widgets.own_keys import ARROWS, OwnKeys
from seamline_widgets.search_chips import ChipRow
from seamline_widgets.search_field import WordsField

_SCOPE_STYLE = f"""
QToolButton {{ background: {palette.SUNKEN}; border: 1px solid {palette.OUTLINE}; color: {palette.TEXT_QUIET};
  padding: 3px 10px; border-radius: 0; }}
QToolButton:hover {{ color: {palette.TEXT}; }}
QToolButton:checked {{ background: {palette.SELECTED}; color: {palette.TEXT_STRONG}; }}
QToolButton:focus {{ border-color: {palette.ACCENT}; }}
"""
_NETWORK_STYLE = f"""
QToolButton {{ color: {palette.TEXT_QUIET}; padding: 3px 16px 3px 6px; }}
QToolButton::menu-indicator {{ image: url(icons:chevron-down.svg); width: 8px; height: 8px;
  subcontrol-origin: border; subcontrol-position: center right; right: 4px; }}
"""


class SearchHead(QWidget):
    """`searched(words)`, `picture_pasted(QImage)`, `left`: as the field has them. `file_wanted`: the user wants to
    choose a picture's file. `scope_changed(is_everywhere)`: this film or all. `encoder_chosen(id)`: empty for the best
    that there is. `chips` is the row of what is looked for, for the panel to lay out.
    """

    searched = Signal(str)
    picture_pasted = Signal(QImage)
    left = Signal()
    file_wanted = Signal()
    scope_changed = Signal(bool)
    encoder_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = WordsField()
        self.field.setAcceptDrops(False)  # what is dropped is for the panel, which takes pictures
        self.chips = ChipRow()
        self.file_button = QToolButton()
        self.file_button.setIcon(icon("image"))
        self.file_button.setIconSize(QSize(16, 16))
        self.file_button.setAccessibleName("Search by a picture's file")
        self.file_button.setToolTip("Search by a picture's file, or drop or paste one here")
        OwnKeys(self.file_button, (Qt.Key.Key_Space,))
        self.this_button, self.all_button = _scope("This film"), _scope("All films")
        self.this_button.setToolTip("Search the film that is open")
        self.all_button.setToolTip("Search all films that were looked at so far")
        self.this_button.setChecked(True)
        scopes = QButtonGroup(self)
        for button in (self.this_button, self.all_button):
            scopes.addButton(button)
        self.encoder_button = QToolButton()
        self.encoder_button.setStyleSheet(_NETWORK_STYLE)
        self.encoder_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.encoder_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.encoder_button.setMinimumWidth(64)
        OwnKeys(self.encoder_button, (Qt.Key.Key_Space,))
        self._menu = QMenu(self.encoder_button)
        self.encoder_button.setMenu(self._menu)
        self._shown: tuple[object, ...] = ()
        self.field.searched.connect(self.searched)
        self.field.picture_pasted.connect(self.picture_pasted)
        self.field.left.connect(self.left)
        self.file_button.clicked.connect(self.file_wanted)
        self.all_button.toggled.connect(self.scope_changed)
        self._lay_out()
        self.set_encoders((), "", "")

    @property
    def is_everywhere(self) -> bool:
        """Whether all films are searched, and not the open one alone."""
        return self.all_button.isChecked()

    def set_encoders(self, offers: Sequence[tuple[str, str, str]], chosen_id: str, in_use: str) -> None:
        """Offer these: ids, names, and why each will not do now, empty where it does. `in_use` is the name of the one
        that is searched by now."""
        shown = tuple(offers), chosen_id, in_use
        if shown == self._shown:
            return  # it may be open
        self._shown = shown
        self._menu.clear()
        group = QActionGroup(self._menu)
        for encoder_id, name, fault in (("", "The best that is installed", ""), *offers):
            text = f"{name} ({fault})" if fault else name
            action = self._menu.addAction(text.replace("&", "&&"))
            action.setEnabled(not fault)
            action.setCheckable(True)
            action.setChecked(encoder_id == chosen_id)
            action.triggered.connect(
                lambda _=False, encoder_id=encoder_id: self.encoder_chosen.emit(encoder_id)
            )
            group.addAction(action)
        self.encoder_button.setText(in_use)
        self.encoder_button.setVisible(bool(in_use))
        self.encoder_button.setToolTip(f"Searched by {in_use}; choose another network")
        self.encoder_button.setAccessibleName(f"Network: {in_use}")

    @property
    def encoder_menu(self) -> QMenu:
        return self._menu

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(8, 8, 8, 0)
        top.setSpacing(4)
        top.addWidget(self.field, 1)
        top.addWidget(self.file_button)
        scope = QHBoxLayout()
        scope.setContentsMargins(8, 0, 8, 0)
        scope.setSpacing(0)
        scope.addWidget(self.this_button)
        scope.addWidget(self.all_button)
        scope.addStretch(1)
        scope.addWidget(self.encoder_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(scope)


def _scope(name: str) -> QToolButton:
    button = QToolButton()
    button.setText(name)
    button.setCheckable(True)
    button.setStyleSheet(_SCOPE_STYLE)
    # the arrows go from one to the other, as in any group of which one is chosen
    OwnKeys(button, (Qt.Key.Key_Space, *ARROWS))
    return button
