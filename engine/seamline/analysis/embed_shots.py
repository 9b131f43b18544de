"""The embeddings of a film's shots: what is kept, what the analysis has made, and the rest decoded now."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.ahead import Ahead
from seamline.analysis.encoder_pictures import FramePictures
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.kept_vectors import KeptVectors
from seamline.analysis.pace import Pace
from seamline.analysis.shot_samples import Range, clear_part, sample_frames, shot_samples
from seamline.analysis.signals import Signals
from seamline.analysis.stages import EMBEDDING
from seamline.errors import MediaError
from seamline.media.film import Film
from seamline.media.wanted_frames import wanted_frames
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec, ImageEncoder, Pictures
from seamline.progress import Progress

_log = logging.getLogger(__name__)

BATCH_PICTURES = 16
_FIRST_BATCHES = (2, 4, 8)  # so that the network does not wait long for its first
_BATCHES_AHEAD = 3
_SAVE_EVERY_S = 20.0

Frames = NDArray[np.int64]


def embed_shots(
    film: Film,
    shots: Sequence[Range],
    encoder: ImageEncoder,
    folder: Path | None,
    *,
    signals: Signals | None = None,
    progress: Progress,
    on_vectors: Callable[[FrameVectors], None] | None = None,
    pace: Pace | None = None,
) -> FrameVectors:
    """The vectors of the frames that stand for the shots, [start_frame, end_frame) each, by `encoder`.

    `folder`: the film's own in the cache, None to keep nothing. All that is known of the clear parts of the shots is
    among them. Of the built-in encoder, the rows of its curve in `signals` are taken as they are, and only what lacks
    of three a shot is decoded. `on_vectors` is told of those that were neither kept nor in the curve, as soon as they
    are there, in the film's order. Progress counts frames. Frames that cannot be decoded are left out, and logged.
    Cancelled in the middle, what was found until then is kept. Raises Cancelled, ModelError, or MediaError where the
    film itself cannot be opened any more.
    """
    wanted = frames_to_embed(shots, film, encoder.spec, signals)
    found = embed_frames(film, wanted, encoder, folder, progress=progress, on_vectors=on_vectors, pace=pace)
    return joined(found, known_of_shots(shots, film.rate, encoder.spec, folder, signals))


def embed_frames(
    film: Film,
    frames: Frames,
    encoder: ImageEncoder,
    folder: Path | None,
    *,
    progress: Progress,
    on_vectors: Callable[[FrameVectors], None] | None = None,
    pace: Pace | None = None,
) -> FrameVectors:
    """The vectors of just these frames, int64[n], strictly rising; all else as in `embed_shots`."""
    spec = encoder.spec
    pace = pace or Pace()
    kept = KeptVectors(folder, spec.key, dimension=spec.dimension)
    missing = frames[~kept.has(frames)]
    done, total = len(frames) - len(missing), len(frames)
    progress.step(done, total)
    if len(missing):
        saved_s = time.monotonic()
        try:
            with Ahead(
                partial(_picture_batches, film, missing, spec, pace),
                name="seamline-embedding",
                room=_BATCHES_AHEAD,
            ) as ahead:
                for batch in ahead.items():
                    progress.step(done, total)
                    if batch is None:
                        continue
                    numbers, pictures = batch
                    began_s = time.monotonic()
                    vectors = kept.put(numbers, encoder.encode(pictures, progress=progress))
                    done += len(numbers)
                    if on_vectors is not None:
                        on_vectors(FrameVectors(spec.key, numbers, vectors))
                    if time.monotonic() - saved_s > _SAVE_EVERY_S:
                        kept.save()
                        saved_s = time.monotonic()
                    pace.rest(time.monotonic() - began_s, threading.Event())
        finally:
            kept.save()
        progress.step(total, total)  # also where some could not be decoded
    found = kept.vectors()
    return _where(found, np.isin(found.frames, frames))


def known_of_shots(
    shots: Sequence[Range], rate: Fraction, spec: EncoderSpec, folder: Path | None, signals: Signals | None
) -> FrameVectors:
    """What `embed_shots` gives as far as it is there without a decode."""
    return in_clear_parts(kept_frame_vectors(spec, folder, signals=signals), shots, rate, signals)


def in_clear_parts(
    vectors: FrameVectors, shots: Sequence[Range], rate: Fraction, signals: Signals | None
) -> FrameVectors:
    """Those of the vectors that stand for one of the shots, and for no mixture of two."""
    is_inside = np.zeros(len(vectors), np.bool_)
    for start, end in shots:
        low, high = np.searchsorted(vectors.frames, clear_part(start, end, rate, signals))
        is_inside[low:high] = True
    return _where(vectors, is_inside)


def kept_frame_vectors(
    spec: EncoderSpec, folder: Path | None, *, signals: Signals | None = None
) -> FrameVectors:
    """All vectors of one film by the encoder of that spec that are there without a decode: those kept in `folder`,
    the film's own in the cache, and of the built-in encoder the rows of its curve in `signals`, also those in the
    middle of a dissolve."""
    return joined(KeptVectors(folder, spec.key, dimension=spec.dimension).vectors(), rows_of(spec, signals))


def rows_of(spec: EncoderSpec, signals: Signals | None) -> FrameVectors:
    """The rows of the built-in encoder's curve, as far as it is known; none for another encoder."""
    if signals is None or spec.key != EFFICIENTNET_LITE0_ENCODER.key or not len(signals.known(EMBEDDING)):
        return FrameVectors(spec.key, np.empty(0, np.int64), np.empty((0, spec.dimension), np.float32))
    rows = signals.known(EMBEDDING)
    return FrameVectors(
        spec.key, np.arange(len(rows), dtype=np.int64) * signals.every_frames(EMBEDDING), rows
    )


def frames_to_embed(
    shots: Sequence[Range], film: Film, spec: EncoderSpec, signals: Signals | None = None
) -> Frames:
    """Which frames of the shots `embed_shots` needs besides the rows of the curve: int64[n], strictly rising."""
    rows = rows_of(spec, signals).frames
    if not len(rows):
        return sample_frames(shots, film.rate, signals=signals, keyframes=film.index.keyframes)
    chosen = [np.empty(0, np.int64)]
    every = int(rows[1]) if len(rows) > 1 else 1
    for start, end in shots:
        samples = shot_samples(start, end, film.rate, signals, film.index.keyframes)
        low, high = np.searchsorted(rows, clear_part(start, end, film.rate, signals))
        chosen.append(_not_stood_for(samples, rows[low:high], every))
    return np.unique(np.concatenate(chosen))


def _not_stood_for(samples: Frames, rows: Frames, every_frames: int) -> Frames:
    """The samples without a row of their own nearer than half the rows' distance: each row stands for one, and for the
    sample that it is itself, if it is one."""
    left: list[int] = []
    at = 0
    samples, rows = np.setdiff1d(samples, rows), np.setdiff1d(rows, samples)
    for sample in samples.tolist():
        while at < len(rows) and 2 * (sample - int(rows[at])) > every_frames:
            at += 1
        if at < len(rows) and 2 * abs(int(rows[at]) - sample) <= every_frames:
            at += 1
        else:
            left.append(sample)
    return np.array(left, np.int64)


def joined(first: FrameVectors, second: FrameVectors) -> FrameVectors:
    """Both, in the film's order; of a frame in both, the vector of `first`."""
    frames, places = np.unique(np.concatenate([first.frames, second.frames]), return_index=True)
    return FrameVectors(first.encoder_key, frames, np.concatenate([first.vectors, second.vectors])[places])


def _where(vectors: FrameVectors, is_wanted: NDArray[np.bool_]) -> FrameVectors:
    return FrameVectors(vectors.encoder_key, vectors.frames[is_wanted], vectors.vectors[is_wanted])


def _picture_batches(
    film: Film, frames: Frames, spec: EncoderSpec, pace: Pace, stop: threading.Event
) -> Iterator[tuple[Frames, Pictures]]:
    """Up to `BATCH_PICTURES` frames with their pictures, uint8[n, h, w, 3], in the film's order."""
    pictures_of = FramePictures(film, spec)
    numbers: list[int] = []
    pictures: list[NDArray[np.uint8]] = []
    sizes = iter(_FIRST_BATCHES)
    size = next(sizes)
    began_s = time.monotonic()
    for number, frame in wanted_frames(film, frames.tolist(), is_stopped=stop.is_set):
        try:
            picture = pictures_of.of(frame)
        except (MediaError, OSError, ValueError, MemoryError) as error:
            _log.warning("Frame %d of “%s” cannot be embedded: %s", number, film.path.name, error)
            continue
        numbers.append(number)
        pictures.append(picture)
        pace.rest(time.monotonic() - began_s, stop)
        if len(numbers) == size:
            yield np.array(numbers, np.int64), np.stack(pictures)
            numbers, pictures = [], []
            size = next(sizes, BATCH_PICTURES)
        began_s = time.monotonic()
    if numbers:
        yield np.array(numbers, np.int64), np.stack(pictures)
