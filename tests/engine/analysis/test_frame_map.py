"""The map of a film's frames."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.frame_map import map_frames
from seamline.analysis.successor import Sampling
from seamline.errors import Cancelled
from seamline.progress import CancellableProgress

Floats = NDArray[np.float32]


def scenes(samples_each: int, count: int, size: int = 32) -> Floats:
    """Embeddings of scenes, one after the other."""
    random = np.random.default_rng(1)
    rows = [random.normal(size=size) + 0.1 * random.normal(size=(samples_each, size)) for _ in range(count)]
    embeddings = np.concatenate(rows)
    unit: Floats = (embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)).astype(np.float32)
    return unit


def sampled(embeddings: Floats, every: int = 6) -> Sampling:
    return Sampling(len(embeddings) * every, every, Fraction(24))


def test_frames_of_one_scene_lie_together() -> None:
    embeddings = scenes(25, 3)
    found = map_frames(embeddings, sampled(embeddings))
    assert found.positions.shape == (75, 2)
    assert found.positions.dtype == np.float32
    assert found.frames.tolist() == list(range(0, 450, 6))
    distances = np.linalg.norm(found.positions[:, np.newaxis] - found.positions, axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (distances.argmin(1) // 25 == np.arange(75) // 25).all()


def test_the_map_fills_the_unit_square_by_its_longer_side() -> None:
    embeddings = scenes(12, 3)
    positions = map_frames(embeddings, sampled(embeddings)).positions
    assert positions.min() >= 0
    assert positions.max() <= 1
    assert np.ptp(positions, axis=0).max() == pytest.approx(1, abs=1e-5)


def test_the_same_film_has_the_same_map() -> None:
    embeddings = scenes(25, 3, 600)  # so large that its principal components are drawn by lot
    first, second = (map_frames(embeddings, sampled(embeddings)).positions for _ in range(2))
    assert (first == second).all()


def test_of_many_frames_some_are_taken_spread_evenly() -> None:
    embeddings = scenes(50, 3)
    found = map_frames(embeddings, sampled(embeddings), max_points=40)
    assert len(found.frames) == len(found.positions) == 40
    assert found.frames[0] == 0
    assert set(np.diff(found.frames).tolist()) <= {18, 24}  # 3.75 samples of 6 frames
    assert found.frames[-1] >= 6 * (150 - 4)


@pytest.mark.parametrize("samples", range(8))
def test_the_shortest_films_have_a_map_too(samples: int) -> None:
    embeddings = np.random.default_rng(0).normal(size=(samples, 5)).astype(np.float32)
    found = map_frames(embeddings, sampled(embeddings))
    assert found.positions.shape == (samples, 2)
    assert np.isfinite(found.positions).all()
    assert len(np.unique(found.positions, axis=0)) == samples


@pytest.mark.parametrize("samples", [1, 3, 30])
def test_frames_all_alike_are_one_point_in_the_middle(samples: int) -> None:
    embeddings = np.tile(scenes(1, 1), (samples, 1))
    assert map_frames(embeddings, sampled(embeddings)).positions == pytest.approx(np.full((samples, 2), 0.5))


def test_embeddings_of_one_dimension_are_a_line_at_least() -> None:
    embeddings = np.array([[-1.0], [1.0], [-1.0]], np.float32)
    positions = map_frames(embeddings, sampled(embeddings)).positions
    assert positions[:, 1].tolist() == [0.5] * 3
    assert abs(positions[0, 0] - positions[1, 0]) == pytest.approx(1)


@pytest.mark.parametrize("phase", [0, 1, 2, 3])
def test_it_can_be_cancelled_between_its_phases(phase: int) -> None:
    embeddings = scenes(6, 2)
    reached = []

    def report(done: int, total: int) -> None:
        reached.append(done)
        if done == phase:
            progress.cancel()

    progress = CancellableProgress(report)
    if phase < 3:
        with pytest.raises(Cancelled):
            map_frames(embeddings, sampled(embeddings), progress=progress)
    else:
        map_frames(embeddings, sampled(embeddings), progress=progress)
    assert reached == list(range(phase + 1))
