"""Flow pictures to learn match cuts from, and what makes two of them a match."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

UNKNOWN, OTHER, MATCH = -1, 0, 1
_THRESHOLD_PAIRS = 20_000

LEAST_SPEED = 0.001
"""Root of the mean square of a grid's movement, in widths a frame, from which a picture counts as moving."""
LIKE_COSINE, UNLIKE_COSINE = 0.8, 0.5
MOST_TIMES_AS_FAST = 2.0

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


class Pictures(Protocol):
    """An array of pictures, or something that reads the rows asked for and no others."""

    def __getitem__(self, rows: Rows, /) -> NDArray[np.uint8]: ...


@dataclass(frozen=True, slots=True, eq=False)
class FlowSet:
    """Flow pictures, uint8[n, 224, 224, 3], and what their labels are made of.

    `greys`: float32[n], their mean as grey. `grids`: float32[n, 8, 8, 2] of `flow_grid`. `shots`: int64[n], of which
    shot each is: two of one shot are no pair.
    """

    pictures: Pictures
    greys: Floats
    grids: Floats
    shots: Rows

    def __len__(self) -> int:
        return len(self.greys)


class Labels(StrEnum):
    """Whose labels are learnt."""

    PUBLISHED = "published"
    MOTION = "motion"


@dataclass(frozen=True, slots=True)
class LabelRule:
    """Which pairs are matches.

    As published: those whose mean greys differ by less than `threshold_levels`. By motion (ours): those whose movement
    goes the same ways in the same places, by the cosine of their grids, at up to twice the speed; unknown between .5
    and .8, and where nothing moves in both, for a picture of flow is noise then.
    """

    labels: Labels
    threshold_levels: float = 0.0

    def table(self, one: FlowSet, rows: Rows, other: FlowSet, columns: Rows) -> NDArray[np.int8]:
        """int8[rows, columns]: MATCH, OTHER or UNKNOWN for each two."""
        if self.labels is Labels.PUBLISHED:
            apart = np.abs(one.greys[rows][:, None] - other.greys[columns][None])
            return np.where(apart < self.threshold_levels, MATCH, OTHER).astype(np.int8)
        a, b = (each.grids[some].reshape(len(some), -1) for each, some in ((one, rows), (other, columns)))
        speed_a, speed_b = (np.linalg.norm(each, axis=1) for each in (a, b))
        cosine = (a @ b.T) / np.maximum(speed_a[:, None] * speed_b[None], 1e-12)
        times = np.maximum(speed_a[:, None], speed_b[None]) / np.maximum(
            np.minimum(speed_a[:, None], speed_b[None]), 1e-12
        )
        least = LEAST_SPEED * np.sqrt(a.shape[1] / 2)
        moves_a, moves_b = speed_a[:, None] >= least, speed_b[None] >= least
        both = moves_a & moves_b
        found = np.full(cosine.shape, UNKNOWN, np.int8)
        found[both & (cosine >= LIKE_COSINE) & (times <= MOST_TIMES_AS_FAST)] = MATCH
        found[(both & (cosine < UNLIKE_COSINE)) | (moves_a != moves_b)] = OTHER
        return found


def halving_threshold(flow: FlowSet, seed: int) -> float:
    """The difference of mean greys below which half of the pairs lie: none is published."""
    rng = np.random.default_rng([seed, 101])
    one, other = rng.integers(len(flow), size=(2, _THRESHOLD_PAIRS))
    apart = flow.shots[one] != flow.shots[other]
    return float(np.median(np.abs(flow.greys[one] - flow.greys[other])[apart])) if apart.any() else 0.0
