"""Keeping an index of films quick: what has come in since goes into graphs, what was dropped leaves them."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from seamline.analysis.library_database import GraphFile, IndexedFilm, LibraryDatabase
from seamline.analysis.library_films import LibraryError
from seamline.analysis.library_graph import (
    PART_SUFFIX,
    SUFFIX,
    Keys,
    Rows,
    VectorGraph,
    build_graph,
    digest_of,
    in_8_bits,
    mark_of,
)
from seamline.analysis.library_ranking import film_numbers, keys_of
from seamline.progress import Progress

_log = logging.getLogger(__name__)

LOOSE_VECTORS = 32_768
"""As many are compared one by one in some 10 to 20 ms, and are made a graph of in some 10 to 30 s."""
GRAPH_VECTORS = 262_144
"""At most about so many in a graph: making it longer by some films reads and writes a third of a gigabyte."""
_LEAST_LIVE_SHARE = 0.7


def tidy(
    database: LibraryDatabase, folder: Path, dimension: int, *, threads: int, progress: Progress
) -> bool:
    """Put what is loose into graphs, if that is much, and make those anew that hold much that was dropped.

    One process at a time. Whether there was anything to do. Raises OSError, ValueError, LibraryError or Cancelled; all
    is as before then.
    """
    _remove_strays(database, folder)
    is_changed = False
    while _fold(database, folder, dimension, threads, progress):
        is_changed = True
        _remove_strays(database, folder)
    return is_changed


def is_intact(database: LibraryDatabase, folder: Path, graph: GraphFile) -> bool:
    """Whether the graph's file is as it was written. All of it is read, some half a second for each of the largest,
    unless it was found to be so before and has not been written since. Raises OSError."""
    path = folder / graph.name
    mark = mark_of(path)
    if mark == graph.mark:
        return True
    if digest_of(path) != graph.digest:
        return False
    try:
        database.note_mark(graph.name, mark)
    except LibraryError as error:
        _log.warning("%s will be read whole the next time, too: %s", path, error)
    return True


def _fold(database: LibraryDatabase, folder: Path, dimension: int, threads: int, progress: Progress) -> bool:
    """Make one graph, of what is loose or of what is left of another one, or of both."""
    films, graphs = database.contents()
    loose = [film for film in films if film.graph is None]
    live = {graph.name: [film for film in films if film.graph == graph.name] for graph in graphs}
    sparse = [graph for graph in graphs if _count(live[graph.name]) < _LEAST_LIVE_SHARE * graph.vectors]
    if _count(loose) < LOOSE_VECTORS:
        if not sparse:
            return False
        loose = []
    # a large library that comes in at once goes into several graphs
    while len(loose) > 1 and _count(loose) > GRAPH_VECTORS:
        loose.pop()
    base = next(iter(sparse), None)
    if base is None:
        base = next((graph for graph in graphs if graph.vectors + _count(loose) <= GRAPH_VECTORS), None)
    kept = [] if base is None else live[base.name]
    if base is not None and ((not kept and not loose) or not _is_there(database, folder, base)):
        database.drop_films_of(base.name)
        return True
    onto = None if base is None or base in sparse else folder / base.name
    taken = [film.number for film in kept]
    rows: Iterable[tuple[Keys, Rows]] = _loose_rows(database, loose, taken)
    if base is not None and onto is None:
        rows = chain(_live_rows(folder / base.name, dimension, kept), rows)
    total = _count(loose) + (_count(kept) if onto is None else 0)
    path, count = build_graph(folder, dimension, rows, total, onto=onto, threads=threads, progress=progress)
    try:
        graph = GraphFile(path.name, count, mark_of(path), digest_of(path))
        replaced = () if base is None else (base.name,)
        database.fold(graph, taken, replaced)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    return True


def _is_there(database: LibraryDatabase, folder: Path, graph: GraphFile) -> bool:
    try:
        is_there = is_intact(database, folder, graph)
    except OSError:
        is_there = False
    if not is_there:
        _log.warning("%s cannot be used; its films will be put in again", folder / graph.name)
    return is_there


def _loose_rows(
    database: LibraryDatabase, films: list[IndexedFilm], taken: list[int]
) -> Iterator[tuple[Keys, Rows]]:
    """Those of the films; notes in `taken` which films had any."""
    for film in films:
        loose = database.loose(film.number)
        if loose is not None:
            taken.append(film.number)
            yield keys_of(film.number, loose.frames), in_8_bits(loose.vectors)


def _live_rows(path: Path, dimension: int, films: list[IndexedFilm]) -> Iterator[tuple[Keys, Rows]]:
    if not films:
        return
    graph = VectorGraph(path, dimension)
    try:
        keys = graph.keys
        live = keys[np.isin(film_numbers(keys), [film.number for film in films])]
        yield live, graph.vectors(live)
    finally:
        graph.close()


def _count(films: list[IndexedFilm]) -> int:
    return sum(film.vectors for film in films)


def _remove_strays(database: LibraryDatabase, folder: Path) -> None:
    """Files of graphs that were replaced, or never finished; one that another process still has open may stay."""
    wanted = {graph.name for graph in database.contents()[1]}
    for path in (*folder.glob(f"*{SUFFIX}"), *folder.glob(f"*{SUFFIX}{PART_SUFFIX}")):
        if path.name not in wanted:
            with contextlib.suppress(OSError):
                path.unlink()
