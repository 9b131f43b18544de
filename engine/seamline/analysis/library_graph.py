"""A graph of vectors in a file of its own, in which the nearest are found without looking at all of them.

The graph is usearch's (HNSW, Malkov and Yashunin, 2018). Vectors are kept in 8 bits a number.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import seamline.models.runtime  # noqa: F401

# isort: split
# usearch last: where nothing else has brought the C++ library in before it, importing onnxruntime after it ends the
# process (seen with usearch 2.26.6 and onnxruntime 1.31.1 on Linux)
from usearch.compiled import MetricKind, ScalarKind
from usearch.index import Index, search

from seamline.progress import Progress

Keys = NDArray[np.uint64]
Scores = NDArray[np.float32]
Rows = NDArray[np.int8]

SUFFIX = ".usearch"
PART_SUFFIX = ".part"
_NEIGHBOURS = 16
_WIDTH_ADDING = 128
"""How widely is looked for neighbours of a new vector. 64 builds in half the time, and finds a fifth less of what words
mean (`evaluation.library_bench`)."""
WIDTH_OF_ALL = 8192
"""How widely is looked for the nearest, in all graphs together, so that it takes about as long in many as in few.

Words lie far from all pictures, so that many pictures are about as near: 64, which is enough where a picture is sought
by a picture, finds half of the ten nearest then (`evaluation.library_bench`)."""
_LEAST_WIDTH, _LARGEST_WIDTH = 512, 2048
_ADDED_AT_ONCE = 512  # a second at most between two looks at whether to stop


def in_8_bits(vectors: NDArray[np.floating]) -> Rows:
    """int8[n, D] with the direction of float[n, D], as near as 8 bits of its own largest number come to it.

    Of 1280 numbers of a vector of length 1, none is large: as usearch would scale them, two bits would be left of most.
    """
    wide = np.asarray(vectors, np.float32)
    largest = np.abs(wide).max(axis=1, keepdims=True, initial=1e-12)
    rows: Rows = np.rint(wide * (127 / largest)).astype(np.int8)
    return rows


def exact_nearest(
    vectors: NDArray[np.float16], wanted: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int64], Scores]:
    """The rows of float16[n, D] nearest to float32[D], at most `count`, and their cosines, best first."""
    if len(vectors) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    found = search(
        vectors,
        wanted.astype(np.float16)[None],
        min(count, len(vectors)),
        MetricKind.Cos,
        exact=True,
        threads=1,
    )
    rows = np.asarray(found.keys, np.int64).reshape(-1)
    return rows, 1 - np.asarray(found.distances, np.float32).reshape(-1)


class VectorGraph:
    """A graph in a file that is only read, most of it not even that: pages come from the disk when they are needed.

    Of a file that is damaged, the links may lead anywhere, and following one ends the process: see `digest_of`.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        """Raises ValueError where that file is none, or of another kind; OSError."""
        about = Index.metadata(os.fspath(path))
        if about is None or int(about["dimensions"]) != dimension:
            raise ValueError(f"{path.name} is no graph of {dimension} numbers a vector")
        self._index = _empty(dimension)
        try:
            self._index.view(os.fspath(path))
        except (RuntimeError, MemoryError) as error:
            raise ValueError(str(error)) from error
        if self._index.dtype != ScalarKind.I8 or self._index.ndim != dimension:
            raise ValueError(f"{path.name} is a graph of another kind")

    def __len__(self) -> int:
        return len(self._index)

    def nearest(self, wanted: NDArray[np.float32], count: int, *, graphs: int = 1) -> tuple[Keys, Scores]:
        """The keys of the vectors nearest to float32[D], at most `count`, and their cosines, best first.

        `graphs`: how many are asked the same.
        """
        width = min(max(_LEAST_WIDTH, WIDTH_OF_ALL // graphs), _LARGEST_WIDTH)
        self._index.expansion_search = max(width, count)  # type: ignore[misc]  # it has a setter
        found = self._index.search(in_8_bits(wanted[None])[0], count, threads=1)
        return np.asarray(found.keys, np.uint64), 1 - np.asarray(found.distances, np.float32)

    @property
    def keys(self) -> Keys:
        return np.asarray(self._index.keys, np.uint64)

    def vectors(self, keys: Keys) -> Rows:
        """int8[n, D] of those keys, all of which must be in it."""
        return np.asarray(self._index.get(keys), np.int8).reshape(len(keys), self._index.ndim)

    def close(self) -> None:
        self._index.reset()  # type: ignore[no-untyped-call]


def build_graph(
    folder: Path,
    dimension: int,
    rows: Iterable[tuple[Keys, Rows]],
    total: int,
    *,
    onto: Path | None = None,
    threads: int = 0,
    progress: Progress,
) -> tuple[Path, int]:
    """A new graph's file in `folder`, and how many vectors it holds: the `rows`, `total` in all, and those of the graph
    `onto` before them. 0 `threads` are as many as there are processors.

    The file is forced onto the disk, then named. Raises OSError, ValueError or Cancelled; nothing is left then.
    """
    index = _empty(dimension)
    try:
        if onto is not None:
            index.load(os.fspath(onto))
    except (RuntimeError, MemoryError) as error:
        raise ValueError(str(error)) from error
    done = 0
    for keys, vectors in rows:
        for start in range(0, len(keys), _ADDED_AT_ONCE):
            progress.step(done, total)
            part = slice(start, start + _ADDED_AT_ONCE)
            index.add(keys[part], np.ascontiguousarray(vectors[part]), threads=threads)
            done += len(keys[part])
    progress.step(done, total)
    path = folder / f"graph-{secrets.token_hex(8)}{SUFFIX}"
    part_path = path.with_name(f"{path.name}{PART_SUFFIX}")
    try:
        index.save(os.fspath(part_path))
        with part_path.open("rb+") as file:
            os.fsync(file.fileno())
        part_path.replace(path)
    except RuntimeError as error:  # what usearch says of a full disk
        raise OSError(str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            part_path.unlink(missing_ok=True)
    return path, len(index)


def mark_of(path: Path) -> str:
    """Another one where the file was written since: its size and its time. Raises OSError."""
    about = path.stat()
    return f"{about.st_size} {about.st_mtime_ns}"


def digest_of(path: Path, progress: Progress | None = None) -> str:
    """Of all of the file's bytes. Raises OSError or Cancelled."""
    digest = hashlib.blake2b(digest_size=16)
    size, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
            done += len(block)
            if progress is not None:
                progress.step(done, size)
    return digest.hexdigest()


def _empty(dimension: int) -> Index:
    return Index(
        ndim=dimension,
        metric=MetricKind.Cos,
        dtype=ScalarKind.I8,
        connectivity=_NEIGHBOURS,
        expansion_add=_WIDTH_ADDING,
    )
