"""What all painters of the timeline share: a painter that knows its device pixels, and rows of lines as pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap, QPolygonF

from seamline_widgets.theme import figures_font

FloatArray = NDArray[np.floating]
Pixels = NDArray[np.uint32]
"""Premultiplied ARGB, the last axis along x in device pixels."""


class Sheet:
    """Paints `width` logical pixels across, lines on whole device pixels.

    Thousands of lines cost one row of pixels, repeated over their height.
    """

    def __init__(self, painter: QPainter, width: float) -> None:
        self.painter = painter
        self.width = width
        self.ratio = painter.device().devicePixelRatio()
        self.line_px = max(1, round(self.ratio)) / self.ratio

    def snap(self, x: float) -> float:
        """The whole device pixel nearest to `x`."""
        return round(x * self.ratio) / self.ratio

    def fill_column(self, x: float, top: float, bottom: float, colour: QColor) -> None:
        """A line of one logical pixel at `x`."""
        self.painter.fillRect(QRectF(self.snap(x), top, self.line_px, bottom - top), colour)

    def fill_line(self, y: float, colour: QColor, left: float = 0.0) -> None:
        """A level line at `y` from `left` to the end."""
        self.painter.fillRect(QRectF(left, self.snap(y), self.width - left, self.line_px), colour)

    def new_row(self) -> Pixels:
        """A row of nothing."""
        return np.zeros(max(1, round(self.width * self.ratio)), dtype=np.uint32)

    def put_lines(self, row: Pixels, x: FloatArray, colour: int) -> None:
        """A line at each `x`, in logical pixels."""
        at = np.rint(x * self.ratio).astype(np.int64)
        for offset in range(max(1, round(self.ratio))):
            row[at[(at + offset >= 0) & (at + offset < len(row))] + offset] = colour

    def put_spans(self, row: Pixels, left: FloatArray, right: FloatArray, colour: int) -> None:
        """Everything between each `left` and its `right`, in logical pixels."""
        edges = np.zeros(len(row) + 1, dtype=np.int64)
        for x, step in ((left, 1), (right, -1)):
            at = np.clip(np.rint(x * self.ratio), 0, len(row)).astype(np.int64)
            edges += step * np.bincount(at, minlength=len(row) + 1)
        row[np.cumsum(edges[:-1]) > 0] = colour

    def draw_row(self, row: Pixels, top: float, bottom: float) -> None:
        """Repeat a row over the height from `top` to `bottom`."""
        self.draw_rows(row[None], top, bottom)

    def draw_rows(self, rows: Pixels, top: float, bottom: float) -> None:
        """Repeat rows of pixels, one below the other, over the height from `top` to `bottom`."""
        tile = QPixmap.fromImage(image_of(rows))
        tile.setDevicePixelRatio(self.ratio)
        self.painter.drawTiledPixmap(QRectF(0, top, self.width, bottom - top), tile)


def image_of(pixels: Pixels) -> QImage:
    """uint32[height, width] as a picture that keeps its own bytes."""
    height, width = pixels.shape
    data = np.ascontiguousarray(pixels)
    image = QImage(data.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    image.ndarray = data  # type: ignore[attr-defined]  # alive as long as the picture
    return image


def pixel(colour: str, alpha: int = 255) -> int:
    """`#rrggbb` at that opacity as it lies in `Pixels`."""
    rgb = QColor(colour)
    red, green, blue = (channel * alpha // 255 for channel in (rgb.red(), rgb.green(), rgb.blue()))
    return alpha << 24 | red << 16 | green << 8 | blue


def faded(colour: str, alpha: int) -> QColor:
    """`#rrggbb` at that opacity, 0 to 255."""
    result = QColor(colour)
    result.setAlpha(alpha)
    return result


def polygon(*points: tuple[float, float]) -> QPolygonF:
    """A shape by its corners."""
    return QPolygonF([QPointF(x, y) for x, y in points])


def small_font() -> QFont:
    """The font of labels on the timeline."""
    return figures_font(figures_font().pointSizeF() * 0.9)
