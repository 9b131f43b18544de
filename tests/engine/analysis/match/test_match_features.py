"""Pairs: alike where they are alike, by each measure apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from paper_edges import blob, edges_of, face, matched, moving, with_motion, with_row

from seamline.analysis import match_features as module
from seamline.analysis.match_directions import unit
from seamline.analysis.match_features import PAIR_FEATURES, PairComparer, pair_features
from seamline.analysis.match_tables import ShotEdges

Row = NDArray[np.float32]


def features_of(edges: ShotEdges, out: int, into: int) -> dict[str, float]:
    row = pair_features(edges, edges, np.array([out]), np.array([into]))[0]
    return dict(zip(PAIR_FEATURES, row.tolist(), strict=True))


def test_every_feature_is_from_0_to_1() -> None:
    edges = with_motion(edges_of(40), 3, 9, moving(3, -2), moving(-1, 9))
    out, into = (places.ravel() for places in np.meshgrid(np.arange(40), np.arange(40)))
    features = pair_features(edges, edges, out, into)
    assert features.shape == (1600, len(PAIR_FEATURES))
    assert features.dtype == np.float32
    assert features.min() >= 0
    assert features.max() <= 1


def test_a_sky_above_the_ground_does_not_make_two_alike() -> None:
    edges = edges_of(8)
    sky = np.repeat(np.where(np.arange(9) < 4, 0.3, -0.24), 16).astype(np.float32)
    spots = [sky + 0.3 * (blob(x, 0.5) - blob(x, 0.5).mean()) for x in (0.2, 0.8)]
    here = replace(edges, tails=with_row(edges.tails, 1, light=spots[0]))
    other = features_of(replace(here, heads=with_row(edges.heads, 4, light=spots[1])), 1, 4)["light"]
    same = features_of(replace(here, heads=with_row(edges.heads, 4, light=spots[0])), 1, 4)["light"]
    assert same == pytest.approx(1)
    assert other < float(unit(spots[0][None])[0] @ unit(spots[1][None])[0]) - 0.1


def test_the_same_composition_is_alike_in_all_of_it() -> None:
    edges = matched(edges_of(8), 2, 5)
    same, other = features_of(edges, 2, 5), features_of(edges, 2, 6)
    for name in ("light", "mass", "lines", "colour", "composition"):
        assert same[name] > 0.95, name
        assert other[name] < 0.6, name
    assert same["content"] < 0.9  # other things


def test_motion_the_same_way_is_told_from_motion_against_it() -> None:
    edges = edges_of(8)
    along = features_of(with_motion(edges, 1, 4, moving(0.3, 0), moving(0.28, 0)), 1, 4)
    against = features_of(with_motion(edges, 1, 4, moving(0.3, 0), moving(-0.3, 0)), 1, 4)
    across = features_of(with_motion(edges, 1, 4, moving(0.3, 0), moving(0, 0.3)), 1, 4)
    assert along["flow"] > 0.95
    assert along["camera"] > 0.8
    assert against["flow"] == across["flow"] == 0
    assert against["camera"] == 0
    assert against["not_against"] < 0.05
    assert across["not_against"] == along["not_against"] == 1
    assert against["speed"] == across["speed"] == pytest.approx(1)


def test_speed_counts_and_what_is_still_is_no_motion_match() -> None:
    edges = edges_of(8)
    slower = features_of(with_motion(edges, 1, 4, moving(0.6, 0), moving(0.15, 0)), 1, 4)
    still = features_of(edges, 1, 4)
    assert slower["speed"] < 0.35
    assert slower["camera"] < 0.35
    assert still["flow"] == still["camera"] == still["moving"] == 0
    assert still["not_against"] == 1


def test_what_moves_before_the_camera_counts_without_its_motion() -> None:
    # the camera follows one to the right, the other to the left; both go right across the frame
    edges = edges_of(8)
    figure = np.zeros((9, 16, 2), np.float32)
    figure[3:6, 4:8] = (0.4, 0)
    pan = np.tile(np.array([0.2, 0], np.float32), 144)
    going, coming = (figure.ravel() + pan).astype(np.float32), (figure.ravel() - pan).astype(np.float32)
    features = features_of(with_motion(edges, 1, 4, going, coming), 1, 4)
    assert features["flow"] < 0.3
    # the flow beside the figure is the camera's, as the stand-in's camera says it
    edges = replace(edges, tails=with_row(edges.tails, 1, flow=going, camera=np.array([0.2, 0, 0, 1])))
    edges = replace(edges, heads=with_row(edges.heads, 4, flow=coming, camera=np.array([-0.2, 0, 0, 1])))
    assert features_of(edges, 1, 4)["inner_flow"] > 0.9


def test_a_thing_goes_the_same_way_as_another_wherever_it_is_or_as_a_camera() -> None:
    edges = edges_of(8)
    tails = with_row(edges.tails, 1, thing=np.array([0.2, 0.1, 1], np.float32))

    def going(**head: Row) -> float:
        return features_of(replace(edges, tails=tails, heads=with_row(edges.heads, 4, **head)), 1, 4)["going"]

    assert going(thing=np.array([0.2, 0.1, 1], np.float32)) > 0.95
    assert going(thing=np.array([0.45, 0.22, 1], np.float32)) < 0.5
    assert going(thing=np.array([-0.2, 0.1, 1], np.float32)) == 0
    assert going(thing=np.array([0.2, 0.1, 0], np.float32)) == 0  # a crowd
    assert going(camera=np.array([0.2, 0.1, 0, 0.9], np.float32)) > 0.95


def test_a_thing_that_the_camera_follows_travels_as_one_that_crosses_the_picture() -> None:
    edges = edges_of(8)
    pan = np.array([-0.4, 0, 0, 0.9], np.float32)
    tails = with_row(edges.tails, 1, thing=np.array([0.4, 0, 1], np.float32), camera=pan)

    def travel(right: float, down: float = 0, sure: float = 1) -> float:
        heads = with_row(edges.heads, 4, thing=np.array([right, down, sure], np.float32))
        return features_of(replace(edges, tails=tails, heads=heads), 1, 4)["travel"]

    assert travel(0.4) > 0.95
    assert 0.7 < travel(0.3) < 0.95  # at another speed
    assert 0.3 < travel(0.35, 0.2) < 0.5  # 30 degrees off
    assert travel(0.05, 0.0) < 0.1  # hardly seen to
    assert travel(-0.4) < 1e-6
    assert travel(0.4, sure=0.5) == pytest.approx(travel(0.4) / 2)
    assert travel(0.4, sure=0) == 0


def test_one_that_stands_and_one_that_goes_are_not_of_one_motion() -> None:
    edges = edges_of(8)
    assert features_of(edges, 1, 4)["same_motion"] == 1
    thing = with_row(edges.heads, 4, thing=np.array([0.3, 0, 1], np.float32))
    assert features_of(replace(edges, heads=thing), 1, 4)["same_motion"] < 0.1
    pan = with_motion(edges, 1, 4, moving(0.3, 0), moving(0, 0))
    assert features_of(pan, 1, 4)["same_motion"] < 0.1


def test_what_goes_alike_is_near_for_the_index_whatever_its_place() -> None:
    edges = edges_of(8)
    thing = np.array([0.2, 0.1, 1], np.float32)
    edges = replace(
        edges, tails=with_row(edges.tails, 1, thing=thing), heads=with_row(edges.heads, 4, thing=thing)
    )
    for going, coming in PairComparer(edges, edges).motions():
        assert np.linalg.norm(coming - going[1], axis=1).argmin() == 4
        assert going[1].any()
        assert not going[2].any()


def test_figures_count_by_place_and_height() -> None:
    edges = edges_of(8)

    def with_faces(a: Row, b: Row) -> dict[str, float]:
        tails = with_row(edges.tails, 1, figures=a)
        return features_of(replace(edges, tails=tails, heads=with_row(edges.heads, 4, figures=b)), 1, 4)

    near = with_faces(face(0.3, 0.4, 0.3), face(0.32, 0.42, 0.31))
    aside = with_faces(face(0.3, 0.4, 0.3), face(0.7, 0.4, 0.3))
    larger = with_faces(face(0.3, 0.4, 0.15), face(0.3, 0.4, 0.6))
    lacking = with_faces(face(0.3, 0.4, 0.3), np.array([0, 0, 0, 0, 1], np.float32))
    assert near["figures"] > 0.8
    assert aside["figures"] < 0.05
    assert larger["figures"] < 0.1
    assert lacking["figures"] == 0
    assert lacking["no_odd_figure"] < 0.1
    assert near["no_odd_figure"] == aside["no_odd_figure"] == 1


def test_one_thing_in_the_same_place_is_the_subject_of_both() -> None:
    edges = edges_of(8)
    tails = with_row(edges.tails, 1, mass=blob(0.3, 0.5))
    near = features_of(
        replace(edges, tails=tails, heads=with_row(edges.heads, 4, mass=blob(0.32, 0.5))), 1, 4
    )
    far = features_of(replace(edges, tails=tails, heads=with_row(edges.heads, 4, mass=blob(0.7, 0.5))), 1, 4)
    none = features_of(replace(edges, tails=tails), 1, 4)
    assert near["subject"] > 0.8
    assert far["subject"] < 0.05
    assert none["no_odd_subject"] < 0.4 < near["no_odd_subject"]


def test_the_siamese_network_is_asked_and_where_none_was_is_not_told() -> None:
    edges = edges_of(4)
    same = replace(edges, heads=with_row(edges.heads, 3, siamese=edges.tails.siamese[0]))
    assert features_of(same, 0, 3)["siamese"] == pytest.approx(1)
    assert features_of(replace(same, siamese=None), 0, 3)["siamese"] == 0.5


def test_a_table_of_all_pairs_and_rows_of_some_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = edges_of(30)
    rng = np.random.default_rng(2)
    out, into = rng.integers(0, 30, 200), rng.integers(0, 30, 200)
    by_table = pair_features(edges, edges, out, into)
    monkeypatch.setattr(module, "_TABLE_SHARE", 0)
    assert np.abs(pair_features(edges, edges, out, into) - by_table).max() < 1e-5


def test_takes_of_the_same_are_alike_and_a_match_of_other_things_is_not() -> None:
    take, match = matched(edges_of(8), 2, 5, vectors=True), matched(edges_of(8), 2, 5)
    pair = np.array([2]), np.array([5])
    assert PairComparer(take, take).alike(*pair).tolist() == [True]
    assert PairComparer(match, match).alike(*pair).tolist() == [False]
