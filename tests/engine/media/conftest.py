"""What a full decode of a film shows: the truth that every other way of reading it is held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

if TYPE_CHECKING:
    from films import FilmShelf


@dataclass(frozen=True)
class FullDecode:
    """The painted number and the time in seconds, from the first picture on, of every picture in order."""

    numbers: tuple[int, ...]
    times: tuple[Fraction, ...]


@pytest.fixture(scope="session")
def decode_all(films: FilmShelf) -> Callable[[Path], FullDecode]:
    """Decodes a film from its first packet to its last, in one thread, knowing nothing of Seamline."""

    def decode(path: Path) -> FullDecode:
        numbers, times = [], []
        with av.open(path) as container:
            stream = container.streams.video[0]
            for frame in container.decode(stream):
                turned = round(-frame.rotation / 90) % 4
                picture = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                for _ in range(4 - turned if turned else 0):
                    picture = picture.transpose(1, 0, 2)[::-1]  # a quarter turn against the clock
                numbers.append(films.read_number(picture))
                assert frame.pts is not None
                assert frame.time_base is not None
                times.append(frame.pts * Fraction(frame.time_base))
        return FullDecode(tuple(numbers), tuple(time - times[0] for time in times))

    return decode
