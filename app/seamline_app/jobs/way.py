"""Which frame to show next on the way to the one that is due."""

from __future__ import annotations

from collections.abc import Callable

from seamline.media.timebase import FrameIndex
from seamline_app.jobs.frame_source import FrameSource
from seamline_app.jobs.pace import PlayPace

READ_AHEAD_S = 0.1
# later than this, the next key frame is the quicker way to the present
TOO_LATE_S = 0.3
_CATCH_UP_FRAMES = 3

Has = Callable[[int], bool]
"""Whether a frame needs no decoding."""


def way_forward(
    pace: PlayPace,
    shown: int,
    due: tuple[int, int],
    late_s: float,
    *,
    has: Has,
    source: FrameSource,
    index: FrameIndex,
) -> int:
    """The frame to show next on the way to `due` (turn, frame): never one that keeps the picture still for long."""
    turn, frame = due
    if has(frame):
        return frame
    if turn != pace.turn:
        return next((n for n in range(frame, pace.span.first - 1, -1) if has(n)), frame)
    reach = source.frames_within(READ_AHEAD_S)
    if late_s > READ_AHEAD_S:
        reach = max(_CATCH_UP_FRAMES, reach)  # what is not shown is not scaled, which is half the work
    if frame - shown <= reach:
        return frame
    key = index.keyframe_before(frame)
    return key if key > shown and late_s > TOO_LATE_S else shown + reach


def way_back(pace: PlayPace, shown: int, due: tuple[int, int], *, has: Has) -> tuple[int, int] | None:
    """The turn and the frame nearest to `due`, on the way back to it, that needs no decoding."""
    turn, frame = due
    last = shown - 1 if turn == pace.turn else pace.span.last
    ready = next((n for n in range(frame, last + 1) if has(n)), None)
    if ready is not None:
        return turn, ready
    if turn != pace.turn:
        ready = next((n for n in range(pace.span.first, shown) if has(n)), None)
    return None if ready is None else (pace.turn, ready)
