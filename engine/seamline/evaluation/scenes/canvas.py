"""A canvas to draw one layer of a scene on, and the finished layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.scenes.shapes import Points

Picture = NDArray[np.uint8]

Colour = str | tuple[str, str]
"""“#rrggbb”, or two of them: a gradient from the top of the drawn shape to its bottom."""

_SUBPIXEL_BITS = 4


@dataclass(frozen=True, eq=False, slots=True)
class Art:
    """A drawn layer: uint8[h, w, 4], RGB premultiplied with alpha.

    `left` and `top` are where its first pixel lies, in picture heights; `pixels` is how many of its pixels
    are one height long.
    """

    rgba: Picture
    left: float
    top: float
    pixels: float


class Canvas:
    """Draws anti-aliased shapes over one another on a transparent ground.

    All places and lengths are in picture heights; opacities are 0 to 1.
    """

    def __init__(self, extent: tuple[float, float, float, float], pixels: float, seed: int) -> None:
        self.left, self.top, self.right, self.bottom = extent
        self._pixels = pixels
        width = max(2, round((self.right - self.left) * pixels))
        height = max(2, round((self.bottom - self.top) * pixels))
        self._rgba: Picture = np.zeros((height, width, 4), np.uint8)
        self._rng = np.random.default_rng(seed)

    def shape(
        self,
        points: Points,
        colour: Colour,
        *,
        opacity: float = 1,
        blur: float = 0,
        inside: Sequence[Points] = (),
    ) -> Canvas:
        """Fill a polygon; `blur` softens its edge over so many heights; it stays in each of `inside`."""
        rows, columns = self._region(points, blur)
        mask = self._filled(points, rows, columns)
        for limit in inside:
            mask = np.asarray(cv2.min(mask, self._filled(limit, rows, columns)), np.uint8)
        return self._paint(mask, rows, columns, colour, opacity, blur)

    def line(
        self,
        points: Points,
        width: float,
        colour: Colour,
        *,
        opacity: float = 1,
        blur: float = 0,
        closed: bool = False,
    ) -> Canvas:
        """Stroke a path with round joints and ends."""
        rows, columns = self._region(points, blur + width)
        mask = _empty(rows, columns)
        thickness = max(1, round(width * self._pixels))
        path = self._subpixels(points, rows, columns)
        cv2.polylines(mask, [path], closed, 255, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
        return self._paint(mask, rows, columns, colour, opacity, blur)

    def ellipse(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float | None = None,
        *,
        colour: Colour,
        opacity: float = 1,
        blur: float = 0,
    ) -> Canvas:
        angles = np.linspace(0, 2 * np.pi, 96, endpoint=False)
        ry = rx if ry is None else ry
        return self.shape(
            np.stack([x + rx * np.cos(angles), y + ry * np.sin(angles)], axis=1),
            colour,
            opacity=opacity,
            blur=blur,
        )

    def glow(self, x: float, y: float, radius: float, colour: str, *, opacity: float = 1) -> Canvas:
        """Light that falls off smoothly from a point to nothing at `radius`."""
        region = self._region([(x - radius, y - radius), (x + radius, y + radius)], 0)
        down, across = (
            (np.arange(part.start, part.stop, dtype=np.float32) + 0.5) / self._pixels + edge - place
            for part, edge, place in zip(region, (self.top, self.left), (y, x), strict=True)
        )
        distance = np.sqrt(down[:, None] ** 2 + across[None, :] ** 2) / radius
        strength = np.clip(1 - distance, 0, 1) ** 2.2 * 255
        strength += self._rng.random(strength.shape, dtype=np.float32) * (strength > 0)
        return self._paint(strength.clip(0, 255).astype(np.uint8), *region, colour, opacity, 0)

    def wash(self, *colours: str, opacity: float = 1) -> Canvas:
        """Cover the whole canvas with a gradient through evenly spaced colours, from top to bottom."""
        stops = np.array([_rgb(colour) for colour in colours], dtype=np.float32)
        rows = np.linspace(0, len(stops) - 1, self._rgba.shape[0])
        gradient = np.stack([np.interp(rows, np.arange(len(stops)), stops[:, c]) for c in range(3)], axis=1)
        everything = np.full(self._rgba.shape[:2], 255, np.uint8)
        self._lay(slice(None), slice(None), everything, gradient.astype(np.float32), opacity)
        return self

    def speckle(self, amount: float) -> Canvas:
        """Give the drawn surface the unevenness of gouache on paper; `amount` is about .02 to .1."""
        height, width = self._rgba.shape[:2]
        coarse = self._rng.normal(0, 1, (height // 24 + 2, width // 48 + 2)).astype(np.float32)
        fine = self._rng.normal(0, 0.5, (height // 3 + 2, width // 5 + 2)).astype(np.float32)
        noise = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        noise = noise + cv2.resize(fine, (width, height), interpolation=cv2.INTER_LINEAR)
        factor = cv2.merge([1 + amount * noise] * 3)
        rgb = np.ascontiguousarray(self._rgba[..., :3])
        cv2.multiply(rgb, factor, rgb, dtype=cv2.CV_8U)
        self._rgba[..., :3] = np.minimum(rgb, self._rgba[..., 3:])
        return self

    def art(self) -> Art:
        """What was drawn, cropped to it."""
        x, y, width, height = cv2.boundingRect(self._rgba[..., 3])
        drawn = np.ascontiguousarray(self._rgba[y : y + height, x : x + width])
        return Art(drawn, self.left + x / self._pixels, self.top + y / self._pixels, self._pixels)

    def _region(self, points: Points, reach: float) -> tuple[slice, slice]:
        """The rows and columns of the canvas that a shape touches, with `reach` heights around it."""
        given = (np.asarray(points, dtype=np.float64) - (self.left, self.top)) * self._pixels
        margin = 3 * reach * self._pixels + 2
        low, high = given.min(axis=0) - margin, given.max(axis=0) + margin
        height, width = self._rgba.shape[:2]
        left, right = (int(np.clip(x, 0, width)) for x in (low[0], high[0] + 1))
        top, bottom = (int(np.clip(y, 0, height)) for y in (low[1], high[1] + 1))
        return slice(top, bottom), slice(left, right)

    def _subpixels(self, points: Points, rows: slice, columns: slice) -> NDArray[np.int32]:
        given = np.asarray(points, dtype=np.float64)
        pixels = (given - (self.left, self.top)) * self._pixels - 0.5 - (columns.start, rows.start)
        rounded: NDArray[np.int32] = np.round(pixels * 2**_SUBPIXEL_BITS).astype(np.int32)
        return rounded.reshape(-1, 1, 2)

    def _filled(self, points: Points, rows: slice, columns: slice) -> Picture:
        mask = _empty(rows, columns)
        if mask.size:
            cv2.fillPoly(mask, [self._subpixels(points, rows, columns)], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
        return mask

    def _paint(
        self, mask: Picture, rows: slice, columns: slice, colour: Colour, opacity: float, blur: float
    ) -> Canvas:
        """Lay a colour through `mask`, which covers the given part of the canvas."""
        if mask.size == 0:
            return self
        if blur > 0:
            mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.3, blur * self._pixels)), np.uint8)
        x, y, width, height = cv2.boundingRect(mask)
        if width == 0 or height == 0:
            return self
        first, last = (colour, colour) if isinstance(colour, str) else colour
        gradient = np.linspace(_rgb(first), _rgb(last), height, dtype=np.float32)
        top, left = rows.start + y, columns.start + x
        part = np.ascontiguousarray(mask[y : y + height, x : x + width])
        self._lay(slice(top, top + height), slice(left, left + width), part, gradient, opacity)
        return self

    def _lay(
        self, rows: slice, columns: slice, mask: Picture, gradient: NDArray[np.float32], opacity: float
    ) -> None:
        """Compose a row gradient float32[h, 3] (0 to 255) through `mask` over what is drawn already."""
        ground = self._rgba[rows, columns].astype(np.float32)
        alpha = mask.astype(np.float32)[..., None] * (opacity / 255)
        paint = np.empty_like(ground)
        paint[..., :3] = gradient[:, None, :]
        paint[..., 3] = 255
        # a dither of one step keeps wide gradients free of bands
        result = (
            ground + (paint - ground) * alpha + self._rng.random(alpha.shape, dtype=np.float32) * (alpha > 0)
        )
        self._rgba[rows, columns] = np.minimum(result, 255).astype(np.uint8)


def _empty(rows: slice, columns: slice) -> Picture:
    return np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)


def _rgb(colour: str) -> tuple[float, float, float]:
    value = int(colour.removeprefix("#"), 16)
    return float(value >> 16), float(value >> 8 & 255), float(value & 255)
