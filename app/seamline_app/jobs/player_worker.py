"""The player's side of its thread: reads, keeps time, feeds the sound."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from seamline.errors import SeamlineError
from seamline.media.sound import SoundDecoder
from seamline.media.timebase import FrameIndex
from seamline_app.jobs.clock import PlayClock
from seamline_app.jobs.desk import Desk, Shown, Wanted
from seamline_app.jobs.frame_source import FrameSource
from seamline_app.jobs.sound import NO_DEVICE, NO_SOUND_TRACK, FilmSound

log = logging.getLogger(__name__)

# while one drags along the timeline, a picture at least this often
_SCRUB_S = 0.25
_READ_AHEAD_S = 0.1
_CATCH_UP_FRAMES = 3
# later than this, the next key frame is the quicker way to the present
_TOO_LATE_S = 0.3
_FAST_TICK_S = 1 / 60
_LONGEST_TICK_S = 0.02


class PlayerWorker(QObject):
    """Does what lies on the desk. Lives in the player's thread; made in the window's."""

    picture_waiting = Signal()
    stopped = Signal(int, int, int)
    """Playing ended by itself or failed: job, seek_id and play_id of the wish that is over."""
    failed = Signal(int, str)
    sound_status = Signal(int, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._done: Wanted | None = None
        self._source: FrameSource | None = None
        self._sound: FilmSound | None = None
        self._told_status = ""
        self._clock = PlayClock()
        self._speed = 0.0
        self._shown: int | None = None
        self._shown_at_s = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    @Slot()
    def look(self) -> None:
        """Something new lies on the desk."""
        with self._reporting():
            self._obey(self._desk.wanted)

    @Slot()
    def shut_down(self) -> None:
        """Let go of everything, in the thread that it belongs to, and end the thread."""
        with self._reporting():
            self._release()
        self.thread().quit()

    @Slot()
    def _on_tick(self) -> None:
        with self._reporting():
            self._tick()

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        """The thread's boundary: what goes wrong is told to the window, and playing stops."""
        try:
            yield
        except SeamlineError as error:
            self._fail(str(error))
        except Exception as error:
            log.exception("the player failed")
            self._fail(
                f"The player failed unexpectedly ({error!r}). Open the film again; the log has the details."
            )

    def _fail(self, sentence: str) -> None:
        wanted = self._done or self._desk.wanted
        self._stop_playing()
        self.failed.emit(wanted.job, sentence)
        self._tell_stopped(wanted)

    def _obey(self, wanted: Wanted) -> None:
        done = self._done
        if self._desk.closing or wanted is done:
            return
        if done is None or done.job != wanted.job:
            self._open(wanted)
            done = None
        seeks = done is None or done.seek_id != wanted.seek_id
        plays = done is None or done.play_id != wanted.play_id
        resized = done is not None and done.limit != wanted.limit
        # before anything that may fail: a wish that failed is not tried for ever
        self._done = wanted
        if self._sound is not None:
            self._sound.set_volume(wanted.volume_01)
        if seeks or plays:
            self._stop_playing()
        if seeks:
            self._show(wanted.frame, lambda: self._gives_up_seek(wanted))
        elif resized and not self._speed and self._shown is not None:
            self._show(self._shown, lambda: self._is_outdated(wanted))
        if (seeks or plays) and wanted.speed and not self._is_outdated(wanted):
            self._play(wanted, from_start_if_at_end=plays)

    def _open(self, wanted: Wanted) -> None:
        self._release()
        self._done = wanted
        self._tell_sound_status("" if wanted.film.info.audio else NO_SOUND_TRACK)
        self._source = FrameSource(wanted.film)
        self._desk.has_exact = self._source.has

    def _release(self) -> None:
        self._stop_playing()
        self._desk.has_exact = lambda _: False
        if self._sound is not None:
            self._sound.close()
        if self._source is not None:
            self._source.close()
        self._source = self._sound = self._shown = None
        self._told_status = ""

    def _is_outdated(self, wanted: Wanted) -> bool:
        now = self._desk.wanted
        ids = (now.job, now.seek_id, now.play_id)
        return self._desk.closing or ids != (wanted.job, wanted.seek_id, wanted.play_id)

    def _gives_up_seek(self, wanted: Wanted) -> bool:
        now = self._desk.wanted
        if self._desk.closing or now.job != wanted.job:
            return True
        return now.seek_id != wanted.seek_id and time.monotonic() - self._desk.shown_at_s < _SCRUB_S

    def _show(self, frame: int, give_up: Callable[[], bool]) -> bool:
        """Show `frame`, unless `give_up` says on the way that a newer wish makes it pointless."""
        if self._source is None or self._done is None:
            return False
        image = self._source.read(frame, self._done.limit, give_up)
        if image is None:
            return False
        self._shown, self._shown_at_s = frame, time.monotonic()
        if self._desk.put(Shown(self._done.job, self._done.seek_id, frame, image)):
            self.picture_waiting.emit()
        elif self._speed == 1.0:
            self._desk.dropped_frames += 1  # the window was too busy to take the one before
        return True

    def _play(self, wanted: Wanted, *, from_start_if_at_end: bool) -> None:
        film = wanted.film
        if from_start_if_at_end and wanted.speed > 0 and self._shown == film.frame_count - 1:
            self._show(0, lambda: self._is_outdated(wanted))
        if self._shown is None:
            self._tell_stopped(wanted)
            return
        if wanted.speed == 1.0:
            self._start_sound(wanted, self._shown)
        self._speed = wanted.speed
        self._set_clock(self._shown, film.index)
        self._timer.start(0)

    def _set_clock(self, frame: int, index: FrameIndex) -> None:
        """As if `frame` had just come to the screen; backwards, it comes at its end."""
        film_s = index.time_of(frame if self._speed > 0 else frame + 1)
        self._clock.start(float(film_s), self._speed, time.monotonic())

    def _start_sound(self, wanted: Wanted, frame: int) -> None:
        film = wanted.film
        if film.info.audio is None:
            return
        if wanted.make_sink is None:
            self._tell_sound_status(NO_DEVICE)
            return
        if self._sound is None:
            try:
                self._sound = FilmSound(SoundDecoder(film))
            except SeamlineError as error:
                self._tell_sound_status(f"{error} Playing silently.")
                return
        self._sound.set_volume(wanted.volume_01)
        self._sound.start(film.index.time_of(frame), wanted.make_sink, time.monotonic())
        self._tell_sound_status(self._sound.trouble)

    def _tell_sound_status(self, status: str) -> None:
        if status != self._told_status and self._done is not None:
            self._told_status = status
            self.sound_status.emit(self._done.job, status)

    def _tell_stopped(self, wanted: Wanted) -> None:
        self.stopped.emit(wanted.job, wanted.seek_id, wanted.play_id)

    def _stop_playing(self) -> None:
        self._timer.stop()
        self._speed = 0.0
        if self._sound is not None:
            self._sound.stop()

    def _tick(self) -> None:
        wanted, shown = self._done, self._shown
        if wanted is None or shown is None or not self._speed or self._is_outdated(wanted):
            return  # what is wanted now is about to be looked at
        index = wanted.film.index
        now_s = time.monotonic()
        if self._sound is not None and self._sound.is_playing:
            self._sound.lead(self._clock, now_s)
            self._tell_sound_status(self._sound.trouble)
        film_s = self._clock.film_s(now_s)
        forward = self._speed > 0
        if (
            (film_s >= index.duration and shown == len(index) - 1)
            if forward
            else (film_s <= 0 and shown == 0)
        ):
            self._stop_playing()
            self._tell_stopped(wanted)
            return
        due = index.frame_at(film_s)
        if due > shown if forward else due < shown:
            target = self._reachable(shown, due, index) if forward else due
            if not self._show(target, lambda: self._is_outdated(wanted)):
                return
            if self._speed == 1.0:
                self._desk.dropped_frames += target - shown - 1
            shown = target
            self._slip_if_late(shown, index)
        self._wait_for(index.time_of(shown + 1 if forward else shown))

    def _reachable(self, shown: int, due: int, index: FrameIndex) -> int:
        """The frame to show next on the way to `due`: never one that keeps the picture still for long."""
        assert self._source is not None
        reach = self._source.frames_within(_READ_AHEAD_S)
        late_s = self._late_s(shown, index)
        if late_s > _READ_AHEAD_S:
            reach = max(_CATCH_UP_FRAMES, reach)  # what is not shown is not scaled, which is half the work
        if due - shown <= reach:
            return due
        key = index.keyframe_before(due)
        return key if key > shown and late_s > _TOO_LATE_S else shown + reach

    def _late_s(self, shown: int, index: FrameIndex) -> float:
        """Seconds of the world since the frame after `shown` was due; below 0 while it is not."""
        due_s = float(index.time_of(shown + 1 if self._speed > 0 else shown))
        return (self._clock.film_s(time.monotonic()) - due_s) / self._speed

    def _slip_if_late(self, shown: int, index: FrameIndex) -> None:
        """Without sound to keep up with, play slower rather than leave out ever more."""
        if self._sound is not None and self._sound.is_playing:
            return
        late_s = self._late_s(shown, index)
        if self._speed > 0:
            due = index.frame_at(self._clock.film_s(time.monotonic()))
            slips = late_s > _TOO_LATE_S and index.keyframe_before(due) <= shown
        else:
            slips = late_s > _READ_AHEAD_S
        if slips:
            self._set_clock(shown, index)

    def _wait_for(self, film_s: Fraction) -> None:
        now_s = time.monotonic()
        wait_s = min(_LONGEST_TICK_S, (float(film_s) - self._clock.film_s(now_s)) / self._speed)
        if abs(self._speed) > 1:
            # no screen shows more, and what is left out costs no scaling
            wait_s = max(wait_s, self._shown_at_s + _FAST_TICK_S - now_s)
        self._timer.start(max(0, math.ceil(wait_s * 1000)))
