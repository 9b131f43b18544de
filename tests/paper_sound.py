"""A sound device of paper: it keeps what it is given."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from seamline.media.sound import SOUND_RATE, Samples


class PaperSink:
    """A sound device that keeps what it is given, and takes it at `pace` times real time once it is awake."""

    def __init__(self, pace: float, wakes_after_s: float, fails: bool) -> None:
        self.written: list[Samples] = []
        self.volumes: list[float] = []
        self.stopped = False
        self.failed = fails
        self._pace = pace
        self._awake_at_s = time.monotonic() + wakes_after_s

    @property
    def samples(self) -> Samples:
        return np.concatenate(self.written)

    def free(self) -> int:
        return self.played() + SOUND_RATE // 5 - sum(map(len, self.written))

    def write(self, samples: Samples) -> None:
        self.written.append(samples)

    def played(self) -> int:
        awake_s = max(0.0, time.monotonic() - self._awake_at_s)
        return min(sum(map(len, self.written)), int(awake_s * self._pace * SOUND_RATE))

    def set_volume(self, volume_01: float) -> None:
        self.volumes.append(volume_01)

    def stop(self) -> None:
        self.stopped = True


class PaperDevice:
    """Finds a new PaperSink whenever sound starts; `sinks` are those so far."""

    def __init__(self) -> None:
        self.sinks: list[PaperSink] = []
        self.pace = 1.0
        self.wakes_after_s = 0.0
        self.fails = False

    def find(self) -> Callable[[], PaperSink]:
        return self._start

    def _start(self) -> PaperSink:
        self.sinks.append(PaperSink(self.pace, self.wakes_after_s, self.fails))
        return self.sinks[-1]
