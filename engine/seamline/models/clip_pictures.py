"""What CLIP looks at: the middle of a picture, 224 x 224. Imports no torch.

As published (openai/CLIP, clip.py, `_transform`): a bicubic resize with Pillow's averaging where it shrinks, until the
shorter side fits; then the middle is cut out.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PICTURE_SIDE = 224
CHANNELS = 3
PICTURE_MEAN = (0.48145466, 0.4578275, 0.40821073)
PICTURE_STD = (0.26862954, 0.26130258, 0.27577711)
"""Of values from 0 to 1; the network itself applies them."""

_REACH = 2
"""Pixels of the smaller picture: how far the bicubic filter looks."""


def cropped(picture: NDArray[np.uint8], side: int = PICTURE_SIDE) -> NDArray[np.uint8]:
    """uint8[side, side, 3], RGB, of a picture uint8[H, W, 3] of any size. No more is computed than the middle needs."""
    height, width = picture.shape[:2]
    shorter = min(width, height)
    cuts, box = [], []
    for length in (width, height):
        # torchvision's Resize: the longer side is cut to a whole number; CenterCrop: rounded, to even where it is half
        new = side * length // shorter
        scale, first = length / new, round((new - side) / 2)
        start, end = first * scale, (first + side) * scale
        # cut out first, with as much around as the filter reaches: Pillow copies what it is given
        reach = math.ceil(_REACH * max(1.0, scale)) + 1
        cut = slice(max(0, int(start) - reach), min(length, math.ceil(end) + reach))
        cuts.append(cut)
        box.append((start - cut.start, min(end, cut.stop) - cut.start))
    (left, right), (top, bottom) = box
    around = Image.fromarray(np.ascontiguousarray(picture[cuts[1], cuts[0]]))
    return np.asarray(around.resize((side, side), Image.Resampling.BICUBIC, box=(left, top, right, bottom)))
