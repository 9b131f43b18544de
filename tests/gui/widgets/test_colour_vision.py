"""Kinds of seams, differences and shot colours are told apart by those who lack one kind of cone, too."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Seam, SeamKind, ShotColour
from seamline_resources import palette
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_marks import MARK_PX, paint_mark
from seamline_widgets.timeline_rows import FLAGS_PX

Lab = NDArray[np.float64]

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# IEEE TVCG 15(6), 2009: the matrices of severity 1.0, for linear RGB
VISION = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: NDArray[np.floating]) -> NDArray[np.float64]:
    share = np.asarray(colour, np.float64) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def rgb(colour: str) -> NDArray[np.float64]:
    value = QColor(colour)
    return np.array([value.red(), value.green(), value.blue()], np.float64)


def pixels(image: QImage) -> NDArray[np.uint8]:
    """uint8[height, width, 3]"""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def _lab(colour: NDArray[np.floating]) -> Lab:
    share = np.asarray(colour, np.float32).reshape(1, 1, 3) / 255
    return cv2.cvtColor(share, cv2.COLOR_RGB2Lab).reshape(3).astype(np.float64)


def _seen(colour: str, vision: str) -> NDArray[np.float64]:
    """That colour as somebody without one kind of cone sees it."""
    if vision == "usual":
        return rgb(colour)
    light = np.clip(np.array(VISION[vision]) @ linear(rgb(colour)), 0, 1)
    coded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(255 * coded)


def ciede2000(one: Lab, other: Lab) -> float:
    """CIE 142-2001, as Sharma, Wu and Dalal (2005) write it down."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    grey = 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7)))
    a1, a2 = a1 * (1 + grey), a2 * (1 + grey)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    is_grey = c1 * c2 == 0
    turn = 0.0 if is_grey else (h2 - h1 + 180) % 360 - 180
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    middle = h1 + h2 if is_grey else (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + 360) / 2 % 360
    t = (
        1
        - 0.17 * np.cos(np.radians(middle - 30))
        + 0.24 * np.cos(np.radians(2 * middle))
        + 0.32 * np.cos(np.radians(3 * middle + 6))
        - 0.20 * np.cos(np.radians(4 * middle - 63))
    )
    s_l = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    rotation *= np.sin(np.radians(60 * np.exp(-(((middle - 275) / 25) ** 2))))
    parts = (l2 - l1) / s_l, (c2 - c1) / s_c, hue / s_h
    return float(np.sqrt(sum(part**2 for part in parts) + rotation * parts[1] * parts[2]))


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [  # Sharma, Wu and Dalal (2005), table 1
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_of_colours_is_measured_right(
    one: tuple[float, ...], other: tuple[float, ...], difference: float
) -> None:
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(difference, abs=1e-4)


def closest(colours: Mapping[str, str], vision: str) -> tuple[float, str, str]:
    """The two that are hardest to tell apart, and by how much they differ."""
    seen = {name: _lab(_seen(colour, vision)) for name, colour in colours.items()}
    return min((ciede2000(seen[a], seen[b]), a, b) for a, b in itertools.combinations(seen, 2))


_EVERYBODY = ("usual", *VISION)


@pytest.mark.parametrize("vision", _EVERYBODY)
def test_kinds_of_seams_are_told_apart_by_everybody(vision: str) -> None:
    colours = {kind: look.colour for kind, look in palette.SEAM_LOOKS.items()}
    assert closest(colours, vision)[0] >= 5


@pytest.mark.parametrize("vision", _EVERYBODY)
def test_differences_are_told_apart_by_everybody(vision: str) -> None:
    assert closest(palette.DIFFERENCES, vision)[0] >= 5


@pytest.mark.parametrize("vision", _EVERYBODY)
def test_colours_of_shots_are_told_apart(vision: str) -> None:
    """Eight colours are more than two kinds of cones can hold far apart: each goes by its name in words too."""
    assert closest(palette.SHOT_COLOURS, vision)[0] >= 2
    assert set(palette.SHOT_COLOURS) == set(ShotColour)


@pytest.fixture
def timeline(qtbot: QtBot) -> TimelineView:
    """A thousand frames on a thousand pixels."""
    view = TimelineView()
    qtbot.addWidget(view)
    view.resize(1000, 260)
    view.set_film(1000, TimecodeRate(25).format)
    view.set_analysed(1000)
    with qtbot.waitExposed(view):
        view.show()
    return view


def _widths(kind: SeamKind, timeline: TimelineView) -> NDArray[np.int64]:
    """How wide the flag of that kind is on each of its lines."""
    timeline.set_seams([Seam(489, 510, kind, id="one")])
    flag = pixels(timeline.grab(QRect(480, 0, 40, FLAGS_PX)).toImage()).astype(int)
    inside = np.abs(flag - rgb(palette.WINDOW)).sum(2) > 90
    return np.array([np.ptp(np.flatnonzero(row)) + 1 if row.any() else 0 for row in inside])


def test_every_kind_has_a_letter_and_an_outline_of_its_own(timeline: TimelineView) -> None:
    assert len({look.letter for look in palette.SEAM_LOOKS.values()}) == len(SeamKind)
    spans = [kind for kind in SeamKind if kind is not SeamKind.CUT]
    outlines = {kind: _widths(kind, timeline) for kind in spans}
    for one, other in itertools.combinations(spans, 2):
        assert np.abs(outlines[one] - outlines[other]).max() >= 2, (one, other)


def test_every_difference_has_a_shape_of_its_own() -> None:
    shapes = {}
    for kind in palette.DIFFERENCES:
        image = QImage(2 * MARK_PX, 2 * MARK_PX, QImage.Format.Format_RGB32)
        image.fill(QColor(palette.SUNKEN))
        painter = QPainter(image)
        paint_mark(painter, kind, QPointF(MARK_PX, MARK_PX))
        painter.end()
        shapes[kind] = pixels(image).max(2) > 90
    for one, other in itertools.combinations(shapes, 2):
        assert (shapes[one] != shapes[other]).sum() >= 20, (one, other)
