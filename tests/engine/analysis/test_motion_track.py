"""Measured against an anchor, small steps add up to what the camera did, whatever stands in front or lies over it."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import pytest

from seamline.analysis.motion import GreyPicture, Motion
from seamline.analysis.motion_track import MotionTracker

WIDTH, HEIGHT = 160, 90
FRAMES = 40


def scene(seed: int) -> GreyPicture:
    """Clouds of several sizes, uint8[400, 600]."""
    random = np.random.default_rng(seed)
    clouds = np.zeros((400, 600), np.float32)
    for grain_px in (3, 8, 25):
        cells = random.random((400 // grain_px + 2, 600 // grain_px + 2), dtype=np.float32)
        clouds = clouds + cv2.resize(cells, (600, 400), interpolation=cv2.INTER_CUBIC) * grain_px**0.5
    clouds -= clouds.min()
    return np.asarray(20 + clouds * (215 / clouds.max()), np.uint8)


def seen(world: GreyPicture, right_px: float = 0.0, zoom: float = 1.0, down_px: float = 0.0) -> GreyPicture:
    """What a camera sees of the middle that has gone so many pixels to the right and down."""
    matrix = np.array(
        [[zoom, 0, 79.5 - zoom * 299.5 - right_px], [0, zoom, 44.5 - zoom * 199.5 - down_px]], np.float64
    )
    return np.asarray(cv2.warpAffine(world, matrix, (WIDTH, HEIGHT)), np.uint8)


def tracked(pictures: Iterable[GreyPicture]) -> list[Motion]:
    tracker = MotionTracker(WIDTH, HEIGHT)
    return [tracker.next(picture) for picture in pictures]


def total_px(motions: Iterable[Motion]) -> float:
    return sum(motion.pan for motion in motions) * WIDTH


def test_a_move_of_a_fiftieth_of_a_pixel_a_frame_adds_up() -> None:
    world = scene(1)
    motions = tracked(seen(world, 0.02 * frame) for frame in range(96))
    assert total_px(motions) == pytest.approx(-0.02 * 95, abs=0.25)
    assert abs(sum(motion.zoom for motion in motions)) < 0.003


def test_a_locked_camera_stays_where_it_is_in_grain() -> None:
    random = np.random.default_rng(1)
    ground = seen(scene(2)).astype(np.float32)
    noisy = [np.clip(ground + random.normal(0, 5, ground.shape), 0, 255).astype(np.uint8) for _ in range(96)]
    motions = tracked(noisy)
    assert abs(total_px(motions)) < 0.3
    assert abs(sum(motion.zoom for motion in motions)) < 0.004


@pytest.mark.parametrize("pace_px", [0.0, 0.6])
def test_a_figure_over_two_fifths_of_the_picture_is_not_the_camera(pace_px: float) -> None:
    ground, figure = scene(3), scene(4)
    pictures = []
    for frame in range(FRAMES):
        picture = seen(ground, pace_px * frame)
        left = 35 + round(12 * np.sin(frame / 5))
        picture[10:, left : left + 80] = seen(figure, 35.0 - left)[10:, left : left + 80]
        pictures.append(picture)
    motions = tracked(pictures)
    assert total_px(motions) == pytest.approx(-pace_px * (FRAMES - 1), abs=2)
    assert 0.3 < float(np.median([motion.inliers for motion in motions[1:]])) < 0.85


def test_black_bars_do_not_hold_the_picture() -> None:
    world, pictures = scene(5), []
    for frame in range(FRAMES):
        picture = seen(world, 0.0, 1.0, 0.5 * frame)
        picture[:20], picture[-20:] = 0, 0
        pictures.append(picture)
    motions = tracked(pictures)
    assert sum(motion.tilt for motion in motions) * HEIGHT == pytest.approx(-0.5 * (FRAMES - 1), abs=0.6)
    assert float(np.median([motion.inliers for motion in motions[1:]])) > 0.75


def test_lettering_does_not_hold_the_picture() -> None:
    world, pictures = scene(6), []
    for frame in range(FRAMES):
        picture = seen(world, 0.7 * frame)
        cv2.putText(picture, "a subtitle of", (15, 70), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1, cv2.LINE_AA)
        cv2.putText(picture, "two whole lines", (15, 84), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1, cv2.LINE_AA)
        pictures.append(picture)
    assert total_px(tracked(pictures)) == pytest.approx(-0.7 * (FRAMES - 1), abs=1)


def test_flicker_is_no_motion_and_hides_none() -> None:
    world, random = scene(7), np.random.default_rng(3)
    gains = random.uniform(0.7, 1.1, FRAMES)
    still = [cv2.convertScaleAbs(seen(world), alpha=gain).astype(np.uint8) for gain in gains]
    assert abs(total_px(tracked(still))) < 0.3
    panned = [
        cv2.convertScaleAbs(seen(world, 0.5 * at), alpha=gain).astype(np.uint8)
        for at, gain in enumerate(gains)
    ]
    assert total_px(tracked(panned)) == pytest.approx(-0.5 * (FRAMES - 1), abs=0.5)


def test_repeated_pictures_have_no_motion_and_lose_none() -> None:
    world = scene(8)
    motions = tracked(seen(world, 0.8 * (frame // 2)) for frame in range(FRAMES))
    assert [motion.pan for motion in motions[1::2]] == pytest.approx([0] * (FRAMES // 2), abs=1e-5)
    assert total_px(motions) == pytest.approx(-0.8 * (FRAMES // 2 - 1), abs=0.3)


def test_across_a_cut_there_is_no_motion_and_the_next_shot_has_its_own() -> None:
    pictures = [seen(scene(9), 0.5 * frame) for frame in range(10)]
    pictures += [seen(scene(10), 0.0, 1.01**frame) for frame in range(10)]
    motions = tracked(pictures)
    assert motions[10].pan == motions[10].zoom == 0
    assert motions[10].inliers < 0.25
    assert sum(motion.zoom for motion in motions[11:]) == pytest.approx(9 * np.log(1.01), rel=0.05)


def test_how_black_a_picture_is_does_not_count_its_bars() -> None:
    card = np.full((HEIGHT, WIDTH), 16, np.uint8)
    card[40:50, 60:100] = 200
    barred = seen(scene(11))
    barred[:20], barred[-20:] = 16, 16
    assert [motion.blank > 0.8 for motion in tracked([card, card])] == [False, True]
    assert tracked([barred, barred])[1].blank < 0.05


def test_a_night_scene_is_not_blank() -> None:
    """Broad and lit in part, or too dark for lettering."""
    night = np.full((HEIGHT, WIDTH), 10, np.uint8)
    night[30:60, 20:50] = seen(scene(12))[30:60, 20:50]
    faint = np.full((HEIGHT, WIDTH), 10, np.uint8)
    faint[40:50:3, 60:100] = 60
    assert tracked([night, night])[1].blank == tracked([faint, faint])[1].blank == 0


def test_a_train_over_the_whole_width_is_not_the_camera() -> None:
    ground, wagons = seen(scene(13)), scene(14)
    pictures = []
    for frame in range(FRAMES):
        picture = ground.copy()
        picture[22:68] = seen(wagons, 1.2 * frame - 20)[22:68]
        pictures.append(picture)
    assert abs(total_px(tracked(pictures))) < 1
