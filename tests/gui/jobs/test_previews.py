"""Filmstrip and loudness arrive in parts, are kept on disk, and stop when they are told to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from seamline_app.jobs import preview_store
from seamline_app.jobs import previews as module
from seamline_app.jobs.picture_making import Pictures
from seamline_app.jobs.preview_store import PreviewStore
from seamline_app.jobs.previews import Loudness, Previews

STRIP, SOUND = "filmstrip-1.npz", "loudness-1.npz"


class Watched:
    """Previews, and all that they said."""

    def __init__(self, previews: Previews) -> None:
        self.previews = previews
        self.said: list[object] = []
        self.finished = 0
        self.unheard: list[str] = []
        previews.pictures_ready.connect(self.said.append)
        previews.loudness_ready.connect(self.said.append)
        previews.unheard.connect(self.unheard.append)
        previews.finished.connect(self._count)

    def _count(self) -> None:
        self.finished += 1

    @property
    def pictures(self):
        return {
            frame: image for said in self.said if isinstance(said, Pictures) for frame, image in said.pictures
        }

    @property
    def loudness(self):
        return [said for said in self.said if isinstance(said, Loudness)]

    @property
    def rms(self):
        """float32[n] of what was told so far, which must be told without a hole."""
        parts = self.loudness
        ends = [0, *(part.start_frame + len(part.rms) for part in parts)]
        assert [part.start_frame for part in parts] == ends[:-1]
        return np.concatenate([part.rms for part in parts]) if parts else np.zeros(0, np.float32)


@pytest.fixture
def watched(qapp: QApplication) -> Iterator[Watched]:
    made = Watched(Previews())
    yield made
    made.previews.close()


def test_key_frames_and_then_the_sound_of_every_frame(qtbot, watched, make_film, painted_number):
    film = make_film(200, sound=True)
    watched.previews.open(film, None)
    qtbot.waitUntil(lambda: watched.finished == 1)
    assert sorted(watched.pictures) == film.index.keyframes.tolist()
    assert all(painted_number(image) == frame for frame, image in watched.pictures.items())
    assert {image.height() for image in watched.pictures.values()} == {90}
    assert isinstance(watched.said[0], Pictures)
    # samples rise by 1 every 10 ms, 4 a frame
    assert np.allclose(watched.rms, (np.arange(200) * 4 + 2.5) / 32768, atol=2 / 32768)


def test_a_film_without_sound_is_finished_without_loudness(qtbot, watched, make_film):
    watched.previews.open(make_film(), None)
    qtbot.waitUntil(lambda: watched.finished == 1)
    assert watched.loudness == []
    assert watched.unheard == []
    assert watched.pictures


def test_pictures_come_in_parts(qtbot, watched, make_film, monkeypatch):
    monkeypatch.setattr(module, "_EVENTS_EVERY_S", 0)
    watched.previews.open(make_film(200, gop=10), None)
    qtbot.waitUntil(lambda: watched.finished == 1)
    assert len(watched.said) >= 20
    assert watched.said[0].pictures[0][0] == 0


def test_both_are_found_again_without_the_film(qtbot, watched, make_film, painted_number, tmp_path: Path):
    film, folder = make_film(200, sound=True), tmp_path / "new" / "film"
    watched.previews.open(film, folder)
    qtbot.waitUntil(lambda: watched.finished == 1)
    assert sorted(path.name for path in folder.iterdir()) == [STRIP, SOUND]
    first_rms, frames = watched.rms, sorted(watched.pictures)
    watched.said.clear()
    gone = replace(film, info=replace(film.info, path=tmp_path / "gone.mov"))
    watched.previews.open(gone, folder)
    qtbot.waitUntil(lambda: watched.finished == 2)
    assert watched.unheard == []
    assert np.array_equal(watched.rms, first_rms)
    assert sorted(watched.pictures) == frames
    assert all(painted_number(image) == frame for frame, image in watched.pictures.items())


@pytest.mark.parametrize("damage", ["cut", "bytes", "text"])
def test_damaged_files_are_made_again(qtbot, watched, make_film, tmp_path: Path, caplog, damage):
    film = make_film(200, sound=True)
    watched.previews.open(film, tmp_path)
    qtbot.waitUntil(lambda: watched.finished == 1)
    rms, frames = watched.rms, sorted(watched.pictures)
    for name in (STRIP, SOUND):
        whole = (tmp_path / name).read_bytes()
        middle = len(whole) // 2
        (tmp_path / name).write_bytes(
            {"cut": whole[:middle], "bytes": whole[: middle - 40] + b"\x7f" * 80 + whole[middle + 40 :],
             "text": b"no archive"}[damage]
        )  # fmt: skip
    watched.said.clear()
    watched.previews.open(film, tmp_path)
    qtbot.waitUntil(lambda: watched.finished == 2)
    assert caplog.text.count("cannot be used and will be made again") == 2
    assert np.array_equal(watched.rms, rms)
    assert sorted(watched.pictures) == frames
    store = PreviewStore(tmp_path)
    assert len(store.load_loudness(200)[0]) == 200
    assert sorted(store.load_pictures(frames)) == frames


def test_a_picture_that_cannot_be_read_has_all_made_again(
    qtbot, watched, make_film, tmp_path: Path, painted_number
):
    film = make_film(200)
    frames = film.index.keyframes.tolist()
    PreviewStore(tmp_path).save_pictures(dict.fromkeys(frames, b"no picture"))
    watched.previews.open(film, tmp_path)
    qtbot.waitUntil(lambda: watched.finished == 1)
    assert all(painted_number(image) == frame for frame, image in watched.pictures.items())
    assert sorted(watched.pictures) == frames
    assert b"no picture" not in PreviewStore(tmp_path).load_pictures(frames).values()


def test_files_of_another_numbering_are_passed_over(qtbot, watched, make_film, tmp_path: Path):
    watched.previews.open(make_film(200, gop=7, sound=True), tmp_path)
    qtbot.waitUntil(lambda: watched.finished == 1)
    watched.said.clear()
    short = make_film(100, gop=12, sound=True)
    watched.previews.open(short, tmp_path)
    qtbot.waitUntil(lambda: watched.finished == 2)
    assert sorted(watched.pictures) == short.index.keyframes.tolist()
    assert len(watched.rms) == 100


def test_a_sound_that_was_heard_in_part_is_gone_on_with(qtbot, watched, make_film, tmp_path: Path):
    film = make_film(200, sound=True)
    half = np.full(120, 0.5, np.float32)
    PreviewStore(tmp_path).save_loudness(half, half)
    watched.previews.open(film, tmp_path)
    qtbot.waitUntil(lambda: watched.finished == 1)
    assert np.array_equal(watched.rms[:120], half)
    assert np.allclose(watched.rms[120:], (np.arange(120, 200) * 4 + 2.5) / 32768, atol=4 / 32768)
    assert np.array_equal(PreviewStore(tmp_path).load_loudness(200)[1], watched.rms)


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    qtbot, watched, make_film, tmp_path: Path, caplog
):
    (tmp_path / "file").write_text("in the way")
    with caplog.at_level("DEBUG", logger=preview_store.__name__):
        watched.previews.open(make_film(200, sound=True), tmp_path / "file" / "folder")
        qtbot.waitUntil(lambda: watched.finished == 1)
    assert "no folder for" in caplog.text
    assert len(watched.rms) == 200


def test_another_film_takes_the_place_of_the_first(qtbot, watched, make_film):
    for _ in range(10):
        watched.previews.open(make_film(300, gop=2), None)
        watched.previews.open(make_film(size=(120, 120)), None)
    qtbot.waitUntil(lambda: watched.finished > 0)
    qtbot.wait(50)
    assert watched.finished == 1
    assert {image.width() for image in watched.pictures.values()} == {90}


def test_a_film_that_cannot_be_read_leaves_the_rows_empty(qtbot, watched, make_film, tmp_path: Path):
    film = make_film(200, sound=True)
    watched.previews.open(replace(film, info=replace(film.info, path=tmp_path / "gone.mov")), None)
    qtbot.waitUntil(lambda: watched.finished == 1)
    assert watched.said == []
    assert watched.unheard == ["The sound cannot be read"]


def test_closing_in_the_midst_of_work_ends_the_thread(qtbot, watched, make_film, monkeypatch):
    monkeypatch.setattr(module, "_EVENTS_EVERY_S", 0)
    film = make_film(300, gop=2)
    for _ in range(10):
        watched.previews.open(film, None)
        qtbot.waitUntil(lambda: len(watched.said) > 0)
        thread = watched.previews._thread
        began_s = time.monotonic()
        watched.previews.close()
        assert time.monotonic() - began_s < 2
        assert thread.isFinished()
        watched.said.clear()
        qtbot.wait(10)
        assert watched.said == []
        assert watched.finished == 0


def test_closing_without_a_film(watched):
    watched.previews.cancel()
    watched.previews.close()
