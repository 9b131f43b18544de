"""Pictures as an encoder takes them, of frames of a film and of any other picture."""

from __future__ import annotations

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from seamline.media.cascade import Cascade, PictureSpec
from seamline.media.film import Film
from seamline.media.pictures import Scaler
from seamline.models.clip_pictures import cropped
from seamline.models.dual_encoder_inputs import squeezed
from seamline.models.encoder import EncoderSpec, Fit

RgbPicture = NDArray[np.uint8]
"""uint8[height, width, 3], RGB."""

_LEAST_STEP = 3
"""Frames more than twice as large as so many times the encoder's pictures are brought down to that before the middle is
cut out."""


def prepared(rgb: RgbPicture, spec: EncoderSpec) -> RgbPicture:
    """uint8[h, w, 3] of the encoder's size, of an upright picture in square pixels of any size."""
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or min(rgb.shape) < 1:
        raise ValueError(f"need uint8[height, width, 3], not {rgb.dtype}{list(rgb.shape)}")
    if spec.fit is Fit.AREA:
        return _averaged(rgb, spec.picture_size)
    (side,) = set(spec.picture_size)
    return cropped(rgb, side) if spec.fit is Fit.MIDDLE else squeezed(rgb, side)


def _averaged(rgb: RgbPicture, size: tuple[int, int]) -> RgbPicture:
    width, height = size
    if rgb.shape[:2] == (height, width):
        return rgb
    # where it is enlarged, cv2 takes the mean of areas for the nearest pixel
    shrinks = rgb.shape[0] >= height and rgb.shape[1] >= width
    return np.asarray(
        cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), np.uint8
    )


class FramePictures:
    """Makes the encoder's pictures of one film's frames, as they are stored, turned upright. One thread at a time.

    Those of `Fit.AREA` are the very pictures that the analysis gives the built-in encoder, and those of `Fit.BILINEAR`
    the very ones that the dual encoder is trained with. Of `Fit.MIDDLE`, frames over 1344 lines (for pictures of 224)
    are first brought down by a whole factor, to no less than 672.
    """

    def __init__(self, film: Film, spec: EncoderSpec) -> None:
        self._spec = spec
        self._turn = film.info.rotation_deg
        self._cascade: Cascade | None = None
        self._whole = PictureSpec(*spec.picture_size)
        width, height = film.info.display_size
        factor = 1
        if spec.fit is Fit.MIDDLE:
            factor = max(1, min(width, height) // (_LEAST_STEP * max(spec.picture_size)))
        self._scaler = Scaler(max(1, round(width / factor)), max(1, round(height / factor)))
        if spec.fit is Fit.AREA:
            self._cascade = Cascade([self._whole], rotation_deg=self._turn)

    def of(self, frame: VideoFrame) -> RgbPicture:
        """uint8[h, w, 3] of the encoder's size."""
        if self._cascade is not None:
            return self._cascade.scaled(frame, 0)[self._whole]
        return prepared(self._scaler.rgb(frame, rotation_deg=self._turn), self._spec)
