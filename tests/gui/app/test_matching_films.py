"""Match cuts where films come and go: what is said is of the film it was said of, and no film is lost for good."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from audition_hands import choose_other, show_list
from paper_match import PaperEngine, put_match_engine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from seamline.exchange.string_out_choice import PairOrder
from seamline.exchange.string_out_formats import STRING_OUT_FORMATS
from seamline.media.open_film import open_film
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.match_edits import judge_match
from seamline_app import match_export, match_seeking
from seamline_app.jobs import match_search
from seamline_app.jobs.match_export_job import StringOutChoice
from seamline_app.jobs.match_wishes import Marked, MarkWish
from seamline_app.match_list import MatchList
from seamline_widgets.match_panel import MatchPanel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_match_engine(monkeypatch.setattr)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "matched here.mp4", frames=125, cuts=(30, 60, 90))


@pytest.fixture(scope="module")
def other(films: FilmShelf) -> FilmSpec:
    return films.make_film(films.folder / "matched there.mp4", frames=80, cuts=(35,))


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def searched(hands: Hands, film: FilmSpec) -> MatchPanel:
    """The film open, its pairs listed, and the first of them selected."""
    hands.open(film)
    hands.press("Ctrl+Shift+M")
    panel = hands.window.matching.panel
    QTest.mouseClick(panel.head.find_button, LEFT)
    hands.wait(lambda: bool(panel.list.items) and not hands.window.matching.seeking.job.is_finding)
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    return panel


def _pair(fingerprint: str) -> MatchPair:
    sides = MatchSide(fingerprint, 0, 30, 29), MatchSide(fingerprint, 30, 60, 30)
    return MatchPair(*sides, MatchKind.MOTION, 0.7, 0.2, 0.7, 0.5, "Pan left")


def test_what_is_being_said_when_another_film_opens_is_of_the_film_it_was_said_of(
    hands: Hands, film: FilmSpec, other: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    panel = searched(hands, film)
    QTest.keyClick(panel.list, Qt.Key.Key_N)
    QTest.keyClicks(focused(), "the door")
    hands.open(other)
    assert panel.note.isHidden()
    QTest.mouseClick(panel.head.find_button, LEFT)
    assert hands.window.document is not None
    assert not hands.window.document.project.matches.judged
    hands.open(film)
    assert hands.window.document is not None
    (judged,) = hands.window.document.project.matches.judged
    assert judged.note == "the door"
    # so it is when the window closes
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    QTest.keyClick(panel.list, Qt.Key.Key_N)
    QTest.keyClicks(focused(), "the gate")
    again = reopened(hands, film)
    assert again.window.document is not None
    assert [judged.note for judged in again.window.document.project.matches.judged] == ["the gate"]


def test_what_is_slid_and_noted_in_the_audition_when_another_film_opens_is_kept(
    hands: Hands, film: FilmSpec, other: FilmSpec
) -> None:
    panel = searched(hands, film)
    show_list(hands, "all")
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    QApplication.processEvents()  # the audition has found its size
    QTest.keySequence(focused(), "Shift+J")
    QTest.keySequence(focused(), "N")
    QTest.keyClicks(focused(), "at dusk")
    assert hands.window.matching.auditioning.view.note.isVisible()
    hands.window.matching.auditioning._settling.start(60_000)  # the cut has not come to rest
    hands.open(other)
    hands.open(film)
    assert hands.window.document is not None
    (judged,) = hands.window.document.project.matches.judged
    assert (judged.pair.outgoing.frame, judged.note) == (28, "at dusk")


def test_only_pictures_that_the_list_asked_for_go_into_it(hands: Hands, film: FilmSpec) -> None:
    panel = searched(hands, film)
    key = panel.list.items[0].picture_keys[0]
    hands.wait(lambda: panel.list.picture(key) is not None)
    image = panel.list.picture(key)
    assert image is not None
    hands.window.thumbnails.ready.emit(77, image)
    assert panel.list.picture((key[0], 77)) is None


def test_marks_that_come_late_are_of_the_seams_that_are_there(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.press("Shift+M")
    hands.wait(lambda: [mark.frame for mark in hands.window.timeline._matches.marks] == [30])
    matching_ = hands.window.matching
    assert hands.window.document is not None
    project = hands.window.document.project
    hands.delete_at(60)
    hands.wait(lambda: not matching_.seeking.job.is_marking)
    pair = _pair(project.film.fingerprint)
    late = Marked(MarkWish(project), tuple((seam, pair) for seam in project.seams))
    matching_.seeking.job.marked.emit(late)
    assert [mark.frame for mark in hands.window.timeline._matches.marks] == [30, 90]


def test_a_kept_pair_beyond_another_films_end_keeps_no_other_from_being_exported(
    hands: Hands,
    film: FilmSpec,
    other: FilmSpec,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = searched(hands, film)
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    document, films = hands.window.document, hands.window.matching.seeking.films
    assert document is not None
    assert films is not None
    strange = open_film(other.path).fingerprint
    own = MatchSide(document.film.fingerprint, 0, 30, 29)
    beyond = JudgedPair(
        MatchPair(own, MatchSide(strange, 70, 900, 880), MatchKind.FRAME, 0.9, 0.9, 0.1, 0.5, "Paper"),
        Verdict.KEPT,
    )
    document.do(judge_match(document.project, beyond, "Keep match cut", {strange: other.path}))
    hands.window.matching.seeking._paths[strange] = other.path
    path = tmp_path / "kept.edl"
    monkeypatch.setattr(
        match_export,
        "ask_for_string_out",
        lambda _, offered, __: StringOutChoice(
            offered.kept, STRING_OUT_FORMATS[0], path, Fraction(2), PairOrder.SCORE, None
        ),
    )
    job = hands.window.matching.exports.job
    QTest.mouseClick(panel.export_button, LEFT)
    assert job.is_running
    QTest.mouseClick(panel.export_button, LEFT)
    assert hands.message == match_export.STILL_WRITING
    hands.wait(lambda: not job.is_running)
    assert hands.message == f"Wrote 1 pair to {path}, without 1 that uses frames its film does not have."
    assert path.is_file()
    kept = document.project.matches.judged[0].pair
    document.do(judge_match(document.project, JudgedPair(kept), "Keep match cut no more"))
    QTest.mouseClick(panel.export_button, LEFT)
    hands.wait(lambda: not job.is_running)
    assert hands.message.startswith("Nothing was written: all pairs that you keep use frames")
    hands.window.messages.clear()


def test_a_pair_whose_film_is_not_there_says_why_and_plays_as_soon_as_it_is(
    hands: Hands, film: FilmSpec, films: FilmShelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = films.make_film(tmp_path / "comes back.mp4", frames=60, cuts=(30,))
    hands.open(film)
    monkeypatch.setattr(match_seeking, "ask_for_other_film", lambda *_: spec.path)
    panel = hands.window.matching.panel
    hands.press("Ctrl+Shift+M")
    choose_other(panel)
    hands.wait(lambda: bool(panel.list.items))
    hands.wait(lambda: not hands.window.matching.seeking.job.is_finding)
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    away = spec.path.rename(tmp_path / "away.mp4")
    matching_ = hands.window.matching
    matching_.seeking.open()  # as when the film is opened anew
    matching_.judging.pairs = MatchList()
    matching_._show()
    show_list(hands, "kept")
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert hands.message.endswith("comes back.mp4” is still being looked for.")
    hands.wait(lambda: "comes back.mp4” cannot be opened: put it back there" in hands.message)
    assert matching_.auditioning.item is None
    away.rename(spec.path)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    hands.wait(lambda: matching_.auditioning.item is not None)
    assert not hands.message
    # from a pair that plays, one that cannot is not gone to
    known = panel.list.items[0]
    document = hands.window.document
    assert document is not None
    own = MatchSide(document.film.fingerprint, 0, 30, 29)
    unknown = MatchPair(own, MatchSide("nobody's", 0, 30, 0), MatchKind.FRAME, 0.9, 0.9, 0.1, 0.5, "Paper")
    document.do(judge_match(document.project, JudgedPair(unknown, Verdict.KEPT), "Keep match cut"))
    matching_._show()
    assert len(panel.list.items) == 2
    QTest.keySequence(focused(), "Down")
    assert hands.message.startswith(
        "Nobody knows where the other film of this pair is: find match cuts with it again"
    )
    assert panel.current is not None
    assert panel.current.key == known.key
    assert matching_.auditioning.item is not None
    assert matching_.auditioning.item.key == known.key


def test_a_pair_is_played_whose_film_was_not_looked_for_yet(
    hands: Hands, film: FilmSpec, other: FilmSpec, films: FilmShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = films.make_film(films.folder / "matched elsewhere.mp4", frames=80, cuts=(45,))
    searched(hands, film)
    matching_, document = hands.window.matching, hands.window.document
    assert document is not None
    gate, begun = threading.Event(), threading.Event()
    open_by_path = match_search.open_by_path

    def held(*arguments: Any) -> Any:
        begun.set()
        gate.wait(10)
        return open_by_path(*arguments)

    monkeypatch.setattr(match_search, "open_by_path", held)
    own = MatchSide(document.film.fingerprint, 0, 30, 29)
    pairs = []
    for path in (other.path, third.path):
        name = open_film(path).fingerprint
        pairs.append(MatchPair(own, MatchSide(name, 0, 30, 0), MatchKind.FRAME, 0.9, 0.9, 0.1, 0.5, "Paper"))
        kept = JudgedPair(pairs[-1], Verdict.KEPT)
        document.do(judge_match(document.project, kept, "Keep match cut", {name: path}))
        hands.wait(begun.is_set)
        matching_.seeking._paths[open_film(third.path).fingerprint] = (
            third.path
        )  # nobody asks for it by itself
    item = matching_.judging.item_of(pairs[1])
    assert item is not None
    matching_.panel.audition_wanted.emit(item)
    assert matching_.auditioning.item is None
    gate.set()
    hands.wait(lambda: matching_.auditioning.item is not None)
    assert matching_.auditioning.item == matching_.judging.now(item)
    films_ = matching_.seeking.films
    assert films_ is not None
    assert all(films_.project(pair.incoming.fingerprint) is not None for pair in pairs)


def test_what_is_said_of_two_shots_of_other_films_is_not_stored_here(hands: Hands, film: FilmSpec) -> None:
    panel = searched(hands, film)
    judging, document = hands.window.matching.judging, hands.window.document
    assert document is not None
    item = panel.list.items[0]
    judging.keep(replace(item, judged=JudgedPair(_pair("another film"))))
    assert not document.project.matches.judged
    judging.keep(item)
    assert len(document.project.matches.judged) == 1
