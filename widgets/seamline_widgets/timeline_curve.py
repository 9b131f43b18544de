"""The similarity curve: a pyqtgraph plot without axes, mouse or menus, driven by the timeline around it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsItem, QWidget

from seamline_resources import palette

Y_RANGE = (-0.04, 1.04)


class SimilarityCurve:
    """One value a frame, drawn in the middle of its frame; NaN leaves a gap.

    Repainting 260,000 values costs what the visible pixels cost: pyqtgraph clips to the view and keeps the
    peaks of what it leaves out.
    """

    def __init__(self, parent: QWidget) -> None:
        self._plot: Any = pg.PlotWidget(parent=parent, background=palette.SUNKEN)
        widget: QWidget = self._plot
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = self._plot.getPlotItem()
        item.hideAxis("left")
        item.hideAxis("bottom")
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setContentsMargins(0, 0, 0, 0)
        item.layout.setContentsMargins(0, 0, 0, 0)
        self._view = item.getViewBox()
        self._view.setMouseEnabled(False, False)
        self._view.disableAutoRange()
        self._view.setDefaultPadding(0)
        self._view.setYRange(*Y_RANGE, padding=0)
        self._curve = pg.PlotDataItem(pen=pg.mkPen(palette.CURVE, width=1), connect="finite")
        # two values a pixel column show every peak; the default of five costs more than twice the time
        self._curve.opts["autoDownsampleFactor"] = 2.0
        # while the film plays only the playhead moves: the painted curve is kept
        self._curve.curve.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._plot.addItem(self._curve)
        # only now: a plot gives its own settings to what is added to it
        self._curve.setClipToView(True)
        self._curve.setDownsampling(auto=True, method="peak")
        self._pen_px = 1
        self._centres = np.zeros(0)

    @property
    def widget(self) -> QWidget:
        """The plot, for the layout of the timeline."""
        widget: QWidget = self._plot
        return widget

    def set_frame_count(self, frame_count: int) -> None:
        """Empty the curve and make room for a film of that length."""
        self._centres = np.arange(frame_count, dtype=np.float64) + 0.5
        self.set_values(np.zeros(0, dtype=np.float32))

    def set_values(self, values: NDArray[np.float32]) -> None:
        """Draw float32[<= frame count]; NaN where there is nothing yet."""
        # pyqtgraph warns about arrays of nothing but NaN, and its cost grows with what it is given
        known = np.isfinite(values)
        end = len(known) - int(np.argmax(known[::-1])) if known.any() else 0
        self._curve.setData(self._centres[:end], values[:end])

    def set_pixel_ratio(self, ratio: float) -> None:
        """Keep the line as thick as it looks at 100 %; pyqtgraph's pens count device pixels."""
        width = max(1, round(ratio))
        if width != self._pen_px:
            self._pen_px = width
            self._curve.setPen(pg.mkPen(palette.CURVE, width=width))

    def set_range(self, first: float, last: float) -> None:
        """Show the frames from `first` to `last` across the whole width."""
        self._view.setXRange(first, last, padding=0)
