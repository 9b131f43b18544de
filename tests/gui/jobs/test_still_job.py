"""A frame for the clipboard and one for a file do not get in each other's way, and tell what they show."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from seamline.media.decoder import Decoder
from seamline_app.jobs import still_job
from seamline_app.jobs.still_job import StillJob


@pytest.fixture
def stills(qapp):
    job = StillJob()
    yield job
    job.close()


@pytest.fixture
def told(stills) -> list[tuple]:
    heard: list[tuple] = []
    stills.read.connect(lambda image, frame: heard.append(("read", image, frame)))
    stills.written.connect(lambda path, frame: heard.append(("written", path, frame)))
    stills.failed.connect(lambda sentence: heard.append(("failed", sentence)))
    return heard


def test_a_copy_leaves_a_still_that_is_being_written_alone(
    qtbot, stills, told, make_film, painted_number, tmp_path: Path, monkeypatch
) -> None:
    write, is_writing, goes_on = still_job.write_still, threading.Event(), threading.Event()

    def slowly(*arguments, **options):
        is_writing.set()
        assert goes_on.wait(5)
        return write(*arguments, **options)

    monkeypatch.setattr(still_job, "write_still", slowly)
    film, path = make_film(), tmp_path / "still.png"
    stills.write_frame(film, 12, path)
    qtbot.waitUntil(is_writing.is_set)
    stills.read_frame(film, 30)
    qtbot.waitUntil(lambda: len(told) == 1)
    goes_on.set()
    qtbot.waitUntil(lambda: len(told) == 2)
    (kind, image, frame), written = told
    assert (kind, painted_number(image), frame) == ("read", 30, 30)
    assert written == ("written", path, 12)
    assert path.stat().st_size > 0


def test_of_a_frame_that_is_lost_the_one_seen_is_told(
    qtbot, stills, told, make_film, painted_number, tmp_path: Path, monkeypatch
) -> None:
    whole = Decoder._numbered

    def numbered(decoder, *, from_start):
        return (item for item in whole(decoder, from_start=from_start) if item[0] not in range(20, 30))

    monkeypatch.setattr(Decoder, "_numbered", numbered)
    path = tmp_path / "still.png"
    stills.write_frame(make_film(), 25, path)
    qtbot.waitUntil(lambda: told == [("written", path, 19)])
    stills.read_frame(make_film(), 27)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert (painted_number(told[1][1]), told[1][2]) == (19, 19)


def test_what_fails_is_a_sentence(qtbot, stills, told, make_film, tmp_path: Path) -> None:
    stills.write_frame(make_film(), 3, tmp_path / "no folder" / "still.png")
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0][0] == "failed"
