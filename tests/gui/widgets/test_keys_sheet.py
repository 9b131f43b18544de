"""The keyboard map on the screen, worked by keys and by the mouse."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItemIterator,
    QWidget,
)
from pytestqt.qtbot import QtBot

from seamline_resources.key_map import KeyMap
from seamline_resources.shortcuts import SHORTCUTS
from seamline_widgets.audition_keys import AUDITION_KEYS, FIXED
from seamline_widgets.key_editor import KeyEditor
from seamline_widgets.key_recorder import KeyRecorder
from seamline_widgets.shortcuts_sheet import ShortcutsSheet

W = TypeVar("W", bound=QWidget)
KEY = Qt.Key
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Hands:
    """Works a sheet as its user does, at the widget that has the keyboard."""

    def __init__(self, sheet: ShortcutsSheet) -> None:
        self.sheet = sheet
        self.editor = _only(sheet, KeyEditor)
        self.given: list[KeyMap] = []
        sheet.map_changed.connect(self.given.append)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifiers)

    def find(self, text: str) -> None:
        field = next(
            f for f in self.sheet.findChildren(QLineEdit) if f.accessibleName() == "Find an action or a key"
        )
        field.setFocus()
        field.clear()
        QTest.keyClicks(field, text)

    def click(self, text: str) -> None:
        button = next(b for b in self.sheet.findChildren(QPushButton) if b.text() == text and b.isVisible())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    @property
    def listed(self) -> list[str]:
        """The actions that can be seen, from top to bottom."""
        tree = _only(self.sheet, QTreeWidget)
        found = QTreeWidgetItemIterator(
            tree,
            QTreeWidgetItemIterator.IteratorFlag.NotHidden | QTreeWidgetItemIterator.IteratorFlag.NoChildren,
        )
        names = []
        while row := found.value():
            names.append(row.text(0))
            found += 1
        return names

    @property
    def map(self) -> KeyMap:
        return self.given[-1]


def _only(sheet: QWidget, kind: type[W]) -> W:
    (widget,) = sheet.findChildren(kind)
    return widget


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    sheet = ShortcutsSheet(reserved={"Alt+F": "Alt+F opens the menu Film: press another key."})
    qtbot.addWidget(sheet)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    return Hands(sheet)


def test_new_keys_are_pressed_without_touching_the_mouse(hands: Hands) -> None:
    hands.find("mark in")
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_F9, SHIFT)
    assert hands.map.keys_of("mark_in") == ("Shift+F9",)
    hands.press(KEY.Key_Insert)  # the list has the keyboard again
    hands.press(KEY.Key_Tab)  # a key like any other here, though another action has it
    assert hands.editor.says.startswith("Tab is “Next doubtful seam”")
    hands.press(KEY.Key_Escape)
    assert hands.sheet.isVisible()
    assert hands.map.keys_of("mark_in") == ("Shift+F9",)
    hands.press(KEY.Key_Delete)
    assert hands.map.keys_of("mark_in") == ()
    hands.press(KEY.Key_Z, CTRL)
    assert hands.map.keys_of("mark_in") == ("Shift+F9",)
    hands.press(KEY.Key_Z, CTRL)
    assert hands.map == KeyMap()


def test_a_conflict_is_said_in_place_and_decided_there(hands: Hands) -> None:
    hands.find("mark in")
    hands.press(KEY.Key_Return)  # also from the field
    hands.press(KEY.Key_J)
    assert hands.editor.says == "J is “Play backwards, again for faster”. Take it from there?"
    assert hands.given == []
    hands.click("Leave it")
    assert hands.given == []
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_J)
    hands.press(KEY.Key_Return)  # Take it
    assert hands.map.keys_of("mark_in") == ("J",)
    assert hands.map.keys_of("shuttle_back") == ()
    combo = _only(hands.sheet, QComboBox)
    assert combo.currentText() == "Seamline (changed)"
    hands.click("Reset all")
    assert hands.map == KeyMap()
    assert combo.currentText() == "Seamline"


def test_keys_that_cannot_be_given_are_explained(hands: Hands) -> None:
    hands.find("mark in")
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_F, Qt.KeyboardModifier.AltModifier)
    assert hands.editor.says == "Alt+F opens the menu Film: press another key."
    hands.press(KEY.Key_Return)
    assert "works lists and dialogs" in hands.editor.says
    hands.press(KEY.Key_Shift)  # no key yet
    hands.press(KEY.Key_9, Qt.KeyboardModifier.KeypadModifier)
    assert hands.map.keys_of("mark_in") == ("9",)


def test_the_mouse_takes_a_key_away_adds_one_and_resets(hands: Hands) -> None:
    hands.find("add a cut")
    hands.click("M  ×")
    assert hands.map.keys_of("add_seam") == ("Ctrl+K",)
    hands.click("Add a key")
    hands.press(KEY.Key_Question, SHIFT)
    assert hands.editor.says.startswith("? is “Keyboard shortcuts”")
    hands.click("Take it")
    assert hands.map.keys_of("add_seam") == ("Ctrl+K", "?")
    assert hands.map.keys_of("show_shortcuts") == ("F1",)
    hands.click("Reset")
    assert hands.map == KeyMap()


def test_a_click_elsewhere_ends_the_waiting_for_a_key(hands: Hands) -> None:
    hands.find("mark in")
    hands.press(KEY.Key_Return)
    hands.find("mute")
    assert not _only(hands.editor, KeyRecorder).isVisible()
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_F9)
    assert hands.map.keys_of("mute") == ("F9",)
    assert hands.map.keys_of("mark_in") == ("I",)


def test_an_action_is_found_by_pressing_its_key(hands: Hands) -> None:
    hands.click("By key")
    hands.press(KEY.Key_K, CTRL)
    assert hands.listed == ["Add a cut here"]
    hands.press(KEY.Key_F9)
    assert hands.listed == []
    hands.press(KEY.Key_Escape)
    assert hands.sheet.isVisible()
    assert len(hands.listed) == len(SHORTCUTS) + len(AUDITION_KEYS)


def test_the_keys_of_the_audition_are_listed_and_fixed(hands: Hands) -> None:
    hands.find("onion")
    assert hands.listed == ["Onion skin: half of each frame"]
    assert hands.editor.says == FIXED
    for key in (KEY.Key_Return, KEY.Key_Insert, KEY.Key_Delete):
        hands.press(key)
    assert hands.given == []
    hands.find("")
    hands.click("By key")
    hands.press(KEY.Key_J, SHIFT)
    assert hands.listed == ["A ends a frame earlier"]
    text = hands.sheet.as_text()
    assert "Audition of match cuts (fixed)\n  Play or pause: Space\n" in text


def test_a_preset_is_chosen_by_keys_and_taken_back(hands: Hands) -> None:
    combo = _only(hands.sheet, QComboBox)
    hands.find("mark in")
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_F9)
    combo.setFocus()
    hands.press(KEY.Key_A)  # Avid Media Composer
    assert hands.map == KeyMap("Avid Media Composer")
    hands.click("Undo")
    assert hands.map.keys_of("mark_in") == ("F9",)
    assert combo.currentText() == "Seamline (changed)"


def test_rows_say_what_is_changed_and_the_text_has_every_action(hands: Hands) -> None:
    hands.sheet.set_map(KeyMap("Premiere Pro").with_keys("mute", []))
    tree = _only(hands.sheet, QTreeWidget)
    (row,) = tree.findItems("Mute the sound", Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly)
    assert (row.text(1), row.text(2)) == ("–", "changed")
    hands.click("Copy as text")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Keyboard shortcuts: Premiere Pro (changed)\n")
    assert "  Mute the sound: –\n" in text
    assert text.count("\n  ") == len(SHORTCUTS) + len(AUDITION_KEYS)


def test_a_double_click_on_a_row_waits_for_its_key(hands: Hands) -> None:
    tree = _only(hands.sheet, QTreeWidget)
    (row,) = tree.findItems("Mark out", Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly)
    at: QPoint = tree.visualItemRect(row).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    hands.press(KEY.Key_F9)
    assert hands.map.keys_of("mark_out") == ("F9",)


def test_every_control_has_a_name(hands: Hands) -> None:
    for widget in (*hands.sheet.findChildren(QPushButton), *hands.sheet.findChildren(QComboBox)):
        assert widget.accessibleName() or isinstance(widget, QPushButton)
        assert widget.toolTip()
