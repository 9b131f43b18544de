"""The row of pictures: a film's look along the time axis of the timeline."""

from __future__ import annotations

import math
import time
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from seamline_resources import palette
from seamline_widgets.timeline_layer import RowLayer
from seamline_widgets.timeline_scale import TimeScale

_LEAST_SLOT_PX = 16
_GAP_PX = 1
_REPEAT_OPACITY = 0.5
_MAX_SCALED = 512
_SCALING_S = 0.002  # in one paint: zooming and panning never wait for pictures


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one picture, from `left` on in logical pixels.

    `is_repeat`: the slot before it in view shows the same.
    """

    left: float
    frame: int
    is_repeat: bool


class FilmstripRow:
    """Pictures by frame number, side by side in slots that are as wide as a picture.

    Slots stand still on the film while the view is panned. Each shows the last picture at or before its middle;
    a picture that goes on into the next slot, as it does when one zooms in between two, is dimmed there.
    """

    def __init__(self) -> None:
        self._images: dict[int, QImage] = {}
        self._frames: list[int] = []
        self._scaled: dict[int, QPixmap] = {}
        self._scaled_for: tuple[int, float] = (0, 0.0)
        self._version = 0
        self.is_rough = False
        """Whether pictures were drawn unscaled for want of time; `refine` and another paint make them good."""
        self._layer = RowLayer()

    def clear(self) -> None:
        """Another film: no picture is known."""
        self._images.clear()
        self._frames.clear()
        self._scaled.clear()
        self._layer = RowLayer()

    def add(self, pictures: Iterable[tuple[int, QImage]]) -> None:
        """Show these too: frame number and picture."""
        for frame, image in pictures:
            if image.isNull():
                continue
            if frame not in self._images:
                insort(self._frames, frame)
            self._images[frame] = image
            self._scaled.pop(frame, None)
        self._version += 1

    @property
    def version(self) -> int:
        """Counts what there was to show."""
        return self._version

    def refine(self) -> None:
        """Paint again, with as many more pictures made to size as there is time for."""
        if self.is_rough:
            self._version += 1

    def slots(self, scale: TimeScale, height_px: float) -> Iterator[Slot]:
        """The slots that can be seen, from left to right; those before the first picture are left out."""
        if not self._frames:
            return
        width = self._slot_px(height_px)
        offset = scale.first * scale.frame_px
        last = math.ceil(min(offset + scale.width_px, scale.frame_count * scale.frame_px) / width)
        before = None
        for at in range(math.floor(offset / width), last):
            middle = min((at + 0.5) * width / scale.frame_px, scale.frame_count - 1)
            place = bisect_right(self._frames, middle)
            if place == 0:
                continue
            frame = self._frames[place - 1]
            yield Slot(at * width - offset, frame, frame == before)
            before = frame

    def paint(self, painter: QPainter, area: QRect, scale: TimeScale) -> None:
        """Fill `area` with the part of the film that `scale` shows; painted anew only if either changed."""
        self._layer.paint(painter, area, scale, version=self._version, paint_row=self._paint_slots)

    def _paint_slots(self, painter: QPainter, size: QSize, scale: TimeScale, ratio: float) -> None:
        top, height = 2, size.height() - 4
        if self._scaled_for != (height, ratio) or len(self._scaled) > _MAX_SCALED:
            self._scaled.clear()
            self._scaled_for = height, ratio
        self.is_rough = False
        until = time.perf_counter() + _SCALING_S
        painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(palette.PICTURE_SURROUND))
        end = scale.x_of(scale.frame_count)
        painter.setClipRect(QRectF(0, 0, min(end, size.width()), size.height()))
        for slot in self.slots(scale, height):
            painter.setOpacity(_REPEAT_OPACITY if slot.is_repeat else 1.0)
            left = round(slot.left * ratio) / ratio
            if slot.frame in self._scaled or time.perf_counter() < until:
                painter.drawPixmap(QPointF(left, top), self._pixmap(slot.frame))
            else:
                self.is_rough = True
                area = QRectF(left, top, self._slot_px(height) - _GAP_PX, height)
                painter.drawImage(area, self._images[slot.frame])

    def _pixmap(self, frame: int) -> QPixmap:
        """The picture as large as its slot: scaled once, not at every paint."""
        pixmap = self._scaled.get(frame)
        if pixmap is None:
            height, ratio = self._scaled_for
            size = QSize(round((self._slot_px(height) - _GAP_PX) * ratio), round(height * ratio))
            fitted = self._images[frame].scaled(
                size,
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )
            cut = QRect((fitted.width() - size.width()) // 2, 0, size.width(), size.height())
            pixmap = QPixmap.fromImage(fitted.copy(cut))
            pixmap.setDevicePixelRatio(ratio)
            self._scaled[frame] = pixmap
        return pixmap

    def _slot_px(self, height_px: float) -> int:
        image = self._images[self._frames[0]] if self._frames else None
        aspect = image.width() / image.height() if image is not None else 1.0
        return max(_LEAST_SLOT_PX, round(height_px * aspect) + _GAP_PX)
