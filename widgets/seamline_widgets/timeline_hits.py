"""What a search has found, along the film: a pin for each place, the higher the more it sticks out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from seamline_resources import palette
from seamline_widgets.percent import percent_text
from seamline_widgets.timeline_rows import FLAGS_PX, TimelineRows
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_zoom import ZoomedTimeline

_HEAD_PX = 7.0
_LEAST_PX, _MOST_PX = 10.0, 32.0  # of a pin's height
_LEAST_GAP_PX = 6  # pins that crowd more are not all drawn: the highest of them is
_REACH_PX = 5


class HitRow:
    """Places in order of their frames: int64[n], and how far each sticks out, 0 to 1."""

    def __init__(self, frames: Sequence[int] = (), strengths_01: Sequence[float] = ()) -> None:
        places = np.asarray(frames, np.int64)
        strengths = np.clip(np.nan_to_num(np.asarray(strengths_01, np.float64)), 0, 1)
        if places.shape != strengths.shape:
            raise ValueError(f"need a strength for each place, not {len(strengths)} for {len(places)}")
        order = np.argsort(places, kind="stable")
        self.frames: NDArray[np.int64] = places[order]
        self.strengths: NDArray[np.float64] = strengths[order]

    def __len__(self) -> int:
        return len(self.frames)

    def paint(self, painter: QPainter, scale: TimeScale, rows: TimelineRows, current: int | None) -> None:
        """Draw the pins that can be seen, over the foot of the pictures, or of the curve where there are none;
        `current` is the frame of the one that stands out."""
        if not len(self):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        foot = _foot(rows)
        for at in self._visible(scale):
            frame = int(self.frames[at])
            x = round(scale.x_of(frame)) + 0.5
            _paint_pin(painter, x, foot, _height(self.strengths[at]), is_current=frame == current)
        at = len(self) if current is None else int(np.searchsorted(self.frames, current))
        if at < len(self) and current == self.frames[at]:  # over its neighbours
            x = round(scale.x_of(int(self.frames[at]))) + 0.5
            _paint_pin(painter, x, foot, _height(self.strengths[at]), is_current=True)
        painter.restore()

    def at(self, position: QPoint, scale: TimeScale, rows: TimelineRows) -> int | None:
        """The frame of the pin that is drawn under that place."""
        foot = _foot(rows)
        near = [
            (abs(scale.x_of(int(self.frames[at])) - position.x()), int(self.frames[at]))
            for at in self._visible(scale)
            if foot - _height(self.strengths[at]) - 2 <= position.y() <= foot
        ]
        distance, frame = min(near, default=(_REACH_PX + 1.0, 0))
        return frame if distance <= _REACH_PX else None

    def strength_of(self, frame: int) -> float:
        """How far the place at that frame sticks out, 0 to 1."""
        return float(self.strengths[int(np.searchsorted(self.frames, frame))])

    def _visible(self, scale: TimeScale) -> list[int]:
        """Which are drawn: of those that crowd the highest."""
        margin = _HEAD_PX / scale.frame_px
        first, last = np.searchsorted(self.frames, (scale.first - margin, scale.last + margin))
        drawn: list[int] = []
        for at in range(int(first), int(last)):
            apart_px = (self.frames[at] - self.frames[drawn[-1]]) * scale.frame_px if drawn else _LEAST_GAP_PX
            if apart_px >= _LEAST_GAP_PX:
                drawn.append(at)
            elif self.strengths[at] > self.strengths[drawn[-1]]:
                drawn[-1] = at
        return drawn


class HitTimeline(ZoomedTimeline):
    """A timeline with the hits of a search."""

    def set_film(self, frame_count: int, timecode_of: Callable[[int], str], nominal_rate: int = 25) -> None:
        self._hits = HitRow()
        self._current_hit: int | None = None
        super().set_film(frame_count, timecode_of, nominal_rate)

    def set_hits(self, frames: Sequence[int], strengths_01: Sequence[float]) -> None:
        """Show a pin at each of these frames, as high as the strength there, 0 to 1; none for none."""
        self._hits = HitRow(frames, strengths_01)
        self.update()

    def set_current_hit(self, frame: int | None) -> None:
        """Have the pin at that frame stand out, or none."""
        if frame != self._current_hit:
            self._current_hit = frame
            self.update()

    def paint_rows(self, painter: QPainter) -> None:
        super().paint_rows(painter)
        if self._frame_count:
            self._hits.paint(painter, self._scale, self._rows, self._current_hit)

    def hit_at(self, position: QPointF | QPoint) -> int | None:
        """The frame of the hit under that place, None where there is none."""
        if not self._frame_count or not len(self._hits):
            return None
        point = position.toPoint() if isinstance(position, QPointF) else position
        return self._hits.at(point, self._scale, self._rows)

    def hit_text(self, position: QPoint) -> str:
        """What the hit under that place is, empty where there is none."""
        frame = self.hit_at(position)
        if frame is None:
            return ""
        share = percent_text(self._hits.strength_of(frame))
        return f"Found at {self._timecode_of(frame)}\nSticks out by {share}\nClick to go there"


def _foot(rows: TimelineRows) -> int:
    """Where the pins stand: below the pictures; without these, so high that they cover little of the curve."""
    return rows.curve_top - 1 if rows.strip_px else FLAGS_PX + round(_MOST_PX) + 2


def _height(strength_01: float) -> float:
    return _LEAST_PX + (_MOST_PX - _LEAST_PX) * float(strength_01)


def _paint_pin(painter: QPainter, x: float, foot: int, height: float, *, is_current: bool) -> None:
    """A stem with a round head, light with a dark rim: it is seen on any picture."""
    rim, ink = QColor(palette.PICTURE_SURROUND), QColor(palette.ACCENT if is_current else palette.TEXT_STRONG)
    radius = _HEAD_PX / 2 + (1 if is_current else 0)
    stem = QRectF(x - 1, foot - height + radius, 2, height - radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(stem.adjusted(-1, 0, 1, 0), rim)
    painter.fillRect(stem, ink)
    painter.setPen(QPen(rim, 1.5))
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(x, foot - height + radius), radius, radius)
