"""A film's sound between two times, encoded into a clip beside its pictures."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer

from seamline.media.sound import SOUND_RATE, SoundDecoder

_AAC_BLOCK = 1024
_AAC_BITS_PER_S = 192_000


class ClipSound:
    """Writes what `source` sounds like from `start_s` to `end_s`, counted from the film's first picture; nothing
    if it is None."""

    def __init__(
        self, clip: OutputContainer, source: SoundDecoder | None, start_s: Fraction, end_s: Fraction
    ) -> None:
        self._clip = clip
        self._source = source
        self._stream: AudioStream | None = None
        self._written = 0
        self._count = 0
        if source is not None:
            first = round(start_s * SOUND_RATE)
            self._count = round(end_s * SOUND_RATE) - first
            source.seek(Fraction(first, SOUND_RATE))
            self._stream = clip.add_stream("aac", rate=SOUND_RATE, layout="stereo")
            self._stream.bit_rate = _AAC_BITS_PER_S

    def write_until(self, time_s: Fraction) -> None:
        """Encode whole packets of what sounds before `time_s` after the clip's start."""
        while self._written + _AAC_BLOCK <= min(self._count, round(time_s * SOUND_RATE)):
            if not self._write(_AAC_BLOCK):
                return

    def finish(self) -> None:
        """Encode the rest."""
        while self._written < self._count:
            if not self._write(min(_AAC_BLOCK, self._count - self._written)):
                break
        if self._stream is not None:
            self._clip.mux(self._stream.encode(None))

    def _write(self, count: int) -> bool:
        """Whether there was sound to write; after its end there is none any more."""
        if self._source is None or self._stream is None:
            return False
        samples = self._source.read(count)
        if len(samples) == 0:
            self._count = self._written
            return False
        planes = np.ascontiguousarray(samples.T.astype(np.float32) / np.float32(32768))
        frame = av.AudioFrame.from_ndarray(planes, "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, self._written, Fraction(1, SOUND_RATE)
        self._clip.mux(self._stream.encode(frame))
        self._written += len(samples)
        return True
