"""A row of the timeline as it was painted last."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPixmap

from seamline_widgets.timeline_scale import TimeScale

PaintRow = Callable[[QPainter, QSize, TimeScale, float], None]
"""Covers a size in logical pixels, for a scale of time, at a ratio of device to logical pixels."""


class RowLayer:
    """Keeps a row's pixels; they are painted anew only if what they show, or their size, changed."""

    def __init__(self) -> None:
        self._held: tuple[Hashable, QPixmap] | None = None

    def paint(
        self, painter: QPainter, area: QRect, scale: TimeScale, *, version: int, paint_row: PaintRow
    ) -> None:
        """Fill `area` with the part of the film that `scale` shows; `version` counts what there is to show."""
        ratio = painter.device().devicePixelRatio()
        key = scale, area.width(), area.height(), ratio, version
        if self._held is None or self._held[0] != key:
            layer = layer_pixmap(self._held[1] if self._held is not None else None, area.size(), ratio)
            inner = QPainter(layer)
            paint_row(inner, area.size(), scale, ratio)
            inner.end()
            self._held = key, layer
        painter.drawPixmap(area.topLeft(), self._held[1])


def layer_pixmap(before: QPixmap | None, size: QSize, ratio: float) -> QPixmap:
    """A pixmap for a layer of that size in logical pixels: the one from before, if it is as large.

    At twice the pixels, its memory alone costs a millisecond to get.
    """
    if before is not None and before.size() == size * ratio and before.devicePixelRatio() == ratio:
        return before
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
