"""The timeline under real mouse buttons, wheel turns and keys, and the pixels it shows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor, QImage, QKeySequence, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Origin, Seam, SeamKind
from seamline_resources import palette
from seamline_widgets.timeline import TimelineView

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
PLOT_Y, FLAG_Y = 100, 10
CUT = Seam(249, 250, id="cut")
DISSOLVE = Seam(499, 550, SeamKind.DISSOLVE, id="dissolve")
USERS_CUT = Seam(799, 800, origin=Origin.USER, id="mine")
ColourAt = Callable[..., str]


def _timecode(frame: int) -> str:
    return TimecodeRate(25).format(90_000 + frame)


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    """A thousand frames on a thousand pixels: frame and pixel are the same number."""
    widget = TimelineView()
    qtbot.addWidget(widget)
    widget.resize(1000, 180)
    widget.set_film(1000, _timecode)
    widget.set_seams([CUT, DISSOLVE, USERS_CUT])
    widget.set_analysed(1000)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _is_near(colour: str, wanted: str, tolerance: int = 60) -> bool:
    one, other = QColor(colour), QColor(wanted)
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return all(abs(a - b) <= tolerance for a, b in pairs)


def _emitted(signal: object) -> list[tuple[object, ...]]:
    calls: list[tuple[object, ...]] = []
    signal.connect(lambda *args: calls.append(args))  # type: ignore[attr-defined]
    return calls


def test_seams_show_in_the_colour_of_their_kind(view: TimelineView, colour_at: ColourAt) -> None:
    cut, dissolve = palette.SEAM_LOOKS["cut"].colour, palette.SEAM_LOOKS["dissolve"].colour
    assert _is_near(colour_at(view, 250, PLOT_Y), cut, 90)
    assert not _is_near(colour_at(view, 253, PLOT_Y), cut, 90)
    assert _is_near(colour_at(view, 500, PLOT_Y), dissolve, 90)
    assert _is_near(colour_at(view, 550, PLOT_Y), dissolve, 90)
    inside = QColor(colour_at(view, 525, PLOT_Y))
    assert inside.blue() > inside.red() + 10  # a translucent span between its edges
    assert colour_at(view, 244, FLAG_Y) == cut  # flags are opaque
    assert colour_at(view, 510, FLAG_Y) == dissolve


def test_what_the_user_made_is_marked(view: TimelineView, colour_at: ColourAt) -> None:
    assert _is_near(colour_at(view, 800, 14), palette.PICTURE_SURROUND)
    assert _is_near(colour_at(view, 250, 14), palette.SEAM_LOOKS["cut"].colour)


def test_the_selected_seam_stands_out(view: TimelineView, colour_at: ColourAt) -> None:
    before = colour_at(view, 247, PLOT_Y)
    view.set_selected("cut")
    after = colour_at(view, 247, PLOT_Y)
    assert QColor(after).lightness() > QColor(before).lightness() + 20
    view.set_selected(None)
    assert colour_at(view, 247, PLOT_Y) == before


def test_the_playhead_is_one_column(view: TimelineView, colour_at: ColourAt) -> None:
    view.set_playhead(600)
    assert colour_at(view, 600, PLOT_Y) == palette.ACCENT
    assert colour_at(view, 601, PLOT_Y) == colour_at(view, 599, PLOT_Y) != palette.ACCENT


def test_the_curve_is_drawn_over_its_frames(view: TimelineView, colour_at: ColourAt) -> None:
    values = np.full(1000, 0.9, dtype=np.float32)
    values[400:450] = 0.1
    view.set_similarity(values)
    image = view.grab().toImage()

    def is_drawn(x: int, value: float) -> bool:
        return any(
            image.pixelColor(x, round(view.rows.y_of(value)) + dy).lightness() > 120 for dy in (-1, 0, 1)
        )

    assert is_drawn(350, 0.9)
    assert not is_drawn(350, 0.1)
    assert is_drawn(425, 0.1)
    assert not is_drawn(425, 0.9)


def test_unknown_values_are_gaps_and_all_unknown_is_no_warning(view: TimelineView) -> None:
    view.set_similarity(np.full(1000, np.nan, dtype=np.float32))
    view.grab()
    values = np.full(1000, 0.5, dtype=np.float32)
    values[100:300] = np.nan
    values[900:] = np.nan
    view.set_similarity(values)
    image = view.grab().toImage()
    lit = [any(image.pixelColor(x, y).lightness() > 120 for y in range(60, 80)) for x in (50, 200, 350, 950)]
    assert lit == [True, False, True, False]


def test_what_is_not_analysed_is_hatched(view: TimelineView) -> None:
    view.set_seams([])
    view.set_analysed(700)
    image = view.grab().toImage()

    def shades(x: int) -> int:
        return len({image.pixelColor(x + dx, y).name() for dx in range(20) for y in range(100, 110)})

    assert shades(650) == 1
    assert shades(750) > 1


def test_without_a_film_there_is_a_hint_and_no_reaction(view: TimelineView, qtbot: QtBot) -> None:
    view.clear()
    scrubbed = _emitted(view.scrubbed)
    QTest.mouseClick(view, LEFT, pos=QPoint(500, PLOT_Y))
    view.zoom_in()
    view.fit()
    assert scrubbed == []
    image = view.grab().toImage()
    assert any(image.pixelColor(x, 90).lightness() > 100 for x in range(300, 700))


def test_dragging_scrubs(view: TimelineView, qtbot: QtBot, colour_at: ColourAt) -> None:
    scrubbed = _emitted(view.scrubbed)
    QTest.mousePress(view, LEFT, pos=QPoint(100, PLOT_Y))
    QTest.mouseMove(view, QPoint(200, PLOT_Y))
    QTest.mouseMove(view, QPoint(400, PLOT_Y))
    assert colour_at(view, 400, PLOT_Y) == palette.ACCENT  # the playhead follows the hand at once
    QTest.mouseMove(view, QPoint(5000, PLOT_Y))
    QTest.mouseRelease(view, LEFT, pos=QPoint(5000, PLOT_Y))
    assert scrubbed == [(100,), (200,), (400,), (999,)]


@pytest.mark.parametrize("x", [246, 250, 254])
def test_a_click_near_a_line_selects_the_seam(view: TimelineView, qtbot: QtBot, x: int) -> None:
    scrubbed = _emitted(view.scrubbed)
    with qtbot.waitSignal(view.seam_selected) as selected:
        QTest.mouseClick(view, LEFT, pos=QPoint(x, PLOT_Y))
    assert selected.args == ["cut"]
    assert scrubbed == []


def test_a_click_farther_away_scrubs_and_selects_nothing(view: TimelineView, qtbot: QtBot) -> None:
    view.set_selected("cut")
    selected, scrubbed = _emitted(view.seam_selected), _emitted(view.scrubbed)
    QTest.mouseClick(view, LEFT, pos=QPoint(262, PLOT_Y))
    assert selected == [("",)]
    assert scrubbed == [(262,)]
    assert view.selected_id is None


def test_where_seams_crowd_a_click_scrubs(view: TimelineView, qtbot: QtBot) -> None:
    view.set_seams([Seam(at, at + 1) for at in range(100, 300, 4)])
    scrubbed = _emitted(view.scrubbed)
    QTest.mouseClick(view, LEFT, pos=QPoint(201, PLOT_Y))
    assert scrubbed == [(201,)]


def test_a_drag_from_a_line_scrubs(view: TimelineView, qtbot: QtBot) -> None:
    scrubbed, moved = _emitted(view.scrubbed), _emitted(view.seam_moved)
    QTest.mousePress(view, LEFT, pos=QPoint(251, PLOT_Y))
    QTest.mouseMove(view, QPoint(300, PLOT_Y))
    QTest.mouseRelease(view, LEFT, pos=QPoint(300, PLOT_Y))
    assert scrubbed == [(300,)]
    assert moved == []


def test_dragging_a_flag_moves_the_seam_once(view: TimelineView, qtbot: QtBot, colour_at: ColourAt) -> None:
    moved = _emitted(view.seam_moved)
    QTest.mousePress(view, LEFT, pos=QPoint(250, FLAG_Y))
    QTest.mouseMove(view, QPoint(280, FLAG_Y))
    QTest.mouseMove(view, QPoint(300, FLAG_Y))
    assert moved == []
    assert _is_near(colour_at(view, 296, 5), palette.SEAM_LOOKS["cut"].colour)  # the preview
    QTest.mouseRelease(view, LEFT, pos=QPoint(300, FLAG_Y))
    assert moved == [("cut", 299, 300)]


@pytest.mark.parametrize(
    ("start", "expected"),
    [(525, ("dissolve", 509, 560)), (501, ("dissolve", 509, 550)), (549, ("dissolve", 499, 560))],
    ids=["middle", "out edge", "in edge"],
)
def test_a_gradual_seam_is_dragged_by_middle_or_edge(
    view: TimelineView, qtbot: QtBot, start: int, expected: tuple[object, ...]
) -> None:
    moved = _emitted(view.seam_moved)
    QTest.mousePress(view, LEFT, pos=QPoint(start, FLAG_Y))
    QTest.mouseMove(view, QPoint(start + 10, FLAG_Y))
    QTest.mouseRelease(view, LEFT, pos=QPoint(start + 10, FLAG_Y))
    assert moved == [expected]


def test_a_gradual_seam_pulled_together_is_a_cut(view: TimelineView, qtbot: QtBot) -> None:
    moved = _emitted(view.seam_moved)
    QTest.mousePress(view, LEFT, pos=QPoint(501, FLAG_Y))
    QTest.mouseMove(view, QPoint(700, FLAG_Y))
    view.grab()  # the preview of a cut can be painted
    QTest.mouseRelease(view, LEFT, pos=QPoint(700, FLAG_Y))
    assert moved == [("dissolve", 549, 550)]


def test_a_seam_stops_at_its_neighbour(view: TimelineView, qtbot: QtBot) -> None:
    moved = _emitted(view.seam_moved)
    QTest.mousePress(view, LEFT, pos=QPoint(250, FLAG_Y))
    QTest.mouseMove(view, QPoint(900, FLAG_Y))
    QTest.mouseRelease(view, LEFT, pos=QPoint(900, FLAG_Y))
    assert moved == [("cut", 498, 499)]


def test_escape_gives_a_drag_up(view: TimelineView, qtbot: QtBot) -> None:
    moved = _emitted(view.seam_moved)
    QTest.mousePress(view, LEFT, pos=QPoint(250, FLAG_Y))
    QTest.mouseMove(view, QPoint(300, FLAG_Y))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseMove(view, QPoint(320, FLAG_Y))
    QTest.mouseRelease(view, LEFT, pos=QPoint(320, FLAG_Y))
    assert moved == []


def test_a_tremble_is_no_drag(view: TimelineView, qtbot: QtBot) -> None:
    moved = _emitted(view.seam_moved)
    QTest.mousePress(view, LEFT, pos=QPoint(250, FLAG_Y))
    QTest.mouseMove(view, QPoint(252, FLAG_Y))
    QTest.mouseRelease(view, LEFT, pos=QPoint(252, FLAG_Y))
    assert moved == []
    assert view.selected_id == "cut"


def test_a_seam_that_vanishes_ends_its_drag(view: TimelineView, qtbot: QtBot) -> None:
    moved = _emitted(view.seam_moved)
    QTest.mousePress(view, LEFT, pos=QPoint(250, FLAG_Y))
    QTest.mouseMove(view, QPoint(300, FLAG_Y))
    view.set_seams([DISSOLVE])
    QTest.mouseMove(view, QPoint(310, FLAG_Y))
    QTest.mouseRelease(view, LEFT, pos=QPoint(310, FLAG_Y))
    assert moved == []
    assert view.selected_id is None


def test_a_double_click_on_a_seam_goes_there(view: TimelineView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.scrubbed) as scrubbed:
        QTest.mouseDClick(view, LEFT, pos=QPoint(525, FLAG_Y))
    assert scrubbed.args == [DISSOLVE.cut_frame]


def test_the_wheel_zooms_about_the_mouse(view: TimelineView, turn_wheel: Callable[..., None]) -> None:
    turn_wheel(view, 700, PLOT_Y, 3)
    first, last = view.visible_frames()
    assert last - first == pytest.approx(1000 / 1.25**3)
    assert view.x_of(700) == pytest.approx(700)
    turn_wheel(view, 700, PLOT_Y, 100)
    first, last = view.visible_frames()
    assert last - first == pytest.approx(20)
    turn_wheel(view, 700, PLOT_Y, -100)
    assert view.visible_frames() == pytest.approx((0, 1000))


def test_the_wheel_pans_sideways(view: TimelineView, turn_wheel: Callable[..., None]) -> None:
    turn_wheel(view, 500, PLOT_Y, 5)
    first, last = view.visible_frames()
    turn_wheel(view, 500, PLOT_Y, -1, Qt.KeyboardModifier.ShiftModifier)
    assert view.visible_frames()[0] == pytest.approx(first + 0.1 * (last - first))
    turn_wheel(view, 500, PLOT_Y, 1, sideways=True)
    assert view.visible_frames()[0] == pytest.approx(first)


@pytest.mark.parametrize(
    ("button", "modifier"),
    [(MIDDLE, Qt.KeyboardModifier.NoModifier), (LEFT, Qt.KeyboardModifier.AltModifier)],
)
def test_middle_or_alt_drag_pans(
    view: TimelineView,
    qtbot: QtBot,
    turn_wheel: Callable[..., None],
    button: Qt.MouseButton,
    modifier: Qt.KeyboardModifier,
) -> None:
    scrubbed = _emitted(view.scrubbed)
    turn_wheel(view, 500, PLOT_Y, 4)
    first, _ = view.visible_frames()
    frame_px = view.x_of(1) - view.x_of(0)
    QTest.mousePress(view, button, modifier, QPoint(500, PLOT_Y))
    QTest.mouseMove(view, QPoint(400, PLOT_Y))
    QTest.mouseRelease(view, button, modifier, QPoint(400, PLOT_Y))
    assert view.visible_frames()[0] == pytest.approx(first + 100 / frame_px)
    assert scrubbed == []


def test_zoom_keys_keep_the_playhead_in_place(view: TimelineView) -> None:
    view.set_playhead(300)
    before = view.x_of(300.5)
    view.zoom_in()
    assert view.x_of(300.5) == pytest.approx(before)
    view.zoom_out()
    view.zoom_in()
    view.fit()
    assert view.visible_frames() == (0, 1000)


def test_a_playing_film_turns_pages(view: TimelineView) -> None:
    view.set_playhead(100)
    for _ in range(4):
        view.zoom_in()
    first, last = view.visible_frames()
    view.set_playhead(int(last) - 1, playing=True)
    assert view.visible_frames() == (first, last)
    view.set_playhead(int(last) + 1, playing=True)
    turned = view.visible_frames()[0]
    assert first < turned <= last + 1


def test_playing_does_not_pull_the_view_back(view: TimelineView, turn_wheel: Callable[..., None]) -> None:
    view.set_playhead(100)
    for _ in range(4):
        view.zoom_in()
    turn_wheel(view, 500, PLOT_Y, -50, Qt.KeyboardModifier.ShiftModifier)
    panned = view.visible_frames()
    view.set_playhead(101, playing=True)
    assert view.visible_frames() == panned
    view.set_playhead(102)  # a step by hand does
    assert view.visible_frames()[0] <= 102


def test_the_mouse_reads_timecode_and_value(view: TimelineView, qtbot: QtBot) -> None:
    view.set_similarity(np.linspace(0, 1, 1000, dtype=np.float32))
    before = view.grab().toImage()
    QTest.mouseMove(view, QPoint(640, PLOT_Y))
    qtbot.waitUntil(lambda: view.grab().toImage() != before, timeout=2000)
    box = view.grab().toImage().pixelColor(655, view.rows.curve_bottom - 27)
    assert box.name() == palette.RAISED


def test_shortcuts_of_the_window_work_with_the_focus_here(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    timeline = TimelineView()
    timeline.set_film(100, _timecode)
    window.setCentralWidget(timeline)
    triggered: list[str] = []
    for key in ("Space", "Left", "Shift+Right", "Home", "J", "Delete", "+", "Esc"):
        action = QAction(key, window)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _=False, name=key: triggered.append(name))
        window.addAction(action)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    QTest.mouseClick(timeline, LEFT, pos=QPoint(30, 50))
    assert timeline.hasFocus()
    for key in ("Space", "Left", "Home", "J", "Delete", "Escape"):
        QTest.keyClick(timeline, getattr(Qt.Key, f"Key_{key}"))
    QTest.keyClick(timeline, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert triggered == ["Space", "Left", "Home", "J", "Delete", "Esc", "Shift+Right"]


def test_lines_are_sharp_at_200_percent(view: TimelineView) -> None:
    view.set_playhead(600)
    image = QImage(2000, 360, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2)
    image.fill(QColor(palette.SUNKEN))
    painter = QPainter(image)
    view.paint_rows(painter)
    painter.end()
    columns = [image.pixelColor(x, 200).name() for x in range(1198, 1204)]
    assert [name == palette.ACCENT for name in columns] == [False, False, True, True, False, False]
