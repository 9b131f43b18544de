"""Which ranges of a film can be cut out packet by packet, and their packets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from seamline.errors import MediaError
from seamline.media.container import opened, reason_of
from seamline.media.film import Film

CLIP_SUFFIXES = {
    "h264": ".mp4", "hevc": ".mp4", "av1": ".mp4", "vp9": ".mp4", "mpeg4": ".mp4",
    "prores": ".mov", "dnxhd": ".mov", "mjpeg": ".mov",
}  # fmt: skip
"""The codecs whose packets are copied, and the container that takes them."""

_STEP_PACKETS = 512
_NO_FRAME = -1


@dataclass(frozen=True, eq=False)
class PacketOrder:
    """A film's picture packets in their order in the file, which is that of decoding.

    `frames`: int64[P], the number of the frame in each, -1 for one that shows none. `is_key`: bool[P].
    """

    frames: NDArray[np.int64]
    is_key: NDArray[np.bool_]

    @classmethod
    def of(cls, film: Film, *, look: Callable[[], None] | None = None) -> PacketOrder:
        """Reads every packet, decodes none; a film that breaks off has those up to there.

        `look` is called every now and then, and may raise Cancelled.
        """
        frames: list[int] = []
        is_key: list[bool] = []
        with opened(film.path) as (container, stream):
            try:
                for count, packet in enumerate(container.demux(stream)):
                    if packet.size:
                        frames.append(_frame_of(packet, film))
                        is_key.append(packet.is_keyframe)
                    if look is not None and count % _STEP_PACKETS == 0:
                        look()
            except (OSError, ValueError, av.FFmpegError):
                pass  # the film ends here, as its index does
        return cls(np.array(frames, np.int64), np.array(is_key, np.bool_))

    def packets_of(self, start_frame: int, end_frame: int, frame_count: int) -> range | None:
        """The places of the packets that hold exactly frames [start_frame, end_frame), or None.

        They begin with a key frame and end before another or with the film, and none of them shows a frame
        outside, as the leading pictures of an open group do.
        """
        first = self._key_place(start_frame)
        end = len(self.frames) if end_frame == frame_count else self._key_place(end_frame)
        if first is None or end is None:
            return None
        inside = np.sort(self.frames[first:end])
        if not np.array_equal(inside, np.arange(start_frame, end_frame)):
            return None
        return range(first, end)

    def _key_place(self, frame: int) -> int | None:
        places = np.flatnonzero((self.frames == frame) & self.is_key)
        return int(places[0]) if len(places) == 1 else None


def packets_from(
    film: Film, container: av.container.InputContainer, stream: VideoStream, frame: int
) -> Iterator[Packet[VideoStream]]:
    """The packets from that of the key frame `frame` on. Raises MediaError."""
    target = int(film.index.pts[frame])
    try:
        for seek_pts in (target, int(film.index.pts[0])):
            container.seek(seek_pts, stream=stream, backward=True)
            is_inside = False
            for packet in container.demux(stream):
                if not packet.size:
                    continue
                if not is_inside and packet.pts is not None and packet.pts > target and packet.is_keyframe:
                    break  # the seek landed behind it
                is_inside |= packet.is_keyframe and packet.pts == target
                if is_inside:
                    yield packet
            if is_inside:
                return
    except (OSError, ValueError, av.FFmpegError) as error:
        raise MediaError(
            f"“{film.path.name}” cannot be read on ({reason_of(error)}): copy it again."
        ) from error


def _frame_of(packet: Packet[VideoStream], film: Film) -> int:
    if packet.pts is None or packet.is_discard:
        return _NO_FRAME
    frame = film.index.frame_of_pts(packet.pts)
    return frame if int(film.index.pts[frame]) == packet.pts else _NO_FRAME
