"""In and out as editors know them, kept with the film."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from seamline.project.types import Shot
from seamline_app.marks import Marks
from seamline_widgets.actions import make_actions

SHOTS = (Shot(1, 0, 100, None), Shot(2, 100, 250, None), Shot(3, 250, 1000, None))


class Bench:
    """Marks over a film of a thousand frames, with their keys, and what they told."""

    def __init__(self, window: QMainWindow, stored: object = None) -> None:
        self.window = window
        self.actions: dict[str, QAction] = make_actions(window)
        self.frame = 0
        self.stored = stored
        self.ranges: list[tuple[int | None, int | None]] = []
        self.looping: list[bool] = []
        self.marks = Marks(
            self, self.actions, lambda: self.frame, self._go_to, lambda: SHOTS,
            read=lambda: self.stored, write=self._write, parent=window,
        )  # fmt: skip

    def _go_to(self, frame: int) -> None:
        self.frame = frame

    def _write(self, value: object) -> None:
        self.stored = value

    def set_range(self, start_frame: int | None, end_frame: int | None) -> None:
        self.ranges.append((start_frame, end_frame))

    def set_looping(self, looping: bool, /) -> None:
        self.looping.append(looping)

    def press(self, key: str, at: int | None = None) -> None:
        if at is not None:
            self.frame = at
        QTest.keySequence(self.window, key)

    def marked(self) -> tuple[int | None, int | None]:
        assert self.ranges[-1] == (self.marks.in_frame, self.marks.out_frame), (
            "the player plays what is marked"
        )
        return self.ranges[-1]


@pytest.fixture
def make_bench(qtbot: QtBot) -> Callable[..., Bench]:
    def make(stored: object = None) -> Bench:
        window = QMainWindow()
        qtbot.addWidget(window)
        bench = Bench(window, stored)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        bench.marks.open(1000)
        return bench

    return make


def test_i_and_o_mark_and_lead_back(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    bench.press("I", at=120)
    assert bench.marked() == (120, None)
    bench.press("O", at=180)
    assert bench.marked() == (120, 180)
    bench.press("Shift+I")
    assert bench.frame == 120
    bench.press("Shift+O")
    assert bench.frame == 180
    bench.press("Alt+X")
    assert bench.marked() == (None, None)
    bench.press("Shift+I", at=7)
    assert bench.frame == 7


def test_an_in_behind_the_out_takes_it_away_and_the_other_way_round(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    bench.press("O", at=100)
    bench.press("I", at=101)
    assert bench.marked() == (101, None)
    bench.press("O", at=100)
    assert bench.marked() == (None, 100)
    bench.press("I", at=100)
    assert bench.marked() == (100, 100), "a single frame can be marked"


def test_x_marks_the_shot_under_the_playhead(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    for frame, marked in ((0, (0, 99)), (99, (0, 99)), (100, (100, 249)), (999, (250, 999))):
        bench.press("X", at=frame)
        assert bench.marked() == marked


def test_every_change_is_told_and_stored_once(make_bench: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make_bench()
    with qtbot.waitSignal(bench.marks.changed):
        bench.marks.set_frames(300, 200)
    assert bench.marked() == (200, 300)
    assert bench.stored == {"in": 200, "out": 300}
    bench.stored = None
    with qtbot.assertNotEmitted(bench.marks.changed):
        bench.marks.set_frames(200, 300)
    assert bench.stored is None
    bench.marks.set_frames(-5, 5000)
    assert bench.marked() == (0, 999)


def test_marks_come_back_with_the_film(make_bench: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make_bench({"in": 5, "out": None})
    assert bench.marked() == (5, None)
    with qtbot.waitSignal(bench.marks.changed):
        bench.marks.close()
    assert bench.marked() == (None, None)
    assert bench.stored == {"in": 5, "out": None}, "closing a film forgets nothing"
    bench.marks.open(1000)
    assert bench.marked() == (5, None)
    bench.marks.open(3)
    assert bench.marked() == (None, None)


@pytest.mark.parametrize(
    "stored",
    [None, [], "x", 5, {"in": "5"}, {"in": True}, {"in": -1, "out": 1000}, {"in": 9, "out": 8}, {"in": 1.5}],
)
def test_what_cannot_have_been_stored_marks_nothing(make_bench: Callable[..., Bench], stored: object) -> None:
    assert make_bench(stored).marked() == (None, None)


def test_only_what_can_be_done_is_offered(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()

    def offered() -> set[str]:
        ids = ("mark_in", "mark_out", "mark_shot", "clear_marks", "go_to_in", "go_to_out", "play_loop")
        return {action_id for action_id in ids if bench.actions[action_id].isEnabled()}

    marking = {"mark_in", "mark_out", "mark_shot", "play_loop"}
    assert offered() == marking
    bench.marks.mark_out(50)
    assert offered() == marking | {"clear_marks", "go_to_out"}
    bench.marks.close()
    assert offered() == set()
    bench.marks.mark_in(3)
    assert bench.marked() == (None, None)


def test_the_loop_is_switched_by_its_key(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    bench.press("Ctrl+L")
    assert bench.actions["play_loop"].isChecked()
    bench.press("Ctrl+L")
    assert bench.looping == [True, False]
