"""The thread that opens and analyses films."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.labels import Range
from seamline.analysis.pace import FULL, Pace
from seamline.analysis.run_report import RunReport
from seamline.analysis.similarity import SIMILARITY
from seamline.analysis.stages import further_stages
from seamline.errors import Cancelled, SeamlineError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress
from seamline.project.locating import FilmMissingError, film_of_project, is_project_path
from seamline.project.types import USUAL_THRESHOLD, Decision
from seamline_app.folders import Folders
from seamline_app.jobs.analysis_batches import Batch, Relay, findings_of
from seamline_app.jobs.analysis_events import (
    Activity,
    CameraCurves,
    Failed,
    Findings,
    Labelled,
    OpenedFilm,
    Stopped,
    Warned,
)
from seamline_app.jobs.judgement import Judgement, Lesson
from seamline_app.jobs.label_desk import CameraDesk, LabelDesk, LabelWish
from seamline_app.jobs.threads import joined, nice_thread

_log = logging.getLogger(__name__)
_SHARE_GIVING_WAY = 0.3
_NICE = 10
_MORE_EVERY_S = 1.0


class AnalysisJob(QObject):
    """Opens one film at a time and analyses it in a thread of its own; results come as signals, in batches.

    A newer request cancels the older one, whose events are dropped from then on.
    """

    opened = Signal(object)  # OpenedFilm
    found = Signal(object)  # Findings
    labelled = Signal(object)  # Labelled
    camera = Signal(object)  # CameraCurves
    activity = Signal(object)  # Activity
    finished = Signal(object)  # RunReport
    stopped = Signal()  # cancelled by stop()
    failed = Signal(str)  # a sentence for the user
    film_missing = Signal(object)  # FilmMissingError
    warned = Signal(str)

    _requested = Signal(int, object, object)
    _taught = Signal(int)
    _shots_changed = Signal(int)

    def __init__(self, folders: Folders, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = 0
        self._progress: CancellableProgress | None = None
        self._thread = nice_thread("seamline-analysis", _NICE)
        self._worker = _Worker(folders)
        self._worker.moveToThread(self._thread)
        self._requested.connect(self._worker.run, Qt.ConnectionType.QueuedConnection)
        self._taught.connect(self._worker.judge_again, Qt.ConnectionType.QueuedConnection)
        self._shots_changed.connect(self._worker.label_again, Qt.ConnectionType.QueuedConnection)
        self._worker.happened.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    @property
    def makes_proxies(self) -> bool:
        """Whether an analysis that begins from now on keeps a small picture of every frame for scrubbing."""
        return self._worker.makes_proxies

    @makes_proxies.setter
    def makes_proxies(self, makes: bool) -> None:
        self._worker.makes_proxies = makes

    @property
    def is_running(self) -> bool:
        return self._progress is not None

    @property
    def pace(self) -> Pace:
        """How much of the time the analysis works, and what else should leave the processor to the editor."""
        return self._worker.pace

    @property
    def share(self) -> float:
        """How much of the time the analysis works."""
        return self.pace.share

    def give_way(self, gives_way: bool) -> None:
        """Whether the analysis shall rest most of the time, for something that must not wait for it."""
        self._worker.pace.share = _SHARE_GIVING_WAY if gives_way else FULL

    def open(self, path: Path | None, film_path: Path | None = None) -> None:
        """Open the film or project at `path` (the demo film if None) and analyse it.

        `film_path`: where the project's film is, by the user's word.
        """
        self._start(_Wish(path, film_path))

    def resume(self, film: Film) -> None:
        """Go on with the analysis of a film that is open."""
        self._start(film)

    def learn(self, film: Film, decisions: tuple[Decision, ...], threshold: float = USUAL_THRESHOLD) -> None:
        """Judge what may be a seam of the open film by these decisions from now on, and say what comes of it.

        `threshold`: how likely the proposals had to be that they are about.
        A running analysis does so with its next findings, one that has ended at once.
        """
        # one reference, replaced whole: the thread sees the old lesson or the new one
        self._worker.lesson = Lesson(film.fingerprint, decisions, threshold)
        self._taught.emit(self._job)

    def label(self, film: Film, ranges: tuple[Range, ...]) -> None:
        """Have these as the shots of the open film from now on, and say how they are labelled, as it becomes known."""
        self._worker.wish = LabelWish(film.fingerprint, ranges)
        self._shots_changed.emit(self._job)

    def stop(self) -> None:
        """Break the analysis off; what was found is kept."""
        if self._progress is not None:
            self._progress.cancel()

    def drop(self) -> None:
        """Stop, and have none of the events that are still on their way."""
        self.stop()
        self._job += 1
        self._progress = None

    def close(self) -> None:
        """Stop, and wait for the thread. No signal comes after this."""
        self._job += 1
        self.stop()
        self._thread.quit()
        if not joined(self._thread, self._worker):
            _log.error("the analysis thread did not end")

    def _start(self, what: _Wish | Film) -> None:
        self.stop()
        self._job += 1
        self._progress = CancellableProgress()
        self._requested.emit(self._job, what, self._progress)

    @Slot(int, object)
    def _pass_on(self, job: int, event: object) -> None:
        if job != self._job:
            return
        match event:
            case OpenedFilm():
                self.opened.emit(event)
            case Findings():
                self.found.emit(event)
            case Labelled():
                self.labelled.emit(event)
            case CameraCurves():
                self.camera.emit(event)
            case Activity():
                self.activity.emit(event)
            case Warned():
                self.warned.emit(event.text)
            case _:
                self._progress = None
                if isinstance(event, RunReport):
                    self.finished.emit(event)
                elif isinstance(event, FilmMissingError):
                    self.film_missing.emit(event)
                elif isinstance(event, Failed):
                    self.failed.emit(event.text)
                else:
                    self.stopped.emit()


@dataclass(frozen=True, slots=True)
class _Wish:
    path: Path | None
    film_path: Path | None


class _Worker(QObject):
    happened = Signal(int, object)

    def __init__(self, folders: Folders) -> None:
        super().__init__()
        self._folders = folders
        self.lesson = Lesson()
        self.wish = LabelWish()
        self.makes_proxies = False
        self.pace = Pace()
        self._judgement: Judgement | None = None
        self._labels: LabelDesk | None = None
        self._camera: CameraDesk | None = None
        self._told_more_s = 0.0

    @Slot(int)
    def label_again(self, job: int) -> None:
        try:
            self._tell_more(job, at_once=True)
        except Exception as error:  # noqa: BLE001  the thread boundary: nothing may escape into Qt
            _log.exception("labels")
            self.happened.emit(job, Warned(f"The shots were not labelled ({error})."))

    def _tell_more(self, job: int, *, at_once: bool = False) -> None:
        """What there is besides seams, at most once a second unless `at_once`: labels, and the camera's motion."""
        now_s = time.monotonic()
        if not at_once and now_s - self._told_more_s < _MORE_EVERY_S:
            return
        self._told_more_s = now_s
        labels = None if self._labels is None else self._labels.news()
        if labels is not None:
            self.happened.emit(job, Labelled(labels))
        camera = None if self._camera is None else self._camera.news()
        if camera is not None:
            self.happened.emit(job, camera)

    @Slot(int)
    def judge_again(self, job: int) -> None:
        judgement = self._judgement
        if judgement is None or not judgement.is_outdated:
            return
        try:
            self.happened.emit(job, findings_of(judgement, judgement.similarity_frames))
        except Exception as error:  # noqa: BLE001  the thread boundary: nothing may escape into Qt
            _log.exception("learning")
            self.happened.emit(job, Warned(f"Nothing was learned from your corrections ({error})."))

    @Slot(int, object, object)
    def run(self, job: int, what: object, progress: object) -> None:
        assert isinstance(progress, CancellableProgress)
        try:
            last: object = self._run(job, what, progress)
        except Cancelled:
            last = Stopped()
        except FilmMissingError as error:
            last = error
        except SeamlineError as error:
            last = Failed(str(error))
        except Exception as error:  # noqa: BLE001  the thread boundary: nothing may escape into Qt
            _log.exception("analysis")
            last = Failed(
                f"The analysis stopped at an unexpected fault ({type(error).__name__}: {error}). "
                f"The log in “{self._folders.log}” says more; what was found is kept."
            )
        self.happened.emit(job, last)

    def _run(self, job: int, what: object, progress: CancellableProgress) -> RunReport:
        cache = AnalysisCache(self._folders.cache)
        if isinstance(what, Film):
            film = what
        else:
            assert isinstance(what, _Wish)
            film = self._open(job, what, cache, progress)
        kept = cache.thumbnail_folder(film.fingerprint)
        analysis = Analysis(film, cache=cache, further=further_stages(film, kept, self.makes_proxies))
        self._judgement = Judgement(film, analysis.signals, lambda: self.lesson)
        self._labels = LabelDesk(film, analysis.signals, lambda: self.wish)
        self._camera = CameraDesk(analysis.signals)
        if not isinstance(what, Film):
            curve = analysis.signals.curve(SIMILARITY)
            judged = self._judgement.untaught()
            project_path = what.path if what.path is not None and is_project_path(what.path) else None
            opened = OpenedFilm(
                film, curve, judged.seams, judged.done_frames, judged.faint, project_path
            )  # fmt: skip
            self.happened.emit(job, opened)
        # a film that is gone on with may not have been told all that is in the cache by now
        told_frames = 0 if isinstance(what, Film) else analysis.signals.done_frames(SIMILARITY)
        batch = Batch(
            analysis,
            self._judgement,
            lambda event: self.happened.emit(job, event),
            told_frames,
            also=lambda: self._tell_more(job),
        )
        try:
            relay = Relay(progress, batch.progressed)
            report = analysis.run(progress=relay, on_block=batch.add, pace=self.pace)
        finally:
            batch.flush()
            self._tell_more(job, at_once=True)
        for failure in report.failures:
            self.happened.emit(job, Warned(failure))
        if cache.complaint is not None:
            self.happened.emit(job, Warned(cache.complaint))
        return report

    def _open(self, job: int, wish: _Wish, cache: AnalysisCache, progress: CancellableProgress) -> Film:
        def told(text: str) -> Relay:
            return Relay(progress, lambda done, total: self.happened.emit(job, Activity(text, done, total)))

        path = wish.film_path or wish.path
        if path is not None and is_project_path(path):
            path = film_of_project(path)
        if path is None:
            # drawing it takes packages that nothing else in the window wants
            from seamline.evaluation.demo import demo_folder, make_demo_film

            relay = told("Drawing the demo film")
            path = make_demo_film(demo_folder(self._folders.cache), progress=relay).film_path
        return open_film(path, shelf=cache, progress=told(f"Opening “{path.name}”"))
