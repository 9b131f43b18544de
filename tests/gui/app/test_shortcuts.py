"""Every key of the table does its own action and no other's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from seamline_app.keyboard import Keyboard
from seamline_resources.key_map import KeyMap
from seamline_resources.key_presets import KEY_PRESETS
from seamline_resources.shortcuts import SHORTCUTS
from seamline_widgets.actions import menu_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

_KEYS = [(entry.action_id, key) for entry in SHORTCUTS for key in entry.keys]


def test_no_key_is_given_twice(hands: Hands) -> None:
    seen: dict[str, QAction] = {}
    for action in {*hands.window.findChildren(QAction)}:
        for sequence in action.shortcuts():
            key = sequence.toString(QKeySequence.SequenceFormat.PortableText)
            assert seen.setdefault(key, action) is action, key
    assert len(seen) == len(_KEYS)


def test_no_preset_has_a_key_that_something_else_in_the_window_has(hands: Hands) -> None:
    for preset in KEY_PRESETS:
        kept = json.dumps(KeyMap(preset).to_plain())
        keyboard = Keyboard(
            hands.window.actions_by_id, lambda kept=kept: kept, lambda _: None, parent=hands.window
        )
        seen: dict[str, QAction] = {}
        for action in {*hands.window.findChildren(QAction)}:
            for sequence in action.shortcuts():
                key = sequence.toString(QKeySequence.SequenceFormat.PortableText)
                assert seen.setdefault(key, action) is action, (preset, key)
        assert set(seen) == {key for keys in KEY_PRESETS[preset].values() for key in keys}, preset
        assert not seen.keys() & menu_keys(hands.window.menuBar()).keys(), preset
        keyboard.deleteLater()


@pytest.mark.parametrize("section", dict.fromkeys(entry.section for entry in SHORTCUTS))
def test_each_key_triggers_its_action(
    hands: Hands, film: FilmSpec, section: str, answer: Callable[[Callable[[Any], None]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("seamline_app.main_window.ask_for_film", lambda *_: None)
    monkeypatch.setattr("seamline_app.projects.ask_for_project_target", lambda *_: None)
    monkeypatch.setattr("seamline_app.dialogs.Dialogs._targets", lambda *_: ([], False))
    monkeypatch.setattr("seamline_app.picture_tools.ask_for_still", lambda *_: None)
    hands.open(film)
    keys = [(entry.action_id, key) for entry in SHORTCUTS if entry.section == section for key in entry.keys]
    triggered = {}
    for action_id, key in sorted(keys, key=lambda pressed: pressed[0] == "quit"):
        _begin_anew(hands, action_id)
        if action_id == "show_shortcuts":
            answer(lambda sheet: sheet.reject())
        spies = {
            name: QSignalSpy(action, "2triggered(bool)")
            for name, action in hands.window.actions_by_id.items()
        }
        hands.press(key)
        triggered[action_id, key] = [name for name, spy in spies.items() if spy.count()]
        if action_id == "full_screen":
            assert hands.window.isFullScreen(), key
    assert triggered == {(action_id, key): [action_id] for action_id, key in keys}


def _begin_anew(hands: Hands, action_id: str) -> None:
    """The picture has the keyboard, and that action can be done, whatever was done before."""
    while popup := QApplication.activePopupWidget():
        popup.close()
    hands.window.showNormal()
    hands.window.picture.setFocus()
    hands.press("K")
    while hands.window.actions_by_id["undo"].isEnabled():
        hands.press("Ctrl+Z")
    hands.press("Home")
    hands.press("Down")
    hands.press("Alt+Right")  # there is something to undo,
    hands.press("Ctrl+Z")  # and to redo
    hands.press("Alt+Right")
    if action_id == "redo":
        hands.press("Ctrl+Z")
    if action_id in ("go_to_in", "go_to_out", "clear_marks"):
        hands.press("X")
    for enabled_by_work in ("stop_analysis", "next_hit", "previous_hit"):
        hands.window.actions_by_id[enabled_by_work].setEnabled(True)


def test_every_action_of_the_table_is_in_a_menu(hands: Hands) -> None:
    in_menus: set[str] = set()
    for top in hands.window.menuBar().actions():
        menu = top.menu()
        assert menu is not None
        submenus = [entry.menu() for entry in menu.actions() if entry.menu() is not None]
        in_menus |= {entry.objectName() for within in (menu, *submenus) for entry in within.actions()}
    assert {entry.action_id for entry in SHORTCUTS} <= in_menus
