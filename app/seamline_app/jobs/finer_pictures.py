"""Small pictures of a film between its key frames, from a quiet thread: see `picture_making.py`."""

from __future__ import annotations

import logging
import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from seamline.media.film import Film
from seamline_app.jobs.picture_making import PictureMaking, Wish
from seamline_app.jobs.threads import joined, nice_thread

log = logging.getLogger(__name__)

_NICE = 10


class FinerPictures(QObject):
    """`ready(Pictures)`: some more pictures of the film that was opened last."""

    ready = Signal(object)

    _ordered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._orders = _Orders()
        self._thread: QThread | None = None
        self._worker: _Worker | None = None

    def open(self, film: Film, folder: Path | None) -> None:
        """Show what the analysis keeps of `film` in `folder`; None: nothing is kept anywhere."""
        if self._thread is None:
            self._start_thread()
        self._orders.open(film, folder)
        self._ordered.emit()

    def look_again(self) -> None:
        """There may be more in the folder by now."""
        self._orders.look_again()
        self._ordered.emit()

    def want(self, wishes: tuple[Wish, ...]) -> None:
        """Have these made next; what was wanted before and is not made yet no longer is.

        What the analysis has kept is taken. Decoded is a frame for which no other does, and one where the analysis
        has been and has kept none that does; others come once it has been there.
        """
        self._orders.want(wishes)
        self._ordered.emit()

    def drop(self) -> None:
        """No film is open: nothing more is heard."""
        self._orders.drop()
        self._ordered.emit()  # the thread lets go of the film

    def close(self) -> None:
        """Stop, and join the thread."""
        self._orders.drop()
        if self._thread is None or self._worker is None:
            return
        self._thread.quit()
        if not joined(self._thread, self._worker):
            log.error("the thread of finer pictures did not end")
        self._thread = self._worker = None

    def _start_thread(self) -> None:
        self._thread = nice_thread("finer pictures", _NICE)
        self._worker = _Worker(self._orders)
        self._worker.moveToThread(self._thread)
        self._ordered.connect(self._worker.work, Qt.ConnectionType.QueuedConnection)
        self._worker.happened.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        # in the thread itself, so that a decoder ends where it was used
        self._thread.finished.connect(self._worker.let_go, Qt.ConnectionType.DirectConnection)
        self._thread.start()

    @Slot(int, object)
    def _pass_on(self, job: int, pictures: object) -> None:
        if job == self._orders.job:
            self.ready.emit(pictures)


class _Orders:
    """What is to be done, set by one thread and taken by another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks = False
        self._wishes: tuple[Wish, ...] | None = None
        self.job = 0
        self.film: Film | None = None
        self.folder: Path | None = None

    def open(self, film: Film, folder: Path | None) -> None:
        with self._lock:
            self._begin(film, folder)

    def drop(self) -> None:
        with self._lock:
            self._begin(None, None)

    def look_again(self) -> None:
        with self._lock:
            self._looks = self.film is not None

    def want(self, wishes: tuple[Wish, ...]) -> None:
        with self._lock:
            if self.film is not None:
                self._wishes = wishes

    def has_newer(self, job: int) -> bool:
        """Whether there is something more urgent than pictures for what was wanted in `job` so far."""
        return job != self.job or self._wishes is not None

    def opened(self) -> tuple[int, Film | None, Path | None]:
        with self._lock:
            return self.job, self.film, self.folder

    def take(self, job: int) -> tuple[tuple[Wish, ...] | None, bool]:
        """New wishes (None: there are none) and whether to look; both are done with then."""
        with self._lock:
            if job != self.job:
                return None, False
            wishes, looks = self._wishes, self._looks
            self._wishes, self._looks = None, False
            return wishes, looks

    def _begin(self, film: Film | None, folder: Path | None) -> None:
        self.job += 1
        self.film, self.folder = film, folder
        self._wishes, self._looks = None, film is not None


class _Worker(QObject):
    happened = Signal(int, object)

    def __init__(self, orders: _Orders) -> None:
        super().__init__()
        self._orders = orders
        self._making: PictureMaking | None = None
        self._job = 0

    @Slot()
    def work(self) -> None:
        try:
            while self._work_once():
                pass
        except Exception:
            # the thread boundary: a coarser strip is no reason to stop anyone's work
            log.exception("finer pictures")

    @Slot()
    def let_go(self) -> None:
        if self._making is not None:
            self._making.close()
            self._making = None

    def _work_once(self) -> bool:
        """Do what is most urgent; whether there may be more."""
        job, film, folder = self._orders.opened()
        if self._making is None or self._job != job:
            self.let_go()
            if film is None:
                return False
            self._job = job
            self._making = PictureMaking(
                film, folder, partial(self._orders.has_newer, job), partial(self.happened.emit, job)
            )
        wishes, looks = self._orders.take(job)
        if wishes is not None:
            self._making.wishes = list(wishes)
        if looks:
            self._making.may_have_more()
        return self._making.work()
