"""What is said of match cuts is undone and done again like any other step, in the list and in the audition."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    settled,
    show_list,
)
from paper_match import PaperEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seamline.project.match_cuts import Verdict
from seamline_app import match_seeking
from seamline_widgets.audition_pictures import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

UNDO, REDO = "Ctrl+Z", "Ctrl+Shift+Z"


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_quick_hands(monkeypatch)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "undone.mp4", frames=125, cuts=(30, 60, 90))


def steps(hands: Hands) -> list[str]:
    """The names of the steps that count."""
    assert hands.window.document is not None
    edits, done = hands.window.document.steps
    return [edit.name for edit in edits[:done]]


def action_text(hands: Hands, action_id: str) -> str:
    return hands.window.actions_by_id[action_id].text()


def test_each_verdict_and_note_is_a_step_among_the_others(
    hands: Hands, film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    audition(hands, film)
    press(hands, "Esc")
    panel = hands.window.matching.panel
    panel.take_keys()
    press(hands, "K")
    hands.window.go_to(100)
    hands.press("M")
    show_list(hands, "all")
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    press(hands, "N")
    QTest.keyClicks(QApplication.focusWidget(), "the door")
    press(hands, "Return")
    assert steps(hands) == ["Keep match cut", "Add cut", "Note on match cut"]
    assert action_text(hands, "undo") == "Undo: Note on match cut"
    hands.press(UNDO)
    assert panel.list.items[0].judged.note == ""
    assert said(hands) == [("29-60", Verdict.KEPT)]
    hands.press(UNDO, times=2)
    assert said(hands) == []
    assert panel.list.items[0].judged.verdict is Verdict.OPEN
    assert not panel.export_button.isEnabled()
    assert action_text(hands, "redo") == "Redo: Keep match cut"
    hands.press(REDO, times=3)
    again = reopened(hands, film)
    (item,) = again.window.matching.panel.list.items
    assert (item.judged.verdict, item.judged.note) == (Verdict.KEPT, "the door")
    again.press(UNDO, times=3)
    assert again.window.matching.panel.list.items == ()
    assert again.cuts == [30, 60, 90]
    again.press(REDO)
    assert said(again) == [("29-60", Verdict.KEPT)]


def test_what_comes_back_is_selected(hands: Hands, film: FilmSpec) -> None:
    audition(hands, film)
    press(hands, "Esc")
    panel = hands.window.matching.panel
    panel.take_keys()
    first = panel.list.items[0].key
    press(hands, "X")
    QTest.keyClick(panel.list, Qt.Key.Key_End)
    assert first not in [item.key for item in panel.list.items]
    hands.press(UNDO)
    assert panel.current is not None
    assert panel.current.key == first


def test_the_last_pair_that_comes_back_has_the_keys_again(hands: Hands, film: FilmSpec) -> None:
    audition(hands, film)
    press(hands, "Esc")
    panel = hands.window.matching.panel
    panel.take_keys()
    while panel.list.items:
        press(hands, "X")
    press(hands, UNDO)
    assert len(panel.list.items) == 1
    assert QApplication.focusWidget() is panel.list
    press(hands, "X")
    assert not panel.list.items


def test_a_slide_of_many_presses_is_one_step_and_undone_before_the_eyes(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    for _ in range(3):
        press(hands, "Shift+J")
        settled(hands)  # longer than between two presses of a hand
    press(hands, "Alt+L")
    settled(hands)
    assert view.cut_frames == (26, 61)
    assert steps(hands) == ["Slide match cut"]
    hands.window.matching.auditioning._sliding.stop()  # the editor rests
    press(hands, "Shift+J")
    settled(hands)
    press(hands, "K")
    assert steps(hands) == ["Slide match cut", "Slide match cut", "Keep match cut"]
    press(hands, UNDO)
    assert view.isVisible()
    assert view.bar.button("keep").isChecked() is False
    press(hands, UNDO)
    assert view.cut_frames == (26, 61)
    press(hands, UNDO)
    assert view.cut_frames == (29, 60)
    hands.wait(lambda: max(view.player._pictures.of(Side.OUT), default=None) == 29)
    assert not hands.window.actions_by_id["undo"].isEnabled()
    press(hands, REDO)
    assert view.cut_frames == (26, 61)
    assert hands.window.matching.panel.list.items[0].pair.frames == (26, 61)


def test_a_slide_after_another_pair_is_a_step_of_its_own(hands: Hands, film: FilmSpec) -> None:
    audition(hands, film)
    press(hands, "Shift+J")
    settled(hands)
    press(hands, "Down")
    press(hands, "Up")
    press(hands, "Shift+J")
    settled(hands)
    assert steps(hands) == ["Slide match cut"] * 2


def test_a_slide_there_and_back_is_no_step(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    press(hands, "Shift+J")
    settled(hands)
    assert steps(hands) == ["Slide match cut"]
    press(hands, "Shift+L")
    settled(hands)
    assert view.cut_frames == (29, 60)
    assert steps(hands) == []


@pytest.mark.parametrize("rests", [True, False])
def test_after_a_slide_there_and_back_the_next_one_is_a_step_of_its_own(
    hands: Hands, film: FilmSpec, rests: bool
) -> None:
    view = audition(hands, film)
    auditioning = hands.window.matching.auditioning
    press(hands, "Shift+J")
    settled(hands)
    auditioning._sliding.stop()  # the editor rests
    for interval_ms, key in ((1 if rests else 60_000, "Shift+J"), (1, "Shift+L")):
        auditioning._settling.setInterval(interval_ms)
        press(hands, key)
        if interval_ms == 1:
            settled(hands)
    assert steps(hands) == ["Slide match cut"]
    press(hands, "Shift+J")
    settled(hands)
    assert view.cut_frames == (27, 60)
    press(hands, UNDO)
    assert view.cut_frames == (28, 60)


def test_a_slide_is_remembered_for_when_the_pair_is_found_again(
    hands: Hands, film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    audition(hands, film)
    press(hands, "Shift+J")
    settled(hands)
    again = reopened(hands, film)
    panel = again.window.matching.panel
    assert panel.list.items == ()  # to slide says nothing of the pair
    again.press("Ctrl+Shift+M")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    again.wait(lambda: bool(panel.list.items))
    assert panel.list.items[0].pair.frames == (28, 60)
    again.press(UNDO)
    assert panel.list.items[0].pair.frames == (29, 60)


def test_undo_in_the_audition_goes_back_to_the_pair_that_was_rejected(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    press(hands, "X")
    assert view.item is not None
    assert view.item.title == "Shot 1 → Shot 4"
    press(hands, UNDO)
    assert view.item.title == "Shot 1 → Shot 3"
    assert view.item.judged.verdict is Verdict.OPEN
    assert hands.window.matching.panel.current == view.item
    show_list(hands, "kept")  # where it is not listed
    view.setFocus()
    press(hands, REDO)
    assert view.item.judged.verdict is Verdict.REJECTED


def test_steps_about_the_film_behind_are_not_undone_in_the_audition(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.add_cut(100)
    view = audition_of(hands)
    undo = hands.window.actions_by_id["undo"]
    assert not undo.isEnabled()
    press(hands, "K")
    assert undo.isEnabled()
    press(hands, UNDO)
    press(hands, UNDO)
    assert 100 in hands.cuts
    assert view.isVisible()
    press(hands, "Esc")
    assert undo.isEnabled()
    assert undo.text() == "Undo: Add cut"


def test_menus_do_not_reach_the_film_behind(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    actions = hands.window.actions_by_id
    hidden = (
        "add_seam",
        "delete_seam",
        "next_seam",
        "play_pause",
        "save_still",
        "match_out_of_frame",
        "scale_cs",
    )
    for _ in range(2):
        assert not any(actions[action_id].isEnabled() for action_id in hidden)
        assert actions["find_match_cuts"].isEnabled()
        hands.window.refresh_actions()  # as after any change
        press(hands, "K")
    actions["add_seam"].trigger()
    assert hands.cuts == [30, 60, 90]
    assert view.isVisible()
    press(hands, "Esc")
    assert all(actions[action_id].isEnabled() for action_id in hidden)


def test_a_step_in_the_list_of_steps_that_changes_seams_ends_it(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.add_cut(100)
    view = audition_of(hands)
    press(hands, "K")
    document = hands.window.document
    assert document is not None
    document.go_to_step(1)
    assert view.isVisible()
    document.go_to_step(0)
    assert not view.isVisible()


def test_a_slide_from_a_frame_is_undone_to_that_frame(hands: Hands, film: FilmSpec) -> None:
    panel = keep_and_look_from(hands, film, 20)
    hands.wait(lambda: not hands.window.matching.seeking.job.is_finding)
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    view = hands.window.matching.auditioning.view
    press(hands, "Shift+L")
    settled(hands)
    assert said(hands) == [("21-60", Verdict.KEPT)]
    press(hands, UNDO)
    assert view.cut_frames == (20, 60)
    assert said(hands) == [("29-60", Verdict.KEPT)]
    for _ in range(9):
        press(hands, "Shift+L")
    settled(hands)
    assert view.cut_frames == (29, 60)  # where it is stored: it stays there


def test_what_is_slid_just_now_is_undone_first(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    keep_and_come_back(hands)
    hands.window.matching.auditioning._settling.setInterval(60_000)
    press(hands, "Shift+J")
    press(hands, UNDO)
    assert view.cut_frames == (29, 60)
    assert said(hands) == [("29-60", Verdict.KEPT)]
    assert action_text(hands, "redo") == "Redo: Slide match cut"


def test_a_pair_of_another_film_that_comes_back_can_be_played(
    hands: Hands,
    film: FilmSpec,
    films: FilmShelf,
    monkeypatch: pytest.MonkeyPatch,
    reopened: Callable[[Hands, FilmSpec], Hands],
) -> None:
    other = films.make_film(films.folder / "undone there.mp4", frames=80, cuts=(35,))
    hands.open(film)
    monkeypatch.setattr(match_seeking, "ask_for_other_film", lambda *_: other.path)
    hands.press("Ctrl+Shift+M")
    panel = hands.window.matching.panel
    choose_other(panel)
    hands.wait(lambda: bool(panel.list.items) and not hands.window.matching.seeking.job.is_finding)
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    press(hands, "K")
    hands.press(UNDO)
    again = reopened(hands, film)
    again.press(REDO)
    panel = again.window.matching.panel
    show_list(again, "kept")
    again.wait(lambda: [item.in_name for item in panel.list.items] == ["undone there.mp4, shot 1"])
    again.press("Ctrl+Shift+M")
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    press(again, "Return")
    view = again.window.matching.auditioning.view
    again.wait(lambda: bool(view.player._pictures.of(Side.IN)))
