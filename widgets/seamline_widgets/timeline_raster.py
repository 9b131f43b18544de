"""Rows of the timeline that are shapes in one grey, made as bytes: a column of pixels costs no more than itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_STEPS_BITS = 3
_STEPS = 1 << _STEPS_BITS  # of a pixel: rows of up to 2,000 pixels can be counted in 16 bits
_NOTHING = 16_000  # so far above the row, in these steps, is what is not known
_LINES_AT_ONCE = 16  # so many stay near the processor; memory for all of a row costs more than the sums


class GreyRow:
    """A row of `size` logical pixels as one byte a device pixel, on a grey `ground`, all as `#rrggbb`.

    Shapes are laid over it with the brighter one in front. Heights are in device pixels from the top.
    """

    def __init__(self, size: QSize, ratio: float, ground: str) -> None:
        self.width, self.height = round(size.width() * ratio), round(size.height() * ratio)
        self._size = QRectF(0, 0, size.width(), size.height())
        self._ground = grey(ground)
        # lines of whole words, as Qt wants them
        self._shades: Bytes = np.full((self.height, -(-self.width // 4) * 4), self._ground, np.uint8)

    def put_level(self, y: float, thick: int, colour: str) -> None:
        """A level line whose upper edge is at `y`."""
        self._shades[round(y) : round(y) + thick] = grey(colour)

    def put_mirrored(self, reach: Floats, colour: str, until: int) -> None:
        """A shape, float32[width], that reaches so far up and down from the middle; up to column `until`."""
        columns = slice(0, min(self.width, max(0, until)))
        limit = _steps(reach[columns] + np.float32(0.5))
        half = (self.height + 1) // 2
        for lines in _blocks(half):
            distance = _steps(np.float32(self.height / 2)) - _line_steps(lines)
            self._lay(lines, columns, limit - distance, colour)
        lower = self.height // 2
        self._shades[self.height - lower :] = self._shades[:lower][::-1]

    def put_spans(self, top: Floats, bottom: Floats, half_px: float, colour: str) -> None:
        """Fill each column, float32[width], from `half_px` above `top` to as much below `bottom`; none for NaN."""
        centre = _steps((top + bottom) * np.float32(0.5))
        limit = _steps(np.nan_to_num(bottom - top) * np.float32(0.5) + np.float32(half_px + 0.5))
        cover = np.empty((_LINES_AT_ONCE, self.width), np.int16)
        for lines in _blocks(self.height):
            some = np.subtract(_line_steps(lines), centre, out=cover[: lines.stop - lines.start])
            np.abs(some, out=some)
            self._lay(lines, slice(0, self.width), np.subtract(limit, some, out=some), colour)

    def put_reach(self, top: Floats, bottom: Floats, colour: str) -> None:
        """As `put_spans`, with hard ends: where every column has others, soft ones are not seen."""
        first = _steps(np.floor(top)) + np.int16(_STEPS // 2)
        last = _steps(np.floor(bottom)) + np.int16(_STEPS // 2)
        shade = np.uint8(grey(colour))
        for lines in _blocks(self.height):
            y = _line_steps(lines)
            inside = y >= first
            inside &= y <= last
            shades = self._shades[lines, : self.width]
            np.maximum(shades, inside.view(np.uint8) * shade, out=shades)

    def put_curve(self, middle: Floats, slope: Floats, half_px: float, colour: str) -> None:
        """A line at `middle`, float32[width], that falls by `slope` within a column; none where NaN.

        Seen across its direction it is as thick where it is steep as where it is level.
        """
        known = middle[np.isfinite(middle)]
        if not len(known):
            return
        margin = half_px + 1 + float(np.nanmax(slope)) / 2
        first, end = max(0, int(known.min() - margin)), min(self.height, int(known.max() + margin) + 1)
        flatness = (1 / np.hypot(np.float32(1), np.nan_to_num(slope))).astype(np.float32)
        centre = np.nan_to_num(middle * np.float32(_STEPS), nan=-_NOTHING) * flatness
        limit = np.float32((half_px + 0.5) * _STEPS)
        distance = np.empty((_LINES_AT_ONCE, self.width), np.float32)
        cover = np.empty((_LINES_AT_ONCE, self.width), np.int16)
        for lines in _blocks(end, first):
            count = lines.stop - lines.start
            some, whole = distance[:count], cover[:count]
            np.multiply(_line_steps(lines).astype(np.float32), flatness, out=some)
            np.subtract(some, centre, out=some)
            np.abs(some, out=some)
            # whole numbers then: the least and greatest of floats take four times as long to find
            np.copyto(whole, np.subtract(limit, some, out=some), casting="unsafe")
            self._lay(lines, slice(0, self.width), whole, colour)

    def put_line(self, middle: Floats, half_px: float, colour: str) -> None:
        """Lay a line over it that has, in each column, a height of its own; none where that is NaN.

        It touches the few pixels it is made of, and not all of the row.
        """
        columns = np.flatnonzero(np.isfinite(middle))
        middle = middle[columns]
        first = np.floor(middle - half_px - 0.5).astype(np.int64)
        steps = np.float32(grey(colour) - self._ground)
        for at in range(int(2 * half_px) + 3):
            rows = first + at
            cover = np.float32(half_px + 0.5) - np.abs(rows.astype(np.float32) + np.float32(0.5) - middle)
            inside = (rows >= 0) & (rows < self.height) & (cover > 0)
            where = rows[inside], columns[inside]
            shade = (np.minimum(cover[inside], 1) * steps).astype(np.uint8) + np.uint8(self._ground)
            self._shades[where] = np.maximum(self._shades[where], shade)

    def draw(self, painter: QPainter) -> None:
        """Paint it from the painter's origin on."""
        shades = self._shades
        image = QImage(shades.data, self.width, self.height, shades.shape[1], QImage.Format.Format_Grayscale8)
        painter.drawImage(self._size, image)

    def draw_tinted(self, painter: QPainter, colour: str) -> None:
        """Lay it over what is there in one colour, the more opaque the brighter it is here: white covers."""
        lines = np.flatnonzero(self._shades.any(axis=1))
        if not len(lines):
            return
        first, end = int(lines[0]), int(lines[-1]) + 1
        # a palette of Qt's own would cost four times as much
        pixels = np.take(_tints(colour), self._shades[first:end, : self.width])
        width, height = self.width, end - first
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        line_px = self._size.height() / self.height
        painter.drawImage(QRectF(0, first * line_px, self._size.width(), height * line_px), image)

    def _lay(self, lines: slice, columns: slice, cover: NDArray[np.int16], colour: str) -> None:
        """Some lines of a shape that takes `cover` eighths of each pixel; `cover` is used up."""
        np.maximum(cover, 0, out=cover)
        np.minimum(cover, _STEPS, out=cover)
        cover *= np.int16(grey(colour) - self._ground)
        cover >>= _STEPS_BITS
        shade = cover.astype(np.uint8)
        shade += np.uint8(self._ground)
        shades = self._shades[lines, columns]
        np.maximum(shades, shade, out=shades)


def grey(colour: str) -> int:
    """A grey `#rrggbb` as one byte."""
    return QColor(colour).lightness()


@lru_cache(maxsize=16)
def _tints(colour: str) -> NDArray[np.uint32]:
    """Premultiplied ARGB of a colour at each of 256 opacities."""
    ink, alpha = QColor(colour), np.arange(256, dtype=np.uint32)
    red, green, blue = (alpha * part // 255 for part in (ink.red(), ink.green(), ink.blue()))
    return np.asarray(alpha << 24 | red << 16 | green << 8 | blue, dtype=np.uint32)


def _blocks(end: int, first: int = 0) -> Iterator[slice]:
    return (slice(at, min(end, at + _LINES_AT_ONCE)) for at in range(first, end, _LINES_AT_ONCE))


def _line_steps(lines: slice) -> NDArray[np.int16]:
    """The middles of some lines of pixels, one below the other."""
    return (np.arange(lines.start, lines.stop, dtype=np.int16) * _STEPS + _STEPS // 2)[:, None]


def _steps(values: Floats | np.float32) -> NDArray[np.int16]:
    """Device pixels in whole steps; far away where they are not known."""
    known = np.nan_to_num(values * np.float32(_STEPS), nan=-_NOTHING)
    return np.asarray(np.minimum(np.maximum(known, -_NOTHING), _NOTHING)).astype(np.int16)
