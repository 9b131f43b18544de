"""What is told of planted pairs: the finder, its parts, what misleads it, and whether its scores can be believed."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.match_features import PAIR_FEATURES
from seamline.analysis.match_ranker import SCORE_INPUTS, MatchRanker
from seamline.analysis.signals import Signals
from seamline.evaluation import match_cuts
from seamline.evaluation.match_bench import measured
from seamline.evaluation.match_cuts import as_dict, main, report
from seamline.evaluation.match_described import DescribedFilm, described
from seamline.evaluation.match_planted import STILL, Going, Mass, Paint, PlantedShot, ShotEnd, Truth, truth_of
from seamline.evaluation.match_planted_plan import PlantedFilm, PlantedPair
from seamline.evaluation.match_scores import (
    PARTS,
    PairList,
    calibration,
    feature_rankings,
    film_precisions,
    kind_rankings,
    known_setups,
    part_scores,
    rankings,
    traps,
)
from seamline.media.film import Film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.progress import CancellableProgress
from seamline.project.match_cuts import MatchKind


def _ranker(frame: dict[str, float], motion: dict[str, float]) -> MatchRanker:
    frame_weights, motion_weights = (
        np.array([weights.get(name, 0.0) for name in PAIR_FEATURES] + [-4.0]) for weights in (frame, motion)
    )
    return MatchRanker(frame_weights, motion_weights, np.array([0.0] * (len(SCORE_INPUTS) - 1) + [1.0, 0.0]))


def _pairs(kinds: list[Truth], why: list[str] | None = None, **columns: list[float]) -> PairList:
    features = np.zeros((len(kinds), len(PAIR_FEATURES)), np.float32)
    for name, values in columns.items():
        features[:, PAIR_FEATURES.index(name)] = values
    nobody = np.zeros(len(kinds), np.bool_)
    return PairList(features, tuple(kinds), tuple(why or kinds), nobody, np.zeros(len(kinds), np.int64))


_KINDS = [Truth.FRAME, Truth.MOTION, Truth.NONE, Truth.NONE]


def test_every_feature_belongs_to_one_part() -> None:
    named = [name for part in PARTS.values() for name in part]

    assert sorted(named) == sorted(PAIR_FEATURES)


def test_the_parts_alone_are_told_beside_the_whole() -> None:
    pairs = _pairs(_KINDS, mass=[0.9, 0, 0.1, 0], flow=[0, 0.9, 0.1, 0.2])
    told = {each.name: each for each in rankings(pairs, _ranker({"mass": 8}, {"flow": 8}))}

    assert told["combined"].average_precision == 1
    assert told["composition alone"].average_precision < 1
    assert told["motion alone"].average_precision < 1
    # nobody was asked: all the same, so worth what chance is
    assert told["siamese alone"].average_precision == told["chance"].average_precision


def test_a_part_alone_hears_nothing_of_the_others() -> None:
    pairs = _pairs(_KINDS, mass=[0.9, 0, 0, 0], flow=[0, 0.9, 0, 0])
    scores = part_scores(_ranker({"mass": 8}, {"flow": 8}), pairs.features, "motion")

    assert scores[0] == scores[2] == scores[3] < scores[1]


def test_what_the_finder_does_not_offer_comes_last() -> None:
    pairs = _pairs([Truth.NONE, Truth.FRAME, Truth.NONE], mass=[1, 0.6, 0])
    ranker = _ranker({"mass": 8}, {})
    spared = replace(pairs, left_out=np.array([True, False, False]))
    lost = replace(pairs, left_out=np.array([False, True, False]))

    assert rankings(pairs, ranker)[0].average_precision == 0.5
    assert rankings(spared, ranker)[0].average_precision == 1
    assert rankings(lost, ranker)[0].average_precision == pytest.approx(1 / 3)
    # and without the leaving out, it is as if nothing were known
    assert rankings(lost, ranker)[1].average_precision == 0.5


def test_known_setups_are_told_and_each_films_own_list() -> None:
    kinds = [Truth.FRAME, Truth.NONE, Truth.FRAME, Truth.NONE]
    pairs = _pairs(kinds, ["frame", "take", "frame", "other"], mass=[0.8, 1, 0.4, 0.6])
    pairs = replace(pairs, left_out=np.array([True, False, False, False]), films=np.array([7, 7, 8, 8]))
    ranker = _ranker({"mass": 8}, {})

    assert known_setups(pairs, ranker).average_precision == pytest.approx((1 + 2 / 3) / 2)
    assert film_precisions(pairs, ranker) == {7: 0.5, 8: 0.5}


def test_one_kind_is_asked_without_the_matches_of_the_other() -> None:
    pairs = _pairs(_KINDS, mass=[0.9, 1, 0, 0])
    own, combined, *_ = kind_rankings(pairs, _ranker({"mass": 8}, {}), MatchKind.FRAME)

    assert (own.pairs, own.matches) == (3, 1)
    assert own.average_precision == combined.average_precision == 1


def test_single_features_are_told_the_best_first() -> None:
    first, *_, last = feature_rankings(_pairs(_KINDS, lines=[1, 1, 0, 0], colour=[0, 0, 1, 1]))

    assert (first.name, first.average_precision) == ("lines", 1)
    assert last.name == "colour"


def test_what_misleads_most_is_told_first() -> None:
    kinds = [Truth.FRAME, Truth.NONE, Truth.NONE, Truth.NONE]
    pairs = _pairs(kinds, ["frame", "mirrored", "elsewhere", "elsewhere"], mass=[0.5, 0.9, 0.5, 0.1])
    first, second = traps(pairs, _ranker({"mass": 8}, {}))

    assert (first.why, first.pairs, first.below_matches) == ("mirrored", 1, 0)
    assert (second.why, second.pairs, second.below_matches) == ("elsewhere", 2, 0.75)


def test_reliability_is_of_what_is_offered() -> None:
    pairs = _pairs([Truth.NONE] * 10, mass=[1.0] * 10)
    ranker = _ranker({"mass": 8}, {})

    assert calibration(pairs, ranker).expected_error > 0.9
    assert not calibration(replace(pairs, left_out=np.ones(10, np.bool_)), ranker).count


_DISC = Mass("disc", 0.25, 0.45, 0.26, 0.5)


def _tiny_film() -> PlantedFilm:
    """Two shots that match by a disc, one with the disc on the other side, two pans that match, one the other way."""
    here, there = ShotEnd((_DISC,)), ShotEnd((_DISC.mirrored,))
    pans = [ShotEnd((), going) for going in (Going(0.3), Going(0.31), Going(-0.3))]
    places = count(40)
    shots = [
        PlantedShot("unit", place, Paint(place, place), end, end, 20)
        for end, place in zip((here, pans[0], there, pans[1], here, pans[2]), places, strict=False)
    ]
    pairs = [
        PlantedPair(out, into, truth_of(shots[out], shots[into]), "other")
        for out in range(6)
        for into in range(6)
        if out != into
    ]
    return PlantedFilm(0, tuple(shots), tuple(pairs))


def _curves(film: Film) -> tuple[FrameVectors, Signals]:
    """Vectors without a likeness, and no curve: set-ups are not looked for here."""
    frames = np.arange(0, film.frame_count, 10, dtype=np.int64)
    vectors = np.eye(EFFICIENTNET_LITE0_ENCODER.dimension, dtype=np.float32)[: len(frames)]
    return FrameVectors(EFFICIENTNET_LITE0_ENCODER.key, frames, vectors), Signals(film.frame_count)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> DescribedFilm:
    folder = tmp_path_factory.mktemp("planted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("seamline.evaluation.match_described.film_curves", _curves)
        return described(_tiny_film(), folder, siamese=None, progress=CancellableProgress())


def test_a_film_is_described_pair_by_pair(film: DescribedFilm) -> None:
    assert film.features.shape == (30, len(PAIR_FEATURES))
    assert film.truth_of(0, 4) is Truth.FRAME
    assert film.truth_of(1, 3) is Truth.MOTION
    assert [place for place in range(6) if not film.edges.heads.is_usable[place]] == []


def test_planted_matches_are_more_alike_than_what_misleads(film: DescribedFilm) -> None:
    rows = {
        (pair.outgoing, pair.incoming): row
        for pair, row in zip(film.planted.pairs, film.features, strict=True)
    }
    mass, flow = PAIR_FEATURES.index("mass"), PAIR_FEATURES.index("flow")

    assert min(rows[0, 4][mass], rows[4, 0][mass]) > max(rows[0, 2][mass], rows[2, 4][mass]) + 0.1
    assert min(rows[1, 3][flow], rows[3, 1][flow]) > max(rows[1, 5][flow], rows[5, 3][flow]) + 0.3


def test_the_report_tells_of_all(film: DescribedFilm) -> None:
    ranker = _ranker({"mass": 8}, {"flow": 8})
    text = report([film], ranker)
    told = as_dict([film], ranker)

    assert "combined" in text
    assert "siamese alone" in text
    assert "expected calibration error" in text
    assert told["all"][0]["pairs"] == 30
    assert json.loads(json.dumps(told))["shortlists"][0]["seed"] == 0


def test_the_command_makes_films_by_their_seeds(
    film: DescribedFilm, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked: list[int] = []

    def films(seeds: range, folder: Path, **_: object) -> list[DescribedFilm]:
        assert folder == tmp_path / "kept"
        asked.extend(seeds)
        return [film]

    monkeypatch.setattr(match_cuts, "described_films", films)
    monkeypatch.setattr(match_cuts, "open_siamese", lambda: None)

    assert main(["--films", "2", "--seed", "300", "--keep", str(tmp_path / "kept"), "--json"]) == 0
    assert asked == [300, 301]
    assert json.loads(capsys.readouterr().out)["seeds"] == [0]


def test_a_ranking_of_simulated_shots_is_timed() -> None:
    cost = measured(60)

    assert cost.pairs_given > 0
    assert cost.wall_s > 0
    assert cost.text.startswith("60 shots (3,540 pairs): ")


def test_still_and_going_ends_are_told_apart() -> None:
    assert ShotEnd((_DISC,)).is_still
    assert not ShotEnd((_DISC,), STILL, Going(0.1)).is_still
