"""Where the pictures of synthetic edits come from: uncut pieces of footage, at any picture size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.errors import MediaError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.reader import FrameReader
from seamline.progress import Progress

Pictures = NDArray[np.uint8]
"""uint8[n, h, w, 3], red first."""

Size = tuple[int, int]
"""Width and height in pixels."""

Region = tuple[float, float, float, float]
"""Left, top, right and bottom edge as shares of the picture, 0 to 1."""

WHOLE: Region = (0.0, 0.0, 1.0, 1.0)

_SAMPLED_WIDTH = 192


class ShotSource(Protocol):
    """One piece of footage without any change of shot."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def frame_count(self) -> int:
        """How many pictures it has."""

    def frames(self, numbers: Sequence[int], size: Size, region: Region = WHOLE) -> Pictures:
        """The pictures of these numbers, in their order: `region` of each, scaled by area to `size`.

        Numbers are 0 to `frame_count` - 1, in any order, also repeated. Raises MediaError.
        """


@dataclass(frozen=True, eq=False, slots=True)
class ArraySource:
    """Pictures that lie in memory, uint8[n, h, w, 3]: at their own size they cost nothing but a copy."""

    pictures: Pictures
    name: str = "pictures in memory"

    @property
    def frame_count(self) -> int:
        return len(self.pictures)

    def frames(self, numbers: Sequence[int], size: Size, region: Region = WHOLE) -> Pictures:
        return scaled(self.pictures[np.asarray(numbers, np.intp)], size, region)


class FilmSource:
    """A range of a film on disk, half-open; decoded when asked for. One thread at a time.

    Where the film's shape is not that of the pictures asked for, its sides or its top and bottom are cut off.
    """

    def __init__(self, film: Film, start_frame: int, end_frame: int, *, cache_bytes: int = 256 << 20) -> None:
        if not 0 <= start_frame < end_frame <= film.frame_count:
            raise MediaError(
                f"“{film.path.name}” has frames 0 to {film.frame_count - 1}: "
                f"there is no range {start_frame} to {end_frame - 1}. Choose one within it."
            )
        self.name = f"{film.path.name} [{start_frame}, {end_frame})"
        self.frame_count = end_frame - start_frame
        self._film, self._start = film, start_frame
        self._cache_bytes = cache_bytes
        self._reader: FrameReader | None = None

    def frames(self, numbers: Sequence[int], size: Size, region: Region = WHOLE) -> Pictures:
        if self._reader is None:
            self._reader = FrameReader(self._film, cache_bytes=self._cache_bytes, as_stored=True)
        region = _within(region, covering(self._film.info.display_size, size))
        # no more pixels than needed, the decoder's own scaler is quick; a region's edges fall between them
        times = 1 if region == WHOLE else max(1, math.ceil(_SAMPLED_WIDTH / size[0]))
        limit = (
            math.ceil(times * size[0] / (region[2] - region[0])),
            math.ceil(times * size[1] / (region[3] - region[1])),
        )
        pictures: dict[int, Pictures] = {}
        for number in sorted(set(numbers)):
            rgb = self._reader.read(self._start + number, limit=limit).rgb
            pictures[number] = scaled(rgb[None], size, region)[0]
        return np.stack([pictures[number] for number in numbers])

    def close(self) -> None:
        """Give the film back; the next `frames` opens it again."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None


def film_source(
    path: Path,
    start_frame: int = 0,
    end_frame: int | None = None,
    *,
    progress: Progress | None = None,
    cache_bytes: int = 256 << 20,
) -> FilmSource:
    """The range of the film at `path`, all of it unless told otherwise. Raises MediaError or Cancelled."""
    film = open_film(path, progress=progress)
    end_frame = film.frame_count if end_frame is None else end_frame
    return FilmSource(film, start_frame, end_frame, cache_bytes=cache_bytes)


def scaled(pictures: Pictures, size: Size, region: Region = WHOLE) -> Pictures:
    """`region` of each picture at `size`: means of area where it shrinks, straight lines where it grows."""
    height, width = pictures.shape[1:3]
    if region == WHOLE and (width, height) == size:
        return np.ascontiguousarray(pictures)
    out = np.empty((len(pictures), size[1], size[0], 3), np.uint8)
    matrix, fine = _cut(region, (width, height), size)
    shrinks = width >= size[0] and height >= size[1]
    interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    for picture, target in zip(pictures, out, strict=True):
        picture = np.ascontiguousarray(picture)
        if region != WHOLE:
            # edges may lie within pixels: at 48x27 half a pixel is much
            picture = cv2.warpAffine(
                picture, matrix, fine, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            interpolation = cv2.INTER_AREA
        cv2.resize(picture, size, target, interpolation=interpolation)
    return out


def covering(shape: Size, size: Size) -> Region:
    """The middle part of a picture of `shape` that has the proportions of `size`."""
    aspect, wanted = shape[0] / shape[1], size[0] / size[1]
    # a pixel's rounding is no other shape: 1920x1080 and 48x27 are the same
    if abs(aspect / wanted - 1) < 0.02:
        return WHOLE
    if aspect > wanted:
        margin = (1 - wanted / aspect) / 2
        return (margin, 0.0, 1 - margin, 1.0)
    margin = (1 - aspect / wanted) / 2
    return (0.0, margin, 1.0, 1 - margin)


def _within(inner: Region, outer: Region) -> Region:
    width, height = outer[2] - outer[0], outer[3] - outer[1]
    return (
        outer[0] + inner[0] * width,
        outer[1] + inner[1] * height,
        outer[0] + inner[2] * width,
        outer[1] + inner[3] * height,
    )


def _cut(region: Region, shape: Size, size: Size) -> tuple[NDArray[np.float64], Size]:
    """The matrix that cuts out a region of a picture of `shape`, for cv2.warpAffine, and the size it makes.

    That is a whole number of times `size`, and no fewer pixels than the region has.
    """
    width, height = (region[2] - region[0]) * shape[0], (region[3] - region[1]) * shape[1]
    times = max(1, math.ceil(max(width / size[0], height / size[1]) - 0.01))
    fine = (size[0] * times, size[1] * times)
    across, down = fine[0] / width, fine[1] / height
    left, top = region[0] * shape[0], region[1] * shape[1]
    # pixel centres: the region's corner goes to -0.5
    return np.array([[across, 0, across * (0.5 - left) - 0.5], [0, down, down * (0.5 - top) - 0.5]]), fine
