"""The seam network's curves: the same however the pictures come, and bit for bit when a run goes on later."""

from __future__ import annotations

import numpy as np
import pytest

from seamline.analysis.evidence import BLOCK_GAPS, KIND_EVIDENCE, MIDDLE_EVIDENCE, EvidenceStage
from seamline.analysis.signals import Signals
from seamline.analysis.stage import FloatArray, Pictures, SignalBlock
from seamline.models.seam_evidence import evidence_maps
from seamline.models.seam_net_session import SeamNetSession, weights_key
from seamline.progress import CancellableProgress

NAMES = (*KIND_EVIDENCE, MIDDLE_EVIDENCE)


@pytest.fixture(scope="module")
def session() -> SeamNetSession:
    return SeamNetSession()


@pytest.fixture(scope="module")
def film() -> Pictures:
    """420 frames: shots of drifting patches, one in three of which dissolves into the next."""
    rng = np.random.default_rng(8)
    pictures = np.empty((420, 27, 48, 3), np.uint8)
    shots = rng.integers(0, 256, (26, 9, 16 + 13, 3)).repeat(3, 1).repeat(3, 2).astype(np.float32)
    for frame in range(420):
        shot, at = divmod(frame, 26)
        picture = shots[shot, :, at : at + 48]
        if shot % 3 == 0 and at > 12:
            share = np.float32((at - 12) / 14)
            picture = picture + (shots[shot + 1, :, at : at + 48] - picture) * share
        pictures[frame] = picture
    return pictures


def fed(stage: EvidenceStage, pictures: Pictures, batch: int, done: int = 0) -> list[SignalBlock]:
    resumption = stage.resume(done, CancellableProgress())
    assert resumption.first_result <= done
    assert resumption.first_picture <= resumption.first_result
    blocks = []
    for at in range(resumption.first_picture, len(pictures), batch):
        blocks += stage.feed(pictures[at : at + batch])
    return blocks + stage.finish()


def curves(
    session: SeamNetSession, pictures: Pictures, batch: int = 25, stage: EvidenceStage | None = None
) -> FloatArray:
    """float32[n, 5]; fails where blocks leave a hole or go beyond the film."""
    signals = Signals(len(pictures))
    for block in fed(stage or EvidenceStage(weights_key(), lambda: session), pictures, batch):
        signals.add(block)
    assert signals.done_frames(*NAMES) == len(pictures)
    return np.stack([signals[name] for name in NAMES], axis=1)


@pytest.fixture(scope="module")
def whole(session: SeamNetSession, film: Pictures) -> FloatArray:
    """The values of all of `film` in one run."""
    return curves(session, film)


@pytest.mark.parametrize("frames", [1, 2, 3, 199, 200, 201, 279, 401])
def test_every_frame_has_values_and_the_last_one_zeros(
    session: SeamNetSession, film: Pictures, frames: int
) -> None:
    """As from one run of the network over the whole film: blocks have all the context they need."""
    values = curves(session, film[:frames])
    assert values.shape == (frames, 5)
    assert values.dtype == np.float32
    assert (values[-1] == 0).all()
    if frames > 1:
        classes, middle = session.predict(evidence_maps(film[:frames]))
        assert np.abs(values[:-1, :4] - classes[:, 1:]).max() < 1e-5
        assert np.abs(values[:-1, 4] - middle).max() < 1e-5
        assert values[:-1].max() > 0


@pytest.mark.parametrize("batch", [1, 7, 279, 1000])
def test_values_do_not_depend_on_how_pictures_come(
    session: SeamNetSession, film: Pictures, whole: FloatArray, batch: int
) -> None:
    assert np.array_equal(curves(session, film, batch), whole)


@pytest.mark.parametrize("done", [0, 49, 60, 199, 200, 399, 400, 419])
def test_a_resumed_run_gives_the_same_bits(
    session: SeamNetSession, film: Pictures, whole: FloatArray, done: int
) -> None:
    stage = EvidenceStage(weights_key(), lambda: session)
    blocks = fed(stage, film, 25, done)
    starts = (0, 50, 100, *range(BLOCK_GAPS, len(film), BLOCK_GAPS))
    assert blocks[0].start_frame == max(start for start in starts if start <= done)
    assert blocks[-1].end_frame == len(film)
    for block in blocks:
        values = np.stack([block.values[name] for name in NAMES], axis=1)
        assert np.array_equal(values, whole[block.start_frame : block.end_frame])


def test_a_stage_can_run_again(session: SeamNetSession, film: Pictures) -> None:
    """Nothing of a run that was broken off is left in it."""
    stage = EvidenceStage(weights_key(), lambda: session)
    stage.resume(0, CancellableProgress())
    stage.feed(film[300:350])
    assert np.array_equal(curves(session, film[:60], stage=stage), curves(session, film[:60]))


def test_values_come_as_soon_as_their_context_is_there(session: SeamNetSession, film: Pictures) -> None:
    """78 frames behind the block, and one that the last of these gaps leads to."""
    stage = EvidenceStage(weights_key(), lambda: session)
    stage.resume(0, CancellableProgress())
    ends = []
    for frame in range(279):
        ends += [(frame, block.start_frame, block.end_frame) for block in stage.feed(film[frame : frame + 1])]
    assert ends == [(128, 0, 50), (178, 50, 100), (278, 100, 200)]


def test_the_session_opens_once_and_late(session: SeamNetSession, film: Pictures) -> None:
    opened = []

    def open_it() -> SeamNetSession:
        opened.append(1)
        return session

    stage = EvidenceStage(weights_key(), open_it)
    assert not opened
    curves(session, film[:30], stage=stage)
    curves(session, film[:30], stage=stage)
    assert len(opened) == 1
