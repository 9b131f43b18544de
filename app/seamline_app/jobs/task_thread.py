"""A thread for tasks of one kind: started by the first of them, and a newer one takes the older one's place."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal, Slot

from seamline.errors import Cancelled, SeamlineError
from seamline.progress import CancellableProgress, Progress
from seamline_app.jobs.threads import joined, nice_thread

_log = logging.getLogger(__name__)
_EVENTS_EVERY_S = 0.2
_NICE = 10

Task = Callable[[Progress], object]


class TaskThread(QObject):
    """Runs tasks one at a time.

    `done(result)`, `failed(sentence)` or `cancelled` ends a task; of one that a newer one has replaced, nothing
    is heard any more. `progressed(done, total)` comes at most five times a second.
    """

    done = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    progressed = Signal(int, int)

    _requested = Signal(int, object, object)

    def __init__(self, name: str, parent: QObject | None = None, *, nice: bool = True) -> None:
        super().__init__(parent)
        self._name = name
        self._is_nice = nice
        self._number = 0
        self._progress: CancellableProgress | None = None
        self._thread: QThread | None = None
        self._worker: _Worker | None = None
        self._has_ended = True
        if (app := QCoreApplication.instance()) is not None:
            app.aboutToQuit.connect(self.close)

    @property
    def is_running(self) -> bool:
        return self._progress is not None

    def run(self, task: Task) -> None:
        """Have `task(progress)` done next, and break off the one that runs."""
        self.drop()
        if self._thread is None:
            self._start_thread()
        number = self._number

        def report(done: int, total: int) -> None:
            if self._worker is not None:
                self._worker.told.emit(number, done, total)

        self._progress = CancellableProgress(_seldom(report))
        self._requested.emit(number, task, self._progress)

    def cancel(self) -> None:
        """Break the task off; `cancelled` says when it has ended, unless it was done by then."""
        if self._progress is not None:
            self._progress.cancel()

    def drop(self) -> None:
        """Break the task off, and have no word of it."""
        self.cancel()
        self._number += 1
        self._progress = None

    def close(self) -> bool:
        """Break off, and join the thread; whether none is left that did not end."""
        self.drop()
        if self._thread is not None:
            self._thread.quit()
            if not joined(self._thread, self._worker):
                self._has_ended = False
                _log.error("the thread %s did not end", self._name)
            self._thread = self._worker = None
        return self._has_ended

    def _start_thread(self) -> None:
        self._thread = nice_thread(self._name, _NICE if self._is_nice else 0)
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._requested.connect(self._worker.run, Qt.ConnectionType.QueuedConnection)
        self._worker.ended.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._worker.told.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    @Slot(int, int, int)
    def _tell(self, number: int, done: int, total: int) -> None:
        if number == self._number and self._progress is not None:
            self.progressed.emit(done, total)

    @Slot(int, object)
    def _pass_on(self, number: int, event: object) -> None:
        if number != self._number:
            return
        self._progress = None
        if isinstance(event, _Failure):
            self.failed.emit(event.text)
        elif isinstance(event, _Cancellation):
            self.cancelled.emit()
        else:
            self.done.emit(event)


class _Failure:
    def __init__(self, text: str) -> None:
        self.text = text


class _Cancellation:
    pass


class _Worker(QObject):
    ended = Signal(int, object)
    told = Signal(int, int, int)

    @Slot(int, object, object)
    def run(self, number: int, task: Task, progress: CancellableProgress) -> None:
        try:
            progress.step(0, 1)  # one that was replaced while it waited is not begun
            event = task(progress)
        except Cancelled:
            event = _Cancellation()
        except SeamlineError as error:
            event = _Failure(str(error))
        except Exception as error:  # noqa: BLE001  the thread boundary: nothing may escape into Qt
            _log.exception("a task of %s", self.thread().objectName())
            event = _Failure(
                f"This stopped at an unexpected fault ({type(error).__name__}: {error}); the log has the details."
            )
        self.ended.emit(number, event)


def _seldom(report: Callable[[int, int], None]) -> Callable[[int, int], None]:
    last_s = 0.0

    def rarely(done: int, total: int) -> None:
        nonlocal last_s
        if time.monotonic() - last_s > _EVENTS_EVERY_S:
            last_s = time.monotonic()
            report(done, total)

    return rarely
