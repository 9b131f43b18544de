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
from seamline.project.labels import Label, Movement, ShotScale
from seamline.project.types import Project
from seamline_widgets.percent import percent_text
from seamline_widgets.shot_labels import LabelKind, label_name

UNLABELLED_NAME = "Not looked at"


@dataclass(frozen=True)
class FilmStatistics:
    """A film's counted shots in numbers: of one analysed in part, those that are finished.

    `starts`: where they begin and the last one ends, int64[shots + 1] frames, [0] where there is none; `lengths_s`,
    float64[shots]. `frame_count` is the whole film's.
    """

    starts: NDArray[np.int64]
    lengths_s: NDArray[np.float64]
    frame_count: int
    labels: LabelStatistics

    @classmethod
    def of(cls, project: Project) -> FilmStatistics:
        """Some 7 ms for 3,000 shots."""
        index = project.film.index
        labels = label_statistics(project)
        starts = np.array(labels.scale.bounds, np.int64)
        ticks = np.append(index.pts, index.end_pts)[starts]
        return cls(starts, np.diff(ticks) * float(index.time_base), len(index), labels)

    @property
    def shot_count(self) -> int:
        return len(self.lengths_s)

    @property
    def counted_frames(self) -> int:
        """Where the last counted shot ends; what follows is not finished."""
        return int(self.starts[-1])

    @property
    def is_whole(self) -> bool:
        """Whether all of the film is analysed."""
        return self.labels.analysed_01 == 1

    @cached_property
    def mean_s(self) -> float | None:
        return float(self.lengths_s.mean()) if len(self.lengths_s) else None

    @cached_property
    def median_s(self) -> float | None:
        return float(np.median(self.lengths_s)) if len(self.lengths_s) else None

    @cached_property
    def changes(self) -> NDArray[np.int64]:
        """The frames where a label changes (without any label, where a shot begins), and where the rest begins."""
        runs = (run.start_frame for kind in (self.labels.scale, self.labels.movement) for run in kind.runs)
        starts = self.starts if self.labels.is_empty else np.fromiter(runs, np.int64)
        return np.unique(np.append(starts, self.counted_frames))

    def kind(self, kind: LabelKind) -> KindStatistics:
        """The statistics of “scale” or “movement”."""
        return self.labels.scale if kind == "scale" else self.labels.movement


def seconds_text(seconds: float | None) -> str:
    """A length such as “4.2 s”, from a minute on “1:05 min”; a dash for None."""
    if seconds is None:
        return "–"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min"


def class_name(kind: LabelKind, value: str) -> str:
    """What a class is called, UNSURE and UNLABELLED too."""
    if value == UNLABELLED:
        return UNLABELLED_NAME
    if value == UNSURE:
        unsure: Label[ShotScale] = Label(None)
        return label_name(unsure, kind)
    return label_name(Label(ShotScale(value)) if kind == "scale" else Label(Movement(value)), kind)


def time_text(percents: int, *, is_any: bool) -> str:
    """Whole percents of the time; what there is little of (`is_any`) is not said to be nothing."""
    return percent_text(percents / 100 if percents or not is_any else 0.001)


def share_text(share: LabelShare) -> str:
    """How much of the time that class has."""
    return time_text(share.percent_of_time, is_any=share.shots > 0)


def share_sentence(share: LabelShare) -> str:
    """All that is known of a class, such as “12 shots, 34 % of the time, 3.2 s each”."""
    if share.mean_s is None:
        return "no shot"
    shots = f"{share.shots} shot{'' if share.shots == 1 else 's'}"
    return f"{shots}, {share_text(share)} of the time, {seconds_text(float(share.mean_s))} each"


def coverage_texts(kind: KindStatistics, *, is_whole: bool) -> tuple[str, str]:
    """How much of what is counted has a class, such as “Labelled: 62 % of the film”, and the same in fewer words."""
    labelled = f"Labelled: {time_text(kind.labelled_percent_of_time, is_any=kind.labelled_shots > 0)}"
    return f"{labelled} {'of the film' if is_whole else 'so far'}", labelled


def so_far_sentence(numbers: FilmStatistics) -> str:
    """How much of the film is analysed; empty where all is."""
    if numbers.is_whole:
        return ""
    # rounded down: a film analysed in part is never said to be whole
    so_far = f"So far, {percent_text(int(numbers.labels.analysed_01 * 100) / 100)} of the film"
    if not numbers.shot_count:
        return f"{so_far}: no shot is finished yet."
    return f"{so_far}: its finished shots are counted."


def published_sentence(labels: LabelStatistics) -> str:
    """The movements in the four published classes; empty where no shot has one."""
    if not labels.published.labelled_shots:
        return ""
    shares = (f"{share.value.lower()} {share_text(share)}" for share in labels.published.classes)
    return f"In MovieShots' four classes: {', '.join(shares)}."
