"""The audition in the window: in the picture's place, its own keys, the cut slid, kept, rejected and noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from audition_hands import (
    audition,
    audition_of,
    choose_other,
    keep_and_come_back,
    keep_and_look_from,
    press,
    put_quick_hands,
    said,
)
from paper_match import PaperEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seamline.project.match_cuts import Verdict
from seamline_app import match_seeking
from seamline_widgets.audition_pictures import Side
from seamline_widgets.audition_view import AuditionView

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_quick_hands(monkeypatch)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "auditioned.mp4", frames=125, cuts=(30, 60, 90))


@pytest.fixture(scope="module")
def other(films: FilmShelf) -> FilmSpec:
    return films.make_film(films.folder / "heard before.mp4", frames=80, cuts=(35,))


def pictures(view: AuditionView, side: Side) -> list[int]:
    return sorted(view.player._pictures.of(side))


def test_a_pair_plays_in_the_place_of_the_picture_until_esc(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    assert not hands.window.picture.isVisible()
    assert not hands.window.transport.isVisible()
    assert QApplication.focusWidget() is view
    hands.wait(lambda: pictures(view, Side.OUT) == list(range(5, 30)))
    hands.wait(lambda: pictures(view, Side.IN) == list(range(60, 85)))
    assert view.is_playing
    seen: set[tuple[Side, int]] = set()

    def look() -> bool:
        place = view.player.place
        if place is not None:
            seen.add((place.side, place.frame))
        return {side for side, _ in seen} == set(Side)

    hands.wait(look)
    press(hands, "Space")
    hands.wait(lambda: not view.is_playing)
    assert not hands.window.player.speed
    press(hands, "D")
    assert view.mode == "difference"
    press(hands, "Esc")
    assert hands.window.picture.isVisible()
    assert not view.isVisible()
    assert QApplication.focusWidget() is hands.window.matching.panel.list
    hands.sees(29)
    hands.wait(lambda: not hands.window.matching.auditioning.job.is_running)
    hands.window.picture.setFocus()
    press(hands, "Space")  # the player has its keys again
    hands.wait(lambda: bool(hands.window.player.speed))
    press(hands, "K")


def test_keys_on_the_film_do_nothing_and_those_of_the_audition_do_wherever_the_focus_is(
    hands: Hands, film: FilmSpec
) -> None:
    view = audition(hands, film)
    hands.window.timeline.setFocus()
    seams = hands.window.document.project.seams if hands.window.document is not None else ()
    for key in ("Delete", "M", "End", "G", "I"):
        press(hands, key)
    assert hands.window.document is not None
    assert hands.window.document.project.seams == seams
    assert hands.window.shown_frame == 29
    assert view.isVisible()
    assert view.cut_frames == (29, 60)
    press(hands, "Shift+J")
    press(hands, "Alt+L")
    assert view.cut_frames == (28, 61)
    press(hands, "Space")
    assert not view.is_playing
    assert not hands.window.player.speed
    press(hands, "Down")
    hands.wait(lambda: view.item is not None and view.item.title == "Shot 1 → Shot 4")
    assert hands.window.matching.panel.current == view.item
    press(hands, "Esc")
    assert not view.isVisible()


def test_a_cut_that_is_slid_stays_there_and_is_kept_so(
    hands: Hands, film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    view = audition(hands, film)
    panel = hands.window.matching.panel
    for _ in range(3):
        press(hands, "Shift+J")
    assert view.cut_frames == (26, 60)
    hands.wait(lambda: panel.list.items[0].pair.outgoing.frame == 26)
    hands.wait(lambda: pictures(view, Side.OUT) == list(range(2, 30)))
    document = hands.window.document
    assert document is not None
    assert said(hands) == []  # nothing was said of it yet
    keep_and_come_back(hands)
    (judged,) = document.project.matches.judged
    assert (judged.verdict, judged.pair.outgoing.frame) == (Verdict.KEPT, 26)
    press(hands, "Alt+L")
    hands.wait(lambda: document.project.matches.judged[0].pair.incoming.frame == 61)
    press(hands, "R")
    assert view.cut_frames == (29, 60)
    hands.wait(lambda: document.project.matches.judged[0].pair.outgoing.frame == 29)
    press(hands, "Shift+J")
    press(hands, "Esc")  # at once: what was moved last is not lost
    assert document.project.matches.judged[0].pair.outgoing.frame == 28
    again = reopened(hands, film)
    (item,) = again.window.matching.panel.list.items
    assert (item.judged.verdict, item.pair.outgoing.frame) == (Verdict.KEPT, 28)


def test_what_is_rejected_goes_and_a_note_is_of_the_pair_it_was_written_about(
    hands: Hands, film: FilmSpec
) -> None:
    view = audition(hands, film)
    document = hands.window.document
    assert document is not None
    press(hands, "X")
    assert view.item is not None
    assert view.item.title == "Shot 1 → Shot 4"
    assert [judged.verdict for judged in document.project.matches.judged] == [Verdict.REJECTED]
    press(hands, "N")
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "jk")
    # another pair is clicked while the field is open
    items = hands.window.matching.panel.list.items
    hands.window.matching.panel.current_changed.emit(items[2])
    assert view.item.key == items[2].key
    assert {judged.note: judged.pair.key for judged in document.project.matches.judged}["jk"] == items[0].key
    assert view.cut_frames == (items[2].pair.outgoing.frame, items[2].pair.incoming.frame)


def test_whatever_shows_another_frame_of_the_film_ends_it(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    hands.click_timeline(70)
    hands.sees(70)
    assert not view.isVisible()
    panel = hands.window.matching.panel
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert view.isVisible()
    hands.window.player.play(1)
    hands.wait(lambda: not view.isVisible())
    hands.press("K")


def test_what_was_said_last_is_said_of_its_own_film(
    hands: Hands, film: FilmSpec, other: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    view = audition(hands, film)
    keep_and_come_back(hands)
    hands.window.matching.auditioning._settling.setInterval(60_000)
    press(hands, "Shift+J")
    hands.open(other)
    assert not view.isVisible()
    assert hands.window.document is not None
    assert not hands.window.document.project.matches.judged
    hands.open(film)
    (judged,) = hands.window.document.project.matches.judged
    assert judged.pair.outgoing.frame == 28


def test_no_key_works_on_the_hidden_film(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.add_cut(100)
    view = audition_of(hands)
    document = hands.window.document
    assert document is not None
    seams = document.project.seams
    triggered: list[str] = []
    for action_id in ("copy_frame", "safe_areas", "rename_shot", "find_like_frame", "match_out_of_frame"):
        hands.window.actions_by_id[action_id].triggered.connect(lambda *_, of=action_id: triggered.append(of))
    for focus in (view, hands.window.timeline):
        focus.setFocus()
        for key in ("Ctrl+Z", "Ctrl+C", "Ctrl+'", "F2", "Y", "Alt+Y"):
            press(hands, key)
    assert document.project.seams == seams
    assert triggered == []
    assert view.isVisible()
    press(hands, "Esc")
    press(hands, "Ctrl+Z")
    assert document.project.seams != seams


def test_it_goes_on_when_it_was_begun_while_the_film_played_or_was_searched(
    hands: Hands, film: FilmSpec
) -> None:
    view = audition(hands, film)
    press(hands, "Esc")
    panel = hands.window.matching.panel
    came: list[int] = []
    hands.window.player.picture_ready.connect(lambda _image, frame: came.append(frame))
    hands.press("Space")
    hands.wait(lambda: len(came) > 3)
    item = panel.current
    panel.audition_wanted.emit(item)
    assert view.isVisible()
    hands.window.player.picture_ready.emit(
        hands.window.picture.grab().toImage(), 40
    )  # one that was under way
    hands.pause(50)
    assert view.isVisible()
    press(hands, "Esc")
    hands.window.go_to(100)
    panel.audition_wanted.emit(item)  # at once
    hands.wait(lambda: came[-1] == 100)
    assert view.isVisible()
    hands.click_timeline(101)
    assert not view.isVisible()


def test_from_a_frame_pairs_are_cut_there_whatever_is_stored(hands: Hands, film: FilmSpec) -> None:
    panel = keep_and_look_from(hands, film, 20)
    assert panel.list.items[0].judged.verdict is Verdict.KEPT
    assert said(hands) == [("29-60", Verdict.KEPT)]
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    press(hands, "Shift+L")
    hands.wait(lambda: said(hands) == [("21-60", Verdict.KEPT)])
    assert panel.list.items[0].pair.outgoing.frame == 21
    assert hands.window.matching.auditioning.view.cut_frames == (21, 60)


def test_the_seam_review_comes_back_as_its_switch_says(hands: Hands, film: FilmSpec) -> None:
    audition(hands, film)
    review = hands.window._views.review
    hands.menu("View", "Seam review")
    press(hands, "Esc")
    assert not review.isVisible()
    hands.window.matching.panel.take_keys()
    press(hands, "Return")
    hands.menu("View", "Seam review")
    press(hands, "Esc")
    assert review.isVisible()


def test_a_pair_whose_other_film_is_gone_says_so(
    hands: Hands,
    film: FilmSpec,
    films: FilmShelf,
    monkeypatch: pytest.MonkeyPatch,
    reopened: Any,
    tmp_path: Path,
) -> None:
    gone = films.make_film(tmp_path / "soon gone.mp4", frames=60, cuts=(30,))
    hands.open(film)
    monkeypatch.setattr(match_seeking, "ask_for_other_film", lambda *_: gone.path)
    panel = hands.window.matching.panel
    hands.press("Ctrl+Shift+M")
    choose_other(panel)
    hands.wait(lambda: bool(panel.list.items) and not hands.window.matching.seeking.job.is_finding)
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    QTest.keyClick(panel.list, Qt.Key.Key_K)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    view = hands.window.matching.auditioning.view
    hands.wait(lambda: bool(pictures(view, Side.IN)))
    gone.path.unlink()
    again: Hands = reopened(hands, film)
    panel = again.window.matching.panel
    (item,) = panel.list.items
    assert item.in_name == "soon gone.mp4"
    panel.audition_wanted.emit(item)
    again.wait(lambda: "soon gone.mp4” cannot be opened: put it back there" in again.message)
    assert again.window.picture.isVisible()
