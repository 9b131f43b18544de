"""A whole film reviewed without the mouse, and the panel that shows each seam meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pycmx
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from seamline.analysis.candidates import Candidate
from seamline.analysis.proposals import Proposals, shipped_model
from seamline.analysis.seam_features import FEATURES
from seamline.analysis.signals import Signals
from seamline.project.types import Origin, SeamKind
from seamline_widgets.shot_model import Column

if TYPE_CHECKING:
    from pathlib import Path

    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

_EVIDENCE = FEATURES.index("evidence peak")
# last frame out, first frame in, kind, evidence: by doubt they are 220, 100, 140 (below the threshold), 256, 60, 180
_PLACES = (
    (24, 25, SeamKind.CUT, 4.0),
    (59, 60, SeamKind.CUT, 1.0),
    (99, 100, SeamKind.CUT, 0.4),
    (139, 140, SeamKind.CUT, -0.6),
    (179, 180, SeamKind.CUT, 2.0),
    (219, 220, SeamKind.CUT, 0.2),
    (250, 261, SeamKind.DISSOLVE, 0.8),
)


def _weights() -> np.ndarray:
    weights = np.zeros((2, len(FEATURES) + 1))
    weights[:, _EVIDENCE] = 1
    return weights


def _propose(signals: Signals) -> Proposals:
    done = signals.done_frames("similarity", "cut_probability")
    places = [place for place in _PLACES if place[1] < done]
    candidates = tuple(Candidate(out, into, kind) for out, into, kind, _ in places)
    features = np.zeros((len(places), len(FEATURES)), np.float32)
    features[:, _EVIDENCE] = [place[3] for place in places]
    return Proposals(candidates, features, shipped_model().confidence(features, candidates))


@pytest.fixture(autouse=True)
def _judged_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seamline.analysis.proposals.shipped_weights", _weights)
    monkeypatch.setattr("seamline_app.jobs.judgement.propose", _propose)


@pytest.fixture(scope="module")
def review_film(films: FilmShelf) -> FilmSpec:
    return films.make_film(
        films.folder / "review.mp4",
        frames=300,
        cuts=(25, 60, 100, 180, 220),
        gradual=((250, 261, "dissolve"),),
    )


@pytest.fixture
def reviewer(hands: Hands, review_film: FilmSpec) -> Hands:
    """Over the film, with learning switched off: the others stay as sure as they are."""
    hands.menu("Seams", "Learn from my corrections")
    hands.open(review_film)
    hands.wait(lambda: len(hands.cuts) == 6)
    return hands


def _key(hands: Hands, *keys: str) -> None:
    """Press keys where the keyboard is, as Qt gives them to a window."""
    if not hands.window.isActiveWindow():  # offscreen, a menu that closes gives the keyboard to nobody
        hands.window.activateWindow()
        hands.wait(hands.window.isActiveWindow)
    for key in keys:
        QTest.keySequence(hands.window.windowHandle(), key)


def _shows(hands: Hands, frame: int) -> None:
    """Wait until the picture is that frame, and the panel shows the seam there."""
    hands.sees(frame)
    hands.wait(lambda: _shown(hands) == frame)


def _shown(hands: Hands) -> int | None:
    """Which seam the panel shows."""
    seam = hands.window.seam_view.shown
    return None if seam is None else seam.cut_frame


def _said(hands: Hands) -> str:
    return hands.window.status.review


def _progress(hands: Hands) -> str:
    return hands.window.seam_view.panel.facts.progress.toolTip()


def _kind(hands: Hands) -> str:
    return hands.window.seam_view.panel.facts.kind.accessibleDescription()


def _review_all(hands: Hands) -> None:
    """Decide about every place of the film by keys alone."""
    hands.wait(lambda: _progress(hands) == "Reviewed 0 of 6 – 6 left, 6 doubtful")
    _key(hands, "Tab")
    _shows(hands, 220)
    assert _kind(hands).startswith("Cut")
    _key(hands, "Delete")
    assert 220 not in hands.cuts
    hands.wait(lambda: _progress(hands) == "Reviewed 1 of 6 – 5 left, 5 doubtful")
    _key(hands, "Tab")
    _shows(hands, 100)
    _key(hands, "Alt+Right", "Alt+Right")
    _shows(hands, 102)
    _key(hands, "Ctrl+Z")
    assert 101 in hands.cuts
    assert _said(hands) == "Reviewed 2 of 6, 4 left"
    _key(hands, "Tab")
    _shows(hands, 140)
    assert _kind(hands).startswith("Perhaps a cut")
    _key(hands, "C")
    assert 140 in hands.cuts
    _key(hands, "Tab")
    _shows(hands, 256)
    assert _kind(hands).startswith("Dissolve")
    _key(hands, "T")
    hands.wait(lambda: _kind(hands).startswith("Fade"))
    _key(hands, "Tab")
    _shows(hands, 60)
    _key(hands, "C")
    _key(hands, "Tab")
    _shows(hands, 180)
    _key(hands, "C")
    _key(hands, "Tab")
    assert _said(hands).endswith("The one that is left is sure")
    _key(hands, "Home", "Down")
    _shows(hands, 25)
    _key(hands, "C")


def test_all_of_a_film_by_keys_alone_is_in_the_project_on_disk_and_in_an_edl(
    reviewer: Hands,
    review_film: FilmSpec,
    reopened: Callable[[Hands, FilmSpec], Hands],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    _review_all(reviewer)
    assert _said(reviewer) == "Reviewed 7 of 7, 0 left"
    reviewer.wait(lambda: _progress(reviewer).startswith("All reviewed"))
    bar = reviewer.window.seam_view.panel.facts.bar
    assert (bar.value(), bar.maximum()) == (7, 7)
    _key(reviewer, "Tab")
    assert _said(reviewer).endswith("All seams are reviewed")
    cuts = [25, 60, 101, 140, 180]
    decided = [(cut, SeamKind.CUT) for cut in cuts] + [(256, SeamKind.FADE)]
    assert _decided(reviewer) == decided
    words = reviewer.column(Column.SEAM)
    again = reopened(reviewer, review_film)
    assert _decided(again) == decided
    assert again.column(Column.SEAM) == words
    assert _said(again) == "Reviewed 7 of 7, 0 left"
    edl = tmp_path / "review.edl"
    monkeypatch.setattr("seamline_app.dialogs.ask_for_list", lambda *_: edl)
    _key(again, "Ctrl+E")
    again.wait(lambda: again.message.startswith("Wrote "))
    with edl.open() as file:
        starts = [event.edits[0].source_in for event in pycmx.parse_cmx3600(file).events]
    assert starts == [f"00:00:{at // 25:02d}:{at % 25:02d}" for at in (0, *cuts, 256)]


def _decided(hands: Hands) -> list[tuple[int, SeamKind]]:
    """Where the seams are that the editor decided about, and their kinds; there are no others."""
    document = hands.window.document
    assert document is not None
    assert all(seam.origin is Origin.USER for seam in document.project.seams)
    return [(seam.cut_frame, seam.kind) for seam in document.project.seams]


def _numbers(hands: Hands, films: FilmShelf) -> list[int]:
    """The numbers painted into the three pictures of the panel, once they are there."""
    row, numbers = hands.window.seam_view.panel.stills, []
    hands.wait(
        lambda: all(
            still.image is not None and "on its way" not in still.accessibleDescription()
            for still in row.stills
        )
    )
    for still in row.stills:
        area = still.picture_rect().translated(still.mapTo(hands.window, QPoint(0, 0)))
        image = hands.window.grab(area).toImage().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        picture = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
        numbers.append(films.read_number(picture))
    return numbers


class TestThePanel:
    def test_its_pictures_are_the_frames_that_it_names_and_a_click_goes_there(
        self, reviewer: Hands, films: FilmShelf
    ) -> None:
        hands = reviewer
        _key(hands, "Down", "Down")
        _shows(hands, 60)
        assert _numbers(hands, films) == [59, 60, 61]
        _key(hands, "Alt+Left")
        _shows(hands, 59)
        assert _numbers(hands, films) == [58, 59, 60]
        # a click shows one large, and the seam stays what is worked on
        stills = hands.window.seam_view.panel.stills.stills
        for at, frame in ((0, 58), (2, 60)):
            QTest.mouseClick(stills[at], Qt.MouseButton.LeftButton)
            hands.sees(frame)
            assert _shown(hands) == 59
        _key(hands, "Delete")
        assert hands.cuts == [25, 100, 180, 220, 256]

    def test_it_follows_selection_and_playhead_and_stays_while_the_film_plays(self, reviewer: Hands) -> None:
        hands = reviewer
        _key(hands, "Down")
        _shows(hands, 25)
        hands.click_timeline(180)  # a seam's line: selects it
        hands.wait(lambda: _shown(hands) == 180)
        hands.sees(25)
        hands.click_timeline(110)
        hands.wait(lambda: _shown(hands) is None)
        hands.wait(lambda: "Tab" in hands.window.seam_view.panel.hint)
        _key(hands, "Up")
        _shows(hands, 100)
        _key(hands, "Space")
        hands.wait(lambda: (hands.window.picture.frame or 0) > 102)
        assert _shown(hands) == 100
        _key(hands, "Space")

    def test_r_hides_it_and_it_stays_hidden(
        self, reviewer: Hands, review_film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
    ) -> None:
        _key(reviewer, "R")
        assert not reviewer.window.seam_view.panel.isVisible()
        again = reopened(reviewer, review_film)
        assert not again.window.seam_view.panel.isVisible()
        _key(again, "R")
        assert again.window.seam_view.panel.isVisible()
