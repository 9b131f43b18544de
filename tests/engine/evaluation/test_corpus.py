"""Many films at once, with an analysis of paper: what is counted where."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seamline.analysis.candidates import Candidate
from seamline.analysis.proposals import Proposals
from seamline.evaluation import corpus
from seamline.exchange.csv_list import Transition
from seamline.media.open_film import open_film
from seamline.project.types import SeamKind

if TYPE_CHECKING:
    from films import FilmShelf

PROPOSALS = Proposals(
    (Candidate(24, 25, SeamKind.CUT), Candidate(40, 50, SeamKind.WIPE), Candidate(59, 60, SeamKind.CUT)),
    np.empty((3, 0), np.float32),
    np.array([0.95, 0.65, 0.2], np.float32),
)


@pytest.fixture
def folders(films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film with its table beside it, and the same film as a single shot."""
    spec = films("mp4")
    for name in ("edited", "single"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "film.mp4").hardlink_to(spec.path)
    (tmp_path / "edited" / "film.csv").write_text(
        "start_frame,end_frame,type,scored\n24,25,cut,1\n59,60,cut,1\n40,41,cut,-1\n"
    )
    analysis = SimpleNamespace(signals=None, seams=PROPOSALS.seams(), done_frames=spec.frames)
    monkeypatch.setattr(corpus, "_analysed", lambda film, cache, thorough=False: analysis)
    published = [Transition(25, 26), Transition(70, 72)]
    monkeypatch.setattr(corpus, "_published", lambda analysis: published)
    monkeypatch.setattr(corpus, "open_film", lambda path, shelf: open_film(path))
    monkeypatch.setattr(corpus, "propose", lambda signals: PROPOSALS)
    return tmp_path


def test_the_report_of_films_and_single_shots(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited = str(folders / "edited")
    assert (
        corpus.main([edited, edited, "--single", str(folders / "single"), "--write", str(folders / "out")])
        == 0
    )
    published, seamline, agreement, single, seams, candidates = capsys.readouterr().out.strip().split("\n\n")
    assert "tolerance 2: precision 0.500 recall 0.500 F1 0.500" in published.splitlines()
    assert "tolerance 2: precision 0.500 recall 0.500 F1 0.500" in seamline.splitlines()
    assert "distractors taken for transitions: 1 of 1" in seamline.splitlines()
    assert agreement.splitlines() == [
        "Of 2 seams of TransNetV2 as published, Seamline proposes 1 within a frame",
        "  not film.csv: frames 70-72",
    ]
    assert single.splitlines() == [
        "Single shots: 1 clips, 100 frames; false alarms of Seamline 2, of TransNetV2 as published 2",
        "  film.mp4: cut at frames 24-25",
        "  film.mp4: wipe at frames 40-50",
    ]
    # four seams in both films, of which one is right; six candidates, of which two are
    assert seams.splitlines()[-1] == "expected calibration error 0.550 over 4"
    assert candidates.splitlines()[2].split() == ["0.2", "to", "0.3", "2", "0.200", "0.500"]
    assert (folders / "out" / "film.csv").read_text().count("\n") == 3


def test_a_folder_without_films_is_a_sentence(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert corpus.main([str(folders / "edited"), str(folders / "out")]) == 1
    assert "has a table of its name" in capsys.readouterr().err


def test_a_damaged_table_is_a_sentence(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = folders / "edited" / "film.csv"
    table.write_text("start_frame,end_frame\n5,2\n")
    assert corpus.main([str(folders / "edited"), str(folders / "edited")]) == 1
    assert "film.csv" in capsys.readouterr().err
