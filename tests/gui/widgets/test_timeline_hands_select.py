"""Selecting several seams on the timeline: by a band, by clicks with Shift and Ctrl."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from timeline_hands import FLAG_Y, LEFT, PLOT_Y, drag, emitted, move, shown_timeline

from seamline.project.types import Origin, Seam, SeamKind
from seamline_widgets.timeline import TimelineView

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
CUT = Seam(249, 250, id="cut")
DISSOLVE = Seam(499, 550, SeamKind.DISSOLVE, id="dissolve")
USERS_CUT = Seam(799, 800, origin=Origin.USER, id="mine")
ColourAt = Callable[..., str]


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    return shown_timeline(qtbot, [CUT, DISSOLVE, USERS_CUT])


# a band


def test_a_band_between_the_flags_selects_what_stands_in_it(view: TimelineView) -> None:
    selected, scrubbed = emitted(view.seams_selected), emitted(view.scrubbed)
    drag(view, 150, 600)
    assert selected == [(("cut", "dissolve"),)]
    assert view.selected_id == "cut"
    assert scrubbed == []


def test_a_band_can_be_drawn_to_the_left_and_touches_part_of_a_dissolve(view: TimelineView) -> None:
    selected = emitted(view.seams_selected)
    drag(view, 900, 548)
    assert selected == [(("dissolve", "mine"),)]


def test_the_band_is_seen_and_what_it_selects_too(view: TimelineView, colour_at: ColourAt) -> None:
    before = [colour_at(view, x, PLOT_Y) for x in (300, 700, 247)]
    drag(view, 150, 600, held=True)
    after = [colour_at(view, x, PLOT_Y) for x in (300, 700, 247)]
    assert [a != b for a, b in zip(before, after, strict=True)] == [True, False, True]
    QTest.mouseRelease(view, LEFT, pos=QPoint(600, FLAG_Y))
    assert colour_at(view, 300, PLOT_Y) == before[0]
    assert colour_at(view, 247, PLOT_Y) != before[2]


def test_a_band_around_nothing_selects_nothing(view: TimelineView) -> None:
    view.set_selected("cut")
    selected = emitted(view.seams_selected)
    drag(view, 600, 700)
    assert selected == [((),)]
    assert view.selected_id is None


@pytest.mark.parametrize("keys", [SHIFT, CTRL])
def test_a_band_with_shift_or_ctrl_adds(view: TimelineView, keys: Qt.KeyboardModifier) -> None:
    view.set_selected("mine")
    selected = emitted(view.seams_selected)
    drag(view, 150, 300, keys=keys)
    assert selected == [(("mine", "cut"),)]


def test_with_ctrl_a_band_begins_anywhere(view: TimelineView) -> None:
    selected, scrubbed = emitted(view.seams_selected), emitted(view.scrubbed)
    drag(view, 250, 600, PLOT_Y, CTRL)
    assert selected == [(("cut", "dissolve"),)]
    assert scrubbed == []


def test_escape_gives_a_band_up(view: TimelineView, colour_at: ColourAt) -> None:
    view.set_selected("mine", ["cut"])
    selected = emitted(view.seams_selected)
    before = view.grab().toImage()
    drag(view, 450, 600, held=True)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    move(view, 700, FLAG_Y)
    QTest.mouseRelease(view, LEFT, pos=QPoint(700, FLAG_Y))
    assert selected == []
    assert view.selected_id == "mine"
    assert colour_at(view, 247, PLOT_Y) == before.pixelColor(247, PLOT_Y).name()


def test_a_band_follows_seams_that_the_analysis_finds(view: TimelineView) -> None:
    selected = emitted(view.seams_selected)
    drag(view, 150, 450, held=True)
    view.set_seams([CUT, Seam(399, 400, id="new"), DISSOLVE])
    view.set_selected(None)  # as the window says after every news of the analysis
    QTest.mouseRelease(view, LEFT, pos=QPoint(450, FLAG_Y))
    assert selected == [(("cut", "new"),)]


def test_a_click_between_the_flags_goes_there(view: TimelineView) -> None:
    view.set_selected("cut", ["mine"])
    scrubbed, selected = emitted(view.scrubbed), emitted(view.seam_selected)
    QTest.mouseClick(view, LEFT, pos=QPoint(400, FLAG_Y))
    assert scrubbed == [(400,)]
    assert selected == [("",)]
    assert view.selected_id is None


# clicks


@pytest.mark.parametrize("y", [FLAG_Y, PLOT_Y])
def test_ctrl_and_click_adds_and_takes_away(view: TimelineView, y: int) -> None:
    selected = emitted(view.seams_selected)
    view.set_selected("cut")
    QTest.mouseClick(view, LEFT, CTRL, QPoint(800, y))
    QTest.mouseClick(view, LEFT, CTRL, QPoint(800, y))
    QTest.mouseClick(view, LEFT, CTRL, QPoint(600, y))  # where nothing is
    assert selected == [(("mine", "cut"),), (("cut",),)]


def test_shift_and_click_selects_up_to_a_seam(view: TimelineView) -> None:
    selected, scrubbed = emitted(view.seams_selected), emitted(view.scrubbed)
    view.set_selected("mine")
    QTest.mouseClick(view, LEFT, SHIFT, QPoint(250, FLAG_Y))
    QTest.mouseClick(view, LEFT, SHIFT, QPoint(525, FLAG_Y))
    assert selected == [(("mine", "cut", "dissolve"),), (("mine", "dissolve"),)]
    assert scrubbed == []


def test_a_click_on_one_of_several_selects_it_alone(view: TimelineView) -> None:
    view.set_selected("mine", ["cut"])
    selected = emitted(view.seam_selected)
    QTest.mouseClick(view, LEFT, pos=QPoint(250, FLAG_Y))
    assert selected == [("cut",)]
    view.set_selected("cut", ["mine"])
    QTest.mouseClick(view, LEFT, pos=QPoint(250, FLAG_Y))
    assert selected == [("cut",), ("cut",)]
