"""Runs stages over one decode of a film, each in a thread of its own."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from types import TracebackType

from seamline.analysis.pace import Pace
from seamline.analysis.picture_source import PictureBatch, PictureSource
from seamline.analysis.signals import Signals
from seamline.analysis.stage import Resumption, SignalBlock, Stage
from seamline.errors import Cancelled, MediaError, SeamlineError
from seamline.media.film import Film
from seamline.progress import Progress

_log = logging.getLogger(__name__)
_QUEUED_BATCHES = 4
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class StageFailure:
    """A stage that stopped before the film's end; the others went on."""

    stage: str
    error: Exception

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        if isinstance(self.error, SeamlineError):
            return str(self.error)
        return (
            f"The step “{self.stage}” of the analysis stopped ({self.error}); the others went on. "
            "Analyse the film again; the log says more."
        )


def done_frames(stage: Stage, signals: Signals, frame_count: int) -> int:
    """How many frames from the start the stage has given results for."""
    if stage.stored_frames is not None:
        return min(stage.stored_frames, frame_count)
    return signals.done_frames(*stage.signal_names)


def run_stages(
    film: Film,
    stages: Sequence[Stage],
    signals: Signals,
    *,
    progress: Progress,
    on_block: Callable[[SignalBlock], None],
    missing: set[int] | None = None,
    needed: Collection[str] = (),
    pace: Pace | None = None,
) -> list[StageFailure]:
    """Complete `signals` by the stages that still lack something; give those that failed on the way.

    Each frame is decoded once, in a thread of its own, and scaled in a cascade; each stage works in its own
    thread behind a bounded queue, so that the slowest sets the pace and memory stays flat. Blocks are added to
    `signals`, then handed to `on_block`, both in the caller's thread; the numbers of frames that have no
    picture of their own are added to `missing`. Progress counts frames known to all stages that still run.
    Raises MediaError, after the stages have worked off what was decoded before it, or Cancelled, either with all
    that was known until then in `signals`; and at once what keeps a stage named in `needed` from beginning.
    `pace` slows all of it while something else matters more.
    """
    count = film.frame_count
    lacking = [stage for stage in stages if done_frames(stage, signals, count) < count]
    failures: list[StageFailure] = []
    pace = pace or Pace()
    workers: list[_StageWorker] = []
    results: _Results = queue.SimpleQueue()
    for stage in lacking:
        # opening networks takes a while
        progress.step(min(done_frames(each, signals, count) for each in lacking), count)
        try:
            resumption = stage.resume(done_frames(stage, signals, count), progress)
        except Cancelled:
            raise
        except Exception as error:
            if stage.name in needed:
                raise
            _log.warning("The stage %s cannot begin: %s", stage.name, error, exc_info=error)
            failures.append(StageFailure(stage.name, error))
        else:
            workers.append(_StageWorker(stage, resumption, results, pace))
    if not workers:
        return failures

    def known() -> int:
        live = [worker.stage for worker in workers if not worker.has_failed]
        return min((done_frames(stage, signals, count) for stage in live), default=0)

    def collect(wait_s: float = 0.0) -> None:
        for worker, result in _drained(results, wait_s):
            if isinstance(result, Exception):
                worker.has_failed = True
                if not isinstance(result, Cancelled):
                    failures.append(StageFailure(worker.stage.name, result))
                continue
            for block in result:
                signals.add(block)
                on_block(block)

    def take(wait: bool) -> None:
        """Collect what the stages have given since; wait a moment for the first if told to."""
        collect(_POLL_S if wait else 0.0)
        progress.step(known(), count)

    progress.step(known(), count)
    first = min(worker.resumption.first_picture for worker in workers)
    specs = [worker.stage.pictures for worker in workers]
    noted = 0

    def note() -> None:
        nonlocal noted
        found = source.missing[noted:]
        noted += len(found)
        if missing is not None:
            missing.update(found)

    # workers leave first: what they work at is cancelled before the source is given up
    try:
        with PictureSource(film, specs, first, pace) as source, contextlib.ExitStack() as running:
            for worker in workers:
                running.enter_context(worker)
            running.callback(_stop_all, workers)
            try:
                _distribute(source, workers, take=take, note=note)
            finally:
                note()
    finally:
        collect()  # what was ready when it was broken off
    progress.step(known(), count)
    return failures


def _distribute(
    source: PictureSource,
    workers: Sequence[_StageWorker],
    *,
    take: Callable[[bool], None],
    note: Callable[[], None],
) -> None:
    """Hand every batch to every worker as soon as it has room, then wait until all have finished.

    Where the decode stops with MediaError, that is raised when all have done what they had been handed.
    """

    def give(item: PictureBatch | _End) -> None:
        for worker in workers:
            while not worker.offer(item):
                take(True)

    def end(how: _End) -> None:
        give(how)
        while any(worker.is_alive for worker in workers):
            take(True)

    try:
        for batch in source.batches(timeout_s=_POLL_S):
            note()  # with the values, so that neither is kept without the other
            take(False)
            if batch is not None:
                give(batch)
            if all(worker.has_failed for worker in workers):
                return
    except MediaError:
        end(_End.BROKEN_OFF)
        raise
    end(_End.OF_FILM)


def _stop_all(workers: Sequence[_StageWorker]) -> None:
    """All are told before one is waited for."""
    for worker in workers:
        worker.stop()


class _End(Enum):
    """What comes behind the last batch."""

    OF_FILM = auto()
    BROKEN_OFF = auto()
    """The film goes on, but not in this run: the stage ends with what it has been handed."""


class _StageWorker:
    """A stage at work in a thread of its own. What it gives, or the error that ended it, goes to `results`."""

    def __init__(self, stage: Stage, resumption: Resumption, results: _Results, pace: Pace) -> None:
        self.stage = stage
        self._pace = pace
        self.resumption = resumption
        self.has_failed = False
        self._results = results
        self._queue: queue.Queue[PictureBatch | _End] = queue.Queue(_QUEUED_BATCHES)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"seamline-{stage.name}", daemon=True)

    def __enter__(self) -> _StageWorker:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()
        self._thread.join()

    def stop(self) -> None:
        """Tell it to end; does not wait."""
        self._stop.set()
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(_End.BROKEN_OFF)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def offer(self, item: PictureBatch | _End) -> bool:
        """Hand over the next batch, or the end behind the last; False while the stage has enough to do."""
        if self.has_failed:
            return True
        try:
            self._queue.put_nowait(item)
        except queue.Full:
            return False
        return True

    def _run(self) -> None:
        try:
            for blocks in self._blocks():
                self._results.put((self, blocks))
        except Exception as error:  # noqa: BLE001  a thread boundary: the caller decides
            if not isinstance(error, Cancelled):
                _log.warning("The stage %s stopped: %s", self.stage.name, error, exc_info=error)
            self._results.put((self, error))

    def _blocks(self) -> Iterator[list[SignalBlock]]:
        while not self._stop.is_set():
            item = self._queue.get()
            if self._stop.is_set() or item is _End.BROKEN_OFF:
                return
            if item is _End.OF_FILM:
                yield self.stage.finish()
                return
            pictures = item.pictures(self.stage.pictures, from_frame=self.resumption.first_picture)
            if len(pictures):
                began_s = time.monotonic()
                yield self.stage.feed(pictures)
                self._pace.rest(time.monotonic() - began_s, self._stop)


_Results = queue.SimpleQueue["tuple[_StageWorker, list[SignalBlock] | Exception]"]


def _drained(
    results: _Results, timeout_s: float
) -> Iterator[tuple[_StageWorker, list[SignalBlock] | Exception]]:
    with contextlib.suppress(queue.Empty):
        yield results.get(timeout=timeout_s) if timeout_s else results.get_nowait()
        while True:
            yield results.get_nowait()
