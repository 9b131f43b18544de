"""Flow and its pictures: which way, how fast, and what the picture keeps of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from seamline.analysis.flow_pictures import SIDE, flow_field, flow_grid, flow_picture, flow_size, mean_grey

HUE_RIGHT, HUE_DOWN, HUE_LEFT, HUE_UP = 0, 45, 90, 135


def noise(width: int = 160, height: int = 96) -> np.ndarray:
    cells = np.random.default_rng(0).integers(0, 256, (height // 4, width // 4), np.uint8)
    return cv2.resize(cells, (width, height), interpolation=cv2.INTER_CUBIC)


def moved(picture: np.ndarray, right: float, down: float) -> np.ndarray:
    matrix = np.array([[1, 0, right], [0, 1, down]], np.float64)
    size = picture.shape[1], picture.shape[0]
    return cv2.warpAffine(picture, matrix, size, borderMode=cv2.BORDER_REFLECT_101)


def test_a_shift_is_measured_in_pixels_right_and_down() -> None:
    picture = noise()
    field = flow_field(picture, moved(picture, 3, -2))
    assert field.shape == (96, 160, 2)
    assert field.dtype == np.float32
    assert np.allclose(np.median(field[20:-20, 20:-20], axis=(0, 1)), (3, -2), atol=0.1)


@pytest.mark.parametrize(
    ("right", "down", "hue"), [(2, 0, HUE_RIGHT), (0, 2, HUE_DOWN), (-2, 0, HUE_LEFT), (0, -2, HUE_UP)]
)
def test_the_hue_is_the_direction(right: int, down: int, hue: int) -> None:
    field = np.zeros((90, 160, 2), np.float32)
    field[30:60, 50:110] = right, down
    picture = flow_picture(field)
    assert picture.shape == (SIDE, SIDE, 3)
    assert cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)[SIDE // 2, SIDE // 2].tolist() == [hue, 255, 255]
    assert not picture[:20].any()  # what moves least is black


def test_a_picture_does_not_know_how_fast_but_the_grid_does() -> None:
    field = np.random.default_rng(1).normal(0, 1, (90, 160, 2)).astype(np.float32)
    slow, fast = flow_picture(field), flow_picture(4 * field)
    assert np.abs(slow.astype(int) - fast.astype(int)).max() <= 1
    assert np.allclose(flow_grid(4 * field), 4 * flow_grid(field), atol=1e-6)


def test_the_grid_is_in_widths_and_keeps_its_place() -> None:
    field = np.zeros((90, 160, 2), np.float32)
    field[:, :80, 0] = 16
    grid = flow_grid(field)
    assert grid.shape == (8, 8, 2)
    assert np.allclose(grid[:, :4, 0], 0.1)
    assert not grid[:, 4:].any()


def test_what_stands_still_is_black_and_so_is_what_moves_evenly() -> None:
    still = np.zeros((90, 160, 2), np.float32)
    even = np.full((90, 160, 2), 1.5, np.float32)
    assert not flow_picture(still).any()
    assert not flow_picture(even).any()
    assert mean_grey(flow_picture(still)) == 0.0


def test_the_grey_is_that_of_the_picture() -> None:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[: SIDE // 2] = (0, 255, 0)
    assert mean_grey(picture) == pytest.approx(0.587 * 255 / 2, abs=0.5)


def test_frames_are_measured_at_320_pixels() -> None:
    assert [flow_size(*size) for size in ((1920, 1080), (1080, 1920), (160, 90), (4000, 3))] == [
        (320, 180),
        (180, 320),
        (160, 90),
        (320, 1),
    ]


def test_pictures_of_two_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"need uint8\[h, w\] twice"):
        flow_field(noise(), noise(80, 48))
