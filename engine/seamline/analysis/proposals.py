"""From probabilities to seams."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from seamline.analysis.signals import Signals
from seamline.analysis.similarity import CONTRAST
from seamline.analysis.stage import FloatArray
from seamline.analysis.transitions import CUT_PROBABILITY, TRANSITION_PROBABILITY
from seamline.project.types import Seam, SeamKind


@dataclass(frozen=True, slots=True)
class SeamRule:
    """How probabilities become seams; the thresholds are TransNetV2's published .5 for both heads.

    `blank_contrast`: a picture whose luma varies less than this (0 to 1) is black, white or a plain colour;
    a gradual seam through one is a fade.
    """

    cut_threshold: float = 0.5
    transition_threshold: float = 0.5
    blank_contrast: float = 0.03


def find_seams(signals: Signals, rule: SeamRule | None = None) -> list[Seam]:
    """The seams in the analysed part of the film, in order.

    As published, a run of frames over the cut threshold is a seam: its first frame is the last of the
    outgoing shot, the frame behind it the first of the incoming one (Souček and Lokoč, arXiv:2008.04838,
    `predictions_to_scenes`). The many-hot head's run around it tells how far a gradual seam reaches.
    A run that touches the end of a film's analysed part is left until more is known.
    """
    rule = rule or SeamRule()
    if CUT_PROBABILITY not in signals or CONTRAST not in signals:
        return []
    done = signals.done_frames(CUT_PROBABILITY, TRANSITION_PROBABILITY, CONTRAST)
    cut = signals[CUT_PROBABILITY][:done]
    transition = signals[TRANSITION_PROBABILITY][:done]
    contrast = signals[CONTRAST][:done]
    seams: list[Seam] = []
    runs = _runs(cut > rule.cut_threshold)
    spans = _runs((transition > rule.transition_threshold) | (cut > rule.cut_threshold))
    at = 0
    for start, end in spans:
        inside = []
        while at < len(runs) and runs[at][0] < end:
            inside.append(runs[at])
            at += 1
        if end == done < signals.frame_count:
            break
        seams += [
            _seam(out, into, cut, contrast, rule)
            for out, into in _shares(start, end, inside)
            if out >= 0 and into < signals.frame_count
        ]
    return seams


def _runs(over: np.typing.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open ranges of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], over, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _shares(start: int, end: int, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The (out, in) frames of each run in the many-hot span [start, end), which they share between them."""
    borders = [start, *((a[1] + b[0]) // 2 for a, b in pairwise(runs)), end]
    return [(borders[k], borders[k + 1]) for k in range(len(runs))]


def _seam(out: int, into: int, cut: FloatArray, contrast: FloatArray, rule: SeamRule) -> Seam:
    confidence = float(np.clip(cut[out:into].max(), 0, 1))
    if into == out + 1:
        return Seam(out, into, SeamKind.CUT, confidence)
    blank = contrast[out + 1 : into].min() < rule.blank_contrast
    return Seam(out, into, SeamKind.FADE if blank else SeamKind.DISSOLVE, confidence)
