"""While a seam is dragged, the timeline and the curve tell where it is; and the frame read off is the snapped one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from timeline_hands import FLAG_Y, LEFT, NONE, PLOT_Y, move, shown_timeline

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Seam, SeamKind
from seamline_widgets.review_panel import SeamReviewPanel
from seamline_widgets.review_seam import ReviewedSeam
from seamline_widgets.timeline import TimelineView

SHIFT = Qt.KeyboardModifier.ShiftModifier
CUT = Seam(249, 250, id="cut")
DISSOLVE = Seam(499, 550, SeamKind.DISSOLVE, id="dissolve")


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    return shown_timeline(qtbot, [CUT, DISSOLVE])


@pytest.fixture
def said(view: TimelineView) -> list[tuple[object, ...]]:
    """All that the timeline says of a drag, in order."""
    calls: list[tuple[object, ...]] = []
    view.seam_dragged.connect(lambda *args: calls.append(("dragged", *args)))
    view.seam_moved.connect(lambda *args: calls.append(("moved", *args)))
    view.seams_moved.connect(lambda moves: calls.append(("all moved", moves)))
    view.drag_ended.connect(lambda seam_id: calls.append(("ended", seam_id)))
    return calls


def test_a_drag_tells_where_the_seam_is_and_when_it_is_over(
    view: TimelineView, said: list[tuple[object, ...]], qtbot: QtBot
) -> None:
    QTest.mousePress(view, LEFT, pos=QPoint(250, FLAG_Y))
    for x in range(251, 271):
        move(view, x)
    assert said == [("dragged", "cut", 252, 253)]  # the others come too fast to be seen
    qtbot.waitUntil(lambda: said[-1] == ("dragged", "cut", 269, 270))
    assert len(said) == 2
    move(view, 280)
    move(view, 290)
    QTest.mouseRelease(view, LEFT, pos=QPoint(290, FLAG_Y))
    assert said[-3:] == [("dragged", "cut", 289, 290), ("moved", "cut", 289, 290), ("ended", "cut")]
    qtbot.wait(60)
    assert said[-1] == ("ended", "cut")
    assert said.count(("ended", "cut")) == 1


@pytest.mark.parametrize("how", ["escape", "lost", "closed", "back"])
def test_a_drag_that_comes_to_nothing_ends_too(
    view: TimelineView, said: list[tuple[object, ...]], qtbot: QtBot, how: str
) -> None:
    QTest.mousePress(view, LEFT, pos=QPoint(250, FLAG_Y))
    move(view, 260)
    if how == "escape":
        QTest.keyClick(view, Qt.Key.Key_Escape)
    elif how == "lost":
        view.set_seams([DISSOLVE])
    elif how == "closed":
        view.clear()
    else:
        move(view, 250)
        QTest.mouseRelease(view, LEFT, pos=QPoint(250, FLAG_Y))
        assert said.pop(1) == ("dragged", "cut", 249, 250)
    assert said == [("dragged", "cut", 259, 260), ("ended", "cut")]
    qtbot.wait(60)
    assert len(said) == 2


def test_a_click_is_no_drag(view: TimelineView, said: list[tuple[object, ...]]) -> None:
    QTest.mouseClick(view, LEFT, pos=QPoint(250, FLAG_Y))
    assert said == []


@pytest.mark.parametrize(
    ("start", "keys", "frames"), [(501, NONE, (479, 550)), (525, NONE, (479, 530)), (510, SHIFT, (479, 570))]
)
def test_ends_and_both_sides_tell_too(
    view: TimelineView,
    said: list[tuple[object, ...]],
    start: int,
    keys: Qt.KeyboardModifier,
    frames: tuple[int, int],
) -> None:
    QTest.mousePress(view, LEFT, keys, QPoint(start, FLAG_Y))
    move(view, start - 20, keys=keys)
    assert said == [("dragged", "dissolve", *frames)]
    QTest.mouseRelease(view, LEFT, keys, QPoint(start - 20, FLAG_Y))


def test_of_several_the_one_under_the_hand_is_told(
    view: TimelineView, said: list[tuple[object, ...]]
) -> None:
    view.set_selected("dissolve", ["cut"])
    QTest.mousePress(view, LEFT, pos=QPoint(250, FLAG_Y))
    move(view, 260)
    assert said == [("dragged", "cut", 259, 260)]
    QTest.mouseRelease(view, LEFT, pos=QPoint(260, FLAG_Y))
    assert [one[0] for one in said] == ["dragged", "all moved", "ended"]


def test_a_playhead_that_follows_the_seam_does_not_hold_it(view: TimelineView) -> None:
    view.set_snapping(True)
    view.set_playhead(700)
    view.seam_dragged.connect(lambda _id, _out, in_frame: view.set_playhead(in_frame))
    moved: list[tuple[object, ...]] = []
    view.seam_moved.connect(lambda *args: moved.append(args))
    QTest.mousePress(view, LEFT, pos=QPoint(250, FLAG_Y))
    for x in (270, 272, 274):
        move(view, x)
    QTest.mouseRelease(view, LEFT, pos=QPoint(274, FLAG_Y))
    assert moved == [("cut", 273, 274)]


def test_what_is_read_off_is_the_frame_that_the_scrub_snapped_to(view: TimelineView) -> None:
    view.set_snapping(True)
    QTest.mousePress(view, LEFT, pos=QPoint(400, PLOT_Y))
    move(view, 253, PLOT_Y)
    assert view.playhead == 250
    assert view._hover_text().startswith(TimecodeRate(25).format(250))
    move(view, 290, PLOT_Y)
    assert view._hover_text().startswith(TimecodeRate(25).format(290))
    QTest.mouseRelease(view, LEFT, pos=QPoint(290, PLOT_Y))
    QTest.mousePress(view, LEFT, pos=QPoint(244, PLOT_Y))
    assert view._hover_text().startswith(TimecodeRate(25).format(view.playhead))
    QTest.mouseRelease(view, LEFT, pos=QPoint(244, PLOT_Y))


def test_an_in_point_reads_where_it_is_put(view: TimelineView) -> None:
    view.set_snapping(True)
    view.set_in_out(300, 400)
    y = view.rows.ruler_top + 6
    QTest.mousePress(view, LEFT, pos=QPoint(300, y))
    move(view, 254, y)
    assert view._hover_text().startswith(TimecodeRate(25).format(250))
    QTest.mouseRelease(view, LEFT, pos=QPoint(254, y))


# -- the same in the curve of the review


def test_the_curve_of_the_review_tells_too(qtbot: QtBot) -> None:
    panel = SeamReviewPanel()
    qtbot.addWidget(panel)
    panel.resize(1360, 190)
    panel.set_film(1000, 16 / 9, TimecodeRate(25).format)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_seam(ReviewedSeam(CUT, False, 0, 400))
    said: list[tuple[object, ...]] = []
    panel.seam_dragged.connect(lambda *args: said.append(("dragged", *args)))
    panel.seam_moved.connect(lambda *args: said.append(("moved", *args)))
    panel.drag_ended.connect(lambda seam_id: said.append(("ended", seam_id)))
    start, frame_px = QPoint(round(panel.curve.x_of(250)), 60), panel.curve.width() / 24
    QTest.mousePress(panel.curve, LEFT, pos=start)
    for frames in (1, 2, 3):
        QTest.mouseMove(panel.curve, start + QPoint(round(frames * frame_px), 0))
    assert said == [("dragged", "cut", 250, 251)]
    qtbot.waitUntil(lambda: said[-1] == ("dragged", "cut", 252, 253))
    QTest.mouseRelease(panel.curve, LEFT, pos=start + QPoint(round(3 * frame_px), 0))
    assert said[2:] == [("moved", "cut", 252, 253), ("ended", "cut")]
    said.clear()
    QTest.mousePress(panel.curve, LEFT, pos=start)
    QTest.mouseMove(panel.curve, start + QPoint(round(2 * frame_px), 0))
    QTest.keyClick(panel.curve, Qt.Key.Key_Escape)
    assert said == [("dragged", "cut", 251, 252), ("ended", "cut")]
