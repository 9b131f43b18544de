"""Planted camera moves come back out of two pictures, and what is no camera move is said to be none."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from seamline.analysis.motion import GreyPicture, Motion, MotionEstimator

WIDTH, HEIGHT = 160, 90


@pytest.fixture(scope="module")
def estimator() -> MotionEstimator:
    return MotionEstimator(WIDTH, HEIGHT)


def scene(seed: int) -> GreyPicture:
    """720 lines of clouds with coarse and fine texture."""
    random = np.random.default_rng(seed)
    clouds = np.zeros((720, 1280), np.float32)
    for grain_px in (4, 12, 40):
        cells = random.random((720 // grain_px + 2, 1280 // grain_px + 2), dtype=np.float32)
        clouds += cv2.resize(cells, (1280, 720), interpolation=cv2.INTER_CUBIC) * grain_px**0.5
    soft = np.asarray(cv2.GaussianBlur(clouds, (0, 0), 1.2), np.float32)
    return np.asarray((soft - soft.min()) * (255 / np.ptp(soft)), np.uint8)


def seen(
    of: GreyPicture, *, pan: float = 0, tilt: float = 0, zoom: float = 0, roll: float = 0
) -> GreyPicture:
    """What a camera sees of the scene's middle half, uint8[90, 160], the content moved as `Motion` says it."""
    # a picture of twice the size, then averaged: as a camera does
    scale = math.exp(zoom) / 2
    turn = scale * np.array([[math.cos(roll), -math.sin(roll)], [math.sin(roll), math.cos(roll)]])
    centre = np.array([WIDTH - 0.5 + 2 * WIDTH * pan, HEIGHT - 0.5 + 2 * HEIGHT * tilt])
    there = np.column_stack([turn, centre - turn @ [639.5, 359.5]])
    double = cv2.warpAffine(of, there, (2 * WIDTH, 2 * HEIGHT), borderMode=cv2.BORDER_REFLECT)
    return cv2.resize(double, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.uint8)


MOVES: list[dict[str, float]] = [
    {"pan": 0.0008},
    {"pan": 0.01},
    {"pan": -0.08},
    {"tilt": 0.02},
    {"tilt": -0.06},
    {"zoom": 0.0015},
    {"zoom": 0.02},
    {"zoom": -0.05},
    {"roll": 0.005},
    {"roll": -0.05},
    {"pan": 0.02, "tilt": -0.02, "zoom": 0.02, "roll": 0.02},
    {"pan": -0.05, "tilt": 0.03, "zoom": -0.03},
]


@pytest.mark.parametrize("move", MOVES, ids=str)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_planted_move_is_found(estimator: MotionEstimator, move: dict[str, float], seed: int) -> None:
    content = scene(seed)
    found = estimator.between(seen(content), seen(content, **move))
    # a pixel is .006 of the width and .011 of the height
    assert found.pan == pytest.approx(move.get("pan", 0), abs=0.0003)
    assert found.tilt == pytest.approx(move.get("tilt", 0), abs=0.0005)
    assert found.zoom == pytest.approx(move.get("zoom", 0), rel=0.03, abs=0.0006)
    assert found.roll == pytest.approx(move.get("roll", 0), rel=0.03, abs=0.0006)
    assert found.inliers > 0.9
    assert found.residual < 0.02


@pytest.mark.parametrize("pan", [0.15, -0.3])
def test_a_whip_pan_is_found(estimator: MotionEstimator, pan: float) -> None:
    content = scene(1)
    found = estimator.between(seen(content), seen(content, pan=pan, tilt=0.05))
    assert found.pan == pytest.approx(pan, abs=0.003)
    assert found.tilt == pytest.approx(0.05, abs=0.003)
    assert found.inliers > 0.5


def test_flow_magnitude_is_in_widths(estimator: MotionEstimator) -> None:
    content = scene(1)
    assert estimator.between(seen(content), seen(content, pan=0.05)).flow_magnitude == pytest.approx(
        0.05, rel=0.1
    )


def test_a_still_picture_does_not_move(estimator: MotionEstimator) -> None:
    picture = seen(scene(1))
    found = estimator.between(picture, picture)
    assert abs(found.pan) + abs(found.tilt) + abs(found.zoom) + abs(found.roll) < 1e-5
    assert found.inliers == 1
    assert found.residual < 1e-4


@pytest.mark.parametrize("camera", [{}, {"pan": 0.02}, {"zoom": 0.01}], ids=str)
def test_a_large_mover_in_front_is_not_the_camera(
    estimator: MotionEstimator, camera: dict[str, float]
) -> None:
    """It covers a third of the picture, in its middle, and goes the other way, faster."""
    background, figure = scene(1), scene(2)
    pictures = []
    for left, move in ((50, {}), (42, camera)):
        picture = seen(background, **move)
        picture[10:, left : left + 60] = seen(figure, pan=(left - 50) / WIDTH)[10:, left : left + 60]
        pictures.append(picture)
    found = estimator.between(*pictures)
    assert found.pan == pytest.approx(camera.get("pan", 0), abs=0.0015)
    assert found.zoom == pytest.approx(camera.get("zoom", 0), abs=0.0015)
    assert 0.4 < found.inliers < 0.8


def test_little_texture_is_enough(estimator: MotionEstimator) -> None:
    """A sky without texture over a strip of ground: the sky stands still in any flow, and has no say."""
    ground = scene(3)
    ground[:400] = 200
    before, now = seen(ground), seen(ground, pan=0.02)
    assert float((before == 200).mean()) > 0.55
    found = estimator.between(before, now)
    assert found.pan == pytest.approx(0.02, abs=0.001)
    assert found.inliers > 0.8


def test_low_contrast_is_enough(estimator: MotionEstimator) -> None:
    faint = (scene(1) * 0.1 + 100).astype(np.uint8)
    found = estimator.between(seen(faint), seen(faint, pan=0.02, zoom=0.01))
    assert found.pan == pytest.approx(0.02, abs=0.002)
    assert found.zoom == pytest.approx(0.01, abs=0.002)


@pytest.mark.parametrize("levels", [(0, 0), (128, 128), (255, 0), (30, 90)])
def test_flat_pictures_tell_nothing(estimator: MotionEstimator, levels: tuple[int, int]) -> None:
    before, now = (np.full((HEIGHT, WIDTH), level, np.uint8) for level in levels)
    found = estimator.between(before, now)
    assert (found.pan, found.tilt, found.zoom, found.roll, found.inliers) == (0, 0, 0, 0, 0)
    assert found.residual == pytest.approx(abs(levels[0] - levels[1]) / 255, abs=1e-6)
    assert found.flow_magnitude == pytest.approx(0, abs=0.01)


def test_a_gradient_tells_nothing(estimator: MotionEstimator) -> None:
    """Along its lines no motion can be seen."""
    ramp = np.tile(np.arange(WIDTH, dtype=np.uint8), (HEIGHT, 1))
    assert estimator.between(ramp, np.roll(ramp, 2, axis=1)).inliers == 0


@pytest.mark.parametrize("seeds", [(1, 2), (3, 4), (5, 6)])
def test_across_a_cut_there_is_no_motion(estimator: MotionEstimator, seeds: tuple[int, int]) -> None:
    found = estimator.between(seen(scene(seeds[0])), seen(scene(seeds[1])))
    assert found == Motion(
        inliers=found.inliers, residual=found.residual, flow_magnitude=found.flow_magnitude
    )
    assert found.inliers < 0.2
    assert found.residual > 0.05


def test_no_result_depends_on_the_pictures_before() -> None:
    """OpenCV keeps a flow that it was told to begin from for later calls; here they have a finder of their own."""
    unlike = seen(scene(1)), seen(scene(2))  # whatever is found there hangs on where one begins
    alone = MotionEstimator(WIDTH, HEIGHT).between(*unlike)
    estimator = MotionEstimator(WIDTH, HEIGHT)
    start = np.full((HEIGHT, WIDTH, 2), 30, np.float32)
    estimator._flow(seen(scene(3)), seen(scene(3), pan=0.3), start)
    assert estimator.between(*unlike) == alone
