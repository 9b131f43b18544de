"""Sound while scrubbing: a short piece of every frame that is sought."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from seamline.errors import SeamlineError
from seamline.media.sound import SOUND_RATE, Samples, SoundDecoder
from seamline_app.jobs.desk import Desk, Wanted
from seamline_app.jobs.sound import Sink
from seamline_app.jobs.sound_pieces import faded, silence

_log = logging.getLogger(__name__)

_PIECE_S = 0.07
_LONGEST_PIECE_S = 0.5
_TICK_MS = 10
# silence enough for the device until the next tick
_HELD = SOUND_RATE * 40 // 1000
# a device is let go of after so long without a piece
_IDLE_S = 1.0


class ScrubSound(QObject):
    """Plays the sound of each frame sought while paused, from 70 ms on to as long as the frame stands.

    One piece at a time: while one is heard, only the newest wish is remembered. Between pieces the device
    is fed silence, so that it answers at once, and closed after a second. What fails is silent: this is
    no more than an aid. Lives in a thread of its own; made in the window's.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._heard: tuple[int, int] | None = None  # job and seek_id
        self._decoder: SoundDecoder | None = None
        self._decoder_job = -1
        self._sink: Sink | None = None
        self._volume_01 = -1.0
        self._rest: Samples = silence(0)
        self._buffer = 0  # samples that the device can hold
        self._is_primed = False
        self._last_piece_s = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    @Slot()
    def look(self) -> None:
        """Something new lies on the desk."""
        self._guarded(self._obey)

    @Slot()
    def shut_down(self) -> None:
        """Let go of everything, in the thread that it belongs to, and end the thread."""
        self._hush()
        self._close_decoder()
        self.thread().quit()

    @Slot()
    def _on_tick(self) -> None:
        self._guarded(self._obey)
        self._guarded(self._feed)

    def _guarded(self, work: Callable[[], None]) -> None:
        """The thread's boundary."""
        try:
            work()
        except SeamlineError as error:
            _log.info("no sound while scrubbing: %s", error)
            self._hush()
        except Exception:  # noqa: BLE001  the thread boundary
            _log.exception("no sound while scrubbing")
            self._hush()

    def _obey(self) -> None:
        wanted = self._desk.wanted
        wish = wanted.job, wanted.seek_id
        if (
            self._desk.closing
            or wanted.speed
            or wanted.make_scrub_sink is None
            or wanted.film.info.audio is None
        ):
            self._heard = wish
            self._hush()
            return
        if self._heard is None or self._heard[0] != wanted.job:
            self._heard = wish  # a film that is opened makes no sound
            self._close_decoder()
            return
        if self._sink is not None and wanted.volume_01 != self._volume_01:
            self._set_volume(self._sink, wanted.volume_01)
        if wish != self._heard and not len(self._rest):
            self._heard = wish
            self._begin(wanted)

    def _begin(self, wanted: Wanted) -> None:
        """Let the frame sought be heard."""
        if wanted.volume_01 <= 0 or wanted.make_scrub_sink is None:
            return
        piece = self._piece_of(wanted)
        if self._sink is None:
            self._sink = wanted.make_scrub_sink()
            self._buffer, self._is_primed = max(0, self._sink.free()), False
            self._set_volume(self._sink, wanted.volume_01)
        self._rest = piece
        self._last_piece_s = time.monotonic()
        self._feed()
        self._timer.start()

    def _piece_of(self, wanted: Wanted) -> Samples:
        """int16[N, 2], faded in and out."""
        index, frame = wanted.film.index, wanted.frame
        if self._decoder is None or self._decoder_job != wanted.job:
            self._close_decoder()
            self._decoder, self._decoder_job = SoundDecoder(wanted.film), wanted.job
        start_s = index.time_of(frame)
        duration_s = min(_LONGEST_PIECE_S, max(_PIECE_S, float(index.time_of(frame + 1) - start_s)))
        self._decoder.seek(start_s)
        return faded(self._decoder.read(round(duration_s * SOUND_RATE)))

    def _feed(self) -> None:
        sink = self._sink
        if sink is None:
            return
        if sink.failed or time.monotonic() - self._last_piece_s > _IDLE_S:
            self._hush()
            return
        free = max(0, sink.free())
        if len(self._rest):
            part, self._rest = self._rest[:free], self._rest[free:]
            if len(part):
                sink.write(part)
            free -= len(part)
        if not len(self._rest):
            # some devices do not begin before they are full; later, what they hold must be short
            held = self._buffer - free
            silent = free if not self._is_primed else min(free, _HELD - held)
            if silent > 0:
                sink.write(silence(silent))
            self._is_primed = True

    def _hush(self) -> None:
        self._timer.stop()
        self._rest = silence(0)
        if self._sink is not None:
            self._sink.stop()
            self._sink = None

    def _close_decoder(self) -> None:
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _set_volume(self, sink: Sink, volume_01: float) -> None:
        self._volume_01 = volume_01
        sink.set_volume(volume_01)
