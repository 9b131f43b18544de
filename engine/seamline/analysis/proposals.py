"""From probabilities to seams."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from seamline.analysis.fades import fade_zones, runs_of
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import CONTRAST
from seamline.analysis.stage import FloatArray
from seamline.analysis.transitions import CUT_PROBABILITY, TRANSITION_PROBABILITY
from seamline.project.types import Seam, SeamKind


@dataclass(frozen=True, slots=True)
class SeamRule:
    """How probabilities become seams; the thresholds are TransNetV2's published .5 for both heads.

    `transition_gap`: runs of the many-hot head are one where it does not fall below this between them.
    `min_gradual_frames`: a run of the many-hot head alone, without a peak of the other, is a seam from this
    length on. `blank_contrast`: a picture whose luma varies less than this (standard deviation, 0 to 1) is
    black, white or a plain colour.
    """

    cut_threshold: float = 0.5
    transition_threshold: float = 0.5
    transition_gap: float = 0.3
    min_gradual_frames: int = 3
    blank_contrast: float = 0.01


@dataclass(frozen=True, slots=True)
class _Place:
    """A seam in the making."""

    out_frame: int
    in_frame: int
    confidence: float


def find_seams(signals: Signals, rule: SeamRule | None = None) -> list[Seam]:
    """The seams in the analysed part of the film, in order.

    As published, a run of frames over the cut threshold is a seam: its first frame is the last of the
    outgoing shot, the frame behind it the first of the incoming one (Souček and Lokoč, arXiv:2008.04838,
    `predictions_to_scenes`). The many-hot head's run around it tells how far a gradual seam reaches, and
    one of its runs without a peak is a long dissolve or fade. Whatever touches the end of a film's analysed
    part waits until more is known.
    """
    rule = rule or SeamRule()
    if CUT_PROBABILITY not in signals or CONTRAST not in signals:
        return []
    done = signals.done_frames(CUT_PROBABILITY, TRANSITION_PROBABILITY, CONTRAST)
    contrast = signals[CONTRAST][:done]
    places = _places(signals[CUT_PROBABILITY][:done], signals[TRANSITION_PROBABILITY][:done], rule)
    if done < signals.frame_count:
        places = [place for place in places if place.in_frame < done]
    places = [place for place in places if place.in_frame < signals.frame_count]
    zones = fade_zones(contrast, rule.blank_contrast)
    return [_seam(place, contrast, rule) for place in _fades_joined(places, zones)]


def _places(cut: FloatArray, transition: FloatArray, rule: SeamRule) -> list[_Place]:
    peaks = runs_of(cut > rule.cut_threshold)
    spans = runs_of((transition > rule.transition_threshold) | (cut > rule.cut_threshold))
    spans = _without_gaps(spans, transition, rule.transition_gap)
    places: list[_Place] = []
    at = 0
    for start, end in spans:
        inside = []
        while at < len(peaks) and peaks[at][0] < end:
            inside.append(peaks[at])
            at += 1
        if inside:
            # several peaks under one span share it
            borders = [start, *((a[1] + b[0]) // 2 for a, b in pairwise(inside)), end]
            places += [_Place(a, b, _peak(cut[a:b])) for a, b in pairwise(borders)]
        elif end - start >= rule.min_gradual_frames:
            places.append(_Place(start, end, _peak(transition[start:end])))
    return places


def _without_gaps(spans: list[tuple[int, int]], transition: FloatArray, gap: float) -> list[tuple[int, int]]:
    """`spans`, those joined between which the many-hot head stays over `gap`."""
    joined = spans[:1]
    for start, end in spans[1:]:
        if transition[joined[-1][1] : start].min() > gap:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _fades_joined(places: list[_Place], zones: list[tuple[int, int]]) -> list[_Place]:
    """Two seams with nothing between them but a blank picture and its ramps are the halves of one fade."""
    joined: list[_Place] = []
    for place in places:
        before = joined[-1] if joined else None
        if before is not None and any(
            start <= before.in_frame and place.out_frame < end for start, end in zones
        ):
            confidence = max(before.confidence, place.confidence)
            joined[-1] = _Place(before.out_frame, place.in_frame, confidence)
        else:
            joined.append(place)
    return joined


def _seam(place: _Place, contrast: FloatArray, rule: SeamRule) -> Seam:
    out, into = place.out_frame, place.in_frame
    if into == out + 1:
        return Seam(out, into, SeamKind.CUT, place.confidence)
    is_fade = bool(contrast[out + 1 : into].min() < rule.blank_contrast)
    return Seam(out, into, SeamKind.FADE if is_fade else SeamKind.DISSOLVE, place.confidence)


def _peak(values: FloatArray) -> float:
    return float(np.clip(values.max(), 0, 1))
