"""Divides the open film into segments, from what its analysis has kept: no decode, so each change shows at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.segmentation import FilmContent, Segmentation, SegmentationSettings, segment_film
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SimilarityStage
from seamline.analysis.stages import EMBEDDING, embedding_stage
from seamline.exchange.segments_csv import SegmentRow, segment_rows
from seamline.media.film import Film
from seamline.models.registry import EFFICIENTNET_LITE0
from seamline.models.store import SET_UP_COMMAND, is_installed
from seamline.progress import Progress
from seamline.project.types import Project
from seamline_app.jobs.task_thread import TaskThread

_WHATEVER_THE_SEAMS = ("distances", "survey", "statistics")


@dataclass(frozen=True, slots=True, eq=False)
class Divided:
    """A segmentation with what it was made of; `rows` are its segments as tables have them."""

    content: FilmContent
    segmentation: Segmentation
    project: Project
    rows: tuple[SegmentRow, ...]


@dataclass(frozen=True, slots=True)
class Undivided:
    """Why there are no segments, and the next step, as sentences."""

    text: str


class SegmentsJob(QObject):
    """Divides one film at a time; of wishes in quick succession only the last is answered.

    `divided(Divided)`, `undivided(Undivided)`, or `failed(sentence)` where the settings do not fit the film.
    """

    divided = Signal(object)
    undivided = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # not nice: it is what the user is looking at
        self._thread = TaskThread("segments", self, nice=False)
        self._thread.done.connect(self._pass_on)
        self._thread.failed.connect(self.failed)
        self._shelf: _Shelf | None = None

    @property
    def is_running(self) -> bool:
        return self._thread.is_running

    def open(self, film: Film, cache: AnalysisCache) -> None:
        """Divide `film` from now on, by what is in the cache when it is next divided."""
        self._thread.drop()
        self._shelf = _Shelf(film, cache)

    def divide(self, project: Project, settings: SegmentationSettings) -> None:
        """Divide the film by these settings; `project` tells of its seams and timecodes."""
        shelf = self._shelf
        if shelf is not None:
            self._thread.run(lambda progress: shelf.divided(project, settings, progress))

    def drop(self) -> None:
        """There is no film any more."""
        self._thread.drop()
        self._shelf = None

    def close(self) -> None:
        """Stop, and join the thread."""
        self._thread.close()
        self._shelf = None

    def _pass_on(self, result: object) -> None:
        (self.divided if isinstance(result, Divided) else self.undivided).emit(result)


class _Shelf:
    """What is known of a film, read from the cache once; only the job's thread touches it."""

    def __init__(self, film: Film, cache: AnalysisCache) -> None:
        self._film = film
        self._cache = cache
        self._content: FilmContent | None = None

    def divided(
        self, project: Project, settings: SegmentationSettings, progress: Progress
    ) -> Divided | Undivided:
        content = self._with_seams(project)
        if not len(content.embeddings):
            return Undivided(_why_not(self._film))
        segmentation = segment_film(content, settings, progress=progress)
        return Divided(content, segmentation, project, tuple(segment_rows(segmentation, project)))

    def _with_seams(self, project: Project) -> FilmContent:
        content = self._content
        if content is None:
            signals = Signals(self._film.frame_count)
            for stage in (embedding_stage(self._film), SimilarityStage()):
                self._cache.load_signals(self._film.fingerprint, stage, signals)
            content = FilmContent.of(signals, EMBEDDING, self._film.rate, project.seams)
        seams = tuple(seam for seam in project.seams if seam.in_frame < content.sampling.frame_count)
        if seams != content.seams:
            known = vars(content)
            content = replace(content, seams=seams)
            # what does not depend on the seams is not computed again: a survey takes seconds
            vars(content).update({name: known[name] for name in _WHATEVER_THE_SEAMS if name in known})
        if len(content.embeddings):
            self._content = content
        return content


def _why_not(film: Film) -> str:
    if film.frame_count < 1:
        return "This film has no frames."
    if not is_installed(EFFICIENTNET_LITE0):
        return (
            "The segments need the film's embeddings, and the network that makes them, "
            f"{EFFICIENTNET_LITE0.name}, is not installed. Run “{SET_UP_COMMAND}”, then open the film again."
        )
    return (
        "The segments need the film's embeddings, which the analysis has not made yet. "
        "Let it run to its end: Film, “Go on with the analysis”, or open the film again."
    )
