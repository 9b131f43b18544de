"""What is known of the first and last frames of shots, as tables that pairs of them are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from seamline.project.match_cuts import MatchSide

GRID = (16, 9)
"""Columns and rows of every grid over the picture without its bars, whatever its shape."""
COLOUR_GRID = (8, 5)
ORIENTATIONS = 8
FIGURE_WIDTH = 5
NO_FIGURE, A_FACE, A_BODY = 0, 1, 2

Array = NDArray[np.float32]


class SiameseNetwork(Protocol):
    """What compares flow pictures: `seamline.models.siamese_session` has it."""

    @property
    def key(self) -> str:
        """What its features depend on."""

    def features(self, pictures: NDArray[np.uint8]) -> Array:
        """float32[n, 128] of uint8[n, 224, 224, 3]."""

    def score_01(self, a: Array, b: Array) -> Array:
        """float32[...], 0 to 1, of two float32[..., 128]."""


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTable:
    """The pictures at n edges of shots.

    `frames`: int64[n], the frame that is cut at. `is_usable`: bool[n], False where it cannot be decoded, is blank, or
    is little but one plain area, such as a title's.

    Composition, of the frame itself: `light` float32[n, 144], how bright each cell of the GRID is, 0 to 1, less their
    mean; `colour` float32[n, 120], L, a and b of the COLOUR_GRID's cells, each over 100;
    `mass` float32[n, 144], where there is something that stands out, 0 to 1; `lines` float32[n, 1152], how much of the
    cell's edges runs in each of 8 directions, length 1; `figures` float32[n, 5]: NO_FIGURE, A_FACE or A_BODY, the
    centre of the face (its place where a body is known alone) as shares of the sides, the face's or the body's height
    against the picture's, and how sure that is.

    Motion, of the frames beside it: `flow` float32[n, 288], what the cells show moves right and down, in widths of the
    picture a second; `camera` float32[n, 4], how much of that is the whole picture's: right and down likewise,
    growth a second (natural logarithm), and the share, 0 to 1, that this explains; `thing` float32[n, 3], how what
    the eye follows goes against the ground, right and down likewise, and how sure that is, 0 to 1.

    `siamese` float32[n, 128] and `vectors` float32[n, D], of length 1 or all 0 where there is none, of the siamese
    network and of the built-in encoder; of width 0 where neither was asked.
    """

    frames: NDArray[np.int64]
    is_usable: NDArray[np.bool_]
    light: Array
    colour: Array
    mass: Array
    lines: Array
    figures: Array
    flow: Array
    camera: Array
    thing: Array
    siamese: Array
    vectors: Array

    def __post_init__(self) -> None:
        for field in fields(self):
            if len(getattr(self, field.name)) != len(self.frames):
                raise ValueError(f"need {field.name} of each of {len(self.frames)} edges")

    def __len__(self) -> int:
        return len(self.frames)

    def rows(self, places: NDArray[np.int64] | slice) -> EdgeTable:
        """Those at the places."""
        return EdgeTable(*(getattr(self, field.name)[places] for field in fields(self)))

    @classmethod
    def joined(cls, tables: Sequence[EdgeTable]) -> EdgeTable:
        """One below the other; one table at least."""
        return cls(*(np.concatenate([getattr(t, field.name) for t in tables]) for field in fields(cls)))


@dataclass(frozen=True, slots=True, eq=False)
class ShotEdges:
    """Shots of one film with their first and last clear frames: `shots` int64[n, 2], [start_frame, end_frame) each,
    row i of `heads` and `tails` is of shot i. `siamese` made their features, and compares them."""

    fingerprint: str
    shots: NDArray[np.int64]
    heads: EdgeTable
    tails: EdgeTable
    siamese: SiameseNetwork | None = None

    def __post_init__(self) -> None:
        if self.shots.shape != (len(self.heads), 2) or len(self.heads) != len(self.tails):
            raise ValueError(
                f"need a head and a tail of each shot, not {list(self.shots.shape)}, {len(self.heads)} and "
                f"{len(self.tails)}"
            )

    def __len__(self) -> int:
        return len(self.shots)

    def outgoing(self, place: int) -> MatchSide:
        """The shot at that place as the one that is cut from."""
        return self._side(place, self.tails)

    def incoming(self, place: int) -> MatchSide:
        """The shot at that place as the one that is cut to."""
        return self._side(place, self.heads)

    def _side(self, place: int, table: EdgeTable) -> MatchSide:
        start, end = (int(frame) for frame in self.shots[place])
        return MatchSide(self.fingerprint, start, end, int(table.frames[place]))
