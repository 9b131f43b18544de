"""Recall at k over a whole gallery and in batches: counted by hand, ties against us, chance by drawing."""

from __future__ import annotations

import numpy as np
import pytest

from seamline.evaluation.retrieval_metrics import Recall, recall, recall_in_batches


def scores(rows: list[list[float]]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array(rows, np.float32)


def test_ranks_are_counted_among_the_whole_gallery() -> None:
    found = recall(
        scores([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1], [0.9, 0.5, 0.1]]), np.array([0, 1, 2]), ks=(1, 2)
    )
    assert found.ranks.tolist() == [1, 2, 3]
    assert found.shares == {1: pytest.approx(1 / 3), 2: pytest.approx(2 / 3)}
    assert found.median_rank == 2
    assert found.mean_reciprocal_rank == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_the_best_of_several_right_pictures_counts_and_others_do_not_stand_in_its_way() -> None:
    found = recall(scores([[0.9, 0.8, 0.7, 0.6]]), [{1, 2}])
    assert found.ranks.tolist() == [2]
    assert recall(scores([[0.9, 0.8, 0.7, 0.6]]), [[0, 1]]).ranks.tolist() == [1]


def test_ties_count_against_us() -> None:
    assert recall(scores([[0.5, 0.5, 0.5, 0.5]]), np.array([0])).ranks.tolist() == [4]
    assert recall(scores([[0.5, 0.5, 0.5, 0.1]]), [{0, 1}]).ranks.tolist() == [2]


def test_a_score_that_is_no_number_finds_nothing_and_hides_nothing() -> None:
    assert recall(scores([[np.nan, 0.1, 0.2]]), np.array([0])).ranks.tolist() == [3]
    assert recall(scores([[0.3, np.nan, np.nan]]), np.array([0])).ranks.tolist() == [1]


def test_chance_is_what_a_random_order_gives() -> None:
    random = np.random.default_rng(3)
    similarity = random.random((4000, 40)).astype(np.float32)
    truth = [set(random.choice(40, 2, replace=False).tolist()) for _ in range(4000)]
    found = recall(similarity, truth)
    for k in found.ks:
        assert found.at(k) == pytest.approx(found.chance_at(k), abs=0.03)
    one = recall(similarity, np.zeros(4000, np.int64))
    assert one.chance == {1: pytest.approx(1 / 40), 5: pytest.approx(5 / 40), 10: pytest.approx(10 / 40)}


def test_batches_inflate_a_search_that_is_no_better_than_a_little() -> None:
    random = np.random.default_rng(4)
    count = 640
    similarity = random.normal(size=(count, count)).astype(np.float32)
    similarity[np.arange(count), np.arange(count)] += 2
    whole, batches = (each(similarity, np.arange(count)) for each in (recall, recall_in_batches))
    assert whole.galleries.max() == count
    assert batches.galleries.tolist() == [64] * count
    assert batches.at(1) > 2 * whole.at(1)
    assert batches.chance_at(1) == pytest.approx(1 / 64)
    assert batches.median_rank < whole.median_rank


def test_a_batch_holds_each_picture_once_and_what_is_right_by_chance_counts() -> None:
    # five captions of one picture: whoever brings it, it is there once, and nothing else is
    found = recall_in_batches(scores([[0.1, 0.9]] * 5), np.zeros(5, np.int64))
    assert found.galleries.tolist() == [1] * 5
    assert found.ranks.tolist() == [1] * 5
    # the second's own picture is right for the first too
    both = recall_in_batches(scores([[0.1, 0.9, 0.0], [0.0, 0.9, 0.0]]), [{0, 1}, {1}])
    assert both.ranks.tolist() == [1, 1]


def test_batches_are_the_same_for_the_same_seed() -> None:
    similarity = np.random.default_rng(5).random((300, 300)).astype(np.float32)
    first, again, other = (recall_in_batches(similarity, np.arange(300), seed=seed) for seed in (1, 1, 2))
    assert first.ranks.tolist() == again.ranks.tolist() != other.ranks.tolist()


@pytest.mark.parametrize("truth", [[0], [0, 1, 2], [0, 9], [0, set()], [0, -1]])
def test_a_truth_that_does_not_fit_is_refused(truth: list[int | set[int]]) -> None:
    wanted = [{each} if isinstance(each, int) else each for each in truth]
    with pytest.raises(ValueError, match=r"quer"):
        recall(scores([[0.1, 0.2], [0.3, 0.4]]), wanted)


def test_nothing_asked_is_nothing_found() -> None:
    empty = recall(np.empty((0, 4), np.float32), [])
    assert (empty.at(1), empty.chance_at(1), empty.median_rank, empty.text) == (0, 0, 0, "no queries")


def test_the_line_for_people_says_what_it_is_out_of() -> None:
    found = Recall(np.array([1, 3]), np.array([1, 1]), np.array([1200, 1200]))
    assert found.text == (
        "R@1/5/10 50.0/100.0/100.0 % (chance 0.1/0.4/0.8 %), median rank 2, 2 queries among 1,200 pictures"
    )
