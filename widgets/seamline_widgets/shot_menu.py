"""What can be done with the selected shots, as a menu."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from seamline.project.types import Origin, Project, Shot, ShotColour
from seamline_widgets.label_menu import LabelMenu
from seamline_widgets.shot_labels import LABEL_KINDS, classes_of
from seamline_widgets.shot_model import Column, ShotModel, shot_id
from seamline_widgets.shot_paint import swatch
from seamline_widgets.shot_texts import ASCENDING, CONFIRMED, DESCENDING

_ORDERS = {
    Column.NUMBER: "Number",
    Column.NAME: "Name",
    Column.LENGTH: "Length",
    Column.SCALE: "Scale",
    Column.MOVEMENT: "Movement",
    Column.SEAM: "How sure",
    Column.COMMENT: "Comment",
}


def joinable(shots: Sequence[Shot]) -> tuple[str, ...]:
    """The ids of the seams between those of `shots`, in order of their numbers, that are neighbours."""
    return tuple(shot_id(after) for before, after in pairwise(shots) if after.number == before.number + 1)


def confirmable(shots: Sequence[Shot]) -> tuple[str, ...]:
    """The ids of the seams that `shots` begin with and that are proposals."""
    return tuple(
        shot.seam.id for shot in shots if shot.seam is not None and shot.seam.origin is Origin.ANALYSIS
    )


class OrderMenu(QMenu):
    """What the shots can be sorted by; `sort_by` gets the column."""

    def __init__(self, model: ShotModel, sort_by: Callable[[int], object], parent: QWidget) -> None:
        super().__init__("&Sort by", parent)
        self.setObjectName("orders")
        by, is_descending = model.order
        if by in (Column.START, Column.END):
            by = Column.NUMBER
        group = QActionGroup(self)
        for column, text in _ORDERS.items():
            action = QAction(text, self)
            action.setObjectName(column.name.lower())
            action.setCheckable(True)
            action.setChecked(column is by)
            if column is by:
                action.setText(f"{text} {DESCENDING if is_descending else ASCENDING}")
            action.triggered.connect(lambda _=False, column=column: sort_by(column))
            group.addAction(action)
            self.addAction(action)


class ColourMenu(QMenu):
    """The editor's colours; `set_colour` gets the one chosen, or None. `now`: those that the shots have, one of which
    alone is checked."""

    def __init__(
        self,
        set_colour: Callable[[ShotColour | None], object],
        parent: QWidget,
        now: Collection[ShotColour | None] = (),
    ) -> None:
        super().__init__("Co&lour", parent)
        self.setObjectName("colours")
        group = QActionGroup(self)
        entries: list[tuple[str, ShotColour | None]] = [(c.capitalize(), c) for c in ShotColour]
        for text, colour in [*entries, ("No colour", None)]:
            if colour is None:
                self.addSeparator()
            action = QAction(text, self)
            action.setObjectName(colour or "none")
            action.triggered.connect(lambda _=False, colour=colour: set_colour(colour))
            if now:
                action.setCheckable(True)
                action.setChecked(set(now) == {colour})
                group.addAction(action)
            if action.isChecked():
                # in words, too: beside an icon no mark is drawn
                action.setText(f"{text}\t{CONFIRMED}")
            if colour is not None:
                action.setIcon(swatch(colour))
                action.setIconVisibleInMenu(True)
            self.addAction(action)


class ShotMenu(QMenu):
    """The menu for `shots`, which are in order of their numbers; `handlers` has what each entry calls, by name.

    These are: go_to, rename, comment, confirm, join, mark, copy, without arguments, and `set_colour`, which gets
    the colour or None. `set_label` has what gets the class chosen, or "", by the kind of label.
    """

    def __init__(
        self,
        shots: Sequence[Shot],
        project: Project,
        handlers: Mapping[str, Callable[[], object]],
        set_colour: Callable[[ShotColour | None], object],
        set_label: Mapping[str, Callable[[str], object]],
        keys: Mapping[str, QKeySequence],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._handlers, self._keys = handlers, keys
        several, proposed, joined = len(shots) > 1, confirmable(shots), joinable(shots)
        self.setAccessibleName("Selected shots" if several else f"Shot {shots[0].number}")
        self._add("go_to", "&Go to the shot")
        self._add(
            "mark", "&Mark in and out around the shots" if several else "&Mark in and out around the shot"
        )
        self.addSeparator()
        self._add("rename", "&Name…")
        self._add("comment", "C&omment…")
        now = {project.note_of(shot).colour for shot in shots}
        self.addMenu(ColourMenu(set_colour, self, now))
        self.addSeparator()
        for kind in LABEL_KINDS:
            self.addMenu(LabelMenu(kind, set_label[kind], classes_of(shots, project, kind), self))
        self.addSeparator()
        many = f"Con&firm {len(proposed)} seams" if len(proposed) > 1 else "Con&firm the seam"
        self._add("confirm", many, is_possible=bool(proposed))
        self._add("join", "&Join the shots", is_possible=bool(joined))
        self.addSeparator()
        self._add("copy", "&Copy timecodes")

    def _add(self, name: str, text: str, *, is_possible: bool = True) -> None:
        action = QAction(text, self)
        action.setObjectName(name)
        key = self._keys.get(name)
        if key is not None and not key.isEmpty():
            # said, not set: the key is the window's or the list's already
            native = key.toString(QKeySequence.SequenceFormat.NativeText)
            action.setText(f"{text}\t{native}")
        action.setEnabled(is_possible)
        action.triggered.connect(lambda: self._handlers[name]())
        self.addAction(action)
