"""Moves of a camera over a flat world."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.synthetic_sources import Pictures, Region, Size

CAMERA_MOVES = {
    "still": 3.0,
    "handheld": 3.0,
    "pan": 2.0,
    "tilt": 1.0,
    "fast pan": 1.0,
    "push": 1.5,
    "pull": 1.5,
    "roll": 0.5,
    "shaky": 0.7,
    "crane": 1.0,
}
"""How often each kind of move is drawn."""


@dataclass(frozen=True, eq=False, slots=True)
class CameraPath:
    """Where the camera looks in each frame: float64[n] each, in picture widths and heights off the middle.

    `zoom` 1 is the widest that is meant, `roll_deg` turns clockwise.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    zoom: NDArray[np.float64]
    roll_deg: NDArray[np.float64]

    def matrix(
        self, frame: int, world: Size, world_widths: float, size: Size, depth: float = 1
    ) -> NDArray[np.float64]:
        """float64[2, 3] for cv2.warpAffine: from the world's pixels to the picture's.

        The world is `world_widths` pictures wide; `depth` below 1 moves less with the camera.
        """
        step = world_widths * size[0] / world[0] * (1 + (float(self.zoom[frame]) - 1) * depth)
        turn = np.radians(float(self.roll_deg[frame]) * depth)
        along, across = step * np.cos(turn), step * np.sin(turn)
        shift_x, shift_y = float(self.x[frame]) * depth * size[0], float(self.y[frame]) * depth * size[1]
        middle = ((world[0] - 1) / 2, (world[1] - 1) / 2)
        return np.array(
            [
                [along, -across, (size[0] - 1) / 2 - along * middle[0] + across * middle[1] - shift_x],
                [across, along, (size[1] - 1) / 2 - across * middle[0] - along * middle[1] - shift_y],
            ]
        )


def drawn_path(rng: np.random.Generator, frame_count: int, kind: str) -> CameraPath:
    """A move of that kind over so many frames, within about a fifth of a picture of the middle."""
    t = np.linspace(-0.5, 0.5, frame_count) if frame_count > 1 else np.zeros(1)
    if rng.random() < 0.5:
        t = t * (1.5 - 2 * t * t)  # starts and ends slowly
    x, y, zoom = np.zeros_like(t), np.zeros_like(t), np.full_like(t, rng.uniform(1, 1.15))
    roll = np.zeros_like(t)
    way = rng.choice([-1, 1])
    if kind in ("pan", "crane"):
        x = x + way * rng.uniform(0.08, 0.4) * t
    if kind in ("tilt", "crane"):
        y = y + rng.choice([-1, 1]) * rng.uniform(0.08, 0.35) * t
    if kind == "fast pan":
        # there and back, several times over
        x = 0.2 * np.sin(2 * np.pi * (t * frame_count / rng.uniform(30, 90) + rng.random()))
    if kind in ("push", "pull"):
        zoom = zoom + (1 if kind == "push" else -1) * rng.uniform(0.08, 0.5) * t + 0.25
    if kind == "roll":
        roll = roll + way * rng.uniform(5, 40) * t
    if kind in ("handheld", "crane", "pan") or rng.random() < 0.2:
        strength = rng.uniform(0.002, 0.012)
        x, y = x + _wander(rng, frame_count, strength), y + _wander(rng, frame_count, strength)
        roll = roll + _wander(rng, frame_count, strength * 40)
    if kind == "shaky":
        x, y = x + rng.normal(0, 0.008, len(t)), y + rng.normal(0, 0.012, len(t))
        x, y = x + _wander(rng, frame_count, 0.03), y + _wander(rng, frame_count, 0.03)
    return CameraPath(x, y, zoom, roll)


def photographed(world: Pictures, matrix: NDArray[np.float64], size: Size, region: Region) -> Pictures:
    """`region` of what the camera sees at `size`, enlarged to `size`; beyond the world is its mirror image."""
    scale = np.array([1 / (region[2] - region[0]), 1 / (region[3] - region[1])])
    shown = matrix * scale[:, None]
    # pixel centres: the region's corner goes to -0.5
    corner = np.array([region[0] * size[0], region[1] * size[1]]) - 0.5
    shown[:, 2] = (matrix[:, 2] - corner) * scale - 0.5
    return np.asarray(
        cv2.warpAffine(world, shown, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101),
        np.uint8,
    )


def _wander(rng: np.random.Generator, frame_count: int, strength: float) -> NDArray[np.float64]:
    """A hand's unrest: a sum of slow swings."""
    frames = np.arange(frame_count)
    total = np.zeros(frame_count)
    for period in (90, 41, 17):
        swing = period / 90 * strength
        total += swing * np.sin(2 * np.pi * (frames / (period * rng.uniform(0.7, 1.4)) + rng.random()))
    return total
