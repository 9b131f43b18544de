"""Pictures as an encoder takes them, of frames of a film and of any other picture."""

from __future__ import annotations

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from seamline.media.cascade import Cascade, PictureSpec
from seamline.media.film import Film
from seamline.media.pictures import Scaler
from seamline.models.encoder import EncoderSpec

RgbPicture = NDArray[np.uint8]
"""uint8[height, width, 3], RGB."""

_BICUBIC_REACH = 2  # pixels of the smaller picture: the filter's support
_LEAST_STEP = 3
"""Frames more than twice as large as so many times the encoder's pictures are brought down to that first."""


def prepared(rgb: RgbPicture, spec: EncoderSpec) -> RgbPicture:
    """uint8[h, w, 3] of the encoder's size, of an upright picture in square pixels of any size.

    Squeezed whole, each pixel the mean of those it covers; or, if `spec.is_cropped`, as CLIP publishes it
    (openai/CLIP, clip.py, `_transform`): bicubic with Pillow's antialiasing, until the shorter side fits, then the
    middle. Of the latter only what the middle needs is computed.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or min(rgb.shape) < 1:
        raise ValueError(f"need uint8[height, width, 3], not {rgb.dtype}{list(rgb.shape)}")
    return _middle(rgb, spec.picture_size) if spec.is_cropped else _squeezed(rgb, spec.picture_size)


def _squeezed(rgb: RgbPicture, size: tuple[int, int]) -> RgbPicture:
    width, height = size
    if rgb.shape[:2] == (height, width):
        return rgb
    # where it is enlarged, cv2 takes the mean of areas for the nearest pixel
    shrinks = rgb.shape[0] >= height and rgb.shape[1] >= width
    return np.asarray(
        cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), np.uint8
    )


def _middle(rgb: RgbPicture, size: tuple[int, int]) -> RgbPicture:
    height, width = rgb.shape[:2]
    side = max(size)
    # torchvision's Resize: the longer side is cut to a whole number; CenterCrop: rounded, to even where it is half
    shorter = min(width, height)
    resized = side * width // shorter, side * height // shorter
    box: list[float] = []
    for length, new, wanted in zip((width, height), resized, size, strict=True):
        first = round((new - wanted) / 2)
        scale = length / new
        box += [first * scale, (first + wanted) * scale]
    left, right, top, bottom = box
    reach_x, reach_y = (
        int(np.ceil(_BICUBIC_REACH * max(1.0, length / new))) + 1
        for length, new in zip((width, height), resized, strict=True)
    )
    # cut out first, with as much around as the filter reaches: Pillow copies what it is given
    x0, y0 = max(0, int(left) - reach_x), max(0, int(top) - reach_y)
    x1, y1 = min(width, int(np.ceil(right)) + reach_x), min(height, int(np.ceil(bottom)) + reach_y)
    cut = Image.fromarray(np.ascontiguousarray(rgb[y0:y1, x0:x1]))
    inner = (left - x0, top - y0, min(right - x0, x1 - x0), min(bottom - y0, y1 - y0))
    return np.asarray(cut.resize(size, Image.Resampling.BICUBIC, box=inner))


class FramePictures:
    """Makes the encoder's pictures of one film's frames, as they are stored, turned upright. One thread at a time.

    Squeezed ones are the very pictures that the analysis gives the built-in encoder. Of cropped ones, frames over
    1344 lines (for pictures of 224) are first brought down by a whole factor, to no less than 672.
    """

    def __init__(self, film: Film, spec: EncoderSpec) -> None:
        self._spec = spec
        self._turn = film.info.rotation_deg
        self._cascade: Cascade | None = None
        self._squeeze = PictureSpec(*spec.picture_size)
        width, height = film.info.display_size
        factor = max(1, min(width, height) // (_LEAST_STEP * max(spec.picture_size)))
        self._scaler = Scaler(max(1, round(width / factor)), max(1, round(height / factor)))
        if not spec.is_cropped:
            self._cascade = Cascade([self._squeeze], rotation_deg=self._turn)

    def of(self, frame: VideoFrame) -> RgbPicture:
        """uint8[h, w, 3] of the encoder's size."""
        if self._cascade is not None:
            return self._cascade.scaled(frame, 0)[self._squeeze]
        return prepared(self._scaler.rgb(frame, rotation_deg=self._turn), self._spec)
