"""Searching by words without a network that knows words: ConSE, as published.

Norouzi et al., Zero-shot learning by convex combination of semantic embeddings, ICLR 2014, arXiv:1312.5650, section 3:
a picture lies where the names of its T likeliest classes lie, weighed by their probabilities; what is asked for is
compared with it by the cosine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec, l2_normalised
from seamline.models.image_classes import ImageClass, image_classes
from seamline.models.image_classes_layer import ClassLayer
from seamline.models.word_vectors import DIMENSION, WordVectors
from seamline.models.word_vectors_card import WORD_VECTORS

Floats = NDArray[np.float32]

PUBLISHED_CLASSES: Final = 10
"""The paper's best T on ImageNet (tables 2 and 3)."""

CONSE = EncoderSpec(
    "conse",
    f"{EFFICIENTNET_LITE0_ENCODER.key} conse 1 {WORD_VECTORS.sha256}",
    EFFICIENTNET_LITE0_ENCODER.picture_size,
    DIMENSION,
)


class Conse:
    """The space of word vectors, with the built-in encoder's pictures in it."""

    spec = CONSE

    def __init__(
        self,
        layer: ClassLayer,
        words: WordVectors,
        *,
        classes: Sequence[ImageClass] | None = None,
        most_classes: int = PUBLISHED_CLASSES,
    ) -> None:
        self._layer = layer
        self._words = words
        self._most = most_classes
        # of a class with several names the mean, as a picture cannot tell which of them is meant
        self._names = l2_normalised(
            np.stack([words.encode(each.names).mean(axis=0) for each in classes or image_classes()])
        )

    def of_embeddings(self, embeddings: Floats) -> Floats:
        """float32[N, 256] of length 1 each, for the built-in encoder's, float32[N, 1280]."""
        return l2_normalised(self.combined(self._layer.probabilities(embeddings)))

    def combined(self, probabilities: Floats) -> Floats:
        """The convex combinations themselves: float32[N, 256] for float32[N, classes]."""
        if len(probabilities) == 0:
            return np.empty((0, self._names.shape[1]), np.float32)
        most = min(self._most, probabilities.shape[1])
        best = np.argpartition(-probabilities, most - 1, axis=1)[:, :most]
        weights = np.take_along_axis(probabilities, best, axis=1)
        weights /= weights.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("nt,ntd->nd", weights, self._names[best]), np.float32)

    def of_texts(self, texts: Sequence[str]) -> Floats:
        """float32[N, 256] of length 1 each. Raises ModelError for words of which nothing is known."""
        return self._words.encode(texts)
