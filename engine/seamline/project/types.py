"""Seams, shots, and the film with all that is known and decided about them."""

from __future__ import annotations

import math
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from operator import attrgetter

from seamline.errors import ProjectError
from seamline.media.film import Film
from seamline.media.positions import FilmClock
from seamline.media.timecode import TimecodeRate
from seamline.project.footage import ShotFootage
from seamline.project.labels import Label, Movement, Range, ShotLabels, ShotScale, only_one
from seamline.project.matches import Matches
from seamline.project.texts import MAX_COMMENT_CHARS


class SeamKind(StrEnum):
    CUT = "cut"
    DISSOLVE = "dissolve"
    FADE = "fade"
    WIPE = "wipe"


class Origin(StrEnum):
    ANALYSIS = "analysis"
    USER = "user"


@dataclass(frozen=True, slots=True, order=True)
class Seam:
    """Where one shot becomes the next.

    `out_frame` is the last frame wholly of the outgoing shot, `in_frame` the first wholly of the incoming
    one; for a cut they are neighbours, between them lie the frames of a dissolve, fade or wipe.
    `confidence` is 0 to 1. What a user made has `origin` USER, and no analysis overwrites it.
    """

    out_frame: int
    in_frame: int
    kind: SeamKind = SeamKind.CUT
    confidence: float = 1.0
    origin: Origin = Origin.ANALYSIS
    id: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.out_frame < self.in_frame:
            raise ProjectError(
                f"A seam needs 0 <= out frame < in frame, not {self.out_frame} and {self.in_frame}."
            )
        if (self.kind is SeamKind.CUT) != (self.in_frame == self.out_frame + 1):
            raise ProjectError(
                f"A {self.kind} from frame {self.out_frame} to {self.in_frame} cannot be: "
                "a cut has no frame between its shots, any other seam has at least one."
            )
        if not (math.isfinite(self.confidence) and 0 <= self.confidence <= 1):
            raise ProjectError(f"A confidence lies between 0 and 1, not at {self.confidence}.")
        if not self.id:
            # the same proposal has the same id in every run
            place = f"{self.out_frame}-{self.in_frame}"
            by_user = self.origin is Origin.USER
            object.__setattr__(self, "id", f"{uuid.uuid4().hex[:12]}-{place}" if by_user else f"a-{place}")

    @property
    def cut_frame(self) -> int:
        """Where a cut list cuts: the first frame of the new shot, or the middle of a gradual seam."""
        return (self.out_frame + self.in_frame + 1) // 2

    @property
    def is_confirmed(self) -> bool:
        """Whether a user said of a proposal that it is right, at the frames that were proposed."""
        return self.origin is Origin.USER and self.id == f"a-{self.out_frame}-{self.in_frame}"

    def overlaps(self, other: Seam) -> bool:
        """Whether both speak of the same change of shot: their spans [out_frame, in_frame) share a frame."""
        return self.out_frame < other.in_frame and other.out_frame < self.in_frame


@dataclass(frozen=True, slots=True)
class Shot:
    """Frames [start_frame, end_frame) between two seams, cut where a cut list cuts. Derived, never stored.

    `number` counts from 1. `seam` is the seam the shot begins with, None for the first shot.
    """

    number: int
    start_frame: int
    end_frame: int
    seam: Seam | None

    @property
    def length(self) -> int:
        return self.end_frame - self.start_frame

    @property
    def range(self) -> tuple[int, int]:
        return self.start_frame, self.end_frame


@dataclass(frozen=True, slots=True)
class Decision:
    """What the editor decided about one seam: `before` as it was decided about (None for a new seam),
    `after` as it shall be (None: no seam here)."""

    before: Seam | None
    after: Seam | None

    @property
    def is_correction(self) -> bool:
        """Whether it changes what was proposed; a confirmation does not."""
        before, after = self.before, self.after
        if before is None or after is None:
            return True
        return (before.out_frame, before.in_frame, before.kind) != (
            after.out_frame,
            after.in_frame,
            after.kind,
        )


BY_PLACE = attrgetter("out_frame", "in_frame")
"""The order of seams in the film; with it thousands are sorted many times as fast as by comparing them."""

USUAL_THRESHOLD = 0.5
LEAST_THRESHOLD, MOST_THRESHOLD = 0.05, 0.95


class ShotColour(StrEnum):
    """The colours that an editor can mark shots with."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    VIOLET = "violet"
    PINK = "pink"
    GREY = "grey"


_NOTE_AT_FRAME = 12
"""How far into its shot a note lies: half a second or so, so that it stays where a seam is later found some frames
further; not further in, as the end of the last shot is not known while the film is analysed."""


@dataclass(frozen=True, slots=True)
class ShotNote:
    """What the editor wrote about a shot, the one that `frame` lies in, and which labels it has by the editor's word.

    Edits that move a seam past it take it along (`Notes.carry`); where a shot is parted, it is about the part with
    `frame`.
    """

    frame: int
    name: str = ""
    comment: str = ""
    colour: ShotColour | None = None
    scale: ShotScale | None = None
    movement: Movement | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.comment or self.colour or self.scale or self.movement)


@dataclass(frozen=True)
class Project:
    """A film, what the analysis proposes, and what the editor decided. Immutable; edits give a new one.

    `analysed_frames`: how far the proposals reach. `reel` and `start_frame` replace what the file says. `threshold`:
    how likely a seam must be to be proposed, 0 to 1. `labels`: what the analysis labels ranges of frames with; only
    those count that are a shot's to the frame. `footage`: likewise, which ranges it says were taken together.
    `matches`: what the editor said of pairs of shots that would cut together.
    """

    film: Film
    proposals: tuple[Seam, ...] = ()
    decisions: tuple[Decision, ...] = ()
    analysed_frames: int = 0
    reel: str | None = None
    start_frame: int | None = None
    drop_frame: bool | None = None
    notes: tuple[ShotNote, ...] = ()
    threshold: float = USUAL_THRESHOLD
    labels: tuple[ShotLabels, ...] = ()
    footage: tuple[ShotFootage, ...] = ()
    matches: Matches = field(default_factory=Matches)

    def with_proposals(self, proposals: Iterable[Seam], analysed_frames: int) -> Project:
        """The project with a newer state of the analysis; decisions stay."""
        return replace(
            self, proposals=tuple(sorted(proposals, key=BY_PLACE)), analysed_frames=analysed_frames
        )

    def with_labels(self, labels: Iterable[ShotLabels]) -> Project:
        """The project with these labels of the analysis instead of those before; the editor's stay."""
        return replace(self, labels=tuple(labels))

    def with_footage(self, footage: Iterable[ShotFootage]) -> Project:
        """The project with this grouping of its shots instead of the one before: numbers of two are no kin."""
        return replace(self, footage=tuple(footage))

    def without_proposals(self) -> Project:
        """The film and the decisions alone."""
        return replace(self, proposals=(), analysed_frames=0, labels=(), footage=())

    def with_decisions_of(self, other: Project) -> Project:
        """This project's film and proposals with all that was decided in `other`."""
        return replace(
            self,
            decisions=other.decisions,
            reel=other.reel,
            start_frame=other.start_frame,
            drop_frame=other.drop_frame,
            notes=other.notes,
            threshold=other.threshold,
            matches=other.matches,
        )

    @cached_property
    def seams(self) -> tuple[Seam, ...]:
        """All seams in order: the proposals that no decision speaks about, and what was decided."""
        kept = self.not_decided(self.proposals)
        return tuple(sorted(kept + [d.after for d in self.decisions if d.after is not None], key=BY_PLACE))

    def not_decided(self, seams: Iterable[Seam]) -> list[Seam]:
        """Those of `seams` that no decision speaks about."""
        return [seam for seam in seams if self._decided_spans.are_clear_of(seam)]

    @cached_property
    def _decided_spans(self) -> _Spans:
        return _Spans(self.decisions)

    @cached_property
    def decisions_by_seam(self) -> Mapping[str, Decision]:
        """By the ids of the seams that were decided and are there, what was decided about each."""
        return {d.after.id: d for d in self.decisions if d.after is not None}

    @property
    def correction_count(self) -> int:
        """How many of the decisions change something."""
        return sum(decision.is_correction for decision in self.decisions)

    @cached_property
    def undecided(self) -> tuple[Seam, ...]:
        """The proposals among the seams, in order: those that no decision speaks about."""
        return tuple(seam for seam in self.seams if seam.origin is Origin.ANALYSIS)

    @cached_property
    def shots(self) -> tuple[Shot, ...]:
        """The shots between the seams; the last one ends with the film (or as far as it is analysed)."""
        starts = [0, *(seam.cut_frame for seam in self.seams)]
        ends = [*starts[1:], self.film.frame_count]
        seams = [None, *self.seams]
        return tuple(
            Shot(number, start, end, seam)
            for number, (start, end, seam) in enumerate(zip(starts, ends, seams, strict=True), 1)
        )

    @cached_property
    def notes_by_shot(self) -> Mapping[int, ShotNote]:
        """What the editor wrote, by the numbers of the shots; shots without a note are not in it.

        Where shots with notes were joined, the first name and colour count, labels that all agree about, and all
        comments as far as one note holds them.
        """
        if not self.notes:
            return {}
        starts = [shot.start_frame for shot in self.shots]
        noted: dict[int, list[ShotNote]] = {}
        for note in self.notes:
            noted.setdefault(bisect_right(starts, note.frame), []).append(note)
        return {number: joined_note(notes) for number, notes in noted.items()}

    def note_of(self, shot: Shot) -> ShotNote:
        """What the editor wrote about one of the `shots`; `NO_NOTE` where that is nothing."""
        return self.notes_by_shot.get(shot.number, NO_NOTE)

    def labels_of(self, shot: Shot) -> ShotLabels:
        """The labels of one of the `shots`: the editor's, else those of the analysis."""
        found = self._labels_by_range.get(shot.range) or ShotLabels(*shot.range)
        note = self.notes_by_shot.get(shot.number, NO_NOTE)
        if note.scale is not None:
            found = replace(found, scale=Label(note.scale, is_user=True))
        if note.movement is not None:
            found = replace(found, movement=Label(note.movement, is_user=True))
        return found

    @cached_property
    def _labels_by_range(self) -> Mapping[Range, ShotLabels]:
        return {labels.range: labels for labels in self.labels}

    def footage_of(self, shot: Shot) -> ShotFootage | None:
        """What one of the `shots` shares with others; None where nobody looked at just these frames."""
        return self._footage_by_range.get(shot.range)

    @cached_property
    def _footage_by_range(self) -> Mapping[Range, ShotFootage]:
        return {footage.range: footage for footage in self.footage}

    @cached_property
    def shots_by_setup(self) -> Mapping[int, tuple[Shot, ...]]:
        """The shots of each set-up, in order; shots that nobody looked at are in none."""
        taken: dict[int, list[Shot]] = {}
        for shot in self.shots:
            if (footage := self.footage_of(shot)) is not None:
                taken.setdefault(footage.setup, []).append(shot)
        return {setup: tuple(shots) for setup, shots in taken.items()}

    def note_frame(self, shot: Shot) -> int:
        """Where a new note about one of the `shots` lies: near its start, in the part that is analysed."""
        near = min(_NOTE_AT_FRAME, shot.length // 2, self.analysed_frames - 1 - shot.start_frame)
        return shot.start_frame + max(0, near)

    def seam(self, seam_id: str) -> Seam:
        """The seam of that id. Raises ProjectError if there is none (any more)."""
        for seam in self.seams:
            if seam.id == seam_id:
                return seam
        raise ProjectError(f"There is no seam {seam_id} (any more): select another one.")

    @property
    def timecode_rate(self) -> TimecodeRate:
        drop_frame = self.film.info.drop_frame if self.drop_frame is None else self.drop_frame
        return TimecodeRate.of(self.film.rate, drop_frame=drop_frame)

    @property
    def first_timecode_frame(self) -> int:
        """The film's start timecode as a frame count: the editor's, else the file's, else 0."""
        if self.start_frame is not None:
            return self.start_frame
        return self.film.info.start_frame or 0

    @property
    def clock(self) -> FilmClock:
        """How the film's frames are said and read as positions."""
        return FilmClock(self.film.index, self.timecode_rate, self.first_timecode_frame)

    def timecode(self, frame: int) -> str:
        """The source timecode label of `frame`; `frame_count` gives that of the end."""
        return self.timecode_rate.format(self.first_timecode_frame + self.film.index.grid_frame(frame))


NO_NOTE = ShotNote(0)
"""What is written about a shot that nothing is written about; its frame says nothing."""


def joined_note(notes: Sequence[ShotNote]) -> ShotNote:
    """One note at the first one's frame in the place of some."""
    if len(notes) == 1:
        return notes[0]
    in_order = sorted(notes, key=lambda note: note.frame)
    comment = "\n".join(note.comment for note in in_order if note.comment)
    if len(comment) > MAX_COMMENT_CHARS:
        comment = f"{comment[: MAX_COMMENT_CHARS - 1]}…"
    return ShotNote(
        in_order[0].frame,
        next((note.name for note in in_order if note.name), ""),
        comment,
        next((note.colour for note in in_order if note.colour), None),
        only_one(note.scale for note in in_order),
        only_one(note.movement for note in in_order),
    )


def not_decided(seams: Iterable[Seam], decisions: Iterable[Decision]) -> list[Seam]:
    """Those of `seams` that none of the decisions speaks about."""
    spans = _Spans(decisions)
    return [seam for seam in seams if spans.are_clear_of(seam)]


class _Spans:
    """The frames [out_frame, in_frame) of all seams that decisions speak about, as spans apart from each other."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        decided = (seam for d in decisions for seam in (d.before, d.after) if seam is not None)
        for start, end in sorted((seam.out_frame, seam.in_frame) for seam in decided):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def are_clear_of(self, seam: Seam) -> bool:
        before = bisect_left(self._starts, seam.in_frame) - 1
        return before < 0 or self._ends[before] <= seam.out_frame
