"""The shot label network, asked about the shots of a film in a thread of its own: it takes seconds for each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from seamline.analysis.labels import Range
from seamline.analysis.pace import Pace
from seamline.analysis.videomae_labels import (
    LabelNetwork,
    ShotProbabilities,
    kept_probabilities,
    shot_probabilities,
)
from seamline.media.film import Film
from seamline.models.store import is_installed
from seamline.models.videomae_card import VIDEOMAE
from seamline.models.videomae_session import open_session
from seamline.progress import Progress
from seamline_app.jobs.task_thread import TaskThread

_ASKED_AFTER_MS = 1500
"""The editor has come to rest by then: a seam that is being moved is not asked about at every place."""
_SHOTS_AT_A_TIME = 4


@dataclass(frozen=True, slots=True)
class VoteWish:
    """The shots of a film as they are now; `folder` is the film's own in the cache."""

    film: Film
    folder: Path
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What the network said of some shots of the film of that fingerprint."""

    fingerprint: str
    probabilities: dict[Range, ShotProbabilities]


class VoteJob(QObject):
    """Asks the network about the shots wished for, where it is installed; each shot once, also over restarts.

    `said(Said)` comes as it becomes known. `progressed(done, total)` counts shots; `ended` when nothing is asked any
    more; `failed(sentence)` where the network cannot be asked. A wish that comes meanwhile counts from the next
    shots on.
    """

    said = Signal(object)
    progressed = Signal(int, int)
    ended = Signal()
    failed = Signal(str)

    def __init__(self, pace: Pace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pace = pace
        self._wish: VoteWish | None = None
        self._network: LabelNetwork | None = None  # the task's alone, while one runs
        self._told: set[Range] = set()
        self._unreadable: set[Range] = set()
        self._is_declined = False
        self._thread = TaskThread("label-network", self)
        self._thread.progressed.connect(self.progressed)
        for end in (self._thread.done, self._thread.cancelled):
            end.connect(lambda *_: self.ended.emit())
        self._thread.failed.connect(self._fail)
        self._waiting = QTimer(self, singleShot=True, interval=_ASKED_AFTER_MS)
        self._waiting.timeout.connect(self._start)

    @property
    def is_running(self) -> bool:
        return self._thread.is_running

    def ask(self, wish: VoteWish) -> None:
        """Have these shots as the film's from now on."""
        if self._wish is None or self._wish.film is not wish.film:
            self.close_film()
        self._wish = wish
        if not self.is_running and not self._is_declined and not self._told.issuperset(wish.ranges):
            self._waiting.start()

    def stop(self) -> None:
        """Ask no more about this film; what was said stays."""
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
        self._told, self._unreadable = set(), set()

    def forget_network(self) -> None:
        """Another network was installed, or this one was removed: begin again with what there is now."""
        wish = self._wish
        self.close_film()
        self._thread.close()  # a task that was dropped may still be about to set it
        self._network = None
        if wish is not None:
            self.ask(wish)

    def close(self) -> None:
        """Stop, and join the thread. No signal comes after this."""
        self.close_film()
        self._thread.close()

    def _start(self) -> None:
        if self._wish is not None and not self.is_running:
            told, unreadable = self._told, self._unreadable
            self._thread.run(lambda progress: self._ask(told, unreadable, progress))

    def _ask(self, told: set[Range], unreadable: set[Range], progress: Progress) -> None:
        """The task: goes on until nothing of the newest wish is left. `told` and `unreadable` are this film's."""
        if self._network is None:
            if not is_installed(VIDEOMAE):
                return
            self._network = open_session(VIDEOMAE)
        while (wish := self._wish) is not None and self._told is told:
            missing = [frames for frames in wish.ranges if frames not in told and frames not in unreadable]
            if kept := kept_probabilities(missing, self._network.key, wish.folder):
                told.update(kept)
                self.said.emit(Said(wish.film.fingerprint, kept))
                continue
            if not missing:
                return
            total = len(wish.ranges)
            progress.step(total - len(missing), total)
            began_s = time.monotonic()
            some = missing[:_SHOTS_AT_A_TIME]
            found = shot_probabilities(
                wish.film,
                some,
                self._network,
                wish.folder,
                progress=_Within(progress, total - len(missing), total),
            )
            told.update(found)
            unreadable.update(set(some) - set(found))
            if found:
                self.said.emit(Said(wish.film.fingerprint, found))
            self._pace.rest(time.monotonic() - began_s, threading.Event())

    def _fail(self, sentence: str) -> None:
        self._is_declined = True
        self.failed.emit(sentence)


class _Within:
    """The progress of a part of the shots, told as that of all of them."""

    def __init__(self, progress: Progress, done: int, total: int) -> None:
        self._progress, self._done, self._total = progress, done, total

    def step(self, done: int, total: int) -> None:
        self._progress.step(self._done + done, self._total)

    def on_cancel(self, interrupt: Callable[[], None]) -> Callable[[], None]:
        return self._progress.on_cancel(interrupt)
