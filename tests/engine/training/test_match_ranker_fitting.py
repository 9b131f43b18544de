"""Fitting the ranker of match cuts: no weight of the wrong sign, what films cannot tell stays, the rest is learned."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seamline.analysis.match_features import PAIR_FEATURES
from seamline.analysis.match_ranker import ranker_of, read_ranker
from seamline.evaluation.match_metrics import average_precision
from seamline.evaluation.match_planted import Truth
from seamline.evaluation.match_scores import PairList, calibration
from seamline.training import match_ranker_fitting
from seamline.training.match_ranker_fitting import PRIOR, fitted, logistic, main, rounded


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


def test_a_folder_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path)]) == 1
    assert str(tmp_path) in capsys.readouterr().err
