"""Sound leads the picture where there is a device; where there is none, the film plays silently."""

from __future__ import annotations

import numpy as np
import pytest

from seamline.errors import MediaError
from seamline_app.jobs import play_sound
from seamline_app.jobs.sound import DEVICE_LOST, NO_DEVICE, NO_SOUND_TRACK, find_speaker


def playing(qtbot, seen, film, *, frame: int = 0) -> None:
    seen.player.open(film, frame=frame)
    qtbot.waitUntil(lambda: len(seen.frames) > 0)
    seen.player.play(1)


def stopped(qtbot, seen) -> None:
    qtbot.waitUntil(lambda: seen.player.speed == 0)


def test_without_a_device_the_film_plays_silently(qtbot, watch, make_film):
    seen = watch()
    playing(qtbot, seen, make_film(25, sound=True))
    stopped(qtbot, seen)
    assert seen.sound == [NO_DEVICE]
    assert seen.failures == []
    assert seen.frames[-1] == 24


def test_a_film_without_sound_says_so(qtbot, watch, make_film, device):
    seen = watch(find_sink=device.find)
    playing(qtbot, seen, make_film(25))
    stopped(qtbot, seen)
    assert seen.sound == [NO_SOUND_TRACK]
    assert device.sinks == []


def test_what_was_said_of_a_film_without_sound_is_taken_back_with_the_next_film(
    qtbot, watch, make_film, device
):
    seen = watch(find_sink=device.find)
    seen.player.open(make_film(25))
    qtbot.waitUntil(lambda: seen.sound == [NO_SOUND_TRACK])
    seen.player.open(make_film(50, sound=True))
    assert seen.sound == [NO_SOUND_TRACK, ""]


@pytest.mark.parametrize("pace", [0.7, 1.0, 1.3])
def test_the_picture_follows_the_sound_device(qtbot, watch, make_film, device, pace):
    device.pace = pace
    seen = watch(find_sink=device.find)
    playing(qtbot, seen, make_film(50, sound=True))
    stopped(qtbot, seen)
    assert seen.painted == seen.frames
    assert seen.frames[-1] == 49
    settled = next(n for n, frame in enumerate(seen.frames) if frame >= 10)
    film_s = (seen.frames[-1] - seen.frames[settled]) / 25
    assert film_s / (seen.times_s[-1] - seen.times_s[settled]) == pytest.approx(pace, rel=0.12)


def test_sound_starts_at_the_frame_shown_and_after_a_seek_at_the_frame_sought(
    qtbot, watch, make_film, device
):
    seen = watch(find_sink=device.find)
    playing(qtbot, seen, make_film(50, sound=True), frame=5)
    qtbot.waitUntil(lambda: seen.player.frame > 9)
    seen.player.seek(30)
    qtbot.waitUntil(lambda: seen.player.frame > 33)
    seen.player.pause()
    qtbot.waitUntil(lambda: device.sinks[-1].stopped)
    assert all(sink.stopped for sink in device.sinks)
    first, second = (sink.samples for sink in device.sinks)
    # samples rise by 1 every 10 ms from 1; frame 5 is at 200 ms, frame 30 at 1200 ms
    assert np.array_equal(first[:9600, 0], np.repeat(np.arange(21, 41), 480))
    assert np.array_equal(second[:9600, 1], np.repeat(np.arange(121, 141), 480))


def test_only_normal_speed_has_sound(qtbot, watch, make_film, device):
    seen = watch(find_sink=device.find)
    seen.player.open(make_film(50, sound=True))
    seen.player.play(2)
    stopped(qtbot, seen)
    assert device.sinks == []
    assert seen.sound == []


def test_a_device_that_wakes_late_is_caught_up_with(qtbot, watch, make_film, device):
    device.wakes_after_s = 0.6
    seen = watch(find_sink=device.find)
    playing(qtbot, seen, make_film(50, sound=True))
    qtbot.waitUntil(lambda: seen.player.frame >= 30)
    sink = device.sinks[0]
    heard_s = sink.samples[sink.played()][0] / 100
    assert heard_s == pytest.approx(seen.player.frame / 25, abs=0.1)
    # what lay in its buffer while it slept was not heard
    assert sink.volumes == [1, 0, 1]


def test_a_device_that_fails_leaves_the_picture_playing(qtbot, watch, make_film, device):
    device.fails = True
    seen = watch(find_sink=device.find)
    playing(qtbot, seen, make_film(25, sound=True))
    stopped(qtbot, seen)
    assert seen.sound == [DEVICE_LOST]
    assert seen.frames[-1] == 24
    assert seen.failures == []


def test_sound_that_cannot_be_decoded_leaves_the_picture_playing(
    qtbot, watch, make_film, device, monkeypatch
):
    class Broken(play_sound.SoundDecoder):
        def read(self, count):
            raise MediaError("The sound of “x” cannot be decoded: convert it to AAC or PCM.")

    monkeypatch.setattr(play_sound, "SoundDecoder", Broken)
    seen = watch(find_sink=device.find)
    playing(qtbot, seen, make_film(25, sound=True))
    stopped(qtbot, seen)
    assert seen.sound == ["The sound of “x” cannot be decoded: convert it to AAC or PCM. Playing silently."]
    assert seen.frames[-1] == 24
    assert seen.failures == []


def test_volume_and_mute_reach_the_device(qtbot, watch, make_film, device):
    seen = watch(find_sink=device.find)
    seen.player.set_volume(0.5)
    playing(qtbot, seen, make_film(50, sound=True))
    qtbot.waitUntil(lambda: len(device.sinks) == 1)
    seen.player.set_muted(True)
    qtbot.waitUntil(lambda: device.sinks[0].volumes[-1] == 0)
    seen.player.set_volume(7)
    seen.player.set_muted(False)
    qtbot.waitUntil(lambda: device.sinks[0].volumes[-1] == 1)
    assert device.sinks[0].volumes[0] == 0.5
    assert seen.player.speed == 1


@pytest.mark.no_qt_log  # Qt itself warns of sound libraries that a machine may lack
def test_looking_for_a_real_device_gives_one_or_none(qapp):
    assert find_speaker() is None or callable(find_speaker())
