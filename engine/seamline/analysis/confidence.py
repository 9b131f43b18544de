"""How sure it is that a candidate is a seam: logistic regression on its features, fitted anew to a film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.candidates import Candidate
from seamline.analysis.seam_features import FEATURES
from seamline.analysis.stage import FloatArray

_ROUNDS = 30
_SETTLED = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class SeamModel:
    """Two logistic regressions over `FEATURES` and a constant: for cuts, and for gradual seams.

    `weights`: float64[2, 16]. Which row a candidate goes by is its own `is_gradual`.
    """

    weights: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.weights.shape != (2, len(FEATURES) + 1):
            raise ValueError(f"weights must be [2, {len(FEATURES) + 1}], not {list(self.weights.shape)}")

    def confidence(self, features: FloatArray, candidates: Sequence[Candidate]) -> FloatArray:
        """The probability that each candidate is a seam, float32[n]; `features` are its `seam_features`."""
        rows = self.weights[[int(candidate.is_gradual) for candidate in candidates]]
        return _sigmoid((_with_constant(features) * rows).sum(1)).astype(np.float32)

    def fitted(
        self,
        features: FloatArray,
        candidates: Sequence[Candidate],
        is_seam: Sequence[float],
        *,
        stiffness: float,
    ) -> SeamModel:
        """This model moved towards decisions that were made about some candidates: 1 for a seam, 0 for none, or how
        likely it is.

        The most likely weights (maximum a posteriori) when those of this model are what is known before, each
        with a variance of 1 / `stiffness`: few decisions move it
        little, many as
        far as they agree.
        """
        if len(is_seam) == 0:
            return self
        inputs = _with_constant(features)
        target = np.asarray(is_seam, np.float64)
        rows = np.array([int(candidate.is_gradual) for candidate in candidates])
        fitted = [
            _most_likely(inputs[rows == row], target[rows == row], before, stiffness)
            for row, before in enumerate(self.weights)
        ]
        return SeamModel(np.stack(fitted))


def _most_likely(
    inputs: NDArray[np.float64], target: NDArray[np.float64], before: NDArray[np.float64], stiffness: float
) -> NDArray[np.float64]:
    """Newton's method; the penalty makes the curvature positive, so that it always has one step to go."""
    weights = before.copy()
    if len(target) == 0:
        return weights
    for _ in range(_ROUNDS):
        probability = _sigmoid(inputs @ weights)
        slope = inputs.T @ (probability - target) + stiffness * (weights - before)
        curvature = (inputs * (probability * (1 - probability))[:, np.newaxis]).T @ inputs
        step = np.linalg.solve(curvature + stiffness * np.eye(len(weights)), slope)
        weights -= np.clip(step, -2, 2)
        if np.abs(step).max() < _SETTLED:
            break
    return weights


def _with_constant(features: FloatArray) -> NDArray[np.float64]:
    return np.concatenate([features.astype(np.float64), np.ones((len(features), 1))], axis=1)


def _sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -40, 40))))
