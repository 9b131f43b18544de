"""Match cuts in the window: looked for, listed, kept and rejected."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from audition_hands import choose_other, show_list
from paper_match import PaperEngine, put_match_engine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from seamline.errors import ModelError, ProjectError
from seamline.project.match_cuts import Verdict
from seamline_app import match_seeking, matching
from seamline_widgets.match_panel import EMPTY_HINT, MatchPanel
from seamline_widgets.match_scope import MatchScope, MatchStart

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

    from seamline_widgets.match_items import MatchItem

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_match_engine(monkeypatch.setattr)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "matched.mp4", frames=125, cuts=(30, 60, 90))


@pytest.fixture(scope="module")
def other(films: FilmShelf) -> FilmSpec:
    return films.make_film(films.folder / "another one.mp4", frames=80, cuts=(35,))


def panel_of(hands: Hands) -> MatchPanel:
    return hands.window.matching.panel


def titles(hands: Hands) -> list[str]:
    return [item.title for item in panel_of(hands).list.items]


def verdicts(hands: Hands) -> list[Verdict]:
    return [item.judged.verdict for item in panel_of(hands).list.items]


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def rest(hands: Hands) -> None:
    hands.wait(lambda: not hands.window.matching.seeking.job.is_finding)


def searched(hands: Hands, film: FilmSpec) -> MatchPanel:
    """The film open, and its pairs listed, by keys alone."""
    hands.open(film)
    hands.press("Ctrl+Shift+M")
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    hands.wait(lambda: bool(titles(hands)))
    rest(hands)
    panel = panel_of(hands)
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    return panel


def test_pairs_are_looked_for_when_asked_and_not_before(
    hands: Hands, film: FilmSpec, engine: PaperEngine
) -> None:
    panel = panel_of(hands)
    assert panel.notice.text == matching.NO_FILM
    assert not panel.head.find_button.isEnabled()
    hands.open(film)
    hands.menu("View", "Match")
    assert panel.notice.text == EMPTY_HINT
    assert engine.shots == []
    assert panel.notice.button.isHidden()  # one button that says so is enough
    QTest.mouseClick(panel.head.find_button, LEFT)
    hands.wait(lambda: len(titles(hands)) == 9)
    assert titles(hands)[:2] == ["Shot 1 → Shot 3", "Shot 1 → Shot 4"]
    rest(hands)
    assert panel.head.find_button.text() == matching.AGAIN
    assert not panel.progress.isVisible()
    # going through the list shows the frames in the film
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    hands.sees(29)
    QTest.keyClick(panel.list, Qt.Key.Key_End)
    hands.sees(124)


def test_from_the_frame_shown(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.window.go_to(40)
    hands.press("Alt+Y")
    hands.wait(lambda: bool(titles(hands)))
    assert {item.pair.outgoing.frame for item in panel_of(hands).list.items} == {40}
    assert panel_of(hands).scope == MatchScope(MatchStart.OUT)
    rest(hands)
    hands.window.go_to(70)
    hands.press("Alt+Shift+Y")
    hands.wait(lambda: {item.pair.incoming.frame for item in panel_of(hands).list.items} == {70})


def test_a_film_under_analysis_says_so(hands: Hands, film: FilmSpec, network: Any) -> None:
    network.delay_s = 30
    hands.open(film, analysed=False)
    assert panel_of(hands).notice.text == match_seeking.NOT_YET
    hands.press("Ctrl+.")
    hands.wait(lambda: panel_of(hands).notice.text == matching.NOT_ANALYSED)
    hands.press("Alt+Y")
    assert not hands.window.matching.seeking.job.is_finding
    assert hands.message == match_seeking.NOT_YET


def test_looking_can_be_stopped_fail_and_find_nothing(
    hands: Hands, film: FilmSpec, other: FilmSpec, engine: PaperEngine
) -> None:
    hands.open(film)
    hands.press("Ctrl+Shift+M")
    panel = panel_of(hands)
    engine.gate.clear()
    QTest.mouseClick(panel.head.find_button, LEFT)
    hands.wait(lambda: "of 12" in panel.progress.text or "of 12" in hands.window.status.text)
    assert hands.window.status.text.startswith("Looking where shots of")
    assert panel.notice.text == matching.LOOKING
    QTest.mouseClick(panel.progress.stop_button, LEFT)
    assert panel.notice.text == match_seeking.STOPPED
    assert not hands.window.status.text.startswith("Looking")
    engine.gate.set()
    engine.error = ModelError("The network is damaged. Run the set-up again.")
    QTest.mouseClick(panel.notice.button, LEFT)  # try again
    hands.wait(lambda: panel.notice.text == "The network is damaged. Run the set-up again.")
    engine.error, engine.is_empty = None, True
    QTest.mouseClick(panel.notice.button, LEFT)
    hands.wait(lambda: panel.notice.text == matching.NOTHING)
    # another film drops what is under way
    rest(hands)
    engine.gate.clear()
    engine.is_empty = False
    hands.delete_at(60)
    looks = len(engine.shots)
    QTest.mouseClick(panel.head.find_button, LEFT)
    hands.wait(lambda: len(engine.shots) > looks)
    hands.open(other)
    assert not hands.window.matching.seeking.job.is_finding
    engine.gate.set()
    assert panel.notice.text == EMPTY_HINT
    assert panel.head.find_button.text() == matching.FIND
    assert not panel.progress.isVisible()


def test_what_is_said_is_stored_at_once_and_taken_back_by_the_same_key(
    hands: Hands,
    film: FilmSpec,
    reopened: Callable[[Hands, FilmSpec], Hands],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = searched(hands, film)
    document = hands.window.document
    assert document is not None
    assert not panel.export_button.isEnabled()
    show_list(hands, "all")
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    assert verdicts(hands)[0] is Verdict.KEPT
    assert panel.export_button.isEnabled()
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    assert verdicts(hands)[0] is Verdict.OPEN
    assert not document.project.matches.judged
    show_list(hands, "open")
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    QTest.keyClick(panel.list, Qt.Key.Key_X)
    assert len(titles(hands)) == 7  # what is decided is in other lists
    assert panel.current is not None
    assert panel.current.title == "Shot 2 → Shot 1"  # what has moved up to its place
    QTest.keyClick(panel.list, Qt.Key.Key_N)
    editor = focused()
    QTest.keyClicks(editor, "the door")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    hands.wait(lambda: [judged.note for judged in document.project.matches.judged] == ["", "", "the door"])

    def refuse(_: object) -> None:
        raise ProjectError("The disk is full: make room.")

    monkeypatch.setattr(document._journal, "do", refuse)
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_End)
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    assert hands.message == "The disk is full: make room."
    assert verdicts(hands)[-1] is Verdict.OPEN  # what is shown is what is stored
    again = reopened(hands, film)
    assert panel_of(again).shown == "kept"
    assert titles(again) == ["Shot 1 → Shot 3"]  # before any search
    assert verdicts(again) == [Verdict.KEPT]
    panel_of(again).head.shown_box.setCurrentIndex(3)
    assert verdicts(again) == [Verdict.KEPT, Verdict.REJECTED, Verdict.OPEN]


def test_the_list_says_how_many_there_are_and_how_many_of_them_are_kept(hands: Hands, film: FilmSpec) -> None:
    panel = searched(hands, film)

    def summary() -> str:
        return panel._summary.toolTip()

    assert summary() == "9 pairs, best first"
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    assert summary() == "8 pairs, best first; 1 kept"
    QTest.mouseClick(panel.head.kind_buttons["motion"], LEFT)
    assert summary() == "4 of 8 pairs, best first"  # the kept one is of the other kind
    QTest.mouseClick(panel.head.kind_buttons["all"], LEFT)
    panel.head.shown_box.setCurrentIndex(1)
    assert summary() == "1 pair"
    panel.head.shown_box.setCurrentIndex(2)
    assert summary() == "0 pairs"


def test_a_seam_that_moved_makes_the_list_out_of_date_and_nothing_more(
    hands: Hands, film: FilmSpec, engine: PaperEngine
) -> None:
    panel = searched(hands, film)
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    hands.delete_at(60)
    assert panel._summary.toolTip().startswith("The seams have changed since")
    assert len(engine.shots) == 1
    assert len(titles(hands)) == 8
    show_list(hands, "all")
    assert titles(hands)[0] == "Shot 1 → A former shot"
    QTest.mouseClick(panel.head.find_button, LEFT)
    hands.wait(lambda: len(engine.shots) == 2)
    hands.wait(lambda: titles(hands)[0] == "Shot 1 → Shot 3")
    assert titles(hands)[-1] == "Shot 1 → A former shot"  # what is kept stays listed
    assert not panel._summary.toolTip().startswith("The seams")


def test_with_another_film_both_ways_and_kept_beyond_the_session(
    hands: Hands,
    film: FilmSpec,
    other: FilmSpec,
    monkeypatch: pytest.MonkeyPatch,
    reopened: Callable[[Hands, FilmSpec], Hands],
) -> None:
    hands.open(film)
    hands.menu("View", "Match")
    panel = panel_of(hands)
    monkeypatch.setattr(match_seeking, "ask_for_other_film", lambda *_: None)
    choose_other(panel)
    assert panel.scope == MatchScope()  # given up
    monkeypatch.setattr(match_seeking, "ask_for_other_film", lambda *_: other.path)
    choose_other(panel)
    hands.wait(lambda: len(titles(hands)) == 16)
    assert panel.head.scope_button.text() == "With another one.mp4"
    assert titles(hands)[0] == "Shot 1 → another one.mp4, shot 1"
    assert "another one.mp4, shot 1 → Shot 1" in titles(hands)
    rest(hands)
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    key = panel.list.items[0].picture_keys[1]
    hands.wait(lambda: panel.list.picture(key) is not None)
    again = reopened(hands, film)
    again.wait(lambda: titles(again) == ["Shot 1 → another one.mp4, shot 1"])


def test_from_a_frame_into_the_other_film(
    hands: Hands, film: FilmSpec, other: FilmSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sides(item: MatchItem) -> tuple[bool, bool]:
        """Which of the two is of the film that is open."""
        assert hands.window.document is not None
        own = hands.window.document.film.fingerprint
        out, into = item.pair.fingerprints
        return out == own, into == own

    hands.open(film)
    panel = panel_of(hands)
    hands.window.go_to(40)
    hands.press("Alt+Y")
    hands.wait(lambda: {sides(item) for item in panel.list.items} == {(True, True)})
    rest(hands)
    monkeypatch.setattr(match_seeking, "ask_for_other_film", lambda *_: other.path)
    choose_other(panel)  # the same, in another film
    hands.wait(lambda: {sides(item) for item in panel.list.items} == {(True, False)})
    assert {item.pair.outgoing.frame for item in panel.list.items} == {40}
    assert len(panel.list.items) == 2
    assert panel.head.scope_button.toolTip().startswith(
        "This frame → another one.mp4\nWhat of the other film"
    )
    rest(hands)
    hands.window.go_to(70)
    hands.press("Alt+Shift+Y")  # the film that was chosen stays
    hands.wait(lambda: {sides(item) for item in panel.list.items} == {(False, True)})
    assert {item.pair.incoming.frame for item in panel.list.items} == {70}
    assert panel.head.scope_button.toolTip().startswith("another one.mp4 → this frame")
    rest(hands)
    menu = panel.head.scope_button.menu()
    texts = [action.text() for action in menu.actions() if action.isVisible()]
    assert texts[-3:] == ["Within this film", "With another one.mp4", "With another film…"]
    menu.actions()[0].trigger()  # all shots
    hands.wait(lambda: len(panel.list.items) == 16)
    rest(hands)
    menu.actions()[-3].trigger()
    hands.wait(lambda: len(panel.list.items) == 9)
    rest(hands)
    monkeypatch.setattr(match_seeking, "ask_for_other_film", lambda *_: pytest.fail("it is known"))
    menu.actions()[-2].trigger()
    hands.wait(lambda: len(panel.list.items) == 16)
    rest(hands)
    hands.open(other)
    assert panel.scope == MatchScope()
    assert not menu.actions()[-2].isVisible()
