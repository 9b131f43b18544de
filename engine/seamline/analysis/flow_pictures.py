"""Optical flow as the pictures that the siamese network looks at.

As published (samanthajmichael/siamese_model.h5 and the code around it): Gunnar Farneback's dense flow between two
neighbouring frames; the direction as hue, the magnitude as brightness, scaled so that a picture's least is black and
its greatest white. So the picture shows where and which way things move, and nothing of how fast.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 224
LONGEST_SIDE = 320
"""Of the frames that flow is measured in; what was published does not say. At 320 x 180 it takes 10 ms."""
GRID = 8
_PYRAMID_SCALE, _LEVELS, _WINDOW, _ITERATIONS, _NEIGHBOURHOOD, _SIGMA = 0.5, 3, 15, 3, 5, 1.2

Grey = NDArray[np.uint8]
FlowField = NDArray[np.float32]
"""float32[h, w, 2]: how far each pixel goes to the right and down until the next frame, in pixels."""
FlowPicture = NDArray[np.uint8]
"""uint8[224, 224, 3], BGR."""


def flow_size(width: int, height: int) -> tuple[int, int]:
    """Width and height to measure flow in, of frames of that display size: the longer side 320, or as it is."""
    share = min(1.0, LONGEST_SIDE / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def flow_field(first_grey: Grey, second_grey: Grey) -> FlowField:
    """The movement from one frame to the next, uint8[h, w] both: Farneback with the published parameters."""
    if first_grey.shape != second_grey.shape or first_grey.ndim != 2 or first_grey.dtype != np.uint8:
        raise ValueError(
            f"need uint8[h, w] twice, not {first_grey.dtype}{list(first_grey.shape)} and {list(second_grey.shape)}"
        )
    field = cv2.calcOpticalFlowFarneback(
        first_grey,
        second_grey,
        np.empty((*first_grey.shape, 2), np.float32),
        _PYRAMID_SCALE,
        _LEVELS,
        _WINDOW,
        _ITERATIONS,
        _NEIGHBOURHOOD,
        _SIGMA,
        0,
    )
    return np.asarray(field, np.float32)


def flow_picture(field: FlowField) -> FlowPicture:
    """The published picture of a field: hue = angle / 2 in degrees, full saturation, value = magnitude from the
    picture's least (0) to its greatest (255); squeezed to a square. A field that is even all over is black."""
    magnitude, angle = cv2.cartToPolar(
        np.ascontiguousarray(field[..., 0]), np.ascontiguousarray(field[..., 1])
    )
    hsv = np.empty((*field.shape[:2], 3), np.uint8)
    # the published cast to 8 bits cuts off what is behind the point; an angle of 2 pi would be 180, which is no hue
    hsv[..., 0] = np.minimum(angle * (180 / np.pi / 2), 179).astype(np.uint8)
    hsv[..., 1] = 255
    least, greatest = float(magnitude.min()), float(magnitude.max())
    if greatest > least:
        hsv[..., 2] = ((magnitude - least) * (255 / (greatest - least))).astype(np.uint8)
    else:
        hsv[..., 2] = 0
    picture = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
    return np.asarray(cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.uint8)


def mean_grey(picture: FlowPicture) -> float:
    """The mean of the picture as grey, 0 to 255: all that the published labels are made of."""
    return float(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).mean())


def flow_grid(field: FlowField, cells: int = GRID) -> NDArray[np.float32]:
    """float32[cells, cells, 2]: the mean movement of each part of the picture, in widths of it a frame."""
    small = cv2.resize(field, (cells, cells), interpolation=cv2.INTER_AREA)
    return np.asarray(small / field.shape[1], np.float32)
