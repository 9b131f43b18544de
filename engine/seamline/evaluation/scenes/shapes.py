"""Points for drawn shapes: curves, arcs, ridges. One unit is the height of the picture, y points down."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Points = Sequence[tuple[float, float]] | FloatArray


def smooth(points: Points, *, closed: bool = True, steps: int = 10) -> FloatArray:
    """float64[N, 2]: a Catmull-Rom curve through `points`, `steps` points from one to the next."""
    given = np.asarray(points, dtype=np.float64)
    if closed:
        padded = np.vstack([given[-1:], given, given[:2]])
    else:
        padded = np.vstack([given[:1], given, given[-1:]])
    p0, p1, p2, p3 = (padded[at : len(padded) - 3 + at, None, :] for at in range(4))
    t = np.arange(steps)[None, :, None] / steps
    curve = 0.5 * (
        2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    flat: FloatArray = curve.reshape(-1, 2)
    return flat if closed else np.vstack([flat, given[-1:]])


def arc(
    x: float, y: float, radius: float, start_deg: float, end_deg: float, *, squash: float = 1
) -> FloatArray:
    """float64[N, 2]: points on a circle, clockwise from 3 o'clock; `squash` scales it vertically."""
    angles = np.radians(np.linspace(start_deg, end_deg, max(4, int(abs(end_deg - start_deg) / 4))))
    return np.stack([x + radius * np.cos(angles), y + radius * squash * np.sin(angles)], axis=1)


def box(left: float, top: float, right: float, bottom: float, *, radius: float = 0) -> FloatArray:
    """float64[N, 2]: a rectangle, with rounded corners where `radius` > 0."""
    if radius <= 0:
        return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)
    corners = [
        (right - radius, top + radius, -90),
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
        (left + radius, top + radius, 180),
    ]
    return np.vstack([arc(x, y, radius, start, start + 90) for x, y, start in corners])


def ridge(
    rng: np.random.Generator,
    left: float,
    right: float,
    *,
    height: float,
    spread: float,
    waves: float = 2,
    octaves: int = 5,
    roughness: float = 0.5,
) -> FloatArray:
    """float64[N, 2]: a skyline from left to right about y = `height`, up to `spread` off it.

    `waves` hills fit on one unit; each octave doubles them and scales them by `roughness`.
    """
    x = np.linspace(left, right, int((right - left) * 240) + 2)
    y = np.zeros_like(x)
    for octave in range(octaves):
        at = (x - left) * waves * 2**octave
        nodes = rng.uniform(-1, 1, int(at[-1]) + 3)
        low = at.astype(int)
        blend = 0.5 - 0.5 * np.cos(math.pi * (at - low))
        y += roughness**octave * (nodes[low] * (1 - blend) + nodes[low + 1] * blend)
    y *= spread / max(1e-9, float(np.abs(y).max()))
    return np.stack([x, height + y], axis=1)


def moved(points: Points, x: float, y: float) -> FloatArray:
    """float64[N, 2]: the points, shifted."""
    shifted: FloatArray = np.asarray(points, dtype=np.float64) + np.array([x, y])
    return shifted


def down_to(skyline: Points, bottom: float) -> FloatArray:
    """float64[N + 2, 2]: the ground below a skyline, as a closed shape."""
    line = np.asarray(skyline, dtype=np.float64)
    return np.vstack([line, [(line[-1, 0], bottom), (line[0, 0], bottom)]])


def ease(share: float) -> float:
    """0 to 1 for 0 to 1, slow at both ends."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)
