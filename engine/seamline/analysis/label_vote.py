"""One label out of two witnesses: what the camera geometry and the figures measure, and what the network says.

The network's word counts for as much as its published figures allow. Of the shots of class k, it recognised the
share r_k (the model card's class-wise accuracies, which are recalls); how the rest was mistaken is not published and
taken as even. So the evidence of its probabilities p for class k is

    e_k = sum over j of p_j * (r_k if j = k else (1 - r_k) / (K - 1)).

Seamline's own label with confidence c says c for its class and (1 - c) / (K - 1) for each other. The two err for
different reasons, so they count as independent: the vote for k is the product, scaled to a sum of 1. The class with
the most is the label if it has half of the votes or more, else the shot is left unsure. Where Seamline itself has
looked at nothing, or is unsure, the class with the greatest p_k * r_k stands alone, with that as its confidence; if
this is half or more, it is the network's own best class too, as no r_k is above 1.

Movement is bound by more: geometry measures pushes and pulls, the network misses a third and more of them. Where
geometry has said anything at all, the network's pushes and pulls do not count, and it takes back none of geometry's.

The figures are the published ones, of MovieShots' test set; this vote has not been measured with the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from seamline.models.videomae_classes import MOVEMENTS, SCALES
from seamline.project.labels import Label, Movement, PublishedMovement, ShotLabels, ShotScale

Probabilities = NDArray[np.float32]
Floats = NDArray[np.float64]

SCALE_RECALL = (0.9092, 0.832, 0.85, 0.8971, 0.9455)
MOVEMENT_RECALL = (0.946, 0.877, 0.575, 0.6682)
"""In the order of `videomae_classes`, from the model card at the revision in `videomae_card`."""
DECIDED = 0.5
_GREATEST = 0.99
"""Of a confidence: nobody is so sure that nothing said against it counts."""
_SUM_TOLERANCE = 1e-3
_WEAK = (PublishedMovement.PULL, PublishedMovement.PUSH)
_PLAIN = {
    PublishedMovement.STATIC: Movement.STATIC,
    PublishedMovement.MOTION: Movement.MIXED,  # it moves; how, nobody has measured
    PublishedMovement.PULL: Movement.PULL,
    PublishedMovement.PUSH: Movement.PUSH,
}

_Class = TypeVar("_Class", ShotScale, PublishedMovement)


def voted(labels: ShotLabels, scale_p: Probabilities, movement_p: Probabilities) -> ShotLabels:
    """The shot's labels after the network has voted; `labels` are what was measured, or the editor's own.

    `scale_p`, `movement_p`: float32[5] and float32[4], of `VideoMAESession.probabilities`. An editor's label stays
    as it is. Where something was not looked at (None), the network speaks alone.
    """
    return replace(
        labels, scale=_scale(labels.scale, scale_p), movement=_movement(labels.movement, movement_p)
    )


def _scale(measured: Label[ShotScale] | None, probabilities: Probabilities) -> Label[ShotScale]:
    if measured is not None and measured.is_user:
        return measured
    evidence = _evidence(probabilities, SCALE_RECALL)
    if measured is None or measured.value is None:
        return Label(*_alone(probabilities, SCALE_RECALL, SCALES))
    votes = evidence * _word(measured.value, measured.confidence, SCALES)
    return Label(*_decision(votes / votes.sum(), SCALES))


def _movement(measured: Label[Movement] | None, probabilities: Probabilities) -> Label[Movement]:
    if measured is not None and measured.is_user:
        return measured
    evidence = _evidence(probabilities, MOVEMENT_RECALL)
    if measured is None or measured.value is None:
        value, confidence = _alone(probabilities, MOVEMENT_RECALL, MOVEMENTS)
        return Label(None if value is None else _PLAIN[value], confidence)
    said = MOVEMENTS[int(np.argmax(probabilities))]
    own = measured.value.published
    if said in _WEAK and said != own:
        return measured
    votes = evidence * _word(own, measured.confidence, MOVEMENTS)
    shares = votes / votes.sum()
    if own == said or own in _WEAK:
        return replace(measured, confidence=float(shares[MOVEMENTS.index(own)]))
    value, confidence = _decision(shares, MOVEMENTS)
    if value == own:
        return replace(measured, confidence=confidence)
    return Label(None if value is None else _PLAIN[value], confidence)


def _evidence(probabilities: Probabilities, recall: Sequence[float]) -> Floats:
    """How well what the network says fits each class being the true one, float64[K]."""
    said = np.asarray(probabilities, np.float64)
    is_sound = said.shape == (len(recall),) and bool(np.isfinite(said).all()) and bool((said >= 0).all())
    if not is_sound or abs(said.sum() - 1) > _SUM_TOLERANCE:
        raise ValueError(f"need {len(recall)} probabilities that add up to 1, not {probabilities}")
    right = np.array(recall)
    evidence: Floats = said * right + (1 - said) * (1 - right) / (len(recall) - 1)
    return evidence


def _word(value: _Class, confidence: float, classes: Sequence[_Class]) -> Floats:
    """What was measured, as a share for each class, float64[K]."""
    count = len(classes)
    own = min(max(confidence, 1 / count), _GREATEST)
    shares = np.full(count, (1 - own) / (count - 1))
    shares[classes.index(value)] = own
    return shares


def _alone(
    probabilities: Probabilities, recall: Sequence[float], classes: Sequence[_Class]
) -> tuple[_Class | None, float]:
    """What the network's word alone is worth."""
    return _decision(np.asarray(probabilities, np.float64) * np.array(recall), classes)


def _decision(shares: Floats, classes: Sequence[_Class]) -> tuple[_Class | None, float]:
    """The class with the greatest share, and that share; None where it is less than half."""
    best = int(np.argmax(shares))
    share = float(min(shares[best], 1.0))
    return (classes[best] if share >= DECIDED else None), share
