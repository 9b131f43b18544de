"""The threshold, the in and out points, the shots' labels and the zoom under real mouse buttons and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from timeline_hands import LEFT, PLOT_Y, emitted, shown_timeline

from seamline.project.types import Seam, SeamKind
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_shots import ShotBlock

CUT = Seam(249, 250, id="cut")
DISSOLVE = Seam(499, 550, SeamKind.DISSOLVE, id="dissolve")


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    shots = [ShotBlock(0, 250, "1"), ShotBlock(250, 525, "2"), ShotBlock(525, 1000, "3")]
    return shown_timeline(qtbot, [CUT, DISSOLVE], shots=shots)


def _drag(view: TimelineView, start: QPoint, end: QPoint, *, held: bool = False) -> None:
    QTest.mousePress(view, LEFT, pos=start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    if not held:
        QTest.mouseRelease(view, LEFT, pos=end)


# the threshold


def _handle(view: TimelineView) -> QPoint:
    return QPoint(980, round(view.threshold_y()))


def test_the_threshold_is_dragged_by_the_end_of_its_line(view: TimelineView) -> None:
    view.set_threshold(0.5)
    moved, left_at, scrubbed = (
        emitted(view.threshold_moved),
        emitted(view.threshold_set),
        emitted(view.scrubbed),
    )
    start = _handle(view)
    end = QPoint(980, round(view.rows.y_of(0.8)))
    _drag(view, start, end, held=True)
    assert view.threshold_y() == pytest.approx(end.y(), abs=1)
    assert moved
    assert left_at == []
    QTest.mouseRelease(view, LEFT, pos=end)
    assert left_at == [(pytest.approx(0.8, abs=0.02),)]
    assert scrubbed == []


def test_the_threshold_is_not_told_more_often_than_seams_can_follow(view: TimelineView, qtbot: QtBot) -> None:
    view.set_threshold(0.5)
    moved = emitted(view.threshold_moved)
    start = _handle(view)
    QTest.mousePress(view, LEFT, pos=start)
    for step in range(1, 31):
        QTest.mouseMove(view, start - QPoint(0, step))
    assert 1 <= len(moved) <= 4
    # where the hand comes to rest is told without another move
    qtbot.waitUntil(lambda: moved[-1][0] == round(view.value_at(view.threshold_y()), 2), timeout=1000)
    QTest.mouseRelease(view, LEFT, pos=start - QPoint(0, 30))


def test_escape_puts_the_threshold_back(view: TimelineView) -> None:
    view.set_threshold(0.5)
    moved, left_at = emitted(view.threshold_moved), emitted(view.threshold_set)
    before = view.threshold_y()
    _drag(view, _handle(view), _handle(view) - QPoint(0, 20), held=True)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.threshold_y() == before
    assert moved[-1] == (0.5,)
    assert left_at == []


def test_no_threshold_is_told_of_a_film_that_was_closed(view: TimelineView, qtbot: QtBot) -> None:
    view.set_threshold(0.5)
    _drag(view, _handle(view), _handle(view) - QPoint(0, 20), held=True)
    moved, left_at = emitted(view.threshold_moved), emitted(view.threshold_set)
    view.clear()
    qtbot.wait(60)
    QTest.mouseRelease(view, LEFT, pos=QPoint(980, 50))
    assert moved == left_at == []


def test_a_double_click_on_the_threshold_makes_it_a_half(view: TimelineView) -> None:
    view.set_threshold(0.7)
    left_at = emitted(view.threshold_set)
    QTest.mouseDClick(view, LEFT, pos=_handle(view))
    assert left_at == [(0.5,)]
    assert view.threshold_y() == view.rows.y_of(0.5)


def test_elsewhere_on_its_line_one_scrubs(view: TimelineView) -> None:
    view.set_threshold(0.5)
    moved, scrubbed = emitted(view.threshold_moved), emitted(view.scrubbed)
    y = round(view.threshold_y())
    _drag(view, QPoint(700, y), QPoint(720, y + 20))
    _drag(view, QPoint(980, y + 12), QPoint(960, y + 12))
    assert moved == []
    assert scrubbed[0] == (700,)
    assert scrubbed[-1] == (960,)


def test_the_mouse_says_what_it_could_hold(view: TimelineView) -> None:
    view.set_threshold(0.5)
    view.set_in_out(300, 399)
    ruler_y = view.rows.ruler_top + 10
    shapes = []
    for at in (
        _handle(view),
        QPoint(300, ruler_y),
        QPoint(400, ruler_y),
        QPoint(350, ruler_y),
        QPoint(700, PLOT_Y),
    ):
        QTest.mouseMove(view, at)
        shapes.append(view.cursor().shape())
    assert shapes == [
        Qt.CursorShape.SizeVerCursor,
        Qt.CursorShape.SplitHCursor,
        Qt.CursorShape.SplitHCursor,
        Qt.CursorShape.ArrowCursor,
        Qt.CursorShape.ArrowCursor,
    ]


def test_without_a_threshold_nothing_is_held(view: TimelineView) -> None:
    view.set_threshold(None)
    scrubbed = emitted(view.scrubbed)
    QTest.mouseClick(view, LEFT, pos=QPoint(980, round(view.rows.y_of(0.5))))
    assert scrubbed == [(980,)]


def test_tool_tips_say_what_is_held(view: TimelineView) -> None:
    view.set_threshold(0.5)
    assert view.grip_text(_handle(view)) == (
        "Proposals from here up count as seams: drag, or double-click for 0.50"
    )
    assert view.grip_text(QPoint(250, 10)).splitlines()[:2] == ["Cut at 00:00:10:00", "100\u2009% sure"]
    assert view.grip_text(QPoint(400, 10)) == view.grip_text(QPoint(400, PLOT_Y)) == ""
    view.clear()
    assert view.grip_text(QPoint(250, 10)) == ""


# in and out


@pytest.mark.parametrize(
    ("in_out", "start", "end", "expected"),
    [
        ((300, 399), 300, 280, (280, 399)),
        ((300, 399), 400, 450, (300, 449)),
        ((300, 399), 400, 200, (300, 300)),  # an end is stopped by the other one
        ((300, 399), 300, 900, (399, 399)),
        ((300, 399), 400, 1100, (300, 999)),
        ((300, 399), 300, -50, (0, 399)),
        ((300, None), 300, 280, (280, None)),
        ((None, 399), 400, 450, (None, 449)),
    ],
)
def test_the_ends_of_the_range_are_dragged(
    view: TimelineView,
    in_out: tuple[int | None, int | None],
    start: int,
    end: int,
    expected: tuple[int | None, int | None],
) -> None:
    view.set_in_out(*in_out)
    moved, scrubbed = emitted(view.in_out_moved), emitted(view.scrubbed)
    y = view.rows.ruler_top + 10
    _drag(view, QPoint(start, y), QPoint(end, y), held=True)
    assert moved == []
    QTest.mouseRelease(view, LEFT, pos=QPoint(end, y))
    assert moved == [expected]
    assert scrubbed == []


def test_close_up_out_is_held_where_its_frame_ends(view: TimelineView) -> None:
    view.set_in_out(390, 399)
    view.zoom_to_selection()
    while view.x_of(1) - view.x_of(0) < 16:
        view.set_playhead(395)
        view.zoom_in()
    moved = emitted(view.in_out_moved)
    y = view.rows.ruler_top + 10
    frame_px = round(view.x_of(1) - view.x_of(0))
    at = QPoint(round(view.x_of(400)) + 2, y)
    _drag(view, at, at + QPoint(3 * frame_px, 0))
    assert moved == [(390, 402)]
    _drag(view, QPoint(round(view.x_of(402)), y), at)  # one frame before its handle: scrubs
    assert len(moved) == 1


def test_the_ends_snap_to_seams(view: TimelineView) -> None:
    view.set_snapping(True)
    view.set_in_out(300, 399)
    moved = emitted(view.in_out_moved)
    y = view.rows.ruler_top + 10
    _drag(view, QPoint(300, y), QPoint(253, y))
    _drag(view, QPoint(400, y), QPoint(528, y))
    assert moved == [(250, 399), (250, 524)]  # out is the last frame before the dissolve's middle


def test_escape_puts_an_end_back(view: TimelineView) -> None:
    view.set_in_out(300, 399)
    y = view.rows.ruler_top + 10
    before = view.grab().toImage()
    moved = emitted(view.in_out_moved)
    _drag(view, QPoint(300, y), QPoint(200, y), held=True)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, pos=QPoint(200, y))
    assert moved == []
    image = view.grab().toImage()
    columns = [image.pixelColor(x, y).name() == before.pixelColor(x, y).name() for x in (250, 299, 301, 350)]
    assert columns == [True] * 4


def test_the_rest_of_the_ruler_scrubs(view: TimelineView) -> None:
    view.set_in_out(300, 399)
    scrubbed = emitted(view.scrubbed)
    y = view.rows.ruler_top + 10
    _drag(view, QPoint(340, y), QPoint(360, y))
    assert scrubbed == [(340,), (350,), (360,)]


# the shots' labels


def test_shots_are_clicked_and_activated(view: TimelineView) -> None:
    clicked, activated, scrubbed = (
        emitted(view.shot_clicked),
        emitted(view.shot_activated),
        emitted(view.scrubbed),
    )
    y = view.rows.plot_bottom + 8
    QTest.mouseClick(view, LEFT, pos=QPoint(400, y))
    QTest.mouseClick(view, LEFT, pos=QPoint(100, y))
    assert clicked == [(250,), (0,)]
    QTest.mouseDClick(view, LEFT, pos=QPoint(700, y))
    assert activated == [(525,)]
    assert scrubbed == []


def test_a_drag_along_the_shots_scrubs(view: TimelineView) -> None:
    clicked, scrubbed = emitted(view.shot_clicked), emitted(view.scrubbed)
    y = view.rows.plot_bottom + 8
    _drag(view, QPoint(400, y), QPoint(420, y))
    assert scrubbed == [(410,), (420,)]
    assert clicked == []


# zoom


def test_zoom_to_what_is_selected(view: TimelineView) -> None:
    view.set_selected("cut", ["dissolve"])
    view.set_in_out(700, 720)
    view.zoom_to_selection()
    first, last = view.visible_frames()
    assert 200 < first < 250
    assert 550 < last < 600
    view.set_selected("cut")
    view.zoom_to_selection()
    assert view.visible_frames() == (225, 275)  # a second about a cut
    view.set_selected(None)
    view.zoom_to_selection()
    assert view.visible_frames() == (675, 746)
    view.set_in_out(None, None)
    view.set_playhead(300)
    view.zoom_to_selection()
    first, last = view.visible_frames()
    assert first == pytest.approx(250 - 27.5)
    assert last == pytest.approx(525 + 27.5)


@pytest.mark.parametrize("playhead", [0, 999])
def test_zoom_to_the_shot_at_an_end_of_the_film(view: TimelineView, playhead: int) -> None:
    view.set_playhead(playhead)
    view.zoom_to_selection()
    first, last = view.visible_frames()
    assert first <= playhead < last
    assert (first, last) == ((0, 300) if playhead == 0 else (pytest.approx(1000 - 475 * 1.2), 1000))


def test_zoom_without_a_film_is_nothing(view: TimelineView) -> None:
    view.clear()
    view.zoom_to_selection()


def _roll(view: TimelineView, pixels: QPoint, phase: Qt.ScrollPhase = Qt.ScrollPhase.ScrollUpdate) -> None:
    """Two fingers on a trackpad at the middle of the view."""
    at = QPointF(500, PLOT_Y)
    angle = QPoint(pixels.x() * 2, pixels.y() * 2)
    QApplication.sendEvent(
        view,
        QWheelEvent(
            at, at, pixels, angle, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, phase, False
        ),
    )


def test_a_trackpad_pans_pixel_by_pixel_and_zooms_smoothly(
    view: TimelineView, turn_wheel: Callable[..., None]
) -> None:
    turn_wheel(view, 500, PLOT_Y, 4)
    there = view.x_of(500)
    _roll(view, QPoint(-7, 2))
    assert view.x_of(500) == pytest.approx(there - 7)
    _roll(view, QPoint(7, 2))
    before = view.visible_frames()
    _roll(view, QPoint(0, 6))
    first, last = view.visible_frames()
    assert (before[1] - before[0]) / (last - first) == pytest.approx(1.25**0.1)
    _roll(view, QPoint(0, 60), Qt.ScrollPhase.ScrollMomentum)  # a zoom does not coast
    assert view.visible_frames() == (first, last)


def test_a_pinch_zooms_about_the_mouse(view: TimelineView) -> None:
    at = QPointF(700, PLOT_Y)
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        at,
        0.25,
        QPointF(),
    )
    QApplication.sendEvent(view, pinch)
    first, last = view.visible_frames()
    assert last - first == pytest.approx(800)
    assert view.x_of(700) == pytest.approx(700)
