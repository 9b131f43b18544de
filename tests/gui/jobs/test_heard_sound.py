"""A device that stands still, wakes late or is lost, by a clock and a device that are set by hand."""

from __future__ import annotations

import numpy as np
import pytest

from seamline.media.sound import SOUND_RATE, Samples
from seamline_app.jobs.clock import PlayClock
from seamline_app.jobs.sound import DEVICE_LOST, HeardSound
from seamline_app.jobs.sound_pieces import HeldTrack

BUFFER = SOUND_RATE // 5
TICK_S = 0.01
RISING: Samples = np.repeat((np.arange(20 * SOUND_RATE) // 480)[:, None], 2, axis=1).astype(np.int16)
"""Samples that tell where they are, in hundredths of a second."""


class HandSink:
    """Takes samples only while it `runs`."""

    def __init__(self) -> None:
        self.written: list[Samples] = []
        self.volumes: list[float] = []
        self.taken = 0
        self.runs = True
        self.failed = False
        self.stopped = False

    @property
    def samples(self) -> Samples:
        return np.concatenate(self.written)

    def free(self) -> int:
        return BUFFER - (sum(map(len, self.written)) - self.taken)

    def write(self, samples: Samples) -> None:
        self.written.append(samples)

    def played(self) -> int:
        return self.taken

    def set_volume(self, volume_01: float) -> None:
        self.volumes.append(volume_01)

    def stop(self) -> None:
        self.stopped = True


class Playing:
    """A film that is heard from its start on."""

    def __init__(self, *, runs: bool = True) -> None:
        self.sink = HandSink()
        self.sink.runs = runs
        self.sound, self.clock, self.now_s = HeardSound(), PlayClock(), 0.0
        self.clock.start(0.0, 1.0, 0.0)
        self.sound.start(HeldTrack(RISING), 0.0, lambda: self.sink, 0.0)

    def go_on(self, seconds: float) -> list[float]:
        """Where the pictures were meanwhile."""
        shown_s = []
        for _ in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            if self.sink.runs:
                self.sink.taken += round(TICK_S * SOUND_RATE)
            self.sound.lead(self.clock, self.now_s)
            shown_s.append(self.film_s)
        return shown_s

    @property
    def film_s(self) -> float:
        return self.clock.film_s(self.now_s)

    @property
    def heard_s(self) -> float:
        """Of what the device takes just now."""
        return float(self.sink.samples[self.sink.taken, 0]) / 100


@pytest.fixture
def playing() -> Playing:
    return Playing()


def test_pictures_go_on_where_a_device_stands_still_while_it_plays(playing: Playing) -> None:
    playing.go_on(1.0)
    playing.sink.runs = False
    shown_s = playing.go_on(2.0)
    steps_s = np.diff(shown_s)
    assert steps_s.min() >= 0  # they never jump back
    assert steps_s[30:] == pytest.approx(TICK_S)
    assert playing.film_s == pytest.approx(3.0, abs=0.1)
    assert playing.sink.volumes == [1, 0]  # what it holds will be stale


def test_a_device_that_goes_on_is_heard_where_the_pictures_are_by_then(playing: Playing) -> None:
    playing.go_on(1.0)
    playing.sink.runs = False
    playing.go_on(1.0)
    playing.sink.runs = True
    written = len(playing.sink.samples)
    playing.go_on(0.1)
    assert playing.sink.volumes == [1, 0]
    playing.go_on(0.5)
    assert playing.sink.volumes == [1, 0, 1]
    assert playing.sink.taken > written
    assert playing.film_s == pytest.approx(2.6, abs=0.1)
    assert playing.heard_s == pytest.approx(playing.film_s, abs=0.03)
    assert playing.sound.trouble == ""


def test_a_short_stop_is_waited_for_without_a_word(playing: Playing) -> None:
    playing.go_on(1.0)
    playing.sink.runs = False
    playing.go_on(0.2)
    playing.sink.runs = True
    playing.go_on(1.0)
    assert playing.sink.volumes == [1]
    assert playing.heard_s == pytest.approx(playing.film_s, abs=0.03)


@pytest.mark.parametrize("heard_first", [True, False])
def test_a_device_that_stands_still_for_seconds_is_lost(heard_first: bool) -> None:
    playing = Playing(runs=heard_first)
    if heard_first:
        playing.go_on(1.0)
    playing.sink.runs = False
    playing.go_on(2.5)  # so long devices may take to wake
    assert playing.sound.is_playing
    playing.go_on(2.5)
    assert playing.sound.trouble == DEVICE_LOST
    assert playing.sink.stopped
    assert not playing.sound.is_playing


def test_a_device_that_fails_while_it_plays_is_lost_at_once(playing: Playing) -> None:
    playing.go_on(1.0)
    playing.sink.failed = True
    playing.go_on(TICK_S)
    assert playing.sound.trouble == DEVICE_LOST
    assert playing.sink.stopped


def test_slides_do_not_put_off_when_a_late_device_is_heard() -> None:
    playing = Playing(runs=False)
    playing.go_on(0.6)
    assert playing.sink.volumes == [1, 0]
    playing.sink.runs = True
    playing.go_on(0.02)  # what it held while it slept, a fifth of a second, is stale
    for _ in range(4):
        playing.sound.switch(HeldTrack(RISING), playing.film_s)
        playing.go_on(0.06)
    assert playing.sink.volumes == [1, 0, 1]
