"""How loud a film's sound is while each of its frames is on screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Stream
from numpy.typing import NDArray

from seamline.media.container import open_container
from seamline.media.film import Film
from seamline.media.packets import packets_of
from seamline.media.sound import SOUND_RATE, sound_stream
from seamline.media.timebase import FrameIndex, Int64Array
from seamline.progress import Progress

FloatArray = NDArray[np.float32]

_BATCH_S = 10
_SILENT_BLOCK_FRAMES = 4096
_STEP_PACKETS = 512
# decoders of AAC, MP3 and Opus need what came before: Opus most, 80 ms (RFC 7845, section 4.6)
_PREROLL_S = Fraction(1, 10)
# PyAV (up to 18.1) counts a planar frame's planes up to a null pointer, which FFmpeg puts behind 7 at most: with 8
# channels or more it reads memory that is not the frame's, and dies of it
_UNSAFE_PLANES = 8
# the jitter of Matroska's clock, and of Vorbis' short blocks (11 ms), is no gap; a lost packet of 1,024 samples is one
_TOLERANCES_A_SECOND = 50


@dataclass(frozen=True, slots=True)
class LoudnessBlock:
    """Loudness of consecutive frames from `start_frame` on, each over the time that it is on screen.

    `peak`: float32[n], the largest magnitude of any sample of any channel. `rms`: float32[n], the root of the mean
    square over all samples and channels. Both are linear, 1 for full scale (0 dBFS): a full-scale sine has a peak
    of 1 and an RMS of .707; sound decoded from AAC and the like may go a little above 1. No sound is 0.
    `damaged_packets` counts those passed over so far.
    """

    start_frame: int
    peak: FloatArray
    rms: FloatArray
    damaged_packets: int

    @property
    def end_frame(self) -> int:
        return self.start_frame + len(self.peak)


def read_loudness(
    film: Film, *, progress: Progress, track: int = 0, start_frame: int = 0
) -> Iterator[LoudnessBlock] | None:
    """The loudness of each frame from `start_frame` to the film's end, in order; None if the film has no sound.

    Of one sound track, counted from 0, as stored: channels are not mixed and rates not converted. What is missing
    is silence: before a track that starts late, in its holes, in damaged packets, after its end. The picture is
    not decoded; memory is some seconds of sound and 20 bytes a frame. A run that begins at a later frame passes
    over what comes before without decoding it; it gives the same values, shifted by 20 ms at most where clocks jitter.
    Progress counts frames. The blocks raise MediaError if the file or the track cannot be opened, or Cancelled.
    """
    if film.info.audio is None:
        return None
    return _blocks(film, progress, track, start_frame)


def _blocks(film: Film, progress: Progress, track: int, start_frame: int) -> Iterator[LoudnessBlock]:
    count = film.frame_count
    meter = _Meter(film.index)
    done = start_frame
    progress.step(done, count)
    container = open_container(film.path)
    try:
        reading = _TrackReader(container, sound_stream(container, film.path, track), film, start_frame)
        for piece in reading.pieces():
            if piece is not None:
                meter.add(piece)
            known = min(meter.known_frames, count)
            progress.step(done, count)
            if known > done:
                yield meter.block(done, known, reading.damaged_packets)
                done = known
            if done == count:
                break
        damaged = reading.damaged_packets
    finally:
        container.close()
    while done < count:
        known = min(count, done + _SILENT_BLOCK_FRAMES)
        yield meter.block(done, known, damaged)
        done = known
        progress.step(done, count)
    progress.step(done, count)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Sound without holes: float32[channels, n] from sample `start` on, counted from the film's first picture."""

    start: int
    rate: int
    samples: FloatArray

    @property
    def end(self) -> int:
        return self.start + int(self.samples.shape[1])


class _TrackReader:
    """Decodes a sound track from some frame on, and puts it on the film's clock."""

    def __init__(self, container: InputContainer, stream: AudioStream, film: Film, start_frame: int) -> None:
        self._container = container
        self._stream = stream
        self._origin_s = int(film.index.pts[0]) * film.index.time_base
        time_base = Fraction(stream.time_base or Fraction(1, av.time_base))
        self._first_pts = (film.index.time_of(start_frame) - _PREROLL_S + self._origin_s) // time_base
        self._film_duration_s = float(film.index.duration)
        self._rate = SOUND_RATE
        self._clock: tuple[Fraction, int] | None = None
        self._factor, self._offset = Fraction(1), 0
        self._batch: list[FloatArray] = []
        self._batch_start = 0
        self._packer: AudioResampler | None = None
        self._packed_kind: tuple[str, str, int] | None = None
        self._next: int | None = None
        self._end = 0
        self.damaged_packets = 0
        if "mov" in container.format.name:
            # it has a table of where each packet lies; others must be read through, a packet a time
            for other in container.streams:
                if other.index != stream.index:
                    other.discard = Discard.all

    def pieces(self) -> Iterator[_Piece | None]:
        """The track's sound in order; None now and then where there is none, so that the caller can look up."""
        for count, packet in enumerate(self._packets()):
            if count % _STEP_PACKETS == 0:
                yield None
            if packet.stream.index != self._stream.index or self._is_before(packet):
                continue
            try:
                heard = [(frame, self._samples(frame)) for frame in cast(list[AudioFrame], packet.decode())]
            except (OSError, ValueError, av.FFmpegError):
                self.damaged_packets += 1
                self._packer = None
                self._next = None  # what follows tells its own time
                continue
            for frame, samples in heard:
                yield from self._taken(frame, samples)
        yield from self._given()

    def _packets(self) -> Iterator[Packet[Stream]]:
        try:
            yield from packets_of(self._container)
        except (OSError, ValueError, av.FFmpegError):
            return  # a film that breaks half-way: its sound ends there

    def _is_before(self, packet: Packet[Stream]) -> bool:
        return bool(
            packet.pts is not None and packet.duration and packet.pts + packet.duration <= self._first_pts
        )

    def _taken(self, frame: AudioFrame, samples: FloatArray) -> Iterator[_Piece]:
        """Put a frame's samples behind those before it; give these if it belongs elsewhere, or if they are many."""
        rate = frame.sample_rate
        if rate != self._rate:
            yield from self._given()
            self._end = self._end * rate // self._rate
            self._rate = rate
            self._next = None
        start = self._next
        if frame.pts is not None and frame.time_base is not None:
            told = self._told(frame.pts, frame.time_base, rate)
            if start is None or abs(told - start) > rate // _TOLERANCES_A_SECOND:
                start = told
        start = self._end if start is None else start
        if start >= self._film_duration_s * rate:
            yield from self._given()  # sound behind the last picture, or a damaged time: either has no frame
            return
        self._next = start + samples.shape[1]
        if start < self._end:
            samples = samples[:, self._end - start :]  # said before: sound does not count twice
            start = self._end
        if samples.shape[1] == 0:
            return
        if self._batch and (start != self._end or len(samples) != len(self._batch[0])):
            yield from self._given()
        if not self._batch:
            self._batch_start = start
        self._batch.append(samples)
        self._end = start + samples.shape[1]
        if self._end - self._batch_start >= rate * _BATCH_S:
            yield from self._given()

    def _samples(self, frame: AudioFrame) -> FloatArray:
        """float32[channels, n], 1 for full scale. Raises FFmpegError or ValueError."""
        channels = frame.layout.nb_channels
        if not frame.format.is_planar:
            return _linear(frame.to_ndarray().reshape(-1, channels).T)
        if channels < _UNSAFE_PLANES:
            return _linear(frame.to_ndarray())
        kind = frame.format.name, frame.layout.name, frame.sample_rate
        if self._packer is None or self._packed_kind != kind:
            self._packer = AudioResampler(frame.format.packed, frame.layout, frame.sample_rate)
            self._packed_kind = kind
        told, frame.pts = frame.pts, None  # it shall neither drop nor fill
        parts = [part.to_ndarray() for part in self._packer.resample(frame)]
        frame.pts = told
        return _linear(np.concatenate(parts, axis=1).reshape(-1, channels).T)

    def _given(self) -> Iterator[_Piece]:
        if self._batch:
            samples = np.concatenate(self._batch, axis=1)
            self._batch.clear()
            if not np.isfinite(samples).all():  # damaged sound may hold what is no number
                samples = np.nan_to_num(samples, nan=0, posinf=0, neginf=0)
            yield _Piece(self._batch_start, self._rate, samples)

    def _told(self, pts: int, time_base: Fraction, rate: int) -> int:
        """The sample that a time stands for; in whole numbers, as fractions would take longer than the decoder."""
        if self._clock != (time_base, rate):
            self._clock = time_base, rate
            self._factor = time_base * rate
            self._offset = round(self._origin_s * rate)
        factor = self._factor
        return (pts * factor.numerator + factor.denominator // 2) // factor.denominator - self._offset


def _linear(raw: NDArray[Any]) -> FloatArray:
    """Samples of any kind as float32, 1 for full scale."""
    if raw.dtype.kind == "u":
        return (raw.astype(np.float32) - np.float32(128)) / np.float32(128)
    if raw.dtype.kind == "i":
        return raw.astype(np.float32) / np.float32(2.0 ** (8 * raw.dtype.itemsize - 1))
    return np.asarray(raw, np.float32)


class _Meter:
    """Sums of squares and peaks, a frame each."""

    def __init__(self, index: FrameIndex) -> None:
        self._index = index
        self._energy = np.zeros(len(index), np.float64)  # mean square of the channels times seconds
        self._peak = np.zeros(len(index), np.float32)
        self._rate = SOUND_RATE
        self._edges = _edges(index, self._rate)
        self.known_frames = 0
        """All sound of the frames before this one has been added."""

    def add(self, piece: _Piece) -> None:
        if piece.rate != self._rate:
            self._rate = piece.rate
            self._edges = _edges(self._index, piece.rate)
        edges = self._edges
        start, end = max(piece.start, 0), min(piece.end, int(edges[-1]))
        if end > start:
            samples = piece.samples[:, start - piece.start : end - piece.start]
            first = int(np.searchsorted(edges, start, side="right")) - 1
            last = int(np.searchsorted(edges, end, side="left"))
            # a frame shorter than a sample has one all the same: reduceat never gives it none
            begins = np.maximum(edges[first:last], start) - start
            power = np.einsum("cn,cn->n", samples, samples)
            energy = np.add.reduceat(power, begins, dtype=np.float64) / (len(samples) * piece.rate)
            self._energy[first:last] += energy
            loudest = np.maximum.reduceat(np.abs(samples).max(axis=0), begins)
            self._peak[first:last] = np.maximum(self._peak[first:last], loudest)
        known = int(np.searchsorted(edges, piece.end, side="right")) - 1
        self.known_frames = max(self.known_frames, known)

    def block(self, start: int, end: int, damaged_packets: int) -> LoudnessBlock:
        durations_s = np.maximum(np.diff(self._edges[start : end + 1]), 1) / self._rate
        rms = np.sqrt(self._energy[start:end] / durations_s).astype(np.float32)
        return LoudnessBlock(start, self._peak[start:end].copy(), rms, damaged_packets)


def _edges(index: FrameIndex, rate: int) -> Int64Array:
    """int64[N+1]: the first sample of each frame at `rate` samples a second, and the end of the last."""
    factor = index.time_base * rate
    ticks = np.append(index.pts, index.end_pts) - index.pts[0]
    edges: Int64Array = (ticks * factor.numerator + factor.denominator // 2) // factor.denominator
    return edges
