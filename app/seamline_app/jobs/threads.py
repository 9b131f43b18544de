"""Ending threads: asked, waited for, never terminated."""

from __future__ import annotations

from PySide6.QtCore import QObject, QThread

_PATIENCE_MS = 10_000
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
