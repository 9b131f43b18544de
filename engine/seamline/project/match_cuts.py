"""Pairs of shots that would cut together, and what the editor thinks of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from seamline.errors import ProjectError

PairKey = tuple[str, int, int, str, int, int]


class MatchKind(StrEnum):
    """What carries the eye over the cut: where things are in the frame, or how they move."""

    FRAME = "frame"
    MOTION = "motion"


class Verdict(StrEnum):
    """What the editor said of a pair; OPEN: nothing yet."""

    OPEN = "open"
    KEPT = "kept"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class MatchSide:
    """One shot of a pair: frames [start_frame, end_frame) of the film of that fingerprint.

    `frame` is the last one that is shown of an outgoing shot, the first one of an incoming shot; what lies between it
    and the shot's end (or start) is its handle.
    """

    fingerprint: str
    start_frame: int
    end_frame: int
    frame: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_frame <= self.frame < self.end_frame:
            raise ProjectError(
                f"A side of a match needs 0 <= start <= frame < end, not {self.start_frame}, {self.frame} and "
                f"{self.end_frame}."
            )

    @property
    def range(self) -> tuple[int, int]:
        return self.start_frame, self.end_frame

    def slid(self, frames: int) -> MatchSide:
        """With the cut that many frames later (earlier below 0), as far as the shot goes."""
        return self.cut_at(self.frame + frames)

    def cut_at(self, frame: int) -> MatchSide:
        """Cut there, as far as the shot goes."""
        return replace(self, frame=min(max(frame, self.start_frame), self.end_frame - 1))


@dataclass(frozen=True, slots=True)
class MatchPair:
    """The last frames of `outgoing` against the first ones of `incoming`.

    `score_01`: how likely somebody would call it a match cut, as calibrated on planted ones; `frame_01` and `motion_01`
    likewise by composition or motion alone, `siamese_01` what the siamese network says. `reason` is a sentence without
    its full stop.
    """

    outgoing: MatchSide
    incoming: MatchSide
    kind: MatchKind
    score_01: float
    frame_01: float
    motion_01: float
    siamese_01: float
    reason: str = ""

    def __post_init__(self) -> None:
        scores = self.score_01, self.frame_01, self.motion_01, self.siamese_01
        if not all(math.isfinite(score) and 0 <= score <= 1 for score in scores):
            raise ProjectError(f"The scores of a match lie between 0 and 1, not at {scores}.")

    @property
    def key(self) -> PairKey:
        """The same for the same two shots, wherever they are cut."""
        return (
            self.outgoing.fingerprint,
            *self.outgoing.range,
            self.incoming.fingerprint,
            *self.incoming.range,
        )

    @property
    def fingerprints(self) -> tuple[str, str]:
        """Of the films of its two shots."""
        return self.outgoing.fingerprint, self.incoming.fingerprint

    @property
    def frames(self) -> tuple[int, int]:
        """Where it is cut: the last frame out, and the first one in."""
        return self.outgoing.frame, self.incoming.frame

    def cut_at(self, out_frame: int, in_frame: int) -> MatchPair:
        """Cut there, as far as the shots go."""
        return replace(
            self, outgoing=self.outgoing.cut_at(out_frame), incoming=self.incoming.cut_at(in_frame)
        )

    def is_within(self, fingerprint: str, frame_count: int) -> bool:
        """Whether the film of that fingerprint, where it is one of the two, has the frames."""
        return all(
            side.end_frame <= frame_count
            for side in (self.outgoing, self.incoming)
            if side.fingerprint == fingerprint
        )


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A pair with what the editor said and wrote of it, cut where the editor left the cut.

    `is_slid`: that is elsewhere than it was proposed.
    """

    pair: MatchPair
    verdict: Verdict = Verdict.OPEN
    note: str = ""
    is_slid: bool = False

    @property
    def is_judged(self) -> bool:
        """Whether anything is said or written of it."""
        return self.verdict is not Verdict.OPEN or bool(self.note)

    @property
    def says_nothing(self) -> bool:
        """Whether it is as it was found."""
        return not (self.is_judged or self.is_slid)

    def renamed(self, old: str, new: str) -> JudgedPair:
        """With the fingerprint `new` for the film of the fingerprint `old`."""
        out, into = (
            replace(side, fingerprint=new) if side.fingerprint == old else side
            for side in (self.pair.outgoing, self.pair.incoming)
        )
        return replace(self, pair=replace(self.pair, outgoing=out, incoming=into))
