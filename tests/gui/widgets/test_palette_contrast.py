"""What the widgets paint can be read and stands out, measured on their pixels."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QSlider,
    QSpinBox,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Origin, Seam, SeamKind, ShotColour
from seamline_resources import palette
from seamline_widgets.icons import icon
from seamline_widgets.map_colours import SEGMENT_COLOURS, TIME_STOPS
from seamline_widgets.step_list import StepList
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_minimap import Minimap
from seamline_widgets.timeline_rows import FLAGS_PX, LABELS_PX
from seamline_widgets.timeline_shots import ShotBlock

Pixels = NDArray[np.uint8]
TEXT, GRAPHIC = 4.5, 3.0
"""The least contrast, by WCAG 2.2, success criteria 1.4.3 and 1.4.11."""


def luminance(colour: NDArray[np.floating]) -> NDArray[np.float64]:
    share = np.asarray(colour, np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    light: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return light


def rgb(colour: str) -> NDArray[np.float64]:
    value = QColor(colour)
    return np.array([value.red(), value.green(), value.blue()], np.float64)


def contrast(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    low, high = sorted((float(luminance(one)), float(luminance(other))))
    return (high + 0.05) / (low + 0.05)


def pixels(image: QImage) -> Pixels:
    """uint8[height, width, 3]"""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def grab(widget: QWidget, area: QRect | None = None) -> Pixels:
    widget.grab()  # once for nothing: some rows are refined after they were painted
    return pixels((widget.grab() if area is None else widget.grab(area)).toImage())


def measured(pixels: Pixels) -> float:
    """The contrast of what is written there: its commonest colour against the one that differs most from it."""
    flat = pixels.reshape(-1, 3)
    colours, counts = np.unique(flat, axis=0, return_counts=True)
    ground = colours[np.argmax(counts)]
    return max(contrast(colour, ground) for colour in colours)


# text on the real grounds

_GROUNDS = {
    name: getattr(palette, name)
    for name in ("PICTURE_SURROUND", "SUNKEN", "WINDOW", "RAISED", "HOVERED", "SELECTED")
}


@pytest.mark.parametrize("ground", _GROUNDS)
@pytest.mark.parametrize("ink", ["TEXT", "TEXT_STRONG", "TEXT_QUIET", "WARNING", "ERROR", "INFO"])
def test_every_text_colour_can_be_read_on_every_ground(ink: str, ground: str) -> None:
    assert contrast(rgb(getattr(palette, ink)), rgb(_GROUNDS[ground])) >= TEXT


@pytest.mark.parametrize("kind", list(SeamKind))
def test_letters_can_be_read_on_their_chips(kind: SeamKind) -> None:
    colour = rgb(palette.SEAM_LOOKS[kind].colour)
    assert contrast(rgb(palette.PICTURE_SURROUND), colour) >= TEXT
    assert contrast(colour, rgb(palette.WINDOW)) >= TEXT  # a doubtful one is hollow, its letter in its colour


@pytest.mark.parametrize("colour", list(ShotColour))
@pytest.mark.parametrize("ground", ["SUNKEN", "SELECTED", "RAISED"])
def test_the_stripes_of_shots_stand_out(colour: ShotColour, ground: str) -> None:
    assert contrast(rgb(palette.SHOT_COLOURS[colour]), rgb(_GROUNDS[ground])) >= GRAPHIC


@pytest.mark.parametrize("colour", [*palette.DIFFERENCES.values(), *TIME_STOPS, *SEGMENT_COLOURS])
def test_marks_and_points_stand_out(colour: str) -> None:
    assert contrast(rgb(colour), rgb(palette.SUNKEN)) >= GRAPHIC


@pytest.mark.parametrize("ground", _GROUNDS)
def test_the_focus_ring_stands_out(ground: str) -> None:
    assert contrast(rgb(palette.ACCENT), rgb(_GROUNDS[ground])) >= GRAPHIC


# the timeline as it is painted


@pytest.fixture
def timeline(qtbot: QtBot) -> TimelineView:
    """A thousand frames on a thousand pixels; shots of two hundred, the third selected, every kind of seam."""
    view = TimelineView()
    qtbot.addWidget(view)
    view.resize(1000, 260)
    view.set_film(1000, TimecodeRate(25).format)
    view.set_seams(
        [
            Seam(199, 200, id="cut"),
            Seam(395, 406, SeamKind.DISSOLVE, id="dissolve"),
            Seam(595, 606, SeamKind.FADE, id="fade"),
            Seam(795, 806, SeamKind.WIPE, id="wipe"),
            Seam(899, 900, confidence=0.6, id="doubtful"),
            Seam(949, 950, SeamKind.CUT, 1.0, Origin.USER, id="confirmed"),
        ]
    )
    view.set_shots([ShotBlock(at, at + 200, f"Shot {at}") for at in range(0, 1000, 200)])
    view.set_analysed(1000)
    view.set_similarity(np.full(1000, 0.9, np.float32))
    view.set_selected("dissolve")
    view.set_threshold(0.5)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.mark.parametrize("in_out", [(None, None), (100, 150)], ids=["all of it", "outside of in and out"])
def test_labels_of_shots_can_be_read(timeline: TimelineView, in_out: tuple[int | None, int | None]) -> None:
    timeline.set_in_out(*in_out)
    top = timeline.rows.plot_bottom
    for start in (210, 410, 610):  # one tint, the selected one, the other tint
        area = QRect(start, top + 2, 70, LABELS_PX - 6)
        assert measured(grab(timeline, area)) >= TEXT, start


@pytest.mark.parametrize("in_out", [(None, None), (100, 150)], ids=["all of it", "outside of in and out"])
@pytest.mark.parametrize("middle", [200, 400, 600, 800, 900, 950])
def test_letters_on_flags_can_be_read(
    timeline: TimelineView, middle: int, in_out: tuple[int | None, int | None]
) -> None:
    timeline.set_in_out(*in_out)
    # the inside of the flag alone: what it stands on would add to the contrast
    assert measured(grab(timeline, QRect(middle - 4, 4, 9, 10))) >= TEXT
    assert measured(grab(timeline, QRect(middle - 20, 0, 40, FLAGS_PX))) >= GRAPHIC


def test_the_threshold_the_ruler_and_the_words_of_an_empty_timeline_can_be_read(
    timeline: TimelineView, qtbot: QtBot
) -> None:
    for in_out in ((None, None), (100, 150)):
        timeline.set_in_out(*in_out)
        y = round(timeline.threshold_y())
        assert measured(grab(timeline, QRect(900, y - 6, 92, 12))) >= TEXT
        assert measured(grab(timeline, QRect(0, timeline.rows.ruler_top + 8, 120, 14))) >= TEXT
    timeline.clear()
    assert measured(grab(timeline)) >= TEXT


def test_playhead_and_seams_stand_out(timeline: TimelineView) -> None:
    timeline.set_playhead(300)
    head = grab(timeline, QRect(290, timeline.rows.ruler_top, 21, 8))
    assert measured(head) >= GRAPHIC
    in_curve = grab(timeline, QRect(290, timeline.rows.curve_top + 20, 21, 20))
    assert measured(in_curve) >= GRAPHIC
    minimap = timeline.findChild(Minimap)
    assert minimap is not None
    for x in (200, 400, 600, 800):  # a bar for each seam
        assert measured(grab(minimap, QRect(x - 8, 8, 17, 9))) >= GRAPHIC, x
    timeline.show_frames(300, 320)  # the map is dimmed outside of what is shown
    for x in (200, 400, 600, 800):
        assert measured(grab(minimap, QRect(x - 8, 8, 17, 9))) >= GRAPHIC, x


def test_the_playhead_stands_out_on_any_picture(timeline: TimelineView) -> None:
    """Its line has a dark rim: on a picture as light as itself, the rim is what is seen."""
    timeline.set_rows(filmstrip=True, waveform=False)
    for grey in (0, 60, 128, 160, 200, 255):
        picture = QImage(160, 90, QImage.Format.Format_RGB32)
        picture.fill(QColor(grey, grey, grey))
        timeline.add_pictures([(at, picture) for at in range(0, 1000, 20)])
        timeline.set_playhead(300)
        line = grab(timeline, QRect(297, FLAGS_PX + 6, 8, 1))[0]
        at = int(np.argmin(np.abs(line - rgb(palette.ACCENT)).sum(1)))
        assert QColor(*map(int, line[at])) == QColor(palette.ACCENT)
        assert contrast(line[at], line[at - 1]) >= GRAPHIC, grey
        assert contrast(line[at], line[at + 1]) >= GRAPHIC, grey


# controls


def test_controls_stand_out(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    column = QVBoxLayout(host)
    checked, unchecked = QCheckBox(), QCheckBox()
    checked.setChecked(True)
    combo, spin, field, push, tool = (
        QComboBox(),
        QSpinBox(),
        QLineEdit("text"),
        QPushButton("push"),
        QToolButton(),
    )
    combo.addItem("text")
    spin.setRange(-5, 5)
    tool.setIcon(icon("play"))
    slider, bar = QSlider(Qt.Orientation.Horizontal), QScrollBar(Qt.Orientation.Horizontal)
    bar.setRange(0, 100)
    tabs = QTabWidget()
    tabs.addTab(QWidget(), "one")
    tabs.addTab(QWidget(), "two")
    texts: list[QWidget] = [combo, spin, field, push, tabs.tabBar()]
    graphics: list[QWidget] = [checked, unchecked, tool, slider, bar]
    for widget in (*graphics, combo, spin, field, push, tabs):
        column.addWidget(widget)
    host.resize(300, 400)
    with qtbot.waitExposed(host):
        host.show()
    field.clearFocus()
    for widget in texts:
        assert measured(grab(widget)) >= TEXT, widget
    for widget in graphics:
        assert measured(grab(widget)) >= GRAPHIC, widget
    # ticked is told by a tick, not by colour alone: its dark ink on the accent
    tick = grab(checked, QRect(3, checked.height() // 2 - 6, 11, 12))
    assert contrast(rgb(palette.ACCENT), np.array(tick.reshape(-1, 3)[tick.sum(2).argmin()])) >= TEXT
    # the arrows of combo box and spin box
    for widget in (combo, spin):
        assert measured(grab(widget, QRect(widget.width() - 20, 4, 16, widget.height() - 8))) >= GRAPHIC


def test_rows_of_a_list_can_be_read_when_selected(qtbot: QtBot) -> None:
    steps = StepList()
    qtbot.addWidget(steps)
    steps.resize(400, 200)
    steps.set_steps([("Confirm cut", "01:00:00:00"), ("Delete cut", "01:00:02:00")], 1)
    with qtbot.waitExposed(steps):
        steps.show()
    assert steps.selectionMode() is QAbstractItemView.SelectionMode.SingleSelection
    for row in range(3):
        rect = steps.visualItemRect(steps.item(row)).adjusted(2, 4, -2, -4)
        words = QRect(rect.left() + 60, rect.top(), 140, rect.height())
        figures = QRect(rect.right() - 90, rect.top(), 84, rect.height())
        assert measured(grab(steps.viewport(), words)) >= TEXT
        if row:
            assert measured(grab(steps.viewport(), figures)) >= TEXT
