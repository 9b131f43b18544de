"""Shots named, commented, coloured, joined and found in the window; what is noted shows on the timeline and stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from seamline_resources import palette
from seamline_widgets.shot_model import Column
from seamline_widgets.timeline_rows import LABELS_PX

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def _key(hands: Hands, *keys: str) -> None:
    """Press keys where the keyboard is, as Qt gives them to a window."""
    for key in keys:
        QTest.keySequence(hands.window.windowHandle(), key)


def _come_back(hands: Hands) -> None:
    """Have the keyboard in the window again: offscreen, a menu that closes gives it to nobody, and some time later."""
    for _ in range(2):
        hands.pause(30)
        hands.window.activateWindow()
        hands.wait(hands.window.isActiveWindow)


def _write(text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    """Type into what has the keyboard, and end it."""
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit | QPlainTextEdit)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, end)


def _rename(hands: Hands, name: str) -> None:
    _key(hands, "F2")
    _write(name)


def _click_row(hands: Hands, row: int, keys: Qt.KeyboardModifier = PLAIN) -> None:
    table = hands.window.shots.table
    at = table.visualRect(table.model().index(row, Column.START)).center()
    QTest.mouseClick(table.viewport(), LEFT, keys, at)


def _label(hands: Hands, frame: int) -> str:
    """What stands on the timeline's row of shots there."""
    return hands.window.timeline.sight().shots.text_at(frame)


def _stripe(hands: Hands, frame: int) -> str:
    """The colour at the foot of the row of shots there."""
    timeline = hands.window.timeline
    image = timeline.grab().toImage()
    ratio = image.devicePixelRatio()
    return image.pixelColor(
        round(timeline.x_of(frame) * ratio), round((timeline.rows.plot_bottom + LABELS_PX - 3) * ratio)
    ).name()


class TestNotes:
    def test_a_name_stands_in_the_list_and_on_the_timeline(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.click_timeline(40)
        hands.sees(40)
        assert _label(hands, 40) == "2"
        _rename(hands, "Harbour, wide")
        hands.wait(lambda: hands.column(Column.NAME)[1] == "Harbour, wide")
        assert _label(hands, 40) == "Harbour, wide"
        _key(hands, "F2")
        _write("never mind", Qt.Key.Key_Escape)
        assert _label(hands, 40) == "Harbour, wide"
        _key(hands, "Ctrl+Z")
        assert _label(hands, 40) == "2"
        _key(hands, "Ctrl+Shift+Z")
        assert _label(hands, 40) == "Harbour, wide"
        # letters of a name are no shortcuts
        _key(hands, "F2", "M", "C", "Space", "X", "Delete", "Home", "Return")
        hands.wait(lambda: _label(hands, 40).lower() == "mc x")
        assert hands.cuts == [25, 60]
        assert hands.window.shown_frame == 40
        assert hands.window.player.speed == 0

    def test_comment_and_colour(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        _click_row(hands, 2)
        hands.sees(60)
        _key(hands, "Shift+F2")
        _write("too dark")
        assert hands.column(Column.COMMENT)[2] == "too dark"
        hands.menu("Shots", "Colour", "Green")
        assert _stripe(hands, 80) == palette.SHOT_COLOURS["green"]
        assert _stripe(hands, 40) != palette.SHOT_COLOURS["green"]
        hands.menu("Shots", "Colour", "No colour")
        _come_back(hands)
        assert _stripe(hands, 80) != palette.SHOT_COLOURS["green"]
        _key(hands, "Ctrl+Z")
        assert _stripe(hands, 80) == palette.SHOT_COLOURS["green"]
        _key(hands, "Ctrl+Z", "Ctrl+Z")
        assert hands.column(Column.COMMENT)[2] == ""

    def test_they_are_there_after_closing_and_opening(
        self, hands: Hands, film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
    ) -> None:
        hands.open(film)
        _click_row(hands, 1)
        _rename(hands, "Harbour")
        _key(hands, "Shift+F2")
        _write("second take")
        hands.menu("Shots", "Colour", "Blue")
        again = reopened(hands, film)
        assert again.column(Column.NAME)[1] == "Harbour"
        assert again.column(Column.COMMENT)[1] == "second take"
        assert _label(again, 40) == "Harbour"
        assert _stripe(again, 40) == palette.SHOT_COLOURS["blue"]

    def test_another_film_opened_meanwhile_ends_a_comment_and_leaves_the_keys_to_the_film(
        self, hands: Hands, film: FilmSpec, long_film: FilmSpec
    ) -> None:
        hands.open(film)
        hands.click_timeline(40)
        hands.sees(40)
        _key(hands, "Shift+F2")
        assert isinstance(QApplication.focusWidget(), QPlainTextEdit)
        hands.open(long_film)
        _key(hands, "Right", "M")
        assert hands.cuts == [1, *range(50, 600, 50)]
        assert hands.column(Column.COMMENT) == [""] * 13


class TestJoining:
    def test_ctrl_j_joins_the_selected_shots_in_one_step(self, hands: Hands, long_film: FilmSpec) -> None:
        hands.open(long_film)
        _click_row(hands, 3)
        _click_row(hands, 6, SHIFT)
        _key(hands, "Ctrl+J")
        assert hands.cuts == [50, 100, 150, *range(350, 600, 50)]
        assert hands.window.actions_by_id["undo"].text() == "Undo: Join 4 shots"
        _key(hands, "Ctrl+Z")
        assert hands.cuts == list(range(50, 600, 50))
        _click_row(hands, 3)
        _key(hands, "Ctrl+J")
        assert hands.message == "Select shots in the list that are neighbours, then join them."
        assert hands.cuts == list(range(50, 600, 50))
        _click_row(hands, 6, SHIFT)
        # in the list Delete takes the seams that its shots begin with, as anywhere
        _key(hands, "Delete")
        assert hands.cuts == [50, 100, *range(350, 600, 50)]
        assert hands.message == ""
        _key(hands, "Ctrl+Z")
        assert hands.cuts == list(range(50, 600, 50))


class TestFinding:
    def test_ctrl_f_filters_and_down_goes_to_the_list(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.click_timeline(40)
        hands.sees(40)
        _rename(hands, "Harbour")
        _key(hands, "Ctrl+F")
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        QTest.keyClicks(field, "harb")
        assert hands.column(Column.NAME) == ["Harbour"]
        assert hands.cuts == []
        _key(hands, "Down")
        assert QApplication.focusWidget() is hands.window.shots.table
        _key(hands, "Ctrl+F", "Esc")
        assert hands.cuts == [25, 60]
        # and from another tab
        hands.menu("View", "Steps")
        _come_back(hands)
        _key(hands, "Ctrl+F")
        assert hands.window.shots.isVisible()

    def test_delete_takes_only_seams_that_the_list_shows(self, hands: Hands, long_film: FilmSpec) -> None:
        hands.open(long_film)
        _click_row(hands, 3)
        _key(hands, "Ctrl+A", "Ctrl+F")
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        table = hands.window.shots.table
        field.setText(hands.column(Column.START)[3])
        assert len(hands.column(Column.START)) == 1
        _key(hands, "Down")
        assert table.hasFocus()
        _key(hands, "Delete")
        _key(hands, "Ctrl+F", "Esc")
        assert hands.cuts == [50, 100, *range(200, 600, 50)]

    def test_only_what_is_to_be_reviewed(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Down")
        hands.press("C")
        bar = hands.window.shots.bar
        QTest.mouseClick(bar.filter_button, LEFT)
        bar.popup.review.setFocus()
        QTest.keyClick(bar.popup.review, Qt.Key.Key_Down)
        assert hands.column(Column.START) == ["10:00:02:10"]
        QTest.keyClick(bar.popup, Qt.Key.Key_Escape)
        hands.wait(lambda: not bar.popup.isVisible())
        _come_back(hands)
        hands.press("Down")
        hands.sees(60)
        hands.press("C")
        assert hands.column(Column.START) == []
        QTest.mouseClick(bar.clear_button, LEFT)
        assert hands.cuts == [25, 60]


class TestTheGrid:
    def test_it_is_toggled_and_remembered(
        self, hands: Hands, film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
    ) -> None:
        hands.open(film)
        shots = hands.window.shots
        _key(hands, "Ctrl+Shift+G")
        assert shots.is_grid
        assert hands.window.actions_by_id["shot_grid"].isChecked()
        QTest.mouseClick(
            shots.grid.viewport(), LEFT, pos=shots.grid.visualRect(shots.model.index(1, Column.NAME)).center()
        )
        hands.sees(25)
        _rename(hands, "Harbour")
        hands.wait(lambda: _label(hands, 40) == "Harbour")
        again = reopened(hands, film)
        bar, switch = again.window.shots.bar, again.window.actions_by_id["shot_grid"]
        assert again.window.shots.grid.isVisible()
        assert switch.isChecked()
        QTest.mouseClick(bar.grid_button, LEFT)
        assert again.window.shots.table.isVisible()
        again.wait(lambda: not switch.isChecked())
