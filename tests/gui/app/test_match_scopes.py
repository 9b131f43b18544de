"""What the panel “Match” lists: what is undecided, of the kind and the search that were chosen, by set-ups as they are
now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from audition_hands import audition, choose_other, press, put_quick_hands, show_list
from paper_match import PaperEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seamline.project.footage import ShotFootage
from seamline.project.match_cuts import MatchKind, Verdict
from seamline_app import match_seeking, matching
from seamline_app.jobs import footage_job
from seamline_app.jobs.film_job import FilmJob

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

    from seamline_widgets.match_panel import MatchPanel

LEFT = Qt.MouseButton.LeftButton
_GROUP = footage_job.FootageJob.ask


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_quick_hands(monkeypatch)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "scoped.mp4", frames=125, cuts=(30, 60, 90))


@pytest.fixture(scope="module")
def other(films: FilmShelf) -> FilmSpec:
    return films.make_film(films.folder / "scoped there.mp4", frames=80, cuts=(35,))


def titles(hands: Hands) -> list[str]:
    return [item.title for item in hands.window.matching.panel.list.items]


def summary(hands: Hands) -> str:
    return str(hands.window.matching.panel._summary.toolTip())


def searched(hands: Hands, film: FilmSpec) -> MatchPanel:
    hands.open(film)
    hands.press("Ctrl+Shift+M")
    press(hands, "Return")
    panel = hands.window.matching.panel
    hands.wait(lambda: bool(panel.list.items) and not hands.window.matching.seeking.is_finding)
    return panel


def test_a_kind_shows_a_part_of_what_was_found_with_the_same_scores(
    hands: Hands, film: FilmSpec, engine: PaperEngine
) -> None:
    panel = searched(hands, film)
    all_of_them = {item.key: item.score_text for item in panel.list.items}
    shown: dict[str, list[str]] = {}
    for kind in ("frame", "motion"):
        QTest.mouseClick(panel.head.kind_buttons[kind], LEFT)
        assert {item.pair.kind for item in panel.list.items} == {MatchKind(kind)}
        assert all(all_of_them[item.key] == item.score_text for item in panel.list.items)
        scores = [item.pair.score_01 for item in panel.list.items]
        assert scores == sorted(scores, reverse=True)
        shown[kind] = titles(hands)
    assert len(shown["frame"]) + len(shown["motion"]) == len(all_of_them)
    assert summary(hands) == "4 of 9 pairs, best first"
    assert len(engine.footage) == 1  # nothing was looked for again


def test_a_kind_of_which_nothing_was_found_says_so(hands: Hands, film: FilmSpec) -> None:
    panel = searched(hands, film)
    QTest.mouseClick(panel.head.kind_buttons["motion"], LEFT)
    matched = hands.window.matching.seeking.matched
    assert matched is not None
    of_frame = tuple(pair for pair in matched.pairs if pair.kind is MatchKind.FRAME)
    object.__setattr__(matched, "pairs", of_frame)
    hands.window.matching._take()
    assert panel.notice.text == matching.NOTHING_OF_KIND


def test_what_is_kept_is_no_more_to_be_decided(hands: Hands, film: FilmSpec) -> None:
    panel = searched(hands, film)
    first, second = titles(hands)[:2]
    press(hands, "K")
    assert titles(hands)[0] == second
    assert panel.current is not None
    assert panel.current.title == second
    show_list(hands, "kept")
    assert titles(hands) == [first]
    show_list(hands, "all")
    assert titles(hands)[0] == first


def test_a_list_is_of_what_was_looked_for_and_nothing_else(
    hands: Hands, film: FilmSpec, other: FilmSpec, engine: PaperEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = searched(hands, film)
    press(hands, "K")
    press(hands, "N")
    QTest.keyClicks(QApplication.focusWidget(), "the door")
    press(hands, "Return")
    within = set(titles(hands))
    monkeypatch.setattr(match_seeking, "ask_for_other_film", lambda *_: other.path)
    engine.gate.clear()
    choose_other(panel)
    assert titles(hands) == []  # what was found within the film is not what that other film goes with
    assert panel.notice.text == matching.LOOKING
    engine.gate.set()
    hands.wait(lambda: bool(titles(hands)) and not hands.window.matching.seeking.is_finding)
    for shown in ("open", "all"):
        show_list(hands, shown)
        assert len(titles(hands)) == 16
        assert not within & set(titles(hands))
    assert summary(hands) == "16 pairs, best first"
    show_list(hands, "kept")
    assert titles(hands) == ["Shot 1 → Shot 3"]
    assert summary(hands) == "1 pair, of all searches"
    show_list(hands, "open")
    hands.window.go_to(40)
    hands.press("Alt+Y")
    hands.wait(lambda: bool(titles(hands)) and not hands.window.matching.seeking.is_finding)
    assert {item.pair.outgoing.frame for item in panel.list.items} == {40}


def test_what_is_stopped_elsewhere_leaves_no_list_of_another_place(
    hands: Hands, film: FilmSpec, engine: PaperEngine
) -> None:
    panel = searched(hands, film)
    engine.gate.clear()
    hands.add_cut(100)
    hands.window.go_to(40)
    looks = len(engine.shots)
    hands.press("Alt+Y")
    hands.wait(lambda: len(engine.shots) > looks)
    QTest.mouseClick(panel.progress.stop_button, LEFT)
    assert titles(hands) == []
    assert panel.notice.text == match_seeking.STOPPED
    engine.gate.set()


class PaperGroups:
    """Says that all shots are of one set-up."""

    def __call__(self, film: object, shots: Any, *_: Any, **__: Any) -> tuple[ShotFootage, ...]:
        return tuple(ShotFootage(start, end, 1, 1, confidence=0.9) for start, end in shots)


@pytest.fixture
def grouped(monkeypatch: pytest.MonkeyPatch) -> Callable[[Hands], bool]:
    """Shots are grouped half a second after they have changed; whether they are so now."""
    monkeypatch.setattr(footage_job.FootageJob, "ask", _GROUP)
    monkeypatch.setattr(footage_job, "film_footage", PaperGroups())
    monkeypatch.setattr(FilmJob, "_ASKED_AFTER_MS", 500)

    def is_grouped(hands: Hands) -> bool:
        document = hands.window.document
        assert document is not None
        ranges = [shot.range for shot in document.project.shots]
        return [of.range for of in document.project.footage] == ranges

    return is_grouped


def test_pairs_are_ranked_by_the_set_ups_of_the_shots_as_they_are(
    hands: Hands, film: FilmSpec, engine: PaperEngine, grouped: Callable[[Hands], bool]
) -> None:
    panel = searched(hands, film)
    hands.delete_at(60)
    hands.wait(lambda: grouped(hands))
    hands.press("Ctrl+Z")
    assert not grouped(hands)
    QTest.mouseClick(panel.head.find_button, LEFT)
    said = panel.progress.text
    hands.wait(lambda: len(engine.footage) == 2 and not hands.window.matching.seeking.is_finding)
    assert engine.footage[-1] == [(0, 30), (30, 60), (60, 90), (90, 125)]
    assert said.startswith("Waiting until")
    assert not panel.progress.isVisible()


def test_waiting_for_set_ups_can_be_stopped_and_ends_with_them(
    hands: Hands, film: FilmSpec, engine: PaperEngine, grouped: Callable[[Hands], bool]
) -> None:
    panel = searched(hands, film)
    hands.delete_at(60)
    QTest.mouseClick(panel.head.find_button, LEFT)
    QTest.mouseClick(panel.progress.stop_button, LEFT)
    assert not hands.window.matching.seeking.is_finding
    hands.wait(lambda: grouped(hands))
    assert len(engine.footage) == 1
    # where shots are not grouped, pairs are found all the same
    hands.delete_at(30)
    QTest.mouseClick(panel.head.find_button, LEFT)
    hands.window.footage.job._is_declined = True
    hands.window.footage.job._waiting.stop()
    hands.window.footage.job.ended.emit()
    hands.wait(lambda: len(engine.footage) == 2)


def test_waiting_for_set_ups_is_said_when_marking_is_over(
    hands: Hands, film: FilmSpec, engine: PaperEngine, grouped: Callable[[Hands], bool]
) -> None:
    hands.open(film)
    hands.wait(lambda: grouped(hands))
    seeking = hands.window.matching.seeking
    engine.gate.clear()
    hands.press("Shift+M")
    hands.wait(lambda: bool(engine.shots))
    hands.window.footage.job._waiting.start(60_000)
    document = hands.window.document
    assert document is not None
    document.take_footage(())
    hands.press("Ctrl+Shift+M")
    panel = hands.window.matching.panel
    seeking.find()
    seeking.job.progressed.emit("Looking for match cuts among the seams", 2, 12)
    assert panel.progress.text.startswith("Looking for match cuts among")
    engine.gate.set()
    hands.wait(lambda: not seeking.job.is_marking)
    assert seeking.is_finding
    hands.wait(lambda: panel.progress.text.startswith(match_seeking.WAITING))
    QTest.mouseClick(panel.progress.stop_button, LEFT)
    assert not panel.progress.isVisible()


def test_what_is_done_again_in_the_audition_is_what_the_list_shows(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    panel = hands.window.matching.panel
    for key in ("X", "X", "Ctrl+Z", "Ctrl+Shift+Z"):
        press(hands, key)
        hands.pause(1)
        assert view.item is not None
        selected = [panel.list.items[index.row()].key for index in panel.list.selectedIndexes()]
        is_listed = view.item.key in [item.key for item in panel.list.items]
        assert selected == ([view.item.key] if is_listed else [])
    assert view.item is not None
    assert view.item.judged.verdict is Verdict.REJECTED


def test_the_menu_goes_to_frames_of_this_film_and_of_another(
    hands: Hands, film: FilmSpec, other: FilmSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(text: str) -> None:
        item = panel.list.items[0]
        next(action for action in panel.list.menu_for(item).actions() if action.text() == text).trigger()

    hands.open(film)
    panel = hands.window.matching.panel
    monkeypatch.setattr(match_seeking, "ask_for_other_film", lambda *_: other.path)
    choose_other(panel)
    hands.wait(lambda: len(titles(hands)) == 16)
    out, into = panel.list.items[0].pair.outgoing, panel.list.items[0].pair.incoming
    choose("Copy the timecodes")
    assert QApplication.clipboard().text() == panel.list.items[0].timecodes
    choose("Go to the outgoing frame")
    hands.sees(out.frame)
    assert QApplication.focusWidget() is hands.window.picture
    choose("Go to the incoming frame")
    hands.expect(other)
    hands.wait(lambda: hands.shows(other))
    hands.sees(into.frame)
