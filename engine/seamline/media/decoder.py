"""Decoding in presentation order from any frame, every picture with its frame number."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import cast

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from seamline.errors import MediaError
from seamline.media.colour_tags import with_convertible_colours
from seamline.media.container import open_container, reason_of, video_stream
from seamline.media.film import Film
from seamline.media.packets import packets_of

_SEEK_MARGIN_S = 2
_HOPELESS_PACKETS = 50
# a time further from the picture before than pictures are ever reordered is damaged
_FAR_FRAMES = 32
# AVFieldOrder (FFmpeg, libavcodec/defs.h): both fields of one kind are stored and shown so, or stored the other way
_BOTTOM_FIRST = frozenset({3, 4})
_USUALLY_BOTTOM_FIRST = frozenset({"dvvideo"})
_Numbered = Generator[tuple[int, VideoFrame], None, None]


class Decoder:
    """One film's pictures, decoded on from where it was last sought to.

    Numbers are those of the film's index. Damaged packets are passed over and counted in
    `damaged_packets`; the numbers of frames that did not survive are left out. One thread at a time.
    """

    def __init__(self, film: Film) -> None:
        self._film = film
        self._container, self._stream = _opened(film.path)
        self._frames: _Numbered = self._numbered(from_start=True)
        self.damaged_packets = 0
        self.next_number: int | None = 0
        """The number of the picture that `read` gives next if none is missing; None when it is not known."""

    def __enter__(self) -> Decoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._frames.close()
        self._container.close()

    @property
    def shows_bottom_field_first(self) -> bool:
        """Of interlaced pictures, whether the lower field is the earlier one, by what the film says of itself."""
        order = int(self._stream.codec_context.field_order)
        return order in _BOTTOM_FIRST or (order == 0 and self._film.info.codec in _USUALLY_BOTTOM_FIRST)

    def seek(self, frame: int) -> None:
        """Go to where decoding must begin so that `frame` comes out. Raises MediaError."""
        index = self._film.index
        first = index.keyframe_before(frame)
        target_pts = int(index.pts[first])
        margin = 0
        while first > 0:
            self._seek_container(target_pts - margin)
            frames = self._numbered(from_start=False)
            ahead = next(frames, None)
            # a seek may land behind its target: in transport streams it does every time
            if ahead is not None and ahead[0] <= frame:
                self._frames = _chain(ahead, frames)
                self.next_number = ahead[0]
                return
            frames.close()
            # go back further each time, and in the end to the start of the file
            margin = max(margin * 4, round(_SEEK_MARGIN_S / index.time_base))
            if target_pts - margin <= int(index.pts[0]):
                break
        self.rewind()

    def rewind(self) -> None:
        """Go back to the first frame. Raises MediaError, and stays where it is, if the film has gone."""
        # opened before the other is given up: demuxing on from a closed container would crash
        container, stream = _opened(self._film.path)
        self.close()
        self._container, self._stream = container, stream
        self._frames = self._numbered(from_start=True)
        self.next_number = 0

    def read(self) -> tuple[int, VideoFrame] | None:
        """The next picture and its number, None at the end of the film. Raises MediaError."""
        item = next(self._frames, None)
        self.next_number = None if item is None else item[0] + 1
        return item

    def __iter__(self) -> Iterator[tuple[int, VideoFrame]]:
        while (item := self.read()) is not None:
            yield item

    def _seek_container(self, pts: int) -> None:
        try:
            self._container.seek(pts, stream=self._stream, backward=True)
        except (OSError, ValueError, av.FFmpegError):
            # no index, or before the first packet: the loop in seek() will find another way
            self.rewind()

    def _numbered(self, *, from_start: bool) -> _Numbered:
        index = self._film.index
        last = -1 if from_start else None
        for frame in self._decoded():
            number = self._number_of(frame.pts, last)
            if frame.pts is None or number is None:
                if last is None:
                    continue  # after a seek: wait for one whose time is known
                number = last + 1
            elif last is not None and number <= last:
                if not index.is_repeated(last + 1, frame.pts):
                    continue  # a damaged film gives it after its place has gone by
                number = last + 1
            if number >= len(index):
                return
            last = number
            yield number, frame

    def _number_of(self, pts: int | None, last: int | None) -> int | None:
        """The number of the frame at `pts`, None if that is not known or cannot be true."""
        if pts is None:
            return None
        index = self._film.index
        number = index.frame_of_pts(pts)
        if int(index.pts[number]) == pts:
            return number
        if last is None:
            return number if index.pts[0] <= pts < index.end_pts else None
        return number if abs(number - last) <= _FAR_FRAMES else None

    def _decoded(self) -> Iterator[VideoFrame]:
        failed_in_a_row = 0
        for packet in self._packets():
            try:
                frames = packet.decode()
            except av.InvalidDataError:
                self.damaged_packets += 1
            except (OSError, ValueError, MemoryError, av.FFmpegError) as error:
                # damage may pass for a size or a feature that the decoder does not have
                self.damaged_packets += 1
                failed_in_a_row += 1
                if failed_in_a_row >= _HOPELESS_PACKETS:
                    raise MediaError(
                        f"“{self._film.path.name}” cannot be decoded on ({reason_of(error)}): "
                        "convert it to H.264 or ProRes."
                    ) from error
            else:
                failed_in_a_row = 0
                yield from map(with_convertible_colours, frames)

    def _packets(self) -> Iterator[Packet[VideoStream]]:
        try:
            yield from packets_of(self._container, self._stream)
        except av.InvalidDataError:
            # the film breaks off here, and so does its index: what the decoder still holds is to come
            self.damaged_packets += 1
            flush = cast("Packet[VideoStream]", Packet())
            flush.stream = self._stream
            yield flush
        except (OSError, ValueError, av.FFmpegError) as error:
            raise MediaError(
                f"Reading “{self._film.path.name}” failed on the way ({reason_of(error)}): "
                "check its disk, or copy the film again."
            ) from error


def _opened(path: Path) -> tuple[InputContainer, VideoStream]:
    """The container and its picture stream, to be decoded on all processors. Raises MediaError."""
    container = open_container(path)
    try:
        stream = video_stream(container, path)
    except MediaError:
        container.close()
        raise
    stream.thread_type = "AUTO"
    return container, stream


def _chain(first: tuple[int, VideoFrame], rest: _Numbered) -> _Numbered:
    yield first
    yield from rest
