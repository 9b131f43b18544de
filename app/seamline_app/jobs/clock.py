"""Film time while a film plays."""

from __future__ import annotations

_JUMP_S = 0.12
_PULL = 0.05


class PlayClock:
    """Seconds of film for seconds of the world: runs by itself, and can be drawn towards heard sound.

    All `now_s` are of one monotonic clock. A sound device tells its place in steps of 10 to 20 ms; the
    clock smooths them, so that pictures keep an even pace.
    """

    def __init__(self) -> None:
        self._film_s = 0.0
        self._set_at_s = 0.0
        self.speed = 0.0

    def start(self, film_s: float, speed: float, now_s: float) -> None:
        """Be at `film_s` now, and go on at `speed` seconds of film a second (negative: backwards)."""
        self._film_s = film_s
        self._set_at_s = now_s
        self.speed = speed

    def film_s(self, now_s: float) -> float:
        """Film time now, in seconds from the film's first picture; not clamped to the film."""
        return self._film_s + (now_s - self._set_at_s) * self.speed

    def follow(self, heard_s: float, now_s: float) -> None:
        """Go towards `heard_s`, the film time that is heard now: gently, or at once where it is far away."""
        error_s = heard_s - self.film_s(now_s)
        self._film_s += error_s if abs(error_s) > _JUMP_S else error_s * _PULL
