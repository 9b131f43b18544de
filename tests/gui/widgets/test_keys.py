"""Names of keys, presets, and maps of keys that are changed, kept and read from strangers."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from PySide6.QtGui import QKeySequence

from seamline_resources.key_map import KeyMap, key_map_of
from seamline_resources.key_names import UnusableKeyError, normal_key
from seamline_resources.key_presets import KEY_PRESETS, SEAMLINE
from seamline_resources.shortcuts import SHORTCUTS

_ESSENTIAL = (
    *("play_pause", "shuttle_back", "shuttle_stop", "shuttle_forward", "step_back", "step_forward"),
    *("previous_seam", "next_seam", "next_doubtful", "previous_doubtful"),
    *("confirm_seam", "delete_seam", "change_kind", "nudge_back", "nudge_forward", "add_seam"),
)
_PRESETS = pytest.mark.parametrize("preset", list(KEY_PRESETS))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("shift+ctrl+delete", "Ctrl+Shift+Del"),
        ("Alt+Ctrl+e", "Ctrl+Alt+E"),
        ("+", "+"),
        ("Ctrl++", "Ctrl++"),
        ("f11", "F11"),
        ("Shift+Backtab", "Shift+Tab"),
        ("Ctrl+Return", "Ctrl+Return"),
        ("?", "?"),
        ("ä", "Ä"),
        ("Ctrl+ß", "Ctrl+ß"),
    ],
)
def test_a_key_has_one_name(text: str, key: str) -> None:
    assert normal_key(text) == key
    assert normal_key(key) == key
    assert QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) == key


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "Ctrl", "Ctrl+", "Ctrl+Ctrl+A", "Hyper+A", "AB", "F36", "Ctrl+K, Ctrl+S", "Esc", "Return"),
        *("Shift+Enter", "\n", "\0", "a" * 1000, "+" * 30, "\U0001f3ac"),
    ],
)
def test_what_is_no_key_or_belongs_to_dialogs_is_refused(text: str) -> None:
    with pytest.raises(UnusableKeyError):
        normal_key(text)


@_PRESETS
def test_a_preset_gives_no_key_twice_and_forgets_no_action(preset: str) -> None:
    keys = KEY_PRESETS[preset]
    assert list(keys) == [entry.action_id for entry in SHORTCUTS]
    assert [
        key for key, times in Counter(key for own in keys.values() for key in own).items() if times > 1
    ] == []
    assert all(keys[action_id] for action_id in _ESSENTIAL)
    # digits alone are for labels of shots
    of_digits = {action_id for action_id, own in keys.items() for key in own if key.isdigit()}
    assert all(action_id.startswith("scale_") or action_id == "clear_labels" for action_id in of_digits)
    for own in keys.values():
        assert own == tuple(map(normal_key, own))


def test_the_usual_keys_are_those_of_the_table() -> None:
    assert KEY_PRESETS[SEAMLINE] == {
        entry.action_id: tuple(map(normal_key, entry.keys)) for entry in SHORTCUTS
    }


def test_presets_have_what_their_programs_are_known_for() -> None:
    assert KEY_PRESETS["Premiere Pro"]["clear_marks"] == ("Ctrl+Shift+X",)
    assert KEY_PRESETS["DaVinci Resolve"]["snapping"] == ("N",)
    assert KEY_PRESETS["DaVinci Resolve"]["zoom_fit"] == ("Shift+Z",)
    assert KEY_PRESETS["Avid Media Composer"]["mark_in"] == ("I", "E")
    assert KEY_PRESETS["Avid Media Composer"]["mark_shot"] == ("T",)


def test_a_key_given_to_another_action_is_lost_and_comes_back_with_the_reset() -> None:
    usual = KeyMap()
    assert usual.conflict("mark_in", "j") == "shuttle_back"
    assert usual.conflict("shuttle_back", "J") is None
    assert usual.conflict("mark_in", "F9") is None
    changed = usual.with_keys("mark_in", ["I", "J"])
    assert changed.keys_of("mark_in") == ("I", "J")
    assert changed.keys_of("shuttle_back") == ()
    assert changed.is_changed("shuttle_back")
    assert changed.action_of("J") == "mark_in"
    assert changed.title == "Seamline (changed)"
    assert changed.reset("mark_in") == usual
    assert changed.reset("shuttle_back") == usual
    assert changed.reset() == usual


def test_a_key_moves_between_actions_that_were_both_changed() -> None:
    first = KeyMap().with_keys("mark_in", ["F9"])
    second = first.with_keys("mark_out", ["F9"])
    assert second.keys_of("mark_in") == ()
    assert second.keys_of("mark_out") == ("F9",)
    assert second.reset("mark_in").keys_of("mark_in") == ("I",)


def test_an_action_may_have_no_key_but_not_five() -> None:
    assert KeyMap().with_keys("mute", []).keys_of("mute") == ()
    with pytest.raises(UnusableKeyError, match="at most 4"):
        KeyMap().with_keys("mute", ["F1", "F2", "F3", "F4", "F5"])
    with pytest.raises(KeyError):
        KeyMap().with_keys("no_such_action", ["F9"])


@_PRESETS
def test_a_map_survives_json(preset: str) -> None:
    key_map = KeyMap(preset).with_keys("mark_in", ["F9", "Ctrl+ä"]).with_keys("mute", [])
    assert key_map_of(json.loads(json.dumps(key_map.to_plain()))) == (key_map, 0)


def test_what_a_stranger_wrote_is_left_out_piece_by_piece() -> None:
    keys: dict[str, Any] = {
        "mark_in": ["F9", "Hyper+Q", 7, "F9"],  # the first alone is a key
        "mark_out": ["F9"],  # is given already: mark_out keeps its own
        "no_such_action": ["F8"],
        "mute": "F7",  # no list
        "undo": [],
        "redo": ["F1", "F2", "F3", "F4", "F5"],
    }
    key_map, left_out = key_map_of({"seamline_keys": 1, "preset": "Seamline", "keys": keys})
    assert key_map.changes == {"mark_in": ("F9",), "undo": (), "redo": ("F1", "F2", "F3", "F4")}
    assert key_map.keys_of("mark_out") == ("O",)
    assert left_out == 3 + 1 + 1 + 1 + 1
    used = Counter(key for entry in SHORTCUTS for key in key_map.keys_of(entry.action_id))
    assert max(used.values()) == 1


def test_keys_that_open_menus_are_left_out() -> None:
    keys = {"mute": ["alt+f"], "mark_in": ["Alt+F", "F9"]}
    plain = {"seamline_keys": 1, "preset": "Seamline", "keys": keys}
    key_map, left_out = key_map_of(plain, {"Alt+F": "opens a menu"})
    assert key_map.changes == {"mark_in": ("F9",)}
    assert left_out == 2


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        3,
        {},
        {"seamline_keys": 2},
        {"seamline_keys": 1},
        {"seamline_keys": 1, "preset": "vi", "keys": {}},
        {"seamline_keys": 1, "preset": ["Seamline"], "keys": {}},
        {"seamline_keys": 1, "preset": "Seamline", "keys": []},
    ],
)
def test_what_is_no_map_is_refused_with_a_sentence(plain: object) -> None:
    with pytest.raises(ValueError, match=r"^This .*\.$"):
        key_map_of(plain)
