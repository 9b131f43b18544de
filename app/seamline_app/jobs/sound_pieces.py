"""Pieces of sound in memory, and what is made of them before they are heard."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

import numpy as np

from seamline.media.sound import SOUND_CHANNELS, SOUND_RATE, Samples

FADE_SAMPLES = SOUND_RATE * 5 // 1000
"""A rise from silence, or a fall to it: too short to be heard, long enough not to click."""


class SoundTrack(Protocol):
    """Sound that is read on from where it was last sought to."""

    def seek(self, time_s: Fraction | float) -> None:
        """Go on reading at that time. Raises MediaError."""

    def read(self, count: int) -> Samples:
        """The next `count` samples; fewer, down to none, at the end. Raises MediaError."""


class HeldTrack:
    """Samples in memory as a track, the first of them at time 0."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._at = 0

    def seek(self, time_s: Fraction | float) -> None:
        self._at = max(0, round(time_s * SOUND_RATE))

    def read(self, count: int) -> Samples:
        part = self._samples[self._at : self._at + count]
        self._at += len(part)
        return part


def silence(count: int) -> Samples:
    return np.zeros((count, SOUND_CHANNELS), np.int16)


def padded(samples: Samples, count: int) -> Samples:
    """As many as asked for: where the track has ended, silence."""
    return samples if len(samples) == count else np.concatenate([samples, silence(count - len(samples))])


def faded(samples: Samples) -> Samples:
    """The samples, rising from silence and falling to it within 5 ms, against clicks."""
    count = min(FADE_SAMPLES, len(samples) // 2)
    if not count:
        return samples
    rise = _rise(count)
    done = samples.copy()
    done[:count] = _rounded(samples[:count] * rise)
    done[len(samples) - count :] = _rounded(samples[len(samples) - count :] * rise[::-1])
    return done


def blended(before: Samples, after: Samples) -> Samples:
    """From one to the other, both as long."""
    rise = _rise(len(after))
    return _rounded(before * (1 - rise) + after * rise)


def _rise(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.linspace(0, 1, count, dtype=np.float32)[:, None]


def _rounded(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Samples:
    return np.asarray(samples, np.float32).round().astype(np.int16)
