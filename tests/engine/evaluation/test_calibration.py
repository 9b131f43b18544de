"""Reliability of confidences, by examples worked out by hand."""

from __future__ import annotations

import pytest

from seamline.evaluation.calibration import Judged, judged, reliability, reliability_table
from seamline.exchange.csv_list import IGNORED, Transition


def cut(frame: int, scored: int = 1) -> Transition:
    return Transition(frame - 1, frame, "cut", scored)


def test_a_bin_has_its_mean_confidence_and_its_share_of_right_ones() -> None:
    result = reliability([Judged(0.62, True), Judged(0.68, False), Judged(0.95, True), Judged(1.0, True)])
    low, high = result.bins
    assert (low.low, low.high, low.count, low.share_right) == (0.6, 0.7, 2, 0.5)
    assert low.mean_confidence == pytest.approx(0.65)
    assert (high.low, high.high, high.count, high.share_right) == (0.9, 1.0, 2, 1.0)
    # 2 of 4 are .15 off, 2 are .025 off
    assert result.expected_error == pytest.approx((2 * 0.15 + 2 * 0.025) / 4)


def test_only_those_confident_enough_count() -> None:
    result = reliability([Judged(0.1, False), Judged(0.5, True), Judged(0.49, False)], 0.5)
    assert result.count == 1
    assert result.expected_error == pytest.approx(0.5)


def test_of_nothing_there_is_no_error() -> None:
    assert reliability([]).expected_error == 0
    assert reliability_table(reliability([])).endswith("error 0.000 over 0")


def test_what_the_truth_ignores_is_not_judged() -> None:
    truth = [cut(100), cut(200, IGNORED)]
    candidates = [(cut(101), 0.9), (cut(200), 0.8), (cut(300), 0.3)]
    assert judged(truth, candidates, 2) == [Judged(0.9, True), Judged(0.3, False)]


def test_the_table_word_by_word() -> None:
    result = reliability([Judged(0.62, True), Judged(0.68, False), Judged(0.95, True)])
    assert reliability_table(result).splitlines() == [
        "confidence  candidates    mean   right",
        "0.6 to 0.7           2   0.650   0.500",
        "0.9 to 1.0           1   0.950   1.000",
        "expected calibration error 0.117 over 3",
    ]
