"""What a trained siamese network is worth: on films held back, beside the published figures, and by movement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from seamline.models.siamese import Siamese
from seamline.training.match_cut_pairs import Batch, Split, different, pairs_of
from seamline.training.match_cut_sets import MATCH, UNKNOWN, FlowSet, LabelRule, Labels
from seamline.training.match_cut_training import Epoch, MatchCutTraining, logits_of, loss_and_accuracy

PUBLISHED_ACCURACY, PUBLISHED_LOSS = 0.9560, 0.1675
_MOST_COMPARED = 400


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Of pairs: how many, how many different ones, the share of matches, the mean cross-entropy, and the share of right
    answers."""

    pairs: int
    different: int
    matches: float
    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class MotionFigures:
    """Of all pairs of test pictures whose movement is known to match or not: how many, the share of matches, and the
    average precision of the network's scores."""

    pairs: int
    prevalence: float
    average_precision: float


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a run. `by_split`: by the split's name."""

    labels: Labels
    threshold_levels: float | None
    epochs: tuple[Epoch, ...]
    best_epoch: int
    by_split: dict[str, PairFigures]
    by_motion: MotionFigures | None


@dataclass(frozen=True, slots=True)
class MatchCutReport:
    """`films`: sentences on what it was trained and tested with."""

    films: tuple[str, ...]
    told: Told


def judged(
    network: Siamese,
    training: MatchCutTraining,
    rule: LabelRule,
    flows: dict[Split, FlowSet],
    batches: dict[Split, list[Batch]],
) -> Told:
    """The figures of `network`, which are the weights as they were written, for validation and test, of each pair once;
    of the pairs that were trained with, as often as they were drawn, those of the kept epoch."""
    kept = training.epochs[training.best_epoch]
    first, second, truth = pairs_of(batches[Split.TRAIN])
    count = len(different(first, second))
    figures = {"train": PairFigures(len(truth), count, float(truth.mean()), kept.loss, kept.accuracy)}
    for split in (Split.VALIDATION, Split.TEST):
        first, second, truth = pairs_of(batches[split])
        once = different(first, second)
        first, second, truth = first[once], second[once], truth[once]
        loss, accuracy = loss_and_accuracy(logits_of(network, flows[split].pictures, first, second), truth)
        figures[split.name.lower()] = PairFigures(len(truth), len(truth), float(truth.mean()), loss, accuracy)
    threshold = rule.threshold_levels if rule.labels is Labels.PUBLISHED else None
    by_motion = motion_figures(network, flows[Split.TEST])
    return Told(rule.labels, threshold, tuple(training.epochs), training.best_epoch, figures, by_motion)


def motion_figures(network: Siamese, flow: FlowSet) -> MotionFigures | None:
    """How well the scores find pairs that move alike among all pairs of up to 400 pictures; None where none do."""
    rows = np.random.default_rng(0).permutation(len(flow))[:_MOST_COMPARED]
    table = LabelRule(Labels.MOTION).table(flow, rows, flow, rows)
    one, other = np.triu_indices(len(rows), 1)
    labels = table[one, other]
    counted = (labels != UNKNOWN) & (flow.shots[rows[one]] != flow.shots[rows[other]])
    truth: NDArray[np.bool_] = labels[counted] == MATCH
    if not truth.any():
        return None
    scores = logits_of(network, flow.pictures, rows[one[counted]], rows[other[counted]])
    return MotionFigures(len(truth), float(truth.mean()), float(average_precision_score(truth, scores)))


def report_text(report: MatchCutReport) -> str:
    """The report for people, without a line end at its end."""
    told = report.told
    lines = [*report.films, ""]
    if told.labels is Labels.PUBLISHED:
        lines.append(f"A match: mean greys less than {told.threshold_levels:.1f} levels apart, as published.")
    else:
        lines.append("A match: the same ways in the same places, at up to twice the speed.")
    lines += ["", f"{'':12}{'pairs':>8}{'different':>11}{'matches':>9}{'loss':>9}{'accuracy':>10}"]
    for name, each in told.by_split.items():
        lines.append(
            f"{name:12}{each.pairs:8}{each.different:11}{each.matches:9.3f}{each.loss:9.4f}"
            f"{100 * each.accuracy:8.2f} %"
        )
    lines += [
        f"{'published':12}{3566:8}{'':20}{PUBLISHED_LOSS:9.4f}{100 * PUBLISHED_ACCURACY:8.2f} %",
        "",
        "Test films were neither learnt from nor stopped by. A pair that was drawn more than once is counted once, but "
        "for those learnt from. The published pairs are those that early stopping looked at, of footage that is not "
        "known: the two stand side by side, and say nothing of which is better.",
    ]
    if told.by_motion is not None:
        by = told.by_motion
        lines.append(
            f"Finding pairs of the test films that move alike: average precision {by.average_precision:.3f}, where "
            f"{by.prevalence:.3f} of {by.pairs:,} pairs do."
        )
    lines += ["", f"{'epoch':>5}{'loss':>9}{'accuracy':>10}{'validation':>12}{'accuracy':>10}"]
    for number, epoch in enumerate(told.epochs, 1):
        kept = "  kept" if number - 1 == told.best_epoch else ""
        lines.append(
            f"{number:5}{epoch.loss:9.4f}{100 * epoch.accuracy:8.2f} %{epoch.validation_loss:12.4f}"
            f"{100 * epoch.validation_accuracy:8.2f} %{kept}"
        )
    return "\n".join(lines)
