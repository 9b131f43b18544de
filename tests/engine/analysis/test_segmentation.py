"""A film's segmentation from its curves alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from seamline.analysis.segmentation import FilmContent, Segmentation, SegmentationSettings, segment_film
from seamline.analysis.segments import Opening
from seamline.analysis.signals import Signals
from seamline.analysis.stage import FloatArray, SignalBlock
from seamline.analysis.successor import Sampling, SuccessorMethod
from seamline.errors import SeamlineError
from seamline.project.types import Seam

RATE = Fraction(25)
EVERY = 5
STARTS = (0, 100, 260, 400)  # first frames of the four contents
FRAMES = 500
SAMPLING = Sampling(FRAMES, EVERY, RATE)


def embeddings_of(starts: tuple[int, ...] = STARTS, count: int = SAMPLING.sample_count) -> FloatArray:
    """A direction for each content, and a little unrest."""
    rng = np.random.default_rng(5)
    contents = np.searchsorted(starts, np.arange(count) * EVERY, side="right") - 1
    vectors = np.eye(8)[contents] + rng.normal(0, 0.01, (count, 8))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def content_of(**changes: object) -> FilmContent:
    content = FilmContent(SAMPLING, embeddings_of(), np.full(SAMPLING.sample_count, 100, np.float32))
    return replace(content, **changes)  # type: ignore[arg-type]


def starts_of(segmentation: Segmentation) -> list[int]:
    return [segment.start_frame for segment in segmentation.segments]


@pytest.mark.parametrize("method", list(SuccessorMethod))
def test_every_rule_finds_where_the_content_changes(method: SuccessorMethod) -> None:
    seams = tuple(Seam(start - 1, start) for start in STARTS[1:])
    found = segment_film(content_of(seams=seams), SegmentationSettings(method))
    assert starts_of(found) == list(STARTS)
    assert [segment.opening for segment in found.segments] == [Opening.FILM, *[Opening.CANDIDATE] * 3]
    assert all(before.end_frame == after.start_frame for before, after in pairwise(found.segments))
    assert found.segments[-1].end_frame == FRAMES


@pytest.mark.parametrize("method", list(SuccessorMethod))
def test_the_thresholds_lie_on_the_scale_of_the_scores(method: SuccessorMethod) -> None:
    """A candidate is where the score is over its threshold, whatever the rule compares."""
    found = segment_film(content_of(), SegmentationSettings(method))
    assert found.scores.dtype == found.thresholds.dtype == np.float32
    assert len(found.gap_frames) == len(found.scores) == len(found.thresholds) == SAMPLING.gap_count
    over = found.gap_frames[found.scores > found.thresholds]
    assert over.tolist() == [100, 260, 400]
    assert [candidate.frame for candidate in found.candidates] == pytest.approx(over, abs=EVERY)


@pytest.mark.parametrize("method", [SuccessorMethod.DYNAMIC, SuccessorMethod.SURVEYOR])
def test_a_threshold_is_the_distance_that_the_strength_was_measured_from(method: SuccessorMethod) -> None:
    content = content_of()
    found = segment_film(content, SegmentationSettings(method))
    low, high = content.distances.min(), content.distances.max()
    for gap, candidate in zip([19, 51, 79], found.candidates, strict=True):
        threshold = found.thresholds[gap] * (high - low) + low
        assert candidate.strength == pytest.approx(1 - threshold / content.distances[gap], abs=1e-4)


def test_settings_change_the_segments_without_new_content() -> None:
    content = content_of()
    coarse = segment_film(content, SegmentationSettings(min_s=7, max_s=15))
    fine = segment_film(content, SegmentationSettings(min_s=1, max_s=2))
    assert all(7 * 25 <= segment.length <= 15 * 25 for segment in coarse.segments)
    assert all(25 <= segment.length <= 50 for segment in fine.segments)
    assert fine.statistics is coarse.statistics


def test_a_dark_frame_is_no_keyframe_by_brightness_from_0_to_1() -> None:
    """Brightness .03 is a mean grey of 7.65, under the published 10; taken for a grey level all would be dark."""
    brightness = np.full(FRAMES, 0.4, np.float32)
    brightness[:60] = 0.03
    found = segment_film(content_from_signals(brightness))
    first = [keyframe.frame for keyframe in found.keyframes[0]]
    assert first
    assert min(first) >= 60
    assert found.statistics.clear_share == pytest.approx(88 / 100)


def content_from_signals(brightness: FloatArray, *, embedded: int = SAMPLING.sample_count) -> FilmContent:
    signals = Signals(FRAMES)
    signals.add(SignalBlock(0, {"brightness": brightness, "similarity": np.ones(FRAMES, np.float32)}))
    signals.add(SignalBlock(0, {"embedding:paper": embeddings_of(count=embedded)}, every_frames=EVERY))
    seams = [Seam(start - 1, start) for start in STARTS[1:]]
    return FilmContent.of(signals, "embedding:paper", RATE, seams)


def test_of_a_film_half_analysed_the_known_half_is_divided() -> None:
    content = content_from_signals(np.full(FRAMES, 0.4, np.float32), embedded=60)
    assert content.sampling.frame_count == 300
    assert [seam.in_frame for seam in content.seams] == [100, 260]
    found = segment_film(content, SegmentationSettings(min_s=1))
    assert starts_of(found) == [0, 100, 260]
    assert found.segments[-1].end_frame == 300


def test_a_film_of_which_nothing_is_known_has_no_segments() -> None:
    content = FilmContent.of(Signals(FRAMES), "embedding:paper", RATE)
    assert segment_film(content).segments == ()


def test_keyframes_are_limited_to_those_that_stand_for_most() -> None:
    content = content_of(embeddings=embeddings_of((0, 20, 100, 200)), sampling=SAMPLING)
    many = segment_film(content, SegmentationSettings(min_s=10, max_s=20))
    one = segment_film(content, SegmentationSettings(min_s=10, max_s=20, max_keyframes=1))
    assert len(many.keyframes[0]) > 1
    (kept,) = one.keyframes[0]
    assert kept.share == max(keyframe.share for keyframe in many.keyframes[0])


def test_near_duplicates_go_and_their_share_with_them_but_a_segment_keeps_one() -> None:
    found = segment_film(content_of())
    same = np.tile(np.arange(64, dtype=np.uint8), (64, 1))
    distinct = found.without_near_duplicates(dict.fromkeys(found.keyframe_numbers, same))
    assert all(len(group) == 1 for group in distinct.keyframes)
    assert [group[0].frame for group in distinct.keyframes] == [group[0].frame for group in found.keyframes]
    assert all(group[0].share == pytest.approx(1) for group in distinct.keyframes)
    rng = np.random.default_rng(1)
    pictures = {frame: rng.integers(0, 255, (64, 64), np.uint8) for frame in found.keyframe_numbers}
    assert found.without_near_duplicates(pictures).keyframes == found.keyframes


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sensitivity": 1.5}, "choose one from 0 to 1"),
        ({"min_s": 10.0}, "at least twice the shortest"),
        ({"max_keyframes": 5}, "choose 1 to 4"),
        ({"max_keyframes": 0}, "choose 1 to 4"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_a_sentence(changes: dict[str, float], says: str) -> None:
    with pytest.raises(SeamlineError, match=says):
        SegmentationSettings(**changes)  # type: ignore[arg-type]


def test_curves_of_another_film_are_refused() -> None:
    with pytest.raises(ValueError, match="as many mean greys"):
        content_of(mean_grey=np.zeros(3, np.float32))
