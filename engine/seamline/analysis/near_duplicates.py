"""Which pictures show the same as an earlier one."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

MAX_DISTANCE = 8
"""Bits, of 64, up to which two pictures count as the same; unrelated ones differ in 32, give or take 4, as
each hash has about as many ones as zeros."""

_SIDE, _KEPT = 32, 8


def perceptual_hashes(pictures: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The pHash of each grey picture, uint8[n, height, width]: uint64[n].

    Scaled to 32x32, discrete cosine transform, of its 8x8 lowest frequencies which ones exceed their median
    (Zauner, Implementation and benchmarking of perceptual image hash functions, 2010, section 3.2.1).
    The highest bit is the mean, then row by row.
    """
    return np.array([_perceptual_hash(picture) for picture in pictures], np.uint64)


def _perceptual_hash(picture: NDArray[np.uint8]) -> np.uint64:
    small = cv2.resize(picture.astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    # rounded, as the noise of the transform would decide the bits of a plain picture
    low = np.round(cv2.dct(small)[:_KEPT, :_KEPT], 2)
    bits = (low > np.median(low)).ravel()
    return np.uint64(int.from_bytes(np.packbits(bits).tobytes(), "big"))


def hash_distances(hashes: NDArray[np.uint64], other: np.uint64) -> NDArray[np.int64]:
    """In how many of 64 bits each differs from `other`: int64[n]."""
    distances: NDArray[np.int64] = np.bitwise_count(hashes ^ other).astype(np.int64)
    return distances


def find_near_duplicates(
    hashes: NDArray[np.uint64], *, max_distance: int = MAX_DISTANCE
) -> NDArray[np.int64]:
    """For each picture the place of the earlier one it nearly repeats, -1 if it is to be kept: int64[n].

    It is compared with the kept ones alone: in a slow change each picture nearly repeats the one before it,
    yet the last is not the first, and a picture must not go for one that is gone itself. Of several it is
    the nearest, and the first of equals.
    """
    if not 0 <= max_distance <= 64:
        raise ValueError(f"Hashes of 64 bits differ in 0 to 64, not in {max_distance}.")
    originals = np.full(len(hashes), -1, np.int64)
    kept = np.zeros(len(hashes), np.int64)
    kept_hashes = np.zeros(len(hashes), np.uint64)
    count = 0
    for place, picture_hash in enumerate(hashes):
        distances = hash_distances(kept_hashes[:count], picture_hash)
        if count and distances.min() <= max_distance:
            originals[place] = kept[distances.argmin()]
        else:
            kept[count], kept_hashes[count] = place, picture_hash
            count += 1
    return originals
