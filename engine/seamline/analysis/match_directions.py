"""Edges of shots as directions: what is alike of two has a cosine of 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_flows import camera_flow
from seamline.analysis.match_subjects import subjects_of
from seamline.analysis.match_tables import GRID, EdgeTable

Array = NDArray[np.float32]

_LEAST_LIGHT = 0.6
"""Length of the map of light less its mean, of 144 cells, 0 to 1: below it, all is about equally bright."""
_LEAST_MASS = 0.8
"""Length of the map of masses less its mean, of 144 cells: below it, nothing stands out much."""
_ROWS_SHARE = 0.6
"""Of what the cells of a row have in common, that is taken off."""
SLOW_CAMERA = 0.06
"""Widths a second: beside a slower one, what goes before it is what is seen to go."""
_CAMERA_KNOWN = 0.5
"""Share of the points, by their weights, or of the cells where there are too few, that must follow one motion to be
the camera's."""


@dataclass(frozen=True, slots=True, eq=False)
class EdgeDirections:
    """Of n edges what their pairs are computed from: float32[n, D] of length 1 each, less where there is little of it,
    and the speeds, float32[n], figures, subjects and colours that these leave out.

    `carrier` float32[n, 3]: the camera's motion, or, where it is slow, that of the thing before it, right, down and
    growth; 0 where none is known. `sure` float32[n], 0 to 1: that it is one. `travel` float32[n, 2], and
    `travel_sure` float32[n]: which way the thing goes against the ground, be it followed by the camera or not.
    `motion` float32[n, 5]: the camera's and the thing's side by side. All in widths a second.
    """

    light: Array
    mass: Array
    lines: Array
    subject: Array
    colour: Array
    figures: Array
    vectors: Array
    flow: Array
    speed: Array
    inner: Array
    inner_speed: Array
    where: Array
    carrier: Array
    sure: Array
    travel: Array
    travel_sure: Array
    camera: Array
    motion: Array
    siamese: Array

    def composed(self) -> Array:
        """float32[n, D] of length 1: light, mass and lines side by side."""
        return unit(np.concatenate([self.light, self.mass, self.lines], axis=1))

    @classmethod
    def of(cls, table: EdgeTable) -> EdgeDirections:
        inner = inner_flow(table)
        speeds = np.hypot(table.flow[:, 0::2], table.flow[:, 1::2])
        is_one = table.thing[:, 2]
        thing = is_one[:, None] * table.thing[:, :2]
        return cls(
            unit(_less_common(table.light), least=_LEAST_LIGHT),
            unit(_less_common(table.mass), least=_LEAST_MASS),
            table.lines,
            subjects_of(table.mass),
            table.colour,
            table.figures,
            table.vectors,
            unit(table.flow),
            rms_speed(table.flow),
            unit(inner),
            rms_speed(inner),
            unit(speeds),
            *_carrier(table, is_one),
            table.thing[:, :2],
            is_one,
            table.camera,
            np.concatenate([_known(table) * table.camera[:, :3], thing], axis=1),
            table.siamese,
        )


def _carrier(table: EdgeTable, is_one: Array) -> tuple[Array, Array]:
    """float32[n, 3] and float32[n]: the camera's motion, or, where it is slow, that of the thing before it, and how
    sure it is one."""
    camera = _known(table) * table.camera[:, :3]
    is_slow = np.linalg.norm(camera, axis=1) < SLOW_CAMERA
    things = np.concatenate([table.thing[:, :2], np.zeros((len(camera), 1), np.float32)], axis=1)
    return np.where(is_slow[:, None], things, camera), np.where(is_slow, is_one, np.float32(1))


def between(values: NDArray[np.floating] | float, low: float, high: float) -> NDArray[np.floating]:
    """0 at `low` and below, 1 at `high` and above, and evenly in between."""
    return np.asarray(np.clip((values - low) / (high - low), 0, 1))


def _less_common(grids: Array) -> Array:
    """The grids less their means, and less most of what their rows have in common: a sky above, ground below and the
    line between them are in so many pictures that these alone do not make two alike."""
    cells = grids.reshape(len(grids), GRID[1], GRID[0])
    mean = cells.mean(axis=(1, 2), keepdims=True)
    rows = cells.mean(axis=2, keepdims=True) - mean
    return np.asarray((cells - mean - _ROWS_SHARE * rows).reshape(grids.shape), np.float32)


def unit(rows: Array, *, least: float = 1e-9) -> Array:
    """Of length 1 each, less where they are shorter than `least`; what is all 0 stays so."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), least), np.float32)


def rms_speed(flow: Array) -> Array:
    """float32[n], widths a second, the root of the cells' mean square, of float32[n, 288]."""
    return np.asarray(np.sqrt((flow**2).sum(axis=1) / (flow.shape[1] / 2)), np.float32)


def inner_flow(table: EdgeTable) -> Array:
    """float32[n, 288]: the flow without the camera's, as far as that is known."""
    return np.asarray(table.flow - _known(table) * camera_flow(table.camera), np.float32)


def _known(table: EdgeTable) -> NDArray[np.bool_]:
    """bool[n, 1]: whether the camera's motion is."""
    return np.asarray(table.camera[:, 3:] >= _CAMERA_KNOWN)
