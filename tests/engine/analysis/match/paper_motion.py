"""Drawn pictures that move in a known way, and what the engine says of them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_camera import Camera, camera_of_tracks
from seamline.analysis.match_tracks import Tracks, tracks_of
from seamline.analysis.match_travel import thing_of

Picture = NDArray[np.uint8]
HEIGHT, WIDTH = 180, 320
STEP_S = 0.04


def texture(seed: int, height: int = 300, width: int = 460) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.standard_normal((height, width)).astype(np.float32), (0, 0), 2.5)
    return np.asarray(128 + 45 * soft / soft.std(), np.float32)


def seen(
    ground: NDArray[np.float32], right: float, down: float, growth: float = 1.0, turn: float = 0.0
) -> Picture:
    """The ground moved right and down by pixels, grown, and turned clockwise by radians, about the picture's centre."""
    centre = np.array([WIDTH / 2, HEIGHT / 2])
    swell = growth * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shift = centre - swell @ (centre + 60) + (right, down)
    matrix = np.concatenate([swell, shift[:, None]], axis=1)
    picture = cv2.warpAffine(ground, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    return np.clip(picture, 0, 255).astype(np.uint8)


def with_thing(ground: NDArray[np.float32], step: float, *, camera: float = 0.0) -> list[Picture]:
    """A textured block goes right by so many pixels a frame, before a ground that goes by `camera`."""
    pictures = []
    block = texture(9)[:70, :70]
    for n in range(5):
        picture = seen(ground, camera * n, 0)
        matrix = np.array([[1.0, 0, 90 + step * n], [0, 1, 60]])
        mask = cv2.warpAffine(np.ones((70, 70), np.float32), matrix, (WIDTH, HEIGHT))
        moved = cv2.warpAffine(block, matrix, (WIDTH, HEIGHT))
        pictures.append(np.clip(picture * (1 - mask) + moved * mask, 0, 255).astype(np.uint8))
    return pictures


def followed(pictures: list[Picture]) -> tuple[Camera, NDArray[np.float32]]:
    """The camera, and the thing before it."""
    seconds = [STEP_S] * (len(pictures) - 1)
    tracks = tracks_of(pictures, seconds)
    camera = camera_of_tracks(tracks)
    assert camera is not None
    return camera, thing_of(pictures, seconds, camera, tracks)


def tracks_at(places: NDArray[np.float64], speeds: NDArray[np.float64]) -> Tracks:
    """All as sure as can be, in a picture of 16:9."""
    return Tracks(places, speeds, np.tile(np.eye(2), (len(places), 1, 1)), 9 / 16)
