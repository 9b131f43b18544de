"""What is played of a match cut: a second of either shot, by the times of its own frames, and no frame of a dissolve,
fade or wipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from seamline.media.timebase import FrameIndex
from seamline.project.match_cuts import MatchPair, MatchSide
from seamline.project.own_frames import own_runs
from seamline.project.types import Project

PLAYED_S = 1
"""Of either side."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames of one film, and from when to when they are on, in seconds from the film's first frame."""

    frames: range
    start_s: Fraction
    end_s: Fraction


def playable(side: MatchSide, project: Project) -> MatchSide:
    """That side with the frames alone that may be played, slid into and exported: of its shot those next to the cut
    that lie outside of gradual seams, as the seams of `project`, the side's film, are now.

    A cut within a gradual seam, as pairs from before may have, comes to the nearest frame outside of it. A side that
    has no such frame stays as it is. The range of what is given is none that a pair is known by.
    """
    runs = own_runs(project.seams, *side.range)
    if not runs:
        return side
    start, end = min(runs, key=lambda run: max(run[0] - side.frame, side.frame - (run[1] - 1), 0))
    return replace(side, start_frame=start, end_frame=end, frame=min(max(start, side.frame), end - 1))


def playable_pair(pair: MatchPair, films: Callable[[str], Project | None]) -> MatchPair:
    """Both sides so, as far as `films` knows the projects of their fingerprints."""
    out, into = (
        side if (project := films(side.fingerprint)) is None else playable(side, project)
        for side in (pair.outgoing, pair.incoming)
    )
    return replace(pair, outgoing=out, incoming=into)


def cut_s(side: MatchSide, index: FrameIndex, *, is_outgoing: bool) -> Fraction:
    """When the cut is, in the film of that side: the end of its last frame out, the start of its first one in."""
    return index.time_of(side.frame + 1 if is_outgoing else side.frame)


def played(side: MatchSide, index: FrameIndex, *, is_outgoing: bool) -> Stretch:
    """The frames that play: as many as come nearest to a second, all of the side's range where that is shorter, and one
    at least; of one that stays for longer than a second, the second at the cut. `side`: as `playable` gives it."""
    at_s = cut_s(side, index, is_outgoing=is_outgoing)
    if is_outgoing:
        end = side.frame + 1
        first = _nearest(index, at_s - PLAYED_S, side.start_frame, side.frame)
        start_s = index.time_of(first)
        return Stretch(
            range(first, end), max(start_s, at_s - PLAYED_S) if first + 1 == end else start_s, at_s
        )
    end = _nearest(index, at_s + PLAYED_S, side.frame + 1, side.end_frame)
    end_s = index.time_of(end)
    is_one = end == side.frame + 1
    return Stretch(range(side.frame, end), at_s, min(end_s, at_s + PLAYED_S) if is_one else end_s)


def handle(side: MatchSide, index: FrameIndex, *, is_outgoing: bool) -> range:
    """The frames beyond the cut, into which it can be slid: a second of them, and one at least, as far as the side's
    range goes. `side`: as `playable` gives it."""
    at_s = cut_s(side, index, is_outgoing=is_outgoing)
    if is_outgoing:
        first, end = side.frame + 1, side.end_frame
        return range(first, _nearest(index, at_s + PLAYED_S, min(first + 1, end), end))
    start, last = side.start_frame, side.frame
    return range(_nearest(index, at_s - PLAYED_S, start, max(start, last - 1)), last)


def _nearest(index: FrameIndex, time_s: Fraction, first: int, last: int) -> int:
    """Which of the frames `first` to `last` begins next to `time_s`, the earlier one of two as near; the number behind
    the film's last frame stands for its end."""
    at = index.frame_at(time_s)
    if at < len(index) and index.time_of(at + 1) - time_s < time_s - index.time_of(at):
        at += 1
    return min(max(first, at), last)
