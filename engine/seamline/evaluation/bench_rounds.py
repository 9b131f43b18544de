"""The bench itself: every contender on every film, one after the other, several times over."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from seamline.errors import SeamlineError
from seamline.evaluation.bench_contenders import DECODE, Contender, Outcome
from seamline.evaluation.bench_films import BenchFilm
from seamline.evaluation.bench_process import Cost, RunFailedError, run_measured
from seamline.evaluation.metrics import Evaluation, evaluate

_READ_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class Trial:
    """One run: in which round, what it took, what it gave."""

    round_number: int
    cost: Cost
    outcome: Outcome


@dataclass(slots=True)
class Series:
    """All runs of one contender on one film. `failure` says why there are no more of them."""

    film: BenchFilm
    contender: Contender
    trials: list[Trial] = field(default_factory=list)
    failure: str | None = None

    @property
    def wall_s(self) -> float:
        """Median, as are the others; raises StatisticsError if there is no run."""
        return median(trial.cost.wall_s for trial in self.trials)

    @property
    def cpu_s(self) -> float:
        return median(trial.cost.cpu_s for trial in self.trials)

    @property
    def peak_mib(self) -> float:
        return median(trial.cost.peak_mib for trial in self.trials)

    @property
    def analysis_s(self) -> float | None:
        """The time net of the program's start; None if it does not say."""
        told = [t.outcome.analysis_s for t in self.trials if t.outcome.analysis_s is not None]
        return median(told) if told else None

    @property
    def times_real_time(self) -> float:
        return self.film.duration_s / self.wall_s

    @property
    def others_busy_01(self) -> float:
        """The largest share of the machine that other programs had during a run."""
        return max((trial.cost.others_busy_01 for trial in self.trials), default=0.0)

    def evaluation(self, tolerance_frames: int) -> Evaluation | None:
        """The seams held against the film's truth; None where either is missing."""
        if self.film.truth is None or not self.trials or self.trials[0].outcome.seams is None:
            return None
        return evaluate(self.film.truth, self.trials[0].outcome.seams, tolerance_frames)


def alternate(
    films: Sequence[BenchFilm],
    contenders: Sequence[Contender],
    *,
    rounds: int,
    timeout_s: Callable[[BenchFilm], float],
    say: Callable[[str], None],
) -> list[Series]:
    """Run everything; a series for each film and contender, in their order.

    In each round every contender runs once on each film, beginning with another contender each time, so that
    what changes on the machine meanwhile meets all of them. One that fails on a film leaves that film to the others.
    """
    table = [[Series(film, contender) for contender in contenders] for film in films]
    for number in range(rounds):
        for row in table:
            first = number % max(1, len(row))
            for series in row[first:] + row[:first]:
                if series.failure is None:
                    _run_once(series, number, timeout_s(series.film))
                    say(_sentence(series, number, rounds))
    return [series for row in table for series in row]


def of_decode(series: Series, all_series: Sequence[Series]) -> float | None:
    """How many times as long as the bare decode of the same film; None if that is not known."""
    for each in all_series:
        if (
            each.film is series.film
            and each.contender.name == DECODE
            and each.trials
            and each.failure is None
        ):
            return series.wall_s / each.wall_s
    return None


def _run_once(series: Series, number: int, timeout_s: float) -> None:
    contender, film = series.contender, series.film
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            _read_through(film.path)
            cost = run_measured(
                contender.command(film.path, folder),
                folder=folder,
                environment=contender.environment,
                timeout_s=timeout_s,
            )
            series.trials.append(Trial(number, cost, contender.outcome(folder)))
        except RunFailedError as error:
            series.failure = str(error)
        except (OSError, ValueError, KeyError, TypeError, SeamlineError) as error:
            series.failure = f"its result cannot be read ({type(error).__name__}: {error})"


def _read_through(path: Path) -> None:
    """Have the system keep the file in memory, so that the disk does not count."""
    with path.open("rb") as file:
        while file.read(_READ_BYTES):
            pass


def _sentence(series: Series, number: int, rounds: int) -> str:
    head = f"round {number + 1} of {rounds}, {series.film.name}, {series.contender.title}: "
    if series.failure is not None:
        return head + f"failed: {series.failure}"
    return head + f"{series.trials[-1].cost.wall_s:.1f} s"
