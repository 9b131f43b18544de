"""Which frame is due while a film plays, and how late the picture is."""

from __future__ import annotations

from seamline.media.timebase import FrameIndex
from seamline_app.jobs.clock import PlayClock
from seamline_app.jobs.play_span import PlaySpan

# past a frame's start by so much, it has begun
_JUST_S = 1e-6


class PlayPace:
    """Film time while playing, and the frames that belong to it; `turn` is that of the frame shown, in a loop.

    All `now_s` are of one monotonic clock. Backwards, a frame comes to the screen at its end.
    """

    def __init__(self, index: FrameIndex) -> None:
        self._index = index
        self.clock = PlayClock()
        self.span = PlaySpan.of(index)
        self.speed = 0.0
        self.turn = 0

    def start(self, frame: int, speed: float, span: PlaySpan, now_s: float) -> None:
        """Play on from `frame`, which has just come to the screen."""
        self.speed, self.span, self.turn = speed, span, 0
        self.slip_to(frame, now_s)

    def slip_to(self, frame: int, now_s: float) -> None:
        """Be as if `frame`, of the turn shown, had just come to the screen."""
        at = frame if self.speed > 0 else frame + 1
        film_s = float(self._index.time_of(at))
        self.clock.start(self.span.running_s(film_s, self.turn), self.speed, now_s)

    def hold(self, frame: int, now_s: float) -> None:
        """Be as if the frame after `frame` were due just now."""
        sign = 1 if self.speed > 0 else -1
        self.clock.start(self._next_s(frame) + sign * _JUST_S, self.speed, now_s)

    def due(self, shown: int, now_s: float) -> tuple[int, int] | None:
        """The turn and the frame due now; None while `shown` is still the right one."""
        film_s = self.clock.film_s(now_s)
        turn = self.span.turn_at(film_s)
        frame = self._index.frame_at(self.span.in_film_s(film_s))
        frame = min(max(self.span.first, frame), self.span.last)
        here, there = (self.turn, shown), (turn, frame)
        return there if (there > here if self.speed > 0 else there < here) else None

    def is_over(self, shown: int, now_s: float) -> bool:
        """Whether `shown` is the last frame on this way, and its time is up."""
        if self.span.looping:
            return False
        film_s = self.clock.film_s(now_s)
        if self.speed > 0:
            return shown >= self.span.last and film_s >= self.span.end_s
        return shown <= self.span.first and film_s <= self.span.start_s

    def late_s(self, shown: int, now_s: float) -> float:
        """Seconds of the world since the frame after `shown` was due; below 0 while it is not."""
        return (self.clock.film_s(now_s) - self._next_s(shown)) / self.speed

    def _next_s(self, shown: int) -> float:
        """The running film time when the frame after `shown` is due."""
        return self.span.running_s(
            float(self._index.time_of(shown + 1 if self.speed > 0 else shown)), self.turn
        )
