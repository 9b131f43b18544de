"""Embeddings of the built-in encoder as vectors that words can be compared with, without a decode."""

from __future__ import annotations

import functools

from seamline.analysis.frame_vectors import FrameVectors
from seamline.models.conse_classes import LABEL_VECTORS, class_directions
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.models.image_classes_layer import ClassLayer, open_class_layer


def conse_vectors(embeddings: FrameVectors) -> FrameVectors:
    """The same frames in the space of the encoder “label-vectors”, float32[n, 1000] of length 1 each.

    10,000 frames take about a second. Raises ModelError when the built-in encoder is not installed; ValueError
    for vectors of another encoder.
    """
    if embeddings.encoder_key != EFFICIENTNET_LITE0_ENCODER.key:
        raise ValueError(f"need vectors of the built-in encoder, not of “{embeddings.encoder_key}”")
    vectors = class_directions(_layer(), embeddings.vectors)
    return FrameVectors(LABEL_VECTORS.key, embeddings.frames, vectors)


@functools.cache
def _layer() -> ClassLayer:
    return open_class_layer()
