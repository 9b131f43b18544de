"""A film's sound as samples on the film's own clock, with silence where there is none."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from numpy.typing import NDArray

from seamline.errors import MediaError
from seamline.media.container import open_container
from seamline.media.film import Film
from seamline.media.packets import packets_of
from seamline.progress import Progress

SOUND_RATE = 48_000
"""Samples a second of all sound that is played."""

SOUND_CHANNELS = 2

Samples = NDArray[np.int16]
"""int16[N, 2], left first, 48,000 a second."""

# decoders of AAC, MP3 and Opus need what came before: Opus most, 80 ms (RFC 7845, section 4.6)
_PREROLL_S = Fraction(1, 10)
# jitter of a clock of 1 ms (Matroska) is no gap; a lost packet of 1,024 samples is one
_TOLERANCE = SOUND_RATE // 50
# pictures so far ahead of the last sound mean that there is none here; muxers interleave more closely
_INTERLEAVE_S = 5
_SEEK_MARGINS_S = (0, 2, 10)
_PEEKED_PACKETS = 500
_HOPELESS_PACKETS = 50


class SoundDecoder:
    """The first sound track of a film, read on from where it was last sought to.

    Times count from the film's first picture; a track that starts later or has holes is filled with
    silence. Damaged packets are passed over (silence) and counted in `damaged_packets`. One thread at
    a time. Raises MediaError if the film has no sound that can be decoded.
    """

    def __init__(self, film: Film) -> None:
        self._film = film
        self._origin_s = int(film.index.pts[0]) * film.index.time_base
        self._container = open_container(film.path)
        try:
            self._stream = sound_stream(self._container, film.path)
        except MediaError:
            self._container.close()
            raise
        self._packets: Iterator[Packet[Stream]] = packets_of(self._container)
        self._chunks: deque[tuple[int, Samples]] = deque()
        self._resampler: AudioResampler | None = None
        self._resampled_kind: tuple[str, str, int] | None = None
        self._next_start: int | None = None
        self._decode_from = -SOUND_RATE
        self._silent_until = 0
        self._ended = False
        self._failed_in_a_row = 0
        self.damaged_packets = 0
        self.position = 0
        """The next sample that `read` gives, counted from the film's first picture."""

    def __enter__(self) -> SoundDecoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._chunks.clear()
        self._packets = iter(())
        self._container.close()

    def seek(self, time_s: Fraction | float, progress: Progress | None = None) -> None:
        """Go on reading at `time_s` seconds after the start of the first picture. Raises MediaError.

        By `progress` it can be cancelled; before it reads again, it has to be sought anew then.
        """
        target_s = Fraction(time_s)
        if not self._seek_near(target_s, progress):
            self._rewind()
        self._restart(target_s)

    def read(self, count: int, progress: Progress | None = None) -> Samples:
        """The next `count` samples; fewer, down to none, at the end of the track. Raises MediaError, and is cancelled
        as `seek` is."""
        parts: list[Samples] = []
        missing = count
        while missing > 0 and (part := self._next_part(missing, progress)) is not None:
            parts.append(part)
            self.position += len(part)
            missing -= len(part)
        return np.concatenate(parts) if parts else _silence(0)

    def _seek_near(self, target_s: Fraction, progress: Progress | None) -> bool:
        """Whether it could be sought so that all sound from `target_s` on follows, and not long before."""
        begin_s = target_s - _PREROLL_S
        for margin_s in _SEEK_MARGINS_S:
            if begin_s - margin_s <= 0 and margin_s:
                return False
            # Matroska lists its key frames only: by sound, FFmpeg would read the whole file up to there
            by_pictures = "matroska" in self._container.format.name
            if not self._seek_container(begin_s - margin_s, by_pictures=by_pictures):
                return False
            if self._begins_after(target_s):
                return True  # there is no earlier sound to be found
            picture_s, sound_s = self._peek(target_s + _INTERLEAVE_S, progress)
            if sound_s is not None and sound_s <= target_s:
                if by_pictures or sound_s > begin_s - margin_s - _INTERLEAVE_S:
                    return True
                # the last sound is long before: all pictures since need not be passed over
                return self._seek_container(begin_s, by_pictures=True)
            # a seek may land behind its target, as in transport streams
            if picture_s is not None and picture_s <= target_s - _INTERLEAVE_S:
                return True  # by the pictures, it has not: there is no sound here
        return False

    def _begins_after(self, time_s: Fraction) -> bool:
        """Whether the track tells that it does."""
        start = self._stream.start_time
        return start is not None and start * Fraction(self._stream.time_base or 1) - self._origin_s > time_s

    def _seek_container(self, time_s: Fraction, *, by_pictures: bool) -> bool:
        container = self._container
        stream = container.streams.video[0] if by_pictures else self._stream
        time_base = Fraction(stream.time_base or Fraction(1, av.time_base))
        try:
            container.seek(int((time_s + self._origin_s) // time_base), stream=stream, backward=True)
        except (OSError, ValueError, av.FFmpegError):
            return False  # no index, or before the first packet
        self._packets = packets_of(container)
        return True

    def _rewind(self) -> None:
        # opened before the other is given up: demuxing on from a closed container would crash
        container = open_container(self._film.path)
        self._packets = iter(())
        self._container.close()
        self._container = container
        self._stream = sound_stream(self._container, self._film.path)
        self._packets = packets_of(self._container)

    def _peek(self, until_s: Fraction, progress: Progress | None) -> tuple[Fraction | None, Fraction | None]:
        """When the next picture begins, and when the next packet of sound does, if one comes before the pictures are
        at `until_s`; loses no packet."""
        pictures = self._container.streams.video[0].index
        peeked: list[Packet[Stream]] = []
        picture_s: Fraction | None = None
        sound_s: Fraction | None = None
        while sound_s is None and len(peeked) < _PEEKED_PACKETS:
            if progress is not None:
                progress.step(0, 1)
            packet = self._next_packet()
            if packet is None:
                break
            peeked.append(packet)
            if packet.pts is None or packet.time_base is None:
                continue
            begins_s = self._film_time_s(packet.pts, packet.time_base)
            if packet.stream.index == self._stream.index:
                sound_s = begins_s
            elif packet.stream.index == pictures:
                picture_s = begins_s if picture_s is None else picture_s
                if begins_s > until_s:
                    break
        self._packets = itertools.chain(peeked, self._packets)
        return picture_s, sound_s

    def _restart(self, target_s: Fraction) -> None:
        self._chunks.clear()
        self._resampler = None
        self._next_start = None
        self._ended = False
        self._failed_in_a_row = 0
        self.position = round(target_s * SOUND_RATE)
        self._silent_until = self.position
        self._decode_from = self.position - round(_PREROLL_S * SOUND_RATE)

    def _next_part(self, limit: int, progress: Progress | None) -> Samples | None:
        while True:
            while not (self._chunks or self._ended or self._silent_until > self.position):
                if progress is not None:
                    progress.step(0, 1)
                self._advance()
            if not self._chunks:
                silent = self._silent_until - self.position
                return _silence(min(limit, silent)) if silent > 0 else None
            start, samples = self._chunks[0]
            if start > self.position:
                return _silence(min(limit, start - self.position))
            offset = self.position - start
            if offset + limit >= len(samples):
                self._chunks.popleft()
            if offset < len(samples):
                return samples[offset : offset + limit]

    def _advance(self) -> None:
        """Take in one packet."""
        packet = self._next_packet()
        if packet is None:
            self._ended = True
            return
        if packet.stream.index != self._stream.index:
            self._note_silence(packet)
            return
        if packet.pts is not None and packet.time_base is not None:
            duration = (packet.duration or 0) * packet.time_base
            end = round((self._film_time_s(packet.pts, packet.time_base) + duration) * SOUND_RATE)
            if duration and end <= self._decode_from:
                return
        try:
            for frame in packet.decode():
                self._take(cast(AudioFrame, frame))
            self._failed_in_a_row = 0
        except (OSError, ValueError, av.FFmpegError) as error:
            self.damaged_packets += 1
            self._next_start = None  # what follows tells its own time
            self._failed_in_a_row += 1
            if self._failed_in_a_row > _HOPELESS_PACKETS:
                raise MediaError(
                    f"The sound of “{self._film.path.name}” cannot be decoded ({error}): "
                    "convert it to AAC or PCM."
                ) from error

    def _next_packet(self) -> Packet[Stream] | None:
        try:
            return next(self._packets, None)
        except (OSError, ValueError, av.FFmpegError):
            return None  # a film that breaks half-way: its sound ends there

    def _note_silence(self, packet: Packet[Stream]) -> None:
        """Where pictures run far ahead there is no sound, and none must be searched for to the file's end."""
        at = packet.dts if packet.dts is not None else packet.pts
        if at is not None and packet.time_base is not None:
            until_s = self._film_time_s(at, packet.time_base) - _INTERLEAVE_S
            self._silent_until = max(self._silent_until, round(until_s * SOUND_RATE))

    def _take(self, frame: AudioFrame) -> None:
        """Queue a decoded frame's samples where they belong on the film's clock."""
        start = self._next_start
        if frame.pts is not None and frame.time_base is not None:
            told = round(self._film_time_s(frame.pts, Fraction(frame.time_base)) * SOUND_RATE)
            if start is None or abs(told - start) > _TOLERANCE:
                start = told
                self._resampler = None
        if start is None:
            start = self.position
        samples = self._resampled(frame)
        self._chunks.append((start, samples))
        self._next_start = start + len(samples)

    def _resampled(self, frame: AudioFrame) -> Samples:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or kind != self._resampled_kind:
            self._resampler = AudioResampler("s16", "stereo", SOUND_RATE)
            self._resampled_kind = kind
        frame.pts = None  # continuity is counted here: the resampler shall neither drop nor fill
        parts = [part.to_ndarray().reshape(-1, SOUND_CHANNELS) for part in self._resampler.resample(frame)]
        return np.concatenate(parts).astype(np.int16, copy=False) if parts else _silence(0)

    def _film_time_s(self, pts: int, time_base: Fraction) -> Fraction:
        return pts * Fraction(time_base) - self._origin_s


def sound_stream(container: InputContainer, path: Path, track: int = 0) -> AudioStream:
    """The sound track of that number, counted from 0. Raises MediaError."""
    tracks = container.streams.audio
    if not tracks:
        raise MediaError(f"“{path.name}” has no sound.")
    if not 0 <= track < len(tracks):
        raise MediaError(f"“{path.name}” has no sound track {track + 1}: choose one from 1 to {len(tracks)}.")
    if tracks[track].codec_context is None:
        raise MediaError(
            f"The sound of “{path.name}” has a format that is not known: convert it to AAC or PCM."
        )
    return tracks[track]


def _silence(count: int) -> Samples:
    return np.zeros((count, SOUND_CHANNELS), np.int16)
