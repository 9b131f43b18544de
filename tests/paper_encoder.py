"""An encoder that costs nothing: it sees the mean colour of a picture's upper half, and knows the names of colours."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from seamline.errors import ModelError
from seamline.models.encoder import Embeddings, EncoderSpec, l2_normalised
from seamline.models.encoders import EncoderChoice
from seamline.progress import Progress

SPEC = EncoderSpec("paper", "paper 1", (16, 16), 3)
COLOURS = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}


class PaperEncoder:
    """Waits at `gate` before each batch, as far as it is not told to stop."""

    spec = SPEC
    device = "paper"

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.seen = 0
        self.opened = 0

    def encode(self, pictures: np.ndarray[Any, Any], *, progress: Progress | None = None) -> Embeddings:
        while not self.gate.wait(0.01):
            if progress is not None:
                progress.step(0, 1)
        self.seen += len(pictures)
        return self.of_colour(pictures[:, 5:8].reshape(len(pictures), -1, 3).mean(axis=1))

    def encode_texts(self, texts: Sequence[str], *, progress: Progress | None = None) -> Embeddings:
        known = [COLOURS[text] for text in texts if text in COLOURS]
        if len(known) < len(texts):
            raise ModelError(f"Nothing is known of “{texts[0]}”: use the name of a colour.")
        return l2_normalised(np.array(known, np.float32) - 1 / 3)

    def of_colour(self, colours: np.ndarray[Any, Any]) -> Embeddings:
        """float32[n, 3] of length 1 for such colours, 0 to 255: how far each channel is over their mean."""
        values = colours.astype(np.float32)
        return l2_normalised(values - values.mean(axis=1, keepdims=True) + 1e-3)

    def choice(self, *, knows_words: bool = True) -> EncoderChoice:
        """It as one of those that are installed."""

        def open_it(*_: object) -> PaperEncoder:
            self.opened += 1
            return self

        return EncoderChoice("paper", "Paper", (), lambda: SPEC, open_it, open_it if knows_words else None)
