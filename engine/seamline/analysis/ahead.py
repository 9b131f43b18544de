"""Work done in a thread of its own, ahead of who uses its results."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Generic, TypeVar

Item = TypeVar("Item")

POLL_S = 0.1


class Ahead(Generic[Item]):
    """What `make` yields, up to `room` items ahead. `make` is given an event that is set when nobody wants more.

    The thread is joined on exit; its error is raised where the items are read.
    """

    def __init__(self, make: Callable[[threading.Event], Iterator[Item]], *, name: str, room: int) -> None:
        self._make = make
        self._queue: queue.Queue[tuple[Item] | BaseException | None] = queue.Queue(room)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Ahead[Item]:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._stop.set()
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        self._thread.join()

    def items(self, *, timeout_s: float = POLL_S) -> Iterator[Item | None]:
        """The items in order; None whenever there was none for `timeout_s`, so that the caller can look up."""
        while True:
            try:
                held = self._queue.get(timeout=timeout_s)
            except queue.Empty:
                yield None
                continue
            if held is None:
                return
            if isinstance(held, BaseException):
                raise held
            yield held[0]

    def _run(self) -> None:
        last: BaseException | None = None
        try:
            for item in self._make(self._stop):
                if not self._put((item,)):
                    return
        except BaseException as error:  # noqa: BLE001  a thread boundary: raised again in items()
            last = error
        self._put(last)

    def _put(self, held: tuple[Item] | BaseException | None) -> bool:
        while not self._stop.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(held, timeout=POLL_S)
                return True
        return False
