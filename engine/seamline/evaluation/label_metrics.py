"""How good labels are against truth: confusion matrix, coverage, accuracy, F1 of each class and their mean.

A label that is said to be unsure (None) is missed by its class and a false alarm of none. The macro-F1 is the mean
over the classes that occur in the truth (as in Rao et al., ECCV 2020, where all of them do).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Of the `total` of a class in the truth, `right` were said to be it; `said` counts all that were said to be it.

    Precision is 0 where none was said, recall 0 where there is none, F1 0 where either is.
    """

    right: int
    total: int
    said: int

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.total if self.total else 0.0

    @property
    def f1(self) -> float:
        both = self.total + self.said
        return 2 * self.right / both if both else 0.0


def confusion(truth: Sequence[T], said: Sequence[T | None], classes: Sequence[T]) -> NDArray[np.int64]:
    """Counts, int64[n, n + 1]: a row for each true class, a column for each said one and the last for unsure.

    Raises ValueError for a label that is not among the classes, and for lists of two lengths.
    """
    at = {value: index for index, value in enumerate(classes)}
    counts = np.zeros((len(classes), len(classes) + 1), np.int64)
    for right, other in zip(truth, said, strict=True):
        for value in (right, other):
            if value is not None and value not in at:
                raise ValueError(f"{value} is none of the classes {', '.join(map(str, classes))}.")
        if right is None:
            raise ValueError("The truth is never unsure: leave out what has no label.")
        counts[at[right], -1 if other is None else at[other]] += 1
    return counts


def coverage(said: Sequence[object | None]) -> float:
    """The share that is not unsure, 0 to 1; 1 of none."""
    return sum(each is not None for each in said) / len(said) if said else 1.0


def accuracy(truth: Sequence[T], said: Sequence[T | None]) -> float:
    """Of those that are not unsure, the share that is right, 0 to 1; 1 of none."""
    sure = [(a, b) for a, b in zip(truth, said, strict=True) if b is not None]
    return sum(a == b for a, b in sure) / len(sure) if sure else 1.0


def accuracy_within(
    truth: Sequence[T], said: Sequence[T | None], classes: Sequence[T], steps: int = 1
) -> float:
    """Like `accuracy`, but as good as right is what lies at most so many steps off in the classes' order."""
    counts = confusion(truth, said, classes)[:, :-1]
    row, column = np.indices(counts.shape)
    total = counts.sum()
    return float(counts[abs(row - column) <= steps].sum() / total) if total else 1.0


def per_class(truth: Sequence[T], said: Sequence[T | None], classes: Sequence[T]) -> dict[T, ClassScore]:
    """The score of every class, in the classes' order."""
    counts = confusion(truth, said, classes)
    return {
        value: ClassScore(int(counts[at, at]), int(counts[at].sum()), int(counts[:, at].sum()))
        for at, value in enumerate(classes)
    }


def macro_f1(truth: Sequence[T], said: Sequence[T | None], classes: Sequence[T]) -> float:
    """The mean F1 of those classes that occur in the truth, 0 to 1; 1 of none."""
    scores = [score.f1 for score in per_class(truth, said, classes).values() if score.total]
    return sum(scores) / len(scores) if scores else 1.0


def reliability(
    truth: Sequence[T],
    said: Sequence[T | None],
    confidences: Sequence[float],
    edges: Sequence[float] = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
) -> list[str]:
    """A line for each range of confidence: how many were said, with what mean confidence, and how many were right."""
    sure = [
        (a == b, sureness) for a, b, sureness in zip(truth, said, confidences, strict=True) if b is not None
    ]
    lines = []
    for low, high in itertools.pairwise(edges):
        within = [each for each in sure if low <= each[1] < high or each[1] == high == edges[-1]]
        if within:
            right, mean = (sum(values) / len(within) for values in zip(*within, strict=True))
            lines.append(
                f"{low:.1f} to {high:.1f}: {len(within):4d} said, confidence {mean:.2f}, right {right:.2f}"
            )
    return lines


def label_table(truth: Sequence[T], said: Sequence[T | None], classes: Sequence[T]) -> str:
    """The confusion matrix of the classes that occur, truth in rows, with each one's precision, recall and F1."""
    counts = confusion(truth, said, classes)
    occur = [at for at in range(len(classes)) if counts[at].any() or counts[:, at].any()]
    names = [str(classes[at]) for at in occur]
    shown = counts[np.ix_(occur, [*occur, len(classes)])]
    scores = list(per_class(truth, said, classes).values())
    wide = max(10, *(len(name) for name in names)) if names else 10
    columns = [*names, UNSURE]
    head = " ".join(f"{name:>{max(5, len(name))}}" for name in columns)
    lines = [f"{'truth':{wide}} {head}  precision recall    F1"]
    for name, at, row in zip(names, occur, shown, strict=True):
        cells = " ".join(
            f"{count:>{max(5, len(column))}}" for count, column in zip(row.tolist(), columns, strict=True)
        )
        score = scores[at]
        lines.append(f"{name:{wide}} {cells}      {score.precision:.3f}  {score.recall:.3f} {score.f1:.3f}")
    return "\n".join(lines)
