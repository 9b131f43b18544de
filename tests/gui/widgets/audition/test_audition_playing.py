"""The audition by its clock: what plays when, and what does not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeAlias

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from timeline_hands import emitted

from seamline.project.match_cuts import Verdict
from seamline_resources import palette
from seamline_widgets import audition_clock
from seamline_widgets.audition_cut import Place
from seamline_widgets.audition_pictures import AuditionPictures, Side

if TYPE_CHECKING:
    from tests.gui.widgets.audition.conftest import Hands

Key: TypeAlias = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def test_it_plays_a_s_last_second_into_b_s_first_round_and_round(hands: Hands) -> None:
    hands.begin()
    assert hands.view.is_playing
    assert hands.seen == hands.colour(Side.OUT, 156)
    for seconds, side, frame in (
        (0.04, Side.OUT, 157),
        (0.92, Side.OUT, 180),
        (0.04, Side.IN, 510),
        (0.96, Side.IN, 534),
    ):
        hands.beat(seconds)
        assert hands.seen == hands.colour(side, frame)
    hands.beat(0.04)
    assert hands.seen == hands.colour(Side.OUT, 156)


def test_where_it_is_late_frames_are_left_out(hands: Hands) -> None:
    hands.begin()
    hands.beat(7 * 0.04 + 0.01)
    assert hands.seen == hands.colour(Side.OUT, 163)
    hands.beat(4.0 + 0.04)  # two rounds and a frame
    assert hands.seen == hands.colour(Side.OUT, 164)


@pytest.mark.timed
def test_it_keeps_the_films_rate_by_the_real_clock(
    hands: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(audition_clock, "now_s", time.perf_counter)
    player = hands.view.player
    seen: list[tuple[Place | None, float]] = []
    player.moved.connect(lambda: seen.append((player.place, time.perf_counter())))
    began_s = time.perf_counter()
    hands.begin()
    begun_s = time.perf_counter()
    qtbot.waitUntil(lambda: time.perf_counter() - begun_s > 0.5)
    shown = [(place.frame - 156, at_s - began_s) for place, at_s in seen if place and place.side is Side.OUT]
    # what is on is what the time says, however late the machine is
    late_s = [passed_s - count / 25 for count, passed_s in shown if count]
    assert max(late_s) - min(late_s) < 0.08
    assert 0 <= min(late_s) < begun_s - began_s + 0.03  # some are on time
    counts = [count for count, _ in shown if count]
    assert counts == sorted(set(counts))
    assert 2 <= len(counts) <= 13


def test_space_pauses_and_goes_on_from_there(hands: Hands) -> None:
    button = hands.view.bar.button("play")
    hands.begin()
    hands.beat(0.4)
    assert button.accessibleName() == "Pause"
    hands.press(Key.Key_Space)
    assert not hands.view.is_playing
    assert button.accessibleName() == "Play"
    hands.clock.s += 3
    hands.wait(60)
    assert hands.seen == hands.colour(Side.OUT, 166)
    hands.press(Key.Key_Space)
    assert hands.seen == hands.colour(Side.OUT, 166)
    hands.beat(0.04)
    assert hands.seen == hands.colour(Side.OUT, 167)
    assert button.accessibleName() == "Pause"
    QTest.mouseClick(hands.view.stage, LEFT)
    assert not hands.view.is_playing


def test_arrows_stand_a_frame_further(hands: Hands) -> None:
    hands.begin()
    hands.press(Key.Key_Right)
    assert not hands.view.is_playing
    assert hands.seen == hands.colour(Side.OUT, 157)
    hands.press(Key.Key_Left)
    hands.press(Key.Key_Left)
    assert hands.seen == hands.colour(Side.IN, 534)


def test_it_begins_when_there_are_pictures(hands: Hands) -> None:
    hands.view.show_item(hands.item(), hands.times)
    hands.view.play()
    assert hands.view.is_playing
    assert "on their way" in hands.view.stage.accessibleDescription()
    hands.clock.s += 0.7
    hands.wait(20)
    whole = hands.pictures()
    part = AuditionPictures({frame: image for frame, image in whole.outgoing.items() if frame < 160})
    hands.view.set_pictures(part)
    assert hands.view.stage.accessibleDescription() == ""
    assert hands.seen == hands.colour(Side.OUT, 156)  # from the start, not from where the time would be
    hands.beat(0.4)
    assert hands.seen == hands.colour(Side.OUT, 159)  # the nearest there is
    hands.view.set_pictures(whole)
    assert hands.seen == hands.colour(Side.OUT, 166)


def test_nothing_plays_where_nobody_looks(hands: Hands) -> None:
    hands.begin()
    hands.view.hide()
    moved = emitted(hands.view.player.moved)
    hands.clock.s += 1
    hands.wait(60)
    assert moved == []
    hands.view.show()
    assert hands.view.is_playing


def test_another_pair_shows_nothing_of_the_one_before(hands: Hands) -> None:
    hands.begin()
    hands.view.show_item(hands.item(1), hands.times)
    assert hands.seen == palette.PICTURE_SURROUND
    hands.view.set_pictures(AuditionPictures({}, hands.pictures().incoming))
    assert hands.seen == palette.PICTURE_SURROUND  # A's are still on their way
    assert hands.view.cut_frames == (1180, 1510)


def test_pictures_go_with_what_is_heard(hands: Hands) -> None:
    hands.begin()
    player = hands.view.player
    hands.beat(0.2)
    assert hands.seen == hands.colour(Side.OUT, 161)
    player.lead(0.32, hands.clock.s)  # the sound is further on
    assert hands.seen == hands.colour(Side.OUT, 164)
    hands.clock.s += 0.3
    player.lead(0.45, hands.clock.s - 0.05)  # and then it waits
    assert hands.seen == hands.colour(Side.OUT, 168)
    player.lead(-0.01, hands.clock.s)  # nothing is heard yet: no picture of the loop's end
    assert hands.seen == hands.colour(Side.OUT, 156)
    hands.press(Key.Key_Space)
    player.lead(1.2, hands.clock.s)  # one that was under way
    assert hands.seen == hands.colour(Side.OUT, 156)


def test_whoever_lets_it_be_heard_knows_when_it_goes_otherwise(hands: Hands) -> None:
    hands.begin()
    player = hands.view.player
    told: list[tuple[bool, float]] = []
    player.changed.connect(lambda: told.append((player.is_running, round(player.time_s, 3))))
    hands.beat(0.2)
    hands.view.show_item(hands.item(verdict=Verdict.KEPT), hands.times)
    assert told == []
    hands.press(
        Key.Key_J, Qt.KeyboardModifier.ShiftModifier
    )  # the loop begins a frame earlier: the same one is on
    assert told[-1] == (True, 0.24)
    hands.press(Key.Key_Space)
    assert told[-1] == (False, 0.24)
    hands.press(Key.Key_Space)
    assert told[-1] == (True, 0.24)
    hands.press(Key.Key_D)
    assert told[-1][0] is False
