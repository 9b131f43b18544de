"""Keyframes of segments whose contents are known."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.keyframes import (
    Keyframe,
    best_medoids,
    distance_table,
    find_keyframes,
    is_clear,
    k_medoids,
    mean_silhouette,
    nearest_medoid,
)
from seamline.analysis.segments import Opening, Segment
from seamline.analysis.successor import Sampling
from seamline.errors import Cancelled
from seamline.progress import CancellableProgress

Floats = NDArray[np.float32]


def groups_of(sizes: list[int], spread: float = 0.02, seed: int = 0, size: int = 16) -> Floats:
    """Embeddings of groups, one after the other in time."""
    random = np.random.default_rng(seed)
    rows = [random.normal(size=size) + spread * random.normal(size=(count, size)) for count in sizes]
    embeddings = np.concatenate(rows)
    unit: Floats = (embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)).astype(np.float32)
    return unit


def keyframes_of(embeddings: Floats, greys: Floats | None = None, every: int = 6) -> tuple[Keyframe, ...]:
    """The keyframes of a film that is one segment."""
    frames = len(embeddings) * every
    greys = np.full(len(embeddings), 120, np.float32) if greys is None else greys
    segment = Segment(1, 0, frames, Opening.FILM)
    (found,) = find_keyframes([segment], embeddings, Sampling(frames, every, Fraction(24)), greys)
    return found


def cost(table: NDArray[np.float64], medoids: list[int] | tuple[int, ...]) -> float:
    return float(table[:, list(medoids)].min(1).sum())


@pytest.mark.parametrize("groups", [2, 3, 4])
@pytest.mark.parametrize("seed", range(5))
def test_a_segment_of_two_to_four_contents_has_one_keyframe_of_each(groups: int, seed: int) -> None:
    sizes = [5, 9, 7, 6][:groups]
    found = keyframes_of(groups_of(sizes, seed=seed))
    ends = np.cumsum(sizes)
    assert [int(np.searchsorted(ends, k.frame // 6, side="right")) for k in found] == list(range(groups))
    assert [k.share for k in found] == pytest.approx([size / sum(sizes) for size in sizes])


@pytest.mark.parametrize("seed", range(30))
def test_there_are_always_two_to_four_in_order_and_from_the_segment(seed: int) -> None:
    random = np.random.default_rng(seed)
    embeddings = groups_of([int(random.integers(1, 9)) for _ in range(random.integers(2, 8))], 0.3, seed)
    every = int(random.integers(1, 9))
    sampling = Sampling(len(embeddings) * every, every, Fraction(24))
    middle = int(random.integers(2, len(embeddings))) * every if len(embeddings) > 3 else 2 * every
    segments = [Segment(1, 0, middle, Opening.FILM), Segment(2, middle, sampling.frame_count, Opening.SPLIT)]
    greys = random.uniform(0, 255, len(embeddings)).astype(np.float32)
    for segment, found in zip(segments, find_keyframes(segments, embeddings, sampling, greys), strict=True):
        frames = [k.frame for k in found]
        samples = len(sampling.samples_in(segment.start_frame, segment.end_frame))
        assert min(2, samples) <= len(frames) <= 4
        assert frames == sorted(set(frames))
        assert all(segment.start_frame <= f < segment.end_frame and f % every == 0 for f in frames)
        assert sum(k.share for k in found) == pytest.approx(1)
        assert all(k.share > 0 for k in found)


@pytest.mark.parametrize("seed", range(30))
def test_no_swap_of_a_medoid_would_be_better(seed: int) -> None:
    random = np.random.default_rng(seed)
    table = distance_table(random.normal(size=(int(random.integers(5, 14)), 3)).astype(np.float32))
    k = int(random.integers(2, 5))
    medoids = k_medoids(table, k)
    assert len(set(medoids)) == k
    assert medoids == sorted(medoids)
    for gone in medoids:
        for new in set(range(len(table))) - set(medoids):
            assert cost(table, [new, *(m for m in medoids if m != gone)]) >= cost(table, medoids) - 1e-9


def test_the_medoids_are_nearly_always_the_best_of_all_choices() -> None:
    best = 0
    for seed in range(40):
        table = distance_table(np.random.default_rng(seed).normal(size=(11, 3)).astype(np.float32))
        least = min(cost(table, choice) for choice in combinations(range(11), 3))
        found = cost(table, k_medoids(table, 3))
        assert found <= 1.15 * least
        best += found <= least + 1e-9
    assert best >= 30


def test_medoids_are_different_frames_even_if_all_are_alike() -> None:
    assert len(set(k_medoids(np.zeros((5, 5)), 3))) == 3


def test_the_silhouette_is_the_published_one() -> None:
    """Against its definition, frame by frame."""
    table = distance_table(np.random.default_rng(5).normal(size=(12, 4)).astype(np.float32))
    groups = np.array([0, 0, 1, 1, 1, 2, 0, 2, 2, 1, 0, 3])
    values = []
    for i, group in enumerate(groups):
        own = [table[i, j] for j in range(12) if groups[j] == group and j != i]
        if not own:
            values.append(0.0)
            continue
        a = np.mean(own)
        b = min(np.mean(table[i, groups == other]) for other in set(groups.tolist()) - {group})
        values.append((b - a) / max(a, b))
    assert mean_silhouette(table, groups) == pytest.approx(np.mean(values))


@pytest.mark.parametrize("seed", range(10))
def test_their_number_has_the_largest_silhouette(seed: int) -> None:
    table = distance_table(groups_of([4, 4, 4, 4], 0.25, seed))
    silhouettes = {k: mean_silhouette(table, nearest_medoid(table, k_medoids(table, k))) for k in (2, 3, 4)}
    assert len(best_medoids(table)) == max(silhouettes, key=lambda k: silhouettes[k])


def test_the_distances_are_euclidean() -> None:
    embeddings = groups_of([3, 4], 0.2)
    plain = np.linalg.norm(embeddings[:, np.newaxis] - embeddings, axis=2)
    assert distance_table(embeddings) == pytest.approx(plain, abs=1e-5)


def test_keyframes_of_a_still_picture_are_spread_in_time() -> None:
    first, second = (k.frame // 6 for k in keyframes_of(np.tile(groups_of([1]), (20, 1))))
    assert first in range(3, 7)
    assert second in range(13, 17)


def test_a_frame_is_clear_between_10_and_245_both_excluded() -> None:
    greys = np.array([0, 10, 10.5, 128, 244.5, 245, 255], np.float32)
    assert is_clear(greys).tolist() == [False, False, True, True, True, False, False]


def test_only_clear_frames_are_keyframes() -> None:
    embeddings = groups_of([6, 6, 6, 6])
    greys = np.full(24, 120, np.float32)
    greys[:6], greys[18:] = 3, 250
    greys[8] = 10
    assert {k.frame // 6 for k in keyframes_of(embeddings, greys)} <= set(range(6, 18)) - {8}


def test_without_clear_frames_the_clearest_are_taken() -> None:
    greys = np.array([0, 1, 8, 2, 247, 255, 254], np.float32)
    assert [k.frame // 6 for k in keyframes_of(groups_of([7]), greys)] == [2, 4]
    greys[6] = 100  # the only clear one, and the next clearest
    assert [k.frame // 6 for k in keyframes_of(groups_of([7]), greys)] in ([2, 6], [4, 6])


@pytest.mark.parametrize("samples", [1, 2, 3])
def test_the_shortest_segments_have_what_there_is(samples: int) -> None:
    frames = [k.frame for k in keyframes_of(groups_of([1] * samples))]
    assert len(frames) == min(2, samples)


def test_a_segment_between_two_samples_has_the_one_before() -> None:
    sampling = Sampling(40, 10, Fraction(24))
    found = find_keyframes(
        [Segment(1, 13, 18, Opening.SPLIT)], groups_of([4]), sampling, np.full(4, 120, np.float32)
    )
    assert [[k.frame for k in keyframes] for keyframes in found] == [[10]]


def test_the_same_film_has_the_same_keyframes() -> None:
    embeddings = groups_of([9, 9, 9], 0.4)
    assert keyframes_of(embeddings) == keyframes_of(embeddings.copy())


def test_it_can_be_cancelled() -> None:
    progress = CancellableProgress()
    progress.cancel()
    with pytest.raises(Cancelled):
        find_keyframes(
            [Segment(1, 0, 24, Opening.FILM)],
            groups_of([4]),
            Sampling(24, 6, Fraction(24)),
            np.full(4, 120, np.float32),
            progress=progress,
        )


def test_greys_of_another_film_are_refused() -> None:
    with pytest.raises(ValueError, match="as many mean greys"):
        keyframes_of(groups_of([5]), np.zeros(4, np.float32))
