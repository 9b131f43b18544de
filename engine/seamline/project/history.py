"""Undo and redo: the list of edits, and how much of it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from seamline.errors import ProjectError
from seamline.project.edits import Edit
from seamline.project.replay import Replay
from seamline.project.types import Project


class History:
    """The editor's steps over a growing analysis.

    The analysed film is the base; the project is the base with the done edits applied in order, so that
    new proposals arriving between two edits disturb neither. What the first base has of match cuts stays, too: it was
    said before there were steps of it.
    """

    def __init__(self, base: Project) -> None:
        self._base = base
        self._edits: list[Edit] = []
        self._done = 0
        self._project = base

    @property
    def project(self) -> Project:
        return self._project

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All steps in order, those that were undone among them."""
        return tuple(self._edits)

    @property
    def done(self) -> int:
        """How many of the steps count."""
        return self._done

    def load(self, edits: Sequence[Edit], done: int) -> int:
        """Begin with stored steps; gives how many fit, which is where they end from now on."""
        replay = Replay(self._base)
        fitting: list[Edit] = []
        project = replay.project
        for edit in edits:
            if len(fitting) == done:
                project = replay.project
            try:
                replay.apply(edit)
            except ProjectError:
                break
            fitting.append(edit)
        self._edits, self._done = fitting, min(done, len(fitting))
        if self._done == len(fitting):
            project = replay.project
        self._project = self._base.with_decisions_of(project)
        return len(fitting)

    @property
    def undo_name(self) -> str | None:
        """The name of the step that undo takes back, None where there is none."""
        return self._edits[self._done - 1].name if self._done else None

    @property
    def redo_name(self) -> str | None:
        return self._edits[self._done].name if self._done < len(self._edits) else None

    def do(self, edit: Edit) -> Project:
        """Apply a new edit; steps that were undone are forgotten. Raises ProjectError, changing nothing."""
        project = edit.apply(self._project)
        del self._edits[self._done :]
        self._edits.append(edit)
        self._done += 1
        self._project = project
        return project

    def over(self, edit: Edit) -> tuple[tuple[Edit, ...], Project]:
        """The steps that count with that in place of the last one, and the project by them, for `put`; what leads back
        to where the last one began is no step. Raises ProjectError for an edit that does not fit."""
        if not self._done:
            raise ProjectError("There is no step to do that in place of.")
        kept = tuple(self._edits[: self._done - 1])
        before = self._replayed(len(kept))
        project = edit.apply(before)
        return (kept, before) if project == before else ((*kept, edit), project)

    def put(self, edits: Sequence[Edit], project: Project) -> Project:
        """Have these steps, which all count and make that project of the base."""
        self._edits, self._done, self._project = list(edits), len(edits), project
        return project

    def undo(self) -> Project:
        if not self._done:
            raise ProjectError("There is nothing to undo.")
        return self.go_to(self._done - 1)

    def redo(self) -> Project:
        if self._done == len(self._edits):
            raise ProjectError("There is nothing to redo.")
        return self.go_to(self._done + 1)

    def go_to(self, done: int) -> Project:
        """Have the first `done` steps count, however many are undone or done again by that."""
        if not 0 <= done <= len(self._edits):
            raise ProjectError(f"There are {len(self._edits)} steps, not {done}.")
        self._project = self._replayed(done)
        self._done = done
        return self._project

    def rebase(self, base: Project) -> Project:
        """Put the done edits on a newer state of the analysis."""
        self._base = replace(base, matches=self._base.matches)
        self._project = base.with_decisions_of(self._project)
        return self._project

    def _replayed(self, count: int) -> Project:
        # decisions do not depend on proposals: replay them on the film alone, where every edit finds room
        replay = Replay(self._base)
        for edit in self._edits[:count]:
            replay.apply(edit)
        return self._base.with_decisions_of(replay.project)
