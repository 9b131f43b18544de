"""Pictures to search by: a part of a frame, or a picture file from outside."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, TiffImagePlugin

from seamline.errors import MediaError

RgbPicture = NDArray[np.uint8]
"""uint8[height, width, 3], RGB, upright."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are outside."""

LEAST_REGION_PX = 32
"""Of a region's sides, where the picture has as many: what is smaller shows an encoder nothing but blur."""
_CONTEXT_SHARE = 0.1  # of the box's own sides, on each side
_MOST_ELONGATED = 16 / 9
"""Encoders see a squeezed square, or a square middle: a strip would be distorted or cut off."""

_MOST_BYTES = 256 << 20
_MOST_PIXELS = 100_000_000
_BACKGROUND = (128, 128, 128)
_TIFF_MARKS = (b"II*\0", b"MM\0*")
_WIDTH_TAG, _HEIGHT_TAG = 256, 257


def region(rgb: RgbPicture, box: Box) -> RgbPicture:
    """The part of the picture in the box, with a tenth of its size around it.

    It is made larger where a side is under 32 pixels, or one is more than 16/9 of the other, and then shifted, so far
    as the picture goes. Raises ValueError for a box that has no pixel of the picture.
    """
    height, width = rgb.shape[:2]
    left, right = max(0, box[0]), min(width, box[2])
    top, bottom = max(0, box[1]), min(height, box[3])
    if left >= right or top >= bottom:
        raise ValueError(f"The box {box} has no pixel of a picture of {width}x{height}.")
    wanted_width = min(width, (right - left) * (1 + 2 * _CONTEXT_SHARE))
    wanted_height = min(height, (bottom - top) * (1 + 2 * _CONTEXT_SHARE))
    wanted_width = max(wanted_width, wanted_height / _MOST_ELONGATED, LEAST_REGION_PX)
    wanted_height = max(wanted_height, wanted_width / _MOST_ELONGATED, LEAST_REGION_PX)
    x0, x1 = _span(left, right, wanted_width, width)
    y0, y1 = _span(top, bottom, wanted_height, height)
    return np.ascontiguousarray(rgb[y0:y1, x0:x1])


def _span(start: int, end: int, wanted: float, most: int) -> tuple[int, int]:
    """About the middle of [start, end), so long as wanted, inside [0, most)."""
    length = min(most, max(end - start, round(wanted)))
    first = round((start + end - length) / 2)
    first = min(max(0, first), most - length)
    return first, first + length


def read_picture(path: Path) -> RgbPicture:
    """The picture in a file, uint8[height, width, 3], RGB: upright by its EXIF orientation, transparent parts over
    mid grey, 16 bits brought to 8, the first of several.

    Raises MediaError, in a sentence, for what is no picture that can be read, over 256 MB, or over 100 megapixels.
    """
    name = path.name
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise MediaError(
                f"“{name}” has {size >> 20} MB: choose a picture of at most {_MOST_BYTES >> 20} MB."
            )
        data = path.read_bytes()
    except OSError as error:
        raise MediaError(
            f"The picture “{name}” cannot be opened ({error.strerror or error}): choose another file."
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures and odd metadata, which is not for the user
            return _by_pillow(data, name)
    except MediaError:
        raise
    except Image.DecompressionBombError as error:
        raise MediaError(
            f"“{name}” has too many pixels: choose a picture of at most {_MOST_PIXELS // 1_000_000} megapixels."
        ) from error
    except Exception as error:  # whatever a stranger's file makes a codec raise
        if data[:4] in _TIFF_MARKS and (rgb := _tiff_by_opencv(data, name)) is not None:
            return rgb  # of 16 bits a colour, which Pillow does not know
        raise MediaError(
            f"“{name}” is no picture that Seamline can read: save it as PNG or JPEG and choose that."
        ) from error


def _by_pillow(data: bytes, name: str) -> RgbPicture:
    with Image.open(io.BytesIO(data)) as image:
        _check_size(*image.size, name)
        image.load()
        upright = ImageOps.exif_transpose(image)
        if upright.mode in ("I;16", "I;16B", "I;16L", "I;16N", "I", "F"):
            return _from_deep(np.asarray(upright))
        if "transparency" in upright.info or upright.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
            over = upright.convert("RGBA")
            upright = Image.alpha_composite(Image.new("RGBA", over.size, (*_BACKGROUND, 255)), over)
        return np.array(upright.convert("RGB"), np.uint8)


def _from_deep(grey: NDArray[np.generic]) -> RgbPicture:
    """Grey values of 16 bits or more, or floats, as uint8[height, width, 3]: 16 bits by their own range, floats of 0
    to 1 likewise, others by the largest."""
    values = np.nan_to_num(np.asarray(grey, np.float64), posinf=0, neginf=0)
    largest = float(values.max(initial=0))
    full = 1.0 if grey.dtype.kind == "f" and largest <= 1 else max(65535.0, largest)
    if grey.dtype.kind == "f" and 1 < largest <= 255:
        full = 255.0
    levels = np.clip(values * (255 / full), 0, 255).round().astype(np.uint8)
    return np.repeat(levels[..., np.newaxis], 3, axis=2)


def _tiff_by_opencv(data: bytes, name: str) -> RgbPicture | None:
    """The picture of a TIFF that Pillow does not know, None if OpenCV does not either."""
    try:
        tags = TiffImagePlugin.ImageFileDirectory_v2(data[:8])
        stream = io.BytesIO(data)
        stream.seek(tags.next)
        tags.load(stream)
        width, height = int(tags[_WIDTH_TAG]), int(tags[_HEIGHT_TAG])
    except Exception:  # noqa: BLE001  as above
        return None
    _check_size(width, height, name)
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if decoded is None else np.ascontiguousarray(decoded[..., ::-1], np.uint8)


def _check_size(width: int, height: int, name: str) -> None:
    if width * height > _MOST_PIXELS:
        raise MediaError(
            f"“{name}” has {width}x{height} pixels: choose a picture of at most "
            f"{_MOST_PIXELS // 1_000_000} megapixels."
        )
