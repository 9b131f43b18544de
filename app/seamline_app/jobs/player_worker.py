"""The player's side of its thread: does what is wished for, keeps time, feeds the sound."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from seamline.errors import SeamlineError
from seamline_app.jobs.behind_worker import BehindWorker
from seamline_app.jobs.desk import Desk, Wanted
from seamline_app.jobs.pace import PlayPace
from seamline_app.jobs.picture_store import PictureStore
from seamline_app.jobs.play_sound import PlaySound
from seamline_app.jobs.screen import Screen
from seamline_app.jobs.way import READ_AHEAD_S, TOO_LATE_S, way_back, way_forward

log = logging.getLogger(__name__)

# while one drags along the timeline, a picture at least this often
_SCRUB_S = 0.25
_FAST_TICK_S = 1 / 60
_LONGEST_TICK_S = 0.02
_STALLED_MS = 4
_TELL_DROPPED_S = 0.25


class PlayerWorker(QObject):
    """Does what lies on the desk. Lives in the player's thread; made in the window's.

    Backwards, and around the turns of a loop, it shows what `behind` has put into the store.
    """

    stopped = Signal(object)
    """Playing ended by itself or failed: the Wanted that is over."""
    failed = Signal(int, str)
    sound_status = Signal(int, str)
    dropped = Signal(int, int)
    """Job, and frames left out since playing began."""

    def __init__(self, desk: Desk, store: PictureStore, behind: BehindWorker) -> None:
        super().__init__()
        self._desk = desk
        self.screen = Screen(desk, store, behind, self)
        self._behind = behind
        self._done: Wanted | None = None
        self._sound: PlaySound | None = None
        self._pace: PlayPace | None = None
        self._speed = 0.0
        self._owes_picture = False
        self._told_dropped = 0
        self._told_dropped_at_s = 0.0
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
            if self._speed:
                self._tick()
            else:
                self._prepare_step()

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

    # -- wishes

    def _obey(self, wanted: Wanted) -> None:
        done = self._done
        if self._desk.closing or wanted is done:
            return
        if done is None or done.job != wanted.job:
            self._open(wanted)
            done = None
        seeks = done is None or done.seek_id != wanted.seek_id
        plays = done is None or done.play_id != wanted.play_id
        moves = done is None or done.moves != wanted.moves
        resized = done is not None and done.limit != wanted.limit
        # before anything that may fail: a wish that failed is not tried for ever
        self._done = self.screen.wanted = wanted
        if self._sound is not None:
            self._sound.set_volume(wanted.volume_01)
        if moves:
            self._stop_playing()
        if plays and wanted.speed:
            self._desk.dropped_frames = 0
            self._tell_dropped(at_once=True)
        if seeks:
            self._show(wanted.frame, lambda: self._gives_up_seek(wanted))
        elif (
            not self._speed
            and not wanted.speed
            and (resized or self._owes_picture or self.screen.shows_proxy)
        ):
            self._show_again()
        if self._desk.is_outdated(wanted):
            return
        if not wanted.speed:
            self._rest()
        elif moves:
            self._play(wanted, from_start_if_at_end=plays)

    def _open(self, wanted: Wanted) -> None:
        self._release()
        self._done = self.screen.wanted = wanted
        job = wanted.job
        self._sound = PlaySound(wanted.film, lambda status: self.sound_status.emit(job, status))
        self._pace = PlayPace(wanted.film.index)
        self.screen.open(wanted.film)

    def _release(self) -> None:
        self._stop_playing()
        self.screen.close()
        if self._sound is not None:
            self._sound.close()
        self._sound = self._pace = None

    def _gives_up_seek(self, wanted: Wanted) -> bool:
        now = self._desk.wanted
        if self._desk.closing or now.job != wanted.job:
            return True
        return now.seek_id != wanted.seek_id and time.monotonic() - self._desk.shown_at_s < _SCRUB_S

    def _show(self, frame: int, give_up: Callable[[], bool] | None = None) -> bool:
        """Show `frame`, unless something else is wished for on the way; whether it is there."""
        wanted = self._done
        if wanted is None:
            return False
        give_up = give_up or (lambda: self._desk.is_outdated(wanted))
        is_there = self.screen.show(frame, give_up, speed=self._speed)
        if is_there:
            self._owes_picture = False
        return is_there

    def _show_again(self) -> None:
        """What is shown, anew: in another size, or exactly where it was a proxy."""
        wanted, shown, desk = self._done, self.screen.shown, self._desk
        if wanted is None or shown is None:
            return
        self._owes_picture = False
        # whoever drags a window's edge wants the size that it has in the end
        if not self._show(
            shown, lambda: desk.is_outdated(wanted) or desk.wanted.picture_key != wanted.picture_key
        ):
            self._owes_picture = True

    def _rest(self) -> None:
        """Paused: have what the next step shows ready."""
        self.screen.focus(0.0)
        self._timer.start(0)

    def _prepare_step(self) -> None:
        wanted, shown = self._done, self.screen.shown
        if wanted is not None and shown is not None and not self._desk.is_outdated(wanted):
            self.screen.prepare(shown + 1, lambda: self._desk.is_outdated(wanted))

    # -- playing

    def _play(self, wanted: Wanted, *, from_start_if_at_end: bool) -> None:
        span, forward, shown = wanted.span, wanted.speed > 0, self.screen.shown
        if shown is not None:
            at_end = from_start_if_at_end and forward and shown == span.last
            if at_end or shown not in span:
                self._show(span.first if forward else span.last)
        if self._desk.is_outdated(wanted):
            return
        shown = self.screen.shown
        if shown is None or self._pace is None:
            self._tell_stopped(wanted)
            return
        self._speed = wanted.speed
        if wanted.speed == 1.0 and self._sound is not None:
            self._sound.start(wanted, shown, span)
        self._pace.start(shown, wanted.speed, span, time.monotonic())
        self.screen.focus(self._speed)
        self._timer.start(0)

    def _stop_playing(self) -> None:
        self._timer.stop()
        self._speed = 0.0
        if self._sound is not None:
            self._sound.stop()
        self._tell_dropped(at_once=True)

    def _tell_stopped(self, wanted: Wanted) -> None:
        self.stopped.emit(wanted)

    def _tick(self) -> None:
        wanted, shown, pace, sound = self._done, self.screen.shown, self._pace, self._sound
        if wanted is None or shown is None or pace is None or sound is None or self._desk.is_outdated(wanted):
            return  # what is wanted now is about to be looked at
        now_s = time.monotonic()
        sound.lead(pace.clock, now_s)
        if pace.is_over(shown, now_s):
            self._stop_playing()
            self._tell_stopped(wanted)
            if self.screen.shows_proxy:
                self._show_again()
            self.screen.focus(0.0)
            return
        due = pace.due(shown, now_s)
        if due is not None and not self._go_on(wanted, pace, shown, due):
            return
        self._tell_dropped()
        self._wait(wanted, pace)

    def _go_on(self, wanted: Wanted, pace: PlayPace, shown: int, due: tuple[int, int]) -> bool:
        """Show what is due, or the best on the way to it; whether playing goes on by itself."""
        place = self._next_place(wanted, pace, shown, due)
        if place is None:
            self._stall(pace, shown)
            return False
        turn, frame = place
        if frame != self.screen.shown and not self._show(frame):
            return False
        if abs(pace.speed) <= 1:
            frames = pace.span.played_frames(pace.turn, shown, turn, frame)
            self._desk.dropped_frames += max(0, abs(frames) - 1)
        pace.turn = turn
        self._slip_if_late(wanted, pace, frame)
        return True

    def _next_place(
        self, wanted: Wanted, pace: PlayPace, shown: int, due: tuple[int, int]
    ) -> tuple[int, int] | None:
        """The turn and the frame to go on to; None where it is not there yet."""
        screen = self.screen
        if pace.speed > 0:
            late_s = pace.late_s(shown, time.monotonic())
            source, index = screen.source, wanted.film.index
            if source is None:
                return None
            return due[0], way_forward(pace, shown, due, late_s, has=screen.has, source=source, index=index)
        ready = way_back(pace, shown, due, has=screen.has)
        # proxies decode fast; where nothing is read ahead, what is due is decoded now
        if ready is None and (
            screen.show_proxy(due[1], speed=self._speed) or self._behind.has_failed(wanted.job)
        ):
            return due
        return ready

    def _stall(self, pace: PlayPace, shown: int) -> None:
        """Nothing is there yet to go on to: wait for it, and for no more than that."""
        now_s = time.monotonic()
        if pace.late_s(shown, now_s) > READ_AHEAD_S:
            pace.hold(shown, now_s)
        self.screen.moved.emit()  # the reader may have rested
        self._timer.start(_STALLED_MS)

    def _slip_if_late(self, wanted: Wanted, pace: PlayPace, shown: int) -> None:
        """Without sound to keep up with, play slower rather than leave out ever more."""
        if self._sound is not None and self._sound.is_playing:
            return
        now_s = time.monotonic()
        late_s = pace.late_s(shown, now_s)
        slips = late_s > READ_AHEAD_S
        if pace.speed > 0:
            due = pace.due(shown, now_s)
            on_the_way = due is not None and wanted.film.index.keyframe_before(due[1]) <= shown
            slips = late_s > TOO_LATE_S and on_the_way
        if slips:
            pace.slip_to(shown, now_s)

    def _wait(self, wanted: Wanted, pace: PlayPace) -> None:
        """Sleep until the next frame is due, and decode it meanwhile."""
        shown, source = self.screen.shown, self.screen.source
        if shown is None or source is None:
            return
        fast = abs(pace.speed) > 1
        if pace.speed > 0 and not fast and shown < pace.span.last:
            # only where it is the next to be decoded: time is short
            spare_s = min(-pace.late_s(shown, time.monotonic()), 3 * source.frame_s)
            if self.screen.seconds_to(shown + 1) < spare_s:
                self.screen.prepare(shown + 1, lambda: self._desk.is_outdated(wanted))
        now_s = time.monotonic()
        wait_s = min(_LONGEST_TICK_S, -pace.late_s(shown, now_s))
        if fast:
            # no screen shows more, and what is left out costs no scaling
            wait_s = max(wait_s, self.screen.shown_at_s + _FAST_TICK_S - now_s, _FAST_TICK_S / 2)
        self._timer.start(max(0, math.ceil(wait_s * 1000)))

    def _tell_dropped(self, *, at_once: bool = False) -> None:
        """Tell the window how many frames were left out, four times a second at most."""
        count, now_s = self._desk.dropped_frames, time.monotonic()
        if self._done is None or count == self._told_dropped:
            return
        if at_once or now_s - self._told_dropped_at_s >= _TELL_DROPPED_S:
            self._told_dropped, self._told_dropped_at_s = count, now_s
            self.dropped.emit(self._done.job, count)
