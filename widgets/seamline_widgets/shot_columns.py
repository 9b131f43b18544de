"""Which columns the shot list shows at a width, and what is folded into others where there is little room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtGui import QFont, QFontMetrics

from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.label_paint import LETTERS_SIZE
from seamline_widgets.shot_paint import CHIP_PX, THUMBNAIL_SIZE
from seamline_widgets.shot_texts import TITLES, Column
from seamline_widgets.theme import figures_font

COMMENT_PX = 160
_NAME_PX = 144
_TIGHT_NAME_PX = 104
_LEAST_NAME_PX = 96
_FOLDED_NAME_PX = 84


class SeamStyle(Enum):
    """How much of a seam its column says."""

    WORDS = 1
    SHORT = 2
    CHIP = 3
    FOLDED = 4  # its chip stands beside the length, below the start


class LabelStyle(Enum):
    """How the columns say what a shot is labelled with."""

    NONE = 1
    WORDS = 2
    CHIPS = 3
    STACKED = 4  # both chips in one column, the scale's above


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """`has_names`: there is a column for names, with the comments below them unless these have their own.

    `labels`: for scale and movement. `is_stacked`: the length stands below the start. `number_on_picture`: it has
    no column.
    """

    has_names: bool = False
    has_end: bool = True
    has_comments: bool = False
    seam: SeamStyle = SeamStyle.WORDS
    labels: LabelStyle = LabelStyle.NONE
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
                (Column.SCALE, self.labels is LabelStyle.NONE),
                (Column.MOVEMENT, self.labels in (LabelStyle.NONE, LabelStyle.STACKED)),
                (Column.SEAM, self.seam is SeamStyle.FOLDED),
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
_LABELLED = (
    ColumnPlan(labels=LabelStyle.WORDS),
    ColumnPlan(labels=LabelStyle.CHIPS),
    ColumnPlan(labels=LabelStyle.CHIPS, has_end=False),
    ColumnPlan(labels=LabelStyle.CHIPS, has_end=False, seam=SeamStyle.SHORT),
    ColumnPlan(labels=LabelStyle.STACKED, has_end=False),
    *(replace(plan, labels=LabelStyle.STACKED) for plan in _UNNAMED[2:]),
)
_NAMED_LABELLED = (
    ColumnPlan(has_names=True, has_comments=True, labels=LabelStyle.WORDS),
    ColumnPlan(has_names=True, has_comments=True, labels=LabelStyle.CHIPS),
    ColumnPlan(has_names=True, labels=LabelStyle.CHIPS),
    ColumnPlan(has_names=True, has_end=False, labels=LabelStyle.CHIPS),
    *(replace(plan, labels=LabelStyle.STACKED) for plan in _NAMED[2:]),
    replace(_NAMED[-1], labels=LabelStyle.STACKED, seam=SeamStyle.FOLDED),
)
_PLANS = {
    (False, False): _UNNAMED,
    (True, False): _NAMED,
    (False, True): _LABELLED,
    (True, True): _NAMED_LABELLED,
}


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
        label = LETTERS_SIZE.width() + 16
        figure = words.horizontalAdvance("by you") + 8
        names = {
            kind: max(words.horizontalAdvance(f"{look.name}  100%") for look in looks.values()) + 8
            for kind, looks in LABEL_LOOKS.items()
        }
        self._label_px = {
            LabelStyle.WORDS: (label + names["scale"], label + names["movement"]),
            LabelStyle.CHIPS: (
                max(heads[Column.SCALE], label + figure),
                max(heads[Column.MOVEMENT], label + figure),
            ),
            LabelStyle.STACKED: (label, 0),
            LabelStyle.NONE: (0, 0),
        }

    def of(self, plan: ColumnPlan) -> dict[Column, int]:
        """The width of each column that is not hidden; the stretched one's is its least."""
        name_px = _TIGHT_NAME_PX if plan.is_stacked else _NAME_PX
        if plan.seam is SeamStyle.CHIP:
            name_px = _LEAST_NAME_PX
        if plan.seam is SeamStyle.FOLDED:
            name_px = _FOLDED_NAME_PX
        scale_px, movement_px = self._label_px[plan.labels]
        widths = {
            **self._px,
            Column.SCALE: scale_px,
            Column.MOVEMENT: movement_px,
            Column.SEAM: self._seam_px.get(plan.seam, 0),
            Column.NAME: name_px,
        }
        return {column: px for column, px in widths.items() if column not in plan.hidden}

    def plan(self, room_px: int, *, has_names: bool, has_labels: bool) -> ColumnPlan:
        """The fullest plan that fits into `room_px`, or the sparsest."""
        plans = _PLANS[has_names, has_labels]
        return next((plan for plan in plans if sum(self.of(plan).values()) <= room_px), plans[-1])

    @property
    def least_px(self) -> int:
        """The room that every plan's sparsest needs."""
        return max(sum(self.of(plans[-1]).values()) for plans in _PLANS.values())

    @property
    def usual_px(self) -> int:
        """The room in which nothing but names and comments is left out."""
        return sum(self.of(_UNNAMED[0]).values())
