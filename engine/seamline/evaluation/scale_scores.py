"""How well scales are told: exact, within one class, and how many are told at all."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.project.labels import ShotScale

ORDER = tuple(ShotScale)
"""From nearest to furthest."""


@dataclass(frozen=True, slots=True)
class ScaleCase:
    """One picture or shot: what it is, and what was said (None: unsure) with how much confidence."""

    name: str
    truth: ShotScale
    said: ShotScale | None
    confidence: float

    @property
    def distance(self) -> int:
        """How many classes what was said is off."""
        if self.said is None:
            raise ValueError(f"nothing was said of {self.name}")
        return abs(ORDER.index(self.truth) - ORDER.index(self.said))


@dataclass(frozen=True, slots=True)
class ScaleScores:
    """Shares, 0 to 1; `exact` and `within_one` of those that something was said of."""

    cases: int
    coverage: float
    exact: float
    within_one: float
    macro_f1: float
    confusion: NDArray[np.int64]
    """int64[5, 6]: rows the truth, columns what was said, in ORDER, then unsure."""


def scores_of(cases: Sequence[ScaleCase]) -> ScaleScores:
    """The scores of some cases; raises ValueError for none."""
    if not cases:
        raise ValueError("there is nothing to score")
    confusion = np.zeros((len(ORDER), len(ORDER) + 1), np.int64)
    for case in cases:
        column = len(ORDER) if case.said is None else ORDER.index(case.said)
        confusion[ORDER.index(case.truth), column] += 1
    said = [case for case in cases if case.said is not None]
    right = np.diag(confusion[:, :-1]).astype(float)
    wanted = confusion[:, :-1].sum(axis=1) + confusion[:, :-1].sum(axis=0)
    f1 = [2 * hits / both for hits, both in zip(right, wanted, strict=True) if both > 0]
    return ScaleScores(
        cases=len(cases),
        coverage=len(said) / len(cases),
        exact=float(np.mean([case.distance == 0 for case in said])) if said else 0.0,
        within_one=float(np.mean([case.distance <= 1 for case in said])) if said else 0.0,
        macro_f1=float(np.mean(f1)) if f1 else 0.0,
        confusion=confusion,
    )


def reliability(
    cases: Sequence[ScaleCase], edges: Sequence[float] = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
) -> list[str]:
    """For each range of confidence: how many were said, with what mean confidence, and how many were right."""
    lines = []
    for low, high in itertools.pairwise(edges):
        within = [c for c in cases if c.said is not None and low <= c.confidence < high + (high == edges[-1])]
        if within:
            mean = np.mean([case.confidence for case in within])
            right = np.mean([case.distance == 0 for case in within])
            lines.append(
                f"{low:.1f} to {high:.1f}: {len(within):4d} said, confidence {mean:.2f}, right {right:.2f}"
            )
    return lines


def text_of(title: str, scores: ScaleScores) -> str:
    """Some lines for a terminal."""
    lines = [
        f"{title}: {scores.cases}, exact {scores.exact:.3f}, within one class {scores.within_one:.3f}, "
        f"coverage {scores.coverage:.3f}, macro-F1 {scores.macro_f1:.3f}",
        "        " + "".join(f"{name:>7}" for name in (*ORDER, "unsure")),
    ]
    lines += [
        f"    {name:<4}" + "".join(f"{n:7d}" for n in row)
        for name, row in zip(ORDER, scores.confusion, strict=True)
    ]
    return "\n".join(lines)
