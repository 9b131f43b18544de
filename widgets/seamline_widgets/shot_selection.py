"""Which shots are selected, in the table and the grid alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Signal

from seamline.project.types import Shot
from seamline_widgets.shot_model import Column, ShotModel, shot_id
from seamline_widgets.shot_order import runs

_FLAGS = QItemSelectionModel.SelectionFlag


class ShotSelection(QObject):
    """Reads and sets the views' selection by shots. `chosen`: the editor changed it; `changed`: anything did."""

    chosen = Signal()
    changed = Signal()

    def __init__(self, model: ShotModel, rows: QItemSelectionModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._rows = model, rows
        self._is_held = False
        rows.selectionChanged.connect(self._on_changed)

    @property
    def shots(self) -> list[Shot]:
        """The selected shots, in order of their numbers."""
        return sorted((self._model.shots[row] for row in self._selected_rows), key=lambda shot: shot.number)

    @property
    def _selected_rows(self) -> set[int]:
        # by ranges: Qt's own list of rows takes a third of a second for 5,000
        selection = self._rows.selection()
        parts = [selection.at(place) for place in range(selection.count())]
        return {row for part in parts for row in range(part.top(), part.bottom() + 1)}

    @property
    def ids(self) -> tuple[str, ...]:
        """The seams that the selected shots begin with, the leading one first; empty for the film's first shot."""
        ids = [shot_id(shot) for shot in self.shots]
        current = self._rows.currentIndex()
        if current.isValid() and self._rows.isSelected(current):
            leading = shot_id(self._model.shots[current.row()])
            ids.remove(leading)
            ids.insert(0, leading)
        return tuple(ids)

    def select(self, rows: Sequence[int]) -> None:
        """Select these rows alone, the leading one first; the editor has not chosen them."""
        was_held, self._is_held = self._is_held, True
        selection = QItemSelection()
        for first, last in runs(sorted(rows)):
            selection.select(self._model.index(first, 0), self._model.index(last, len(Column) - 1))
        if rows:
            self._rows.setCurrentIndex(self._model.index(rows[0], Column.NAME), _FLAGS.NoUpdate)
            self._rows.select(selection, _FLAGS.ClearAndSelect)
        else:
            self._rows.clear()
        self._is_held = was_held
        self.changed.emit()

    def choose(self, row: int) -> None:
        """Select that row alone, as the editor's choice."""
        index = self._model.index(row, Column.NAME)
        self._rows.setCurrentIndex(index, _FLAGS.ClearAndSelect | _FLAGS.Rows)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Whatever becomes of the rows, what is selected stays so where it is shown, and nobody has chosen."""
        before = self.ids
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
        shown = [row for one in before if (row := self._model.row_of(one)) >= 0]
        if set(shown) != self._selected_rows:
            self.select(shown)

    def _on_changed(self) -> None:
        if not self._is_held:
            self.changed.emit()
            self.chosen.emit()
