"""The similarity curve as numbers and pixels, at every zoom."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from seamline_resources import palette
from seamline_widgets.timeline_curve import CurvePyramid, CurveRow
from seamline_widgets.timeline_scale import TimeScale

FRAMES = 100_000


@pytest.fixture
def values() -> np.ndarray:
    rng = np.random.default_rng(4)
    values = rng.uniform(0.5, 1, FRAMES).astype(np.float32)
    values[30_000:40_000] = np.nan
    values[rng.choice(FRAMES, 300, replace=False)] = 0.05
    return values


@pytest.mark.parametrize(("first", "span"), [(0, FRAMES), (20_000, 30_000), (500, 4_000), (95_000, 5_000)])
def test_a_column_has_the_extremes_and_the_mean_of_its_frames(
    values: np.ndarray, first: int, span: int
) -> None:
    columns = 500
    low, high, mean = CurvePyramid(values).columns(TimeScale(FRAMES, columns, first, span), columns)
    a_column = span // columns
    # the blocks that a column is made of may begin a little before it, and end before its end
    slack = 0 if a_column < 16 else 8 if a_column < 128 else 64
    for at in range(columns):
        begin = first + at * a_column
        frames = values[max(0, begin - slack) : begin + a_column]
        inner = values[begin : begin + a_column - slack]
        if not np.isfinite(frames).any():
            assert np.isnan(mean[at])
            assert low[at] > high[at]
        elif np.isfinite(frames).all():
            assert frames.min() <= low[at] <= inner.min()
            assert inner.max() <= high[at] <= frames.max()
            assert mean[at] == pytest.approx(inner.mean(), abs=0.001 if not slack else 0.08)


def test_no_dip_is_lost_at_any_zoom() -> None:
    values = np.ones(FRAMES, np.float32)
    dips = np.arange(777, FRAMES, 4321)
    values[dips] = 0.1
    for span in (FRAMES, 43_217, 7_000):
        scale = TimeScale(FRAMES, 640, 0, span)
        low, _, _ = CurvePyramid(values).columns(scale, 640)
        columns = (dips[dips < span - 200] * 640 / span).astype(int)
        assert all(low[max(0, at - 1) : at + 2].min() < 0.2 for at in columns)


def test_a_curve_that_ends_early_leaves_the_rest_empty() -> None:
    low, high, mean = CurvePyramid(np.full(500, 0.5, np.float32)).columns(TimeScale(1000, 100, 0, 1000), 100)
    assert (low[:50] == 0.5).all()
    assert (low[51:] > high[51:]).all()
    assert np.isnan(mean[51:]).all()


def test_the_line_runs_from_middle_to_middle() -> None:
    values = np.array([0, 1, 0.5, np.nan, 0.25], np.float32)
    line = CurvePyramid(values).between(np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.2, 4.5, 5.0, 5.1]))
    assert line[:5] == pytest.approx([0, 0, 0.5, 1, 0.75])
    assert np.isnan(line[5])
    assert line[6:8] == pytest.approx([0.25, 0.25])
    assert np.isnan(line[8])


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_steep_and_level_lines_are_as_thick(qapp: QApplication, ratio: float) -> None:
    """The brightness across the line is the same in both, at any ratio of pixels."""
    row = CurveRow()
    row.set_values(np.array([0.5, 0.5, 0.5, 1.0, 0.0, 0.5, 0.5, 0.5], np.float32))
    image = QImage(round(400 * ratio), round(100 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    row.paint(painter, QRect(0, 0, 400, 100), TimeScale(8, 400, 0, 8))
    painter.end()

    def ink(pixels: list[tuple[int, int]]) -> float:
        shades = np.array([image.pixelColor(x, y).lightness() for x, y in pixels])
        return float(np.clip(shades - 40, 0, None).sum())

    level_x = round(40 * ratio)
    level = ink([(level_x, y) for y in range(round(38 * ratio), round(62 * ratio))])
    # between frames 3 and 4 it falls by 93 pixels over 50: across, it is 0.88 of what it is from side to side
    middle_y = round(52 * ratio)
    steep = 0.88 * ink([(x, middle_y) for x in range(round(180 * ratio), round(220 * ratio))])
    assert steep == pytest.approx(level, rel=0.3)


def test_what_is_wholly_covered_has_the_curves_own_colour(qapp: QApplication) -> None:
    row = CurveRow()
    row.set_values(np.array([0.2, 0.9] * 100, np.float32))
    image = QImage(100, 50, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    row.paint(painter, QRect(0, 0, 100, 50), TimeScale(200, 100, 0, 200))
    painter.end()
    assert image.pixelColor(50, 25).name() == palette.CURVE


def test_nothing_known_paints_nothing(qapp: QApplication) -> None:
    image = QImage(100, 50, QImage.Format.Format_RGB32)
    images = []
    for values in (np.zeros(0, np.float32), np.full(90, np.nan, np.float32)):
        row = CurveRow()
        row.set_values(values)
        painter = QPainter(image)
        row.paint(painter, QRect(0, 0, 100, 50), TimeScale(90, 100, 0, 90))
        painter.end()
        images.append(image.copy())
    assert images[0] == images[1]
