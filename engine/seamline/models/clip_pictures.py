"""What CLIP looks at: the middle of a picture, 224 x 224. Imports no torch.

As published: a bicubic resize that averages where it shrinks, until the shorter side fits; then the middle is cut out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PICTURE_SIDE = 224
CHANNELS = 3
PICTURE_MEAN = (0.48145466, 0.4578275, 0.40821073)
PICTURE_STD = (0.26862954, 0.26130258, 0.27577711)
"""Of values from 0 to 1; the network itself applies them."""


def cropped(picture: NDArray[np.uint8], side: int = PICTURE_SIDE) -> NDArray[np.uint8]:
    """uint8[side, side, 3], RGB, of a picture uint8[H, W, 3] of any size."""
    height, width = picture.shape[:2]
    shorter = min(height, width)
    across, down = side * width // shorter, side * height // shorter
    left, top = round((across - side) / 2), round((down - side) / 2)
    # the resize makes no more than the middle: of a strip, the rest could be very much
    box = (
        left * width / across,
        top * height / down,
        (left + side) * width / across,
        (top + side) * height / down,
    )
    middle = Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC, box=box)
    return np.asarray(middle)
