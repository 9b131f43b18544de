"""What is measured at a candidate, for deciding whether it is a seam."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seamline.analysis.candidates import BLANK_CONTRAST, Candidate, Curves
from seamline.analysis.stage import FloatArray
from seamline.project.types import SeamKind

FEATURES = (
    "evidence peak",
    "evidence mean",
    "middle peak",
    "cut probability",
    "transition probability",
    "transition mean",
    "step",
    "smoothness",
    "length",
    "neighbours",
    "blank",
    "is wipe",
    "is fade",
    "relighting",
    "displacement",
)
NEAR_FRAMES = 25
"""How far around a candidate others count as its neighbours."""
_AROUND_FRAMES = 12
_MOST_LOGIT = 6.0


def seam_features(curves: Curves, candidates: Sequence[Candidate]) -> FloatArray:
    """float32[n, 15], a row of `FEATURES` for each candidate, of about -6 to 6 each.

    Probabilities as logits; `step`: how much more the picture changes here than around, in powers of e;
    `smoothness`: median similarity of neighbouring frames inside, as a logit; `length`: gaps, in powers of 2;
    `relighting`: how much of its largest step is another light on the same picture, 0 to 1;
    `displacement`: the median share of its changes that is a shift or zoom of the whole picture, 0 to 1;
    `neighbours`: how many candidates lie within a second, in powers of 2; `blank`: 1 if a nearly blank
    picture lies inside.
    """
    evidence = curves.evidence
    middles = np.array([(c.out_frame + c.in_frame) / 2 for c in candidates])
    rows = np.empty((len(candidates), len(FEATURES)), np.float32)
    for row, candidate in enumerate(candidates):
        a, b = candidate.out_frame, candidate.in_frame
        inside, nearly = slice(a, b), slice(max(0, a - 2), b + 2)
        changes = 1 - curves.similarity[a + 1 : b + 1]
        around = 1 - curves.similarity[max(1, a + 1 - _AROUND_FRAMES) : b + 1 + _AROUND_FRAMES]
        first, last = np.searchsorted(middles, (middles[row] - NEAR_FRAMES, middles[row] + NEAR_FRAMES))
        rows[row] = (
            _logit(evidence[inside].max()),
            _logit(evidence[inside].mean()),
            _logit(curves.middle[nearly].max()),
            _logit(curves.cut[nearly].max()),
            _logit(curves.transition[nearly].max()),
            _logit(curves.transition[inside].mean()),
            np.log((changes.max() + 1e-3) / (np.median(around) + 1e-3)),
            _logit(np.median(1 - changes)),
            np.log2(b - a),
            np.log2(max(1, last - first)),
            float(curves.contrast[a : b + 1].min() < 2 * BLANK_CONTRAST),
            float(candidate.kind is SeamKind.WIPE),
            float(candidate.kind is SeamKind.FADE),
            float(curves.relighting[a + 1 + int(changes.argmax())]),
            float(np.median(curves.displacement[a + 1 : b + 1])),
        )
    return rows


def _logit(probability: np.floating) -> float:
    p = min(max(float(probability), 1e-4), 1 - 1e-4)
    return float(np.clip(np.log(p / (1 - p)), -_MOST_LOGIT, _MOST_LOGIT))
