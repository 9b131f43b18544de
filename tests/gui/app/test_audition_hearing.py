"""The audition with its sound: in step with the pictures, slid and stopped with them, as loud as the player."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from audition_hands import audition, press, put_quick_hands
from paper_match import PaperEngine
from paper_sound import PaperDevice, PaperSink
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seamline.media.sound import SOUND_RATE
from seamline_app.audition_hearing import AuditionHearing
from seamline_app.jobs.audition_sounds import CutSound
from seamline_app.jobs.player import Player
from seamline_app.jobs.sound import DEVICE_LOST, NO_DEVICE, NO_SOUND_TRACK
from seamline_widgets.audition_pictures import Side

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_quick_hands(monkeypatch)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds of a tone with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "heard.mp4", frames=125, cuts=(30, 60, 90), audio=True)


@pytest.fixture(scope="module")
def mute_film(films: FilmShelf) -> FilmSpec:
    return films.make_film(films.folder / "not heard.mp4", frames=125, cuts=(30, 60, 90))


@pytest.fixture
def device(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> PaperDevice:
    device = PaperDevice()
    monkeypatch.setattr(hands.window.player, "_find_sink", device.find)
    return device


def heard(hands: Hands, device: PaperDevice, count: int = 1) -> PaperSink:
    hands.wait(lambda: len(device.sinks) == count and device.sinks[-1].played() > 1000)
    return device.sinks[-1]


def status(hands: Hands) -> str:
    return hands.window._views.status._sound.text()


def loop_s(cut: CutSound, sink: PaperSink) -> float:
    """Where in the loop the ear is now."""
    turn, samples = cut.samples(), sink.samples
    twice = np.concatenate([turn, turn])
    began = next(at for at in range(len(turn)) if np.array_equal(twice[at : at + 500], samples[:500]))
    return float((began + sink.played()) / SOUND_RATE - 0.012) % cut.length_s


@pytest.fixture
def cuts(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> list[CutSound]:
    """What was to be heard so far."""
    cuts: list[CutSound] = []
    sound = hands.window.matching.auditioning.hearing.sound
    play = sound.play

    def counted(cut: CutSound, *rest: Any) -> None:
        cuts.append(cut)
        play(cut, *rest)

    monkeypatch.setattr(sound, "play", counted)
    return cuts


def test_it_is_heard_with_its_pictures_as_loud_as_the_player_and_silent_when_they_stand(
    hands: Hands, film: FilmSpec, device: PaperDevice, cuts: list[CutSound]
) -> None:
    hands.window.player.set_volume(0.5)
    view = audition(hands, film)
    sink = heard(hands, device)
    assert sink.volumes == [0.5]
    hands.wait(lambda: sink.played() > 0.4 * SOUND_RATE)
    at_s = loop_s(cuts[-1], sink)
    assert view.player.time_s % 2 == pytest.approx(at_s, abs=0.04)
    assert np.abs(sink.samples).max() > 3000
    button = view.bar.button("mute")
    assert button.accessibleName() == "Mute"
    press(hands, "Ctrl+M")
    hands.wait(lambda: sink.volumes[-1] == 0)
    assert button.accessibleName() == "Unmute"
    press(hands, "Space")
    hands.wait(lambda: sink.stopped)
    press(hands, "Right")
    press(hands, "D")
    hands.pause(50)
    assert len(device.sinks) == 1
    press(hands, "Space")
    again = heard(hands, device, 2)
    assert set(again.volumes) == {0.0}
    press(hands, "M")
    hands.wait(lambda: again.volumes[-1] == 0.5)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    hands.wait(lambda: again.volumes[-1] == 0)
    assert hands.window.transport.button("mute").accessibleName() == "Unmute"
    press(hands, "Esc")
    hands.wait(lambda: again.stopped)
    assert status(hands) == ""


def test_a_cut_that_is_slid_is_heard_as_it_is_then(
    hands: Hands, film: FilmSpec, device: PaperDevice, cuts: list[CutSound]
) -> None:
    view = audition(hands, film)
    sink = heard(hands, device)
    assert cuts[-1].out_s == pytest.approx((5 * 0.04, 30 * 0.04))
    assert cuts[-1].in_s == pytest.approx((60 * 0.04, 85 * 0.04))
    for _ in range(3):
        press(hands, "Shift+J")
    press(hands, "Alt+L")
    assert view.cut_frames == (26, 61)
    assert cuts[-1].out_s == pytest.approx((2 * 0.04, 27 * 0.04))
    assert cuts[-1].in_s == pytest.approx((61 * 0.04, 86 * 0.04))
    assert device.sinks == [sink]
    assert not sink.stopped
    press(hands, "Down")
    hands.wait(lambda: sink.stopped)
    other = heard(hands, device, 2)
    assert cuts[-1].in_s[0] != pytest.approx(61 * 0.04)
    press(hands, "Esc")
    hands.wait(lambda: other.stopped)


def test_without_a_device_it_plays_silently_and_says_so(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    hands.wait(lambda: status(hands) == NO_DEVICE)
    seen: set[Side] = set()

    def look() -> bool:
        if view.player.place is not None:
            seen.add(view.player.place.side)
        return seen == set(Side)

    hands.wait(look)
    press(hands, "Shift+J")
    assert view.cut_frames == (28, 60)
    press(hands, "Esc")
    assert status(hands) == ""


def test_a_film_without_sound_says_so_and_no_device_is_asked_for(
    hands: Hands, mute_film: FilmSpec, device: PaperDevice
) -> None:
    view = audition(hands, mute_film)
    hands.wait(lambda: view.player.is_running)
    assert status(hands) == NO_SOUND_TRACK
    hands.pause(50)
    assert device.sinks == []
    press(hands, "Esc")
    assert status(hands) == NO_SOUND_TRACK  # as the player says of it


def test_of_the_film_that_was_open_before_nothing_is_said(
    hands: Hands, mute_film: FilmSpec, film: FilmSpec, device: PaperDevice
) -> None:
    hands.open(mute_film)
    hands.wait(lambda: status(hands) == NO_SOUND_TRACK)
    audition(hands, film)
    heard(hands, device)
    press(hands, "Esc")
    assert status(hands) == ""


def test_a_device_that_fails_meanwhile_is_told(hands: Hands, film: FilmSpec, device: PaperDevice) -> None:
    view = audition(hands, film)
    sink = heard(hands, device)
    hands.wait(lambda: not hands.window.matching.auditioning.job.is_running)  # all sound has come
    sink.failed = True
    hands.wait(lambda: status(hands) == DEVICE_LOST)
    assert view.is_playing
    press(hands, "Space")
    press(hands, "Space")
    heard(hands, device, 2)
    assert status(hands) == ""


def test_it_can_be_muted_though_the_film_that_is_open_has_no_sound(hands: Hands, mute_film: FilmSpec) -> None:
    view = audition(hands, mute_film)  # the other film of a pair may have
    button = view.bar.button("mute")
    press(hands, "M")
    assert button.accessibleName() == "Unmute"
    assert hands.window.player.heard_volume_01 == 0
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.accessibleName() == "Mute"
    assert hands.window.player.heard_volume_01 > 0


def test_it_is_as_loud_as_the_player_was_set_before(qapp: QApplication) -> None:
    player, parent = Player(find_sink=lambda: None), QObject()
    player.set_volume(0.3)
    hearing = AuditionHearing(player, lambda _: None, parent)
    assert hearing.sound._wish.volume_01 == 0.3
    player.set_muted(True)
    assert hearing.sound._wish.volume_01 == 0
    hearing.close()
