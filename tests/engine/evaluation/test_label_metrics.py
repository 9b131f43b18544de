"""Scores of labels, by examples worked out by hand."""

from __future__ import annotations

import pytest

from seamline.evaluation.label_metrics import (
    accuracy,
    accuracy_within,
    confusion,
    coverage,
    label_table,
    macro_f1,
    per_class,
    reliability,
)

CLASSES = ["near", "middle", "far", "never"]
TRUTH = ["near", "near", "near", "middle", "far"]
SAID = ["near", "middle", None, "middle", "near"]


def test_rows_are_truth_columns_what_was_said_and_the_last_is_unsure() -> None:
    assert confusion(TRUTH, SAID, CLASSES).tolist() == [
        [1, 1, 0, 0, 1],
        [0, 1, 0, 0, 0],
        [1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
    ]


def test_unsure_is_not_covered_and_not_counted_wrong() -> None:
    assert coverage(SAID) == pytest.approx(4 / 5)
    assert accuracy(TRUTH, SAID) == pytest.approx(2 / 4)


def test_within_one_class_goes_by_the_classes_order() -> None:
    assert accuracy_within(TRUTH, SAID, CLASSES) == pytest.approx(3 / 4)
    assert accuracy_within(TRUTH, SAID, CLASSES, steps=2) == 1


def test_each_class_has_precision_recall_and_f1() -> None:
    scores = per_class(TRUTH, SAID, CLASSES)
    near = scores["near"]
    assert (near.right, near.total, near.said) == (1, 3, 2)
    assert near.precision == pytest.approx(1 / 2)
    assert near.recall == pytest.approx(1 / 3)
    assert near.f1 == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))
    far = scores["far"]
    assert (far.precision, far.recall, far.f1) == (0, 0, 0)


def test_macro_f1_is_the_mean_over_the_classes_of_the_truth() -> None:
    # near 2 * 1 / (3 + 2), middle 2 * 1 / (1 + 2), far 0; the class that never occurs does not count
    assert macro_f1(TRUTH, SAID, CLASSES) == pytest.approx((0.4 + 2 / 3 + 0) / 3)


def test_of_nothing_all_is_well() -> None:
    assert (coverage([]), accuracy([], []), macro_f1([], [], CLASSES)) == (1, 1, 1)
    assert accuracy_within([], [], CLASSES) == 1
    assert label_table([], [], CLASSES).split() == ["truth", "unsure", "precision", "recall", "F1"]


def test_all_unsure_is_no_coverage_and_no_f1() -> None:
    assert (coverage([None]), macro_f1(["far"], [None], CLASSES)) == (0, 0)


@pytest.mark.parametrize(
    ("truth", "said", "told"),
    [
        (["near"], [], "shorter"),
        (["other"], ["near"], "other is none of the classes near, middle, far, never"),
        (["near"], ["other"], "other is none of the classes"),
    ],
)
def test_what_does_not_fit_is_refused(truth: list[str], said: list[str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        confusion(truth, said, CLASSES)


def test_the_table_word_by_word() -> None:
    assert label_table(TRUTH, SAID, CLASSES).splitlines() == [
        "truth       near middle   far unsure  precision recall    F1",
        "near           1      1     0      1      0.500  0.333 0.400",
        "middle         0      1     0      0      0.500  1.000 0.667",
        "far            1      0     0      0      0.000  0.000 0.000",
    ]


def test_reliability_is_told_for_each_range_of_confidence() -> None:
    assert reliability(TRUTH, SAID, [0.55, 0.95, 0.3, 1.0, 0.6]) == [
        "0.5 to 0.6:    1 said, confidence 0.55, right 1.00",
        "0.6 to 0.7:    1 said, confidence 0.60, right 0.00",
        "0.9 to 1.0:    2 said, confidence 0.97, right 0.50",
    ]
    assert reliability([], [], []) == []
