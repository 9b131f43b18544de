"""Which columns the shot list shows at a width, and what is folded into others where there is little room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QFont, QFontMetrics

from seamline_widgets.shot_paint import CHIP_PX, THUMBNAIL_SIZE
from seamline_widgets.shot_texts import TITLES, Column
from seamline_widgets.theme import figures_font

COMMENT_PX = 160
_NAME_PX = 144
_TIGHT_NAME_PX = 104
_LEAST_NAME_PX = 96


class SeamStyle(Enum):
    """How much of a seam its column says."""

    WORDS = 1
    SHORT = 2
    CHIP = 3


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """`has_names`: there is a column for names, with the comments below them unless these have their own.

    `is_stacked`: the length stands below the start. `number_on_picture`: it has no column.
    """

    has_names: bool = False
    has_end: bool = True
    has_comments: bool = False
    seam: SeamStyle = SeamStyle.WORDS
    is_stacked: bool = False
    number_on_picture: bool = False

    @property
    def hidden(self) -> frozenset[Column]:
        return frozenset(
            column
            for column, is_hidden in (
                (Column.NAME, not self.has_names),
                (Column.END, not self.has_end),
                (Column.COMMENT, not self.has_comments),
                (Column.LENGTH, self.is_stacked),
                (Column.NUMBER, self.number_on_picture),
            )
            if is_hidden
        )

    @property
    def stretched(self) -> Column:
        """The column that takes what room is left."""
        return Column.NAME if self.has_names else Column.SEAM


_UNNAMED = (
    ColumnPlan(),
    ColumnPlan(has_end=False),
    ColumnPlan(has_end=False, seam=SeamStyle.SHORT),
    ColumnPlan(has_end=False, seam=SeamStyle.SHORT, is_stacked=True),
    ColumnPlan(has_end=False, seam=SeamStyle.SHORT, is_stacked=True, number_on_picture=True),
)
_NAMED = (
    ColumnPlan(has_names=True, has_comments=True),
    ColumnPlan(has_names=True),
    ColumnPlan(has_names=True, has_end=False),
    ColumnPlan(has_names=True, has_end=False, seam=SeamStyle.SHORT),
    ColumnPlan(has_names=True, has_end=False, seam=SeamStyle.SHORT, is_stacked=True),
    ColumnPlan(has_names=True, has_end=False, seam=SeamStyle.SHORT, is_stacked=True, number_on_picture=True),
    ColumnPlan(has_names=True, has_end=False, seam=SeamStyle.CHIP, is_stacked=True, number_on_picture=True),
)


class ColumnWidths:
    """The widths of the columns in one font, and what fits into a width."""

    def __init__(self, font: QFont) -> None:
        figures, words = QFontMetrics(figures_font()), QFontMetrics(font)
        chip = CHIP_PX + 16
        # a heading has room for the arrow of the order beside it
        heads = {column: words.horizontalAdvance(title) + 32 for column, title in TITLES.items() if title}
        self._px = {
            Column.THUMBNAIL: THUMBNAIL_SIZE.width() + 16,
            Column.NUMBER: figures.horizontalAdvance("0000") + 18,
            Column.START: max(heads[Column.START], figures.horizontalAdvance("00:00:00:00") + 18),
            Column.END: max(heads[Column.END], figures.horizontalAdvance("00:00:00:00") + 18),
            Column.LENGTH: max(heads[Column.LENGTH], figures.horizontalAdvance("0:00:00") + 18),
            Column.COMMENT: COMMENT_PX,
        }
        self._seam_px = {
            SeamStyle.WORDS: words.horizontalAdvance("Dissolve  88%") + chip,
            SeamStyle.SHORT: words.horizontalAdvance("by you") + chip + 8,
            SeamStyle.CHIP: chip,
        }

    def of(self, plan: ColumnPlan) -> dict[Column, int]:
        """The width of each column that is not hidden; the stretched one's is its least."""
        name_px = _TIGHT_NAME_PX if plan.is_stacked else _NAME_PX
        if plan.seam is SeamStyle.CHIP:
            name_px = _LEAST_NAME_PX
        widths = {**self._px, Column.SEAM: self._seam_px[plan.seam], Column.NAME: name_px}
        return {column: px for column, px in widths.items() if column not in plan.hidden}

    def plan(self, room_px: int, *, has_names: bool) -> ColumnPlan:
        """The fullest plan that fits into `room_px`, or the sparsest."""
        plans = _NAMED if has_names else _UNNAMED
        return next((plan for plan in plans if sum(self.of(plan).values()) <= room_px), plans[-1])

    @property
    def least_px(self) -> int:
        """The room that every plan's sparsest needs."""
        return max(sum(self.of(plans[-1]).values()) for plans in (_UNNAMED, _NAMED))

    @property
    def usual_px(self) -> int:
        """The room in which nothing but names and comments is left out."""
        return sum(self.of(_UNNAMED[0]).values())
