"""The row of the similarity curve: every dip of a film of hours, drawn in the time of its pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter

from seamline_resources import palette
from seamline_widgets.timeline_layer import RowLayer
from seamline_widgets.timeline_raster import Floats, GreyRow
from seamline_widgets.timeline_rows import Y_RANGE
from seamline_widgets.timeline_scale import TimeScale

_FACTOR = 8
_LEAST_BLOCKS = 4096
_LEAST_LINE_PX = 1.5  # softened over two rows of pixels, a thinner line would fade
_LEVELS = (0.0, 0.5, 1.0)
_MEAN_FROM_FRAMES = 3.0  # in a column: from there on the middle of what it holds is drawn over its reach


class CurvePyramid:
    """Least, greatest and mean value of a film's frames, and of blocks of 8, 64, ... of them.

    Any part of the film costs what is seen of it. Blocks with nothing known have a least above their greatest.
    """

    def __init__(self, values: Floats) -> None:
        known = np.isfinite(values)
        self.values = values
        self._lows = [np.where(known, values, np.float32(np.inf))]
        self._highs = [np.where(known, values, np.float32(-np.inf))]
        self._sums = [np.where(known, values, np.float32(0))]
        self._counts = [known.astype(np.float32)]
        while len(self._lows[-1]) > _LEAST_BLOCKS:
            starts = np.arange(0, len(self._lows[-1]), _FACTOR)
            self._lows.append(np.minimum.reduceat(self._lows[-1], starts))
            self._highs.append(np.maximum.reduceat(self._highs[-1], starts))
            self._sums.append(np.add.reduceat(self._sums[-1], starts))
            self._counts.append(np.add.reduceat(self._counts[-1], starts))

    def columns(self, scale: TimeScale, columns: int) -> tuple[Floats, Floats, Floats]:
        """(least, greatest, mean), float32[columns] each, of the frames in each column of the visible part."""
        a_column = scale.span / columns
        level = 0
        while level + 1 < len(self._lows) and a_column >= 2 * _FACTOR ** (level + 1):
            level += 1
        blocks = len(self._lows[level])
        edges = np.floor((scale.first + np.arange(columns + 1) * a_column) / _FACTOR**level).astype(np.int64)
        begins = np.minimum(edges[:-1], blocks - 1)
        end = max(int(begins[-1]) + 1, min(blocks, int(edges[-1])))
        # where a column lies within one block, reduceat gives that block's own value
        low = np.minimum.reduceat(self._lows[level][:end], begins)
        high = np.maximum.reduceat(self._highs[level][:end], begins)
        count = np.add.reduceat(self._counts[level][:end], begins)
        mean = np.add.reduceat(self._sums[level][:end], begins) / np.maximum(count, 1)
        nothing = (edges[:-1] >= blocks) | (count == 0)
        low[nothing], high[nothing], mean[nothing] = np.inf, -np.inf, np.nan
        return low, high, mean.astype(np.float32)

    def between(self, places: NDArray[np.float64]) -> Floats:
        """The line from frame to frame at these places in frames, a value standing in its frame's middle.

        NaN where either frame is not known, but for what lies within half a frame of a known one.
        """
        count = len(self.values)
        at = places - 0.5
        whole = np.floor(at)
        left = np.clip(whole, 0, count - 1).astype(np.int64)
        right = np.clip(whole + 1, 0, count - 1).astype(np.int64)
        share = (at - whole).astype(np.float32)
        one, other = self.values[left], self.values[right]
        line: Floats = one + (other - one) * share
        line[(places < 0) | (places > count)] = np.nan
        return line


class CurveRow:
    """One value a frame, drawn in the middle of its frame; what is not known leaves a gap.

    Where a column of pixels holds many frames, their reach is drawn dim and their mean bright over it: a wall
    of dips does not hide how the film goes on the whole.
    """

    def __init__(self) -> None:
        self._pyramid: CurvePyramid | None = None
        self._version = 0
        self._layer = RowLayer()

    @property
    def version(self) -> int:
        """Counts what there was to show."""
        return self._version

    def set_values(self, values: Floats) -> None:
        """Draw float32[n], 0 to 1, NaN where there is nothing yet."""
        self._pyramid = CurvePyramid(values) if len(values) else None
        self._version += 1

    def paint(self, painter: QPainter, area: QRect, scale: TimeScale) -> None:
        """Fill `area` with the part of the film that `scale` shows; painted anew only if either changed."""
        self._layer.paint(painter, area, scale, version=self._version, paint_row=self._paint_row)

    def _paint_row(self, painter: QPainter, size: QSize, scale: TimeScale, ratio: float) -> None:
        row = GreyRow(size, ratio, palette.SUNKEN)
        for level in _LEVELS:
            row.put_level(
                float(_y_of(np.float32(level), row.height)), max(1, round(ratio)), palette.GRID_LINE
            )
        if self._pyramid is not None and row.height > 1:
            self._put_curve(row, self._pyramid, scale, max(_LEAST_LINE_PX, ratio))
        row.draw(painter)

    def _put_curve(self, row: GreyRow, pyramid: CurvePyramid, scale: TimeScale, thick: float) -> None:
        frames_a_column = scale.span / row.width
        edges = scale.first + np.arange(row.width + 1, dtype=np.float64) * frames_a_column
        line = _y_of(pyramid.between(edges), row.height)
        top: Floats = np.fmin(line[:-1], line[1:])
        bottom: Floats = np.fmax(line[:-1], line[1:])
        if frames_a_column <= 0.5:
            row.put_curve((line[:-1] + line[1:]) * np.float32(0.5), bottom - top, thick / 2, palette.CURVE)
            return
        low, high, mean = pyramid.columns(scale, row.width)
        top, bottom = np.fmin(top, _y_of(high, row.height)), np.fmax(bottom, _y_of(low, row.height))
        unknown = low > high
        top[unknown], bottom[unknown] = np.nan, np.nan
        if frames_a_column < _MEAN_FROM_FRAMES:
            row.put_spans(top, bottom, thick / 2, palette.CURVE)
        else:
            row.put_reach(top, bottom, palette.OUTLINE)
            row.put_line(_y_of(mean, row.height), thick / 2 + 0.25, palette.CURVE)


def _y_of(values: Floats | np.float32, height: int) -> Floats:
    """Values as heights in device pixels from the row's top."""
    share = (Y_RANGE[1] - values) / (Y_RANGE[1] - Y_RANGE[0])
    return np.asarray(share * height, dtype=np.float32)
