"""What else is taken from the one decode, besides what the seams need."""

from __future__ import annotations

from pathlib import Path

from seamline.analysis.embeddings import EmbeddingStage, embedding_signal
from seamline.analysis.motion_stage import MotionStage
from seamline.analysis.stage import Stage
from seamline.analysis.thumbnails_stage import ThumbnailStage
from seamline.media.film import Film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, open_efficientnet

EMBEDDING = embedding_signal(EFFICIENTNET_LITE0_ENCODER.id)
"""The signal that the built-in encoder gives."""


def embedding_stage(film: Film) -> EmbeddingStage:
    """What the film shows, twice a second, by the encoder that comes with Seamline."""
    # one thread: beside the decoder and the seam networks it is never what the others wait for
    return EmbeddingStage(EFFICIENTNET_LITE0_ENCODER, lambda: open_efficientnet(threads=1), rate=film.rate)


def further_stages(film: Film, folder: Path | None = None) -> tuple[Stage, ...]:
    """Motion and embeddings, and thumbnails where there is a `folder` to keep them in."""
    stages: tuple[Stage, ...] = (MotionStage(), embedding_stage(film))
    return stages if folder is None else (*stages, ThumbnailStage.for_film(film, folder))
