"""A synthetic sound track: each shot has its own air and its own chord, so that every cut is heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

SAMPLE_RATE = 48_000
_EDGE_S = 0.004  # short enough to sound like a cut, long enough not to click


@dataclass(frozen=True, slots=True)
class Ambience:
    """What a place sounds like: a chord, and noise between two frequencies.

    `swell_hz` is how often the noise swells (waves, wind), `pulse_hz` how often the chord is struck anew;
    0 holds it.
    """

    chord_hz: tuple[float, ...]
    noise_hz: tuple[float, float] = (200.0, 900.0)
    noise: float = 0.12
    swell_hz: float = 0.3
    pulse_hz: float = 0.0
    chord: float = 0.12


@dataclass(frozen=True, slots=True)
class Passage:
    """An ambience over frames [start_frame, end_frame), blended in and out over so many frames (0: cut)."""

    ambience: Ambience
    start_frame: int
    end_frame: int
    blend_in: int = 0
    blend_out: int = 0


def soundtrack(passages: Sequence[Passage], frame_count: int, rate: Fraction, seed: int) -> Sound:
    """float32[2, N]: the passages mixed, left and right, -1 to 1 at `SAMPLE_RATE`."""
    total = round(frame_count / rate * SAMPLE_RATE)
    mixed = np.zeros((2, total), np.float32)
    rng = np.random.default_rng(seed)
    for passage in passages:
        start, end = (
            min(total, round(frame / rate * SAMPLE_RATE))
            for frame in (passage.start_frame, passage.end_frame)
        )
        sound = _sounding(passage.ambience, end - start, rng)
        for frames, at_start in ((passage.blend_in, True), (passage.blend_out, False)):
            length = min(end - start, round(max(float(frames / rate), _EDGE_S) * SAMPLE_RATE))
            curve = np.sin(np.linspace(0, np.pi / 2, length, dtype=np.float32))
            if at_start:
                sound[:, :length] *= curve
            else:
                sound[:, end - start - length :] *= curve[::-1]
        mixed[:, start:end] += sound
    return np.clip(mixed, -0.95, 0.95)


def _sounding(ambience: Ambience, length: int, rng: np.random.Generator) -> Sound:
    time_s = np.arange(length, dtype=np.float32) / SAMPLE_RATE
    noise = np.stack([_band_noise(length, ambience.noise_hz, rng) for _ in range(2)])
    noise *= ambience.noise * (0.75 + 0.25 * np.sin(2 * np.pi * ambience.swell_hz * time_s))
    struck = np.ones_like(time_s)
    if ambience.pulse_hz > 0:
        struck = np.exp(-5 * ((time_s * ambience.pulse_hz) % 1)) * np.minimum(
            1, (time_s % (1 / ambience.pulse_hz)) * 200
        )
    chord = np.zeros((2, length), np.float32)
    for at, frequency in enumerate(ambience.chord_hz):
        for side in (0, 1):
            detuned = frequency * (1 + (side - 0.5) * 0.003)
            angle = 2 * np.pi * detuned * time_s
            chord[side] += (np.sin(angle) + 0.25 * np.sin(2 * angle)) / (1 + 0.5 * at)
    result: Sound = (noise + chord * struck * (ambience.chord / max(1, len(ambience.chord_hz)))).astype(
        np.float32
    )
    return result


def _band_noise(length: int, band_hz: tuple[float, float], rng: np.random.Generator) -> NDArray[np.float32]:
    """float32[length]: noise of root mean square 1/3 between two frequencies."""
    # a power of two long, looped: transforms of unlucky lengths are slow
    size = 1 << 17
    spectrum = np.fft.rfft(rng.standard_normal(size))
    frequency = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    low, high = band_hz
    spectrum *= 1 / (1 + (low / np.maximum(frequency, 1)) ** 4) / (1 + (frequency / high) ** 2)
    noise = np.fft.irfft(spectrum, size)
    noise /= 3 * float(np.sqrt(np.mean(noise**2)))
    return np.resize(noise, length).astype(np.float32)
