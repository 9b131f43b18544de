"""Reads the pictures of the pair that is auditioned, and those of the next one, in a thread of its own."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from seamline.analysis.cache import AnalysisCache
from seamline.progress import Progress
from seamline_app.jobs.audition_reading import Auditioned, AuditionReading, AuditionWish
from seamline_app.jobs.task_thread import TaskThread


class AuditionJob(QObject):
    """`ready(Auditioned)` answers `show`: with the pictures that are played, with their sound where it has to be read,
    and with the handles, unless another pair was asked for meanwhile; `failed(sentence)` where it cannot be read."""

    ready = Signal(object)
    failed = Signal(str)

    _partly = Signal(object)

    def __init__(self, cache: AnalysisCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._reading = AuditionReading(cache)  # the thread's alone, while it runs
        self._wish: AuditionWish | None = None
        self._next: AuditionWish | None = None
        self._is_ahead = False
        # not nice: it is what the editor is waiting for
        self._thread = TaskThread("audition", self, nice=False)
        self._thread.done.connect(self._pass_on)
        self._thread.failed.connect(self._fail)
        self._partly.connect(self._take_part)

    @property
    def is_running(self) -> bool:
        return self._thread.is_running

    def show(self, wish: AuditionWish, ahead: AuditionWish | None = None) -> None:
        """Read the pictures of this pair, and no more those of another; then what is played of the one that may come
        next."""
        self._wish, self._next, self._is_ahead = wish, ahead, False
        self._thread.run(lambda progress: self._read(wish, ahead, progress))

    def stop(self) -> None:
        """Nothing is auditioned any more; the memory is given back."""
        if self._wish is None:
            return
        self._wish = self._next = None
        self._is_ahead = False
        self._thread.run(lambda _: self._reading.close())

    def close(self) -> None:
        """Stop, and join the thread."""
        self._wish = self._next = None
        if self._thread.close():
            self._reading.close()  # else the thread may still read from them

    # -- in the job's thread

    def _read(self, wish: AuditionWish, ahead: AuditionWish | None, progress: Progress) -> Auditioned:
        """The task."""
        self._reading.keep_only(wish, ahead)
        return self._reading.read(wish, self._partly.emit, progress)

    def _read_ahead(self, wish: AuditionWish, progress: Progress) -> None:
        self._reading.read_ahead(wish, progress)

    # -- in the window's

    @Slot(object)
    def _take_part(self, part: object) -> None:
        assert isinstance(part, Auditioned)
        if part.wish is self._wish:
            self.ready.emit(part)

    def _pass_on(self, result: object) -> None:
        if not isinstance(result, Auditioned):
            return  # what was read ahead, or let go of
        self.ready.emit(result)
        ahead = self._next
        if ahead is not None and self._wish is result.wish:
            self._is_ahead = True
            self._thread.run(lambda progress: self._read_ahead(ahead, progress))

    def _fail(self, sentence: str) -> None:
        if not self._is_ahead:  # what cannot be read ahead is told when it is asked for
            self.failed.emit(sentence)
