"""Points that are followed: the camera's motion, a thing's before it, and what is none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.match_tracks import Tracks, camera_of_tracks, thing_of_tracks, tracks_of

Picture = NDArray[np.uint8]
_HEIGHT, _WIDTH = 180, 320
_STEP_S = 0.04


def texture(seed: int, height: int = 300, width: int = 460) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.standard_normal((height, width)).astype(np.float32), (0, 0), 2.5)
    return np.asarray(128 + 45 * soft / soft.std(), np.float32)


def seen(ground: NDArray[np.float32], right: float, down: float, growth: float = 1.0) -> Picture:
    """The ground moved right and down by pixels, and grown about the picture's centre."""
    centre = np.array([_WIDTH / 2, _HEIGHT / 2])
    shift = centre - growth * (centre + 60) + (right, down)
    matrix = np.array([[growth, 0, shift[0]], [0, growth, shift[1]]])
    picture = cv2.warpAffine(ground, matrix, (_WIDTH, _HEIGHT), flags=cv2.INTER_LINEAR)
    return np.clip(picture, 0, 255).astype(np.uint8)


def followed(pictures: list[Picture]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    tracks = tracks_of(pictures, [_STEP_S] * (len(pictures) - 1))
    camera = camera_of_tracks(tracks)
    assert camera is not None
    return camera, thing_of_tracks(tracks, camera)


def with_thing(ground: NDArray[np.float32], step: float, *, camera: float = 0.0) -> list[Picture]:
    """A textured block goes right by so many pixels a frame, before a ground that goes by `camera`."""
    pictures = []
    block = texture(9)[:70, :70]
    for n in range(5):
        picture = seen(ground, camera * n, 0)
        matrix = np.array([[1.0, 0, 90 + step * n], [0, 1, 60]])
        mask = cv2.warpAffine(np.ones((70, 70), np.float32), matrix, (_WIDTH, _HEIGHT))
        moved = cv2.warpAffine(block, matrix, (_WIDTH, _HEIGHT))
        pictures.append(np.clip(picture * (1 - mask) + moved * mask, 0, 255).astype(np.uint8))
    return pictures


@pytest.mark.parametrize(("right", "down"), [(1.0, 0.0), (-3.0, 1.5), (0.0, 6.0)])
def test_a_pan_is_the_cameras_to_a_twentieth(right: float, down: float) -> None:
    ground = texture(1)
    camera, thing = followed([seen(ground, right * n, down * n) for n in range(5)])
    wanted = np.array([right, down, 0]) / (_WIDTH * _STEP_S) * (1, 1, 1)
    assert np.linalg.norm(camera[:3] - wanted) < 0.05 * np.linalg.norm(wanted) + 0.003
    assert camera[3] > 0.9
    assert not thing.any()


def test_a_zoom_grows_by_so_much_a_second() -> None:
    ground = texture(2)
    camera, _ = followed([seen(ground, 0, 0, 1.02**n) for n in range(5)])
    assert camera[2] == pytest.approx(np.log(1.02) / _STEP_S, rel=0.08)
    assert np.hypot(*camera[:2]) < 0.02


def test_a_thing_before_a_still_camera_keeps_its_own_speed() -> None:
    camera, thing = followed(with_thing(texture(3), 3.0))
    assert np.abs(camera[:3]).max() < 0.01
    assert thing[0] == pytest.approx(3 / (_WIDTH * _STEP_S), rel=0.06)
    assert abs(thing[1]) < 0.01
    assert thing[2] > 0.6


def test_a_thing_is_measured_against_the_camera() -> None:
    camera, thing = followed(with_thing(texture(3), 5.0, camera=2.0))
    assert camera[0] == pytest.approx(2 / (_WIDTH * _STEP_S), rel=0.08)
    assert thing[0] == pytest.approx(3 / (_WIDTH * _STEP_S), rel=0.12)


def test_a_thing_before_a_plain_ground_is_not_taken_for_the_camera() -> None:
    camera, thing = followed(with_thing(np.full((300, 460), 90, np.float32), 3.0))
    assert not camera[:3].any()
    assert thing[0] == pytest.approx(3 / (_WIDTH * _STEP_S), rel=0.08)


def test_what_is_shaken_to_and_fro_goes_nowhere() -> None:
    ground = texture(4)
    # in the end it is eight pixels off, and after half of the time it was where it began
    shaken = tracks_of([seen(ground, shift, 0) for shift in (0.0, 0.0, 0.0, 8.0, 8.0)], [_STEP_S] * 4)
    assert not len(shaken)
    back = tracks_of([seen(ground, 8.0 * n, 0) for n in (0, 1, 0, 1, 0)], [_STEP_S] * 4)
    assert not len(back) or np.abs(back.speeds).max() < 0.02


def test_a_large_thing_in_the_middle_is_not_taken_for_the_camera() -> None:
    # most of the points are a figure's, which goes its way before a ground that goes another
    across, down = np.meshgrid(np.linspace(-0.36, 0.36, 12), np.linspace(-0.16, 0.16, 10))
    middle = np.stack([across.ravel(), down.ravel()], axis=1)
    across, down = np.meshgrid([-0.48, 0.48], np.linspace(-0.27, 0.27, 20))
    rim = np.stack([across.ravel(), down.ravel()], axis=1)
    places = np.concatenate([middle, rim])
    speeds = np.concatenate([np.tile([0.3, 0.0], (len(middle), 1)), np.tile([-0.1, 0.0], (len(rim), 1))])
    tracks = Tracks(places, speeds, np.tile(np.eye(2), (len(places), 1, 1)), 9 / 16)
    camera = camera_of_tracks(tracks)
    assert camera is not None
    assert camera[:2] == pytest.approx([-0.1, 0], abs=0.01)


def test_where_points_go_many_ways_the_camera_stands() -> None:
    rng = np.random.default_rng(6)
    places = np.stack([rng.uniform(-0.5, 0.5, 200), rng.uniform(-0.28, 0.28, 200)], axis=1)
    speeds = rng.normal(0, 0.3, (200, 2))
    speeds[:60] = [0.2, 0.0]
    camera = camera_of_tracks(Tracks(places, speeds, np.tile(np.eye(2), (200, 1, 1)), 9 / 16))
    assert camera is not None
    assert not camera[:3].any()


def test_what_lags_a_little_behind_a_fast_camera_is_no_thing() -> None:
    # as what is nearer or farther does
    places = np.stack([np.linspace(-0.5, 0.5, 60), np.zeros(60)], axis=1)
    speeds = np.tile([0.5, 0.0], (60, 1))
    speeds[::4] = [0.4, 0.0]
    tracks = Tracks(places, speeds, np.tile(np.eye(2), (60, 1, 1)), 9 / 16)
    assert not thing_of_tracks(tracks, np.array([0.5, 0, 0, 1], np.float32)).any()


def test_a_picture_one_pixel_wide_costs_no_more_than_others() -> None:
    rng = np.random.default_rng(1)
    sizes = []

    def counted(picture: Picture, size: tuple[int, int], **options: int) -> Picture:
        sizes.append(size)
        return np.zeros(size[::-1], np.uint8)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cv2, "resize", counted)
        for height, width in ((320, 1), (1, 320), (320, 180), (180, 320)):
            tracks_of([rng.integers(0, 255, (height, width), np.uint8)] * 2, [_STEP_S])
    assert sizes[::2] == [(16, 640), (256, 16), (256, 455), (256, 144)]


def test_a_crowd_is_less_of_one_thing_than_a_thing_is() -> None:
    rng = np.random.default_rng(5)
    places = np.stack([rng.uniform(-0.5, 0.5, 120), rng.uniform(-0.28, 0.28, 120)], axis=1)
    still = np.array([0, 0, 0, 1], np.float32)
    speeds = rng.normal(0, 0.2, (120, 2))
    sure = np.tile(np.eye(2), (120, 1, 1))
    crowd = thing_of_tracks(Tracks(places, speeds, sure, 9 / 16), still)
    thing = thing_of_tracks(Tracks(places, np.tile([0.2, 0.1], (120, 1)), sure, 9 / 16), still)
    assert crowd[2] < 0.3
    assert thing == pytest.approx([0.2, 0.1, 1], rel=0.05)


def test_points_along_an_edge_say_nothing_of_the_way_along_it() -> None:
    # a block goes right and down: its upright edges show the one, its level edges the other, and few corners both
    count = 40
    across, along = np.diag([1.0, 0.0]), np.diag([0.0, 1.0])
    sure = np.concatenate([np.tile(across, (count, 1, 1)), np.tile(along, (count, 1, 1)), [np.eye(2)] * 2])
    speeds = np.array([[0.2, 0.0]] * count + [[0.0, 0.1]] * count + [[0.2, 0.1]] * 2)
    tracks = Tracks(np.zeros((len(speeds), 2)), speeds, sure, 9 / 16)
    assert thing_of_tracks(tracks, np.zeros(4, np.float32)) == pytest.approx([0.2, 0.1, 1], rel=0.05)


def test_nothing_is_followed_in_one_picture_or_a_plain_one() -> None:
    plain = np.full((_HEIGHT, _WIDTH), 77, np.uint8)
    assert (
        len(tracks_of([plain], []))
        == len(tracks_of([], []))
        == len(tracks_of([plain] * 5, [_STEP_S] * 4))
        == 0
    )
    assert camera_of_tracks(tracks_of([plain] * 5, [_STEP_S] * 4)) is None
    assert len(tracks_of([seen(texture(1), 0, 0)] * 5, [0.0] * 4)) == 0
