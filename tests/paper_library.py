"""A library of films of paper: files with a line of text, and vectors by number."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.library_films import FilmEntry
from seamline.analysis.library_graph import SUFFIX
from seamline.analysis.library_index import LibraryIndex
from seamline.media.fingerprint import fingerprint
from seamline.models.encoder import EncoderSpec, l2_normalised

DIMENSION = 24
SPEC = EncoderSpec("paper", "paper 1", (8, 8), DIMENSION)
SHOTS = 20
SHOT_FRAMES = 50
OFFSETS = (0, 25, 49)
RANGES = [(SHOT_FRAMES * shot, SHOT_FRAMES * (shot + 1)) for shot in range(SHOTS)]


def film_at(path: Path, content: bytes) -> FilmEntry:
    path.write_bytes(content)
    about = path.stat()
    return FilmEntry(
        fingerprint(path), path, SHOTS * SHOT_FRAMES, Fraction(25), about.st_size, about.st_mtime_ns
    )


def vectors_of(number: int, *, key: str = SPEC.key) -> FrameVectors:
    """Three frames of each shot, near to one another."""
    rng = np.random.default_rng(number)
    shots = np.repeat(rng.standard_normal((SHOTS, DIMENSION)), len(OFFSETS), axis=0)
    vectors = l2_normalised((shots + 0.2 * rng.standard_normal(shots.shape)).astype(np.float32))
    frames = np.array([SHOT_FRAMES * shot + offset for shot in range(SHOTS) for offset in OFFSETS])
    return FrameVectors(key, frames, vectors)


def asked(number: int, shot: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.asarray(vectors_of(number).vectors[3 * shot + 1], np.float32)


def graph_files(index: LibraryIndex, tmp_path: Path) -> list[Path]:
    index.films()
    return sorted((tmp_path / "library").glob(f"*/*{SUFFIX}"))
