"""The row of pictures: a film's look along the time axis of the timeline."""

from __future__ import annotations

import math
import sys
import time
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from seamline_resources import palette
from seamline_widgets.timeline_layer import RowLayer
from seamline_widgets.timeline_scale import TimeScale

_LEAST_SLOT_PX = 16
_GAP_PX = 1
_MARGIN_PX = 2  # above and below the pictures
_REPEAT_OPACITY = 0.5
_MAX_SCALED = 512
_SCALING_S = 0.002  # in one paint: zooming and panning never wait for pictures
_MAX_PASSING = 400  # some 25 MB, and more than stand side by side on any screen

Wish = tuple[int, int]
"""(earliest, frame): a picture of `frame` is wanted, and one of any frame from `earliest` on does."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one picture, from `left` on over `width` logical pixels.

    `frame`: the picture's. `is_repeat`: the slot before it in view shows the same.
    """

    left: float
    width: float
    frame: int
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a slot is, the `frame` it stands for, and how many frames beside it its picture may be."""

    left: float
    width: float
    frame: int
    margin: int


class FilmstripRow:
    """Pictures by frame number, side by side in slots that are as wide as a picture.

    Slots stand still on the film while the view is panned. Each stands for the frame in its middle and shows the last
    picture at or before it of the same shot; without one the first picture of that shot, else the nearest. Zoomed in
    until a frame is half as wide as a picture, slots stand on whole frames from the shot's first on, and each shows
    its own first frame, as soon as there is a picture of it.
    A picture that goes on into the next slot is dimmed there.
    """

    def __init__(self) -> None:
        self._images: dict[int, QImage] = {}
        self._frames: list[int] = []
        self._passing: dict[int, None] = {}
        self._cuts: list[int] = []
        self._aspect: float | None = None
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
        self._passing.clear()
        self._cuts = []
        self._aspect = None
        self._scaled.clear()
        self._layer = RowLayer()

    def add(self, pictures: Iterable[tuple[int, QImage]], *, passing: bool = False) -> None:
        """Show these too: frame number and picture. Of those that are `passing` only the newest are kept."""
        for frame, image in pictures:
            if image.isNull():
                continue
            if (
                self._aspect is None
            ):  # once: slots must not move because a later picture is rounded differently
                self._aspect = image.width() / image.height()
            if frame not in self._images:
                insort(self._frames, frame)
                if passing:
                    self._passing[frame] = None
            elif not passing:
                self._passing.pop(frame, None)
            self._images[frame] = image
            self._scaled.pop(frame, None)
        while len(self._passing) > _MAX_PASSING:
            self._forget(next(iter(self._passing)))
        self._version += 1

    def set_cuts(self, frames: Sequence[int]) -> None:
        """The frames at which shots begin, rising; the first shot's may be left out."""
        cuts = list(frames)
        if cuts != self._cuts:
            self._cuts = cuts
            self._version += 1

    def wishes(self, scale: TimeScale, row_px: float) -> tuple[Wish, ...]:
        """What must come for every slot in a row of that height to show what it stands for, from left to right."""
        if not self._frames:
            return ()
        wishes = []
        for place in self._places(scale, row_px - 2 * _MARGIN_PX):
            start, end = self._shot_of(place.frame)
            shown = self._picture_for(place.frame)
            if not start <= shown < end or abs(shown - place.frame) > place.margin:
                wishes.append((max(start, place.frame - place.margin), place.frame))
        return tuple(wishes)

    @property
    def version(self) -> int:
        """Counts what there was to show."""
        return self._version

    def refine(self) -> None:
        """Paint again, with as many more pictures made to size as there is time for."""
        if self.is_rough:
            self._version += 1

    def slots(self, scale: TimeScale, height_px: float) -> Iterator[Slot]:
        """The slots that can be seen, from left to right; none while there is no picture at all."""
        if not self._frames:
            return
        before = None
        for place in self._places(scale, height_px):
            frame = self._picture_for(place.frame)
            yield Slot(place.left, place.width, frame, frame == before)
            before = frame

    def _places(self, scale: TimeScale, height_px: float) -> Iterator[_Place]:
        width = self._slot_px(height_px)
        if scale.frame_px >= width / 2:
            yield from self._frame_places(scale, max(1, round(width / scale.frame_px)))
            return
        offset = scale.first * scale.frame_px
        last = math.ceil(min(offset + scale.width_px, scale.frame_count * scale.frame_px) / width)
        margin = int(width / scale.frame_px / 2)
        for at in range(math.floor(offset / width), last):
            middle = min((at + 0.5) * width / scale.frame_px, scale.frame_count - 1)
            yield _Place(at * width - offset, width, int(middle), margin)

    def _frame_places(self, scale: TimeScale, frames: int) -> Iterator[_Place]:
        """Slots of that many frames, fewer where a shot ends: none reaches over a cut."""
        end = min(math.ceil(scale.last), scale.frame_count)
        first = max(0, math.floor(scale.first))
        start, shot_end = self._shot_of(first)
        frame = first - (first - start) % frames
        while frame < end:
            next_frame = min(frame + frames, shot_end, scale.frame_count)
            yield _Place(scale.x_of(frame), (next_frame - frame) * scale.frame_px, frame, 0)
            frame = next_frame
            if frame == shot_end:
                _, shot_end = self._shot_of(frame)

    def _shot_of(self, frame: int) -> tuple[int, int]:
        """The frames [start, end) of the shot around `frame`; the last one's end is beyond any film."""
        at = bisect_right(self._cuts, frame)
        start = self._cuts[at - 1] if at else 0
        return start, self._cuts[at] if at < len(self._cuts) else sys.maxsize

    def _picture_for(self, frame: int) -> int:
        """The frame whose picture stands for `frame`."""
        start, end = self._shot_of(frame)
        at = bisect_right(self._frames, frame)
        before = self._frames[at - 1] if at else None
        after = self._frames[at] if at < len(self._frames) else None
        if before is not None and before >= start:
            return before
        if after is not None and (after < end or before is None or after - frame < frame - before):
            return after
        assert before is not None
        return before

    def _forget(self, frame: int) -> None:
        del self._passing[frame], self._images[frame]
        del self._frames[bisect_left(self._frames, frame)]
        self._scaled.pop(frame, None)

    def paint(self, painter: QPainter, area: QRect, scale: TimeScale) -> None:
        """Fill `area` with the part of the film that `scale` shows; painted anew only if either changed."""
        self._layer.paint(painter, area, scale, version=self._version, paint_row=self._paint_slots)

    def _paint_slots(self, painter: QPainter, size: QSize, scale: TimeScale, ratio: float) -> None:
        top, height = _MARGIN_PX, size.height() - 2 * _MARGIN_PX
        if self._scaled_for != (height, ratio) or len(self._scaled) > _MAX_SCALED:
            self._scaled.clear()
            self._scaled_for = height, ratio
        self.is_rough = False
        until = time.perf_counter() + _SCALING_S
        painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(palette.PICTURE_SURROUND))
        end = scale.x_of(scale.frame_count)
        painter.setClipRect(QRectF(0, 0, min(end, size.width()), size.height()))
        picture_px = self._slot_px(height) - _GAP_PX
        for slot in self.slots(scale, height):
            painter.setOpacity(_REPEAT_OPACITY if slot.is_repeat else 1.0)
            left, shown_px = self._picture_span(slot, height, ratio)
            part = round((picture_px - shown_px) * ratio) // 2 / ratio  # what is cut off on the left
            if slot.frame in self._scaled or time.perf_counter() < until:
                source = QRectF(part * ratio, 0, shown_px * ratio, height * ratio)
                painter.drawPixmap(QRectF(left, top, shown_px, height), self._pixmap(slot.frame), source)
            else:
                self.is_rough = True
                image = self._images[slot.frame]
                shrunk = image.width() / picture_px
                source = QRectF(part * shrunk, 0, shown_px * shrunk, image.height())
                painter.drawImage(QRectF(left, top, shown_px, height), image, source)

    def _picture_span(self, slot: Slot, height_px: float, ratio: float) -> tuple[float, float]:
        """Where in a slot its picture begins and how wide it is there, on whole device pixels."""
        left, right = round(slot.left * ratio), round((slot.left + slot.width) * ratio)
        picture = round((self._slot_px(height_px) - _GAP_PX) * ratio)
        room = max(1, right - left - round(_GAP_PX * ratio))
        shown = min(picture, room)
        return (left + (room - shown) // 2) / ratio, shown / ratio

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
        return max(_LEAST_SLOT_PX, round(height_px * (self._aspect or 1.0)) + _GAP_PX)
