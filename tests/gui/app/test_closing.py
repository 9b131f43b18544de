"""Closing the window at any moment: every time clean, and soon."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from seamline_app.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    from seamline_app.folders import Folders
    from tests.films import FilmSpec
    from tests.gui.app.conftest import CheapNetwork

_LONGEST_CLOSE_S = 2.0


def _open_and_close(folders: Folders, path: Path | None, after_ms: int, *, plays: bool = False) -> float:
    """Open a window over a film, close it after a while; gives how long closing took."""
    window = MainWindow(folders)
    window.show()
    window.open_film(path)
    QTest.qWait(after_ms)
    if plays:
        window.actions_by_id["play_pause"].trigger()
        QTest.qWait(20)
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
    qapp: QApplication,
    network: CheapNetwork,
    folders: Folders,
    long_film: FilmSpec,
    started_threads: list[QThread],
) -> None:
    network.delay_s = 0.03
    for turn in range(50):
        cache = folders.cache / str(turn)  # the analysis begins anew each time
        fresh = type(folders)(cache, folders.edits, folders.settings, folders.log)
        assert _open_and_close(fresh, long_film.path, turn * 4, plays=turn % 3 == 0) < _LONGEST_CLOSE_S
        assert _all_ended(started_threads)
        started_threads.clear()
    assert network.predictions > 50


@pytest.mark.parametrize("after_ms", [0, 150, 300, 700, 1500])
def test_with_the_real_network(
    qapp: QApplication, folders: Folders, long_film: FilmSpec, after_ms: int, started_threads: list[QThread]
) -> None:
    assert _open_and_close(folders, long_film.path, after_ms) < _LONGEST_CLOSE_S
    assert _all_ended(started_threads)


@pytest.mark.parametrize("after_ms", [0, 400])
def test_while_the_demo_film_is_drawn(
    qapp: QApplication, folders: Folders, after_ms: int, started_threads: list[QThread]
) -> None:
    assert _open_and_close(folders, None, after_ms) < _LONGEST_CLOSE_S
    assert _all_ended(started_threads)
    assert not list(folders.cache.rglob("*.mp4"))


def test_by_key(window: MainWindow, started_threads: list[QThread]) -> None:
    QTest.keySequence(window, "Ctrl+Q")
    assert not window.isVisible()
    assert _all_ended(started_threads)


def test_size_and_volume_are_remembered(
    qapp: QApplication, folders: Folders, started_threads: list[QThread]
) -> None:
    window = MainWindow(folders)
    window.resize(1010, 690)
    window.show()
    window.transport.volume_changed.emit(0.25)
    QTest.keySequence(window, "Ctrl+M")
    window.close()
    again = MainWindow(folders)
    again.show()
    assert (again.width(), again.height()) == (1010, 690)
    again.close()
    for each in (window, again):
        each.deleteLater()
