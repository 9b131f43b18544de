"""From curves to seams: what the model takes for one, and when."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from seamline.analysis.confidence import SeamModel
from seamline.analysis.proposals import SeamRule, find_seams, propose, shipped_model
from seamline.analysis.seam_features import FEATURES
from seamline.analysis.signals import Signals
from seamline.project.types import Origin, SeamKind

MakeSignals = Callable[..., Signals]


@pytest.fixture
def by_evidence() -> SeamModel:
    """Nothing but the seam network's peak counts: the confidence is that peak."""
    weights = np.zeros((2, len(FEATURES) + 1))
    weights[:, FEATURES.index("evidence peak")] = 1
    return SeamModel(weights)


def places(signals: Signals, model: SeamModel | None = None) -> list[tuple[int, int]]:
    return [(seam.out_frame, seam.in_frame) for seam in find_seams(signals, model=model)]


def test_a_seam_is_a_candidate_that_is_likely_enough(signals_of: MakeSignals, by_evidence: SeamModel) -> None:
    signals = signals_of(200, {}, evidence={"cut": {41: 0.93, 141: 0.4}})
    (seam,) = find_seams(signals, model=by_evidence)
    assert (seam.out_frame, seam.in_frame, seam.kind, seam.origin) == (41, 42, SeamKind.CUT, Origin.ANALYSIS)
    assert seam.confidence == pytest.approx(0.93, abs=1e-3)
    both = find_seams(signals, SeamRule(confidence=0.3), by_evidence)
    assert [seam.out_frame for seam in both] == [41, 141]


def test_all_candidates_are_there_with_their_features(
    signals_of: MakeSignals, by_evidence: SeamModel
) -> None:
    proposals = propose(signals_of(200, {}, evidence={"cut": {41: 0.93, 141: 0.4}}), by_evidence)
    assert len(proposals.candidates) == len(proposals.features) == len(proposals.confidence) == 2
    assert proposals.confidence.tolist() == pytest.approx([0.93, 0.4], abs=1e-3)


def test_nothing_known_is_nothing_proposed() -> None:
    assert propose(Signals(50)).candidates == ()
    assert find_seams(Signals(50)) == []


class TestEnds:
    def test_what_lies_near_the_end_of_what_is_known_waits(
        self, signals_of: MakeSignals, by_evidence: SeamModel
    ) -> None:
        cut = {30: 0.9, 60: 0.9}
        assert places(signals_of(200, cut, done=56), by_evidence) == []
        assert places(signals_of(200, cut, done=57), by_evidence) == [(30, 31)]
        assert places(signals_of(200, cut, done=87), by_evidence) == [(30, 31), (60, 61)]

    def test_a_seam_once_shown_stays_where_it_is_and_as_sure(self, signals_of: MakeSignals) -> None:
        """Whatever the model goes by: here every feature counts."""
        model = SeamModel(np.full((2, len(FEATURES) + 1), 0.1))
        cut = {10: 0.9, 40: 0.8, 70: 0.9, 71: 0.6}
        similarity = np.random.default_rng(1).uniform(0.7, 1, 140).astype(np.float32)
        whole = find_seams(signals_of(140, cut, similarity=similarity), model=model)
        assert len(whole) == 3
        for done in range(0, 140, 3):
            known = signals_of(140, cut, similarity=similarity, done=done)
            assert find_seams(known, model=model) == [seam for seam in whole if seam.in_frame < done - 25]

    def test_a_run_to_the_films_end_has_no_shot_behind_it(
        self, signals_of: MakeSignals, by_evidence: SeamModel
    ) -> None:
        assert places(signals_of(100, {99: 0.9}), by_evidence) == []
        assert places(signals_of(100, dict.fromkeys(range(90, 100), 0.9)), by_evidence) == []
        assert places(signals_of(100, {98: 0.9}), by_evidence) == [(98, 99)]

    def test_a_cut_behind_the_first_frame_is_one(
        self, signals_of: MakeSignals, by_evidence: SeamModel
    ) -> None:
        assert places(signals_of(100, {0: 0.9}), by_evidence) == [(0, 1)]


class TestTheShippedModel:
    """It must agree with common sense, whatever it was fitted to."""

    def test_what_both_networks_are_sure_of_is_a_seam(self, signals_of: MakeSignals) -> None:
        similarity = np.full(200, 0.99, np.float32)
        similarity[42] = 0.3
        signals = signals_of(200, {41: 0.999}, middle={41: 0.999}, similarity=similarity)
        (seam,) = find_seams(signals)
        assert seam.kind is SeamKind.CUT
        assert seam.confidence > 0.9

    def test_what_one_hardly_sees_is_none(self, signals_of: MakeSignals) -> None:
        assert find_seams(signals_of(200, {}, evidence={"cut": {41: 0.3}})) == []
        assert find_seams(signals_of(200, {}, evidence={"dissolve": {41: 0.3, 42: 0.3, 43: 0.3}})) == []

    def test_more_evidence_is_never_less_sure(self) -> None:
        weights = shipped_model().weights
        for name in ("evidence peak", "evidence mean", "middle peak", "cut probability"):
            assert (weights[:, FEATURES.index(name)] >= 0).all(), name
