"""What an editor does to seams, as steps of the open document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from seamline.errors import ProjectError
from seamline.project.edits import (
    AddSeam,
    ConfirmSeam,
    DeleteSeam,
    Edit,
    MoveSeam,
    SeamEdit,
    SeamSteps,
    changed_kinds,
    moved_together,
)
from seamline.project.types import Origin, Project, Seam, SeamKind

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance


class SeamEditing:
    """Part of the document. What cannot be is said by `refused`, in a sentence, and nothing is done."""

    if TYPE_CHECKING:
        refused: SignalInstance

        @property
        def project(self) -> Project: ...

        def do(self, edit: Edit) -> bool: ...

        def select(self, seam_id: str) -> None: ...

        def select_many(self, seam_ids: Iterable[str]) -> None: ...

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

    def confirm(self, seams: Sequence[Seam]) -> None:
        """Say that proposals are right, in one step; one that only was asked about becomes a seam."""
        open_ones = [seam for seam in seams if seam.origin is not Origin.USER]
        if not open_ones:
            these = "This seam is yours" if len(seams) == 1 else "These seams are yours"
            self.refused.emit(f"{these} already: there is nothing to confirm.")
        elif self._do_all("Confirm", [ConfirmSeam(seam) for seam in open_ones]):
            self.select_many([seam.id for seam in seams])

    def delete(self, seams: Sequence[Seam], name: str = "") -> bool:
        """Delete seams in one step, called `name` where there are several."""
        return self._do_all("Delete", [DeleteSeam(seam) for seam in seams], name)

    def change_kind(self, seams: Sequence[Seam]) -> None:
        """Make the next kind of these seams, all the same: the one after the first's."""
        kinds = tuple(SeamKind)
        kind = kinds[(kinds.index(seams[0].kind) + 1) % len(kinds)]
        try:
            edit = changed_kinds(self.project, seams, kind)
        except ProjectError as error:
            self.refused.emit(str(error))
            return
        if self.do(edit if len(edit.steps) > 1 else edit.steps[0]):
            self.select_many([seam.id for seam in seams])

    def nudge(self, seams: Sequence[Seam], by_frames: int) -> bool:
        """Move seams together."""
        if len(seams) == 1:
            seam = seams[0]
            return self.move(seam.id, seam.out_frame + by_frames, seam.in_frame + by_frames)
        try:
            edit = moved_together(self.project, seams, by_frames)
        except ProjectError as error:
            self.refused.emit(str(error))
            return False
        return self.do(edit)

    def trim(self, seams: Sequence[Seam], out_by: int, in_by: int) -> bool:
        """Move the ends of seams by so many frames."""
        if len(seams) == 1:
            seam = seams[0]
            return self.move(seam.id, seam.out_frame + out_by, seam.in_frame + in_by)
        steps = [MoveSeam(seam, seam.out_frame + out_by, seam.in_frame + in_by) for seam in seams]
        return self._do_all("Trim", steps)

    def _do_all(self, verb: str, steps: Sequence[SeamEdit], name: str = "") -> bool:
        if len(steps) == 1 and not name:
            return self.do(steps[0])
        return self.do(SeamSteps(tuple(steps), name or f"{verb} {len(steps)} seams"))

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
