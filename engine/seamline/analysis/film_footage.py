"""Which shots of an analysed film were taken together, by what its analysis has kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.embed_shots import embed_shots
from seamline.analysis.pace import Pace
from seamline.analysis.shot_groups import group_shots
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SimilarityStage
from seamline.analysis.stages import embedding_stage
from seamline.media.film import Film
from seamline.models.encoder import ImageEncoder
from seamline.models.same_footage import same_footage_model
from seamline.progress import Progress
from seamline.project.footage import ShotFootage
from seamline.project.labels import Range


def film_footage(
    film: Film,
    shots: Sequence[Range],
    cache: AnalysisCache,
    open_encoder: Callable[[], ImageEncoder],
    *,
    progress: Progress,
    pace: Pace | None = None,
) -> tuple[ShotFootage, ...]:
    """The shots by set-up and scene, with the built-in encoder's eyes.

    Nearly all comes from the curves that the analysis has kept; only pictures of shots shorter than a second or two
    are decoded, once. Raises Cancelled, ModelError, or MediaError where the film cannot be opened any more.
    """
    signals = Signals(film.frame_count)
    for stage in (embedding_stage(film), SimilarityStage()):
        cache.load_signals(film.fingerprint, stage, signals)
    encoder = open_encoder()
    folder = cache.film_folder(film.fingerprint)
    vectors = embed_shots(film, shots, encoder, folder, signals=signals, progress=progress, pace=pace)
    model = same_footage_model(encoder.spec)
    return group_shots(vectors, shots, model, signals=signals, progress=progress)
