"""Pictures for the review: proxies at once, exact ones after them, the newest request alone, the next ones ahead."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from paper_proxies import PaperProxies
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from seamline.errors import MediaError
from seamline_app.jobs.frame_source import FrameSource
from seamline_app.jobs.review_pictures import KEPT_BYTES, ReviewPictures, _Kept

LIMIT = (160, 160)


class Arrived(list[tuple[int, QImage, bool]]):
    """What came, in order."""

    def of(self, *, exact: bool) -> list[int]:
        return [frame for frame, _, is_exact in self if is_exact is exact]


def has(pictures: ReviewPictures, frame: int) -> bool:
    """Whether some picture of `frame` can be had without waiting."""
    return pictures._kept.get(frame) is not None


@pytest.fixture
def pictures(qapp: QApplication) -> Iterator[ReviewPictures]:
    made = ReviewPictures(exact_after_ms=20)
    yield made
    made.close()


@pytest.fixture
def arrived(pictures: ReviewPictures) -> Arrived:
    seen = Arrived()
    pictures.ready.connect(lambda frame, image, is_exact: seen.append((frame, image, is_exact)))
    return seen


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The frames that decoding was begun for, in order."""
    begun: list[int] = []
    read = FrameSource.read

    def watched(self, frame, limit, give_up):
        begun.append(frame)
        return read(self, frame, limit, give_up)

    monkeypatch.setattr(FrameSource, "read", watched)
    return begun


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Decoding takes until this is set, or until it is given up."""
    opened = threading.Event()
    read = FrameSource.read

    def held(self, frame, limit, give_up):
        while not opened.wait(0.005):
            if give_up():
                return None
        return read(self, frame, limit, give_up)

    monkeypatch.setattr(FrameSource, "read", held)
    return opened


def test_pictures_are_those_of_the_frames_in_their_box(
    qtbot, pictures, arrived, make_film, painted_number
) -> None:
    pictures.open(make_film(size=(240, 120)))
    pictures.request((24, 25, 26), LIMIT)
    qtbot.waitUntil(lambda: len(arrived) == 3)
    assert [(frame, painted_number(image)) for frame, image, _ in arrived] == [(f, f) for f in (24, 25, 26)]
    assert all(is_exact for _, _, is_exact in arrived)
    assert {(image.width(), image.height()) for _, image, _ in arrived} == {(160, 80)}


def test_proxies_come_at_once_and_exact_pictures_follow(
    qtbot, pictures, arrived, make_film, films, painted_number, gate
) -> None:
    pictures.open(make_film())
    pictures.use_proxies(PaperProxies(films))
    pictures.request((24, 25, 26), (100, 100))
    qtbot.waitUntil(lambda: arrived.of(exact=False) == [24, 25, 26])
    gate.set()
    qtbot.waitUntil(lambda: arrived.of(exact=True) == [24, 25, 26])
    assert all(painted_number(image) == frame for frame, image, _ in arrived)
    assert {image.width() for _, image, _ in arrived} == {100}


def test_where_a_proxy_is_missing_decoding_begins_at_once(qapp, qtbot, make_film, films) -> None:
    patient = ReviewPictures(exact_after_ms=60_000)
    arrived = Arrived()
    patient.ready.connect(lambda frame, image, is_exact: arrived.append((frame, image, is_exact)))
    patient.open(make_film())
    patient.use_proxies(PaperProxies(films, known=range(25)))
    patient.request((24, 25, 26), LIMIT)
    qtbot.waitUntil(lambda: arrived.of(exact=True) == [24, 25, 26])
    patient.close()


def test_a_newer_request_takes_the_place_of_the_older(qtbot, pictures, arrived, make_film, gate) -> None:
    pictures.open(make_film(300, gop=300))
    pictures.request((280, 281, 282), LIMIT)
    qtbot.wait(20)
    for first in (100, 200, 40):
        pictures.request((first, first + 1, first + 2), LIMIT)
    gate.set()
    qtbot.waitUntil(lambda: len(arrived) == 3)
    qtbot.wait(100)
    assert arrived.of(exact=True) == [40, 41, 42]


def test_going_on_at_once_decodes_nothing_of_what_was_passed(qtbot, make_film, films, qapp, decoded) -> None:
    pictures = ReviewPictures(exact_after_ms=100)
    arrived = Arrived()
    pictures.ready.connect(lambda frame, image, is_exact: arrived.append((frame, image, is_exact)))
    pictures.open(make_film(300, gop=300))
    pictures.use_proxies(PaperProxies(films))
    for first in range(10, 250, 30):
        pictures.request((first, first + 1, first + 2), LIMIT)
        qtbot.waitUntil(lambda first=first: arrived.of(exact=False)[-1:] == [first + 2], timeout=90)
    qtbot.waitUntil(lambda: len(arrived.of(exact=True)) == 3)
    assert set(decoded) == {220, 221, 222}
    pictures.close()


def test_what_was_fetched_ahead_is_there_when_the_request_returns(
    qtbot, pictures, arrived, make_film, films, painted_number
) -> None:
    pictures.open(make_film())
    pictures.request((10, 11, 12), LIMIT)
    pictures.prefetch((30, 31, 32, 12, 99))  # one is wanted anyhow, one lies beyond the film
    qtbot.waitUntil(lambda: all(has(pictures, frame) for frame in (30, 31, 32)))
    assert arrived.of(exact=True) == [10, 11, 12]  # nobody asked for the others yet
    qtbot.wait(20)
    arrived.clear()
    pictures.request((30, 31, 32), LIMIT)
    assert [(frame, painted_number(image), exact) for frame, image, exact in arrived] == [
        (f, f, True) for f in (30, 31, 32)
    ]
    qtbot.wait(50)
    assert len(arrived) == 3


def test_what_is_wanted_comes_before_what_may_be(qtbot, pictures, arrived, make_film, decoded) -> None:
    pictures.open(make_film(300, gop=300))
    pictures.set_paused(True)
    pictures.request((10, 11, 12), LIMIT)
    pictures.prefetch((200, 201, 202))
    pictures.set_paused(False)
    qtbot.waitUntil(lambda: has(pictures, 202))
    assert decoded == [10, 11, 12, 200, 201, 202]


def test_a_request_breaks_off_what_is_fetched_ahead(qtbot, pictures, arrived, make_film, monkeypatch) -> None:
    read, given_up = FrameSource.read, []

    def slowly(self, frame, limit, give_up):
        if frame >= 200:
            while not give_up():
                time.sleep(0.002)
            given_up.append(frame)
            return None
        return read(self, frame, limit, give_up)

    monkeypatch.setattr(FrameSource, "read", slowly)
    pictures.open(make_film(300, gop=300))
    pictures.request((10, 11, 12), LIMIT)
    pictures.prefetch((200,))
    qtbot.waitUntil(lambda: len(arrived) == 3)
    qtbot.wait(20)
    pictures.request((50, 51, 52), LIMIT)
    qtbot.waitUntil(lambda: arrived.of(exact=True)[3:] == [50, 51, 52])
    assert given_up == [200]


def test_while_the_film_plays_nothing_is_decoded_and_proxies_are_shown(
    qtbot, pictures, arrived, make_film, films, decoded
) -> None:
    pictures.open(make_film())
    pictures.use_proxies(PaperProxies(films))
    pictures.set_paused(True)
    pictures.request((24, 25, 26), LIMIT)
    qtbot.waitUntil(lambda: arrived.of(exact=False) == [24, 25, 26])
    qtbot.wait(80)
    assert decoded == []
    pictures.set_paused(False)
    qtbot.waitUntil(lambda: arrived.of(exact=True) == [24, 25, 26])


def test_a_pause_in_the_midst_gives_up_and_goes_on_later(qtbot, pictures, arrived, make_film, gate) -> None:
    pictures.open(make_film())
    pictures.request((24,), LIMIT)
    qtbot.wait(20)
    pictures.set_paused(True)
    qtbot.wait(20)
    gate.set()
    qtbot.wait(50)
    assert arrived == []
    pictures.set_paused(False)
    qtbot.waitUntil(lambda: arrived.of(exact=True) == [24])


def test_another_size_shows_what_there_is_until_it_is_made(qtbot, pictures, arrived, make_film) -> None:
    pictures.open(make_film(size=(240, 120)))
    pictures.request((24,), (80, 80))
    qtbot.waitUntil(lambda: len(arrived) == 1)
    pictures.request((24,), LIMIT)
    assert [(image.width(), exact) for _, image, exact in arrived] == [(80, True), (80, False)]
    qtbot.waitUntil(lambda: len(arrived) == 3)
    assert (arrived[2][1].width(), arrived[2][2]) == (160, True)


def test_only_so_many_bytes_are_kept(qtbot, pictures, arrived, make_film, monkeypatch) -> None:
    monkeypatch.setattr("seamline_app.jobs.review_pictures.KEPT_BYTES", 50 * 16 * 8 * 3)
    pictures.open(make_film(300, gop=300))
    for first in range(0, 120, 40):
        pictures.request(range(first, first + 40), (16, 16))
        qtbot.waitUntil(lambda first=first: len(arrived) == first + 40)
    kept = [frame for frame in range(300) if has(pictures, frame)]
    assert kept == list(range(70, 120))
    pictures.prefetch(range(200, 290))
    qtbot.waitUntil(lambda: has(pictures, 224))
    qtbot.wait(50)
    assert [frame for frame in range(200, 300) if has(pictures, frame)] == list(range(200, 225))


def test_large_pictures_do_not_fill_the_memory() -> None:
    kept = _Kept()
    large = QImage(2000, 2000, QImage.Format.Format_RGB888)
    for frame in range(40):
        kept.put(frame % 35, large, (2000, 2000), True)
    count = sum(kept.get(frame) is not None for frame in range(35))
    assert count == KEPT_BYTES // large.sizeInBytes()
    kept.clear()
    kept.put(1, QImage(12_000, 12_000, QImage.Format.Format_RGB888), (12_000, 12_000), True)
    assert kept.get(1) is not None  # what is looked at stays


def test_what_is_asked_for_again_on_its_way_is_made_once(
    qtbot, pictures, arrived, make_film, monkeypatch
) -> None:
    read, begun, opened = FrameSource.read, [], threading.Event()

    def held(self, frame, limit, give_up):
        begun.append(frame)
        while not opened.wait(0.005):
            if give_up():
                return None
        return read(self, frame, limit, give_up)

    monkeypatch.setattr(FrameSource, "read", held)
    pictures.open(make_film())
    pictures.request((24, 25), LIMIT)
    qtbot.waitUntil(lambda: begun == [24])
    pictures.request((24, 25), LIMIT)
    opened.set()
    qtbot.waitUntil(lambda: arrived.of(exact=True) == [24, 25])
    qtbot.wait(60)
    assert begun == [24, 25]
    assert len(arrived) == 2
    # one that is passed by and asked for again is begun anew
    opened.clear()
    pictures.request((40,), LIMIT)
    qtbot.waitUntil(lambda: begun[2:] == [40])
    pictures.request((5,), LIMIT)
    qtbot.waitUntil(lambda: begun[3:] == [5])
    pictures.request((40,), LIMIT)
    opened.set()
    qtbot.waitUntil(lambda: arrived.of(exact=True)[2:] == [40])


def test_where_decoding_fails_the_proxy_stays(
    qtbot, pictures, arrived, make_film, films, monkeypatch
) -> None:
    def gone(*_):
        raise MediaError("The film is gone.")

    said: list[str] = []
    pictures.failed.connect(said.append)
    monkeypatch.setattr(FrameSource, "read", gone)
    pictures.open(make_film())
    pictures.use_proxies(PaperProxies(films))
    pictures.request((24,), LIMIT)
    qtbot.waitUntil(lambda: len(said) == 1)
    qtbot.wait(50)
    assert [(frame, image.isNull(), exact) for frame, image, exact in arrived] == [(24, False, False)]
    pictures.request((24,), LIMIT)  # it is tried again
    qtbot.waitUntil(lambda: len(said) == 2)


def test_nothing_of_another_film_arrives(qtbot, pictures, arrived, make_film, films, gate) -> None:
    pictures.open(make_film(300, gop=300))
    pictures.use_proxies(proxies := PaperProxies(films))
    pictures.request((280, 281, 282), LIMIT)
    pictures.open(make_film(size=(120, 120)))
    assert not has(pictures, 280)
    proxies.asked.clear()
    gate.set()
    pictures.request((4, 60), LIMIT)  # the film has 50 frames
    qtbot.waitUntil(lambda: len(arrived) > 0)
    qtbot.wait(100)
    assert [(frame, image.width(), exact) for frame, image, exact in arrived] == [(4, 120, True)]
    assert proxies.asked == []


@pytest.mark.parametrize("fault", ["no proxies", "a fault"])
def test_a_proxy_that_fails_costs_nothing_but_itself(
    qtbot, pictures, arrived, make_film, fault, caplog
) -> None:
    class Broken:
        def picture_of(self, frame: int):
            if fault == "a fault":
                raise ZeroDivisionError
            return

    said: list[str] = []
    pictures.failed.connect(said.append)
    pictures.open(make_film())
    pictures.use_proxies(Broken())  # type: ignore[arg-type]
    pictures.request((24, 25), LIMIT)
    qtbot.waitUntil(lambda: arrived.of(exact=True) == [24, 25])
    assert said == []


def test_a_film_that_cannot_be_read_gives_empty_pictures_and_a_sentence(
    qtbot, pictures, arrived, make_film, tmp_path: Path
) -> None:
    film = make_film()
    said: list[str] = []
    pictures.failed.connect(said.append)
    pictures.open(replace(film, info=replace(film.info, path=tmp_path / "gone.mov")))
    pictures.request((3, 4), LIMIT)
    qtbot.waitUntil(lambda: len(arrived) == 2)
    assert all(image.isNull() and is_exact for _, image, is_exact in arrived)
    assert "gone.mov" in said[0]
    assert not has(pictures, 3)  # it may be read another time


def test_closing_in_the_midst_of_work_ends_the_threads(qtbot, pictures, arrived, make_film, films) -> None:
    for _ in range(5):
        pictures.open(make_film(300, gop=300))
        pictures.use_proxies(PaperProxies(films))
        pictures.request((280, 281, 282), LIMIT)
        pictures.prefetch(range(100, 130))
        qtbot.waitUntil(lambda: len(arrived) > 0)
        threads = [thread for thread, _ in pictures._threads]
        began_s = time.monotonic()
        pictures.close()
        assert time.monotonic() - began_s < 2
        assert all(thread.isFinished() for thread in threads)
        arrived.clear()
        qtbot.wait(10)
        assert arrived == []


def test_without_a_film_nothing_is_done(pictures) -> None:
    pictures.request((1,), LIMIT)
    pictures.prefetch((1,))
    pictures.use_proxies(None)
    pictures.set_paused(True)
    assert not has(pictures, 1)
    pictures.close()
