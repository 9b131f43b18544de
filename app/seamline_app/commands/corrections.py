"""The editor's corrections of a film, and what they teach about the rest of it, as the window has them."""

from __future__ import annotations

import configparser
import sys
from pathlib import Path

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.label_vote import voted
from seamline.analysis.labels import Labeller
from seamline.analysis.learning import learned
from seamline.analysis.proposals import SeamRule, propose
from seamline.analysis.videomae_labels import kept_probabilities
from seamline.media.film import Film
from seamline.models.videomae_session import installed_key
from seamline.project.file import ProjectFile
from seamline.project.journal import Journal
from seamline.project.labels import ShotLabels, merged_labels
from seamline.project.locating import is_project_path
from seamline.project.matches import Matches
from seamline.project.types import USUAL_THRESHOLD, Project
from seamline_app.folders import Folders


def with_corrections(film: Film, analysis: Analysis, opened: Path | None = None, *, ignored: bool) -> Project:
    """The film with the seams that the window shows: those analysed, judged anew by what the editor decided.

    `opened` is what the user named: where that is a project, its corrections and threshold count, else those that
    the window keeps by the film. What was decided can be `ignored`. Where the window's “Learn from my corrections”
    is switched off, nothing is learned here either. Its shots are labelled as far as what that takes was analysed, with
    what the label network said in the window, if it was asked; else as they were when the project was open last. Says
    on standard error what of the corrections cannot be read. Raises ProjectError.
    """
    project = Project(film).with_proposals(analysis.seams, analysis.done_frames)
    if ignored:
        return _labelled(project, analysis)
    journal = _stored(project, opened)
    if journal.damage:
        sys.stderr.write(f"{journal.damage}\n")
    decisions = journal.project.decisions
    learns = bool(decisions) and _window_learns(Folders.of_this_system())
    if not learns and journal.project.threshold == USUAL_THRESHOLD:
        return _labelled(journal.project, analysis, journal.last_labels).with_footage(journal.last_footage)
    proposals = propose(analysis.signals)
    rule = SeamRule(journal.project.threshold)
    if learns:
        proposals = learned(proposals, decisions, rule=rule)
    seams = proposals.seams(rule)
    judged = journal.rebase(project.with_proposals(seams, analysis.done_frames))
    return _labelled(judged, analysis, journal.last_labels).with_footage(journal.last_footage)


def matches_of(film: Film, opened: Path | None = None) -> Matches:
    """What the editor said of match cuts, in the project `opened`, else in the window. Raises ProjectError."""
    return _stored(Project(film), opened).project.matches


def _stored(project: Project, opened: Path | None) -> ProjectFile:
    if opened is not None and is_project_path(opened):
        return ProjectFile(project, opened, read_only=True)
    return Journal(project, read_only=True)


def _labelled(project: Project, analysis: Analysis, last_labels: tuple[ShotLabels, ...] = ()) -> Project:
    ranges = [shot.range for shot in project.shots]
    measured = Labeller(analysis.signals, project.film.rate).labels(ranges)
    key = installed_key()
    if key is not None:
        folder = AnalysisCache().film_folder(project.film.fingerprint)
        said = kept_probabilities(ranges, key, folder)
        measured = tuple(
            labels if (p := said.get(labels.range)) is None else voted(labels, p.scale, p.movement)
            for labels in measured
        )
    return project.with_labels(merged_labels(ranges, last_labels, measured))


def _window_learns(folders: Folders) -> bool:
    """The window's setting, read without Qt; learning is what it does where nothing is set."""
    stored = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        stored.read(folders.settings / "seamline.ini", encoding="utf-8")
    except (OSError, UnicodeDecodeError, configparser.Error):
        return True  # the window, too, takes a file that it cannot read for none
    return stored.get("General", "learns", fallback="true").lower() == "true"
