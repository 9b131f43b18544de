"""Some frames of a film, decoded in order with as little else as the codec allows."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import cast

from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from seamline.errors import MediaError
from seamline.media.decoder import Decoder
from seamline.media.film import Film

_log = logging.getLogger(__name__)

# Of these, each packet is passed over or not by what is set when it is handed in; libdav1d decides when a picture comes
# out, and others know of no such frames.
_PASSING_CODECS = frozenset({"h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4", "vp8"})
_SEEK_FRAMES = 4.0  # what a seek is taken to cost, in decoded frames, before one was timed
_KEPT_SHARE = 0.7  # of a running mean, at each new value


def wanted_frames(
    film: Film, frames: Sequence[int], *, is_stopped: Callable[[], bool] = lambda: False
) -> Iterator[tuple[int, VideoFrame]]:
    """Each frame of `frames` (strictly rising) with its number.

    Frames between that no other one needs are passed over undecoded, where the codec has any (B-frames of
    H.264, HEVC, MPEG-2 ...), and it seeks where that costs less than decoding on, by what both have taken in
    this film. The pictures are those of a `Decoder`, bit for bit. One that cannot be decoded is left out, and
    logged. Raises MediaError where the film cannot be opened any more.
    """
    frames = [int(frame) for frame in frames if 0 <= frame < film.frame_count]
    reading = _Reading(film, frames)
    try:
        for frame, following in zip_longest(frames, frames[1:]):
            decoded = reading.read(frame, following, is_stopped)
            if is_stopped():
                return
            if decoded is None:
                _log.warning("“%s”: frame %d cannot be decoded", film.path.name, frame)
            else:
                yield frame, decoded
    finally:
        reading.close()


class _Passing(Decoder):
    """A decoder that passes over the frames that neither are wanted nor needed for others."""

    def __init__(self, film: Film, frames: Sequence[int]) -> None:
        super().__init__(film)
        self._wanted_pts = set(film.index.pts[list(frames)].tolist())
        self.is_passing = film.info.codec in _PASSING_CODECS
        self.last_pts: int | None = None
        """When set: behind the packet of that time nothing is handed in, and what is in comes out. Then only `seek`
        goes on."""

    def _packets(self) -> Iterator[Packet[VideoStream]]:
        for packet in super()._packets():
            if self._film.info.codec not in _PASSING_CODECS:
                yield packet
                continue
            passed = self.is_passing and packet.pts is not None and packet.pts not in self._wanted_pts
            self._stream.codec_context.skip_frame = "NONREF" if passed else "DEFAULT"
            yield packet
            if packet.pts is not None and packet.pts == self.last_pts:
                flush = cast("Packet[VideoStream]", Packet())
                flush.stream = self._stream
                yield flush
                return


class _Reading:
    """A decoder, where it stands, and what its moves have cost."""

    def __init__(self, film: Film, frames: Sequence[int]) -> None:
        self._film = film
        self._frames = frames
        self._decoder = _Passing(film, frames)
        self._frame_s = 0.0
        self._seek_s: float | None = None
        self._pending: tuple[int, VideoFrame] | None = None  # came when an earlier one was wanted
        # of interlaced films, a frame may take two packets
        self._may_end = self._decoder.is_passing and not film.info.interlaced

    def close(self) -> None:
        self._decoder.close()

    def read(self, frame: int, following: int | None, is_stopped: Callable[[], bool]) -> VideoFrame | None:
        """The frame; None if there is none. `following` is the one that will be wanted next."""
        try:
            ends = self._may_end and following is not None and self._seeking_pays(following, frame + 1)
            self._decoder.last_pts = int(self._film.index.pts[frame]) if ends else None
            decoded = self._read_on(frame, is_stopped)
            if decoded is None and self._decoder.is_passing and not is_stopped():
                # its packet may bear another time than the index gives it: once more, with nothing passed over
                self._decoder.is_passing, self._decoder.last_pts = False, None
                self._seek(frame)
                decoded = self._read_on(frame, is_stopped)
                self._decoder.is_passing = decoded is None
        except MediaError as error:
            _log.warning(
                "Decoding “%s” failed on the way to frame %d: %s", self._film.path.name, frame, error
            )
            self._decoder.close()
            self._pending = None
            self._decoder = _Passing(self._film, self._frames)
            return None
        return decoded

    def _read_on(self, frame: int, is_stopped: Callable[[], bool]) -> VideoFrame | None:
        if self._pending is not None:
            number, decoded = self._pending
            if number >= frame:
                return decoded if number == frame else None
            self._pending = None
        if self._seeking_pays(frame, self._decoder.next_number):
            self._seek(frame)
        while not is_stopped():
            before = self._decoder.next_number
            began_s = time.perf_counter()
            item = self._decoder.read()
            if item is None:
                return None
            passed = item[0] + 1 - before if before is not None else 1
            self._frame_s = _mean(self._frame_s, (time.perf_counter() - began_s) / max(1, passed))
            if item[0] >= frame:
                self._pending = item
                if self._decoder.last_pts is not None:
                    self._decoder.next_number = None  # it goes on by a seek alone
                return item[1] if item[0] == frame else None
        return None

    def _seeking_pays(self, frame: int, at: int | None) -> bool:
        if at is None or at > frame:
            return True
        saved_frames = self._film.index.keyframe_before(frame) - at
        if self._seek_s is None or not self._frame_s:
            return saved_frames > _SEEK_FRAMES
        return saved_frames * self._frame_s > self._seek_s

    def _seek(self, frame: int) -> None:
        self._pending = None
        began_s = time.perf_counter()
        self._decoder.seek(frame)
        took_s = time.perf_counter() - began_s
        self._seek_s = took_s if self._seek_s is None else _mean(self._seek_s, took_s)


def _mean(mean: float, value: float) -> float:
    return value if not mean else _KEPT_SHARE * mean + (1 - _KEPT_SHARE) * value
