"""Things that move through drawn scenes and over still pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.synthetic_sources import Pictures, Region

_SUBPIXEL_BITS = 4


@dataclass(frozen=True, eq=False, slots=True)
class Actor:
    """A polygon on its way: `outline` float64[n, 2] about (0, 0), all lengths in picture heights.

    At frame f it is at `start` + f * `pace`, swinging by `swing` at `swing_hz` (turns a frame), and turned by
    f * `spin` radians; `breath` is how much it grows and shrinks. It comes back on the other side.
    """

    outline: NDArray[np.float64]
    colour: tuple[float, float, float]
    start: tuple[float, float]
    pace: tuple[float, float]
    swing: tuple[float, float]
    swing_hz: float
    spin: float
    breath: float
    band: tuple[float, float, float] | None
    """The colour of a smaller copy inside, if any."""


def drawn_actor(rng: np.random.Generator, size: float, speed: float, colour: NDArray[np.float32]) -> Actor:
    """Something about `size` picture heights big that moves about `speed` heights a frame."""
    corners = int(rng.choice([3, 4, 5, 8, 24, 24, 24]))
    angles = np.linspace(0, 2 * math.pi, corners, endpoint=False) + rng.random()
    uneven = rng.uniform(0.05, 0.6) if corners > 5 else 0.2
    radii = size * (1 + uneven * np.sin(angles * rng.integers(1, 4) + rng.random()) * 0.5)
    outline = np.stack([np.cos(angles) * radii, np.sin(angles) * radii * rng.uniform(0.4, 2.2)], axis=1)
    course = rng.choice([0, math.pi, rng.uniform(0, 2 * math.pi)])
    swings = rng.random() < 0.4
    inner = np.clip(colour * rng.uniform(0.4, 1.7), 0, 255)
    return Actor(
        outline,
        _triple(colour),
        (float(rng.uniform(-0.2, 2)), float(rng.uniform(0, 1))),
        (speed * math.cos(course), speed * math.sin(course)),
        (float(rng.normal(0, 0.08)), float(rng.normal(0, 0.08))) if swings else (0.0, 0.0),
        float(rng.uniform(0.005, 0.06)),
        float(rng.normal(0, 0.05)) if rng.random() < 0.3 else 0.0,
        float(rng.uniform(0, 0.3)) if rng.random() < 0.3 else 0.0,
        _triple(inner) if rng.random() < 0.6 else None,
    )


def put_actor(picture: Pictures, actor: Actor, frame: int, region: Region) -> None:
    """Draw the actor into uint8[h, w, 3], which shows `region` of the scene."""
    height, width = picture.shape[:2]
    scale_y = height / (region[3] - region[1])
    aspect = width / height * (region[2] - region[0]) / (region[3] - region[1])
    wave = math.sin(2 * math.pi * actor.swing_hz * frame)
    # it leaves the picture wholly before it comes back
    reach = float(np.abs(actor.outline).max()) * 1.4 + 0.02
    x = (actor.start[0] + frame * actor.pace[0] + actor.swing[0] * wave + reach) % (
        aspect + 2 * reach
    ) - reach
    y = (actor.start[1] + frame * actor.pace[1] + actor.swing[1] * wave + reach) % (1 + 2 * reach) - reach
    turn, growth = actor.spin * frame, 1 + actor.breath * wave
    rotation = growth * np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    shape = actor.outline @ rotation
    for share, colour in ((1.0, actor.colour), (0.6, actor.band)):
        if colour is None:
            continue
        points = (shape * share + (x, y) - (region[0] * aspect, region[1])) * scale_y - 0.5
        fixed = np.round(points * 2**_SUBPIXEL_BITS).astype(np.int32)
        cv2.fillPoly(picture, [fixed.reshape(-1, 1, 2)], colour, cv2.LINE_AA, _SUBPIXEL_BITS)


def _triple(colour: NDArray[np.float32]) -> tuple[float, float, float]:
    red, green, blue = (float(value) for value in colour)
    return (red, green, blue)
