"""Paints a row of labels: thousands of blocks as one row of pixels, words where they have room."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from seamline_resources import palette
from seamline_widgets.laid_out_texts import LaidOutTexts
from seamline_widgets.timeline_labels import LabelRow
from seamline_widgets.timeline_layer import layer_pixmap
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_sheet import Pixels, Sheet, pixel, polygon, small_font
from seamline_widgets.timeline_tints import DIMMED, ROW_RGB, SURROUND_RGB

_PAD_PX, _NARROW_PAD_PX = 5, 2
_LEAST_TEXT_PX = 9
_LEAST_GAP_PX = 5  # blocks from this width on stand a line apart
_LEAST_BLOCK_PX = 3  # narrower, on average, they would flicker: their mean colour is shown
_HATCH_PX, _HATCH_LINE_PX = 6, 1.5
_HATCH = "#4c4c4c"
_UNDERLINE_PX, _UNDERLINE_INSET_PX = 2, 1
_CORNER_PX, _LEAST_CORNERED_PX = 7, 20
_MOST_TEXTS = 4096

Floats = NDArray[np.floating]


class LabelPainter:
    """Keeps the rows it has painted, and the words it has laid out: a few dozen stand on the rows many times."""

    def __init__(self) -> None:
        self._layers: dict[str, tuple[Hashable, QPixmap]] = {}
        self._texts = LaidOutTexts(_MOST_TEXTS)

    def paint(
        self,
        sheet: Sheet,
        scale: TimeScale,
        row: LabelRow,
        top: float,
        bottom: float,
        bright: tuple[float, float],
    ) -> None:
        """Fill the row from `top` to `bottom`; what lies outside of the pixels of `bright` is dimmed.

        Painted anew only if that or the view changed: not while the threshold is dragged.
        """
        key = row, scale, bright, bottom - top, sheet.width, sheet.ratio
        held_key, pixmap = self._layers.get(row.kind, (None, None))
        if pixmap is None or held_key != key:
            pixmap = layer_pixmap(pixmap, QSize(round(sheet.width), round(bottom - top)), sheet.ratio)
            painter = QPainter(pixmap)
            self._paint_row(Sheet(painter, sheet.width), scale, row, 0, bottom - top, bright)
            painter.end()
            self._layers[row.kind] = key, pixmap
        sheet.painter.drawPixmap(QPointF(0, top), pixmap)

    def _paint_row(
        self,
        sheet: Sheet,
        scale: TimeScale,
        row: LabelRow,
        top: float,
        bottom: float,
        bright: tuple[float, float],
    ) -> None:
        sheet.painter.fillRect(QRectF(0, top, sheet.width, bottom - top), QColor(palette.WINDOW))
        first = int(np.searchsorted(row.right, scale.first, side="right"))
        last = int(np.searchsorted(row.left, scale.last, side="left"))
        part = _Part(sheet, scale, row, slice(first, max(first, last)), bright)
        if first < last:
            if part.is_crowded:
                sheet.draw_row(part.mean_colours(), top + 1, bottom - 1)
            else:
                sheet.draw_rows(part.colours(), top + 1, bottom - 1)
                self._paint_underlines(part, bottom)
                self._paint_corners(part, top)
                self._paint_words(part, top, bottom)
        elif not row.blocks:
            self._paint_hint(sheet, row.hint, top, bottom)

    def _paint_underlines(self, part: _Part, bottom: float) -> None:
        """The editor's own labels stand on a line."""
        sheet, chosen = part.sheet, part.row.is_user[part.range]
        if not chosen.any():
            return
        line = sheet.new_row()
        inks = part.row.ink_pixels[part.look[chosen]]
        inset = np.minimum(_UNDERLINE_INSET_PX, (part.right - part.left)[chosen] / 4)
        left, right = part.left[chosen] + inset, part.right[chosen] - inset
        for ink in np.unique(inks):
            sheet.put_spans(line, left[inks == ink], right[inks == ink], int(ink))
        foot = bottom - 1 - _UNDERLINE_INSET_PX
        sheet.draw_row(line, foot - _UNDERLINE_PX, foot)

    def _paint_corners(self, part: _Part, top: float) -> None:
        """And have their upper right corner folded, where they are wide enough."""
        sheet, painter = part.sheet, part.sheet.painter
        wide = part.row.is_user[part.range] & (part.right - part.left >= _LEAST_CORNERED_PX)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for at in np.flatnonzero(wide & (part.right <= sheet.width + _CORNER_PX)).tolist():
            tint = part.row.tints[part.look[at]]
            x, y = sheet.snap(float(part.right[at])) - 1, top + 1
            painter.setBrush(QColor(tint.ink))
            painter.drawPolygon(polygon((x - _CORNER_PX, y), (x, y), (x, y + _CORNER_PX)))
        painter.restore()

    def _paint_words(self, part: _Part, top: float, bottom: float) -> None:
        sheet, row = part.sheet, part.row
        painter, font = sheet.painter, small_font()
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        y = sheet.snap(top + (bottom - top - metrics.height()) / 2 - 1)
        seen_left, seen_right, is_dimmed = part.seen()
        room = seen_right - seen_left
        shown_ink = ""
        for at in np.flatnonzero(room >= _LEAST_TEXT_PX).tolist():
            block, tint = row.blocks[part.range.start + at], row.tints[part.look[at]]
            static, advance = self._texts.get(block.name, metrics)
            x = float(seen_left[at]) + _PAD_PX
            if advance > room[at] - 2 * _PAD_PX:
                static, advance = self._texts.get(block.short, metrics)
                if advance > room[at] - 2 * _NARROW_PAD_PX:
                    continue
                x = float(seen_left[at]) + min(_PAD_PX, (float(room[at]) - advance) / 2)
            ink = tint.dimmed_ink if is_dimmed[at] else tint.ink
            if ink != shown_ink:
                painter.setPen(QColor(ink))
                shown_ink = ink
            painter.drawStaticText(QPointF(sheet.snap(x), y), static)

    def _paint_hint(self, sheet: Sheet, text: str, top: float, bottom: float) -> None:
        """What will be there. A row with labels has no words of its own: between labels they would read like one."""
        painter = sheet.painter
        painter.setFont(small_font())
        painter.setPen(QColor(palette.TEXT_QUIET))
        area = QRectF(_PAD_PX, top, sheet.width - _PAD_PX, bottom - top)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), text)


class _Part:
    """The blocks of a row that are in view, their ends in logical pixels."""

    def __init__(
        self, sheet: Sheet, scale: TimeScale, row: LabelRow, visible: slice, bright: tuple[float, float]
    ) -> None:
        self.sheet, self.scale, self.row, self.range, self.bright = sheet, scale, row, visible, bright
        self.look = row.look[visible]
        self.left: Floats = (row.left[visible] - scale.first) * scale.frame_px
        self.right: Floats = (row.right[visible] - scale.first) * scale.frame_px
        self._at: NDArray[np.int64] | None = None

    @property
    def is_crowded(self) -> bool:
        return bool((self.right[-1] - self.left[0]) / len(self.left) < _LEAST_BLOCK_PX)

    def colours(self) -> Pixels:
        """Each pixel has the tint of the block that it lies in, and a line is left free after each block.

        Lines of pixels, to be repeated: stripes where the analysis is unsure.
        """
        ratio, count = self.sheet.ratio, len(self.sheet.new_row())
        begins, ends = np.rint(self.left * ratio), np.rint(self.right * ratio)
        gap = np.where(self.right - self.left >= _LEAST_GAP_PX, max(1, round(ratio)), 0)
        x = np.arange(count)
        at = np.searchsorted(begins, x, side="right") - 1
        inside = (at >= 0) & (x < (ends - gap)[np.maximum(at, 0)])
        look = self.look[at[inside]]
        row = np.full(count, pixel(palette.WINDOW), dtype=np.uint32)
        row[inside] = self.row.pixels[look, self._dimmed_pixels()[inside].astype(np.int64)]
        striped = np.zeros(count, dtype=bool)
        striped[inside] = self.row.is_striped[look]
        if not striped.any():
            return row[None]
        period, thick = round(_HATCH_PX * ratio), round(_HATCH_LINE_PX * ratio)
        # stripes stay on the film while the view is panned
        along = x + round(self.scale.first * self.scale.frame_px * ratio)
        slope = (along[None] + np.arange(period)[:, None]) % period < thick
        return np.where(slope & striped, np.uint32(pixel(_HATCH)), row)

    def mean_colours(self) -> Pixels:
        """Each pixel has the mean of what lies in it."""
        count = len(self.sheet.new_row())
        edges = self.scale.first + np.arange(count + 1) * (self.scale.span / count)
        means = self.row.means.between(edges)
        rgb = means[:, :3] + (1 - means[:, 3:]) * np.array(ROW_RGB)
        dimmed = self._dimmed_pixels()
        rgb[dimmed] += (np.array(SURROUND_RGB) - rgb[dimmed]) * DIMMED
        red, green, blue = np.clip(np.rint(rgb), 0, 255).astype(np.uint32).T
        return np.asarray(np.uint32(0xFF000000) | red << 16 | green << 8 | blue, dtype=np.uint32)

    def seen(self) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """(left, right, whether dimmed) of each block's place for words: in view, and dimmed whole or not at all."""
        left, right = np.maximum(self.left, 0.0), np.minimum(self.right, self.sheet.width)
        begin, end = self.bright
        bright_left, bright_right = np.maximum(left, begin), np.minimum(right, end)
        # of a block that an end of the range divides, the larger part
        before, after = np.minimum(right, begin) - left, right - np.maximum(left, end)
        inner = bright_right - bright_left
        is_dimmed = inner < np.maximum(before, after)
        is_before = is_dimmed & (before >= after)
        is_after = is_dimmed & ~is_before
        bright_left[is_dimmed], bright_right[is_dimmed] = left[is_dimmed], right[is_dimmed]
        bright_right[is_before] = np.minimum(right, begin)[is_before]
        bright_left[is_after] = np.maximum(left, end)[is_after]
        return bright_left, bright_right, is_dimmed

    def _dimmed_pixels(self) -> NDArray[np.bool_]:
        x = np.arange(len(self.sheet.new_row())) / self.sheet.ratio
        dimmed: NDArray[np.bool_] = (x < self.bright[0]) | (x >= self.bright[1])
        return dimmed
