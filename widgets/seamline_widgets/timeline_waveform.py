"""The row of sound: peak and RMS loudness along the time axis of the timeline."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from seamline_resources import palette
from seamline_widgets.timeline_layer import RowLayer
from seamline_widgets.timeline_raster import Floats, GreyRow
from seamline_widgets.timeline_scale import TimeScale

_FACTOR = 8
_LEAST_BLOCKS = 4096
_MARGIN_PX = 3


class LoudnessPyramid:
    """Peak and RMS of a film's frames, and of blocks of 8, 64, ... of them: any part of it costs what is seen.

    A block's peak is the largest of its frames, its power the mean of theirs: of a film of 260,000 frames, a
    thousand columns take a tenth of a millisecond.
    """

    def __init__(self, frame_count: int) -> None:
        self.known_frames = 0
        """How many frames from the start on have their loudness."""
        self._peaks: list[Floats] = []
        self._powers: list[Floats] = []
        blocks = max(1, frame_count)
        while True:
            self._peaks.append(np.zeros(blocks, np.float32))
            self._powers.append(np.zeros(blocks, np.float32))
            if blocks <= _LEAST_BLOCKS:
                break
            blocks = -(-blocks // _FACTOR)

    def put(self, start_frame: int, peak: Floats, rms: Floats) -> None:
        """Take float32[n] each, of frames from `start_frame` on; beyond the film's end there is nothing."""
        end = min(start_frame + len(peak), len(self._peaks[0]))
        first = start_frame
        if end <= first:
            return
        self._peaks[0][first:end] = peak[: end - first]
        self._powers[0][first:end] = np.square(rms[: end - first])
        self.known_frames = max(self.known_frames, end)
        for level in range(1, len(self._peaks)):
            first, end = first // _FACTOR, -(-end // _FACTOR)
            below = slice(first * _FACTOR, end * _FACTOR)
            starts = np.arange(0, len(self._peaks[level - 1][below]), _FACTOR)
            counts = np.diff(np.append(starts, len(self._peaks[level - 1][below])))
            self._peaks[level][first:end] = np.maximum.reduceat(self._peaks[level - 1][below], starts)
            self._powers[level][first:end] = np.add.reduceat(self._powers[level - 1][below], starts) / counts

    def columns(self, scale: TimeScale, columns: int) -> tuple[Floats, Floats]:
        """(peak, rms), float32[columns] each: the loudness of the frames in each column of the visible part."""
        a_column = scale.span / columns
        level = 0
        while level + 1 < len(self._peaks) and a_column >= 2 * _FACTOR ** (level + 1):
            level += 1
        peaks, powers = self._peaks[level], self._powers[level]
        edges = (scale.first + np.arange(columns + 1) * a_column) / _FACTOR**level
        begins = np.clip(edges[:-1].astype(np.int64), 0, len(peaks) - 1)
        end = min(len(peaks), max(int(begins[-1]) + 1, int(np.ceil(edges[-1]))))
        # reduceat gives a column within the block of the one before that block's value: it takes none from it
        counts = np.maximum(1, np.diff(np.append(begins, end)))
        peak = np.maximum.reduceat(peaks[:end], begins)
        power = np.add.reduceat(powers[:end], begins) / counts
        return peak, np.sqrt(power, dtype=np.float32)


class WaveformRow:
    """Peak and, brighter, RMS around a centre line.

    Their height is the square root of the amplitude, so that speech at -26 dB has a fifth of the row, not a
    twentieth. What is not known yet is the line alone; a `note` says why there is nothing to see.
    """

    def __init__(self, font: QFont) -> None:
        self._font = font
        self._pyramid = LoudnessPyramid(0)
        self._note = ""
        self._version = 0
        self._layer = RowLayer()

    def clear(self, frame_count: int) -> None:
        """Another film, of which nothing is known."""
        self._pyramid = LoudnessPyramid(frame_count)
        self._note = ""
        self._layer = RowLayer()

    @property
    def version(self) -> int:
        """Counts what there was to show."""
        return self._version

    def put(self, start_frame: int, peak: Floats, rms: Floats) -> None:
        """Show the loudness, 1 for full scale, of the frames from `start_frame` on."""
        self._pyramid.put(start_frame, peak, rms)
        self._version += 1

    def set_note(self, note: str) -> None:
        """Say in a few words why there is no sound; nothing if empty."""
        self._note = note
        self._version += 1

    def paint(self, painter: QPainter, area: QRect, scale: TimeScale) -> None:
        """Fill `area` with the part of the film that `scale` shows; painted anew only if either changed."""
        self._layer.paint(painter, area, scale, version=self._version, paint_row=self._paint_row)

    def _paint_row(self, painter: QPainter, size: QSize, scale: TimeScale, ratio: float) -> None:
        row = GreyRow(size, ratio, palette.SUNKEN)
        row.put_level((row.height - 1) // 2, 1, palette.LINE)
        if self._pyramid.known_frames and not self._note:
            self._put_shapes(row, scale, ratio)
        row.draw(painter)
        painter.fillRect(QRectF(0, 0, size.width(), 1), QColor(palette.WINDOW))
        if self._note:
            painter.setFont(self._font)
            painter.setPen(QColor(palette.TEXT_QUIET))
            width = painter.fontMetrics().horizontalAdvance(self._note) + 16
            label = QRectF(0, 1, width + 8, size.height() - 1)
            painter.fillRect(label, QColor(palette.SUNKEN))
            painter.drawText(label, int(Qt.AlignmentFlag.AlignCenter), self._note)

    def _put_shapes(self, row: GreyRow, scale: TimeScale, ratio: float) -> None:
        """The two shapes, their upper and lower edges softened."""
        peak, rms = self._pyramid.columns(scale, row.width)
        known = round(scale.x_of(self._pyramid.known_frames) * ratio)
        reach = np.float32(row.height / 2 - _MARGIN_PX * ratio)
        for loudness, colour in ((peak, palette.TEXT_DISABLED), (rms, palette.CURVE)):
            row.put_mirrored(np.sqrt(np.minimum(loudness, 1)) * reach, colour, known)
