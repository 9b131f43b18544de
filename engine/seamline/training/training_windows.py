"""The windows that the network learns from: cut out of training films, drawn in a process of their own."""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.queues import Queue
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from seamline.errors import Cancelled, ModelError, SeamlineError
from seamline.models.seam_evidence import evidence_maps
from seamline.progress import Progress
from seamline.training.seam_films import LabelledFilm, training_film
from seamline.training.seam_sources import Footage, FootageFolders, gather

WINDOW_GAPS = 192
EDGE_GAPS = 24
"""Gaps at either end of a window that only give context."""
STEP_GAPS = 160
_QUEUED_WINDOWS = 64
_POLL_S = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """`maps`: float16[192, 15, 14, 24]; `classes` and `middle` as in `LabelledFilm`, [192]; `film` is the number
    of the training film that it was cut out of."""

    maps: NDArray[np.float16]
    classes: NDArray[np.int64]
    middle: NDArray[np.float32]
    film: int


def windows_of(film: LabelledFilm, number: int = 0) -> Iterator[Window]:
    """The windows of a film, 160 gaps apart; of what is left over at its end, none."""
    for start in range(0, len(film.pictures) - WINDOW_GAPS - 1, STEP_GAPS):
        part = film.stretch(start, start + WINDOW_GAPS + 1)
        yield Window(evidence_maps(part.pictures).astype(np.float16), part.classes, part.middle, number)


def windows(footage: Footage, seed: int, first_film: int = 0) -> Iterator[Window]:
    """Windows without end, of film after film; those of the same seed and footage are the same."""
    number = first_film
    while True:
        yield from windows_of(training_film(footage, seed, number), number)
        number += 1


class WindowProcess:
    """`windows` of the footage in these folders, drawn ahead by a process of its own; iterate within `with`."""

    def __init__(
        self, folders: FootageFolders, seed: int, first_film: int = 0, *, progress: Progress | None = None
    ) -> None:
        # spawned, not forked: torch has threads by now
        context = multiprocessing.get_context("spawn")
        self._queue: Queue[Window | BaseException] = context.Queue(_QUEUED_WINDOWS)
        self._process = context.Process(
            target=_draw, args=(folders, seed, first_film, self._queue), name="seamline-films", daemon=True
        )
        self._cancelled = threading.Event()
        self._take_back = progress.on_cancel(self._cancelled.set) if progress is not None else None

    def __enter__(self) -> Iterator[Window]:
        self._process.start()
        return self._received()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._take_back is not None:
            self._take_back()
        self._process.terminate()
        self._process.join()
        self._queue.cancel_join_thread()
        self._queue.close()

    def _received(self) -> Iterator[Window]:
        while True:
            try:
                item = self._queue.get(timeout=_POLL_S)
            except queue.Empty:
                if self._cancelled.is_set():
                    raise Cancelled from None
                if not self._process.is_alive():
                    raise ModelError(
                        f"The process that draws training films ended (code {self._process.exitcode}): "
                        "free some memory, then start again; the training goes on from its checkpoint."
                    ) from None
                continue
            if isinstance(item, BaseException):
                raise item
            yield item


def _draw(
    folders: FootageFolders, seed: int, first_film: int, windows_queue: Queue[Window | BaseException]
) -> None:
    # an interrupt from the keyboard goes to the whole group; the parent ends this process when it is ready
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for window in windows(gather(folders), seed, first_film):
            windows_queue.put(window)
    except SeamlineError as error:
        windows_queue.put(error)


class ReplayBuffer:
    """Windows kept for some steps, so that a batch mixes many films and the processor learns more than it draws.

    It holds at least 48 and up to 400. Of those drawn, half are dropped as soon as there are more than 300. It
    takes at most four new ones a step, however quick they come: so the same windows and seed give the same batches.
    """

    LEAST, MOST, DROPPING_OVER = 48, 400, 300
    NEW_A_STEP = 4

    def __init__(self, windows: Iterator[Window], rng: np.random.Generator) -> None:
        self._windows, self._rng = windows, rng
        self._held: list[Window] = []
        self.next_film = 0
        """The first film of which no window was taken."""

    def batch(self, size: int) -> list[Window]:
        """`size` different windows."""
        wanted = max(self.LEAST, min(self.MOST, len(self._held) + self.NEW_A_STEP))
        while len(self._held) < wanted:
            self._held.append(next(self._windows))
            self.next_film = self._held[-1].film + 1
        places = self._rng.choice(len(self._held), size, replace=False)
        drawn = [self._held[place] for place in places]
        if len(self._held) > self.DROPPING_OVER:
            for place in sorted(places, reverse=True):
                if self._rng.random() < 0.5:
                    self._held.pop(place)
        return drawn
