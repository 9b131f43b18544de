"""The camera's curves on the timeline, pixel by pixel and in words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from timeline_hands import LEFT, emitted

from seamline.media.timecode import TimecodeRate
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_camera import LOOKS, CameraRow
from seamline_widgets.timeline_rows import CAMERA_LEGEND_PX
from seamline_widgets.timeline_shots import ShotBlock

Floats = NDArray[np.float32]
PAN, TILT, ZOOM, ROLL = range(4)


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    """A thousand frames on a thousand pixels, at 25 frames a second."""
    widget = TimelineView()
    qtbot.addWidget(widget)
    widget.set_rows(filmstrip=False, waveform=False, camera=True)
    widget.resize(1000, 320)
    widget.set_film(1000, TimecodeRate(25).format, 25)
    widget.set_analysed(1000)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _motion(curve: int, a_second: float, frames: int = 1000) -> list[Floats]:
    """One curve that moves in the middle of the film, and three at rest."""
    motion = [np.zeros(frames, np.float32) for _ in LOOKS]
    motion[curve][200:600] = a_second / 25
    return motion


def _middle(view: TimelineView) -> int:
    return view.rows.labels_bottom + CAMERA_LEGEND_PX + (view.rows.camera_px - CAMERA_LEGEND_PX) // 2


def _heights(view: TimelineView, curve: int, x: int) -> list[int]:
    """Where in a column of the row that curve's colour is, from the line of rest upwards."""
    ink, image = QColor(LOOKS[curve].colour), view.grab().toImage()
    rows = range(view.rows.labels_bottom + CAMERA_LEGEND_PX, view.rows.ruler_top)
    return [_middle(view) - y for y in rows if _is_like(image, x, y, ink)]


def _is_like(image: QImage, x: int, y: int, ink: QColor) -> bool:
    seen = image.pixelColor(x, y)
    return all(
        abs(a - b) < 60
        for a, b in ((seen.red(), ink.red()), (seen.green(), ink.green()), (seen.blue(), ink.blue()))
    )


@pytest.mark.parametrize(
    ("curve", "a_second"),
    [(PAN, -0.3), (TILT, 0.3), (ZOOM, 0.3), (ROLL, 0.3)],
    ids=["pan right", "tilt up", "zoom in", "roll clockwise"],
)
def test_each_curve_rises_and_falls_about_the_line_of_rest(
    view: TimelineView, curve: int, a_second: float
) -> None:
    """A camera that pans right moves the content left, one that tilts up moves it down."""
    view.set_camera(*_motion(curve, a_second))
    heights = [h for x in range(396, 408) for h in _heights(view, curve, x)]
    assert min(heights) > 8
    view.set_camera(*_motion(curve, -a_second))
    assert max(h for x in range(396, 408) for h in _heights(view, curve, x)) < -8


def test_slow_moves_are_seen_beside_fast_ones(view: TimelineView) -> None:
    heights = []
    for a_second in (0.02, 0.2, 1.0, 5.0):
        view.set_camera(*_motion(TILT, a_second))
        heights.append(max(h for x in range(396, 408) for h in _heights(view, TILT, x)))
    slow, usual, fast, faster = heights
    assert 3 <= slow < usual < fast
    assert faster == fast < view.rows.camera_px // 2


def test_at_rest_there_is_the_line_of_rest_alone_and_the_unknown_has_not_even_that(
    view: TimelineView,
) -> None:
    motion = _motion(PAN, 0.0)
    for curve in motion:
        curve[:] += np.float32(0.0001)
        curve[500:] = np.nan
    view.set_camera(*motion)
    image = view.grab().toImage()
    rows = range(view.rows.labels_bottom + 20, view.rows.ruler_top)
    columns = [[image.pixelColor(x, y).lightness() for y in rows] for x in (300, 700)]
    known, unknown = (sum(light > 60 for light in column) for column in columns)
    assert known == 1
    assert unknown == 0


def test_curves_differ_in_their_lines_too() -> None:
    assert len({(look.thick_px, look.dash_px, look.gap_px) for look in LOOKS}) == len(LOOKS)
    assert len({look.colour for look in LOOKS}) == len({look.name for look in LOOKS}) == len(LOOKS)


def test_dashes_stay_on_the_film_while_it_is_panned(view: TimelineView) -> None:
    view.set_film(4000, TimecodeRate(25).format, 25)
    view.set_camera(*(np.full(4000, 0.01 * (curve == TILT), np.float32) for curve in range(4)))

    def columns() -> list[bool]:
        return [bool(_heights(view, TILT, x)) for x in range(100, 140)]

    view.show_frames(100, 1100)
    before = columns()
    assert True in before
    assert False in before
    view.show_frames(105, 1105)
    assert columns()[:35] == before[5:]


def test_a_short_jerk_is_seen_with_the_whole_film_in_view(view: TimelineView) -> None:
    motion = [np.zeros(100_000, np.float32) for _ in LOOKS]
    motion[PAN][50_000:50_006] = -0.02
    view.set_film(100_000, TimecodeRate(25).format, 25)
    view.set_camera(*motion)
    image = view.grab().toImage()
    y = _middle(view) - 6
    lit = [x for x in range(450, 550) if image.pixelColor(x, y).lightness() > 40]
    assert 500 in lit
    assert len(lit) <= 2


def test_a_legend_names_the_curves_and_without_them_a_hint_says_what_will_be_there(
    view: TimelineView,
) -> None:
    def lit(left: int, right: int, above: int = 2, below: int | None = None) -> int:
        image, top = view.grab().toImage(), view.rows.labels_bottom
        bottom = view.rows.ruler_top - 2 if below is None else top + below
        places = ((x, y) for x in range(left, right) for y in range(top + above, bottom))
        return sum(image.pixelColor(x, y).lightness() > 120 for x, y in places)

    assert lit(400, 600) > 100  # the hint
    assert lit(4, 200) == 0
    view.set_camera(*_motion(PAN, 0.0))
    assert lit(400, 600) == 0
    assert lit(4, 200) > 100
    assert lit(650, 1000) > 100  # what the quiet lines mean
    assert lit(4, 1000, CAMERA_LEGEND_PX) == 0
    view.set_camera(*(np.full(1000, np.nan, np.float32) for _ in LOOKS))
    assert lit(400, 600) > 100
    view.set_camera(None)
    assert lit(400, 600) > 100


def test_no_curve_runs_below_the_legend(view: TimelineView) -> None:
    view.set_camera(*_motion(PAN, -9.0))
    ink = QColor(LOOKS[PAN].colour)
    image, top = view.grab().toImage(), view.rows.labels_bottom
    strip = ((x, y) for x in range(300, 600) for y in range(top, top + CAMERA_LEGEND_PX))
    assert not any(_is_like(image, x, y, ink) for x, y in strip)
    plot = ((x, y) for x in range(300, 600) for y in range(top + CAMERA_LEGEND_PX, view.rows.ruler_top))
    assert any(_is_like(image, x, y, ink) for x, y in plot)


@pytest.mark.parametrize("frames", [1000, 400])
def test_a_static_shot_has_no_loose_dashes(view: TimelineView, frames: int) -> None:
    noise = np.random.default_rng(7)
    motion = [noise.normal(0, 0.0002, 1000).astype(np.float32) for _ in LOOKS]
    assert any((np.abs(curve) * 25 > 0.005).sum() > 50 for curve in motion)
    view.set_camera(*motion)
    view.show_frames(0, frames)
    assert not any(_heights(view, curve, x) for curve in range(4) for x in range(0, 1000, 7))
    assert view.tip_at(QPoint(400, _middle(view))).splitlines()[0] == "Pan at rest"


def test_a_camera_that_shakes_is_one_line_across_the_line_of_rest(view: TimelineView) -> None:
    motion = [np.zeros(1000, np.float32) for _ in LOOKS]
    motion[PAN][200:600] = 0.002 * np.sin(np.arange(400) / 4)
    view.set_camera(*motion)
    view.show_frames(300, 400)
    assert all(_heights(view, PAN, x) for x in range(10, 990))


@pytest.mark.parametrize("curve", [TILT, ROLL])
def test_a_short_move_is_more_than_dots(view: TimelineView, curve: int) -> None:
    motion = [np.zeros(1000, np.float32) for _ in LOOKS]
    motion[curve][500:520] = 0.008
    view.set_camera(*motion)
    drawn = [bool(_heights(view, curve, x)) for x in range(498, 522)]
    assert sum(drawn) >= 13


def test_shots_begin_at_quiet_lines(view: TimelineView) -> None:
    view.set_shots([ShotBlock(0, 400, "1"), ShotBlock(400, 1000, "2")])
    y = view.rows.ruler_top - 6
    without_curves = view.grab().toImage()
    assert without_curves.pixelColor(400, y) == without_curves.pixelColor(402, y)
    view.set_camera(*_motion(PAN, 0.0))
    image = view.grab().toImage()
    assert image.pixelColor(400, y).lightness() > image.pixelColor(402, y).lightness() + 20


def test_tips_give_the_speeds_of_the_frame(view: TimelineView) -> None:
    motion = _motion(PAN, -0.021)
    motion[TILT][200:600] = -0.1 / 25
    motion[ZOOM][200:600] = np.log(1.5) / 25
    motion[ROLL][200:600] = np.radians(-3) / 25
    view.set_camera(*motion)
    assert view.tip_at(QPoint(400, _middle(view))).splitlines() == [
        "Pan 2.1 % of the width a second to the right",
        "Tilt 10.0 % of the height a second down",
        "Zoom 50.0 % a second in",
        "Roll 3.0° a second anticlockwise",
    ]
    assert view.tip_at(QPoint(100, _middle(view))).splitlines()[0] == "Pan at rest"
    motion[PAN][300:] = np.nan
    view.set_camera(*motion)
    assert view.tip_at(QPoint(400, _middle(view))) == ""
    view.set_camera(None)
    assert view.tip_at(QPoint(100, _middle(view))) == ""


def test_a_press_on_the_curves_scrubs(view: TimelineView) -> None:
    view.set_camera(*_motion(PAN, 0.1))
    clicked, scrubbed = emitted(view.label_clicked), emitted(view.scrubbed)
    QTest.mouseClick(view, LEFT, pos=QPoint(333, _middle(view)))
    assert scrubbed == [(333,)]
    assert clicked == []


def test_one_frame_alone_does_not_count_and_what_is_unknown_stays_so() -> None:
    row = CameraRow()
    motion = [np.full(100, 0.01, np.float32) for _ in range(4)]
    for curve in motion:
        curve[50] = 0.0  # the first of a shot is measured against nothing
        curve[80:] = np.nan
    row.set_motion(motion, 25)
    assert row.speeds_at(50) == pytest.approx((-0.25, 0.25, 0.25, 0.25))
    assert row.speeds_at(79) == pytest.approx((-0.25, 0.25, 0.25, 0.25))
    assert row.speeds_at(80) == ()
    assert row.speeds_at(-1) == row.speeds_at(100) == ()


@pytest.mark.parametrize("frames", [0, 1, 3])
def test_films_of_a_few_frames(view: TimelineView, frames: int) -> None:
    view.set_film(max(1, frames), TimecodeRate(25).format, 25)
    view.set_camera(*(np.full(frames, 0.01, np.float32) for _ in LOOKS))
    assert not view.grab().isNull()


def test_another_film_has_no_curves(view: TimelineView, colour_at: Callable[..., str]) -> None:
    view.set_camera(*_motion(ZOOM, 0.3))
    view.set_film(1000, TimecodeRate(25).format, 25)
    assert _heights(view, ZOOM, 400) == []
