"""Where what the eye follows goes: the large and fast, against the ground."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from paper_motion import HEIGHT, STEP_S, WIDTH, Picture, followed, seen, texture, tracks_at, with_thing

from seamline.analysis.match_camera import Camera
from seamline.analysis.match_tracks import tracks_of
from seamline.analysis.match_travel import thing_of

_STILL = Camera(0j, 0j, 1.0)


def of(pictures: list[Picture], camera: Camera = _STILL, step_s: float = STEP_S) -> NDArray[np.float32]:
    seconds = [step_s] * (len(pictures) - 1)
    return thing_of(pictures, seconds, camera, tracks_of(pictures, seconds))


def test_a_thing_before_a_still_camera_keeps_its_own_speed() -> None:
    camera, thing = followed(with_thing(texture(3), 3.0))
    assert abs(camera.shift) < 0.01
    assert thing[0] == pytest.approx(3 / (WIDTH * STEP_S), rel=0.08)
    assert abs(thing[1]) < 0.01
    assert thing[2] > 0.9


def test_a_thing_is_measured_against_the_camera() -> None:
    camera, thing = followed(with_thing(texture(3), 5.0, camera=2.0))
    assert camera.shift.real == pytest.approx(2 / (WIDTH * STEP_S), rel=0.08)
    assert thing[0] == pytest.approx(3 / (WIDTH * STEP_S), rel=0.12)


def test_a_thing_that_the_camera_follows_goes_where_the_ground_does_not() -> None:
    camera, thing = followed(with_thing(texture(3), 0.0, camera=-4.0))
    assert camera.shift.real == pytest.approx(-4 / (WIDTH * STEP_S), rel=0.08)
    assert thing[0] == pytest.approx(4 / (WIDTH * STEP_S), rel=0.12)
    assert thing[2] > 0.9


def test_the_eye_follows_the_fast_before_what_sways() -> None:
    # nearly all of the picture sways a little to the left, and a block goes down fast
    ground, block = texture(4), texture(9)[:50, :50]
    pictures = []
    for n in range(8):
        picture = seen(ground, 0, 0).astype(np.float32)
        picture[:, :180] = seen(texture(6), -0.8 * n, 0)[:, :180]
        picture[10 + 10 * n : 60 + 10 * n, 220:270] = block
        pictures.append(np.clip(picture, 0, 255).astype(np.uint8))
    right, down, sure = of(pictures)
    assert down == pytest.approx(10 / (WIDTH * STEP_S), rel=0.2)  # its border shares pixels with the ground
    assert abs(right) < 0.1 * down
    assert sure > 0.5


def test_drawings_held_for_two_frames_go_no_faster() -> None:
    held = [picture for picture in with_thing(texture(3), 6.0)[:4] for _ in range(2)]
    seconds = [STEP_S] * 7
    right, _, sure = thing_of(held, seconds, _STILL, tracks_of(held[:5], seconds[:4]))
    assert right == pytest.approx(3 / (WIDTH * STEP_S), rel=0.1)
    assert sure > 0.9


def test_over_grain_it_is_still_told() -> None:
    rng = np.random.default_rng(2)
    grained = [
        np.clip(picture + rng.normal(0, 8, picture.shape), 0, 255).astype(np.uint8)
        for picture in with_thing(texture(3), 4.0)
    ]
    right, down, sure = of(grained)
    assert right == pytest.approx(4 / (WIDTH * STEP_S), rel=0.12)
    assert abs(down) < 0.05
    assert sure > 0.5


def test_what_is_seen_by_points_alone_counts_where_pixels_say_nothing() -> None:
    plain = [np.full((HEIGHT, WIDTH), 90, np.uint8)] * 2
    places = np.stack([np.linspace(-0.5, 0.5, 60), np.zeros(60)], axis=1)
    found = thing_of(plain, [STEP_S], _STILL, tracks_at(places, np.tile([0.2, 0.1], (60, 1))))
    assert found == pytest.approx([0.2, 0.1, 1])


def test_what_lags_a_little_behind_a_fast_camera_is_no_thing() -> None:
    # as what is nearer or farther does
    plain = [np.full((HEIGHT, WIDTH), 90, np.uint8)] * 2
    speeds = np.tile([0.5, 0.0], (60, 1))
    speeds[::4] = [0.4, 0.0]
    tracks = tracks_at(np.stack([np.linspace(-0.5, 0.5, 60), np.zeros(60)], axis=1), speeds)
    assert not thing_of(plain, [STEP_S], Camera(0.5 + 0j, 0j, 1.0), tracks).any()


@pytest.mark.parametrize("seed", [1, 7])
def test_a_whip_pan_has_no_thing(seed: int) -> None:
    coarse = cv2.resize(texture(seed, 60, 180), (920, 300), interpolation=cv2.INTER_CUBIC)
    ground = 0.7 * coarse + 0.3 * texture(seed + 1, 300, 920)
    camera, thing = followed([seen(ground, -24.0 * n, 0) for n in range(5)])
    assert camera.shift.real == pytest.approx(-24 / (WIDTH * STEP_S), rel=0.05)
    assert not thing[2]


def test_a_crowd_is_no_one_thing() -> None:
    rng = np.random.default_rng(5)
    # noise that is drawn anew where it was: leaves, water
    soft = [cv2.GaussianBlur(rng.normal(0, 200, (HEIGHT, WIDTH)), (0, 0), 6) for _ in range(8)]
    leaves = [np.clip(128 + 4 * each, 0, 255).astype(np.uint8) for each in soft]
    assert of(leaves)[2] < 0.3


def test_nothing_goes_in_still_pictures_in_one_or_in_none() -> None:
    still = seen(texture(1), 0, 0)
    for pictures in ([still] * 5, [still], []):
        assert not of(pictures).any()
    assert not of([still, seen(texture(1), 4, 0)], step_s=0.0).any()
