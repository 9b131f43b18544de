"""A picture of every frame: that frame, in the film's colours, within a budget, whatever happens to the file."""

from __future__ import annotations

import random
import shutil
from collections import namedtuple
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from seamline.analysis import proxies_stage
from seamline.analysis.picture_source import PictureSource
from seamline.analysis.pipeline import run_stages
from seamline.analysis.proxies_stage import (
    Proxies,
    ProxyStage,
    delete_proxies,
    proxy_bytes,
    proxy_size,
    quantiser_after,
)
from seamline.analysis.signals import Signals
from seamline.errors import Cancelled, MediaError
from seamline.media.cascade import Cascade, Pictures, PictureSpec
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.pictures import Scaler
from seamline.media.reader import FrameReader
from seamline.progress import CancellableProgress

if TYPE_CHECKING:
    from films import FilmShelf

GIGABYTE = 10**9


def made(film: Film, folder: Path) -> Proxies:
    """The proxies of the whole film."""
    stage = ProxyStage.for_film(film, folder)
    failures = run_stages(
        film, [stage], Signals(film.frame_count), progress=CancellableProgress(), on_block=lambda _: None
    )
    assert failures == []
    assert stage.stored_frames == film.frame_count
    return Proxies.of(film, folder)


@pytest.mark.parametrize(
    "kind", ["mp4", "mp4_rotated", "mp4_variable", "mp4_anamorphic", "ts", "mp4_one_frame"]
)
def test_each_frame_has_its_own_picture(kind: str, films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(films(kind).path)
    proxies = made(film, tmp_path)
    frames = list(range(film.frame_count))
    random.Random(1).shuffle(frames)
    for frame in frames:
        picture = proxies.picture_of(frame)
        assert picture is not None
        assert picture.dtype == np.uint8
        assert picture.shape == (*proxy_size(film)[::-1], 3)
        assert films.read_number(picture) == frame
    assert proxies.picture_of(film.frame_count) is None
    assert proxies.picture_of(-1) is None


def test_sizes_are_even_of_the_films_shape_and_never_larger(films: FilmShelf) -> None:
    film = open_film(films("mp4").path)

    def size(width: int, height: int, rotation: int = 0, aspect: Fraction = Fraction(1)) -> tuple[int, int]:
        info = replace(film.info, width=width, height=height, rotation_deg=rotation, sample_aspect=aspect)
        return proxy_size(replace(film, info=info))

    assert size(1920, 1080) == size(3840, 2160) == (960, 540)
    assert size(1920, 1080, 90) == (304, 540)
    assert size(4096, 1716) == (1280, 536)
    assert size(720, 576, aspect=Fraction(16, 15)) == (720, 540)
    assert size(641, 361) == (640, 360)
    assert size(35, 19) == (34, 18)
    assert size(1, 1) == (2, 2)


@pytest.mark.parametrize(
    ("matrix", "is_full", "size", "rotation"),
    [
        (1, False, (1280, 720), 0),
        (5, False, (1280, 720), 0),
        (1, True, (640, 360), 0),
        (5, True, (640, 360), 0),
        (2, False, (1280, 720), 0),
        (2, False, (640, 360), 90),
        (9, False, (640, 360), 0),
        (5, False, (640, 360), 270),
    ],
)
def test_colours_are_those_of_the_full_picture(
    matrix: int,
    is_full: bool,
    size: tuple[int, int],
    rotation: int,
    films: FilmShelf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proxies_stage, "_BEST_QUANTISER", 8)  # so that what is seen is the conversion alone
    path = tmp_path / "film.mp4"
    options = {"preset": "ultrafast", "crf": "4", "x264-params": f"fullrange={'on' if is_full else 'off'}"}
    films.make_film(
        path,
        frames=2,
        size=size,
        cuts=(),
        rotation_deg=rotation,
        encoding=films.encoding(b_frames=0, options=options),
    )
    film = open_film(path)
    frame = _tagged(film, matrix, is_full)
    full = Scaler(*proxy_size(film)).rgb(frame, rotation_deg=film.info.rotation_deg).astype(int)
    stage = ProxyStage.for_film(film, tmp_path / "kept")
    stage.resume(0, CancellableProgress())
    stage.feed(scaled(film, stage.pictures, frame)[None])
    kept = Proxies.of(film, tmp_path / "kept").picture_of(0)
    assert kept is not None
    picture = kept.astype(int)
    height = full.shape[0]
    # away from the barcode's and the bar's edges, where chroma of a quarter of the pixels bleeds
    flat = (
        slice(int(height * 0.37), int(height * 0.48))
        if not rotation
        else slice(int(height * 0.4), height // 2 - 4)
    )
    difference = picture[flat] - full[flat]
    # what is in another matrix than films of its size are goes by way of RGB
    is_converted = matrix != 2 and matrix != (1 if size[1] >= 720 else 5)
    assert np.abs(np.median(difference, axis=(0, 1))).max() <= (5 if is_converted else 2)
    assert full[flat].std(axis=(0, 1)).max() < 6  # it is one colour, and none that any matrix gives
    assert np.ptp(full[flat].mean(axis=(0, 1))) > 30


def scaled(film: Film, spec: PictureSpec, frame: VideoFrame) -> Pictures:
    return Cascade([spec], rotation_deg=film.info.rotation_deg).scaled(frame, 0)[spec]


def _tagged(film: Film, matrix: int, is_full: bool) -> VideoFrame:
    """The film's first picture, said to be of that matrix and range."""
    with av.open(film.path) as container:
        frame = next(container.decode(video=0))
    frame.colorspace, frame.color_range = matrix, 2 if is_full else 1
    return frame


@pytest.mark.parametrize("pixel_format", ["rgb24", "gray", "yuv444p10le", "yuvj420p", "nv12"])
def test_colours_of_other_pixel_formats(
    pixel_format: str, films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxies_stage, "_BEST_QUANTISER", 8)
    film = open_film(films("mp4").path)
    rgb = np.full((360, 640, 3), (180, 90, 40), np.uint8)
    frame = av.VideoFrame.from_ndarray(rgb, "rgb24").reformat(format=pixel_format)
    size = (320, 180)
    full = Scaler(*size).rgb(frame, rotation_deg=0).astype(int)
    spec = PictureSpec(*size, yuv_matrix=5)
    stage = ProxyStage(tmp_path / "proxies-x.h264s", size, matrix=5)
    stage.resume(0, CancellableProgress())
    stage.feed(scaled(film, spec, frame)[None])
    picture = Proxies(stage.path, matrix=5).picture_of(0)
    assert picture is not None
    assert picture.mean(axis=(0, 1)) == pytest.approx(full.mean(axis=(0, 1)), abs=3)


def test_a_run_that_was_broken_off_goes_on_as_if_it_had_not_been(films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(films("mp4").path)
    whole = made(film, tmp_path / "whole")
    progress = CancellableProgress()
    stage = ProxyStage.for_film(film, tmp_path / "two")
    stage.resume(0, progress)
    with PictureSource(film, [stage.pictures], 0) as source:
        for batch in source.batches():
            if batch is not None:
                stage.feed(batch.pictures(stage.pictures)[:7])
                break
    again = ProxyStage.for_film(film, tmp_path / "two")
    assert again.resume(again.stored_frames, progress).first_picture == 7
    two = made(film, tmp_path / "two")
    for frame in (0, 6, 7, 8, 50, 99):
        one, other = whole.picture_of(frame), two.picture_of(frame)
        assert one is not None
        assert np.array_equal(one, other)


def test_they_can_be_read_while_they_are_written_and_are_gone_when_deleted(
    films: FilmShelf, tmp_path: Path
) -> None:
    film = open_film(films("mp4").path)
    proxies = Proxies.of(film, tmp_path)
    assert proxies.picture_of(0) is None
    stage = ProxyStage.for_film(film, tmp_path)
    stage.resume(0, CancellableProgress())
    grey = np.full((3, *stage.pictures.shape), 128, np.uint8)
    stage.feed(grey)
    assert proxies.picture_of(2) is not None
    assert proxies.picture_of(3) is None  # not the one before it
    stage.feed(grey)
    assert proxies.picture_of(3) is not None
    size = proxy_bytes(tmp_path)
    assert size == stage.path.stat().st_size > 0
    assert delete_proxies(tmp_path) == size
    assert proxy_bytes(tmp_path) == delete_proxies(tmp_path) == 0
    assert proxies.picture_of(2) is None
    with pytest.raises(MediaError, match="were deleted while they were being made"):
        stage.feed(grey)


class TestBudget:
    """`quantiser_after` holds the size below a gigabyte for three hours, whatever the film is like."""

    # bytes of a picture at quantiser 35, and for how many times that at each further step; measured
    @pytest.mark.parametrize("bytes_at_35", [2_000, 8_000, 20_000, 25_000])
    def test_three_hours_stay_below_a_gigabyte(self, bytes_at_35: int) -> None:
        spent = 0
        for number in range(270_000):
            quantiser = quantiser_after(number, spent)
            spent += round(bytes_at_35 * 0.87 ** (quantiser - 35)) + 8
        assert spent < GIGABYTE

    def test_simple_films_stay_at_the_best(self) -> None:
        assert {quantiser_after(number, number * 3_000) for number in range(0, 10**6, 999)} == {35}

    def test_noise_is_softened_until_it_fits(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(proxies_stage, "_BYTES_A_STEP", 20_000)
        monkeypatch.setattr(proxies_stage, "_MEAN_BYTES", 800)
        stage = ProxyStage(tmp_path / "proxies-x.h264s", (192, 108))
        stage.resume(0, CancellableProgress())
        random_ = np.random.default_rng(1)
        sizes = [0]
        for _ in range(40):
            stage.feed(random_.integers(0, 256, (10, 162, 192)).astype(np.uint8))
            sizes.append(stage.path.stat().st_size)
        assert sizes[-1] <= 400 * 800 + 21 * 20_000
        assert np.diff(sizes)[-10:].mean() <= 10 * 800 * 1.1
        assert Proxies(stage.path).picture_of(399) is not None


def test_some_room_is_left_on_the_disk(
    films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others go on, and the user is told in one sentence."""
    film = open_film(films("mp4").path)
    usage = namedtuple("usage", "total used free")(10**12, 10**12 - 10**8, 10**8)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    stage = ProxyStage.for_film(film, tmp_path)
    failures = run_stages(
        film, [stage], Signals(film.frame_count), progress=CancellableProgress(), on_block=lambda _: None
    )
    assert [failure.stage for failure in failures] == ["proxies"]
    assert "pictures for scrubbing cannot be kept" in failures[0].sentence
    assert "free some space there" in failures[0].sentence
    assert proxy_bytes(tmp_path) < 100


def test_large_pictures_make_the_queues_short(films: FilmShelf) -> None:
    """Small ones are as they were: eight batches of 25."""
    film = open_film(films("mp4").path)
    small, large = PictureSpec(48, 27), PictureSpec(960, 540, yuv_matrix=1)

    def batches(specs: list[PictureSpec]) -> list[int]:
        with PictureSource(film, specs, 0) as source:
            return [b.end_frame - b.start_frame for b in source.batches() if b is not None]

    assert batches([small]) == [25] * 4
    lengths = batches([small, large])
    assert sum(lengths) == 100
    # in all: what the source has waiting and in the making, what one stage has, and the one handed over
    with PictureSource(film, [small, large], 0) as source:
        room = source._ahead._queue.maxsize
    assert max(lengths) * (room + 1 + 4 + 1 + 1) * large.bytes <= 64 << 20
    assert max(lengths) * room >= 40


def test_cancelled_before_it_began_leaves_nothing_running(films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(films("mp4").path)
    progress = CancellableProgress()
    progress.cancel()
    with pytest.raises(Cancelled):
        run_stages(
            film,
            [ProxyStage.for_film(film, tmp_path)],
            Signals(film.frame_count),
            progress=progress,
            on_block=lambda _: None,
        )


def test_the_reader_shows_what_the_films_reader_shows(films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(films("mp4_rotated").path)
    proxies, reader = made(film, tmp_path), FrameReader(film)
    try:
        for frame in (0, 30, 99):
            exact = reader.read(frame, limit=proxy_size(film)).rgb.astype(int)
            proxy = proxies.picture_of(frame)
            assert proxy is not None
            height, width = min(exact.shape[0], proxy.shape[0]), min(exact.shape[1], proxy.shape[1])
            assert np.abs(exact[:height, :width] - proxy[:height, :width]).mean() < 12
    finally:
        reader.close()
