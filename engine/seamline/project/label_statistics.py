"""How often and how long a film is in which shot scale and which movement of the camera, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from operator import sub
from typing import Final, NamedTuple

from seamline.project.labels import Label, Movement, PublishedMovement, ShotScale
from seamline.project.types import Project

UNSURE: Final = "unsure"
"""Stands for a class where the analysis has looked and is not sure."""

UNLABELLED: Final = ""
"""Stands for a class where nothing was looked at (yet)."""


@dataclass(frozen=True, slots=True)
class LabelShare:
    """The shots of one class; `value` is the class's own word, UNSURE or UNLABELLED.

    `time_s` is how long they are on screen together, from the frames' own times. The shares, 0 to 1, are of all shots
    that have a class; those of unsure and unlabelled shots are of all shots.
    """

    value: str
    shots: int
    frames: int
    time_s: Fraction
    share_of_shots_01: float
    share_of_time_01: float

    @property
    def mean_s(self) -> Fraction | None:
        """How long such a shot is on average; None where there is none."""
        return self.time_s / self.shots if self.shots else None


class LabelRun(NamedTuple):
    """Frames [start_frame, end_frame) in which `value` does not change: a class's word, UNSURE or UNLABELLED."""

    start_frame: int
    end_frame: int
    value: str


@dataclass(frozen=True, slots=True)
class KindStatistics:
    """One kind of labels: every class in its own order, with those that no shot has, and the runs of the whole film."""

    classes: tuple[LabelShare, ...]
    unsure: LabelShare
    unlabelled: LabelShare
    runs: tuple[LabelRun, ...]

    @property
    def labelled_shots(self) -> int:
        """How many shots have a class."""
        return sum(share.shots for share in self.classes)

    def of(self, value: str) -> LabelShare:
        """The shots of that class, of UNSURE or UNLABELLED. Raises KeyError for any other word."""
        for share in (*self.classes, self.unsure, self.unlabelled):
            if share.value == value:
                return share
        raise KeyError(value)


@dataclass(frozen=True, slots=True)
class LabelStatistics:
    """`movement` has the finer classes, `published` the four of MovieShots that they fall into."""

    shot_count: int
    scale: KindStatistics
    movement: KindStatistics
    published: KindStatistics

    @property
    def is_empty(self) -> bool:
        """Whether nothing was looked at: no shot has a label, not even an unsure one."""
        return all(kind.unlabelled.shots == self.shot_count for kind in (self.scale, self.movement))


def label_statistics(project: Project) -> LabelStatistics:
    """The shares and runs of the project's shots as they are labelled now, the editor's word first."""
    labels = [project.labels_of(shot) for shot in project.shots]
    bounds = [project.shots[0].start_frame, *(shot.end_frame for shot in project.shots)]
    index = project.film.index
    # in ticks, summed as whole numbers: thousands of fractions take ten times as long
    ticks: list[int] = [*index.pts[bounds[:-1]].tolist(), index.end_pts]
    scales = [_value(shot.scale) for shot in labels]
    movements = [_value(shot.movement) for shot in labels]
    published = {movement.value: movement.published.value for movement in Movement}

    def kind(values: list[str], classes: Iterable[StrEnum]) -> KindStatistics:
        return _kind(values, [each.value for each in classes], bounds, ticks, index.time_base)

    return LabelStatistics(
        len(labels),
        kind(scales, ShotScale),
        kind(movements, Movement),
        kind([published.get(value, value) for value in movements], PublishedMovement),
    )


def _value(label: Label[ShotScale] | Label[Movement] | None) -> str:
    if label is None:
        return UNLABELLED
    return UNSURE if label.value is None else label.value.value


def _kind(
    values: list[str], classes: list[str], bounds: list[int], ticks: list[int], time_base: Fraction
) -> KindStatistics:
    lengths = list(map(sub, bounds[1:], bounds))
    durations = list(map(sub, ticks[1:], ticks))
    shots, frames, sums = (dict.fromkeys((*classes, UNSURE, UNLABELLED), 0) for _ in range(3))
    for value, length, duration in zip(values, lengths, durations, strict=True):
        shots[value] += 1
        frames[value] += length
        sums[value] += duration
    firsts = [0, *(at for at in range(1, len(values)) if values[at] != values[at - 1])]
    starts = [bounds[first] for first in firsts]
    runs = tuple(map(LabelRun, starts, [*starts[1:], bounds[-1]], [values[first] for first in firsts]))

    def share(value: str, all_shots: int, all_ticks: int) -> LabelShare:
        return LabelShare(
            value,
            shots[value],
            frames[value],
            sums[value] * time_base,
            shots[value] / all_shots if all_shots else 0.0,
            sums[value] / all_ticks if all_ticks else 0.0,
        )

    whole = len(values), ticks[-1] - ticks[0]
    labelled = sum(shots[value] for value in classes), sum(sums[value] for value in classes)
    return KindStatistics(
        tuple(share(value, *labelled) for value in classes),
        share(UNSURE, *whole),
        share(UNLABELLED, *whole),
        runs,
    )
