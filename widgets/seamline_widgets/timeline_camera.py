"""The row of the camera: pan, tilt, zoom and roll as four curves of speed about one line of rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from seamline_resources import palette
from seamline_widgets.timeline_curve import CurvePyramid
from seamline_widgets.timeline_layer import RowLayer
from seamline_widgets.timeline_raster import Floats, GreyRow
from seamline_widgets.timeline_rows import CAMERA_LEGEND_PX
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_sheet import Sheet, pixel, small_font

EMPTY_HINT = "The camera's pan, tilt, zoom and roll appear here"
_FULL = 1.0  # a second: the width, the height, a growth by e, a radian; what is faster is cut off
_SLOW = 0.02  # up to about here heights grow with the speed itself, above it ever less
_REST = 0.005  # as much is measured where nothing moves
_LEAST_WAY, _LEAST_SPEED = 0.0075, 0.02  # what neither comes so far nor is ever so fast is at rest too
_BRIDGED_S = 0.2  # a move that is slower for that long, as one is that shakes, is one move
_MARKS = (0.1, 1.0)
_MARKS_NAMES = ("Lines at 10 % and 100 % a second, of roll at 6° and 57°", "Lines at 10 % and 100 % a second")
_SMOOTH_S = 0.2
_REACH_FROM_FRAMES = 3.0  # in a column of pixels: from there on the reach is dim and the mean bright
_REACH_LIGHT = "#585858"  # of white
_PAD_PX = 4
_SAMPLE_PX = 24
_CENTRED, _BESIDE = int(Qt.AlignmentFlag.AlignCenter), int(Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class CameraLook:
    """One curve: the colour of the labels of that movement, its thickness, and the dash and gap of its line."""

    name: str
    colour: str
    thick_px: float = 1.5
    dash_px: int = 0
    gap_px: int = 0


# the colours are those of the labels of movement; dashes and thickness tell the curves apart without them
LOOKS: Final = (
    CameraLook("Pan", "#62b8ea"),
    CameraLook("Tilt", "#4fd0a5", 1.5, 14, 3),
    CameraLook("Zoom", "#f0b04a", 2.5),
    CameraLook("Roll", "#b79ae0", 1.75, 5, 3),
)


class CameraRow:
    """How fast the camera moves, a second: upwards is to the right, up, in, and with the picture turning clockwise.

    Heights grow with the logarithm of the speed, so that a slow move is seen beside a fast one. What is at rest, or
    only seems to move for a moment, shows the line of rest alone, and what is unknown not even that.
    """

    def __init__(self) -> None:
        self._curves: tuple[CurvePyramid, ...] = ()
        self._version = 0
        self._layer = RowLayer()

    @property
    def version(self) -> int:
        """Counts what there was to show."""
        return self._version

    @property
    def has_curves(self) -> bool:
        return bool(self._curves)

    def set_motion(self, motion: Sequence[Floats], rate: float) -> None:
        """Draw how the picture's content moved from the frame before to each frame; an empty sequence for nothing.

        Four of float32[n], NaN where unknown, in the signs and units of `seamline.analysis.motion.Motion`: its shift
        to the right over the width, its shift downwards over the height, the natural logarithm of its growth, its
        turn clockwise in radians. `rate`: frames a second.
        """
        self._version += 1
        self._curves = ()
        known = np.flatnonzero(np.isfinite(motion[0])) if motion else np.zeros(0, np.int64)
        if not len(known):
            return
        # while a film is analysed, this comes many times
        pan, tilt, zoom, roll = (values[: known[-1] + 1] for values in motion)
        # content that goes left is a camera that goes right
        signed = (-pan, tilt, zoom, roll)
        speeds = (_smoothed(values, rate) * np.float32(rate) for values in signed)
        self._curves = tuple(CurvePyramid(_at_rest_or_moving(values, rate)) for values in speeds)

    def speeds_at(self, frame: int) -> tuple[float, ...]:
        """Pan, tilt, zoom and roll a second at `frame`; empty where nothing is known."""
        if not self._curves or not 0 <= frame < len(self._curves[0].values):
            return ()
        speeds = tuple(float(curve.values[frame]) for curve in self._curves)
        return speeds if all(map(math.isfinite, speeds)) else ()

    def text_at(self, frame: int) -> str:
        """A line for each, such as “Pan 2.1 % of the width a second to the right”."""
        speeds = self.speeds_at(frame)
        if not speeds:
            return ""
        pan, tilt, zoom, roll = speeds
        growth = 100 * math.expm1(abs(zoom))
        lines = (
            _line("Pan", 100 * abs(pan), "% of the width", pan, ("to the right", "to the left")),
            _line("Tilt", 100 * abs(tilt), "% of the height", tilt, ("up", "down")),
            _line("Zoom", growth, "%", zoom, ("in", "out")),
            _line("Roll", math.degrees(abs(roll)), "°", roll, ("clockwise", "anticlockwise")),
        )
        return "\n".join(lines)

    def paint(self, painter: QPainter, area: QRect, scale: TimeScale) -> None:
        """Fill `area` with the part of the film that `scale` shows; painted anew only if either changed."""
        self._layer.paint(painter, area, scale, version=self._version, paint_row=self._paint_row)

    def _paint_row(self, painter: QPainter, size: QSize, scale: TimeScale, ratio: float) -> None:
        painter.fillRect(QRect(0, 0, size.width(), size.height()), QColor(palette.SUNKEN))
        sheet = Sheet(painter, size.width())
        sheet.fill_line(0, QColor(palette.WINDOW))
        if not self._curves:
            painter.setFont(small_font())
            painter.setPen(QColor(palette.TEXT_QUIET))
            painter.drawText(QRectF(0, 0, size.width(), size.height()), _CENTRED, EMPTY_HINT)
            return
        _paint_legend(sheet)
        painter.translate(0, CAMERA_LEGEND_PX)
        plot = QSize(size.width(), size.height() - CAMERA_LEGEND_PX)
        for mark in (*_MARKS, *(-mark for mark in _MARKS)):
            sheet.fill_line(float(_y_of(np.float32(mark), plot.height())), QColor(palette.GRID_LINE))
        _paint_rest(sheet, scale, plot.height() / 2, self._curves[0])
        for look, curve in reversed(tuple(zip(LOOKS, self._curves, strict=True))):
            _paint_curve(painter, plot, ratio, scale, look, curve)


def _paint_rest(sheet: Sheet, scale: TimeScale, middle: float, curve: CurvePyramid) -> None:
    """The line of rest, as far as anything is known."""
    row = sheet.new_row()
    low, high, _ = curve.columns(scale, len(row))
    row[low <= high] = pixel(palette.TEXT_DISABLED)
    top = sheet.snap(middle - sheet.line_px / 2)
    sheet.draw_row(row, top, top + sheet.line_px)


def _paint_curve(
    painter: QPainter, size: QSize, ratio: float, scale: TimeScale, look: CameraLook, curve: CurvePyramid
) -> None:
    """As a mask in grey that is tinted as it is drawn."""
    row = GreyRow(size, ratio, "#000000")
    half = look.thick_px * max(1.0, ratio) / 2
    frames_a_column = scale.span / row.width
    edges = scale.first + np.arange(row.width + 1, dtype=np.float64) * frames_a_column
    left_out = _gaps(look, scale, row.width, ratio)
    if frames_a_column <= _REACH_FROM_FRAMES:
        speeds = curve.between(edges)
        line = _y_of(speeds, row.height)
        middle = (line[:-1] + line[1:]) * np.float32(0.5)
        middle[left_out | (np.fmax(np.abs(speeds[1:]), np.abs(speeds[:-1])) == 0)] = np.nan
        row.put_curve(middle, np.abs(line[1:] - line[:-1]), half, "#ffffff")
    else:
        low, high, mean = curve.columns(scale, row.width)
        top, bottom = _y_of(high, row.height), _y_of(low, row.height)
        nothing = (low > high) | ((high == 0) & (low == 0))
        if nothing.all():
            return
        top[nothing], bottom[nothing] = np.nan, np.nan
        row.put_reach(top, bottom, _REACH_LIGHT)
        middle = _y_of(mean, row.height)
        middle[left_out | nothing] = np.nan
        row.put_line(middle, half, "#ffffff")
    row.draw_tinted(painter, look.colour)


def _paint_legend(sheet: Sheet) -> None:
    """Which curve is which, and what the quiet lines mean, on a strip where no curve can be."""
    painter, font, high = sheet.painter, small_font(), CAMERA_LEGEND_PX
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(QColor(palette.TEXT))
    x = float(_PAD_PX)
    for look in LOOKS:
        y = sheet.snap((high - look.thick_px) / 2)
        period, dash = (
            (look.dash_px + look.gap_px, look.dash_px) if look.dash_px else (_SAMPLE_PX, _SAMPLE_PX)
        )
        for at in range(0, _SAMPLE_PX, period):
            part = min(dash, _SAMPLE_PX - at)
            painter.fillRect(QRectF(x + at, y, part, look.thick_px), QColor(look.colour))
        x += _SAMPLE_PX + _PAD_PX
        width = metrics.horizontalAdvance(look.name)
        painter.drawText(QRectF(x, 0, width + 1, high), _BESIDE, look.name)
        x = sheet.snap(x + width + 4 * _PAD_PX)
    painter.setPen(QColor(palette.TEXT_QUIET))
    for text in _MARKS_NAMES:
        width = metrics.horizontalAdvance(text)
        if x + width + 2 * _PAD_PX <= sheet.width:
            painter.drawText(QRectF(sheet.width - width - 2 * _PAD_PX, 0, width + 1, high), _BESIDE, text)
            return


def _gaps(look: CameraLook, scale: TimeScale, columns: int, ratio: float) -> NDArray[np.bool_]:
    """The columns of pixels that a dashed line leaves out; dashes stay on the film while it is panned."""
    if not look.dash_px:
        return np.zeros(columns, dtype=bool)
    along = np.arange(columns) + round(scale.first * scale.frame_px * ratio)
    left_out: NDArray[np.bool_] = along % round((look.dash_px + look.gap_px) * ratio) >= round(
        look.dash_px * ratio
    )
    return left_out


def _smoothed(values: Floats, rate: float) -> Floats:
    """Without lone frames that stick out (as the first of a shot does, with nothing before it), and without tremble.

    The mean over a fifth of a second of the medians of three; what is next to the unknown is left as it is.
    """
    count = max(1, round(rate * _SMOOTH_S)) | 1
    known = np.isfinite(values)
    if len(values) < count + 2:
        return values
    before, after = np.roll(values, 1), np.roll(values, -1)
    medians = np.maximum(np.minimum(before, after), np.minimum(np.maximum(before, after), values))
    medians[0], medians[-1] = values[0], values[-1]
    medians = np.where(np.isfinite(medians), medians, values)
    kernel = np.ones(count)
    sums = np.convolve(np.where(known, medians, 0), kernel, "same")
    counts = np.convolve(known, kernel, "same")
    return np.where(known, sums / np.maximum(counts, 1), np.nan).astype(np.float32)


def _at_rest_or_moving(speeds: Floats, rate: float) -> Floats:
    """Speeds a second, 0 wherever nothing really moves: loose bits of lines would stand all over a static shot."""
    sizes = np.nan_to_num(np.abs(speeds))
    steps = np.diff(np.concatenate([[0], sizes >= _REST, [0]]).astype(np.int8))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    if len(starts):
        parted = starts[1:] - ends[:-1] > rate * _BRIDGED_S
        starts, ends = starts[np.r_[True, parted]], ends[np.r_[parted, True]]
        places = np.concatenate([[0.0], np.cumsum(np.nan_to_num(speeds), dtype=np.float64)]) / rate
        is_far = np.abs(places[ends] - places[starts]) >= _LEAST_WAY
        is_move = is_far | (np.maximum.reduceat(sizes, starts) >= _LEAST_SPEED)
        starts, ends = starts[is_move], ends[is_move]
    edges = np.zeros(len(speeds) + 1, dtype=np.int8)
    edges[starts], edges[ends] = 1, -1
    moves = np.cumsum(edges[:-1]) > 0
    return np.where(moves | ~np.isfinite(speeds), speeds, np.float32(0))


def _y_of(speeds: Floats | np.float32, height: int) -> Floats:
    """Speeds as heights from the row's top, the unknown as NaN."""
    size = np.log1p(np.minimum(np.abs(speeds), np.float32(_FULL)) / np.float32(_SLOW))
    share = np.sign(speeds) * size / np.float32(math.log1p(_FULL / _SLOW))
    return np.asarray((1 - share * np.float32(0.94)) * np.float32(height / 2), dtype=np.float32)


def _line(name: str, amount: float, unit: str, speed: float, ways: tuple[str, str]) -> str:
    if round(amount, 1) == 0:
        return f"{name} at rest"
    space = "" if unit == "°" else " "
    return f"{name} {amount:.1f}{space}{unit} a second {ways[0] if speed > 0 else ways[1]}"
