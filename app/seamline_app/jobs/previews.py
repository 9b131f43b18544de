"""What a film looks and sounds like as a whole: its filmstrip, then its loudness, from a quiet thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QTimer, Signal, Slot

from seamline.errors import Cancelled, SeamlineError
from seamline.media.film import Film
from seamline.media.filmstrip import coarse_to_fine, read_filmstrip, spread_keyframes
from seamline.media.loudness import LoudnessBlock, read_loudness
from seamline.media.pictures import RgbPicture
from seamline.progress import CancellableProgress
from seamline_app.jobs.finer_pictures import FinerPictures
from seamline_app.jobs.picture_making import Pictures, Wish, for_strip
from seamline_app.jobs.preview_store import PreviewStore, as_jpeg, from_jpeg
from seamline_app.jobs.threads import be_nice, joined

log = logging.getLogger(__name__)

MAX_PICTURES = 400
PICTURE_PX = 90
_EVENTS_EVERY_S = 0.2
_LOOKS_EVERY_MS = 1000

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Loudness:
    """Loudness of frames from `start_frame` on, float32[n] each, linear, 1 for full scale."""

    start_frame: int
    peak: Floats
    rms: Floats


@dataclass(frozen=True, slots=True)
class _Unheard:
    text: str


@dataclass(frozen=True, slots=True)
class _Done:
    pass


class Previews(QObject):
    """Reads one film at a time. A newer film cancels the older one, whose events are dropped from then on.

    Key frames and sound come first and by themselves, finer pictures as the analysis keeps them or a view wants them.
    `pictures_ready(Pictures)` and `loudness_ready(Loudness)`: some more of it, at most five times a second.
    `unheard(text)`: the sound cannot be read. `finished`: no more key frames and no more sound come of this film.
    """

    pictures_ready = Signal(object)
    loudness_ready = Signal(object)
    unheard = Signal(str)
    finished = Signal()

    _requested = Signal(int, object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = 0
        self._progress: CancellableProgress | None = None
        self._thread: QThread | None = None
        self._worker: _Worker | None = None
        self._finer = FinerPictures(self)
        self._finer.ready.connect(self.pictures_ready)
        self._looking = QTimer(self, singleShot=True, interval=_LOOKS_EVERY_MS)
        self._looking.timeout.connect(self._finer.look_again)
        if (app := QCoreApplication.instance()) is not None:
            app.aboutToQuit.connect(self.close)

    def open(self, film: Film, folder: Path | None, thumbnails: Path | None = None) -> None:
        """Read `film` from now on; what is read is kept in `folder` (nowhere if None).

        `thumbnails`: the folder where the analysis keeps the film's small pictures and proxies, None if nowhere.
        """
        self.cancel()
        if self._thread is None:
            self._start_thread()
        self._progress = CancellableProgress()
        self._requested.emit(self._job, film, folder, self._progress)
        self._finer.open(film, thumbnails)

    def look_again(self) -> None:
        """The analysis may have kept more: show it within a second, however often this is called."""
        if not self._looking.isActive():
            self._looking.start()

    def want(self, wishes: tuple[Wish, ...]) -> None:
        """Make these pictures next, which a view wants to show now, in place of what it wanted before."""
        self._finer.want(wishes)

    def cancel(self) -> None:
        """Stop reading; no signal comes after this until another film is opened."""
        self._job += 1
        if self._progress is not None:
            self._progress.cancel()
            self._progress = None
        self._looking.stop()
        self._finer.drop()

    def close(self) -> None:
        """Stop, and join the thread."""
        self.cancel()
        self._finer.close()
        if self._thread is None:
            return
        self._thread.quit()
        if not joined(self._thread, self._worker):
            log.error("the thread of previews did not end")
        self._thread = self._worker = None

    def _start_thread(self) -> None:
        self._thread = QThread()
        self._thread.setObjectName("previews")
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._requested.connect(self._worker.run, Qt.ConnectionType.QueuedConnection)
        self._worker.happened.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._thread.start(QThread.Priority.LowPriority)

    @Slot(int, object)
    def _pass_on(self, job: int, event: object) -> None:
        if job != self._job:
            return
        match event:
            case Pictures():
                self.pictures_ready.emit(event)
            case Loudness():
                self.loudness_ready.emit(event)
            case _Unheard():
                self.unheard.emit(event.text)
            case _:
                self.finished.emit()


class _Worker(QObject):
    happened = Signal(int, object)

    @Slot(int, object, object, object)
    def run(self, job: int, film: object, folder: object, progress: object) -> None:
        assert isinstance(film, Film)
        assert isinstance(progress, CancellableProgress)
        store = PreviewStore(folder) if isinstance(folder, Path) else None
        reading = _Reading(film, store, progress, lambda event: self.happened.emit(job, event))
        try:
            reading.tell_held()
            be_nice()  # only now: what is on disk takes a tenth of a second, others would stretch it to a whole
            reading.read_rest()
        except Cancelled:
            return
        except Exception:
            # the thread boundary: rows that stay empty are no reason to stop anyone's work
            log.exception("previews")
        self.happened.emit(job, _Done())


class _Reading:
    """One film's turn: first what is held on disk, then the rest from the film."""

    def __init__(
        self,
        film: Film,
        store: PreviewStore | None,
        progress: CancellableProgress,
        tell: Callable[[object], None],
    ) -> None:
        self._film = film
        self._store = store
        self._progress = progress
        self._peak = np.zeros(film.frame_count, np.float32)
        self._rms = np.zeros(film.frame_count, np.float32)
        self._heard_frames = 0
        self._has_pictures = False
        self._tell = tell

    def tell_held(self) -> None:
        """Show what is on disk. Raises Cancelled."""
        if self._store is None:
            return
        jpegs = self._store.load_pictures(spread_keyframes(self._film.index, MAX_PICTURES))
        pictures = ((frame, from_jpeg(jpegs[frame])) for frame in coarse_to_fine(sorted(jpegs)))
        self._has_pictures = self._tell_as_they_come(pictures) > 0
        peak, rms = self._store.load_loudness(self._film.frame_count)
        if len(peak):
            self._take(LoudnessBlock(0, peak, rms, 0))
            self._tell_loudness(0)

    def read_rest(self) -> None:
        """Read what was not held, and keep it. Raises Cancelled."""
        try:
            if not self._has_pictures:
                self._read_pictures()
        except SeamlineError as error:
            log.info("there is no filmstrip: %s", error)
        try:
            if self._heard_frames < self._film.frame_count:
                self._read_loudness()
        except SeamlineError as error:
            log.info("there is no waveform: %s", error)
            self._tell(_Unheard("The sound cannot be read"))

    def _tell_as_they_come(self, pictures: Iterable[tuple[int, RgbPicture | None]]) -> int:
        """Show pictures in batches, the first at once; how many there are, 0 if one of them is none."""
        batch: list[tuple[int, RgbPicture]] = []
        count, told_s = 0, 0.0
        for frame, picture in pictures:
            self._progress.step(count, MAX_PICTURES)
            if picture is None:
                return 0
            batch.append((frame, picture))
            count += 1
            if time.monotonic() - told_s > _EVENTS_EVERY_S:
                self._tell_pictures(batch)
                batch, told_s = [], time.monotonic()
        self._tell_pictures(batch)
        return count

    def _read_pictures(self) -> None:
        jpegs: dict[int, bytes] = {}

        def kept(strip: Iterable[tuple[int, RgbPicture]]) -> Iterator[tuple[int, RgbPicture]]:
            for frame, picture in strip:
                if self._store is not None:
                    jpegs[frame] = as_jpeg(picture)
                yield frame, picture

        strip = read_filmstrip(self._film, progress=self._progress, limit=MAX_PICTURES, height=PICTURE_PX)
        self._tell_as_they_come(kept(strip))
        # where most could not be read, a disk may have gone: what is kept would be missing pictures for good
        if self._store is not None and 2 * len(jpegs) > len(spread_keyframes(self._film.index, MAX_PICTURES)):
            self._store.save_pictures(jpegs)

    def _read_loudness(self) -> None:
        begun = self._heard_frames
        blocks = read_loudness(self._film, progress=self._progress, start_frame=begun)
        if blocks is None:
            return
        told, told_s = begun, 0.0
        try:
            for block in blocks:
                self._take(block)
                if time.monotonic() - told_s > _EVENTS_EVERY_S:
                    self._tell_loudness(told)
                    told, told_s = self._heard_frames, time.monotonic()
            self._tell_loudness(told)
        finally:
            # what was heard until someone closed the film need not be heard again
            if self._store is not None and self._heard_frames > begun:
                heard = slice(0, self._heard_frames)
                self._store.save_loudness(self._peak[heard], self._rms[heard])

    def _take(self, block: LoudnessBlock) -> None:
        self._peak[block.start_frame : block.end_frame] = block.peak
        self._rms[block.start_frame : block.end_frame] = block.rms
        self._heard_frames = block.end_frame

    def _tell_loudness(self, start_frame: int) -> None:
        fresh = slice(start_frame, self._heard_frames)
        if fresh.stop > fresh.start:
            self._tell(Loudness(start_frame, self._peak[fresh].copy(), self._rms[fresh].copy()))

    def _tell_pictures(self, pictures: list[tuple[int, RgbPicture]]) -> None:
        if pictures:
            self._tell(
                Pictures(tuple((frame, for_strip(picture, self._film)) for frame, picture in pictures))
            )
