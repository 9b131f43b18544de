"""The row of shots: each a block with its name or number along the time axis of the timeline."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from seamline_resources import palette
from seamline_widgets.laid_out_texts import LaidOutTexts
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_sheet import Sheet, pixel, small_font

_LEAST_TEXT_PX = 14
_PAD_PX = 5
_LEAST_TINT_PX = 3  # narrower blocks, on average, would flicker between the tints
_STRIPE_PX = 3
_TINTS = ("#303030", "#262626")
_SELECTED_TINT = "#505050"  # lighter, its label could not be read outside of in and out
_MOST_TEXTS = 20_000


@dataclass(frozen=True, slots=True)
class ShotBlock:
    """Frames [start_frame, end_frame) with a label; `colour` is `#rrggbb`, or None for no mark."""

    start_frame: int
    end_frame: int
    text: str
    colour: str | None = None


class ShotRow:
    """All blocks in order of their frames; they do not overlap. Any other row of labels can be made of it.

    Neighbours are told apart by two quiet tints. A label has what its block has of room: a name is cut short
    with an ellipsis, a number is shown whole or not at all.
    """

    def __init__(self, blocks: Sequence[ShotBlock] = ()) -> None:
        self.blocks: tuple[ShotBlock, ...] = tuple(sorted(blocks, key=lambda block: block.start_frame))
        self._starts = [block.start_frame for block in self.blocks]
        self._left: NDArray[np.int64] = np.array(self._starts, dtype=np.int64)
        self._right: NDArray[np.int64] = np.array([block.end_frame for block in self.blocks], dtype=np.int64)
        colours = sorted({block.colour for block in self.blocks if block.colour})
        self._colours: dict[str, NDArray[np.int64]] = {
            colour: np.flatnonzero([block.colour == colour for block in self.blocks]) for colour in colours
        }
        self._texts = LaidOutTexts(_MOST_TEXTS)

    def at(self, frame: float) -> ShotBlock | None:
        """The block that `frame` lies in."""
        place = bisect_right(self._starts, frame) - 1
        if place < 0 or frame >= self.blocks[place].end_frame:
            return None
        return self.blocks[place]

    def starts_between(self, first: float, last: float) -> NDArray[np.int64]:
        """The frames after `first`, up to `last`, where blocks begin."""
        begin, end = np.searchsorted(self._left, (first, last), side="right")
        return self._left[begin:end]

    def number_at(self, frame: float) -> int:
        """The place of the block that `frame` lies in, counted from 1; 0 where there is none."""
        return 0 if self.at(frame) is None else bisect_right(self._starts, frame)

    def text_at(self, frame: float) -> str:
        """The whole label of the block that `frame` lies in, which may be cut short on the row."""
        block = self.at(frame)
        return "" if block is None else block.text

    def paint(
        self, sheet: Sheet, scale: TimeScale, top: float, bottom: float, selected: frozenset[int]
    ) -> None:
        """Fill the row; `selected`: where the emphasised blocks start, as places of cuts between shots."""
        painter = sheet.painter
        painter.fillRect(QRectF(0, top, sheet.width, bottom - top), QColor(palette.WINDOW))
        first = int(np.searchsorted(self._right, scale.first, side="right"))
        last = int(np.searchsorted(self._left, scale.last, side="left"))
        if first >= last:
            return
        left = (self._left[first:last] - scale.first) * scale.frame_px
        right = (self._right[first:last] - scale.first) * scale.frame_px
        emphasised = [at for at in range(first, last) if self._starts[at] in selected] if selected else []
        self._paint_blocks(sheet, first, left, right, emphasised, top, bottom)
        self._paint_stripes(sheet, first, left, right, bottom)
        self._paint_texts(sheet, first, left, right, emphasised, top, bottom)

    def _paint_blocks(
        self,
        sheet: Sheet,
        first: int,
        left: NDArray[np.floating],
        right: NDArray[np.floating],
        emphasised: list[int],
        top: float,
        bottom: float,
    ) -> None:
        row = sheet.new_row()
        if (right[-1] - left[0]) / len(left) >= _LEAST_TINT_PX:
            for tint in (0, 1):
                # counted from the film's start: a block keeps its tint while the view is panned
                of_tint = np.arange(first, first + len(left)) % 2 == tint
                sheet.put_spans(row, left[of_tint], right[of_tint], pixel(_TINTS[tint]))
        else:
            sheet.put_spans(row, left, right, pixel(_TINTS[0]))
        if emphasised:
            at = np.array(emphasised) - first
            sheet.put_spans(row, left[at], right[at], pixel(_SELECTED_TINT))
        sheet.draw_row(row, top + 1, bottom - 1)

    def _paint_stripes(
        self,
        sheet: Sheet,
        first: int,
        left: NDArray[np.floating],
        right: NDArray[np.floating],
        bottom: float,
    ) -> None:
        row = sheet.new_row()
        for colour, marked in self._colours.items():
            at = marked[(marked >= first) & (marked < first + len(left))] - first
            gap = np.where(right[at] - left[at] >= 6, 1.0, 0.0)
            sheet.put_spans(row, left[at], right[at] - gap, pixel(colour))
        if row.any():
            sheet.draw_row(row, bottom - 1 - _STRIPE_PX, bottom - 1)

    def _paint_texts(
        self,
        sheet: Sheet,
        first: int,
        left: NDArray[np.floating],
        right: NDArray[np.floating],
        emphasised: list[int],
        top: float,
        bottom: float,
    ) -> None:
        painter = sheet.painter
        font = small_font()
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        plain, strong = QColor(palette.TEXT), QColor(palette.TEXT_STRONG)
        painter.setPen(plain)
        y = sheet.snap(top + (bottom - top - _STRIPE_PX - metrics.height()) / 2 + 0.5)
        seen_left, seen_right = np.maximum(left, 0.0), np.minimum(right, sheet.width)
        room = seen_right - seen_left
        is_emphasised = set(emphasised)
        for at in np.flatnonzero(room >= _LEAST_TEXT_PX).tolist():
            text = self.blocks[first + at].text
            space = float(room[at]) - 2 * _PAD_PX
            static, advance = self._texts.get(text, metrics)
            if advance > space:
                if text.isdigit():
                    continue
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, space)
                if len(text) < 3:
                    continue
                static, _ = self._texts.get(text, metrics)
            if first + at in is_emphasised:
                painter.setPen(strong)
            painter.drawStaticText(QPointF(sheet.snap(float(seen_left[at])) + _PAD_PX, y), static)
            if first + at in is_emphasised:
                painter.setPen(plain)
