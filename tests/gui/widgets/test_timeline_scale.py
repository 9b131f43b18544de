"""Frames to pixels and back, and where the ruler's labels stand."""

from __future__ import annotations

from itertools import pairwise

import pytest

from seamline_widgets.timeline_scale import TimeScale, ticks


def test_frames_and_pixels() -> None:
    scale = TimeScale.fitted(500, 1000)
    assert scale.frame_px == 2
    assert scale.x_of(10) == 20
    assert [scale.frame_at(x) for x in (-5, 0, 1.9, 2, 999, 4000)] == [0, 0, 0, 1, 499, 499]


def test_zoom_has_two_ends() -> None:
    scale = TimeScale.fitted(500, 1000)
    assert scale.zoomed(1e9, 100).span == 20
    assert scale.zoomed(1e-9, 100) == scale
    assert TimeScale.fitted(7, 1000).zoomed(100, 3).span == 7


def test_the_view_never_leaves_the_film() -> None:
    scale = TimeScale.fitted(500, 1000).zoomed(5, 250)
    assert scale.panned(-1e6).first == 0
    assert scale.panned(1e6).last == 500
    assert scale.centred_on(0).first == 0
    assert scale.centred_on(499).last == 500


def test_pages_turn_both_ways() -> None:
    scale = TimeScale.fitted(1000, 1000).zoomed(10, 500)
    ahead, back = scale.paged_to(round(scale.last) + 3), scale.paged_to(round(scale.first) - 3)
    assert ahead.first > scale.first
    assert ahead.shows(round(scale.last) + 3)
    assert back.first < scale.first
    assert back.shows(round(scale.first) - 3)
    assert scale.paged_to(round(scale.first) + 5) is scale


@pytest.mark.parametrize("rate", [10, 24, 25, 30, 50, 60])
@pytest.mark.parametrize("span", [20, 63, 400, 5_000, 90_000, 2_000_000])
def test_labels_never_overlap(rate: int, span: int) -> None:
    scale = TimeScale(2_000_000, 1000, 0, span)
    marks = ticks(scale, 90, rate, 90_000).major
    assert marks
    distances = [b - a for a, b in pairwise(marks)]
    assert all(distance * scale.frame_px >= 90 for distance in distances)


def test_marks_fall_on_round_timecodes() -> None:
    # frame 0 is 01:00:00:10 at 25: whole seconds are frames 15, 40, 65, ...
    marks = ticks(TimeScale(1000, 1000, 0, 250), 90, 25, 90_010)
    assert marks.major[0] == 15
    assert set(marks.minor) > {15, 20, 25}


def test_single_frames_are_labelled_when_there_is_room() -> None:
    assert ticks(TimeScale(1000, 2000, 100, 20), 90, 25, 0).major[:3] == (100, 101, 102)
