"""Every size and colour of picture that is wanted of a frame, scaled down step by step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from numpy.typing import NDArray

from seamline.media.pictures import colorspace_of, upright

Pictures = NDArray[np.uint8]
"""uint8[n, height, width, 3] in RGB, uint8[n, height, width] in grey or uint8[n, height * 3 / 2, width] in YUV,
upright."""

_STEP_SIZE = (320, 180)
_THREADS = 1  # more cost a fifth of the time again, which the decoder needs
_STEP_PIXELS = _STEP_SIZE[0] * _STEP_SIZE[1]
_MIN_SHRINK = 12
"""Measured with 48x27 and 160x90 wanted: at 480p (7 times) the step loses a fifth, at 720p (16) it gains a tenth."""


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """Pictures of `width` x `height`, the whole frame squeezed into them, of frames 0, n, 2n, ... where n is
    `every_frames`. `grey`: luma alone, 0 to 255 whatever the film's range. `yuv_matrix`, if given: what encoders
    take, the planes of yuv420p one below the other, in that matrix (1 for BT.709, 5 for BT.601), luma from 16 to
    235 whatever the film's range."""

    width: int
    height: int
    grey: bool = False
    every_frames: int = 1
    yuv_matrix: int | None = None

    def __post_init__(self) -> None:
        if min(self.width, self.height, self.every_frames) < 1:
            raise ValueError(f"width, height and every_frames are 1 or more, not {self}")
        if self.yuv_matrix is not None and (self.grey or self.width % 2 or self.height % 2):
            raise ValueError(f"pictures in YUV have even sizes and colours, not {self}")

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one picture's array."""
        if self.yuv_matrix is not None:
            return (self.height * 3 // 2, self.width)
        return (self.height, self.width) if self.grey else (self.height, self.width, 3)

    @property
    def bytes(self) -> int:
        """Of one picture's array."""
        return math.prod(self.shape)

    def black(self) -> Pictures:
        """One picture of nothing, uint8 of `shape`."""
        picture = np.zeros(self.shape, np.uint8)
        if self.yuv_matrix is not None:
            picture[: self.height], picture[self.height :] = 16, 128
        return picture

    def count(self, start_frame: int, end_frame: int) -> int:
        """How many pictures the half-open range of frames has."""
        return _multiples(end_frame, self.every_frames) - _multiples(start_frame, self.every_frames)


class Cascade:
    """Scales frames to every spec: small pictures of every frame by way of one step of 320 x 180, others straight
    from the frame.

    The step is taken where the frame has `_MIN_SHRINK` times its pixels: below that it costs more than it saves.
    Which way a picture comes depends on the frame and on its own spec, never on what else is wanted, so that every
    run gives the same values. Area averages of area averages are exact for whole ratios and nearly so for
    others. One thread at a time.
    """

    def __init__(self, specs: Sequence[PictureSpec], *, rotation_deg: int) -> None:
        self._specs = tuple(dict.fromkeys(specs))
        self._turn = rotation_deg
        self._steps = {spec: VideoReformatter() for spec in self._specs}
        self._first_step = VideoReformatter()
        self._to_matrix = VideoReformatter()
        self._stored_sizes = {spec: self._as_stored(spec.width, spec.height) for spec in self._specs}

    def scaled(self, frame: VideoFrame, number: int) -> dict[PictureSpec, Pictures]:
        """One upright picture (uint8 of `spec.shape`) for each spec that wants frame `number`."""
        matrix = colorspace_of(frame)
        step: VideoFrame | None = None
        pictures = {}
        for spec in self._specs:
            if number % spec.every_frames:
                continue
            source = frame
            if _takes_step(spec) and frame.width * frame.height >= _MIN_SHRINK * _STEP_PIXELS:
                step = step or self._stepped(frame, matrix)
                source = step
            pictures[spec] = self._picture(source, spec, matrix)
        return pictures

    def _stepped(self, frame: VideoFrame, matrix: int) -> VideoFrame:
        return self._first_step.reformat(
            frame,
            *self._as_stored(*_STEP_SIZE),
            "yuv420p",
            src_colorspace=matrix,
            dst_colorspace=matrix,
            interpolation=Interpolation.AREA,
            threads=_THREADS,
        )

    def _as_stored(self, width: int, height: int) -> tuple[int, int]:
        """The size before the picture is turned upright."""
        return (height, width) if self._turn in (90, 270) else (width, height)

    def _picture(self, source: VideoFrame, spec: PictureSpec, matrix: int) -> Pictures:
        if spec.yuv_matrix is not None:
            return self._yuv_picture(source, spec, matrix, spec.yuv_matrix)
        width, height = self._stored_sizes[spec]
        scaled = self._steps[spec].reformat(
            source,
            width,
            height,
            "gray8" if spec.grey else "rgb24",
            src_colorspace=matrix,
            interpolation=Interpolation.AREA,
            threads=_THREADS,
        )
        return upright(np.asarray(scaled.to_ndarray(), np.uint8), self._turn)

    def _yuv_picture(self, source: VideoFrame, spec: PictureSpec, matrix: int, wanted: int) -> Pictures:
        # of a film in RGB there is no matrix to keep while it is scaled
        kept = wanted if source.format.is_rgb else matrix
        scaled = self._steps[spec].reformat(
            source,
            *self._stored_sizes[spec],
            "yuv420p",
            src_colorspace=matrix,
            dst_colorspace=kept,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.AREA,
            threads=_THREADS,
        )
        if kept != wanted:  # by way of RGB, so when there are few pixels left; few films need it
            scaled = self._to_matrix.reformat(
                scaled,
                src_colorspace=kept,
                dst_colorspace=wanted,
                src_color_range=ColorRange.MPEG,
                dst_color_range=ColorRange.MPEG,
                interpolation=Interpolation.BILINEAR | Interpolation.ACCURATE_RND,
            )
        planes = np.asarray(scaled.to_ndarray(), np.uint8)
        return _upright_planes(planes, self._turn) if self._turn else planes


def _upright_planes(planes: Pictures, clockwise_deg: int) -> Pictures:
    """The same of a picture's planes, uint8[h * 3 / 2, w], as `upright` of a whole one."""
    height, width = planes.shape[0] * 2 // 3, planes.shape[1]
    luma = upright(planes[:height], clockwise_deg)
    chroma = planes[height:].reshape(2, height // 2, width // 2)
    turned = [upright(plane, clockwise_deg).reshape(-1) for plane in chroma]
    return np.concatenate((luma.reshape(-1), *turned)).reshape(-1, luma.shape[1])


def _takes_step(spec: PictureSpec) -> bool:
    # twice as large in both directions, so that the second step still averages
    return (
        spec.every_frames == 1
        and spec.yuv_matrix is None
        and 2 * spec.width <= _STEP_SIZE[0]
        and 2 * spec.height <= _STEP_SIZE[1]
    )


def _multiples(end: int, step: int) -> int:
    """How many multiples of `step` lie in 0 to `end`, exclusive."""
    return -(-end // step)
