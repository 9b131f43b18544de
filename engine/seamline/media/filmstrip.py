"""Small pictures from all over a film within seconds of opening it, from its key frames alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from seamline.errors import MediaError
from seamline.media.colour_tags import with_convertible_colours
from seamline.media.container import open_container, video_stream
from seamline.media.film import Film
from seamline.media.packets import packets_of
from seamline.media.pictures import RgbPicture, Scaler
from seamline.media.timebase import FrameIndex, Int64Array
from seamline.progress import Progress

_FIRST_STRIDE = 16
_WIDEST = 16  # times its height; a strip of one line of pixels would take gigabytes
# a seek may land behind its target: in transport streams it does every time, by up to a key frame's distance
_SEEK_MARGINS_S = (0, 1, 4, 20)


def read_filmstrip(
    film: Film, *, progress: Progress, limit: int = 400, height: int = 90
) -> Iterator[tuple[int, RgbPicture]]:
    """(frame number, picture) of at most `limit` key frames, spread evenly over the film.

    Coarse to fine: every 16th of them from the film's start to its end, then every 8th, and so on, so that the
    whole film is covered early. Pictures are uint8[height, width, 3], upright, in square pixels. Each takes one
    seek and one decoded picture, whatever lies between; the decoder's loop filter is off. Key frames that are
    damaged are left out (in damaged AVI and MXF files, which hold no times, those after the damage may show a
    later picture). A film with one key frame gives one picture: only a whole decode has more.
    Progress counts pictures tried. The iterator raises MediaError if the film cannot be opened, or Cancelled.
    """
    numbers = spread_keyframes(film.index, limit)
    display_width, display_height = film.info.display_size
    width = min(max(1, round(height * display_width / display_height)), _WIDEST * height)
    scaler = Scaler(width, height)
    reader = _KeyFrameReader(film)
    try:
        for done, number in enumerate(coarse_to_fine(numbers)):
            progress.step(done, len(numbers))
            frame = reader.read(number)
            if frame is not None:
                yield number, scaler.rgb(frame, rotation_deg=film.info.rotation_deg)
        progress.step(len(numbers), len(numbers))
    finally:
        reader.close()


def spread_keyframes(index: FrameIndex, limit: int) -> list[int]:
    """At most `limit` key frames, rising: those nearest to places that share the film out evenly."""
    keyframes = index.keyframes
    if len(keyframes) <= limit:
        return [int(frame) for frame in keyframes]
    places = np.arange(limit) * len(index) / limit
    after = np.searchsorted(keyframes, places).clip(1, len(keyframes) - 1)
    is_nearer = places - keyframes[after - 1] <= keyframes[after] - places
    nearest: Int64Array = np.unique(keyframes[np.where(is_nearer, after - 1, after)])
    return [int(frame) for frame in nearest]


def coarse_to_fine(numbers: list[int]) -> list[int]:
    """All of `numbers`, every 16th first, then those half-way between, down to the last."""
    order = numbers[::_FIRST_STRIDE]
    stride = _FIRST_STRIDE
    while stride > 1:
        order += numbers[stride // 2 :: stride]
        stride //= 2
    return order


class _KeyFrameReader:
    """Decodes single key frames, each by itself."""

    def __init__(self, film: Film) -> None:
        self._film = film
        self._margin = 0
        self._open()

    def close(self) -> None:
        self._container.close()

    def read(self, frame: int) -> VideoFrame | None:
        """The picture of the key frame of that number; None if it is damaged or not found."""
        packet = self._packet(frame)
        if packet is None:
            return None
        try:
            # nothing may stay behind in the decoder: the next packet comes from elsewhere
            frames = [*packet.decode(), *self._stream.decode(None)]
        except (OSError, ValueError, av.FFmpegError):
            return None
        finally:
            self._stream.codec_context.flush_buffers()
        return with_convertible_colours(frames[0]) if frames else None

    def _open(self) -> None:
        self._container = open_container(self._film.path)
        try:
            self._stream: VideoStream = video_stream(self._container, self._film.path)
        except MediaError:
            self._container.close()
            raise
        # threads that work on several pictures at once would keep each back until more come
        self._stream.thread_type = "SLICE"
        self._stream.codec_context.options = {"skip_loop_filter": "all"}

    def _packet(self, frame: int) -> Packet[VideoStream] | None:
        index = self._film.index
        for at in range(self._margin, len(_SEEK_MARGINS_S)):
            pts = int(index.pts[frame]) - round(Fraction(_SEEK_MARGINS_S[at]) / index.time_base)
            if pts <= int(index.pts[0]) and at > 0:
                break
            try:
                self._container.seek(pts, stream=self._stream, backward=True)
            except (OSError, ValueError, av.FFmpegError):
                break  # no index, or before the first packet
            packet = self._next_keyframe(frame)
            if packet is not None:
                self._margin = at  # what one place needed, the others do too
                return packet
        if index.time_of(frame) > _SEEK_MARGINS_S[-1]:
            return None
        self._container.close()
        self._open()
        return self._next_keyframe(frame)

    def _next_keyframe(self, frame: int) -> Packet[VideoStream] | None:
        """The packet of key frame `frame`, from here on; None once it has been passed."""
        index = self._film.index
        try:
            for packet in packets_of(self._container, self._stream):
                if packet.pts is None or not packet.size or packet.is_discard or not packet.is_keyframe:
                    continue
                number = index.frame_of_pts(packet.pts)
                if number == frame:
                    return packet
                if number > frame:
                    return None
        except (OSError, ValueError, av.FFmpegError):
            return None  # the film breaks off here
        return None
