"""Whether confidences can be taken at their word: of those of .8, are eight in ten right?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seamline.evaluation.metrics import evaluate
from seamline.exchange.csv_list import Transition

BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate's confidence, 0 to 1, and whether it is a true transition."""

    confidence: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The candidates with a confidence in [low, high); the last bin also holds 1."""

    low: float
    high: float
    count: int
    mean_confidence: float
    share_right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins that hold something, in order.

    `expected_error`: the mean of |mean confidence - share right| over the bins, by their counts (expected
    calibration error: Guo et al., "On Calibration of Modern Neural Networks", 2017, section 2, with 10 bins).
    """

    bins: tuple[ReliabilityBin, ...]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.bins)

    @property
    def expected_error(self) -> float:
        apart = sum(each.count * abs(each.mean_confidence - each.share_right) for each in self.bins)
        return apart / max(1, self.count)


def judged(
    truth: Sequence[Transition],
    candidates: Sequence[tuple[Transition, float]],
    tolerance_frames: int,
) -> list[Judged]:
    """Each candidate (with its confidence) held against the truth; those that it ignores are left out."""
    evaluation = evaluate(truth, [transition for transition, _ in candidates], tolerance_frames)
    right = {id(hit.predicted) for hit in evaluation.hits}
    wrong = {id(false) for false in evaluation.false_alarms}
    return [
        Judged(confidence, id(transition) in right)
        for transition, confidence in candidates
        if id(transition) in right or id(transition) in wrong
    ]


def reliability(judgements: Iterable[Judged], least_confidence: float = 0.0) -> Reliability:
    """Ten bins of equal width over those that are at least so confident."""
    bins: list[list[Judged]] = [[] for _ in range(BINS)]
    for each in judgements:
        if each.confidence >= least_confidence:
            bins[min(BINS - 1, max(0, int(each.confidence * BINS)))].append(each)
    return Reliability(
        tuple(
            ReliabilityBin(
                at / BINS,
                (at + 1) / BINS,
                len(held),
                sum(each.confidence for each in held) / len(held),
                sum(each.is_right for each in held) / len(held),
            )
            for at, held in enumerate(bins)
            if held
        )
    )


def reliability_table(result: Reliability) -> str:
    """The text, without a line end at its end: a line a bin, then the expected calibration error."""
    return "\n".join(_lines(result))


def _lines(result: Reliability) -> Iterator[str]:
    yield f"{'confidence':12}{'candidates':>10}{'mean':>8}{'right':>8}"
    for each in result.bins:
        span = f"{each.low:.1f} to {each.high:.1f}"
        yield f"{span:12}{each.count:10}{each.mean_confidence:8.3f}{each.share_right:8.3f}"
    yield f"expected calibration error {result.expected_error:.3f} over {result.count}"
