"""Pictures for the screen, read in slices short enough for a thread that must stay able to listen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QImage

from seamline.media.film import Film
from seamline.media.pictures import RgbPicture
from seamline.media.reader import FrameReader

SLICE_S = 0.08
_SHORT_SLICE_S = 0.015


@dataclass(frozen=True, slots=True)
class FramePicture:
    """A frame for the screen. `shown_frame` is the one that `image` shows: an earlier one where a damaged film
    has lost the picture of the frame asked for.
    """

    image: QImage
    shown_frame: int


class FrameSource:
    """Any frame of a film for the screen; on the long way from a key frame it can be told to give up.

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
    ) -> FramePicture | None:
        """The picture of `frame`, not larger than `limit`; None if `give_up()` came true on the way.

        It is asked about every `slice_s`. Raises MediaError.
        """
        if not self._decode(frame, give_up, slice_s):
            return None
        picture = self._reader.read(frame, limit=limit)
        return FramePicture(as_image(picture.rgb), picture.shown_frame)

    def prepare(self, frame: int, give_up: Callable[[], bool]) -> None:
        """Have `frame` decoded for later, unless `give_up()` comes true on the way. Raises MediaError."""
        self._decode(frame, give_up, _SHORT_SLICE_S)

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

    def _decode(self, frame: int, give_up: Callable[[], bool], slice_s: float) -> bool:
        """Have `frame` decoded; whether it is, and `give_up()` did not come true on the way."""
        if self._reader.has(frame):
            return True
        at = self._start_of(frame)
        while frame - at >= (stride := self.frames_within(slice_s)):
            at += stride
            self._timed_decode(at - 1, at - stride)
            if give_up():
                return False
        self._timed_decode(frame, at)
        return True

    def _timed_decode(self, frame: int, start: int) -> None:
        if self._reader.has(frame):
            return
        began_s = time.monotonic()
        self._reader.decode(frame)
        self._next = frame + 1
        a_frame_s = (time.monotonic() - began_s) / (frame - start + 1)
        self._frame_s += 0.3 * (max(1e-4, a_frame_s) - self._frame_s)


def as_image(rgb: RgbPicture) -> QImage:
    """A QImage that owns its pixels, from uint8[H, W, 3]."""
    rgb = np.ascontiguousarray(rgb)
    height, width = rgb.shape[:2]
    # the copy: the array's memory goes when the array goes
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
