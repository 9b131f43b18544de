"""A film's shots in numbers, as film scholars count them: lengths, their spread, and how fast it is cut."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from seamline.errors import ExchangeError
from seamline.project.label_statistics import counted_shots
from seamline.project.types import Project, SeamKind, Shot

HISTOGRAM_BINS = 16
"""How many bins of equal width a histogram has at most, besides the one of all that is longer."""

_BIN_WIDTHS_S = (
    *(Fraction(1, n) for n in (20, 10, 5)),
    *(Fraction(n) * unit for unit in (1, 10, 100, 1000) for n in (Fraction(1, 2), 1, 2)),
)


@dataclass(frozen=True, slots=True)
class ShotStatistics:
    """The shots of a film; lengths are seconds on screen, from the frames' own times.

    `shots` are the `finished_shots`, `seams` those between them: every kind, 0 where there is none.
    `deviation_s` is the standard deviation of these shots (divided by their number, not by one less: they are
    all there are). `cuts_per_minute` counts seams of every kind.
    """

    shots: tuple[Shot, ...]
    lengths_s: tuple[Fraction, ...]
    mean_s: Fraction
    median_s: Fraction
    deviation_s: float
    shortest: Shot
    longest: Shot
    shortest_s: Fraction
    longest_s: Fraction
    cuts_per_minute: Fraction
    seams: dict[SeamKind, int]

    @property
    def shot_count(self) -> int:
        return len(self.lengths_s)

    @property
    def seam_count(self) -> int:
        return self.shot_count - 1


def shot_lengths_s(project: Project) -> tuple[Fraction, ...]:
    """How long each shot is on screen, exactly, at variable rates too; together they are the film's duration."""
    time_of = project.film.index.time_of
    return tuple(time_of(shot.end_frame) - time_of(shot.start_frame) for shot in project.shots)


def finished_shots(project: Project) -> tuple[Shot, ...]:
    """The shots that numbers are of: those whose ends are known, and where there is none (yet) all that there are."""
    return counted_shots(project) or project.shots


def shot_statistics(project: Project) -> ShotStatistics:
    """The numbers of the `finished_shots`; of several as short (or as long) the first counts."""
    shots = finished_shots(project)
    lengths = shot_lengths_s(project)[: len(shots)]
    kinds = Counter(shot.seam.kind for shot in shots if shot.seam is not None)
    shortest, longest = min(lengths), max(lengths)
    return ShotStatistics(
        shots=shots,
        lengths_s=lengths,
        mean_s=sum(lengths, Fraction(0)) / len(lengths),
        median_s=statistics.median(lengths),
        deviation_s=float(statistics.pstdev(lengths)),
        shortest=shots[lengths.index(shortest)],
        longest=shots[lengths.index(longest)],
        shortest_s=shortest,
        longest_s=longest,
        cuts_per_minute=(len(shots) - 1) * 60 / sum(lengths, Fraction(0)),
        seams={kind: kinds[kind] for kind in SeamKind},
    )


def moving_average_s(lengths_s: Sequence[Fraction], shots: int) -> tuple[Fraction, ...]:
    """For each shot the mean length of the `shots` (an odd number) shots around it, of fewer at the ends.

    Raises ExchangeError for an even number, or one below 1.
    """
    if shots < 1 or shots % 2 == 0:
        raise ExchangeError(
            f"A moving average is of an odd number of shots from 1 on, not of {shots}: try {shots | 1}."
        )
    sums = [Fraction(0)]
    for length in lengths_s:
        sums.append(sums[-1] + length)
    half, count = shots // 2, len(lengths_s)
    spans = [(max(0, at - half), min(count, at + half + 1)) for at in range(count)]
    return tuple((sums[end] - sums[start]) / (end - start) for start, end in spans)


def usual_average_shots(shot_count: int) -> int:
    """How many shots a moving average takes in so that its line shows the film's course: a tenth, odd, 3 to 41."""
    return min(41, max(3, shot_count // 10)) | 1


@dataclass(frozen=True, slots=True)
class CuttingRate:
    """Cuts a minute along the film: at each of `times_s`, those in the `window_s` seconds around it."""

    times_s: tuple[Fraction, ...]
    cuts_per_minute: tuple[Fraction, ...]
    window_s: Fraction


def usual_window_s(duration_s: Fraction) -> Fraction:
    """The window of a cutting rate that suits a film of that length: from 1 s in short clips to 5 minutes."""
    for window in (1, 2, 5):
        if window * 6 >= duration_s:
            return Fraction(window)
    windows = (10, 15, 20, 30, 60, 90, 120, 180, 240, 300)
    return Fraction(next((window for window in windows if window * 15 >= duration_s), windows[-1]))


def cutting_rate(project: Project, *, window_s: Fraction | None = None, points: int = 240) -> CuttingRate:
    """The cutting rate at `points` + 1 times spread evenly over the film, its first and last included.

    Of a film analysed in part, over its `finished_shots`.

    A cut counts where its new shot begins (a gradual seam in its middle), in windows [t - w/2, t + w/2). At the
    ends of the film the window is what lies within the film, and the rate is for that part of it.
    Raises ExchangeError for a window of no length, or less than one point.
    """
    shots, time_of = finished_shots(project), project.film.index.time_of
    duration = time_of(shots[-1].end_frame)
    window = usual_window_s(duration) if window_s is None else window_s
    if window <= 0 or points < 1:
        raise ExchangeError(
            f"A cutting rate needs a window above 0 s and a point at least, not {float(window):g} s and {points}."
        )
    cuts = [time_of(shot.start_frame) for shot in shots[1:]]
    times = tuple(duration * at / points for at in range(points + 1))
    rates = []
    for time in times:
        start, end = max(Fraction(0), time - window / 2), min(duration, time + window / 2)
        count = bisect_left(cuts, end) - bisect_left(cuts, start)
        rates.append(count * 60 / (end - start))
    return CuttingRate(times, tuple(rates), window)


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many shots have which length: `counts[n]` those in [n, n + 1) times `bin_s`, `longer` all the rest."""

    bin_s: Fraction
    counts: tuple[int, ...]
    longer: int


def length_histogram(lengths_s: Sequence[Fraction]) -> Histogram:
    """Bins of a round width that hold 19 of 20 shots at least; the few that are longer go into one more."""
    ordered = sorted(lengths_s)
    covered = ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
    width = next((w for w in _BIN_WIDTHS_S if covered < w * HISTOGRAM_BINS), covered / (HISTOGRAM_BINS - 1))
    bins = int(covered // width) + 1
    if ordered[-1] < width * HISTOGRAM_BINS:  # then no bin for a rest is needed
        bins = int(ordered[-1] // width) + 1
    found = Counter(int(length // width) for length in ordered)
    counts = tuple(found[at] for at in range(bins))
    return Histogram(width, counts, len(ordered) - sum(counts))
