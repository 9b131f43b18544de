"""Where seams may be, over curves made by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.candidates import Candidate, find_candidates, known_curves
from seamline.analysis.seam_features import FEATURES, seam_features
from seamline.analysis.signals import Signals
from seamline.project.types import SeamKind

CUT, DISSOLVE, FADE, WIPE = SeamKind.CUT, SeamKind.DISSOLVE, SeamKind.FADE, SeamKind.WIPE
MakeSignals = Callable[..., Signals]


def candidates(signals: Signals) -> list[Candidate]:
    curves = known_curves(signals)
    assert curves is not None
    return find_candidates(curves)


def span(start: int, end: int, value: float = 0.9) -> dict[int, float]:
    return dict.fromkeys(range(start, end), value)


def fading(frames: int, start: int, end: int, hold: tuple[int, int]) -> NDArray[np.float32]:
    """Contrast that falls from `start` to a hold of blank pictures and rises again until `end`."""
    contrast = np.full(frames, 0.2, np.float32)
    contrast[start : hold[0]] = np.linspace(0.2, 0.005, hold[0] - start)
    contrast[slice(*hold)] = 0
    contrast[hold[1] : end] = np.linspace(0.005, 0.2, end - hold[1])
    return contrast


def test_nothing_is_known_before_every_curve_is(signals_of: MakeSignals) -> None:
    assert known_curves(Signals(50)) is None
    assert candidates(signals_of(100, {41: 0.9}, done=0)) == []


def test_a_cut_is_one_gap(signals_of: MakeSignals) -> None:
    assert candidates(signals_of(100, {41: 0.9})) == [Candidate(41, 42, CUT)]
    blurred = {40: 0.3, 41: 0.9}
    assert candidates(signals_of(100, blurred)) == [Candidate(41, 42, CUT)]


def test_what_only_one_network_sees_is_a_candidate(signals_of: MakeSignals) -> None:
    assert candidates(signals_of(100, {41: 0.9}, evidence={})) == [Candidate(41, 42, CUT)]
    assert candidates(signals_of(100, {}, evidence={"cut": {41: 0.9}})) == [Candidate(41, 42, CUT)]
    found = candidates(signals_of(100, {}, evidence={"wipe": span(40, 60)}))
    assert found == [Candidate(40, 60, WIPE)]
    assert candidates(signals_of(100, {}, span(40, 60), evidence={})) == [Candidate(40, 60, DISSOLVE)]


def test_noise_is_none(signals_of: MakeSignals) -> None:
    assert candidates(signals_of(100, {}, evidence={"dissolve": span(0, 100, 0.2)})) == []


@pytest.mark.parametrize("kind", [DISSOLVE, FADE, WIPE])
def test_a_gradual_seam_has_the_kind_that_most_gaps_speak_for(
    signals_of: MakeSignals, kind: SeamKind
) -> None:
    evidence = {str(kind): span(40, 52, 0.6), "dissolve" if kind != DISSOLVE else "wipe": span(52, 58, 0.6)}
    assert candidates(signals_of(100, {}, evidence=evidence)) == [Candidate(40, 58, kind)]


def test_a_hole_or_a_dip_does_not_split_a_seam(signals_of: MakeSignals) -> None:
    hole = span(40, 48) | span(50, 60)
    assert candidates(signals_of(100, {}, evidence={"wipe": hole})) == [Candidate(40, 60, WIPE)]
    dip = span(40, 48) | span(48, 54, 0.31) | span(54, 60)
    assert candidates(signals_of(100, {}, evidence={"wipe": dip})) == [Candidate(40, 60, WIPE)]
    apart = span(40, 46) | span(46, 54, 0.2) | span(54, 60)
    assert len(candidates(signals_of(100, {}, evidence={"wipe": apart}))) == 2


def test_a_cut_beside_a_dissolve_stands_for_itself(signals_of: MakeSignals) -> None:
    evidence = {"dissolve": span(40, 60), "cut": {60: 0.9}}
    found = candidates(signals_of(100, {60: 0.9}, span(40, 61), evidence=evidence))
    assert found == [Candidate(40, 60, DISSOLVE), Candidate(60, 61, CUT)]


def test_the_blur_beside_a_cut_is_part_of_it(signals_of: MakeSignals) -> None:
    evidence = {"cut": {50: 0.9}, "dissolve": {48: 0.3, 49: 0.4, 51: 0.4, 52: 0.3}}
    assert candidates(signals_of(100, {50: 0.9}, evidence=evidence)) == [Candidate(50, 51, CUT)]


def test_two_cuts_close_together_are_two(signals_of: MakeSignals) -> None:
    two = {50: 0.9, 52: 0.9}
    assert candidates(signals_of(100, two)) == [Candidate(50, 51, CUT), Candidate(52, 53, CUT)]


def test_the_halves_of_a_fade_are_one(signals_of: MakeSignals) -> None:
    contrast = fading(140, 40, 100, (60, 80))
    evidence = {"fade": span(42, 58) | span(82, 98)}
    found = candidates(signals_of(140, {}, evidence=evidence, contrast=contrast))
    assert found == [Candidate(42, 98, FADE)]


def test_a_title_that_stays_is_a_shot_between_two_fades(signals_of: MakeSignals) -> None:
    contrast = np.concatenate(
        [np.linspace(0.2, 0.05, 40), np.full(20, 0.05), np.linspace(0.05, 0.2, 40)]
    ).astype(np.float32)
    similarity = np.full(100, 0.99, np.float32)
    similarity[40:60] = 1
    signals = signals_of(100, {}, evidence={"fade": span(10, 90)}, contrast=contrast, similarity=similarity)
    first, second = candidates(signals)
    assert (first.out_frame, second.in_frame) == (10, 90)
    assert 38 <= first.in_frame <= 48
    assert 52 <= second.out_frame <= 62


def test_a_blank_shot_between_two_cuts_is_a_shot(signals_of: MakeSignals) -> None:
    contrast = np.full(100, 0.2, np.float32)
    contrast[40:60] = 0
    found = candidates(signals_of(100, {39: 0.9, 59: 0.9}, contrast=contrast))
    assert found == [Candidate(39, 40, CUT), Candidate(59, 60, CUT)]


def test_through_a_blank_picture_it_is_a_fade_but_not_if_it_is_a_wipe(signals_of: MakeSignals) -> None:
    contrast = fading(100, 44, 58, (50, 52))
    for evidence, kind in (({"dissolve": span(44, 57)}, FADE), ({"wipe": span(44, 57)}, WIPE)):
        (found,) = candidates(signals_of(100, {}, evidence=evidence, contrast=contrast))
        assert found.kind is kind


def wander(random: np.random.Generator, frames: int) -> NDArray[np.float32]:
    steps = np.cumsum(random.normal(0, 0.2, frames))
    values: NDArray[np.float32] = (np.abs(steps - steps.mean()) % 1).astype(np.float32)
    return values


@pytest.mark.parametrize("seed", range(30))
def test_whatever_the_curves_say_candidates_are_in_order_apart_and_in_the_film(
    signals_of: MakeSignals, seed: int
) -> None:
    random = np.random.default_rng(seed)
    frames = 300
    contrast = wander(random, frames) * np.float32(0.2)
    contrast[contrast < 0.02] = 0
    # calm now and then, and at the end: a run that reaches it is no seam yet
    calm = np.arange(frames) % 60 < 50

    def curve(scale: float = 1) -> dict[int, float]:
        return dict(enumerate(wander(random, frames) * scale * calm))

    kinds = {str(kind): curve(0.25) for kind in (CUT, DISSOLVE, FADE, WIPE)}
    signals = signals_of(
        frames,
        curve(),
        curve(),
        evidence=kinds,
        contrast=contrast,
    )
    found = candidates(signals)
    assert found
    assert all(0 <= c.out_frame < c.in_frame < frames for c in found)
    assert all(a.in_frame <= b.out_frame for a, b in pairwise(found))
    assert all((c.kind is CUT) is not c.is_gradual for c in found)
    curves = known_curves(signals)
    assert curves is not None
    features = seam_features(curves, found)
    assert features.shape == (len(found), len(FEATURES))
    assert np.isfinite(features).all()
    assert np.abs(features).max() < 12


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_the_shortest_films(signals_of: MakeSignals, frames: int) -> None:
    found = candidates(signals_of(frames, {0: 0.9}))
    assert found == ([Candidate(0, 1, CUT)] if frames > 1 else [])


class TestFeatures:
    def features(self, signals: Signals) -> list[dict[str, float]]:
        curves = known_curves(signals)
        assert curves is not None
        rows = seam_features(curves, find_candidates(curves))
        return [dict(zip(FEATURES, map(float, row), strict=True)) for row in rows]

    def test_probabilities_are_logits(self, signals_of: MakeSignals) -> None:
        signals = signals_of(100, {41: 0.9}, {41: 0.5}, evidence={"cut": {41: 0.75}}, middle={41: 0.5})
        (row,) = self.features(signals)
        assert row["cut probability"] == pytest.approx(np.log(9), abs=1e-3)
        assert row["transition probability"] == pytest.approx(0, abs=1e-3)
        assert row["evidence peak"] == row["evidence mean"] == pytest.approx(np.log(3), abs=1e-3)
        assert row["middle peak"] == pytest.approx(0, abs=1e-3)

    def test_a_step_is_measured_against_what_happens_around(self, signals_of: MakeSignals) -> None:
        similarity = np.full(100, 0.99, np.float32)
        similarity[42] = 0.4
        (calm,) = self.features(signals_of(100, {41: 0.9}, similarity=similarity))
        (wild,) = self.features(signals_of(100, {41: 0.9}, similarity=np.minimum(similarity, 0.5)))
        assert calm["step"] > 3
        assert abs(wild["step"]) < 0.3

    def test_neighbours_and_length(self, signals_of: MakeSignals) -> None:
        flicker = dict.fromkeys(range(20, 52, 8), 0.9)
        rows = self.features(signals_of(200, flicker | {150: 0.9}))
        assert [row["neighbours"] for row in rows] == [2, 2, 2, 2, 0]
        (row,) = self.features(signals_of(100, {}, evidence={"wipe": span(40, 56)}))
        assert (row["length"], row["is wipe"], row["is fade"]) == (4, 1, 0)
