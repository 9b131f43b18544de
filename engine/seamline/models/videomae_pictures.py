"""What the shot label network looks at: 16 frames of a shot, squeezed to squares. Imports no torch.

As published with the weights: frames at linspace(0, T - 1, 16), cut to whole numbers; a bilinear resize that
averages where it shrinks; values divided by 255, ImageNet's mean and deviation (these two are in the network).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FRAMES = 16
PICTURE_SIDE = 224
CHANNELS = 3
PICTURE_MEAN = (0.485, 0.456, 0.406)
PICTURE_STD = (0.229, 0.224, 0.225)

Clip = NDArray[np.uint8]
"""uint8[16, 224, 224, 3], RGB."""


def sampled_frames(start_frame: int, end_frame: int, count: int = FRAMES) -> tuple[int, ...]:
    """The numbers of the frames that stand for the shot [start_frame, end_frame), rising, with repeats where it is
    shorter. In whole numbers, so that none falls below by rounding."""
    if end_frame <= start_frame or count < 2:
        raise ValueError(
            f"need frames in the shot and 2 or more of them, not {start_frame}, {end_frame}, {count}"
        )
    last = end_frame - start_frame - 1
    return tuple(start_frame + index * last // (count - 1) for index in range(count))


def squared(picture: NDArray[np.uint8], side: int = PICTURE_SIDE) -> NDArray[np.uint8]:
    """uint8[side, side, 3] of a whole picture, uint8[H, W, 3], whatever its shape."""
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR))
