"""Putting films into the library again from what is kept of them in the cache, without opening one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.embed_shots import kept_frame_vectors
from seamline.analysis.embeddings import EmbeddingStage
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.label_vectors import conse_vectors
from seamline.analysis.library_films import LibraryFilm
from seamline.analysis.library_index import LibraryIndex, Range
from seamline.analysis.shot_samples import shot_samples
from seamline.analysis.signals import Signals
from seamline.errors import ModelError
from seamline.models.conse_classes import LABEL_VECTORS
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec, open_efficientnet
from seamline.progress import CancellableProgress, Progress

_log = logging.getLogger(__name__)


def standing_for(vectors: FrameVectors, shots: Sequence[Range], rate: Fraction) -> FrameVectors:
    """As many of the vectors as a library needs of the shots: those nearest to the frames that `shot_samples` takes.

    The built-in encoder's curve has two a second, most of which say the same as their neighbours.
    """
    chosen: list[int] = []
    for start, end in shots:
        low, high = np.searchsorted(vectors.frames, (start, end)).tolist()
        if low == high:
            continue
        places = np.searchsorted(vectors.frames[low:high], shot_samples(start, end, rate)) + low
        for place, sample in zip(places.tolist(), shot_samples(start, end, rate).tolist(), strict=True):
            near = [each for each in (place - 1, place) if low <= each < high]
            chosen.append(min(near, key=lambda each: abs(int(vectors.frames[each]) - sample)))
    rows = np.unique(np.array(chosen, np.int64))
    return FrameVectors(vectors.encoder_key, vectors.frames[rows], vectors.vectors[rows])


def kept_vectors_of(film: LibraryFilm, spec: EncoderSpec, cache: AnalysisCache) -> FrameVectors:
    """All that is kept of a film by that encoder, or can be made of what is kept. Raises ModelError."""
    if spec.key == LABEL_VECTORS.key:
        return conse_vectors(kept_vectors_of(film, EFFICIENTNET_LITE0_ENCODER, cache))
    identity = film.entry.fingerprint
    signals = None
    if spec.key == EFFICIENTNET_LITE0_ENCODER.key:
        signals = Signals(film.entry.frame_count)
        stage = EmbeddingStage(spec, open_efficientnet, rate=film.entry.rate)
        cache.load_signals(identity, stage, signals)
    return kept_frame_vectors(spec, cache.film_folder(identity), signals=signals)


def restore(
    index: LibraryIndex,
    cache: AnalysisCache,
    *,
    kept: Callable[[LibraryFilm, EncoderSpec, AnalysisCache], FrameVectors] = kept_vectors_of,
    progress: Progress | None = None,
) -> int:
    """Put in all films of the library that this encoder has looked at and that are not in its index; how many.

    Those of an index that was damaged, those that another encoder's index had, and those that the window has looked
    at. Films of which not every shot has a vector yet are left out. Raises LibraryError or Cancelled.
    """
    progress = progress or CancellableProgress()
    indexed = {entry.fingerprint for entry in index.films()}
    missing = [film for film in index.library if film.entry.fingerprint not in indexed]
    count = 0
    for done, film in enumerate(missing):
        progress.step(done, len(missing))
        try:
            vectors = kept(film, index.spec, cache)
        except ModelError as error:
            _log.warning("%s was not put into the library: %s", film.entry.name, error)
            continue
        shots = [(int(start), int(end)) for start, end in film.shots]
        if len(vectors) and vectors.frames[-1] < film.entry.frame_count and _is_whole(vectors, film):
            index.put(film.entry, standing_for(vectors, shots, film.entry.rate), shots)
            count += 1
    return count


def _is_whole(vectors: FrameVectors, film: LibraryFilm) -> bool:
    lows, highs = (np.searchsorted(vectors.frames, film.shots[:, side]) for side in (0, 1))
    return bool((highs > lows).all())
