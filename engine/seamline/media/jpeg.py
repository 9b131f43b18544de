"""Pictures as JPEG bytes and back."""

from __future__ import annotations

import cv2
import numpy as np

from seamline.errors import MediaError
from seamline.media.pictures import RgbPicture


def encode_jpeg(picture: RgbPicture, *, quality: int = 80) -> bytes:
    """The JPEG of uint8[height, width, 3] in RGB; quality 0 to 100, as libjpeg counts it."""
    is_encoded, data = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    if not is_encoded:
        raise MediaError(f"A picture of {picture.shape} could not be written as JPEG.")
    return data.tobytes()


def decode_jpeg(data: bytes) -> RgbPicture | None:
    """uint8[height, width, 3] in RGB; None if the bytes are no picture."""
    if not data:
        return None
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        return None
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)
