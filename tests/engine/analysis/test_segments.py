"""Segments: their lengths hold exactly, and no other division of the film is better."""

from __future__ import annotations

import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from seamline.analysis.segments import Opening, Segment, SegmentRule, best_splits, find_segments
from seamline.analysis.successor import CandidateSeam, Sampling
from seamline.errors import SeamlineError
from seamline.project.types import Seam, SeamKind

SECONDS = Fraction(1)  # one frame a second: the rule's seconds are frames


def film(frames: int, every: int = 1, rate: Fraction = SECONDS) -> Sampling:
    return Sampling(frames, every, rate)


def candidate(frame: int, strength: float, seam: Seam | None = None) -> CandidateSeam:
    return CandidateSeam(frame, frame, frame + 1, strength, seam)


def candidates(strengths: dict[int, float]) -> list[CandidateSeam]:
    return [candidate(frame, strength) for frame, strength in strengths.items()]


def starts(segments: list[Segment]) -> list[int]:
    return [segment.start_frame for segment in segments]


def assert_cover(segments: list[Segment], frames: int, fewest: int, most: int) -> None:
    """They cover the film without gap or overlap, and each has a length within the rule."""
    assert segments[0].start_frame == 0
    assert segments[-1].end_frame == frames
    assert all(a.end_frame == b.start_frame for a, b in pairwise(segments))
    assert all(fewest <= segment.length <= most for segment in segments)
    assert [segment.number for segment in segments] == list(range(1, len(segments) + 1))
    assert [segment.opening is Opening.FILM for segment in segments] == [True] + [False] * (len(segments) - 1)


def divisions(frames: int, fewest: int, most: int) -> Iterator[tuple[int, ...]]:
    """All ways to divide a film: the starts of the segments but the first."""

    def go_on(start: int, inner: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if fewest <= frames - start <= most:
            yield inner
        for end in range(start + fewest, min(start + most, frames - fewest) + 1):
            yield from go_on(end, (*inner, end))

    return go_on(0, ())


@pytest.mark.parametrize("seed", range(60))
def test_no_other_division_has_fewer_splits_or_stronger_candidates(seed: int) -> None:
    random = np.random.default_rng(seed)
    fewest = int(random.integers(1, 4))
    most = int(random.integers(2 * fewest - 1, 9))
    frames = int(random.integers(fewest, 21))
    count = int(random.integers(0, min(8, frames)))
    at = random.permutation(np.arange(1, max(1, frames)))[:count]
    strengths = {int(frame): float(random.uniform(0.01, 1)) for frame in at}
    rule = SegmentRule(min_s=fewest - 0.4, max_s=most + 0.3)  # rounded inwards, to whole frames

    found = find_segments(candidates(strengths), film(frames), rule)

    def price(inner: tuple[int, ...]) -> tuple[int, float]:
        return sum(f not in strengths for f in inner), -sum(strengths.get(f, 0) for f in inner)

    assert_cover(found, frames, fewest, most)
    best = min(map(price, divisions(frames, fewest, most)))
    assert list(price(tuple(starts(found)[1:]))) == pytest.approx(list(best))
    for segment in found[1:]:
        is_candidate = segment.start_frame in strengths
        assert segment.opening is (Opening.CANDIDATE if is_candidate else Opening.SPLIT)
        assert segment.strength == strengths.get(segment.start_frame, 0)


@pytest.mark.parametrize("seed", range(60))
def test_no_other_splits_are_as_few_and_worth_more(seed: int) -> None:
    random = np.random.default_rng(seed)
    fewest = int(random.integers(1, 4))
    most = int(random.integers(2 * fewest - 1, 9))
    start = int(random.integers(0, 5))
    length = int(random.integers(fewest, 23))
    values = random.choice([0, 0.2, 0.5, 1, 2.7], start + length)
    found = best_splits(start, start + length, (fewest, most), values)

    def worth(inner: tuple[int, ...]) -> tuple[int, float]:
        return -len(inner), float(sum(values[start + f] for f in inner))

    best = max(map(worth, divisions(length, fewest, most)))
    assert list(worth(tuple(frame - start for frame in found))) == pytest.approx(list(best))
    assert all(fewest <= b - a <= most for a, b in pairwise([start, *found, start + length]))


@pytest.mark.parametrize("seed", range(40))
def test_lengths_hold_at_every_rate_for_every_film(seed: int) -> None:
    random = np.random.default_rng(seed)
    rate = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(60)][seed % 4]
    min_s = float(random.uniform(0.3, 3))
    rule = SegmentRule(min_s, max(min_s * float(random.uniform(2.1, 8)), min_s * 2 + 0.2))
    fewest, most = rule.limits(rate)
    assert fewest / rate >= min_s > (fewest - 1) / rate
    assert most / rate <= rule.max_s < (most + 1) / rate
    frames = int(random.integers(fewest, 6000))
    sampling = film(frames, int(random.integers(1, 13)), rate)
    at = random.choice(np.arange(1, frames), min(frames - 1, int(random.integers(0, 200))), replace=False)
    found = find_segments(
        [candidate(int(frame), float(random.uniform(0, 1))) for frame in at],
        sampling,
        rule,
        distances=random.uniform(0, 1, sampling.gap_count).astype(np.float32),
        similarity=random.uniform(0, 1, frames).astype(np.float32),
    )
    assert_cover(found, frames, fewest, most)


def test_the_published_lengths_are_2_to_15_s() -> None:
    assert SegmentRule().limits(Fraction(24000, 1001)) == (48, 359)
    assert SegmentRule().limits(Fraction(25)) == (50, 375)


def test_the_greedy_choice_is_not_the_best() -> None:
    """The strongest one, taken first, would rule out two that are stronger together."""
    found = find_segments(candidates({5: 0.6, 6: 0.8, 7: 0.6}), film(12), SegmentRule(2, 8))
    assert starts(found) == [0, 5, 7]


def test_a_film_with_candidates_in_reach_is_never_split_elsewhere() -> None:
    strengths = {10: 0.9, 12: 0.1, 26: 0.3}
    found = find_segments(candidates(strengths), film(40), SegmentRule(3, 15))
    assert starts(found) == [0, 12, 26]  # from 10 to 26 there are 16
    assert all(segment.opening is Opening.CANDIDATE for segment in found[1:])


def test_candidates_too_close_to_the_ends_are_not_used() -> None:
    assert starts(find_segments(candidates({1: 1, 9: 1}), film(10), SegmentRule(2, 15))) == [0]


def test_a_film_shorter_than_the_shortest_is_one_segment_and_one_without_frames_none() -> None:
    (segment,) = find_segments(candidates({1: 1}), film(3), SegmentRule(4, 15))
    assert (segment.start_frame, segment.end_frame, segment.opening) == (0, 3, Opening.FILM)
    assert find_segments([], film(0)) == []
    assert len(find_segments([], film(1))) == 1


def test_a_shot_too_long_is_split_at_the_largest_change_within() -> None:
    distances = np.full(19, 0.1, np.float32)
    distances[[3, 6, 12, 16]] = [0.5, 0.8, 0.7, 0.9]  # 16: too close to the end
    found = find_segments([], film(20), SegmentRule(5, 15), distances=distances)
    assert starts(found) == [0, 7]
    assert (found[1].opening, found[1].strength) == (Opening.SPLIT, 0)


def test_a_split_of_a_sampled_film_goes_to_the_frame_least_like_the_one_before() -> None:
    sampling = film(200, 10, Fraction(10))
    distances = np.full(19, 0.1, np.float32)
    distances[9] = 0.9
    similarity = np.ones(200, np.float32)
    similarity[98] = 0.5
    found = find_segments([], sampling, distances=distances, similarity=similarity)
    assert starts(found) == [0, 98]


def test_a_split_prefers_a_known_seam_to_any_change() -> None:
    distances = np.full(19, 0.1, np.float32)
    distances[9] = 0.9
    cut = Seam(5, 6, confidence=0.6)
    found = find_segments([], film(20), SegmentRule(5, 15), distances=distances, seams=[cut])
    assert starts(found) == [0, 6]
    assert (found[1].opening, found[1].seam) == (Opening.SPLIT, cut)


def test_a_gradual_seam_is_split_in_its_middle() -> None:
    dissolve = Seam(8, 13, SeamKind.DISSOLVE)
    assert starts(find_segments([], film(20), SegmentRule(5, 15), seams=[dissolve])) == [0, 11]


def test_where_nothing_tells_a_shot_is_split_evenly() -> None:
    assert starts(find_segments([], film(20), SegmentRule(5, 15))) == [0, 10]
    flat = np.full(44, 0.3, np.float32)
    assert starts(find_segments([], film(45), SegmentRule(2, 10), distances=flat)) == [0, 9, 18, 27, 36]


def test_of_two_candidates_too_close_the_known_seam_wins() -> None:
    cut = Seam(9, 10, confidence=1)
    both = [candidate(10, 0.4, cut), candidate(11, 0.8)]
    assert starts(find_segments(both, film(20), SegmentRule(2, 15))) == [0, 10]
    assert starts(find_segments(both, film(20), SegmentRule(2, 15, cut_bonus=0.3))) == [0, 11]


def test_a_segment_carries_the_seam_it_begins_with() -> None:
    cut = Seam(9, 10, confidence=0.8)
    found = find_segments([candidate(10, 0.4, cut)], film(20), SegmentRule(2, 15))
    assert [(s.seam, s.strength) for s in found] == [(None, 0), (cut, 0.4)]


def test_candidates_on_one_frame_or_outside_the_film_do_no_harm() -> None:
    many = [candidate(10, 0.2), candidate(10, 0.7), candidate(0, 1), candidate(20, 1), candidate(99, 1)]
    found = find_segments(many, film(20), SegmentRule(2, 15))
    assert [(s.start_frame, s.strength) for s in found] == [(0, 0), (10, 0.7)]


@pytest.mark.parametrize(
    ("shortest", "longest"), [(0, 5), (-1, 5), (3, 5), (2, float("inf")), (float("nan"), 9)]
)
def test_lengths_that_do_not_fit_every_film_are_refused(shortest: float, longest: float) -> None:
    with pytest.raises(SeamlineError, match="at least twice"):
        SegmentRule(shortest, longest)


def test_lengths_that_do_not_fit_in_whole_frames_are_refused() -> None:
    with pytest.raises(SeamlineError, match="3 to 4 frames"):
        SegmentRule(2.1, 4.9).limits(SECONDS)


def test_three_hours_are_divided_in_an_instant() -> None:
    """Live, as a slider moves; measured at about 25 ms, so this fails only if the method changes."""
    random = np.random.default_rng(0)
    sampling = film(270_000, 6, Fraction(25))
    many = [candidate(int(f), float(random.uniform(0, 1))) for f in random.integers(1, 270_000, 3000)]
    distances = random.uniform(0, 1, sampling.gap_count).astype(np.float32)
    for given in (many, []):
        begin = time.process_time()
        found = find_segments(given, sampling, distances=distances)
        assert time.process_time() - begin < 1
        assert_cover(found, 270_000, 50, 375)
