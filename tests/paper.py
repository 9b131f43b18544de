"""Networks of paper for the tests: they cost nothing, and what they see can be told beforehand.

With all of them in place, every frame's confidence is the probability that the stand-in for TransNetV2 gives,
whatever weights come with Seamline.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seamline.errors import Cancelled
from seamline.models.seam_evidence import LUMA_SPANS

Floats = NDArray[np.float32]

_STILL_CELLS = 5  # rows 10 and 11
_CHANGE = 0.1  # some two levels of 255
_CUT = 1


class PaperTransNetV2:
    """Stands for TransNetV2: a picture's probability is how far the next one's colour lies from its own.

    Like the real one, it does not answer once the job is cancelled.
    """

    device = "paper"

    def __init__(self) -> None:
        self.windows = 0
        self.before_window: Callable[[int], None] = lambda number: None

    def predict(self, pictures: NDArray[np.uint8], *, progress: Any = None) -> tuple[Floats, Floats]:
        self.before_window(self.windows)
        self.windows += 1
        cancelled = threading.Event()
        if progress is not None:
            progress.on_cancel(cancelled.set)()
        if cancelled.is_set():
            raise Cancelled
        still = pictures[:, 10:13]  # between the barcode and the bar that moves
        colour = still.astype(np.float32).mean((1, 2))
        single = np.zeros(len(colour), np.float32)
        single[:-1] = np.clip(np.abs(np.diff(colour, axis=0)).max(1) / 20, 0, 1)
        return single, single / np.float32(2)


class PaperSeamNet:
    """Stands for Seamline's seam network, which takes the bars of test films for seams: it is in doubt, so that
    TransNetV2's stand-in is asked, wherever the rows that that one looks at change."""

    def predict(self, maps: Floats, *, progress: Any = None) -> tuple[Floats, Floats]:
        luma, colour = 0, len(LUMA_SPANS)  # the maps of neighbouring frames
        steps = maps[:, [luma, colour], _STILL_CELLS].mean(-1).max(1)
        classes = np.zeros((len(maps), 5), np.float32)
        classes[steps > _CHANGE, _CUT] = 0.6
        return classes, np.zeros(len(maps), np.float32)


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
