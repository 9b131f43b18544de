"""Snapping: what catches a scrub and a dragged seam, and what never does."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from timeline_hands import FLAG_Y, LEFT, NONE, PLOT_Y, emitted, move, shown_timeline

from seamline.project.types import Seam, SeamKind
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_snap import SnapTargets

CTRL = Qt.KeyboardModifier.ControlModifier
CUT = Seam(249, 250, id="cut")
DISSOLVE = Seam(499, 550, SeamKind.DISSOLVE, id="dissolve")


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    return shown_timeline(qtbot, [CUT, DISSOLVE], snaps=True)


def _drag(
    view: TimelineView, start: int, end: int, y: int = FLAG_Y, keys: Qt.KeyboardModifier = NONE
) -> None:
    QTest.mousePress(view, LEFT, pos=QPoint(start, y))
    move(view, (start + end) // 2, y, keys)
    move(view, end, y, keys)
    QTest.mouseRelease(view, LEFT, pos=QPoint(end, y))


@pytest.mark.parametrize(
    ("x", "frame"),
    [(246, 250), (244, 244), (256, 250), (259, 259), (241, 241), (521, 525), (3, 0), (996, 999), (300, 300)],
)
def test_a_scrub_snaps_to_seams_and_to_the_ends_of_the_film(view: TimelineView, x: int, frame: int) -> None:
    scrubbed = emitted(view.scrubbed)
    _drag(view, 400, x, PLOT_Y)
    assert scrubbed[-1] == (frame,)


def test_a_scrub_snaps_to_in_and_out(view: TimelineView) -> None:
    view.set_in_out(300, 350)
    scrubbed = emitted(view.scrubbed)
    _drag(view, 400, 346, PLOT_Y)
    _drag(view, 400, 304, PLOT_Y)
    assert [frame for frame in scrubbed if frame != (400,)][1::2] == [(350,), (300,)]


@pytest.mark.parametrize(("on", "keys"), [(False, NONE), (True, CTRL)])
def test_snapping_can_be_off_and_ctrl_inverts_it(
    view: TimelineView, on: bool, keys: Qt.KeyboardModifier
) -> None:
    view.set_snapping(on)
    scrubbed = emitted(view.scrubbed)
    _drag(view, 400, 252, PLOT_Y, keys)
    assert scrubbed[-1] == (252,)
    view.set_snapping(not on)
    _drag(view, 400, 252, PLOT_Y, keys)
    assert scrubbed[-1] == (250,)


def test_ctrl_counts_without_a_move_of_the_mouse(view: TimelineView) -> None:
    scrubbed = emitted(view.scrubbed)
    QTest.mousePress(view, LEFT, pos=QPoint(400, PLOT_Y))
    move(view, 253, PLOT_Y)
    QTest.keyPress(view, Qt.Key.Key_Control)
    QTest.keyRelease(view, Qt.Key.Key_Control, CTRL)
    QTest.mouseRelease(view, LEFT, pos=QPoint(253, PLOT_Y))
    assert scrubbed == [(400,), (250,), (253,), (250,)]


def test_a_crowd_of_seams_catches_nothing(view: TimelineView) -> None:
    view.set_seams([Seam(at - 1, at) for at in range(100, 300, 8)])
    scrubbed = emitted(view.scrubbed)
    for x in range(150, 190, 3):
        _drag(view, 400, x, PLOT_Y)
        assert scrubbed[-1] == (x,)


def test_close_up_every_frame_can_be_reached(view: TimelineView) -> None:
    view.set_playhead(250)
    while view.x_of(1) - view.x_of(0) < 6:
        view.zoom_in()
    scrubbed = emitted(view.scrubbed)
    QTest.mousePress(view, LEFT, pos=QPoint(round(view.x_of(240)), PLOT_Y))
    for x in range(round(view.x_of(241)), round(view.x_of(260))):
        move(view, x, PLOT_Y)
    QTest.mouseRelease(view, LEFT, pos=QPoint(round(view.x_of(260)), PLOT_Y))
    assert {frame for (frame,) in scrubbed} >= set(range(241, 259))


def test_the_target_is_marked_while_it_holds(view: TimelineView) -> None:
    view.set_selected(None)

    def column(x: int) -> list[str]:
        image = view.grab().toImage()
        return [image.pixelColor(x, y).name() for y in range(22, 120)]

    before = column(250)
    _drag(view, 400, 320, PLOT_Y)
    assert column(250) == before
    QTest.mousePress(view, LEFT, pos=QPoint(400, FLAG_Y + 50))
    move(view, 252, PLOT_Y)
    held = column(250)
    move(view, 230, PLOT_Y)
    QTest.mouseRelease(view, LEFT, pos=QPoint(230, PLOT_Y))
    assert held != before
    assert column(250) == before


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (250, 296, ("cut", 299, 300)),  # to the playhead
        (250, 303, ("cut", 299, 300)),
        (250, 309, ("cut", 308, 309)),
        (250, 104, ("cut", 99, 100)),  # to the in point
        (250, 145, ("cut", 150, 151)),  # to the frame after the out point
        (250, 430, ("cut", 429, 430)),
        (250, 447, ("cut", 449, 450)),  # to what is proposed but does not count
        (525, 426, ("dissolve", 398, 449)),  # its middle ...
        (525, 328, ("dissolve", 299, 350)),  # ... or an end of it, whatever is nearest
        (501, 453, ("dissolve", 449, 550)),  # an edge
    ],
)
def test_a_seam_snaps(view: TimelineView, start: int, end: int, expected: tuple[object, ...]) -> None:
    view.set_playhead(300)
    view.set_in_out(100, 150)
    view.set_faint([Seam(449, 450, confidence=0.3)])
    if expected[0] == "dissolve" and expected[1] == 398:
        view.set_playhead(424)
        view.set_faint([])
    moved = emitted(view.seam_moved)
    _drag(view, start, end)
    assert moved == [expected]


def test_a_neighbour_in_the_way_is_stronger(view: TimelineView) -> None:
    view.set_playhead(503)
    moved = emitted(view.seam_moved)
    QTest.mousePress(view, LEFT, pos=QPoint(250, FLAG_Y))
    move(view, 500, FLAG_Y)
    snapping = view.grab().toImage()
    move(view, 500, FLAG_Y, CTRL)
    assert view.grab().toImage() == snapping, "no target is marked that is not reached"
    QTest.mouseRelease(view, LEFT, pos=QPoint(500, FLAG_Y))
    assert moved == [("cut", 498, 499)]


def test_a_side_snaps_while_both_are_pulled(view: TimelineView) -> None:
    view.set_playhead(270)
    moved = emitted(view.seam_moved)
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.ShiftModifier, QPoint(250, FLAG_Y))
    move(view, 267, FLAG_Y, Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.ShiftModifier, QPoint(267, FLAG_Y))
    assert moved == [("cut", 229, 270)]


def test_the_nearest_target_counts() -> None:
    targets = SnapTargets((100, 108), np.array([50, 60, 300, 304, 500]))
    assert targets.nearest(103, 1.0) == 100
    assert targets.nearest(105, 1.0) == 108
    assert targets.nearest(90, 1.0) is None
    assert targets.nearest(54, 1.0) is None  # two seams within reach of one another
    assert targets.nearest(51, 2.0) == 50  # twice as close they are apart
    assert targets.nearest(302, 1.0) is None
    assert targets.nearest(550, 0.1) == 500  # the farther out, the more frames are caught
    assert targets.nearest(550, 0.05) is None
    assert targets.nearest(100, 6.0) is None
    assert targets.shift((90, 104, 107), 1.0) == (1, 108)
    assert targets.shift((90,), 1.0) is None
    assert SnapTargets((), np.zeros(0, dtype=np.int64)).nearest(5, 1.0) is None
