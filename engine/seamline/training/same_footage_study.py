"""How well two frames of the same footage are told, over several divisions of the films: all that RESULTS.md says.

    python -m seamline.training.same_footage_study --clips UNCUT... --films EDITED... --truth TABLES \
        --sources SOURCES.csv --seeds 20
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.cache import AnalysisCache
from seamline.errors import SeamlineError
from seamline.evaluation.same_footage_metrics import (
    SCORE_HEAD,
    PairScores,
    best_threshold,
    calibration_error,
    log_loss,
    mean_and_spread,
    score_line,
    scores_at,
)
from seamline.exchange.csv_list import DISTRACTOR, read_transitions
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.encoders import BUILT_IN, encoder_named
from seamline.models.same_footage import same_footage_model
from seamline.progress import CancellableProgress, Progress
from seamline.training.same_footage_films import PairFilm, joined, opened_films, read_sources
from seamline.training.same_footage_pairs import (
    DEFAULT_PAIRS,
    Pair,
    SameFootagePairs,
    Split,
    pairs_in,
    split_sources,
)
from seamline.training.same_footage_run import OWN_THRESHOLD, Told, sources_in, told_by
from seamline.training.same_footage_setups import SetupPairs
from seamline.training.same_footage_training import PairTraining
from seamline.training.same_footage_vectors import PairVectors

GRID = 4
"""Frames a second that pairs are drawn from, so that all seeds meet the same ones."""
_COSINE = "cosine"
_FEWEST = 20
APART_S = (Fraction(1, 2), Fraction(2), Fraction(10))

Floats = NDArray[np.float32]
Score = Callable[[Floats, Floats], NDArray[np.floating]]


def footage(
    clips: Sequence[Path],
    films: Sequence[Path],
    truth: Path | None,
    sources: Path | None,
    *,
    progress: Progress,
) -> tuple[list[PairFilm], list[str]]:
    """The films, with what is known of their seams, and a sentence for each that was left out.

    `clips` are uncut; the seams of `films` stand in tables of their names in the folder `truth`.
    """
    cache = AnalysisCache()

    def opened(path: Path, part: Progress) -> Film:
        return open_film(path, shelf=cache, progress=part)

    named = {} if sources is None else read_sources(sources)
    files = {path: is_uncut for given, is_uncut in ((clips, True), (films, False)) for path in _files(given)}
    found, left_out = opened_films(list(files), opened, sources=named, progress=progress)
    return [replace(film, seams=_seams(film, files, truth)) for film in found], left_out


def _files(given: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in given:
        files += sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
    return files


def _seams(film: PairFilm, files: dict[Path, bool], truth: Path | None) -> tuple[tuple[int, int], ...] | None:
    if files.get(film.film.path):
        return ()
    table = None if truth is None else truth / f"{film.film.path.stem}.csv"
    if table is None or not table.is_file():
        return None
    rows = read_transitions(table)
    return tuple(sorted((row.out_frame, row.in_frame) for row in rows if row.scored != DISTRACTOR))


class Study:
    """What is gathered over the seeds."""

    def __init__(self, films: Sequence[PairFilm], vectors: PairVectors, dimension: int, pairs: int) -> None:
        self._films, self._vectors, self._dimension, self._pairs = films, vectors, dimension, pairs
        self.told: dict[str, list[Told]] = {}
        self.strata: dict[tuple[str, str], list[PairScores]] = {}
        self.by_source: dict[str, list[tuple[bool, bool]]] = {}
        self.setups: dict[str, list[PairScores]] = {}
        self.setup_fit: list[tuple[float, float]] = []

    def add(self, seed: int, shipped: Score, *, progress: Progress) -> None:
        """One division of the films, everything trained and tested on it."""
        splits = split_sources(self._films, seed)
        drawn = {split: self._drawn(splits, split, seed, Fraction(2)) for split in Split}
        self._vectors.make((pair for some in drawn.values() for pair in some), progress=progress)
        examples = {split: self._vectors.both(some) for split, some in drawn.items()}
        ways: dict[str, Score] = {_COSINE: _cosines}
        for name, symmetric in (("perceptron, as published", False), ("perceptron, symmetric", True)):
            training = PairTraining(self._dimension, symmetric=symmetric, seed=seed)
            training.run(*examples[Split.TRAIN], progress=CancellableProgress())
            ways[name] = training.scores
        thresholds: dict[str, float] = {}
        for name, way in ways.items():
            threshold = None if name == _COSINE else OWN_THRESHOLD
            told = told_by(name, way, examples, threshold=threshold)
            self.told.setdefault(name, []).append(told)
            thresholds[name] = told.threshold
        self._add_strata(ways, thresholds, splits, seed, progress)
        self._add_sources(drawn[Split.TEST], examples[Split.TEST], self.told[_COSINE][-1].threshold)
        self._add_setups(ways, shipped, splits, seed, progress)

    def _drawn(
        self, splits: dict[str, Split], split: Split, seed: int, apart: Fraction, rate: float = 0.5
    ) -> SameFootagePairs:
        return SameFootagePairs(
            self._films,
            sources_in(splits, split),
            split,
            pairs_in(split, self._pairs),
            seed=seed,
            apart_s=apart,
            rate=rate,
            grid=GRID,
        )

    def _add_strata(
        self,
        ways: dict[str, Score],
        thresholds: dict[str, float],
        splits: dict[str, Split],
        seed: int,
        progress: Progress,
    ) -> None:
        others = list(self._drawn(splits, Split.TEST, seed, Fraction(2), rate=0.0))
        for apart in APART_S:
            try:
                same = list(self._drawn(splits, Split.TEST, seed, apart, rate=1.0))
            except SeamlineError:  # no two films of the test last that long
                continue
            crosses = [
                self._films[pair.first_film].crosses(pair.first_frame, pair.second_frame) for pair in same
            ]
            self._vectors.make([*same, *others], progress=progress)
            first, second, truth = self._vectors.both([*same, *others])
            kinds = {"all": None, "same shot": False, "across a cut": True}
            for kind, wanted in kinds.items():
                taken = np.array(
                    [wanted is None or each is wanted for each in crosses] + [True] * len(others)
                )
                if int(taken[: len(same)].sum()) < _FEWEST:
                    continue
                for name, way in ways.items():
                    scores = way(first[taken], second[taken])
                    found = float((scores[truth[taken]] >= thresholds[name]).mean())
                    # in place of the accuracy, which depends on how many there are of each sort
                    line = replace(scores_at(thresholds[name], scores, truth[taken]), accuracy=found)
                    self.strata.setdefault((name, f"{float(apart):g} s, {kind}"), []).append(line)

    def _add_sources(
        self, pairs: Sequence[Pair], examples: tuple[Floats, Floats, NDArray[np.bool_]], threshold: float
    ) -> None:
        said = _cosines(examples[0], examples[1]) >= threshold
        for pair, says in zip(pairs, said.tolist(), strict=True):
            for source in {self._films[pair.first_film].source, self._films[pair.second_film].source}:
                self.by_source.setdefault(source, []).append((pair.is_same, says))

    def _add_setups(
        self, ways: dict[str, Score], shipped: Score, splits: dict[str, Split], seed: int, progress: Progress
    ) -> None:
        learnt = [*sources_in(splits, Split.TRAIN), *sources_in(splits, Split.VALIDATION)]
        try:
            trained = list(SetupPairs(self._films, learnt, pairs_in(Split.TRAIN, self._pairs), seed=seed))
            tested = list(
                SetupPairs(
                    self._films, sources_in(splits, Split.TEST), pairs_in(Split.TEST, self._pairs), seed=seed
                )
            )
        except SeamlineError:  # the test has no film with known seams
            return
        self._vectors.make([*trained, *tested], progress=progress)
        first, second, truth = self._vectors.both(trained)
        one, other, right = self._vectors.both(tested)
        is_near = np.array([pair.first_film == pair.second_film for pair in tested], np.bool_)
        within = right | is_near
        network = PairTraining(self._dimension, symmetric=True, seed=seed)
        network.run(first, second, truth, progress=CancellableProgress())
        ways = {**ways, "symmetric, trained on set-ups": network.scores}
        for name, way in ways.items():
            threshold = best_threshold(way(first, second), truth) if name == _COSINE else OWN_THRESHOLD
            scores = way(one, other)
            self.setups.setdefault(name, []).append(scores_at(threshold, scores, right))
            self.setups.setdefault(f"{name}, one film", []).append(
                scores_at(threshold, scores[within], right[within])
            )
        probabilities = shipped(one, other)
        self.setups.setdefault("what ships", []).append(scores_at(0.5, probabilities, right))
        self.setups.setdefault("what ships, one film", []).append(
            scores_at(0.5, probabilities[within], right[within])
        )
        self.setup_fit.append((log_loss(probabilities, right), calibration_error(probabilities, right)))

    def report(self) -> str:
        """Every table."""
        lines = ["Published pairs, threshold from the training films", SCORE_HEAD]
        for name, some in self.told.items():
            lines.append(score_line(f"{name}, training", [each.train for each in some]))
            lines.append(score_line(f"{name}, test", [each.test for each in some]))
        for name, runs in self.told.items():
            threshold, loss, error = (
                mean_and_spread(getattr(each, what) for each in runs)
                for what in ("threshold", "test_loss", "test_calibration")
            )
            lines.append(
                f"{name}: threshold {threshold[0]:.3f} ± {threshold[1]:.3f}; calibrated on validation: "
                f"loss {loss[0]:.3f} ± {loss[1]:.3f}, calibration error {error[0]:.3f} ± {error[1]:.3f}"
            )
        lines += [
            "",
            "By time apart (in place of accuracy: the share of pairs of one film that is found)",
            SCORE_HEAD,
        ]
        for (name, kind), figures in self.strata.items():
            lines.append(score_line(f"{name.removeprefix('perceptron, ')}: {kind}", figures))
        lines += ["", "By source, cosine, test: pairs of it found; pairs with another told apart"]
        for source, answers in sorted(self.by_source.items()):
            found = [says for same, says in answers if same]
            apart = [not says for same, says in answers if not same]
            lines.append(f"{source[:40]:40} {_share(found)} {_share(apart)}")
        lines += ["", "Set-ups: of one shot, of neighbouring shots, of two sources", SCORE_HEAD]
        lines += [score_line(name, figures) for name, figures in self.setups.items()]
        if self.setup_fit:
            loss, error = (mean_and_spread(values) for values in zip(*self.setup_fit, strict=True))
            lines.append(f"what ships: loss {loss[0]:.3f} ± {loss[1]:.3f}, calibration error {error[0]:.3f}")
        return "\n".join(lines)


def _cosines(first: Floats, second: Floats) -> Floats:
    return np.asarray(np.einsum("nd,nd->n", first, second), np.float32)


def _share(flags: Sequence[bool]) -> str:
    return f"{100 * sum(flags) / len(flags):5.1f} % of {len(flags):5d}" if flags else f"{'':16}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the study and print its tables; exit code 0, or 1 where it failed."""
    parser = argparse.ArgumentParser(prog="python -m seamline.training.same_footage_study")
    parser.add_argument("--clips", type=Path, nargs="+", default=[], metavar="PATH", help="uncut footage")
    parser.add_argument("--films", type=Path, nargs="+", default=[], metavar="PATH", help="edited films")
    parser.add_argument("--truth", type=Path, metavar="FOLDER", help="tables of seams, as CSV")
    parser.add_argument("--sources", type=Path, metavar="FILE.csv", help="which films show the same footage")
    parser.add_argument("--encoder", default=BUILT_IN.id, metavar="ID")
    parser.add_argument("--seeds", type=int, default=20, metavar="N", help="how many divisions")
    parser.add_argument("--pairs", type=int, default=DEFAULT_PAIRS, metavar="N")
    options = parser.parse_args(arguments)
    progress = CancellableProgress()
    try:
        films, left_out = footage(
            options.clips, options.films, options.truth, options.sources, progress=progress
        )
        encoder = encoder_named(options.encoder).open_image(1)
        vectors = PairVectors(films, encoder, AnalysisCache().film_folder)
        every = {
            number: {film.frame_at(Fraction(at, GRID)) for at in range(int(film.duration * GRID))}
            for number, film in enumerate(films)
        }
        vectors.make_frames(every, progress=progress)
        alike = vectors.alike()
        unnamed = [(a, b) for a, b in alike if films[a].source != films[b].source]
        films[:] = joined(films, unnamed)
        study = Study(films, vectors, encoder.spec.dimension, options.pairs)
        model = same_footage_model(encoder.spec)
        for seed in range(options.seeds):
            study.add(seed, model.probability, progress=progress)
            sys.stderr.write(f"seed {seed} done\n")
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    lines = [f"Left out: {sentence}" for sentence in left_out]
    sources = {film.source for film in films}
    lines.append(
        f"{len(films)} films of {len(sources)} sources, {sum(len(some) for some in every.values())} frames; "
        f"{len(alike)} pairs of films were found alike, {len(unnamed)} of them named as two sources."
    )
    sys.stdout.write("\n".join([*lines, "", study.report()]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
