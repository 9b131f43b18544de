"""The store gives pictures of the film that is open, in the size that is wished for, and of nothing else."""

from __future__ import annotations

import threading

from PySide6.QtGui import QImage

from seamline_app.jobs.frame_source import FramePicture
from seamline_app.jobs.picture_store import PictureStore

SIZE = (240, 240)


def test_another_film_or_size_takes_the_place() -> None:
    store = PictureStore()
    first, second = FramePicture(QImage(), 3), FramePicture(QImage(), 3)
    store.put((1, SIZE), 3, first)
    assert store.get((1, SIZE), 3) is first
    for other in ((2, SIZE), (1, (96, 96))):
        assert store.get(other, 3) is None
        assert not store.has(other, 3)
    store.put((2, SIZE), 3, second)
    store.put((1, SIZE), 4, first)  # from a thread that has not heard of it
    assert store.get((2, SIZE), 3) is second
    assert not store.has((1, SIZE), 4)
    assert not store.has((2, SIZE), 4)


def test_a_picture_that_was_being_read_when_another_film_was_opened_is_never_shown(
    qtbot, watch, make_film, monkeypatch
) -> None:
    seen = watch()
    is_putting, goes_on, has_put = threading.Event(), threading.Event(), threading.Event()
    frames: list[int] = []
    put = PictureStore.put

    def held(self, *arguments):
        if not is_putting.is_set():
            frames.append(next(each for each in arguments if isinstance(each, int)))
            is_putting.set()
            goes_on.wait(5)
            put(self, *arguments)
            has_put.set()
        else:
            put(self, *arguments)

    monkeypatch.setattr(PictureStore, "put", held)
    seen.player.open(make_film(60, gop=12, size=(240, 120)), frame=20)
    qtbot.waitUntil(is_putting.is_set)
    seen.player.open(make_film(300, gop=25, size=(120, 120)), frame=250)
    qtbot.waitUntil(lambda: seen.player.frame == 250)
    goes_on.set()
    assert has_put.wait(5)
    seen.forget()
    seen.player.seek(frames[0])
    qtbot.waitUntil(lambda: seen.player.frame == frames[0])
    assert {image.width() for image in seen.images} == {120}
