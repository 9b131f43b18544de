"""Points that are followed from frame to frame, and what is none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from paper_motion import HEIGHT, STEP_S, WIDTH, Picture, seen, texture

from seamline.analysis.match_tracks import tracks_of


def test_what_is_shaken_to_and_fro_goes_nowhere() -> None:
    ground = texture(4)
    # in the end it is eight pixels off, and after half of the time it was where it began
    shaken = tracks_of([seen(ground, shift, 0) for shift in (0.0, 0.0, 0.0, 8.0, 8.0)], [STEP_S] * 4)
    assert not len(shaken)
    back = tracks_of([seen(ground, 8.0 * n, 0) for n in (0, 1, 0, 1, 0)], [STEP_S] * 4)
    assert not len(back) or np.abs(back.speeds).max() < 0.02


def test_a_picture_one_pixel_wide_costs_no_more_than_others() -> None:
    rng = np.random.default_rng(1)
    sizes = []

    def counted(picture: Picture, size: tuple[int, int], **options: int) -> Picture:
        sizes.append(size)
        return np.zeros(size[::-1], np.uint8)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cv2, "resize", counted)
        for height, width in ((320, 1), (1, 320), (320, 180), (180, 320)):
            tracks_of([rng.integers(0, 255, (height, width), np.uint8)] * 2, [STEP_S])
    assert sizes[::2] == [(16, 640), (256, 16), (256, 455), (256, 144)]


def test_nothing_is_followed_in_one_picture_or_a_plain_one() -> None:
    plain = np.full((HEIGHT, WIDTH), 77, np.uint8)
    assert (
        len(tracks_of([plain], []))
        == len(tracks_of([], []))
        == len(tracks_of([plain] * 5, [STEP_S] * 4))
        == 0
    )
    assert len(tracks_of([seen(texture(1), 0, 0)] * 5, [0.0] * 4)) == 0
