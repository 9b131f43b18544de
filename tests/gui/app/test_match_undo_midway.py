"""What is undone while a match cut is being slid or written of, and what an audition leaves when it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from audition_hands import audition, audition_of, press, put_quick_hands, said, settled, show_list
from paper_match import PaperEngine
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seamline.project.match_cuts import Verdict
from seamline_app.audition_keys import _OF_THE_FILM

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

    from seamline_app.main_window import MainWindow
    from seamline_widgets.match_items import MatchItem

UNDO = "Ctrl+Z"


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_quick_hands(monkeypatch)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "midway.mp4", frames=125, cuts=(30, 60, 90))


def held(hands: Hands) -> None:
    """The cut does not come to rest by itself from now on."""
    hands.window.matching.auditioning._settling.setInterval(60_000)


def steps(hands: Hands) -> tuple[list[str], str | None]:
    """The names of the steps that count, and of the next one that could be done again."""
    assert hands.window.document is not None
    edits, done = hands.window.document.steps
    return [edit.name for edit in edits[:done]], hands.window.document.redo_name


def first_of(hands: Hands) -> MatchItem:
    item: MatchItem = hands.window.matching.panel.list.items[0]
    return item


@pytest.mark.parametrize("key", ["K", "Shift+J"])
def test_the_first_thing_said_in_a_film_that_was_analysed_before_does_not_end_the_audition(
    hands: Hands, film: FilmSpec, key: str, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    hands.open(film)
    again = reopened(hands, film)
    view = audition_of(again)
    press(again, key)
    settled(again)
    assert len(steps(again)[0]) == 1
    assert view.isVisible()


def test_undo_takes_back_what_is_written_in_the_list_just_now(hands: Hands, film: FilmSpec) -> None:
    audition(hands, film)
    press(hands, "Esc")
    panel = hands.window.matching.panel
    panel.take_keys()
    press(hands, "K")
    press(hands, "N")
    QTest.keyClicks(QApplication.focusWidget(), "the door")
    hands.window.actions_by_id["undo"].trigger()  # by the menu: Ctrl+Z is the field's own
    assert panel.note.isHidden()
    assert steps(hands) == (["Keep match cut"], "Note on match cut")
    assert said(hands) == [("29-60", Verdict.KEPT)]


def test_undo_takes_back_what_is_written_in_the_audition_just_now(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    press(hands, "K")
    press(hands, "Down")
    press(hands, "N")
    QTest.keyClicks(QApplication.focusWidget(), "the door")
    hands.window.actions_by_id["undo"].trigger()
    assert view.note.isHidden()
    assert steps(hands) == (["Keep match cut"], "Note on match cut")
    assert said(hands) == [("29-60", Verdict.KEPT)]


def test_a_note_is_of_the_pair_as_it_is_when_the_field_closes(hands: Hands, film: FilmSpec) -> None:
    audition(hands, film)
    press(hands, "Esc")
    show_list(hands, "all")
    judging, before = hands.window.matching.judging, first_of(hands)
    judging.keep(before)
    judging.write_note(before, "the door")
    assert [(of.verdict, of.note) for of in [first_of(hands).judged]] == [(Verdict.KEPT, "the door")]


@pytest.mark.parametrize("is_first", [True, False])
def test_the_first_slide_of_all_is_undone_though_it_was_just_now(
    hands: Hands, film: FilmSpec, is_first: bool
) -> None:
    hands.open(film)
    if not is_first:
        hands.add_cut(100)
    view = audition_of(hands)
    held(hands)
    press(hands, "Shift+J")
    assert view.cut_frames != (29, 60)
    press(hands, UNDO)
    assert view.cut_frames == (29, 60)
    assert steps(hands) == ([] if is_first else ["Add cut"], "Slide match cut")
    assert view.isVisible()


def test_what_is_slid_back_before_it_rests_leaves_nothing_to_undo(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.add_cut(100)
    view = audition_of(hands)
    undo = hands.window.actions_by_id["undo"]
    held(hands)
    press(hands, "Shift+J")
    assert undo.isEnabled()
    press(hands, "Shift+L")
    assert not undo.isEnabled()
    press(hands, UNDO)
    assert view.isVisible()
    assert steps(hands) == (["Add cut"], None)


def test_undo_in_the_midst_of_a_slide_back_takes_no_step_of_the_film_behind(
    hands: Hands, film: FilmSpec
) -> None:
    hands.open(film)
    hands.add_cut(100)
    view = audition_of(hands)
    press(hands, "Shift+J")
    settled(hands)
    held(hands)
    press(hands, "Shift+L")
    press(hands, UNDO)
    assert view.isVisible()
    assert view.cut_frames == (29, 60)
    assert steps(hands) == (["Add cut"], None)
    assert 100 in hands.cuts


def test_a_slide_there_and_back_leaves_nothing_to_do_again(hands: Hands, film: FilmSpec) -> None:
    audition(hands, film)
    for key in ("Shift+J", "Shift+L"):
        press(hands, key)
        settled(hands)
    assert steps(hands) == ([], None)
    assert not hands.window.actions_by_id["redo"].isEnabled()


def test_a_slide_that_cannot_be_stored_leaves_the_one_before(
    hands: Hands, film: FilmSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = audition(hands, film)
    press(hands, "Shift+J")
    settled(hands)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("seamline.project.file.add_edit", full)
    press(hands, "Shift+J")
    settled(hands)
    assert "No space left" in hands.message
    assert steps(hands) == (["Slide match cut"], None)
    assert view.cut_frames == (28, 60)


def test_only_what_the_editor_says_makes_a_step(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    press(hands, "Shift+J")
    settled(hands)
    judging, item = hands.window.matching.judging, view.item
    assert item is not None
    # another search has told it otherwise since
    other = replace(item.pair, score_01=0.1, reason="Light alike")
    judging.slide(replace(item.judged, pair=other))
    assert steps(hands)[0] == ["Slide match cut"]
    judging.slide(replace(item.judged, pair=other.cut_at(20, 60)))
    assert len(steps(hands)[0]) == 2


def test_a_fault_while_it_is_stored_ends_being_at_it(
    hands: Hands, film: FilmSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    audition(hands, film)
    judging, document = hands.window.matching.judging, hands.window.document

    def fail(_: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(document, "do", fail)
    with pytest.raises(ZeroDivisionError):
        judging.keep(first_of(hands))
    assert not judging.is_at_it


def test_a_verdict_that_another_window_may_say_alone_is_refused_and_not_shown(
    hands: Hands,
    film: FilmSpec,
    make_window: Callable[[], MainWindow],
    more_hands: Callable[[MainWindow], Hands],
) -> None:
    hands.open(film)
    second = more_hands(make_window())
    view = audition(second, film)
    for key in ("K", "X", "Shift+J"):
        press(second, key)
        settled(second)
        assert "open for corrections in another window" in second.message
        assert view.isVisible()
        assert view.item == first_of(second)
        assert first_of(second).judged.says_nothing
        assert view.cut_frames == (29, 60)
        assert not view.bar.button("keep").isChecked()
        second.window.messages.clear()


def _open_another(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)


def _go_to_a_frame(hands: Hands, _: FilmSpec) -> None:
    hands.window.go_to(50)


def _take_back_a_seam(hands: Hands, _: FilmSpec) -> None:
    assert hands.window.document is not None
    hands.window.document.go_to_step(0)


def _play(hands: Hands, _: FilmSpec) -> None:
    hands.window.player.play(1)


@pytest.mark.parametrize("end", [_open_another, _go_to_a_frame, _take_back_a_seam, _play])
def test_however_an_audition_ends_the_menus_are_the_films_again(
    hands: Hands, film: FilmSpec, films: FilmShelf, end: Callable[[Hands, FilmSpec], None]
) -> None:
    other = films.make_film(films.folder / "midway there.mp4", frames=80, cuts=(35,))
    hands.open(film)
    hands.add_cut(100)
    actions = hands.window.actions_by_id
    hands.window.go_to(29)
    before = {action_id: actions[action_id].isEnabled() for action_id in _OF_THE_FILM}
    view = audition_of(hands)
    press(hands, "K")
    assert not any(actions[action_id].isEnabled() for action_id in _OF_THE_FILM)
    end(hands, other)
    assert not view.isVisible()
    hands.window.player.pause()
    assert {action_id: actions[action_id].isEnabled() for action_id in _OF_THE_FILM} == before
    assert hands.window.document is not None
    assert actions["undo"].isEnabled() == (hands.window.document.undo_name is not None)
    assert actions["redo"].isEnabled() == (hands.window.document.redo_name is not None)
    hands.window.go_to(20)
    hands.press("M")
    assert steps(hands)[0][-1] == "Add cut"
