"""Films come into an index again from the vectors that are kept of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.kept_vectors import KeptVectors
from seamline.analysis.library_films import FilmEntry
from seamline.analysis.library_index import LibraryIndex
from seamline.analysis.library_restore import restore, standing_for
from seamline.models.encoder import EncoderSpec, l2_normalised

SPEC = EncoderSpec("paper", "paper 1", (8, 8), 16)
RATE = Fraction(25)
SHOTS = [(0, 100), (100, 250), (250, 253)]


def vectors_at(frames: list[int]) -> FrameVectors:
    vectors = np.random.default_rng(1).standard_normal((len(frames), 16)).astype(np.float32)
    return FrameVectors(SPEC.key, np.array(frames, np.int64), l2_normalised(vectors))


def test_a_curve_with_many_rows_is_brought_down_to_some_a_shot() -> None:
    vectors = vectors_at([*range(0, 250, 5), 250, 251, 252])
    some = standing_for(vectors, SHOTS, RATE, None)
    assert set(some.frames.tolist()) <= set(vectors.frames.tolist())
    for start, end in SHOTS:
        assert 3 <= len(some.within(start, end)) <= 6
    at = np.searchsorted(vectors.frames, some.frames)
    np.testing.assert_array_equal(some.vectors, vectors.vectors[at])


def test_shots_without_a_vector_get_none_of_their_neighbours() -> None:
    some = standing_for(vectors_at([90, 99]), SHOTS, RATE, None)
    assert some.frames.tolist() == [90, 99]
    assert len(standing_for(vectors_at([]), SHOTS, RATE, None)) == 0


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ([40, 44, 48, 52, 56], [40, 48, 56]),  # one of them is nearest to all three
        ([0, 1, 2, 3], [1, 2, 3]),
        ([96, 97, 98, 99], [96, 97, 98]),
        ([6, 49, 93], [6, 49, 93]),
    ],
)
def test_each_sample_is_stood_for_by_another_vector(frames: list[int], expected: list[int]) -> None:
    some = standing_for(vectors_at(frames), [(0, 100)], RATE, None)
    assert some.frames.tolist() == expected


@pytest.mark.parametrize(("kept", "count"), [([10, 50, 90, 110, 200, 251], 1), ([10, 50, 90, 110, 200], 0)])
def test_a_lost_index_is_made_again_of_films_that_were_looked_at_whole(
    tmp_path: Path, kept: list[int], count: int
) -> None:
    cache = AnalysisCache(tmp_path)
    entry = FilmEntry("abc123", tmp_path / "film.mov", 253, RATE, 10, 10)
    with LibraryIndex(tmp_path / "library", SPEC) as index:
        index.put(entry, vectors_at([10, 120, 251]), SHOTS)
        assert restore(index, cache) == 0  # it is there
    next((tmp_path / "library").glob("paper-*/films.sqlite")).unlink()
    vectors = vectors_at(kept)
    store = KeptVectors(cache.film_folder("abc123"), SPEC.key, dimension=16)
    store.put(vectors.frames, vectors.vectors)
    store.save()
    with LibraryIndex(tmp_path / "library", SPEC) as index:
        assert restore(index, cache) == count
        assert len(index.films()) == count
        hits = index.query(vectors.vectors[1], 3)
        assert [hit.frame for hit in hits[:1]] == [50] * count
        assert not any(hit.is_there for hit in hits)
