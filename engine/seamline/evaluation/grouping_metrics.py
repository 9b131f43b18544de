"""How well shots were grouped: set-ups and scenes by V-measure and by pairs, repeats by precision and recall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import homogeneity_completeness_v_measure

from seamline.project.labels import Range

REPEAT_TOLERANCE_FRAMES = 2


@dataclass(frozen=True, slots=True)
class Grouping:
    """True and found groups of the shots of one film, in the shots' order; the numbers themselves say nothing."""

    truth: Sequence[int]
    found: Sequence[int]

    def __post_init__(self) -> None:
        if len(self.truth) != len(self.found):
            raise ValueError(f"need a group for each shot, not {len(self.found)} for {len(self.truth)}")


@dataclass(frozen=True, slots=True)
class GroupingFigures:
    """Means over films of homogeneity, completeness and V-measure (Rosenberg and Hirschberg, EMNLP-CoNLL 2007), and of
    all pairs of shots of a film together: precision, recall and F1 of “from the same group”. All 0 to 1."""

    homogeneity: float
    completeness: float
    v_measure: float
    pair_precision: float
    pair_recall: float
    pair_f1: float


def grouping_figures(groupings: Iterable[Grouping]) -> GroupingFigures:
    """Where there is nothing to find, or nothing was found, that counts as 1."""
    measures, counts = [], np.zeros(3, np.int64)
    for grouping in groupings:
        measures.append(homogeneity_completeness_v_measure(grouping.truth, grouping.found))
        truth, found = (
            (values[:, None] == values)[np.triu_indices(len(values), 1)]
            for values in (np.asarray(grouping.truth), np.asarray(grouping.found))
        )
        counts += [int((truth & found).sum()), int(found.sum()), int(truth.sum())]
    if not measures:
        raise ValueError("need at least one film")
    right, said, true = counts.tolist()
    homogeneity, completeness, v_measure = np.mean(measures, axis=0).tolist()
    return GroupingFigures(
        homogeneity,
        completeness,
        v_measure,
        right / said if said else 1.0,
        right / true if true else 1.0,
        2 * right / (said + true) if said + true else 1.0,
    )


@dataclass(frozen=True, slots=True)
class RepeatFigures:
    """How many repeats there are, how many were told, and how many of these name the right frames."""

    true: int
    told: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.told if self.told else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0


def repeat_figures(pairs: Iterable[tuple[Range | None, Range | None]]) -> RepeatFigures:
    """Of (true, told) frames, shot by shot; right to REPEAT_TOLERANCE_FRAMES at either end."""
    true = told = right = 0
    for frames, said in pairs:
        true += frames is not None
        told += said is not None
        if frames is not None and said is not None:
            right += all(abs(a - b) <= REPEAT_TOLERANCE_FRAMES for a, b in zip(frames, said, strict=True))
    return RepeatFigures(true, told, right)
