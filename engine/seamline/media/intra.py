"""Single pictures as H.264 and back: each stands alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from seamline.errors import MediaError
from seamline.media.cascade import Pictures
from seamline.media.pictures import RgbPicture

_OPEN_ENCODERS = 2
# Measured on real films at 540 lines, one picture in ten kilobytes: superfast is 1.7 dB better than ultrafast with
# CABAC and takes 3.6 ms of a core where that takes 2.5; veryfast takes 5 and gains nothing.
# The finer chroma takes 4 % more bytes and keeps even areas from changing their tint when the exact picture comes.
_PRESET = {
    "preset": "superfast",
    "tune": "zerolatency",
    "forced-idr": "1",
    "x264-params": "chroma-qp-offset=-6",
}
_START = b"\0\0\1"
_SEI = b"\0\0\1\6"


class IntraEncoder:
    """Encodes pictures of one size, each at a quantiser of its own. One thread at a time.

    The same picture gives the same pixels in any order, not the same bytes.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = width, height
        self._contexts: OrderedDict[int, VideoCodecContext] = OrderedDict()
        self._next_pts = 0

    def encode(self, picture: Pictures, *, quantiser: int) -> bytes:
        """A whole access unit of uint8[height * 3 / 2, width], yuv420p; `quantiser` from 0, best, to 51."""
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture), "yuv420p")
        frame.pts = self._next_pts
        self._next_pts += 1
        try:
            packets = self._context(quantiser).encode(frame)
        except (ValueError, OSError, av.FFmpegError) as error:
            raise MediaError(
                f"A picture of {picture.shape} could not be written as H.264 ({error})."
            ) from error
        if len(packets) != 1:
            raise MediaError(f"A picture of {picture.shape} could not be written as H.264.")
        return _without_remarks(bytes(packets[0]))

    def _context(self, quantiser: int) -> VideoCodecContext:
        context = self._contexts.get(quantiser)
        if context is None:
            context = av.CodecContext.create("libx264", "w")
            context.width, context.height = self._size
            context.pix_fmt = "yuv420p"
            context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
            context.gop_size = 1
            context.thread_count = 1
            context.options = {**_PRESET, "qp": str(quantiser)}
            self._contexts[quantiser] = context
            while len(self._contexts) > _OPEN_ENCODERS:
                self._contexts.popitem(last=False)
        self._contexts.move_to_end(quantiser)
        return context


class IntraDecoder:
    """Decodes what an IntraEncoder gave, in any order and from any thread.

    `matrix` is that of the pictures, 1 for BT.709 or 5 for BT.601; luma is from 16 to 235.
    """

    def __init__(self, matrix: int) -> None:
        self._matrix = matrix
        self._lock = threading.Lock()
        self._context: VideoCodecContext | None = None
        self._reformatter = VideoReformatter()

    def rgb(self, data: bytes) -> RgbPicture | None:
        """uint8[height, width, 3]; None if the bytes are no picture."""
        with self._lock:
            try:
                if self._context is None:
                    self._context = av.CodecContext.create("h264", "r")
                    self._context.thread_count = 1  # more would keep pictures back
                frames = self._context.decode(cast("Packet[av.VideoStream]", Packet(data))) if data else []
            except (ValueError, OSError, av.FFmpegError):
                frames = []
            if len(frames) != 1:
                self._context = None
                return None
            scaled = self._reformatter.reformat(
                frames[0],
                format="rgb24",
                src_colorspace=self._matrix,
                src_color_range=ColorRange.MPEG,
                # else a quick conversion is chosen, of other roundings than that of scaled pictures
                interpolation=Interpolation.BILINEAR | Interpolation.ACCURATE_RND,
            )
            return np.asarray(scaled.to_ndarray(), np.uint8)


def _without_remarks(unit: bytes) -> bytes:
    """Without what the encoder says of itself, once and at length (SEI: Rec. ITU-T H.264, 7.4.1)."""
    at = unit.find(_SEI)
    if at < 0:
        return unit
    end = unit.find(_START, at + len(_SEI))
    # the last zero byte of a long start code belongs to the unit after it
    return unit[:at].rstrip(b"\0") + b"\0" + unit[end:] if end > 0 else unit
