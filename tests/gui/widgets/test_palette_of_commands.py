"""The command palette: how letters find commands, and how keys choose them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from seamline_widgets.actions import make_actions
from seamline_widgets.command_palette import CommandPalette
from seamline_widgets.commands import commands_of
from seamline_widgets.fuzzy import fuzzy_match

KEY = Qt.Key


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("shot", "Mark the shot", "Show the whole film"),  # a word before letters strewn about
        ("nds", "Next doubtful seam", "Join the selected shots"),  # initials
        ("seam", "Seam review", "Confirm the seam"),  # the first word before a later one
        ("undo", "Undo", "Undo all of the steps"),  # the shorter one
        ("film open", "Open a film", "Open a folder of films from mp"),  # words in any order
    ],
)
def test_the_better_fit_has_the_higher_score(query: str, better: str, worse: str) -> None:
    first, second = fuzzy_match(query, better), fuzzy_match(query, worse)
    assert first is not None
    assert second is None or first.score > second.score


def test_a_match_says_which_letters_were_typed() -> None:
    match = fuzzy_match("NDS", "Next doubtful seam")
    assert match is not None
    assert match.positions == (0, 5, 14)
    assert fuzzy_match("sdn", "Next doubtful seam") is None
    assert fuzzy_match("", "Anything") is not None
    # a capital that becomes two letters does not shift what comes after
    dotted = fuzzy_match("x", "İx")
    assert dotted is not None
    assert dotted.positions == (1,)


class Desk:
    """A window with menus and a palette, and hands on it."""

    def __init__(self, qtbot: QtBot, recent_ids: tuple[str, ...] = ()) -> None:
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(900, 600)
        self.actions = make_actions(self.window)
        film, seams = self.window.menuBar().addMenu("&Film"), self.window.menuBar().addMenu("&Seams")
        film.addAction(self.actions["open_film"])
        self.recent = film.addMenu("Open recent")
        self.recent.aboutToShow.connect(self._fill_recent)
        film.addSeparator()
        film.addAction(self.actions["quit"])
        for action_id in (
            "next_seam",
            "next_doubtful",
            "confirm_seam",
            "delete_seam",
            "snapping",
            "command_palette",
        ):
            seams.addAction(self.actions[action_id])
        self.actions["snapping"].setCheckable(True)
        self.actions["delete_seam"].setEnabled(False)
        self.triggered: list[str] = []
        for name, action in self.actions.items():
            action.triggered.connect(lambda _=False, name=name: self._note(name))
        self.went: list[str] = []
        self.recents: list[tuple[str, ...]] = []
        self.palette = CommandPalette(
            self.window,
            lambda: commands_of(self.window.menuBar(), [self.actions["command_palette"]]),
            self._extra,
            recent_ids,
        )
        self.palette.recents_changed.connect(self.recents.append)
        self.window.show()
        self.palette.open()
        field = self.palette.findChild(QLineEdit)
        assert isinstance(field, QLineEdit)
        self.field = field

    def type(self, text: str) -> None:
        self.field.clear()
        QTest.keyClicks(self.field, text)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.field, key)

    @property
    def current(self) -> object:
        """What is marked in the list, which Enter runs."""
        return self.palette._list.currentIndex().data()

    def _note(self, name: str) -> None:
        assert not self.palette.isVisible()  # first the palette goes
        self.triggered.append(name)

    def _fill_recent(self) -> None:
        self.recent.clear()
        self.recent.addAction(QAction("interview && talk.mov", self.recent))

    def _extra(self, text: str) -> list[tuple[str, Callable[[], None]]]:
        return [(f"Go to {text}", lambda: self.went.append(text))] if text[:1].isdigit() else []


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_all_commands_are_listed_with_what_cannot_be_done_last(desk: Desk) -> None:
    assert desk.palette.titles() == [
        *("Open a film", "interview & talk.mov", "Quit"),
        *("Next seam", "Next doubtful seam", "Confirm the seam", "Snap to seams (off)", "Delete the seam"),
    ]
    assert desk.palette.width() <= desk.window.width()


def test_enter_closes_the_palette_and_then_triggers(desk: Desk, qtbot: QtBot) -> None:
    desk.type("conf")
    assert desk.current == "Confirm the seam"
    desk.press(KEY.Key_Return)
    assert not desk.palette.isVisible()
    qtbot.waitUntil(lambda: desk.triggered == ["confirm_seam"])
    assert desk.recents == [("confirm_seam",)]
    desk.palette.open()
    assert desk.palette.titles()[0] == "Confirm the seam"  # used last, listed first
    assert desk.field.text() == ""


def test_escape_closes_and_triggers_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.type("quit")
    desk.press(KEY.Key_Escape)
    assert not desk.palette.isVisible()
    qtbot.wait(20)
    assert desk.triggered == []


def test_what_cannot_be_done_now_is_shown_and_stays_undone(desk: Desk, qtbot: QtBot) -> None:
    desk.type("delete")
    assert desk.palette.titles() == ["Delete the seam"]
    desk.press(KEY.Key_Return)
    qtbot.wait(20)
    assert desk.palette.isVisible()
    assert desk.triggered == []


def test_arrows_and_page_keys_move_through_the_list(desk: Desk) -> None:
    titles = desk.palette.titles()
    desk.press(KEY.Key_Down)
    assert desk.current == titles[1]
    desk.press(KEY.Key_Up)
    desk.press(KEY.Key_Up)
    assert desk.current == titles[-1]
    desk.press(KEY.Key_PageUp)
    assert desk.current == titles[0]
    desk.press(KEY.Key_PageDown)
    assert desk.current == titles[-1]
    desk.press(KEY.Key_Tab)
    assert desk.field.hasFocus()


def test_a_click_triggers_and_menus_names_help_to_find(desk: Desk, qtbot: QtBot) -> None:
    desk.type("film quit")
    assert desk.palette.titles() == ["Quit"]
    desk.type("next")
    rows = desk.palette._list
    at = rows.visualRect(rows.model().index(1, 0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: desk.triggered == ["next_doubtful"])


def test_letters_strewn_about_do_not_stand_in_for_a_command_that_cannot_be_done(desk: Desk) -> None:
    menu = desk.window.menuBar().addMenu("&View")
    menu.addActions([desk.actions["undo"], desk.actions["previous_pane"]])  # Previo_u_s part of the wi_ndo_w
    desk.actions["undo"].setEnabled(False)
    desk.palette.close()
    desk.palette.open()
    desk.type("undo")
    assert desk.palette.titles() == ["Undo"]


def test_nothing_found_is_said(desk: Desk) -> None:
    desk.type("xyzzy")
    assert desk.palette.titles() == []
    said = [label.text() for label in desk.palette.findChildren(QLabel) if label.isVisible()]
    assert said == ["No command is called “xyzzy”."]
    desk.press(KEY.Key_Return)
    assert desk.palette.isVisible()


def test_extra_commands_are_made_of_what_was_typed(desk: Desk, qtbot: QtBot) -> None:
    desk.type("01:02:03:04")
    assert desk.current == "Go to 01:02:03:04"
    desk.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: desk.went == ["01:02:03:04"])
    assert desk.recents == []


def test_what_was_used_lately_comes_first(qtbot: QtBot) -> None:
    desk = Desk(qtbot, ("quit", "next_seam", "gone_long_ago", "delete_seam"))
    assert desk.palette.titles()[:3] == ["Quit", "Next seam", "Open a film"]
    assert desk.palette.titles()[-1] == "Delete the seam"


def test_keys_stand_at_the_right_as_the_actions_have_them_now(desk: Desk) -> None:
    desk.actions["quit"].setShortcut("F9")
    keys = {c.command_id: (c.path, c.keys) for c in commands_of(desk.window.menuBar())}
    assert keys["quit"] == ("Film", "F9")
    assert keys["next_doubtful"] == ("Seams", "N or Tab")
    assert keys["Film › Open recent › interview & talk.mov"] == ("Film › Open recent", "")
