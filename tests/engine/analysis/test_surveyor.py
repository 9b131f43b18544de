"""What the surveyor makes of films whose contents are known."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.successor import (
    Sampling,
    SuccessorMethod,
    SuccessorRule,
    find_content_changes,
    successor_distances,
)
from seamline.analysis.surveyor import Survey, SurveyRule, WindowSurvey, survey_film
from seamline.errors import Cancelled, SeamlineError
from seamline.progress import CancellableProgress

Floats = NDArray[np.float32]


def film_of(contents: list[tuple[int, float]], seed: int = 0, size: int = 64) -> tuple[Floats, list[int]]:
    """Embeddings of shots (samples, unrest), and the gaps where the shots meet."""
    random = np.random.default_rng(seed)
    shots = []
    for samples, unrest in contents:
        centre = random.normal(size=size)
        centre /= np.linalg.norm(centre)
        shots.append(centre + unrest / np.sqrt(size) * random.normal(size=(samples, size)))
    embeddings = np.concatenate(shots)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    return embeddings.astype(np.float32), (np.cumsum([samples for samples, _ in contents])[:-1] - 1).tolist()


def sampled(embeddings: Floats) -> Sampling:
    """Four samples a second."""
    return Sampling(len(embeddings) * 6, 6, Fraction(24))


def found_gaps(embeddings: Floats, survey: Survey, rule: SuccessorRule) -> list[int]:
    found = find_content_changes(
        successor_distances(embeddings),
        sampled(embeddings),
        rule,
        survey_thresholds=survey.thresholds(rule.effective_k),
    )
    return [candidate.start_frame // 6 for candidate in found]


def test_windows_of_30_s_move_by_15_s_and_end_with_the_film() -> None:
    embeddings, _ = film_of([(310, 0.1)])
    survey = survey_film(embeddings, sampled(embeddings))
    assert [(w.start_sample, w.end_sample) for w in survey.windows] == [
        (0, 120),
        (60, 180),
        (120, 240),
        (180, 300),
        (190, 310),
    ]


def centroid_statistics(embeddings: Floats, k: int) -> tuple[float, float]:
    """Mean and SD of the distance to the centroid of the k nearest others, one frame at a time."""
    found = []
    for place, own in enumerate(embeddings.astype(np.float64)):
        distances = np.linalg.norm(embeddings - own, axis=1)
        distances[place] = np.inf
        found.append(np.linalg.norm(own - embeddings[np.argsort(distances)[:k]].astype(np.float64).mean(0)))
    return float(np.mean(found)), float(np.std(found))


@pytest.mark.parametrize("seed", range(4))
def test_the_neighbourhoods_are_each_frames_own_and_k_the_first_that_is_tight(seed: int) -> None:
    embeddings, _ = film_of([(17, 0.052), (15, 0.05), (20, 0.048)], seed)
    (window,) = survey_film(embeddings, sampled(embeddings)).windows
    statistics = [centroid_statistics(embeddings, k) for k in range(1, 11)]
    first = next(k for k, (mean, sd) in enumerate(statistics, 1) if mean < 0.05 and sd < 0.03)
    assert first > 1  # or the test says little
    assert window.neighbours == first
    assert (window.centroid_mean, window.centroid_sd) == pytest.approx(statistics[first - 1], rel=1e-4)


def test_where_no_neighbourhood_is_tight_k_is_the_least_loose_one() -> None:
    embeddings, _ = film_of([(60, 0.5), (60, 0.3)])
    (window,) = survey_film(embeddings, sampled(embeddings)).windows
    looseness = [
        max(m / 0.05, sd / 0.03) for m, sd in (centroid_statistics(embeddings, k) for k in range(1, 11))
    ]
    assert window.neighbours == int(np.argmin(looseness)) + 1


def test_k_is_bounded_by_the_rule_and_by_the_window() -> None:
    embeddings, _ = film_of([(60, 0.9)])
    rule = SurveyRule(max_neighbours=3)
    assert survey_film(embeddings, sampled(embeddings), rule).windows[0].neighbours <= 3
    assert survey_film(embeddings[:3], sampled(embeddings[:3])).windows[0].neighbours <= 2


def test_the_nearest_frames_are_those_that_scikit_learn_finds() -> None:
    from sklearn.neighbors import NearestNeighbors

    from seamline.analysis.surveyor import _centred_products, _nearest

    embeddings, _ = film_of([(30, 0.3), (40, 0.2)])
    theirs = NearestNeighbors(n_neighbors=7).fit(embeddings).kneighbors(return_distance=False)
    assert _nearest(_centred_products(embeddings), 7).tolist() == theirs.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_the_seams_of_calm_and_restless_stretches_alike(seed: int) -> None:
    shots = [(30, 0.05)] * 8 + [(30, 0.5)] * 8
    embeddings, seams = film_of(shots, seed)
    survey = survey_film(embeddings, sampled(embeddings))
    assert found_gaps(embeddings, survey, SuccessorRule(SuccessorMethod.SURVEYOR)) == seams
    thresholds = survey.thresholds(2)
    assert thresholds[:120].max() < thresholds[-120:].min()


def test_a_small_change_counts_where_all_is_calm() -> None:
    """A preset of the whole film cannot see it: its score is a fraction of the restless stretch's."""
    embeddings, _ = film_of([(240, 0.02), (30, 0.5), (30, 0.5)], size=512)
    step = np.zeros(512, np.float32)
    step[0] = 0.3
    embeddings[100:240] += step
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    survey = survey_film(embeddings, sampled(embeddings))
    assert 99 in found_gaps(embeddings, survey, SuccessorRule(SuccessorMethod.SURVEYOR))
    assert 99 not in found_gaps(embeddings, survey, SuccessorRule(SuccessorMethod.PIPELINE))


def test_a_steady_move_has_no_seams_however_fast() -> None:
    """Each frame lies in the middle of its neighbours there: their centroid alone tells too little."""
    angles = np.linspace(0, 12, 240)
    embeddings = np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32)
    survey = survey_film(embeddings, sampled(embeddings), SurveyRule(avg_distance=0.01))
    assert min(w.centroid_mean for w in survey.windows) < 0.01
    assert successor_distances(embeddings).min() > 0.04
    assert found_gaps(embeddings, survey, SuccessorRule(SuccessorMethod.SURVEYOR, sensitivity=1)) == []


def test_seams_do_not_raise_the_threshold_they_are_measured_by() -> None:
    """A seam every 2 s raises the dynamic rule's mean and SD, not the neighbourhoods'."""
    rare, _ = film_of([(120, 0.2)])
    frequent, _ = film_of([(8, 0.2)] * 15)
    thresholds = [survey_film(e, sampled(e)).thresholds(2).max() for e in (rare, frequent)]
    assert thresholds[1] < 1.2 * thresholds[0]


def test_the_threshold_follows_from_the_neighbourhoods() -> None:
    def threshold(centroid: tuple[float, float], step: tuple[float, float], k: float) -> float:
        window = WindowSurvey(0, 120, 3, *centroid, *step)
        return Survey(120, SurveyRule(), (window,)).window_threshold(window, k)

    assert threshold((0.2, 0.05), (0.1, 0.01), 2) == pytest.approx(2 * (0.2 + 2 * 0.05))
    assert threshold((0.06, 0.0), (0.3, 0.02), 2) == pytest.approx(0.3 + 2 * 0.02)
    assert threshold((0.01, 0.0), (0.01, 0.0), 2) == pytest.approx(0.1)


def test_the_curve_blends_overlapping_windows_without_steps() -> None:
    rule = SurveyRule()
    windows = (
        WindowSurvey(0, 120, 1, 0.1, 0, 0, 0),
        WindowSurvey(60, 180, 1, 0.3, 0, 0, 0),
    )
    curve = Survey(180, rule, windows).thresholds(2)
    assert len(curve) == 179
    assert curve[:60] == pytest.approx(np.full(60, 0.2))
    assert curve[119:] == pytest.approx(np.full(60, 0.6))
    assert (np.diff(curve) >= -1e-6).all()
    assert np.diff(curve).max() < 0.02
    assert curve[89] == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_a_larger_k_never_lowers_the_curve(k: int) -> None:
    embeddings, _ = film_of([(50, 0.2), (80, 0.4), (90, 0.1)])
    survey = survey_film(embeddings, sampled(embeddings))
    assert (survey.thresholds(k) <= survey.thresholds(k + 1)).all()


@pytest.mark.parametrize("samples", range(6))
def test_the_shortest_films_have_a_curve_too(samples: int) -> None:
    embeddings, _ = film_of([(max(1, samples), 0.3)])
    survey = survey_film(embeddings[:samples], sampled(embeddings[:samples]))
    curve = survey.thresholds(2)
    assert len(curve) == max(0, samples - 1)
    assert np.isfinite(curve).all()


def test_frames_all_alike_have_no_seam() -> None:
    embeddings = np.zeros((200, 8), np.float32)
    embeddings[:, 0] = 1
    survey = survey_film(embeddings, sampled(embeddings))
    assert survey.windows[0].neighbours == 1
    assert found_gaps(embeddings, survey, SuccessorRule(SuccessorMethod.SURVEYOR)) == []


@pytest.mark.parametrize("every", [1, 7, 240, 1000])
def test_no_distance_is_without_a_window_however_sparse_the_samples(every: int) -> None:
    random = np.random.default_rng(every)
    embeddings = random.normal(size=(67, 4)).astype(np.float32)
    sampling = Sampling(66 * every + 1, every, Fraction(24))
    assert np.isfinite(survey_film(embeddings, sampling).thresholds(2)).all()


def test_a_survey_can_be_cancelled() -> None:
    embeddings, _ = film_of([(400, 0.1)])
    progress = CancellableProgress(lambda done, total: progress.cancel())
    with pytest.raises(Cancelled):
        survey_film(embeddings, sampled(embeddings), progress=progress)


def test_windows_that_leave_gaps_are_refused() -> None:
    with pytest.raises(SeamlineError, match="choose a step"):
        SurveyRule(window_s=10, step_s=11)
    with pytest.raises(SeamlineError, match="over 0"):
        SurveyRule(avg_distance=0)
