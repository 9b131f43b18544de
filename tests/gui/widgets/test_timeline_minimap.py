"""The map of the whole film under real mouse buttons."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Seam, SeamKind
from seamline_resources import palette
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_minimap import Minimap
from seamline_widgets.timeline_rows import MAP_PX

ColourAt = Callable[..., str]
LEFT = Qt.MouseButton.LeftButton
MIDDLE_Y = MAP_PX // 2


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    """Ten thousand frames on a thousand pixels, of which [4000, 6000) are shown: 400 to 600 on the map."""
    widget = TimelineView()
    qtbot.addWidget(widget)
    widget.resize(1000, 220)
    widget.set_film(10_000, TimecodeRate(25).format)
    widget.set_analysed(10_000)
    widget.show_frames(4000, 6000)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def map_(view: TimelineView) -> Minimap:
    found = view.findChild(Minimap)
    assert found is not None
    return found


def _drag(widget: Minimap, start: int, *stops: int) -> None:
    QTest.mousePress(widget, LEFT, pos=QPoint(start, MIDDLE_Y))
    for x in stops:
        QTest.mouseMove(widget, QPoint(x, MIDDLE_Y))
    QTest.mouseRelease(widget, LEFT, pos=QPoint(stops[-1] if stops else start, MIDDLE_Y))


def test_it_lies_at_the_foot_and_has_a_name(view: TimelineView, map_: Minimap) -> None:
    assert map_.geometry().getRect() == (0, 220 - MAP_PX, 1000, MAP_PX)
    assert map_.accessibleName() == "Map of the whole film"
    assert "double-click" in map_.toolTip()
    view.resize(800, 300)
    assert map_.geometry().getRect() == (0, 300 - MAP_PX, 800, MAP_PX)


def test_the_frame_is_around_what_is_shown(view: TimelineView, map_: Minimap) -> None:
    assert map_.window_px() == pytest.approx((400, 600))
    image = map_.grab().toImage()
    ends = [x for x in range(1000) if image.pixelColor(x, MIDDLE_Y).name() == palette.TEXT]
    assert ends == [400, 401, 402, 597, 598, 599]
    view.fit()
    assert map_.window_px() == pytest.approx((0, 1000))


def test_dragging_the_frame_moves_the_view(view: TimelineView, map_: Minimap) -> None:
    _drag(map_, 520, 620, 700)
    assert view.visible_frames() == pytest.approx((5800, 7800))
    _drag(map_, 650, 5000)
    assert view.visible_frames() == pytest.approx((8000, 10_000))


def test_what_was_taken_stays_under_the_mouse(view: TimelineView, map_: Minimap) -> None:
    QTest.mousePress(map_, LEFT, pos=QPoint(500, MIDDLE_Y))
    QTest.mouseMove(map_, QPoint(-300, MIDDLE_Y))
    assert view.visible_frames() == pytest.approx((0, 2000))
    QTest.mouseMove(map_, QPoint(510, MIDDLE_Y))
    assert view.visible_frames() == pytest.approx((4100, 6100))
    QTest.mouseRelease(map_, LEFT, pos=QPoint(510, MIDDLE_Y))
    QTest.mouseMove(map_, QPoint(700, MIDDLE_Y))
    assert view.visible_frames() == pytest.approx((4100, 6100))


def test_dragging_an_end_zooms(view: TimelineView, map_: Minimap) -> None:
    _drag(map_, 401, 301)
    assert view.visible_frames() == pytest.approx((3000, 6000))
    _drag(map_, 600, 700)
    assert view.visible_frames() == pytest.approx((3000, 7000))
    _drag(map_, 300, 5000)  # over the other end: as close as it goes
    first, last = view.visible_frames()
    assert (last - first, last) == pytest.approx((20, 7000))


def test_a_frame_of_a_few_frames_can_still_be_held(view: TimelineView, map_: Minimap) -> None:
    view.show_frames(5000, 5020)
    left, right = map_.window_px()
    assert right - left >= 10
    _drag(map_, 501, 601)
    assert view.visible_frames() == pytest.approx((6000, 6020))
    _drag(map_, round(map_.window_px()[1]) + 3, 700)
    first, last = view.visible_frames()
    assert first == pytest.approx(6000)
    assert last > 6800


def test_a_press_beside_the_frame_centres_there_and_holds_it(view: TimelineView, map_: Minimap) -> None:
    QTest.mousePress(map_, LEFT, pos=QPoint(800, MIDDLE_Y))
    assert view.visible_frames() == pytest.approx((7000, 9000))
    QTest.mouseMove(map_, QPoint(700, MIDDLE_Y))
    assert view.visible_frames() == pytest.approx((6000, 8000))
    QTest.mouseRelease(map_, LEFT, pos=QPoint(700, MIDDLE_Y))


def test_a_double_click_shows_the_whole_film(view: TimelineView, map_: Minimap) -> None:
    QTest.mouseDClick(map_, LEFT, pos=QPoint(500, MIDDLE_Y))
    assert view.visible_frames() == (0, 10_000)


def test_the_wheel_zooms_about_the_middle_of_what_is_shown(
    view: TimelineView, map_: Minimap, turn_wheel: Callable[..., None]
) -> None:
    turn_wheel(map_, 100, MIDDLE_Y, 1)
    assert view.visible_frames() == pytest.approx((5000 - 800, 5000 + 800))
    turn_wheel(map_, 100, MIDDLE_Y, -100)
    assert view.visible_frames() == (0, 10_000)


def test_nothing_on_it_scrubs_or_selects(view: TimelineView, map_: Minimap) -> None:
    view.set_seams([Seam(5199, 5200, id="cut")])
    calls: list[object] = []
    view.scrubbed.connect(calls.append)
    view.seam_selected.connect(calls.append)
    _drag(map_, 520, 640)
    _drag(map_, 100)
    QTest.mouseClick(map_, Qt.MouseButton.RightButton, pos=QPoint(520, MIDDLE_Y))
    assert calls == []


def test_the_cursor_says_what_can_be_dragged(map_: Minimap) -> None:
    shapes = []
    for x in (100, 400, 500, 600):
        QTest.mouseMove(map_, QPoint(x, MIDDLE_Y))
        shapes.append(map_.cursor().shape())
    shape = Qt.CursorShape
    assert shapes == [shape.ArrowCursor, shape.SizeHorCursor, shape.OpenHandCursor, shape.SizeHorCursor]


def test_seams_are_bars_and_the_rest_is_hatched(
    view: TimelineView, map_: Minimap, colour_at: ColourAt
) -> None:
    view.fit()
    cuts = [Seam(at, at + 1) for at in range(2000, 2019, 4)]
    view.set_seams([*cuts, Seam(7000, 7012, SeamKind.DISSOLVE)])
    image = map_.grab().toImage()

    def bar_px(x: int) -> int:
        return sum(image.pixelColor(x, y).lightness() > 60 for y in range(2, MAP_PX - 2))

    assert bar_px(200) > bar_px(700) > 2
    assert bar_px(450) <= 2  # the frame's lines
    many, dissolve = QColor(colour_at(map_, 200, MAP_PX - 4)), QColor(colour_at(map_, 700, MAP_PX - 4))
    assert many.red() > many.blue() + 40
    assert dissolve.blue() > dissolve.red() + 40
    view.set_analysed(5000)
    image = map_.grab().toImage()
    shades = [{image.pixelColor(x + dx, MIDDLE_Y).name() for dx in range(20)} for x in (350, 850)]
    assert len(shades[0]) == 1 < len(shades[1])


def test_playhead_and_range_are_marked(view: TimelineView, map_: Minimap, colour_at: ColourAt) -> None:
    view.fit()
    view.set_playhead(2500)
    assert colour_at(map_, 250, MIDDLE_Y) == palette.ACCENT
    view.set_in_out(3000, 5999)
    assert colour_at(map_, 300, MIDDLE_Y) == colour_at(map_, 599, MIDDLE_Y) == palette.TEXT_STRONG
    inside, outside = (QColor(colour_at(map_, x, MIDDLE_Y)).lightness() for x in (450, 800))
    assert inside > outside + 10


def test_scrubbing_on_the_timeline_moves_the_maps_playhead(
    view: TimelineView, map_: Minimap, colour_at: ColourAt
) -> None:
    QTest.mouseClick(view, LEFT, pos=QPoint(500, 60))
    assert colour_at(map_, 500, MIDDLE_Y) == palette.ACCENT


def test_without_a_film_there_is_no_map(view: TimelineView, map_: Minimap) -> None:
    view.clear()
    assert not map_.isVisible()
