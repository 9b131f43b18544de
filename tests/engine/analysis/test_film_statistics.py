"""A film's embeddings in numbers."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.film_statistics import distance_statistics, film_statistics, shot_embeddings
from seamline.analysis.successor import Sampling, successor_distances


def embeddings_of(samples: int, size: int = 8, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(samples, size))
    unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


SAMPLING = Sampling(60, 6, Fraction(24))


def test_the_film_has_mean_and_sd_of_each_dimension_and_of_the_distance() -> None:
    embeddings = embeddings_of(10)
    found = film_statistics(embeddings, SAMPLING)
    distances = successor_distances(embeddings)
    assert found.mean == pytest.approx(embeddings.mean(0), abs=1e-6)
    assert found.sd == pytest.approx(embeddings.std(0), abs=1e-6)
    assert found.coherence == pytest.approx(np.linalg.norm(embeddings.mean(0)), abs=1e-6)
    assert (found.distance.mean, found.distance.sd) == pytest.approx((distances.mean(), distances.std()))
    assert (found.distance.minimum, found.distance.maximum) == pytest.approx(
        (distances.min(), distances.max())
    )
    assert found.distance.percentiles[2] == pytest.approx(np.median(distances))
    assert found.clear_share is None


def test_coherence_is_1_where_all_frames_are_alike() -> None:
    assert film_statistics(np.tile(embeddings_of(1), (10, 1)), SAMPLING).coherence == pytest.approx(1)


def test_the_share_of_clear_frames() -> None:
    greys = np.array([0, 5, 100, 100, 100, 100, 100, 100, 250, 10], np.float32)
    assert film_statistics(embeddings_of(10), SAMPLING, mean_grey=greys).clear_share == 0.6
    with pytest.raises(ValueError, match="as many mean greys"):
        film_statistics(embeddings_of(10), SAMPLING, mean_grey=greys[:9])


def test_it_exports_as_json() -> None:
    found = film_statistics(embeddings_of(10), SAMPLING, mean_grey=np.full(10, 90, np.float32))
    told = json.loads(json.dumps(found.as_dict()))
    assert told["sample_count"] == 10
    assert told["dimensions"] == 8
    assert told["successor_distance"]["percentile_50"] == found.distance.percentiles[2]


@pytest.mark.parametrize("samples", [0, 1])
def test_the_shortest_films_have_statistics_too(samples: int) -> None:
    sampling = Sampling(samples, 6, Fraction(24))
    found = film_statistics(embeddings_of(samples), sampling, mean_grey=np.full(samples, 9, np.float32))
    assert found.distance == distance_statistics(np.zeros(0, np.float32))
    assert found.distance.count == 0
    assert found.clear_share == (0 if samples else None)
    json.dumps(found.as_dict(), allow_nan=False)


def test_a_shot_has_the_mean_of_the_samples_within_it() -> None:
    embeddings = embeddings_of(10)
    found = shot_embeddings(embeddings, SAMPLING, [(0, 12), (12, 13), (13, 60)])
    assert found.sample_counts.tolist() == [2, 1, 7]
    assert found.means[0] == pytest.approx(embeddings[:2].mean(0), abs=1e-6)
    assert found.means[1] == pytest.approx(embeddings[2], abs=1e-6)
    assert found.means[2] == pytest.approx(embeddings[3:].mean(0), abs=1e-6)
    assert found.ranges.tolist() == [[0, 12], [12, 13], [13, 60]]


def test_a_shot_without_samples_has_no_mean_rather_than_anothers() -> None:
    found = shot_embeddings(embeddings_of(10), SAMPLING, [(0, 7), (7, 12), (12, 60)])
    assert found.sample_counts.tolist() == [2, 0, 8]
    assert np.isnan(found.means[1]).all()


def test_no_shots_are_no_rows() -> None:
    found = shot_embeddings(embeddings_of(10), SAMPLING, [])
    assert (found.ranges.shape, found.means.shape) == ((0, 2), (0, 8))


@pytest.mark.parametrize("frames", [(-1, 5), (5, 5), (50, 61)])
def test_a_shot_outside_the_film_is_refused(frames: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no shot of a film of 60 frames"):
        shot_embeddings(embeddings_of(10), SAMPLING, [frames])
