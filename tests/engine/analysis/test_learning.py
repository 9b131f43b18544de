"""What decisions teach: a film's own false alarms go, what was confirmed stays, what is undone is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pytest

from seamline.analysis.candidates import Candidate
from seamline.analysis.confidence import SeamModel
from seamline.analysis.learning import by_doubt, doubt, faint_seams, learned, lessons
from seamline.analysis.proposals import Proposals, SeamRule
from seamline.analysis.seam_features import FEATURES
from seamline.project.types import Decision, Origin, Seam, SeamKind, not_decided

EVIDENCE, STEP = FEATURES.index("evidence peak"), FEATURES.index("step")


def place(frame: int, frames: int = 1) -> Candidate:
    return Candidate(frame, frame + frames, SeamKind.CUT if frames == 1 else SeamKind.DISSOLVE)


def seam(frame: int, frames: int = 1, *, origin: Origin = Origin.ANALYSIS) -> Seam:
    return Seam(frame, frame + frames, place(frame, frames).kind, origin=origin)


def rejected(frame: int, frames: int = 1) -> Decision:
    return Decision(seam(frame, frames), None)


def confirmed(frame: int) -> Decision:
    return Decision(seam(frame), seam(frame, origin=Origin.USER))


def added(frame: int, frames: int = 1) -> Decision:
    return Decision(None, seam(frame, frames, origin=Origin.USER))


def moved(before: int, after: int) -> Decision:
    return Decision(seam(before), seam(after, origin=Origin.USER))


@pytest.fixture
def model() -> SeamModel:
    """Goes by the evidence alone, for cuts and for gradual seams."""
    weights = np.zeros((2, len(FEATURES) + 1))
    weights[:, EVIDENCE] = 1
    return SeamModel(weights)


def flashy_film(model: SeamModel, flashes: int = 20) -> Proposals:
    """Real cuts at 0, 200, ... with an evidence of 2, and flashes at 100, 300, ...: as much evidence, and a step."""
    candidates = tuple(place(100 * number) for number in range(2 * flashes))
    features = np.zeros((len(candidates), len(FEATURES)), np.float32)
    features[:, EVIDENCE] = 2
    features[1::2, STEP] = 3
    return Proposals(candidates, features, model.confidence(features, candidates))


def frames(proposals: Proposals) -> list[int]:
    return [found.out_frame for found in proposals.seams()]


class TestLearned:
    def test_a_few_rejections_take_the_other_false_alarms_along(self, model: SeamModel) -> None:
        film = flashy_film(model)
        assert len(frames(film)) == 40
        decisions = list(chain.from_iterable((confirmed(200 * n), rejected(200 * n + 100)) for n in range(5)))
        after = learned(film, decisions, model)
        left = [found.out_frame for found in not_decided(after.seams(), decisions)]
        assert left == list(range(1000, 4000, 200))

    def test_what_was_decided_about_is_not_touched(self, model: SeamModel) -> None:
        film = flashy_film(model)
        after = learned(film, [rejected(200 * n + 100) for n in range(5)], model)
        assert np.array_equal(after.confidence[1:11:2], film.confidence[1:11:2])
        assert (after.confidence[11::2] < 0.5).all()

    def test_deleting_sure_seams_costs_no_other_sure_one(
        self, model: SeamModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        candidates = tuple(place(100 * number) for number in range(20))
        features = np.zeros((20, len(FEATURES)), np.float32)
        features[:, EVIDENCE] = 3
        film = Proposals(candidates, features, model.confidence(features, candidates))
        deleted = [rejected(100 * n) for n in range(6)]
        assert (learned(film, deleted, model).confidence[6:] >= film.confidence[6:]).all()
        monkeypatch.setattr("seamline.analysis.learning.KEPT_CONFIDENCE", 2.0)
        assert (learned(film, deleted, model).confidence[6:] < film.confidence[6:]).all()

    def test_one_rejection_is_no_rule(self, model: SeamModel) -> None:
        film = flashy_film(model)
        after = learned(film, [rejected(100)], model)
        assert len(frames(after)) == 40
        assert after.confidence[3] < film.confidence[3]

    def test_rejections_of_cuts_say_nothing_of_gradual_seams(self, model: SeamModel) -> None:
        film = flashy_film(model)
        wide = (*film.candidates, place(9000, 20))
        features = np.concatenate([film.features, film.features[1:2]])
        both = Proposals(wide, features, model.confidence(features, wide))
        after = learned(both, [rejected(200 * n + 100) for n in range(10)], model)
        assert after.confidence[-1] == both.confidence[-1]
        assert after.confidence[-2] < 0.5

    def test_what_was_added_by_hand_brings_others_like_it(self, model: SeamModel) -> None:
        film = flashy_film(model)
        features = film.features.copy()
        features[1::2, EVIDENCE] = -0.5
        faint = Proposals(film.candidates, features, model.confidence(features, film.candidates))
        assert len(frames(faint)) == 20
        decisions = [added(200 * n + 100) for n in range(10)]
        after = not_decided(learned(faint, decisions, model).seams(), decisions)
        assert len(after) == 40 - len(decisions)

    def test_confirmations_bring_up_nothing_that_was_not_proposed(self, model: SeamModel) -> None:
        film = flashy_film(model)
        features = film.features.copy()
        features[1::2, EVIDENCE] = -0.5
        faint = Proposals(film.candidates, features, model.confidence(features, film.candidates))
        assert frames(learned(faint, [confirmed(200 * n) for n in range(18)], model)) == frames(faint)

    def test_what_was_never_shown_goes_by_the_rule_that_it_was_shown_by(self, model: SeamModel) -> None:
        film = flashy_film(model)
        features = film.features.copy()
        features[1::2, EVIDENCE] = -0.5
        faint = Proposals(film.candidates, features, model.confidence(features, film.candidates))
        rejections = [rejected(200 * n + 100) for n in range(5)]
        # at .5 the editor never saw the flashes but those; at .3 all were shown, and go with them
        unseen, seen = (learned(faint, rejections, model, rule=SeamRule(at)).confidence for at in (0.5, 0.3))
        assert (seen[11::2] < unseen[11::2] - 0.05).all()
        # and what stayed under a high one is not raised above it
        features[1::2, EVIDENCE] = 1.2
        likely = Proposals(film.candidates, features, model.confidence(features, film.candidates))
        decisions = [confirmed(200 * n) for n in range(18)]
        held = learned(likely, decisions, model, rule=SeamRule(0.8)).confidence
        assert (held[1::2] < 0.8).all()
        assert np.abs(held[1::2] - likely.confidence[1::2]).max() < 0.02
        free = learned(likely, decisions, model).confidence
        assert np.abs(free[1::2] - likely.confidence[1::2]).max() > 0.02

    def test_without_decisions_nothing_changes(self, model: SeamModel) -> None:
        film = flashy_film(model)
        assert learned(film, [], model) is film
        assert learned(film, [added(55)], model) is film

    def test_what_is_taken_back_leaves_no_trace(self, model: SeamModel) -> None:
        film = flashy_film(model)
        some = [rejected(100), confirmed(200)]
        once = learned(film, some, model).confidence
        more = learned(film, [*some, rejected(300), rejected(500)], model)
        assert not np.array_equal(more.confidence, once)
        assert np.array_equal(learned(film, some, model).confidence, once)
        assert np.array_equal(learned(more, some, model).confidence, once)

    def test_the_order_of_decisions_does_not_count(self, model: SeamModel) -> None:
        film = flashy_film(model)
        some = [rejected(100), confirmed(200), rejected(700)]
        assert np.array_equal(
            learned(film, some, model).confidence, learned(film, some[::-1], model).confidence
        )

    def test_a_film_without_candidates(self, model: SeamModel) -> None:
        empty = Proposals((), np.empty((0, 0), np.float32), np.empty(0, np.float32))
        assert learned(empty, [added(10)], model) is empty


class TestLessons:
    @pytest.mark.parametrize(
        ("decisions", "taught"),
        [
            ([rejected(100)], {1: False}),
            ([confirmed(100)], {1: True}),
            ([added(40)], {0: True}),  # inside a gradual one
            ([added(102)], {1: True}),  # a frame beside it
            ([added(103)], {}),
            ([added(60)], {}),
            ([rejected(30, 30)], {0: False}),
            ([rejected(90, 25)], {1: False, 2: False}),
            ([moved(100, 98)], {1: True}),
            ([moved(100, 94)], {1: True}),
            ([moved(100, 120)], {1: False}),
            ([moved(100, 110)], {1: False, 2: True}),  # to where another candidate is
            ([moved(500, 100)], {1: True}),
            ([rejected(100), added(100)], {1: True}),
            ([added(100), rejected(100)], {1: True}),
            ([rejected(300)], {}),
        ],
    )
    def test_of_which_candidates_decisions_speak(
        self, decisions: Sequence[Decision], taught: dict[int, bool]
    ) -> None:
        candidates = [place(30, 20), place(100), place(110), place(200)]
        assert lessons(candidates, decisions) == taught


class TestDoubt:
    def test_it_is_highest_where_nothing_is_known(self) -> None:
        assert [doubt(c) for c in (0, 0.25, 0.5, 0.75, 1)] == [0, 0.5, 1, 0.5, 0]

    def test_seams_are_asked_about_in_its_order(self) -> None:
        confidences = (0.85, 0.5, 0.99, 0.4, 0.02, 0.6)
        seams = [Seam(at, at + 1, confidence=c) for at, c in enumerate(confidences)]
        assert [s.out_frame for s in by_doubt(seams)] == [1, 3, 5, 0]
        assert by_doubt(seams[::-1]) == by_doubt(seams)
        assert by_doubt([seams[2], seams[4]]) == []

    def test_faint_seams_are_those_just_under_the_rule(self) -> None:
        candidates = tuple(place(10 * at) for at in range(4))
        confidence = np.array([0.01, 0.2, 0.49, 0.5], np.float32)
        film = Proposals(candidates, np.zeros((4, len(FEATURES)), np.float32), confidence)
        assert [s.out_frame for s in faint_seams(film)] == [10, 20]
        assert frames(film) == [30]
