"""Single pictures as H.264: each alone, in any order, in the colours it had."""

from __future__ import annotations

import random
import threading

import numpy as np
import pytest

from seamline.media.intra import IntraDecoder, IntraEncoder

SIZE = (96, 54)


def picture(number: int) -> np.ndarray:
    """A planar picture whose luma says its number, with a gradient to compress."""
    planes = np.full((SIZE[1] * 3 // 2, SIZE[0]), 128, np.uint8)
    planes[: SIZE[1]] = 40 + number * 5
    planes[:10, : SIZE[0] // 2] = np.linspace(16, 235, SIZE[0] // 2).astype(np.uint8)
    return planes


def number_in(rgb: np.ndarray) -> int:
    level = rgb[20:].mean() * 219 / 255 + 16
    return round((level - 40) / 5)


def test_pictures_come_back_in_any_order() -> None:
    encoder, decoder = IntraEncoder(*SIZE), IntraDecoder(1)
    encoded = [encoder.encode(picture(number), quantiser=30) for number in range(30)]
    for number in random.Random(1).choices(range(30), k=90):
        rgb = decoder.rgb(encoded[number])
        assert rgb is not None
        assert rgb.shape == (SIZE[1], SIZE[0], 3)
        assert number_in(rgb) == number


def test_a_picture_is_encoded_the_same_whatever_came_before() -> None:
    first, second = IntraEncoder(*SIZE), IntraEncoder(*SIZE)
    for number in range(7):
        second.encode(picture(number), quantiser=30 + number % 4)
    mine, others = first.encode(picture(9), quantiser=36), second.encode(picture(9), quantiser=36)
    assert abs(len(mine) - len(others)) <= 1  # a counter of pictures, modulo two, is in it
    pair = [IntraDecoder(1).rgb(data) for data in (mine, others)]
    assert pair[0] is not None
    assert np.array_equal(pair[0], pair[1])


def test_a_coarser_quantiser_takes_fewer_bytes() -> None:
    encoder = IntraEncoder(*SIZE)
    noisy = np.random.default_rng(1).integers(60, 200, (SIZE[1] * 3 // 2, SIZE[0])).astype(np.uint8)
    sizes = [len(encoder.encode(noisy, quantiser=quantiser)) for quantiser in (20, 35, 51)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 2 * sizes[2]


def test_what_is_no_picture_is_none_and_the_next_one_comes() -> None:
    data, decoder = IntraEncoder(*SIZE).encode(picture(3), quantiser=30), IntraDecoder(1)
    for bad in (b"", b"no picture", data[:4], bytes(200)):
        assert decoder.rgb(bad) is None
        rgb = decoder.rgb(data)
        assert rgb is not None
        assert number_in(rgb) == 3


def test_one_decoder_serves_many_threads() -> None:
    encoder, decoder = IntraEncoder(*SIZE), IntraDecoder(1)
    encoded = [encoder.encode(picture(number), quantiser=30) for number in range(20)]
    wrong: list[int] = []

    def read(seed: int) -> None:
        for number in random.Random(seed).choices(range(20), k=60):
            rgb = decoder.rgb(encoded[number])
            if rgb is None or number_in(rgb) != number:
                wrong.append(number)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("size", [(2, 2), (34, 18), (304, 540)])
def test_any_even_size_will_do(size: tuple[int, int]) -> None:
    planes = np.full((size[1] * 3 // 2, size[0]), 128, np.uint8)
    rgb = IntraDecoder(1).rgb(IntraEncoder(*size).encode(planes, quantiser=30))
    assert rgb is not None
    assert rgb.shape == (size[1], size[0], 3)
    assert rgb.mean() == pytest.approx((128 - 16) * 255 / 219, abs=2)
