"""Pictures of hits in films that are not open: kept ones first, else decoded; what cannot be read is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.thumbnails_stage import ThumbnailStage
from seamline.errors import MediaError
from seamline.media.open_film import open_film
from seamline.media.reader import FrameReader
from seamline.progress import CancellableProgress
from seamline_app.jobs.hit_pictures import HitPictures, WantedPicture

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from tests.films import FilmShelf


class Seen:
    def __init__(self, job: HitPictures) -> None:
        self.pictures: dict[tuple[str, int], QImage] = {}
        job.ready.connect(self._take)

    def _take(self, fingerprint: str, frame: int, image: QImage) -> None:
        self.pictures[fingerprint, frame] = image


@pytest.fixture
def cache(tmp_path: Path) -> AnalysisCache:
    return AnalysisCache(tmp_path / "cache")


@pytest.fixture
def job(qtbot: QtBot, cache: AnalysisCache) -> Iterator[HitPictures]:
    job = HitPictures(cache)
    yield job
    job.close()


def test_pictures_of_another_film_are_decoded_small(
    job: HitPictures, films: FilmShelf, painted_number: Callable[[QImage], int], qtbot: QtBot
) -> None:
    seen, path = Seen(job), films("mov_timecode").path
    for frame in (40, 3, 71):
        job.request(WantedPicture("other", path, frame))
    qtbot.waitUntil(lambda: len(seen.pictures) == 3)
    for (_, frame), image in seen.pictures.items():
        assert image.width() <= 160
        assert painted_number(image) == frame


def test_what_was_kept_is_taken_as_it_is(
    job: HitPictures, cache: AnalysisCache, films: FilmShelf, qtbot: QtBot, tmp_path: Path
) -> None:
    seen, folder = Seen(job), cache.thumbnail_folder("other")
    folder.mkdir(parents=True)
    image = QImage(160, 90, QImage.Format.Format_RGB32)
    image.fill(QColor("#2060a0"))
    image.save(str(folder / "00000012.jpg"))
    job.request(WantedPicture("other", tmp_path / "gone.mov", 12))  # the film itself is not needed
    qtbot.waitUntil(lambda: ("other", 12) in seen.pictures)
    colour = seen.pictures["other", 12].pixelColor(80, 45)
    assert abs(colour.blue() - 0xA0) < 8


def test_a_film_that_is_gone_keeps_no_other_from_its_pictures(
    job: HitPictures, films: FilmShelf, qtbot: QtBot, tmp_path: Path
) -> None:
    seen = Seen(job)
    job.request(WantedPicture("there", films("mp4").path, 5))
    job.request(WantedPicture("gone", tmp_path / "gone.mov", 5))
    qtbot.waitUntil(lambda: ("there", 5) in seen.pictures)
    assert list(seen.pictures) == [("there", 5)]


def test_where_it_must_be_that_very_frame_one_close_by_will_not_do(
    cache: AnalysisCache,
    films: FilmShelf,
    painted_number: Callable[[QImage], int],
    qtbot: QtBot,
) -> None:
    path = films("mov_timecode").path
    film = open_film(path)
    stage = ThumbnailStage.for_film(film, cache.thumbnail_folder(film.fingerprint))
    stage.resume(0, CancellableProgress())
    shape = 9, stage.pictures.height, stage.pictures.width, 3
    stage.feed(np.full(shape, 90, np.uint8))  # grey, one each half second
    stage.finish()
    for exactly, number in ((False, -1), (True, 25)):
        job = HitPictures(cache, exactly=exactly)
        seen = Seen(job)
        with qtbot.waitSignal(job.ready):
            job.request(WantedPicture(film.fingerprint, path, 25))
        assert painted_number(seen.pictures[film.fingerprint, 25]) == number
        job.close()


def test_the_newest_wish_comes_soon_and_a_bad_frame_keeps_no_other_from_its_picture(
    job: HitPictures, films: FilmShelf, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    path, came = films("mov_timecode").path, list[int]()
    read = FrameReader.read

    def fail(reader: FrameReader, frame: int, **options: Any) -> Any:
        if frame == 25:
            raise MediaError("This frame cannot be decoded.")
        return read(reader, frame, **options)

    def take(_: str, frame: int, __: QImage) -> None:
        if not came:
            job.request(WantedPicture("other", path, 71))
        came.append(frame)

    monkeypatch.setattr(FrameReader, "read", fail)
    job.ready.connect(take)
    for frame in range(30):
        job.request(WantedPicture("other", path, frame))
    qtbot.waitUntil(lambda: len(came) == 30)
    assert came[:3] == [29, 28, 27]
    assert came.index(71) <= 10
    assert set(came) == {*range(30), 71} - {25}
