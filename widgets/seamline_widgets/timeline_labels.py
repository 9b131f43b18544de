"""The rows of labels below the shots, their scale and the movement of their camera: what they are and say."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from seamline_widgets.percent import percent_text
from seamline_widgets.shot_labels import LABEL_KINDS as LABEL_KINDS
from seamline_widgets.shot_labels import LabelKind as LabelKind
from seamline_widgets.timeline_rows import LABELS_PX, TimelineRows
from seamline_widgets.timeline_sheet import pixel
from seamline_widgets.timeline_shots import ShotRow
from seamline_widgets.timeline_tints import Tint

RowKind = LabelKind | Literal["footage"]
"""What a row below the shots shows: a kind of labels, or which shots were taken together."""

_ROW_NAMES: Final[dict[RowKind, str]] = {"scale": "Scale", "movement": "Movement", "footage": "Footage"}
_HINTS: Final[dict[RowKind, str]] = {
    "scale": "The scale of each shot appears here",
    "movement": "The movement of the camera appears here",
    "footage": "Shots of the same set-up appear here in one colour",
}


@dataclass(frozen=True, slots=True)
class LabelBlock:
    """A label of the frames [start_frame, end_frame): `short` for narrow blocks, `name` for wide ones.

    `colour` is `#rrggbb`, or None where the analysis has looked and is unsure; `strength_01` is its confidence.
    `is_user`: the editor has said so. `tip` gives what is said of it instead of name and confidence.
    """

    start_frame: int
    end_frame: int
    short: str
    name: str
    colour: str | None
    strength_01: float = 1.0
    is_user: bool = False
    tip: Callable[[], str] | None = None

    @property
    def words(self) -> str:
        """Such as “Medium shot, 83 %”."""
        if self.tip is not None:
            return self.tip()
        if self.is_user:
            return f"{self.name}, by you"
        return self.name if self.colour is None else f"{self.name}, {percent_text(self.strength_01)}"


class LabelRow:
    """All labels of one kind in order of their frames; they do not overlap, and shots without one leave gaps."""

    def __init__(self, kind: RowKind, blocks: Sequence[LabelBlock] = ()) -> None:
        self.kind = kind
        self.blocks: tuple[LabelBlock, ...] = tuple(sorted(blocks, key=lambda block: block.start_frame))
        self._starts = [block.start_frame for block in self.blocks]
        self.left: NDArray[np.int64] = np.array(self._starts, dtype=np.int64)
        self.right: NDArray[np.int64] = np.array([block.end_frame for block in self.blocks], dtype=np.int64)
        self.is_user: NDArray[np.bool_] = np.array([block.is_user for block in self.blocks], dtype=bool)
        # thousands of blocks have a few looks between them
        looks = [Tint.key(block.colour, block.strength_01, is_user=block.is_user) for block in self.blocks]
        places = {key: at for at, key in enumerate(dict.fromkeys(looks))}
        self.tints: tuple[Tint, ...] = tuple(Tint.of(key) for key in places)
        self.pixels: NDArray[np.uint32] = np.array(
            [(tint.pixel, tint.dimmed_pixel) for tint in self.tints], dtype=np.uint32
        )
        self.ink_pixels: NDArray[np.uint32] = np.array(
            [pixel(tint.ink) for tint in self.tints], dtype=np.uint32
        )
        self.is_striped: NDArray[np.bool_] = np.array([tint.is_unsure for tint in self.tints], dtype=bool)
        self.look: NDArray[np.int64] = np.array([places[key] for key in looks], dtype=np.int64)
        self._means: MeanColours | None = None

    def at(self, frame: float) -> LabelBlock | None:
        """The block that `frame` lies in."""
        place = bisect_right(self._starts, frame) - 1
        if place < 0 or frame >= self.blocks[place].end_frame:
            return None
        return self.blocks[place]

    @property
    def name(self) -> str:
        """What the row shows."""
        return _ROW_NAMES[self.kind]

    @property
    def hint(self) -> str:
        """What the row says while it has nothing to show."""
        return _HINTS[self.kind]

    @property
    def means(self) -> MeanColours:
        """The blocks' colours, for a view so wide that no block can be told from its neighbours."""
        if self._means is None:
            colours = np.array([tint.rgb for tint in self.tints], dtype=np.float64)[self.look]
            self._means = MeanColours(self.left, self.right, colours)
        return self._means


class MeanColours:
    """The mean colour of any part of a row, in a time that does not grow with the number of its blocks."""

    def __init__(
        self, left: NDArray[np.int64], right: NDArray[np.int64], colours: NDArray[np.float64]
    ) -> None:
        # a fourth channel: how much is covered at all
        covered = np.column_stack([colours, np.ones(len(left))]) * (right - left)[:, None]
        ends = np.cumsum(covered, axis=0)
        self._knots = np.column_stack([left, right]).ravel().astype(np.float64)
        self._sums = np.stack([ends - covered, ends], axis=1).reshape(-1, 4)

    def between(self, edges: NDArray[np.floating]) -> NDArray[np.float64]:
        """float64[n, 4]: red, green and blue, 0 to 255, and the share that is covered, between n + 1 frames."""
        sums = np.stack([np.interp(edges, self._knots, self._sums[:, at]) for at in range(4)], axis=1)
        parts: NDArray[np.float64] = np.diff(sums, axis=0) / np.diff(edges)[:, None]
        return parts


@dataclass(frozen=True, slots=True)
class LabelSpot:
    """A place in a row of labels: frames [start_frame, end_frame), labelled or not.

    `row` counts the rows that are shown, from 0 below the shots.
    """

    kind: RowKind
    start_frame: int
    end_frame: int
    row: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class ShotLabelRows:
    """All rows below the shots; `shown` are those that can be seen, from the top."""

    scale: LabelRow = field(default_factory=lambda: LabelRow("scale"))
    movement: LabelRow = field(default_factory=lambda: LabelRow("movement"))
    footage: LabelRow = field(default_factory=lambda: LabelRow("footage"))
    shown: tuple[RowKind, ...] = LABEL_KINDS

    @property
    def in_order(self) -> tuple[LabelRow, ...]:
        """Those that are shown, from the top."""
        return tuple(map(self.of, self.shown))

    def of(self, kind: RowKind) -> LabelRow:
        return {"scale": self.scale, "movement": self.movement, "footage": self.footage}[kind]

    def spot_at(self, rows: TimelineRows, shots: ShotRow, frame: float, y: float) -> LabelSpot | None:
        """What is at that frame and height: a shot's place, or else a label's own."""
        at = int(y - rows.plot_bottom) // LABELS_PX - 1
        if not (0 <= at < len(self.shown) and y < rows.labels_bottom):
            return None
        kind = self.shown[at]
        block = shots.at(frame) or self.of(kind).at(frame)
        return None if block is None else LabelSpot(kind, block.start_frame, block.end_frame, at)

    def text_of(self, spot: LabelSpot, shots: ShotRow) -> str:
        """Such as “Shot 12 · Medium shot, 83 %”."""
        block, row = self.of(spot.kind).at(spot.start_frame), self.of(spot.kind)
        if block is None:
            words = f"{row.name}: not {'grouped' if spot.kind == 'footage' else 'labelled'} yet"
        else:
            words = block.words
        number = shots.number_at(spot.start_frame)
        return f"Shot {number} · {words}" if number else words

    def words_at(self, frame: int) -> list[str]:
        """What there is to say of the shot at `frame`, such as “medium shot, 83 %”."""
        found = ((row.name.lower(), row.at(frame)) for row in self.in_order)
        return [f"{name} {block.words.lower()}" for name, block in found if block is not None]
