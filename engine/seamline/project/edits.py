"""What an editor can do to a project: each edit is pure, self-contained, and can be stored and replayed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from seamline.errors import ProjectError
from seamline.project.types import Decision, Origin, Project, Seam, SeamKind


class Edit(Protocol):
    """A named step of the history."""

    @property
    def name(self) -> str:
        """What the undo menu says, such as “Add cut”."""

    def apply(self, project: Project) -> Project:
        """The project after the edit. Raises ProjectError where the edit does not fit it."""


@dataclass(frozen=True, slots=True)
class AddSeam:
    seam: Seam

    @property
    def name(self) -> str:
        return f"Add {self.seam.kind}"

    @property
    def decision(self) -> Decision:
        return Decision(None, replace(self.seam, origin=Origin.USER))

    def apply(self, project: Project) -> Project:
        return _decided(project, self.decision)


@dataclass(frozen=True, slots=True)
class DeleteSeam:
    """Carries the seam as it was, so that the decision holds although a later analysis finds it elsewhere."""

    seam: Seam

    @property
    def name(self) -> str:
        return f"Delete {self.seam.kind}"

    @property
    def decision(self) -> Decision:
        return Decision(self.seam, None)

    def apply(self, project: Project) -> Project:
        return _decided(project, self.decision)


@dataclass(frozen=True, slots=True)
class ConfirmSeam:
    """Says that a proposal is right as it is: it stays, whatever a later analysis thinks of it."""

    seam: Seam

    @property
    def name(self) -> str:
        return f"Confirm {self.seam.kind}"

    @property
    def decision(self) -> Decision:
        return Decision(self.seam, replace(self.seam, confidence=1.0, origin=Origin.USER))

    def apply(self, project: Project) -> Project:
        return _decided(project, self.decision)


@dataclass(frozen=True, slots=True)
class MoveSeam:
    """Gives a seam other frames; a cut stays a cut, a gradual seam pulled together becomes one."""

    seam: Seam
    out_frame: int
    in_frame: int

    @property
    def name(self) -> str:
        return f"Move {self.seam.kind}"

    @property
    def decision(self) -> Decision:
        """Raises ProjectError where no seam can have these frames."""
        is_cut = self.in_frame == self.out_frame + 1
        if is_cut:
            kind = SeamKind.CUT
        else:
            kind = SeamKind.DISSOLVE if self.seam.kind is SeamKind.CUT else self.seam.kind
        moved = Seam(self.out_frame, self.in_frame, kind, 1.0, Origin.USER, self.seam.id)
        return Decision(self.seam, moved)

    def apply(self, project: Project) -> Project:
        return _decided(project, self.decision)


@dataclass(frozen=True, slots=True)
class SetFilmDetails:
    """The reel name and start timecode (a frame count) that cut lists carry; None leaves what the file says."""

    reel: str | None
    start_frame: int | None
    drop_frame: bool | None = None

    @property
    def name(self) -> str:
        return "Change film details"

    def apply(self, project: Project) -> Project:
        return replace(project, reel=self.reel, start_frame=self.start_frame, drop_frame=self.drop_frame)


SeamEdit = AddSeam | ConfirmSeam | DeleteSeam | MoveSeam
"""The edits that come to a decision about a seam; what such a one leaves must find room among the others."""


@dataclass(frozen=True, slots=True)
class ImportSeams:
    """What a cut list says about many seams, as one step. All of it is done, or nothing."""

    steps: tuple[SeamEdit, ...]

    @property
    def name(self) -> str:
        return "Import cut list"

    def apply(self, project: Project) -> Project:
        # one by one, each step would go through all seams; and the replay has to know this edit
        from seamline.project.replay import Replay

        replay = Replay(project)
        replay.apply(self)
        return project.with_decisions_of(replay.project)


def _check_room(project: Project, seam: Seam, *, ignoring: Seam | None) -> None:
    if seam.in_frame >= project.film.frame_count:
        raise ProjectError(
            f"A seam cannot lie at frame {seam.in_frame}: the film's last frame is "
            f"{project.film.frame_count - 1}."
        )
    for other in project.seams:
        if (ignoring is None or other.id != ignoring.id) and other.overlaps(seam):
            raise ProjectError(
                f"There is a {other.kind} at {project.timecode(other.cut_frame)} already: "
                "move or delete that one first."
            )


def _decided(project: Project, decision: Decision) -> Project:
    """`project` with the decision; one about a seam that was itself decided replaces that decision."""
    if decision.after is not None:
        _check_room(project, decision.after, ignoring=decision.before)
    decisions = list(project.decisions)
    if decision.before is not None:
        for at, earlier in enumerate(decisions):
            if earlier.after is not None and earlier.after.id == decision.before.id:
                del decisions[at]
                decision = Decision(earlier.before, decision.after)
                break
    if decision.before is not None or decision.after is not None:
        decisions.append(decision)
    return replace(project, decisions=tuple(decisions))
