"""Ranges of a film folded out as clips: packets copied where that is exact, else encoded anew; all checked."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from seamline.errors import ExchangeError, MediaError
from seamline.exchange.clip_copy import CLIP_SUFFIXES, PacketOrder, packets_from
from seamline.exchange.clip_pictures import (
    EXACT_DB,
    EdgePictures,
    check_encoded,
    in_format,
    is_exact_copy,
    pictures_of,
    stored_format,
)
from seamline.exchange.clip_sound import ClipSound
from seamline.exchange.files import check_target, written_whole
from seamline.exchange.names import SHOT_NAME_LENGTH, file_name_part
from seamline.media.container import opened, reason_of
from seamline.media.decoder import Decoder
from seamline.media.film import Film
from seamline.media.sound import SoundDecoder
from seamline.progress import Progress

_log = logging.getLogger(__name__)

LOWEST_DB = 30.0
"""The least PSNR of the first and last picture of a clip that is encoded anew."""

_CRFS = (16, 8)  # the second where the first is not near enough, as in noise
_PRESET = "fast"
_LONGEST_FILE_NAME = 255  # bytes, or UTF-16 units, which are fewer


@dataclass(frozen=True, slots=True)
class FoldedClip:
    """A clip of the film's frames [start_frame, end_frame).

    `is_copied`: its pictures are the film's own, every one compared bit for bit. Else `psnr_db` is that of the
    worse of its first and last picture. Its sound, where it has any, is always encoded anew: AAC packets
    hold 1,024 samples and no seam lies on their edges but by chance.
    """

    path: Path
    start_frame: int
    end_frame: int
    is_copied: bool
    psnr_db: float
    has_sound: bool


def clip_paths(film: Film, count: int, folder: Path, *, names: Sequence[str] = ()) -> list[Path]:
    """Where `fold_clips` writes: the film's name and a number from 1, in `folder`.

    `names`: one for each clip, “” for none; what ASCII holds of it follows the number, as far as file names reach.
    """
    suffix = CLIP_SUFFIXES.get(film.info.codec, ".mp4")
    digits = max(3, len(str(count)))
    room = _LONGEST_FILE_NAME - len(os.fsencode(film.path.stem)) - digits - len(suffix) - 2
    parts = [file_name_part(name, max(0, min(SHOT_NAME_LENGTH, room))) for name in names] or [""] * count
    return [
        folder / f"{film.path.stem}-{number:0{digits}d}{part and f'_{part}'}{suffix}"
        for number, part in enumerate(parts, 1)
    ]


def fold_clips(
    film: Film,
    ranges: Sequence[tuple[int, int]],
    folder: Path,
    *,
    names: Sequence[str] = (),
    timecode_of: Callable[[int], str] | None = None,
    progress: Progress | None = None,
    on_clip: Callable[[FoldedClip], None] | None = None,
) -> list[FoldedClip]:
    """Each half-open range of frames as a clip of its own in `folder`, which is there.

    Pictures: as `FoldedClip` says; encoded anew they are H.264 of the same size, times, colours and
    rotation, 4:2:0 in 8 bits. Sound: the first track as it is played, AAC in stereo at 48 kHz, cut at the sample.
    `timecode_of(frame)` labels the clips, but for those of a variable rate; `names` are as in `clip_paths`.
    `progress` counts frames.

    Raises MediaError, ExchangeError (also where a clip exists: none is ever written over) or Cancelled; clips
    that were finished and checked by then stay, of the others nothing does.
    """
    paths = clip_paths(film, len(ranges), folder, names=names)
    for path in paths:
        check_target(path, False, sources=(film.path,))
    for start, end in ranges:
        if not 0 <= start < end <= film.frame_count:
            raise ExchangeError(
                f"Frames {start} to {end} are no clip of a film of {film.frame_count} frames."
            )
    total, done = sum(end - start for start, end in ranges), 0
    clips: list[FoldedClip] = []
    with closing(_Folding(film, timecode_of, progress, total)) as job:
        for path, (start, end) in zip(paths, ranges, strict=True):
            with written_whole(path, overwrite=False, sources=(film.path,)) as part:
                is_copied, psnr = job.fold(part, start, end, done)
            done += end - start
            clips.append(FoldedClip(path, start, end, is_copied, psnr, job.has_sound))
            if on_clip is not None:
                on_clip(clips[-1])
    if progress is not None:
        progress.step(total, total)
    return clips


class _Folding:
    """What is opened once for all clips of a film."""

    def __init__(
        self, film: Film, timecode_of: Callable[[int], str] | None, progress: Progress | None, total: int
    ) -> None:
        self._film = film
        # a timecode counts at one rate
        self._timecode_of = None if film.index.is_variable else timecode_of
        self._progress = progress
        self._total = total
        can_copy = film.info.codec in CLIP_SUFFIXES
        self._order = PacketOrder.of(film, look=lambda: self._step(0)) if can_copy else None
        self._sound = _sound_of(film)
        self._decoder = Decoder(film)

    @property
    def has_sound(self) -> bool:
        return self._sound is not None

    def close(self) -> None:
        self._decoder.close()
        if self._sound is not None:
            self._sound.close()

    def fold(self, path: Path, start: int, end: int, done: int) -> tuple[bool, float]:
        """Write one clip; whether it is a copy, and its PSNR."""
        if self._is_copyable(start, end):
            try:
                self._copy(path, start, end, done)
            except (OSError, ValueError, av.FFmpegError):
                pass  # the container does not take these packets
            else:
                frames = range(start, end)
                if is_exact_copy(path, self._film, self._decoder, frames, self._progress, done, self._total):
                    return True, EXACT_DB
        psnr = 0.0
        for crf in _CRFS:
            edges = self._encode(path, start, end, done, crf)
            psnr = check_encoded(path, self._film, start, end, edges)
            if psnr > LOWEST_DB:
                return False, psnr
        raise ExchangeError(
            f"Frames {start} to {end} of “{self._film.path.name}” cannot be encoded faithfully (PSNR "
            f"{psnr:.1f} dB): convert the film to ProRes, whose packets can be copied."
        )

    def _is_copyable(self, start: int, end: int) -> bool:
        if self._order is None:
            return False
        return self._order.packets_of(start, end, self._film.frame_count) is not None

    def _copy(self, path: Path, start: int, end: int, done: int) -> None:
        film, index = self._film, self._film.index
        origin = int(index.pts[start])
        with opened(film.path) as (source, source_stream), self._clip(path) as clip:
            stream = clip.add_stream_from_template(source_stream)
            self._label(stream, start)
            sound = self._clip_sound(clip, start, end)
            for count, packet in enumerate(packets_from(film, source, source_stream, start)):
                if count == end - start:
                    break
                self._step(done + count)
                pts = packet.pts or 0
                frame = index.frame_of_pts(pts)
                packet.duration = round((index.time_of(frame + 1) - index.time_of(frame)) / index.time_base)
                packet.pts = pts - origin
                packet.dts = None if packet.dts is None else packet.dts - origin
                packet.stream = stream
                clip.mux(packet)
                sound.write_until((pts - origin) * index.time_base)
            sound.finish()

    def _encode(self, path: Path, start: int, end: int, done: int, crf: int) -> EdgePictures:
        film, index = self._film, self._film.index
        if "libx264" not in av.codecs_available:
            raise ExchangeError("This FFmpeg has no H.264 encoder: install PyAV as its makers build it.")
        clock = index.time_base if index.is_variable else 1 / index.rate
        pixel_format = stored_format(film)
        first = last = None
        try:
            with self._clip(path) as clip:
                stream: VideoStream | None = None
                sound = None
                durations: dict[int, int] = {}
                for number, picture in pictures_of(self._decoder, film, start, end):
                    self._step(done + number - start)
                    stored = in_format(picture, pixel_format)
                    if stream is None or sound is None:
                        stream = _encoded_stream(clip, film, stored, clock, crf)
                        self._label(stream, start)
                        sound = self._clip_sound(clip, start, end)
                        first = stored
                    last = stored
                    ticks = round((index.time_of(number) - index.time_of(start)) / clock)
                    durations[ticks] = round((index.time_of(number + 1) - index.time_of(number)) / clock)
                    stored.pts, stored.time_base = ticks, clock
                    # else the encoder repeats the film's choice of key frames
                    stored.pict_type = PictureType.NONE
                    self._mux(clip, stream.encode(stored), durations)
                    sound.write_until(ticks * clock)
                if stream is None or sound is None or first is None or last is None:
                    raise ExchangeError(f"Frames {start} to {end} of “{film.path.name}” cannot be decoded.")
                self._mux(clip, stream.encode(None), durations)
                sound.finish()
        except (ValueError, av.FFmpegError) as error:
            if getattr(error, "errno", None) == errno.ENOSPC:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise ExchangeError(
                f"Frames {start} to {end} of “{film.path.name}” cannot be encoded ({reason_of(error)}): "
                "convert the film to H.264 or ProRes first."
            ) from error
        return EdgePictures(first, last)

    @staticmethod
    def _mux(clip: OutputContainer, packets: list[Packet[VideoStream]], durations: dict[int, int]) -> None:
        for packet in packets:
            # the encoder knows no duration of the last frames it gives
            packet.duration = durations.pop(packet.pts or 0, packet.duration or 0)
            clip.mux(packet)

    def _clip(self, path: Path) -> OutputContainer:
        # a timecode track in .mp4 too, where a clip has a timecode
        options = {"write_tmcd": "1"} if self._timecode_of is not None else {}
        return av.open(str(path), "w", container_options=options)

    def _label(self, stream: VideoStream, start: int) -> None:
        if self._timecode_of is not None:
            stream.metadata["timecode"] = self._timecode_of(start)

    def _clip_sound(self, clip: OutputContainer, start: int, end: int) -> ClipSound:
        times = self._film.index.time_of(start), self._film.index.time_of(end)
        return ClipSound(clip, self._sound, *times)

    def _step(self, done: int) -> None:
        if self._progress is not None:
            self._progress.step(done, self._total)


def _sound_of(film: Film) -> SoundDecoder | None:
    if film.info.audio is None:
        return None
    try:
        return SoundDecoder(film)
    except MediaError as error:
        _log.warning("the clips of %s have no sound: %s", film.path.name, error)
        return None


def _encoded_stream(
    clip: OutputContainer, film: Film, picture: VideoFrame, clock: Fraction, crf: int
) -> VideoStream:
    options = {"crf": str(crf), "preset": _PRESET}
    if film.info.interlaced:
        options["flags"] = "+ilme+ildct"
    stream = clip.add_stream("libx264", rate=film.rate, options=options)
    stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, picture.format.name
    stream.time_base = clock
    context = stream.codec_context
    context.time_base = clock
    context.sample_aspect_ratio = film.info.sample_aspect
    context.colorspace, context.color_range = picture.colorspace, picture.color_range
    context.color_primaries, context.color_trc = picture.color_primaries, picture.color_trc
    if film.info.rotation_deg:
        stream.set_display_rotation(-film.info.rotation_deg)  # FFmpeg turns anticlockwise
    return stream
