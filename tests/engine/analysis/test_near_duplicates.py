"""The perceptual hash, and which keyframes go."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.near_duplicates import (
    MAX_DISTANCE,
    find_near_duplicates,
    hash_distances,
    perceptual_hashes,
)

Pictures = NDArray[np.uint8]


def scene(seed: int, width: int = 160, height: int = 90) -> Pictures:
    """A grey picture of soft shapes, uint8[height, width]."""
    random = np.random.default_rng(seed)
    coarse = random.uniform(0, 255, (6, 9)).astype(np.float32)
    return np.clip(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), 0, 255).astype(
        np.uint8
    )


def hash_of(picture: Pictures) -> np.uint64:
    (found,) = perceptual_hashes(picture[np.newaxis])
    return np.uint64(found)


def distance(one: Pictures, other: Pictures) -> int:
    return int(hash_distances(perceptual_hashes(one[np.newaxis]), hash_of(other))[0])


def hashes(*bits: int) -> NDArray[np.uint64]:
    """Hashes with as many bits set from the lowest on: their distance is the difference."""
    return np.array([(1 << count) - 1 for count in bits], np.uint64)


def test_it_is_the_median_of_the_64_lowest_frequencies() -> None:
    """Against the transform written out: C X C', with the orthonormal cosines in the rows of C."""
    picture = scene(3, 32, 32)
    n = np.arange(32)
    cosines = np.sqrt(2 / 32) * np.cos(np.pi * (2 * n + 1) * n[:, np.newaxis] / 64)
    cosines[0] /= np.sqrt(2)
    low = (cosines @ picture.astype(np.float64) @ cosines.T)[:8, :8]
    bits = "".join("1" if value > np.median(low) else "0" for value in low.ravel())
    assert int(hash_of(picture)) == int(bits, 2)


def test_unrelated_pictures_differ_in_about_half_the_bits() -> None:
    found = perceptual_hashes(np.stack([scene(seed) for seed in range(30)]))
    distances = np.concatenate([hash_distances(found[at + 1 :], found[at]) for at in range(29)])
    assert distances.min() > MAX_DISTANCE
    assert 26 < distances.mean() < 38


@pytest.mark.parametrize("seed", range(5))
def test_light_noise_size_and_compression_hardly_matter(seed: int) -> None:
    picture = scene(seed)
    random = np.random.default_rng(seed)
    noisy = np.clip(picture + random.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
    written = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1]
    compressed = cv2.imdecode(written, cv2.IMREAD_GRAYSCALE)
    assert compressed is not None
    others = [
        (picture * 0.8 + 10).astype(np.uint8),
        noisy,
        cv2.resize(picture, (320, 180)).astype(np.uint8),
        compressed.astype(np.uint8),
    ]
    assert [distance(picture, other) <= MAX_DISTANCE for other in others] == [True] * 4


def test_plain_pictures_are_alike_whatever_their_grey() -> None:
    plain = perceptual_hashes(np.stack([np.full((90, 160), grey, np.uint8) for grey in (0, 1, 77, 200, 255)]))
    assert hash_distances(plain, plain[0]).max() <= 1


def test_no_pictures_have_no_hashes() -> None:
    assert len(perceptual_hashes(np.zeros((0, 9, 9), np.uint8))) == 0
    assert find_near_duplicates(hashes()).tolist() == []


def test_only_a_picture_within_the_distance_goes() -> None:
    assert find_near_duplicates(hashes(0, 8), max_distance=8).tolist() == [-1, 0]
    assert find_near_duplicates(hashes(0, 9), max_distance=8).tolist() == [-1, -1]
    assert find_near_duplicates(hashes(5, 5), max_distance=0).tolist() == [-1, 0]


def test_the_earlier_one_stays() -> None:
    assert find_near_duplicates(hashes(20, 0, 20, 1)).tolist() == [-1, -1, 0, 1]


def test_a_later_picture_that_differs_does_not_save_a_duplicate() -> None:
    """The published filter keeps a picture as soon as any later one differs."""
    assert find_near_duplicates(hashes(10, 10, 50)).tolist() == [-1, 0, -1]


def test_a_picture_does_not_go_for_one_that_is_gone_itself() -> None:
    """In steps of 6, each is near the one before; the third is 12 from the first, which alone was kept."""
    assert find_near_duplicates(hashes(0, 6, 12, 18, 24), max_distance=8).tolist() == [-1, 0, -1, 2, -1]


def test_of_several_kept_ones_the_nearest_is_the_original() -> None:
    assert find_near_duplicates(hashes(0, 9, 7), max_distance=8).tolist() == [-1, -1, 1]


@pytest.mark.parametrize("seed", range(10))
def test_what_is_kept_differs_and_what_goes_has_an_earlier_kept_one(seed: int) -> None:
    some = np.random.default_rng(seed).integers(0, 2**64, 8, dtype=np.uint64)
    flips = np.random.default_rng(seed + 100).integers(0, 64, (60, 5))
    mixed = [
        some[n % 8] ^ np.bitwise_or.reduce(np.uint64(1) << row.astype(np.uint64))
        for n, row in enumerate(flips)
    ]
    every = np.array(mixed, np.uint64)
    originals = find_near_duplicates(every, max_distance=6)
    kept = np.flatnonzero(originals == -1)
    for place in range(60):
        distances = hash_distances(every[kept[kept < place]], every[place])
        if originals[place] == -1:
            assert (distances > 6).all()
        else:
            assert originals[place] in kept[kept < place]
            assert hash_distances(every[[originals[place]]], every[place])[0] == distances.min() <= 6


def test_a_distance_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 64"):
        find_near_duplicates(hashes(1), max_distance=65)
