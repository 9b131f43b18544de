"""The pictures of captions, squeezed to squares and kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from seamline.errors import MediaError
from seamline.media.reader import FrameReader
from seamline.models.dual_encoder_inputs import CHANNELS, squeezed
from seamline.progress import Progress
from seamline.training.caption_pairs import CaptionPicture
from seamline.training.caption_rows import kept_rows, rows_file

_READER_BYTES = 64 << 20


def pictures_of(
    pictures: Sequence[CaptionPicture], folder: Path, side: int, *, progress: Progress
) -> NDArray[np.uint8]:
    """uint8[N, side, side, 3], RGB, mapped from a file in `folder`; what lies there already is not read again.

    Progress counts pictures. Cancelled in the middle, what was made is kept. Raises Cancelled, MediaError or
    ExchangeError, also where the disk is too full.
    """
    reader = _PictureReader(side)

    def read(start: int, _stop: int) -> NDArray[np.uint8]:
        # film by film in the table's order: a reader stays open as long as its film comes next
        return reader.read(pictures[start])

    kept = rows_file(folder, "pictures", [str(side), *(each.key for each in pictures)])
    shape = (len(pictures), side, side, CHANNELS)
    try:
        return kept_rows(kept, shape, np.uint8, read, named="The pictures of the captions", progress=progress)
    finally:
        reader.close()


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
