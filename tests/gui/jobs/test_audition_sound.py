"""The sound of a cut on a device: from where the pictures are, slid with them, silent at once, and followed by them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from paper_sound import PaperDevice
from PySide6.QtCore import Qt

from seamline.media.sound import SOUND_RATE
from seamline_app.jobs.audition_sound import AuditionSound
from seamline_app.jobs.audition_sounds import CutSound, HeldSound
from seamline_app.jobs.sound import DEVICE_LOST
from seamline_app.jobs.sound_pieces import FADE_SAMPLES
from seamline_widgets.audition_clock import now_s

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LATENCY_S = 0.012
MOST_HELD_S = 0.2


def level_cut(out: int, into: int, out_s: float = 0.3, in_s: float = 0.2) -> CutSound:
    """Two samples that stay, for that long."""
    first, second = (HeldSound(0, np.full((SOUND_RATE, 2), value, np.int16)) for value in (out, into))
    return CutSound(first, second, (0.0, out_s), (0.0, in_s))


def rising_cut() -> CutSound:
    """One whose samples tell where they are: 10,000 a second."""
    rise = np.repeat(np.arange(0, 20_000, 10_000 / SOUND_RATE)[:, None], 2, axis=1).astype(np.int16)
    return CutSound(HeldSound(0, rise), None, (0.0, 2.0), (0.0, 0.1))


RISING = rising_cut()


class Heard:
    """A sound, and where it said that it was."""

    def __init__(self, sound: AuditionSound, device: PaperDevice, qtbot: QtBot) -> None:
        self.sound, self.device, self._qtbot = sound, device, qtbot
        self.led: list[tuple[float, float]] = []
        self.troubles: list[str] = []
        sound.led.connect(lambda time_s, at_s: self.led.append((time_s, at_s)))
        sound.troubled.connect(self.troubles.append)

    def play(self, cut: CutSound, time_s: float = 0.0) -> None:
        self.sound.play(cut, time_s, now_s(), self.device.find())

    @property
    def rising_s(self) -> float:
        """Where in the rising samples the ear is now."""
        sink = self.device.sinks[-1]
        return float(sink.samples[sink.played() - round(LATENCY_S * SOUND_RATE), 0]) / 10_000

    def wait(self, seconds: float) -> None:
        self._qtbot.wait(round(seconds * 1000))

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition)


@pytest.fixture
def heard(qtbot: QtBot) -> Iterator[Heard]:
    sound = AuditionSound(now_s)
    yield Heard(sound, PaperDevice(), qtbot)
    sound.close()
    assert sound._thread is None


def test_it_goes_round_without_a_gap_from_where_the_pictures_are(heard: Heard) -> None:
    cut = level_cut(1000, -1000)
    heard.play(cut, 0.7)  # the second turn, A again
    heard.until(lambda: bool(heard.device.sinks) and len(heard.device.sinks[0].samples) > SOUND_RATE)
    samples = heard.device.sinks[0].samples
    turns = np.concatenate([cut.samples()] * 4)
    began = round(0.2 * SOUND_RATE)
    # as late as the thread began with it, so late in the turn
    late = next(by for by in range(4800) if np.array_equal(turns[began + by :][:20_000], samples[:20_000]))
    assert late < 0.1 * SOUND_RATE
    assert np.array_equal(turns[began + late :][: len(samples)], samples[: len(turns) - began - late])
    assert len(heard.device.sinks) == 1


@pytest.mark.timed
@pytest.mark.parametrize(("wakes_after_s", "pace"), [(0.0, 1.0), (0.15, 1.0), (0.6, 1.0), (0.0, 1.02)])
def test_the_pictures_are_told_where_it_is(heard: Heard, wakes_after_s: float, pace: float) -> None:
    heard.device.wakes_after_s, heard.device.pace = wakes_after_s, pace
    began_s = now_s()
    heard.play(RISING)
    heard.until(lambda: now_s() > began_s + 1.1)
    time_s, at_s = heard.led[-1] if heard.led else (0.0, began_s)
    assert time_s + now_s() - at_s == pytest.approx(heard.rising_s, abs=0.02)
    if wakes_after_s < 0.3:  # they wait for a device that wakes; not for long
        assert at_s - time_s >= began_s + wakes_after_s - 0.1 * (pace > 1) - 0.01


def test_a_cut_that_is_slid_is_heard_when_the_device_has_let_out_what_it_holds(heard: Heard) -> None:
    heard.play(level_cut(1000, 1000, 0.5, 0.5))
    heard.until(lambda: bool(heard.device.sinks) and heard.device.sinks[0].played() > 2000)
    (sink,) = heard.device.sinks
    written = len(sink.samples)
    heard.play(level_cut(3000, 3000, 0.5, 0.5), 0.1)
    heard.until(lambda: bool((sink.samples == 3000).any()))
    assert heard.device.sinks == [sink]  # no gap of a device that starts anew
    samples = sink.samples[:, 0].astype(int)
    first = int((samples == 3000).argmax())
    assert written <= first <= written + MOST_HELD_S * SOUND_RATE
    assert (
        np.abs(np.diff(samples)[first - 2 * FADE_SAMPLES : first + 200]).max()
        <= 2000 / (FADE_SAMPLES - 1) + 1
    )


def test_what_is_heard_after_a_slide_is_where_the_pictures_are(heard: Heard) -> None:
    heard.play(level_cut(1000, 1000, 0.5, 0.5))
    heard.until(lambda: bool(heard.device.sinks) and heard.device.sinks[0].played() > 2000)
    (sink,) = heard.device.sinks
    asked_s = now_s()
    heard.play(RISING, 0.25)
    heard.until(lambda: sink.samples[sink.played(), 0] > 6000)
    assert heard.rising_s == pytest.approx(0.25 + now_s() - asked_s, abs=0.004)


def test_it_is_silent_at_once_and_as_loud_as_it_shall_be(heard: Heard) -> None:
    heard.sound.set_volume(0.25)
    heard.play(level_cut(1000, 1000))
    heard.until(lambda: len(heard.device.sinks) == 1)
    (sink,) = heard.device.sinks
    heard.sound.set_volume(0.0)
    heard.until(lambda: sink.volumes[-1] == 0)
    assert sink.volumes[0] == 0.25
    asked_s = time.perf_counter()
    heard.sound.stop()
    heard.until(lambda: sink.stopped)
    assert time.perf_counter() - asked_s < 0.5
    written = len(sink.samples)
    heard.wait(0.05)
    assert len(sink.samples) == written


def test_a_device_that_fails_is_told_and_no_more_tried(heard: Heard) -> None:
    heard.device.fails = True
    heard.play(level_cut(1000, 1000))
    heard.until(lambda: heard.troubles == [DEVICE_LOST])
    heard.wait(0.05)
    assert heard.troubles == [DEVICE_LOST]
    assert len(heard.device.sinks) == 1


def test_a_device_that_fails_while_it_plays_is_told_too(heard: Heard) -> None:
    heard.play(level_cut(1000, 1000))
    heard.until(lambda: bool(heard.device.sinks) and heard.device.sinks[0].played() > 2000)
    heard.device.sinks[0].failed = True
    heard.until(lambda: heard.troubles == [DEVICE_LOST])
    assert heard.device.sinks[0].stopped


def test_after_an_unexpected_error_the_next_sound_has_a_device_that_starts_anew(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard.play(level_cut(1000, 1000))
    heard.until(lambda: bool(heard.device.sinks) and heard.device.sinks[0].played() > 2000)
    (sink,) = heard.device.sinks

    def broken() -> int:
        raise RuntimeError("gone")

    monkeypatch.setattr(sink, "free", broken)
    heard.until(lambda: len(heard.troubles) == 1)
    assert "RuntimeError: gone" in heard.troubles[0]
    assert sink.stopped
    heard.play(level_cut(2000, 2000))
    heard.until(lambda: len(heard.device.sinks) == 2 and bool(heard.device.sinks[1].written))
    assert (heard.device.sinks[1].samples == 2000).any()
    assert len(heard.troubles) == 1


def test_what_was_heard_before_the_last_wish_leads_nobody(heard: Heard) -> None:
    heard.device.wakes_after_s = 0.3  # the pictures are told to wait, again and again
    heard.play(level_cut(1000, 1000))
    heard.until(lambda: len(heard.led) > 2)
    worker, told = heard.sound._worker, threading.Event()
    assert worker is not None
    worker.led.connect(lambda *_: told.set(), Qt.ConnectionType.DirectConnection)
    count = len(heard.led)
    assert told.wait(5)  # the window is busy meanwhile
    heard.sound.stop()
    heard.wait(0.06)
    assert len(heard.led) == count
