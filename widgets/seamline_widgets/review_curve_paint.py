"""What is painted of the differences about a seam: a bar a frame, the seam's place, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from seamline.project.types import SeamKind
from seamline_resources import palette
from seamline_widgets.review_chip import paint_chip
from seamline_widgets.review_seam import ReviewedSeam
from seamline_widgets.theme import figures_font

FLAG_PX, SCALE_PX = 20, 16
_MOST_BARS = 120
_GRID = (0.25, 1.0)


@dataclass(frozen=True, slots=True)
class CurvePlace:
    """Where the frames from `first` to before `end` stand on so many pixels."""

    first: int
    end: int
    width: int
    height: int

    @property
    def frame_px(self) -> float:
        return self.width / max(1, self.end - self.first)

    @property
    def bars_bottom(self) -> int:
        return self.height - SCALE_PX

    def frame_at(self, x: float) -> int:
        """The frame whose bar is there."""
        return self.first + min(max(0, int(x / self.frame_px)), self.end - self.first - 1)

    def x_of(self, frame: float) -> float:
        """Where the bar of `frame` begins."""
        return (frame - self.first) * self.frame_px

    def y_of(self, difference_01: float) -> float:
        """How high a bar reaches, by the square root: small steps are seen, and large ones told apart."""
        height = self.bars_bottom - FLAG_PX - 2
        return self.bars_bottom - round(height * float(min(1.0, max(0.0, difference_01)) ** 0.5))

    def flag_rect(self, subject: ReviewedSeam) -> QRectF:
        """The seam's flag, over its line or the middle of its span."""
        seam = subject.seam
        middle = (self.x_of(seam.out_frame + 1) + self.x_of(seam.in_frame)) / 2
        return QRectF(round(middle) - 8, 2, 16, 16)


@dataclass(frozen=True, slots=True)
class CurveState:
    """All that is painted. `differences` is float32[end - first], NaN where not known; `readout` is said below."""

    place: CurvePlace
    subject: ReviewedSeam
    differences: NDArray[np.float32]
    frame_count: int
    playhead: int
    hovered: int | None
    readout: str


def paint_curve(painter: QPainter, state: CurveState) -> None:
    """Paint it over a plain ground."""
    _paint_grid(painter, state.place)
    _paint_playhead(painter, state)
    _paint_bars(painter, state)
    _paint_seam(painter, state)
    _paint_scale(painter, state)


def _paint_grid(painter: QPainter, place: CurvePlace) -> None:
    for value in _GRID:
        painter.fillRect(QRectF(0, place.y_of(value), place.width, 1), QColor(palette.GRID_LINE))
    painter.fillRect(QRectF(0, place.bars_bottom, place.width, 1), QColor(palette.LINE))


def _paint_playhead(painter: QPainter, state: CurveState) -> None:
    place = state.place
    if not place.first <= state.playhead < place.end:
        return
    tint = QColor(palette.ACCENT)
    tint.setAlpha(56)
    left, width = place.x_of(state.playhead), max(2.0, place.frame_px)
    painter.fillRect(QRectF(left, FLAG_PX, width, place.bars_bottom - FLAG_PX), tint)
    painter.fillRect(QRectF(left, place.bars_bottom - 1, width, 3), QColor(palette.ACCENT))


def _paint_bars(painter: QPainter, state: CurveState) -> None:
    place, seam = state.place, state.subject.seam
    bottom = float(place.bars_bottom)
    of_seam, other = QColor(palette.SEAM_LOOKS[seam.kind].colour), QColor(palette.CURVE)
    hatching = QBrush(QColor(palette.OUTLINE), Qt.BrushStyle.BDiagPattern)
    step = -(-(place.end - place.first) // _MOST_BARS)
    gap = 1.0 if place.frame_px * step >= 4 else 0.0
    for first in range(place.first, place.end, step):
        frames = range(max(0, first), min(first + step, place.end, state.frame_count))
        if not frames:
            continue  # before the film, or behind it
        left = place.x_of(first)
        width = max(1.0, place.frame_px * step - gap)
        values = state.differences[frames.start - place.first : frames.stop - place.first]
        known = values[np.isfinite(values)]
        if not known.size:
            painter.fillRect(QRectF(left, FLAG_PX, width + gap, bottom - FLAG_PX), hatching)
            continue
        top = min(place.y_of(float(known.max())), bottom - 1)
        is_of_seam = any(seam.out_frame < frame <= seam.in_frame for frame in frames)
        colour = of_seam if is_of_seam else other
        if state.hovered is not None and state.hovered in frames:
            colour = QColor(palette.TEXT_STRONG)
        painter.fillRect(QRectF(left, top, width, bottom - top), colour)


def _paint_seam(painter: QPainter, state: CurveState) -> None:
    place, subject = state.place, state.subject
    seam = subject.seam
    left, right = place.x_of(seam.out_frame + 1), place.x_of(seam.in_frame)
    colour = QColor(palette.SEAM_LOOKS[seam.kind].colour)
    if seam.kind is not SeamKind.CUT:
        tint = QColor(colour)
        tint.setAlpha(40)
        painter.fillRect(QRectF(left, FLAG_PX, right - left, place.bars_bottom - FLAG_PX), tint)
    painter.setPen(QPen(colour, 2, Qt.PenStyle.DashLine if subject.is_question else Qt.PenStyle.SolidLine))
    for x in {left, right}:
        painter.drawLine(QPointF(round(x), FLAG_PX - 2), QPointF(round(x), place.bars_bottom))
    paint_chip(painter, place.flag_rect(subject), subject)


def _paint_scale(painter: QPainter, state: CurveState) -> None:
    place, seam = state.place, state.subject.seam
    line = QRectF(4, place.bars_bottom + 1, place.width - 8, SCALE_PX - 1)
    painter.setFont(figures_font(figures_font().pointSizeF() * 0.85))
    centre = int(Qt.AlignmentFlag.AlignCenter)
    if state.readout:
        painter.setPen(QColor(palette.TEXT))
        painter.drawText(line, centre, state.readout)
        return
    painter.setPen(QColor(palette.TEXT_QUIET))
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(line, int(middle | Qt.AlignmentFlag.AlignLeft), f"−{seam.out_frame + 1 - place.first}")
    painter.drawText(line, int(middle | Qt.AlignmentFlag.AlignRight), f"+{place.end - seam.in_frame}")
    if painter.fontMetrics().horizontalAdvance("Difference  −12+12") < line.width():
        painter.drawText(line, centre, "Difference")
