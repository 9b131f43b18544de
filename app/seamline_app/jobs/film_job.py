"""What jobs about the shots of the open film have in common: the newest wish, begun once the editor is at rest."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from seamline_app.jobs.task_thread import TaskThread


class FilmWish(Protocol):
    """A state of a film's shots."""

    @property
    def film(self) -> object: ...


WishT = TypeVar("WishT", bound=FilmWish)

ASKED_AFTER_MS = 1500
"""While a seam is being moved, shots are not looked at in every place that it passes."""


class FilmJob(QObject, Generic[WishT]):
    """Has a thread of its own for one film at a time; stopped or failed, it does no more for that film unasked.

    A job adds `ask`, which takes a wish and says whether to wait, and `_start`, which begins when that is over.
    """

    _ASKED_AFTER_MS = ASKED_AFTER_MS

    progressed = Signal(int, int)
    failed = Signal(str)

    def __init__(self, thread_name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish: WishT | None = None
        self._is_declined = False
        self._thread = TaskThread(thread_name, self)
        self._thread.progressed.connect(self.progressed)
        self._thread.failed.connect(self._fail)
        self._waiting = QTimer(self, singleShot=True, interval=self._ASKED_AFTER_MS)
        self._waiting.timeout.connect(self._start)

    @property
    def is_running(self) -> bool:
        return self._thread.is_running

    @property
    def is_pending(self) -> bool:
        """Whether something is done, or will be once the editor is at rest."""
        return self.is_running or self._waiting.isActive()

    def stop(self) -> None:
        """Do no more for this film; what was found stays."""
        if self.is_running or self._waiting.isActive():
            self._waiting.stop()
            self._is_declined = True
            self._thread.cancel()

    def close_film(self) -> None:
        """There is another film, or none: nothing more is heard of this one."""
        self._waiting.stop()
        self._thread.drop()
        self._wish = None
        self._is_declined = False

    def close(self) -> None:
        """Stop, and join the thread. No signal comes after this."""
        self.close_film()
        self._thread.close()

    def _close_other_than(self, film: object) -> None:
        if self._wish is not None and self._wish.film is not film:
            self.close_film()

    def _start(self) -> None:
        raise NotImplementedError

    def _fail(self, sentence: str) -> None:
        self._is_declined = True
        self.failed.emit(sentence)
