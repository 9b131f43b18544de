"""Sound while a film plays: pushed to the device in small pieces, and the clock that the pictures follow."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np

from seamline.errors import SeamlineError
from seamline.media.sound import SOUND_CHANNELS, SOUND_RATE, Samples
from seamline_app.jobs.clock import PlayClock
from seamline_app.jobs.sound_pieces import FADE_SAMPLES, HeldTrack, SoundTrack, blended, padded, silence

if TYPE_CHECKING:
    from PySide6.QtCore import QIODevice
    from PySide6.QtMultimedia import QAudioDevice

log = logging.getLogger(__name__)

NO_SOUND_TRACK = "The film has no sound."
NO_DEVICE = "No sound device: playing silently."
DEVICE_LOST = "The sound device failed: playing silently. Check it, then play again."

_BUFFER_S = 0.2
# scrubbing, what the device holds already is heard before the frame that is sought
_SCRUB_BUFFER_S = 0.08
_LEAST_FEED = SOUND_RATE // 100
_BYTES = 2 * SOUND_CHANNELS
# what the device has taken but not yet let out: measured 10 to 16 ms on PulseAudio with Qt 6.11
_DEVICE_LATENCY_S = 0.012
# devices asleep take up to 2 s to wake (measured); the picture does not wait that long, nor for one that stands still
_WAIT_S = 0.3
# by then, what a device last said of its place leads nobody: its steps are 10 to 20 ms
_STILL_S = 0.1
# one that stands still for so long does not wake any more
_LOST_S = 4.0


class Sink(Protocol):
    """Where samples go: a sound device that has been started."""

    def free(self) -> int:
        """How many samples can be written now."""

    def write(self, samples: Samples) -> None: ...

    def played(self) -> int:
        """How many samples the device has taken since its start."""

    def set_volume(self, volume_01: float) -> None: ...

    @property
    def failed(self) -> bool: ...

    def stop(self) -> None:
        """Fall silent at once; what was not played yet is dropped."""


SinkMaker = Callable[[], Sink]
"""Starts a device; called in the thread that feeds it."""

SinkFinder = Callable[[], SinkMaker | None]
"""Looks for a device; called in the window's thread. None where there is none."""


def find_speaker() -> SinkMaker | None:
    """The system's sound device of this moment."""
    return _find(_BUFFER_S)


def find_scrub_speaker() -> SinkMaker | None:
    """The same, quick to answer: for short pieces of sound."""
    return _find(_SCRUB_BUFFER_S)


def _find(buffer_s: float) -> SinkMaker | None:
    # imported late: QtMultimedia costs the window's start 30 ms and needs libraries of the system
    try:
        from PySide6.QtMultimedia import QMediaDevices
    except ImportError as error:
        log.warning("no sound: %s", error)
        return None
    device = QMediaDevices.defaultAudioOutput()
    return None if device.isNull() else partial(Speaker, device, buffer_s)


class Speaker:
    """A Qt sound device as a Sink. Lives and dies in one thread."""

    def __init__(self, device: QAudioDevice, buffer_s: float = _BUFFER_S) -> None:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QtAudio

        sound_format = QAudioFormat()
        sound_format.setSampleRate(SOUND_RATE)
        sound_format.setChannelCount(SOUND_CHANNELS)
        sound_format.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._errors = (QtAudio.Error.OpenError, QtAudio.Error.IOError, QtAudio.Error.FatalError)
        self._sink = QAudioSink(device, sound_format)
        self._sink.setBufferSize(round(buffer_s * SOUND_RATE) * _BYTES)
        self._device: QIODevice | None = self._sink.start()
        self._unwritten = b""

    def free(self) -> int:
        return max(0, self._sink.bytesFree() - len(self._unwritten)) // _BYTES

    def write(self, samples: Samples) -> None:
        data = self._unwritten + samples.tobytes()
        written = self._device.write(data) if self._device is not None else 0
        self._unwritten = data[max(0, written) :]

    def played(self) -> int:
        # what the device has taken, in steps of 10 to 20 ms; stands still while it starves (measured)
        return self._sink.processedUSecs() * SOUND_RATE // 1_000_000

    def set_volume(self, volume_01: float) -> None:
        from PySide6.QtMultimedia import QtAudio

        scale = QtAudio.VolumeScale
        linear = QtAudio.convertVolume(volume_01, scale.LogarithmicVolumeScale, scale.LinearVolumeScale)
        self._sink.setVolume(linear)

    @property
    def failed(self) -> bool:
        return self._device is None or self._sink.error() in self._errors

    def stop(self) -> None:
        self._sink.reset()
        self._device = None


class HeardSound:
    """A track's sound, played from any time on; once it `failed`, the reason is in `trouble`.

    Film time is the track's.
    """

    def __init__(self) -> None:
        self._track: SoundTrack = HeldTrack(silence(0))
        self._joint = silence(0)  # to be heard before what the track gives next
        self._sink: Sink | None = None
        self._volume_01 = 1.0
        self._film_s = 0.0
        self._from_sample = 0
        self._written = 0
        self._played = 0
        self._moved_at_s = 0.0  # when the device last took samples
        self._heard_from_sample = 0  # while hushed: those before it are stale
        self._late = False
        self._hushed = False
        self.trouble = ""

    @property
    def is_playing(self) -> bool:
        return self._sink is not None

    def set_volume(self, volume_01: float) -> None:
        self._volume_01 = volume_01
        if self._sink is not None and not self._hushed:
            self._sink.set_volume(volume_01)

    def start(self, track: SoundTrack, film_s: float, make_sink: SinkMaker, now_s: float) -> None:
        """Begin to play at `film_s`; where that fails, `trouble` says why."""
        self.stop()
        self.trouble = ""
        self._track, self._joint = track, silence(0)
        try:
            track.seek(film_s)
        except SeamlineError as error:
            self.trouble = str(error)
            return
        self._sink = make_sink()
        self._sink.set_volume(self._volume_01)
        self._film_s, self._from_sample, self._written = film_s, 0, 0
        self._played, self._moved_at_s = 0, now_s
        self._late = self._hushed = False
        self.feed()

    def stop(self) -> None:
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.stop()

    def switch(self, track: SoundTrack, film_s: float) -> None:
        """Play on with this track, which is at `film_s` now: what the device holds already is heard first, and one goes
        over into the other without a click."""
        sink = self._sink
        if sink is None:
            return
        at_s = film_s + (self._written - sink.played()) / SOUND_RATE + _DEVICE_LATENCY_S
        try:
            before = padded(self._next(FADE_SAMPLES), FADE_SAMPLES)
            track.seek(at_s)
            self._joint = blended(before, padded(track.read(FADE_SAMPLES), FADE_SAMPLES))
        except SeamlineError as error:
            self._fail(f"{error} Playing silently.")
            return
        self._track, self._film_s, self._from_sample = track, at_s, self._written

    def feed(self) -> None:
        """Fill the device's buffer; beyond the end of the sound track with silence."""
        sink = self._sink
        if sink is None:
            return
        if sink.failed:
            self._fail(DEVICE_LOST)
            return
        count = sink.free()
        if count < _LEAST_FEED:
            return
        try:
            samples = padded(self._next(count), count)
        except SeamlineError as error:
            self._fail(f"{error} Playing silently.")
            return
        sink.write(samples)
        self._written += count

    def lead(self, clock: PlayClock, now_s: float) -> None:
        """Feed the device and keep `clock` with what is heard."""
        self.feed()
        if self._sink is None:
            return
        played = self._sink.played()
        if played != self._played:
            self._played, self._moved_at_s = played, now_s
        still_s = now_s - self._moved_at_s
        if still_s >= _LOST_S:
            self._fail(DEVICE_LOST)
        elif still_s >= _WAIT_S:
            if not self._late:
                self._late = self._hushed = True
                self._sink.set_volume(0)  # what it holds already will be stale when it wakes
        elif played == 0:
            clock.start(self._film_s - self._from_sample / SOUND_RATE, clock.speed, now_s)
        elif self._late:
            self._late = False
            self._catch_up(clock.film_s(now_s), played)
        else:
            if self._hushed and played >= self._heard_from_sample:
                self._hushed = False
                self._sink.set_volume(self._volume_01)
            if still_s < _STILL_S:
                heard_s = self._film_s + (played - self._from_sample) / SOUND_RATE - _DEVICE_LATENCY_S
                clock.follow(heard_s, now_s)

    def _catch_up(self, film_s: float, played: int) -> None:
        """The device woke up late: what it is given from now on fits the picture again."""
        at_s = film_s + (self._written - played) / SOUND_RATE
        try:
            self._track.seek(at_s)
        except SeamlineError as error:
            self._fail(str(error))
            return
        self._joint = silence(0)
        self._film_s, self._from_sample = at_s, self._written
        self._heard_from_sample = self._written

    def _next(self, count: int) -> Samples:
        first, self._joint = self._joint[:count], self._joint[count:]
        if len(first) == count:
            return first
        rest = self._track.read(count - len(first))
        return np.concatenate([first, rest]) if len(first) else rest

    def _fail(self, trouble: str) -> None:
        self.trouble = trouble
        self.stop()
