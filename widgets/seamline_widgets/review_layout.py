"""Where the parts of the review go in a strip of any size: the pictures first, then the curve, then words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize

from seamline_widgets.review_facts import COLUMN_PX, MINI_PX, ROW_PX
from seamline_widgets.review_still import CAPTION_PX
from seamline_widgets.review_stills import GAP_PX, picture_size

MARGIN_PX = 12
_TOP_PX = 8
_BETWEEN_PX = 16
_LEAST_CURVE_PX, _LEAST_BESIDE_PX = 168, 96
_LEAST_BELOW_PX, _MOST_BELOW_PX = 64, 160
_LEAST_PICTURE_PX, _AMPLE_PICTURE_PX = 128, 176
_MUCH = 0.75
"""The curve is there where pictures are ample, or keep so much of the width that they would have without it."""
_LEAST_COLUMN_PX = 88
_WORTH_IT = 1.15
"""The parts stay side by side unless the pictures are so many times as wide with the curve or the facts below them."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The places of the parts; `curve` is None where it would take too much from the pictures."""

    stills: QRect
    curve: QRect | None
    facts: QRect

    def picture_size(self, aspect: float) -> QSize:
        return picture_size(self.stills.size(), aspect)


def arranged(size: QSize, aspect: float) -> Arrangement:
    """The best places in a strip of that size for pictures of that aspect (width over height)."""
    inside = QRect(
        MARGIN_PX, _TOP_PX, max(1, size.width() - 2 * MARGIN_PX), max(1, size.height() - 2 * _TOP_PX)
    )
    made = []
    for facts, rest in _places_of_facts(inside):
        for stills, curve in (_beside(rest, aspect), _below(rest, aspect), (rest, None)):
            made.append(Arrangement(stills, curve, facts))
    best = _best([one for one in made if one.curve is not None], aspect)
    alone = _best([one for one in made if one.curve is None], aspect)
    enough_px = min(_AMPLE_PICTURE_PX, _MUCH * alone.picture_size(aspect).width())
    if best.picture_size(aspect).width() < enough_px:
        best = alone
    if best.picture_size(aspect).width() < _LEAST_PICTURE_PX and inside.height() >= _LEAST_COLUMN_PX:
        facts, rest = _split(inside, MINI_PX)
        best = _best([best, Arrangement(rest, None, facts)], aspect)
    return best


def _places_of_facts(inside: QRect) -> list[tuple[QRect, QRect]]:
    """Where they may be, and what they leave: a column at the right, a row at the foot."""
    row = QRect(inside.left(), inside.bottom() + 1 - ROW_PX, inside.width(), ROW_PX)
    places = [(row, inside.adjusted(0, 0, 0, -ROW_PX - 4))]
    if inside.height() >= _LEAST_COLUMN_PX:
        places.insert(0, _split(inside, COLUMN_PX))
    return places


def _split(inside: QRect, column_px: int) -> tuple[QRect, QRect]:
    column = QRect(inside.right() + 1 - column_px, inside.top(), column_px, inside.height())
    return column, inside.adjusted(0, 0, -column_px - _BETWEEN_PX, 0)


def _best(arrangements: list[Arrangement], aspect: float) -> Arrangement:
    """The first, unless a later one has much larger pictures."""
    best = arrangements[0]
    for one in arrangements[1:]:
        if one.picture_size(aspect).width() >= best.picture_size(aspect).width() * _WORTH_IT:
            best = one
    return best


def _beside(area: QRect, aspect: float) -> tuple[QRect, QRect | None]:
    """Pictures as large as the height allows, the curve beside them in what they leave."""
    wanted = 3 * round((area.height() - CAPTION_PX) * aspect) + 2 * GAP_PX
    room = area.width() - _BETWEEN_PX
    stills_px = max(1, min(wanted, room - _LEAST_CURVE_PX))
    stills = QRect(area.left(), area.top(), stills_px, area.height())
    # as tall as the pictures, not as what is left over them
    height = picture_size(stills.size(), aspect).height()
    top = area.top() + (area.height() - height - CAPTION_PX) // 2
    left = stills.right() + 1 + _BETWEEN_PX
    curve_px = max(height, min(area.height(), _LEAST_BESIDE_PX))
    return stills, QRect(left, min(top, area.bottom() + 1 - curve_px), area.right() + 1 - left, curve_px)


def _below(area: QRect, aspect: float) -> tuple[QRect, QRect | None]:
    """Pictures as large as the width allows, the curve below them in what they leave."""
    room = area.height() - 8
    wanted = round((area.width() - 2 * GAP_PX) / 3 / aspect) + CAPTION_PX
    stills_px = max(1, min(wanted, room - _LEAST_BELOW_PX))
    curve_px = max(1, min(room - stills_px, _MOST_BELOW_PX))
    top = area.top() + max(0, room - stills_px - curve_px) // 2
    stills = QRect(area.left(), top, area.width(), stills_px)
    return stills, QRect(area.left(), stills.bottom() + 9, area.width(), curve_px)
