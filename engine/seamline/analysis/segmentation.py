"""A film's successor segmentation put together: from curves that are known to segments and their keyframes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.film_statistics import FilmStatistics, ShotEmbeddings, film_statistics, shot_embeddings
from seamline.analysis.keyframes import MOST, Keyframe, find_keyframes
from seamline.analysis.near_duplicates import find_near_duplicates, perceptual_hashes
from seamline.analysis.segments import Segment, SegmentRule, find_segments
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import BRIGHTNESS, SIMILARITY
from seamline.analysis.stage import FloatArray
from seamline.analysis.successor import (
    CandidateSeam,
    Sampling,
    SuccessorMethod,
    SuccessorRule,
    dynamic_thresholds,
    find_content_changes,
    min_max_scores,
    successor_distances,
)
from seamline.analysis.surveyor import Survey, survey_film
from seamline.errors import SeamlineError
from seamline.progress import Progress
from seamline.project.types import Seam

_WHITE = np.float32(255)


@dataclass(frozen=True, slots=True)
class SegmentationSettings:
    """What a user can turn. `sensitivity` is 0 to 1, .5 the rule as it stands. Segments last from `min_s` to
    `max_s`, both included. `max_keyframes`, 1 to 4: a segment has as many as its content needs up to this.

    Raises SeamlineError for what cannot be.
    """

    method: SuccessorMethod = SuccessorMethod.DYNAMIC
    sensitivity: float = 0.5
    min_s: float = 2.0
    max_s: float = 15.0
    max_keyframes: int = MOST

    def __post_init__(self) -> None:
        if not 1 <= self.max_keyframes <= MOST:
            raise SeamlineError(
                f"A segment cannot have up to {self.max_keyframes} keyframes: choose 1 to {MOST}."
            )
        _ = self.rule, self.lengths

    @property
    def rule(self) -> SuccessorRule:
        """Which distances may be seams."""
        return SuccessorRule(self.method, sensitivity=self.sensitivity)

    @property
    def lengths(self) -> SegmentRule:
        """How long segments are."""
        return SegmentRule(self.min_s, self.max_s)


@dataclass(frozen=True, eq=False)
class FilmContent:
    """What a segmentation is made of, and what follows from it whatever the settings.

    `embeddings`: float32[sample_count, D], of length 1 each. `mean_grey`: float32[sample_count], 0 to 255.
    `similarity`: float32[frame_count] of each frame to the one before it, None where not known.
    """

    sampling: Sampling
    embeddings: FloatArray
    mean_grey: FloatArray
    similarity: FloatArray | None = None
    seams: tuple[Seam, ...] = ()

    def __post_init__(self) -> None:
        self.sampling.check(self.embeddings)
        if len(self.mean_grey) != len(self.embeddings):
            raise ValueError(
                f"{len(self.embeddings)} embeddings need as many mean greys, not {len(self.mean_grey)}."
            )

    @classmethod
    def of(
        cls, signals: Signals, embedding_signal: str, rate: Fraction, seams: Iterable[Seam] = ()
    ) -> FilmContent:
        """The content of a film as far as all the curves are known; `seams` behind that are left out.

        A frame counts as dark or blank by the brightness of its middle, so nothing has to be decoded.
        """
        every = signals.every_frames(embedding_signal)
        count = signals.done_frames(embedding_signal, BRIGHTNESS, SIMILARITY)
        sampling = Sampling(count, every, rate)
        embeddings = signals.known(embedding_signal)
        return cls(
            sampling,
            embeddings[: sampling.sample_count] if embeddings.ndim == 2 else np.empty((0, 0), np.float32),
            signals.known(BRIGHTNESS)[:count:every] * _WHITE,
            signals.known(SIMILARITY)[:count],
            tuple(seam for seam in seams if seam.in_frame < count),
        )

    @cached_property
    def distances(self) -> FloatArray:
        """Of each sample to the next: float32[gap_count]."""
        return successor_distances(self.embeddings)

    @cached_property
    def survey(self) -> Survey:
        """What the surveyor sees: once a film, some seconds for one of hours."""
        return survey_film(self.embeddings, self.sampling)

    @cached_property
    def statistics(self) -> FilmStatistics:
        return film_statistics(
            self.embeddings, self.sampling, distances=self.distances, mean_grey=self.mean_grey
        )


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """A film's segments, half-open ranges of frames that cover it in order, and what they came from.

    `keyframes` are those of each segment. `scores` are the distances scaled to 0 to 1 over the film, and
    `thresholds` what they are held against, on the same scale (where it may lie over 1): float32[gap_count],
    gap i between the samples i and i + 1. `means` are the segments' mean embeddings.
    """

    settings: SegmentationSettings
    sampling: Sampling
    segments: tuple[Segment, ...]
    keyframes: tuple[tuple[Keyframe, ...], ...]
    candidates: tuple[CandidateSeam, ...]
    scores: FloatArray
    thresholds: FloatArray
    statistics: FilmStatistics
    means: ShotEmbeddings

    @property
    def gap_frames(self) -> NDArray[np.int64]:
        """The later sample of each gap, where a score belongs: int64[gap_count]."""
        return self.sampling.frames[1:]

    @property
    def keyframe_numbers(self) -> tuple[int, ...]:
        """The frames of all keyframes, in order, each once."""
        return tuple(sorted({keyframe.frame for group in self.keyframes for keyframe in group}))

    def without_near_duplicates(self, pictures: dict[int, NDArray[np.uint8]]) -> Segmentation:
        """The segmentation without the keyframes that nearly repeat an earlier one of the same segment.

        `pictures`: of every keyframe by its number, uint8[h, w] grey. Each segment keeps its first keyframe.
        """
        groups = []
        for group in self.keyframes:
            hashes = np.concatenate([perceptual_hashes(pictures[key.frame][np.newaxis]) for key in group])
            originals = find_near_duplicates(hashes)
            shares = [key.share for key in group]
            for place, original in enumerate(originals.tolist()):
                if original >= 0:
                    shares[original] += shares[place]
            groups.append(
                tuple(
                    Keyframe(key.frame, share)
                    for key, share, o in zip(group, shares, originals, strict=True)
                    if o < 0
                )
            )
        return replace(self, keyframes=tuple(groups))


def segment_film(
    content: FilmContent, settings: SegmentationSettings | None = None, *, progress: Progress | None = None
) -> Segmentation:
    """The segmentation of `content`. Decodes nothing, so that changed settings show at once.

    `progress` counts segments. Raises SeamlineError for lengths that the film's rate does not allow, or Cancelled.
    """
    settings = settings or SegmentationSettings()
    sampling, distances, rule = content.sampling, content.distances, settings.rule
    survey_thresholds = None
    if rule.method is SuccessorMethod.SURVEYOR:
        survey_thresholds = content.survey.thresholds(rule.effective_k)
    candidates = find_content_changes(
        distances,
        sampling,
        rule,
        survey_thresholds=survey_thresholds,
        seams=content.seams,
        similarity=content.similarity,
    )
    segments = find_segments(
        candidates,
        sampling,
        settings.lengths,
        distances=distances,
        seams=content.seams,
        similarity=content.similarity,
    )
    keyframes = find_keyframes(segments, content.embeddings, sampling, content.mean_grey, progress=progress)
    ranges = [(segment.start_frame, segment.end_frame) for segment in segments]
    return Segmentation(
        settings,
        sampling,
        tuple(segments),
        tuple(_most_telling(group, settings.max_keyframes) for group in keyframes),
        tuple(candidates),
        min_max_scores(distances),
        _threshold_scores(distances, sampling, rule, survey_thresholds),
        content.statistics,
        shot_embeddings(content.embeddings, sampling, ranges),
    )


def _most_telling(keyframes: tuple[Keyframe, ...], count: int) -> tuple[Keyframe, ...]:
    """The `count` keyframes that stand for most of their segment, the earlier of equals; in order of time."""
    kept = sorted(keyframes, key=lambda keyframe: -keyframe.share)[:count]
    return tuple(sorted(kept, key=lambda keyframe: keyframe.frame))


def _threshold_scores(
    distances: FloatArray, sampling: Sampling, rule: SuccessorRule, survey_thresholds: FloatArray | None
) -> FloatArray:
    """The rule's threshold on the scale of the scores: float32[gap_count]."""
    if rule.preset_score is not None:
        return np.full(len(distances), rule.preset_score, np.float32)
    if survey_thresholds is None:
        k = rule.effective_k
        thresholds = dynamic_thresholds(distances, sampling, window_s=rule.window_s, k=k)
    else:
        thresholds = survey_thresholds
    if len(distances) == 0:
        return thresholds
    low, high = distances.min(), distances.max()
    if not high > low:
        return np.ones(len(distances), np.float32)  # no score is over 0, and no threshold was exceeded
    scaled: FloatArray = ((thresholds - low) / (high - low)).astype(np.float32)
    return scaled
