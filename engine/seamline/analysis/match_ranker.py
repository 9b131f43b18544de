"""How likely somebody would call a pair of shots a match cut, by the features of the pair."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_features import PAIR_FEATURES
from seamline.errors import ModelError

FORMAT = 1
FILE_NAME = "match_ranker.json"
SCORE_INPUTS = ("frame", "motion", "either")
"""Logits: of a frame match, of a motion match, and the logarithm of the sum of both odds."""

Array = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MatchRanker:
    """Three logistic models: `frame` and `motion`, float64[features + 1] over PAIR_FEATURES, the constant last, and
    `score`, float64[4], over SCORE_INPUTS. Raises ModelError for weights that are none."""

    frame: Floats
    motion: Floats
    score: Floats

    def __post_init__(self) -> None:
        wanted = len(PAIR_FEATURES) + 1, len(PAIR_FEATURES) + 1, len(SCORE_INPUTS) + 1
        weights = self.frame, self.motion, self.score
        if tuple(len(each) for each in weights) != wanted or not all(np.isfinite(w).all() for w in weights):
            raise ModelError(
                f"The weights that rank match cuts need {wanted} numbers: install Seamline again, or fit them anew."
            )

    def scores(self, features: Array) -> tuple[Array, Array, Array]:
        """By composition alone, by motion alone, and in all: float32[n] each, 0 to 1, of float32[n, features]."""
        frame, motion = self.logits(features)
        score = self.score_inputs(frame, motion) @ self.score[:-1] + self.score[-1]
        return _logistic(frame), _logistic(motion), _logistic(score)

    def logits(self, features: Array) -> tuple[Floats, Floats]:
        """float64[n] each, of a frame match and of a motion match."""
        values = np.asarray(features, np.float64)
        return values @ self.frame[:-1] + self.frame[-1], values @ self.motion[:-1] + self.motion[-1]

    @staticmethod
    def score_inputs(frame: Floats, motion: Floats) -> Floats:
        """float64[n, 3], SCORE_INPUTS of the two logits."""
        return np.stack([frame, motion, np.logaddexp(frame, motion)], axis=1)

    def to_json(self, **about: Any) -> str:
        """What `read_ranker` reads; `about` is written beside it."""
        features = (*PAIR_FEATURES, "constant")
        values = {
            "format": FORMAT,
            **about,
            "frame": dict(zip(features, map(float, self.frame), strict=True)),
            "motion": dict(zip(features, map(float, self.motion), strict=True)),
            "score": dict(zip((*SCORE_INPUTS, "constant"), map(float, self.score), strict=True)),
        }
        return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def ranker_of(values: Mapping[str, Any]) -> MatchRanker:
    """Of what `to_json` wrote: features that are not named weigh nothing. Raises ModelError."""
    try:
        if values["format"] != FORMAT:
            raise ValueError(f"format {values['format']}")
        named = [dict(values[name]) for name in ("frame", "motion", "score")]
        known = (*PAIR_FEATURES, "constant"), (*PAIR_FEATURES, "constant"), (*SCORE_INPUTS, "constant")
        for weights, names in zip(named, known, strict=True):
            if unknown := set(weights) - set(names):
                raise ValueError(f"no such feature: {min(unknown)}")
            if not all(math.isfinite(float(weight)) for weight in weights.values()):
                raise ValueError("a weight is no number")
        frame, motion, score = (
            np.array([float(weights.get(name, 0.0)) for name in names])
            for weights, names in zip(named, known, strict=True)
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"The weights that rank match cuts cannot be used ({error}): install Seamline again, or fit them anew."
        ) from error
    return MatchRanker(frame, motion, score)


def read_ranker(path: Path) -> MatchRanker:
    """Raises ModelError, also where there is no such file."""
    try:
        return ranker_of(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise ModelError(f"“{path.name}” cannot be read: {error}.") from error


@lru_cache(maxsize=1)
def shipped_ranker() -> MatchRanker:
    """The one that comes with the program. Fitted by `seamline.training.match_ranker_fitting`."""
    text = (resources.files("seamline.models") / "weights" / FILE_NAME).read_text("utf-8")
    return ranker_of(json.loads(text))


def _logistic(logits: Floats) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -60, 60))), np.float32)
