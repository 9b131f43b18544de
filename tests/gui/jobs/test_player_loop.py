"""While looping, playing stays in its range, whatever the speed, and sound and picture turn together."""

from __future__ import annotations

import itertools
import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt


def ready(qtbot, seen, film, frame: int, first: int | None, last: int | None) -> None:
    seen.player.open(film)
    seen.player.set_range(first, last)
    seen.player.set_looping(True)
    seen.player.seek(frame)
    qtbot.waitUntil(lambda: seen.player.frame == frame)
    seen.forget()


def turns(frames: list[int], forward: bool = True) -> int:
    return sum((b < a) == forward for a, b in itertools.pairwise(frames))


@pytest.mark.parametrize("speed", [1, 2, -1, -2])
def test_playing_goes_round_in_the_range(qtbot, watch, make_film, speed):
    seen = watch()
    ready(qtbot, seen, make_film(), 25, 20, 34)
    seen.player.play(speed)
    qtbot.waitUntil(lambda: turns(seen.frames, speed > 0) >= 2)
    assert seen.painted == seen.frames
    assert set(seen.frames) <= set(range(20, 35))
    assert {20, 34} <= set(seen.frames) or abs(speed) > 1
    assert seen.player.speed == speed


def test_looping_switched_on_when_the_end_is_reached_but_not_yet_told(qtbot, watch, make_film):
    seen = watch()
    seen.player.open(make_film(), frame=47)
    qtbot.waitUntil(lambda: seen.player.frame == 47)
    worker, at_end = seen.player._threads[0][1], threading.Event()
    worker.stopped.connect(lambda *_: at_end.set(), Qt.ConnectionType.DirectConnection)
    seen.player.play(1)
    assert at_end.wait(5)  # the window is busy meanwhile
    seen.player.set_looping(True)
    seen.forget()
    qtbot.waitUntil(lambda: turns(seen.frames) >= 1)
    assert seen.player.speed == 1
    assert seen.speeds == []


def test_a_turn_takes_as_long_as_its_frames(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film(), 20, 20, 29)
    seen.player.play(1)
    qtbot.waitUntil(lambda: turns(seen.frames) >= 4)
    starts = [at for at, b, a in zip(seen.times_s[1:], seen.frames[1:], seen.frames, strict=False) if b < a]
    assert (starts[-1] - starts[0]) / (len(starts) - 1) == pytest.approx(0.4, abs=0.04)


@pytest.mark.parametrize(("speed", "begins"), [(1, 20), (-1, 34)])
def test_from_outside_it_begins_at_the_ranges_start_or_end(qtbot, watch, make_film, speed, begins):
    seen = watch()
    ready(qtbot, seen, make_film(), 45, 20, 34)
    seen.player.play(speed)
    qtbot.waitUntil(lambda: len(seen.frames) > 2)
    assert seen.frames[0] == begins


def test_seeking_outside_while_playing_comes_back(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film(), 20, 20, 24)
    seen.player.play(1)
    qtbot.waitUntil(lambda: len(seen.frames) > 2)
    seen.forget()
    seen.player.seek(48)
    qtbot.waitUntil(lambda: turns(seen.frames) >= 2)
    assert set(seen.frames) <= {
        *range(20, 25),
        *range(48, 51),
    }  # the machine may be too late to show the sought one
    assert seen.player.speed == 1


def test_the_range_can_change_while_playing(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film(), 5, 0, 10)
    seen.player.play(1)
    qtbot.waitUntil(lambda: turns(seen.frames) >= 1)
    seen.player.set_range(30, 36)
    qtbot.waitUntil(lambda: seen.player.frame == 36)
    seen.forget()
    qtbot.waitUntil(lambda: turns(seen.frames) >= 2)
    assert set(seen.frames) <= set(range(30, 37))
    seen.player.set_looping(False)
    qtbot.waitUntil(lambda: seen.player.frame > 40)
    assert seen.painted == seen.frames


def test_without_ends_the_whole_film_goes_round(qtbot, watch, make_film):
    seen = watch()
    ready(qtbot, seen, make_film(), 44, None, None)
    seen.player.play(1)
    qtbot.waitUntil(lambda: turns(seen.frames) == 1 and seen.player.frame > 2)
    assert 49 in seen.frames
    assert 0 in seen.frames


@pytest.mark.timed
@pytest.mark.parametrize(("last", "speed"), [(20, 1), (21, 1), (20, -8), (20, 0.25)])
def test_a_tiny_range_costs_next_to_nothing(qtbot, watch, make_film, last, speed):
    seen = watch()
    ready(qtbot, seen, make_film(), 20, 20, last)
    qtbot.wait(200)
    seen.player.play(speed)
    qtbot.wait(50)
    began_s, began_cpu_s = time.monotonic(), time.process_time()
    qtbot.wait(400)
    assert (time.process_time() - began_cpu_s) / (time.monotonic() - began_s) < 0.3
    assert set(seen.frames) <= {20, 21}
    assert len(seen.frames) <= 14
    assert seen.player.speed == speed


@pytest.mark.parametrize(("first", "last"), [(20, 29), (0, 1)])
def test_sound_turns_without_a_gap_and_the_picture_with_it(qtbot, watch, make_film, device, first, last):
    seen = watch(find_sink=device.find)
    ready(qtbot, seen, make_film(sound=True), first, first, last)
    seen.player.play(1)
    qtbot.waitUntil(lambda: device.sinks != [] and device.sinks[0].played() > 48_000)
    sink = device.sinks[0]
    # samples rise by 1 every 10 ms from 1, four steps a frame
    turn = np.repeat(np.arange(first * 4 + 1, last * 4 + 5), 480)
    assert np.array_equal(sink.samples[: 2 * len(turn), 0], np.tile(turn, 2))
    heard_frame = (int(sink.samples[sink.played(), 0]) - 1) // 4
    length = last + 1 - first
    assert min((seen.player.frame - heard_frame) % length, (heard_frame - seen.player.frame) % length) <= 2
    assert len(device.sinks) == 1


def test_long_turns_of_sound_repeat_too(qtbot, watch, make_film, device, monkeypatch):
    monkeypatch.setattr("seamline_app.jobs.sound_loop._KEPT_S", 0.0)
    seen = watch(find_sink=device.find)
    ready(qtbot, seen, make_film(sound=True), 20, 20, 24)
    seen.player.play(1)
    qtbot.waitUntil(lambda: device.sinks != [] and sum(map(len, device.sinks[0].written)) > 30_000)
    turn = np.repeat(np.arange(81, 101), 480)
    assert np.array_equal(device.sinks[0].samples[: 3 * len(turn), 0], np.tile(turn, 3))
