"""What an editor wants done with the selected shots, said by signals: notes, labels, seams, marks, text."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from seamline.project.types import Shot, ShotColour
from seamline_widgets.shot_list import ShotListView
from seamline_widgets.shot_menu import confirmable, joinable
from seamline_widgets.shot_model import ShotModel
from seamline_widgets.shot_selection import ShotSelection


class ShotWishes(QWidget):
    """`noted(numbers, what)`: these shots get what stands in a dict under name, comment (texts), colour (a ShotColour),
    scale or movement (a class's word); "" takes it away. `join_wanted(ids)`: of the seams between neighbours;
    `confirm_wanted(ids)`: those of all selected shots, of which some are proposals; `mark_wanted(in_frame, out_frame)`:
    the first and the last frame; `copy_wanted(numbers)`: these shots, as text.
    """

    noted = Signal(tuple, dict)
    join_wanted = Signal(tuple)
    confirm_wanted = Signal(tuple)
    mark_wanted = Signal(int, int)
    copy_wanted = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ShotModel()
        self.table = ShotListView(self.model)
        self.selection = ShotSelection(self.model, self.table.selectionModel(), self)

    def selected_numbers(self) -> tuple[int, ...]:
        return tuple(shot.number for shot in self.selection.shots)

    def set_colour(self, colour: ShotColour | None) -> None:
        """Mark what is selected, else the playhead's shot; None takes the colour away."""
        if self._leading_row() >= 0:
            self.noted.emit(self.selected_numbers(), {"colour": colour or ""})

    def set_scale(self, value: str) -> None:
        """Label the scale of what is selected, else of the playhead's shot; "" gives it back to the analysis."""
        self._label(scale=value)

    def set_movement(self, value: str) -> None:
        """Label the movement of what is selected, else of the playhead's shot; "" gives it back to the analysis."""
        self._label(movement=value)

    def clear_labels(self) -> None:
        """Give both labels of what is selected, else of the playhead's shot, back to the analysis."""
        self._label(scale="", movement="")

    def labelled_shots(self) -> list[Shot]:
        """The shots that are labelled now: the selected ones, else the playhead's, be it in the list or not."""
        shot = self.model.shot_at(self.table.delegate.current_frame)
        return self.selection.shots or ([shot] if shot is not None else [])

    def join(self) -> None:
        """Want the seams between selected neighbours gone."""
        if seam_ids := joinable(self.selection.shots):
            self.join_wanted.emit(seam_ids)

    def confirm(self) -> None:
        """Want the proposals confirmed that the selected shots begin with."""
        if confirmable(self.selection.shots):
            self.confirm_wanted.emit(tuple(filter(None, self.selection.ids)))

    def mark(self) -> None:
        """Want in and out around the selected shots."""
        if shots := self.selection.shots:
            self.mark_wanted.emit(shots[0].start_frame, shots[-1].end_frame - 1)

    def copy(self) -> None:
        """Want the timecodes of the selected shots on the clipboard."""
        if numbers := self.selected_numbers():
            self.copy_wanted.emit(numbers)

    def _label(self, **what: str) -> None:
        if shots := self.labelled_shots():
            self.noted.emit(tuple(shot.number for shot in shots), what)

    def _leading_row(self) -> int:
        """The row of the leading selected shot; with none selected the playhead's, which is selected; else -1."""
        if ids := self.selection.ids:
            return self.model.row_of(ids[0])
        row = self.table.delegate.current_row
        if row >= 0:
            self.selection.select([row])
        return row
