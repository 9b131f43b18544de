"""From probabilities to seams."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from seamline.analysis.fades import fade_zones, runs_of
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import CONTRAST, SIMILARITY
from seamline.analysis.stage import FloatArray
from seamline.analysis.transitions import CUT_PROBABILITY, TRANSITION_PROBABILITY
from seamline.project.types import Seam, SeamKind


@dataclass(frozen=True, slots=True)
class SeamRule:
    """How probabilities become seams; the thresholds are TransNetV2's published .5 for both heads.

    `transition_gap`: runs of the many-hot head are one where it does not fall below this between them.
    A run of the many-hot head alone, without a peak of the other, is a seam if it is `min_gradual_frames`
    long, if the other head sees at least something (`faint_cut`), and if the picture changes smoothly
    (median similarity of neighbours over `smooth_similarity`) or goes through a nearly blank one: a dissolve
    does, a car driving through the picture does not. `blank_contrast`: a picture whose luma varies less than
    this (standard deviation, 0 to 1) is black, white or a plain colour.
    """

    cut_threshold: float = 0.5
    transition_threshold: float = 0.5
    transition_gap: float = 0.3
    min_gradual_frames: int = 3
    faint_cut: float = 0.1
    smooth_similarity: float = 0.95
    blank_contrast: float = 0.01


@dataclass(frozen=True, slots=True)
class _Curves:
    """The analysed part of the curves that the rule looks at."""

    cut: FloatArray
    transition: FloatArray
    similarity: FloatArray
    contrast: FloatArray


@dataclass(frozen=True, slots=True)
class _Place:
    """A seam in the making."""

    out_frame: int
    in_frame: int
    confidence: float

    @property
    def is_gradual(self) -> bool:
        return self.in_frame > self.out_frame + 1


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
    curves = _Curves(
        signals[CUT_PROBABILITY][:done],
        signals[TRANSITION_PROBABILITY][:done],
        signals[SIMILARITY][:done],
        signals[CONTRAST][:done],
    )
    places = _places(curves, rule)
    if done < signals.frame_count:
        places = [place for place in places if place.in_frame < done]
    places = [place for place in places if place.in_frame < signals.frame_count]
    zones = fade_zones(curves.contrast, rule.blank_contrast)
    return [_seam(place, zones) for place in _fades_joined(places, zones)]


def _places(curves: _Curves, rule: SeamRule) -> list[_Place]:
    cut, transition = curves.cut, curves.transition
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
        elif _is_long_gradual(curves, start, end, rule):
            places.append(_Place(start, end, _peak(transition[start:end])))
    return places


def _is_long_gradual(curves: _Curves, start: int, end: int, rule: SeamRule) -> bool:
    """Whether a run of the many-hot head alone is a seam: see SeamRule."""
    if end - start < rule.min_gradual_frames or curves.cut[start:end].max() < rule.faint_cut:
        return False
    is_smooth = float(np.median(curves.similarity[start + 1 : end + 1])) > rule.smooth_similarity
    return is_smooth or bool(curves.contrast[start:end].min() < 2 * rule.blank_contrast)


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
    """Two seams with nothing between them but a blank picture and its ramps are the halves of one fade.

    Where both are cuts, the blank picture is a shot of its own.
    """
    joined: list[_Place] = []
    for place in places:
        before = joined[-1] if joined else None
        if (
            before is not None
            and (before.is_gradual or place.is_gradual)
            and any(start <= before.in_frame and place.out_frame < end for start, end in zones)
        ):
            confidence = max(before.confidence, place.confidence)
            joined[-1] = _Place(before.out_frame, place.in_frame, confidence)
        else:
            joined.append(place)
    return joined


def _seam(place: _Place, zones: list[tuple[int, int]]) -> Seam:
    out, into = place.out_frame, place.in_frame
    if not place.is_gradual:
        return Seam(out, into, SeamKind.CUT, place.confidence)
    # the span may end where the picture begins to emerge: the ramp belongs to the fade too
    is_fade = any(start <= into and out < end for start, end in zones)
    return Seam(out, into, SeamKind.FADE if is_fade else SeamKind.DISSOLVE, place.confidence)


def _peak(values: FloatArray) -> float:
    return float(np.clip(values.max(), 0, 1))
