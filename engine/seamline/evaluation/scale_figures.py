"""A drawn figure whose proportions are known exactly, at any size: crown at 0, soles at 7.5 heads."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.media.pictures import RgbPicture

HEADS = 7.5
"""The figure's height, in heads from crown to chin."""
EYES, MOUTH, SHOULDERS, WAIST, HIPS, KNEES = 0.5, 0.8, 1.4, 3.0, 4.0, 5.5
"""In heads below the crown."""

_OVERSAMPLING = 2
_SHIFT = 4  # fractional bits of OpenCV's coordinates
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class FigureLook:
    """Colours of a figure and of what is behind it."""

    skin: Colour
    hair: Colour
    shirt: Colour
    trousers: Colour
    ground: Colour
    sky: Colour
    turn: float
    """How far the face is turned, -1 to 1; the features move by a tenth of the head."""

    @classmethod
    def drawn_by_lot(cls, seed: int) -> FigureLook:
        """Another look for every seed."""
        lot = np.random.default_rng(seed)
        tone = lot.uniform(0.35, 1.0)
        skin = (int(235 * tone), int(190 * tone), int(158 * tone))
        hair, shirt, trousers, ground, sky = (
            tuple(int(value) for value in lot.integers(low, high, 3))
            for low, high in ((15, 80), (40, 220), (20, 120), (60, 140), (130, 220))
        )
        return cls(skin, hair, shirt, trousers, ground, sky, float(lot.uniform(-0.6, 0.6)))  # type: ignore[arg-type]


def draw_figure(
    look: FigureLook, *, top: float, seen: float, size: tuple[int, int] = (320, 180)
) -> RgbPicture:
    """The figure in the middle of the picture, uint8[height, width, 3].

    `top`: what lies at the picture's upper edge, in heads below the crown (negative for headroom); `seen`: how many
    heads go into the picture's height.
    """
    width, height = size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING
    pen = _Pen(np.zeros((height, width, 3), np.uint8), height / seen, width / 2, -top * height / seen)
    pen.block(-100, -100, 100, HEADS - 0.4, look.sky)
    pen.block(-100, HEADS - 0.4, 100, 100, look.ground)
    _body(pen, look)
    _head(pen, look)
    blurred = cv2.GaussianBlur(pen.picture, (0, 0), 1.0)
    return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_AREA), np.uint8)


def _body(pen: _Pen, look: FigureLook) -> None:
    shade = _shaded(look.skin, 0.85)
    for side in (-1, 1):
        pen.limb([(side * 0.38, HIPS), (side * 0.42, KNEES), (side * 0.42, HEADS - 0.25)], 0.5, look.trousers)
        pen.limb([(side * 0.40, HEADS - 0.1), (side * 0.62, HEADS - 0.08)], 0.22, look.hair)
        pen.limb([(side * 0.85, SHOULDERS + 0.2), (side * 1.05, 2.9)], 0.38, look.shirt)
        pen.limb([(side * 1.05, 2.9), (side * 1.0, 3.9)], 0.26, look.skin)
        pen.oval(side * 1.0, 4.1, 0.14, 0.25, look.skin)
    pen.limb([(0, 0.85), (0, SHOULDERS)], 0.42, shade)
    pen.polygon(
        [(-0.3, 1.2), (0.3, 1.2), (0.95, 1.42), (0.85, 2.2), (0.62, WAIST), (0.68, HIPS + 0.2), (-0.68, HIPS + 0.2),
         (-0.62, WAIST), (-0.85, 2.2), (-0.95, 1.42)],
        look.shirt,
    )  # fmt: skip


def _head(pen: _Pen, look: FigureLook) -> None:
    dark, light = _shaded(look.skin, 0.86), (250, 250, 250)
    by = 0.1 * look.turn
    pen.oval(0, 0.44, 0.40, 0.44, look.hair)
    for side in (-1, 1):
        pen.oval(side * 0.36, 0.56, 0.05, 0.1, dark)
    pen.oval(0, 0.56, 0.34, 0.44, look.skin)
    for side in (-1, 1):
        x = side * 0.14 + by
        pen.oval(x, EYES + 0.05, 0.1, 0.03, dark)
        pen.oval(x, EYES, 0.08, 0.04, light)
        pen.oval(x, EYES, 0.036, 0.038, _shaded(look.hair, 0.7))
        pen.oval(x, EYES, 0.016, 0.016, (0, 0, 0))
        pen.oval(x, EYES - 0.09, 0.1, 0.02, look.hair)
        pen.oval(side * 0.03 + by, 0.71, 0.02, 0.015, _shaded(look.skin, 0.5))
    pen.oval(by, 0.64, 0.04, 0.09, dark)
    pen.oval(by * 0.8, MOUTH + 0.02, 0.12, 0.035, (170, 80, 80))
    pen.oval(by * 0.8, MOUTH + 0.02, 0.11, 0.01, (105, 40, 40))


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws in heads: x from the figure's middle, y from its crown."""

    picture: NDArray[np.uint8]
    head_px: float
    x_px: float
    y_px: float

    def at(self, x: float, y: float) -> tuple[int, int]:
        return (
            round((self.x_px + x * self.head_px) * 2**_SHIFT),
            round((self.y_px + y * self.head_px) * 2**_SHIFT),
        )

    def oval(self, x: float, y: float, half_width: float, half_height: float, colour: Colour) -> None:
        axes = tuple(max(1, round(half * self.head_px * 2**_SHIFT)) for half in (half_width, half_height))
        cv2.ellipse(self.picture, self.at(x, y), axes, 0, 0, 360, colour, -1, cv2.LINE_AA, _SHIFT)

    def polygon(self, corners: list[tuple[float, float]], colour: Colour) -> None:
        points = np.array([self.at(x, y) for x, y in corners], np.int32)
        cv2.fillPoly(self.picture, [points], colour, cv2.LINE_AA, _SHIFT)

    def block(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def limb(self, joints: list[tuple[float, float]], thickness: float, colour: Colour) -> None:
        for (x0, y0), (x1, y1) in itertools.pairwise(joints):
            along = np.array([x1 - x0, y1 - y0])
            across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-6) * thickness / 2
            corners = [np.array(joint) + sign * across for joint, sign in
                       (((x0, y0), 1), ((x1, y1), 1), ((x1, y1), -1), ((x0, y0), -1))]  # fmt: skip
            self.polygon([(float(x), float(y)) for x, y in corners], colour)
            for x, y in ((x0, y0), (x1, y1)):
                self.oval(x, y, thickness / 2, thickness / 2, colour)


def _shaded(colour: Colour, by: float) -> Colour:
    return int(colour[0] * by), int(colour[1] * by), int(colour[2] * by)
