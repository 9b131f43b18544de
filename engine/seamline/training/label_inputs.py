"""What the heads of the shot label network learn from: the features of each shot, made once and kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from seamline.analysis.kept_arrays import read_arrays
from seamline.analysis.videomae_labels import clip_of
from seamline.exchange.files import written_whole
from seamline.media.film import Film
from seamline.media.reader import FrameReader
from seamline.models.videomae import VideoMAE
from seamline.progress import Progress

_SAVE_EVERY_S = 20.0
_READER_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class FilmShot:
    """The frames [start_frame, end_frame) of an opened film."""

    film: Film
    start_frame: int
    end_frame: int

    @property
    def key(self) -> str:
        return f"{self.film.fingerprint} {self.start_frame} {self.end_frame}"


class ShotPictures:
    """Reads shots' pictures; the film that was read last stays open. Close it after use."""

    def __init__(self, side: int) -> None:
        self._side = side
        self._open: tuple[str, FrameReader] | None = None

    def of(self, shot: FilmShot, check: Callable[[], None]) -> NDArray[np.uint8]:
        """uint8[16, side, side, 3], RGB. Raises MediaError, and what `check` raises, called before every frame."""
        if self._open is None or self._open[0] != shot.film.fingerprint:
            self.close()
            self._open = shot.film.fingerprint, FrameReader(shot.film, cache_bytes=_READER_BYTES)
        return clip_of(self._open[1], shot.start_frame, shot.end_frame, side=self._side, check=check)

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


def features_of(
    network: VideoMAE, shots: Sequence[FilmShot], folder: Path, weights_sha256: str, *, progress: Progress
) -> NDArray[np.float32]:
    """`VideoMAE.features` of every shot, float32[N, 768]; those that lie in `folder` already are not made again.

    Progress counts shots. Cancelled in the middle, what was made is kept. Raises Cancelled or MediaError.
    """
    path = folder / f"features-{weights_sha256[:12]}.npz"
    made = _kept_features(path, network.size.width)
    pictures = ShotPictures(network.size.side)
    saved, is_changed = time.monotonic(), False
    try:
        for done, shot in enumerate(shots):
            check = partial(progress.step, done, len(shots))
            check()
            if shot.key in made:
                continue
            clip = torch.from_numpy(pictures.of(shot, check))[None].to(network.mean.device)
            with torch.inference_mode():
                made[shot.key] = network.features(clip)[0].cpu().numpy()
            is_changed = True
            if time.monotonic() - saved > _SAVE_EVERY_S:
                _keep_features(path, made)
                saved, is_changed = time.monotonic(), False
        progress.step(len(shots), len(shots))
    finally:
        pictures.close()
        if is_changed:
            _keep_features(path, made)
    return np.stack([made[shot.key] for shot in shots])


def _kept_features(path: Path, width: int) -> dict[str, NDArray[np.float32]]:
    arrays = read_arrays(path)
    keys, values = arrays.get("keys"), arrays.get("values")
    if keys is None or values is None or values.dtype != np.float32 or values.shape != (len(keys), width):
        return {}
    return dict(zip(map(str, keys), values, strict=True))


def _keep_features(path: Path, made: dict[str, NDArray[np.float32]]) -> None:
    with written_whole(path, overwrite=True) as part, part.open("wb") as file:
        np.savez(file, keys=np.array(list(made)), values=np.stack(list(made.values())))
