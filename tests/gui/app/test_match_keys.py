"""Whose keys they are in the panel “Match”: the list's once pairs are found, and never those that edit the film."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from audition_hands import press, said
from paper_match import PaperEngine, put_match_engine
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from seamline.project.match_cuts import Verdict
from seamline_app.match_keys import EDITING

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

    from seamline_widgets.match_panel import MatchPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_match_engine(monkeypatch.setattr)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "keyed.mp4", frames=125, cuts=(30, 60, 90))


def panel_of(hands: Hands) -> MatchPanel:
    return hands.window.matching.panel


def focused() -> QWidget | None:
    return QApplication.focusWidget()


def found(hands: Hands) -> None:
    seeking = hands.window.matching.seeking
    hands.wait(lambda: bool(panel_of(hands).list.items) and not seeking.is_finding)


def begin_by_key(hands: Hands) -> None:
    hands.press("Ctrl+Shift+M")
    press(hands, "Return")


def begin_by_mouse(hands: Hands) -> None:
    hands.press("Ctrl+Shift+M")
    QTest.mouseClick(panel_of(hands).head.find_button, LEFT)


def begin_from_the_frame(hands: Hands) -> None:
    hands.window.timeline.setFocus()
    hands.window.go_to(40)
    hands.sees(40)
    press(hands, "Alt+Y")


@pytest.mark.parametrize("begin", [begin_by_key, begin_by_mouse, begin_from_the_frame])
def test_what_was_asked_for_has_the_keys_when_it_is_there(
    hands: Hands, film: FilmSpec, begin: object
) -> None:
    hands.open(film)
    assert callable(begin)
    begin(hands)
    found(hands)
    panel = panel_of(hands)
    assert focused() is panel.list
    assert panel.current == panel.list.items[0]
    press(hands, "Return")
    assert hands.window.matching.auditioning.item == panel.list.items[0]


def type_a_name(hands: Hands) -> QWidget:
    hands.press("F2")
    field = focused()
    assert isinstance(field, QLineEdit)
    return field


def go_on_in_the_timeline(hands: Hands) -> QWidget:
    hands.click_timeline(70)
    return hands.window.timeline


def step_on(hands: Hands) -> QWidget:
    """By its key, without a click."""
    press(hands, "Right")
    hands.sees(41)
    return hands.window.timeline


@pytest.mark.parametrize("go_on", [type_a_name, go_on_in_the_timeline, step_on])
def test_who_has_gone_on_keeps_the_keys(
    hands: Hands, film: FilmSpec, engine: PaperEngine, go_on: object
) -> None:
    hands.open(film)
    engine.gate.clear()
    begin_from_the_frame(hands)
    hands.wait(lambda: bool(engine.shots))
    assert callable(go_on)
    place = go_on(hands)
    engine.gate.set()
    found(hands)
    assert focused() is place
    assert panel_of(hands).current is None
    hands.press("Ctrl+Shift+M")
    assert focused() is panel_of(hands).list
    assert panel_of(hands).current == panel_of(hands).list.items[0]


def test_a_second_press_does_not_stop_what_the_first_began(
    hands: Hands, film: FilmSpec, engine: PaperEngine
) -> None:
    hands.open(film)
    engine.gate.clear()
    begin_by_key(hands)
    hands.wait(lambda: bool(engine.shots))
    for key in ("Space", "Return"):
        press(hands, key)
    assert hands.window.matching.seeking.is_finding
    hands.window.player.pause()
    QTest.mouseClick(panel_of(hands).progress.stop_button, LEFT)
    assert focused() is panel_of(hands).head.find_button
    engine.gate.set()


def test_keys_that_edit_the_film_do_not_reach_it_from_the_panel(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.window.go_to(30)
    hands.sees(30)
    begin_by_key(hands)
    found(hands)
    panel, document = panel_of(hands), hands.window.document
    assert document is not None
    first, second = panel.list.items[:2]
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    before = document.project
    actions = hands.window.actions_by_id
    keys = {key.toString() for action_id in EDITING for key in actions[action_id].shortcuts()}
    assert {"M", "T", "C", "3", "0", "V", "Ctrl+K", "Ctrl+J", "Alt+Left", "F2", "Del", "Backspace"} <= keys
    for place in (panel.list, panel.head.kind_buttons["all"], panel.head.shown_box):
        place.setFocus()
        for key in sorted(keys - {"Del", "Backspace"}):
            press(hands, key)
            assert document.project.seams == before.seams, key
            assert document.project.notes == before.notes, key
            assert focused() is place, key
    assert document.steps[1] == 0
    panel.take_keys()
    press(hands, "Del")
    press(hands, "Backspace")
    assert hands.cuts == [30, 60, 90]
    assert [verdict for _, verdict in said(hands)] == [Verdict.REJECTED] * 2
    assert not {first.key, second.key} & {item.key for item in panel.list.items}
    # a click into the film gives its keys back
    hands.click_timeline(100)
    press(hands, "M")
    assert 100 in hands.cuts
    # what is not about seams and labels, has its keys in the list too
    panel.take_keys()
    before_frame = hands.window.shown_frame
    press(hands, "Left")
    hands.sees(before_frame - 1)
    press(hands, "Ctrl+Z")
    assert 100 not in hands.cuts


def test_a_key_that_the_editor_has_changed_is_kept_from_the_film_too(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    begin_by_key(hands)
    found(hands)
    hands.window.actions_by_id["add_seam"].setShortcuts([QKeySequence("Ctrl+7")])
    hands.window.go_to(45)
    panel_of(hands).take_keys()
    press(hands, "Ctrl+7")
    assert hands.cuts == [30, 60, 90]


def test_the_menus_still_offer_what_edits_the_film(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    begin_by_key(hands)
    found(hands)
    hands.window.go_to(45)
    hands.sees(45)
    panel_of(hands).take_keys()
    hands.menu("Seams", "Add a cut")
    assert hands.cuts == [30, 45, 60, 90]
