"""Grades, blur, grain and bars on many pictures at once."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.synthetic_plan import Look
from seamline.evaluation.synthetic_sources import Pictures

_GRAIN_TILES = 16
_GRAIN_LINES = 360
_REC709_LUMA = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709-6, 3.2


def graded(pictures: Pictures, look: Look) -> Pictures:
    """The pictures flipped, coloured and blurred as `look` says; its region is the source's affair."""
    if look.flip:
        pictures = np.ascontiguousarray(pictures[:, :, ::-1])
    if (look.brightness, look.contrast, look.gamma, look.cast) != (0, 1, 1, (1.0, 1.0, 1.0)):
        pictures = through_table(pictures, _table(look.brightness, look.contrast, look.gamma, look.cast))
    if look.saturation != 1:
        luma = np.tile(np.array(_REC709_LUMA, np.float32), (3, 1))
        matrix = look.saturation * np.eye(3, dtype=np.float32) + (1 - look.saturation) * luma
        pictures = _flat(pictures, lambda flat: cv2.transform(flat, matrix))
    return blurred(pictures, look.blur) if look.blur else pictures


def blurred(pictures: Pictures, deviation_heights: float) -> Pictures:
    """Out of focus by so many picture heights; the area means of a small picture are blurred already."""
    sigma = deviation_heights * pictures.shape[1]
    if sigma < 0.15:
        return pictures
    return np.stack([np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8) for picture in pictures])


def grained(pictures: Pictures, level: float, numbers: NDArray[np.int64]) -> Pictures:
    """Film grain, the same for the same picture number."""
    height, width = pictures.shape[1:3]
    tiles = _grain_tiles(width, height, round(level, 1))
    noise = tiles[(numbers * 7 + numbers // _GRAIN_TILES) % _GRAIN_TILES]
    return np.asarray(np.clip(pictures.astype(np.int16) + noise[..., None], 0, 255), np.uint8)


def barred(pictures: Pictures, share: float) -> Pictures:
    """Black bars over that share of the height, or of the width where it is negative."""
    axis = 1 if share > 0 else 2
    length = pictures.shape[axis]
    # a row that the bar's edge crosses is dimmed by as much as it covers
    edge = abs(share) / 2 * length
    at = np.arange(length)
    shown = np.clip(np.minimum(at + 1 - edge, length - at - edge), 0, 1).astype(np.float32)
    shape = [1, 1, 1, 1]
    shape[axis] = length
    return np.asarray(np.rint(pictures * shown.reshape(shape)), np.uint8)


def through_table(pictures: Pictures, table: Pictures) -> Pictures:
    """Every value replaced through `table`, uint8[256, 3]."""
    return _flat(pictures, lambda flat: cv2.LUT(flat, table[None]))


def gain_table(gain: float, towards: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Pictures:
    """uint8[256, 3]: brighter by `gain`, each channel by as much more as `towards` says; whites clip softly."""
    levels = np.arange(256)[:, None] / 255 * gain * np.array(towards)[None]
    soft = np.where(levels > 0.8, 0.8 + 0.2 * np.tanh((levels - 0.8) / 0.2), levels) if gain > 1 else levels
    return np.asarray(np.rint(np.clip(soft, 0, 1) * 255), np.uint8)


def _flat(pictures: Pictures, work) -> Pictures:  # type: ignore[no-untyped-def]
    """One call of OpenCV for all pictures, as if they stood below one another."""
    count, height, width = pictures.shape[:3]
    flat = np.ascontiguousarray(pictures).reshape(count * height, width, 3)
    return np.asarray(work(flat), np.uint8).reshape(pictures.shape)


@lru_cache(maxsize=256)
def _table(brightness: float, contrast: float, gamma: float, cast: tuple[float, float, float]) -> Pictures:
    levels = (np.arange(256) / 255) ** gamma
    levels = (levels - 0.5) * contrast + 0.5 + brightness / 255
    return np.asarray(np.rint(np.clip(levels[:, None] * np.array(cast)[None], 0, 1) * 255), np.uint8)


@lru_cache(maxsize=64)
def _grain_tiles(width: int, height: int, level: float) -> NDArray[np.int16]:
    """int16[16, h, w]: grain of about one pixel at 360 lines; at fewer lines its mean over each pixel."""
    rng = np.random.default_rng([7, width, height])
    noise = rng.normal(0, level * min(1.0, height / _GRAIN_LINES), (_GRAIN_TILES, height, width))
    return np.rint(noise).astype(np.int16)
