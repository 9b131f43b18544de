"""The stage: sets up layers at different depths and photographs them with a moving camera."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from seamline.evaluation.scenes.canvas import Art, Canvas, Picture

ASPECT = 16 / 9

Paint = Callable[[float], Picture]
"""Gives the scene's picture, RGB uint8[h, w, 3], so many seconds after its start. Safe in any thread."""

Scene = Callable[["Stage"], Paint]
"""Draws a scene's layers once and gives what photographs them."""


Placement = tuple[tuple[float, float, float], tuple[float, float, float]]
"""A 2x3 affine matrix."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera looks: `x`, `y` heights off the middle of the set, nearer by `zoom`."""

    x: float = 0
    y: float = 0
    zoom: float = 1


STILL = Camera()


class Stage:
    """Makes canvases for a picture of `width` x `height` pixels and composes what was drawn.

    One unit of length is the picture's height: the picture reaches from (0, 0) to (`ASPECT`, 1).
    """

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.width, self.height = width, height
        self.rng = np.random.default_rng(seed)

    def canvas(
        self, left: float = -0.3, top: float = -0.12, right: float = ASPECT + 0.3, bottom: float = 1.12
    ) -> Canvas:
        """An empty canvas; by default somewhat wider than the picture, for the camera to move."""
        return Canvas((left, top, right, bottom), self.height, int(self.rng.integers(2**31)))

    def backdrop(self, art: Art, camera: Camera = STILL, *, depth: float = 0.1) -> Take:
        """Begin a picture with an opaque layer, continued beyond its edges."""
        matrix = np.array(self.placement(art, camera, depth, (0, 0), 1, 0))
        rgba = cv2.warpAffine(
            art.rgba,
            matrix,
            (self.width, self.height),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return Take(self, camera, np.asarray(rgba, np.uint8))

    def placement(
        self, art: Art, camera: Camera, depth: float, at: tuple[float, float], scale: float, angle_deg: float
    ) -> Placement:
        """From the art's pixels to the picture's, both counted at their centres."""
        # plain floats: this runs hundreds of times a picture, where numpy's overhead would rule
        to_picture = (1 + (camera.zoom - 1) * depth) * self.height
        turn = math.radians(angle_deg)
        along, across = scale * math.cos(turn), scale * math.sin(turn)
        left, top = art.left + 0.5 / art.pixels, art.top + 0.5 / art.pixels
        x = along * left - across * top + at[0] - ASPECT / 2 - camera.x * depth
        y = across * left + along * top + at[1] - 0.5 - camera.y * depth
        step = to_picture / art.pixels
        return (
            (step * along, -step * across, to_picture * x + ASPECT / 2 * self.height - 0.5),
            (step * across, step * along, to_picture * y + 0.5 * self.height - 0.5),
        )


class Take:
    """One picture in the making."""

    def __init__(self, stage: Stage, camera: Camera, rgba: Picture) -> None:
        self._stage, self._camera, self._rgba = stage, camera, rgba

    def put(
        self,
        art: Art,
        *,
        depth: float = 1,
        at: tuple[float, float] = (0, 0),
        scale: float = 1,
        angle_deg: float = 0,
        opacity: float = 1,
        light: bool = False,
    ) -> Take:
        """Lay a layer over the picture, moved to `at`, scaled and turned clockwise about its own (0, 0).

        `depth` 0 stays with the horizon, 1 moves with the camera, more moves faster. `light` adds instead of
        covering.
        """
        if opacity <= 0.004:
            return self
        (a, b, x0), (c, d, y0) = self._stage.placement(art, self._camera, depth, at, scale, angle_deg)
        height, width = art.rgba.shape[:2]
        spread_x, spread_y = (a * width, b * height), (c * width, d * height)
        left = max(0, math.floor(x0 + min(0, spread_x[0]) + min(0, spread_x[1])) - 1)
        top = max(0, math.floor(y0 + min(0, spread_y[0]) + min(0, spread_y[1])) - 1)
        right = min(self._stage.width, math.ceil(x0 + max(0, spread_x[0]) + max(0, spread_x[1])) + 2)
        bottom = min(self._stage.height, math.ceil(y0 + max(0, spread_y[0]) + max(0, spread_y[1])) + 2)
        if left >= right or top >= bottom:
            return self
        matrix = np.array(((a, b, x0 - left), (c, d, y0 - top)))
        layer = cv2.warpAffine(art.rgba, matrix, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
        if opacity < 1:
            layer = cv2.convertScaleAbs(layer, alpha=opacity)
        ground = self._rgba[top:bottom, left:right]
        if not light:
            clear = cv2.bitwise_not(cv2.extractChannel(layer, 3))
            ground = cv2.multiply(ground, cv2.cvtColor(clear, cv2.COLOR_GRAY2RGBA), scale=1 / 255)  # type: ignore[assignment]
        self._rgba[top:bottom, left:right] = cv2.add(ground, layer)
        return self

    def picture(self) -> Picture:
        return np.asarray(cv2.cvtColor(self._rgba, cv2.COLOR_RGBA2RGB), np.uint8)
