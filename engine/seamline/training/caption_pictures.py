"""The pictures of captions, squeezed to squares and kept in one file that is mapped: far more than memory holds.

They lie in the order of the pictures, whose hash is in the file's name, so that what a broken run has left counts as
far as it goes. The file is written, not mapped for writing, since a full disk would end the process there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from seamline.errors import ExchangeError, MediaError
from seamline.media.reader import FrameReader
from seamline.models.dual_encoder_inputs import CHANNELS, squeezed
from seamline.progress import Progress
from seamline.training.caption_pairs import CaptionPicture

_READER_BYTES = 64 << 20
_SPARE_BYTES = 100 << 20
"""Of the disk, left for others."""


def pictures_of(
    pictures: Sequence[CaptionPicture], folder: Path, side: int, *, progress: Progress
) -> NDArray[np.uint8]:
    """uint8[N, side, side, 3], RGB, mapped from a file in `folder`; what lies there already is not read again.

    Progress counts pictures. Cancelled in the middle, what was made is kept. Raises Cancelled, MediaError or
    ExchangeError, also where the disk is too full.
    """
    named = hashlib.sha256("\n".join([str(side), *(each.key for each in pictures)]).encode()).hexdigest()
    path = folder / f"pictures-{named[:12]}.raw"
    shape = (side, side, CHANNELS)
    each_bytes = int(np.prod(shape))
    reader = _PictureReader(side)
    try:
        path.touch()
        done = min(path.stat().st_size // each_bytes, len(pictures))
        _check_space((len(pictures) - done) * each_bytes, folder)
        with path.open("rb+") as file:
            file.truncate(done * each_bytes)
            file.seek(done * each_bytes)
            # film by film in the table's order: a reader stays open as long as its film comes next
            for number in range(done, len(pictures)):
                progress.step(number, len(pictures))
                file.write(np.ascontiguousarray(reader.read(pictures[number])).data)
            file.flush()
            os.fsync(file.fileno())
        progress.step(len(pictures), len(pictures))
        mapped: NDArray[np.uint8] = np.memmap(path, np.uint8, mode="r", shape=(len(pictures), *shape))
        return mapped
    except OSError as error:
        raise ExchangeError(
            f"The pictures of the captions cannot be kept in “{folder}” ({error.strerror or error}): free some space "
            "there, or choose another folder."
        ) from error
    finally:
        reader.close()


def _check_space(needed_bytes: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if needed_bytes and needed_bytes + _SPARE_BYTES > free:
        raise ExchangeError(
            f"The pictures of the captions take {needed_bytes / 1e9:,.1f} GB, and “{folder}” has {free / 1e9:,.1f} GB "
            "free: free some space there, or choose another folder."
        )


class _PictureReader:
    """Reads pictures; the film that was read last stays open."""

    def __init__(self, side: int) -> None:
        self._side = side
        self._open: tuple[str, FrameReader] | None = None

    def read(self, picture: CaptionPicture) -> NDArray[np.uint8]:
        if picture.film is None:
            return squeezed(_image(picture.path), self._side)
        if self._open is None or self._open[0] != picture.source:
            self.close()
            # as the analysis sees it, which is what is searched
            self._open = picture.source, FrameReader(picture.film, cache_bytes=_READER_BYTES, as_stored=True)
        return squeezed(self._open[1].read(picture.frame).rgb, self._side)

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


def _image(path: Path) -> NDArray[np.uint8]:
    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MediaError(
            f"“{path.name}” cannot be read as an image ({error}). Take it out of the table."
        ) from error
