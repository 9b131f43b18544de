"""Marks on the timeline where a cut list differs from the film: each kind has a shape, a sign and a colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from seamline_resources import palette
from seamline_widgets.timeline_scale import TimeScale

MARK_PX = 14
_ABOVE_PX = 3  # between a mark and the end of its row
_LEAST_GAP_PX = 6  # marks that crowd more are not all drawn: they would hide each other


@dataclass(frozen=True, slots=True)
class Mark:
    """A difference at a film frame: its `kind` is one of `palette.DIFFERENCES`, `text` says what it is."""

    frame: int
    kind: str
    text: str


class MarkRow:
    """All marks in order of their frames, along the foot of the similarity curve."""

    def __init__(self, marks: Sequence[Mark] = ()) -> None:
        self._marks = tuple(sorted(marks, key=lambda mark: mark.frame))
        self._frames = np.array([mark.frame for mark in self._marks], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._marks)

    def paint(self, painter: QPainter, scale: TimeScale, bottom: int) -> None:
        """Draw those that can be seen, above `bottom`; a short line says where exactly each stands."""
        if not self._marks:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = bottom - _ABOVE_PX - MARK_PX / 2
        for mark, x in self._visible(scale):
            colour = QColor(palette.DIFFERENCES[mark.kind])
            painter.fillRect(QRectF(round(x), middle - MARK_PX * 1.5, 1, MARK_PX), colour)
            paint_mark(painter, mark.kind, QPointF(round(x) + 0.5, middle))
        painter.restore()

    def at(self, scale: TimeScale, position: QPoint, bottom: int) -> Mark | None:
        """The mark that is drawn under `position`."""
        if not bottom - _ABOVE_PX - MARK_PX <= position.y() <= bottom:
            return None
        near = [(abs(x - position.x()), mark) for mark, x in self._visible(scale)]
        distance, mark = min(near, key=lambda pair: pair[0], default=(MARK_PX, None))
        return mark if distance <= MARK_PX / 2 + 1 else None

    def _visible(self, scale: TimeScale) -> list[tuple[Mark, float]]:
        """What is drawn, with its place in pixels; of a crowd of one kind only some."""
        margin = MARK_PX / scale.frame_px
        first, last = np.searchsorted(self._frames, (scale.first - margin, scale.last + margin))
        drawn: list[tuple[Mark, float]] = []
        last_x: dict[str, float] = {}
        for mark in self._marks[first:last]:
            x = scale.x_of(mark.frame)
            if x - last_x.get(mark.kind, -np.inf) >= _LEAST_GAP_PX:
                drawn.append((mark, x))
                last_x[mark.kind] = x
        return drawn


def paint_mark(painter: QPainter, kind: str, middle: QPointF) -> None:
    """Missing: a hollow square with −; extra: a disc with +; moved: two arrows; another kind: a diamond with ≠."""
    colour, ink = QColor(palette.DIFFERENCES[kind]), QColor(palette.PICTURE_SURROUND)
    x, y, r = middle.x(), middle.y(), MARK_PX / 2 - 1
    box = QRectF(x - r, y - r, 2 * r, 2 * r)
    if kind == "missing":
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(ink)
        painter.drawRect(box.adjusted(0.75, 0.75, -0.75, -0.75))
        painter.drawLine(QPointF(x - 3, y), QPointF(x + 3, y))
        return
    painter.setPen(QPen(ink, 1))
    painter.setBrush(colour)
    if kind == "extra":
        painter.drawEllipse(box)
        painter.setPen(QPen(ink, 1.5))
        painter.drawLine(QPointF(x - 3, y), QPointF(x + 3, y))
        painter.drawLine(QPointF(x, y - 3), QPointF(x, y + 3))
    elif kind == "moved":
        for way in (-1, 1):
            points = [(x + way * (r + 2), y), (x + way, y - r), (x + way, y + r)]
            painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
    else:
        points = [(x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)]
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
        painter.setPen(QPen(ink, 1))
        for dy in (-1.5, 1.5):
            painter.drawLine(QPointF(x - 3, y + dy), QPointF(x + 3, y + dy))
        painter.drawLine(QPointF(x - 2, y + 3.5), QPointF(x + 2, y - 3.5))


def mark_icon(kind: str, ratio: float = 1.0) -> QIcon:
    """The same mark for a list."""
    side = MARK_PX + 2
    pixmap = QPixmap(QSize(side, side) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_mark(painter, kind, QPointF(side / 2, side / 2))
    painter.end()
    return QIcon(pixmap)
