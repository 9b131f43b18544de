"""What moves over the film on the timeline: the playhead, what is under the mouse, what a drag spans."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from seamline_resources import palette
from seamline_widgets.timeline_labels import LabelSpot
from seamline_widgets.timeline_rows import FLAGS_PX, LABELS_PX, TimelineRows
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_sheet import Sheet, faded, polygon, small_font


@dataclass(frozen=True, slots=True)
class Moving:
    """Frames: the playhead, the one under the mouse with its text, the two ends of a rubber band, the frame
    that something dragged has snapped to, the label under the mouse."""

    playhead: int
    hover_frame: int | None = None
    hover_text: str = ""
    band: tuple[float, float] | None = None
    snapped_frame: int | None = None
    label: LabelSpot | None = None


def paint_moving(sheet: Sheet, rows: TimelineRows, scale: TimeScale, moving: Moving) -> None:
    """Paint it over everything else."""
    if moving.label is not None:
        _paint_label_outline(sheet, rows, scale, moving.label)
    if moving.hover_frame is not None:
        x = scale.x_of(moving.hover_frame)
        sheet.fill_column(x, FLAGS_PX, rows.ruler_top, faded("#ffffff", 48))
    if moving.band is not None:
        _paint_band(sheet, rows, scale, moving.band)
    _paint_playhead(sheet, rows, scale, moving.playhead)
    if moving.snapped_frame is not None:
        _paint_snapped(sheet, rows, scale, moving.snapped_frame)
    if moving.hover_frame is not None and moving.hover_text:
        _paint_hover_text(sheet, rows, scale.x_of(moving.hover_frame), moving.hover_text)


def _paint_band(sheet: Sheet, rows: TimelineRows, scale: TimeScale, band: tuple[float, float]) -> None:
    left, right = (sheet.snap(scale.x_of(frame)) for frame in sorted(band))
    sheet.painter.fillRect(QRectF(left, 0, right - left, rows.plot_bottom), faded("#ffffff", 40))
    for x in (left, right):
        sheet.fill_column(x, 0, rows.plot_bottom, QColor(palette.TEXT_STRONG))


def _paint_label_outline(sheet: Sheet, rows: TimelineRows, scale: TimeScale, spot: LabelSpot) -> None:
    """A light frame with a dark one inside it: it is seen on any colour."""
    top = rows.plot_bottom + (1 + spot.row) * LABELS_PX
    left, right = sheet.snap(scale.x_of(spot.start_frame)), sheet.snap(scale.x_of(spot.end_frame))
    left, right = max(left, -2.0), min(right, sheet.width + 2)
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    for inset, colour in ((0.0, palette.TEXT_STRONG), (sheet.line_px, palette.PICTURE_SURROUND)):
        half = sheet.line_px / 2
        box = QRectF(left, top + 1, max(right - left - sheet.line_px, 2.0), LABELS_PX - 2)
        sheet.painter.setPen(QPen(QColor(colour), sheet.line_px))
        by = inset + half
        if box.width() > 2 * by:
            sheet.painter.drawRect(box.adjusted(by, by, -by, -by))


def _paint_snapped(sheet: Sheet, rows: TimelineRows, scale: TimeScale, frame: int) -> None:
    painter = sheet.painter
    x = sheet.snap(scale.x_of(frame)) + sheet.line_px / 2
    pen = QPen(QColor(palette.TEXT_STRONG), sheet.line_px)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawLine(QPointF(x, 0), QPointF(x, rows.ruler_bottom))


def _paint_playhead(sheet: Sheet, rows: TimelineRows, scale: TimeScale, playhead: int) -> None:
    painter, accent = sheet.painter, QColor(palette.ACCENT)
    x, top = sheet.snap(scale.x_of(playhead)), rows.ruler_top
    if scale.frame_px >= 4:
        area = QRectF(x, FLAGS_PX, scale.frame_px, top - FLAGS_PX)
        painter.fillRect(area, faded(palette.ACCENT, 40))
    # on pictures as light as itself, its dark rim is what is seen
    rim = QColor(palette.PICTURE_SURROUND)
    for beside in (x - sheet.line_px, x + sheet.line_px) if rows.has_strip else ():
        sheet.fill_column(beside, FLAGS_PX, rows.curve_top, rim)
    # below the flags: the letter of the seam it stands on stays readable
    sheet.fill_column(x, FLAGS_PX, top + 7, accent)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(accent)
    middle = x + sheet.line_px / 2
    painter.drawPolygon(polygon((middle, top), (middle + 5, top + 7), (middle - 5, top + 7)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_hover_text(sheet: Sheet, rows: TimelineRows, frame_x: float, text: str) -> None:
    painter, font = sheet.painter, small_font()
    painter.setFont(font)
    width = QFontMetricsF(font).horizontalAdvance(text) + 16
    x = frame_x + 12
    if x + width > sheet.width:
        x -= width + 24
    box = QRectF(sheet.snap(max(0.0, x)), rows.curve_bottom - 28, width, 20)
    painter.fillRect(box, QColor(palette.RAISED))
    painter.setPen(QColor(palette.TEXT))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
