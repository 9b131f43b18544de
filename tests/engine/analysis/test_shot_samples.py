"""Each shot is stood for by its first, middle and last clear frames, and by more where the picture changes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from seamline.analysis.evidence import DISSOLVE_EVIDENCE, FADE_EVIDENCE, WIPE_EVIDENCE
from seamline.analysis.motion_stage import PAN, TILT, ZOOM
from seamline.analysis.shot_samples import clear_part, sample_frames, shot_samples
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import BRIGHTNESS, SIMILARITY
from seamline.analysis.stage import SignalBlock
from seamline.analysis.stages import EMBEDDING

RATE = Fraction(25)


def known_cuts(frames: int, *, dissolve: tuple[int, int] | None = None) -> Signals:
    """Curves of a film of cuts alone, but for the gaps of the dissolve between its last full and next full frame."""
    signals = Signals(frames)
    curves = {
        name: np.zeros(frames, np.float32) for name in (DISSOLVE_EVIDENCE, FADE_EVIDENCE, WIPE_EVIDENCE)
    }
    if dissolve is not None:
        curves[DISSOLVE_EVIDENCE][dissolve[0] : dissolve[1]] = 0.9
    signals.add(SignalBlock(0, {**curves, BRIGHTNESS: np.full(frames, 0.5, np.float32)}))
    return signals


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 11, 50, 149, 5000])
def test_every_shot_has_three_samples_or_all_its_frames(length: int) -> None:
    for signals in (None, known_cuts(7 + length)):
        samples = shot_samples(7, 7 + length, RATE, signals)
        assert len(samples) >= min(3, length)
        assert len(set(samples.tolist())) == len(samples)
        assert samples.min() >= 7
        assert samples.max() < 7 + length


def test_where_cuts_are_known_the_first_and_the_last_frame_are_taken() -> None:
    assert shot_samples(20, 60, RATE, known_cuts(100)).tolist() == [20, 39, 59]


def test_frames_of_a_dissolve_are_not_taken() -> None:
    signals = known_cuts(100, dissolve=(44, 55))  # 45 to 54 are mixtures
    assert clear_part(0, 50, RATE, signals) == (0, 45)
    assert clear_part(50, 100, RATE, signals) == (55, 100)
    samples = sample_frames([(0, 50), (50, 100)], RATE, signals=signals)
    assert not set(samples.tolist()) & set(range(45, 55))


def test_a_shot_that_is_all_blend_keeps_a_third_of_itself() -> None:
    start, end = clear_part(20, 50, RATE, known_cuts(100, dissolve=(0, 99)))
    assert (start, end) == (30, 40)


def test_black_ends_are_not_taken() -> None:
    signals = known_cuts(100)
    dark = np.full(100, 0.5, np.float32)
    dark[:10] = 0.01
    signals.add(SignalBlock(0, {BRIGHTNESS: dark}))
    assert clear_part(0, 100, RATE, signals) == (10, 100)


def test_a_long_shot_is_sampled_where_the_picture_becomes_another() -> None:
    signals = known_cuts(500)
    rows = np.zeros((500 // 12 + 1, 1280), np.float32)
    rows[:10, 0] = rows[10:18, 1] = rows[18:, 2] = 1  # three pictures, changing at frames 120 and 216
    signals.add(SignalBlock(0, {EMBEDDING: rows}, 12))
    samples = shot_samples(0, 500, RATE, signals).tolist()
    assert 120 in samples
    assert 216 in samples
    still = known_cuts(500)
    still.add(SignalBlock(0, {EMBEDDING: np.tile(rows[:1], (len(rows), 1))}, 12))
    fewer = shot_samples(0, 500, RATE, still).tolist()
    assert len(fewer) < len(samples)
    assert max(np.diff(fewer)) <= 6 * 25


def test_a_pan_is_sampled_more_often_than_a_still_shot() -> None:
    counts = []
    for pan in (0.0, 0.02):
        signals = known_cuts(400)
        zero = np.zeros(400, np.float32)
        curves = {PAN: zero + np.float32(pan), TILT: zero, ZOOM: zero, SIMILARITY: zero + 1}
        signals.add(SignalBlock(0, curves))
        samples = shot_samples(0, 400, RATE, signals)
        assert np.diff(samples).min() >= 12
        counts.append(len(samples))
    assert counts[1] >= 2 * counts[0]


def test_samples_are_never_nearer_than_half_a_second_in_a_shot_that_flickers() -> None:
    signals = known_cuts(500)
    rows = np.eye(1280, dtype=np.float32)[: 500 // 12 + 1]
    signals.add(SignalBlock(0, {EMBEDDING: rows}, 12))
    samples = shot_samples(0, 500, RATE, signals)
    assert np.diff(samples).min() >= 12
    assert len(samples) > 30


def test_a_moved_seam_changes_two_shots_alone() -> None:
    before = [(0, 100), (100, 260), (260, 400), (400, 700)]
    after = [(0, 100), (100, 245), (245, 400), (400, 700)]
    was, now = sample_frames(before, RATE), sample_frames(after, RATE)
    changed = set(was.tolist()) ^ set(now.tolist())
    assert changed
    assert all(100 <= frame < 400 for frame in changed)


def test_samples_lie_on_key_frames_that_are_near() -> None:
    keyframes = np.array([0, 30, 60, 90], np.int64)
    assert shot_samples(25, 100, RATE, known_cuts(100), keyframes).tolist() == [30, 60, 90]
    far = np.array([0, 45], np.int64)
    assert shot_samples(25, 100, RATE, known_cuts(100), far).tolist() == [25, 62, 99]


def test_no_key_frame_stands_for_two_of_the_three() -> None:
    for length in range(3, 40):
        for key in range(length):
            keyframes = np.array([key], np.int64)
            assert len(shot_samples(0, length, RATE, known_cuts(40), keyframes)) >= 3, (length, key)


def test_no_shots_have_no_samples_and_no_frames_make_no_shot() -> None:
    assert len(sample_frames([], RATE)) == 0
    with pytest.raises(ValueError, match="start < end"):
        sample_frames([(5, 5)], RATE)
