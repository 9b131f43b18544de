"""The weights of the model that decides what is a seam; they come with the program."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=1)
def shipped_weights() -> NDArray[np.float64]:
    """float64[2, features + 1]: for cuts and for gradual seams, the constant last. Made by `seamline.training`."""
    text = (resources.files("seamline.models") / "weights" / "seam_model.json").read_text("utf-8")
    weights = np.array(json.loads(text)["weights"], np.float64)
    weights.flags.writeable = False
    return weights
