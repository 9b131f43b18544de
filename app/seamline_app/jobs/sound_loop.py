"""A stretch of sound, over and over without a gap."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from seamline.media.sound import SOUND_RATE, Samples
from seamline_app.jobs.sound_pieces import SoundTrack, padded, silence

# stretches up to this long are decoded once
_KEPT_S = 2.0


class SoundLoop:
    """Sound of a track from `start_s` to `end_s`, which repeats; times run on from turn to turn.

    Every turn begins on the sample nearest to its time, however long it goes on.
    """

    def __init__(self, track: SoundTrack, start_s: float, end_s: float) -> None:
        self._sought = track
        self._start = round(start_s * SOUND_RATE)
        self._start_s = start_s
        self._length = max(1.0, (end_s - start_s) * SOUND_RATE)
        self._kept: Samples | None = None
        self._keeps = end_s - start_s <= _KEPT_S
        self._turn = 0
        self._at = 0  # samples since the turn's start

    def seek(self, time_s: Fraction | float) -> None:
        """Go on reading at a running time. Raises MediaError."""
        since = (float(time_s) - self._start_s) * SOUND_RATE
        self._turn = math.floor(since / self._length + 1e-9)
        self._at = max(0, round(since - self._turn * self._length))
        self._seek_track()

    def read(self, count: int) -> Samples:
        """The next `count` samples. Raises MediaError."""
        parts: list[Samples] = []
        missing = count
        while missing > 0:
            left = self._turn_length() - self._at
            if left <= 0:
                self._turn += 1
                self._at = 0
                self._seek_track()
                continue
            part = self._samples(min(left, missing))
            parts.append(part)
            self._at += len(part)
            missing -= len(part)
        return np.concatenate(parts) if parts else silence(0)

    def _turn_length(self) -> int:
        return max(1, round((self._turn + 1) * self._length) - round(self._turn * self._length))

    def _seek_track(self) -> None:
        if not self._keeps:
            self._sought.seek((self._start + self._at) / SOUND_RATE)

    def _samples(self, count: int) -> Samples:
        if not self._keeps:
            return padded(self._sought.read(count), count)
        if self._kept is None:
            self._sought.seek(self._start / SOUND_RATE)
            longest = math.ceil(self._length) + 1
            self._kept = padded(self._sought.read(longest), longest)
        return self._kept[self._at : self._at + count]
