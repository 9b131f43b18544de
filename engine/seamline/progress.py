"""One object carries progress out of a job and cancellation into it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from seamline.errors import Cancelled


class Progress(Protocol):
    """What a long job calls as it goes."""

    def step(self, done: int, total: int) -> None:
        """Report that `done` of `total` units are finished. Raises Cancelled once the job shall stop."""

    def on_cancel(self, interrupt: Callable[[], None]) -> Callable[[], None]:
        """Have `interrupt` called from the cancelling thread, to break off a call that is under way.

        Called at once if the job is cancelled already. Returns a function that takes `interrupt` back.
        """


class SubProgress:
    """The Progress of a part of a job, cancelled with the whole; kinds of it tell the steps otherwise."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def step(self, done: int, total: int) -> None:
        self._progress.step(done, total)

    def on_cancel(self, interrupt: Callable[[], None]) -> Callable[[], None]:
        return self._progress.on_cancel(interrupt)


THOUSANDTHS = 1000


class Part(SubProgress):
    """Goes from `start` to `end` of `whole` units while its own work goes from nothing to all."""

    def __init__(self, progress: Progress, start: int, end: int, whole: int = THOUSANDTHS) -> None:
        super().__init__(progress)
        self._start, self._end, self._whole = start, end, whole

    def step(self, done: int, total: int) -> None:
        share = min(1.0, done / total) if total else 1.0
        self._progress.step(round(self._start + (self._end - self._start) * share), self._whole)


class CancellableProgress:
    """A thread-safe Progress: any thread may `cancel()`; the job's next `step` raises Cancelled.

    `report(done, total)` is called from the job's thread.
    """

    def __init__(self, report: Callable[[int, int], None] | None = None) -> None:
        self._report = report
        # reentrant: a signal handler may cancel in the thread that is registering just now
        self._lock = threading.RLock()
        self._cancelled = False
        self._interrupts: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def cancel(self) -> None:
        with self._lock:
            self._cancelled = True
            interrupts = list(self._interrupts)
        for interrupt in interrupts:
            interrupt()

    def step(self, done: int, total: int) -> None:
        if self._cancelled:
            raise Cancelled
        if self._report is not None:
            self._report(done, total)

    def on_cancel(self, interrupt: Callable[[], None]) -> Callable[[], None]:
        with self._lock:
            cancelled = self._cancelled
            if not cancelled:
                self._interrupts.append(interrupt)
        if cancelled:
            interrupt()

        def take_back() -> None:
            with self._lock:
                if interrupt in self._interrupts:
                    self._interrupts.remove(interrupt)

        return take_back
