"""Vectors of the built-in encoder in the space that words are in, without a decode."""

from __future__ import annotations

import numpy as np
import pytest

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.label_vectors import conse_vectors
from seamline.models.conse_classes import LABEL_VECTORS, class_directions
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, l2_normalised
from seamline.models.image_classes_layer import open_class_layer


def vectors_of(count: int, key: str = EFFICIENTNET_LITE0_ENCODER.key) -> FrameVectors:
    values = np.abs(np.random.default_rng(1).normal(size=(count, 1280))).astype(np.float32)
    return FrameVectors(key, np.arange(count, dtype=np.int64) * 7, l2_normalised(values))


def test_the_frames_stay_and_the_vectors_are_those_of_the_classes() -> None:
    built_in = vectors_of(4)
    found = conse_vectors(built_in)
    assert found.encoder_key == LABEL_VECTORS.key
    assert found.frames.tolist() == [0, 7, 14, 21]
    np.testing.assert_allclose(
        found.vectors, class_directions(open_class_layer(), built_in.vectors), atol=1e-6
    )


def test_no_frames_give_no_vectors() -> None:
    assert conse_vectors(vectors_of(0)).vectors.shape == (0, LABEL_VECTORS.dimension)


def test_vectors_of_another_encoder_are_refused() -> None:
    with pytest.raises(ValueError, match="built-in"):
        conse_vectors(vectors_of(2, "another"))
