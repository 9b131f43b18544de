"""From decoded frames to arrays: scaled, upright, RGB."""

from __future__ import annotations

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from seamline.media.probe import display_rotation_deg

RgbPicture = NDArray[np.uint8]
"""uint8[H, W, 3], red first."""

BT709, BT601 = 1, 5
_UNSPECIFIED = 2
_HD_HEIGHT = 720


class Scaler:
    """Makes pictures of one size; keeps the conversion tables between frames. One thread at a time."""

    def __init__(self, width: int, height: int, *, interpolation: Interpolation = Interpolation.AREA) -> None:
        self.width = width
        self.height = height
        self._interpolation = interpolation
        self._reformatter = VideoReformatter()

    def rgb(self, frame: VideoFrame, *, rotation_deg: int | None = None) -> RgbPicture:
        """uint8[height, width, 3], turned upright by the frame's own display matrix unless told how far."""
        turn = display_rotation_deg(frame) if rotation_deg is None else rotation_deg
        lying = turn in (90, 270)
        width, height = (self.height, self.width) if lying else (self.width, self.height)
        scaled = self._reformatter.reformat(
            frame,
            width,
            height,
            "rgb24",
            src_colorspace=colorspace_of(frame),
            interpolation=self._interpolation,
        )
        return upright(np.asarray(scaled.to_ndarray(), np.uint8), turn)


def upright(picture: NDArray[np.uint8], clockwise_deg: int) -> NDArray[np.uint8]:
    """The picture, uint8[H, W, ...], turned by a multiple of 90 degrees."""
    # np.rot90 turns anticlockwise
    return np.ascontiguousarray(np.rot90(picture, -(clockwise_deg // 90))) if clockwise_deg else picture


def colorspace_of(frame: VideoFrame) -> int:
    """The YUV matrix the frame is meant in: its own word, else BT.709 from 720 lines on (as players assume)."""
    if frame.colorspace != _UNSPECIFIED:
        return int(frame.colorspace)
    return usual_colorspace(frame.height)


def usual_colorspace(height: int) -> int:
    """The YUV matrix of pictures of so many lines that say nothing of it."""
    return BT709 if height >= _HD_HEIGHT else BT601


def fitted_size(size: tuple[int, int], limit: tuple[int, int]) -> tuple[int, int]:
    """`size` (width, height) shrunk to fit into `limit`, its aspect kept; never enlarged, at least 1x1."""
    scale = min(1.0, limit[0] / size[0], limit[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
