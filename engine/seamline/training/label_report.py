"""How good trained labels are on the films that were held back, as a text for people and as facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from seamline.evaluation.label_metrics import accuracy, confusion, label_table, macro_f1, per_class
from seamline.models.videomae_classes import MOVEMENTS, SCALES
from seamline.project.labels import PublishedMovement, ShotScale
from seamline.training.label_training import UNLABELLED, Targets

_Class = TypeVar("_Class", ShotScale, PublishedMovement)


@dataclass(frozen=True, slots=True)
class TaskScore(Generic[_Class]):
    """One task's labels on the shots that have one: the truth, what was said, and what the first weights said.

    `unlearnt`: the classes of which no shot was learnt from.
    """

    name: str
    classes: tuple[_Class, ...]
    truth: tuple[_Class, ...]
    said: tuple[_Class, ...]
    before: tuple[_Class, ...]
    unlearnt: tuple[_Class, ...] = ()

    @property
    def untested(self) -> tuple[_Class, ...]:
        """The classes of which no shot was held back: accuracy and macro-F1 say nothing of them."""
        return tuple(each for each in self.classes if each not in self.truth)

    @property
    def facts(self) -> dict[str, Any]:
        """Plain values for JSON; the confusion matrix has the truth in rows."""
        if not self.truth:
            return {"shots": 0, **self._missing}
        return {
            "shots": len(self.truth),
            **self._missing,
            "accuracy": accuracy(self.truth, self.said),
            "macro_f1": macro_f1(self.truth, self.said, self.classes),
            "accuracy_before": accuracy(self.truth, self.before),
            "macro_f1_before": macro_f1(self.truth, self.before, self.classes),
            "classes": {
                str(value): {
                    "shots": score.total,
                    "precision": score.precision,
                    "recall": score.recall,
                    "f1": score.f1,
                }
                for value, score in per_class(self.truth, self.said, self.classes).items()
            },
            "confusion": confusion(self.truth, self.said, self.classes)[:, :-1].tolist(),
        }

    @property
    def _missing(self) -> dict[str, list[str]]:
        return {"untested": list(map(str, self.untested)), "unlearnt": list(map(str, self.unlearnt))}

    @property
    def text(self) -> str:
        if not self.truth:
            return f"{self.name}: no shot of the films held back has such a label.{self._unlearnt_text}"
        facts = self.facts
        of_some = ""
        if self.untested:
            tested = len(self.classes) - len(self.untested)
            of_some = f"\nOf {tested} of {len(self.classes)} classes: no shot held back is {_listed(self.untested)}."
        return (
            f"{self.name}: {facts['shots']} shots, accuracy {facts['accuracy']:.3f} (before "
            f"{facts['accuracy_before']:.3f}), macro-F1 {facts['macro_f1']:.3f} (before "
            f"{facts['macro_f1_before']:.3f}){of_some}{self._unlearnt_text}\n"
            f"{label_table(self.truth, self.said, self.classes)}"
        )

    @property
    def _unlearnt_text(self) -> str:
        return f"\nNo shot learnt from is {_listed(self.unlearnt)}." if self.unlearnt else ""


def _listed(values: Sequence[object]) -> str:
    names = [str(value) for value in values]
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def scores_of(
    truth: Targets, said: Targets, before: Targets, learnt: Targets
) -> tuple[TaskScore[Any], TaskScore[Any]]:
    """Scale and movement on the shots held back, from class numbers int64[N, 2] each; `learnt`: of the others."""

    def score(task: int, name: str, classes: tuple[_Class, ...]) -> TaskScore[_Class]:
        has_label = truth[:, task] != UNLABELLED

        def named(numbers: Targets) -> tuple[_Class, ...]:
            return tuple(classes[number] for number in np.asarray(numbers)[has_label, task].tolist())

        unlearnt = tuple(each for at, each in enumerate(classes) if at not in learnt[:, task])
        return TaskScore(name, classes, named(truth), named(said), named(before), unlearnt)

    return score(0, "Scale", SCALES), score(1, "Movement", MOVEMENTS)


def report(
    scores: Sequence[TaskScore[Any]], learnt_shots: int, learnt_films: int, held_films: Sequence[str]
) -> str:
    """The text: what was learnt from, what was held back, both tasks."""
    films = f"{learnt_films} film{'s' if learnt_films > 1 else ''}"
    head = (
        f"Learnt from {learnt_shots} shot{'s' if learnt_shots != 1 else ''} of {films}; tested by shots of "
        f"{', '.join(f'“{name}”' for name in held_films)}, which nothing was learnt from."
    )
    return "\n\n".join([head, *(score.text for score in scores)])
