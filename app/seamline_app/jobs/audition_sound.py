"""Lets a cut be heard, round and round, in a thread of its own; the pictures follow it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QTimer, Signal, Slot

from seamline_app.jobs.audition_sounds import CutSound
from seamline_app.jobs.clock import PlayClock
from seamline_app.jobs.sound import HeardSound, SinkMaker
from seamline_app.jobs.sound_loop import SoundLoop
from seamline_app.jobs.sound_pieces import HeldTrack
from seamline_app.jobs.threads import joined, nice_thread

_log = logging.getLogger(__name__)

_TICK_MS = 10
_TOLD_FROM_S = 0.0005

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    """`sound` from `time_s` on, as it was when the clock said `at_s`; None: silence."""

    number: int = 0
    sound: CutSound | None = None
    time_s: float = 0.0
    at_s: float = 0.0
    make_sink: SinkMaker | None = None
    volume_01: float = 1.0


class AuditionSound(QObject):
    """Its thread begins with the first sound, and reads no file. `now_s` is the clock that the pictures go by.

    `led(time_s, at_s)`: what was heard when that clock said `at_s`, in times that run on from turn to turn;
    none of what was asked for before the last wish. `troubled(sentence)`: the device failed, and it is silent.
    """

    led = Signal(float, float)
    troubled = Signal(str)

    _news = Signal()
    _end = Signal()

    def __init__(self, now_s: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_s = now_s
        self._wish = _Wish()
        self._thread: QThread | None = None
        self._worker: _Worker | None = None
        self._is_closed = False
        if (app := QCoreApplication.instance()) is not None:
            app.aboutToQuit.connect(self.close)

    def play(self, sound: CutSound, time_s: float, at_s: float, make_sink: SinkMaker) -> None:
        """Have it heard round and round, as if it had been at `time_s` when the clock said `at_s`. What plays goes over
        into it, as soon as the device has let out what it holds."""
        if self._is_closed:
            return  # a thread that began now would be joined by nobody
        if self._thread is None:
            self._start_thread()
        self._want(_Wish(self._wish.number + 1, sound, time_s, at_s, make_sink, self._wish.volume_01))

    def stop(self) -> None:
        """Silence, at once."""
        if self._wish.sound is not None:
            self._want(_Wish(self._wish.number + 1, volume_01=self._wish.volume_01))

    def set_volume(self, volume_01: float) -> None:
        wish = self._wish
        self._want(_Wish(wish.number, wish.sound, wish.time_s, wish.at_s, wish.make_sink, volume_01))

    def close(self) -> None:
        """Stop, and join the thread; nothing is heard any more."""
        self._is_closed = True
        self._wish = _Wish(self._wish.number + 1, volume_01=self._wish.volume_01)
        if self._thread is not None:
            self._end.emit()
            if not joined(self._thread, self._worker):
                _log.error("the thread %s did not end", self._thread.objectName())
            self._thread = self._worker = None

    def _want(self, wish: _Wish) -> None:
        self._wish = wish
        self._news.emit()

    def _start_thread(self) -> None:
        self._thread = nice_thread("audition-sound", 0)
        self._worker = _Worker(lambda: self._wish, self._now_s)
        self._worker.moveToThread(self._thread)
        self._news.connect(self._worker.look)
        self._end.connect(self._worker.shut_down)
        self._worker.led.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._worker.troubled.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    @Slot(int, float, float)
    def _pass_on(self, number: int, time_s: float, at_s: float) -> None:
        if number == self._wish.number:
            self.led.emit(time_s, at_s)

    @Slot(int, str)
    def _tell(self, number: int, sentence: str) -> None:
        if number == self._wish.number:
            self.troubled.emit(sentence)


class _Worker(QObject):
    """Feeds the device from memory."""

    led = Signal(int, float, float)
    troubled = Signal(int, str)

    def __init__(self, wanted: Callable[[], _Wish], now_s: Clock) -> None:
        super().__init__()
        self._wanted = wanted
        self._now_s = now_s
        self._number = 0
        self._sound = HeardSound()
        self._clock = PlayClock()
        self._told_s = 0.0
        self._volume_01 = -1.0
        self._timer = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    @Slot()
    def look(self) -> None:
        """Something new is wanted."""
        self._guarded(self._obey)

    @Slot()
    def shut_down(self) -> None:
        """Fall silent, and end the thread."""
        self._guarded(self._hush)
        self.thread().quit()

    @Slot()
    def _on_tick(self) -> None:
        self._guarded(self._go_on)

    def _guarded(self, work: Callable[[], None]) -> None:
        """The thread's boundary."""
        try:
            work()
        except Exception as error:  # noqa: BLE001  the thread boundary
            _log.exception("no sound of the audition")
            self._drop()
            self.troubled.emit(
                self._number,
                f"The sound failed unexpectedly ({type(error).__name__}: {error}): playing silently. The log has the "
                "details.",
            )

    def _obey(self) -> None:
        wish = self._wanted()
        if wish.volume_01 != self._volume_01:
            self._volume_01 = wish.volume_01
            self._sound.set_volume(wish.volume_01)
        if wish.number == self._number:
            return
        self._number = wish.number
        if wish.sound is None or wish.make_sink is None:
            self._hush()
            return
        track = SoundLoop(HeldTrack(wish.sound.samples()), 0.0, wish.sound.length_s)
        at_s = self._now_s()
        time_s = wish.time_s + at_s - wish.at_s
        self._told_s = wish.at_s - wish.time_s
        self._clock.start(time_s, 1.0, at_s)
        if self._sound.is_playing:
            self._sound.switch(track, time_s)
        else:
            self._sound.start(track, time_s, wish.make_sink, at_s)
        self._timer.start()
        self._go_on()

    def _go_on(self) -> None:
        """Feed the device, and tell where it is if that is not where it was thought to be."""
        at_s = self._now_s()
        self._sound.lead(self._clock, at_s)
        if not self._sound.is_playing:
            self._timer.stop()
            if self._sound.trouble:
                self.troubled.emit(self._number, self._sound.trouble)
            return
        time_s = self._clock.film_s(at_s)
        if abs(at_s - time_s - self._told_s) > _TOLD_FROM_S:
            self._told_s = at_s - time_s
            self.led.emit(self._number, time_s, at_s)

    def _hush(self) -> None:
        self._timer.stop()
        self._sound.stop()

    def _drop(self) -> None:
        """What failed is not fed again: the next sound has a device that starts anew."""
        try:
            self._hush()
        except Exception:  # noqa: BLE001  the device may be what failed
            _log.exception("the sound device did not stop")
