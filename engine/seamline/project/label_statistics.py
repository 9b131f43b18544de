"""How often and how long a film is in which shot scale and which movement of the camera, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from operator import sub
from typing import Final, NamedTuple

from seamline.project.labels import Label, Movement, PublishedMovement, ShotScale
from seamline.project.types import Project

UNSURE: Final = "unsure"
"""Stands for a class where the analysis has looked and is not sure."""

UNLABELLED: Final = "unlabelled"
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


@dataclass(frozen=True)
class KindStatistics:
    """One kind of labels: every class in its own order, with those that no shot has.

    `values` has each shot's, in order: a class's word, UNSURE or UNLABELLED; `bounds` the frames where the shots begin,
    and the last one's end.
    """

    classes: tuple[LabelShare, ...]
    unsure: LabelShare
    unlabelled: LabelShare
    values: tuple[str, ...]
    bounds: tuple[int, ...]

    @cached_property
    def runs(self) -> tuple[LabelRun, ...]:
        """The whole film, neighbours of the same value as one."""
        values = self.values
        firsts = [0, *(at for at in range(1, len(values)) if values[at] != values[at - 1])]
        return tuple(
            LabelRun(self.bounds[first], self.bounds[end], values[first])
            for first, end in pairwise((*firsts, len(values)))
        )

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


@dataclass(frozen=True)
class LabelStatistics:
    """`movement` has the finer classes."""

    shot_count: int
    scale: KindStatistics
    movement: KindStatistics

    @cached_property
    def published(self) -> KindStatistics:
        """Movement in the four classes of MovieShots that the finer ones fall into."""
        return _published(self.movement)

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
    lengths, durations = list(map(sub, bounds[1:], bounds)), list(map(sub, ticks[1:], ticks))

    def kind(values: list[str], classes: Iterable[StrEnum]) -> KindStatistics:
        shots, frames, sums = (dict.fromkeys((*map(str, classes), UNSURE, UNLABELLED), 0) for _ in range(3))
        for value, length, duration in zip(values, lengths, durations, strict=True):
            shots[value] += 1
            frames[value] += length
            sums[value] += duration
        return _kind(
            shots,
            frames,
            {value: sums[value] * index.time_base for value in sums},
            tuple(values),
            tuple(bounds),
        )

    return LabelStatistics(
        len(labels),
        kind([_value(shot.scale) for shot in labels], ShotScale),
        kind([_value(shot.movement) for shot in labels], Movement),
    )


def _value(label: Label[ShotScale] | Label[Movement] | None) -> str:
    if label is None:
        return UNLABELLED
    return UNSURE if label.value is None else label.value.value


def _kind(
    shots: dict[str, int],
    frames: dict[str, int],
    times_s: dict[str, Fraction],
    values: tuple[str, ...],
    bounds: tuple[int, ...],
) -> KindStatistics:
    classes = [value for value in shots if value not in (UNSURE, UNLABELLED)]

    def share(value: str, all_shots: int, all_s: Fraction) -> LabelShare:
        return LabelShare(
            value,
            shots[value],
            frames[value],
            times_s[value],
            shots[value] / all_shots if all_shots else 0.0,
            float(times_s[value] / all_s) if all_s else 0.0,
        )

    whole = sum(shots.values()), sum(times_s.values(), Fraction(0))
    labelled = (
        sum(shots[value] for value in classes),
        sum((times_s[value] for value in classes), Fraction(0)),
    )
    return KindStatistics(
        tuple(share(value, *labelled) for value in classes),
        share(UNSURE, *whole),
        share(UNLABELLED, *whole),
        values,
        bounds,
    )


def _published(movement: KindStatistics) -> KindStatistics:
    names = {each.value: each.published.value for each in Movement}
    shares = (*movement.classes, movement.unsure, movement.unlabelled)
    values = (*(each.value for each in PublishedMovement), UNSURE, UNLABELLED)
    shots, frames = dict.fromkeys(values, 0), dict.fromkeys(values, 0)
    times_s = dict.fromkeys(values, Fraction(0))
    for share in shares:
        value = names.get(share.value, share.value)
        shots[value] += share.shots
        frames[value] += share.frames
        times_s[value] += share.time_s
    return _kind(
        shots, frames, times_s, tuple(names.get(value, value) for value in movement.values), movement.bounds
    )
