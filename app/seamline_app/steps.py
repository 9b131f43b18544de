"""The list of steps beside the picture: shows the document's, and goes to the one that is chosen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from PySide6.QtCore import QObject

from seamline.project.edits import ChangeKind, Edit, MoveSeam, SeamEdit, SeamSteps, SetShotNotes
from seamline.project.match_edits import JudgeMatch
from seamline.project.types import Project
from seamline_app.document import Document
from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.shot_labels import LABEL_KINDS
from seamline_widgets.step_list import StepList


class Steps(QObject):
    """Fills the list while it can be seen: an edit of hours of work has thousands of rows."""

    def __init__(
        self, steps: StepList, document: Callable[[], Document | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._list = steps
        self._shown: tuple[object, ...] = ()
        self._document = document
        steps.step_chosen.connect(self._go_to)

    def show(self) -> None:
        """Show the newest state."""
        document = self._document()
        if document is None:
            self._shown = ()
            self._list.set_steps((), 0)
        elif self._list.isVisible():
            edits, done = document.steps
            project = document.project
            shown = edits, done, project.first_timecode_frame, project.timecode_rate, project.seams
            if shown == self._shown:
                return
            self._shown = shown
            self._list.set_steps([(_text(edit), _place(edit, project)) for edit in edits], done)

    def _go_to(self, done: int) -> None:
        document = self._document()
        if document is not None:
            document.go_to_step(done)
            self.show()


def _text(edit: Edit) -> str:
    """What was done; of labels, which one was given: “Scale of shot 3: Close shot”."""
    kind = next((kind for kind in LABEL_KINDS if edit.name.startswith(f"{kind.capitalize()} of ")), None)
    if kind is None or not isinstance(edit, SetShotNotes) or ":" in edit.name:
        return edit.name
    given = {value for note in edit.notes if (value := getattr(note, kind)) is not None}
    if not given:
        return f"{edit.name}: as the analysis has it"
    return f"{edit.name}: {LABEL_LOOKS[kind][given.pop()].name}" if len(given) == 1 else edit.name


def _start_of_shot(project: Project, frame: int) -> int:
    """Where the shot begins that `frame` lies in."""
    at = bisect_right(project.shots, frame, key=lambda shot: shot.start_frame) - 1
    return project.shots[at].start_frame


def _place(edit: Edit, project: Project) -> str:
    """Where the step was made, as a timecode; empty where it was in many places or in none."""
    match edit:
        case MoveSeam() | ChangeKind():
            frame = (edit.out_frame + edit.in_frame + 1) // 2
        case SeamSteps():
            return _place(edit.steps[0], project) if len(edit.steps) == 1 else ""
        case SetShotNotes():
            if len(edit.notes) != 1:
                return ""
            # the note lies somewhere in the shot: what is known to the editor is where that begins
            frame = _start_of_shot(project, edit.notes[0].frame)
        case JudgeMatch():
            own = project.film.fingerprint
            pair = edit.judged_in(project).pair
            frame = pair.outgoing.frame if pair.outgoing.fingerprint == own else pair.incoming.frame
        case _:
            if not isinstance(edit, SeamEdit):
                return ""
            frame = edit.seam.cut_frame
    return project.timecode(frame)
