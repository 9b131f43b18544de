"""Networks of paper for the tests: they cost nothing, and what they see can be told beforehand.

With all of them in place, every frame's confidence is the probability that the stand-in for TransNetV2 gives,
whatever weights come with Seamline.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class PaperTransNetV2:
    """Stands for TransNetV2: a picture's probability is how far the next one's colour lies from its own."""

    device = "paper"

    def __init__(self) -> None:
        self.windows = 0
        self.before_window: Callable[[int], None] = lambda number: None

    def predict(self, pictures: NDArray[np.uint8], *, progress: Any = None) -> tuple[Floats, Floats]:
        self.before_window(self.windows)
        self.windows += 1
        still = pictures[:, 10:13]  # between the barcode and the bar that moves
        colour = still.astype(np.float32).mean((1, 2))
        single = np.zeros(len(colour), np.float32)
        single[:-1] = np.clip(np.abs(np.diff(colour, axis=0)).max(1) / 20, 0, 1)
        return single, single / np.float32(2)


class PaperSeamNet:
    """Stands for Seamline's seam network, which takes the bars of test films for seams: it sees nothing."""

    def predict(self, maps: Floats, *, progress: Any = None) -> tuple[Floats, Floats]:
        return np.zeros((len(maps), 5), np.float32), np.zeros(len(maps), np.float32)


def paper_weights() -> NDArray[np.float64]:
    """A model whose confidence is TransNetV2's probability of a cut."""
    from seamline.analysis.seam_features import FEATURES

    weights = np.zeros((2, len(FEATURES) + 1))
    weights[:, FEATURES.index("cut probability")] = 1
    return weights


def put_seam_judgement(put: Callable[[Any, str, Any], None]) -> None:
    """Have analyses judge by TransNetV2 alone; `put` is `setattr`, or a monkeypatch's."""
    from seamline.analysis import analyze, proposals

    put(analyze, "SeamNetSession", PaperSeamNet)
    put(proposals, "shipped_weights", paper_weights)


def put_networks(put: Callable[[Any, str, Any], None], network: Any) -> None:
    """Have analyses run on `network` instead of TransNetV2, and judge by it alone."""
    from seamline.analysis import analyze

    put(analyze, "open_session", lambda card, **options: network)
    put_seam_judgement(put)
