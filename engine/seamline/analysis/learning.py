"""What the editor's decisions teach about a film: its proposals, judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from seamline.analysis.candidates import Candidate
from seamline.analysis.confidence import SeamModel
from seamline.analysis.proposals import Proposals, SeamRule, shipped_model
from seamline.analysis.stage import FloatArray
from seamline.project.types import Decision, Seam

STIFFNESS = 1.0
"""How firmly the model holds to what it knew before the film, its features scaled to vary by 1 within the film.

Chosen by simulated reviews of drawn films: lower values left more to be added by hand.
"""
ASKED_DOUBT = 0.2
"""With less doubt, over .9 or under .1, a place is not worth asking about: in the clips with truth all of the former
were seams, and none of the latter."""
_FAINT_DOUBT = 0.1
KEPT_CONFIDENCE = 0.9
"""What the model that comes with Seamline is that sure of is not lost by decisions about other places. Of 202
candidates in the clips with truth, all of that confidence were seams."""
_LEAST_SPREAD = 0.3
_REACH_FRAMES = 2
_NEAR_FRAMES = 12


def doubt(confidence: float) -> float:
    """How open a question is: 1 at a confidence of .5, 0 at 0 and 1."""
    return 1 - abs(2 * confidence - 1)


def by_doubt(seams: Iterable[Seam]) -> list[Seam]:
    """The seams that are worth asking about, the most doubtful first; among equals, in the film's order."""
    open_ones = [seam for seam in seams if doubt(seam.confidence) >= ASKED_DOUBT]
    return sorted(open_ones, key=lambda seam: (-doubt(seam.confidence), seam.out_frame))


def learned(
    proposals: Proposals,
    decisions: Sequence[Decision],
    model: SeamModel | None = None,
    *,
    stiffness: float = STIFFNESS,
    rule: SeamRule | None = None,
) -> Proposals:
    """The same candidates, judged by `model` (the one that comes with Seamline) moved towards the decisions.

    Depends on nothing else: without decisions these are the model's own confidences, and one that is taken back
    has left no trace. What was decided about keeps the confidence it has, so that it is there again at once
    when the decision is taken back.

    An editor decides about what is proposed, and most of that is right. So that this raises nothing that
    was never shown, candidates under the rule by which it was shown speak for what the model thinks of them
    while they are undecided. So that it takes away nothing that is sure, confidences of `KEPT_CONFIDENCE` and more
    only rise.
    """
    taught = lessons(proposals.candidates, decisions)
    if not taught:
        return proposals
    before = model or shipped_model()
    scale = _Scale(proposals.features)
    features, own = (
        scale.scaled(proposals.features),
        before.confidence(proposals.features, proposals.candidates),
    )
    never_shown = np.flatnonzero(own < (rule or SeamRule()).confidence)
    targets = {int(row): float(own[row]) for row in never_shown} | taught
    rows = sorted(targets)
    fitted = scale.scaled_model(before).fitted(
        features[rows],
        [proposals.candidates[row] for row in rows],
        [targets[row] for row in rows],
        stiffness=stiffness,
    )
    confidence = fitted.confidence(features, proposals.candidates)
    # an editor also deletes what is a seam, to join shots: that shall not cost another one that is sure
    confidence = np.where(own >= KEPT_CONFIDENCE, np.maximum(own, confidence), confidence)
    decided = sorted(taught)
    confidence[decided] = proposals.confidence[decided]
    return replace(proposals, confidence=confidence)


def lessons(candidates: Sequence[Candidate], decisions: Sequence[Decision]) -> dict[int, bool]:
    """By number, the candidates that the decisions speak about, and whether each is a seam.

    A seam that the editor has is the candidate nearest to it, within 2 frames. One that was rejected, or moved
    to another candidate or further than half a second or so, was none where it had been proposed. A seam that
    was added where there is no candidate teaches nothing.
    """
    places = _Places(candidates)
    rejected: set[int] = set()
    found: set[int] = set()
    for decision in decisions:
        before = [] if decision.before is None else places.under(decision.before)
        if decision.after is None:
            rejected.update(before)
            continue
        nearest = places.nearest(decision.after)
        if nearest is not None:
            found.add(nearest)
            rejected.update(before)
        elif decision.before is not None and _is_near(decision.before, decision.after):
            found.update(before)
        else:
            rejected.update(before)
    # what a later decision put where an earlier one had found nothing is a seam
    return {number: number in found for number in found | rejected}


def faint_seams(proposals: Proposals, rule: SeamRule | None = None) -> tuple[Seam, ...]:
    """The candidates that the rule just does not take for seams, in order: perhaps they are some."""
    most = (rule or SeamRule()).confidence
    return tuple(
        Seam(candidate.out_frame, candidate.in_frame, candidate.kind, float(confidence))
        for candidate, confidence in zip(proposals.candidates, proposals.confidence, strict=True)
        if confidence < most and doubt(float(confidence)) >= _FAINT_DOUBT
    )


def _is_near(before: Seam, after: Seam) -> bool:
    return (
        after.out_frame - before.in_frame <= _NEAR_FRAMES
        and before.out_frame - after.in_frame <= _NEAR_FRAMES
    )


class _Scale:
    """Features in units of how much they vary within the film, so that one stiffness suits all of them."""

    def __init__(self, features: FloatArray) -> None:
        self._mean = features.mean(0)
        self._spread = np.maximum(features.std(0), _LEAST_SPREAD)

    def scaled(self, features: FloatArray) -> FloatArray:
        scaled: FloatArray = (features - self._mean) / self._spread
        return scaled

    def scaled_model(self, model: SeamModel) -> SeamModel:
        """The model that says of scaled features what `model` says of plain ones."""
        slopes, constant = model.weights[:, :-1], model.weights[:, -1:]
        return SeamModel(np.hstack([slopes * self._spread, constant + slopes @ self._mean[:, np.newaxis]]))


class _Places:
    """Where the candidates lie, for asking what lies at a seam."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._out = np.array([candidate.out_frame for candidate in candidates], np.int64)
        self._in = np.array([candidate.in_frame for candidate in candidates], np.int64)

    def under(self, seam: Seam, reach_frames: int = 0) -> list[int]:
        """Those that share a frame of the seam, or come as near as `reach_frames`."""
        starts_before = self._out < seam.in_frame + reach_frames
        ends_after = self._in > seam.out_frame - reach_frames
        return [int(number) for number in np.flatnonzero(starts_before & ends_after)]

    def nearest(self, seam: Seam) -> int | None:
        """The one whose middle is nearest to the seam's, of those within reach."""
        middle = seam.out_frame + seam.in_frame
        return min(
            self.under(seam, _REACH_FRAMES),
            key=lambda number: (abs(int(self._out[number] + self._in[number]) - middle), number),
            default=None,
        )
