"""A library that is damaged, or that cannot be written: what is good in it is found, and nothing ends the process."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paper_library import RANGES, SPEC, asked, film_at, graph_files, vectors_of

from seamline.analysis import library_films, library_graph, library_tidying
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.library_films import FilmEntry, LibraryError, LibraryFilms
from seamline.analysis.library_graph import SUFFIX
from seamline.analysis.library_index import LibraryIndex
from seamline.models.encoder import EncoderSpec, l2_normalised


@pytest.mark.parametrize("damage", ["torn", "other bytes", "empty", "gone", "another's"])
@pytest.mark.usefixtures("small_graphs")
def test_a_graph_that_is_not_as_it_was_written_counts_as_not_there(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path, damage: str
) -> None:
    put(1)
    put(2)
    index.tidy()
    put(3)
    (path,) = graph_files(index, tmp_path)
    index.close()
    data = bytearray(path.read_bytes())
    path.unlink()
    if damage == "torn":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "other bytes":
        data[len(data) // 2 : len(data) // 2 + 40] = b"\xff" * 40
        path.write_bytes(data)
    elif damage == "empty":
        path.touch()
    elif damage == "another's":
        path.write_bytes(b"SQLite format 3\0" * 1000)
    assert [entry.name for entry in index.films()] == ["film 3.mov"]
    assert {hit.name for hit in index.query(asked(1, 0), 50)} == {"film 3.mov"}
    assert len(list(LibraryFilms(tmp_path / "library"))) == 3  # so that they can be put in again


@pytest.mark.parametrize("data", [b"", b"garbage" * 999, None])
def test_a_table_that_is_not_ours_counts_as_not_there(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path, data: bytes | None
) -> None:
    put(1)
    index.close()
    (path,) = (tmp_path / "library").glob("*/films.sqlite")
    path.write_bytes(path.read_bytes()[:6000] if data is None else data)
    assert index.films() == ()
    put(2)
    assert index.query(asked(2, 0), 1)[0].name == "film 2.mov"


def test_vectors_that_are_damaged_count_as_not_there(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
) -> None:
    put(1)
    put(2)
    index.close()
    (path,) = (tmp_path / "library").glob("*/films.sqlite")
    data = path.read_bytes()
    needle = vectors_of(1).vectors.astype(np.float16).tobytes()[:40]
    assert needle in data
    path.write_bytes(data.replace(needle, bytes(40)))
    assert {hit.name for hit in index.query(asked(1, 0), 50)} == {"film 2.mov"}


@pytest.mark.usefixtures("small_graphs")
def test_check_finds_a_bit_that_opening_does_not(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
) -> None:
    put(1)
    put(2)
    index.tidy()
    assert index.check() == ()
    (path,) = graph_files(index, tmp_path)
    index.close()
    data, about = bytearray(path.read_bytes()), path.stat()
    data[len(data) // 32] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))  # a disk that fails leaves it
    (fault,) = index.check()
    assert "120 frames by paper" in fault
    assert index.films() == ()


def test_no_damage_in_a_large_graph_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its links lead nowhere then, and the process ends. All but 16 pieces of 64 KiB, evenly spread."""
    monkeypatch.setattr(library_tidying, "LOOSE_VECTORS", 1000)
    monkeypatch.setattr("seamline.analysis.library_graph._WIDTH_ADDING", 16)
    spec = EncoderSpec("wide", "wide 1", (8, 8), 512)
    vectors = np.random.default_rng(1).standard_normal((2600, 512)).astype(np.float32)
    entry = replace(film_at(tmp_path / "film.mov", b"film"), frame_count=2600)
    frames = FrameVectors(spec.key, np.arange(2600, dtype=np.int64), l2_normalised(vectors))
    with LibraryIndex(tmp_path / "library", spec) as index:
        index.put(entry, frames, [(0, 2600)])
        assert index.tidy()
        assert index.query(vectors[3], 1)[0].frame == 3
    (path,) = (tmp_path / "library").glob(f"*/*{SUFFIX}")
    data = np.fromfile(path, np.uint8)
    is_spared = np.zeros(len(data), np.bool_)
    for place in range(16):
        start = (len(data) - (1 << 16)) * place // 15
        is_spared[start : start + (1 << 16)] = True
    assert np.mean(is_spared) < 0.75
    data[~is_spared] = np.random.default_rng(2).integers(0, 256, int(np.sum(~is_spared)))
    data.tofile(path)
    with LibraryIndex(tmp_path / "library", spec) as index:
        assert index.films() == ()
        assert index.query(vectors[3], 1) == ()
        assert not index.tidy()


@pytest.mark.usefixtures("small_graphs")
def test_a_damaged_graph_gets_no_longer(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
) -> None:
    put(1)
    put(2)
    index.tidy()
    (path,) = graph_files(index, tmp_path)
    index.close()
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(len(data) // 2))
    with LibraryIndex(tmp_path / "library", SPEC) as second:
        second.put(film_at(tmp_path / "film 3.mov", b"film 3"), vectors_of(3), RANGES)
        second.put(film_at(tmp_path / "film 4.mov", b"film 4"), vectors_of(4), RANGES)
        assert second.tidy()
        assert [entry.name for entry in second.films()] == ["film 3.mov", "film 4.mov"]
    assert path not in graph_files(index, tmp_path)


@pytest.mark.usefixtures("small_graphs")
def test_a_graph_is_read_whole_once_and_again_where_it_was_written_since(
    index: LibraryIndex,
    put: Callable[[int], FilmEntry],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(1)
    put(2)
    index.tidy()
    (path,) = graph_files(index, tmp_path)
    read: list[Path] = []

    def digest_of(path: Path) -> str:
        read.append(path)
        return library_graph.digest_of(path)

    monkeypatch.setattr(library_tidying, "digest_of", digest_of)
    counts = []
    for is_touched in (False, True, False):
        if is_touched:
            os.utime(path, ns=(1, 1))
        with LibraryIndex(tmp_path / "library", SPEC) as opened:
            assert len(opened.query(asked(1, 0), 50)) == 40
        counts.append(len(read))
    assert counts == [0, 1, 1]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE loose",
        "ALTER TABLE loose RENAME COLUMN vectors TO others",
        "UPDATE films SET fingerprint = CAST(x'ff' AS TEXT)",
        "UPDATE loose SET frames = 'words'",
    ],
)
def test_a_table_of_another_kind_counts_as_not_there(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path, statement: str
) -> None:
    put(1)
    index.close()
    (path,) = (tmp_path / "library").glob("*/films.sqlite")
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    assert index.query(asked(1, 0), 3) == ()
    index.check()
    put(2)
    assert index.query(asked(2, 0), 1)[0].name == "film 2.mov"
    assert not index.tidy()


def test_check_tells_of_a_table_that_holds_other_things(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
) -> None:
    put(1)
    index.close()
    (path,) = (tmp_path / "library").glob("*/films.sqlite")
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE loose SET frames = 'words'")
    (fault,) = index.check()
    assert "by paper were damaged" in fault
    assert index.films() == ()


def test_a_film_file_that_is_damaged_counts_as_not_there(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
) -> None:
    put(1)
    put(2)
    for path in (tmp_path / "library" / "films").iterdir():
        data = path.read_bytes()
        for broken in (data[:-7], data[:30], b"", b"[" * 100_000, b"null\n", data.replace(b"25", b"-1")):
            path.write_bytes(broken)
            assert LibraryFilms(tmp_path / "library").get(path.stem) is None
    assert index.query(asked(1, 0), 3) == ()


@pytest.mark.usefixtures("small_graphs")
def test_where_nothing_can_be_written_it_can_be_searched(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [put(number) for number in (1, 2, 3, 4)]
    index.tidy()
    put(5)
    (path,) = graph_files(index, tmp_path)
    os.utime(path, ns=(1, 1))
    time.sleep(0.01)
    entries[0].path.touch()
    entries[1].path.write_bytes(b"another film")

    connect = sqlite3.connect

    def connect_to_read(path: Path, **options: Any) -> sqlite3.Connection:
        return connect(f"file:{path}?mode=ro", uri=True, **options)

    def fail(path: Path) -> Any:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(sqlite3, "connect", connect_to_read)
    monkeypatch.setattr(library_films, "kept_whole", fail)
    monkeypatch.setattr(Path, "unlink", fail)
    with LibraryIndex(tmp_path / "library", SPEC) as opened:
        assert opened.query(asked(1, 7), 1)[0].is_there
        assert opened.query(asked(5, 7), 1)[0].name == "film 5.mov"
        assert "film 2.mov" not in {hit.name for hit in opened.query(asked(2, 7), 100)}
        with pytest.raises(LibraryError, match="cannot be written"):
            opened.put(entries[3], vectors_of(6), RANGES)
