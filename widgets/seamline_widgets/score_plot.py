"""How much the content changes along the film: the score, the threshold it is held against, and the segments."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seamline_resources import palette
from seamline_widgets.theme import figures_font

_Y_RANGE = (0.0, 1.08)
_LEAST_FRAMES = 50
_SECONDS_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_BANDS = (QColor(palette.SUNKEN), QColor("#202020"))
_LABEL_PT = 8.0

Floats = NDArray[np.float32]
Frames = NDArray[np.int64]


class ScorePlot(QWidget):
    """x is the frame number, labelled in timecode; y the score, 0 to 1.

    `seek_wanted(frame)`: a click there. The wheel zooms, a drag pans, a double click shows the whole film.
    """

    seek_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame_count = 0
        self._nominal_rate = 25
        self._timecode_of: Callable[[int], str] = lambda _: ""
        self._plot: Any = pg.PlotWidget(parent=self, background=palette.SUNKEN)
        item = self._plot.getPlotItem()
        item.hideAxis("left")
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setContentsMargins(0, 0, 0, 0)
        self._axis = item.getAxis("bottom")
        self._axis.setPen(palette.LINE)
        self._axis.setTextPen(palette.TEXT_QUIET)
        self._axis.setStyle(tickLength=4, tickFont=figures_font(_LABEL_PT), tickTextOffset=4)
        self._view = item.getViewBox()
        self._view.setMouseEnabled(True, False)
        self._view.disableAutoRange()
        self._view.setDefaultPadding(0)
        self._view.setYRange(*_Y_RANGE, padding=0)
        self._bands: Any = None
        self._score = pg.PlotDataItem(
            pen=pg.mkPen(palette.CURVE, width=1), fillLevel=0, brush=QColor(176, 176, 176, 56)
        )
        self._threshold = pg.PlotDataItem(pen=pg.mkPen(palette.TEXT_STRONG, width=1))
        self._playhead = pg.InfiniteLine(0, angle=90, pen=pg.mkPen(palette.ACCENT, width=2))
        for curve in (self._score, self._threshold, self._playhead):
            self._plot.addItem(curve)
        for curve in (self._score, self._threshold):
            curve.setClipToView(True)
            curve.setDownsampling(auto=True, method="peak")
        widget: QWidget = self._plot
        widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        widget.setCursor(Qt.CursorShape.PointingHandCursor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(widget)
        self._plot.scene().sigMouseClicked.connect(self._on_click)
        self._view.sigXRangeChanged.connect(lambda *_: self._label())
        self.setMinimumHeight(64)
        self.setAccessibleName("Change of content along the film")
        self.setToolTip(
            "Grey: how much the content changes. White: the threshold. A click goes there; the wheel zooms, "
            "a double click shows the whole film."
        )
        self.clear()

    def sizeHint(self) -> QSize:
        return QSize(440, 136)

    def clear(self) -> None:
        """Show nothing."""
        self.set_film(0, lambda _: "", 25)

    def set_film(self, frame_count: int, timecode_of: Callable[[int], str], nominal_rate: int) -> None:
        """Make room for a film of that length; what was shown goes."""
        self._frame_count = frame_count
        self._nominal_rate = nominal_rate
        self._timecode_of = timecode_of
        self._view.setLimits(
            xMin=0, xMax=max(1, frame_count), minXRange=min(_LEAST_FRAMES, max(1, frame_count))
        )
        nothing = np.zeros(0, np.float32)
        self.set_scores(np.zeros(0, np.int64), nothing, nothing, np.zeros(0, np.int64))
        self.fit()

    def set_labels(self, timecode_of: Callable[[int], str], nominal_rate: int) -> None:
        """Label the frames of the same film anew."""
        self._timecode_of, self._nominal_rate = timecode_of, nominal_rate
        self._label()

    def set_scores(self, frames: Frames, scores: Floats, thresholds: Floats, starts: Frames) -> None:
        """Show a score and a threshold at each of `frames`, all of one length, and segments that begin at
        `starts`, the first of them 0."""
        self._score.setData(frames.astype(np.float64), scores)
        self._threshold.setData(frames.astype(np.float64), np.minimum(thresholds, _Y_RANGE[1] - 0.02))
        self.setAccessibleDescription(
            f"{len(starts):,} {'segment' if len(starts) == 1 else 'segments'}"
            if len(starts)
            else "No segments yet"
        )
        if self._bands is not None:
            self._plot.removeItem(self._bands)
            self._bands = None
        if len(starts):
            ends = np.append(starts[1:], self._frame_count)
            brushes = [_BANDS[number % 2] for number in range(len(starts))]
            self._bands = pg.BarGraphItem(
                x0=starts, x1=ends, y0=0, y1=_Y_RANGE[1], brushes=brushes, pen=pg.mkPen(None)
            )
            self._bands.setZValue(-10)
            self._plot.addItem(self._bands)

    def set_playhead(self, frame: int) -> None:
        """Mark that frame."""
        self._playhead.setValue(frame + 0.5)

    def fit(self) -> None:
        """Show the whole film."""
        self._view.setXRange(0, max(1, self._frame_count), padding=0)
        self._label()

    def visible_frames(self) -> tuple[float, float]:
        """The first frame that can be seen and the end of what can be seen."""
        first, last = self._view.viewRange()[0]
        return float(first), float(last)

    def point_of(self, frame: float, score: float = 0.5) -> QPointF:
        """Where that place of the plot is in this widget."""
        at = self._plot.mapFromScene(self._view.mapViewToScene(QPointF(frame, score)))
        widget: QWidget = self._plot
        return QPointF(widget.mapTo(self, at))

    @property
    def plot_widget(self) -> QWidget:
        """What gets the mouse."""
        widget: QWidget = self._plot.viewport()
        return widget

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._label()

    def _on_click(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._frame_count:
            return
        if event.double():
            self.fit()
            return
        frame = math.floor(self._view.mapSceneToView(event.scenePos()).x())
        self.seek_wanted.emit(min(max(0, frame), self._frame_count - 1))

    def _label(self) -> None:
        """Timecodes at round times, as many as there is room for."""
        first, last = self.visible_frames()
        room_px = QFontMetrics(figures_font(_LABEL_PT)).horizontalAdvance("00:00:00:00") + 16
        least_frames = (last - first) * room_px / max(room_px, self.width())
        least_s = least_frames / self._nominal_rate
        step = next((s for s in _SECONDS_STEPS if s >= least_s), _SECONDS_STEPS[-1]) * self._nominal_rate
        places = range(
            max(0, math.floor(first / step)) * step, min(self._frame_count, math.ceil(last)) + 1, step
        )
        ticks = [(float(place), self._timecode_of(place)) for place in places if place < self._frame_count]
        self._axis.setTicks([ticks])
