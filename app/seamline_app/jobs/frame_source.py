"""Pictures for the screen, read in slices short enough for a thread that must stay able to listen."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QImage

from seamline.media.film import Film
from seamline.media.pictures import RgbPicture
from seamline.media.reader import FrameReader

SLICE_S = 0.08
_SHORT_SLICE_S = 0.015
_TINY = (32, 32)


class FrameSource:
    """Any frame of a film as a QImage; on the long way from a key frame it can be told to give up.

    For one thread.
    """

    def __init__(self, film: Film, *, cache_bytes: int = 256 << 20) -> None:
        self._index = film.index
        self._reader = FrameReader(film, cache_bytes=cache_bytes)
        self._next = 0
        self._frame_s = 0.005

    def close(self) -> None:
        self._reader.close()

    def read(
        self, frame: int, limit: tuple[int, int], give_up: Callable[[], bool], *, slice_s: float = SLICE_S
    ) -> QImage | None:
        """The picture of `frame`, not larger than `limit`; None if `give_up()` came true on the way.

        It is asked about every `slice_s`. Raises MediaError.
        """
        if not self._reader.has(frame):
            at = self._start_of(frame)
            while frame - at >= (stride := self.frames_within(slice_s)):
                at += stride
                self._timed_read(at - 1, at - stride, _TINY)
                if give_up():
                    return None
            return as_image(self._timed_read(frame, at, limit))
        return as_image(self._reader.read(frame, limit=limit).rgb)

    def prepare(self, frame: int, give_up: Callable[[], bool]) -> None:
        """Have `frame` decoded for later, unless `give_up()` comes true on the way. Raises MediaError."""
        if not self._reader.has(frame):
            self.read(frame, _TINY, give_up, slice_s=_SHORT_SLICE_S)

    def has(self, frame: int) -> bool:
        """Whether `frame` can be shown without decoding. From any thread."""
        return self._reader.has(frame)

    def seconds_to(self, frame: int) -> float:
        """How long decoding up to `frame` will take, by what the last ones took. From any thread."""
        return 0.0 if self.has(frame) else (frame + 1 - self._start_of(frame)) * self._frame_s

    @property
    def frame_s(self) -> float:
        """Seconds that decoding one frame takes, by what the last ones took."""
        return self._frame_s

    def frames_within(self, seconds: float) -> int:
        """How many frames can be decoded in that time, at least 1; by what the last ones took."""
        return max(1, min(64, int(seconds / self._frame_s)))

    def _start_of(self, frame: int) -> int:
        """The first frame that must be decoded on the way to `frame`."""
        key, at = self._index.keyframe_before(frame), self._next
        return at if key <= at <= frame else key

    def _timed_read(self, frame: int, start: int, limit: tuple[int, int]) -> RgbPicture:
        was_there = self._reader.has(frame)
        began_s = time.monotonic()
        rgb = self._reader.read(frame, limit=limit).rgb
        if not was_there:
            self._next = frame + 1
            a_frame_s = (time.monotonic() - began_s) / (frame - start + 1)
            self._frame_s += 0.3 * (max(1e-4, a_frame_s) - self._frame_s)
        return rgb


def as_image(rgb: RgbPicture) -> QImage:
    """A QImage that owns its pixels, from uint8[H, W, 3]."""
    rgb = np.ascontiguousarray(rgb)
    height, width = rgb.shape[:2]
    # the copy: the array's memory goes when the array goes
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
