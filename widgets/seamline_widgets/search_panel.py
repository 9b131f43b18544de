"""Finding pictures: what is looked for, what was found, and how far the film has been looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from seamline_resources import palette
from seamline_widgets.fitting_label import FittingLabel
from seamline_widgets.icons import icon
from seamline_widgets.notice import Notice
from seamline_widgets.own_keys import OwnKeys
from seamline_widgets.search_chips import Chip
from seamline_widgets.search_delegate import row_px
from seamline_widgets.search_drop import TakesPictures
from seamline_widgets.search_field import PastesPictures
from seamline_widgets.search_head import SearchHead
from seamline_widgets.search_list import HitListView
from seamline_widgets.search_model import HitItem

EMPTY_HINT = (
    "Find shots by what they show.\n"
    "Type words, drop a picture here, or press {key} for shots like the frame shown."
)
_LINK_STYLE = f"""
QToolButton {{ border: none; color: {palette.ACCENT}; padding: 1px 2px; text-decoration: underline; }}
QToolButton:focus {{ border: 1px solid {palette.ACCENT}; }}
"""


class SearchPanel(QWidget):
    """Shows what it is given; `head` and `list` say what the user does there.

    `picture_given(QImage)`, `file_given(Path)`: to look for what is like it; `cleared`: look for nothing;
    `next_wanted`, `previous_wanted`: the hits along the film; `networks_wanted`: the link about networks, or the
    notice's button; `cancel_wanted`, `resume_wanted`: stop looking at the film, go on.
    """

    picture_given = Signal(QImage)
    file_given = Signal(Path)
    cleared = Signal()
    next_wanted = Signal()
    previous_wanted = Signal()
    networks_wanted = Signal()
    cancel_wanted = Signal()
    resume_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = SearchHead()
        self.list = HitListView()
        self.notice = Notice()
        self._advice = FittingLabel()
        self._advice.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self._has_advice = self._is_advice_declined = False
        self.link_button = QToolButton()
        self.link_button.setStyleSheet(_LINK_STYLE)
        self.decline_button = _tool("close", "Say no more of this")
        self.decline_button.setStyleSheet("QToolButton { padding: 3px; }")
        self._summary = FittingLabel()
        self._summary.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self.previous_button = _tool("chevron-up", "Previous hit along the film")
        self.next_button = _tool("chevron-down", "Next hit along the film")
        self.clear_button = QPushButton("Clear")
        self.clear_button.setToolTip("Look for nothing")
        self._doing = FittingLabel()
        self._doing.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.setAccessibleName("How far the film has been looked at")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setToolTip("Look at no more of this film; what was seen stays")
        self.resume_button = QPushButton("Go on")
        self.resume_button.setToolTip("Look at the rest of this film")
        self._stack = QStackedWidget()
        self._stack.setMinimumHeight(
            1
        )  # as high as there is room: a long notice, shown or not, asks for none
        self._foot, self._work, self._counsel = QWidget(), QWidget(), QWidget()
        self._counsel.hide()
        for button, signal in (
            (self.previous_button, self.previous_wanted),
            (self.next_button, self.next_wanted),
            (self.clear_button, self.cleared),
            (self.cancel_button, self.cancel_wanted),
            (self.resume_button, self.resume_wanted),
            (self.link_button, self.networks_wanted),
            (self.decline_button, self._decline_advice),
        ):
            OwnKeys(button, (Qt.Key.Key_Space,))
            button.clicked.connect(signal)
        self.notice.pressed.connect(self.networks_wanted)
        self.head.left.connect(self._leave_head)
        self.list.left.connect(self.take_keys)
        pasting, dropping = PastesPictures(self.list), TakesPictures(self)
        for pictures in (self.head.picture_pasted, pasting.pasted, dropping.picture_dropped):
            pictures.connect(self.picture_given)
        dropping.file_dropped.connect(self.file_given)
        self._lay_out()
        self.setMinimumWidth(280)
        self.setAccessibleName("Find")
        self.set_working(())
        self.say(EMPTY_HINT.format(key="Y"))

    @property
    def is_shown(self) -> bool:
        """Whether hits can be seen, and not a notice in their place."""
        return self._stack.currentIndex() == 1

    @property
    def summary(self) -> str:
        return self._summary.text()

    @property
    def doing(self) -> str:
        """What is said of the work that goes on, empty while none does."""
        return "" if self._work.isHidden() else self._doing.text()

    @property
    def advice(self) -> str:
        """What is said about a better network."""
        return "" if self._counsel.isHidden() else self._advice.text()

    def minimumSizeHint(self) -> QSize:
        """Room for the head, a hit and the foot, whatever is looked for: the rest is taken from the list."""
        high = self.head.minimumSizeHint().height() + row_px() + self._foot.minimumSizeHint().height()
        return QSize(super().minimumSizeHint().width(), high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def take_keys(self) -> None:
        """Give the field the keys, its text selected."""
        self.head.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.head.field.selectAll()

    def say(self, text: str, *, button: str = "", is_working: bool = False) -> None:
        """Show why there are no hits to see, with a button to the networks if it has a name."""
        self.notice.say(text, button=button, is_working=is_working)
        self.list.set_items(())
        self._stack.setCurrentIndex(0)
        self._foot.setVisible(bool(self.head.chips.chips) or bool(self.head.field.text()))
        self._summary.set_texts(("",))
        self._show_steps(False)

    def show_hits(
        self, items: Sequence[HitItem], summary: Sequence[str], *, is_new: bool, has_steps: bool
    ) -> None:
        """Show these, the best first. `summary` in a few words, the longest first; `is_new`: of another search;
        `has_steps`: there are hits in the film that is open."""
        self.list.set_items(items, is_new=is_new)
        self._summary.set_texts(summary)
        self._summary.setToolTip(summary[0])
        self._stack.setCurrentIndex(1)
        self._foot.show()
        self._show_steps(has_steps)

    def tell_searching(self) -> None:
        """Say that the next answer takes its time; the hits shown before stay until then."""
        if self.is_shown:
            self._summary.set_texts(("Searching…",))
        else:
            self.say("Searching…", is_working=True)

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show what is looked for."""
        self.head.chips.set_chips(chips)
        self._foot.setVisible(self.is_shown or bool(chips) or bool(self.head.field.text()))

    def set_advice(self, texts: Sequence[str], link: str = "") -> None:
        """Say something about networks above the hits, unless the user wants no more of it, with a link to them;
        nothing for none. `texts` begin with the one that says most."""
        self._has_advice = bool(texts)
        self._advice.set_texts(texts)
        self._advice.setToolTip(texts[0] if texts else "")
        self.link_button.setText(link)
        self._share_room()

    def set_working(
        self, texts: Sequence[str], share: float | None = None, *, is_stopped: bool = False
    ) -> None:
        """Show that the film is being looked at, with a way to stop it; nothing for none. `texts` begin with the one
        that says most; `is_stopped`: it could be gone on with."""
        self._doing.set_texts(texts)
        self._doing.setToolTip(texts[0] if texts else "")
        self._bar.setRange(0, 1000 if share is not None else 0)
        self._bar.setValue(round(1000 * (share or 0.0)))
        self._bar.setVisible(not is_stopped)
        self.cancel_button.setVisible(not is_stopped)
        self.resume_button.setVisible(is_stopped)
        self._work.setVisible(bool(texts))

    def _show_steps(self, has_steps: bool) -> None:
        for button in (self.previous_button, self.next_button):
            button.setVisible(has_steps)

    def _decline_advice(self) -> None:
        self._is_advice_declined = True
        self._share_room()

    def _share_room(self) -> None:
        """What stands above the hits leaves them some room."""
        spare_px = self.height() - self.minimumSizeHint().height()
        self.head.chips.set_most_rows(1 if spare_px < 2 * row_px() else 2)
        self._counsel.setVisible(self._has_advice and not self._is_advice_declined and spare_px >= row_px())

    def _leave_head(self) -> None:
        if self.is_shown:
            self.list.take_keys()
        else:
            self.head.field.clearFocus()

    def _lay_out(self) -> None:
        work = QHBoxLayout(self._work)
        work.setContentsMargins(12, 8, 8, 0)
        work.setSpacing(8)
        work.addWidget(self._doing, 3)
        work.addWidget(self._bar, 1)
        work.addWidget(self.cancel_button)
        work.addWidget(self.resume_button)
        counsel = QHBoxLayout(self._counsel)
        counsel.setContentsMargins(12, 0, 8, 4)
        counsel.setSpacing(4)
        counsel.addWidget(self._advice, 1)
        counsel.addWidget(self.link_button)
        counsel.addWidget(self.decline_button)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(12, 8, 8, 8)
        foot.setSpacing(4)
        foot.addWidget(self._summary, 1)
        foot.addWidget(self.previous_button)
        foot.addWidget(self.next_button)
        foot.addWidget(self.clear_button)
        self._stack.addWidget(self.notice)
        self._stack.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.head.chips)
        column.addWidget(self._counsel)
        column.addWidget(self._stack, 1)
        column.addWidget(self._work)
        column.addWidget(self._foot)


def _tool(icon_name: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(icon_name))
    button.setIconSize(QSize(12, 12))
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button
