"""From probabilities to seams, over curves made by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.proposals import SeamRule, find_seams
from seamline.analysis.signals import Signals
from seamline.project.types import Origin, SeamKind

Place = tuple[int, int]
MakeSignals = Callable[..., Signals]


def places(signals: Signals, rule: SeamRule | None = None) -> list[Place]:
    return [(seam.out_frame, seam.in_frame) for seam in find_seams(signals, rule)]


def span(start: int, end: int, value: float = 0.9) -> dict[int, float]:
    return dict.fromkeys(range(start, end), value)


def published_seams(single: NDArray[np.float32], threshold: float = 0.5) -> list[Place]:
    """The published rule, from its description: scenes are what lies between the frames over the threshold.

    A scene ends with the first frame over it (which is the last of its shot) and the next begins with the
    first frame under it again.
    """
    over = (single > threshold).tolist()
    scenes: list[list[int]] = []
    start = 0
    for frame, now in enumerate(over):
        before = over[frame - 1] if frame else False
        if before and not now:
            start = frame
        if now and not before and frame:
            scenes.append([start, frame])
    if not over[-1]:
        scenes.append([start, len(over) - 1])
    return [(a[1], b[0]) for a, b in pairwise(scenes)]


def test_a_cut_is_the_frame_over_the_threshold_and_the_one_behind_it(signals_of: MakeSignals) -> None:
    (seam,) = find_seams(signals_of(100, {41: 0.93}))
    assert (seam.out_frame, seam.in_frame, seam.kind, seam.origin) == (41, 42, SeamKind.CUT, Origin.ANALYSIS)
    assert seam.confidence == pytest.approx(0.93)


def test_nothing_over_the_threshold_is_no_seam(signals_of: MakeSignals) -> None:
    assert places(signals_of(100, {})) == []
    assert places(signals_of(100, {41: 0.5})) == []
    assert places(signals_of(100, {41: 0.4}), SeamRule(cut_threshold=0.3, transition_threshold=0.3)) == [
        (41, 42)
    ]


def test_nothing_is_known_before_every_curve_is(signals_of: MakeSignals) -> None:
    assert find_seams(Signals(50)) == []
    assert places(signals_of(100, {41: 0.9}, done=0)) == []


@pytest.mark.parametrize("seed", range(20))
def test_peaks_are_the_seams_of_the_published_rule(signals_of: MakeSignals, seed: int) -> None:
    """Where the many-hot head says nothing of its own, and no run begins with the film."""
    random = np.random.default_rng(seed)
    single = np.zeros(400, np.float32)
    for start in random.choice(np.arange(2, 394, 8), 20, replace=False):
        single[start : start + random.integers(1, 6)] = random.uniform(0.2, 1)
    cut = {frame: float(value) for frame, value in enumerate(single)}
    assert places(signals_of(400, cut)) == published_seams(single)


def test_the_many_hot_head_tells_how_far_a_dissolve_reaches(signals_of: MakeSignals) -> None:
    (seam,) = find_seams(signals_of(100, {50: 0.8}, span(44, 57)))
    assert (seam.out_frame, seam.in_frame, seam.kind) == (44, 57, SeamKind.DISSOLVE)
    assert seam.confidence == pytest.approx(0.8)


def alike(value: float, frames: int = 100) -> NDArray[np.float32]:
    """A similarity curve."""
    return np.full(frames, value, np.float32)


class TestTheManyHotHeadAlone:
    """A long dissolve may have no peak: then its picture changes smoothly, and the other head sees something."""

    @pytest.fixture
    def faint(self) -> dict[int, float]:
        return {50: 0.2}

    def test_a_smooth_change_is_a_seam(self, signals_of: MakeSignals, faint: dict[int, float]) -> None:
        (seam,) = find_seams(signals_of(100, faint, span(40, 60, 0.7), similarity=alike(0.97)))
        assert (seam.out_frame, seam.in_frame, seam.kind) == (40, 60, SeamKind.DISSOLVE)
        assert seam.confidence == pytest.approx(0.7)

    def test_a_flicker_is_none(self, signals_of: MakeSignals) -> None:
        assert places(signals_of(100, {40: 0.2}, span(40, 42))) == []
        assert places(signals_of(100, {40: 0.2}, span(40, 43))) == [(40, 43)]

    def test_what_the_other_head_sees_nothing_of_is_none(self, signals_of: MakeSignals) -> None:
        assert places(signals_of(100, {}, span(40, 60, 0.7))) == []

    def test_what_drives_through_the_picture_is_none(
        self, signals_of: MakeSignals, faint: dict[int, float]
    ) -> None:
        assert places(signals_of(100, faint, span(40, 60, 0.7), similarity=alike(0.9))) == []

    def test_a_blank_picture_in_it_makes_it_one(
        self, signals_of: MakeSignals, faint: dict[int, float]
    ) -> None:
        contrast = np.full(100, 0.2, np.float32)
        contrast[48:53] = 0
        signals = signals_of(100, faint, span(40, 60, 0.7), similarity=alike(0.9), contrast=contrast)
        (seam,) = find_seams(signals)
        assert (seam.out_frame, seam.in_frame, seam.kind) == (40, 60, SeamKind.FADE)


def test_a_dip_of_the_many_hot_head_does_not_split_a_dissolve(signals_of: MakeSignals) -> None:
    dipping = span(44, 57) | {50: 0.4}
    assert places(signals_of(100, {47: 0.8}, dipping)) == [(44, 57)]
    apart = span(40, 46) | span(50, 56)
    assert places(signals_of(100, {43: 0.8, 53: 0.8}, apart)) == [(40, 46), (50, 56)]


def test_two_peaks_share_the_span_that_covers_both(signals_of: MakeSignals) -> None:
    found = places(signals_of(100, {42: 0.9, 52: 0.9}, span(40, 56)))
    assert found == [(40, 47), (47, 56)]
    three = places(signals_of(100, {42: 0.9, 46: 0.9, 50: 0.9}, span(42, 51)))
    assert len(three) == 3
    assert all(a[1] <= b[0] for a, b in pairwise(three))


def test_a_gradual_seam_through_a_blank_picture_is_a_fade(signals_of: MakeSignals) -> None:
    contrast = np.full(100, 0.2, np.float32)
    contrast[44:58] = np.abs(np.linspace(-0.2, 0.2, 14))
    contrast[50:52] = 0
    (seam,) = find_seams(signals_of(100, {50: 0.8}, span(44, 57), contrast=contrast))
    assert (seam.out_frame, seam.in_frame, seam.kind) == (44, 57, SeamKind.FADE)


def test_the_two_halves_of_a_fade_are_one_seam(signals_of: MakeSignals) -> None:
    contrast = np.full(140, 0.2, np.float32)
    contrast[40:60] = np.linspace(0.2, 0.005, 20)
    contrast[60:80] = 0
    contrast[80:100] = np.linspace(0.005, 0.2, 20)
    (seam,) = find_seams(signals_of(140, {50: 0.8, 90: 0.6}, span(42, 58) | span(82, 98), contrast=contrast))
    assert (seam.out_frame, seam.in_frame, seam.kind) == (42, 98, SeamKind.FADE)
    assert seam.confidence == pytest.approx(0.8)


def test_a_blank_shot_between_two_cuts_is_a_shot(signals_of: MakeSignals) -> None:
    contrast = np.full(100, 0.2, np.float32)
    contrast[40:60] = 0
    assert places(signals_of(100, {39: 0.9, 59: 0.9}, contrast=contrast)) == [(39, 40), (59, 60)]


class TestEnds:
    def test_a_run_at_the_end_of_what_is_known_waits(self, signals_of: MakeSignals) -> None:
        cut = {30: 0.9, 48: 0.9, 49: 0.9, 50: 0.9}
        assert places(signals_of(100, cut, done=50)) == [(30, 31)]
        assert places(signals_of(100, cut, done=51)) == [(30, 31)]
        assert places(signals_of(100, cut, done=52)) == [(30, 31), (48, 51)]

    def test_a_seam_once_shown_stays_where_it_is(self, signals_of: MakeSignals) -> None:
        cut = {10: 0.9, 40: 0.8, 70: 0.9, 71: 0.6}
        whole = places(signals_of(100, cut, span(10, 11) | span(35, 46) | span(70, 72)))
        for done in range(101):
            part = places(signals_of(100, cut, span(10, 11) | span(35, 46) | span(70, 72), done=done))
            assert part == whole[: len(part)]

    def test_a_run_to_the_films_end_has_no_shot_behind_it(self, signals_of: MakeSignals) -> None:
        assert places(signals_of(100, {99: 0.9})) == []
        assert places(signals_of(100, span(95, 100))) == []
        assert places(signals_of(100, {98: 0.9})) == [(98, 99)]

    def test_a_cut_behind_the_first_frame_is_one(self, signals_of: MakeSignals) -> None:
        """The published rule drops it, as a scene of no frame; here frame 0 is a shot."""
        assert places(signals_of(100, {0: 0.9})) == [(0, 1)]

    def test_a_film_of_one_frame_has_no_seam(self, signals_of: MakeSignals) -> None:
        assert places(signals_of(1, {0: 0.9})) == []


@pytest.mark.parametrize("seed", range(30))
def test_whatever_the_curves_say_seams_are_in_order_apart_and_in_the_film(
    signals_of: MakeSignals, seed: int
) -> None:
    random = np.random.default_rng(seed)
    frames = 300

    def wander() -> NDArray[np.float32]:
        steps = np.cumsum(random.normal(0, 0.2, frames))
        values: NDArray[np.float32] = (np.abs(steps - steps.mean()) % 1).astype(np.float32)
        return values

    cut, many, contrast = wander(), wander(), wander() * np.float32(0.2)
    contrast[contrast < 0.02] = 0
    signals = signals_of(frames, dict(enumerate(cut)), dict(enumerate(many)), contrast=contrast)
    seams = find_seams(signals)
    assert seams
    assert all(0 <= s.out_frame < s.in_frame < frames and 0 <= s.confidence <= 1 for s in seams)
    assert all(a.in_frame <= b.out_frame for a, b in pairwise(seams))
    assert len({seam.id for seam in seams}) == len(seams)
