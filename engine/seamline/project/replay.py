"""Edits applied one after the other, in time that grows with their number alone."""

from __future__ import annotations

from dataclasses import replace

from seamline.errors import ProjectError
from seamline.project.edits import Edit, SeamEdit, SeamSteps, SetFilmDetails, SetShotNotes, change_notes
from seamline.project.types import Decision, Project, Seam


class Replay:
    """The film without proposals, and what the edits that were given to it decide.

    `apply` gives the same decisions as the edits' own, which copies the project each time.
    """

    def __init__(self, base: Project) -> None:
        self._base = replace(base.without_proposals(), decisions=())
        self._decisions: dict[int, Decision] = {}
        self._numbers: dict[str, list[int]] = {}
        self._taken: dict[int, str] = {}
        self._notes = {note.frame: note for note in base.notes}
        self._count = 0
        for decision in base.decisions:
            self._append(decision)

    def apply(self, edit: Edit) -> None:
        """Raises ProjectError, changing nothing, where the edit does not fit."""
        if isinstance(edit, SetFilmDetails):
            self._base = edit.apply(self._base)
        elif isinstance(edit, SeamEdit):
            self._decide(edit.decision)
        elif isinstance(edit, SetShotNotes):
            change_notes(self._notes, edit.notes, self._base.film.frame_count)
        elif isinstance(edit, SeamSteps):
            self._decide_all(edit)
        else:
            raise ProjectError(f"A step of the kind {type(edit).__name__} cannot be done again.")

    @property
    def project(self) -> Project:
        notes = tuple(self._notes.values())
        return replace(self._base, decisions=tuple(self._decisions.values()), notes=notes)

    def _decide_all(self, edit: SeamSteps) -> None:
        numbers = {seam_id: numbers.copy() for seam_id, numbers in self._numbers.items()}
        kept = self._decisions.copy(), numbers, self._taken.copy(), self._count
        try:
            for step in edit.steps:
                self._decide(step.decision)
        except ProjectError:
            self._decisions, self._numbers, self._taken, self._count = kept
            raise

    def _decide(self, decision: Decision) -> None:
        before, after = decision.before, decision.after
        for seam in (before, after):
            if seam is not None and seam.in_frame >= self._base.film.frame_count:
                raise ProjectError(f"Frame {seam.in_frame} is not in the film.")
        if after is not None:
            own = before.id if before is not None else None
            if any(self._taken.get(frame, own) != own for frame in _frames(after)):
                raise ProjectError(f"There is a seam at frame {after.in_frame} already.")
        if before is not None and (numbers := self._numbers.get(before.id)):
            earlier = self._decisions.pop(numbers.pop(0))
            assert earlier.after is not None
            for frame in _frames(earlier.after):
                self._taken.pop(frame, None)
            decision = Decision(earlier.before, after)
        if decision.before is not None or after is not None:
            self._append(decision)

    def _append(self, decision: Decision) -> None:
        self._count += 1
        self._decisions[self._count] = decision
        if decision.after is not None:
            self._numbers.setdefault(decision.after.id, []).append(self._count)
            self._taken.update(dict.fromkeys(_frames(decision.after), decision.after.id))


def _frames(seam: Seam) -> range:
    return range(seam.out_frame, seam.in_frame)
