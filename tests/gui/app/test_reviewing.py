"""Confirming, rejecting and asking: the seam that is doubted most, and what the rest learns from the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seamline.analysis.candidates import Candidate
from seamline.analysis.proposals import Proposals
from seamline.analysis.seam_features import FEATURES
from seamline.analysis.signals import Signals
from seamline.project.types import SeamKind
from seamline_widgets.shot_model import Column

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import CheapNetwork, Hands

_EVIDENCE, _STEP = FEATURES.index("evidence peak"), FEATURES.index("step")
# where something may be in the long film, how clear it is, and whether it is a flash
_PLACES = (
    *((50 * number, 3.5, False) for number in range(1, 12)),
    *((50 * number + 25, 1.0 + number / 100, True) for number in range(1, 11)),
    (10, -0.6, False),
    (580, 4.5, False),
)
_CUTS = [*range(50, 575, 25), 580]


def _weights() -> np.ndarray:
    weights = np.zeros((2, len(FEATURES) + 1))
    weights[:, _EVIDENCE] = 1
    return weights


def _propose(signals: Signals) -> Proposals:
    """The places of the film that are analysed, judged by their evidence."""
    from seamline.analysis.proposals import shipped_model

    done = signals.done_frames("similarity", "cut_probability")
    places = sorted(place for place in _PLACES if place[0] < done)
    candidates = tuple(Candidate(frame - 1, frame, SeamKind.CUT) for frame, _, _ in places)
    features = np.zeros((len(places), len(FEATURES)), np.float32)
    for row, (_, evidence, is_flash) in enumerate(places):
        features[row, [_EVIDENCE, _STEP]] = evidence, 3 * is_flash
    return Proposals(candidates, features, shipped_model().confidence(features, candidates))


@pytest.fixture(autouse=True)
def _judged_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model and candidates of the test's own: cuts are clear, flashes are not and have a step."""
    monkeypatch.setattr("seamline.analysis.proposals.shipped_weights", _weights)
    monkeypatch.setattr("seamline_app.jobs.judgement.propose", _propose)


@pytest.fixture
def open_hands(hands: Hands, long_film: FilmSpec) -> Hands:
    hands.open(long_film)
    hands.wait(lambda: hands.cuts == _CUTS)
    return hands


def _said(hands: Hands) -> str:
    return hands.window.status.review


def _seam_words(hands: Hands, frame: int) -> str:
    return hands.column(Column.SEAM)[hands.cuts.index(frame) + 1]


def test_c_confirms_and_both_lists_show_it(open_hands: Hands) -> None:
    hands = open_hands
    hands.press("Down")
    assert _seam_words(hands, 50) == "Cut  97\u2009%"
    hands.press("C")
    assert _seam_words(hands, 50) == "Cut  ✓"
    assert hands.window.timeline.selected_id == "a-49-50"
    assert _said(hands) == "Reviewed 1 of 22, 21 left"
    assert "correction" not in hands.window.status.text
    assert hands.window.actions_by_id["undo"].text() == "Undo: Confirm cut"
    hands.press("Ctrl+Z")
    assert _seam_words(hands, 50) == "Cut  97\u2009%"
    assert _said(hands) == ""


def test_what_is_the_users_needs_no_confirmation(open_hands: Hands) -> None:
    hands = open_hands
    hands.press("C")
    assert hands.message == "There is no seam at the playhead: select one, then confirm it."
    hands.press("Down")
    hands.press("C", times=2)
    assert hands.message == "This seam is yours already: there is nothing to confirm."
    assert _said(hands) == "Reviewed 1 of 22, 21 left"


def test_n_goes_by_doubt_and_back(open_hands: Hands) -> None:
    hands = open_hands
    hands.press("N")
    hands.sees(10)  # 35 %: not proposed, but the most doubtful
    assert _said(hands) == "Perhaps a cut here (35\u2009%): C adds it, Delete dismisses it"
    assert hands.window.timeline.selected_id is None
    for frame in (75, 125, 175):
        hands.press("N")
        hands.sees(frame)
        assert hands.window.timeline.selected_id == f"a-{frame - 1}-{frame}"
        assert _said(hands) == ""
    hands.press("Shift+N")
    hands.sees(125)
    hands.press("Shift+N", times=2)
    hands.sees(10)
    hands.press("Shift+N")
    assert _said(hands).endswith("There is no doubtful seam before this one.")
    hands.sees(10)


def test_a_place_that_was_only_asked_about_is_added_or_dismissed(open_hands: Hands) -> None:
    hands = open_hands
    hands.press("N")
    hands.press("C")
    assert hands.cuts[0] == 10
    assert _seam_words(hands, 10) == "Cut  ✓"
    hands.press("Ctrl+Z")
    hands.press("N")
    hands.sees(75)
    hands.press("Up")
    hands.sees(50)
    hands.press("Shift+N", times=2)
    hands.sees(10)
    hands.press("Delete")
    assert 10 not in hands.cuts
    assert _said(hands).startswith("Reviewed 1 of 23")
    hands.click_timeline(10)
    assert "Perhaps" not in _said(hands)


def test_a_few_rejections_take_the_other_flashes_along(open_hands: Hands) -> None:
    hands = open_hands
    hands.delete_at(75, 125, 175, 225)
    hands.wait(lambda: "dropped" in _said(hands))
    assert [cut for cut in hands.cuts if cut % 50 == 25] == []
    assert [cut for cut in hands.cuts if cut % 50 == 0] == list(range(50, 600, 50))
    assert _said(hands) == "Reviewed 4 of 16, 12 left   ·   6 proposals dropped after your corrections"
    hands.sees(225)
    hands.press("Ctrl+Z", times=4)
    assert [cut for cut in hands.cuts if cut % 50 == 25] == [75, 125, 175, 225]
    hands.wait(lambda: hands.cuts == _CUTS)
    assert _said(hands).endswith("6 proposals added after your corrections")


def test_what_was_confirmed_stays_and_what_is_looked_at_waits(open_hands: Hands) -> None:
    hands = open_hands
    hands.window.go_to(525)
    hands.press("C")
    hands.delete_at(75, 125, 175, 225, 275, 325)
    hands.window.go_to(475)
    hands.press("Up")
    hands.press("Down")
    assert hands.window.timeline.selected_id == "a-474-475"
    hands.wait(lambda: "dropped" in _said(hands))
    flashes = [cut for cut in hands.cuts if cut % 50 == 25]
    assert flashes == [475, 525]
    assert hands.window.timeline.selected_id == "a-474-475"
    hands.sees(475)
    hands.press("Down")
    assert [cut for cut in hands.cuts if cut % 50 == 25] == [525]
    hands.sees(500)


def test_it_can_be_switched_off_and_stays_so(
    open_hands: Hands, long_film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    hands = open_hands
    hands.delete_at(75, 125, 175, 225)
    hands.wait(lambda: 275 not in hands.cuts)
    hands.menu("Seams", "Learn from my corrections")
    hands.wait(lambda: 275 in hands.cuts)
    assert 75 not in hands.cuts
    again = reopened(hands, long_film)
    assert 275 in again.cuts
    again.menu("Seams", "Learn from my corrections")
    again.wait(lambda: 275 not in again.cuts)
    assert 250 in again.cuts


def test_what_was_learned_is_there_again_after_a_restart_without_a_word(
    open_hands: Hands, long_film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    hands = open_hands
    hands.delete_at(75, 125, 175, 225)
    hands.wait(lambda: 275 not in hands.cuts)
    again = reopened(hands, long_film)
    again.wait(lambda: 275 not in again.cuts)
    assert _said(again) == "Reviewed 4 of 16, 12 left"


def test_when_all_is_sure_it_says_so(open_hands: Hands) -> None:
    hands = open_hands
    hands.press("N")
    hands.press("Delete")
    for _ in range(30):
        hands.press("N")
        if "sure" in _said(hands):
            break
        hands.press("C")
    assert "Nothing doubtful is left: the other " in _said(hands)
    for _ in range(len(_CUTS)):
        hands.press("Down")
        hands.press("C")
    for _ in range(len(_CUTS)):
        hands.press("Up")
        hands.press("C")
    hands.press("N")
    assert _said(hands).endswith("All seams are reviewed")


def test_decisions_made_while_the_analysis_runs_count_in_what_it_finds_next(
    hands: Hands, long_film: FilmSpec, network: CheapNetwork
) -> None:
    network.delay_s = 0.5
    hands.open(long_film, analysed=False)
    hands.wait(lambda: 175 in hands.cuts)
    hands.delete_at(75, 125, 175)
    assert hands.window.analysis.is_running
    network.delay_s = 0
    hands.wait(lambda: not hands.window.analysis.is_running)
    hands.wait(lambda: not [cut for cut in hands.cuts if cut % 50 == 25])
    assert [cut for cut in hands.cuts if cut % 50 == 0] == list(range(50, 600, 50))
