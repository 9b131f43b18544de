"""The player: pictures by frame number, with sound, from a thread of its own."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal, Slot
from PySide6.QtGui import QImage

from seamline.analysis.proxies_stage import Proxies
from seamline.media.film import Film
from seamline_app.jobs.desk import Desk, Wanted
from seamline_app.jobs.player_worker import PlayerWorker
from seamline_app.jobs.proxy_worker import ProxyWorker
from seamline_app.jobs.sound import SinkFinder, find_speaker
from seamline_app.jobs.threads import joined

log = logging.getLogger(__name__)


class Player(QObject):
    """Shows and plays a film: wishes go in, pictures come out, all work is done in the player's own thread.

    Positions are frame numbers; `frame` is always that of the picture last given out. Newer wishes take
    the place of older ones. What belongs to a film that is no longer open never arrives. With `use_proxies`,
    a frame that must be decoded first is shown smaller at once, and exactly when it is decoded.
    """

    picture_ready = Signal(QImage, int)
    """A picture and the number of the frame that it is."""
    speed_changed = Signal(float)
    failed = Signal(str)
    """A sentence for the user; playing has stopped."""
    sound_status = Signal(str)
    """Why there is no sound, in a sentence; empty when there is nothing to say."""

    _news = Signal()
    _end = Signal()

    def __init__(self, parent: QObject | None = None, *, find_sink: SinkFinder = find_speaker) -> None:
        super().__init__(parent)
        self._find_sink = find_sink
        self._thread: QThread | None = None
        self._worker: PlayerWorker | None = None
        self._proxy_thread: QThread | None = None
        self._proxy_worker: ProxyWorker | None = None
        self._desk: Desk | None = None
        self._job = 0
        self._frame = 0
        self._is_exact = False
        self._target: int | None = None
        self._speed = 0.0
        self._limit = (1920, 1080)
        self._volume_01 = 1.0
        self._muted = False
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
        """Whether that picture is the film's own, not a proxy of the same frame."""
        return self._is_exact

    @property
    def speed(self) -> float:
        """Times real time; 0 while paused, negative in reverse."""
        return self._speed

    @property
    def dropped_frames(self) -> int:
        """How many frames were left out so far, playing at normal speed, because the machine was late."""
        return self._desk.dropped_frames if self._desk else 0

    def open(self, film: Film, *, frame: int = 0) -> None:
        """Show `film` from `frame` on, paused."""
        self._job += 1
        self._target = frame = min(max(0, frame), film.frame_count - 1)
        self._frame = 0
        if self._desk is None:
            self._start_thread(
                Desk(
                    Wanted(self._job, film, frame=frame, limit=self._limit, volume_01=self._heard_volume_01())
                )
            )
        wanted = self._current_wish()
        self._want(
            job=self._job,
            film=film,
            frame=frame,
            seek_id=wanted.seek_id + 1,
            speed=0.0,
            play_id=wanted.play_id + 1,
            proxies=None,
        )
        self._set_speed(0.0)

    def use_proxies(self, proxies: Proxies | None) -> None:
        """Show these pictures of the film that is open while the exact ones are being decoded."""
        if self._desk is not None:
            self._want(proxies=proxies)

    def close(self) -> None:
        """Stop, and join the thread. The player can open another film afterwards."""
        if self._thread is None or self._desk is None:
            return
        self._job += 1  # what is still under way is stale
        self._desk.closing = True
        self._end.emit()
        if self._proxy_thread is not None:
            self._proxy_thread.quit()
            if not joined(self._proxy_thread, self._proxy_worker):
                log.error("the thread of proxies did not end")
        if not joined(self._thread, self._worker):
            log.error("the player's thread did not end")
        self._thread = self._worker = self._desk = self._target = None
        self._proxy_thread = self._proxy_worker = None
        self._frame = 0
        self._set_speed(0.0)

    def seek(self, frame: int) -> None:
        """Show `frame` (clamped to the film); while playing, go on from there."""
        if self._desk is None:
            return
        wanted = self._desk.wanted
        self._target = min(max(0, frame), wanted.film.frame_count - 1)
        self._want(frame=self._target, seek_id=wanted.seek_id + 1)

    def step(self, delta: int) -> None:
        """Pause, and go `delta` frames on from the frame shown, or from the one that is on its way."""
        if self._speed:
            self.pause()
        self.seek((self._frame if self._target is None else self._target) + delta)

    def play(self, speed: float = 1.0) -> None:
        """Play at `speed` times real time: 1 with sound, others silent, negative in reverse, 0 pauses.

        Forward from the last frame, it begins at the first.
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

    def _heard_volume_01(self) -> float:
        return 0.0 if self._muted else self._volume_01

    def _pass_on_volume(self) -> None:
        if self._desk is not None:
            self._want(volume_01=self._heard_volume_01())

    def _start_thread(self, desk: Desk) -> None:
        self._desk = desk
        self._thread = QThread()
        self._thread.setObjectName("player")
        self._worker = PlayerWorker(desk)
        self._worker.moveToThread(self._thread)
        self._news.connect(self._worker.look)
        self._end.connect(self._worker.shut_down)
        self._worker.picture_waiting.connect(self._on_picture)
        self._worker.stopped.connect(self._on_stopped)
        self._worker.failed.connect(self._on_failed)
        self._worker.sound_status.connect(self._on_sound_status)
        self._thread.start()
        self._proxy_thread = QThread()
        self._proxy_thread.setObjectName("player-proxies")
        self._proxy_worker = ProxyWorker(desk)
        self._proxy_worker.moveToThread(self._proxy_thread)
        self._news.connect(self._proxy_worker.look)
        self._proxy_worker.picture_waiting.connect(self._on_picture)
        self._proxy_thread.start()

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
        self._frame, self._is_exact = picture.frame, not picture.is_proxy
        if picture.seek_id == self._desk.wanted.seek_id:
            self._target = None
        self.picture_ready.emit(picture.image, picture.frame)

    @Slot(int, int, int)
    def _on_stopped(self, job: int, seek_id: int, play_id: int) -> None:
        if self._desk is None:
            return
        wanted = self._desk.wanted
        # only if nothing newer was wished for meanwhile
        if (job, seek_id, play_id) == (wanted.job, wanted.seek_id, wanted.play_id):
            self._desk.want(speed=0.0)
            self._set_speed(0.0)

    @Slot(int, str)
    def _on_failed(self, job: int, sentence: str) -> None:
        if job == self._job:
            self._target = None
            self.failed.emit(sentence)

    @Slot(int, str)
    def _on_sound_status(self, job: int, sentence: str) -> None:
        if job == self._job:
            self.sound_status.emit(sentence)
