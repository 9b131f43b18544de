"""What an editor can do to a project: each edit is pure, self-contained, and can be stored and replayed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from seamline.errors import ProjectError
from seamline.project.labels import Movement, ShotScale
from seamline.project.notes import Notes
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
        notes = Notes(project.notes)
        notes.change(self.notes, project.film.frame_count)
        return replace(project, notes=notes.in_order)


_OPENED_FRAMES = 12
"""How long a cut becomes that is made a gradual seam, where nothing says how long it was: half a second or so."""


def changed_kinds(project: Project, seams: Iterable[Seam], kind: SeamKind) -> SeamSteps:
    """The edit that makes these seams ones of that kind.

    A gradual seam keeps its frames, or becomes a cut in its middle. A cut opens to the frames of the gradual seam
    that it once was, else evenly to both sides as far as there is room; cuts that would open into each other share
    the frames between them. Those without room, and those that are of that kind, are left as they are; raises
    ProjectError where none is left to change.
    """
    seams = sorted(seams)
    cuts = {seam.id for seam in seams if seam.kind is SeamKind.CUT}
    steps: list[SeamEdit] = []
    narrow: Seam | None = None
    taken = 0
    for seam in seams:
        if seam.kind is kind:
            continue
        if kind is SeamKind.CUT:
            steps.append(ChangeKind(seam, kind, seam.cut_frame - 1, seam.cut_frame))
            continue
        if seam.kind is not SeamKind.CUT:
            steps.append(ChangeKind(seam, kind, seam.out_frame, seam.in_frame))
            continue
        out_frame, in_frame = _opened(project, seam, taken, cuts)
        if in_frame - out_frame < 2:
            narrow = narrow or seam
        else:
            taken = in_frame
            steps.append(ChangeKind(seam, kind, out_frame, in_frame))
    if not steps:
        raise ProjectError(
            f"There is no room for a {kind} at {project.timecode(narrow.cut_frame)}: its neighbours are too near."
            if narrow is not None
            else f"There is nothing to change: every one of these seams is a {kind}."
        )
    return SeamSteps(tuple(steps), f"Change {len(steps)} seams to {kind}")


def _opened(project: Project, cut: Seam, taken: int, opening: Collection[str]) -> tuple[int, int]:
    """The frames that a cut opens to, not before `taken`, where those of the ids in `opening` open too."""
    seams = project.seams
    earlier = bisect_right(seams, cut.out_frame, key=lambda seam: seam.in_frame)
    later = bisect_left(seams, cut.in_frame, key=lambda seam: seam.out_frame)
    first = max(taken, seams[earlier - 1].in_frame if earlier else 0)
    last = project.film.frame_count - 1
    wanted_out, wanted_in = _wanted(project, cut)
    out_frame = max(first, wanted_out)
    if later < len(seams):
        last = seams[later].out_frame
        next_out = _wanted(project, seams[later])[0]
        if seams[later].id in opening and next_out < wanted_in:
            # in the middle of what both want; of two frames or more each has one, a single one is for who needs it
            room = last - cut.in_frame
            least = min(room, 1 if room > 1 or out_frame == cut.out_frame else 0)
            most = room - 1 if room > 1 else least
            last = cut.in_frame + min(max(least, (next_out + wanted_in) // 2 - cut.in_frame), most)
    in_frame = min(last, wanted_in)
    even = min(cut.out_frame - out_frame, in_frame - cut.in_frame)
    if even == 0 or (wanted_out, wanted_in) != _evenly(cut, _OPENED_FRAMES // 2):
        return out_frame, in_frame
    # as far to either side: made a cut again, it lies where it lay
    return _evenly(cut, even)


def _evenly(cut: Seam, frames: int) -> tuple[int, int]:
    return cut.out_frame - frames, cut.in_frame + frames


def _wanted(project: Project, cut: Seam) -> tuple[int, int]:
    """The frames that a cut opens to where there is room for all of them."""
    decision = project.decisions_by_seam.get(cut.id)
    once = None if decision is None else decision.before
    if once is not None and once.kind is not SeamKind.CUT and once.overlaps(cut):
        return once.out_frame, once.in_frame
    return _evenly(cut, _OPENED_FRAMES // 2)


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


def note_shots(
    project: Project,
    shots: Iterable[Shot],
    *,
    name: str | None = None,
    comment: str | None = None,
    colour: ShotColour | Literal[""] | None = None,
    scale: ShotScale | Literal[""] | None = None,
    movement: Movement | Literal[""] | None = None,
) -> SetShotNotes:
    """The edit that gives these shots a name, a comment, a colour or labels; None leaves what is there, "" takes it
    away, and so leaves a label to the analysis.

    What several shots' notes said that were joined since becomes one note.
    """
    shots = tuple(shots)
    frames = sorted(note.frame for note in project.notes)
    changes: list[ShotNote] = []
    for shot in shots:
        note = project.note_of(shot)
        inside = frames[bisect_left(frames, shot.start_frame) : bisect_left(frames, shot.end_frame)]
        changes += [ShotNote(frame) for frame in inside[1:]]
        changes.append(
            ShotNote(
                inside[0] if inside else project.note_frame(shot),
                note.name if name is None else name,
                note.comment if comment is None else comment,
                note.colour if colour is None else colour or None,
                note.scale if scale is None else scale or None,
                note.movement if movement is None else movement or None,
            )
        )
    changed = (
        ("Name", name),
        ("Comment on", comment),
        ("Colour", colour),
        ("Scale of", scale),
        ("Movement of", movement),
    )
    what = next((word for word, value in changed if value is not None), "Note on")
    if scale is not None and movement is not None:
        what = "Labels of"
    which = f"shot {shots[0].number}" if len(shots) == 1 else f"{len(shots)} shots"
    return SetShotNotes(tuple(changes), f"{what} {which}")


def _check_room(project: Project, seam: Seam, *, ignoring: Collection[str]) -> None:
    if seam.in_frame >= project.film.frame_count:
        raise ProjectError(
            f"A seam cannot lie at frame {seam.in_frame}: the film's last frame is "
            f"{project.film.frame_count - 1}."
        )
    seams = project.seams
    for at in range(bisect_right(seams, seam.out_frame, key=lambda other: other.in_frame), len(seams)):
        other = seams[at]
        if other.out_frame >= seam.in_frame:
            return
        if other.id not in ignoring:
            raise ProjectError(
                f"There is a {other.kind} at {project.timecode(other.cut_frame)} already: "
                "move or delete that one first."
            )


def _decided(project: Project, decision: Decision) -> Project:
    """`project` with the decision; one about a seam that was itself decided replaces that decision."""
    before, after = decision.before, decision.after
    own = None if before is None else before.id
    if after is not None:
        _check_room(project, after, ignoring=() if own is None else (own,))
        if after.id != own and after.id in project.decisions_by_seam:
            raise ProjectError("This seam is there already, at other frames: move that one.")
    notes = project.notes
    if notes:
        changed_notes = Notes(notes)
        changed_notes.carry(decision)
        notes = changed_notes.in_order
    earlier = None if own is None else project.decisions_by_seam.get(own)
    decisions = [other for other in project.decisions if other is not earlier]
    if earlier is not None:
        decision = Decision(earlier.before, after)
    if decision.before is not None or after is not None:
        decisions.append(decision)
    return replace(project, decisions=tuple(decisions), notes=notes)
