"""TransNetV2 is asked where the seam network is in doubt, about what lies around it, and nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seamline.analysis.consulting import ConsultingStage
from seamline.analysis.evidence import KIND_EVIDENCE, MIDDLE_EVIDENCE, EvidenceStage
from seamline.analysis.signals import Signals
from seamline.analysis.stage import FloatArray, Pictures, SignalBlock
from seamline.analysis.transitions import CUT_PROBABILITY, TRANSITION_PROBABILITY
from seamline.models.registry import TRANSNETV2
from seamline.progress import CancellableProgress

FRAMES = 460
DISSOLVE = 2


class Numbers:
    """Stands for TransNetV2: it reads the number of each picture, and gives it back as probability / 1,000."""

    device = "paper"

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def predict(self, pictures: Pictures, *, progress: Any = None) -> tuple[FloatArray, FloatArray]:
        numbers = pictures[:, 0, 0, 0].astype(int) * 256 + pictures[:, 0, 0, 1]
        self.asked.append(numbers.tolist())
        single = (numbers / 1000).astype(np.float32)
        return single, single / np.float32(2)


class Told:
    """Stands for the seam network: what it is told of each frame's number, which stands in the picture."""

    def __init__(self, evidence: dict[int, float]) -> None:
        self._evidence = evidence

    def predict(self, maps: FloatArray, *, progress: Any = None) -> tuple[FloatArray, FloatArray]:
        classes = np.zeros((len(maps), 5), np.float32)
        for row, number in enumerate(np.rint(maps[:, 0, 0, 0]).astype(int)):
            classes[row, DISSOLVE] = self._evidence.get(number, 0)
        return classes, np.zeros(len(maps), np.float32)


@pytest.fixture
def film() -> Pictures:
    """Each picture holds its number."""
    pictures = np.zeros((FRAMES, 27, 48, 3), np.uint8)
    pictures[:, 0, 0, 0], pictures[:, 0, 0, 1] = divmod(np.arange(FRAMES), 256)
    return pictures


@pytest.fixture(autouse=True)
def maps_hold_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def numbered(pictures: Pictures) -> FloatArray:
        numbers = pictures[:-1, 0, 0, 0].astype(np.float32) * 256 + pictures[:-1, 0, 0, 1]
        return np.broadcast_to(numbers[:, np.newaxis, np.newaxis, np.newaxis], (len(numbers), 15, 14, 24))

    monkeypatch.setattr("seamline.analysis.evidence.evidence_maps", numbered)


def stage_of(evidence: dict[int, float], network: Any) -> ConsultingStage:
    told = Told(evidence)
    return ConsultingStage(EvidenceStage("paper", lambda: told), TRANSNETV2, lambda: network)  # type: ignore[arg-type, return-value]


def fed(stage: ConsultingStage, film: Pictures, *, batch: int = 25, done: int = 0) -> list[SignalBlock]:
    first = stage.resume(done, CancellableProgress()).first_picture
    blocks = [block for at in range(first, len(film), batch) for block in stage.feed(film[at : at + batch])]
    return blocks + stage.finish()


def curves(blocks: list[SignalBlock], frames: int = FRAMES) -> Signals:
    signals = Signals(frames)
    for block in blocks:
        signals.add(block)
    return signals


def known(signals: Signals) -> list[int]:
    """The frames that TransNetV2 gave values for; fails where these are not those of the frames."""
    curve = signals.curve(CUT_PROBABILITY)
    frames = np.flatnonzero(~np.isnan(curve))
    assert np.allclose(curve[frames], frames / 1000)
    assert np.allclose(signals.curve(TRANSITION_PROBABILITY)[frames], frames / 2000)
    return [int(frame) for frame in frames]


def test_where_it_is_sure_nobody_is_asked(film: Pictures) -> None:
    network = Numbers()
    signals = curves(fed(stage_of({30: 0.99, 60: 0.4, 61: 0.3, 120: 0.97, 121: 0.6}, network), film))
    assert network.asked == []
    assert signals.done_frames(CUT_PROBABILITY, *KIND_EVIDENCE, MIDDLE_EVIDENCE) == FRAMES
    assert known(signals) == []


def test_a_doubt_is_asked_about_with_25_frames_on_either_side(film: Pictures) -> None:
    network = Numbers()
    signals = curves(fed(stage_of({120: 0.5, 121: 0.8, 122: 0.3}, network), film))
    assert known(signals) == list(range(118, 125))
    assert network.asked == [list(range(93, 150))]


def test_doubts_near_to_one_another_share_a_window(film: Pictures) -> None:
    network = Numbers()
    signals = curves(fed(stage_of({110: 0.6, 164: 0.6, 224: 0.6, 290: 0.6}, network), film))
    assert known(signals) == [*range(108, 167), *range(222, 227), *range(288, 293)]
    assert [(window[0], window[-1]) for window in network.asked] == [(83, 191), (197, 251), (263, 317)]


def test_beyond_the_films_ends_stand_copies(film: Pictures) -> None:
    network = Numbers()
    signals = curves(fed(stage_of({1: 0.6, 458: 0.6}, network), film))
    assert known(signals) == [*range(4), *range(456, 460)]
    assert network.asked[0] == [0] * 25 + list(range(29))
    assert network.asked[1] == list(range(431, 460)) + [459] * 25


@pytest.mark.parametrize("batch", [1, 7, 460])
@pytest.mark.parametrize("done", [0, 60, 200, 399, 459])
def test_it_goes_on_to_the_bit_however_pictures_come(film: Pictures, batch: int, done: int) -> None:
    evidence = {3: 0.6, 49: 0.7, 50: 0.7, 120: 0.6, 199: 0.8, 200: 0.7, 201: 0.96, 390: 0.6, 455: 0.6}
    whole = curves(fed(stage_of(evidence, Numbers()), film))
    for block in fed(stage_of(evidence, Numbers()), film, batch=batch, done=done):
        for name, values in block.values.items():
            same = whole.curve(name)[block.start_frame : block.end_frame]
            assert np.array_equal(values, same, equal_nan=True)


@pytest.mark.parametrize("frames", [1, 2, 30])
def test_short_films(film: Pictures, frames: int) -> None:
    network = Numbers()
    signals = curves(fed(stage_of({0: 0.6}, network), film[:frames]), frames)
    assert signals.done_frames(CUT_PROBABILITY) == frames
    assert known(signals) == ([] if frames == 1 else list(range(min(3, frames))))


def test_pictures_that_are_no_longer_needed_are_let_go(film: Pictures) -> None:
    stage = stage_of({}, Numbers())
    stage.resume(0, CancellableProgress())
    for at in range(0, FRAMES, 20):
        stage.feed(film[at : at + 20])
        assert stage._pictures is not None
        assert len(stage._pictures) <= 25 + 200 + 78 + 1 + 20
