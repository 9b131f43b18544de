"""A short piece of every frame that is sought while paused is heard, the newest first, and then silence."""

from __future__ import annotations

import numpy as np
import pytest

from seamline.media.sound import SOUND_RATE
from seamline_app.jobs import scrub_sound
from seamline_app.jobs.sound_pieces import faded

PIECE = round(0.07 * SOUND_RATE)


@pytest.fixture
def scrubbed(qtbot, watch, make_film, device):
    """A player at rest on a film whose samples tell their time, with sound for scrubbing."""
    seen = watch(find_sink=lambda: None, find_scrub_sink=device.find)
    seen.player.set_scrub_sound(True)
    seen.player.open(make_film(50, sound=True))
    qtbot.waitUntil(lambda: seen.frames == [0])
    return seen


def pieces(sink) -> list[int]:
    """The loudest sample of each stretch between silences."""
    values = np.abs(sink.samples[:, 0].astype(int))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], values > 0, [0]]).astype(int)))
    return [int(values[a:b].max()) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def heard(device) -> list[int]:
    return [piece for sink in device.sinks if sink.written for piece in pieces(sink)]


def test_a_frame_that_is_sought_is_heard(qtbot, scrubbed, device):
    scrubbed.player.seek(25)
    qtbot.waitUntil(lambda: len(heard(device)) == 1)
    samples = device.sinks[0].samples[:, 0]
    # samples rise by 1 every 10 ms from 1; frame 25 is at one second
    middle = samples[480 : PIECE - 480]
    assert np.array_equal(middle, np.repeat(np.arange(102, 107), 480)[: len(middle)])
    assert abs(samples[0]) <= 1
    assert not samples[PIECE:].any()


def test_every_step_is_heard_and_an_opened_film_is_not(qtbot, scrubbed, device):
    qtbot.wait(100)
    assert device.sinks == []
    for count in range(3):
        scrubbed.player.seek(scrubbed.player.frame + 1)
        qtbot.waitUntil(lambda count=count: scrubbed.player.frame == count + 1)
        qtbot.waitUntil(lambda count=count: len(heard(device)) == count + 1)
    assert len(device.sinks) == 1


def test_of_a_quick_drag_the_newest_wins_and_nothing_queues_up(qtbot, scrubbed, device):
    for frame in range(1, 41):
        scrubbed.player.seek(frame)
        qtbot.wait(5)
    qtbot.waitUntil(lambda: bool(heard(device)) and 161 <= heard(device)[-1] <= 167)
    assert len(heard(device)) <= 8
    qtbot.wait(150)
    assert 161 <= heard(device)[-1] <= 167


def test_the_device_is_let_go_of_when_nothing_is_sought(qtbot, scrubbed, device, monkeypatch):
    monkeypatch.setattr(scrub_sound, "_IDLE_S", 0.2)
    scrubbed.player.seek(25)
    qtbot.waitUntil(lambda: len(device.sinks) == 1)
    qtbot.waitUntil(lambda: device.sinks[0].stopped)
    scrubbed.player.seek(30)
    qtbot.waitUntil(lambda: len(device.sinks) == 2)


def test_playing_silences_it_and_makes_none(qtbot, scrubbed, device):
    scrubbed.player.seek(5)
    qtbot.waitUntil(lambda: len(device.sinks) == 1)
    scrubbed.player.play(2)
    qtbot.waitUntil(lambda: device.sinks[0].stopped)
    scrubbed.player.seek(20)
    qtbot.waitUntil(lambda: scrubbed.player.frame > 22)
    assert len(device.sinks) == 1


def test_muted_or_switched_off_nothing_is_heard(qtbot, scrubbed, device):
    scrubbed.player.set_muted(True)
    scrubbed.player.seek(25)
    qtbot.waitUntil(lambda: scrubbed.player.frame == 25)
    scrubbed.player.set_muted(False)
    scrubbed.player.set_scrub_sound(False)
    scrubbed.player.seek(30)
    qtbot.waitUntil(lambda: scrubbed.player.frame == 30)
    qtbot.wait(50)
    assert device.sinks == []


def test_the_volume_holds(qtbot, scrubbed, device):
    scrubbed.player.set_volume(0.25)
    scrubbed.player.seek(25)
    qtbot.waitUntil(lambda: len(device.sinks) == 1)
    qtbot.waitUntil(lambda: device.sinks[0].volumes == [0.25])
    scrubbed.player.set_volume(0.5)
    qtbot.waitUntil(lambda: device.sinks[0].volumes == [0.25, 0.5])


def test_off_unless_asked_for_and_silent_without_a_device_or_sound(qtbot, watch, make_film, device):
    seen = watch(find_scrub_sink=device.find)
    seen.player.open(make_film(50, sound=True))
    seen.player.seek(30)
    qtbot.waitUntil(lambda: seen.player.frame == 30)
    seen.player.open(make_film(50))
    seen.player.set_scrub_sound(True)
    seen.player.seek(20)
    qtbot.waitUntil(lambda: seen.player.frame == 20)
    without = watch(find_scrub_sink=lambda: None)
    without.player.set_scrub_sound(True)
    without.player.open(make_film(50, sound=True))
    without.player.seek(30)
    qtbot.waitUntil(lambda: without.player.frame == 30)
    assert device.sinks == []
    assert seen.failures == without.failures == []


def test_a_piece_has_no_clicks_at_its_ends():
    loud = np.full((PIECE, 2), 20_000, np.int16)
    piece = faded(loud)
    assert piece.shape == loud.shape
    assert piece[0].tolist() == piece[-1].tolist() == [0, 0]
    assert np.abs(np.diff(piece[:, 0].astype(int))).max() < 100
    assert (piece[240:-240] == 20_000).all()
    assert faded(loud[:0]).shape == (0, 2)
