"""How good predicted transitions are against truth: precision, recall and F1, counted as for TransNetV2.

The rule (Souček and Lokoč, "TransNet V2", evaluation code): a prediction is a hit when its frames, widened
by a tolerance, overlap those of a true transition; one to one, nearest middle first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from seamline.errors import ExchangeError
from seamline.exchange.csv_list import DISTRACTOR, IGNORED, SCORED, Transition

DEFAULT_TOLERANCE_FRAMES = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """A true transition and the prediction that found it."""

    truth: Transition
    predicted: Transition

    @property
    def kind_right(self) -> bool:
        return self.truth.kind == self.predicted.kind

    @property
    def is_gradual(self) -> bool:
        """Whether the true transition lasts: there are frames between its two."""
        return self.truth.in_frame > self.truth.out_frame + 1


@dataclass(frozen=True, slots=True)
class KindScore:
    """Of the `total` true transitions of a kind: how many were found, and how many of those named right."""

    found: int
    total: int
    kind_right: int


@dataclass(frozen=True, slots=True)
class ExtentError:
    """How far off the frames of the gradual transitions that were found are, in frames, as medians.

    `exact`: of how many of the `count` both frames are right.
    """

    count: int
    exact: int
    out_frames: float
    in_frames: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What became of each true and each predicted transition, in the tables' order.

    `distractors`: those of the truth. `fooled`: those of the false alarms that answer to one of them.
    """

    tolerance_frames: int
    hits: tuple[Hit, ...]
    false_alarms: tuple[Transition, ...]
    missed: tuple[Transition, ...]
    fooled: tuple[Transition, ...] = ()
    distractors: tuple[Transition, ...] = ()

    @property
    def precision(self) -> float:
        return len(self.hits) / max(1, len(self.hits) + len(self.false_alarms))

    @property
    def recall(self) -> float:
        return len(self.hits) / max(1, len(self.hits) + len(self.missed))

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def by_kind(self) -> dict[str, KindScore]:
        """The score of each kind that the truth names, by name."""
        kinds = sorted({hit.truth.kind for hit in self.hits} | {truth.kind for truth in self.missed})
        return {kind: self._score_of(kind) for kind in kinds}

    @property
    def extents(self) -> ExtentError | None:
        """How well the extent of gradual transitions is found; None where none was."""
        gradual = [hit for hit in self.hits if hit.is_gradual]
        if not gradual:
            return None
        out = [abs(hit.truth.out_frame - hit.predicted.out_frame) for hit in gradual]
        into = [abs(hit.truth.in_frame - hit.predicted.in_frame) for hit in gradual]
        exact = sum(a == b == 0 for a, b in zip(out, into, strict=True))
        return ExtentError(len(gradual), exact, median(out), median(into))

    @property
    def wrong_kinds(self) -> tuple[Hit, ...]:
        """The hits where truth and prediction name two kinds; where either names none, neither is wrong."""
        return tuple(h for h in self.hits if h.truth.kind and h.predicted.kind and not h.kind_right)

    def _score_of(self, kind: str) -> KindScore:
        found = [hit for hit in self.hits if hit.truth.kind == kind]
        missed = sum(truth.kind == kind for truth in self.missed)
        return KindScore(len(found), len(found) + missed, sum(hit.kind_right for hit in found))


def evaluate(
    truth: Sequence[Transition],
    predicted: Sequence[Transition],
    tolerance_frames: int = DEFAULT_TOLERANCE_FRAMES,
) -> Evaluation:
    """The predictions of one film held against its truth; with a tolerance of 0, both frames must be equal.

    A prediction that finds no counted transition but an ignored one is neither hit nor false alarm; ignored
    ones are met within 2 frames even where hits must be exact. Raises ExchangeError for a negative tolerance.
    """
    if tolerance_frames < 0:
        raise ExchangeError(f"A tolerance is 0 frames or more, not {tolerance_frames}.")
    counted = [t for t in truth if t.scored == SCORED]
    pairs = _pairs(counted, predicted, tolerance_frames)
    found = {t for t, _ in pairs}
    used = {p for _, p in pairs}
    left = [p for at, p in enumerate(predicted) if at not in used]
    lenient = max(tolerance_frames, DEFAULT_TOLERANCE_FRAMES)
    excused = {p for _, p in _pairs([t for t in truth if t.scored == IGNORED], left, lenient)}
    false_alarms = [p for at, p in enumerate(left) if at not in excused]
    distractors = tuple(t for t in truth if t.scored == DISTRACTOR)
    fooled = {p for _, p in _pairs(distractors, false_alarms, lenient)}
    return Evaluation(
        tolerance_frames,
        hits=tuple(Hit(counted[t], predicted[p]) for t, p in sorted(pairs)),
        false_alarms=tuple(false_alarms),
        missed=tuple(t for at, t in enumerate(counted) if at not in found),
        fooled=tuple(p for at, p in enumerate(false_alarms) if at in fooled),
        distractors=distractors,
    )


def together(evaluations: Iterable[Evaluation]) -> Evaluation:
    """Several films as one, every transition counting the same. Raises ExchangeError for none, or where the
    tolerances differ."""
    parts = list(evaluations)
    tolerances = {part.tolerance_frames for part in parts}
    if len(tolerances) != 1:
        raise ExchangeError(
            f"Evaluations add up at one tolerance, not at {sorted(tolerances) or 'none'}: use one for all."
        )
    return Evaluation(
        tolerances.pop(),
        hits=tuple(hit for part in parts for hit in part.hits),
        false_alarms=tuple(false for part in parts for false in part.false_alarms),
        missed=tuple(missed for part in parts for missed in part.missed),
        fooled=tuple(false for part in parts for false in part.fooled),
        distractors=tuple(distractor for part in parts for distractor in part.distractors),
    )


def _pairs(
    truth: Sequence[Transition], predicted: Sequence[Transition], tolerance_frames: int
) -> list[tuple[int, int]]:
    """Which true transition goes with which prediction: positions in the two tables, nearest middle first."""
    used_truth: set[int] = set()
    used_predicted: set[int] = set()
    pairs = []
    for _, t, p in sorted(_candidates(truth, predicted, tolerance_frames)):
        if t not in used_truth and p not in used_predicted:
            used_truth.add(t)
            used_predicted.add(p)
            pairs.append((t, p))
    return pairs


def _candidates(
    truth: Sequence[Transition], predicted: Sequence[Transition], tolerance_frames: int
) -> Iterator[tuple[int, int, int]]:
    """Every pair that may be a hit, as twice the distance of the middles and the two positions."""
    by_start = sorted(range(len(predicted)), key=lambda at: predicted[at].out_frame)
    starts = [predicted[at].out_frame for at in by_start]
    longest = max((p.in_frame - p.out_frame for p in predicted), default=0)
    for t_at, t in enumerate(truth):
        # only predictions that begin in this stretch can reach t: a film has thousands
        first = bisect_left(starts, t.out_frame - tolerance_frames - longest)
        last = bisect_right(starts, t.in_frame + tolerance_frames)
        for p_at in by_start[first:last]:
            p = predicted[p_at]
            if _is_hit(t, p, tolerance_frames):
                yield abs(t.out_frame + t.in_frame - p.out_frame - p.in_frame), t_at, p_at


def _is_hit(truth: Transition, predicted: Transition, tolerance_frames: int) -> bool:
    if tolerance_frames == 0:
        return (truth.out_frame, truth.in_frame) == (predicted.out_frame, predicted.in_frame)
    first = max(truth.out_frame, predicted.out_frame)
    last = min(truth.in_frame, predicted.in_frame)
    return first <= last + tolerance_frames
