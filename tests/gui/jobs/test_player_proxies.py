"""While a frame is being decoded its proxy is shown; the exact picture follows, and nothing older than either."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from paper_proxies import PROXY_PX, PaperProxies
from PySide6.QtGui import QImage

from seamline.analysis.pipeline import run_stages
from seamline.analysis.proxies_stage import Proxies, ProxyStage
from seamline.analysis.signals import Signals
from seamline.progress import CancellableProgress
from seamline_app.jobs import screen
from seamline_app.jobs.behind_worker import BehindWorker
from seamline_app.jobs.desk import Desk, Laid, Shown, Wanted
from seamline_app.jobs.frame_source import FrameSource
from seamline_app.jobs.picture_store import PictureStore

EXACT_PX = 240


@pytest.fixture
def slow_reading(monkeypatch):
    """Decoding takes a quarter of a second, looks every hundredth whether it is still wanted, and keeps little."""
    monkeypatch.setattr(screen, "_CACHE_BYTES", 0)
    read = FrameSource.read

    def slowly(self, frame, limit, give_up, **options):
        if not self.has(frame):
            end_s = time.monotonic() + 0.25
            while time.monotonic() < end_s:
                time.sleep(0.01)
                if give_up():
                    return None
        return read(self, frame, limit, give_up, **options)

    monkeypatch.setattr(FrameSource, "read", slowly)


def opened(qtbot, watch, film, proxies):
    seen = watch()
    seen.player.open(film)
    seen.player.use_proxies(proxies)
    qtbot.waitUntil(lambda: EXACT_PX in widths(seen))
    qtbot.wait(50)
    seen.forget()
    if isinstance(proxies, PaperProxies):
        proxies.asked.clear()
    return seen


def widths(seen) -> list[int]:
    return [image.width() for image in seen.images]


def test_the_proxy_comes_at_once_and_the_exact_picture_follows(
    qtbot, watch, make_film, films, slow_reading
) -> None:
    seen = opened(qtbot, watch, make_film(300, gop=300), PaperProxies(films))
    for frame in (250, 40, 299):
        seen.forget()
        began_s = time.monotonic()
        seen.player.seek(frame)
        qtbot.waitUntil(lambda: len(seen.frames) == 2)
        assert seen.frames == seen.painted == [frame, frame]
        assert widths(seen) == [PROXY_PX, EXACT_PX]
        assert seen.player.is_exact
        assert seen.times_s[0] - began_s < 0.2


def test_a_step_shows_it_too(qtbot, watch, make_film, films, slow_reading) -> None:
    seen = opened(qtbot, watch, make_film(300, gop=300), PaperProxies(films))
    seen.player.seek(100)
    qtbot.waitUntil(lambda: seen.frames == [100])
    seen.player.seek(101)
    seen.player.seek(102)
    qtbot.waitUntil(lambda: EXACT_PX in widths(seen))
    assert seen.frames[-1] == seen.painted[-1] == seen.player.frame == 102
    assert set(zip(seen.frames, widths(seen), strict=True)) >= {(102, PROXY_PX), (102, EXACT_PX)}


def test_of_many_rapid_seeks_the_last_wins_and_none_comes_late(
    qtbot, watch, make_film, films, slow_reading
) -> None:
    seen = opened(qtbot, watch, make_film(300, gop=300), PaperProxies(films))
    wishes = random.Random(5).sample(range(300), 40)
    for frame in wishes:
        seen.player.seek(frame)
        qtbot.wait(15)
    qtbot.waitUntil(lambda: widths(seen)[-1:] == [EXACT_PX])
    qtbot.wait(150)
    assert seen.painted == seen.frames
    assert [wishes.index(frame) for frame in seen.frames] == sorted(wishes.index(f) for f in seen.frames)
    assert seen.frames[-2:] == [wishes[-1]] * 2
    assert widths(seen)[-1] == EXACT_PX
    assert widths(seen).count(PROXY_PX) >= 20  # the scrub followed the hand
    assert widths(seen).count(EXACT_PX) <= 4  # but for those that are kept from before


def test_a_frame_that_was_decoded_lately_is_exact_at_once(qtbot, watch, make_film, films) -> None:
    proxies = PaperProxies(films)
    seen = opened(qtbot, watch, make_film(), proxies)
    seen.player.seek(30)
    qtbot.waitUntil(lambda: EXACT_PX in widths(seen))
    seen.player.seek(25)  # decoded on the way
    qtbot.waitUntil(lambda: seen.player.frame == 25)
    qtbot.wait(100)
    assert 25 not in proxies.asked
    assert [w for f, w in zip(seen.frames, widths(seen), strict=True) if f == 25] == [EXACT_PX]


def test_where_there_is_no_proxy_yet_all_is_as_without(qtbot, watch, make_film, films) -> None:
    seen = opened(qtbot, watch, make_film(), PaperProxies(films, known=range(20)))
    seen.player.seek(40)
    qtbot.waitUntil(lambda: seen.frames == [40])
    qtbot.wait(50)
    assert widths(seen) == [EXACT_PX]


def test_another_film_has_none_of_the_one_before(qtbot, watch, make_film, films) -> None:
    proxies = PaperProxies(films)
    seen = opened(qtbot, watch, make_film(), proxies)
    seen.player.open(make_film(60))
    qtbot.waitUntil(lambda: seen.player.frame == 0 and len(seen.frames) > 0)
    seen.player.seek(44)
    qtbot.waitUntil(lambda: seen.player.frame == 44)
    assert proxies.asked == []


def test_playing_shows_exact_pictures_alone(qtbot, watch, make_film, films) -> None:
    seen = opened(qtbot, watch, make_film(), PaperProxies(films))
    seen.player.play(1)
    qtbot.waitUntil(lambda: seen.player.frame > 20)
    seen.player.pause()
    assert set(widths(seen)) == {EXACT_PX}


def test_a_proxy_that_fails_costs_nothing_but_itself(
    qtbot, watch, make_film, films, monkeypatch, caplog
) -> None:
    proxies = PaperProxies(films)
    seen = opened(qtbot, watch, make_film(), proxies)
    monkeypatch.setattr(proxies, "picture_of", lambda frame: 1 // 0)
    seen.player.seek(44)
    qtbot.waitUntil(lambda: seen.player.frame == 44)
    assert widths(seen) == [EXACT_PX]
    assert seen.failures == []


def test_the_proxies_that_an_analysis_keeps(qtbot, watch, make_film, tmp_path: Path, slow_reading) -> None:
    film = make_film(300, gop=300)
    stage = ProxyStage.for_film(film, tmp_path)
    run_stages(film, [stage], Signals(300), progress=CancellableProgress(), on_block=lambda _: None)
    seen = opened(qtbot, watch, film, Proxies.of(film, tmp_path))
    for frame in (299, 7, 150):
        seen.forget()
        seen.player.seek(frame)
        qtbot.waitUntil(lambda: len(seen.frames) == 2)
        assert seen.frames == seen.painted == [frame, frame]


def test_the_desk_tells_what_became_of_a_picture(make_film) -> None:
    desk = Desk(Wanted(1, make_film()))

    def put(seek_id: int, *, is_proxy: bool = False, playing: bool = False) -> Laid:
        return desk.put(Shown(1, seek_id, 7, QImage(), is_proxy, playing=playing))

    assert put(1) is Laid.FIRST
    assert put(1, playing=True) is Laid.OVER_OTHER
    assert put(1, playing=True) is Laid.OVER_PLAYED
    desk.take()
    assert put(3, is_proxy=True) is Laid.FIRST
    assert put(2, playing=True) is Laid.TOO_LATE
    assert put(3, playing=True) is Laid.OVER_OTHER


def test_a_seek_while_playing_leaves_out_no_frame(qapp, make_film, films) -> None:
    """The proxy of the frame sought lies on the desk before the last played picture does."""
    film = make_film()
    desk, store = Desk(Wanted(1, film, seek_id=1, speed=1.0)), PictureStore()
    shower = screen.Screen(desk, store, BehindWorker(desk, store))
    shower.wanted = desk.wanted
    shower.open(film)

    def show(frame: int) -> int:
        shower.show(frame, lambda: False, speed=1.0)
        return desk.dropped_frames

    assert show(5) == 0
    desk.take()
    desk.put(Shown(1, 2, 30, QImage(), is_proxy=True))
    assert show(6) == 0  # comes too late
    shower.wanted = desk.want(seek_id=2, frame=30)
    assert show(30) == 0  # in place of the proxy
    assert show(31) == 1  # the window was too busy for 30
    shower.close()


def test_the_desk_takes_nothing_that_comes_too_late(make_film) -> None:
    desk = Desk(Wanted(1, make_film()))

    def shown(seek_id: int, *, is_proxy: bool = False, job: int = 1) -> Shown:
        return Shown(job, seek_id, 7, QImage(), is_proxy)

    def taken(picture: Shown) -> bool:
        desk.put(picture)
        return desk.take() is picture

    assert taken(shown(1, is_proxy=True))
    assert taken(shown(1))
    assert taken(shown(1))  # playing on
    assert not taken(shown(1, is_proxy=True))
    assert taken(shown(3, is_proxy=True))
    assert not taken(shown(2))
    assert not taken(shown(2, is_proxy=True))
    assert taken(shown(3))
    assert taken(shown(0, job=2))
    assert not taken(shown(9))
