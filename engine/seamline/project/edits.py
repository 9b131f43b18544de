"""What an editor can do to a project: each edit is pure, self-contained, and can be stored and replayed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from seamline.errors import ProjectError
from seamline.project.types import (
    LEAST_THRESHOLD,
    MOST_THRESHOLD,
    Decision,
    Origin,
    Project,
    Seam,
    SeamKind,
    Shot,
    ShotColour,
    ShotNote,
)


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
        kind = self._kind
        return f"Move {kind}" if kind is self.seam.kind else f"Change {self.seam.kind} to {kind}"

    @property
    def _kind(self) -> SeamKind:
        if self.in_frame == self.out_frame + 1:
            return SeamKind.CUT
        return SeamKind.DISSOLVE if self.seam.kind is SeamKind.CUT else self.seam.kind

    @property
    def decision(self) -> Decision:
        """Raises ProjectError where no seam can have these frames."""
        moved = Seam(self.out_frame, self.in_frame, self._kind, 1.0, Origin.USER, self.seam.id)
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


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """Makes another kind of a seam; its frames are given, since a cut has none between its shots and others have."""

    seam: Seam
    kind: SeamKind
    out_frame: int
    in_frame: int

    @property
    def name(self) -> str:
        return f"Change {self.seam.kind} to {self.kind}"

    @property
    def decision(self) -> Decision:
        """Raises ProjectError where a seam of that kind cannot have these frames."""
        after = Seam(self.out_frame, self.in_frame, self.kind, 1.0, Origin.USER, self.seam.id)
        return Decision(self.seam, after)

    def apply(self, project: Project) -> Project:
        return _decided(project, self.decision)


@dataclass(frozen=True, slots=True)
class SetThreshold:
    """How likely a seam must be to be proposed, `LEAST_THRESHOLD` to `MOST_THRESHOLD`; what is, the analysis knows."""

    threshold: float

    @property
    def name(self) -> str:
        return f"Threshold {self.threshold:.2f}"

    def apply(self, project: Project) -> Project:
        if not LEAST_THRESHOLD <= self.threshold <= MOST_THRESHOLD:
            raise ProjectError(
                f"A threshold lies between {LEAST_THRESHOLD} and {MOST_THRESHOLD}, not at {self.threshold}."
            )
        return replace(project, threshold=self.threshold)


SeamEdit = AddSeam | ChangeKind | ConfirmSeam | DeleteSeam | MoveSeam
"""The edits that come to a decision about a seam; what such a one leaves must find room among the others."""

IMPORT_NAME = "Import cut list"


@dataclass(frozen=True, slots=True)
class SeamSteps:
    """Edits of many seams, as one step. All of it is done, or nothing."""

    steps: tuple[SeamEdit, ...]
    name: str = IMPORT_NAME

    def apply(self, project: Project) -> Project:
        # one by one, each step would go through all seams; and the replay has to know this edit
        from seamline.project.replay import Replay

        replay = Replay(project)
        replay.apply(self)
        return project.with_decisions_of(replay.project)


@dataclass(frozen=True, slots=True)
class SetShotNotes:
    """Puts notes in place of those at the same frames; an empty one leaves none there."""

    notes: tuple[ShotNote, ...]
    name: str

    def apply(self, project: Project) -> Project:
        notes = {note.frame: note for note in project.notes}
        change_notes(notes, self.notes, project.film.frame_count)
        return replace(project, notes=tuple(notes.values()))


_OPENED_FRAMES = 12
"""How long a cut becomes that is made a gradual seam, where nothing says how long it was: half a second or so."""


def changed_kind(project: Project, seam: Seam, kind: SeamKind) -> ChangeKind:
    """The edit that makes `seam` one of that kind.

    A gradual seam keeps its frames, or becomes a cut in its middle. A cut opens to the frames of the gradual seam
    that it once was, else evenly to both sides as far as there is room. Raises ProjectError where there is none.
    """
    if kind is SeamKind.CUT:
        return ChangeKind(seam, kind, seam.cut_frame - 1, seam.cut_frame)
    if seam.kind is not SeamKind.CUT:
        return ChangeKind(seam, kind, seam.out_frame, seam.in_frame)
    others = [other for other in project.seams if other.id != seam.id]
    first = max((o.in_frame for o in others if o.in_frame <= seam.out_frame), default=0)
    last = min(
        (o.out_frame for o in others if o.out_frame >= seam.in_frame), default=project.film.frame_count - 1
    )
    out_frame = max(first, seam.out_frame - _OPENED_FRAMES // 2)
    in_frame = min(last, seam.in_frame + _OPENED_FRAMES // 2)
    once = next((d.before for d in project.decisions if d.after is not None and d.after.id == seam.id), None)
    if once is not None and once.kind is not SeamKind.CUT and once.overlaps(seam):
        out_frame, in_frame = max(first, once.out_frame), min(last, once.in_frame)
    if in_frame - out_frame < 2:
        raise ProjectError(
            f"There is no room for a {kind} at {project.timecode(seam.cut_frame)}: its neighbours are too near."
        )
    return ChangeKind(seam, kind, out_frame, in_frame)


def moved_together(project: Project, seams: Iterable[Seam], by_frames: int) -> SeamSteps:
    """The edit that moves these seams by as many frames. Raises ProjectError where one has no room."""
    seams = sorted(seams, reverse=by_frames > 0)  # the foremost first, so that none runs into the next
    ids = {seam.id for seam in seams}
    steps = []
    for seam in seams:
        out_frame, in_frame = seam.out_frame + by_frames, seam.in_frame + by_frames
        if out_frame < 0:
            raise ProjectError("A seam cannot be moved before the film's first frame.")
        step = MoveSeam(seam, out_frame, in_frame)
        _check_room(project, Seam(out_frame, in_frame, seam.kind), ignoring=ids)
        steps.append(step)
    return SeamSteps(tuple(steps), f"Move {len(steps)} seams")


def change_notes(notes: dict[int, ShotNote], changes: Iterable[ShotNote], frame_count: int) -> None:
    """Put `changes` into `notes`, by their frames. Raises ProjectError, changing nothing."""
    changes = tuple(changes)
    for note in changes:
        if not 0 <= note.frame < frame_count:
            raise ProjectError(f"A note cannot lie at frame {note.frame}: the film has {frame_count} frames.")
    for note in changes:
        notes.pop(note.frame, None)
        if not note.is_empty:
            notes[note.frame] = note


def note_shots(
    project: Project,
    shots: Iterable[Shot],
    *,
    name: str | None = None,
    comment: str | None = None,
    colour: ShotColour | Literal[""] | None = None,
) -> SetShotNotes:
    """The edit that gives these shots a name, a comment or a colour; None leaves what is there, "" takes it away.

    What several shots' notes said that were joined since becomes one note.
    """
    shots = tuple(shots)
    frames = sorted(note.frame for note in project.notes)
    changes: list[ShotNote] = []
    for shot in shots:
        note = project.note_of(shot)
        inside = frames[bisect_left(frames, shot.start_frame) : bisect_left(frames, shot.end_frame)]
        changes += [ShotNote(frame) for frame in inside if frame != note.frame]
        changes.append(
            ShotNote(
                note.frame,
                note.name if name is None else name,
                note.comment if comment is None else comment,
                note.colour if colour is None else colour or None,
            )
        )
    what = "Name" if name is not None else "Comment on" if comment is not None else "Colour"
    which = f"shot {shots[0].number}" if len(shots) == 1 else f"{len(shots)} shots"
    return SetShotNotes(tuple(changes), f"{what} {which}")


def _check_room(project: Project, seam: Seam, *, ignoring: Collection[str]) -> None:
    if seam.in_frame >= project.film.frame_count:
        raise ProjectError(
            f"A seam cannot lie at frame {seam.in_frame}: the film's last frame is "
            f"{project.film.frame_count - 1}."
        )
    for other in project.seams:
        if other.id not in ignoring and other.overlaps(seam):
            raise ProjectError(
                f"There is a {other.kind} at {project.timecode(other.cut_frame)} already: "
                "move or delete that one first."
            )


def _decided(project: Project, decision: Decision) -> Project:
    """`project` with the decision; one about a seam that was itself decided replaces that decision."""
    if decision.after is not None:
        ignoring = () if decision.before is None else (decision.before.id,)
        _check_room(project, decision.after, ignoring=ignoring)
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
