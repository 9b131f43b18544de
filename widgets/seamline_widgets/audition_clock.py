"""The clock that a cut is played by: what is shown follows from the time that has passed."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from seamline_widgets.audition_cut import AuditionLoop, Place

now_s = time.perf_counter


class AuditionClock(QObject):
    """Goes round a loop. Where it is late, frames are left out: it never goes slower.

    `moved`: another frame is on.
    """

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop: AuditionLoop | None = None
        self._is_running = False
        self._began_s = 0.0
        self._stood_s = 0.0
        self._shown: Place | None = None
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def is_running(self) -> bool:
        return self._is_running

    @property
    def place(self) -> Place | None:
        """What was on at the last beat."""
        return self._shown

    def set_loop(self, loop: AuditionLoop, *, anew: bool = False) -> None:
        """Go round that one from now on: from the same frame on, if it is among those that play, else from the nearest
        one; `anew`: from the start."""
        before, time_s = self._loop, self._time_s()
        self._loop = loop
        if anew or before is None:
            self._go_to(0.0)
            return
        place = before.place_at(time_s)
        since_s = time_s % before.length_s - before.time_of(place)
        is_kept = place.frame in loop.parts[place.side]
        self._go_to(loop.time_of(place) + (since_s if is_kept else 0.0))

    def start(self) -> None:
        if not self._is_running and self._loop is not None:
            self._is_running = True
            self._began_s = now_s() - self._stood_s
            self._tick()

    def stop(self) -> None:
        self._stood_s = self._time_s()
        self._is_running = False
        self._timer.stop()

    def step(self, by: int) -> None:
        """Stand so many frames further on."""
        self.stop()
        if self._loop is not None:
            place = self._shown or self._loop.place_at(self._stood_s)
            self._go_to(self._loop.time_of(self._loop.stepped(place, by)))

    def rewind(self) -> None:
        """To the start."""
        self._go_to(0.0)

    def _time_s(self) -> float:
        return now_s() - self._began_s if self._is_running else self._stood_s

    def _go_to(self, time_s: float) -> None:
        self._stood_s = time_s
        self._began_s = now_s() - time_s
        self._shown = None
        self._tick()

    def _tick(self) -> None:
        loop = self._loop
        if loop is None:
            return
        time_s = self._time_s()
        place = loop.place_at(time_s)
        if place != self._shown:
            self._shown = place
            self.moved.emit()
        if self._is_running:
            left_s = loop.time_of(place) + 1 / float(loop.rates[place.side]) - time_s % loop.length_s
            self._timer.start(max(1, round(1000 * left_s)))
