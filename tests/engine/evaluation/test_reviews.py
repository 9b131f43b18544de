"""A simulated editor counts what a review takes, with and without learning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seamline.analysis.candidates import Candidate
from seamline.analysis.confidence import SeamModel
from seamline.analysis.proposals import Proposals
from seamline.analysis.seam_features import FEATURES
from seamline.evaluation.reviews import FilmReviews, main, report
from seamline.evaluation.simulated_editor import Corrections, Order, SimulatedEditor
from seamline.exchange.csv_list import DISTRACTOR, IGNORED, SCORED, Transition
from seamline.project.types import SeamKind

if TYPE_CHECKING:
    from collections.abc import Sequence

EVIDENCE, STEP = FEATURES.index("evidence peak"), FEATURES.index("step")


@pytest.fixture
def model() -> SeamModel:
    weights = np.zeros((2, len(FEATURES) + 1))
    weights[:, EVIDENCE] = 1
    return SeamModel(weights)


def proposed(model: SeamModel, places: Sequence[tuple[int, int, float, float]]) -> Proposals:
    """Proposals at (out frame, in frame) with an evidence and a step each."""
    candidates = tuple(
        Candidate(a, b, SeamKind.CUT if b == a + 1 else SeamKind.DISSOLVE) for a, b, _, _ in places
    )
    features = np.zeros((len(places), len(FEATURES)), np.float32)
    features[:, EVIDENCE] = [place[2] for place in places]
    features[:, STEP] = [place[3] for place in places]
    return Proposals(candidates, features, model.confidence(features, candidates))


@pytest.mark.parametrize("order", Order)
def test_without_learning_the_mistakes_are_the_corrections(model: SeamModel, order: Order) -> None:
    proposals = proposed(
        model,
        [
            (10, 11, 3, 0),  # right
            (30, 31, 1, 0),  # three frames off
            (50, 51, 3, 0),  # a dissolve
            (80, 81, 3, 0),  # nothing
            (100, 110, 3, 0),  # a dissolve that is right but for two frames
            (150, 151, 3, 0),  # at what does not count
            (170, 171, -1, 0),  # there is one, but it is not proposed
            (190, 191, -1, 0),  # nothing, and not proposed
            (210, 211, 3, 0),  # at a distractor
        ],
    )
    truth = [
        Transition(10, 11, "cut"), Transition(31, 35, "dissolve"), Transition(49, 52, "dissolve"),
        Transition(101, 112, "dissolve"), Transition(140, 160, "wipe", IGNORED), Transition(170, 171, "cut"),
        Transition(210, 214, "flash", DISTRACTOR), Transition(300, 301, "cut"),
    ]  # fmt: skip
    done = SimulatedEditor(proposals, truth, learns=False, model=model).review(order)
    assert (done.rejected, done.added, done.renamed, done.moved) == (2, 2, 2, 1)
    assert done.count == 7
    assert done.looks == (10 if order is Order.DOUBT else 9)


def test_of_two_proposals_for_one_seam_the_nearer_is_kept(model: SeamModel) -> None:
    proposals = proposed(model, [(9, 10, 3, 0), (11, 12, 3, 0), (13, 14, 3, 0)])
    done = SimulatedEditor(proposals, [Transition(11, 12, "cut")], learns=False, model=model).review(
        Order.TIME
    )
    assert (done.rejected, done.count) == (2, 2)


@pytest.mark.parametrize("order", Order)
def test_learning_spares_corrections_where_false_alarms_have_something_in_common(
    model: SeamModel, order: Order
) -> None:
    cuts = [(200 * n, 200 * n + 1, 3.0, 0.0) for n in range(1, 30)]
    flashes = [(200 * n + 90, 200 * n + 91, 1.5, 3.0) for n in range(1, 30)]
    proposals = proposed(model, sorted(cuts + flashes))
    truth = [Transition(a, b, "cut", SCORED) for a, b, _, _ in cuts]

    def count(learns: bool) -> int:
        return SimulatedEditor(proposals, truth, learns=learns, model=model).review(order).count

    assert count(learns=False) == 29
    assert count(learns=True) < 15


def test_the_report_counts_by_a_hundred_true_seams() -> None:
    ways = (Corrections(4, 2, 1, 1, 50), Corrections(3, 2, 1, 1, 49), Corrections(1, 2, 1, 0, 60))
    text = report([FilmReviews("one", 30, ways), FilmReviews("two", 10, ways)])
    assert text.splitlines()[1].split() == ["one", "30", "8", "7", "4"]
    assert text.splitlines()[3].split() == ["all", "40", "16", "14", "8"]
    assert text.splitlines()[4].split() == ["for", "100", "seams", "40.0", "35.0", "20.0"]
    assert text.splitlines()[5].split() == ["rejected", "20.0", "15.0", "5.0"]
    assert "nothing to count by" in report([FilmReviews("one", 0, ways)])


def test_without_a_film_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), str(tmp_path)]) == 1
    assert "has a table of its name" in capsys.readouterr().err
