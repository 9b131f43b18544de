"""The seam model learns from candidates what it should, and from the right ones."""

from __future__ import annotations

import json

import numpy as np
import pytest

from seamline.analysis.candidates import Candidate
from seamline.analysis.confidence import SeamModel
from seamline.analysis.seam_features import FEATURES
from seamline.errors import ModelError
from seamline.exchange.csv_list import Transition
from seamline.progress import CancellableProgress
from seamline.project.types import SeamKind
from seamline.training.seam_model_fitting import (
    NEITHER,
    NO_SEAM,
    SEAM,
    CurveMaker,
    Examples,
    as_json,
    examples_of,
    fitted,
    labels,
)
from seamline.training.seam_sources import EditedFilm

PEAK, STEP = FEATURES.index("evidence peak"), FEATURES.index("step")


def candidate(out_frame: int, in_frame: int) -> Candidate:
    gradual = in_frame > out_frame + 1
    return Candidate(out_frame, in_frame, SeamKind.DISSOLVE if gradual else SeamKind.CUT)


def toy(count: int = 80, *, seed: int = 1, weight: float = 1.0) -> Examples:
    """Cuts are seams where `evidence peak` is high, gradual ones where `step` is low; all else is noise."""
    rng = np.random.default_rng(seed)
    candidates = [candidate(100 * at, 100 * at + (1 if at % 2 else 9)) for at in range(count)]
    features = rng.normal(0, 1, (count, len(FEATURES))).astype(np.float32)
    is_gradual = np.array([c.is_gradual for c in candidates])
    is_seam = np.where(is_gradual, features[:, STEP] < 0, features[:, PEAK] > 0)
    return Examples(candidates, features, is_seam.astype(np.int64), weight)


def test_separable_candidates_give_the_right_signs() -> None:
    cut, gradual = fitted([toy(400)])
    assert cut[PEAK] > 1
    assert abs(cut[PEAK]) > 3 * np.abs(np.delete(cut[:-1], PEAK)).max()
    assert gradual[STEP] < -1
    assert abs(gradual[STEP]) > 3 * np.abs(np.delete(gradual[:-1], STEP)).max()
    model = SeamModel(np.stack([cut, gradual]))
    fresh = toy(400, seed=2)
    found = model.confidence(fresh.features, fresh.candidates) > 0.5
    assert (found == (fresh.labels == SEAM)).mean() > 0.9


def test_ignored_candidates_are_left_out() -> None:
    examples, contrary = toy(), toy(seed=3)
    ignored = Examples(contrary.candidates, contrary.features + 50, np.full(80, NEITHER), 100.0)
    assert np.array_equal(fitted([examples, ignored]), fitted([examples]))


def test_examples_count_by_their_weight() -> None:
    contrary = toy(seed=3)
    flipped = Examples(contrary.candidates, contrary.features, 1 - contrary.labels, 0.01)
    strong = Examples(contrary.candidates, contrary.features, 1 - contrary.labels, 100.0)
    assert fitted([toy(), flipped])[0, PEAK] > 0.5
    # evidence never counts against a seam, whatever the examples say
    assert fitted([toy(), strong])[0, PEAK] == pytest.approx(0)


def test_features_that_hardly_differ_do_not_blow_up() -> None:
    examples = toy()
    examples.features[:, 5] = 2 + 1e-4 * examples.labels
    assert np.abs(fitted([examples])[:, 5]).max() < 0.01


def test_one_sort_alone_teaches_nothing() -> None:
    examples = toy()
    only = Examples(examples.candidates, examples.features, np.ones(80, np.int64), 1.0)
    with pytest.raises(ModelError, match="40 candidates for cuts there are not both"):
        fitted([only])
    with pytest.raises(ModelError, match="0 candidates for cuts"):
        fitted([])


def test_the_file_is_what_the_analysis_reads() -> None:
    weights = fitted([toy()])
    read = np.array(json.loads(as_json(weights))["weights"])
    assert SeamModel(read).weights == pytest.approx(weights, abs=5.1e-5)
    assert all(len(str(abs(value)).partition(".")[2]) <= 4 for value in read.flat)


def test_candidates_are_labelled_one_to_one_within_two_frames() -> None:
    candidates = [
        candidate(10, 11),  # nearest to the cut at 10
        candidate(12, 13),  # within two frames of it, but it is taken
        candidate(53, 60),  # two frames behind the dissolve's end
        candidate(74, 75),  # three behind
        candidate(100, 101),  # ignored
        candidate(120, 121),  # a distractor
    ]
    truth = [
        Transition(10, 11, "cut"),
        Transition(40, 51, "dissolve"),
        Transition(70, 71, "cut"),
        Transition(101, 102, "fade", 0),
        Transition(120, 121, "cut", -1),
    ]
    expected = [SEAM, NO_SEAM, SEAM, NO_SEAM, NEITHER, NO_SEAM]
    assert labels(candidates, truth).tolist() == expected


def test_a_film_gives_examples_by_the_stages_of_the_analysis(edited_film: EditedFilm) -> None:
    """A cut every 50 frames, which TransNetV2 sees, whatever the seam network says."""
    start = edited_film.pictures[200:330]
    truth = [Transition(49, 50, "cut"), Transition(99, 100, "cut", 0)]
    curves = CurveMaker(CancellableProgress()).curves(start)
    assert curves.kinds.shape == (4, 130)
    examples = examples_of(curves, truth, 2.0)
    assert examples is not None
    assert examples.features.shape == (len(examples.candidates), len(FEATURES))
    assert examples.weight == 2.0
    found = {c.out_frame: label for c, label in zip(examples.candidates, examples.labels, strict=True)}
    assert (found[49], found[99]) == (SEAM, NEITHER)
