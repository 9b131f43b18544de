"""Work beside the main thread, which stays free to hear signals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

_LISTEN_EVERY_S = 0.1
Result = TypeVar("Result")


def in_background(work: Callable[[], Result]) -> Result:
    """What `work` gives, or its exception raised; it runs in a thread of its own.

    The main thread hears signals only between its own steps, and one window of the network is one step. The
    thread is a daemon: where a read from a lost disk hangs, a second Ctrl+C ends the process all the same.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  a thread boundary: raised again below
            errors.append(error)

    thread = threading.Thread(target=run, name="seamline-analysis", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_LISTEN_EVERY_S)
    if errors:
        raise errors[0]
    return results[0]
