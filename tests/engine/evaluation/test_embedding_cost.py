"""The cost of embedding is measured on the same frames, by the same encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.evaluation.embedding_cost import measure, twice_a_second
from seamline.media.open_film import open_film
from seamline.models.encoder import EncoderSpec, Fit
from seamline.progress import Progress

if TYPE_CHECKING:
    from films import FilmShelf


class CountingEncoder:
    spec = EncoderSpec("counting", "counting", (32, 32), 4, Fit.MIDDLE)
    device = "paper"

    def __init__(self) -> None:
        self.pictures = 0

    def encode(self, pictures: NDArray[np.uint8], *, progress: Progress | None = None) -> NDArray[np.float32]:
        self.pictures += len(pictures)
        return np.tile(np.array([[1, 0, 0, 0]], np.float32), (len(pictures), 1))


@pytest.mark.parametrize("count", [3, 20, 40])
def test_both_ways_encode_as_many_pictures(films: FilmShelf, count: int) -> None:
    encoder = CountingEncoder()
    cost = measure(open_film(films("mp4").path), np.arange(count, dtype=np.int64), encoder, 2)
    assert encoder.pictures == min(16, count) + 2 * 2 * count  # to warm up, and two ways in two rounds
    assert cost.frames == count
    assert cost.decoding_s > 0
    assert 0 < cost.share < 1, "a network that costs nothing waits for the film"


def test_twice_a_second_is_counted_by_the_clock(films: FilmShelf) -> None:
    assert twice_a_second(open_film(films("mp4").path)) == 9  # of 100 frames at 25, every twelfth
