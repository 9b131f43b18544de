"""Pictures in every size from one frame: the same whatever else is wanted."""

from __future__ import annotations

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from seamline.media.cascade import Cascade, PictureSpec
from seamline.media.pictures import Scaler

SMALL, GREY, RARE = (
    PictureSpec(48, 27),
    PictureSpec(160, 90, grey=True),
    PictureSpec(224, 224, every_frames=6),
)


def frame_of(width: int, height: int) -> VideoFrame:
    """A picture with soft shapes and some noise, as yuv420p."""
    rng = np.random.default_rng(width)
    x, y = np.meshgrid(np.linspace(0, 6, width), np.linspace(0, 4, height))
    waves = np.stack([np.sin(x + y), np.cos(x * 2), np.sin(y * 3)], axis=-1) * 90 + 128
    noisy = np.clip(waves + rng.normal(0, 8, waves.shape), 0, 255).astype(np.uint8)
    return av.VideoFrame.from_ndarray(noisy, "rgb24").reformat(format="yuv420p")


@pytest.mark.parametrize("size", [(160, 90), (854, 480), (1280, 720), (1080, 1920), (1920, 1080)])
def test_a_picture_does_not_depend_on_what_else_is_wanted(size: tuple[int, int]) -> None:
    frame = frame_of(*size)
    together = Cascade([SMALL, GREY, RARE], rotation_deg=0).scaled(frame, 0)
    for spec in (SMALL, GREY, RARE):
        alone = Cascade([spec], rotation_deg=0).scaled(frame, 0)[spec]
        assert alone.shape == spec.shape
        assert np.array_equal(together[spec], alone)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_step_changes_pictures_by_little(rotation: int) -> None:
    """Against the same size scaled straight from the frame."""
    frame = frame_of(1920, 1080)
    width, height = (27, 48) if rotation in (90, 270) else (48, 27)
    straight = Scaler(width, height).rgb(frame, rotation_deg=rotation).astype(np.float64)
    picture = Cascade([PictureSpec(width, height)], rotation_deg=rotation).scaled(frame, 0)
    assert np.abs(picture[PictureSpec(width, height)] - straight).mean() < 1.5


def test_only_the_frames_that_are_wanted_are_scaled() -> None:
    cascade = Cascade([SMALL, RARE], rotation_deg=0)
    frame = frame_of(320, 180)
    assert set(cascade.scaled(frame, 0)) == set(cascade.scaled(frame, 12)) == {SMALL, RARE}
    assert set(cascade.scaled(frame, 5)) == {SMALL}


def test_a_range_of_frames_is_counted() -> None:
    assert [RARE.count(0, end) for end in (0, 1, 6, 7, 13)] == [0, 1, 1, 2, 3]
    assert RARE.count(7, 13) == 1
    with pytest.raises(ValueError, match="1 or more"):
        PictureSpec(0, 27)
