"""What else is taken from the one decode, besides what the seams need."""

from __future__ import annotations

from pathlib import Path

from seamline.analysis.embeddings import EmbeddingStage, embedding_signal
from seamline.analysis.figures_stage import FigureStage
from seamline.analysis.motion_stage import MotionStage
from seamline.analysis.proxies_stage import ProxyStage
from seamline.analysis.stage import Stage
from seamline.analysis.thumbnails_stage import ThumbnailStage
from seamline.media.film import Film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, open_efficientnet

EMBEDDING = embedding_signal(EFFICIENTNET_LITE0_ENCODER.id)
"""The signal that the built-in encoder gives."""


def embedding_stage(film: Film, *, threads: int | None = 1) -> EmbeddingStage:
    """What the film shows, twice a second, by the encoder that comes with Seamline.

    With 1 of `threads` it never keeps the seam networks beside it waiting; None is as many as there are processors.
    Where embeddings alone are wanted that is faster, the more so the smaller the film's pictures are (measured on
    two processors: by a third at 160x90, by an eighth at 640x360, not at 1920x1080).
    """
    return EmbeddingStage(
        EFFICIENTNET_LITE0_ENCODER, lambda: open_efficientnet(threads=threads), rate=film.rate
    )


def label_stages(film: Film) -> tuple[Stage, ...]:
    """What shots are labelled by: the camera's motion, the figures in the picture, and what else it shows."""
    return MotionStage(), embedding_stage(film), FigureStage.for_film(film)


def further_stages(film: Film, folder: Path | None = None, proxies: bool = False) -> tuple[Stage, ...]:
    """Those for labels; where there is a `folder` to keep them in, thumbnails, and proxies if wanted."""
    stages = label_stages(film)
    if folder is None:
        return stages
    stages = (*stages, ThumbnailStage.for_film(film, folder))
    return (*stages, ProxyStage.for_film(film, folder)) if proxies else stages
