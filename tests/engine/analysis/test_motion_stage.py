"""The curves of motion: the same values however the pictures come."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from seamline.analysis.motion_stage import FLOW_MAGNITUDE, MOTION_INLIERS, MOTION_RESIDUAL, PAN, MotionStage
from seamline.analysis.motion_track import BLOCK_FRAMES
from seamline.analysis.signals import Signals
from seamline.analysis.stage import FloatArray, Pictures, SignalBlock
from seamline.progress import CancellableProgress

CUT = 12


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """24 pictures: one shot panned by 2 pixels a frame, then another by 3 the other way."""
    random = np.random.default_rng(1)
    wide = [
        cv2.resize(random.integers(0, 256, (20, 60), np.uint8), (260, 90), interpolation=cv2.INTER_CUBIC)
        for _ in range(2)
    ]
    lefts = [2 * n for n in range(CUT)] + [60 - 3 * n for n in range(CUT)]
    shots = [wide[0]] * CUT + [wide[1]] * CUT
    return np.stack([shot[:, left : left + 160] for shot, left in zip(shots, lefts, strict=True)])


def curves(pictures: Pictures, sizes: list[int], done: int = 0) -> dict[str, FloatArray]:
    """The stage's values for `pictures`, fed in batches of these sizes, from result `done` on."""
    stage = MotionStage()
    resumption = stage.resume(done, CancellableProgress())
    assert resumption.first_result == done
    rest = pictures[resumption.first_picture :]
    signals = Signals(len(pictures) - done)
    at = 0
    for size in [*sizes, len(rest)]:
        for block in stage.feed(rest[at : at + size]) if at < len(rest) else []:
            signals.add(SignalBlock(block.start_frame - done, block.values))
        at += size
    assert stage.finish() == []
    assert signals.done_frames(*stage.signal_names) == signals.frame_count
    return {name: signals[name] for name in stage.signal_names}


def test_each_shot_has_its_pan_and_the_cut_has_none(pictures: Pictures) -> None:
    found = curves(pictures, [])
    assert found[PAN][1:CUT] == pytest.approx([-2 / 160] * (CUT - 1), abs=0.0005)
    assert found[PAN][CUT + 1 :] == pytest.approx([3 / 160] * (CUT - 1), abs=0.0005)
    assert found[PAN][CUT] == 0
    assert found[MOTION_INLIERS][CUT] < 0.25
    assert np.delete(found[MOTION_INLIERS], [0, CUT]).min() > 0.9
    assert found[MOTION_RESIDUAL].argmax() == CUT


def test_frame_0_has_zeros(pictures: Pictures) -> None:
    found = curves(pictures, [])
    assert [values[0] for values in found.values()] == [0] * 8
    assert found[FLOW_MAGNITUDE][1] > 0.01
    assert all(values.dtype == np.float32 for values in found.values())


@pytest.mark.parametrize("sizes", [[1] * 24, [7] * 4, [23, 1]])
def test_batches_make_no_difference(pictures: Pictures, sizes: list[int]) -> None:
    whole, parts = curves(pictures, []), curves(pictures, sizes)
    for name, values in whole.items():
        assert np.array_equal(values, parts[name])


@pytest.mark.parametrize("done", [BLOCK_FRAMES - 1, BLOCK_FRAMES, BLOCK_FRAMES + 1, 70])
def test_going_on_behind_the_first_block_gives_what_one_run_gives(done: int) -> None:
    random = np.random.default_rng(2)
    wide = cv2.resize(random.integers(0, 256, (20, 60), np.uint8), (300, 90), interpolation=cv2.INTER_CUBIC)
    panned = np.stack([wide[:, at : at + 160] for at in range(80)]).astype(np.uint8)
    whole, rest = curves(panned, [32] * 2), curves(panned, [5], done)
    for name, values in whole.items():
        assert np.array_equal(values[done:], rest[name])


@pytest.mark.parametrize("done", [1, CUT, 13, 23])
@pytest.mark.parametrize("sizes", [[], [1] * 24])
def test_going_on_gives_what_one_run_gives(pictures: Pictures, done: int, sizes: list[int]) -> None:
    whole, rest = curves(pictures, []), curves(pictures, sizes, done)
    for name, values in whole.items():
        assert np.array_equal(values[done:], rest[name])
