"""Proxies of HDR films have the colours of the frames they stand for, whatever the film's primaries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from seamline.analysis.pipeline import run_stages
from seamline.analysis.proxies_stage import Proxies, ProxyStage
from seamline.analysis.signals import Signals
from seamline.media.display import tone_mapped_8bit
from seamline.media.open_film import open_film
from seamline.media.reader import FrameReader
from seamline.media.tone_map import PQ, tone_mapped
from seamline.progress import CancellableProgress

BT709, UNSPECIFIED, BT2020, P3 = 1, 2, 9, 12


@pytest.mark.parametrize("primaries", [BT709, BT2020, P3])
def test_a_small_picture_is_mapped_from_the_films_own_primaries(primaries: int) -> None:
    picture = np.full((4, 4, 3), (140, 70, 60), np.uint8)
    planes = [np.round(picture[..., colour] * (4095 / 255)).astype(np.uint16) for colour in range(3)]
    assert np.array_equal(tone_mapped_8bit(picture, PQ, primaries), tone_mapped(planes, PQ, primaries))


def test_primaries_that_are_not_told_are_those_of_bt2020() -> None:
    picture = np.full((4, 4, 3), (140, 70, 60), np.uint8)
    assert np.array_equal(tone_mapped_8bit(picture, PQ, UNSPECIFIED), tone_mapped_8bit(picture, PQ, BT2020))


@pytest.mark.parametrize("primaries", [BT709, BT2020, P3])
def test_the_proxy_of_an_hdr_film_looks_like_its_frame(tmp_path: Path, primaries: int) -> None:
    path = tmp_path / "hdr.mov"
    _write(path, primaries)
    film = open_film(path)
    assert (film.info.transfer, film.info.primaries) == (PQ, primaries)
    stage = ProxyStage.for_film(film, tmp_path)
    run_stages(
        film, [stage], Signals(film.frame_count), progress=CancellableProgress(), on_block=lambda _: None
    )
    proxy = Proxies.of(film, tmp_path).picture_of(2)
    reader = FrameReader(film)
    exact = reader.read(2).rgb
    reader.close()
    assert proxy is not None
    assert np.abs(np.median(proxy, (0, 1)) - np.median(exact, (0, 1))).max() <= 8


def _write(path: Path, primaries: int) -> None:
    rgb = np.full((720, 1280, 3), (140, 70, 60), np.uint8)  # of the height where BT.709's matrix is usual
    frame = VideoFrame.from_ndarray(rgb, "rgb24").reformat(
        format="yuv422p10le", src_colorspace=0, dst_colorspace=1, dst_color_range=1
    )
    frame.colorspace, frame.color_range, frame.color_trc, frame.color_primaries = 1, 1, PQ, primaries
    with av.open(path, "w") as container:
        video: Any = container.add_stream("prores_ks", rate=24)
        video.width, video.height, video.pix_fmt = 1280, 720, "yuv422p10le"
        context = video.codec_context
        context.color_primaries, context.color_trc, context.colorspace = primaries, PQ, 1
        for number in range(4):
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
