"""The audition in the window: what is said of a pair, wherever it is listed and wherever the keys are pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from audition_hands import audition, keep_and_come_back, press, put_quick_hands, said, show_list
from paper_match import PaperEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seamline.project.match_cuts import Verdict
from seamline_widgets.match_layout import MatchButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_quick_hands(monkeypatch)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "auditioned.mp4", frames=125, cuts=(30, 60, 90))


def test_what_is_said_counts_when_the_pair_leaves_its_list_too(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    panel = hands.window.matching.panel
    press(hands, "K")
    press(hands, "Esc")
    show_list(hands, "kept")
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert view.item is not None
    for verdicts in ([], [("29-60", Verdict.KEPT)], []):
        press(hands, "K")  # takes back, keeps again, takes back
        assert said(hands) == verdicts
        assert view.bar.button("keep").isChecked() is bool(verdicts)
    press(hands, "Shift+J")
    hands.wait(lambda: view.cut_frames == (28, 60) and view.item is not None)
    hands.wait(lambda: not hands.window.matching.auditioning._settling.isActive())
    assert said(hands) == []  # it was not kept again
    press(hands, "K")
    assert said(hands) == [("28-60", Verdict.KEPT)]
    assert panel.current == view.item


def test_what_is_kept_out_of_the_list_of_the_rejected_can_be_rejected_again(
    hands: Hands, film: FilmSpec
) -> None:
    view = audition(hands, film)
    panel = hands.window.matching.panel
    press(hands, "X")
    press(hands, "X")
    press(hands, "Esc")
    show_list(hands, "rejected")
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    press(hands, "K")
    assert [verdict for _, verdict in said(hands)] == [Verdict.KEPT, Verdict.REJECTED]
    assert view.item is not None
    assert view.item.title == "Shot 1 → Shot 4"  # and on
    for verdicts in ([Verdict.KEPT], [Verdict.KEPT, Verdict.REJECTED]):
        press(hands, "X")  # takes back, and stays; rejects again, and there is none to go on to
        assert [verdict for _, verdict in said(hands)] == verdicts
        assert view.item.title == "Shot 1 → Shot 4"
    assert view.bar.facts.told == "That was the last one"


@pytest.mark.parametrize(("key", "verdict"), [("K", Verdict.KEPT), ("X", Verdict.REJECTED)])
def test_keeping_and_rejecting_go_on_to_the_next_undecided_pair(
    hands: Hands, film: FilmSpec, key: str, verdict: Verdict
) -> None:
    view = audition(hands, film)
    show_list(hands, "all")
    view.setFocus()
    items = hands.window.matching.panel.list.items
    press(hands, "Down")
    press(hands, key)
    press(hands, "Up")
    press(hands, "Up")
    assert view.item is not None
    assert view.item.key == items[0].key
    press(hands, key)
    assert view.item.key == items[2].key  # over the one that is decided
    assert [of for _, of in said(hands)] == [verdict, verdict]


@pytest.mark.parametrize("key", ["K", "X"])
def test_after_the_last_pair_it_stays_there_and_says_so(hands: Hands, film: FilmSpec, key: str) -> None:
    view = audition(hands, film)
    panel = hands.window.matching.panel
    last = panel.list.items[-1]
    count = len(panel.list.items)
    for _ in range(count - 2):
        press(hands, "Down")
    press(hands, key)
    assert view.item is not None
    assert view.item.key == last.key
    press(hands, key)
    assert view.isVisible()
    assert view.item.key == last.key
    assert view.bar.facts.told == f"That was the last one; {count - 2} before it are undecided"
    press(hands, key)  # the same key takes it back: none of the film's
    assert len(said(hands)) == 1
    assert hands.window._transporting.marks.in_frame is None
    press(hands, "Down")
    assert view.bar.facts.told == "This is the last pair"


def test_rejecting_goes_on_where_all_stay_listed_and_taking_back_does_not(
    hands: Hands, film: FilmSpec
) -> None:
    view = audition(hands, film)
    show_list(hands, "all")
    view.setFocus()
    press(hands, "X")
    assert view.item is not None
    assert view.item.title == "Shot 1 → Shot 4"
    press(hands, "Up")
    press(hands, "X")
    assert view.item.title == "Shot 1 → Shot 3"
    assert said(hands) == []


def test_its_keys_are_its_own_while_the_list_has_the_focus(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    panel = hands.window.matching.panel
    hands.wait(lambda: view.player.has_pictures)
    for view_of_lists in (panel.list, hands.window.shots.table):
        hands.window._views.side.setCurrentWidget(
            panel if view_of_lists is panel.list else hands.window.shots
        )
        view_of_lists.setFocus()
        assert QApplication.focusWidget() is view_of_lists
        before = view.cut_frames
        assert before is not None
        press(hands, "Shift+J")
        assert view.cut_frames == (before[0] - 1, before[1])
        press(hands, "Space")
        assert not view.is_playing
        press(hands, "D")
        assert view.mode == "difference"
        press(hands, "Space")
        assert view.is_playing
    panel.list.setFocus()
    hands.window._views.side.setCurrentWidget(panel)
    panel.list.setFocus()
    press(hands, "X")
    assert said(hands) == [("27-60", Verdict.REJECTED)]
    assert view.item is not None
    assert view.item.title == "Shot 1 → Shot 4"
    press(hands, "Down")
    assert view.item.title == "Shot 2 → Shot 1"
    press(hands, "N")
    assert view.note.isVisible()
    QTest.keyClicks(QApplication.focusWidget(), "k x")
    press(hands, "Return")
    assert view.item.judged.note == "k x"
    panel.list.setFocus()
    press(hands, "Esc")
    assert hands.window.picture.isVisible()
    panel.list.setFocus()
    press(hands, "X")  # the list's own again
    assert len(said(hands)) == 2


def test_the_lists_button_rejects_what_is_played_and_goes_on(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    panel = hands.window.matching.panel
    hands.window.matching.auditioning._settling.setInterval(60_000)
    press(hands, "Shift+J")
    at = panel.list.layout_of(0).button(MatchButton.REJECT).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert said(hands) == [("28-60", Verdict.REJECTED)]
    assert view.item is not None
    assert view.item.title == "Shot 1 → Shot 4"


def test_what_was_proposed_stays_so_for_a_pair_from_before(
    hands: Hands, film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    audition(hands, film)
    keep_and_come_back(hands)
    press(hands, "Shift+J")
    again = reopened(hands, film)
    panel = again.window.matching.panel
    again.window._views.side.setCurrentWidget(panel)
    view = again.window.matching.auditioning.view
    for _ in range(2):  # the second time, the same
        panel.take_keys()
        QTest.keyClick(panel.list, Qt.Key.Key_Home)
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
        assert view.cut_frames == (28, 60)
        press(again, "Shift+J")
        again.wait(lambda: said(again) == [("27-60", Verdict.KEPT)])
        assert view.player.cut is not None
        assert view.player.cut.trims == (-1, 0)
        press(again, "Esc")
        panel.take_keys()
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
        press(again, "R")
        again.wait(lambda: said(again) == [("28-60", Verdict.KEPT)])
        press(again, "Esc")
    panel.take_keys()
    press(again, "Return")
    press(again, "K")  # the list is empty, and there was no search: nothing but the hint
    assert said(again) == []
    press(again, "K")
    assert said(again) == [("28-60", Verdict.KEPT)]
    assert panel.current == view.item
