"""Threads that work quietly, and how they end: asked, waited for, never terminated."""

from __future__ import annotations

import logging
import os
import sys
import threading

from PySide6.QtCore import QObject, Qt, QThread

log = logging.getLogger(__name__)

_PATIENCE_MS = 10_000
_NICE = 10
_unending: list[tuple[QThread, QObject | None]] = []


def joined(thread: QThread, worker: QObject | None) -> bool:
    """Wait for a thread that was asked to end; whether it did.

    One that hangs (in a read from a lost network disk) is left behind with its worker: both are kept
    alive, as destroying a running QThread aborts the program.
    """
    if thread.wait(_PATIENCE_MS):
        return True
    _unending.append((thread, worker))
    return False


def nice_thread(name: str, nice: int) -> QThread:
    """A thread that leaves more of the processor to the window's the nicer it is, from 0 to 19."""
    thread = QThread()
    thread.setObjectName(name)
    # called in the new thread, before anything else runs there
    thread.started.connect(lambda: be_nice(nice), Qt.ConnectionType.DirectConnection)
    return thread


def be_nice(nice: int = _NICE) -> None:
    """Give this thread, and those its decoder will start, less of the processor.

    QThread's priorities have no effect under Linux's usual scheduling, which knows niceness a thread.
    """
    if sys.platform == "linux":
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
        except OSError as error:
            log.debug("the thread %s keeps its priority: %s", threading.current_thread().name, error)
