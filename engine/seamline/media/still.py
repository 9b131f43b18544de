"""One picture as the bytes of a file, in the format that its name asks for."""

from __future__ import annotations

from typing import Any, Final

import cv2

from seamline.errors import MediaError
from seamline.media.pictures import RgbPicture

STILL_SUFFIXES: Final = (".png", ".tif", ".tiff", ".jpg", ".jpeg")
_JPEG_QUALITY = 95
_TIFF_LZW = 5  # Compression, TIFF 6.0, section 13
_OPTIONS: dict[str, list[Any]] = {
    ".jpg": [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY],
    ".jpeg": [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY],
    ".tif": [cv2.IMWRITE_TIFF_COMPRESSION, _TIFF_LZW],
    ".tiff": [cv2.IMWRITE_TIFF_COMPRESSION, _TIFF_LZW],
}


def encode_still(picture: RgbPicture, suffix: str) -> bytes:
    """`picture`, uint8[H, W, 3] in RGB, as PNG, TIFF (both without loss) or JPEG of quality 95, by `suffix` in any
    case. Raises MediaError for another suffix, or a picture that its format cannot hold."""
    kind = suffix.lower()
    if kind not in STILL_SUFFIXES:
        raise MediaError(f"A still cannot be saved as “{suffix}”: choose {', '.join(STILL_SUFFIXES)}.")
    try:
        is_encoded, data = cv2.imencode(
            kind, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), _OPTIONS.get(kind, [])
        )
    except cv2.error:
        is_encoded = False
    if not is_encoded:
        height, width = picture.shape[:2]
        raise MediaError(f"A picture of {width}x{height} could not be written as “{suffix}”: choose .png.")
    return data.tobytes()
