"""The library of films when a process is killed while it writes, and when two write at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.library_films import FilmEntry
from seamline.analysis.library_index import LibraryIndex
from seamline.media.fingerprint import fingerprint
from seamline.models.encoder import EncoderSpec, l2_normalised

SPEC = EncoderSpec("paper", "paper 1", (8, 8), 24)
SHOTS = 20
RANGES = [(50 * shot, 50 * shot + 50) for shot in range(SHOTS)]


def film_at(path: Path, content: bytes) -> FilmEntry:
    path.write_bytes(content)
    about = path.stat()
    return FilmEntry(fingerprint(path), path, 50 * SHOTS, Fraction(25), about.st_size, about.st_mtime_ns)


def vectors_of(number: int) -> FrameVectors:
    """Three frames of each shot."""
    vectors = np.random.default_rng(number).standard_normal((3 * SHOTS, 24)).astype(np.float32)
    frames = np.array([start + offset for start, _ in RANGES for offset in (0, 25, 49)])
    return FrameVectors(SPEC.key, frames, l2_normalised(vectors))


def asked(number: int, shot: int) -> NDArray[np.float32]:
    return np.asarray(vectors_of(number).vectors[3 * shot + 1], np.float32)


@pytest.mark.skipif(sys.platform == "win32", reason="kills by a signal")
def test_killed_while_writing_the_library_holds_whole_films(tmp_path: Path) -> None:
    for wait_s in (0.0, 0.13):
        folder = tmp_path / f"{wait_s}"
        folder.mkdir()
        with _writer(folder, 0, 4000) as process:
            assert process.stdout is not None
            for _ in range(3):
                process.stdout.readline()
            time.sleep(wait_s)
            process.send_signal(signal.SIGKILL)
            process.wait()
        with LibraryIndex(folder / "library", SPEC) as index:
            numbers = sorted(int(entry.name[5:-4]) for entry in index.films())
            assert numbers == list(range(len(numbers)))
            assert len(numbers) >= 3
            assert index.vector_count == len(numbers) * 3 * SHOTS
            assert index.check() == ()
            last = numbers[-1]
            assert index.query(asked(last, 4), 1)[0].name == f"film {last}.mov"


def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [_writer(tmp_path, start, start + 8) for start in (0, 8)]
    for process in writers:
        with process:
            errors = process.communicate(timeout=60)[1]
            assert (process.returncode, errors) == (0, "")
    with LibraryIndex(tmp_path / "library", SPEC) as index:
        assert len(index.films()) == 16
        assert index.check() == ()
        for number in range(16):
            assert index.query(asked(number, 4), 1)[0].name == f"film {number}.mov"


def _writer(folder: Path, start: int, end: int) -> subprocess.Popen[str]:
    """A process that puts films in, one after the other, and tidies up after each."""
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import test_library_processes as tests
from pathlib import Path
from seamline.analysis import library_tidying
library_tidying.LOOSE_VECTORS, library_tidying.GRAPH_VECTORS = 120, 240
folder = Path({str(folder)!r})
with tests.LibraryIndex(folder / "library", tests.SPEC) as index:
    for number in range({start}, {end}):
        entry = tests.film_at(folder / f"film {{number}}.mov", b"film %d" % number)
        index.put(entry, tests.vectors_of(number), tests.RANGES)
        index.tidy()
        print(number, flush=True)
"""
    return subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
