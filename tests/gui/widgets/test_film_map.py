"""The map of a film's frames: points, colours, hover, click, zoom and pan."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from seamline_resources import palette
from seamline_widgets.film_map import FilmMap
from seamline_widgets.map_colours import SEGMENT_COLOURS, MapColours, time_colour
from seamline_widgets.map_panel import MapPanel

LEFT = Qt.MouseButton.LeftButton
FRAMES = np.array([0, 6, 12, 18], np.int64)
# x to the right, y downwards
CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


@pytest.fixture
def film_map(qtbot: QtBot) -> FilmMap:
    widget = FilmMap()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.set_map(FRAMES, CORNERS, lambda frame: f"00:00:00:{frame:02d}")
    return widget


def colour(widget: FilmMap, at: QPoint) -> str:
    return widget.grab().toImage().pixelColor(at).name()


def test_all_points_can_be_seen_at_every_size(film_map: FilmMap) -> None:
    for size in ((400, 300), (200, 500), (900, 140)):
        film_map.resize(*size)
        for frame in FRAMES.tolist():
            at = film_map.point_of(frame)
            assert film_map.rect().contains(at)
            assert colour(film_map, at) != palette.SUNKEN
    assert film_map.point_of(6).x() > film_map.point_of(0).x()


def test_a_click_on_a_point_goes_to_its_frame_and_one_beside_nowhere(film_map: FilmMap) -> None:
    wanted: list[int] = []
    film_map.seek_wanted.connect(wanted.append)
    QTest.mouseClick(film_map, LEFT, pos=film_map.point_of(12) + QPoint(4, -3))
    QTest.mouseClick(film_map, LEFT, pos=film_map.rect().center())
    assert wanted == [12]


def test_the_mouse_over_a_point_shows_its_picture(
    film_map: FilmMap, plain_image: Callable[..., QImage]
) -> None:
    asked: list[int] = []
    film_map.picture_wanted.connect(asked.append)
    at = film_map.point_of(18)
    QTest.mouseMove(film_map, at)
    assert film_map.hovered_frame == 18
    assert asked == [18]
    film_map.set_picture(18, plain_image("#a03050"))
    assert colour(film_map, at + QPoint(60, -30)) == "#a03050"
    QTest.mouseMove(film_map, film_map.rect().center() + QPoint(10, 10))
    assert film_map.hovered_frame is None
    QTest.mouseMove(film_map, at)
    assert asked == [18], "it is there already"


def test_the_card_stays_within_the_map(film_map: FilmMap, plain_image: Callable[..., QImage]) -> None:
    at = film_map.point_of(12)  # the lower right corner
    QTest.mouseMove(film_map, at)
    film_map.set_picture(12, plain_image("#a03050"))
    assert colour(film_map, at - QPoint(60, 40)) == "#a03050"


def test_the_point_at_or_before_the_playhead_is_marked(film_map: FilmMap) -> None:
    film_map.set_playhead(11)
    ring = film_map.point_of(6) + QPoint(7, 0)
    assert _like(colour(film_map, ring), palette.ACCENT)
    film_map.set_playhead(12)
    assert _like(colour(film_map, film_map.point_of(12) + QPoint(7, 0)), palette.ACCENT)
    assert not _like(colour(film_map, ring), palette.ACCENT)


def test_the_wheel_zooms_about_the_mouse_and_a_drag_pans(
    film_map: FilmMap, turn_wheel: Callable[..., None]
) -> None:
    at, other = film_map.point_of(6), film_map.point_of(18)
    turn_wheel(film_map, at.x(), at.y(), 3)
    assert (film_map.point_of(6) - at).manhattanLength() <= 1
    assert film_map.point_of(18).x() < other.x()
    wanted: list[int] = []
    film_map.seek_wanted.connect(wanted.append)
    QTest.mousePress(film_map, LEFT, pos=at)
    QTest.mouseMove(film_map, at + QPoint(-30, 0))
    QTest.mouseMove(film_map, at + QPoint(-60, 20))
    QTest.mouseRelease(film_map, LEFT, pos=at + QPoint(-60, 20))
    assert (film_map.point_of(6) - at - QPoint(-60, 20)).manhattanLength() <= 1
    assert wanted == []


def test_keys_zoom_and_show_all(film_map: FilmMap) -> None:
    before = film_map.point_of(0)
    film_map.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(film_map, Qt.Key.Key_Plus)
    assert film_map.point_of(0) != before
    QTest.keyClick(film_map, Qt.Key.Key_0)
    assert film_map.point_of(0) == before


def test_colours_by_time_and_by_segment(film_map: FilmMap) -> None:
    assert colour(film_map, film_map.point_of(0)) == time_colour(0.5 / 32)
    film_map.set_colours(MapColours.by_segment(FRAMES, np.array([0, 10], np.int64)))
    seen = [colour(film_map, film_map.point_of(frame)) for frame in FRAMES.tolist()]
    assert seen == [SEGMENT_COLOURS[0]] * 2 + [SEGMENT_COLOURS[1]] * 2


def test_time_runs_from_dark_to_light() -> None:
    lightness = [QColor(time_colour(share)).lightnessF() for share in (0, 1)]
    luminance = [_luminance(time_colour(share / 8)) for share in range(9)]
    assert lightness[0] < lightness[1]
    assert luminance == sorted(luminance)


@pytest.mark.parametrize("count", [0, 1])
def test_next_to_no_frames_are_a_map_too(film_map: FilmMap, count: int) -> None:
    film_map.set_map(FRAMES[:count], CORNERS[:count] + 0.5, str)
    film_map.set_playhead(3)
    ring = film_map.point_of(0) + QPoint(7, 0) if count else film_map.rect().center()
    assert _like(colour(film_map, ring), palette.ACCENT) == bool(count)


def test_the_panel_chooses_colours_by_key_and_shows_all_by_button(qtbot: QtBot) -> None:
    panel = MapPanel()
    qtbot.addWidget(panel)
    panel.resize(440, 500)
    panel.show_map()
    with qtbot.waitExposed(panel):
        panel.show()
    panel.map.set_map(FRAMES, CORNERS, str)
    with qtbot.waitSignal(panel.colouring_changed):
        QTest.keyClick(panel.colouring, Qt.Key.Key_Down)
    assert panel.is_by_segment
    before = panel.map.point_of(0)
    panel.map.zoom(3)
    QTest.mouseClick(panel.fit_button, LEFT)
    assert panel.map.point_of(0) == before


def _like(one: str, other: str) -> bool:
    a, b = QColor(one), QColor(other)
    return abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue()) < 60


def _luminance(name: str) -> float:
    colour = QColor(name)
    return 0.2126 * colour.redF() + 0.7152 * colour.greenF() + 0.0722 * colour.blueF()
