"""The faster ways to run the network decide as the published one does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from seamline.evaluation.activation_ranges import watch
from seamline.evaluation.agreement import compare, curve, runs_over, together
from seamline.models import transnetv2
from seamline.models.registry import TRANSNETV2
from seamline.models.session import TransNetV2Session
from seamline.models.store import installed_weights
from seamline.models.transnetv2_int8 import RANGES
from seamline.models.windows import PUBLISHED, WindowLayout

Pictures = NDArray[np.uint8]
Probabilities = NDArray[np.float32]

FRAMES = 130


@pytest.fixture(scope="module")
def pictures(film: Callable[[int, int], Pictures]) -> Pictures:
    return film(FRAMES, 21)


@pytest.fixture(scope="module")
def published(session: TransNetV2Session, pictures: Pictures) -> Probabilities:
    return curve(session, pictures, PUBLISHED)


@pytest.mark.parametrize("name", ["session", "int8_session"])
def test_long_windows_find_the_seams_of_the_published_ones(
    name: str, request: pytest.FixtureRequest, pictures: Pictures, published: Probabilities
) -> None:
    session: TransNetV2Session = request.getfixturevalue(name)
    found = compare(published, curve(session, pictures, WindowLayout(100, first_frames=(50,))))
    assert found.frames == FRAMES
    assert found.seams >= 3, "a film with nothing in it would prove nothing"
    assert (found.missed, found.extra) == ((), ())
    assert found.mean_change < 0.005


def test_ranges_are_noted_for_every_place_that_8_bits_need(pictures: Pictures) -> None:
    network = transnetv2.load(installed_weights(TRANSNETV2))
    ranges = watch(network)
    network(torch.from_numpy(pictures[:16])[None])
    assert len(ranges) == len(RANGES) * (2 * (4 + 1) + 2)
    assert all(high > 0 for _, high in ranges.values())
    for index, stack in enumerate(RANGES):
        assert 0 < ranges[f"{index} pooled"][1] <= ranges[f"{index} total"][1]
        assert stack.pooled <= stack.total
        low, high = ranges[f"{index}.1 space 8"]
        assert low < 0 < high


def peaks(frame_count: int, **at: float) -> Probabilities:
    values = np.zeros(frame_count, np.float32)
    for frame, value in at.items():
        values[int(frame[1:])] = value
    return values


def test_runs_are_frames_above_the_threshold_in_a_row() -> None:
    values = peaks(8, f0=0.9, f1=0.6, f3=0.5, f5=0.51, f7=1)
    assert runs_over(values, 0.5) == [(0, 1), (5, 5), (7, 7)]
    assert runs_over(values, 2) == []


def test_a_seam_one_frame_off_agrees_and_two_frames_off_does_not() -> None:
    reference = peaks(100, f10=0.9, f50=0.9)
    assert compare(reference, peaks(100, f11=0.9, f49=0.9)).share_found == 1
    found = compare(reference, peaks(100, f10=0.9, f52=0.8))
    assert (found.seams, found.missed, found.extra) == (2, ((50, 50),), ((52, 52),))
    assert found.share_found == 0.5
    assert found.greatest_change == pytest.approx(0.9)
    assert found.mean_change == pytest.approx(0.017)


def test_films_add_up() -> None:
    nothing = compare(peaks(300), peaks(300))
    extra = compare(peaks(100, f3=0.8), peaks(100, f3=0.8, f70=0.6))
    both = together([nothing, extra])
    assert (both.frames, both.seams, both.missed, both.extra) == (400, 1, (), ((70, 70),))
    assert both.mean_change == pytest.approx(0.6 / 400)
    assert together([]).share_found == 1
