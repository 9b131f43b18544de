"""The stretch of film that playing stays in."""

from __future__ import annotations

import math
from dataclasses import dataclass

from seamline.media.timebase import FrameIndex


@dataclass(frozen=True, slots=True)
class PlaySpan:
    """Frames `first` to `last`, both played, and the film times where they begin and end.

    While looping, film time runs on beyond the ends, and every stretch of that length is another turn:
    turn 0 has the film's own times. Backwards, turns count down.
    """

    first: int
    last: int
    start_s: float
    end_s: float
    looping: bool

    @classmethod
    def of(
        cls, index: FrameIndex, first: int | None = None, last: int | None = None, *, looping: bool = False
    ) -> PlaySpan:
        """From `first` to `last`, None for the film's ends; clamped to the film, and at least one frame."""
        end = len(index) - 1
        first = 0 if first is None else min(max(0, first), end)
        last = end if last is None else min(max(first, last), end)
        return cls(first, last, float(index.time_of(first)), float(index.time_of(last + 1)), looping)

    def __contains__(self, frame: int) -> bool:
        return self.first <= frame <= self.last

    def __len__(self) -> int:
        return self.last + 1 - self.first

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s

    def turn_at(self, film_s: float) -> int:
        """The turn that running film time is in; always 0 unless looping."""
        # a billionth: what was added up must not fall short of the turn that it stands for
        return math.floor((film_s - self.start_s) / self.length_s + 1e-9) if self.looping else 0

    def in_film_s(self, film_s: float) -> float:
        """Running film time as a time in the film."""
        return film_s - self.turn_at(film_s) * self.length_s

    def running_s(self, film_s: float, turn: int) -> float:
        """A time in the film as running film time of that turn."""
        return film_s + turn * self.length_s

    def played_frames(self, from_turn: int, from_frame: int, to_turn: int, to_frame: int) -> int:
        """How many frames lie between two places, the second one included; below 0 the other way."""
        return (to_turn - from_turn) * len(self) + to_frame - from_frame
