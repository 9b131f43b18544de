"""Closing the window at any moment: every time clean, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider, QToolButton

from seamline_app.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot
    from tests.films import FilmSpec
    from tests.gui.app.conftest import CheapNetwork

    from seamline_app.folders import Folders

pytestmark = pytest.mark.timed

_LONGEST_CLOSE_S = 2.0


def _open_and_close(
    qtbot: QtBot,
    folders: Folders,
    path: Path | None,
    after_ms: int = 0,
    *,
    plays: bool = False,
    is_time: Callable[[], bool] = lambda: True,
) -> float:
    """Open a window over a film, close it a while after `is_time()`; gives how long closing took."""
    window = MainWindow(folders)
    try:
        window.show()
        window.open_film(path)
        qtbot.waitUntil(is_time, timeout=10_000)
        qtbot.wait(after_ms)  # QTest.qWait would keep Python's lock from the threads
        if plays:
            window.actions_by_id["play_pause"].trigger()
            qtbot.wait(20)
    finally:
        began_s = time.monotonic()
        assert window.close()
        took_s = time.monotonic() - began_s
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    return took_s


def _all_ended(threads: list[QThread]) -> bool:
    return bool(threads) and all(thread.isFinished() for thread in threads)


def test_fifty_times_in_the_middle_of_the_analysis(
    qtbot: QtBot,
    network: CheapNetwork,
    folders: Folders,
    long_film: FilmSpec,
    started_threads: list[QThread],
) -> None:
    network.delay_s = 0.1
    for turn in range(50):
        cache = folders.cache / str(turn)  # the analysis begins anew each time
        fresh = type(folders)(cache, folders.edits, folders.settings, folders.log)
        network.predictions = 0
        took_s = _open_and_close(
            qtbot, fresh, long_film.path, turn, plays=turn % 3 == 0, is_time=lambda: network.predictions > 0
        )
        assert took_s < _LONGEST_CLOSE_S
        assert _all_ended(started_threads)
        assert network.predictions < 4, "the analysis was at its end already"
        started_threads.clear()


@pytest.mark.parametrize("after_ms", range(0, 200, 20))
def test_while_a_film_is_being_opened(
    qtbot: QtBot,
    network: CheapNetwork,
    folders: Folders,
    film: FilmSpec,
    after_ms: int,
    started_threads: list[QThread],
) -> None:
    assert _open_and_close(qtbot, folders, film.path, after_ms) < _LONGEST_CLOSE_S
    assert _all_ended(started_threads)


@pytest.mark.parametrize("after_ms", [0, 150, 300, 700, 1500])
def test_with_the_real_network(
    qtbot: QtBot, folders: Folders, long_film: FilmSpec, after_ms: int, started_threads: list[QThread]
) -> None:
    assert _open_and_close(qtbot, folders, long_film.path, after_ms) < _LONGEST_CLOSE_S
    assert _all_ended(started_threads)


@pytest.mark.parametrize("after_ms", [0, 400])
def test_while_the_demo_film_is_drawn(
    qtbot: QtBot, folders: Folders, after_ms: int, started_threads: list[QThread]
) -> None:
    assert _open_and_close(qtbot, folders, None, after_ms) < _LONGEST_CLOSE_S
    assert _all_ended(started_threads)
    assert not [path for path in folders.cache.rglob("*") if path.is_file()]


def test_by_key(window: MainWindow, started_threads: list[QThread]) -> None:
    QTest.keySequence(window, "Ctrl+Q")
    assert not window.isVisible()
    assert _all_ended(started_threads)


def test_height_and_volume_are_remembered(
    make_window: Callable[[], MainWindow], network: CheapNetwork
) -> None:
    window = make_window()
    window.resize(window.width(), 610)
    window.transport.volume_changed.emit(0.25)
    QTest.keySequence(window, "Ctrl+M")
    window.close()
    again = make_window()
    assert again.height() == 610
    volume = next(s for s in again.transport.findChildren(QSlider) if s.accessibleName() == "Volume")
    assert volume.value() == 25
    assert again.transport.button("mute").accessibleName() == "Unmute"


@pytest.mark.parametrize("width", [900, 1200, 1600])
def test_what_lacks_room_goes_and_comes_back(window: MainWindow, width: int) -> None:
    window.resize(width, 540)
    QApplication.processEvents()
    assert window.width() == width
    assert window.height() == 540
    bar = window.transport
    buttons = [button for button in bar.findChildren(QToolButton) if button.isVisible()]
    right_ends = sorted(bar.mapFromGlobal(b.mapToGlobal(b.rect().topRight())).x() for b in buttons)
    assert right_ends[-1] < bar.width()
    assert all(b - a >= 30 for a, b in pairwise(right_ends)), "buttons overlap"
    assert bar.button("go_to_end").isVisible() == (width > 900)
    assert bar.button("mute").isVisible()
