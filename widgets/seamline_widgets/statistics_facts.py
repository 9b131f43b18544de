"""What the statistics say of a film, ready to be shown: lengths of its shots, shares of its labels, in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from seamline.project.label_statistics import (
    UNLABELLED,
    UNSURE,
    KindStatistics,
    LabelShare,
    LabelStatistics,
    label_statistics,
)
from seamline.project.types import Project
from seamline_resources.label_looks import LABEL_LOOKS, UNSURE_NAME

UNLABELLED_NAME = "Not looked at"


@dataclass(frozen=True)
class FilmStatistics:
    """A film's shots in numbers: `starts` and the film's end, int64[shots + 1] frames; `lengths_s`, float64[shots]."""

    starts: NDArray[np.int64]
    lengths_s: NDArray[np.float64]
    labels: LabelStatistics

    @classmethod
    def of(cls, project: Project) -> FilmStatistics:
        """Some 7 ms for 3,000 shots."""
        index = project.film.index
        starts = np.array([*(shot.start_frame for shot in project.shots), len(index)], np.int64)
        ticks = np.append(index.pts[starts[:-1]], index.end_pts)
        return cls(starts, np.diff(ticks) * float(index.time_base), label_statistics(project))

    @property
    def shot_count(self) -> int:
        return len(self.lengths_s)

    @cached_property
    def mean_s(self) -> float:
        return float(self.lengths_s.mean())

    @cached_property
    def median_s(self) -> float:
        return float(np.median(self.lengths_s))

    def kind(self, kind: str) -> KindStatistics:
        """The statistics of “scale” or “movement”."""
        return self.labels.scale if kind == "scale" else self.labels.movement


def seconds_text(seconds: float) -> str:
    """A length such as “4.2 s”, from a minute on “1:05 min”."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min"


def class_name(kind: str, value: str) -> str:
    """What a class is called, UNSURE and UNLABELLED too."""
    if value == UNSURE:
        return UNSURE_NAME
    return UNLABELLED_NAME if value == UNLABELLED else LABEL_LOOKS[kind][value].name


def percent_text(share_01: float) -> str:
    """A share without decimals; what there is little of is not said to be nothing."""
    return "<1%" if 0 < share_01 < 0.005 else f"{share_01:.0%}"


def share_sentence(share: LabelShare) -> str:
    """All that is known of a class, such as “12 shots, 34% of the time, 3.2 s each”."""
    mean_s = share.mean_s
    if mean_s is None:
        return "no shot"
    shots = f"{share.shots} shot{'' if share.shots == 1 else 's'}"
    of_what = " of the film" if share.value in (UNSURE, UNLABELLED) else " of the time"
    return f"{shots}, {percent_text(share.share_of_time_01)}{of_what}, {seconds_text(float(mean_s))} each"


def published_sentence(labels: LabelStatistics) -> str:
    """The movements in the four published classes; empty where no shot has one."""
    if not labels.published.labelled_shots:
        return ""
    shares = (
        f"{share.value.lower()} {percent_text(share.share_of_time_01)}" for share in labels.published.classes
    )
    return f"In MovieShots' four classes: {', '.join(shares)}."
