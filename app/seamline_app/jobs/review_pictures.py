"""The pictures about a seam: at once as proxies, then exact, and those of the next seams before they are asked for."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from seamline.analysis.proxies_stage import Proxies
from seamline.media.film import Film
from seamline.media.pictures import fitted_size
from seamline_app.jobs.review_tray import ReviewTray
from seamline_app.jobs.review_workers import ExactWorker, ReviewProxies, ReviewWorker
from seamline_app.jobs.threads import joined, nice_thread

_log = logging.getLogger(__name__)

KEPT_BYTES = 128 << 20
EXACT_AFTER_MS = 120
"""With proxies on the screen, decoding waits that long: whoever goes on at once needs none of it, and the player,
which goes to the same place, has the processor to itself."""


class ReviewPictures(QObject):
    """Some pictures by frame number, those that are asked for last as quickly as they can be had.

    `ready(frame, image, is_exact)` answers `request`, for what is kept before it returns. A proxy comes first
    where there is one, its exact picture follows; a null image stands for a frame that cannot be read and of which
    there is no other picture.
    What was requested before and has not come yet is dropped.
    """

    ready = Signal(int, QImage, bool)
    failed = Signal(str)

    _news = Signal()
    _end = Signal()

    def __init__(self, parent: QObject | None = None, *, exact_after_ms: int = EXACT_AFTER_MS) -> None:
        super().__init__(parent)
        self._exact_after_ms = exact_after_ms
        self._threads: list[tuple[QThread, ReviewWorker]] = []
        self._tray: ReviewTray | None = None
        self._film: Film | None = None
        self._job = 0
        self._kept = _Kept()
        self._wanted: tuple[int, ...] = ()
        self._ahead: tuple[int, ...] = ()
        self._limit = (1, 1)
        self._paused = False
        self._waiting = QTimer(self, singleShot=True)
        self._waiting.timeout.connect(self._hurry)
        if (app := QCoreApplication.instance()) is not None:
            app.aboutToQuit.connect(self.close)

    def open(self, film: Film) -> None:
        """Make pictures of `film` from now on."""
        self._job += 1
        self._film = film
        self._wanted = self._ahead = ()
        self._kept.clear()
        self._waiting.stop()
        tray = self._tray or self._start_threads()
        tray.begin(self._job, film)

    def use_proxies(self, proxies: Proxies | None) -> None:
        """Show these of the film that is open until the exact pictures are decoded."""
        if self._tray is not None:
            self._tray.proxies = proxies
            self._news.emit()

    def request(self, frames: Sequence[int], limit: tuple[int, int]) -> None:
        """Have `ready` called with pictures of these frames, not larger than `limit` (width, height in pixels).

        Frames outside the film are passed over.
        """
        tray, film = self._tray, self._film
        if tray is None or film is None:
            return
        self._limit = limit = max(1, limit[0]), max(1, limit[1])
        self._wanted = tuple(frame for frame in frames if 0 <= frame < film.frame_count)
        self._ahead = ()
        exact, coarse = self._kept.known(self._wanted, limit)
        has_something = len(exact) + len(coarse) == len(self._wanted) or tray.proxies is not None
        delay_ms = self._exact_after_ms if has_something else 0
        tray.put(
            self._wanted,
            limit,
            exact=exact,
            coarse=coarse,
            exact_from_s=time.monotonic() + delay_ms / 1000 if delay_ms else 0.0,
        )
        if delay_ms:
            self._waiting.start(delay_ms)
        self._news.emit()
        for frame in self._wanted:
            kept = self._kept.get(frame)
            if kept is not None:
                self.ready.emit(frame, kept[0], frame in exact)

    def prefetch(self, frames: Sequence[int]) -> None:
        """Make these too, of the same size, when all that was requested is there; the next `request` ends it."""
        tray, film = self._tray, self._film
        if tray is None or film is None:
            return
        ahead = (frame for frame in frames if 0 <= frame < film.frame_count and frame not in self._wanted)
        width, height = fitted_size(film.info.display_size, self._limit)
        # all of them must not push out what is looked at
        self._ahead = tuple(dict.fromkeys(ahead))[: KEPT_BYTES // 2 // (3 * width * height)]
        exact, coarse = self._kept.known(self._ahead, self._limit)
        tray.put_ahead(self._ahead, exact=exact, coarse=coarse)
        self._news.emit()

    def set_paused(self, paused: bool) -> None:
        """Decode nothing for a while: the player needs the machine. Proxies come all the same."""
        self._paused = paused
        if self._tray is not None:
            self._tray.paused = paused
            self._news.emit()

    def close(self) -> None:
        """Stop, and join the threads. Another film can be opened afterwards."""
        if self._tray is None:
            return
        self._job += 1
        self._waiting.stop()
        self._tray.closing = True
        self._end.emit()
        for thread, worker in self._threads:
            if not joined(thread, worker):
                _log.error("the thread %s did not end", thread.objectName())
        self._threads.clear()
        self._tray = self._film = None
        self._wanted = self._ahead = ()
        self._kept.clear()

    def _start_threads(self) -> ReviewTray:
        self._tray = tray = ReviewTray()
        tray.paused = self._paused
        exact, proxies = ExactWorker(tray, tray.take_exact), ReviewProxies(tray, tray.take_proxy)
        proxies.missed.connect(self._on_missed)
        exact.failed.connect(self._on_failed)
        workers: tuple[tuple[QThread, ReviewWorker], ...] = (
            (nice_thread("review-pictures", 4), exact),
            (nice_thread("review-proxies", 2), proxies),
        )
        for thread, worker in workers:
            worker.moveToThread(thread)
            self._news.connect(worker.look)
            self._end.connect(worker.shut_down)
            worker.made.connect(self._on_made)
            thread.start()
            self._threads.append((thread, worker))
        return tray

    def _hurry(self) -> None:
        if self._tray is not None:
            self._waiting.stop()
            self._tray.hurry()
            self._news.emit()

    @Slot(int)
    def _on_missed(self, job: int) -> None:
        if job == self._job and self._waiting.isActive():
            self._hurry()

    @Slot(int, int, tuple, QImage, bool)
    def _on_made(self, job: int, frame: int, limit: tuple[int, int], image: QImage, is_exact: bool) -> None:
        if job != self._job or self._tray is None:
            return
        if is_exact:
            self._tray.arrived(frame, limit)
        if not self._kept.put(frame, image, limit, is_exact):
            return
        if frame in self._wanted and limit == self._limit:
            self.ready.emit(frame, image, is_exact)

    @Slot(int, str)
    def _on_failed(self, job: int, sentence: str) -> None:
        if job == self._job:
            self.failed.emit(sentence)


class _Kept:
    """The pictures used last, `KEPT_BYTES` of them at most. For the window's thread alone."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[int, tuple[QImage, tuple[int, int], bool]] = OrderedDict()
        self._bytes = 0

    def clear(self) -> None:
        self._pictures.clear()
        self._bytes = 0

    def get(self, frame: int) -> tuple[QImage, tuple[int, int], bool] | None:
        return self._pictures.get(frame)

    def put(self, frame: int, image: QImage, limit: tuple[int, int], is_exact: bool) -> bool:
        """Keep it, unless a better one is kept; whether it is the one to show.

        A null image is not kept: what could not be read may be read later.
        """
        old = self._pictures.get(frame)
        if image.isNull():
            return old is None
        if old is not None:
            if old[1] == limit and old[2] and not is_exact:
                return False  # a proxy that is later than its exact picture
            self._bytes -= old[0].sizeInBytes()
        self._pictures[frame] = image, limit, is_exact
        self._pictures.move_to_end(frame)
        self._bytes += image.sizeInBytes()
        while self._bytes > KEPT_BYTES and len(self._pictures) > 1:
            _, (gone, _, _) = self._pictures.popitem(last=False)
            self._bytes -= gone.sizeInBytes()
        return True

    def known(self, frames: Sequence[int], limit: tuple[int, int]) -> tuple[set[int], set[int]]:
        """Of which frames an exact picture of that size is kept, and of which a coarse one."""
        exact: set[int] = set()
        coarse: set[int] = set()
        for frame in frames:
            kept = self._pictures.get(frame)
            if kept is not None:
                self._pictures.move_to_end(frame)
                if kept[1] == limit:
                    (exact if kept[2] else coarse).add(frame)
        return exact, coarse
