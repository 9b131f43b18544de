"""The curves that the frames which stand for shots are chosen by, as far as they are kept of a film."""

from __future__ import annotations

from fractions import Fraction

from seamline.analysis.analyze import seam_stages
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.embeddings import EmbeddingStage
from seamline.analysis.signals import Signals
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, open_efficientnet


def kept_shot_curves(
    cache: AnalysisCache, film_fingerprint: str, frame_count: int, rate: Fraction
) -> Signals:
    """What the film shows twice a second, similarity, and where its seams are gradual, whichever way they were found.

    For who has no `Analysis` of the film at hand, which has the same.
    """
    signals = Signals(frame_count)
    embedding = EmbeddingStage(EFFICIENTNET_LITE0_ENCODER, open_efficientnet, rate=rate)
    by_name = {stage.name: stage for stage in (*seam_stages(thorough=True), *seam_stages())}
    for stage in (embedding, *by_name.values()):
        cache.load_signals(film_fingerprint, stage, signals)
    return signals
