"""Thumbnails arrive newest first, are kept on disk, and never stand in the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from seamline_app.jobs import thumbnails as module
from seamline_app.jobs.thumbnails import MAX_WAITING, Thumbnails


@pytest.fixture
def thumbnails(qapp: QApplication) -> Iterator[Thumbnails]:
    made = Thumbnails()
    yield made
    made.close()


@pytest.fixture
def arrived(thumbnails: Thumbnails) -> list[tuple[int, QImage]]:
    seen: list[tuple[int, QImage]] = []
    thumbnails.ready.connect(lambda frame, image: seen.append((frame, image)))
    return seen


def test_a_thumbnail_shows_the_frame_asked_for_in_its_box(
    qtbot, thumbnails, arrived, make_film, painted_number
):
    thumbnails.open(make_film(size=(240, 120)), None)
    for frame in (3, 44, 21):
        thumbnails.request(frame)
    qtbot.waitUntil(lambda: len(arrived) == 3)
    assert sorted(frame for frame, _ in arrived) == [3, 21, 44]
    assert all(painted_number(image) == frame for frame, image in arrived)
    assert {(image.width(), image.height()) for _, image in arrived} == {(160, 80)}


def test_the_newest_request_comes_first_and_the_oldest_are_dropped(qtbot, thumbnails, arrived, make_film):
    thumbnails.open(make_film(300, gop=300), None)
    thumbnails.set_paused(True)
    for frame in range(100):
        thumbnails.request(frame)
    qtbot.wait(50)
    assert arrived == []
    thumbnails.set_paused(False)
    qtbot.waitUntil(lambda: len(arrived) == MAX_WAITING)
    qtbot.wait(50)
    assert [frame for frame, _ in arrived] == list(range(99, 99 - MAX_WAITING, -1))


def test_thumbnails_are_kept_and_found_again_without_the_film(
    qtbot, thumbnails, arrived, make_film, painted_number, tmp_path: Path
):
    film, folder = make_film(), tmp_path / "new" / "thumbnails"
    thumbnails.open(film, folder)
    thumbnails.request(37)
    qtbot.waitUntil(lambda: len(arrived) == 1)
    assert [path.name for path in folder.iterdir()] == ["00000037.jpg"]
    thumbnails.close()
    thumbnails.open(replace(film, info=replace(film.info, path=tmp_path / "gone.mov")), folder)
    thumbnails.request(37)
    qtbot.waitUntil(lambda: len(arrived) == 2)
    assert painted_number(arrived[1][1]) == 37


@pytest.mark.no_qt_log  # Qt's reader warns of the damage
def test_a_damaged_file_is_made_again(qtbot, thumbnails, arrived, make_film, painted_number, tmp_path: Path):
    (tmp_path / "00000005.jpg").write_bytes(b"\xff\xd8 no more")
    thumbnails.open(make_film(), tmp_path)
    thumbnails.request(5)
    qtbot.waitUntil(lambda: len(arrived) == 1)
    assert painted_number(arrived[0][1]) == 5
    assert QImage(str(tmp_path / "00000005.jpg")).width() == 160


def test_a_folder_that_cannot_be_written_costs_nothing_but_speed(
    qtbot, thumbnails, arrived, make_film, tmp_path: Path, caplog
):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "00000002.jpg").mkdir()
    said: list[str] = []
    thumbnails.failed.connect(said.append)
    with caplog.at_level("DEBUG", logger=module.__name__):
        thumbnails.open(make_film(), tmp_path / "file" / "thumbnails")
        thumbnails.request(1)
        qtbot.waitUntil(lambda: len(arrived) == 1)
        thumbnails.open(make_film(), tmp_path)
        thumbnails.request(2)
        qtbot.waitUntil(lambda: len(arrived) == 2)
    assert said == []
    assert "no folder for thumbnails" in caplog.text
    assert "was not kept" in caplog.text


def test_another_film_takes_all_requests_away(qtbot, thumbnails, arrived, make_film):
    thumbnails.open(make_film(300, gop=300), None)
    for frame in range(240, 300):
        thumbnails.request(frame)
    thumbnails.open(make_film(size=(120, 120)), None)
    thumbnails.request(4)
    thumbnails.request(50)  # beyond the film
    qtbot.waitUntil(lambda: len(arrived) > 0)
    qtbot.wait(100)
    assert [(frame, image.width()) for frame, image in arrived] == [(4, 90)]


def test_a_film_that_cannot_be_read_is_a_sentence(qtbot, thumbnails, make_film, tmp_path: Path):
    film = make_film()
    thumbnails.open(replace(film, info=replace(film.info, path=tmp_path / "gone.mov")), None)
    with qtbot.waitSignal(thumbnails.failed) as said:
        thumbnails.request(0)
    assert "gone.mov" in said.args[0]


def test_closing_in_the_midst_of_work_ends_the_thread(qtbot, thumbnails, arrived, make_film):
    for _ in range(10):
        thumbnails.open(make_film(300, gop=300), None)
        for frame in range(0, 300, 5):
            thumbnails.request(frame)
        qtbot.waitUntil(lambda: len(arrived) > 0)
        thread = thumbnails._thread
        began_s = time.monotonic()
        thumbnails.close()
        assert time.monotonic() - began_s < 2
        assert thread.isFinished()
        arrived.clear()
        qtbot.wait(10)
        assert arrived == []


def test_requests_before_a_film_are_passed_over(thumbnails):
    thumbnails.request(3)
    thumbnails.set_paused(True)
    thumbnails.close()
