"""While a film is analysed, the window's own thread is never busy for long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt, QTimer

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import CheapNetwork, Hands

pytestmark = pytest.mark.timed

_LIMIT_S = 0.05


class Watchdog(QObject):
    """Notes how long the window's thread worked between two looks of a timer that is due every 2 ms.

    What the thread worked, not how long it took: other programs may have the processor meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest_s = 0.0
        self.looks = 0
        self._last_s = time.thread_time()
        self._timer = QTimer(self, interval=2, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        now_s = time.thread_time()
        self.longest_s = max(self.longest_s, now_s - self._last_s)
        self.looks += 1
        self._last_s = now_s


def test_the_watchdog_sees_what_is_too_long(hands: Hands) -> None:
    dog = Watchdog()
    hands.pause(50)
    assert dog.longest_s < _LIMIT_S
    until_s = time.thread_time() + _LIMIT_S
    while time.thread_time() < until_s:
        pass
    hands.pause(50)
    dog.stop()
    assert dog.longest_s >= _LIMIT_S


def test_the_analysis_gives_way_to_playing_and_to_looking_for_something(
    hands: Hands, network: CheapNetwork, long_film: FilmSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[bool] = []
    monkeypatch.setattr(hands.window.analysis, "give_way", said.append)
    network.delay_s = 0.1
    hands.open(long_film, analysed=False)
    hands.press("Right")
    assert said[-1:] == [True]
    hands.wait(lambda: said[-1:] == [False])
    hands.press("Space")
    hands.wait(lambda: hands.window.player.speed > 0)
    assert said[-1:] == [True]
    hands.pause(600)
    assert said[-1:] == [True]
    hands.press("Space")
    hands.wait(lambda: said[-1:] == [False])


def test_giving_way_slows_the_analysis(hands: Hands) -> None:
    shares = []
    for gives_way in (True, False):
        hands.window.analysis.give_way(gives_way)
        shares.append(hands.window.analysis.share)
    assert shares == [0.3, 1.0]


def test_nothing_takes_long_while_a_film_is_analysed_and_worked_on(
    hands: Hands, network: CheapNetwork, long_film: FilmSpec
) -> None:
    network.delay_s = 0.2
    hands.open(long_film, analysed=False)
    dog = Watchdog()
    for key in (
        "Right",
        "Left",
        "Down",
        "+",
        "+",
        "N",
        "C",
        "Ctrl+Z",
        "M",
        "Delete",
        "-",
        "Shift+Right",
        "T",
        "End",
        "Home",
    ):
        hands.press(key)
        hands.pause(40)
    assert hands.window.analysis.is_running
    hands.press("Space")
    hands.pause(500)
    hands.press("Space")
    hands.wait(lambda: not hands.window.analysis.is_running)
    dog.stop()
    assert dog.looks > 100
    assert dog.longest_s < _LIMIT_S
