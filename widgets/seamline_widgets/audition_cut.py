"""Where the editor has moved a cut to, and which frames play around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from seamline.media.timebase import FrameIndex
from seamline.project.match_cuts import MatchSide
from seamline.project.match_playing import Stretch, played
from seamline_widgets.audition_pictures import Side

_BORDER_S = 1e-6
"""A clock that is read on the border of two frames is past it."""


@dataclass(frozen=True)
class AuditionCut:
    """The two sides as they are cut now, and the frames that were proposed, which R goes back to.

    `times` say when the frames of the two films are on.
    """

    outgoing: MatchSide
    incoming: MatchSide
    proposed: tuple[int, int]
    times: tuple[FrameIndex, FrameIndex]

    @property
    def frames(self) -> tuple[int, int]:
        """The last frame out, and the first frame in."""
        return self.outgoing.frame, self.incoming.frame

    @property
    def trims(self) -> tuple[int, int]:
        """How many frames later A ends and B begins than was proposed; earlier below 0."""
        return self.outgoing.frame - self.proposed[0], self.incoming.frame - self.proposed[1]

    @property
    def trims_texts(self) -> tuple[str, ...]:
        """Such as “A −3  B +2 frames”, then shorter."""
        first, second = self.trims
        if not (first or second):
            return ("As proposed", "")
        text = f"A {signed(first)}  B {signed(second)}"
        return f"{text} frames", text, f"{signed(first)} {signed(second)}"

    def side(self, side: Side) -> MatchSide:
        return self.outgoing if side is Side.OUT else self.incoming

    def at(self, out_frame: int, in_frame: int) -> AuditionCut:
        """Cut there, as far as the shots go."""
        return replace(
            self,
            outgoing=self.outgoing.cut_at(out_frame),
            incoming=self.incoming.cut_at(in_frame),
        )

    def room(self, side: Side, by: int) -> int:
        """How many frames of that side's shot are left the way `by` goes: later, or earlier below 0."""
        of = self.side(side)
        return of.end_frame - 1 - of.frame if by > 0 else of.frame - of.start_frame

    def moved(self, sides: Sequence[Side], by: int) -> AuditionCut:
        """These sides cut so many frames later (earlier below 0), all by as many, and so no further than the first of
        them has frames: two that slide together never drift apart."""
        most = min(abs(by), *(self.room(side, by) for side in sides))
        by = most if by > 0 else -most
        out, into = (self.side(side).slid(by if side in sides else 0) for side in Side)
        return replace(self, outgoing=out, incoming=into)

    def stopped_by(self, sides: Sequence[Side], by: int) -> tuple[Side, ...]:
        """Those of `sides` whose shots end before `moved` would get there; none if it does."""
        rooms = {side: self.room(side, by) for side in sides}
        least = min(rooms.values())
        return tuple(side for side in sides if rooms[side] == least) if least < abs(by) else ()

    def rolled(self, by: int) -> AuditionCut:
        """Both sides cut later (earlier below 0), as far as both shots go."""
        return self.moved(tuple(Side), by)

    def trimmed(self, side: Side, by: int) -> AuditionCut:
        """One side alone cut later (earlier below 0), as far as its shot goes."""
        return self.moved((side,), by)

    def place_since(self, before: AuditionCut) -> Place:
        """The frame to look at after it was moved from there: A's last if A alone was, else B's first."""
        is_out_alone = self.incoming.frame == before.incoming.frame
        side = Side.OUT if is_out_alone else Side.IN
        return Place(side, self.frames[side])

    @property
    def places(self) -> tuple[Place, Place]:
        """The two frames at the cut."""
        return Place(Side.OUT, self.outgoing.frame), Place(Side.IN, self.incoming.frame)

    def put_back(self) -> AuditionCut:
        return self.at(*self.proposed)

    @cached_property
    def loop(self) -> AuditionLoop:
        """A's last second, then B's first."""
        out, into = (played(self.side(side), self.times[side], is_outgoing=side is Side.OUT) for side in Side)
        return AuditionLoop.of(out, into, self.times)


@dataclass(frozen=True, slots=True)
class Place:
    """A frame of one of the sides."""

    side: Side
    frame: int


@dataclass(frozen=True, slots=True)
class AuditionLoop:
    """What plays: frames of A, then frames of B, then from the start; each for as long as its own film shows it.

    `starts_s` says when the frames of either side come on, in seconds from the loop's start, and when the last of them
    goes. `stretches_s` is where the two sides lie in their own films.
    """

    outgoing: range
    incoming: range
    starts_s: tuple[tuple[float, ...], tuple[float, ...]]
    stretches_s: tuple[tuple[float, float], tuple[float, float]]

    @classmethod
    def of(cls, out: Stretch, into: Stretch, times: tuple[FrameIndex, FrameIndex]) -> AuditionLoop:
        """One after the other."""
        before = out.end_s - out.start_s
        starts = []
        for stretch, index, begin_s in ((out, times[Side.OUT], 0), (into, times[Side.IN], before)):
            later = [index.time_of(frame) for frame in stretch.frames[1:]]
            starts.append(
                tuple(
                    float(at - stretch.start_s + begin_s) for at in (stretch.start_s, *later, stretch.end_s)
                )
            )
        spans = (float(out.start_s), float(out.end_s)), (float(into.start_s), float(into.end_s))
        return cls(out.frames, into.frames, (starts[0], starts[1]), spans)

    @property
    def parts(self) -> tuple[range, range]:
        return self.outgoing, self.incoming

    @property
    def cut_s(self) -> float:
        """How long A plays."""
        return self.starts_s[Side.OUT][-1]

    @property
    def length_s(self) -> float:
        return self.starts_s[Side.IN][-1]

    def place_at(self, time_s: float) -> Place:
        """What is on the screen so long after the start, round and round."""
        time_s = (time_s + _BORDER_S) % self.length_s
        side = Side.OUT if time_s < self.cut_s else Side.IN
        part = self.parts[side]
        at = bisect_right(self.starts_s[side], time_s) - 1
        return Place(side, part[min(max(0, at), len(part) - 1)])

    def time_of(self, place: Place) -> float:
        """When that frame comes on, in seconds; of a frame that does not play, the nearest that does."""
        part = self.parts[place.side]
        if place.side is Side.OUT and place.frame >= part.stop:
            return self.cut_s
        return self.starts_s[place.side][max(0, min(place.frame - part.start, len(part) - 1))]

    def end_of(self, place: Place) -> float:
        """When that frame goes; of a frame that does not play, the nearest that does."""
        part = self.parts[place.side]
        return self.starts_s[place.side][1 + max(0, min(place.frame - part.start, len(part) - 1))]

    def stepped(self, place: Place, by: int) -> Place:
        """So many frames on, or back below 0, round and round."""
        places = [Place(side, frame) for side in Side for frame in self.parts[side]]
        at = places.index(place) if place in places else 0
        return places[(at + by) % len(places)]


def signed(number: int) -> str:
    """Such as “+2” or “−3”."""
    return "0" if number == 0 else f"{number:+d}".replace("-", "−")
