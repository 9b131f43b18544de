"""What the dual encoder looks at: whole pictures squeezed to squares, and words of up to 32 tokens. Imports no torch.

As published: a bilinear resize of the whole picture to 224 x 224; values divided by 255, minus 0.5 and divided by 0.5
in all channels, not by ImageNet's mean and deviation. The description does not say whether the resize averages where it
shrinks: here it does, as Pillow's does, and training and search have it done by the same function.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PICTURE_SIDE = 224
CHANNELS = 3
VALUE_CENTRE = 127.5
"""A picture's values become value / 127.5 - 1: (value / 255 - 0.5) / 0.5."""
MOST_TOKENS = 32

Picture = NDArray[np.uint8]
"""uint8[rows, columns, 3], RGB."""


def squeezed(picture: Picture, side: int = PICTURE_SIDE) -> Picture:
    """uint8[side, side, 3] of a whole picture, whatever its shape."""
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR))
