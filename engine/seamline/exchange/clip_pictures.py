"""A range of a film's pictures for a clip, and the check that the clip shows the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from seamline.errors import ExchangeError
from seamline.media.decoder import Decoder
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.pictures import colorspace_of
from seamline.progress import Progress

EXACT_DB = math.inf

_TICKS = 1.5  # a time may be rounded once by the film's clock and once by the clip's


def pictures_of(
    decoder: Decoder, film: Film, start_frame: int, end_frame: int
) -> Iterator[tuple[int, VideoFrame]]:
    """Every frame of [start_frame, end_frame) once, in order; where the film has lost one, the one before it.

    Raises MediaError.
    """
    at = decoder.next_number
    if at is None or not film.index.keyframe_before(start_frame) <= at <= start_frame:
        decoder.seek(start_frame)
    number = start_frame
    before: VideoFrame | None = None
    while number < end_frame and (item := decoder.read()) is not None:
        shown, picture = item
        while number < min(shown, end_frame):
            yield number, before or picture
            number += 1
        before = picture
        if shown == number:
            yield number, picture
            number += 1
    while number < end_frame and before is not None:
        yield number, before
        number += 1


def stored_format(film: Film) -> str:
    """The pixel format of a clip that is encoded anew: 4:2:0 in 8 bits; odd sizes cannot have it."""
    return "yuv444p" if film.info.width % 2 or film.info.height % 2 else "yuv420p"


def in_format(picture: VideoFrame, pixel_format: str) -> VideoFrame:
    """The stored picture in another pixel format; its matrix and range stay, RGB becomes Y'CbCr of video range."""
    if picture.format.name == pixel_format:
        return picture
    matrix = colorspace_of(picture)
    if picture.format.is_rgb:
        return picture.reformat(
            format=pixel_format, dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
    full = picture.color_range == ColorRange.JPEG or picture.format.name.startswith("yuvj")
    levels = ColorRange.JPEG if full else ColorRange.MPEG
    return picture.reformat(
        format=pixel_format,
        src_colorspace=matrix,
        dst_colorspace=matrix,
        src_color_range=levels,
        dst_color_range=levels,
    )


def psnr_db(these: NDArray[Any], those: NDArray[Any]) -> float:
    """Peak signal-to-noise ratio of two arrays of 8 bits, over all planes alike: infinite if they are the same,
    0 if they differ in shape."""
    if these.shape != those.shape:
        return 0.0
    error = float(np.mean((these.astype(np.float32) - those.astype(np.float32)) ** 2))
    return 10 * math.log10(255**2 / error) if error else EXACT_DB


@dataclass(frozen=True, slots=True, eq=False)
class EdgePictures:
    """The first and the last picture of a clip as they must be, in the clip's pixel format."""

    first: VideoFrame
    last: VideoFrame


def check_encoded(path: Path, film: Film, start_frame: int, end_frame: int, edges: EdgePictures) -> float:
    """The lower PSNR (dB) of the clip's first and last picture.

    Raises ExchangeError if the clip's frames, decoded, are not as many as the range's, or not at its times.
    """
    clip = _opened_clip(path, film, start_frame, end_frame)
    wanted = [picture.to_ndarray() for picture in (edges.first, edges.last)]
    numbers: list[int] = []
    first = last = None
    with Decoder(clip) as decoder:
        for number, picture in decoder:
            numbers.append(number)
            first, last = first or picture, picture
    if numbers != list(range(end_frame - start_frame)) or first is None or last is None:
        raise _wrong(path, f"{len(numbers)} pictures", f"{end_frame - start_frame}")
    found = [in_format(picture, edges.first.format.name).to_ndarray() for picture in (first, last)]
    return min(psnr_db(these, those) for these, those in zip(wanted, found, strict=True))


def is_exact_copy(
    path: Path, film: Film, decoder: Decoder, frames: range, progress: Progress | None, done: int, total: int
) -> bool:
    """Whether the clip's pictures are those of the film, every one of them bit for bit, at the same times."""
    try:
        clip = _opened_clip(path, film, frames.start, frames.stop)
    except ExchangeError:
        return False
    with Decoder(clip) as copied:
        for number, picture in pictures_of(decoder, film, frames.start, frames.stop):
            if progress is not None:
                progress.step(done + number - frames.start, total)
            item = copied.read()
            if item is None or item[0] != number - frames.start or item[1].format.name != picture.format.name:
                return False
            try:
                is_same = np.array_equal(item[1].to_ndarray(), picture.to_ndarray())
            except ValueError:
                return False  # a pixel format that cannot be looked at: nothing is proved
            if not is_same:
                return False
        return copied.read() is None


def _opened_clip(path: Path, film: Film, start_frame: int, end_frame: int) -> Film:
    """The clip as a film. Raises ExchangeError unless it has as many frames, at the same times."""
    clip, index = open_film(path), film.index
    count = end_frame - start_frame
    if clip.frame_count != count:
        raise _wrong(path, f"{clip.frame_count} frames", str(count))
    tolerance_s = _TICKS * float(max(index.time_base, clip.index.time_base))
    start = index.time_of(start_frame)
    for frame in range(count + 1):
        off = clip.index.time_of(frame) - (index.time_of(start_frame + frame) - start)
        # the last frame's end is what the container says of it, which some say in whole frames only
        if abs(off) > (tolerance_s if frame < count else float(1 / index.rate)):
            raise _wrong(path, f"frame {frame} {float(off):+.4f} s off", "its time")
    return clip


def _wrong(path: Path, found: str, wanted: str) -> ExchangeError:
    return ExchangeError(
        f"The clip for “{path.parent}” came out wrong ({found} instead of {wanted}): it was removed. "
        "Convert the film to H.264 or ProRes, then try again."
    )
