"""The library of films: put in, replaced, dropped, searched, cancelled, damaged."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from paper_library import DIMENSION, RANGES, SHOT_FRAMES, SHOTS, SPEC, asked, film_at, graph_files, vectors_of

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.library_films import FilmEntry, LibraryError, LibraryFilms, Presence
from seamline.analysis.library_graph import PART_SUFFIX, SUFFIX
from seamline.analysis.library_index import LibraryIndex
from seamline.errors import Cancelled
from seamline.models.encoder import EncoderSpec, l2_normalised
from seamline.progress import CancellableProgress


def test_each_shot_comes_once_with_its_best_frame(
    index: LibraryIndex, put: Callable[[int], FilmEntry]
) -> None:
    entry = put(1)
    hits = index.query(asked(1, 7), 5)
    assert (hits[0].frame, hits[0].start_frame, hits[0].end_frame, hits[0].shot_number) == (375, 350, 400, 8)
    assert (hits[0].fingerprint, hits[0].path, hits[0].name) == (entry.fingerprint, entry.path, "film 1.mov")
    assert hits[0].score == pytest.approx(1, abs=1e-3)
    assert hits[0].is_there
    assert len({hit.start_frame for hit in hits}) == 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.usefixtures("small_graphs")
def test_graphs_find_what_comparing_one_by_one_finds(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
) -> None:
    for number in range(9):
        put(number)
        index.tidy()
    assert len(graph_files(index, tmp_path)) == 2
    every = np.concatenate([vectors_of(number).vectors for number in range(9)])
    found = 0
    for seed in range(30):
        query = np.random.default_rng([5, seed]).standard_normal(DIMENSION).astype(np.float32)
        scores = (every @ query / np.linalg.norm(query)).reshape(9 * SHOTS, -1).max(1)
        best = set(np.argsort(-scores)[:3].tolist())
        hits = index.query(query, 12)
        at = [SHOTS * int(hit.name[5:-4]) + hit.shot_number - 1 for hit in hits]
        found += len(best & set(at))
        # in 8 bits; and of a shot's vectors the graph may miss the best
        lacking = scores[at] - np.array([hit.score for hit in hits])
        assert (lacking > -0.02).all()
        assert np.mean(lacking < 0.02) > 0.8
    assert found >= 85  # of 90: numbers of 8 bits may swap two that are as good as equal


def test_no_film_fills_the_list_while_others_have_shots(index: LibraryIndex, tmp_path: Path) -> None:
    like = np.eye(DIMENSION, dtype=np.float32)[0]
    for number, nearness in enumerate((0.1, 0.5, 1.0)):
        noise = np.random.default_rng(number).standard_normal((SHOTS, DIMENSION)).astype(np.float32)
        vectors = l2_normalised(like + nearness * 0.1 * noise)
        frames = np.arange(SHOTS, dtype=np.int64) * SHOT_FRAMES
        index.put(
            film_at(tmp_path / f"{number}.mov", b"%d" % number),
            FrameVectors(SPEC.key, frames, vectors),
            RANGES,
        )
    names = [hit.name for hit in index.query(like, 9)]
    assert sorted(names) == sorted(["0.mov", "1.mov", "2.mov"] * 3)
    assert len(index.query(like, 1000)) == 3 * SHOTS


def test_a_film_put_in_again_replaces_what_it_had(
    index: LibraryIndex, put: Callable[[int], FilmEntry]
) -> None:
    entry = put(1)
    index.put(entry, vectors_of(2), RANGES)
    assert index.vector_count == 3 * SHOTS
    assert index.query(asked(2, 3), 1)[0].score > 0.99
    assert index.query(asked(1, 3), 1)[0].score < 0.9


@pytest.mark.usefixtures("small_graphs")
def test_a_film_that_is_the_same_stays_in_its_graph_while_its_seams_move(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
) -> None:
    put(1)
    entry = put(2)
    assert index.tidy()
    before = graph_files(index, tmp_path)
    index.put(entry, vectors_of(2), [(0, 400), *RANGES[8:]])
    assert not index.tidy()
    assert graph_files(index, tmp_path) == before
    hit = index.query(asked(2, 3), 1)[0]
    assert (hit.start_frame, hit.end_frame, hit.shot_number) == (0, 400, 1)


@pytest.mark.usefixtures("small_graphs")
def test_a_dropped_film_is_found_no_more_and_leaves_its_graph(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
) -> None:
    entries = [put(number) for number in range(4)]
    assert index.tidy()
    assert index.drop(entries[1].fingerprint)
    assert not index.drop(entries[1].fingerprint)
    assert "film 1.mov" not in {hit.name for hit in index.query(asked(1, 0), 100)}
    index.drop(entries[2].fingerprint)
    old = graph_files(index, tmp_path)
    assert index.tidy()  # more than a third of it is of no use
    assert len(graph_files(index, tmp_path)) == 1
    assert graph_files(index, tmp_path) != old
    assert {hit.name for hit in index.query(asked(1, 0), 100)} == {"film 0.mov", "film 3.mov"}
    for entry in entries:
        index.drop(entry.fingerprint)
    assert index.tidy()
    assert graph_files(index, tmp_path) == []


def test_a_film_whose_drive_is_away_is_told_of(index: LibraryIndex, put: Callable[[int], FilmEntry]) -> None:
    entry = put(1)
    entry.path.rename(entry.path.with_name("elsewhere"))
    hit = index.query(asked(1, 7), 1)[0]
    assert (hit.frame, hit.is_there) == (375, False)
    entry.path.with_name("elsewhere").rename(entry.path)
    assert index.query(asked(1, 7), 1)[0].is_there


@pytest.mark.parametrize("content", [b"film 2", b"a longer film"])
def test_a_film_that_has_become_another_is_dropped(
    index: LibraryIndex, put: Callable[[int], FilmEntry], content: bytes
) -> None:
    put(0)
    entry = put(1)
    time.sleep(0.01)
    entry.path.write_bytes(content)
    assert {hit.name for hit in index.query(asked(1, 7), 100)} == {"film 0.mov"}
    assert [each.name for each in index.films()] == ["film 0.mov"]


def test_a_film_that_was_only_touched_stays(index: LibraryIndex, put: Callable[[int], FilmEntry]) -> None:
    entry = put(1)
    time.sleep(0.01)
    entry.path.touch()
    assert index.query(asked(1, 7), 1)[0].is_there
    known = index.library.get(entry.fingerprint)
    assert known is not None
    assert known.entry.modified_ns == entry.path.stat().st_mtime_ns  # so that it is read once only


def test_another_film_at_the_same_path_takes_its_place(
    index: LibraryIndex, put: Callable[[int], FilmEntry]
) -> None:
    path = put(1).path
    index.put(film_at(path, b"another"), vectors_of(5), RANGES)
    assert len(index.films()) == 1
    assert {round(hit.score, 1) for hit in index.query(asked(5, 0), 1)} == {1.0}


def test_what_one_encoder_forgets_no_other_finds(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
) -> None:
    entry = put(1)
    other = EncoderSpec("other", "other 1", (8, 8), DIMENSION)
    with LibraryIndex(tmp_path / "library", other) as second:
        second.put(entry, vectors_of(1, key=other.key), RANGES)
        second.drop(entry.fingerprint)
    assert index.query(asked(1, 0), 3) == ()
    assert index.films() == ()


@pytest.mark.usefixtures("small_graphs")
def test_another_process_sees_what_was_put_in(
    index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
) -> None:
    with LibraryIndex(tmp_path / "library", SPEC) as second:
        assert second.query(asked(1, 0), 3) == ()
        put(1)
        put(2)
        assert second.query(asked(1, 0), 1)[0].name == "film 1.mov"
        index.tidy()
        assert second.query(asked(1, 0), 1)[0].score > 0.98
        put(3)
        put(4)
        index.tidy()  # the graph that the second one has open is replaced
        assert {hit.name for hit in second.query(asked(3, 0), 80)} == {f"film {n}.mov" for n in (1, 2, 3, 4)}


class TestInterrupted:
    @pytest.mark.usefixtures("small_graphs")
    def test_cancelled_nothing_is_lost(
        self, index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
    ) -> None:
        put(1)
        put(2)
        progress = CancellableProgress(lambda done, total: progress.cancel())
        with pytest.raises(Cancelled):
            index.tidy(progress=progress)
        assert list((tmp_path / "library").glob(f"*/*{SUFFIX}*")) == []
        assert index.query(asked(1, 0), 1)[0].score > 0.99
        assert index.tidy()

    @pytest.mark.usefixtures("small_graphs")
    def test_what_a_crash_left_is_cleared_away(
        self, index: LibraryIndex, put: Callable[[int], FilmEntry], tmp_path: Path
    ) -> None:
        put(1)
        put(2)
        folder = next((tmp_path / "library").glob("paper-*"))
        for name in (f"graph-1{SUFFIX}", f"graph-2{SUFFIX}{PART_SUFFIX}"):
            (folder / name).write_bytes(b"half")
        index.tidy()
        assert [path.name for path in graph_files(index, tmp_path)] == [
            path.name for path in folder.glob(f"*{SUFFIX}*")
        ]


class TestWrongUse:
    def test_vectors_of_another_encoder(self, index: LibraryIndex, tmp_path: Path) -> None:
        entry = film_at(tmp_path / "film.mov", b"film")
        with pytest.raises(ValueError, match="another encoder's"):
            index.put(entry, vectors_of(1, key="another"), RANGES)

    def test_vectors_that_are_no_numbers(self, index: LibraryIndex, tmp_path: Path) -> None:
        vectors = vectors_of(1)
        vectors.vectors[3, 3] = np.nan
        with pytest.raises(ValueError, match="finite"):
            index.put(film_at(tmp_path / "film.mov", b"film"), vectors, RANGES)
        assert index.films() == ()

    def test_shots_outside_the_film(self, index: LibraryIndex, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="rise within"):
            index.put(film_at(tmp_path / "film.mov", b"film"), vectors_of(1), [(0, 10_000)])

    def test_a_query_of_another_length(self, index: LibraryIndex) -> None:
        with pytest.raises(ValueError, match="float32"):
            index.query(np.zeros(7, np.float32), 3)

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with (
            LibraryIndex(tmp_path / "file", SPEC) as index,
            pytest.raises(LibraryError, match="cannot be written"),
        ):
            index.films()


def test_presence_of_a_film_that_cannot_be_read(tmp_path: Path) -> None:
    entry = film_at(tmp_path / "film.mov", b"film")
    films = LibraryFilms(tmp_path / "library")
    assert films.presence(entry) is Presence.THERE
    entry.path.unlink()
    entry.path.mkdir()
    assert films.presence(entry) in (Presence.CHANGED, Presence.GONE)
    shutil.rmtree(entry.path)
    assert films.presence(entry) is Presence.GONE
