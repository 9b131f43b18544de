"""Zooming and panning the timeline: by wheel, trackpad and pinch, and to what is selected."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent

from seamline_widgets.timeline_canvas import TimelineCanvas
from seamline_widgets.timeline_scale import TimeScale

_WHEEL_STEP = 1.25
_KEY_STEP = 1.6


class ZoomedTimeline(TimelineCanvas):
    """The wheel or a pinch zooms about the mouse; Shift and wheel, or the sideways wheel, pan."""

    def fit(self) -> None:
        """Show the whole film."""
        self._set_scale(TimeScale.fitted(self._frame_count, self._scale.width_px))

    def zoom_in(self) -> None:
        """Show less of the film, around the playhead."""
        self._zoom(_KEY_STEP)

    def zoom_out(self) -> None:
        """Show more of the film, around the playhead."""
        self._zoom(1 / _KEY_STEP)

    def zoom_to_selection(self) -> None:
        """Show the selected seams with some room about them; else in to out; else the shot at the playhead."""
        if self._frame_count and not self._is_held():
            self._set_scale(self._scale.showing(*self._span_to_show(), room=self._nominal_rate))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        if not self._frame_count or self._is_held():
            return
        angle, pixels, x = event.angleDelta(), event.pixelDelta(), event.position().x()
        # elsewhere than on a trackpad pixels are not to be relied on
        is_trackpad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not pixels.isNull()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if abs(angle.x()) > abs(angle.y()) or shift:
            is_x = abs(angle.x()) > abs(angle.y())
            notches = (angle.x() if is_x else angle.y()) / 120
            by_px = float(pixels.x() if is_x else pixels.y()) if is_trackpad else notches * self.width() / 10
            self._set_scale(self._scale.panned(-by_px / self._scale.frame_px))
        elif event.phase() != Qt.ScrollPhase.ScrollMomentum:
            self._zoom_at(x, _WHEEL_STEP ** (angle.y() / 120))
        self._hover_frame = self._scale.frame_at(x)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and self._pinch(event):
            return True
        return super().event(event)

    def _zoom(self, factor: float) -> None:
        if not self._frame_count:
            return
        scale = self._scale
        if not scale.shows(self._playhead):
            scale = scale.centred_on(self._playhead)
        self._set_scale(scale.zoomed(factor, self._playhead + 0.5))

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture or not self._frame_count:
            return False
        if not self._is_held():
            self._zoom_at(event.position().x(), max(0.1, 1 + event.value()))
        event.accept()
        return True

    def _zoom_at(self, x: float, factor: float) -> None:
        self._set_scale(self._scale.zoomed(factor, self._scale.place_at(x)))

    def _span_to_show(self) -> tuple[int, int]:
        at = [i for one in self._selected_ids if (i := self._seams.index_of(one)) is not None]
        if at:
            return int(self._seams.left[min(at)]), int(self._seams.right[max(at)])
        in_frame, out_frame = self._in_out
        if in_frame is not None or out_frame is not None:
            return in_frame or 0, self._frame_count if out_frame is None else out_frame + 1
        cuts = [0, *self._seams.cut_frames.tolist(), self._frame_count]
        after = bisect_right(cuts, self._playhead, hi=len(cuts) - 1)
        return cuts[after - 1], cuts[after]
