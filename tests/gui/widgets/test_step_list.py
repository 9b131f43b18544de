"""The list of steps: what it says, and how one goes back in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from seamline_widgets.step_list import EMPTY_HINT, FIRST, StepList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

STEPS = [("Add cut", "01:00:02:00"), ("Move dissolve", "01:00:04:10"), ("Confirm 3 seams", "")]


@pytest.fixture
def steps(qtbot: QtBot) -> StepList:
    view = StepList()
    qtbot.addWidget(view)
    view.resize(360, 240)
    view.show()
    qtbot.waitExposed(view)
    return view


def _chosen(view: StepList) -> list[int]:
    chosen: list[int] = []
    view.step_chosen.connect(chosen.append)
    return chosen


def texts(view: StepList) -> list[str]:
    return [view.item(row).text() for row in range(view.count())]


def test_it_says_what_was_done_from_the_beginning_on(steps: StepList) -> None:
    steps.set_steps(STEPS, 2)
    assert texts(steps) == [FIRST, "Add cut", "Move dissolve", "Confirm 3 seams"]
    assert steps.currentRow() == 2
    undone = [steps.item(row).data(Qt.ItemDataRole.AccessibleDescriptionRole) == "undone" for row in range(4)]
    assert undone == [False, False, False, True]


def test_without_a_step_it_says_what_it_is_for(steps: StepList) -> None:
    steps.set_steps(STEPS, 3)
    steps.set_steps([], 0)
    assert steps.count() == 0
    assert EMPTY_HINT


def test_other_steps_take_the_place_of_those_that_were_undone(steps: StepList) -> None:
    steps.set_steps(STEPS, 1)
    steps.set_steps([STEPS[0], ("Delete wipe", "01:00:09:00")], 2)
    assert texts(steps) == [FIRST, "Add cut", "Delete wipe"]
    assert steps.currentRow() == 2


@pytest.mark.parametrize("row", [0, 1, 3])
def test_a_click_goes_to_that_step(steps: StepList, row: int) -> None:
    steps.set_steps(STEPS, 2)
    chosen = _chosen(steps)
    middle = steps.visualItemRect(steps.item(row)).center()
    QTest.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert chosen == [row]


def test_a_click_on_the_present_one_does_nothing(steps: StepList) -> None:
    steps.set_steps(STEPS, 2)
    chosen = _chosen(steps)
    QTest.mouseClick(
        steps.viewport(), Qt.MouseButton.LeftButton, pos=steps.visualItemRect(steps.item(2)).center()
    )
    assert chosen == []


def test_arrows_and_enter_go_to_a_step(steps: StepList) -> None:
    steps.set_steps(STEPS, 3)
    chosen = _chosen(steps)
    steps.setFocus()
    QTest.keyClick(steps, Qt.Key.Key_Up)
    QTest.keyClick(steps, Qt.Key.Key_Up)
    assert chosen == []
    QTest.keyClick(steps, Qt.Key.Key_Return)
    assert chosen == [1]


def test_what_is_undone_is_dimmed_and_says_so(steps: StepList) -> None:
    steps.set_steps(STEPS, 3)
    done = steps.grab(steps.visualItemRect(steps.item(2))).toImage()
    steps.set_steps(STEPS, 1)
    undone = steps.grab(steps.visualItemRect(steps.item(2))).toImage()
    assert done != undone
