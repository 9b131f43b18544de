"""The similarity curve: 1 for the same picture, low at a cut, the same values however the pictures come."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from seamline.analysis.signals import Signals
from seamline.analysis.similarity import (
    BRIGHTNESS,
    CONTRAST,
    SIMILARITY,
    Moments,
    SimilarityStage,
    displacement,
    relighting,
)
from seamline.analysis.stage import FloatArray, Pictures
from seamline.progress import CancellableProgress


def curves(pictures: Pictures, sizes: list[int], done: int = 0) -> dict[str, FloatArray]:
    """The stage's values for `pictures`, fed in batches of these sizes, from result `done` on."""
    stage = SimilarityStage()
    resumption = stage.resume(done, CancellableProgress())
    assert resumption.first_result == done
    rest = pictures[resumption.first_picture :]
    signals = Signals(len(pictures) - done)
    at = 0
    for size in [*sizes, len(rest)]:
        for block in stage.feed(rest[at : at + size]) if at < len(rest) else []:
            signals.add(type(block)(block.start_frame - done, block.values))
        at += size
    assert stage.finish() == []
    assert signals.done_frames() == signals.frame_count
    return {name: signals[name] for name in stage.signal_names}


@pytest.fixture
def noise() -> Pictures:
    return np.random.default_rng(4).integers(0, 256, (60, 27, 48, 3), np.uint8)


def test_the_same_picture_is_1_and_the_first_frame_too(noise: Pictures) -> None:
    same = np.repeat(noise[:1], 5, axis=0)
    assert np.allclose(curves(same, [])[SIMILARITY], 1, atol=1e-5)
    assert curves(noise, [])[SIMILARITY][0] == pytest.approx(1, abs=1e-5)


def test_a_cut_is_near_0_and_values_stay_in_range(noise: Pictures) -> None:
    similarity = curves(noise, [])[SIMILARITY]
    assert similarity[1:].max() < 0.15
    negative = np.stack([noise[0], 255 - noise[0]])
    assert curves(negative, [])[SIMILARITY][1] == 0
    assert similarity.dtype == np.float32


def test_content_counts_more_than_light(noise: Pictures) -> None:
    """A picture a little darker is still alike; another picture of the same mean is not."""
    smooth = np.repeat(np.repeat(noise[:2, ::9, ::8], 9, axis=1), 8, axis=2)[:, :27, :48]
    darker = (smooth[:1] * 0.9).astype(np.uint8)
    assert curves(np.concatenate([smooth[:1], darker]), [])[SIMILARITY][1] > 0.95
    assert curves(smooth, [])[SIMILARITY][1] < 0.5


def test_brightness_and_contrast_are_of_luma() -> None:
    """ITU-R BT.709: green gives most of it."""
    pictures = np.zeros((4, 27, 48, 3), np.uint8)
    pictures[1] = 255
    pictures[2, ..., 1] = 255
    pictures[3, :, ::2] = 255
    found = curves(pictures, [])
    assert found[BRIGHTNESS] == pytest.approx([0, 1, 0.7152, 0.5], abs=1e-5)
    assert found[CONTRAST] == pytest.approx([0, 0, 0, 0.5], abs=1e-5)


@pytest.mark.parametrize("sizes", [[1] * 60, [7] * 9, [25, 25, 10], [59, 1], [1, 59]])
def test_batches_make_no_difference(noise: Pictures, sizes: list[int]) -> None:
    whole, parts = curves(noise, []), curves(noise, sizes)
    for name, values in whole.items():
        assert np.array_equal(values, parts[name])


@pytest.mark.parametrize("done", [1, 7, 25, 59])
@pytest.mark.parametrize("sizes", [[], [1] * 60, [13] * 5])
def test_going_on_gives_what_one_run_gives(noise: Pictures, done: int, sizes: list[int]) -> None:
    whole, rest = curves(noise, []), curves(noise, sizes, done)
    for name, values in whole.items():
        assert np.array_equal(values[done:], rest[name])


class TestRelighting:
    """How much of a step is another light on the same picture."""

    @pytest.fixture
    def scene(self) -> FloatArray:
        return np.random.default_rng(4).uniform(0.1, 0.6, 48 * 27 * 3).astype(np.float32)

    def share(self, now: FloatArray, then: FloatArray) -> float:
        planes = [picture.reshape(1, -1, 3).transpose(0, 2, 1) * 255.0 for picture in (now, then)]
        return float(relighting(Moments.of(*planes))[0])

    def test_a_light_switched_on_is_all_of_it(self, scene: FloatArray) -> None:
        warm = scene.reshape(-1, 3) * np.array([1.5, 1.3, 1.1], np.float32) + np.float32(0.1)
        assert self.share(warm.reshape(-1).astype(np.float32), scene) > 0.99

    def test_another_content_is_none_of_it(self, scene: FloatArray) -> None:
        other = np.random.default_rng(5).uniform(0.1, 0.6, scene.size).astype(np.float32)
        assert self.share(other, scene) < 0.6
        assert self.share(other[::-1].copy(), other) < 0.6

    def test_no_difference_is_none(self, scene: FloatArray) -> None:
        assert self.share(scene, scene) == 0
        black = np.zeros_like(scene)
        assert self.share(black, black) == 0
        assert 0 <= self.share(scene, black) <= 1


class TestDisplacement:
    """How much of a step is the same picture shifted or zoomed."""

    @pytest.fixture
    def scene(self) -> FloatArray:
        """A large smooth picture to look at through a window: float32[120, 160, 3], 0 to 255."""
        coarse = np.random.default_rng(6).uniform(20, 230, (8, 10, 3)).astype(np.float32)
        return np.asarray(cv2.resize(coarse, (160, 120), interpolation=cv2.INTER_CUBIC), np.float32)

    def share(self, now: FloatArray, then: FloatArray) -> float:
        planes = [picture.reshape(1, -1, 3).transpose(0, 2, 1).astype(np.float64) for picture in (now, then)]
        return float(displacement(*planes)[0])

    def seen(self, scene: FloatArray, x: float, y: float, zoom: float = 1.0) -> FloatArray:
        at = np.array([[1 / zoom, 0, x], [0, 1 / zoom, y]], np.float32)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(scene, at, (48, 27), flags=flags), np.float32)

    def test_a_pan_a_tilt_and_a_zoom_are_most_of_it(self, scene: FloatArray) -> None:
        still = self.seen(scene, 40, 40)
        assert self.share(self.seen(scene, 40.7, 40), still) > 0.8
        assert self.share(self.seen(scene, 40, 40.7), still) > 0.8
        middle_x, middle_y = 40 + 23.5 * (1 - 1 / 1.03), 40 + 13 * (1 - 1 / 1.03)
        assert self.share(self.seen(scene, middle_x, middle_y, 1.03), still) > 0.8

    def test_a_dissolve_and_a_cut_are_hardly_any(self, scene: FloatArray) -> None:
        one, other = self.seen(scene, 10, 10), self.seen(scene, 90, 80)
        assert self.share(one * np.float32(0.9) + other * np.float32(0.1), one) < 0.3
        assert self.share(other, one) < 0.3

    def test_another_light_is_none_of_it(self, scene: FloatArray) -> None:
        still = self.seen(scene, 40, 40)
        assert self.share(still * np.float32(0.9) + np.float32(5), still) < 0.05
        assert self.share(still, still) == 0
