"""Which columns the shot list shows at a width, and what is folded into others where there is little room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtGui import QFont, QFontMetrics

from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.label_paint import CHIP_SIZE
from seamline_widgets.percent import percent_text
from seamline_widgets.shot_paint import CHIP_PX, THUMBNAIL_SIZE
from seamline_widgets.shot_texts import DESCENDING, STACKED_TITLES, TITLES, Column
from seamline_widgets.theme import figures_font

COMMENT_PX = 160
_NAME_PX = 144
_TIGHT_NAME_PX = 104
_LEAST_NAME_PX = 96
_FOLDED_NAME_PX = 70
_PADS_PX = 16  # both sides of a cell
_FIGURE_PADS_PX = 18  # with room for what widths are rounded by


class SeamStyle(Enum):
    """How much of a seam its column says."""

    WORDS = 1
    SHORT = 2
    CHIP = 3
    FOLDED = 4  # its chip stands beside the length, below the start


class LabelStyle(Enum):
    """How the columns say what a shot is labelled with."""

    WORDS = 1
    CHIPS = 2  # with figures
    BARE = 3
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
    labels: LabelStyle = LabelStyle.WORDS
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
                (Column.MOVEMENT, self.labels is LabelStyle.STACKED),
                (Column.SEAM, self.seam is SeamStyle.FOLDED),
                (Column.NUMBER, self.number_on_picture),
            )
            if is_hidden
        )

    @property
    def stretched(self) -> Column:
        """The column that takes what room is left."""
        return Column.NAME if self.has_names else Column.SEAM


_CHIPS, _BARE = (
    ColumnPlan(has_end=False, seam=SeamStyle.SHORT, labels=LabelStyle.CHIPS),
    ColumnPlan(has_end=False, seam=SeamStyle.SHORT, labels=LabelStyle.BARE),
)
_STACKED = ColumnPlan(has_end=False, labels=LabelStyle.STACKED)
_UNNAMED = (
    ColumnPlan(),
    ColumnPlan(labels=LabelStyle.CHIPS),
    ColumnPlan(labels=LabelStyle.CHIPS, has_end=False),
    _CHIPS,
    _BARE,
    _STACKED,
    replace(_STACKED, seam=SeamStyle.SHORT),
    replace(_STACKED, seam=SeamStyle.SHORT, is_stacked=True),
    replace(_STACKED, seam=SeamStyle.SHORT, is_stacked=True, number_on_picture=True),
    replace(_STACKED, seam=SeamStyle.CHIP, is_stacked=True, number_on_picture=True),
)
_NAMED = (
    ColumnPlan(has_names=True, has_comments=True),
    ColumnPlan(has_names=True, has_comments=True, labels=LabelStyle.CHIPS),
    *(replace(plan, has_names=True) for plan in _UNNAMED[1:]),
    replace(_UNNAMED[-1], has_names=True, seam=SeamStyle.FOLDED),
)


class ColumnWidths:
    """The widths of the columns in one font, and what fits into a width."""

    def __init__(self, font: QFont) -> None:
        figures, words = QFontMetrics(figures_font()), QFontMetrics(font)
        chip = CHIP_PX + _PADS_PX
        arrow = words.horizontalAdvance(f" {DESCENDING}")
        heads = {
            column: words.horizontalAdvance(title) + arrow + _PADS_PX
            for column, title in TITLES.items()
            if title
        }
        timecode = figures.horizontalAdvance("00:00:00:00") + _FIGURE_PADS_PX
        self._px = {
            Column.THUMBNAIL: THUMBNAIL_SIZE.width() + _PADS_PX,
            Column.NUMBER: figures.horizontalAdvance("0000") + _FIGURE_PADS_PX,
            Column.START: max(heads[Column.START], timecode),
            Column.END: max(heads[Column.END], timecode),
            Column.LENGTH: max(heads[Column.LENGTH], figures.horizontalAdvance("0:00:00") + _FIGURE_PADS_PX),
            Column.COMMENT: COMMENT_PX,
        }
        self._seam_px = {
            SeamStyle.WORDS: words.horizontalAdvance(f"Dissolve  {percent_text(0.88)}") + chip,
            SeamStyle.SHORT: words.horizontalAdvance("by you") + chip,
            SeamStyle.CHIP: chip,
        }
        label = CHIP_SIZE.width() + _PADS_PX
        figure = words.horizontalAdvance("by you") + 8
        names = {
            kind: max(words.horizontalAdvance(f"{look.name}  {percent_text(1)}") for look in looks.values())
            + 8
            for kind, looks in LABEL_LOOKS.items()
        }
        scale, movement = heads[Column.SCALE], heads[Column.MOVEMENT]
        both = (
            max(words.horizontalAdvance(f"{title}{DESCENDING}") for title in STACKED_TITLES.values())
            + _PADS_PX
        )
        self._label_px = {
            LabelStyle.WORDS: (label + names["scale"], label + names["movement"]),
            LabelStyle.CHIPS: (max(scale, label + figure), max(movement, label + figure)),
            LabelStyle.BARE: (max(scale, label), max(movement, label)),
            LabelStyle.STACKED: (max(both, label), 0),
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
        """The room in which nothing but names, comments and the figures of labels is left out."""
        return sum(self.of(_CHIPS).values())
