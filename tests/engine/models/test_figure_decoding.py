"""The detectors' arithmetic, with made-up outputs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seamline.models.figure_decoding import (
    Detection,
    anchor_centres,
    decoded,
    intersection_over_union,
    without_overlaps,
)
from seamline.models.figure_nets import body_window, read_landmarks
from seamline.models.figure_windows import Window


def detection(score: float, left: float, top: float, right: float, bottom: float) -> Detection:
    return Detection(score, (left, top, right, bottom), np.array([[left, top]], np.float32))


def test_the_detectors_have_as_many_anchors_as_outputs() -> None:
    assert anchor_centres(192, (4,), 1).shape == (2304, 2)
    assert anchor_centres(224, (8, 16, 32, 32, 32), 2).shape == (2254, 2)


def test_anchors_lie_in_the_middle_of_their_cells_row_by_row() -> None:
    centres = anchor_centres(192, (4,), 1)
    assert centres[0] == pytest.approx((2 / 192, 2 / 192))
    assert centres[1] == pytest.approx((6 / 192, 2 / 192))
    assert centres[48] == pytest.approx((2 / 192, 6 / 192))
    assert centres[-1] == pytest.approx((190 / 192, 190 / 192))


def test_grids_of_the_same_stride_share_their_cells() -> None:
    coarse = anchor_centres(224, (8, 16, 32, 32, 32), 2)[1568 + 392 :]
    assert np.all(coarse[:6] == coarse[0])
    assert coarse[6] == pytest.approx((48 / 224, 16 / 224))


def test_a_box_is_decoded_about_its_anchor() -> None:
    anchors = np.array([[0.25, 0.5], [0.75, 0.5]], np.float32)
    regressions = np.zeros((2, 8), np.float32)
    regressions[1] = [10, -20, 40, 80, 5, 0, 0, -10]
    found = decoded(regressions, np.array([-9, 2], np.float32), anchors, input_px=200, least_score=0.5)
    assert len(found) == 1
    assert found[0].score == pytest.approx(1 / (1 + math.exp(-2)))
    assert found[0].box == pytest.approx((0.8 - 0.1, 0.4 - 0.2, 0.8 + 0.1, 0.4 + 0.2))
    assert found[0].points == pytest.approx(np.array([[0.775, 0.5], [0.75, 0.45]]))


def test_scores_beyond_all_bounds_are_certain() -> None:
    anchors = np.zeros((2, 2), np.float32)
    raw = np.array([1e30, -1e30], np.float32)
    found = decoded(np.ones((2, 4), np.float32), raw, anchors, input_px=100, least_score=0.5)
    assert [each.score for each in found] == [1.0]


def test_overlapping_detections_become_their_weighted_mean() -> None:
    found = without_overlaps(
        [detection(0.3, 0.1, 0, 1.1, 1), detection(0.9, 0, 0, 1, 1), detection(0.5, 3, 3, 4, 4)], overlap=0.3
    )
    assert [each.score for each in found] == [0.9, 0.5]
    assert found[0].box == pytest.approx((0.025, 0, 1.025, 1))
    assert found[1].box == (3, 3, 4, 4)


def test_a_box_of_no_area_is_kept_once() -> None:
    assert len(without_overlaps([detection(0.9, 0.5, 0.5, 0.5, 0.5)], overlap=0.3)) == 1


def test_overlap_is_intersection_over_union() -> None:
    assert intersection_over_union((0, 0, 2, 1), (1, 0, 3, 1)) == pytest.approx(1 / 3)
    assert intersection_over_union((0, 0, 1, 1), (2, 0, 3, 1)) == 0


@pytest.mark.parametrize("turn", [0.0, 0.5, -2.0])
def test_a_window_shows_a_spot_where_it_says_it_lies(turn: float) -> None:
    picture = np.zeros((180, 320, 3), np.uint8)
    window = Window(150, 80, 100, turn)
    x, y = window.to_picture(np.array([[0.7, 0.4]], np.float32))[0]
    picture[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2] = 255
    cut = window.cut(picture, 200)[..., 0].astype(float)
    rows, columns = np.mgrid[:200, :200]
    middle = ((columns + 0.5) * cut).sum() / cut.sum(), ((rows + 0.5) * cut).sum() / cut.sum()
    assert middle == pytest.approx((140, 80), abs=2.5)


def test_outside_of_the_picture_a_window_is_black() -> None:
    picture = np.full((90, 160, 3), 200, np.uint8)
    cut = Window.around(picture).cut(picture, 160)
    assert cut[:34].max() == 0
    assert cut[36:124].min() == 200
    assert cut[126:].max() == 0


def test_the_window_of_a_body_stands_upright_along_it() -> None:
    picture = np.zeros((100, 200, 3), np.uint8)
    points = np.array([[0.5, 0.5], [0.6, 0.5]], np.float32)  # lying, the head to the right
    window = body_window(Detection(1, (0, 0, 1, 1), points), picture)
    assert (window.x, window.y) == (100, 50)
    assert window.side == pytest.approx(2 * 20 * 1.25)
    assert window.turn == pytest.approx(math.pi / 2)
    above = window.to_picture(np.array([[0.5, 0.1]], np.float32))[0]
    assert above == pytest.approx((120, 50))


def test_landmarks_come_back_to_the_picture() -> None:
    values = np.zeros((39, 5), np.float32)
    values[0] = [128, 64, 0, 4, 0]
    picture = np.zeros((100, 200, 3), np.uint8)
    body = read_landmarks(
        values.reshape(1, 195), np.array([[0.9]], np.float32), Window(100, 50, 80), picture, input_px=256
    )
    assert body.points.shape == (33, 2)
    assert body.points[0] == pytest.approx((0.5, 0.3))
    assert body.visible[0] == pytest.approx(1 / (1 + math.exp(-4)))
    assert body.score == pytest.approx(0.9)
