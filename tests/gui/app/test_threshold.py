"""The threshold on the timeline: dragged, the seams follow; stored with the project, the command line too has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.candidates import Candidate
from seamline.analysis.proposals import Proposals, shipped_model
from seamline.analysis.seam_features import FEATURES
from seamline.analysis.signals import Signals
from seamline.project.types import SeamKind
from seamline_app.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

    from seamline_app.folders import Folders

LEFT = Qt.MouseButton.LeftButton
_EVIDENCE = FEATURES.index("evidence peak")
# confidences of .98, .73, .60, .35 and .18
_PLACES = ((25, 4.0), (40, 1.0), (60, 0.4), (75, -0.6), (90, -1.5))


def _weights() -> np.ndarray:
    weights = np.zeros((2, len(FEATURES) + 1))
    weights[:, _EVIDENCE] = 1
    return weights


def _propose(signals: Signals) -> Proposals:
    done = signals.done_frames("similarity", "cut_probability")
    places = [place for place in _PLACES if place[0] < done]
    candidates = tuple(Candidate(frame - 1, frame, SeamKind.CUT) for frame, _ in places)
    features = np.zeros((len(places), len(FEATURES)), np.float32)
    features[:, _EVIDENCE] = [evidence for _, evidence in places]
    return Proposals(candidates, features, shipped_model().confidence(features, candidates))


@pytest.fixture(autouse=True)
def _judged_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seamline.analysis.proposals.shipped_weights", _weights)
    monkeypatch.setattr("seamline_app.jobs.judgement.propose", _propose)
    monkeypatch.setattr("seamline_app.commands.corrections.propose", _propose)


@pytest.fixture
def judge(hands: Hands, film: FilmSpec) -> Hands:
    hands.open(film)
    hands.wait(lambda: hands.cuts == [25, 40, 60])
    return hands


def _place(hands: Hands, value: float) -> QPoint:
    """On the handle of the threshold, where it is `value`."""
    timeline = hands.window.timeline
    return QPoint(timeline.width() - 20, round(timeline.rows.y_of(value)))


def _drag(hands: Hands, start: float, *stations: float, release: bool = True) -> None:
    timeline = hands.window.timeline
    QTest.mousePress(timeline, LEFT, pos=_place(hands, start))
    for value in stations:
        QTest.mouseMove(timeline, _place(hands, value))
    if release:
        QTest.mouseRelease(timeline, LEFT, pos=_place(hands, stations[-1]))


def _faint(hands: Hands) -> list[int]:
    document = hands.window.document
    assert document is not None
    return [seam.cut_frame for seam in document.faint]


def _threshold(hands: Hands) -> float:
    document = hands.window.document
    assert document is not None
    return document.threshold


def test_seams_and_faint_places_follow_the_drag(judge: Hands) -> None:
    hands = judge
    _drag(hands, 0.5, 0.55, 0.8, release=False)
    hands.wait(lambda: hands.cuts == [25])
    assert {40, 60, 75} <= set(_faint(hands))
    QTest.mouseMove(hands.window.timeline, _place(hands, 0.3))
    hands.wait(lambda: hands.cuts == [25, 40, 60, 75])
    assert not {40, 60, 75} & set(_faint(hands))
    QTest.mouseRelease(hands.window.timeline, LEFT, pos=_place(hands, 0.3))
    assert _threshold(hands) == pytest.approx(0.3, abs=0.02)
    assert "5 shots" in hands.window.status.text
    QTest.mouseDClick(hands.window.timeline, LEFT, pos=_place(hands, _threshold(hands)))
    assert _threshold(hands) == 0.5
    assert hands.cuts == [25, 40, 60]
    # Esc gives it up
    _drag(hands, 0.5, 0.6, 0.8, release=False)
    hands.wait(lambda: hands.cuts == [25])
    QTest.keySequence(hands.window.windowHandle(), "Esc")
    assert hands.cuts == [25, 40, 60]
    QTest.mouseRelease(hands.window.timeline, LEFT, pos=_place(hands, 0.8))
    assert _threshold(hands) == 0.5
    assert hands.cuts == [25, 40, 60]


def test_what_was_decided_stays_whatever_the_threshold(judge: Hands) -> None:
    hands = judge
    hands.window.go_to(60)
    hands.press("C")
    hands.window.go_to(40)
    hands.press("Delete")
    _drag(hands, 0.5, 0.7, 0.99)
    assert _threshold(hands) == 0.95  # none could ever count above
    assert hands.cuts == [25, 60]
    _drag(hands, 0.95, 0.5, 0.3)
    assert 40 not in hands.cuts
    assert {25, 60, 75} <= set(hands.cuts)
    # each setting is a step of its own: undo takes back nothing else
    hands.press("Ctrl+Z")
    assert (hands.cuts, _threshold(hands)) == ([25, 60], 0.95)
    hands.press("Ctrl+Z")
    assert (hands.cuts, _threshold(hands)) == ([25, 60], 0.5)
    hands.press("Ctrl+Z")
    assert hands.cuts == [25, 40, 60]
    hands.press("Ctrl+Shift+Z", times=2)
    assert (hands.cuts, _threshold(hands)) == ([25, 60], 0.95)


def test_the_selected_seam_stays_while_it_is_looked_at(judge: Hands) -> None:
    hands = judge
    hands.window.go_to(0)
    hands.press("Down", times=2)
    hands.sees(40)
    _drag(hands, 0.5, 0.7, 0.8)
    assert hands.cuts == [25, 40]
    hands.press("Up")
    assert hands.cuts == [25]


def _save_as(hands: Hands, path: Path, answer: Callable[[Callable[[Any], None]], None]) -> None:
    def fill_in(dialog: QFileDialog) -> None:
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(str(path))
        QTest.keyClick(field, Qt.Key.Key_Return)

    answer(fill_in)
    hands.press("Ctrl+Shift+S")
    hands.wait(lambda: hands.message.startswith("Saved "))


def test_it_is_stored_with_film_and_project_and_the_command_line_has_it(
    judge: Hands,
    film: FilmSpec,
    reopened: Callable[[Hands, FilmSpec], Hands],
    answer: Callable[[Callable[[Any], None]], None],
    tmp_path: Path,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _drag(judge, 0.5, 0.6, 0.8)
    again = reopened(judge, film)
    assert again.cuts == [25]
    assert again.window.timeline.threshold_y() == pytest.approx(_place(again, 0.8).y(), abs=2)
    project = tmp_path / "strict.seamline"
    _save_as(again, project, answer)
    again.window.close()
    monkeypatch.setattr("seamline_app.commands.analyze.AnalysisCache", lambda: AnalysisCache(folders.cache))
    capsys.readouterr()
    assert main(["analyze", str(project)]) == 0
    assert "1 seam in 100 frames" in capsys.readouterr().err
    assert main(["analyze", str(project), "--ignore-corrections"]) == 0
    assert "1 seam in 100 frames" not in capsys.readouterr().err
