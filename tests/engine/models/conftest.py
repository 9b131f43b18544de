"""Pictures of the network's size with shots in them, and the installed network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.models.registry import TRANSNETV2, TRANSNETV2_INT8
from seamline.models.session import TransNetV2Session
from seamline.models.store import locate

Pictures = NDArray[np.uint8]


def moving_gradients(frame_count: int, seed: int) -> Pictures:
    """Colour waves that move through each shot, with cuts every 6 to 40 frames: uint8[T, 27, 48, 3]."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:27, :48]
    pictures = np.empty((frame_count, 27, 48, 3), np.uint8)
    start = 0
    while start < frame_count:
        end = min(frame_count, start + int(random.integers(6, 40)))
        phase, tilt, speed = (
            random.uniform(0, 6, 3),
            random.uniform(-0.3, 0.3, (2, 3)),
            random.uniform(-0.3, 0.3),
        )
        wave = phase + rows[..., None] * tilt[0] + columns[..., None] * tilt[1]
        for frame in range(start, end):
            pictures[frame] = 127 + 100 * np.sin(wave + speed * (frame - start))
        start = end
    return pictures


@pytest.fixture(scope="session")
def film() -> Callable[[int, int], Pictures]:
    """Makes a film of so many frames from a seed."""
    return moving_gradients


@pytest.fixture(scope="session")
def installed_graph() -> Path:
    return locate(TRANSNETV2)


@pytest.fixture(scope="module")
def int8_session() -> TransNetV2Session:
    """Closed after each file, as an open network keeps the memory that its longest film took."""
    return TransNetV2Session(locate(TRANSNETV2_INT8))


@pytest.fixture(scope="module")
def session(installed_graph: Path) -> TransNetV2Session:
    return TransNetV2Session(installed_graph)
