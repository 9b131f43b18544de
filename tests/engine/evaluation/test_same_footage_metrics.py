"""Accuracy, F1, ROC and EER of pairs, against scikit-learn and by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics

from seamline.errors import ExchangeError
from seamline.evaluation.same_footage_metrics import (
    area,
    best_threshold,
    calibration_error,
    equal_error_rate,
    log_loss,
    mean_and_spread,
    roc_curve,
    scores_at,
)
from seamline.evaluation.same_footage_plot import write_roc_plot


def drawn(seed: int, count: int = 300, step: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """Scores with many ties, the truth behind them in part."""
    rng = np.random.default_rng(seed)
    truth = rng.random(count) < 0.4
    return np.round((truth + rng.normal(0, 0.8, count)) / step) * step, truth


@pytest.mark.parametrize("seed", range(5))
def test_they_are_what_scikit_learn_says(seed: int) -> None:
    scores, truth = drawn(seed)
    threshold = best_threshold(scores, truth)
    found = scores_at(threshold, scores, truth)
    said = scores >= threshold
    assert found.accuracy == pytest.approx(metrics.accuracy_score(truth, said))
    assert found.f1 == pytest.approx(metrics.f1_score(truth, said))
    assert found.auc == pytest.approx(metrics.roc_auc_score(truth, scores))
    probabilities = 1 / (1 + np.exp(-scores))
    assert log_loss(probabilities, truth) == pytest.approx(metrics.log_loss(truth, probabilities))


@pytest.mark.parametrize("seed", range(5))
def test_no_threshold_makes_more_right(seed: int) -> None:
    scores, truth = drawn(seed)
    best = ((scores >= best_threshold(scores, truth)) == truth).sum()
    tried = [((scores >= each) == truth).sum() for each in np.append(np.unique(scores), [-9.0, 9.0])]
    assert best == max(tried)


def test_where_all_or_none_are_the_same_the_threshold_says_so() -> None:
    scores = np.array([0.2, 0.5, 0.5])
    assert best_threshold(scores, np.ones(3, np.bool_)) < 0.2
    assert best_threshold(scores, np.zeros(3, np.bool_)) > 0.5
    with pytest.raises(ValueError, match="no pairs"):
        best_threshold(scores[:0], np.zeros(0, np.bool_))


def test_as_many_are_passed_as_are_missed() -> None:
    scores = np.array([0.1, 0.2, 0.3, 0.6, 0.4, 0.7, 0.8, 0.9])
    truth = np.array([0, 0, 0, 0, 1, 1, 1, 1], np.bool_)
    assert equal_error_rate(roc_curve(scores, truth)) == pytest.approx(0.25)
    assert equal_error_rate(roc_curve(np.array([0.0, 1.0]), np.array([False, True]))) == 0
    # where all are tied, the line from none to all is crossed in its middle
    assert equal_error_rate(roc_curve(np.zeros(4), truth[2:6])) == pytest.approx(0.5)


def test_of_one_sort_alone_there_is_no_curve() -> None:
    curve = roc_curve(np.array([0.1, 0.2]), np.array([True, True]))
    assert math.isnan(area(curve))
    assert math.isnan(equal_error_rate(curve))
    assert scores_at(0.0, np.array([0.1, 0.2]), np.array([True, True])).accuracy == 1


def test_calibration_is_how_far_off_it_is() -> None:
    truth = np.array([True, True, True, False] * 25)
    assert calibration_error(np.full(100, 0.75), truth) == pytest.approx(0)
    assert calibration_error(np.full(100, 0.95), truth) == pytest.approx(0.2)


def test_spread_leaves_out_what_is_no_number() -> None:
    assert mean_and_spread([1.0, 3.0, float("nan")]) == (2.0, pytest.approx(math.sqrt(2)))
    assert all(math.isnan(value) for value in mean_and_spread([]))


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_curve_is_drawn_the_same_each_time(tmp_path: Path, suffix: str) -> None:
    both = drawn(1), drawn(2)
    paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for path in paths:
        write_roc_plot(path, *both, 0.4, overwrite=False)
    if suffix == ".png":
        assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[0].stat().st_size > 5000
    with pytest.raises(ExchangeError, match=r"\.png or \.svg"):
        write_roc_plot(tmp_path / "curve.gif", *both, 0.4, overwrite=False)
