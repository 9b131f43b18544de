"""J, K and L under an editor's hands, pressed and released as real keys."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from seamline.project.types import Shot
from seamline_app.playback import Playback
from seamline_widgets.actions import make_actions

J, K, L, SPACE = Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_L, Qt.Key.Key_Space
SHOTS = tuple(Shot(number, 100 * number - 100, 100 * number, None) for number in range(1, 11))


class PaperPlayer:
    """Remembers the speeds that were asked for."""

    def __init__(self) -> None:
        self.film = SimpleNamespace(rate=Fraction(25), frame_count=1000)
        self.speed = 0.0
        self.speeds: list[float] = []

    def play(self, speed: float = 1.0) -> None:
        self.speed = speed
        self.speeds.append(speed)

    def pause(self) -> None:
        self.play(0.0)


class Keeper(QWidget):
    """A widget that accepts every key that goes up."""

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.accept()


class Desk:
    """A window with a list and a field to type in, a player of paper, and hands on its keys."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        content = QWidget()
        self.list, self.field, self.keeper = QListWidget(), QLineEdit(), Keeper()
        self.list.addItems(["first", "jump", "kiss", "long"])
        column = QVBoxLayout(content)
        column.addWidget(self.list)
        column.addWidget(self.field)
        column.addWidget(self.keeper)
        self.window.setCentralWidget(content)
        self.actions: dict[str, QAction] = make_actions(self.window)
        self.player = PaperPlayer()
        self.frame = 500
        player: Any = self.player
        self.playback = Playback(
            player, self.actions, lambda: self.frame, self._go_to, self.window, shots=lambda: SHOTS
        )
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.list.setFocus()
        self.keys_at: QWidget = self.list

    def _go_to(self, frame: int) -> None:
        self.player.pause()
        self.frame = min(max(0, frame), 999)

    def down(self, key: Qt.Key) -> None:
        QTest.keyPress(self.keys_at, key)

    def up(self, key: Qt.Key) -> None:
        QTest.keyRelease(self.keys_at, key)

    def tap(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.keys_at, key)

    def press(self, key: str) -> None:
        QTest.keySequence(self.window, key)

    def wait_for_speed(self, speed: float) -> None:
        self._qtbot.waitUntil(lambda: self.player.speed == speed)

    def up_at(self, key: Qt.Key, timestamp_ms: int) -> None:
        _send(self, QEvent.Type.KeyRelease, key, timestamp_ms=timestamp_ms)

    def pause(self, duration_ms: int) -> None:
        self._qtbot.wait(duration_ms)

    def hold_still(self) -> None:
        """Longer than what counts as a tap."""
        self.pause(300)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot)
    yield desk
    desk.playback._keys.release_all()


class TestShuttle:
    @pytest.mark.parametrize(("key", "sign"), [(L, 1), (J, -1)])
    def test_again_is_twice_as_fast(self, desk: Desk, key: Qt.Key, sign: int) -> None:
        desk.tap(key, key, key, key, key)
        assert desk.player.speeds == [sign * speed for speed in (1, 2, 4, 8, 8)]

    def test_k_stops_and_j_turns_round(self, desk: Desk) -> None:
        desk.tap(L, L, J, K, L)
        assert desk.player.speeds == [1, 2, -1, 0, 1]

    def test_a_key_that_is_held_counts_once(self, desk: Desk) -> None:
        desk.down(L)
        for _ in range(5):
            _send(desk, QEvent.Type.KeyRelease, L, is_repeat=True)
        assert desk.player.speeds == [1]
        desk.up(L)
        assert desk.player.speeds == [1]
        keys = ("shuttle_back", "shuttle_stop", "shuttle_forward", "play_pause")
        assert not any(desk.actions[action_id].autoRepeat() for action_id in keys)

    def test_after_slow_motion_play_is_at_normal_speed(self, desk: Desk) -> None:
        desk.player.play(0.25)
        desk.tap(L, L)
        assert desk.player.speeds == [0.25, 1, 2]

    def test_space_plays_and_pauses(self, desk: Desk) -> None:
        desk.press("Space")
        desk.press("Space")
        assert desk.player.speeds == [1, 0]


class TestHeldStop:
    @pytest.mark.parametrize(("key", "sign"), [(L, 1), (J, -1)])
    def test_a_tap_is_one_frame(self, desk: Desk, key: Qt.Key, sign: int) -> None:
        desk.down(K)
        for count in range(1, 4):
            desk.tap(key)
            assert desk.frame == 500 + sign * count
        desk.hold_still()
        desk.up(K)
        desk.hold_still()
        assert set(desk.player.speeds) == {0}
        assert desk.frame == 500 + sign * 3

    @pytest.mark.parametrize(("key", "sign"), [(L, 1), (J, -1)])
    def test_k_then_l_held_is_slow_until_l_goes_up(self, desk: Desk, key: Qt.Key, sign: int) -> None:
        desk.down(K)
        desk.down(key)
        desk.wait_for_speed(0.25 * sign)
        desk.up(key)
        assert desk.player.speed == 0
        desk.down(key)  # and again, without letting K go
        desk.wait_for_speed(0.25 * sign)
        desk.up(key)
        desk.up(K)
        assert desk.player.speed == 0
        desk.tap(L)
        assert desk.player.speed == 1

    @pytest.mark.parametrize(("key", "sign"), [(L, 1), (J, -1)])
    def test_l_then_k_held_is_slow_at_once(self, desk: Desk, key: Qt.Key, sign: int) -> None:
        desk.down(key)
        assert desk.player.speed == sign
        desk.down(K)
        assert desk.player.speed == 0.25 * sign
        desk.up(key)
        assert desk.player.speed == 0
        assert desk.frame == 500
        desk.up(K)
        assert desk.player.speed == 0

    @pytest.mark.parametrize("first", [K, L])
    def test_letting_k_go_first_stops_too(self, desk: Desk, first: Qt.Key) -> None:
        desk.down(first)
        desk.down(L if first is K else K)
        desk.wait_for_speed(0.25)
        desk.up(K)
        assert desk.player.speed == 0
        desk.up(L)
        desk.hold_still()
        assert desk.player.speed == 0

    def test_the_hand_may_change_from_l_to_j(self, desk: Desk) -> None:
        desk.down(K)
        desk.down(L)
        desk.wait_for_speed(0.25)
        desk.down(J)
        desk.wait_for_speed(-0.25)
        desk.up(L)
        assert desk.player.speed == -0.25
        desk.up(J)
        assert desk.player.speed == 0
        desk.up(K)

    def test_repeats_that_look_like_presses_are_none(self, desk: Desk) -> None:
        desk.down(K)
        desk.down(L)
        for timestamp_ms in range(1000, 1400, 40):
            _repeat_unmarked(desk, L, timestamp_ms)
            desk.pause(40)
        assert desk.player.speed == 0.25
        assert desk.frame == 501
        desk.up_at(L, 1400)
        desk.wait_for_speed(0)
        desk.up(K)
        assert desk.frame == 501

    def test_a_quick_second_press_is_one(self, desk: Desk) -> None:
        desk.down(L)
        desk.up_at(L, 1000)
        _repeat_unmarked(desk, L, 1010)
        assert desk.player.speeds == [1, 2]
        desk.up(L)
        desk.tap(L)
        assert desk.player.speeds == [1, 2, 4]

    def test_both_with_k_is_a_stop(self, desk: Desk) -> None:
        desk.down(J)
        desk.down(L)
        desk.down(K)
        assert desk.player.speed == 0
        for key in (J, K, L):
            desk.up(key)

    def test_repeats_of_the_keyboard_are_no_releases(self, desk: Desk) -> None:
        desk.down(K)
        desk.down(L)
        desk.wait_for_speed(0.25)
        for _ in range(3):
            _send(desk, QEvent.Type.KeyRelease, L, is_repeat=True)
        assert desk.player.speed == 0.25
        desk.up(L)
        assert desk.player.speed == 0
        desk.up(K)

    def test_a_menu_entry_holds_no_key(self, desk: Desk) -> None:
        desk.actions["shuttle_stop"].trigger()
        desk.tap(L)
        assert desk.player.speeds == [0, 1]

    def test_keys_held_for_something_else_are_not_held_for_a_menu_entry(self, desk: Desk) -> None:
        QTest.keyPress(desk.list, Qt.Key.Key_Shift)
        desk.hold_still()
        desk.actions["shuttle_stop"].trigger()
        desk.actions["shuttle_forward"].trigger()
        assert desk.player.speeds == [0, 1]
        QTest.keyRelease(desk.list, Qt.Key.Key_Shift)


class TestNothingSticks:
    def test_when_the_window_is_left(self, desk: Desk, qtbot: QtBot) -> None:
        other = QWidget()
        qtbot.addWidget(other)
        desk.down(K)
        desk.down(L)
        desk.wait_for_speed(0.25)
        with qtbot.waitActive(other):
            other.show()
            other.activateWindow()
        assert desk.player.speed == 0
        with qtbot.waitActive(desk.window):
            desk.window.activateWindow()
        desk.hold_still()
        desk.tap(L)
        assert desk.player.speed == 1

    def test_when_another_widget_keeps_the_release_to_itself(self, desk: Desk) -> None:
        desk.down(K)
        desk.down(L)
        desk.wait_for_speed(0.25)
        desk.keeper.setFocus()
        QTest.keyRelease(desk.keeper, L)
        assert desk.player.speed == 0
        QTest.keyRelease(desk.keeper, K)
        desk.tap(L)
        assert desk.player.speed == 1

    def test_when_a_release_never_comes(self, desk: Desk) -> None:
        desk.down(L)
        desk.down(L)
        assert desk.player.speeds == [1, 2]
        desk.up(L)

    def test_when_the_key_itself_moves_the_focus(self, desk: Desk) -> None:
        desk.actions["shuttle_stop"].triggered.connect(lambda: desk.field.setFocus())
        desk.down(K)
        QTest.keyRelease(desk.field, K)
        desk.tap(L)
        assert desk.player.speed == 1


class TestTyping:
    def test_letters_go_into_a_field(self, desk: Desk) -> None:
        desk.field.setFocus()
        desk.keys_at = desk.field
        desk.tap(J, K, L)
        desk.down(K)
        desk.tap(L)
        desk.up(K)
        assert desk.field.text() == "jklkl"
        assert desk.player.speeds == []

    def test_a_list_does_not_search_for_them(self, desk: Desk) -> None:
        desk.list.setCurrentRow(0)
        desk.down(K)
        desk.tap(L)
        desk.up(K)
        desk.tap(J)
        assert desk.list.currentRow() == 0


class TestOtherKeys:
    def test_the_keys_are_those_of_the_moment(self, desk: Desk) -> None:
        desk.actions["shuttle_stop"].setShortcuts([QKeySequence("S"), QKeySequence("9")])
        desk.actions["shuttle_forward"].setShortcuts([QKeySequence("Ctrl+D")])
        desk.tap(L, K)
        assert desk.player.speeds == []
        desk.down(Qt.Key.Key_9)
        QTest.keyPress(desk.list, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        desk.wait_for_speed(0.25)
        QTest.keyRelease(desk.list, Qt.Key.Key_D)  # Ctrl went up first
        assert desk.player.speed == 0
        desk.up(Qt.Key.Key_9)

    def test_two_keys_for_a_stop_are_one_stop(self, desk: Desk) -> None:
        desk.actions["shuttle_stop"].setShortcuts([QKeySequence("K"), QKeySequence("9")])
        desk.down(K)
        desk.down(Qt.Key.Key_9)
        desk.up(K)
        desk.tap(L)
        assert desk.frame == 501
        desk.up(Qt.Key.Key_9)


class TestMiddles:
    def test_going_from_middle_to_middle(self, desk: Desk) -> None:
        desk.frame = 0
        seen = []
        for _ in range(11):
            desk.actions["next_shot_middle"].trigger()
            seen.append(desk.frame)
        assert seen == [*range(50, 1000, 100), 950]
        desk.press("Ctrl+Up")
        assert desk.frame == 850
        desk.frame = 851
        desk.press("Ctrl+Up")
        assert desk.frame == 850
        desk.press("Ctrl+Down")
        assert desk.frame == 950
        desk.frame = 50
        desk.press("Ctrl+Up")
        assert desk.frame == 50

    def test_steps_and_ends(self, desk: Desk) -> None:
        for key, frame in (("Right", 501), ("Shift+Left", 476), ("Left", 475), ("End", 999), ("Home", 0)):
            desk.press(key)
            assert desk.frame == frame


def _send(
    desk: Desk, kind: QEvent.Type, key: Qt.Key, *, is_repeat: bool = False, timestamp_ms: int = 0
) -> None:
    event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", is_repeat, 1)
    event.setTimestamp(timestamp_ms)
    QCoreApplication.sendEvent(desk.list, event)


def _repeat_unmarked(desk: Desk, key: Qt.Key, timestamp_ms: int) -> None:
    """What an X server's repeat can look like: a release, and at the same time a press."""
    _send(desk, QEvent.Type.KeyRelease, key, timestamp_ms=timestamp_ms)
    _send(desk, QEvent.Type.ShortcutOverride, key, timestamp_ms=timestamp_ms)
    desk.actions["shuttle_forward"].trigger()


def test_at_the_last_frame_l_has_nowhere_to_go_but_the_space_bar_begins_anew(desk: Desk) -> None:
    desk.frame = 999
    desk.down(L)
    desk.up(L)
    assert desk.player.speeds == []
    desk.down(SPACE)
    desk.up(SPACE)
    assert desk.player.speeds == [1.0]
