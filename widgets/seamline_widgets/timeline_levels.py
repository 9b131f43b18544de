"""What the heights over the similarity curve mean: how sure each proposal is, and from where on it counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from seamline.project.types import SeamKind
from seamline_resources import palette
from seamline_widgets.timeline_rows import TimelineRows
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_seams import SeamRow
from seamline_widgets.timeline_sheet import FloatArray, Sheet, faded, image_of, pixel, polygon, small_font

DOUBTFUL_BELOW = 0.8
"""A proposal that is less sure than this is drawn as doubtful until an editor has looked at it."""

_KINDS = tuple(SeamKind)
_DOT_PX = 9
_MOST_STAMPS = 240  # more would cost more than a picture of them
_SCATTER_ALPHA = 120


@dataclass(frozen=True, slots=True)
class _Dots:
    """Where the diamonds of some seams stand, in logical pixels, and how each looks."""

    x: FloatArray
    y: FloatArray
    kinds: NDArray[np.int8]
    hollow: NDArray[np.bool_]
    is_faint: bool

    @classmethod
    def of(cls, seams: SeamRow, scale: TimeScale, rows: TimelineRows, *, is_faint: bool) -> _Dots:
        part = seams.visible(scale)
        centre = (seams.left[part] + seams.right[part]) / 2
        reviewed = seams.reviewed[part]
        confidence = np.where(reviewed, np.float32(1), seams.confidence[part])
        y = rows.y_of(0) + (rows.y_of(1) - rows.y_of(0)) * confidence
        hollow = ~reviewed & (confidence < DOUBTFUL_BELOW)
        return cls((centre - scale.first) * scale.frame_px, y, seams.kind[part], hollow, is_faint)


def paint_dots(sheet: Sheet, rows: TimelineRows, scale: TimeScale, seams: SeamRow, faint: SeamRow) -> None:
    """A diamond for each proposal at the height of its confidence; what was reviewed stands at the top.

    Sure ones are filled, doubtful ones hollow; `faint` ones, which do not count as seams, small and grey.
    """
    groups = [
        _Dots.of(faint, scale, rows, is_faint=True),
        _Dots.of(seams, scale, rows, is_faint=False),
    ]
    if sum(len(dots.x) for dots in groups) > _MOST_STAMPS:
        _scatter(sheet, rows, groups)
        return
    for dots in groups:
        for at in np.argsort(dots.hollow, kind="stable").tolist():
            stamp = _stamp(int(dots.kinds[at]), bool(dots.hollow[at]), dots.is_faint, sheet.ratio)
            left = sheet.snap(float(dots.x[at])) + sheet.line_px / 2 - (_DOT_PX + 2) / 2
            top = sheet.snap(float(dots.y[at]) - _DOT_PX / 2 - 1)
            sheet.painter.drawImage(QPointF(left, top), stamp)


def paint_threshold(sheet: Sheet, rows: TimelineRows, value_01: float, *, is_hot: bool) -> None:
    """A line at the confidence from which on a proposal counts, with its value at the end."""
    painter, y = sheet.painter, rows.y_of(value_01)
    colour = palette.TEXT_STRONG if is_hot else palette.TEXT_QUIET
    text = f"Threshold {value_01:.2f}"
    font = small_font()
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 12, 16.0
    if rows.curve_bottom - rows.curve_top < height or sheet.width < 2 * width:
        sheet.fill_line(y, QColor(colour))
        return
    top = min(max(y - height / 2, rows.curve_top + 1.0), rows.curve_bottom - height - 1.0)
    label = QRectF(sheet.snap(sheet.width - width - 4), sheet.snap(top), width, height)
    if is_hot:
        painter.fillRect(QRectF(0, sheet.snap(y) - 2, label.left(), 5), faded("#ffffff", 40))
    painter.fillRect(QRectF(0, sheet.snap(y), label.left(), sheet.line_px), QColor(colour))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour if is_hot else palette.OUTLINE), 1))
    painter.setBrush(QColor(palette.RAISED))
    painter.drawRoundedRect(label.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setFont(font)
    painter.setPen(QColor(palette.TEXT_STRONG if is_hot else palette.TEXT))
    painter.drawText(label, int(Qt.AlignmentFlag.AlignCenter), text)


def _scatter(sheet: Sheet, rows: TimelineRows, groups: list[_Dots]) -> None:
    """Thousands of them as small dots of one picture, dimmed so that they stay a cloud over the curve."""
    ratio, side = sheet.ratio, max(1, round(2 * sheet.ratio))
    width = max(1, round(sheet.width * ratio))
    height = max(1, round((rows.curve_bottom - rows.curve_top) * ratio))
    cloud = np.zeros(height * width, np.uint32)
    for dots in groups:
        left = np.rint(dots.x * ratio).astype(np.int64) - side // 2
        top = np.rint((dots.y - rows.curve_top) * ratio).astype(np.int64) - side // 2
        inside = (left >= 0) & (left < width - side) & (top >= 0) & (top < height - side)
        colours = np.array([_colour(at, dots.is_faint) for at in range(len(_KINDS))], dtype=np.uint32)
        first, shown = top[inside] * width + left[inside], colours[dots.kinds[inside]]
        for down in range(side):
            for across in range(side):
                cloud[first + (down * width + across)] = shown
    image = image_of(cloud.reshape(height, width))
    image.setDevicePixelRatio(ratio)
    sheet.painter.drawImage(QPointF(0, rows.curve_top), image)


def _colour(kind: int, is_faint: bool) -> int:
    if is_faint:
        return pixel(palette.TEXT_QUIET, 90)
    return pixel(palette.SEAM_LOOKS[_KINDS[kind]].colour, _SCATTER_ALPHA)


@lru_cache(maxsize=64)
def _stamp(kind: int, is_hollow: bool, is_faint: bool, ratio: float) -> QImage:
    """One diamond in a dark rim that keeps it apart from the curve and from its seam's line."""
    side = _DOT_PX + 2
    image = QImage(round(side * ratio), round(side * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(palette.TEXT_QUIET if is_faint else palette.SEAM_LOOKS[_KINDS[kind]].colour)
    middle, reach = side / 2, 2.5 if is_faint else 4.0
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.SUNKEN))
    painter.drawPolygon(_diamond(middle, reach + 1.5))
    if is_hollow or is_faint:
        painter.setPen(QPen(colour, 1.25))
        painter.drawPolygon(_diamond(middle, reach - 0.5))
    else:
        painter.setBrush(colour)
        painter.drawPolygon(_diamond(middle, reach))
    painter.end()
    return image


def _diamond(middle: float, reach: float) -> QPolygonF:
    return polygon(
        (middle, middle - reach), (middle + reach, middle), (middle, middle + reach), (middle - reach, middle)
    )
