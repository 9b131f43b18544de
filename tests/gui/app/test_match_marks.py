"""Which of the film's own seams are match cuts: marked, told in words, and gone through by keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from paper_match import PaperEdges, PaperEngine, put_match_engine
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from seamline.project.footage import ShotFootage
from seamline.project.match_cuts import MatchKind, MatchPair, MatchSide
from seamline.project.types import Seam, SeamKind
from seamline_app import match_marks
from seamline_app.jobs import match_search
from seamline_app.jobs.footage_job import Grouped

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands


@pytest.fixture
def matching_cuts() -> set[int]:
    """The cuts of the film that are match cuts."""
    return {30, 90}


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch, matching_cuts: set[int]) -> PaperEngine:
    engine = put_match_engine(monkeypatch.setattr)

    def cuts(
        edges: PaperEdges, seams: Sequence[Seam], *, footage: Sequence[ShotFootage] = (), **_: Any
    ) -> tuple[tuple[Seam, MatchPair], ...]:
        assert engine.gate.wait(10)
        within = {of.start_frame for of in footage}  # all of one set-up
        return tuple(
            (seam, pair(edges.fingerprint, seam))
            for seam in seams
            if seam.cut_frame in matching_cuts and seam.cut_frame not in within
        )

    monkeypatch.setattr(match_search, "matching_cuts", cuts)
    return engine


def pair(fingerprint: str, seam: Seam) -> MatchPair:
    sides = (
        MatchSide(fingerprint, 0, seam.out_frame + 1, seam.out_frame),
        MatchSide(fingerprint, seam.in_frame, 125, seam.in_frame),
    )
    return MatchPair(*sides, MatchKind.MOTION, 0.7, 0.2, 0.7, 0.5, "Pan left at one speed")


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "marked.mp4", frames=125, cuts=(30, 60, 90))


@pytest.fixture(scope="module")
def other(films: FilmShelf) -> FilmSpec:
    return films.make_film(films.folder / "not marked.mp4", frames=80, cuts=(35,))


TIP = "Match cut: motion match, score .70\nPan left at one speed"
SENTENCE = "Match cut: motion match, score .70. Pan left at one speed."


def marked(hands: Hands) -> list[int]:
    return [mark.frame for mark in hands.window.timeline._matches.marks]


def test_they_are_marked_and_follow_the_seams(hands: Hands, film: FilmSpec, other: FilmSpec) -> None:
    hands.open(film)
    hands.press("Shift+M")
    hands.wait(lambda: marked(hands) == [30, 90])
    assert hands.message == (
        "2 of the 3 cuts are match cuts. Alt+Down and Alt+Up go from one to the next; its sign below the seam's flag "
        "says why."
    )
    timeline = hands.window.timeline
    for frame in (30, 90):
        x = round(timeline.x_of(frame))
        assert TIP in {timeline.tip_at(QPoint(x, y)) for y in range(timeline.height())}
    hands.delete_at(30)
    hands.wait(lambda: marked(hands) == [90])
    hands.press("Shift+M")
    assert not marked(hands)
    hands.press("Shift+M")
    hands.wait(lambda: marked(hands) == [90])
    hands.open(other)
    assert not marked(hands)
    assert not hands.window.actions_by_id["mark_match_cuts"].isChecked()


def test_the_keys_go_round_them_and_say_what_each_is(
    hands: Hands, film: FilmSpec, engine: PaperEngine
) -> None:
    hands.open(film)
    hands.press("Alt+Down")  # they are looked for, as nobody has yet
    hands.sees(30)
    assert hands.window.actions_by_id["mark_match_cuts"].isChecked()
    assert hands.message == f"1 of 2: {SENTENCE}"
    hands.press("Alt+Down")
    hands.sees(90)
    assert hands.message == f"2 of 2: {SENTENCE}"
    hands.press("Alt+Down")  # beyond the last comes the first
    hands.sees(30)
    hands.press("Alt+Up")
    hands.sees(90)
    hands.window.go_to(60)
    hands.sees(60)
    hands.press("Alt+Up")
    hands.sees(30)
    assert len(engine.shots) == 1
    # a seam that is deleted is none to go to
    hands.delete_at(30)
    hands.wait(lambda: marked(hands) == [90])
    hands.press("Alt+Up")
    hands.sees(90)
    assert hands.message == f"1 of 1: {SENTENCE}"


def go_elsewhere(hands: Hands) -> None:
    hands.window.go_to(45)
    hands.sees(45)


def add_a_label(hands: Hands) -> None:
    hands.press("3")


@pytest.mark.parametrize("go_on", [go_elsewhere, add_a_label])
def test_who_has_gone_on_meanwhile_is_told_and_left_there(
    hands: Hands, film: FilmSpec, engine: PaperEngine, go_on: Callable[[Hands], None]
) -> None:
    hands.open(film)
    engine.gate.clear()
    hands.press("Alt+Down")
    go_on(hands)
    at = hands.window.shown_frame
    engine.gate.set()
    hands.wait(lambda: marked(hands) == [30, 90])
    assert hands.message.startswith("2 of the 3 cuts are match cuts.")
    assert hands.window.shown_frame == at
    hands.press("Alt+Down")
    hands.sees(30 if at < 30 else 90)


def test_an_audition_begun_meanwhile_goes_on(hands: Hands, film: FilmSpec, engine: PaperEngine) -> None:
    hands.open(film)
    hands.press("Ctrl+Shift+M")
    panel = hands.window.matching.panel
    QTest.mouseClick(panel.head.find_button, Qt.MouseButton.LeftButton)
    hands.wait(lambda: bool(panel.list.items) and not hands.window.matching.seeking.job.is_finding)
    panel.take_keys()
    engine.gate.clear()
    hands.press("Alt+Down")
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    auditioned = hands.window.matching.auditioning.item
    assert auditioned is not None
    engine.gate.set()
    hands.wait(lambda: marked(hands) == [30, 90])
    assert hands.window.matching.auditioning.item == auditioned


def test_what_changes_while_seams_are_looked_at_anew_is_not_told_of_before(
    hands: Hands, film: FilmSpec, engine: PaperEngine, matching_cuts: set[int]
) -> None:
    hands.open(film)
    hands.press("Shift+M")
    hands.wait(lambda: marked(hands) == [30, 90])
    engine.gate.clear()
    matching_cuts.add(100)
    hands.delete_at(90)
    hands.add_cut(100)
    hands.window.go_to(40)
    hands.sees(40)
    assert marked(hands) == [30]
    hands.window.messages.clear()
    hands.press("Alt+Down")
    assert not hands.message
    hands.sees(40)
    engine.gate.set()
    hands.sees(100)
    assert hands.message == f"2 of 2: {SENTENCE}"
    assert marked(hands) == [30, 100]


def test_marks_follow_what_is_known_of_set_ups(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.press("Shift+M")
    hands.wait(lambda: marked(hands) == [30, 90])
    document = hands.window.document
    assert document is not None
    footage = tuple(ShotFootage(start, end, 1, 1, confidence=0.9) for start, end in [(30, 60), (60, 90)])
    hands.window.footage.job.grouped.emit(Grouped(document.film.fingerprint, footage))
    hands.wait(lambda: marked(hands) == [90])


def test_set_ups_come_first_where_they_are_looked_for(
    hands: Hands, film: FilmSpec, engine: PaperEngine
) -> None:
    hands.open(film)
    grouping = hands.window.footage.job
    grouping._waiting.start(60_000)
    hands.press("Alt+Down")
    assert hands.message == match_marks.GROUPING
    hands.pause(50)
    assert not engine.shots
    hands.window.messages.clear()
    hands.press("Alt+Down")
    assert hands.message == match_marks.GROUPING
    grouping._waiting.stop()
    hands.sees(30)
    assert hands.message == f"1 of 2: {SENTENCE}"


def test_both_ways_stand_in_the_menu(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.menu("Go", "Previous match cut")
    hands.sees(90)
    hands.menu("Go", "Next match cut")
    hands.sees(30)


def test_where_there_is_none_that_is_said_and_the_playhead_stays(
    hands: Hands, film: FilmSpec, matching_cuts: set[int]
) -> None:
    matching_cuts.clear()
    hands.open(film)
    hands.window.go_to(40)
    hands.sees(40)
    hands.press("Alt+Down")
    hands.wait(lambda: hands.message == "None of the 3 cuts is a match cut.")
    hands.window.messages.clear()
    hands.press("Alt+Up")
    assert hands.message == "None of the 3 cuts is a match cut."
    hands.sees(40)


@pytest.mark.parametrize(
    ("matches", "kinds", "said"),
    [
        (0, "", "The film has no cut that could be a match cut."),
        (0, "D", "The film has no cut that could be a match cut."),
        (1, "CD", "The film's one cut is a match cut."),
        (0, "C", "The film's one cut is no match cut."),
        (1, "CCD", "1 of the 2 cuts is a match cut."),
    ],
)
def test_cuts_are_counted_and_no_other_seams(matches: int, kinds: str, said: str) -> None:
    seams = [
        Seam(10 * at, 10 * at + (1 if kind == "C" else 5), SeamKind.CUT if kind == "C" else SeamKind.DISSOLVE)
        for at, kind in enumerate(kinds, 1)
    ]
    assert match_marks._counted(matches, seams) == said


def test_the_review_of_a_seam_says_that_it_is_one(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    sign = hands.window._views.review.facts.match
    hands.press("Alt+Down")
    hands.sees(30)
    hands.wait(lambda: sign.toolTip() == TIP)
    assert sign.isVisible()
    assert not sign.pixmap().isNull()
    assert sign.accessibleDescription() == TIP
    hands.press("Down")  # the seam at 60 is none
    hands.sees(60)
    hands.wait(lambda: not sign.toolTip())
    assert not sign.isVisible()
    hands.press("Up")
    hands.wait(lambda: sign.toolTip() == TIP)
    hands.press("Shift+M")
    assert not sign.toolTip()


def test_a_film_under_analysis_says_so(hands: Hands, film: FilmSpec, network: Any) -> None:
    network.delay_s = 30
    hands.open(film, analysed=False)
    hands.press("Alt+Down")
    assert hands.message == match_marks.NOT_YET
    assert not hands.window.actions_by_id["mark_match_cuts"].isChecked()
    hands.press("Ctrl+.")
    hands.wait(lambda: not hands.window.analysis.is_running)


def test_while_a_pair_is_auditioned_the_hidden_film_stays_where_it_is(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.press("Ctrl+Shift+M")
    panel = hands.window.matching.panel
    QTest.mouseClick(panel.head.find_button, Qt.MouseButton.LeftButton)
    hands.wait(lambda: bool(panel.list.items) and not hands.window.matching.seeking.job.is_finding)
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    actions = hands.window.actions_by_id
    assert hands.window.matching.auditioning.item is not None
    assert not actions["next_match_cut"].isEnabled()
    hands.press("Alt+Down")
    assert not actions["mark_match_cuts"].isChecked()
    hands.press("Esc")
    hands.wait(lambda: hands.window.matching.auditioning.item is None)
    assert actions["next_match_cut"].isEnabled()
