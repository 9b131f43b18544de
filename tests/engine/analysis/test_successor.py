"""From embeddings to candidate seams, over embeddings and distances made by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.successor import (
    CandidateSeam,
    Sampling,
    SuccessorMethod,
    SuccessorRule,
    dynamic_thresholds,
    find_content_changes,
    local_maxima,
    min_max_scores,
    places_in_gaps,
    successor_distances,
)
from seamline.errors import SeamlineError
from seamline.project.types import Seam, SeamKind

Floats = NDArray[np.float32]
DYNAMIC = SuccessorRule()


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def sampled(gaps: int, every: int = 6) -> Sampling:
    """A film with exactly that many gaps, at 24 frames a second."""
    return Sampling(gaps * every + 1, every, Fraction(24))


def found_gaps(distances: Floats, rule: SuccessorRule, **known: Floats) -> list[int]:
    """Where the rule finds candidates, by gap."""
    return [
        c.start_frame // 6 for c in find_content_changes(distances, sampled(len(distances)), rule, **known)
    ]


def bumpy(gaps: int, at: list[int], height: float = 0.9, seed: int = 0) -> Floats:
    """Small distances with large ones at the gaps `at`."""
    distances = np.random.default_rng(seed).uniform(0.08, 0.12, gaps).astype(np.float32)
    distances[at] = height
    return distances


def test_a_sampling_counts_the_first_frame_and_every_kth() -> None:
    sampling = Sampling(13, 6, Fraction(24))
    assert sampling.frames.tolist() == [0, 6, 12]
    assert Sampling(12, 6, Fraction(24)).sample_count == 2
    assert (Sampling(0, 6, Fraction(24)).sample_count, Sampling(0, 6, Fraction(24)).gap_count) == (0, 0)
    assert list(sampling.samples_in(0, 6)) == [0]
    assert list(sampling.samples_in(1, 6)) == []
    assert list(sampling.samples_in(1, 13)) == [1, 2]
    with pytest.raises(ValueError, match="every 1st"):
        Sampling(10, 0, Fraction(24))


def test_the_distance_is_euclidean_from_each_embedding_to_the_next() -> None:
    embeddings = floats(1, 0, 0, 1, -1, 0).reshape(3, 2)
    assert successor_distances(embeddings) == pytest.approx([np.sqrt(2), np.sqrt(2)])


def test_the_distances_of_a_long_film_are_those_of_its_parts() -> None:
    embeddings = np.random.default_rng(1).normal(size=(5000, 3)).astype(np.float32)
    plain = np.array([np.linalg.norm(b - a) for a, b in pairwise(embeddings)])
    assert successor_distances(embeddings) == pytest.approx(plain, rel=1e-5)


def test_tiny_distances_keep_their_digits() -> None:
    embeddings = floats(1, 0, 1, 1e-5).reshape(2, 2)
    assert successor_distances(embeddings) == pytest.approx([1e-5], rel=1e-3)


@pytest.mark.parametrize("samples", [0, 1])
def test_a_film_of_less_than_two_samples_has_no_distances_and_no_seams(samples: int) -> None:
    distances = successor_distances(np.ones((samples, 4), np.float32))
    assert len(distances) == 0
    assert len(min_max_scores(distances)) == 0
    for method in SuccessorMethod:
        rule = SuccessorRule(method)
        sampling = Sampling(samples, 6, Fraction(24))
        assert find_content_changes(distances, sampling, rule, survey_thresholds=floats()) == []


def test_scores_run_from_0_to_1_over_the_film() -> None:
    assert min_max_scores(floats(0.2, 0.7, 1.2)) == pytest.approx([0, 0.5, 1])


@pytest.mark.parametrize("level", [0.0, 0.3, 1.7])
@pytest.mark.parametrize("method", [m for m in SuccessorMethod if m is not SuccessorMethod.SURVEYOR])
def test_a_flat_film_has_no_seams(method: SuccessorMethod, level: float) -> None:
    distances = np.full(300, level, np.float32)
    assert min_max_scores(distances).tolist() == [0] * 300
    assert found_gaps(distances, SuccessorRule(method, sensitivity=1)) == []


def test_presets_are_the_published_values() -> None:
    distances = floats(0, 0.41, 0.4, 0.61, 1, 0.59)
    assert found_gaps(distances, SuccessorRule(SuccessorMethod.PIPELINE)) == [1, 3, 4, 5]
    assert found_gaps(distances, SuccessorRule(SuccessorMethod.NOTEBOOK)) == [3, 4]


def test_the_dynamic_rule_is_mean_and_sd_of_the_centred_window() -> None:
    distances = np.random.default_rng(2).uniform(0, 1, 200).astype(np.float32)
    thresholds = dynamic_thresholds(distances, sampled(200), window_s=10, k=2)
    for place in (0, 3, 100, 199):  # 10 s are 40 samples, 20 to either side
        window = distances[max(0, place - 20) : place + 21]
        assert thresholds[place] == pytest.approx(window.mean() + 2 * window.std(), abs=1e-5)


def test_the_dynamic_threshold_adapts() -> None:
    """The published code takes the SD of a single number, which is 0; here a restless stretch raises it."""
    calm, restless = np.full(100, 0.1), np.tile([0.1, 0.5], 50)
    distances = np.concatenate([calm, restless]).astype(np.float32)
    thresholds = dynamic_thresholds(distances, sampled(200), window_s=10, k=2)
    assert thresholds[50] == pytest.approx(0.1, abs=1e-4)
    assert thresholds[150] > 0.6


def test_the_dynamic_rule_finds_what_stands_out_of_its_surroundings() -> None:
    distances = bumpy(400, [60, 130], 0.5)
    distances[200:] += 1  # a restless half, where .5 is nothing
    distances[300] = 1.9
    assert found_gaps(distances, SuccessorRule(sensitivity=0.2)) == [60, 130, 300]


def test_a_window_is_never_too_short_for_one_distance_to_stand_out() -> None:
    rule = SuccessorRule(window_s=0.5, k=3)
    assert found_gaps(bumpy(200, [80]), rule) == [80]


def test_of_a_dissolve_over_several_samples_only_the_peak_is_a_candidate() -> None:
    distances = bumpy(200, [])
    distances[99:104] = [0.7, 0.8, 0.9, 0.8, 0.7]
    thresholds = dynamic_thresholds(distances, sampled(200), window_s=10, k=2)
    assert (distances > thresholds).sum() > 1
    assert found_gaps(distances, SuccessorRule(k=2)).count(101) == 1
    assert not {99, 100, 102, 103} & set(found_gaps(distances, SuccessorRule(k=2)))


def test_a_local_maximum_is_higher_than_both_sides_and_a_plateau_counts_once() -> None:
    values = floats(3, 1, 2, 2, 1, 4, 4, 5, 5)
    assert np.flatnonzero(local_maxima(values)).tolist() == [0, 2, 7]
    assert local_maxima(floats()).tolist() == []


@pytest.mark.parametrize("method", [m for m in SuccessorMethod if m is not SuccessorMethod.SURVEYOR])
@pytest.mark.parametrize("seed", range(5))
def test_more_sensitivity_never_loses_a_candidate(method: SuccessorMethod, seed: int) -> None:
    distances = np.random.default_rng(seed).gamma(1.5, 0.1, 300).astype(np.float32)
    found = [set(found_gaps(distances, SuccessorRule(method, sensitivity=s))) for s in (0, 0.3, 0.5, 0.8, 1)]
    assert all(less <= more for less, more in pairwise(found))
    assert len(found[0]) < len(found[-1])


def test_sensitivity_in_the_middle_is_the_rule_as_published() -> None:
    assert SuccessorRule(SuccessorMethod.PIPELINE).preset_score == pytest.approx(0.4)
    assert SuccessorRule(SuccessorMethod.NOTEBOOK).preset_score == pytest.approx(0.6)
    assert SuccessorRule(k=2).effective_k == 2
    assert SuccessorRule(k=2, sensitivity=1).effective_k == pytest.approx(1)
    assert SuccessorRule(k=2, sensitivity=0).effective_k == pytest.approx(4)
    assert DYNAMIC.preset_score is None


def test_strength_is_the_share_of_the_distance_over_the_threshold() -> None:
    distances = bumpy(300, [100])
    distances[200] = 0.6
    thresholds = np.full(300, 0.3, np.float32)
    rule = SuccessorRule(SuccessorMethod.SURVEYOR)
    strong, weak = find_content_changes(distances, sampled(300), rule, survey_thresholds=thresholds)
    assert [strong.strength, weak.strength] == pytest.approx([1 - 0.3 / 0.9, 0.5])


@pytest.mark.parametrize("method", list(SuccessorMethod))
@pytest.mark.parametrize("seed", range(5))
def test_candidates_always_lie_in_the_film_in_order_with_a_strength(
    method: SuccessorMethod, seed: int
) -> None:
    random = np.random.default_rng(seed)
    sampling = Sampling(int(random.integers(2, 900)), int(random.integers(1, 9)), Fraction(24))
    distances = random.gamma(1.5, 0.1, sampling.gap_count).astype(np.float32)
    similarity = random.uniform(0, 1, sampling.frame_count).astype(np.float32)
    thresholds = np.full(sampling.gap_count, 0.2, np.float32)
    found = find_content_changes(
        distances, sampling, SuccessorRule(method), survey_thresholds=thresholds, similarity=similarity
    )
    frames = [c.frame for c in found]
    assert frames == sorted(set(frames))
    for c in found:
        assert 0 < c.start_frame <= c.frame < c.end_frame <= sampling.frame_count
        assert c.end_frame - c.start_frame == sampling.every_frames
        assert 0 < c.strength <= 1


def candidate_at_gap_10(**known: object) -> CandidateSeam:
    (found,) = find_content_changes(bumpy(60, [10]), sampled(60), SuccessorRule(sensitivity=0.2), **known)  # type: ignore[arg-type]
    return found


def test_with_nothing_known_a_candidate_is_any_frame_of_its_gap() -> None:
    """Samples 10 and 11 are frames 60 and 66: the new content begins with one of 61 to 66."""
    found = candidate_at_gap_10()
    assert (found.start_frame, found.end_frame, found.frame, found.seam) == (61, 67, 64, None)


def test_every_frame_sampled_leaves_no_doubt() -> None:
    sampling = Sampling(61, 1, Fraction(24))
    (found,) = find_content_changes(bumpy(60, [10]), sampling, SuccessorRule(sensitivity=0.2))
    assert (found.start_frame, found.end_frame, found.frame) == (11, 12, 11)


@pytest.mark.parametrize("frame", range(61, 67))
def test_a_candidate_moves_to_the_frame_least_like_the_one_before(frame: int) -> None:
    similarity = np.ones(361, np.float32)
    similarity[frame] = 0.4
    similarity[[60, 67]] = 0  # outside the gap
    found = candidate_at_gap_10(similarity=similarity)
    assert (found.start_frame, found.end_frame, found.frame) == (61, 67, frame)


def test_a_similarity_that_is_not_known_yet_or_says_nothing_moves_nothing() -> None:
    similarity = np.full(361, np.nan, np.float32)
    assert candidate_at_gap_10(similarity=similarity).frame == 64
    assert candidate_at_gap_10(similarity=np.ones(361, np.float32)).frame == 64
    similarity[62:64] = [0.9, 0.8]
    assert candidate_at_gap_10(similarity=similarity).frame == 63


@pytest.mark.parametrize("frame", range(61, 67))
def test_a_candidate_snaps_to_a_cut_in_its_gap(frame: int) -> None:
    similarity = np.ones(361, np.float32)
    similarity[64] = 0  # the cut is known, whatever the pictures look like
    cut = Seam(frame - 1, frame)
    found = candidate_at_gap_10(seams=[Seam(9, 10), cut], similarity=similarity)
    assert (found.start_frame, found.end_frame, found.frame, found.seam) == (frame, frame + 1, frame, cut)


@pytest.mark.parametrize("frame", [60, 67])
def test_a_cut_outside_the_gap_is_left_alone(frame: int) -> None:
    found = candidate_at_gap_10(seams=[Seam(frame - 1, frame)])
    assert (found.frame, found.seam) == (64, None)


def test_of_two_cuts_in_a_gap_the_more_certain_one_is_taken() -> None:
    seams = [Seam(61, 62, confidence=0.6), Seam(63, 64, confidence=0.9), Seam(64, 65, confidence=0.7)]
    assert candidate_at_gap_10(seams=seams).seam == seams[1]


@pytest.mark.parametrize("heights", [(0.6, 0.9), (0.9, 0.6)])
def test_candidates_of_one_long_dissolve_are_one_the_strongest(heights: tuple[float, float]) -> None:
    dissolve = Seam(50, 90, SeamKind.DISSOLVE)
    distances = bumpy(60, [])
    distances[[10, 13]] = heights
    rule = SuccessorRule(sensitivity=0.4)
    weak, strong = sorted(find_content_changes(distances, sampled(60), rule), key=lambda c: c.strength)
    (found,) = find_content_changes(distances, sampled(60), rule, seams=[dissolve])
    assert (found.start_frame, found.end_frame, found.frame) == (51, 91, dissolve.cut_frame)
    assert found.strength == strong.strength > weak.strength


def test_the_end_of_the_film_behind_the_last_sample_is_no_gap() -> None:
    sampling = Sampling(65, 6, Fraction(24))  # samples 0 to 60; frames 61 to 64 lie behind
    similarity = np.ones(65, np.float32)
    places = places_in_gaps(sampling, seams=[Seam(61, 62)], similarity=similarity)
    assert len(places.frames) == 10
    assert places.frames.max() <= 60
    assert (places.seam_indices == -1).all()


def test_arrays_of_another_film_are_refused() -> None:
    with pytest.raises(ValueError, match="have 5 distances"):
        find_content_changes(floats(1, 2), sampled(5))
    with pytest.raises(ValueError, match="as many similarities"):
        find_content_changes(floats(1, 2), sampled(2), similarity=floats(1))
    with pytest.raises(ValueError, match="2 thresholds"):
        find_content_changes(floats(1, 2), sampled(2), SuccessorRule(SuccessorMethod.SURVEYOR))
    with pytest.raises(ValueError, match="5 embeddings"):
        sampled(4).check(np.zeros((3, 8), np.float32))


@pytest.mark.parametrize("wrong", [{"window_s": 0}, {"k": -1}, {"sensitivity": 1.1}, {"window_s": np.nan}])
def test_a_rule_that_cannot_be_says_what_can(wrong: dict[str, float]) -> None:
    with pytest.raises(SeamlineError, match=r"cannot be.*: (choose|give)"):
        SuccessorRule(**wrong)  # type: ignore[arg-type]
