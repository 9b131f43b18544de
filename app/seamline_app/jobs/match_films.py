"""The films that match cuts are found in: their seams as the editor sees them, and the curves of their pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.figures_stage import FigureStage
from seamline.analysis.learning import learned
from seamline.analysis.pace import Pace
from seamline.analysis.proposals import SeamRule, propose
from seamline.analysis.shot_curves import kept_shot_curves
from seamline.analysis.signals import Signals
from seamline.analysis.stages import label_stages
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import Progress
from seamline.project.file import ProjectFile
from seamline.project.journal import Journal
from seamline.project.locating import film_of_project, is_project_path
from seamline.project.types import Project
from seamline_app.folders import Folders

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class MatchedFilm:
    """A film with its seams; `signals` are the curves that the edges of its shots are chosen by."""

    project: Project
    signals: Signals

    @property
    def fingerprint(self) -> str:
        return self.project.film.fingerprint


def film_under_review(project: Project, cache: AnalysisCache) -> MatchedFilm:
    """The film that is open and analysed, by the curves that were kept of it."""
    film = project.film
    signals = kept_shot_curves(cache, film.fingerprint, film.frame_count, film.rate)
    cache.load_signals(film.fingerprint, FigureStage.for_film(film), signals)
    return MatchedFilm(project, signals)


def open_by_path(path: Path, cache: AnalysisCache, progress: Progress) -> Film:
    """The film at `path`, or that of the project there. Raises MediaError, ProjectError or Cancelled."""
    at = film_of_project(path) if is_project_path(path) else path
    return open_film(at, shelf=cache, progress=progress)


def analysed_film(
    film: Film, path: Path, folders: Folders, *, learns: bool, tell: Tell, progress: Progress, pace: Pace
) -> MatchedFilm:
    """A film that is not open, analysed as far as it is not yet, with the corrections that are stored.

    `path` is what the user chose: a project's corrections count, else those that the window keeps by the film; nothing
    of them changes. With `learns`, the rest of the film is judged by them, as in the window. Raises SeamlineError or
    Cancelled; what was analysed until then is kept.
    """
    cache = AnalysisCache(folders.cache)
    analysis = Analysis(film, cache=cache, further=label_stages(film))
    if not analysis.is_complete:
        tell(f"Analysing “{film.path.name}”")
    analysis.run(progress=progress, pace=pace)
    return MatchedFilm(_corrected(film, path, folders, analysis, learns=learns), analysis.signals)


def kept_project(film: Film, path: Path, folders: Folders, *, learns: bool) -> Project:
    """The film with the seams that are known of it without a decode: a single shot, where it was never analysed."""
    analysis = Analysis(film, cache=AnalysisCache(folders.cache))
    return _corrected(film, path, folders, analysis, learns=learns)


def _corrected(film: Film, path: Path, folders: Folders, analysis: Analysis, *, learns: bool) -> Project:
    base = Project(film)
    stored = (
        ProjectFile(base, path, read_only=True)
        if is_project_path(path)
        else Journal(base, folders.edits, read_only=True)
    )
    rule = SeamRule(stored.project.threshold)
    proposals = propose(analysis.signals)
    if learns:
        proposals = learned(proposals, stored.project.decisions, rule=rule)
    return stored.rebase(base.with_proposals(proposals.seams(rule), analysis.done_frames))
