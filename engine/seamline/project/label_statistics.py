"""How often and how long a film is in which shot scale and which movement of the camera, and where."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from operator import sub
from typing import Final, NamedTuple

from seamline.project.labels import Label, Movement, PublishedMovement, ShotScale
from seamline.project.types import Project, Shot

UNSURE: Final = "unsure"
"""Stands for a class where the analysis has looked and is not sure."""

UNLABELLED: Final = "unlabelled"
"""Stands for a class where nothing was looked at (yet)."""


@dataclass(frozen=True, slots=True)
class LabelShare:
    """The shots of one class; `value` is the class's own word, UNSURE or UNLABELLED.

    `time_s` is how long they are on screen together, from the frames' own times; `share_of_time_01` is of all counted
    shots' time, labelled or not, and `percent_of_time` the same as a whole number, such that those of a kind's classes,
    unsure and unlabelled sum to 100 (to 0 where no shot is counted).
    """

    value: str
    shots: int
    frames: int
    time_s: Fraction
    share_of_time_01: float
    percent_of_time: int

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

    `values` has each counted shot's, in order: a class's word, UNSURE or UNLABELLED; `bounds` the frames where these
    shots begin, and the last one's end (0 where none is counted).
    """

    classes: tuple[LabelShare, ...]
    unsure: LabelShare
    unlabelled: LabelShare
    values: tuple[str, ...]
    bounds: tuple[int, ...]

    @cached_property
    def runs(self) -> tuple[LabelRun, ...]:
        """All that is counted, neighbours of the same value as one."""
        values = self.values
        if not values:
            return ()
        firsts = [0, *(at for at in range(1, len(values)) if values[at] != values[at - 1])]
        return tuple(
            LabelRun(self.bounds[first], self.bounds[end], values[first])
            for first, end in pairwise((*firsts, len(values)))
        )

    @property
    def shares(self) -> tuple[LabelShare, ...]:
        """The classes, then unsure and unlabelled: together all that is counted."""
        return (*self.classes, self.unsure, self.unlabelled)

    @property
    def labelled_shots(self) -> int:
        """How many shots have a class."""
        return sum(share.shots for share in self.classes)

    @property
    def labelled_percent_of_time(self) -> int:
        """How much of the counted time has a class: the sum of the classes' whole percents."""
        return sum(share.percent_of_time for share in self.classes)

    def of(self, value: str) -> LabelShare:
        """The shots of that class, of UNSURE or UNLABELLED. Raises KeyError for any other word."""
        for share in self.shares:
            if share.value == value:
                return share
        raise KeyError(value)


@dataclass(frozen=True)
class LabelStatistics:
    """`movement` has the finer classes.

    `shot_count` is of the `counted_shots`; `analysed_01` says how much of the film is analysed, from which on the rest
    is not counted.
    """

    shot_count: int
    analysed_01: float
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


def counted_shots(project: Project) -> tuple[Shot, ...]:
    """The shots whose ends are known: of a film analysed in part, those that lie where it is analysed."""
    if project.analysed_frames >= project.film.frame_count:
        return project.shots
    ends = [shot.end_frame for shot in project.shots]
    return project.shots[: bisect_right(ends, project.analysed_frames)]


def label_statistics(project: Project) -> LabelStatistics:
    """The shares and runs of the `counted_shots` as they are labelled now, the editor's word first."""
    counted = counted_shots(project)
    labels = [project.labels_of(shot) for shot in counted]
    bounds = [0, *(shot.end_frame for shot in counted)]
    index = project.film.index
    # in ticks, summed as whole numbers: thousands of fractions take ten times as long
    is_to_the_end = bounds[-1] == len(index)
    ticks: list[int] = index.pts[bounds[:-1] if is_to_the_end else bounds].tolist()
    if is_to_the_end:
        ticks.append(index.end_pts)
    lengths, durations = list(map(sub, bounds[1:], bounds)), list(map(sub, ticks[1:], ticks))

    def kind(values: list[str], classes: Iterable[StrEnum]) -> KindStatistics:
        shots, frames, sums = (dict.fromkeys((*map(str, classes), UNSURE, UNLABELLED), 0) for _ in range(3))
        for value, length, duration in zip(values, lengths, durations, strict=True):
            shots[value] += 1
            frames[value] += length
            sums[value] += duration
        times_s = {value: sums[value] * index.time_base for value in sums}
        return _kind(shots, frames, times_s, _whole_percents(sums), tuple(values), tuple(bounds))

    return LabelStatistics(
        len(labels),
        min(1.0, project.analysed_frames / project.film.frame_count),
        kind([_value(shot.scale) for shot in labels], ShotScale),
        kind([_value(shot.movement) for shot in labels], Movement),
    )


def _value(label: Label[ShotScale] | Label[Movement] | None) -> str:
    if label is None:
        return UNLABELLED
    return UNSURE if label.value is None else label.value.value


def _whole_percents(times: dict[str, int]) -> dict[str, int]:
    """Percents that sum to 100: rounded down, and those that lose most by it rounded up instead."""
    whole = sum(times.values())
    if not whole:
        return dict.fromkeys(times, 0)
    percents = {value: 100 * time // whole for value, time in times.items()}
    by_loss = sorted(times, key=lambda value: 100 * times[value] % whole, reverse=True)
    for value in by_loss[: 100 - sum(percents.values())]:
        percents[value] += 1
    return percents


def _kind(
    shots: dict[str, int],
    frames: dict[str, int],
    times_s: dict[str, Fraction],
    percents: dict[str, int],
    values: tuple[str, ...],
    bounds: tuple[int, ...],
) -> KindStatistics:
    whole_s = sum(times_s.values(), Fraction(0))

    def share(value: str) -> LabelShare:
        share_01 = float(times_s[value] / whole_s) if whole_s else 0.0
        return LabelShare(value, shots[value], frames[value], times_s[value], share_01, percents[value])

    classes = tuple(share(value) for value in shots if value not in (UNSURE, UNLABELLED))
    return KindStatistics(classes, share(UNSURE), share(UNLABELLED), values, bounds)


def _published(movement: KindStatistics) -> KindStatistics:
    names = {each.value: each.published.value for each in Movement}
    values = (*(each.value for each in PublishedMovement), UNSURE, UNLABELLED)
    shots, frames, percents = (dict.fromkeys(values, 0) for _ in range(3))
    times_s = dict.fromkeys(values, Fraction(0))
    for share in movement.shares:
        value = names.get(share.value, share.value)
        shots[value] += share.shots
        frames[value] += share.frames
        times_s[value] += share.time_s
        percents[value] += share.percent_of_time  # so that both lists say the same of the same
    said = tuple(names.get(value, value) for value in movement.values)
    return _kind(shots, frames, times_s, percents, said, movement.bounds)
