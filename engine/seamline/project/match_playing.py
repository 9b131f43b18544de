"""What is played of a match cut: a second of either shot, by the times of its own frames."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from seamline.media.timebase import FrameIndex
from seamline.project.match_cuts import MatchSide

PLAYED_S = 1
"""Of either side."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames of one film, and from when to when they are on, in seconds from the film's first frame."""

    frames: range
    start_s: Fraction
    end_s: Fraction


def cut_s(side: MatchSide, index: FrameIndex, *, is_outgoing: bool) -> Fraction:
    """When the cut is, in the film of that side: the end of its last frame out, the start of its first one in."""
    return index.time_of(side.frame + 1 if is_outgoing else side.frame)


def played(side: MatchSide, index: FrameIndex, *, is_outgoing: bool) -> Stretch:
    """The frames that play: as many as come nearest to a second, all of the shot where that is shorter, and one at
    least; of one that stays for longer than a second, the second at the cut."""
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
    """The frames beyond the cut, into which it can be slid: a second of them, and one at least, as far as the shot
    goes."""
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
