"""How quickly, and how well, a library of a thousand hours is searched. The vectors are simulated.

python -m seamline.evaluation.library_bench [--hours 1000] [--dimension 512] [--minutes 20]

Films of 100 minutes have shots of four seconds in the mean (log-normal), and as many frames of each are put in as
`shot_samples` takes where nothing is known of what changes. A frame's vector is what all pictures share, one of 300
themes, a scene of the film (40 a film, each coming back), the shot, and a random walk in it. Half of the queries lie
near a frame, as a picture that is sought does; half lie far from all of them, nearer to some by a little, as words do
in CLIP (best cosines of about .3).

Recall is that of the ten shots that `LibraryIndex.query` gives, among the ten that it would give if it compared every
vector as it was before it was made small.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.library_films import FilmEntry
from seamline.analysis.library_graph import SUFFIX, exact_nearest
from seamline.analysis.library_index import LEAST_POOL, LibraryIndex
from seamline.analysis.library_ranking import best_of_shots, spread_over_films
from seamline.analysis.shot_samples import sample_frames
from seamline.models.encoder import EncoderSpec, l2_normalised

Floats = NDArray[np.float32]

_RATE = Fraction(25)
_FILM_FRAMES = 100 * 60 * 25
_SHOT_MEDIAN_S, _SHOT_SIGMA = 3.34, 0.6  # a mean of 4 s
_THEMES, _SCENES = 300, 40
# variances of what a vector is made of
_SHARED, _THEME, _SCENE, _SHOT, _STEP = 0.30, 0.25, 0.20, 0.15, 0.03
_WORDS_TO_SHARED, _WORDS_TO_MEANT = 0.25, 0.3
_QUERIES_OF_A_KIND = 100
_LIMIT = 10


@dataclass(frozen=True, slots=True, eq=False)
class _World:
    """What all films have in common."""

    dimension: int
    shared: Floats
    themes: Floats

    @classmethod
    def of(cls, dimension: int) -> _World:
        rng = np.random.default_rng(1)
        return cls(dimension, _directions(rng, 1, dimension)[0], _directions(rng, _THEMES, dimension))

    def film(self, number: int) -> tuple[FrameVectors, list[tuple[int, int]]]:
        """A film's vectors and shots; the same for the same number."""
        rng = np.random.default_rng([7, number])
        lengths = _SHOT_MEDIAN_S * np.exp(_SHOT_SIGMA * rng.standard_normal(4000)) * float(_RATE)
        ends = np.cumsum(np.maximum(12, lengths.astype(np.int64)))
        cuts = [0, *ends[ends < _FILM_FRAMES - 12].tolist(), _FILM_FRAMES]
        shots = list(pairwise(cuts))
        frames = sample_frames(shots, _RATE)
        shot_of = np.searchsorted(np.array(cuts), frames, side="right") - 1
        scenes = np.sqrt(_THEME) * self.themes[rng.integers(0, _THEMES, _SCENES)]
        scenes = scenes + np.sqrt(_SCENE) * _directions(rng, _SCENES, self.dimension)
        of_shots = scenes[rng.integers(0, _SCENES, len(shots))]
        of_shots = of_shots + np.sqrt(_SHOT) * _directions(rng, len(shots), self.dimension)
        steps = np.sqrt(_STEP) * _directions(rng, len(frames), self.dimension)
        walk = np.cumsum(steps, axis=0)
        first = np.searchsorted(shot_of, np.arange(len(shots)))
        vectors = np.sqrt(_SHARED) * self.shared + of_shots[shot_of] + walk - walk[first[shot_of]]
        return FrameVectors("bench", frames, l2_normalised(vectors.astype(np.float32))), shots

    def queries(self) -> dict[str, Floats]:
        """float32[n, D] by kind; they are about the first films."""
        rng = np.random.default_rng(3)
        count = _QUERIES_OF_A_KIND
        rows = np.concatenate(
            [
                vectors[rng.integers(0, len(vectors), count // 10)]
                for vectors in (self.film(number)[0].vectors for number in range(10))
            ]
        )
        pictures = l2_normalised(rows + np.float32(0.5) * _directions(rng, count, self.dimension))
        meant = l2_normalised(rows - (rows @ self.shared)[:, None] * self.shared)
        words = _WORDS_TO_SHARED * self.shared + _WORDS_TO_MEANT * meant
        rest = np.sqrt(1 - _WORDS_TO_SHARED**2 - _WORDS_TO_MEANT**2)
        words = l2_normalised((words + rest * _directions(rng, count, self.dimension)).astype(np.float32))
        return {"pictures": pictures, "words": words}


class _Truth:
    """The best frames of all films for each query, compared one by one."""

    def __init__(self, queries: Floats) -> None:
        self._queries = queries
        self._best: list[list[tuple[float, int, int]]] = [[] for _ in queries]
        self._shots: dict[int, NDArray[np.int64]] = {}

    def add(self, number: int, vectors: FrameVectors, shots: list[tuple[int, int]]) -> None:
        self._shots[number] = np.array(shots, np.int64)
        scores = self._queries @ vectors.vectors.T
        for at, row in enumerate(scores):
            best = np.argpartition(-row, LEAST_POOL)[:LEAST_POOL]
            more = [(float(row[k]), number, int(vectors.frames[k])) for k in best.tolist()]
            self._best[at] = sorted(self._best[at] + more, reverse=True)[:LEAST_POOL]

    def shots(self, query: int) -> set[tuple[int, int]]:
        """(film, first frame) of the ten best, spread over films as the library does it."""
        found = []
        for number in {number for _, number, _ in self._best[query]}:
            own = [(frame, score) for score, film, frame in self._best[query] if film == number]
            frames, scores = np.array([each[0] for each in own]), np.array([each[1] for each in own])
            found += best_of_shots(
                number, self._shots[number], frames.astype(np.int64), scores.astype(np.float32)
            )
        return {(shot.film_number, shot.start_frame) for shot in spread_over_films(found, _LIMIT)}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.library_bench", description=__doc__)
    parser.add_argument("--hours", type=float, default=1000)
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--minutes", type=float, default=20, help="when to stop putting films in")
    parser.add_argument("--folder", type=Path, help="where to build it; a temporary one unless told")
    parser.add_argument("--threads", type=int)
    options = parser.parse_args(arguments)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="seamline-library-"))
    try:
        _bench(folder, options)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _bench(folder: Path, options: argparse.Namespace) -> None:
    world = _World.of(options.dimension)
    queries = world.queries()
    truths = {kind: _Truth(some) for kind, some in queries.items()}
    spec = EncoderSpec("bench", "bench", (224, 224), options.dimension)
    index = LibraryIndex(folder, spec, threads=options.threads)
    wanted = max(1, round(options.hours * 60 / 100))
    ends_s = time.monotonic() + options.minutes * 60
    puts: list[float] = []
    tidying_s, shot_count, number = 0.0, 0, 0
    for number in range(wanted):
        vectors, shots = world.film(number)
        for truth in truths.values():
            truth.add(number, vectors, shots)
        shot_count += len(shots)
        puts.append(_seconds(partial(index.put, _entry(folder, number), vectors, shots)))
        tidying_s += _seconds(index.tidy)
        if number % 20 == 19:
            _say(
                f"{number + 1} of {wanted} films, {index.vector_count} vectors, {tidying_s:.0f} s of tidying"
            )
        if time.monotonic() > ends_s:
            _say(f"stopped after {options.minutes:g} minutes")
            break
    hours = (number + 1) * 100 / 60
    total = index.vector_count
    _say(
        f"{hours:.0f} hours, {number + 1} films, {shot_count} shots, {total} vectors of {options.dimension} "
        f"({total / shot_count:.2f} a shot)"
    )
    _say(
        f"put: median {1e3 * statistics.median(puts):.0f} ms a film; tidying {total / tidying_s:.0f} vectors/s"
    )
    _say(f"on disk: {index.file_bytes / 1e9:.2f} GB, {index.file_bytes / total:.0f} bytes a vector")
    _time_exact(world)
    for kind, some in queries.items():
        index.query(some[0], _LIMIT)
        times, recalls = [], []
        for at, vector in enumerate(some):
            began_s = time.perf_counter()
            hits = index.query(vector, _LIMIT)
            times.append(1e3 * (time.perf_counter() - began_s))
            found = {(int(hit.fingerprint[4:]), hit.start_frame) for hit in hits}
            recalls.append(len(found & truths[kind].shots(at)) / _LIMIT)
        _say(f"{kind}, warm: {_spread(times)}, recall of ten {statistics.mean(recalls):.3f}")
    _time_cold(index, folder, spec, queries["words"])
    index = LibraryIndex(folder, spec, threads=options.threads)
    index.films()
    _say(f"dropping a film: {1e3 * _seconds(lambda: index.drop('film00000')):.0f} ms")
    index.close()


def _time_exact(world: _World) -> None:
    """Comparing one by one, for as many vectors as are kept loose at most, and four times as many."""
    for films in (6, 24):
        vectors = np.concatenate([world.film(n)[0].vectors for n in range(films)]).astype(np.float16)
        query = world.queries()["words"][0]
        times = [1e3 * _seconds(partial(exact_nearest, vectors, query, LEAST_POOL)) for _ in range(12)]
        _say(f"{len(vectors)} vectors compared one by one: {_spread(times[2:])}")


def _time_cold(index: LibraryIndex, folder: Path, spec: EncoderSpec, queries: Floats) -> None:
    """The first queries after the system has forgotten the files, in an index that is opened anew."""
    index.close()
    if not hasattr(os, "posix_fadvise"):
        _say("cold: cannot be measured on this system")
        return
    os.sync()
    for path in (*folder.glob(f"*/*{SUFFIX}"), *folder.glob("*/*.sqlite"), *folder.glob("films/*")):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    with LibraryIndex(folder, spec) as cold:
        opening_ms = 1e3 * _seconds(lambda: cold.vector_count)
        times = [1e3 * _seconds(partial(cold.query, query, _LIMIT)) for query in queries]
    _say(f"cold: opened in {opening_ms:.0f} ms, first query {times[0]:.0f} ms, then {_spread(times[1:])}")


def _entry(folder: Path, number: int) -> FilmEntry:
    return FilmEntry(f"film{number:05d}", folder / f"{number}.mov", _FILM_FRAMES, _RATE, 1, 1)


def _directions(rng: np.random.Generator, count: int, dimension: int) -> Floats:
    """float32[count, dimension], of length 1 or nearly so, anywhere."""
    return rng.standard_normal((count, dimension), np.float32) / np.float32(np.sqrt(dimension))


def _seconds(work: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def _spread(times_ms: Sequence[float]) -> str:
    return f"p50 {np.percentile(times_ms, 50):.0f} ms, p95 {np.percentile(times_ms, 95):.0f} ms"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
