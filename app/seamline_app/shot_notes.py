"""What the editor does in the shot list, as steps of the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject

from seamline.project.edits import ConfirmSeam, DeleteSeam, SeamSteps, note_shots
from seamline.project.types import Origin, Project, Seam
from seamline_app.document import Document
from seamline_widgets.shots_panel import ShotsPanel


class ShotNotes(QObject):
    """Joins `panel` with the document that `document()` gives, None where no film is open."""

    def __init__(
        self, panel: ShotsPanel, document: Callable[[], Document | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        panel.noted.connect(self.note)
        panel.join_wanted.connect(self.join)
        panel.confirm_wanted.connect(self.confirm)

    def note(self, numbers: Iterable[int], what: Mapping[str, str]) -> None:
        """Give the shots of these numbers what stands in `what` under name, comment or colour."""
        document = self._document()
        if document is None:
            return
        shots = document.project.shots
        noted = [shots[number - 1] for number in numbers if 0 < number <= len(shots)]
        if noted:
            document.do(note_shots(document.project, noted, **what))  # type: ignore[arg-type]

    def join(self, seam_ids: Iterable[str]) -> None:
        """Delete these seams, so that the shots on both sides of each are one; one step for all."""
        document = self._document()
        if document is None:
            return
        wanted = set(seam_ids)
        seams = [seam for seam in document.project.seams if seam.id in wanted]
        if seams:
            name = f"Join {_joined_count(document.project, seams)} shots"
            document.do(SeamSteps(tuple(DeleteSeam(seam) for seam in seams), name))

    def confirm(self, seam_ids: Iterable[str]) -> None:
        """Confirm those of these seams that are proposals; one step for all."""
        document = self._document()
        if document is None:
            return
        wanted = set(seam_ids)
        seams = [
            seam for seam in document.project.seams if seam.id in wanted and seam.origin is Origin.ANALYSIS
        ]
        if seams:
            name = "Confirm 1 seam" if len(seams) == 1 else f"Confirm {len(seams)} seams"
            document.do(SeamSteps(tuple(ConfirmSeam(seam) for seam in seams), name))


def _joined_count(project: Project, seams: Iterable[Seam]) -> int:
    """How many shots lie beside these seams."""
    ids = {seam.id for seam in seams}
    after = {shot.number for shot in project.shots if shot.seam is not None and shot.seam.id in ids}
    return len(after | {number - 1 for number in after})
