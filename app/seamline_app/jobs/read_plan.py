"""Which frames to read before they are wanted: those behind a paused or reversing player, those ahead in a loop."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seamline.media.timebase import FrameIndex
from seamline_app.jobs.play_span import PlaySpan

# so many pictures a second look smooth; fast play needs no more
_SMOOTH_RATE = 30.0
# of all that one decoder can do, this much is counted on: another one works beside it
_USABLE = 0.8
_PAUSED_FRAMES = 32
_AHEAD_FRAMES = 128


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """`reads` are to be read in this order; `keeps` may stay besides. Together they fit the store."""

    reads: tuple[range, ...] = ()
    keeps: tuple[range, ...] = ()

    @property
    def spans(self) -> tuple[range, ...]:
        return self.reads + self.keeps

    def reads_frame(self, frame: int) -> bool:
        return any(frame in span for span in self.reads)


def read_plan(
    index: FrameIndex,
    frame: int,
    speed: float,
    span: PlaySpan,
    *,
    room: int,
    decoded_a_s: float,
    player_follows: bool = False,
) -> ReadPlan:
    """What to read while `frame` is shown and the film plays at `speed`.

    A store of `room` frames is filled by a decoder that gives `decoded_a_s` frames a second. Frames are
    read in blocks that begin at key frames, or, where those lie too far apart for the store, in parts of
    such groups: each costs decoding from the key frame on. In a loop, `player_follows` says that the
    player's own decoder is where it can go on: then only what comes after the turn is read.
    """
    if speed > 0:
        if not span.looping:
            return ReadPlan()
        here, turned = _ahead_in_loop(frame, span, min(room, _AHEAD_FRAMES))
        return ReadPlan((turned,), (here,)) if player_follows else ReadPlan((here, turned))
    if speed == 0:
        film = PlaySpan.of(index)
        blocks = _blocks_back(index, frame, film, room * 3 // 4, 1, enough=_PAUSED_FRAMES)
        after = range(frame, min(len(index), frame + room - sum(map(len, blocks))))
        return ReadPlan(tuple(blocks), (after,))
    stride = _stride(index, frame, -speed, room // 2, decoded_a_s)
    return ReadPlan(tuple(_blocks_back(index, frame, span, room, stride)))


def _ahead_in_loop(frame: int, span: PlaySpan, room: int) -> tuple[range, range]:
    """The frames from this one on, and those after the turn; half the room is for the latter."""
    at = frame if frame in span else span.first
    here = range(at, min(span.last + 1, at + room // 2))
    return here, range(span.first, min(span.first + room - room // 2, at))


def _blocks_back(
    index: FrameIndex, frame: int, span: PlaySpan, room: int, stride: int, *, enough: int | None = None
) -> list[range]:
    """Blocks of every `stride`-th frame, from that before `frame` back, and around the beginning to the end.

    Not many more frames than `enough`.
    """
    length = max(1, room // 2) * stride
    blocks: list[range] = []
    at = (frame if frame in span else span.last + 1) - 1
    # a loop is gone round once at most
    left = len(span) if span.looping else at + 1 - span.first
    read = 0
    while left > 0 and (enough is None or read < enough):
        if at < span.first:
            at = span.last
        key, end = _group_of(index, at)
        # from the group's end: what is left over lies near the key frame, where it costs least
        first = max(span.first, key, end - ((end - at - 1) // length + 1) * length)
        block = range(first, at + 1, stride)
        if read + len(block) > room:
            break
        blocks.append(block)
        read += len(block)
        left -= at + 1 - first
        at = first - 1
    return blocks


def _stride(index: FrameIndex, frame: int, speed: float, block: int, decoded_a_s: float) -> int:
    """How many frames to go back from one shown to the next so that reading keeps up with playing."""
    played_a_s = speed * float(index.rate)
    stride = max(1, round(played_a_s / _SMOOTH_RATE))
    key, end = _group_of(index, max(0, frame - 1))
    group = end - key
    if group > block * stride:
        # on average half the group is decoded, and half the block, before a block is there, in the time
        # that the block plays: (group + block * stride) / 2 / decoded_a_s = block * stride / played_a_s
        spare = 2 * decoded_a_s * _USABLE - played_a_s
        stride = max(stride, math.ceil(group * played_a_s / (max(1, block) * max(spare, 1.0))))
    return min(stride, group)


def _group_of(index: FrameIndex, frame: int) -> tuple[int, int]:
    """The key frame before `frame`, and that after it or the film's end."""
    after = int(np.searchsorted(index.keyframes, frame, side="right"))
    end = int(index.keyframes[after]) if after < len(index.keyframes) else len(index)
    return index.keyframe_before(frame), end
