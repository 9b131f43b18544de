"""The list of steps: what was done, and the way back to any of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seamline_widgets.step_list import FIRST, StepList

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands


def _list(hands: Hands) -> StepList:
    steps = hands.window.findChild(StepList)
    assert isinstance(steps, StepList)
    return steps


def _texts(hands: Hands) -> list[str]:
    steps = _list(hands)
    return [steps.item(row).text() for row in range(steps.count())]


def _undone(hands: Hands) -> list[int]:
    steps, role = _list(hands), Qt.ItemDataRole.AccessibleDescriptionRole
    return [row for row in range(steps.count()) if steps.item(row).data(role) == "undone"]


def _click(hands: Hands, row: int) -> None:
    steps = _list(hands)
    at = steps.visualItemRect(steps.item(row)).center()
    QTest.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=at)


def _work(hands: Hands, film: FilmSpec) -> None:
    """A cut added at 80, the one at 25 moved to 27, the one at 60 deleted."""
    hands.open(film)
    hands.add_cut(80)
    hands.window.go_to(0)
    hands.press("Down")
    hands.press("Alt+Right", times=2)
    hands.delete_at(60)
    assert hands.cuts == [27, 80]


def test_a_click_goes_back_and_on_again(hands: Hands, film: FilmSpec) -> None:
    _work(hands, film)
    hands.press("Ctrl+H")
    assert _list(hands).isVisible()
    assert _texts(hands) == [FIRST, "Add cut", "Move cut", "Move cut", "Delete cut"]
    assert _list(hands).currentRow() == 4
    for row, cuts in ((2, [26, 60, 80]), (0, [25, 60]), (4, [27, 80]), (1, [25, 60, 80])):
        _click(hands, row)
        assert hands.cuts == cuts
        assert _undone(hands) == list(range(row + 1, 5))
        assert _list(hands).currentRow() == row
    hands.press("Ctrl+Shift+Z")
    assert hands.cuts == [26, 60, 80]
    assert _list(hands).currentRow() == 2
    # another step from here: what was undone is gone
    hands.add_cut(40)
    assert _texts(hands) == [FIRST, "Add cut", "Move cut", "Add cut"]
    assert _undone(hands) == []


def test_with_the_keyboard_alone(hands: Hands, film: FilmSpec) -> None:
    _work(hands, film)
    hands.press("Ctrl+H")
    steps = _list(hands)
    steps.setFocus(Qt.FocusReason.TabFocusReason)
    for key in ("Up", "Up", "Return"):
        QTest.keySequence(hands.window.windowHandle(), key)
    assert hands.cuts == [26, 60, 80]
    for key in ("Home", "Return"):
        QTest.keySequence(hands.window.windowHandle(), key)
    assert hands.cuts == [25, 60]
    assert QApplication.focusWidget() is steps


def test_all_of_it_is_there_after_closing_and_opening(
    hands: Hands, film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    _work(hands, film)
    hands.press("Ctrl+Z")
    again = reopened(hands, film)
    again.press("Ctrl+H")
    assert _texts(again) == [FIRST, "Add cut", "Move cut", "Move cut", "Delete cut"]
    assert _undone(again) == [4]
    _click(again, 4)
    assert again.cuts == [27, 80]
    _click(again, 0)
    assert again.cuts == [25, 60]


def test_steps_beside_those_about_seams(hands: Hands, film: FilmSpec, long_film: FilmSpec) -> None:
    hands.open(film)
    hands.press("Ctrl+H")
    assert _texts(hands) == []
    hands.press("Ctrl+A")
    hands.press("C")
    hands.menu("Shots", "Colour", "Red")
    hands.press("Ctrl+H")
    texts = _texts(hands)
    assert texts[:2] == [FIRST, "Confirm 2 seams"]
    assert "olour" in texts[2]
    _click(hands, 1)
    assert hands.window.actions_by_id["redo"].text() == f"Redo: {texts[2]}"
    hands.open(long_film)
    assert _texts(hands) == []
