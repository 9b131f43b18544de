"""The segmentation on what the encoder that comes with Seamline really says of drawn scenes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from seamline.analysis.segmentation import FilmContent, SegmentationSettings, segment_film
from seamline.analysis.successor import Sampling, SuccessorMethod
from seamline.evaluation.synthetic_drawn import DrawnSource
from seamline.models.encoder import open_efficientnet

EVERY = 8
SCENES = (("landscape", 80), ("city", 64), ("talker", 96))


@pytest.fixture(scope="module")
def content() -> FilmContent:
    """Three scenes in a row, 12 s at 20 frames a second: each eighth frame, through the network."""
    pictures = []
    for seed, (kind, frames) in enumerate(SCENES):
        source = DrawnSource(seed, frames, kind=kind)
        pictures.append(source.frames(range(0, frames, EVERY), (224, 224)))
    shown = np.concatenate(pictures)
    sampling = Sampling(sum(frames for _, frames in SCENES), EVERY, Fraction(20))
    embeddings = open_efficientnet(threads=1).encode(shown)
    return FilmContent(sampling, embeddings, shown.mean((1, 2, 3)).astype(np.float32))


@pytest.mark.parametrize(
    "method", [SuccessorMethod.PIPELINE, SuccessorMethod.NOTEBOOK, SuccessorMethod.SURVEYOR]
)
def test_scenes_are_segments(content: FilmContent, method: SuccessorMethod) -> None:
    found = segment_film(content, SegmentationSettings(method))
    starts = [segment.start_frame for segment in found.segments]
    assert starts == pytest.approx([0, 80, 144], abs=EVERY // 2)
    for segment, keyframes in zip(found.segments, found.keyframes, strict=True):
        assert 2 <= len(keyframes) <= 4
        assert all(segment.start_frame <= key.frame < segment.end_frame for key in keyframes)
