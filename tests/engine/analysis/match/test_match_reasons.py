"""Reasons: sentences that are true of both frames, and none that is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from paper_edges import blob, edges_of, face, matched, moving, with_motion, with_row

from seamline.analysis.match_features import pair_features
from seamline.analysis.match_reasons import reason_of
from seamline.analysis.match_tables import ShotEdges
from seamline.analysis.match_words import camera_words, flow_words, leading_lines, lighter_side, subject_place
from seamline.project.match_cuts import MatchKind

OUT, INTO = 1, 4
Row = NDArray[np.float32]


def reason(edges: ShotEdges, kind: MatchKind = MatchKind.FRAME) -> str:
    features = pair_features(edges, edges, np.array([OUT]), np.array([INTO]))[0]
    return reason_of(edges, edges, OUT, INTO, kind, features)


def with_figures(edges: ShotEdges, going: Row, coming: Row) -> ShotEdges:
    tails, heads = with_row(edges.tails, OUT, figures=going), with_row(edges.heads, INTO, figures=coming)
    return replace(edges, tails=tails, heads=heads)


def test_faces_and_the_camera_are_told_with_place_and_speed() -> None:
    edges = with_figures(edges_of(8), face(0.3, 0.4, 0.3), face(0.32, 0.42, 0.32))
    edges = with_motion(edges, OUT, INTO, moving(0.2, 0), moving(0.21, 0))
    assert reason(edges) == "Both faces left of centre, of one size; pan left at the same speed"
    assert reason(edges, MatchKind.MOTION).startswith("Pan left at the same speed; both faces left of centre")


def test_a_size_a_place_or_a_speed_that_differs_is_not_told_as_the_same() -> None:
    edges = with_figures(edges_of(8), face(0.40, 0.4, 0.25), face(0.47, 0.4, 0.35))
    edges = with_motion(edges, OUT, INTO, moving(0.3, 0), moving(0.12, 0))
    told = reason(edges)
    assert told.startswith("Faces in nearly the same place;")
    assert "of one size" not in told
    assert told.endswith("pan left faster going out")
    against = reason(with_motion(edges, OUT, INTO, moving(0.3, 0), moving(-0.3, 0)))
    assert "pan" not in against


def test_an_unsure_face_is_not_spoken_of() -> None:
    edges = with_figures(edges_of(8), face(0.3, 0.4, 0.3, sure=0.55), face(0.3, 0.4, 0.3))
    assert "face" not in reason(edges)


def test_still_pictures_are_still_and_others_are_not() -> None:
    edges = matched(edges_of(8), OUT, INTO)
    assert reason(edges).endswith("both still")
    assert "still" not in reason(with_motion(edges, OUT, INTO, moving(0.2, 0), moving(0, 0)))


def test_a_thing_that_moves_is_told_where_the_grid_shows_none_of_it() -> None:
    edges = edges_of(8)
    thing = np.array([0.2, 0.01, 0.9], np.float32)
    one = replace(edges, tails=with_row(edges.tails, OUT, thing=thing))
    assert "still" not in reason(one)
    both = replace(one, heads=with_row(edges.heads, INTO, thing=thing))
    assert reason(both, MatchKind.MOTION).startswith("Something moves right in both, at the same speed")
    against = replace(one, heads=with_row(edges.heads, INTO, thing=thing * np.array([-1, 1, 1], np.float32)))
    assert "right" not in reason(against, MatchKind.MOTION)
    crowd = replace(one, heads=with_row(edges.heads, INTO, thing=thing * np.array([1, 1, 0.1], np.float32)))
    assert "something" not in reason(crowd, MatchKind.MOTION).lower()
    camera = np.array([0.05, 0, 0, 0.4], np.float32)
    moved = replace(edges, heads=with_row(edges.heads, INTO, camera=camera))
    assert "still" not in reason(moved)


def test_a_plain_sky_beside_a_pan_does_not_move_the_other_way() -> None:
    edges = edges_of(8)
    flow = moving(0.2, 0)
    flow[: 2 * 16 * 5] = 0
    camera = np.array([0.2, 0, 0, 0.9], np.float32)
    edges = replace(
        edges,
        tails=with_row(edges.tails, OUT, flow=flow, camera=camera),
        heads=with_row(edges.heads, INTO, flow=flow, camera=camera),
    )
    told = reason(edges, MatchKind.MOTION)
    assert told.startswith("Pan left at the same speed")
    assert "moves" not in told


def test_what_stands_out_is_placed() -> None:
    edges = edges_of(8)
    tails, heads = (
        with_row(edges.tails, OUT, mass=blob(0.7, 0.5)),
        with_row(edges.heads, INTO, mass=blob(0.72, 0.5)),
    )
    assert reason(replace(edges, tails=tails, heads=heads)).startswith(
        "What stands out is right of centre in both"
    )


@pytest.mark.parametrize("kind", list(MatchKind))
def test_there_is_always_a_sentence(kind: MatchKind) -> None:
    edges = with_motion(edges_of(8), OUT, INTO, moving(0.2, 0), moving(-0.2, 0))
    told = reason(edges, kind)
    assert told[0].isupper()
    assert not told.endswith(".")


def test_words_for_the_camera_are_the_cameras_not_the_pictures() -> None:
    def words(*camera: float) -> str | None:
        told = camera_words(np.array(camera, np.float32))
        return told.words if told else None

    assert words(0.2, 0, 0, 1) == "pan left"
    assert words(-0.2, 0, 0, 1) == "pan right"
    assert words(0, 0.2, 0, 1) == "tilt up"
    assert words(0, -0.2, 0, 1) == "tilt down"
    assert words(-0.2, -0.2, 0, 1) == "pan right and tilt down"
    assert words(0, 0, 0.4, 1) == "zoom in"
    assert words(0, 0, -0.4, 1) == "zoom out"
    assert words(0, 0, 0, 1) is None
    assert words(0.2, 0, 0, 0.3) is None  # most of the picture does something else


def test_words_for_light_lines_masses_and_flow() -> None:
    left = np.tile((np.arange(16) < 8) * 0.4 - 0.2, 9).astype(np.float32)
    assert lighter_side(left) == "on the left"
    assert lighter_side(-left) == "on the right"
    assert lighter_side(left * 0.01) is None
    upright = np.zeros((144, 8), np.float32)
    upright[:, 0] = 1
    assert leading_lines(upright.ravel()) == "upright lines"
    assert leading_lines(np.ones(1152, np.float32)) is None
    assert subject_place(blob(0.2, 0.2)) == "left of centre, high"
    assert subject_place(np.ones(144, np.float32)) is None
    told = flow_words(moving(0, 0.3))
    assert told is not None
    assert (told.words, told.share) == ("down", 1)
    assert flow_words(moving(0, 0.001)) is None
