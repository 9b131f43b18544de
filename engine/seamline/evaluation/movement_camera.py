"""Paths of a camera whose movement is known, because it was made so."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from seamline.project.labels import Movement

Floats = NDArray[np.float64]

ARM = 0.3
"""What a zoom of ln 1, or a turn of a radian, moves the picture by in widths: its points' mean distance from the
middle of a picture of 16:9."""

LEAST_MOVE = 0.02
"""A move takes the picture this many widths at least, in the distance as well."""
MOST_DRIFT = 0.006
"""A camera that stands still moves by this many widths at most in all."""
PURE, MIXED = 0.33, 0.62
"""How large the second part of a move is, as a share of the first: at most, if it is one move; at least, if mixed."""
ASIDE, MIXED_ASIDE = 0.6, 0.95
"""The same for a shift beside a zoom: up to three quarters, the zoom is about a point in the middle of the picture."""
SHAKE = 0.001, 0.01
"""A hand's unrest in widths (root of the mean square), where it is all there is; twice that where it sways too."""
LOWEST_SWAY_HZ = 0.3
"""How slowly a hand sways: with the breath and the steps, below which there is a tremor."""
MOST_TREMOR = 0.0003
"""What a tripod may tremble by."""


@dataclass(frozen=True, eq=False, slots=True)
class CameraTrack:
    """How far the camera went until each frame, float64[n] each: `right` and `down` in widths of the picture,
    `nearer` the natural logarithm of how much larger things look, `turned` the picture's turn clockwise in radians.
    """

    right: Floats
    down: Floats
    nearer: Floats
    turned: Floats

    def views(self, depth: float = 1.0) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
        """complex128[n] twice: what stood at z in the first frame's picture is at turns[k] * z + shifts[k].

        z is x + iy in widths from the picture's middle. Each step is about the middle of the picture, as a camera
        turns and zooms about its axis; `depth` below 1 is further off and moves less.
        """
        moved = np.stack([self.right, self.down, self.nearer, self.turned])
        right, down, nearer, turned = np.diff(moved, axis=1, prepend=moved[:, :1])
        steps = np.exp(nearer * depth + 1j * turned)
        turns, shifts = np.cumprod(steps), np.zeros(len(steps), np.complex128)
        for frame in range(1, len(steps)):
            shifts[frame] = steps[frame] * shifts[frame - 1] - depth * complex(right[frame], down[frame])
        return turns, shifts


def drawn_track(rng: np.random.Generator, movement: Movement, seconds: float, rate: Fraction) -> CameraTrack:
    """A path of that movement: steady or eased, over all or part of the shot, by a tripod or by hand."""
    count = max(2, round(seconds * rate))
    t = np.linspace(0, 1, count)
    parts = np.zeros((4, count))  # right, down, nearer, turned, in widths as seen
    if movement is Movement.HANDHELD:
        strength = float(np.exp(rng.uniform(*np.log(SHAKE))))
        lowest_hz = _lowest_hz(rng)
        strength *= 2 if lowest_hz < 1 else 1
        parts += _shake(rng, seconds, rate, strength, lowest_hz)
        parts[:2] += rng.uniform(-1.5, 1.5, (2, 1)) * strength * t
    elif movement is Movement.STATIC:
        if rng.random() < 0.4:
            parts += _shake(rng, seconds, rate, float(rng.uniform(0, MOST_TREMOR)))
        if rng.random() < 0.4:
            parts[:2] += rng.uniform(-1, 1, (2, 1)) * MOST_DRIFT * 0.7 * t
    else:
        size = _size(rng, seconds)
        parts += size * (_mixed(rng, t) if movement is Movement.MIXED else _pure(rng, t, movement))
        if rng.random() < 0.4:
            lowest_hz = _lowest_hz(rng)
            # what a hand that shakes more does in several ways at once is its own unrest
            over = 30 if movement is Movement.MIXED else 20 if lowest_hz < 1 else 12
            most = min(size / over, 0.008)
            parts += _shake(rng, seconds, rate, most * float(rng.uniform(0.1, 1)), lowest_hz)
    parts[2:] /= ARM
    return CameraTrack(*parts)


def _size(rng: np.random.Generator, seconds: float) -> float:
    """How far in widths: small moves as often as large ones, none faster than a third of a width a second."""
    return float(np.exp(rng.uniform(np.log(LEAST_MOVE), np.log(min(0.7, 0.35 * seconds)))))


_WAYS: dict[Movement, tuple[int, int]] = {
    Movement.PAN_LEFT: (0, -1),
    Movement.PAN_RIGHT: (0, 1),
    Movement.TILT_UP: (1, -1),
    Movement.TILT_DOWN: (1, 1),
    Movement.PUSH: (2, 1),
    Movement.PULL: (2, -1),
}
_ROOM = (1.0, 0.7, 0.35, 0.3)  # no camera tilts, zooms or rolls as far as it pans


def _pure(rng: np.random.Generator, t: Floats, movement: Movement) -> Floats:
    """float64[4, n]: about 1 in the movement's way, less in another."""
    part, way = _WAYS.get(movement, (3, int(rng.choice([-1, 1]))))
    moved = np.zeros((4, len(t)))
    moved[part] = way * _eased(rng, t)
    if rng.random() < 0.4:
        other = int(rng.choice([each for each in range(4) if each != part]))
        most = ASIDE if part == 2 and other < 2 else PURE
        moved[other] += rng.uniform(-most, most) * (moved[part] * way if most == ASIDE else _eased(rng, t))
    return moved


def _mixed(rng: np.random.Generator, t: Floats) -> Floats:
    moved = np.zeros((4, len(t)))
    kind = rng.choice(["together", "in turn", "and back"])
    first, second = (int(each) for each in rng.choice(4, 2, replace=False, p=[0.35, 0.25, 0.3, 0.1]))
    ways = rng.choice([-1, 1], 2)
    if kind == "and back":
        turn = rng.uniform(0.35, 0.65)
        there = _smooth(np.clip(t / turn, 0, 1)) - _smooth(
            np.clip((t - turn) / (1 - turn), 0, 1)
        ) * rng.uniform(0.8, 1)
        moved[first] = 2 * ways[0] * there
        return moved
    share = rng.uniform(MIXED_ASIDE, 1.1) if first == 2 and second < 2 else rng.uniform(MIXED, 1)
    if kind == "together":
        moved[first], moved[second] = ways[0] * _eased(rng, t), ways[1] * share * _eased(rng, t)
    else:
        turn = rng.uniform(0.35, 0.6)
        moved[first] = ways[0] * _smooth(np.clip(t / turn, 0, 1))
        moved[second] = ways[1] * share * _smooth(np.clip((t - turn) / (1 - turn), 0, 1))
    return moved


def _eased(rng: np.random.Generator, t: Floats) -> Floats:
    """From 0 to 1: at one speed, or slow at the ends, or within a part of the time."""
    kind = rng.random()
    if kind < 0.35:
        return t
    if kind < 0.7:
        return _smooth(t)
    start, end = rng.uniform(0, 0.35), rng.uniform(0.65, 1)
    return _smooth(np.clip((t - start) / (end - start), 0, 1))


def _smooth(t: Floats) -> Floats:
    return np.asarray(t * t * (3 - 2 * t), np.float64)


def _lowest_hz(rng: np.random.Generator) -> float:
    """How slowly a hand sways: every other one trembles alone."""
    return float(np.exp(rng.uniform(np.log(LOWEST_SWAY_HZ), 0))) if rng.random() < 0.5 else 1.0


def _shake(
    rng: np.random.Generator, seconds: float, rate: Fraction, strength: float, lowest_hz: float = 1.0
) -> Floats:
    """float64[4, n]: a hand's unrest up to 8 Hz, the slower the larger, `strength` in widths in each way.

    Heights fall with the frequency, as those of a hand's tremor, of breath and of steps together do (Gavant et al.,
    A physiological camera shake model for image stabilization systems, IEEE Sensors 2011, has the measured ones).
    However slow, it swings to and fro within the shot: half a swing would be a move.
    """
    count = max(2, round(seconds * rate))
    frequencies = np.fft.rfftfreq(count, float(1 / rate))
    lowest = max(lowest_hz, 1.5 / seconds)
    heights = np.where((frequencies >= lowest) & (frequencies <= 8), 1 / np.maximum(frequencies, 0.1), 0)
    shaken = np.zeros((4, count))
    for at, share in enumerate((1.0, float(rng.uniform(0.6, 1.2)), 0.1, float(rng.uniform(0.1, 0.6)))):
        spectrum = heights * rng.normal(size=(2, len(frequencies)))
        swing = np.fft.irfft(spectrum[0] + 1j * spectrum[1], count)
        shaken[at] = swing / max(1e-12, float(swing.std())) * strength * share
    return shaken
