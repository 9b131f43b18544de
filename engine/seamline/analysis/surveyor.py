"""How far apart frames of one content lie, window by window, and the threshold that follows from it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.stage import FloatArray
from seamline.analysis.successor import Sampling, successor_distances
from seamline.errors import SeamlineError
from seamline.progress import Progress


@dataclass(frozen=True, slots=True)
class SurveyRule:
    """The surveyor's published numbers: a window of 30 s moved by 15 s, and the mean and SD of the distance
    to the neighbours' centroid below which a neighbourhood is tight. `max_neighbours` bounds the search."""

    window_s: float = 30.0
    step_s: float = 15.0
    avg_distance: float = 0.05
    std_dev: float = 0.03
    max_neighbours: int = 10

    def __post_init__(self) -> None:
        if not (math.isfinite(self.window_s) and 0 < self.step_s <= self.window_s):
            raise SeamlineError(
                f"A window of {self.window_s} s moved by {self.step_s} s leaves gaps or stands still: "
                "choose a step over 0 and up to the window."
            )
        if not (self.avg_distance > 0 and self.std_dev > 0 and self.max_neighbours >= 1):
            raise SeamlineError(
                f"A neighbourhood of {self.avg_distance} ± {self.std_dev} and up to {self.max_neighbours} "
                "frames cannot be: choose numbers over 0, and at least 1 frame."
            )


@dataclass(frozen=True, slots=True)
class WindowSurvey:
    """What one window of samples [start_sample, end_sample) showed.

    `neighbours` is K. `centroid_mean` and
    `centroid_sd`: distance of the frames to the centroid of their K nearest neighbours. `step_mean` and
    `step_sd`: successor distance between frames that are among each other's K nearest (0 if none are).
    """

    start_sample: int
    end_sample: int
    neighbours: int
    centroid_mean: float
    centroid_sd: float
    step_mean: float
    step_sd: float


@dataclass(frozen=True, slots=True)
class Survey:
    """All windows of a film. The threshold curve for any `k` follows in milliseconds."""

    sample_count: int
    rule: SurveyRule
    windows: tuple[WindowSurvey, ...]

    def window_threshold(self, window: WindowSurvey, k: float) -> float:
        """The successor distance over which two frames of this window do not belong together.

        Frames of one content lie around a common centroid, at most mean + k * SD from it but for outliers;
        by the triangle inequality two of them are at most twice that apart: 2 * (mean + k * SD). Where the
        camera moves steadily, each frame lies between its neighbours, close to their centroid however fast it
        goes, and that bound alone would be crossed at every sample; so the threshold is no less than
        mean + k * SD of the steps between frames that are each other's neighbours. A seam is no such step:
        unlike the dynamic rule's window, this measure of the ordinary has no seams in it. Nor is the
        threshold less than 2 * `avg_distance`: what the published bound calls one neighbourhood is not cut.
        """
        apart = 2 * (window.centroid_mean + k * window.centroid_sd)
        step = window.step_mean + k * window.step_sd
        return max(apart, step, 2 * self.rule.avg_distance)

    def thresholds(self, k: float) -> FloatArray:
        """The threshold at each successor distance: float32[sample_count - 1].

        Overlapping windows are blended, each with a weight that falls evenly from its middle to its ends, so
        the curve has no steps where a window begins.
        """
        total = np.zeros(max(0, self.sample_count - 1))
        weights = np.zeros_like(total)
        for window in self.windows:
            gaps = window.end_sample - window.start_sample - 1
            place = np.arange(gaps) + 0.5
            weight = np.minimum(place, gaps - place)
            inside = slice(window.start_sample, window.end_sample - 1)
            total[inside] += weight * self.window_threshold(window, k)
            weights[inside] += weight
        # two windows share a single sample at the least, so no distance is without a window
        curve: FloatArray = (total / weights).astype(np.float32) if len(total) else np.zeros(0, np.float32)
        return curve


def survey_film(
    embeddings: FloatArray,
    sampling: Sampling,
    rule: SurveyRule | None = None,
    *,
    progress: Progress | None = None,
) -> Survey:
    """Survey a film's embeddings, float32[sample_count, D], L2-normalised. Raises Cancelled.

    To be done once a film (and rule): see `Survey.thresholds` for what changes with the sensitivity.
    """
    rule = rule or SurveyRule()
    sampling.check(embeddings)
    distances = successor_distances(embeddings)
    starts = _window_starts(sampling, rule)
    length = _window_length(sampling, rule)
    windows = []
    for number, start in enumerate(starts, 1):
        end = min(start + length, len(embeddings))
        windows.append(_survey_window(embeddings[start:end], distances[start : end - 1], start, rule))
        if progress is not None:
            progress.step(number, len(starts))
    return Survey(len(embeddings), rule, tuple(windows))


def _window_length(sampling: Sampling, rule: SurveyRule) -> int:
    return max(3, sampling.samples_of(rule.window_s))


def _window_starts(sampling: Sampling, rule: SurveyRule) -> list[int]:
    """Where the windows begin; the last is moved back to end with the film."""
    count, length = sampling.sample_count, _window_length(sampling, rule)
    if count < 2:
        return []
    last = max(0, count - length)
    step = min(sampling.samples_of(rule.step_s), length - 1)
    return [*range(0, last, step), last]


def _survey_window(
    embeddings: FloatArray, distances: FloatArray, start: int, rule: SurveyRule
) -> WindowSurvey:
    """K = 1, 2, ... until the bounds hold; if they hold for none, the K that needs them widened least.

    A frame is not its own neighbour: it would be its own centroid, and every window tight with K = 1.
    """
    count = len(embeddings)
    most = min(rule.max_neighbours, count - 1)
    products = _centred_products(embeddings)
    neighbours = _nearest(products, most)
    best = (math.inf, 1, math.inf, math.inf)
    for k, to_centroid in enumerate(_centroid_distances(products, neighbours), 1):
        mean, sd = float(to_centroid.mean()), float(to_centroid.std())
        widened = max(mean / rule.avg_distance, sd / rule.std_dev)
        best = min(best, (widened, k, mean, sd))
        if widened < 1:
            best = (widened, k, mean, sd)
            break
    widened, k, mean, sd = best
    places = np.arange(count - 1)
    forwards = (neighbours[:-1, :k] == places[:, np.newaxis] + 1).any(1)
    backwards = (neighbours[1:, :k] == places[:, np.newaxis]).any(1)
    steps = distances[forwards & backwards]
    step_mean, step_sd = (float(steps.mean()), float(steps.std())) if len(steps) else (0.0, 0.0)
    return WindowSurvey(start, start + count, k, mean, sd, step_mean, step_sd)


def _centred_products(embeddings: FloatArray) -> NDArray[np.float64]:
    """All scalar products of the frames, measured from their mean: float64[n, n].

    Every distance follows from them without the long vectors. From the mean they are small, and their
    differences exact enough for distances of some millionths.
    """
    centred = embeddings.astype(np.float64) - embeddings.mean(0, dtype=np.float64)
    products: NDArray[np.float64] = centred @ centred.T
    return products


def _nearest(products: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """The `count` nearest other frames of each, nearest first, the earlier of equals: int64[n, count]."""
    squares = np.diag(products)
    squared_distances = squares[:, np.newaxis] + squares - 2 * products
    np.fill_diagonal(squared_distances, np.inf)
    neighbours: NDArray[np.int64] = np.argsort(squared_distances, axis=1, kind="stable")[:, :count]
    return neighbours


def _centroid_distances(
    products: NDArray[np.float64], neighbours: NDArray[np.int64]
) -> Iterator[NDArray[np.float64]]:
    """For K = 1, 2, ... the distance of each frame to the centroid of its K nearest: float64[n].

    With n_1 ... n_K the neighbours: |e - c|² = <e, e> - 2/K sum <e, n_j> + 1/K² sum <n_j, n_l>.
    """
    rows = np.arange(len(products))
    own = np.diag(products)
    to_neighbours = np.zeros(len(products))
    among_neighbours = np.zeros(len(products))
    for k in range(1, neighbours.shape[1] + 1):
        newest = neighbours[:, k - 1]
        to_neighbours += products[rows, newest]
        earlier = products[newest[:, np.newaxis], neighbours[:, : k - 1]].sum(1)
        among_neighbours += own[newest] + 2 * earlier
        squared = own - 2 / k * to_neighbours + among_neighbours / k**2
        yield np.sqrt(np.maximum(squared, 0))
