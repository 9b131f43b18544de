"""Where everything stands on a contact sheet, in pixels of the page."""

from __future__ import annotations

import math
from dataclasses import dataclass

from seamline.errors import ExchangeError

MOST_COLUMNS = 20
PDF_DPI = 254  # ten pixels a millimetre

_A4_LANDSCAPE_PX = (2970, 2100)
_PICTURE_AREA_PX = 320 * 180  # on the sheet in one piece
_LEAST_AREA_PX = 128 * 72
_MOST_SHEET_PX = 64_000_000  # what viewers open, and 200 MB while it is drawn
_HIGHEST = 1.6  # times as high as wide
_CAPTION_EMS = 3.1  # two lines, and the space above them
LINE_EMS = 1.35


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """One page: `columns` times `rows` pictures of `picture_width` x `picture_height`, and the size of type.

    `type_px` is the em of the captions; all else is in proportion to it, so that pages of any fineness look alike.
    A caption has two lines, and the `extra_lines` for what is written about the shots.
    """

    page_width: int
    page_height: int
    columns: int
    rows: int
    picture_width: int
    picture_height: int
    type_px: float
    margin: int
    gap: int
    head: int
    extra_lines: int = 0

    @property
    def cells(self) -> int:
        return self.columns * self.rows

    def corner(self, cell: int) -> tuple[int, int]:
        """Left and top of the picture in cell 0, 1, ... of the page, row by row."""
        row, column = divmod(cell, self.columns)
        step = self.picture_height + _caption_px(self.type_px, self.extra_lines) + self.gap
        return self.margin + column * (self.picture_width + self.gap), self.head + row * step


def _usual_columns(aspect: float, square_columns: float) -> int:
    """How many pictures of that aspect (width over height) stand side by side where `square_columns` square ones do."""
    return min(12, max(3, round(square_columns / math.sqrt(aspect))))


def page_layout(aspect: float, columns: int | None, extra_lines: int = 0) -> SheetLayout:
    """A4 across, at PDF_DPI: as many rows as fit, one at least. Raises ExchangeError for columns out of range."""
    if columns is not None:
        return _page(aspect, _checked(columns), extra_lines)
    usual = _usual_columns(aspect, 7)
    # a column more or less may leave less of the page empty
    layouts = [_page(aspect, near, extra_lines) for near in (usual, usual + 1, max(1, usual - 1))]
    return max(layouts, key=lambda layout: layout.cells * layout.picture_width * layout.picture_height)


def _page(aspect: float, columns: int, extra_lines: int) -> SheetLayout:
    width, height = _A4_LANDSCAPE_PX
    margin, head, foot = 120, 280, 120
    gap = max(20, round(260 / columns))
    picture_width = (width - 2 * margin - (columns - 1) * gap) // columns
    # two lines side by side fill the picture's width; below 16 px (4.5 pt) nobody reads them
    type_px = min(28.0, max(16.0, picture_width / 13))
    caption = _caption_px(type_px, extra_lines)
    picture_height = min(round(picture_width / aspect), height - head - foot - caption)
    picture_width = min(picture_width, max(1, round(picture_height * aspect)))
    rows = max(1, (height - head - foot + gap) // (picture_height + caption + gap))
    return SheetLayout(
        width, height, columns, rows, picture_width, picture_height, type_px, margin, gap, head, extra_lines
    )


def single_layout(aspect: float, columns: int | None, shots: int, extra_lines: int = 0) -> SheetLayout:
    """One page as high as `shots` pictures need; the more they are, the smaller.

    Raises ExchangeError for columns out of range, or for more shots than a picture can hold that is still opened
    everywhere.
    """
    columns = _checked(_columns_in_one_piece(aspect, shots, extra_lines) if columns is None else columns)
    area = float(_PICTURE_AREA_PX)
    while True:
        layout = _single(aspect, columns, shots, area, extra_lines)
        if layout.page_width * layout.page_height <= _MOST_SHEET_PX:
            return layout
        area *= 0.9
        if area < _LEAST_AREA_PX:
            raise ExchangeError(
                f"{shots} shots are too many for one picture: let the sheet's name end in .pdf, which has pages."
            )


def _columns_in_one_piece(aspect: float, shots: int, extra_lines: int) -> int:
    """As on a page, and more where the sheet would be much higher than wide."""
    one = _single(aspect, 1, 1, _PICTURE_AREA_PX, extra_lines)
    step_across, step_down = one.picture_width + one.gap, one.page_height - one.head - one.margin + one.gap
    balanced = math.ceil(math.sqrt(shots * step_down / step_across / _HIGHEST))
    return min(MOST_COLUMNS, shots, max(_usual_columns(aspect, 6), balanced))


def _single(aspect: float, columns: int, shots: int, area: float, extra_lines: int) -> SheetLayout:
    picture_width = max(96, round(math.sqrt(area * aspect)))  # narrower ones have no room for a timecode
    picture_height = max(1, round(picture_width / aspect))
    type_px = min(15.0, max(11.0, picture_width / 13))
    margin, gap, head = 40, max(10, round(picture_width / 14)), 124
    rows = -(-shots // columns)
    return SheetLayout(
        page_width=max(480, 2 * margin + columns * picture_width + (columns - 1) * gap),
        page_height=head + rows * (picture_height + _caption_px(type_px, extra_lines) + gap) - gap + margin,
        columns=columns,
        rows=rows,
        picture_width=picture_width,
        picture_height=picture_height,
        type_px=type_px,
        margin=margin,
        gap=gap,
        head=head,
        extra_lines=extra_lines,
    )


def _caption_px(type_px: float, extra_lines: int) -> int:
    return round((_CAPTION_EMS + LINE_EMS * extra_lines) * type_px)


def _checked(columns: int) -> int:
    if not 1 <= columns <= MOST_COLUMNS:
        raise ExchangeError(f"A contact sheet has 1 to {MOST_COLUMNS} columns, not {columns}: choose fewer.")
    return columns
