"""Finds which shots of the film were taken together, in a thread of its own, once the film is analysed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.film_footage import film_footage
from seamline.analysis.pace import Pace
from seamline.analysis.shot_curves import kept_shot_curves
from seamline.media.film import Film
from seamline.models.encoder import ImageEncoder, open_efficientnet
from seamline.progress import Progress
from seamline.project.footage import ShotFootage
from seamline.project.labels import Range
from seamline_app.jobs.film_job import FilmJob


@dataclass(frozen=True, slots=True)
class FootageWish:
    """The shots of a film as they are now; `cache` is where its analysis is kept."""

    film: Film
    cache: Path
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The shots of the film of that fingerprint by set-up and scene."""

    fingerprint: str
    footage: tuple[ShotFootage, ...]


class FootageJob(FilmJob[FootageWish]):
    """Groups the shots that were wished for last.

    `grouped(Grouped)`, or `failed(sentence)`. `progressed(done, total)` counts pictures that are looked at for it;
    `ended` when nothing is done any more, however that came.
    """

    grouped = Signal(object)
    ended = Signal()

    def __init__(self, pace: Pace, parent: QObject | None = None) -> None:
        super().__init__("footage", parent)
        self._pace = pace
        self._encoder: ImageEncoder | None = None  # the task's alone, while one runs
        self._thread.done.connect(self._pass_on)
        self._thread.cancelled.connect(self.ended)

    def ask(self, wish: FootageWish) -> None:
        """Have these shots as the film's from now on."""
        self._close_other_than(wish.film)
        if wish == self._wish:
            return
        is_first = self._wish is None
        self._wish = wish
        if not self._is_declined:
            self._thread.drop()
            self._waiting.start(0 if is_first else self._ASKED_AFTER_MS)

    def retry(self) -> None:
        """Begin again, after it was stopped or has failed."""
        self._is_declined = False
        if self._wish is not None:
            self._waiting.start(0)

    def _start(self) -> None:
        wish = self._wish
        if wish is not None:
            self._thread.run(lambda progress: self._grouped(wish, progress))

    def _grouped(self, wish: FootageWish, progress: Progress) -> Grouped:
        """The task."""
        film, cache = wish.film, AnalysisCache(wish.cache)
        signals = kept_shot_curves(cache, film.fingerprint, film.frame_count, film.rate)
        footage = film_footage(
            film,
            wish.ranges,
            cache.film_folder(film.fingerprint),
            signals,
            self._open_encoder,
            progress=progress,
            pace=self._pace,
        )
        return Grouped(film.fingerprint, footage)

    def _open_encoder(self) -> ImageEncoder:
        if self._encoder is None:
            self._encoder = open_efficientnet(threads=1)
        return self._encoder

    def _pass_on(self, grouped: Grouped) -> None:
        self.grouped.emit(grouped)
        self.ended.emit()

    def _fail(self, sentence: str) -> None:
        super()._fail(sentence)
        self.ended.emit()
