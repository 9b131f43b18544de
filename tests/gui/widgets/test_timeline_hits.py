"""Hits of a search on the timeline: pins as high as they stick out, clicked to go there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from timeline_hands import LEFT, drag, emitted

from seamline.project.types import Seam
from seamline_resources import palette
from seamline_widgets.timeline import TimelineView

FRAMES = 1000


@pytest.fixture(params=[True, False], ids=["filmstrip", "no filmstrip"])
def timeline(qtbot: QtBot, request: pytest.FixtureRequest) -> TimelineView:
    view = TimelineView()
    qtbot.addWidget(view)
    view.set_rows(filmstrip=request.param, waveform=False)
    view.resize(1000, 260)
    view.show()
    view.set_film(FRAMES, lambda frame: f"01:00:{frame // 25:02}:{frame % 25:02}", 25)
    view.set_playhead(900)
    return view


def _difference(before: QImage, after: QImage, x: int) -> list[int]:
    """The rows that are others in a band about `x`."""
    return [
        y
        for y in range(before.height())
        if any(before.pixelColor(c, y) != after.pixelColor(c, y) for c in range(x - 4, x + 6))
    ]


def _shot(view: TimelineView) -> QImage:
    return view.grab().toImage()


def test_pins_stand_where_the_hits_are_the_higher_the_stronger(timeline: TimelineView) -> None:
    before = _shot(timeline)
    timeline.set_hits([600, 200, 400], [0.0, 1.0, 0.5])
    after = _shot(timeline)
    heights = {frame: len(_difference(before, after, frame)) for frame in (200, 400, 600)}
    assert heights[200] > heights[400] > heights[600] >= 8
    assert len({max(_difference(before, after, frame)) for frame in (200, 400, 600)}) == 1  # all on one foot
    assert _difference(before, after, 300) == []
    top = min(_difference(before, after, 200))
    light = [after.pixelColor(c, top + 4).name() for c in range(197, 205)]
    assert palette.TEXT_STRONG in light
    timeline.set_hits((), ())
    assert _shot(timeline) == before


def test_the_one_that_is_shown_has_the_colour_of_the_playhead(timeline: TimelineView) -> None:
    timeline.set_hits([200, 400], [1.0, 0.5])
    timeline.set_current_hit(400)
    image = _shot(timeline)
    column = {image.pixelColor(c, y).name() for c in range(397, 405) for y in range(20, 160)}
    assert palette.ACCENT in column
    assert QColor(palette.TEXT_STRONG).name() not in column


def test_of_a_crowd_the_highest_is_drawn_until_there_is_room(timeline: TimelineView) -> None:
    timeline.set_hits([500, 501, 502], [0.2, 0.9, 0.1])
    hits = {timeline.hit_at(QPoint(x, y)) for x in range(490, 515) for y in range(20, 120)}
    assert hits == {None, 501}
    timeline.show_frames(480, 520)
    hits = {timeline.hit_at(QPoint(x, y)) for x in range(0, 1000, 3) for y in range(20, 120, 2)}
    assert hits == {None, 500, 501, 502}


def _pin(view: TimelineView, frame: int) -> QPoint:
    x = round(view.x_of(frame))
    ys = [y for y in range(view.height()) if view.hit_at(QPoint(x, y)) == frame]
    return QPoint(x, (ys[0] + ys[-1]) // 2)


def test_a_click_goes_there_and_selects_no_seam(timeline: TimelineView) -> None:
    timeline.set_seams([Seam(299, 300, id="cut")])
    timeline.set_hits([300], [0.8])
    clicked, selected, scrubbed = (
        emitted(signal) for signal in (timeline.hit_clicked, timeline.seam_selected, timeline.scrubbed)
    )
    QTest.mouseClick(timeline, LEFT, pos=_pin(timeline, 300))
    assert (clicked, selected, scrubbed) == ([(300,)], [], [])


def test_a_drag_that_begins_on_a_pin_scrubs(timeline: TimelineView) -> None:
    timeline.set_hits([300], [0.8])
    clicked, scrubbed = emitted(timeline.hit_clicked), emitted(timeline.scrubbed)
    at = _pin(timeline, 300)
    drag(timeline, at.x(), at.x() + 100, at.y())
    assert clicked == []
    assert scrubbed[-1] == (400,)


def test_the_mouse_is_told_what_is_there(timeline: TimelineView) -> None:
    timeline.set_hits([300], [0.8])
    at = _pin(timeline, 300)
    assert timeline.tip_at(at).startswith("Found at 01:00:12:00\nSticks out by 80")
    QTest.mouseMove(timeline, at)
    assert timeline.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mouseMove(timeline, at + QPoint(60, 0))
    assert timeline.cursor().shape() != Qt.CursorShape.PointingHandCursor


def test_another_film_has_no_hits(timeline: TimelineView) -> None:
    timeline.set_hits([300], [0.8])
    at = _pin(timeline, 300)
    timeline.set_film(FRAMES, lambda _: "00:00:00:00", 25)
    assert timeline.hit_at(at) is None


def test_thousands_of_hits_are_refused_only_where_they_do_not_fit_together(timeline: TimelineView) -> None:
    timeline.set_hits(range(0, FRAMES), [0.5] * FRAMES)
    timeline.grab()
    with pytest.raises(ValueError, match="a strength for each"):
        timeline.set_hits([1, 2], [0.5])
