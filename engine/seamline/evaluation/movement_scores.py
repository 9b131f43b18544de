"""Macro-F1, confusion matrix, coverage and calibration of movements that were said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seamline.evaluation.calibration import Judged, reliability, reliability_table
from seamline.project.labels import Movement


@dataclass(frozen=True, slots=True)
class Said:
    """What is true of a shot, what was said of it (None: unsure) and how surely, and what made it hard."""

    truth: Movement
    said: Movement | None
    confidence: float
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ClassScore:
    name: str
    count: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def class_scores(pairs: Sequence[tuple[str, str | None]]) -> list[ClassScore]:
    """Of each class that is true of something, from (true, said); who is unsure misses."""
    true, told = Counter(truth for truth, _ in pairs), Counter(said for _, said in pairs)
    right = Counter(truth for truth, said in pairs if truth == said)
    return [
        ClassScore(name, true[name], right[name] / max(1, told[name]), right[name] / true[name])
        for name in sorted(true)
    ]


def macro_f1(scores: Sequence[ClassScore]) -> float:
    """The mean of the classes' F1, each counting the same."""
    return sum(score.f1 for score in scores) / max(1, len(scores))


def report(said: Sequence[Said]) -> str:
    """All figures as text, without a line end at its end."""
    return "\n".join(_lines(said))


def _lines(said: Sequence[Said]) -> Iterator[str]:
    fine: list[tuple[str, str | None]] = [(each.truth.value, each.said and each.said.value) for each in said]
    scores = class_scores(fine)
    published = class_scores(
        [(each.truth.published.value, each.said and each.said.published.value) for each in said]
    )
    sure = [each for each in said if each.said is not None]
    yield f"macro-F1 {macro_f1(scores):.3f} over {len(scores)} classes, {macro_f1(published):.3f} over {len(published)}"
    yield (
        f"right {_share(said):.3f} of all, {_share(sure):.3f} of those said; "
        f"coverage {len(sure) / max(1, len(said)):.3f}"
    )
    yield f"{'':12}{'shots':>6}{'precision':>10}{'recall':>8}{'F1':>7}"
    for score in (*scores, *published):
        yield f"{score.name:12}{score.count:6}{score.precision:10.3f}{score.recall:8.3f}{score.f1:7.3f}"
    yield from _confusion(said)
    tags = sorted({tag for each in said for tag in each.tags})
    yield f"{'hardness':14}{'shots':>6}{'right':>8}{'unsure':>8}"
    for tag in tags:
        held = [each for each in said if tag in each.tags]
        unsure = sum(each.said is None for each in held) / len(held)
        yield f"{tag:14}{len(held):6}{_share(held):8.3f}{unsure:8.3f}"
    yield reliability_table(reliability(Judged(each.confidence, each.said == each.truth) for each in sure))


def _confusion(said: Sequence[Said]) -> Iterator[str]:
    columns = [*Movement, None]
    short = {
        movement: movement.value.replace("pan-", "p-").replace("tilt-", "t-")[:7] for movement in Movement
    }
    yield f"{'true, said:':12}" + "".join(f"{short[c] if c else 'unsure':>8}" for c in columns)
    counts = Counter((each.truth, each.said) for each in said)
    for truth in Movement:
        yield f"{truth.value:12}" + "".join(f"{counts[truth, column] or '.':>8}" for column in columns)


def _share(said: Sequence[Said]) -> float:
    return sum(each.said == each.truth for each in said) / max(1, len(said))
