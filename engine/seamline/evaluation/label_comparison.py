"""What was said of labelled shots beside what is true of them, where a shot may have a second right answer.

“Strict” counts the first answer alone; “lenient” takes the second one, where there is one, for right too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from seamline.evaluation.label_metrics import (
    accuracy,
    accuracy_within,
    confusion,
    coverage,
    label_table,
    macro_f1,
    per_class,
)
from seamline.evaluation.real_shots import RealShot
from seamline.project.labels import Label, Movement, PublishedMovement, ShotLabels, ShotScale

T = TypeVar("T", ShotScale, Movement, PublishedMovement)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What is `said` of a shot (None: unsure, or not known) and what may be said of it, the better first."""

    shot: RealShot
    truth: tuple[T, ...]
    said: T | None
    confidence: float

    @property
    def is_right(self) -> bool:
        return self.said in self.truth

    @property
    def nearest(self) -> T:
        """The answer that it is held against where the second one counts too."""
        return self.said if self.said is not None and self.is_right else self.truth[0]


@dataclass(frozen=True, slots=True)
class Comparison(Generic[T]):
    """All answers of one kind of label; `in_order` where the classes lie on a scale."""

    title: str
    classes: tuple[T, ...]
    answers: tuple[Answer[T], ...]
    in_order: bool = False

    @property
    def disagreements(self) -> tuple[Answer[T], ...]:
        """What was said that is not the first answer."""
        return tuple(each for each in self.answers if each.said not in (None, each.truth[0]))

    @property
    def said(self) -> list[T | None]:
        return [each.said for each in self.answers]

    def truth(self, *, lenient: bool) -> list[T]:
        return [each.nearest if lenient else each.truth[0] for each in self.answers]

    def figures(self) -> dict[str, Any]:
        """All figures, for another program; shares from 0 to 1."""
        return {
            "shots": len(self.answers),
            "coverage": coverage(self.said),
            "classes": [str(each) for each in self.classes],
            "strict": self._figures(lenient=False),
            "lenient": self._figures(lenient=True),
            "disagreements": [
                {
                    "clip": each.shot.clip,
                    "first_frame": each.shot.start_frame,
                    "last_frame": each.shot.end_frame - 1,
                    "said": str(each.said),
                    "truth": [str(answer) for answer in each.truth],
                    "confidence": round(each.confidence, 3),
                }
                for each in self.disagreements
            ],
        }

    def report(self) -> str:
        """The figures, and the confusion matrix against the first answers."""
        lines: list[str] = [f"{self.title}: {len(self.answers)} shots, coverage {coverage(self.said):.3f}"]
        if not any(self.said):
            return f"{lines[0]}: nothing was said"
        for name in ("strict", "lenient"):
            truth = self.truth(lenient=name == "lenient")
            within = (
                f", within one class {accuracy_within(truth, self.said, self.classes):.3f}"
                if self.in_order
                else ""
            )
            lines.append(
                f"  {name}: accuracy {accuracy(truth, self.said):.3f}{within}, "
                f"macro-F1 {macro_f1(truth, self.said, self.classes):.3f}"
            )
        return "\n".join((*lines, label_table(self.truth(lenient=False), self.said, self.classes)))

    def disagreements_report(self) -> str:
        """One line for each; empty where there is none."""
        lines: list[str] = [
            f"  {each.shot.clip} {each.shot.start_frame}-{each.shot.end_frame - 1}: said {each.said} "
            f"({each.confidence:.2f}), truth {' or '.join(each.truth)}"
            for each in self.disagreements
        ]
        return "\n".join((f"{self.title}: said otherwise", *lines)) if lines else ""

    def _figures(self, *, lenient: bool) -> dict[str, Any]:
        truth, said = self.truth(lenient=lenient), self.said
        figures: dict[str, Any] = {
            "accuracy": accuracy(truth, said),
            "macro_f1": macro_f1(truth, said, self.classes),
            "f1": {str(name): score.f1 for name, score in per_class(truth, said, self.classes).items()},
            "confusion": confusion(truth, said, self.classes).tolist(),
        }
        if self.in_order:
            figures["within_one"] = accuracy_within(truth, said, self.classes)
        return figures


def compare_scales(labelled: Iterable[tuple[RealShot, ShotLabels]]) -> Comparison[ShotScale]:
    """The shots that have a scale in the list."""
    answers = tuple(
        Answer(shot, shot.scales, *_said(labels.scale)) for shot, labels in labelled if shot.scale is not None
    )
    return Comparison("Scale", tuple(ShotScale), answers, in_order=True)


def compare_movements(labelled: Iterable[tuple[RealShot, ShotLabels]]) -> Comparison[Movement]:
    """The shots that have a movement in the list."""
    answers = tuple(
        Answer(shot, shot.movements, *_said(labels.movement))
        for shot, labels in labelled
        if shot.movement is not None
    )
    return Comparison("Movement", tuple(Movement), answers)


def published(movements: Comparison[Movement]) -> Comparison[PublishedMovement]:
    """The same by the four published classes."""
    answers = tuple(
        Answer(
            each.shot,
            tuple(dict.fromkeys(answer.published for answer in each.truth)),
            None if each.said is None else each.said.published,
            each.confidence,
        )
        for each in movements.answers
    )
    return Comparison("Movement, published classes", tuple(PublishedMovement), answers)


_Own = TypeVar("_Own", ShotScale, Movement)


def _said(label: Label[_Own] | None) -> tuple[_Own | None, float]:
    return (None, 0.0) if label is None else (label.value, label.confidence)
