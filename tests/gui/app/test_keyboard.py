"""The window's keys: given to actions, kept, and read from files; and where Tab and F6 lead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from seamline_app.keyboard import Keyboard, KeyboardError
from seamline_app.keys_dialog import show_keys
from seamline_app.panes import Panes
from seamline_resources.key_map import KeyMap
from seamline_widgets.actions import make_actions, menu_keys

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Desk:
    """A window with the parts that ours has, and what it keeps."""

    def __init__(self, qtbot: QtBot, kept: str = "") -> None:
        self.kept = kept
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.menuBar().addMenu("&Film")
        self.actions = make_actions(self.window)
        self.keyboard = Keyboard(
            self.actions, lambda: self.kept, self._keep, menu_keys(self.window.menuBar()), self.window
        )
        self.picture, self.timeline, self.hidden = _pane(), _pane(), _pane()
        self.buttons, self.side = QWidget(), QWidget()
        row, column = QVBoxLayout(self.buttons), QVBoxLayout(self.side)
        self.play, self.stop = QToolButton(), QToolButton()
        for button in (self.play, self.stop):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        self.field, self.list = QLineEdit(), QListWidget()
        self.list.addItems(["one", "two"])
        column.addWidget(self.field)
        column.addWidget(self.list)
        body = QWidget()
        whole = QVBoxLayout(body)
        for widget in (self.picture, self.buttons, self.hidden, self.side, self.timeline):
            whole.addWidget(widget)
        self.hidden.hide()
        self.window.setCentralWidget(body)
        pairs = [("Picture", self.picture), ("Transport", self.buttons), ("Seam review", self.hidden)]
        self.panes = Panes(
            self.window,
            [*pairs, ("Shots", self.side), ("Timeline", self.timeline)],
            [self.picture, self.timeline],
        )
        self.actions["next_pane"].triggered.connect(self.panes.next_pane)
        self.actions["previous_pane"].triggered.connect(self.panes.previous_pane)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def _keep(self, text: str) -> None:
        self.kept = text

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)


def _pane() -> QWidget:
    pane = QWidget()
    pane.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return pane


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_a_changed_key_triggers_its_action_at_once_and_stands_in_its_tip(desk: Desk) -> None:
    desk.picture.setFocus()
    mark, back = (QSignalSpy(desk.actions[name], "2triggered(bool)") for name in ("mark_in", "shuttle_back"))
    desk.press(KEY.Key_J)
    assert (mark.count(), back.count()) == (0, 1)
    desk.keyboard.set_map(desk.keyboard.map.with_keys("mark_in", ["J"]))
    desk.press(KEY.Key_J)
    desk.press(KEY.Key_I)
    assert (mark.count(), back.count()) == (1, 1)
    assert desk.actions["mark_in"].toolTip().startswith("Mark in (J)\n")
    assert desk.actions["shuttle_back"].toolTip() == "Play backwards, again for faster"


def test_keys_are_kept_until_the_next_start(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.keyboard.changed):
        desk.keyboard.set_map(KeyMap("Avid Media Composer").with_keys("mute", ["F9"]))
    again = Desk(qtbot, desk.kept)
    assert again.keyboard.map == desk.keyboard.map
    assert again.actions["mute"].shortcut() == QKeySequence("F9")
    assert again.actions["mark_shot"].shortcut() == QKeySequence("T")


@pytest.mark.parametrize(
    "kept", ["{", "[" * 100_000, "null", '{"seamline_keys": 1, "preset": "vi", "keys": {}}']
)
def test_what_cannot_be_read_leaves_the_usual_keys(qtbot: QtBot, kept: str) -> None:
    assert Desk(qtbot, kept).keyboard.map == KeyMap()


def test_a_map_goes_to_a_file_and_back(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    changed = KeyMap("Premiere Pro").with_keys("mark_in", ["F9", "Ä"])
    desk.keyboard.set_map(changed)
    desk.keyboard.export_to(tmp_path / "mine.json")
    other = Desk(qtbot)
    assert other.keyboard.import_from(tmp_path / "mine.json") == 0
    assert other.keyboard.map == changed


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 60_000,
        b" " * 70_000,
        b'{"seamline_keys": NaN}',
        b'{"seamline_keys": 1' + b"0" * 5000 + b"}",
    ],
)
def test_a_strangers_file_is_refused_by_name_and_changes_nothing(
    desk: Desk, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "theirs.json"
    path.write_bytes(content)
    with pytest.raises(KeyboardError, match=r"theirs\.json"):
        desk.keyboard.import_from(path)
    with pytest.raises(KeyboardError, match="absent"):
        desk.keyboard.import_from(tmp_path / "absent.json")
    with pytest.raises(KeyboardError, match="no file"):
        desk.keyboard.import_from(tmp_path)
    assert desk.keyboard.map == KeyMap()
    assert desk.kept == ""


def test_no_action_gets_a_key_that_opens_a_menu(qtbot: QtBot, tmp_path: Path) -> None:
    theirs = json.dumps(
        {"seamline_keys": 1, "preset": "Seamline", "keys": {"mute": ["Alt+F"], "undo": ["F9", "Alt+F"]}}
    )
    (tmp_path / "theirs.json").write_text(theirs)
    desk = Desk(qtbot)
    assert desk.keyboard.import_from(tmp_path / "theirs.json") == 2
    again = Desk(qtbot, theirs)  # such as a version before kept it
    for one in (desk, again):
        used = [key.toString() for action in one.actions.values() for key in action.shortcuts()]
        assert "Alt+F" not in used
        assert one.actions["undo"].shortcuts() == [QKeySequence("F9")]
        assert one.actions["mute"].shortcuts() != []


def test_the_sheet_over_the_window_imports_and_exports(
    desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "theirs.json"
    theirs.write_text(
        json.dumps({"seamline_keys": 1, "preset": "Seamline", "keys": {"mute": ["F9"], "x": []}})
    )
    mine = tmp_path / "mine.json"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(theirs), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(mine), ""))

    def work(sheet: QDialog) -> int:
        def click(text: str) -> None:
            buttons = sheet.findChildren(QPushButton)
            QTest.mouseClick(next(b for b in buttons if b.text() == text), Qt.MouseButton.LeftButton)

        sheet.show()
        click("Import…")
        assert desk.actions["mute"].shortcut() == QKeySequence("F9")
        click("Export…")
        click("Undo")
        assert desk.keyboard.map == KeyMap()
        sheet.close()
        return 0

    monkeypatch.setattr("seamline_widgets.shortcuts_sheet.ShortcutsSheet.exec", work)
    show_keys(desk.keyboard, desk.window.menuBar(), desk.window)
    assert json.loads(mine.read_text())["keys"] == {"mute": ["F9"]}


def test_tab_goes_to_the_next_doubtful_seam_only_from_picture_and_timeline(desk: Desk) -> None:
    doubtful = QSignalSpy(desk.actions["next_doubtful"], "2triggered(bool)")
    before = QSignalSpy(desk.actions["previous_doubtful"], "2triggered(bool)")
    for pane in (desk.picture, desk.timeline):
        pane.setFocus()
        desk.press(KEY.Key_Tab)
        desk.press(KEY.Key_Backtab, SHIFT)
        assert pane.hasFocus()
    assert (doubtful.count(), before.count()) == (2, 2)
    desk.play.setFocus()
    desk.press(KEY.Key_Tab)
    assert desk.stop.hasFocus()
    desk.press(KEY.Key_Backtab, SHIFT)
    assert desk.play.hasFocus()
    desk.field.setFocus()
    desk.press(KEY.Key_Tab)
    assert desk.list.hasFocus()
    assert (doubtful.count(), before.count()) == (2, 2)


def test_tab_is_a_shortcut_where_nothing_has_the_focus(desk: Desk) -> None:
    doubtful = QSignalSpy(desk.actions["next_doubtful"], "2triggered(bool)")
    focus = QApplication.focusWidget()
    if focus is not None:
        focus.clearFocus()
    desk.press(KEY.Key_Tab)
    assert doubtful.count() == 1


def test_tab_moves_on_where_its_action_cannot_be_done(desk: Desk) -> None:
    desk.actions["next_doubtful"].setEnabled(False)
    desk.picture.setFocus()
    desk.press(KEY.Key_Tab)
    assert desk.play.hasFocus()


def test_f6_goes_round_all_that_is_to_be_seen_and_remembers_places(desk: Desk, qtbot: QtBot) -> None:
    entered: list[str] = []
    desk.panes.entered.connect(entered.append)
    desk.picture.setFocus()
    desk.press(KEY.Key_F6)
    assert desk.play.hasFocus()
    desk.press(KEY.Key_Tab)
    desk.press(KEY.Key_F6)
    assert desk.field.hasFocus()  # the hidden one is passed by
    desk.press(KEY.Key_F6)
    desk.press(KEY.Key_F6)
    assert entered == ["Transport", "Shots", "Timeline", "Picture"]
    desk.press(KEY.Key_F6)
    assert desk.stop.hasFocus()  # where the keyboard was last
    desk.press(KEY.Key_F6, SHIFT)
    desk.press(KEY.Key_F6, SHIFT)
    assert desk.timeline.hasFocus()
    desk.hidden.show()
    desk.press(KEY.Key_F6, SHIFT)
    desk.press(KEY.Key_F6, SHIFT)
    assert desk.hidden.hasFocus()
