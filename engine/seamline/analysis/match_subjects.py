"""The one thing that stands out in a picture, if it is one: where it is and how large, whatever it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_tables import GRID, Array

_STRONG = 0.5
"""Of the strongest: cells below that belong to what is about it."""
_ONE_THING, _MANY_THINGS = 0.55, 0.95
"""How far the strong cells are spread against those of a picture that is all of one strength."""
_CLEAR = 0.5
"""Of a mass: what stands out less is less sure."""
_PLACE_REACH, _SIZE_REACH = 0.1, 0.35

Floats = NDArray[np.float64]


def subjects_of(mass: Array) -> Array:
    """float32[n, 5] of maps of masses, float32[n, 144]: the centre across and down as shares of the sides, the spread
    (standard deviation) across and down likewise, and how sure it is one thing, 0 to 1."""
    x, y = cells()
    weights = np.maximum(mass.astype(np.float64) - _STRONG * mass.max(axis=1, keepdims=True, initial=0), 0)
    total = np.maximum(weights.sum(axis=1), 1e-9)
    centre_x, centre_y = (weights @ x) / total, (weights @ y) / total
    spread_x = np.sqrt(np.maximum((weights @ x**2) / total - centre_x**2, 1e-4))
    spread_y = np.sqrt(np.maximum((weights @ y**2) / total - centre_y**2, 1e-4))
    even = 1 / np.sqrt(12)  # of a picture that is all of one strength
    wide = np.sqrt((spread_x**2 + spread_y**2) / 2) / even
    sure = np.clip((_MANY_THINGS - wide) / (_MANY_THINGS - _ONE_THING), 0, 1)
    sure *= np.clip(mass.max(axis=1, initial=0) / _CLEAR, 0, 1)
    return np.stack([centre_x, centre_y, spread_x, spread_y, sure], axis=1).astype(np.float32)


def subjects_alike(a: Array, b: Array) -> Array:
    """float32[n], 0 to 1, of float32[n, 5] twice."""
    apart = ((a[:, :2] - b[:, :2]) ** 2).sum(axis=1) / _PLACE_REACH**2
    larger = (np.log(a[:, 2:4] / b[:, 2:4]) ** 2).sum(axis=1) / (2 * _SIZE_REACH**2)
    return np.asarray(np.exp(-0.5 * (apart + larger)) * np.sqrt(a[:, 4] * b[:, 4]), np.float32)


def cells() -> tuple[Floats, Floats]:
    """float64[144] each, where the cells' centres are across and down, as shares of the sides."""
    columns, rows = GRID
    across, down = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
    return across.ravel(), down.ravel()
