"""The network's vote counts for what it is worth: never against the editor, nor its pushes against geometry."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.label_vote import MOVEMENT_RECALL, voted
from seamline.models.videomae_classes import MOVEMENTS, SCALES
from seamline.project.labels import Label, Movement, PublishedMovement, ShotLabels, ShotScale

Floats = NDArray[np.float32]
STATIC, MOTION, PULL, PUSH = MOVEMENTS


def sure(value: ShotScale | PublishedMovement, share: float = 0.97) -> Floats:
    """A network's output that says `value`, the rest spread evenly."""
    classes = SCALES if isinstance(value, ShotScale) else MOVEMENTS
    rest = (1 - share) / (len(classes) - 1)
    return np.array([share if each == value else rest for each in classes], np.float32)


def even(count: int) -> Floats:
    return np.full(count, 1 / count, np.float32)


def scale_of(measured: Label[ShotScale] | None, said: Floats) -> Label[ShotScale]:
    label = voted(ShotLabels(0, 9, measured), said, even(4)).scale
    assert label is not None
    return label


def movement_of(measured: Label[Movement] | None, said: Floats) -> Label[Movement]:
    label = voted(ShotLabels(0, 9, None, measured), even(5), said).movement
    assert label is not None
    return label


def test_the_editors_label_is_never_touched() -> None:
    labels = ShotLabels(3, 9, Label(ShotScale.LS, is_user=True), Label(Movement.ROLL, is_user=True))
    assert voted(labels, sure(ShotScale.ECS), sure(STATIC)) == labels


def test_the_frames_stay() -> None:
    assert voted(ShotLabels(3, 9), sure(ShotScale.CS), sure(STATIC)).range == (3, 9)


@pytest.mark.parametrize("seed", range(50))
def test_alone_the_network_says_its_best_class_or_nothing(seed: int) -> None:
    said = np.random.default_rng(seed).dirichlet(np.full(4, 0.4)).astype(np.float32)
    label = movement_of(None, said)
    worth = said.astype(np.float64) * MOVEMENT_RECALL
    assert label.confidence == pytest.approx(worth.max())
    if label.value is None:
        assert worth.max() < 0.5
    else:
        assert label.value.published == MOVEMENTS[int(said.argmax())]


class TestScale:
    def test_those_who_agree_are_surer_than_either(self) -> None:
        label = scale_of(Label(ShotScale.MS, 0.7), sure(ShotScale.MS))
        assert label.value == ShotScale.MS
        assert label.confidence > 0.95

    def test_a_sure_network_outvotes_a_doubtful_measurement(self) -> None:
        assert scale_of(Label(ShotScale.CS, 0.4), sure(ShotScale.MS)).value == ShotScale.MS

    def test_a_sure_measurement_outvotes_a_doubtful_network(self) -> None:
        label = scale_of(Label(ShotScale.CS, 0.95), sure(ShotScale.MS, 0.5))
        assert label.value == ShotScale.CS
        assert label.confidence < 0.95

    def test_equals_that_contradict_each_other_leave_it_unsure(self) -> None:
        network = np.array([0, 0.02, 0.48, 0.48, 0.02], np.float32)
        label = scale_of(Label(ShotScale.LS, 0.6), network)
        assert label.value is None
        assert label.confidence < 0.5

    @pytest.mark.parametrize("measured", [None, Label(None, 0.2)])
    def test_alone_the_network_is_worth_its_published_recall(self, measured: Label[ShotScale] | None) -> None:
        label = scale_of(measured, sure(ShotScale.CS, 1.0))
        assert label.value == ShotScale.CS
        assert 0.8 < label.confidence < 0.95
        assert scale_of(measured, even(5)).value is None

    def test_each_class_can_win(self) -> None:
        assert [scale_of(None, sure(scale)).value for scale in SCALES] == list(SCALES)


class TestMovement:
    @pytest.mark.parametrize(
        ("finer", "said"),
        [
            (Movement.PAN_LEFT, MOTION),
            (Movement.HANDHELD, MOTION),
            (Movement.PUSH, PUSH),
            (Movement.STATIC, STATIC),
        ],
    )
    def test_the_finer_class_stays_where_both_agree(self, finer: Movement, said: PublishedMovement) -> None:
        label = movement_of(Label(finer, 0.7), sure(said))
        assert label.value == finer
        assert label.confidence > 0.9

    @pytest.mark.parametrize(
        ("own", "weak", "confidence"),
        list(
            product(
                [Movement.STATIC, Movement.PAN_LEFT, Movement.PULL, Movement.PUSH], [PULL, PUSH], [0.1, 0.9]
            )
        ),
    )
    def test_the_networks_pushes_and_pulls_yield(
        self, own: Movement, weak: PublishedMovement, confidence: float
    ) -> None:
        measured = Label(own, confidence)
        found = movement_of(measured, sure(weak, 0.99))
        assert found.value == own
        if own.published != weak:
            assert found == measured

    @pytest.mark.parametrize(("own", "said"), list(product([Movement.PUSH, Movement.PULL], [STATIC, MOTION])))
    def test_a_measured_push_or_pull_is_doubted_but_not_taken_back(
        self, own: Movement, said: PublishedMovement
    ) -> None:
        label = movement_of(Label(own, 0.7), sure(said))
        assert label.value == own
        assert label.confidence < 0.7

    def test_static_and_motion_are_weighed(self) -> None:
        assert movement_of(Label(Movement.STATIC, 0.95), sure(MOTION, 0.7)).value == Movement.STATIC
        assert movement_of(Label(Movement.STATIC, 0.4), sure(MOTION)).value == Movement.MIXED
        assert movement_of(Label(Movement.TILT_UP, 0.4), sure(STATIC)).value == Movement.STATIC
        assert movement_of(Label(Movement.TILT_UP, 0.95), sure(STATIC, 0.6)).value == Movement.TILT_UP

    @pytest.mark.parametrize("measured", [None, Label(None)])
    def test_where_geometry_says_nothing_the_network_speaks(self, measured: Label[Movement] | None) -> None:
        said = [movement_of(measured, sure(movement, 1.0)) for movement in MOVEMENTS]
        assert [label.value for label in said] == [
            Movement.STATIC,
            Movement.MIXED,
            Movement.PULL,
            Movement.PUSH,
        ]
        assert [label.confidence for label in said] == pytest.approx(MOVEMENT_RECALL)
        assert movement_of(measured, sure(PULL, 0.5)).value is None

    def test_confidences_stay_between_0_and_1(self) -> None:
        for own, said, confidence in product(Movement, MOVEMENTS, (0.0, 0.5, 1.0)):
            found = movement_of(Label(own, confidence), sure(said, 1.0))
            assert 0 <= found.confidence <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        even(4),
        np.full(5, np.nan, np.float32),
        np.zeros(5, np.float32),
        np.array([2, -1, 0, 0, 0], np.float32),
    ],
)
def test_what_are_no_probabilities_is_refused(wrong: Floats) -> None:
    with pytest.raises(ValueError, match="need 5 probabilities"):
        scale_of(None, wrong)
