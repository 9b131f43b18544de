"""How well pairs of frames are told apart into same footage and not: accuracy, F1, the ROC curve, AUC and EER.

A pair is said to be of the same footage where its score is `threshold` or more. The threshold is always one that was
found on other pairs, by `best_threshold`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]
"""[N], greater for what is more alike."""
Truth = NDArray[np.bool_]
"""[N], whether both frames are of the same footage."""


@dataclass(frozen=True, slots=True)
class PairScores:
    """What was found of some pairs, each 0 to 1 but for `pairs`; NaN where pairs of one sort are missing.

    F1 is of the sort “same”. `eer`: the share of errors where as many are passed as are missed.
    """

    pairs: int
    accuracy: float
    f1: float
    auc: float
    eer: float


@dataclass(frozen=True, slots=True, eq=False)
class RocCurve:
    """float64[K] each: the shares of “same” among pairs that are not and that are, both rising, and the threshold."""

    false_positives: NDArray[np.float64]
    true_positives: NDArray[np.float64]
    thresholds: NDArray[np.float64]


def best_threshold(scores: Scores, truth: Truth) -> float:
    """The threshold that makes the most pairs right: half-way between two scores; of several the middle one.

    Raises ValueError where there are no pairs.
    """
    _check(scores, truth)
    if not len(scores):
        raise ValueError("there is no threshold of no pairs")
    values, at = np.unique(np.asarray(scores, np.float64), return_inverse=True)
    same = np.bincount(at, weights=truth, minlength=len(values))
    other = np.bincount(at, weights=~truth, minlength=len(values))
    # right with the threshold below value k: the others before it and the same from it on
    right = np.concatenate([[0.0], np.cumsum(other)]) + np.concatenate([np.cumsum(same[::-1])[::-1], [0.0]])
    best = np.flatnonzero(right == right.max())
    between = int(best[len(best) // 2])
    inner = (values[1:] + values[:-1]) / 2
    margin = 1e-6
    places = np.concatenate([[values[0] - margin], inner, [values[-1] + margin]])
    return float(places[between])


def scores_at(threshold: float, scores: Scores, truth: Truth) -> PairScores:
    """How good the threshold is, and the scores themselves, on these pairs."""
    _check(scores, truth)
    said = scores >= threshold
    right, both = int((said == truth).sum()), int((said & truth).sum())
    counted = int(said.sum() + truth.sum())
    curve = roc_curve(scores, truth)
    return PairScores(
        len(scores),
        right / len(scores) if len(scores) else float("nan"),
        2 * both / counted if counted else float("nan"),
        area(curve),
        equal_error_rate(curve),
    )


def roc_curve(scores: Scores, truth: Truth) -> RocCurve:
    """The curve from “none” to “all”, every threshold at which it turns; NaN where pairs of one sort are missing."""
    _check(scores, truth)
    if not truth.any() or truth.all():
        nothing = np.full(2, np.nan)
        return RocCurve(nothing, nothing, nothing)
    from sklearn import metrics  # takes a second to import

    return RocCurve(*(np.asarray(part, np.float64) for part in metrics.roc_curve(truth, scores)))


def area(curve: RocCurve) -> float:
    """The area under the curve: how often a pair of the same footage scores above one that is not."""
    return float(np.trapezoid(curve.true_positives, curve.false_positives))


def equal_error_rate(curve: RocCurve) -> float:
    """The share of errors where the curve, drawn in straight lines, has as many false as missed ones."""
    false, missed = curve.false_positives, 1 - curve.true_positives
    if np.isnan(false).any():
        return float("nan")
    at = int(np.argmax(false >= missed))  # it begins with all missed, and ends with none
    if at == 0:
        return float(false[0])
    before, after = missed[at - 1] - false[at - 1], false[at] - missed[at]
    share = before / (before + after)
    return float(false[at - 1] + share * (false[at] - false[at - 1]))


def log_loss(probabilities: Scores, truth: Truth) -> float:
    """The mean cross-entropy in nats: .69 for one who always says a half."""
    _check(probabilities, truth)
    held = np.clip(np.asarray(probabilities, np.float64), 1e-7, 1 - 1e-7)
    return float(-np.log(np.where(truth, held, 1 - held)).mean()) if len(held) else float("nan")


def calibration_error(probabilities: Scores, truth: Truth, *, bins: int = 10) -> float:
    """How far what was said lies from what was right, by tenths of probability, each by its number of pairs.

    The expected calibration error of Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 2.
    """
    _check(probabilities, truth)
    if not len(truth):
        return float("nan")
    bin_of = np.clip((np.asarray(probabilities) * bins).astype(np.int64), 0, bins - 1)
    off = [
        abs(float(probabilities[bin_of == each].sum()) - int(truth[bin_of == each].sum()))
        for each in range(bins)
    ]
    return sum(off) / len(truth)


def mean_and_spread(values: Iterable[float]) -> tuple[float, float]:
    """The mean and the standard deviation (of a sample, 0 of one) of those that are numbers; NaN of none."""
    known = np.array([value for value in values if np.isfinite(value)], np.float64)
    if not len(known):
        return float("nan"), float("nan")
    return float(known.mean()), float(known.std(ddof=1)) if len(known) > 1 else 0.0


def score_line(name: str, scores: Sequence[PairScores]) -> str:
    """A line of a table: of one or several divisions the mean of each figure, and ± its spread if there are several."""
    cells = []
    for value in ("accuracy", "f1", "auc", "eer"):
        mean, spread = mean_and_spread(getattr(each, value) for each in scores)
        shown = f"{mean:.3f}" if value == "auc" else f"{100 * mean:.1f} %"
        if len(scores) > 1:
            shown += f" ± {spread:.3f}" if value == "auc" else f" ± {100 * spread:.1f}"
        cells.append(f"{shown:>15}")
    pairs = sum(each.pairs for each in scores)
    return f"{name:42} {pairs:7d} {' '.join(cells)}"


SCORE_HEAD = f"{'':42} {'pairs':>7} {'accuracy':>15} {'F1':>15} {'ROC-AUC':>15} {'EER':>15}"


def _check(scores: Scores, truth: Truth) -> None:
    if scores.ndim != 1 or scores.shape != truth.shape or truth.dtype != np.bool_:
        raise ValueError(
            f"need as many scores as truths, not {scores.dtype}{list(scores.shape)} and "
            f"{truth.dtype}{list(truth.shape)}"
        )
