"""The maps say what they are meant to: where a picture is the mean of its neighbours, and where it changes."""

from __future__ import annotations

import numpy as np
import pytest

from seamline.models.seam_evidence import (
    COLOUR_SPANS,
    LUMA_SPANS,
    MAP_COLUMNS,
    MAP_COUNT,
    MAP_ROWS,
    MEAN_SPANS,
    REACH_FRAMES,
    Maps,
    Pictures,
    evidence_maps,
)

SPANS = slice(0, len(LUMA_SPANS))
COLOURS = slice(SPANS.stop, SPANS.stop + len(COLOUR_SPANS))
MEANS = slice(COLOURS.stop, COLOURS.stop + len(MEAN_SPANS))


def noise(frames: int, seed: int = 1) -> Pictures:
    return np.random.default_rng(seed).integers(0, 256, (frames, 27, 48, 3), np.uint8)


def two_pictures() -> tuple[Pictures, Pictures]:
    """Two of coarse patches that differ nearly everywhere."""
    patches = np.random.default_rng(2).integers(20, 235, (2, 4, 6, 3), np.uint8)
    large = patches.repeat(8, axis=1).repeat(8, axis=2)[:, :27]
    return large[0], large[1]


def literal_luma(picture: Pictures, row: int, column: int) -> float:
    """The mean luma of one cell, pixel by pixel; the picture's last row stands twice."""
    pixels = [
        picture[min(y, 26), x].astype(np.float64) / 255
        for y in (2 * row, 2 * row + 1)
        for x in (2 * column, 2 * column + 1)
    ]
    red, green, blue = np.mean(pixels, axis=0)
    return float(0.299 * red + 0.587 * green + 0.114 * blue)


@pytest.mark.parametrize("frames", [2, 3, 40])
def test_there_are_maps_of_every_gap(frames: int) -> None:
    maps = evidence_maps(noise(frames))
    assert maps.shape == (frames - 1, MAP_COUNT, MAP_ROWS, MAP_COLUMNS) == (frames - 1, 15, 14, 24)
    assert maps.dtype == np.float32
    assert np.isfinite(maps).all()


def test_the_luma_maps_are_as_written_down_literally() -> None:
    pictures = noise(40)
    maps = evidence_maps(pictures)
    for gap, row, column in ((0, 0, 0), (3, 13, 23), (20, 13, 0), (38, 6, 11)):

        def luma(frame: int, row: int = row, column: int = column) -> float:
            return literal_luma(pictures[min(max(frame, 0), 39)], row, column)

        for place, span in enumerate(LUMA_SPANS):
            expected = np.log1p(abs(luma(gap + span) - luma(gap + 1 - span)) * 30) / 2
            assert maps[gap, place, row, column] == pytest.approx(expected, abs=1e-5)
        for place, span in enumerate(MEAN_SPANS, MEANS.start):
            apart = luma(gap) - (luma(gap - span) + luma(gap + span)) / 2
            assert maps[gap, place, row, column] == pytest.approx(np.log1p(abs(apart) * 30) / 2, abs=1e-5)
        assert maps[gap, MEANS.stop, row, column] == pytest.approx(luma(gap), abs=1e-6)


def test_a_film_that_stands_still_has_no_differences() -> None:
    maps = evidence_maps(np.repeat(noise(1), 20, axis=0))
    assert maps[:, : MEANS.stop].max() == 0
    assert maps[:, -1].max() == 0
    assert maps[:, MEANS.stop].max() > 0.3
    plain = evidence_maps(np.full((3, 27, 48, 3), 128, np.uint8))
    assert plain[:, MEANS.stop + 1, 1:-1, 1:-1].max() < 2e-3  # nothing to see, but for the border


def test_a_dissolve_is_the_mean_of_what_lies_around_it() -> None:
    before, after = two_pictures()
    share = np.clip((np.arange(80) - 19) / 41, 0, 1)[:, None, None, None]
    pictures = np.round(before * (1 - share) + after * share).astype(np.uint8)
    maps = evidence_maps(pictures)
    inside = maps[36:44]
    assert inside[:, MEANS].max() < 0.1
    assert inside[:, SPANS][:, -1].mean() > 0.5
    # at its ends it begins at once: no mean of its neighbours
    assert maps[19, MEANS][-1].mean() > 0.3


def test_a_cut_is_a_change_that_wider_spans_do_not_outgrow() -> None:
    before, after = two_pictures()
    pictures = np.stack([before] * 20 + [after] * 20)
    at_cut = evidence_maps(pictures)[19]
    for place in range(1, SPANS.stop):
        assert np.array_equal(at_cut[place], at_cut[0])
    assert at_cut[0].mean() > 0.5
    assert at_cut[MEANS].min(0).mean() > 0.3
    assert evidence_maps(pictures)[18, 0].max() == 0


def test_a_flash_is_a_change_that_wider_spans_do_not_have() -> None:
    before, _ = two_pictures()
    pictures = np.stack([before] * 41)
    pictures[20] = 255
    into = evidence_maps(pictures)[19]
    assert into[0].mean() > 0.5
    assert into[1 : SPANS.stop].max() == 0


def test_a_change_of_colour_alone_shows_in_the_colour_maps() -> None:
    pictures = np.zeros((20, 27, 48, 3), np.uint8)
    pictures[:10, ..., 0] = 200  # 59.8 of luma in red
    pictures[10:, ..., 1] = 102  # 59.9 in green
    maps = evidence_maps(pictures)[9]
    assert maps[SPANS].max() < 0.01
    assert maps[COLOURS].min() > 1


def test_beyond_the_ends_the_outermost_pictures_stand_in() -> None:
    pictures = noise(5)
    padded = np.pad(pictures, ((REACH_FRAMES, REACH_FRAMES), (0, 0), (0, 0), (0, 0)), "edge")
    inner = evidence_maps(padded)[REACH_FRAMES : REACH_FRAMES + 4]
    assert np.array_equal(evidence_maps(pictures), inner)


def test_maps_depend_on_16_frames_each_way_and_no_more() -> None:
    pictures, gap = noise(60), 30
    maps: Maps = evidence_maps(pictures)[gap]
    for frame, is_within in ((gap - 17, False), (gap - 16, True), (gap + 16, True), (gap + 17, False)):
        changed = pictures.copy()
        changed[frame] = 255 - changed[frame]
        assert np.array_equal(evidence_maps(changed)[gap], maps) != is_within
