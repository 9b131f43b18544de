"""Match cuts: where they are looked for, what was found, and what the editor says of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from seamline.project.match_cuts import PairKey
from seamline_resources import palette
from seamline_widgets.eliding_label import ElidingLabel
from seamline_widgets.match_head import MatchHead
from seamline_widgets.match_items import MatchItem
from seamline_widgets.match_layout import MatchButton
from seamline_widgets.match_list import MatchListView
from seamline_widgets.match_progress import MatchProgress
from seamline_widgets.match_scope import MatchScope
from seamline_widgets.notice import Notice
from seamline_widgets.own_keys import OwnKeys
from seamline_widgets.shot_comment import CommentEditor

EMPTY_HINT = (
    "Pairs of shots that would cut together appear here: the same shape in the same place, or one movement."
)
_LIST_PX = 72
"""Of the list at least: the rest is scrolled to."""
_NONE_SHOWN = {
    "open": "Nothing is left to decide here.",
    "kept": "You keep none of these yet: press K at a pair that cuts well.",
    "rejected": "You rejected none of these.",
    "all": "Nothing was found.",
}


class MatchPanel(QWidget):
    """Shows what it is given; which pairs those are, by `kind` and `shown`, is for its owner to choose.

    `find_wanted`: by the button, or by that of the hint; `stop_wanted`: look no further. `scope_chosen(MatchScope)`;
    `other_wanted`: the user wants to choose another film to look in. `kind_chosen(str)`, `shown_chosen(str)`: keys of
    `match_head.KINDS` and `SHOWN`. `current_changed(item)`: the user went to a pair. `audition_wanted(item)`,
    `keep_wanted(item)`, `reject_wanted(item)`: for that one; for what is kept or rejected by now, to do so no more.
    `note_changed(item, text)`: the note shall be that. `export_wanted`: what is kept. `picture_wanted(fingerprint,
    frame)`: a row in view lacks it. `side_wanted(MatchSide)`: see that frame; `timecodes_wanted(item)`: copy them.

    While it is looked for what the editor asked for here, the panel itself has the keys, and does nothing with them.
    """

    find_wanted = Signal()
    stop_wanted = Signal()
    scope_chosen = Signal(object)
    other_wanted = Signal()
    kind_chosen = Signal(str)
    shown_chosen = Signal(str)
    current_changed = Signal(object)
    audition_wanted = Signal(object)
    keep_wanted = Signal(object)
    reject_wanted = Signal(object)
    note_changed = Signal(object, str)
    export_wanted = Signal()
    picture_wanted = Signal(str, int)
    side_wanted = Signal(object)
    timecodes_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = MatchHead()
        self.list = MatchListView()
        self.notice = Notice()
        self.note = CommentEditor(self)
        self._noted: MatchItem | None = None
        self._can_find = True
        self._summary = ElidingLabel()
        self._summary.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self.export_button = QPushButton("Export kept…")
        self.export_button.setToolTip("Write the pairs that you keep as a timeline, with handles")
        self.progress = MatchProgress()
        self._stack = QStackedWidget()
        self._stack.setMinimumHeight(1)
        self._foot = QWidget()
        OwnKeys(self.export_button, (Qt.Key.Key_Space,))
        for source, signal in (
            (self.head.find_wanted, self.find_wanted),
            (self.notice.pressed, self.find_wanted),
            (self.progress.stop_wanted, self.stop_wanted),
            (self.export_button.clicked, self.export_wanted),
            (self.head.scope_button.chosen, self.scope_chosen),
            (self.head.scope_button.other_wanted, self.other_wanted),
            (self.head.kind_chosen, self.kind_chosen),
            (self.head.shown_chosen, self.shown_chosen),
            (self.list.current_changed, self.current_changed),
            (self.list.picture_wanted, self.picture_wanted),
            (self.list.side_wanted, self.side_wanted),
            (self.list.timecodes_wanted, self.timecodes_wanted),
        ):
            source.connect(signal)
        self.list.pressed_for.connect(self._press)
        self.note.finished.connect(self._end_note)
        self._lay_out()
        self.setMinimumWidth(280)
        self.setAccessibleName("Match")
        self.set_progress("", 0, 0)
        self.set_can_export(False)
        self.set_hint(EMPTY_HINT)

    # -- what is looked for

    @property
    def scope(self) -> MatchScope:
        return self.head.scope_button.scope

    def set_scope(self, scope: MatchScope, other_name: str | None = None) -> None:
        """Show it, without a signal; `other_name`: what the other film is called, None to leave that."""
        self.head.scope_button.set_scope(scope, other_name)

    @property
    def kind(self) -> str:
        """A key of `match_head.KINDS`; set without a signal."""
        return self.head.kind

    @kind.setter
    def kind(self, kind: str) -> None:
        self.head.set_kind(kind)

    @property
    def shown(self) -> str:
        """A key of `match_head.SHOWN`; set without a signal."""
        return self.head.shown

    @shown.setter
    def shown(self, shown: str) -> None:
        self.head.set_shown(shown)

    # -- what was found

    def set_items(self, items: Sequence[MatchItem], summary: str | Sequence[str]) -> None:
        """Show these pairs, the best first; where there are none, that. `summary` may begin with a longer wording."""
        texts = (summary,) if isinstance(summary, str) else tuple(summary) or ("",)
        self.list.set_items(items)
        if items:
            self._stack.setCurrentWidget(self.list)
            if self.hasFocus():  # it had the keys for as long as there was no list
                self.hold_keys()
        else:
            self._say(_NONE_SHOWN[self.shown], "")
        self._summary.set_texts(texts)
        self._summary.setToolTip(texts[0])
        self._foot.show()

    def set_hint(self, text: str, action_text: str = "") -> None:
        """Say why there are no pairs to see; a button of that name wants them found."""
        self.list.set_items(())
        self._summary.set_texts(("",))
        self._foot.hide()
        self._say(text, action_text)

    def set_can_find(self, can_find: bool) -> None:
        """Whether there is a film to look through."""
        self._can_find = can_find
        self.head.find_button.setEnabled(can_find and not self.progress.text)
        self.head.scope_button.setEnabled(can_find)

    def set_can_export(self, can_export: bool) -> None:
        """Whether any pair is kept."""
        self.export_button.setEnabled(can_export)

    def set_progress(self, text: str | Sequence[str], done: int, total: int) -> None:
        """Show that work goes on and how far it is, with a way to stop it; nothing for no text. A `total` of 0: nobody
        knows. `text` may begin with a longer wording."""
        texts = (text,) if isinstance(text, str) else tuple(text)
        texts = tuple(text for text in texts if text)
        # what is disabled or hidden would hand the keys to whatever comes next
        is_asked = self.head.find_button.hasFocus() or self.notice.button.hasFocus()
        is_over = not texts and (self.progress.stop_button.hasFocus() or self.hasFocus())
        if (texts and is_asked) or is_over:
            self.hold_keys()
        self.progress.say(texts, done, total)
        self.head.find_button.setEnabled(self._can_find and not texts)
        self.notice.button.setEnabled(not texts)
        if is_over:
            self.take_keys()

    def set_picture(self, fingerprint: str, frame: int, image: QImage) -> None:
        """Show `image` wherever that frame stands for a shot."""
        self.list.set_picture((fingerprint, frame), image)

    def forget_pictures(self) -> None:
        """Ask for all pictures in view again."""
        self.list.forget_pictures()

    # -- the pair that is selected

    @property
    def current(self) -> MatchItem | None:
        return self.list.current_item

    @property
    def selected(self) -> MatchItem | None:
        """The pair that is shown as selected: not the one that `hide_current` hides."""
        return self.current if self.list.selectionModel().hasSelection() else None

    def set_current(self, key: PairKey) -> None:
        """Select that pair and bring it into view, without a signal."""
        self.list.select(key)

    def step(self, by: int) -> MatchItem | None:
        """Select the next pair (1) or the previous one (-1), without a signal; None where there is none."""
        return self.list.step(by)

    def hide_current(self) -> None:
        """Show no pair as selected, until the list has the keys or another one is; the next pair stays the same."""
        self.list.clearSelection()

    def hold_keys(self) -> None:
        """Give the keys to the list or, where there is none, to nobody in the panel."""
        (self.list if self._stack.currentWidget() is self.list else self).setFocus()

    def take_keys(self) -> None:
        """Give the list the keys, where one of the pairs is selected then, or the button that begins where there is no
        list."""
        if self._stack.currentWidget() is self.list:
            self.list.select_first()
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.head.find_button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def edit_note(self, item: MatchItem) -> None:
        """Open the field for the note of that pair, at its row."""
        self.list.select(item.key)
        row = self.list.visualRect(self.list.currentIndex())
        place = QRect(self.list.viewport().mapTo(self, row.topLeft()), row.size())
        self._noted = item
        self.note.begin("Note on this match cut", item.judged.note, place.translated(QPoint(0, -8)))

    def minimumSizeHint(self) -> QSize:
        """Room for the head and some of the list, whatever is shown below it."""
        high = self.head.minimumSizeHint().height() + _LIST_PX + self._foot.minimumSizeHint().height()
        return QSize(280, high)

    def _press(self, item: MatchItem, button: MatchButton) -> None:
        if button is MatchButton.NOTE:
            self.edit_note(item)
            return
        signals = {
            MatchButton.PLAY: self.audition_wanted,
            MatchButton.KEEP: self.keep_wanted,
            MatchButton.REJECT: self.reject_wanted,
        }
        signals[button].emit(item)

    def _end_note(self, text: str | None) -> None:
        item, self._noted = self._noted, None
        if item is not None and text is not None:
            self.note_changed.emit(item, text)

    def _say(self, text: str, action_text: str) -> None:
        if self.list.hasFocus() or (self.notice.button.hasFocus() and not action_text):
            self.setFocus()  # what is hidden would hand the keys to whatever comes next
        self.notice.say(text, button=action_text)
        self._stack.setCurrentWidget(self.notice)

    def _lay_out(self) -> None:
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(12, 8, 8, 8)
        foot.setSpacing(8)
        foot.addWidget(self._summary, 1)
        foot.addWidget(self.export_button)
        self._stack.addWidget(self.notice)
        self._stack.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.progress)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)
