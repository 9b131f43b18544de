"""The shot label network, asked about the shots of a film in a thread of its own: it takes seconds for each."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

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
from seamline.progress import Part, Progress
from seamline_app.jobs.film_job import FilmJob

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


class VoteJob(FilmJob[VoteWish]):
    """Asks the network about the shots wished for, where it is installed; each shot once, also over restarts.

    `said(Said)` comes as it becomes known. `progressed(done, total)` counts shots; `ended` when nothing is asked any
    more; `failed(sentence)` where the network cannot be asked. A wish that comes meanwhile counts from the next
    shots on.
    """

    said = Signal(object)
    ended = Signal()

    def __init__(self, pace: Pace, parent: QObject | None = None) -> None:
        super().__init__("label-network", parent)
        self._pace = pace
        self._network: LabelNetwork | None = None  # the task's alone, while one runs
        self._told: set[Range] = set()
        self._unreadable: set[Range] = set()
        for end in (self._thread.done, self._thread.cancelled):
            end.connect(lambda *_: self.ended.emit())

    def ask(self, wish: VoteWish) -> None:
        """Have these shots as the film's from now on."""
        self._close_other_than(wish.film)
        self._wish = wish
        if not self.is_running and not self._is_declined and not self._told.issuperset(wish.ranges):
            self._waiting.start()

    def close_film(self) -> None:
        """There is another film, or none: nothing more is heard of this one."""
        super().close_film()
        self._told, self._unreadable = set(), set()

    def forget_network(self) -> None:
        """Another network was installed, or this one was removed: begin again with what there is now."""
        wish = self._wish
        self.close()  # a task that was dropped may still be about to set it
        self._network = None
        if wish is not None:
            self.ask(wish)

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
            done = total - len(missing)
            progress.step(done, total)
            began_s = time.monotonic()
            some = missing[:_SHOTS_AT_A_TIME]
            found = shot_probabilities(
                wish.film,
                some,
                self._network,
                wish.folder,
                progress=Part(progress, done, done + len(some), total),
            )
            told.update(found)
            unreadable.update(set(some) - set(found))
            if found:
                self.said.emit(Said(wish.film.fingerprint, found))
            self._pace.rest(time.monotonic() - began_s, threading.Event())
