"""Putting films into the library again from what is kept of them in the cache, without opening one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.embed_shots import kept_frame_vectors, known_of_shots
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.label_vectors import conse_vectors
from seamline.analysis.library_films import FilmEntry, LibraryFilm
from seamline.analysis.library_index import LibraryIndex, Range
from seamline.analysis.shot_curves import kept_shot_curves
from seamline.analysis.shot_samples import shot_samples
from seamline.analysis.signals import Signals
from seamline.errors import ModelError
from seamline.models.conse_classes import LABEL_VECTORS
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec
from seamline.progress import CancellableProgress, Progress

_log = logging.getLogger(__name__)


def standing_for(
    vectors: FrameVectors, shots: Sequence[Range], rate: Fraction, signals: Signals | None
) -> FrameVectors:
    """As many of the vectors as a library needs of the shots: for each frame that `shot_samples` takes a near one.

    `vectors`: those of `known_of_shots`. The built-in encoder's curve has two a second, most of which say the same as
    their neighbours.
    """
    chosen = [np.empty(0, np.int64)]
    for start, end in shots:
        low, high = np.searchsorted(vectors.frames, (start, end)).tolist()
        samples = shot_samples(start, end, rate, signals)
        chosen.append(low + _nearest(vectors.frames[low:high], samples))
    rows = np.concatenate(chosen)
    return FrameVectors(vectors.encoder_key, vectors.frames[rows], vectors.vectors[rows])


def restore(index: LibraryIndex, cache: AnalysisCache, *, progress: Progress | None = None) -> int:
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
        shots = [(int(start), int(end)) for start, end in film.shots]
        try:
            vectors = _kept_of(film.entry, shots, index.spec, cache)
        except ModelError as error:
            _log.warning("%s was not put into the library: %s", film.entry.name, error)
            continue
        if len(vectors) and _is_whole(vectors, film):
            index.put(film.entry, vectors, shots)
            count += 1
    return count


def _kept_of(
    entry: FilmEntry, shots: Sequence[Range], spec: EncoderSpec, cache: AnalysisCache
) -> FrameVectors:
    """What stands for the shots by what is kept of the film, or can be made of that. Raises ModelError."""
    is_of_labels = spec.key == LABEL_VECTORS.key
    source = EFFICIENTNET_LITE0_ENCODER if is_of_labels else spec
    folder = cache.film_folder(entry.fingerprint)
    if source.key != EFFICIENTNET_LITE0_ENCODER.key and not len(kept := kept_frame_vectors(spec, folder)):
        return kept  # never looked at: what else is kept of it takes long to read
    signals = kept_shot_curves(cache, entry.fingerprint, entry.frame_count, entry.rate)
    known = known_of_shots(shots, entry.rate, source, folder, signals)
    vectors = standing_for(known, shots, entry.rate, signals)
    return conse_vectors(vectors) if is_of_labels else vectors


def _is_whole(vectors: FrameVectors, film: LibraryFilm) -> bool:
    lows, highs = (np.searchsorted(vectors.frames, film.shots[:, side]) for side in (0, 1))
    return bool((highs > lows).all())


def _nearest(frames: NDArray[np.int64], samples: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of the frames nearest to the samples, both rising: of each sample another one, while there are any."""
    if len(frames) <= len(samples):
        return np.arange(len(frames), dtype=np.int64)
    places: list[int] = []
    first, spare = 0, len(frames) - len(samples)
    for at, sample in enumerate(samples.tolist()):
        left = frames[first : spare + at + 1]  # so that one is left for each that comes
        places.append(first + int(np.abs(left - sample).argmin()))
        first = places[-1] + 1
    return np.array(places, np.int64)
