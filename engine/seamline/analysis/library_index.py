"""All analysed films by what their frames show: kept up film by film, and searched in milliseconds.

Vectors of the films put in last are compared one by one. Once there are many of these, they go into a graph
(`library_graph`), of which there is one for every quarter of a million vectors: putting a film in, or taking one out,
writes no large file, and a graph that is lost is only a part of the library. Everything here can be made again from
`LibraryFilms` and the vectors that are kept of each film.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.library_database import GraphFile, IndexedFilm, LibraryDatabase, LooseVectors
from seamline.analysis.library_films import (
    FilmEntry,
    LibraryError,
    LibraryFilm,
    LibraryFilms,
    LibraryHit,
    Presence,
    unwritable,
)
from seamline.analysis.library_graph import VectorGraph, digest_of, exact_nearest
from seamline.analysis.library_ranking import (
    FoundShot,
    best_of_shots,
    film_numbers,
    frames_of,
    keys_of,
    spread_over_films,
)
from seamline.analysis.library_tidying import is_intact, tidy
from seamline.models.encoder import EncoderSpec
from seamline.progress import CancellableProgress, Progress

_log = logging.getLogger(__name__)

Range = tuple[int, int]

_POOL_PER_HIT = 8
LEAST_POOL = 512
"""Frames among which shots are looked for: a scene that comes back has a hundred, and hides other films else."""
_LARGEST_POOL = 16_384
_TRIES = 100  # each finds a film that is no more
_THREADS = 4


class LibraryIndex:
    """The vectors of one encoder, in `folder` with those of others. Any thread may call; one process or several.

    Raises LibraryError where the disk does not let it write, or keeps it waiting too long.
    """

    def __init__(self, folder: Path, spec: EncoderSpec, *, threads: int | None = None) -> None:
        key = hashlib.blake2b(spec.key.encode(), digest_size=6).hexdigest()
        self.spec = spec
        self.library = LibraryFilms(folder)
        self._folder = folder / f"{spec.id}-{key}"
        self._database = LibraryDatabase(self._folder / "films.sqlite", spec.key, spec.dimension)
        self._threads = threads or min(_THREADS, os.cpu_count() or 1)
        self._lock = threading.RLock()
        self._films: dict[int, IndexedFilm] = {}
        self._graphs: dict[str, VectorGraph] = {}
        self._loose: dict[int, LooseVectors] = {}
        self._loose_keys: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._loose_vectors: NDArray[np.float16] = np.zeros((0, spec.dimension), np.float16)

    def close(self) -> None:
        with self._lock:
            for graph in self._graphs.values():
                graph.close()
            self._graphs.clear()
            self._database.close()

    def __enter__(self) -> LibraryIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def films(self) -> tuple[FilmEntry, ...]:
        """Those that are found by this encoder, sorted by name."""
        with self._lock:
            self._look()
            indexed = {film.fingerprint for film in self._films.values()}
            return tuple(film.entry for film in self.library if film.entry.fingerprint in indexed)

    @property
    def vector_count(self) -> int:
        with self._lock:
            self._look()
            return sum(film.vectors for film in self._films.values())

    @property
    def file_bytes(self) -> int:
        """What the index takes on the disk."""
        return sum(path.stat().st_size for path in self._folder.glob("*") if path.is_file())

    def put(self, entry: FilmEntry, vectors: FrameVectors, shots: Sequence[Range]) -> None:
        """Have the film found by these vectors, in the place of what was known of it, or of what lay at its path."""
        if vectors.encoder_key != self.spec.key or vectors.vectors.shape[1:] != (self.spec.dimension,):
            raise ValueError("these vectors are another encoder's")
        if len(vectors) and not (vectors.frames[0] >= 0 and vectors.frames[-1] < entry.frame_count):
            raise ValueError(f"frames must lie in 0 to {entry.frame_count - 1}")
        film = LibraryFilm(entry, np.array(shots, np.int64).reshape(-1, 2))
        loose = LooseVectors(vectors.frames.astype(np.int64), vectors.vectors.astype(np.float16))
        if not np.isfinite(loose.vectors).all():
            raise ValueError("vectors must be finite")
        with self._lock:
            # first: a film that is in an index alone is taken for one that was dropped
            self.library.write(film)
            self._database.put(entry.fingerprint, loose)

    def drop(self, film_fingerprint: str) -> bool:
        """Have the film found no more, by any encoder; whether it was there."""
        with self._lock:
            was_there = self.library.remove(film_fingerprint)
            return self._database.drop(film_fingerprint) or was_there

    def query(self, vector: NDArray[np.float32], limit: int) -> tuple[LibraryHit, ...]:
        """The shots whose frames are most like `vector`, float32[dimension], best first: at most `limit`.

        Films that are not there now are told of: the editor knows which drive to fetch. One that has become another
        film is dropped. Exact up to `LOOSE_VECTORS`, and nearly so beyond (`evaluation.library_bench`).
        """
        if vector.shape != (self.spec.dimension,) or not np.isfinite(vector).all():
            raise ValueError(f"need float32[{self.spec.dimension}], finite, not {list(vector.shape)}")
        with self._lock:
            for _ in range(_TRIES):
                self._look()
                chosen = self._chosen(vector.astype(np.float32), limit)
                hits = self._hits(chosen)
                if hits is not None:
                    return hits
            raise LibraryError("The films of the library change all the time: search again in a moment.")

    def tidy(self, *, progress: Progress | None = None) -> bool:
        """Put into a graph what would take long to compare one by one, and forget for good what was dropped.

        Whether there was anything to do. Takes up to a minute or so; what another process does already is left to it.
        Raises Cancelled, and all is as before then.
        """
        progress = progress or CancellableProgress()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "tidy.lock", timeout=0):
                return tidy(
                    self._database,
                    self._folder,
                    self.spec.dimension,
                    threads=self._threads,
                    progress=progress,
                )
        except Timeout:
            return False
        except (OSError, ValueError) as error:
            raise unwritable(self._folder, error) from error

    def check(self, *, progress: Progress | None = None) -> tuple[str, ...]:
        """Read all of it, and take out what is damaged; a sentence for each fault. Raises Cancelled."""
        faults: list[str] = []
        with self._lock:
            damage = self._database.damage()
            if damage is not None:
                faults.append(f"The table of films by {self.spec.id} was damaged ({damage}).")
                self._database.throw_away()
            for graph in self._database.contents()[1]:
                path = self._folder / graph.name
                try:
                    is_sound = digest_of(path, progress) == graph.digest
                except OSError:
                    is_sound = False
                if not is_sound:
                    faults.append(f"A graph of {graph.vectors} frames by {self.spec.id} was damaged.")
                    self._forget_graph(graph.name)
            for film in self._database.contents()[0]:
                if film.graph is None and self._database.loose(film.number) is None:
                    faults.append(f"The frames of a film by {self.spec.id} were damaged.")
                    self._database.drop_number(film.number)
        return tuple(faults)

    def _hits(self, chosen: list[FoundShot]) -> tuple[LibraryHit, ...] | None:
        """None where a film turns out to be another one by now, or was dropped by another encoder's index."""
        there: dict[int, bool] = {}
        entries: dict[int, FilmEntry] = {}
        for number in {shot.film_number for shot in chosen}:
            film = self.library.get(self._films[number].fingerprint)
            presence = Presence.CHANGED if film is None else self.library.presence(film.entry)
            if film is None or presence is Presence.CHANGED:
                self._forget_film(number)
                return None
            entries[number], there[number] = film.entry, presence is Presence.THERE
        return tuple(
            LibraryHit(
                entries[shot.film_number],
                shot.frame,
                shot.start_frame,
                shot.end_frame,
                shot.shot_number,
                shot.score,
                there[shot.film_number],
            )
            for shot in chosen
        )

    def _chosen(self, vector: NDArray[np.float32], limit: int) -> list[FoundShot]:
        """The shots to show, from a pool of frames that is made larger until it has enough of them."""
        if limit < 1:
            return []
        pool = max(LEAST_POOL, _POOL_PER_HIT * limit)
        while True:
            keys, scores = self._nearest(vector, pool)
            shots = self._shots_at(keys, scores)
            is_all = len(keys) < pool or pool >= _LARGEST_POOL
            if len(shots) >= limit or is_all:
                return spread_over_films(shots, limit)
            pool *= 4

    def _nearest(
        self, vector: NDArray[np.float32], count: int
    ) -> tuple[NDArray[np.uint64], NDArray[np.float32]]:
        """The nearest frames of all graphs and of what is loose; those of dropped films are among them."""

        def loose() -> tuple[NDArray[np.uint64], NDArray[np.float32]]:
            rows, scores = exact_nearest(self._loose_vectors, vector, count)
            return self._loose_keys[rows], scores

        def in_graph(graph: VectorGraph) -> tuple[NDArray[np.uint64], NDArray[np.float32]]:
            return graph.nearest(vector, count, graphs=len(graphs))

        graphs = list(self._graphs.values())
        if len(graphs) < 2 or self._threads < 2:
            found = [loose(), *map(in_graph, graphs)]
        else:
            with ThreadPoolExecutor(self._threads, "seamline-library") as pool:
                rest = pool.map(in_graph, graphs)
                found = [loose(), *rest]
        keys = np.concatenate([each[0] for each in found])
        scores = np.concatenate([each[1] for each in found])
        order = np.argsort(-scores, kind="stable")[:count]
        return keys[order], scores[order]

    def _shots_at(self, keys: NDArray[np.uint64], scores: NDArray[np.float32]) -> list[FoundShot]:
        numbers, frames = film_numbers(keys), frames_of(keys)
        shots: list[FoundShot] = []
        for number in np.unique(numbers).tolist():
            if number not in self._films:
                continue  # dropped, or put in anew: its vectors stay in a graph until that is made anew
            film = self.library.get(self._films[number].fingerprint)
            if film is None:
                self._forget_film(number)
                continue
            of_film = numbers == number
            shots += best_of_shots(number, film.shots, frames[of_film], scores[of_film])
        return shots

    def _look(self) -> None:
        """Take over what this or another process has written since the last look."""
        while self._database.is_changed():
            films, graphs = self._database.contents()
            self._films = {film.number: film for film in films}
            self._open_graphs(graphs)
            self._load_loose()

    def _open_graphs(self, wanted: tuple[GraphFile, ...]) -> None:
        for name in set(self._graphs) - {graph.name for graph in wanted}:
            self._graphs.pop(name).close()
        for graph in wanted:
            if graph.name in self._graphs:
                continue
            path = self._folder / graph.name
            try:
                if not is_intact(self._database, self._folder, graph):
                    raise ValueError("it is not as it was written")
                opened = VectorGraph(path, self.spec.dimension)
            except (OSError, ValueError) as error:
                # unless another process has just put a longer one in its place
                if graph in self._database.contents()[1]:
                    _log.warning("%s cannot be used; its films will be put in again: %s", path, error)
                    self._forget_graph(graph.name)
                continue
            self._graphs[graph.name] = opened

    def _load_loose(self) -> None:
        numbers = [number for number, film in self._films.items() if film.graph is None]
        if numbers == list(self._loose):
            return
        loose: dict[int, LooseVectors] = {}
        for number in numbers:
            each = self._loose.get(number) or self._database.loose(number)
            if each is not None:
                loose[number] = each
            elif any(film.number == number and film.graph is None for film in self._database.contents()[0]):
                _log.warning("A film will be put in %s again: its vectors are damaged", self._folder)
                self._forget_film(number)
        self._loose = loose
        nothing = np.zeros((0, self.spec.dimension), np.float16)
        keys = [keys_of(number, each.frames) for number, each in loose.items()]
        self._loose_keys = np.concatenate([np.zeros(0, np.uint64), *keys])
        self._loose_vectors = np.concatenate([nothing, *(each.vectors for each in loose.values())])

    def _forget_film(self, number: int) -> None:
        """Find it no more, also where that cannot be written: who can only read the library can search it."""
        self._films.pop(number, None)
        with _told_in_log():
            self._database.drop_number(number)

    def _forget_graph(self, name: str) -> None:
        if name in self._graphs:
            self._graphs.pop(name).close()
        with _told_in_log():
            self._database.drop_films_of(name)


@contextlib.contextmanager
def _told_in_log() -> Iterator[None]:
    try:
        yield
    except LibraryError as error:
        _log.warning("%s", error)
