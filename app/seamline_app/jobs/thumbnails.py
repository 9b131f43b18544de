"""Thumbnails: small pictures of frames, made in a quiet thread and kept on disk."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QSaveFile, QThread, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from seamline.errors import SeamlineError
from seamline.media.film import Film
from seamline_app.jobs.frame_source import FrameSource
from seamline_app.jobs.threads import be_nice, joined

log = logging.getLogger(__name__)

THUMBNAIL_PX = (160, 90)
"""The box that thumbnails fit into."""

MAX_WAITING = 64
_JPEG_QUALITY = 85
_CACHE_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class _Task:
    job: int
    film: Film
    folder: Path | None


class _Basket:
    """Requests on their way to the thread: the newest comes out first, the oldest fall out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frames: OrderedDict[int, None] = OrderedDict()
        self.task: _Task | None = None
        self.paused = False
        self.closing = False

    def begin(self, task: _Task) -> None:
        with self._lock:
            self._frames.clear()
            self.task = task

    def put(self, frame: int) -> None:
        with self._lock:
            self._frames[frame] = None
            self._frames.move_to_end(frame)
            while len(self._frames) > MAX_WAITING:
                self._frames.popitem(last=False)

    def take(self) -> tuple[_Task, int] | None:
        with self._lock:
            if self.task is None or self.paused or self.closing or not self._frames:
                return None
            return self.task, self._frames.popitem(last=True)[0]


class _Worker(QObject):
    made = Signal(int, int, QImage)
    failed = Signal(int, str)

    def __init__(self, basket: _Basket) -> None:
        super().__init__()
        self._basket = basket
        self._job = 0
        self._source: FrameSource | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_tick)

    @Slot()
    def start(self) -> None:
        be_nice()

    @Slot()
    def look(self) -> None:
        if not self._timer.isActive():
            self._timer.start(0)

    @Slot()
    def shut_down(self) -> None:
        self._timer.stop()
        with self._reporting(self._job):
            self._release()
        self.thread().quit()

    @Slot()
    def _on_tick(self) -> None:
        taken = self._basket.take()
        if taken is None:
            return
        task, frame = taken
        with self._reporting(task.job):
            self._make(task, frame)
        self._timer.start(0)  # one at a time: other events get their turn between

    @contextmanager
    def _reporting(self, job: int) -> Iterator[None]:
        """The thread's boundary: a thumbnail that cannot be made leaves the others alone."""
        try:
            yield
        except SeamlineError as error:
            self.failed.emit(job, str(error))
        except Exception as error:
            log.exception("a thumbnail failed")
            self.failed.emit(job, f"A thumbnail could not be made ({error!r}); the log has the details.")

    def _make(self, task: _Task, frame: int) -> None:
        if task.job != self._job:
            self._release()
            self._job = task.job
        stored = task.folder / f"{frame:08d}.jpg" if task.folder is not None else None
        image = QImage(str(stored)) if stored is not None and stored.is_file() else QImage()
        if image.isNull():
            made = self._read(task, frame)
            if made is None:
                return
            image = made
            if stored is not None:
                _store(image, stored)
        self.made.emit(task.job, frame, image)

    def _read(self, task: _Task, frame: int) -> QImage | None:
        if self._source is None:
            self._source = FrameSource(task.film, cache_bytes=_CACHE_BYTES)
        basket = self._basket
        picture = self._source.read(
            frame, THUMBNAIL_PX, lambda: basket.closing or basket.paused or basket.task != task
        )
        if picture is None and basket.task == task:
            basket.put(frame)  # a pause came between
        return None if picture is None else picture.image

    def _release(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None


class Thumbnails(QObject):
    """Pictures of at most 160 by 90 pixels by frame number; the newest request is served first.

    `ready(frame, image)` answers `request(frame)`; of more than 64 requests waiting, the oldest are
    dropped, and so are all when another film is opened.
    """

    ready = Signal(int, QImage)
    failed = Signal(str)

    _news = Signal()
    _end = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: QThread | None = None
        self._worker: _Worker | None = None
        self._basket: _Basket | None = None
        self._job = 0
        if (app := QCoreApplication.instance()) is not None:
            app.aboutToQuit.connect(self.close)

    def open(self, film: Film, folder: Path | None) -> None:
        """Make thumbnails of `film` from now on, kept as JPEG in `folder` (nowhere if None)."""
        self._job += 1
        if self._basket is None:
            self._start_thread()
        if self._basket is not None:
            self._basket.begin(_Task(self._job, film, folder))

    def request(self, frame: int) -> None:
        """Have `ready` called with the picture of `frame`; numbers outside the film are passed over."""
        basket = self._basket
        if basket is not None and basket.task is not None and 0 <= frame < basket.task.film.frame_count:
            basket.put(frame)
            self._news.emit()

    def set_paused(self, paused: bool) -> None:
        """Leave the machine to others for a while; requests are kept meanwhile."""
        if self._basket is not None:
            self._basket.paused = paused
            self._news.emit()

    def close(self) -> None:
        """Stop, and join the thread."""
        if self._thread is None or self._basket is None:
            return
        self._job += 1
        self._basket.closing = True
        self._end.emit()
        if not joined(self._thread, self._worker):
            log.error("the thread of thumbnails did not end")
        self._thread = self._worker = self._basket = None

    def _start_thread(self) -> None:
        self._basket = _Basket()
        self._thread = QThread()
        self._thread.setObjectName("thumbnails")
        self._worker = _Worker(self._basket)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.start)
        self._news.connect(self._worker.look)
        self._end.connect(self._worker.shut_down)
        self._worker.made.connect(self._on_made)
        self._worker.failed.connect(self._on_failed)
        self._thread.start(QThread.Priority.LowPriority)

    @Slot(int, int, QImage)
    def _on_made(self, job: int, frame: int, image: QImage) -> None:
        if job == self._job:
            self.ready.emit(frame, image)

    @Slot(int, str)
    def _on_failed(self, job: int, sentence: str) -> None:
        if job == self._job:
            self.failed.emit(sentence)


def _store(image: QImage, path: Path) -> None:
    """Keep `image` at `path`, whole or not at all; a full disk costs speed only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        log.debug("no folder for thumbnails: %s", error)
        return
    file = QSaveFile(str(path))
    if not (
        file.open(QSaveFile.OpenModeFlag.WriteOnly)
        and image.save(file, "JPG", _JPEG_QUALITY)  # type: ignore[call-overload]  # the stubs lack the str
        and file.commit()
    ):
        file.cancelWriting()
        log.debug("the thumbnail %s was not kept: %s", path, file.errorString())
