"""The player: pictures by frame number, with sound, from a thread of its own."""

from __future__ import annotations

import logging
import time
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal, Slot
from PySide6.QtGui import QImage

from seamline.analysis.proxies_stage import Proxies
from seamline.media.film import Film
from seamline_app.jobs.behind_worker import BehindWorker
from seamline_app.jobs.desk import Desk, Wanted
from seamline_app.jobs.picture_store import PictureStore
from seamline_app.jobs.player_worker import PlayerWorker
from seamline_app.jobs.proxy_worker import ProxyWorker
from seamline_app.jobs.scrub_sound import ScrubSound
from seamline_app.jobs.sound import SinkFinder, SinkMaker, find_scrub_speaker, find_speaker
from seamline_app.jobs.threads import joined, nice_thread

log = logging.getLogger(__name__)

# a device that was plugged in meanwhile is found by then
_FIND_AGAIN_S = 2.0
_WorkerObject = PlayerWorker | ProxyWorker | BehindWorker | ScrubSound


class Player(QObject):
    """Shows and plays a film: wishes go in, pictures come out, and the work is done in threads of the player's own.

    Positions are frame numbers; `frame` is always that of the picture last given out. Newer wishes take
    the place of older ones. What belongs to a film that is no longer open never arrives. With `use_proxies`,
    a frame that must be decoded first is shown smaller at once, and exactly when it is decoded; without, and
    far from what is on the screen, the nearest key frame is shown first: `frame` is its own number then.
    Where a damaged film has lost a frame, the playhead stays on it, and `stand_in` tells what is seen.
    """

    picture_ready = Signal(QImage, int)
    """A picture and the number of the frame that it is, or stands for."""
    stand_in = Signal(int, int)
    """After its picture: a frame that the film has lost, and the number of the earlier one that is seen in its
    place; two equal numbers once what is seen is the frame itself again."""
    speed_changed = Signal(float)
    failed = Signal(str)
    """A sentence for the user; playing has stopped."""
    sound_status = Signal(str)
    """Why there is no sound, in a sentence; empty when there is nothing to say."""
    dropped_changed = Signal(int)
    """How many frames were left out since playing began; four times a second at most."""
    volume_changed = Signal(float)
    """How loud it is heard from now on: 0 while muted."""

    _news = Signal()
    _end = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        find_sink: SinkFinder = find_speaker,
        find_scrub_sink: SinkFinder = find_scrub_speaker,
    ) -> None:
        super().__init__(parent)
        self._find_sink = find_sink
        self._find_scrub_sink = find_scrub_sink
        self._threads: list[tuple[QThread, _WorkerObject]] = []
        self._desk: Desk | None = None
        self._job = 0
        self._frame = 0
        self._is_exact = False
        self._has_stand_in = False
        self._speed = 0.0
        self._limit = (1920, 1080)
        self._volume_01 = 1.0
        self._muted = False
        self._range: tuple[int | None, int | None] = (None, None)
        self._looping = False
        self._scrub_sound = False
        self._found_at_s = 0.0
        self._said_of_sound = ""
        if (app := QCoreApplication.instance()) is not None:
            app.aboutToQuit.connect(self.close)

    @property
    def film(self) -> Film | None:
        return self._desk.wanted.film if self._desk else None

    @property
    def frame(self) -> int:
        """The number of the picture last given out; 0 before the first."""
        return self._frame

    @property
    def is_exact(self) -> bool:
        """Whether that picture is the film's own and the one meant, not a proxy, a key frame nearby, or one that
        stands in for a lost frame. The window shows all alike; who measures how long exact pictures take asks here.
        """
        return self._is_exact

    @property
    def speed(self) -> float:
        """Times real time; 0 while paused, negative in reverse."""
        return self._speed

    @property
    def dropped_frames(self) -> int:
        """How many frames were left out since playing began, not faster than normal, as the machine was late."""
        return self._desk.dropped_frames if self._desk else 0

    def open(self, film: Film, *, frame: int = 0) -> None:
        """Show `film` from `frame` on, paused."""
        self._job += 1
        frame = min(max(0, frame), film.frame_count - 1)
        self._frame = 0
        if self._desk is None:
            wish = Wanted(self._job, film, frame=frame, limit=self._limit, volume_01=self.heard_volume_01)
            self._start_threads(Desk(wish))
        wanted = self._current_wish()
        self._want(
            job=self._job,
            film=film,
            frame=frame,
            seek_id=wanted.seek_id + 1,
            speed=0.0,
            play_id=wanted.play_id + 1,
            first=None,
            last=None,
            looping=self._looping,
            proxies=None,
            make_scrub_sink=self._scrub_sink(),
        )
        self._range = (None, None)
        self._set_speed(0.0)
        self._say_of_sound("")  # the worker tells only what there is to say

    def use_proxies(self, proxies: Proxies | None) -> None:
        """Show these pictures of the film that is open while the exact ones are being decoded."""
        if self._desk is not None:
            self._want(proxies=proxies)

    def close(self) -> None:
        """Stop, and join the threads. The player can open another film afterwards."""
        if self._desk is None:
            return
        self._job += 1  # what is still under way is stale
        self._desk.closing = True
        self._end.emit()
        for thread, worker in self._threads:
            if not joined(thread, worker):
                log.error("the thread %s did not end", thread.objectName())
        self._threads.clear()
        self._desk = None
        self._frame = 0
        self._set_speed(0.0)
        self._tell_stand_in(0, 0)

    def seek(self, frame: int) -> None:
        """Show `frame` (clamped to the film); while playing, go on from there."""
        if self._desk is None:
            return
        wanted = self._desk.wanted
        frame = min(max(0, frame), wanted.film.frame_count - 1)
        self._want(frame=frame, seek_id=wanted.seek_id + 1, make_scrub_sink=self._scrub_sink())

    def play(self, speed: float = 1.0) -> None:
        """Play at `speed` times real time: 1 with sound, others silent, negative in reverse, 0 pauses.

        Forward from the last frame, it begins at the first; while looping, from outside the range at its
        start, in reverse at its end.
        """
        if self._desk is None:
            return
        wanted = self._desk.wanted
        has_sound = speed == 1 and wanted.film.info.audio is not None
        self._want(
            speed=float(speed),
            play_id=wanted.play_id + 1,
            make_sink=self._find_sink() if has_sound else None,
        )
        self._set_speed(float(speed))

    def pause(self) -> None:
        """Stay on the picture that is shown."""
        self.play(0)

    def set_range(self, start_frame: int | None, end_frame: int | None) -> None:
        """Loop from `start_frame` to `end_frame`, both played; None for the film's ends, as after `open`."""
        self._range = start_frame, end_frame
        self._pass_on_loop()

    def set_looping(self, looping: bool) -> None:
        """Stay in the range while playing, and go round in it."""
        self._looping = looping
        self._pass_on_loop()

    def set_scrub_sound(self, heard: bool) -> None:
        """Let a short piece of each frame be heard that is sought or stepped to while paused."""
        self._scrub_sound = heard
        self._found_at_s = 0.0
        if self._desk is not None:
            self._want(make_scrub_sink=self._scrub_sink())

    def set_limit(self, width_px: int, height_px: int) -> None:
        """Have no picture larger than this, in device pixels."""
        self._limit = (max(1, width_px), max(1, height_px))
        if self._desk is not None and self._desk.wanted.limit != self._limit:
            self._want(limit=self._limit)

    def set_volume(self, volume_01: float) -> None:
        """How loud, from 0 to 1, as a slider means it (even steps to the ear)."""
        self._volume_01 = min(max(0.0, volume_01), 1.0)
        self._pass_on_volume()

    def set_muted(self, muted: bool) -> None:
        self._muted = muted
        self._pass_on_volume()

    @property
    def heard_volume_01(self) -> float:
        """How loud, 0 while muted."""
        return 0.0 if self._muted else self._volume_01

    @property
    def find_sink(self) -> SinkFinder:
        """Looks for the device that the film is heard on."""
        return self._find_sink

    def _pass_on_volume(self) -> None:
        self.volume_changed.emit(self.heard_volume_01)
        if self._desk is not None:
            self._want(volume_01=self.heard_volume_01)

    def _pass_on_loop(self) -> None:
        if self._desk is not None:
            first, last = self._range
            self._want(first=first, last=last, looping=self._looping)

    def _scrub_sink(self) -> SinkMaker | None:
        """The device for scrubbing, looked for again now and then; None where nothing shall be heard."""
        if not self._scrub_sound or self._desk is None:
            return None
        if time.monotonic() - self._found_at_s < _FIND_AGAIN_S:
            return self._desk.wanted.make_scrub_sink
        self._found_at_s = time.monotonic()
        return self._find_scrub_sink()

    def _start_threads(self, desk: Desk) -> None:
        self._desk = desk
        store = PictureStore()
        behind, proxies, scrub_sound = BehindWorker(desk, store), ProxyWorker(desk), ScrubSound(desk)
        worker = PlayerWorker(desk, store, behind)
        self._threads = [
            (nice_thread("player", 1), worker),
            (nice_thread("player-proxies", 1), proxies),
            (nice_thread("player-behind", 6), behind),
            (nice_thread("player-scrub-sound", 1), scrub_sound),
        ]
        for thread, its_worker in self._threads:
            its_worker.moveToThread(thread)
            self._end.connect(its_worker.shut_down)
        for listener in (worker, proxies, scrub_sound):
            self._news.connect(listener.look)
        worker.screen.moved.connect(behind.look)
        for shower in (worker.screen, proxies):
            shower.picture_waiting.connect(self._on_picture)
        worker.stopped.connect(self._on_stopped)
        worker.failed.connect(self._on_failed)
        worker.sound_status.connect(self._on_sound_status)
        worker.dropped.connect(self._on_dropped)
        for thread, _ in self._threads:
            thread.start()

    def _current_wish(self) -> Wanted:
        assert self._desk is not None
        return self._desk.wanted

    def _want(self, **changes: Any) -> None:
        if self._desk is not None:
            self._desk.want(**changes)
            self._news.emit()

    def _set_speed(self, speed: float) -> None:
        if speed != self._speed:
            self._speed = speed
            self.speed_changed.emit(speed)

    @Slot()
    def _on_picture(self) -> None:
        picture = self._desk.take() if self._desk else None
        if picture is None or self._desk is None or picture.job != self._job:
            return
        frame = picture.frame
        shown_frame = frame if picture.shown_frame is None else picture.shown_frame
        self._frame, self._is_exact = frame, not picture.is_proxy and shown_frame == frame
        self.picture_ready.emit(picture.image, frame)
        self._tell_stand_in(frame, shown_frame)

    def _tell_stand_in(self, frame: int, shown_frame: int) -> None:
        had_one, self._has_stand_in = self._has_stand_in, shown_frame != frame
        if had_one or self._has_stand_in:
            self.stand_in.emit(frame, shown_frame)

    @Slot(object)
    def _on_stopped(self, wanted: Wanted) -> None:
        # only if nothing newer was wished for meanwhile
        if self._desk is not None and not self._desk.is_outdated(wanted):
            self._desk.want(speed=0.0)
            self._set_speed(0.0)

    @Slot(int, str)
    def _on_failed(self, job: int, sentence: str) -> None:
        if job == self._job:
            self.failed.emit(sentence)

    @Slot(int, str)
    def _on_sound_status(self, job: int, sentence: str) -> None:
        if job == self._job:
            self._say_of_sound(sentence)

    def _say_of_sound(self, sentence: str) -> None:
        if sentence != self._said_of_sound:
            self._said_of_sound = sentence
            self.sound_status.emit(sentence)

    @Slot(int, int)
    def _on_dropped(self, job: int, count: int) -> None:
        if job == self._job:
            self.dropped_changed.emit(count)
