"""What is painted over the similarity curve: seams and flags, playhead, ruler, what is not analysed yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from seamline.project.types import Origin, Seam, SeamKind
from seamline_resources import palette
from seamline_widgets.theme import figures_font
from seamline_widgets.timeline_rows import FLAGS_PX, RULER_PX, TimelineRows
from seamline_widgets.timeline_scale import TimeScale, ticks
from seamline_widgets.timeline_seams import Flag, SeamRow

FloatArray = NDArray[np.floating]
PixelRow = NDArray[np.uint8]  # (width in device pixels, 4), premultiplied RGBA
PixelColour = NDArray[np.uint8]  # (4,)

_KINDS = tuple(SeamKind)
_SPAN_ALPHA, _LINE_ALPHA = 64, 176  # the curve stays readable below
_FLAG_TOP, _FLAG_BOTTOM = 2.0, 18.0


@dataclass(frozen=True, slots=True)
class TimelineState:
    """Everything of the film that the painter needs to know."""

    scale: TimeScale
    timecode_of: Callable[[int], str]
    nominal_rate: int
    first_label_frame: int
    analysed_frames: int
    seams: SeamRow
    selected: int | None


class TimelinePainter:
    """Paints one state into a widget `width` logical pixels wide, lines on whole device pixels."""

    def __init__(self, painter: QPainter, width: float, rows: TimelineRows) -> None:
        self._painter = painter
        self._width, self._rows = width, rows
        self._ratio = painter.device().devicePixelRatio()
        self._line_px = max(1, round(self._ratio)) / self._ratio
        self._plot_bottom = rows.plot_bottom
        self._font = small_font()

    def paint_film(self, state: TimelineState) -> None:
        """Paint what belongs to the film and the view of it: it can be kept while only the playhead moves."""
        flags = state.seams.flags(state.scale, state.selected)
        self._paint_unanalysed(state)
        self._paint_levels()
        self._paint_seams(state, flags)
        self._paint_ruler(state)
        self._paint_flags(state, flags)

    def paint_moving(self, playhead: int, hover_frame: int | None, hover_text: str, scale: TimeScale) -> None:
        """Paint what moves over it: the playhead, and what is under the mouse."""
        if hover_frame is not None:
            self._fill_column(scale.x_of(hover_frame), FLAGS_PX, self._plot_bottom, _faded("#ffffff", 48))
        self._paint_playhead(playhead, scale)
        if hover_frame is not None and hover_text:
            self._paint_hover_text(hover_frame, hover_text, scale)

    def _paint_unanalysed(self, state: TimelineState) -> None:
        left = max(0.0, state.scale.x_of(state.analysed_frames))
        if left >= self._width or state.analysed_frames >= state.scale.frame_count:
            return
        top, bottom = self._rows.curve_top, self._rows.curve_bottom
        area = QRectF(self._snap(left), top, self._width - left, bottom - top)
        self._painter.fillRect(area, QBrush(QColor(palette.LINE), Qt.BrushStyle.BDiagPattern))

    def _paint_levels(self) -> None:
        """Faint lines where the similarity is 0, a half, and 1."""
        top, bottom = self._rows.curve_top, self._rows.curve_bottom
        for value in (0.0, 0.5, 1.0):
            y = top + (1.04 - value) / 1.08 * (bottom - top)
            self._painter.fillRect(
                QRectF(0, self._snap(y), self._width, self._line_px), _faded("#ffffff", 14)
            )

    def _paint_seams(self, state: TimelineState, flags: list[Flag]) -> None:
        if state.selected is not None:
            self._paint_selection(state, state.selected)
        part = state.seams.visible(state.scale)
        visible = np.arange(part.start, part.stop)
        self._paint_seam_lines(state, visible, self._rows.curve_top, self._plot_bottom, has_spans=True)
        if self._rows.strip_px:
            # pictures keep their colours, and where seams crowd they are not hidden by lines
            flagged = np.array([flag.at for flag in flags], dtype=np.int64)
            self._paint_seam_lines(state, flagged, FLAGS_PX, self._rows.curve_top, has_spans=False)

    def _paint_seam_lines(
        self, state: TimelineState, seams: NDArray[np.int64], top: float, bottom: float, *, has_spans: bool
    ) -> None:
        """Thousands of seams cost one row of pixels, stretched over the height."""
        left = (state.seams.left[seams] - state.scale.first) * state.scale.frame_px
        right = (state.seams.right[seams] - state.scale.first) * state.scale.frame_px
        kinds = state.seams.kind[seams]
        row = np.zeros((max(1, round(self._width * self._ratio)), 4), dtype=np.uint8)
        for at, kind in enumerate(_KINDS):
            of_kind = kinds == at
            colour = QColor(palette.SEAM_LOOKS[kind].colour)
            if kind is not SeamKind.CUT:
                if has_spans:
                    self._put_spans(row, left[of_kind], right[of_kind], _premultiplied(colour, _SPAN_ALPHA))
                self._put_lines(row, right[of_kind], _premultiplied(colour, _LINE_ALPHA))
            self._put_lines(row, left[of_kind], _premultiplied(colour, _LINE_ALPHA))
        self._draw_row(row, top, bottom)

    def _paint_selection(self, state: TimelineState, selected: int) -> None:
        left = state.scale.x_of(float(state.seams.left[selected]))
        right = state.scale.x_of(float(state.seams.right[selected]))
        band = QRectF(
            self._snap(left) - 4, FLAGS_PX, right - left + 8 + self._line_px, self._plot_bottom - FLAGS_PX
        )
        self._painter.fillRect(band, _faded("#ffffff", 56))

    def _paint_ruler(self, state: TimelineState) -> None:
        painter = self._painter
        painter.fillRect(QRectF(0, self._plot_bottom, self._width, RULER_PX), QColor(palette.WINDOW))
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        label_px = metrics.horizontalAdvance(state.timecode_of(0)) + 20
        marks = ticks(state.scale, label_px, state.nominal_rate, state.first_label_frame)
        for frame in marks.minor:
            x = state.scale.x_of(frame)
            self._fill_column(x, self._plot_bottom, self._plot_bottom + 4, QColor(palette.OUTLINE))
        painter.setPen(QColor(palette.TEXT_QUIET))
        for frame in marks.major:
            x = self._snap(state.scale.x_of(frame))
            self._fill_column(x, self._plot_bottom, self._plot_bottom + 8, QColor(palette.TEXT_QUIET))
            if x >= 0 and x + label_px - 16 <= self._width:
                area = QRectF(x + 4, self._plot_bottom + 2, label_px, RULER_PX - 2)
                painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), state.timecode_of(frame))

    def _paint_flags(self, state: TimelineState, flags: list[Flag]) -> None:
        painter = self._painter
        painter.fillRect(QRectF(0, 0, self._width, FLAGS_PX), QColor(palette.WINDOW))
        part = state.seams.visible(state.scale)
        # seams without a flag leave a short mark, so that crowds can be seen in the flags' row too
        has_flag = np.zeros(len(state.seams), dtype=np.bool_)
        has_flag[[flag.at for flag in flags]] = True
        bare = state.seams.left[part][~has_flag[part]]
        x = (bare - state.scale.first) * state.scale.frame_px
        row = np.zeros((max(1, round(self._width * self._ratio)), 4), dtype=np.uint8)
        self._put_lines(row, x, _premultiplied(QColor(palette.TEXT_QUIET), 255))
        self._draw_row(row, FLAGS_PX - 4, FLAGS_PX)
        font = QFont(self._font)
        font.setBold(True)
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for flag in flags:
            self._paint_flag(flag, state.seams.seams[flag.at], flag.at == state.selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_flag(self, flag: Flag, seam: Seam, is_selected: bool) -> None:
        painter = self._painter
        look = palette.SEAM_LOOKS[seam.kind]
        # the middle of a flag stands on the middle of the seam's crisp line
        shift = self._snap((flag.left + flag.right) / 2) + self._line_px / 2 - (flag.left + flag.right) / 2
        left, right = flag.left + shift, flag.right + shift
        painter.setPen(QPen(QColor(palette.TEXT_STRONG), 2) if is_selected else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.colour))
        painter.drawPolygon(_flag_shape(seam.kind, left, right))
        ink = QColor(palette.PICTURE_SURROUND)
        # a wide span may reach over the window's edge: its letter stays where it can be read
        seen_left, seen_right = max(left, 0.0), min(right, self._width)
        if seen_right - seen_left >= 12:
            painter.setPen(ink)
            area = QRectF(seen_left, _FLAG_TOP - 0.5, seen_right - seen_left, 13)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), look.letter)
        if seam.origin is Origin.USER:
            middle = (left + right) / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawRect(QRectF(middle - 4, _FLAG_TOP + 12, 8, 1.5))

    def _paint_playhead(self, playhead: int, scale: TimeScale) -> None:
        painter = self._painter
        accent = QColor(palette.ACCENT)
        x = self._snap(scale.x_of(playhead))
        frame_px = scale.frame_px
        if frame_px >= 4:
            painter.fillRect(
                QRectF(x, FLAGS_PX, frame_px, self._plot_bottom - FLAGS_PX), _faded(palette.ACCENT, 40)
            )
        # below the flags: the letter of the seam it stands on stays readable
        self._fill_column(x, FLAGS_PX, self._plot_bottom + 7, accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        middle = x + self._line_px / 2
        top = self._plot_bottom
        painter.drawPolygon(_polygon((middle, top), (middle + 5, top + 7), (middle - 5, top + 7)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_hover_text(self, frame: int, text: str, scale: TimeScale) -> None:
        painter = self._painter
        painter.setFont(self._font)
        width = QFontMetricsF(self._font).horizontalAdvance(text) + 16
        x = scale.x_of(frame) + 12
        if x + width > self._width:
            x -= width + 24
        box = QRectF(self._snap(max(0.0, x)), self._rows.curve_bottom - 28, width, 20)
        painter.fillRect(box, QColor(palette.RAISED))
        painter.setPen(QColor(palette.TEXT))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def _snap(self, x: float) -> float:
        return round(x * self._ratio) / self._ratio

    def _fill_column(self, x: float, top: float, bottom: float, colour: QColor) -> None:
        self._painter.fillRect(QRectF(self._snap(x), top, self._line_px, bottom - top), colour)

    def _put_lines(self, row: PixelRow, x: FloatArray, colour: PixelColour) -> None:
        at = np.rint(x * self._ratio).astype(np.int64)
        for offset in range(max(1, round(self._ratio))):
            inside = at[(at + offset >= 0) & (at + offset < len(row))] + offset
            row[inside] = colour

    def _put_spans(self, row: PixelRow, left: FloatArray, right: FloatArray, colour: PixelColour) -> None:
        edges = np.zeros(len(row) + 1, dtype=np.int64)
        np.add.at(edges, np.clip(np.rint(left * self._ratio), 0, len(row)).astype(np.int64), 1)
        np.add.at(edges, np.clip(np.rint(right * self._ratio), 0, len(row)).astype(np.int64), -1)
        row[np.cumsum(edges[:-1]) > 0] = colour

    def _draw_row(self, row: PixelRow, top: float, bottom: float) -> None:
        image = QImage(row.tobytes(), len(row), 1, 4 * len(row), QImage.Format.Format_RGBA8888_Premultiplied)
        target = QRectF(0, top, len(row) / self._ratio, bottom - top)
        self._painter.drawImage(target, image, QRectF(image.rect()))


def _flag_shape(kind: SeamKind, left: float, right: float) -> QPolygonF:
    """Every kind has an outline of its own: tag, hexagon, ramp, slanted box."""
    top, bottom, middle = _FLAG_TOP, _FLAG_BOTTOM, (left + right) / 2
    if kind is SeamKind.CUT:
        return _polygon(
            (left + 1, top),
            (right - 1, top),
            (right - 1, bottom - 4),
            (middle, bottom),
            (left + 1, bottom - 4),
        )
    if kind is SeamKind.DISSOLVE:
        y = (top + bottom) / 2
        return _polygon(
            (left + 3, top), (right - 3, top), (right, y), (right - 3, bottom), (left + 3, bottom), (left, y)
        )
    if kind is SeamKind.FADE:
        return _polygon((left + 3, top), (right - 3, top), (right, bottom), (left, bottom))
    return _polygon((left + 3, top), (right, top), (right - 3, bottom), (left, bottom))


def _polygon(*points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


def _faded(colour: str, alpha: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded


def small_font() -> QFont:
    """The font of labels on the timeline."""
    return figures_font(figures_font().pointSizeF() * 0.9)


def _premultiplied(colour: QColor, alpha: int) -> PixelColour:
    channels = np.array([colour.red(), colour.green(), colour.blue(), 255], dtype=np.uint16)
    return (channels * alpha // 255).astype(np.uint8)
