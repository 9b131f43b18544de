"""Motion: in widths a second, the right way, also of held drawings; the camera's apart."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.match_flows import camera_flow, camera_of, edge_flow

Grey = NDArray[np.uint8]
FRAME_S = 0.04


def scene(seed: int = 5) -> Grey:
    rough = np.random.default_rng(seed).integers(0, 255, (70, 110)).astype(np.uint8)
    return np.asarray(cv2.resize(rough, (440, 280), interpolation=cv2.INTER_CUBIC), np.uint8)


def shots(step: tuple[float, float], *, growth: float = 1.0, held: int = 1) -> list[Grey]:
    """Five frames of 160x90; what is seen goes `step` pixels a frame, and grows so many times a frame about the
    middle."""
    pictures = []
    for frame in range(5):
        at = frame // held * held
        scale = growth**at
        move = np.array(
            [
                [scale, 0, 79.5 - scale * 219.5 + step[0] * at],
                [0, scale, 44.5 - scale * 139.5 + step[1] * at],
            ],
            np.float64,
        )
        pictures.append(np.asarray(cv2.warpAffine(scene(), move, (160, 90)), np.uint8))
    return pictures


def flow_of(pictures: list[Grey]) -> NDArray[np.float32]:
    return edge_flow(pictures, [FRAME_S] * (len(pictures) - 1))


@pytest.mark.parametrize("step", [(2.0, 0.0), (-3.0, 1.0), (0.0, -1.5)])
def test_speeds_are_in_widths_a_second(step: tuple[float, float]) -> None:
    right, down, growth, share = camera_of(flow_of(shots(step)))
    assert (right, down) == pytest.approx(tuple(each / 160 / FRAME_S for each in step), abs=0.03)
    assert growth == pytest.approx(0, abs=0.05)
    assert share > 0.8


def test_drawings_held_for_two_frames_move() -> None:
    right, _, _, _ = camera_of(flow_of(shots((2.0, 0.0), held=2)))
    assert right == pytest.approx(2 / 160 / FRAME_S, rel=0.15)


def test_what_stands_still_does_not_move_nor_a_single_picture() -> None:
    assert not flow_of(shots((0.0, 0.0))).any()
    assert not flow_of(shots((2.0, 0.0))[:1]).any()
    assert flow_of(shots((2.0, 0.0))[:2]).any()


def test_growth_is_the_cameras_too() -> None:
    _, _, growth, share = camera_of(flow_of(shots((0.0, 0.0), growth=1.01)))
    assert growth == pytest.approx(np.log(1.01) / FRAME_S, rel=0.25)
    assert share > 0.7


def test_a_figure_that_moves_is_not_the_camera() -> None:
    pictures = shots((0.0, 0.0))
    for frame, picture in enumerate(pictures):
        picture[30:70, 40 + 3 * frame : 80 + 3 * frame] = scene(9)[100:140, 100:140]
    flow = flow_of(pictures)
    camera = camera_of(flow)
    assert np.abs(camera[:3]).max() < 0.03
    inner = (flow - camera_flow(camera[None])[0]).reshape(9, 16, 2)
    assert inner[4, 6, 0] > 0.2
    assert np.abs(inner[:, 12:]).max() < 0.05


def test_camera_flow_is_what_camera_of_reads() -> None:
    camera = np.array([0.2, -0.1, 0.3, 1], np.float32)
    assert camera_of(camera_flow(camera[None])[0]) == pytest.approx(camera, abs=1e-4)


def test_what_does_not_go_on_in_all_pairs_of_frames_does_not_move() -> None:
    there = [0, 0, 5, 0, 10]
    flickering = [
        np.asarray(cv2.warpAffine(scene(), np.array([[1.0, 0, at - 140], [0, 1, -95]]), (160, 90)), np.uint8)
        for at in there
    ]
    assert np.abs(flow_of(flickering)).max() < 0.1 * np.abs(flow_of(shots((2.5, 0)))).max()
