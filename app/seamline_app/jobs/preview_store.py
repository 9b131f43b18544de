"""A film's filmstrip and loudness on disk, so that opening it again shows them at once."""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSaveFile

from seamline.analysis.kept_arrays import read_arrays
from seamline.media.jpeg import decode_jpeg, encode_jpeg
from seamline.media.pictures import RgbPicture

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]

_VERSION = 1


class PreviewStore:
    """Both in one folder, each one file that is written whole or not at all.

    What is damaged or does not fit the film counts as not there and is made again; what cannot be written costs
    time at the next opening only.
    """

    def __init__(self, folder: Path) -> None:
        self._strip = folder / f"filmstrip-{_VERSION}.npz"
        self._loudness = folder / f"loudness-{_VERSION}.npz"

    def load_pictures(self, expected: list[int]) -> dict[int, bytes]:
        """The pictures by frame number, for `from_jpeg`; none if others than those `expected` are held.

        Fewer may be: key frames that are damaged have no picture.
        """
        arrays = read_arrays(self._strip)
        try:
            frames, ends, data = arrays["frames"], arrays["ends"], arrays["data"].tobytes()
            starts = [0, *(int(end) for end in ends[:-1])]
            pictures = {
                int(frame): data[start : int(end)]
                for frame, start, end in zip(frames, starts, ends, strict=True)
            }
        except (KeyError, TypeError, ValueError, IndexError):
            return {}
        return pictures if pictures.keys() <= set(expected) else {}

    def save_pictures(self, pictures: Mapping[int, bytes]) -> None:
        """Keep the JPEGs made by `as_jpeg`, by frame number."""
        frames = sorted(pictures)
        data = b"".join(pictures[frame] for frame in frames)
        _save(
            self._strip,
            frames=np.array(frames, np.int64),
            ends=np.cumsum([len(pictures[frame]) for frame in frames], dtype=np.int64),
            data=np.frombuffer(data, np.uint8),
        )

    def load_loudness(self, frame_count: int) -> tuple[Floats, Floats]:
        """(peak, rms), float32[<= frame_count] each, of the frames from the first on; empty if nothing is held."""
        arrays = read_arrays(self._loudness)
        peak, rms = arrays.get("peak"), arrays.get("rms")
        nothing = np.zeros(0, np.float32)
        if peak is None or rms is None or peak.shape != rms.shape or peak.ndim != 1:
            return nothing, nothing
        is_sound = all(some.dtype == np.float32 and np.isfinite(some).all() for some in (peak, rms))
        return (peak, rms) if is_sound and len(peak) <= frame_count else (nothing, nothing)

    def save_loudness(self, peak: Floats, rms: Floats) -> None:
        _save(self._loudness, peak=peak, rms=rms)


def as_jpeg(picture: RgbPicture) -> bytes:
    """uint8[height, width, 3] as `save_pictures` takes it, some 4 kB at a height of 90."""
    return encode_jpeg(picture, quality=85)


def from_jpeg(data: bytes) -> RgbPicture | None:
    """What `as_jpeg` made; None if the bytes are no picture."""
    return decode_jpeg(data)


def _save(path: Path, **arrays: NDArray[Any]) -> None:
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        log.debug("no folder for %s: %s", path.name, error)
        return
    file = QSaveFile(str(path))
    is_kept = (
        file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(packed.getvalue()) >= 0 and file.commit()
    )
    if not is_kept:
        file.cancelWriting()
        log.debug("%s was not kept: %s", path, file.errorString())
