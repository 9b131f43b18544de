"""The flags of the seams: a shape, a letter and a colour for each kind, hollow while a seam is doubtful."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

from seamline.project.types import SeamKind
from seamline_resources import palette
from seamline_widgets.timeline_levels import DOUBTFUL_BELOW
from seamline_widgets.timeline_rows import FLAGS_PX
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_seams import Flag, SeamRow
from seamline_widgets.timeline_sheet import Sheet, pixel, polygon, small_font

_KINDS = tuple(SeamKind)
_TOP, _BOTTOM = 2.0, 18.0
_MARGIN_PX = 2
_MOST_STAMPED_PX = 64


def paint_flags(
    sheet: Sheet,
    scale: TimeScale,
    seams: SeamRow,
    flags: list[Flag],
    leading: int | None,
    selected: frozenset[int],
) -> None:
    """The flags that there are; other seams leave a short mark, so that crowds can be seen here too.

    `leading` is the seam that keys work on, `selected` are all that are selected.
    """
    sheet.painter.fillRect(QRectF(0, 0, sheet.width, FLAGS_PX), QColor(palette.WINDOW))
    part = seams.visible(scale)
    has_flag = np.zeros(len(seams), dtype=np.bool_)
    has_flag[[flag.at for flag in flags]] = True
    for colour, at in ((palette.TEXT_QUIET, None), (palette.TEXT_STRONG, selected)):
        bare = np.zeros(len(seams), dtype=np.bool_)
        if at is None:
            bare[part] = True
        else:
            bare[list(at)] = True
        row = sheet.new_row()
        x = (seams.left[bare & ~has_flag] - scale.first) * scale.frame_px
        sheet.put_lines(row, x, pixel(colour))
        if len(x):
            sheet.draw_row(row, FLAGS_PX - (4 if at is None else 8), FLAGS_PX)
    for flag in flags:
        emphasis = 2 if flag.at == leading else 1 if flag.at in selected else 0
        reviewed = bool(seams.reviewed[flag.at])
        doubtful = not reviewed and float(seams.confidence[flag.at]) < DOUBTFUL_BELOW
        _draw(sheet, flag, int(seams.kind[flag.at]), emphasis, reviewed, doubtful)


def _draw(sheet: Sheet, flag: Flag, kind: int, emphasis: int, reviewed: bool, doubtful: bool) -> None:
    # the middle of a flag stands on the middle of the seam's crisp line
    middle = sheet.snap((flag.left + flag.right) / 2) + sheet.line_px / 2
    width = flag.right - flag.left
    if width <= _MOST_STAMPED_PX:
        width = round(width)
        stamp = _stamp(kind, width, emphasis, reviewed, doubtful, sheet.ratio)
        # an odd half pixel is in the stamp's width on both sides alike
        left = middle - width / 2 - _MARGIN_PX
        sheet.painter.drawImage(QPointF(sheet.snap(left - 0.01), 0), stamp)
        return
    # a wide span may reach over the window's edge: its letter stays where it can be read
    left, right = middle - width / 2, middle + width / 2
    seen = max(left, 0.0), min(right, sheet.width)
    _paint(sheet.painter, kind, (left, right), seen, emphasis, reviewed, doubtful)


@lru_cache(maxsize=1024)
def _stamp(kind: int, width: int, emphasis: int, reviewed: bool, doubtful: bool, ratio: float) -> QImage:
    """A flag as a picture: a hundred of them then cost less than one drawn."""
    size = width + 2 * _MARGIN_PX + 1
    image = QImage(round(size * ratio), round(FLAGS_PX * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    left = _MARGIN_PX + max(1, round(ratio)) / ratio / 2
    edges = (left, left + width)
    _paint(painter, kind, edges, edges, emphasis, reviewed, doubtful)
    painter.end()
    return image


def _paint(
    painter: QPainter,
    kind: int,
    edges: tuple[float, float],
    seen: tuple[float, float],
    emphasis: int,
    reviewed: bool,
    doubtful: bool,
) -> None:
    look = palette.SEAM_LOOKS[_KINDS[kind]]
    colour, ink = QColor(look.colour), QColor(palette.PICTURE_SURROUND)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left, right = edges
    if emphasis:
        # a rim around the flag: what is in it stays as it is
        painter.setPen(QPen(QColor(palette.TEXT_STRONG), 4 if emphasis == 2 else 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(_shape(_KINDS[kind], left, right, 0))
    if doubtful:
        painter.setPen(QPen(colour, 1.25))
        painter.setBrush(QColor(palette.WINDOW))
        inset = 0.75 if right - left >= 8 else 0.5
        painter.drawPolygon(_shape(_KINDS[kind], left + inset, right - inset, 0.75))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(_shape(_KINDS[kind], left, right, 0))
    if seen[1] - seen[0] >= 12:
        font = QFont(small_font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(colour if doubtful else ink)
        area = QRectF(seen[0], _TOP - 0.5, seen[1] - seen[0], 13)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), look.letter)
    if reviewed:
        middle = (left + right) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        half = min(4.0, (right - left) / 2 - 1)
        painter.drawRect(QRectF(middle - half, _TOP + (12 if half == 4 else 8), 2 * half, 1.5))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _shape(kind: SeamKind, left: float, right: float, inset: float) -> QPolygonF:
    """Every kind has an outline of its own: tag, hexagon, ramp, slanted box."""
    top, bottom, middle = _TOP + inset, _BOTTOM - inset, (left + right) / 2
    slant = min(3.0, (right - left) / 3)
    if kind is SeamKind.CUT:
        if right - left >= 8:
            left, right = left + 1, right - 1
        return polygon((left, top), (right, top), (right, bottom - 4), (middle, bottom), (left, bottom - 4))
    if kind is SeamKind.DISSOLVE:
        y, near_left, near_right = (top + bottom) / 2, left + slant, right - slant
        return polygon(
            (near_left, top),
            (near_right, top),
            (right, y),
            (near_right, bottom),
            (near_left, bottom),
            (left, y),
        )
    if kind is SeamKind.FADE:
        return polygon((left + slant, top), (right - slant, top), (right, bottom), (left, bottom))
    return polygon((left + slant, top), (right, top), (right - slant, bottom), (left, bottom))
