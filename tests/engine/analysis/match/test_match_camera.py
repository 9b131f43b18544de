"""The camera's motion by points: what is its own, what is a thing's, and what is nobody's."""

from __future__ import annotations

import numpy as np
import pytest
from paper_motion import HEIGHT, STEP_S, WIDTH, followed, seen, texture, tracks_at, with_thing

from seamline.analysis.match_camera import Camera, camera_of_tracks, stands_still
from seamline.analysis.match_tracks import tracks_of

_RNG_SEED = 6


def scattered(count: int) -> np.ndarray:
    rng = np.random.default_rng(_RNG_SEED)
    return np.stack([rng.uniform(-0.5, 0.5, count), rng.uniform(-0.28, 0.28, count)], axis=1)


@pytest.mark.parametrize(("right", "down"), [(1.0, 0.0), (-3.0, 1.5), (0.0, 6.0)])
def test_a_pan_is_the_cameras_to_a_twentieth(right: float, down: float) -> None:
    ground = texture(1)
    camera, thing = followed([seen(ground, right * n, down * n) for n in range(5)])
    wanted = complex(right, down) / (WIDTH * STEP_S)
    assert abs(camera.shift - wanted) < 0.05 * abs(wanted) + 0.003
    assert abs(camera.swell) < 0.02
    assert camera.share > 0.9
    assert not thing[2]


def test_a_zoom_grows_and_a_roll_turns_by_so_much_a_second() -> None:
    ground = texture(2)
    camera, _ = followed([seen(ground, 0, 0, 1.02**n) for n in range(5)])
    assert camera.swell.real == pytest.approx(np.log(1.02) / STEP_S, rel=0.08)
    assert abs(camera.shift) < 0.02
    camera, _ = followed([seen(ground, 0, 0, 1.0, 0.02 * n) for n in range(5)])
    assert camera.swell.imag == pytest.approx(0.02 / STEP_S, rel=0.08)
    assert camera.share > 0.9


def test_a_row_has_no_turn_and_comes_back_as_it_is() -> None:
    row = Camera(0.25 - 0.5j, 0.125 + 0.75j, 0.5).row
    assert row.tolist() == [0.25, -0.5, 0.125, 0.5]
    assert Camera.of_row(row) == Camera(0.25 - 0.5j, 0.125 + 0j, 0.5)


def test_a_large_thing_in_the_middle_is_not_taken_for_the_camera() -> None:
    # most of the points are a figure's, which goes its way before a ground that goes another
    across, down = np.meshgrid(np.linspace(-0.36, 0.36, 12), np.linspace(-0.16, 0.16, 10))
    middle = np.stack([across.ravel(), down.ravel()], axis=1)
    across, down = np.meshgrid([-0.48, 0.48], np.linspace(-0.27, 0.27, 20))
    rim = np.stack([across.ravel(), down.ravel()], axis=1)
    places = np.concatenate([middle, rim])
    speeds = np.concatenate([np.tile([0.3, 0.0], (len(middle), 1)), np.tile([-0.1, 0.0], (len(rim), 1))])
    camera = camera_of_tracks(tracks_at(places, speeds))
    assert camera is not None
    assert abs(camera.shift + 0.1) < 0.01


def test_a_small_thing_before_a_plain_ground_is_not_taken_for_the_camera() -> None:
    camera, thing = followed(with_thing(np.full((300, 460), 90, np.float32), 3.0))
    assert camera.shift == camera.swell == 0
    assert thing[0] == pytest.approx(3 / (WIDTH * STEP_S), rel=0.08)


def test_where_points_go_many_ways_the_camera_stands() -> None:
    speeds = np.random.default_rng(_RNG_SEED).normal(0, 0.3, (200, 2))
    speeds[:30] = [0.2, 0.0]
    camera = camera_of_tracks(tracks_at(scattered(200), speeds))
    assert camera is not None
    assert camera.shift == camera.swell == 0


def test_where_near_and_far_go_at_speeds_of_their_own_it_is_the_usual_motion() -> None:
    # a camera that is carried past what is near and what is far: nothing stands still
    places = scattered(200)
    depths = np.random.default_rng(3).uniform(0.12, 0.36, 200)
    camera = camera_of_tracks(tracks_at(places, np.stack([depths, 0.2 * depths], axis=1)))
    assert camera is not None
    assert camera.shift.real == pytest.approx(0.24, abs=0.05)
    assert camera.share > 0.4
    # half of it stands: then what goes are things, each at its own speed
    still = depths.copy()
    still[::2] = 0
    camera = camera_of_tracks(tracks_at(places, np.stack([still, 0.2 * still], axis=1)))
    assert camera is not None
    assert camera.shift == 0


def test_of_too_few_points_nothing_is_known() -> None:
    plain = np.full((HEIGHT, WIDTH), 77, np.uint8)
    assert camera_of_tracks(tracks_of([plain] * 5, [STEP_S] * 4)) is None


def test_pictures_laid_over_one_another_say_whether_all_stands_still() -> None:
    rng = np.random.default_rng(8)

    def grained(picture: np.ndarray) -> np.ndarray:
        return np.clip(picture + rng.normal(0, 12, picture.shape), 0, 255).astype(np.uint8)

    ground, seconds = texture(5), 4 * STEP_S
    camera = Camera(complex(12, 4) / (WIDTH * seconds), complex(np.log(1.05), 0.04) / seconds, 0.5)
    first, moved = (
        grained(each) for each in (seen(ground, 0, 0), seen(ground, 12, 4, growth=1.05, turn=0.04))
    )
    assert not stands_still(first, moved, seconds, camera)
    assert stands_still(first, grained(seen(ground, 0, 0)), seconds, camera)
    thing = with_thing(ground, 6.0)
    assert stands_still(thing[0], thing[-1], seconds, Camera(24 / (WIDTH * seconds) + 0j, 0j, 0.5))
