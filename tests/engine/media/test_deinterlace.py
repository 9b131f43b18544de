"""Interlaced frames show one moment on the screen, and keep what stands still."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from seamline.media.deinterlace import deinterlaced
from seamline.media.open_film import open_film
from seamline.media.reader import FrameReader

if TYPE_CHECKING:
    from films import FilmShelf

Plane = NDArray[Any]


def _moment(shift: int, *, width: int = 160, height: int = 120, peak: int = 255) -> Plane:
    """A bright disc on a dark ramp, `shift` pixels to the right of the middle."""
    rows, columns = np.indices((height, width))
    distance = np.hypot(rows - height // 2, columns - (width // 2 + shift))
    disc = np.clip(30 - distance, 0, 1)
    picture = (0.15 + 0.1 * columns / width) * (1 - disc) + 0.85 * disc
    return np.asarray(np.round(picture * peak), np.uint8 if peak == 255 else np.uint16)


def _woven(first: Plane, second: Plane, *, bottom_first: bool = False) -> Plane:
    woven = first.copy()
    start = 0 if bottom_first else 1
    woven[start::2] = second[start::2]
    return woven


def _frame(luma: Plane, pixel_format: str) -> VideoFrame:
    frame = VideoFrame(luma.shape[1], luma.shape[0], pixel_format)
    for number, plane in enumerate(frame.planes):
        samples = np.frombuffer(memoryview(plane), luma.dtype).reshape(plane.height, -1)
        samples[:] = 128 if luma.dtype == np.uint8 else 512
        if number == 0:
            samples[:, : luma.shape[1]] = luma
    return frame


def _luma(frame: VideoFrame, dtype: Any) -> Plane:
    plane = frame.planes[0]
    samples: Plane = np.frombuffer(memoryview(plane), dtype).reshape(plane.height, -1)[:, : plane.width]
    return samples.copy()


def _psnr(picture: Plane, truth: Plane, peak: int) -> float:
    error = float(np.mean((picture.astype(np.float64) - truth) ** 2))
    return float(10 * np.log10(peak**2 / max(error, 1e-9)))


@pytest.mark.parametrize("bottom_first", [False, True])
@pytest.mark.parametrize(
    ("pixel_format", "peak"), [("yuv420p", 255), ("yuv422p", 255), ("yuv422p10le", 1023), ("gray12le", 4095)]
)
@pytest.mark.parametrize("height", [120, 121])
def test_the_picture_is_that_of_the_first_field(
    bottom_first: bool, pixel_format: str, peak: int, height: int
) -> None:
    first, second = (_moment(shift, height=height, peak=peak) for shift in (-6, 6))
    woven = _woven(first, second, bottom_first=bottom_first)
    source = _frame(woven, pixel_format)
    shown = _luma(deinterlaced(source, bottom_first=bottom_first), first.dtype)
    kept = 1 if bottom_first else 0
    assert np.array_equal(shown[kept::2], first[kept::2])
    assert _psnr(woven, first, peak) < 20
    assert _psnr(shown, first, peak) > 30
    assert int(shown.max()) <= peak
    assert np.array_equal(_luma(source, first.dtype), woven), "the decoded frame is not ours to change"


def test_what_stands_still_keeps_its_detail() -> None:
    picture = _moment(0)
    picture[60, 20:140] = 255  # lines of one pixel, as in titles and drawings
    picture[75, 62:98] = 0
    picture[90:92, 20:140] = 255
    picture[20:40, 10:50:2] = 255
    shown = _luma(deinterlaced(_frame(picture, "yuv420p")), np.uint8)
    assert np.array_equal(shown, picture)


def test_teeth_in_the_colours_alone_go_too() -> None:
    frame = _frame(np.full((120, 160), 100, np.uint8), "yuv422p")
    first, second = _moment(-6, width=80), _moment(6, width=80)
    for plane in frame.planes[1:]:
        np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, -1)[:, :80] = _woven(first, second)
    for plane in deinterlaced(frame).planes[1:]:
        shown = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, -1)[:, :80]
        assert _psnr(shown, first, 255) > 30


@pytest.mark.parametrize(
    "pixel_format", ["nv12", "uyvy422", "rgb24", "p010le", "gbrpf32le", "yuv444p10be", "yuv444p10msble"]
)
def test_formats_whose_colours_lie_together_are_taken_apart(pixel_format: str) -> None:
    first, second = _moment(-6), _moment(6)
    source = _frame(_woven(first, second), "yuv444p").reformat(format=pixel_format)
    truth = _frame(first, "yuv444p").reformat(format=pixel_format)
    shown = deinterlaced(source)
    assert shown.colorspace == source.colorspace
    pictures = [
        np.asarray(frame.reformat(format="rgb24").to_ndarray(), np.uint8) for frame in (shown, truth, source)
    ]
    assert _psnr(pictures[0], pictures[1], 255) > 29
    assert _psnr(pictures[2], pictures[1], 255) < 20


def test_a_palette_passes() -> None:
    assert deinterlaced(VideoFrame(160, 120, "pal8")).format.name == "gbrp"


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 1), (2, 3)])
def test_pictures_of_a_few_pixels_pass(size: tuple[int, int]) -> None:
    luma = np.full(size[::-1], 77, np.uint8)
    assert np.array_equal(_luma(deinterlaced(_frame(luma, "yuv444p")), np.uint8), luma)


def test_what_the_frame_says_of_its_colours_is_kept() -> None:
    frame = _frame(_moment(0), "yuv420p")
    frame.colorspace, frame.color_range, frame.color_trc, frame.color_primaries = 5, 2, 6, 5
    shown = deinterlaced(frame)
    assert (shown.colorspace, shown.color_range, shown.color_trc, shown.color_primaries) == (5, 2, 6, 5)
    assert not shown.interlaced_frame


@pytest.fixture(scope="module")
def interlaced_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30 frames whose disc moves 4 pixels a field, the upper one first, every tenth a key frame."""
    path = tmp_path_factory.mktemp("interlaced") / "film.mp4"
    with av.open(path, "w") as container:
        options = {"preset": "ultrafast", "crf": "10", "x264-params": "tff=1:keyint=10:scenecut=0"}
        video: Any = container.add_stream("libx264", rate=25, options=options)
        video.width, video.height, video.pix_fmt = 160, 128, "yuv420p"
        for number in range(30):
            fields = [_moment(8 * number + late - 60, height=128) for late in (0, 4)]
            container.mux(video.encode(_frame(_woven(fields[0], fields[1]), "yuv420p")))
        container.mux(video.encode(None))
    return path


def _teeth(picture: NDArray[np.uint8]) -> float:
    """How much lines differ from both neighbours on the same side."""
    lines = picture.astype(np.int16).sum(axis=2)
    above, below = lines[1:-1] - lines[:-2], lines[1:-1] - lines[2:]
    return float(np.where(above * below > 0, np.minimum(abs(above), abs(below)), 0).mean())


def test_the_reader_shows_one_moment_of_each_frame(interlaced_film: Path) -> None:
    film = open_film(interlaced_film)
    assert film.info.interlaced
    stored, shown = FrameReader(film, as_stored=True), FrameReader(film)
    for frame in (4, 13):
        woven, picture = stored.read(frame).rgb, shown.read(frame).rgb
        assert _teeth(picture) < 0.15 * _teeth(woven)
        bright = np.flatnonzero(picture[64, :, 0] > 128)
        assert abs(float(bright.mean()) - (20 + 8 * frame)) < 2, "the first field's place"
    stored.close()
    shown.close()


def test_the_picture_is_the_same_however_it_was_reached(interlaced_film: Path) -> None:
    film = open_film(interlaced_film)
    in_order = FrameReader(film)
    pictures = [in_order.read(frame).rgb for frame in range(film.frame_count)]
    in_order.close()
    jumping = FrameReader(film, cache_bytes=0)
    for frame in (29, 9, 10, 11, 0, 20, 19, 18, 5):
        assert np.array_equal(jumping.read(frame).rgb, pictures[frame]), frame
    jumping.close()


def test_the_lower_field_comes_first_where_the_film_says_so(interlaced_film: Path, tmp_path: Path) -> None:
    path = tmp_path / "dv.avi"
    with av.open(path, "w") as container:
        video: Any = container.add_stream("dvvideo", rate=25)
        video.width, video.height, video.pix_fmt = 720, 576, "yuv420p"
        first, second = (_moment(shift, width=720, height=576) for shift in (-60, 60))
        container.mux(video.encode(_frame(_woven(first, second, bottom_first=True), "yuv420p")))
        container.mux(video.encode(None))
    film = open_film(path)
    reader = FrameReader(film)
    picture = reader.read(0, limit=(720, 576)).rgb
    reader.close()
    bright = np.flatnonzero(picture[picture.shape[0] // 2, :, 0] > 128) / picture.shape[1] * 720
    assert abs(float(bright.mean()) - 300) < 4


def test_what_is_not_interlaced_is_left_alone(films: FilmShelf) -> None:
    film = open_film(films("mp4").path)
    stored, shown = FrameReader(film, as_stored=True), FrameReader(film)
    for frame in (0, 30, 70):
        assert np.array_equal(stored.read(frame).rgb, shown.read(frame).rgb)
    stored.close()
    shown.close()
