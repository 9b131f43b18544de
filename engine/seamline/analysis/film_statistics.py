"""A film's embeddings in numbers: the whole film's, and the mean of each shot's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.keyframes import is_clear
from seamline.analysis.stage import FloatArray
from seamline.analysis.successor import Sampling, successor_distances

PERCENTILES = (5, 25, 50, 75, 95)

_ROWS_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class DistanceStatistics:
    """The successor distance over a film; `percentiles` are those of PERCENTILES. All 0 without distances."""

    count: int
    mean: float
    sd: float
    minimum: float
    maximum: float
    percentiles: tuple[float, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers, for JSON."""
        named = {f"percentile_{p}": value for p, value in zip(PERCENTILES, self.percentiles, strict=True)}
        return {
            "count": self.count,
            "mean": self.mean,
            "sd": self.sd,
            "minimum": self.minimum,
            "maximum": self.maximum,
            **named,
        }


@dataclass(frozen=True, slots=True, eq=False)
class FilmStatistics:
    """`mean` and `sd`: of each dimension over the film's samples, float32[D].

    `coherence` is the mean's length: 1 where all (normalised) embeddings are the same, towards 0 the more
    they differ. `clear_share`, 0 to 1, is None where brightness is not known.
    """

    sample_count: int
    every_frames: int
    mean: FloatArray
    sd: FloatArray
    coherence: float
    distance: DistanceStatistics
    clear_share: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers, for JSON: all but the vectors."""
        return {
            "sample_count": self.sample_count,
            "every_frames": self.every_frames,
            "dimensions": len(self.mean),
            "coherence": self.coherence,
            "successor_distance": self.distance.as_dict(),
            "clear_share": self.clear_share,
        }


@dataclass(frozen=True, slots=True, eq=False)
class ShotEmbeddings:
    """The mean embedding of each shot: float32[shots, D], not normalised; NaN where no sample fell into a shot.

    `ranges`: int64[shots, 2], frames [start, end). `sample_counts`: int64[shots].
    """

    ranges: NDArray[np.int64]
    means: FloatArray
    sample_counts: NDArray[np.int64]


def distance_statistics(distances: FloatArray) -> DistanceStatistics:
    """The statistics of float32[n] successor distances."""
    if len(distances) == 0:
        return DistanceStatistics(0, 0.0, 0.0, 0.0, 0.0, (0.0,) * len(PERCENTILES))
    values = distances.astype(np.float64)
    percentiles = tuple(float(value) for value in np.percentile(values, PERCENTILES))
    return DistanceStatistics(
        len(values),
        float(values.mean()),
        float(values.std()),
        float(values.min()),
        float(values.max()),
        percentiles,
    )


def film_statistics(
    embeddings: FloatArray,
    sampling: Sampling,
    *,
    distances: FloatArray | None = None,
    mean_grey: FloatArray | None = None,
) -> FilmStatistics:
    """The statistics of a film's embeddings, float32[sample_count, D].

    `distances` where they are known already; `mean_grey`: float32[sample_count], 0 to 255. A film without
    samples has zeros.
    """
    sampling.check(embeddings)
    if mean_grey is not None and len(mean_grey) != len(embeddings):
        raise ValueError(f"{len(embeddings)} embeddings need as many mean greys, not {len(mean_grey)}.")
    if distances is None:
        distances = successor_distances(embeddings)
    mean, sd = _mean_and_sd(embeddings)
    has_grey = mean_grey is not None and len(mean_grey) > 0
    return FilmStatistics(
        len(embeddings),
        sampling.every_frames,
        mean,
        sd,
        float(np.linalg.norm(mean)),
        distance_statistics(distances),
        float(is_clear(mean_grey).mean()) if has_grey and mean_grey is not None else None,
    )


def _mean_and_sd(embeddings: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Of each column. Blocks of rows in double precision: the whole would be hundreds of megabytes."""
    count, dimensions = embeddings.shape
    if count == 0:
        return np.zeros(dimensions, np.float32), np.zeros(dimensions, np.float32)
    mean = embeddings.mean(0, dtype=np.float64)
    squares = np.zeros(dimensions)
    for start in range(0, count, _ROWS_AT_ONCE):
        squares += ((embeddings[start : start + _ROWS_AT_ONCE] - mean) ** 2).sum(0)
    return mean.astype(np.float32), np.sqrt(squares / count).astype(np.float32)


def shot_embeddings(
    embeddings: FloatArray, sampling: Sampling, ranges: Sequence[tuple[int, int]]
) -> ShotEmbeddings:
    """The mean embedding of each half-open range of frames. Raises ValueError for one outside the film."""
    sampling.check(embeddings)
    means = np.full((len(ranges), embeddings.shape[1]), np.nan, np.float32)
    counts = np.zeros(len(ranges), np.int64)
    for number, (start, end) in enumerate(ranges):
        if not 0 <= start < end <= sampling.frame_count:
            raise ValueError(
                f"Frames {start} to {end} are no shot of a film of {sampling.frame_count} frames."
            )
        samples = sampling.samples_in(start, end)
        counts[number] = len(samples)
        if samples:
            means[number] = embeddings[samples.start : samples.stop].mean(0, dtype=np.float64)
    return ShotEmbeddings(np.array(ranges, np.int64).reshape(-1, 2), means, counts)
