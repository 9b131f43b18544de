"""Shots are labelled by what the curves say, each kind once, and again only where more has become known."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from seamline.analysis.labels import Labeller
from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock
from seamline.analysis.stages import EMBEDDING
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale

RATE = Fraction(25)
LS = Label(ShotScale.LS, 0.8)
PAN = Label(Movement.PAN_LEFT, 0.9)
Asked = list[tuple[str, int, int]]


class Says:
    """Stands in for both measures; counts what they are asked."""

    def __init__(self) -> None:
        self.asked: Asked = []
        self.scale: Label[ShotScale] | None = LS
        self.movement: Label[Movement] | None = PAN

    def scale_of(self, signals: Signals, start: int, end: int) -> Label[ShotScale] | None:
        self.asked.append(("scale", start, end))
        return self.scale

    def movement_of(self, signals: Signals, start: int, end: int, rate: Fraction) -> Label[Movement] | None:
        assert rate == RATE
        self.asked.append(("movement", start, end))
        return self.movement


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Says:
    says = Says()
    monkeypatch.setattr("seamline.analysis.labels.scale_of", says.scale_of)
    monkeypatch.setattr("seamline.analysis.labels.movement_of", says.movement_of)
    return says


def test_each_shot_is_looked_at_once_and_a_new_one_alone(says: Says) -> None:
    labeller = Labeller(Signals(100), RATE)
    first = labeller.labels([(0, 20), (20, 100)])
    assert first == (ShotLabels(0, 20, LS, PAN), ShotLabels(20, 100, LS, PAN))
    says.asked.clear()
    assert labeller.labels([(0, 20), (20, 60), (60, 100)])[0] == first[0]
    assert {(start, end) for _, start, end in says.asked} == {(20, 60), (60, 100)}


def test_what_is_not_known_yet_is_asked_for_again_and_the_other_kind_is_not(says: Says) -> None:
    labeller = Labeller(Signals(100), RATE)
    says.scale = None
    assert labeller.labels([(0, 20)]) == (ShotLabels(0, 20, None, PAN),)
    says.movement, says.asked = None, []
    assert labeller.labels([(0, 20)]) == (ShotLabels(0, 20, None, PAN),)
    assert says.asked == [("scale", 0, 20)]
    says.scale = LS
    assert labeller.labels([(0, 20)]) == (ShotLabels(0, 20, LS, PAN),)


def test_shots_of_which_nothing_is_known_have_no_labels(says: Says) -> None:
    says.scale = says.movement = None
    assert Labeller(Signals(100), RATE).labels([(0, 20)]) == ()


def test_embeddings_that_come_late_count(says: Says) -> None:
    signals = Signals(100)
    labeller = Labeller(signals, RATE)
    says.scale = Label(None, 0.1)
    labeller.labels([(0, 20)])
    says.scale = LS
    assert labeller.labels([(0, 20)])[0].scale == Label(None, 0.1)
    signals.add(SignalBlock(0, {EMBEDDING: np.zeros((2, 4), np.float32)}, every_frames=12))
    assert labeller.labels([(0, 20)])[0].scale == LS
