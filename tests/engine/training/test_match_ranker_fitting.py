"""Fitting the ranker of match cuts: no weight of the wrong sign, what films cannot tell stays, the rest is learned."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from seamline.analysis.match_features import PAIR_FEATURES
from seamline.analysis.match_ranker import ranker_of, read_ranker
from seamline.analysis.match_tables import ShotEdges
from seamline.evaluation.match_described import DescribedFilm
from seamline.evaluation.match_metrics import average_precision
from seamline.evaluation.match_planted import Truth
from seamline.evaluation.match_planted_plan import PlantedFilm, PlantedPair
from seamline.evaluation.match_scores import PairList, calibration
from seamline.training import match_ranker_fitting
from seamline.training.match_ranker_fitting import (
    PRIOR,
    fitted,
    leave_one_out,
    logistic,
    main,
    rounded,
)


def _pairs(seed: int, count: int = 3000) -> PairList:
    """Frame matches have mass in common, motion matches flow; colours are less alike in both, the rest is noise."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice([Truth.FRAME, Truth.MOTION, Truth.NONE], count, p=[0.05, 0.05, 0.9])
    features = rng.random((count, len(PAIR_FEATURES))).astype(np.float32)

    def raise_by(name: str, share: float, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        column = features[:, PAIR_FEATURES.index(name)]
        column[:] = np.where(which, share + (1 - share) * column, (1 - share) * column)

    raise_by("mass", 0.5, kinds == Truth.FRAME)
    raise_by("flow", 0.5, kinds == Truth.MOTION)
    raise_by("colour", 0.3, kinds == Truth.NONE)
    features[:, PAIR_FEATURES.index("figures")] = 0
    features[:, PAIR_FEATURES.index("content")] = 0.4  # as where nothing is shown
    said = tuple(Truth(kind) for kind in kinds)
    return PairList(
        features, said, tuple(map(str, said)), np.zeros(count, np.bool_), np.zeros(count, np.int64)
    )


def _weight(weights: np.ndarray[tuple[int], np.dtype[np.float64]], name: str) -> float:
    return float(weights[PAIR_FEATURES.index(name)])


def test_what_tells_is_weighed_and_nothing_is_weighed_below_0() -> None:
    ranker = fitted(_pairs(1))

    assert _weight(ranker.frame, "mass") > 2
    assert _weight(ranker.motion, "flow") > 2
    assert (ranker.frame[:-1] >= 0).all()
    assert (ranker.motion[:-1] >= 0).all()
    # less alike colours would tell here, but that is a fact about these films
    assert _weight(fitted(_pairs(1), penalty=0).frame, "colour") == 0


def test_what_films_cannot_tell_stays_as_it_was_set() -> None:
    ranker = fitted(_pairs(1))

    assert _weight(ranker.frame, "figures") == PRIOR["frame"]["figures"]
    assert _weight(ranker.frame, "no_odd_figure") == PRIOR["frame"]["no_odd_figure"]
    assert _weight(ranker.frame, "content") == PRIOR["frame"]["content"]
    # what is shown is no motion, whatever it tells
    assert _weight(ranker.motion, "content") == 0


def test_the_fit_is_drawn_towards_the_weights_set_by_hand() -> None:
    free, bound = (fitted(_pairs(1), penalty=penalty).frame for penalty in (1e-4, 1e4))
    by_hand = np.array([PRIOR["frame"].get(name, 0.0) for name in PAIR_FEATURES])

    assert np.abs(bound[:-1] - by_hand).max() < 0.01
    assert np.abs(free[:-1] - by_hand).max() > 1


def test_other_pairs_are_ranked_well_and_believed_rightly() -> None:
    ranker, others = fitted(_pairs(1), penalty=5e-4), _pairs(2)
    _, _, score = ranker.scores(others.features)

    assert average_precision(score, others.matches) > 0.8
    assert calibration(others, ranker).expected_error < 0.03


def test_what_is_not_offered_has_no_part_in_it() -> None:
    pairs = _pairs(1)
    torn = pairs.features.copy()
    torn[:500] = 0.5
    left_out = np.arange(len(torn)) < 500
    one = fitted(replace(pairs, left_out=left_out))
    other = fitted(replace(pairs, features=torn, left_out=left_out))

    assert np.array_equal(one.frame, other.frame)
    assert np.array_equal(one.score, other.score)


def _film(seed: int, pairs: PairList) -> DescribedFilm:
    """A film of which nothing is known but its pairs."""
    judged = tuple(PlantedPair(0, 1, kind, why) for kind, why in zip(pairs.kinds, pairs.why, strict=True))
    edges = cast(ShotEdges, None)
    return DescribedFilm(PlantedFilm(seed, (), judged), edges, (), pairs.features, pairs.left_out)


def test_a_film_that_is_left_out_has_no_part_in_its_weights() -> None:
    one, other = _pairs(1), _pairs(2)
    # what tells in one film, and nothing else does, is noise in the other
    mass, lines = PAIR_FEATURES.index("mass"), PAIR_FEATURES.index("lines")
    one.features[:, [mass, lines]] = one.features[:, [lines, mass]]
    films = _film(1, one), _film(2, other)

    every, own = leave_one_out(films, penalty=1e-4)

    for seed, film, foreign in ((1, one, other), (2, other, one)):
        scores = [rounded(fitted(pairs, penalty=1e-4)).scores(film.features)[2] for pairs in (foreign, film)]
        assert own[seed] == average_precision(scores[0], film.matches)
        assert own[seed] < average_precision(scores[1], film.matches) - 0.1
    assert min(own.values()) - 0.1 < every < max(own.values()) + 0.1
    assert leave_one_out(films, penalty=10)[1] != own
    with pytest.raises(ValueError, match="two or more"):
        leave_one_out(films[:1])


def test_what_is_left_out_of_the_lists_is_ranked_last() -> None:
    one, other = _pairs(1), _pairs(2)
    hidden = replace(other, left_out=other.matches & (np.arange(len(other.why)) < 2900))

    assert leave_one_out([_film(1, one), _film(2, other)])[1][2] > 0.6
    assert leave_one_out([_film(1, one), _film(2, hidden)])[1][2] < 0.3


def test_a_logistic_regression_finds_known_weights() -> None:
    rng = np.random.default_rng(5)
    inputs = rng.random((20000, 2))
    logits = inputs @ np.array([3.0, 1.0]) - 2
    truth = rng.random(len(inputs)) < 1 / (1 + np.exp(-logits))

    assert logistic(inputs, truth, penalty=0) == pytest.approx([3, 1, -2], abs=0.2)
    # of what is known already, the rest is found
    assert logistic(inputs[:, 1:], truth, penalty=0, known=3 * inputs[:, 0]) == pytest.approx(
        [1, -2], abs=0.2
    )


def test_without_a_match_there_is_nothing_to_fit() -> None:
    pairs = replace(_pairs(1), kinds=(Truth.NONE,) * 3000)

    with pytest.raises(ValueError, match="no frame match"):
        fitted(pairs)


def test_what_is_written_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ranker.json"
    monkeypatch.setattr(match_ranker_fitting, "described_films", lambda *_, **__: [])
    monkeypatch.setattr(match_ranker_fitting, "open_siamese", lambda: None)
    monkeypatch.setattr(match_ranker_fitting, "report", lambda *_: "figures")
    monkeypatch.setattr(PairList, "of", lambda _: _pairs(1))

    assert main(["--out", str(path), "--keep", str(tmp_path / "films"), "--films", "2"]) == 0

    expected = rounded(fitted(_pairs(1)))
    for ranker in (read_ranker(path), ranker_of(json.loads(path.read_text("utf-8")))):
        assert ranker.frame == pytest.approx(expected.frame)
        assert ranker.score == pytest.approx(expected.score)
    assert json.loads(path.read_text("utf-8"))["fitted_to_seeds"] == [1, 2]


def test_the_penalty_is_what_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ranker.json"
    monkeypatch.setattr(match_ranker_fitting, "described_films", lambda *_, **__: [])
    monkeypatch.setattr(match_ranker_fitting, "open_siamese", lambda: None)
    monkeypatch.setattr(match_ranker_fitting, "report", lambda *_: "figures")
    monkeypatch.setattr(PairList, "of", lambda _: _pairs(1))

    assert main(["--out", str(path), "--penalty", "0.01"]) == 0

    assert json.loads(path.read_text("utf-8"))["penalty"] == 0.01
    assert read_ranker(path).frame == pytest.approx(rounded(fitted(_pairs(1), penalty=0.01)).frame)


def test_leaving_one_out_writes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    films = [_film(seed, _pairs(seed)) for seed in (1, 2)]
    monkeypatch.setattr(match_ranker_fitting, "described_films", lambda *_, **__: films)
    monkeypatch.setattr(match_ranker_fitting, "open_siamese", lambda: None)
    every, own = leave_one_out(films, penalty=0.001)

    assert main(["--leave-one-out", "--penalty", "1e-3", "--keep", str(tmp_path / "films")]) == 0

    told = capsys.readouterr().out
    assert told.startswith("penalty 0.001, each of 2 films by weights fitted to the others: ")
    assert f"{every:.3f} of all lists as one; of each film's own {own[1]:.3f}, {own[2]:.3f};" in told
    assert list(tmp_path.rglob("*")) == [tmp_path / "films"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "one of the arguments --out --leave-one-out is required"),
        (["--leave-one-out", "--out", "ranker.json"], "not allowed with"),
        (["--leave-one-out", "--films", "1"], "needs --films 2 or more"),
        (["--leave-one-out", "--penalty", "-1"], "--penalty needs 0 or more, not -1"),
        (["--leave-one-out", "--penalty", "nan"], "--penalty needs 0 or more, not nan"),
    ],
)
def test_what_cannot_be_asked_is_told(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert told in capsys.readouterr().err


def test_a_folder_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path)]) == 1
    assert str(tmp_path) in capsys.readouterr().err
