"""Where the content of a film changes: the distance of each sampled frame's embedding to its successor's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.stage import FloatArray
from seamline.errors import SeamlineError
from seamline.project.types import Seam

_ROWS_AT_ONCE = 2048  # of embeddings, so that a long film's differences do not double its memory
_ROUNDING = 1e-6  # a distance this little over its threshold only differs by rounding (float32, up to 2)


class SuccessorMethod(StrEnum):
    """How the threshold comes about: two fixed ones, as published, and two that follow the film."""

    PIPELINE = "pipeline"
    NOTEBOOK = "notebook"
    DYNAMIC = "dynamic"
    SURVEYOR = "surveyor"


PRESET_SCORES = {SuccessorMethod.PIPELINE: 0.4, SuccessorMethod.NOTEBOOK: 0.6}
"""The published `successor_value`s: a min-max score over this one is a seam."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which frames of a film were embedded: 0, `every_frames`, 2 * `every_frames`, ...

    `rate` is the film's nominal frame rate. Gap i lies between samples i and i + 1.
    """

    frame_count: int
    every_frames: int
    rate: Fraction

    def __post_init__(self) -> None:
        if self.frame_count < 0 or self.every_frames < 1 or self.rate <= 0:
            raise ValueError(
                "A sampling needs no less than 0 frames, every 1st or a later one, and a rate over 0, not "
                f"{self.frame_count}, {self.every_frames} and {self.rate}."
            )

    @property
    def sample_count(self) -> int:
        return -(-self.frame_count // self.every_frames)

    @property
    def gap_count(self) -> int:
        return max(0, self.sample_count - 1)

    @property
    def frames(self) -> NDArray[np.int64]:
        """The frame numbers of the samples: int64[sample_count]."""
        return np.arange(self.sample_count, dtype=np.int64) * self.every_frames

    def samples_in(self, start_frame: int, end_frame: int) -> range:
        """The samples taken from frames [start_frame, end_frame)."""
        return range(-(-start_frame // self.every_frames), -(-end_frame // self.every_frames))

    def samples_of(self, duration_s: float) -> int:
        """How many samples a duration holds, at least 1."""
        return max(1, round(duration_s * float(self.rate) / self.every_frames))

    def check(self, embeddings: FloatArray) -> None:
        """Raises ValueError unless `embeddings` are float[sample_count, D]."""
        if embeddings.ndim != 2 or len(embeddings) != self.sample_count:
            raise ValueError(
                f"A film of {self.frame_count} frames, every {self.every_frames} embedded, has "
                f"{self.sample_count} embeddings in rows, not an array of {embeddings.shape}."
            )


@dataclass(frozen=True, slots=True)
class SuccessorRule:
    """Which distances are seams.

    Presets: the score exceeds the published value. Dynamic: the distance exceeds mean + k * SD of the
    centred window of `window_s`, and is a local maximum. Surveyor: it exceeds the surveyor's curve for this
    `k`, and is a local maximum. `sensitivity` is 0 to 1; .5 is the rule as it stands, 1 halves k (and squares
    a preset's value), 0 doubles k (and takes the value's root), and what lies between follows evenly.
    """

    method: SuccessorMethod = SuccessorMethod.DYNAMIC
    window_s: float = 10.0
    k: float = 2.0
    sensitivity: float = 0.5

    def __post_init__(self) -> None:
        if not (math.isfinite(self.window_s) and self.window_s > 0):
            raise SeamlineError(f"A window of {self.window_s} s cannot be: give it more than 0 seconds.")
        if not (math.isfinite(self.k) and self.k >= 0):
            raise SeamlineError(f"The factor k cannot be {self.k}: choose one of 0 or more; 2 is usual.")
        if not 0 <= self.sensitivity <= 1:
            raise SeamlineError(f"A sensitivity of {self.sensitivity} cannot be: choose one from 0 to 1.")

    @property
    def effective_k(self) -> float:
        """`k` with the sensitivity in it."""
        return self.k * 4 ** (0.5 - self.sensitivity)

    @property
    def preset_score(self) -> float | None:
        """The value that the score has to exceed, with the sensitivity in it; None if it is no preset."""
        value = PRESET_SCORES.get(self.method)
        return None if value is None else value ** (4 ** (self.sensitivity - 0.5))


@dataclass(frozen=True, slots=True)
class CandidateSeam:
    """A change of content that may begin a segment.

    `frame` would be the segment's first. [start_frame, end_frame) holds all the frames that could be: those
    of the gap between two samples, or the known `seam`'s own. `strength`, 0 to 1, is how much of the
    distance (of the score, for a preset) lies over the threshold.
    """

    frame: int
    start_frame: int
    end_frame: int
    strength: float
    seam: Seam | None = None


@dataclass(frozen=True, slots=True)
class GapPlaces:
    """For each gap between samples the frame where a change in it is placed: int64[gap_count], and the index
    of the known seam that lies there, -1 for none: int64[gap_count]."""

    frames: NDArray[np.int64]
    seam_indices: NDArray[np.int64]


def successor_distances(embeddings: FloatArray) -> FloatArray:
    """d[i] = ||e[i+1] - e[i]||, Euclidean: float32[n - 1] (float32[0] for n < 2) of float32[n, D].

    L2-normalised embeddings give 0 to 2.
    """
    distances = np.zeros(max(0, len(embeddings) - 1), np.float32)
    # subtracted before squaring: 2 - 2 * cosine would lose all digits of small distances
    for start in range(0, len(distances), _ROWS_AT_ONCE):
        rows = embeddings[start : start + _ROWS_AT_ONCE + 1]
        distances[start : start + _ROWS_AT_ONCE] = np.linalg.norm(np.diff(rows, axis=0), axis=1)
    return distances


def min_max_scores(distances: FloatArray) -> FloatArray:
    """The distances scaled to 0 to 1 over the film: float32 of the same length, all 0 where none differs."""
    if len(distances) == 0:
        return np.zeros(0, np.float32)
    low, high = distances.min(), distances.max()
    if not high > low:
        return np.zeros(len(distances), np.float32)
    scores: FloatArray = ((distances - low) / (high - low)).astype(np.float32)
    return scores


def dynamic_thresholds(distances: FloatArray, sampling: Sampling, *, window_s: float, k: float) -> FloatArray:
    """mean + k * SD of the distances in a window centred on each: float32 of the same length.

    The window is cut off at the film's ends. It reaches at least k² + 1 distances to either side: a single
    one among m others lies sqrt(m) SDs over the mean, so in a shorter window none could be over it.
    """
    half = max(sampling.samples_of(window_s) // 2, math.ceil(k * k) + 1)
    places = np.arange(len(distances))
    starts = np.maximum(places - half, 0)
    ends = np.minimum(places + half + 1, len(distances))
    counts = ends - starts
    middle = float(distances.mean()) if len(distances) else 0.0
    centred = distances.astype(np.float64) - middle  # sums of small numbers cancel less
    sums = np.concatenate([[0.0], np.cumsum(centred)])
    squares = np.concatenate([[0.0], np.cumsum(centred**2)])
    means = (sums[ends] - sums[starts]) / counts
    variances = np.maximum((squares[ends] - squares[starts]) / counts - means**2, 0)
    thresholds: FloatArray = (middle + means + k * np.sqrt(variances)).astype(np.float32)
    return thresholds


def local_maxima(values: FloatArray) -> NDArray[np.bool_]:
    """Where `values` is higher than on both sides; a plateau counts once, at its first place."""
    maxima = np.zeros(len(values), np.bool_)
    if len(values):
        starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
        heights = np.concatenate([[-np.inf], values[starts], [-np.inf]])
        maxima[starts] = (heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])
    return maxima


def places_in_gaps(
    sampling: Sampling, *, seams: Sequence[Seam] = (), similarity: FloatArray | None = None
) -> GapPlaces:
    """Where in each gap a change would be: at a known seam that reaches into it (the most certain one), else
    at the frame least similar to the one before it, else in the middle.

    `similarity`: float32[frame_count], of each frame to the one before it; NaN is not known yet.
    """
    gaps, every = sampling.gap_count, sampling.every_frames
    inside = slice(1, gaps * every + 1)  # gap i: its segment begins with one of the frames i*k+1 ... (i+1)*k
    frames = np.arange(gaps, dtype=np.int64) * every + every // 2 + 1
    if similarity is not None:
        if len(similarity) != sampling.frame_count:
            raise ValueError(
                f"{sampling.frame_count} frames need as many similarities, not {len(similarity)}."
            )
        values = np.where(np.isnan(similarity[inside]), np.inf, similarity[inside]).reshape(gaps, every)
        if gaps:
            tells = values.min(1) < values.max(1)
            frames[tells] = (np.arange(gaps) * every + values.argmin(1) + 1)[tells]
    indices = np.full(gaps, -1, np.int64)
    if seams and gaps:
        by_confidence = sorted(range(len(seams)), key=lambda at: (seams[at].confidence, -at))
        ranks = np.zeros(max(sampling.frame_count, gaps * every + 1), np.int64)
        for rank, at in enumerate(by_confidence, 1):
            # the more certain one paints over the other
            ranks[seams[at].out_frame + 1 : seams[at].in_frame + 1] = rank
        best = ranks[inside].reshape(gaps, every).max(1)
        known = best > 0
        indices[known] = np.array(by_confidence, np.int64)[best[known] - 1]
        frames[known] = np.array([seam.cut_frame for seam in seams], np.int64)[indices[known]]
    return GapPlaces(frames, indices)


def find_content_changes(
    distances: FloatArray,
    sampling: Sampling,
    rule: SuccessorRule | None = None,
    *,
    survey_thresholds: FloatArray | None = None,
    seams: Iterable[Seam] = (),
    similarity: FloatArray | None = None,
) -> list[CandidateSeam]:
    """The film's candidate seams in order, one a frame at most. Needs no pictures: made again in an instant.

    `survey_thresholds`: float32[gap_count], what `Survey.thresholds(rule.effective_k)` gives; only the
    surveyor's rule wants it. `seams` are known to the frame: candidates snap to them. `similarity` as in
    `places_in_gaps`. Raises ValueError for arrays of another film.
    """
    rule = rule or SuccessorRule()
    seams = tuple(seams)
    if len(distances) != sampling.gap_count:
        raise ValueError(
            f"{sampling.sample_count} samples have {sampling.gap_count} distances, not {len(distances)}."
        )
    values, thresholds = _values_and_thresholds(distances, sampling, rule, survey_thresholds)
    over = values > thresholds + _ROUNDING
    if rule.preset_score is None:
        over &= local_maxima(distances)
    places = places_in_gaps(sampling, seams=seams, similarity=similarity)
    strengths = 1 - thresholds / np.where(over, values, 1)
    found: dict[int, CandidateSeam] = {}
    for gap in np.flatnonzero(over).tolist():
        frame, strength = int(places.frames[gap]), float(strengths[gap])
        if frame in found and found[frame].strength >= strength:
            continue  # a long dissolve reaches into several gaps
        at = int(places.seam_indices[gap])
        seam = seams[at] if at >= 0 else None
        if seam is not None:
            start, end = seam.out_frame + 1, seam.in_frame + 1
        else:
            start, end = gap * sampling.every_frames + 1, (gap + 1) * sampling.every_frames + 1
        found[frame] = CandidateSeam(frame, start, end, strength, seam)
    return [found[frame] for frame in sorted(found)]


def _values_and_thresholds(
    distances: FloatArray, sampling: Sampling, rule: SuccessorRule, survey_thresholds: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """What is compared with what, both float32[gap_count]."""
    if rule.preset_score is not None:
        return min_max_scores(distances), np.full(len(distances), rule.preset_score, np.float32)
    if rule.method is SuccessorMethod.DYNAMIC:
        k = rule.effective_k
        return distances, dynamic_thresholds(distances, sampling, window_s=rule.window_s, k=k)
    if survey_thresholds is None or len(survey_thresholds) != len(distances):
        raise ValueError(f"The surveyor's rule needs its {len(distances)} thresholds.")
    return distances, survey_thresholds
