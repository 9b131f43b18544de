"""What the timeline shows of the film: seams and flags over the curve, labels, ruler, the range from in to out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF

from seamline.project.types import SeamKind
from seamline_resources import palette
from seamline_widgets.timeline_flags import paint_flags
from seamline_widgets.timeline_label_paint import LabelPainter
from seamline_widgets.timeline_labels import ShotLabelRows
from seamline_widgets.timeline_levels import DOUBTFUL_BELOW, paint_dots, paint_threshold
from seamline_widgets.timeline_rows import CAMERA_LEGEND_PX, FLAGS_PX, LABELS_PX, RULER_PX, TimelineRows
from seamline_widgets.timeline_scale import TimeScale, ticks
from seamline_widgets.timeline_seams import Flag, SeamRow
from seamline_widgets.timeline_sheet import Sheet, faded, pixel, small_font
from seamline_widgets.timeline_shots import ShotRow

_KINDS = tuple(SeamKind)
_SPAN_ALPHA, _LINE_ALPHA = 64, 176  # the curve stays readable below
_CROWDED_LINE_ALPHA = 28
_ROOMY_PX, _CROWDED_PX = 10.0, 1.0  # of width for each seam in view
_DASH_PX, _GAP_PX = 4, 4
_OUTSIDE_ALPHA = 88
_OUTSIDE_FLAG_ALPHA = 48  # the letters on flags stay readable
_BRACKET_PX = 9


@dataclass(frozen=True, slots=True)
class TimelineState:
    """Everything of the film that the painter needs to know.

    `selected` is the seam that keys work on, `all_selected` has the places of every selected one.
    `in_out` are frames, both inclusive; `versions` count the states of the rows below;
    `has_curves`: of the camera.
    """

    scale: TimeScale
    timecode_of: Callable[[int], str]
    nominal_rate: int
    first_label_frame: int
    analysed_frames: int
    seams: SeamRow
    faint: SeamRow
    shots: ShotRow
    labels: ShotLabelRows
    selected: int | None
    all_selected: frozenset[int] = frozenset()
    selected_starts: frozenset[int] = frozenset()
    threshold: float | None = None
    threshold_is_hot: bool = False
    in_out: tuple[int | None, int | None] = (None, None)
    versions: tuple[int, ...] = ()
    has_curves: bool = False


class TimelinePainter:
    """Paints one state over the rows of pictures, curve, sound and camera."""

    def __init__(self, sheet: Sheet, rows: TimelineRows, label_painter: LabelPainter) -> None:
        self._sheet, self._rows, self._label_painter = sheet, rows, label_painter
        self._painter = sheet.painter

    def paint_film(self, state: TimelineState) -> None:
        """Paint what belongs to the film and the view of it: it can be kept while only the playhead moves."""
        sheet, rows, scale = self._sheet, self._rows, state.scale
        flags = state.seams.flags(scale, state.selected, state.all_selected)
        self._paint_unanalysed(state)
        self._paint_selection(state)
        self._paint_seams(state, flags)
        self._painter.save()
        self._painter.setClipRect(QRectF(0, rows.curve_top, sheet.width, rows.curve_bottom - rows.curve_top))
        paint_dots(sheet, rows, scale, state.seams, state.faint)
        if state.threshold is not None:
            paint_threshold(sheet, rows, state.threshold, is_hot=state.threshold_is_hot)
        self._painter.restore()
        if rows.label_rows:
            bottom = rows.plot_bottom + LABELS_PX
            state.shots.paint(sheet, scale, rows.plot_bottom, bottom, state.selected_starts)
        if rows.label_rows > 1:
            self._paint_labels(state)
        if rows.has_camera and state.has_curves:
            self._paint_camera_cuts(state)
        self._paint_ruler(state)
        paint_flags(sheet, scale, state.seams, flags, state.selected, state.all_selected)
        self._paint_in_out(state)

    def _paint_labels(self, state: TimelineState) -> None:
        top = self._rows.plot_bottom + LABELS_PX
        bright = self._bright_pixels(state)
        for row in state.labels.in_order:
            self._label_painter.paint(self._sheet, state.scale, row, top, top + LABELS_PX, bright)
            top += LABELS_PX

    def _paint_camera_cuts(self, state: TimelineState) -> None:
        """Where shots begin, over the camera's curves: each shot has its own."""
        sheet, scale = self._sheet, state.scale
        visible = state.shots.starts_between(scale.first, scale.last)
        if len(visible):
            row = sheet.new_row()
            ink = pixel("#ffffff", _line_alpha(sheet.width / len(visible)) // 3)
            sheet.put_lines(row, (visible - scale.first) * scale.frame_px, ink)
            sheet.draw_row(row, self._rows.labels_bottom + CAMERA_LEGEND_PX, self._rows.ruler_top)

    def _bright_pixels(self, state: TimelineState) -> tuple[float, float]:
        """From the in point to the out point."""
        in_frame, out_frame = state.in_out
        left = 0.0 if in_frame is None else self._sheet.snap(state.scale.x_of(in_frame))
        right = self._sheet.width if out_frame is None else self._sheet.snap(state.scale.x_of(out_frame + 1))
        return left, right

    def _paint_unanalysed(self, state: TimelineState) -> None:
        left = max(0.0, state.scale.x_of(state.analysed_frames))
        if left >= self._sheet.width or state.analysed_frames >= state.scale.frame_count:
            return
        top, bottom = self._rows.curve_top, self._rows.curve_bottom
        area = QRectF(self._sheet.snap(left), top, self._sheet.width - left, bottom - top)
        self._painter.fillRect(area, QBrush(QColor(palette.LINE), Qt.BrushStyle.BDiagPattern))

    def _paint_selection(self, state: TimelineState) -> None:
        sheet, seams, scale = self._sheet, state.seams, state.scale
        others = np.array(sorted(state.all_selected - {state.selected}), dtype=np.int64)
        if len(others):
            row = sheet.new_row()
            left = (seams.left[others] - scale.first) * scale.frame_px
            right = (seams.right[others] - scale.first) * scale.frame_px
            sheet.put_spans(row, left - 3, right + 3 + sheet.line_px, pixel("#ffffff", 36))
            sheet.draw_row(row, FLAGS_PX, self._rows.plot_bottom)
        if state.selected is not None:
            left_px = scale.x_of(float(seams.left[state.selected]))
            right_px = scale.x_of(float(seams.right[state.selected]))
            width = right_px - left_px + 8 + sheet.line_px
            height = self._rows.plot_bottom - FLAGS_PX
            band = QRectF(sheet.snap(left_px) - 4, FLAGS_PX, width, height)
            self._painter.fillRect(band, faded("#ffffff", 56))

    def _paint_seams(self, state: TimelineState, flags: list[Flag]) -> None:
        part = state.seams.visible(state.scale)
        visible = np.arange(part.start, part.stop)
        rows = self._rows
        self._paint_seam_lines(state, visible, rows.curve_top, rows.plot_bottom, has_spans=True)
        if rows.strip_px:
            # pictures keep their colours, and where seams crowd they are not hidden by lines
            flagged = np.array([flag.at for flag in flags if flag.is_full], dtype=np.int64)
            self._paint_seam_lines(state, flagged, FLAGS_PX, rows.curve_top, has_spans=False)

    def _paint_seam_lines(
        self, state: TimelineState, seams: NDArray[np.int64], top: float, bottom: float, *, has_spans: bool
    ) -> None:
        """Thousands of seams cost two rows of pixels: doubtful ones are not in the second and so are dashed."""
        if not len(seams):
            return
        sheet, row = self._sheet, state.seams
        left = (row.left[seams] - state.scale.first) * state.scale.frame_px
        right = (row.right[seams] - state.scale.first) * state.scale.frame_px
        kinds = row.kind[seams]
        is_doubtful = ~row.reviewed[seams] & (row.confidence[seams] < DOUBTFUL_BELOW)
        alpha = _line_alpha(sheet.width / len(seams))
        dashed, solid = sheet.new_row(), sheet.new_row()
        present = [(at, kind) for at, kind in enumerate(_KINDS) if (kinds == at).any()]
        for at, kind in present if has_spans else ():
            if kind is not SeamKind.CUT:
                span = pixel(palette.SEAM_LOOKS[kind].colour, min(_SPAN_ALPHA, alpha))
                sheet.put_spans(solid, left[kinds == at], right[kinds == at], span)
        dashed[:] = solid
        for at, kind in present:
            ink = pixel(palette.SEAM_LOOKS[kind].colour, alpha)
            for lines, chosen in ((dashed, kinds == at), (solid, (kinds == at) & ~is_doubtful)):
                if kind is not SeamKind.CUT:
                    sheet.put_lines(lines, right[chosen], ink)
                sheet.put_lines(lines, left[chosen], ink)
        if is_doubtful.any():
            dash, gap = (round(px * sheet.ratio) for px in (_DASH_PX, _GAP_PX))
            tile = np.concatenate([np.tile(dashed, (dash, 1)), np.tile(solid, (gap, 1))])
            sheet.draw_rows(tile, top, bottom)
        else:
            sheet.draw_row(solid, top, bottom)

    def _paint_ruler(self, state: TimelineState) -> None:
        painter, sheet, top = self._painter, self._sheet, self._rows.ruler_top
        painter.fillRect(QRectF(0, top, sheet.width, RULER_PX), QColor(palette.WINDOW))
        font = small_font()
        painter.setFont(font)
        label_px = QFontMetricsF(font).horizontalAdvance(state.timecode_of(0)) + 20
        marks = ticks(state.scale, label_px, state.nominal_rate, state.first_label_frame)
        row = sheet.new_row()
        minor = np.array(marks.minor, dtype=np.float64)
        sheet.put_lines(row, (minor - state.scale.first) * state.scale.frame_px, pixel(palette.OUTLINE))
        sheet.draw_row(row, top, top + 4)
        painter.setPen(QColor(palette.TEXT_QUIET))
        for frame in marks.major:
            x = sheet.snap(state.scale.x_of(frame))
            sheet.fill_column(x, top, top + 8, QColor(palette.TEXT_QUIET))
            if x >= 0 and x + label_px - 16 <= sheet.width:
                area = QRectF(x + 4, top + 2, label_px, RULER_PX - 2)
                painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), state.timecode_of(frame))

    def _paint_in_out(self, state: TimelineState) -> None:
        """A band along the ruler's foot with a bracket at each point; what lies outside is dimmed."""
        in_frame, out_frame = state.in_out
        if in_frame is None and out_frame is None:
            return
        sheet, rows, painter = self._sheet, self._rows, self._painter
        left, right = self._bright_pixels(state)
        # the rows of labels dim themselves, so that their words stay readable
        shots_bottom = rows.plot_bottom + min(rows.label_rows, 1) * LABELS_PX
        for alpha, above, below in (
            (_OUTSIDE_FLAG_ALPHA, 0, FLAGS_PX),
            (_OUTSIDE_ALPHA, FLAGS_PX, shots_bottom),
            (_OUTSIDE_ALPHA, rows.labels_bottom, rows.ruler_top),
        ):
            shade = faded(palette.PICTURE_SURROUND, alpha)
            if left > 0:
                painter.fillRect(QRectF(0, above, min(left, sheet.width), below - above), shade)
            if right < sheet.width:
                start = max(0.0, right)
                painter.fillRect(QRectF(start, above, sheet.width - start, below - above), shade)
        top, bottom = rows.ruler_top, rows.ruler_bottom
        painter.fillRect(QRectF(left, top, right - left, bottom - top), faded("#ffffff", 28))
        painter.fillRect(QRectF(left, bottom - 3, right - left, 3), QColor(palette.TEXT_QUIET))
        ink = QColor(palette.TEXT_STRONG)
        for frame, x, inwards in ((in_frame, left, 1), (out_frame, right, -1)):
            if frame is None:
                continue
            # at the foot alone: the labels of the ruler stay readable
            edge = x if inwards == 1 else x - 2
            painter.fillRect(QRectF(edge, bottom - _BRACKET_PX, 2, _BRACKET_PX), ink)
            painter.fillRect(QRectF(x if inwards == 1 else x - 6, bottom - 3, 6, 3), ink)
            edge = x if inwards == 1 else x - sheet.line_px
            sheet.fill_column(edge, FLAGS_PX, bottom - _BRACKET_PX, faded("#ffffff", 120))


def _line_alpha(px_a_seam: float) -> int:
    """Lines that crowd are drawn fainter: a wall of them would hide the curve."""
    share = (px_a_seam - _CROWDED_PX) / (_ROOMY_PX - _CROWDED_PX)
    return round(_CROWDED_LINE_ALPHA + min(max(share, 0.0), 1.0) * (_LINE_ALPHA - _CROWDED_LINE_ALPHA))
