"""Plots of a segmentation, looked at by their pixels and by the text within."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from seamline.analysis.frame_map import FrameMap
from seamline.analysis.segmentation import FilmContent, Segmentation, segment_film
from seamline.analysis.successor import Sampling
from seamline.errors import ExchangeError
from seamline.exchange.segment_plot import (
    check_plot_path,
    map_keyframes,
    strip_keyframes,
    write_map_plot,
    write_score_plot,
)
from seamline.project.types import Project, Seam, SeamKind

STARTS = tuple(range(0, 3000, 150))
SAMPLING = Sampling(3000, 6, Fraction(25))
MAGENTA = (255, 0, 255)


@pytest.fixture(scope="module")
def segmentation() -> Segmentation:
    contents = np.searchsorted(STARTS, SAMPLING.frames, side="right") - 1
    embeddings = np.eye(len(STARTS), dtype=np.float32)[contents]
    grey = np.full(len(contents), 120, np.float32)
    return segment_film(FilmContent(SAMPLING, embeddings, grey))


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    seams = [Seam(149, 150), Seam(290, 305, SeamKind.DISSOLVE), Seam(440, 455, SeamKind.FADE)]
    return make_project(seams, frames=3000, name="Take $1_a$ & <b>.mov")


def plain_pictures(frames: list[int], size: tuple[int, int] = (60, 90)) -> dict[int, np.ndarray]:
    return {frame: np.full((*size, 3), MAGENTA, np.uint8) for frame in frames}


def magenta_boxes(path: Path) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of the plain pictures within the plot."""
    picture = cv2.imread(str(path))
    assert picture is not None
    mask = (np.abs(picture.astype(int) - (255, 0, 255)).max(2) < 40).astype(np.uint8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(mask)
    return [tuple(int(value) for value in box[:4]) for box in boxes[1:] if box[4] > 500]  # type: ignore[misc]


@pytest.mark.parametrize("size", [(60, 90), (90, 50)])
def test_the_strip_shows_every_picture_whole_and_none_over_another(
    segmentation: Segmentation, project: Project, tmp_path: Path, size: tuple[int, int]
) -> None:
    frames = strip_keyframes(segmentation)
    assert len(frames) == 12
    pictures = plain_pictures(frames, size)
    write_score_plot(segmentation, project, pictures, tmp_path / "s.png", overwrite=False)
    boxes = magenta_boxes(tmp_path / "s.png")
    assert len(boxes) == 12
    widths = {width for _, _, width, _ in boxes}
    assert max(widths) - min(widths) <= 2
    assert min(top for _, top, _, _ in boxes) > 30  # below the title
    for _, _, width, height in boxes:
        assert width / height == pytest.approx(size[1] / size[0], rel=0.05)


def test_the_score_plot_says_the_film_its_times_and_its_segments(
    segmentation: Segmentation, project: Project, tmp_path: Path
) -> None:
    """As SVG whose text is text; a $ in a film's name is no formula."""
    import matplotlib as mpl

    with mpl.rc_context({"svg.fonttype": "none"}):
        write_score_plot(segmentation, project, {}, tmp_path / "s.svg", overwrite=False)
    text = (tmp_path / "s.svg").read_text(encoding="utf-8")
    assert "Take $1_a$ &amp; &lt;b&gt;.mov: 20 segments (dynamic rule, sensitivity 0.5)" in text
    assert "01:00:00:00" in text
    assert "01:01:00:00" in text
    assert ">20<" in text
    for word in ("score", "threshold", "cut", "dissolve", "fade", "segment begins"):
        assert f">{word}<" in text
    assert ">wipe<" not in text


def test_the_map_places_pictures_without_overlap(
    segmentation: Segmentation, project: Project, tmp_path: Path
) -> None:
    rng = np.random.default_rng(2)
    frame_map = FrameMap(SAMPLING.frames, rng.random((500, 2), np.float32))
    frames = map_keyframes(segmentation, frame_map)
    assert 5 < len(frames) < len(segmentation.keyframe_numbers)
    write_map_plot(
        frame_map, segmentation, project, plain_pictures(frames), tmp_path / "m.png", overwrite=False
    )
    assert len(magenta_boxes(tmp_path / "m.png")) == len(frames)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_map_of_hardly_any_frames_is_drawn_too(project: Project, tmp_path: Path, count: int) -> None:
    sampling = Sampling(count * 6, 6, Fraction(25))
    content = FilmContent(sampling, np.ones((count, 1), np.float32), np.full(count, 99, np.float32))
    segmentation = segment_film(content)
    frame_map = FrameMap(sampling.frames, np.full((count, 2), 0.5, np.float32))
    write_map_plot(frame_map, segmentation, project, {}, tmp_path / "m.png", overwrite=False)
    write_score_plot(segmentation, project, {}, tmp_path / "s.png", overwrite=False)
    assert cv2.imread(str(tmp_path / "m.png")) is not None
    assert cv2.imread(str(tmp_path / "s.png")) is not None


def test_a_plot_of_another_suffix_is_refused() -> None:
    with pytest.raises(ExchangeError, match=r"end in \.png or \.svg"):
        check_plot_path(Path("plot.bmp"))
