"""A film's frames as points of a plane: those of like content lie together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.stage import FloatArray
from seamline.analysis.successor import Sampling
from seamline.progress import Progress

MAX_POINTS = 2000

_PHASES = 3
_MAX_PERPLEXITY = 30  # the usual one (van der Maaten and Hinton, JMLR 9, 2008, suggest 5 to 50)
_DIMENSIONS = 50  # into which principal components bring the embeddings first (same paper, section 4.2)
_FEWEST_FOR_TSNE = 5
_FEWEST_FOR_THREADS = 500
_ALIKE = 1e-6  # embeddings that differ by less in every dimension are the same


@dataclass(frozen=True, slots=True, eq=False)
class FrameMap:
    """`frames`: int64[m], in order; `positions`: float32[m, 2], 0 to 1, the longer side filling it."""

    frames: NDArray[np.int64]
    positions: FloatArray


def map_frames(
    embeddings: FloatArray,
    sampling: Sampling,
    *,
    max_points: int = MAX_POINTS,
    seed: int = 0,
    progress: Progress | None = None,
) -> FrameMap:
    """The map of a film's embeddings, float32[sample_count, D], by t-SNE begun with principal components.

    Of more than `max_points` samples as many are taken, spread evenly. The same embeddings and seed give the
    same map on one machine. Up to four frames, and frames that are all alike, lie where their principal
    components put them. Raises Cancelled, but not within t-SNE, which takes most of the time.
    """
    sampling.check(embeddings)
    count = min(len(embeddings), max(1, max_points))
    places = (np.arange(count) * len(embeddings)) // max(1, count)
    _report(progress, 0)
    components = _principal_components(embeddings[places], seed)
    _report(progress, 1)
    positions = components[:, :2]
    if count >= _FEWEST_FOR_TSNE and components.any():
        positions = _neighbour_embedding(components, seed)
    _report(progress, 2)
    map_ = FrameMap(sampling.frames[places], _fitted(positions))
    _report(progress, _PHASES)
    return map_


def _report(progress: Progress | None, phase: int) -> None:
    if progress is not None:
        progress.step(phase, _PHASES)


def _principal_components(embeddings: FloatArray, seed: int) -> NDArray[np.float64]:
    """The leading components of each row, float64[n, 2 to 50]; all 0 where no row differs from the others."""
    from sklearn.decomposition import PCA  # takes a second to import

    count = min(_DIMENSIONS, *embeddings.shape)
    if len(embeddings) < 2 or np.ptp(embeddings, axis=0).max() < _ALIKE:
        return np.zeros((len(embeddings), 2))
    components = PCA(count, random_state=seed).fit_transform(embeddings).astype(np.float64)
    return np.pad(components, ((0, 0), (0, max(0, 2 - count))))


def _neighbour_embedding(components: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    start = components[:, :2] / components[:, 0].std() * 1e-4
    tsne = TSNE(
        perplexity=min(_MAX_PERPLEXITY, (len(components) - 1) / 3),
        init=start.astype(np.float32),
        random_state=seed,
    )
    # with few points its threads only wait for each other, a thousand times over: a minute on a busy machine
    threads = 1 if len(components) < _FEWEST_FOR_THREADS else None
    with threadpool_limits(threads, user_api="openmp"):
        positions: NDArray[np.float64] = tsne.fit_transform(components.astype(np.float32))
    return positions


def _fitted(positions: NDArray[np.float64]) -> FloatArray:
    """Moved and scaled, the same both ways, into the middle of the unit square."""
    if len(positions) == 0:
        return np.zeros((0, 2), np.float32)
    low, high = positions.min(0), positions.max(0)
    size = (high - low).max()
    scaled = (positions - (low + high) / 2) / (size if size > 1e-9 else 1) + 0.5
    fitted: FloatArray = np.clip(scaled, 0, 1).astype(np.float32)
    return fitted
