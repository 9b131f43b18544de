"""What the shot label network says of a film's shots: asked once a shot, kept on disk by the shot's frames.

A seam that moves changes the frames of two shots; only these are asked about again.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.kept_arrays import read_arrays
from seamline.analysis.kept_files import kept_whole
from seamline.errors import MediaError
from seamline.media.film import Film
from seamline.media.reader import FrameReader
from seamline.models.videomae_classes import MOVEMENTS, SCALES
from seamline.models.videomae_pictures import PICTURE_SIDE, Clip, sampled_frames, squared
from seamline.progress import Progress

_log = logging.getLogger(__name__)

Range = tuple[int, int]
Probabilities = NDArray[np.float32]

_VERSION = 1  # of which frames are taken and how they are made small
_SAVE_EVERY_S = 20.0
_READER_BYTES = 64 << 20
_MOST_KEPT = 50_000
"""Shots, of which those kept first are dropped first: 3 MB, and more than a day's film has with all that was tried."""


class LabelNetwork(Protocol):
    """What is asked of `VideoMAESession`."""

    @property
    def key(self) -> str: ...

    def probabilities(
        self, pictures: Clip, *, progress: Progress | None = None
    ) -> tuple[Probabilities, Probabilities]: ...


@dataclass(frozen=True, slots=True, eq=False)
class ShotProbabilities:
    """Of the scales, float32[5], and of the movements, float32[4], in the order of `videomae_classes`."""

    scale: Probabilities
    movement: Probabilities


class KeptProbabilities:
    """What one network has said of one film's shots, by their frames, in one file in `folder`.

    None where nothing is to be kept. What cannot be read counts as not there; what cannot be written is logged.
    """

    def __init__(self, folder: Path | None, network_key: str) -> None:
        key = hashlib.blake2b(network_key.encode(), digest_size=6).hexdigest()
        self._path = None if folder is None else folder / f"shot-labels-{_VERSION}-{key}.npz"
        self._rows: dict[Range, ShotProbabilities] = {}
        self._is_changed = False
        if self._path is not None:
            self._load(read_arrays(self._path))

    def get(self, frames: Range) -> ShotProbabilities | None:
        return self._rows.get(frames)

    def of(self, shots: Sequence[Range]) -> dict[Range, ShotProbabilities]:
        """Those of the shots that are kept."""
        return {frames: said for frames in shots if (said := self.get(frames)) is not None}

    def put(self, frames: Range, said: ShotProbabilities) -> None:
        self._rows[frames] = said
        self._is_changed = True

    def save(self) -> None:
        """Write what is new, whole or not at all."""
        if self._path is None or not self._is_changed:
            return
        rows = list(self._rows.items())[-_MOST_KEPT:]
        try:
            with kept_whole(self._path) as file:
                np.savez(
                    file,
                    frames=np.array([frames for frames, _ in rows], np.int64),
                    scale=np.stack([said.scale for _, said in rows]),
                    movement=np.stack([said.movement for _, said in rows]),
                )
            self._is_changed = False
        except OSError as error:
            _log.warning("Shot labels could not be kept in %s: %s", self._path.parent, error)

    def _load(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        try:
            frames, scale, movement = arrays["frames"], arrays["scale"], arrays["movement"]
        except KeyError:
            return
        count = len(frames) if frames.ndim else 0
        fits = (
            frames.dtype == np.int64
            and frames.shape == (count, 2)
            and scale.shape == (count, len(SCALES))
            and movement.shape == (count, len(MOVEMENTS))
            and scale.dtype == movement.dtype == np.float32
            and bool(np.isfinite(scale).all() and np.isfinite(movement).all())
        )
        if fits:
            for at, (start, end) in enumerate(frames.tolist()):
                self._rows[start, end] = ShotProbabilities(
                    np.asarray(scale[at], np.float32), np.asarray(movement[at], np.float32)
                )


def clip_of(
    reader: FrameReader,
    start_frame: int,
    end_frame: int,
    *,
    side: int = PICTURE_SIDE,
    check: Callable[[], None] | None = None,
) -> Clip:
    """The 16 pictures that stand for the shot [start_frame, end_frame): uint8[16, side, side, 3], RGB.

    Read in order, so that of frames near one another none is decoded twice. Raises MediaError, and what `check`
    raises, which is called before every frame.
    """
    pictures: dict[int, NDArray[np.uint8]] = {}
    frames = sampled_frames(start_frame, end_frame)
    for frame in frames:
        if check is not None:
            check()
        if frame not in pictures:
            # whole pictures, so that it is the published resize that makes them small
            pictures[frame] = squared(reader.read(frame).rgb, side)
    return np.stack([pictures[frame] for frame in frames])


def kept_probabilities(
    shots: Sequence[Range], network_key: str, folder: Path | None
) -> dict[Range, ShotProbabilities]:
    """What the network of that key has said of these shots before, as far as it is kept in `folder`.

    Neither the network nor the film is needed: `videomae_session.installed_key` tells the key.
    """
    return KeptProbabilities(folder, network_key).of(shots)


def shot_probabilities(
    film: Film,
    shots: Sequence[Range],
    network: LabelNetwork,
    folder: Path | None = None,
    *,
    progress: Progress,
    on_shot: Callable[[Range, ShotProbabilities], None] | None = None,
    on_failed: Callable[[Range, MediaError], None] | None = None,
) -> dict[Range, ShotProbabilities]:
    """What `network` says of each shot, [start_frame, end_frame) each; of those it was asked about before, as kept.

    `folder`: the film's own in the cache. `on_shot` is told of each shot that was not kept, as soon as it is known.
    A shot whose pictures cannot be decoded is left out, and `on_failed` told of it. Progress counts shots. Cancelled
    in the middle, what was found until then is kept. Raises Cancelled, ModelError, or MediaError where the film
    itself cannot be opened any more.
    """
    kept = KeptProbabilities(folder, network.key)
    found = kept.of(shots)
    missing = sorted({frames for frames in shots if frames not in found})
    total = len(found) + len(missing)
    progress.step(len(found), total)
    if not missing:
        return found
    reader = FrameReader(film, cache_bytes=_READER_BYTES)
    saved = time.monotonic()
    try:
        for done, frames in enumerate(missing, len(found)):
            try:
                clip = clip_of(reader, *frames, check=partial(progress.step, done, total))
            except MediaError as error:
                _log.warning("The shot %d to %d cannot be labelled: %s", *frames, error)
                # what is wrong with the film as a whole shows here; a decoder that has failed is not gone on with
                reader.close()
                reader = FrameReader(film, cache_bytes=_READER_BYTES)
                if on_failed is not None:
                    on_failed(frames, error)
            else:
                said = ShotProbabilities(*network.probabilities(clip, progress=progress))
                found[frames] = said
                kept.put(frames, said)
                if on_shot is not None:
                    on_shot(frames, said)
                if time.monotonic() - saved > _SAVE_EVERY_S:
                    kept.save()
                    saved = time.monotonic()
            progress.step(done + 1, total)
    finally:
        reader.close()
        kept.save()
    return found
