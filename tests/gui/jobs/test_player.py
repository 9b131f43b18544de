"""The player shows exactly the frame that it says, whatever is asked of it and however fast."""

from __future__ import annotations

import random
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QThread

from seamline_app.jobs.frame_source import FrameSource


def ready(qtbot, seen, film, **options) -> None:
    """Open `film` and wait for its first picture."""
    seen.player.open(film, **options)
    qtbot.waitUntil(lambda: len(seen.frames) > 0)


def test_an_opened_film_shows_its_first_frame(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film())
    assert seen.frames == [0]
    assert seen.painted == [0]
    assert seen.player.speed == 0


def test_a_film_can_be_opened_at_any_frame(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film(), frame=31)
    assert seen.frames == seen.painted == [31]


def test_every_sought_frame_is_the_one_painted(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film())
    for frame in random.Random(3).sample(range(50), 20):
        seen.player.seek(frame)
        qtbot.waitUntil(lambda frame=frame: seen.player.frame == frame)
    assert seen.painted == seen.frames
    assert len(seen.frames) == 21


def test_of_twenty_rapid_seeks_the_last_one_wins(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film(300, gop=300))
    wishes = [random.Random(5).randrange(300) for _ in range(19)] + [217]
    for frame in wishes:
        seen.player.seek(frame)
    qtbot.waitUntil(lambda: seen.player.frame == 217)
    qtbot.wait(200)
    assert seen.frames[-1] == 217
    assert seen.painted == seen.frames
    assert len(seen.frames) < 20


def test_seeks_beyond_the_film_stop_at_its_ends(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film())
    seen.player.seek(5000)
    qtbot.waitUntil(lambda: seen.player.frame == 49)
    seen.player.seek(-3)
    qtbot.waitUntil(lambda: seen.player.frame == 0)
    assert seen.painted == seen.frames


def test_playing_shows_rising_frames_to_the_last_one_and_stops(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film())
    began_s = time.monotonic()
    with qtbot.waitSignal(seen.player.speed_changed, check_params_cb=lambda speed: speed == 0):
        seen.player.play(1)
    took_s = time.monotonic() - began_s
    assert seen.painted == seen.frames
    assert seen.frames == sorted(set(seen.frames))
    assert seen.frames[-1] == 49
    assert seen.speeds == [1, 0]
    assert took_s == pytest.approx(2, abs=0.4)
    assert seen.player.dropped_frames + len(seen.frames) <= 50


def test_playing_on_from_the_end_begins_at_the_start(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film(), frame=49)
    seen.player.play(1)
    qtbot.waitUntil(lambda: len(seen.frames) > 4)
    assert seen.frames[1] <= 2
    assert seen.painted == seen.frames


def test_seeking_to_the_end_while_playing_stops_there(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film())
    seen.player.play(1)
    qtbot.waitUntil(lambda: seen.player.frame > 3)
    with qtbot.waitSignal(seen.player.speed_changed):
        seen.player.seek(49)
    assert seen.player.frame == 49
    assert seen.player.speed == 0


@pytest.mark.parametrize("gop", [12, 300])
def test_reverse_shows_falling_frames_to_the_first_one_and_stops(qtbot, watch, make_film, gop):
    seen = watch()
    ready(qtbot, seen, make_film(300 if gop == 300 else 50, gop=gop), frame=40)
    qtbot.waitUntil(lambda: seen.player.frame == 40)  # on a busy machine the key frame before it comes first
    seen.forget()
    with qtbot.waitSignal(seen.player.speed_changed, check_params_cb=lambda speed: speed == 0):
        seen.player.play(-1)
    assert seen.painted == seen.frames
    assert seen.frames == sorted(set(seen.frames), reverse=True)
    assert seen.frames[-1] == 0
    assert len(seen.frames) > 20


@pytest.mark.parametrize("speed", [4, -4])
def test_fast_speeds_leave_out_frames_but_keep_the_pace(qtbot, watch, make_film, speed):
    seen = watch()
    film = make_film(300, gop=25)
    ready(qtbot, seen, film, frame=0 if speed > 0 else 299)
    seen.player.play(speed)
    qtbot.waitUntil(lambda: abs(seen.player.frame - seen.frames[0]) > 100)
    film_s = (seen.frames[-1] - seen.frames[1]) / 25
    assert film_s / (seen.times_s[-1] - seen.times_s[1]) == pytest.approx(speed, rel=0.35)
    assert seen.painted == seen.frames


@pytest.mark.timed
def test_variable_rate_is_played_by_the_times_of_its_frames(qtbot, watch, make_film):
    times_ms = [0, 80, 160, 240, 600, 680, 760, 1260, 1340, 1420]
    seen = watch()
    ready(qtbot, seen, make_film(times_ms=times_ms))
    with qtbot.waitSignal(seen.player.speed_changed, check_params_cb=lambda speed: speed == 0):
        seen.player.play(1)
    assert seen.painted == seen.frames
    for first_after_a_gap, gap_s in ((4, 0.36), (7, 0.5)):
        before = [
            at_s for frame, at_s in zip(seen.frames, seen.times_s, strict=True) if frame < first_after_a_gap
        ]
        after = [
            at_s for frame, at_s in zip(seen.frames, seen.times_s, strict=True) if frame >= first_after_a_gap
        ]
        assert after[0] - before[-1] == pytest.approx(gap_s, abs=0.1)
    assert seen.frames[-1] == 9


def test_a_pause_stays_on_the_picture_shown(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film())
    seen.player.play(1)
    qtbot.waitUntil(lambda: seen.player.frame >= 10)
    seen.player.pause()
    qtbot.wait(150)
    frame = seen.player.frame
    qtbot.wait(250)
    assert seen.player.frame == frame
    seen.player.seek(frame + 1)
    qtbot.waitUntil(lambda: seen.player.frame == frame + 1)
    assert seen.painted == seen.frames


def test_pictures_fit_the_limit_and_come_again_when_it_changes(qtbot, watch, make_film):
    seen = watch()
    seen.player.set_limit(120, 120)
    ready(qtbot, seen, make_film(), frame=9)
    seen.player.set_limit(96, 500)
    qtbot.waitUntil(lambda: len(seen.images) == 2)
    assert [(image.width(), image.height()) for image in seen.images] == [(120, 60), (96, 48)]
    assert seen.frames == seen.painted == [9, 9]


def test_a_size_that_is_no_longer_wished_for_is_given_up(qtbot, watch, make_film, monkeypatch):
    """A window's edge is dragged while an exact picture takes long: only the last size is made."""
    seen = watch()
    seen.player.set_limit(240, 240)
    ready(qtbot, seen, make_film(), frame=9)
    read, begun, held = FrameSource.read, threading.Event(), []

    def slowly(self, frame, limit, give_up, **options):
        if threading.current_thread() is not threading.main_thread() and limit[0] in (200, 180, 96):
            begun.set()
            until_s = time.monotonic() + (30 if limit[0] != 96 else 0)
            while time.monotonic() < until_s:
                time.sleep(0.002)
                if give_up():
                    held.append(limit[0])
                    return None
        return read(self, frame, limit, give_up, **options)

    monkeypatch.setattr(FrameSource, "read", slowly)
    monkeypatch.setattr("seamline_app.jobs.behind_worker.BehindWorker._read_one", lambda *_: False)
    seen.player.set_limit(200, 500)
    assert begun.wait(5)
    began_s = time.monotonic()
    seen.player.set_limit(180, 500)
    qtbot.waitUntil(lambda: held == [200])
    seen.player.set_limit(96, 500)
    qtbot.waitUntil(lambda: seen.images[-1].width() == 96)
    assert time.monotonic() - began_s < 5
    assert {image.width() for image in seen.images} == {240, 96}


def test_a_size_that_was_given_up_for_a_pause_comes_all_the_same(qtbot, watch, make_film, monkeypatch):
    seen = watch()
    seen.player.set_limit(240, 240)
    ready(qtbot, seen, make_film(), frame=9)
    read, begun, given_up = FrameSource.read, threading.Event(), threading.Event()

    def slowly(self, frame, limit, give_up, **options):
        if frame == 9 and not given_up.is_set():
            begun.set()
            while not give_up():
                time.sleep(0.002)
            given_up.set()
            return None
        return read(self, frame, limit, give_up, **options)

    monkeypatch.setattr(FrameSource, "read", slowly)
    seen.player.set_limit(96, 500)
    assert begun.wait(5)
    seen.player.pause()
    qtbot.waitUntil(lambda: seen.images[-1].width() == 96)


def test_odd_widths_are_not_sheared(qtbot, watch, make_film):
    seen = watch()
    seen.player.set_limit(121, 500)
    ready(qtbot, seen, make_film(), frame=21)
    assert seen.images[0].width() == 121
    assert seen.painted == [21]


def test_pictures_of_a_film_no_longer_open_never_arrive(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film(300, gop=300))
    seen.player.seek(299)
    seen.player.play(-1)
    seen.forget()
    seen.player.open(make_film(size=(120, 120)), frame=7)
    qtbot.waitUntil(lambda: len(seen.frames) > 0)
    qtbot.wait(100)
    assert seen.frames == seen.painted == [7]
    assert seen.images[0].width() == 120
    assert seen.player.speed == 0


def test_closing_while_playing_ends_the_thread_every_time(qtbot, watch, make_film):
    took_s = []
    seen = watch()
    for count in range(20):
        seen.forget()
        ready(qtbot, seen, make_film(), frame=count + 15)
        seen.player.play((1, -1, 8)[count % 3])
        qtbot.waitUntil(lambda: len(seen.frames) > 2)
        threads = [thread for thread, _ in seen.player._threads]
        began_s = time.monotonic()
        seen.player.close()
        took_s.append(time.monotonic() - began_s)
        assert all(isinstance(thread, QThread) and thread.isFinished() for thread in threads)
        assert seen.player.speed == 0
        seen.forget()
        qtbot.wait(10)
        assert seen.frames == []
    assert sorted(took_s)[10] < 0.5
    assert seen.painted == seen.frames


def test_wishes_to_a_closed_player_are_passed_over(qtbot, watch):
    player = watch().player
    player.seek(3)
    player.play(1)
    player.close()
    assert (player.frame, player.speed, player.film) == (0, 0, None)


def test_a_film_that_vanished_is_a_sentence(qtbot, watch, make_film, tmp_path: Path):
    film = make_film()
    gone = replace(film, info=replace(film.info, path=tmp_path / "gone.mov"))
    seen = watch()
    with qtbot.waitSignal(seen.player.failed):
        seen.player.open(gone)
    assert "gone.mov" in seen.failures[0]
    assert "check the name" in seen.failures[0]
    with qtbot.waitSignal(seen.player.speed_changed, check_params_cb=lambda speed: speed == 0):
        seen.player.play(1)
    ready(qtbot, seen, film)
    assert seen.frames == [0]


def test_what_no_one_thought_of_is_a_sentence_too(qtbot, watch, make_film, monkeypatch, caplog):
    seen = watch()
    ready(qtbot, seen, make_film())
    monkeypatch.setattr(seen.player._threads[0][1].screen.source, "read", lambda *_, **__: 1 / 0)
    with qtbot.waitSignal(seen.player.failed):
        seen.player.seek(5)
    assert "the log has the details" in seen.failures[0]
    assert "ZeroDivisionError" in caplog.text


def test_a_film_cut_short_plays_to_its_end(qtbot, watch, make_film, tmp_path: Path):
    film = make_film()
    short = tmp_path / "short.mov"
    shutil.copy(film.path, short)
    with short.open("r+b") as file:
        file.seek(short.stat().st_size // 3)
        file.write(bytes(2000))
    seen = watch()
    ready(qtbot, seen, replace(film, info=replace(film.info, path=short)))
    with qtbot.waitSignal(seen.player.speed_changed, check_params_cb=lambda speed: speed == 0):
        seen.player.play(2)
    assert seen.player.frame == 49
    assert seen.failures == []
