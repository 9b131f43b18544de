"""The clock that a cut is played by: what is shown follows from the time that has passed."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from seamline_widgets.audition_cut import AuditionLoop, Place

now_s = time.perf_counter
_SHIFT_S = 0.005


class AuditionClock(QObject):
    """Goes round a loop. Where it is late, frames are left out: it never goes slower.

    `moved`: another frame is on. `changed`: it goes from elsewhere, or round another loop, or stands.
    """

    moved = Signal()
    changed = Signal()

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

    @property
    def loop(self) -> AuditionLoop | None:
        """What it goes round."""
        return self._loop

    @property
    def time_s(self) -> float:
        """How long it has gone, without what it stood; turns of the loop run on."""
        # sound that is not heard yet may have set it back to before its start
        return max(0.0, now_s() - self._began_s) if self._is_running else self._stood_s

    def lead(self, time_s: float, at_s: float) -> None:
        """Go with what is heard: it was `time_s` when the clock of this module said `at_s`."""
        if not self._is_running:
            return
        before_s, self._began_s = self._began_s, at_s - time_s
        if abs(self._began_s - before_s) > _SHIFT_S:
            self._tick()  # the next frame is due at another time

    def set_loop(self, loop: AuditionLoop, *, anew: bool = False) -> None:
        """Go round that one from now on: from the same frame on, if it is among those that play, else from the nearest
        one; `anew`: from the start."""
        before, time_s = self._loop, self.time_s
        if loop == before and not anew:
            return  # judged or noted: nothing that is heard shall notice
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
            self.changed.emit()

    def stop(self) -> None:
        self._stood_s = self.time_s
        was_running, self._is_running = self._is_running, False
        self._timer.stop()
        if was_running:
            self.changed.emit()

    def step(self, by: int) -> None:
        """Stand so many frames further on."""
        self.stop()
        if self._loop is not None:
            place = self._shown or self._loop.place_at(self._stood_s)
            self._go_to(self._loop.time_of(self._loop.stepped(place, by)))

    def stand_at(self, place: Place) -> None:
        """Stand at that frame, or at the nearest of its side that plays."""
        self.stop()
        if self._loop is not None:
            part = self._loop.parts[place.side]
            frame = min(max(part.start, place.frame), part.stop - 1)
            self._go_to(self._loop.time_of(Place(place.side, frame)))

    def rewind(self) -> None:
        """To the start."""
        self._go_to(0.0)

    def _go_to(self, time_s: float) -> None:
        self._stood_s = time_s
        self._began_s = now_s() - time_s
        self._shown = None
        self._tick()
        self.changed.emit()

    def _tick(self) -> None:
        loop = self._loop
        if loop is None:
            return
        time_s = self.time_s
        place = loop.place_at(time_s)
        if place != self._shown:
            self._shown = place
            self.moved.emit()
        if self._is_running:
            left_s = loop.end_of(place) - time_s % loop.length_s
            self._timer.start(max(1, round(1000 * left_s)))
