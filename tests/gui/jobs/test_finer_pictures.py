"""The filmstrip gets finer with what the analysis keeps, and single frames come when they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from seamline.analysis.proxies_stage import ProxyStage
from seamline.analysis.thumbnails_stage import ThumbnailStage
from seamline.media.film import Film
from seamline.media.reader import FrameReader
from seamline.progress import CancellableProgress
from seamline_app.jobs import picture_making
from seamline_app.jobs import previews as module
from seamline_app.jobs.picture_making import Pictures
from seamline_app.jobs.previews import Previews
from seamline_widgets import timeline_filmstrip

MakeFilm = Callable[..., Film]


class Watched:
    """Previews, and the pictures that came."""

    def __init__(self, painted_number: Callable[[QImage], int]) -> None:
        self.previews = Previews()
        self.said: list[Pictures] = []
        self._painted_number = painted_number
        self.previews.pictures_ready.connect(self.said.append)

    def frames(self, *, passing: bool) -> list[int]:
        """Frame numbers so far, rising; all must show what they say."""
        found = [pair for said in self.said if said.is_passing == passing for pair in said.pictures]
        assert all(self._painted_number(image) == frame for frame, image in found)
        assert all(image.height() <= 90 for _, image in found)
        return sorted(frame for frame, _ in found)


@pytest.fixture
def watched(qapp: QApplication, painted_number: Callable[[QImage], int]) -> Iterator[Watched]:
    made = Watched(painted_number)
    yield made
    made.previews.close()


@pytest.fixture
def sparse(make_film: MakeFilm) -> Film:
    """200 frames, the first of which is the only key frame."""
    return make_film(200, gop=250)


def _keep_thumbnails(film: Film, folder: Path, end_frame: int) -> None:
    stage = ThumbnailStage.for_film(film, folder)
    done = stage.resume(0, CancellableProgress()).first_picture
    reader = FrameReader(film)
    step = stage.pictures.every_frames
    frames = range(done // step * step, end_frame, step)
    size = (stage.pictures.width, stage.pictures.height)
    stage.feed(np.stack([reader.read(frame, limit=size).rgb for frame in frames]))
    reader.close()


def _keep_proxies(film: Film, folder: Path, end_frame: int) -> None:
    stage = ProxyStage.for_film(film, folder)
    stage.resume(0, CancellableProgress())
    reader = FrameReader(film)
    pictures = [cv2.cvtColor(reader.read(frame).rgb, cv2.COLOR_RGB2YUV_I420) for frame in range(end_frame)]
    stage.feed(np.stack(pictures).astype(np.uint8))
    reader.close()


def test_what_the_analysis_kept_fills_the_strip_when_a_film_is_opened_again(qtbot, watched, sparse, tmp_path):
    _keep_thumbnails(sparse, tmp_path, 200)
    watched.previews.open(sparse, None, tmp_path)
    qtbot.waitUntil(lambda: len(watched.frames(passing=False)) == 18)
    assert watched.frames(passing=False) == sorted(
        [0, *range(0, 200, 12)]
    )  # the key frame, and each half second


def test_it_fills_while_the_analysis_goes_on(qtbot, watched, sparse, tmp_path):
    watched.previews._looking.setInterval(20)
    watched.previews.open(sparse, None, tmp_path)
    qtbot.waitUntil(lambda: watched.frames(passing=False) == [0])
    _keep_thumbnails(sparse, tmp_path, 100)
    for _ in range(5):
        watched.previews.look_again()
    qtbot.waitUntil(lambda: watched.frames(passing=False) == [0, *range(0, 100, 12)])
    _keep_thumbnails(sparse, tmp_path, 200)
    watched.previews.look_again()
    qtbot.waitUntil(lambda: watched.frames(passing=False) == [0, *range(0, 200, 12)])  # each once


def test_of_a_long_film_some_are_left_out(qtbot, watched, sparse, tmp_path, monkeypatch):
    monkeypatch.setattr(picture_making, "MAX_THUMBNAILS", 6)
    _keep_thumbnails(sparse, tmp_path, 200)
    watched.previews.open(sparse, None, tmp_path)
    qtbot.waitUntil(lambda: watched.frames(passing=False) == [0, *range(0, 200, 36)])
    watched.previews.want(((45, 55), (90, 97)))  # those come when they are seen
    qtbot.waitUntil(lambda: watched.frames(passing=True) == [48, 96])


def test_the_strip_of_many_hours_stays_small():
    pictures = module.MAX_PICTURES + picture_making.MAX_THUMBNAILS + timeline_filmstrip._MAX_PASSING
    assert pictures * 160 * 90 * 4 < 150e6


def test_single_frames_are_decoded_without_an_analysis(qtbot, watched, sparse):
    watched.previews.open(sparse, None)
    watched.previews.want(tuple((frame, frame) for frame in (7, 8, 150)))
    qtbot.waitUntil(lambda: watched.frames(passing=True) == [7, 8, 150])


def test_single_frames_come_from_proxies_where_there_are_any(qtbot, watched, sparse, tmp_path, monkeypatch):
    _keep_proxies(sparse, tmp_path, 100)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing is to be decoded")

    monkeypatch.setattr(picture_making, "FrameSource", refuse)
    watched.previews.open(sparse, None, tmp_path)
    watched.previews.want(((61, 61), (62, 62)))
    qtbot.waitUntil(lambda: watched.frames(passing=True) == [61, 62])


def test_what_the_analysis_has_not_reached_comes_when_it_has(qtbot, watched, sparse, tmp_path):
    watched.previews._looking.setInterval(10)
    watched.previews.open(sparse, None, tmp_path)
    watched.previews.want(((100, 120),))
    qtbot.waitUntil(lambda: watched.frames(passing=False) == [0])
    qtbot.wait(100)
    assert watched.frames(passing=True) == []  # a coarse view has nothing decoded that will come by itself
    _keep_thumbnails(sparse, tmp_path, 200)
    watched.previews.look_again()
    qtbot.waitUntil(lambda: watched.frames(passing=True) == [120])


def test_a_short_shot_between_two_kept_pictures_is_decoded(qtbot, watched, sparse, tmp_path):
    _keep_thumbnails(sparse, tmp_path, 200)
    watched.previews.open(sparse, None, tmp_path)
    watched.previews.want(((62, 65),))  # a shot of [62, ...), while 60 and 72 are kept
    qtbot.waitUntil(lambda: watched.frames(passing=True) == [65])


def test_a_newer_wish_takes_the_place_of_an_older(qtbot, watched, make_film):
    film = make_film(300, gop=2)
    watched.previews.open(film, None)
    for first in range(100):
        watched.previews.want(tuple((frame, frame) for frame in range(first, first + 150, 2)))
    watched.previews.want(((299, 299),))
    qtbot.waitUntil(lambda: 299 in watched.frames(passing=True))
    assert len(watched.frames(passing=True)) < 150
    qtbot.wait(50)
    assert watched.said[-1].pictures[-1][0] == 299 or not watched.said[-1].is_passing


def test_nothing_comes_of_the_film_before(qtbot, watched, sparse, make_film, tmp_path):
    _keep_thumbnails(sparse, tmp_path, 200)
    other = make_film(size=(120, 120))
    for _ in range(10):
        watched.previews.open(sparse, None, tmp_path)
        watched.previews.want(((99, 99),))
        watched.previews.open(other, None, tmp_path / "none")
    qtbot.waitUntil(lambda: len(watched.frames(passing=False)) == len(other.index.keyframes))
    qtbot.wait(100)
    assert {image.width() for said in watched.said for _, image in said.pictures} == {90}


def test_pictures_that_are_damaged_are_passed_over(qtbot, watched, sparse, tmp_path):
    _keep_thumbnails(sparse, tmp_path, 200)
    path = ThumbnailStage.for_film(sparse, tmp_path).path
    whole = path.read_bytes()
    path.write_bytes(whole[:-4000] + bytes(2000) + whole[-2000:])
    watched.previews.open(sparse, None, tmp_path)
    watched.previews.want(((190, 190),))
    qtbot.waitUntil(lambda: watched.frames(passing=True) == [190])
    qtbot.waitUntil(lambda: 24 in watched.frames(passing=False))
    assert set(watched.frames(passing=False)) < set(range(0, 200, 12))


def test_a_film_that_is_gone_has_what_was_kept_and_no_more(qtbot, watched, sparse, tmp_path):
    _keep_thumbnails(sparse, tmp_path, 200)
    gone = replace(sparse, info=replace(sparse.info, path=tmp_path / "gone.mov"))
    watched.previews.open(gone, None, tmp_path)
    watched.previews.want(((5, 5), (22, 25)))
    qtbot.waitUntil(lambda: watched.frames(passing=True) == [24])
    qtbot.waitUntil(lambda: watched.frames(passing=False) == list(range(0, 200, 12)))


def test_closing_in_the_midst_of_it_ends_the_thread(qtbot, watched, sparse, tmp_path):
    _keep_thumbnails(sparse, tmp_path, 200)
    for _ in range(10):
        watched.previews.open(sparse, None, tmp_path)
        watched.previews.want(tuple((frame, frame) for frame in range(200)))
        thread = watched.previews._finer._thread
        watched.previews.close()
        assert thread.isFinished()
        watched.said.clear()
        qtbot.wait(5)
        assert watched.said == []
