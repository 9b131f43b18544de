"""GUI tests draw into memory: no screen is needed, and pixels are the same everywhere."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest

# before anything imports Qt
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QThread

# a QThread that ran Python code leaves a dummy of its name behind, and tqdm has one watch for all its bars
_UNENDING = ("Dummy", "tqdm_monitor")


@pytest.fixture(autouse=True)
def started_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[QThread]]:
    """Every QThread that a test starts; all of them, and all of Python's, must have ended when it ends."""
    started: list[QThread] = []
    start = QThread.start

    def start_and_tell(thread: QThread, *arguments: Any) -> None:
        started.append(thread)
        start(thread, *arguments)

    monkeypatch.setattr(QThread, "start", start_and_tell)
    before = set(threading.enumerate())
    yield started
    running = [thread.objectName() for thread in started if thread.isRunning()]
    running += [
        thread.name for thread in set(threading.enumerate()) - before if not thread.name.startswith(_UNENDING)
    ]
    assert not running, f"threads still run: {running}"
