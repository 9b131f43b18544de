"""From curves to seams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seamline.analysis.candidates import Candidate, find_candidates, known_curves
from seamline.analysis.confidence import SeamModel
from seamline.analysis.seam_features import FEATURES, NEAR_FRAMES, seam_features
from seamline.analysis.signals import Signals
from seamline.analysis.stage import FloatArray
from seamline.models.seam_model import shipped_weights
from seamline.project.types import USUAL_THRESHOLD, Seam


@dataclass(frozen=True, slots=True)
class SeamRule:
    """What counts as a seam: a candidate that is at least this likely to be one, 0 to 1."""

    confidence: float = USUAL_THRESHOLD


@dataclass(frozen=True, eq=False, slots=True)
class Proposals:
    """All that may be a seam in the analysed part of a film.

    `features`: float32[n, 15], a row a candidate, see `seam_features`; `confidence`: float32[n], 0 to 1.
    """

    candidates: tuple[Candidate, ...]
    features: FloatArray
    confidence: FloatArray

    def seams(self, rule: SeamRule | None = None) -> list[Seam]:
        """Those that the rule takes for seams, in order."""
        least = (rule or SeamRule()).confidence
        return [
            Seam(candidate.out_frame, candidate.in_frame, candidate.kind, float(confidence))
            for candidate, confidence in zip(self.candidates, self.confidence, strict=True)
            if confidence >= least
        ]


def propose(signals: Signals, model: SeamModel | None = None) -> Proposals:
    """The candidates in the analysed part of the film, judged by `model` (the one that comes with Seamline).

    Whatever lies within a second of the end of the analysed part waits until what comes behind it is known.
    """
    curves = known_curves(signals)
    found = () if curves is None else find_candidates(curves)
    end = 0 if curves is None else len(curves.cut)
    if end < signals.frame_count:
        end -= NEAR_FRAMES
    candidates = tuple(candidate for candidate in found if candidate.in_frame < end)
    if curves is None or not candidates:
        return Proposals((), np.empty((0, len(FEATURES)), np.float32), np.empty(0, np.float32))
    features = seam_features(curves, candidates)
    model = model or shipped_model()
    return Proposals(candidates, features, model.confidence(features, candidates))


def find_seams(signals: Signals, rule: SeamRule | None = None, model: SeamModel | None = None) -> list[Seam]:
    """The seams in the analysed part of the film, in order."""
    return propose(signals, model).seams(rule)


def shipped_model() -> SeamModel:
    """The model that comes with Seamline."""
    return SeamModel(shipped_weights())
