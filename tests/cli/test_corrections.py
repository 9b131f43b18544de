"""What the editor decided in the window teaches the command line what it teaches the window."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seamline.analysis.analyze import Analysis
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.seam_features import FEATURES
from seamline.media.open_film import open_film
from seamline.project.edits import ConfirmSeam, DeleteSeam, SetThreshold
from seamline.project.journal import Journal
from seamline.project.types import Project
from seamline_app.folders import Folders
from seamline_app.jobs.judgement import Judgement, Lesson
from seamline_app.settings import Settings

if TYPE_CHECKING:
    from conftest import Result

InProcess = Callable[[Sequence[object]], "Result"]
THRESHOLDS = (0.2, 0.8, 0.95)
CUTS = list(range(60, 600, 60))
REJECTED, CONFIRMED, LEFT = CUTS[:5], CUTS[-1:], CUTS[5:]


def cuts(table: str) -> list[int]:
    return [int(row["in_frame"]) for row in csv.DictReader(io.StringIO(table))]


def unsure_weights() -> np.ndarray:
    """A model that finds every cut of the film likely, but none certain."""
    weights = np.zeros((2, len(FEATURES) + 1))
    weights[:, FEATURES.index("cut probability")] = 0.2
    return weights


@pytest.fixture
def corrected(in_process: InProcess, long_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film that is analysed; in the window five of its cuts were deleted, and one was confirmed."""
    monkeypatch.setattr("seamline.analysis.proposals.shipped_weights", unsure_weights)
    assert cuts(in_process(["analyze", long_path]).output) == CUTS
    film = open_film(long_path)
    analysis = Analysis(film, cache=AnalysisCache())
    journal = Journal(Project(film).with_proposals(analysis.seams, analysis.done_frames))
    for seam in analysis.seams:
        if seam.in_frame in REJECTED:
            journal.do(DeleteSeam(seam))
        elif seam.in_frame in CONFIRMED:
            journal.do(ConfirmSeam(seam))
    journal.close()
    return long_path


def cuts_in_the_window(path: Path) -> list[int]:
    """As the window's document has them: what the analysis thread judges, under the decisions it learned from."""
    film = open_film(path)
    analysis = Analysis(film, cache=AnalysisCache())
    journal = Journal(Project(film), read_only=True)
    decisions, threshold = journal.project.decisions, journal.project.threshold
    lesson = Lesson(film.fingerprint, decisions, threshold)
    judged = Judgement(film, analysis.signals, lambda: lesson).now()
    likely = [seam for seam in (*judged.seams, *judged.faint) if seam.confidence >= threshold]
    project = journal.rebase(Project(film).with_proposals(likely, judged.done_frames))
    return [seam.in_frame for seam in project.seams]


def test_the_seams_are_those_of_the_window(in_process: InProcess, corrected: Path) -> None:
    result = in_process(["analyze", corrected])
    assert cuts(result.output) == cuts_in_the_window(corrected)
    assert set(CONFIRMED) <= set(cuts(result.output)) < set(LEFT)  # something was learned
    assert "6 of your corrections included" in result.said


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_they_are_at_any_threshold(in_process: InProcess, corrected: Path, threshold: float) -> None:
    journal = Journal(Project(open_film(corrected)))
    journal.do(SetThreshold(threshold))
    journal.close()
    assert cuts(in_process(["analyze", corrected]).output) == cuts_in_the_window(corrected)


def test_segments_are_of_the_same_seams(in_process: InProcess, corrected: Path, tmp_path: Path) -> None:
    table = tmp_path / "segments.csv"
    assert in_process(["segments", corrected, "--csv", table]).code == 0
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert max(int(row["last_shot"]) for row in rows) == len(cuts_in_the_window(corrected)) + 1


def test_corrections_that_are_ignored_teach_nothing(in_process: InProcess, corrected: Path) -> None:
    assert cuts(in_process(["analyze", corrected, "--ignore-corrections"]).output) == CUTS


@pytest.mark.parametrize("learns", [False, True])
def test_the_windows_switch_for_learning_counts_here_too(
    in_process: InProcess, corrected: Path, learns: bool
) -> None:
    settings = Settings(Folders.of_this_system().settings)
    settings.muted = True
    settings.learns = learns
    del settings  # writes it
    left = cuts_in_the_window(corrected) if learns else LEFT
    assert cuts(in_process(["analyze", corrected]).output) == left


@pytest.mark.parametrize("written", [b"", b"no section\n", b"[General]\nlearns\n", b"\xff\xfe[General]"])
def test_settings_that_cannot_be_read_are_as_none(
    in_process: InProcess, corrected: Path, written: bytes
) -> None:
    folder = Folders.of_this_system().settings
    folder.mkdir(parents=True)
    (folder / "seamline.ini").write_bytes(written)
    assert cuts(in_process(["analyze", corrected]).output) == cuts_in_the_window(corrected)
