"""Naming the selected shots: the field in the view, and where it goes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from seamline_widgets.shot_grid import ShotGridView
from seamline_widgets.shot_list import ShotListView
from seamline_widgets.shot_model import Column, ShotModel
from seamline_widgets.shot_selection import ShotSelection

ShotView = ShotListView | ShotGridView


class ShotNaming(QObject):
    """Opens the field for a name in the view that `view()` gives, and serves both `views`.

    `leading_row()`: the row to name, -1 for none. `noted(numbers, what)`: these shots get the name in `what`.
    `changed`: a name is being typed now (`is_naming`), or is not any more.
    """

    noted = Signal(tuple, dict)
    changed = Signal()

    def __init__(
        self,
        model: ShotModel,
        selection: ShotSelection,
        views: tuple[ShotView, ...],
        view: Callable[[], ShotView],
        leading_row: Callable[[], int],
        panel: QWidget,
    ) -> None:
        super().__init__(panel)
        self._model, self._selection = model, selection
        self._view, self._leading_row = view, leading_row
        self.is_naming = False
        for one in views:
            one.name_step.connect(self._on_step)
            one.name_closed.connect(self._on_closed)
            one.delegate.named.connect(self._on_named)

    def begin(self) -> None:
        """Let the editor type a name for the leading shot, and so for all selected ones."""
        row = self._leading_row()
        if row < 0:
            return
        self.is_naming = True
        self.changed.emit()
        view = self._view()
        view.reveal(row)
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        view.edit(self._model.index(row, Column.NAME))

    def again(self, name: str) -> None:
        """The name typed last could not be kept: go on with it."""
        QTimer.singleShot(0, self, lambda: self._type(name))

    def _type(self, name: str) -> None:
        self.begin()
        editor = QApplication.focusWidget()  # the one that is open; one that was closed is still there
        if isinstance(editor, QLineEdit) and self._view().isAncestorOf(editor):
            editor.selectAll()
            editor.insert(name)

    def _on_named(self, row: int, name: str) -> None:
        number = self._model.shots[row].number
        numbers = tuple(shot.number for shot in self._selection.shots)
        self.noted.emit(numbers if number in numbers else (number,), {"name": name})

    def _on_closed(self) -> None:
        self.is_naming = False
        self.changed.emit()

    def _on_step(self, step: int) -> None:
        row = self._view().currentIndex().row() + step
        if 0 <= row < len(self._model.shots):
            self._selection.choose(row)
            self.begin()
