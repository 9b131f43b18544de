"""Edits applied one after the other, in time that grows with their number alone."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import replace

from seamline.errors import ProjectError
from seamline.project.edits import Edit, SeamEdit, SeamSteps, SetFilmDetails, SetShotNotes, SetThreshold
from seamline.project.match_edits import JudgeMatch
from seamline.project.matches import MatchBook
from seamline.project.notes import Notes
from seamline.project.types import Decision, Project, Seam, ShotNote

# what a decision changed: the number it got if anything was left to decide, the one it replaced, and the notes that it
# took along
_Change = tuple[int | None, tuple[int, Decision] | None, list[tuple[int, ShotNote | None]]]


class Replay:
    """The film without proposals, and what the edits that were given to it decide.

    `apply` gives the same decisions, notes and matches as the edits' own, which copies the project each time. A step of
    many edits costs what they cost, whatever was decided before, and a seam costs the same however long it is.
    """

    def __init__(self, base: Project) -> None:
        self._base = replace(base.without_proposals(), decisions=())
        self._decisions: dict[int, Decision] = {}
        self._numbers: dict[str, int] = {}
        # of the seams that there are by the decisions, in order: none reaches into the next
        self._taken: list[tuple[int, int, str]] = []
        self._notes = Notes(base.notes)
        self._matches = MatchBook(base.matches)
        self._count = 0
        for decision in base.decisions:
            self._append(decision)

    def apply(self, edit: Edit) -> None:
        """Raises ProjectError, changing nothing, where the edit does not fit."""
        if isinstance(edit, SetFilmDetails | SetThreshold):
            self._base = edit.apply(self._base)
        elif isinstance(edit, SeamEdit):
            self._decide(edit.decision)
        elif isinstance(edit, SetShotNotes):
            self._notes.change(edit.notes, self._base.film.frame_count)
        elif isinstance(edit, SeamSteps):
            self._decide_all(edit)
        elif isinstance(edit, JudgeMatch):
            edit.put_into(self._matches, self._base)
        else:
            raise ProjectError(f"A step of the kind {type(edit).__name__} cannot be done again.")

    @property
    def project(self) -> Project:
        decisions = tuple(self._decisions[number] for number in sorted(self._decisions))
        return replace(
            self._base, decisions=decisions, notes=self._notes.in_order, matches=self._matches.matches
        )

    def _decide_all(self, edit: SeamSteps) -> None:
        changes: list[_Change] = []
        try:
            for step in edit.steps:
                changes.append(self._decide(step.decision))  # noqa: PERF401  those before a misfit are taken back
        except ProjectError:
            for change in reversed(changes):
                self._take_back(change)
            raise

    def _decide(self, decision: Decision) -> _Change:
        before, after = decision.before, decision.after
        for seam in (before, after):
            if seam is not None and seam.in_frame >= self._base.film.frame_count:
                raise ProjectError(f"Frame {seam.in_frame} is not in the film.")
        if after is not None:
            own = None if before is None else before.id
            if self._is_taken(after, own) or (after.id != own and after.id in self._numbers):
                raise ProjectError(f"There is a seam at frame {after.in_frame} already.")
        notes = self._notes.carry(decision)
        replaced = None
        if before is not None and before.id in self._numbers:
            number = self._numbers[before.id]
            replaced = number, self._decisions[number]
            self._remove(number)
            decision = Decision(replaced[1].before, after)
        if decision.before is None and after is None:
            return None, replaced, notes
        self._append(decision)
        return self._count, replaced, notes

    def _take_back(self, change: _Change) -> None:
        number, replaced, notes = change
        if number is not None:
            self._remove(number)
        if replaced is not None:
            self._put(*replaced)
        self._notes.put_back(notes)

    def _append(self, decision: Decision) -> None:
        self._count += 1
        self._put(self._count, decision)

    def _put(self, number: int, decision: Decision) -> None:
        self._decisions[number] = decision
        if decision.after is not None:
            self._numbers[decision.after.id] = number
            insort(self._taken, _place(decision.after))

    def _remove(self, number: int) -> None:
        seam = self._decisions.pop(number).after
        if seam is not None:
            del self._numbers[seam.id]
            del self._taken[bisect_left(self._taken, _place(seam))]

    def _is_taken(self, seam: Seam, own: str | None) -> bool:
        """Whether one of the seams but that of the id `own` shares a frame with `seam`."""
        at = bisect_left(self._taken, (seam.in_frame,)) - 1
        while at >= 0 and self._taken[at][1] > seam.out_frame:
            if self._taken[at][2] != own:
                return True
            at -= 1
        return False


def _place(seam: Seam) -> tuple[int, int, str]:
    return seam.out_frame, seam.in_frame, seam.id
