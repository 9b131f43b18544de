"""The open film with its curve, its seams and the editor's steps, as the window's parts see it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from seamline.analysis.stage import FloatArray
from seamline.errors import ProjectError
from seamline.media.film import Film
from seamline.project.edits import AddSeam, DeleteSeam, Edit, MoveSeam
from seamline.project.journal import Journal
from seamline.project.types import Origin, Project, Seam, SeamKind
from seamline_app.jobs.analysis_job import Findings, OpenedFilm


class Document(QObject):
    """One film under review. Every change of seams, by the analysis or the editor, emits `changed`.

    `stepped`: an edit, undo or redo was done. `refused(text)`: one cannot be, or could not be stored, in a
    sentence.
    """

    changed = Signal()
    selection_changed = Signal(str)
    stepped = Signal()
    refused = Signal(str)

    def __init__(self, opened: OpenedFilm, journal_folder: Path, parent: QObject | None = None) -> None:
        base = Project(opened.film).with_proposals(opened.seams, opened.done_frames)
        journal = Journal(base, journal_folder)  # before there is an object that a failure would leave behind
        super().__init__(parent)
        self.film: Film = opened.film
        self.similarity: FloatArray = opened.similarity
        self._base = base
        self._journal = journal
        self._selected_id = ""

    def close(self) -> None:
        """Let another window make corrections."""
        self._journal.close()

    @property
    def is_elsewhere(self) -> bool:
        """Whether another window has this film open: corrections are refused here."""
        return self._journal.is_elsewhere

    @property
    def project(self) -> Project:
        return self._journal.project

    @property
    def damage(self) -> str | None:
        """What of the earlier steps could not be read back, as a sentence."""
        return self._journal.damage

    @property
    def undo_name(self) -> str | None:
        return self._journal.history.undo_name

    @property
    def redo_name(self) -> str | None:
        return self._journal.history.redo_name

    @property
    def is_complete(self) -> bool:
        """Whether the whole film is analysed."""
        return self._base.analysed_frames == self.film.frame_count

    @property
    def selected(self) -> Seam | None:
        """The selected seam, None when there is none."""
        return next((seam for seam in self.project.seams if seam.id == self._selected_id), None)

    def select(self, seam_id: str) -> None:
        """Select the seam of that id; an empty id selects none."""
        if seam_id != self._selected_id:
            self._selected_id = seam_id
            self.selection_changed.emit(seam_id)

    def take(self, findings: Findings) -> None:
        """Add what the analysis found."""
        start, values = findings.start_frame, findings.similarity
        self.similarity[start : start + len(values)] = values
        if findings.seams != self._base.proposals or findings.done_frames != self._base.analysed_frames:
            self._base = self._base.with_proposals(findings.seams, findings.done_frames)
            self._journal.rebase(self._base)
            self._changed()

    def seam_at(self, frame: int) -> Seam | None:
        """The seam at the playhead: the one that `frame` begins the new shot of, else whose span holds it."""
        covering = [seam for seam in self.project.seams if seam.out_frame <= frame <= seam.in_frame]
        return min(covering, key=lambda seam: abs(seam.cut_frame - frame), default=None)

    def seam_after(self, frame: int) -> Seam | None:
        return next((seam for seam in self.project.seams if seam.cut_frame > frame), None)

    def seam_before(self, frame: int) -> Seam | None:
        return next((seam for seam in reversed(self.project.seams) if seam.cut_frame < frame), None)

    def add_cut(self, frame: int) -> None:
        """Put a cut between `frame` and the one before it."""
        if frame < 1:
            self.refused.emit(
                "The first frame of a film cannot begin a second shot: move the playhead on, then add."
            )
            return
        seam = Seam(frame - 1, frame, SeamKind.CUT, 1.0, Origin.USER)
        if self.do(AddSeam(seam)):
            self.select(seam.id)

    def delete(self, seam: Seam) -> None:
        self.do(DeleteSeam(seam))

    def move(self, seam_id: str, out_frame: int, in_frame: int) -> bool:
        """Give a seam other frames; False, and nothing done, where it cannot be."""
        try:
            seam = self.project.seam(seam_id)
        except ProjectError as error:
            self.refused.emit(str(error))
            return False
        if (seam.out_frame, seam.in_frame) == (out_frame, in_frame):
            return False
        return self.do(MoveSeam(seam, out_frame, in_frame))

    def do(self, edit: Edit) -> bool:
        """Apply and store an edit; False, with `refused` emitted, where that is not possible."""
        return self._tried(lambda: self._journal.do(edit))

    def undo(self) -> bool:
        return self.undo_name is not None and self._tried(self._journal.undo)

    def redo(self) -> bool:
        return self.redo_name is not None and self._tried(self._journal.redo)

    def _tried(self, step: Callable[[], Project]) -> bool:
        try:
            step()
        except ProjectError as error:
            self.refused.emit(str(error))
            self._changed()
            return False
        self.stepped.emit()
        self._changed()
        return True

    def _changed(self) -> None:
        if self._selected_id and self.selected is None:
            self.select("")
        self.changed.emit()
