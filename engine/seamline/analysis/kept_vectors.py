"""The embeddings of single frames of a film, kept on disk so that none is computed twice."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.kept_arrays import read_arrays
from seamline.analysis.kept_files import kept_whole
from seamline.models.encoder import Embeddings, l2_normalised

_log = logging.getLogger(__name__)

_VERSION = 1  # of how pictures are made of frames, and of the file
_MOST_BYTES = 256 << 20
"""On disk: 100,000 vectors of 1280 values, six days of shots of five seconds."""
_LENGTH_TOLERANCE = 0.01

Frames = NDArray[np.int64]


class KeptVectors:
    """What one encoder has made of a film's frames, in one file in `folder`, the film's own in the cache.

    None where nothing is to be kept. A film that changed has another fingerprint, so another folder. Values are of
    half precision, from when they are put: the cosine of two is so within 2e-4 of what it was (measured on frames of
    a film, built-in encoder: 4e-5), and the same in every run. What cannot be read counts as not there; what cannot
    be written is logged. Of more than 256 MB those put first are dropped.
    """

    def __init__(self, folder: Path | None, encoder_key: str, *, dimension: int | None = None) -> None:
        """`dimension`: what the encoder gives; a file with other vectors counts as damaged."""
        self._encoder_key = encoder_key
        self._dimension = dimension
        key = hashlib.blake2b(encoder_key.encode(), digest_size=6).hexdigest()
        self._path = None if folder is None else folder / f"vectors-{_VERSION}-{key}.npz"
        self._frames = np.empty(0, np.int64)  # in the order they were put
        self._halves = np.empty((0, dimension or 0), np.float16)
        self._new: list[tuple[Frames, NDArray[np.float16]]] = []
        self._held: set[int] = set()
        self._is_changed = False
        if self._path is not None:
            self._load(read_arrays(self._path))

    def __len__(self) -> int:
        return len(self._held)

    def has(self, frames: Frames) -> NDArray[np.bool_]:
        """Which of the frames are kept: bool[n]."""
        return np.fromiter((int(frame) in self._held for frame in frames), np.bool_, len(frames))

    def put(self, frames: Frames, vectors: Embeddings) -> Embeddings:
        """Keep the frames' vectors, float32[n, dimension] of length 1; gives them back as they are kept."""
        if len(frames) != len(vectors) or vectors.ndim != 2:
            raise ValueError(f"need a vector for each of {len(frames)} frames, not {list(vectors.shape)}")
        if not len(frames):
            return vectors
        halves = vectors.astype(np.float16)
        self._new.append((frames.astype(np.int64), halves))
        self._held.update(frames.tolist())
        self._is_changed = True
        return _restored(halves)

    def vectors(self) -> FrameVectors:
        """All that are kept, in the film's order."""
        self._join()
        # of a frame that was put twice, the later one
        frames, places = np.unique(self._frames[::-1], return_index=True)
        return FrameVectors(self._encoder_key, frames, _restored(self._halves[::-1][places]))

    def save(self) -> None:
        """Write what is new, whole or not at all."""
        if self._path is None or not self._is_changed:
            return
        self._join()
        most = max(1, _MOST_BYTES // (2 * self._halves.shape[1] + 8))
        try:
            with kept_whole(self._path) as file:
                np.savez(file, frames=self._frames[-most:], vectors=self._halves[-most:])
            self._is_changed = False
        except OSError as error:
            _log.warning("Embeddings could not be kept in %s: %s", self._path.parent, error)

    def _join(self) -> None:
        if self._new:
            # what was put before anything was read or known of the dimension has none
            some = [(self._frames, self._halves)] if len(self._frames) else []
            self._frames, self._halves = (
                np.concatenate(each) for each in zip(*some, *self._new, strict=True)
            )
            self._new.clear()

    def _load(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        frames, halves = arrays.get("frames"), arrays.get("vectors")
        if frames is None or halves is None:
            return
        if (
            frames.dtype != np.int64
            or frames.ndim != 1
            or halves.dtype != np.float16
            or halves.ndim != 2
            or len(halves) != len(frames)
            or (self._dimension is not None and halves.shape[1] != self._dimension)
        ):
            return
        numbers, values = np.asarray(frames, np.int64), np.asarray(halves, np.float16)
        lengths = np.linalg.norm(values.astype(np.float32), axis=1)
        is_good = np.abs(lengths - 1) < _LENGTH_TOLERANCE  # false of NaN
        if bool((numbers >= 0).all() and is_good.all()):
            self._frames, self._halves = numbers, values
            self._held = set(self._frames.tolist())


def _restored(halves: NDArray[np.float16]) -> Embeddings:
    return l2_normalised(halves.astype(np.float32))
