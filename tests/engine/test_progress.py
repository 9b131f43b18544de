"""One object carries progress out of a job and cancellation into it."""

from __future__ import annotations

import threading

import pytest

from seamline.errors import Cancelled, SeamlineError
from seamline.progress import CancellableProgress


def test_steps_are_reported_until_it_is_cancelled() -> None:
    seen: list[tuple[int, int]] = []
    progress = CancellableProgress(lambda done, total: seen.append((done, total)))
    progress.step(1, 3)
    before = progress.cancelled
    progress.cancel()
    assert (before, progress.cancelled) == (False, True)
    with pytest.raises(Cancelled):
        progress.step(2, 3)
    assert seen == [(1, 3)]


def test_it_works_without_anybody_listening() -> None:
    CancellableProgress().step(1, 2)


def test_a_cancellation_is_no_error_for_the_user() -> None:
    assert not issubclass(Cancelled, SeamlineError)


def test_what_is_under_way_is_interrupted_from_the_cancelling_thread() -> None:
    progress = CancellableProgress()
    threads: list[str] = []
    progress.on_cancel(lambda: threads.append(threading.current_thread().name))
    canceller = threading.Thread(target=progress.cancel, name="canceller")
    canceller.start()
    canceller.join()
    assert threads == ["canceller"]


def test_what_begins_after_the_cancellation_is_interrupted_at_once() -> None:
    progress = CancellableProgress()
    progress.cancel()
    called: list[int] = []
    take_back = progress.on_cancel(lambda: called.append(1))
    assert called == [1]
    take_back()


def test_what_was_taken_back_is_not_called() -> None:
    progress = CancellableProgress()
    called: list[int] = []
    take_back = progress.on_cancel(lambda: called.append(1))
    progress.on_cancel(lambda: called.append(2))
    take_back()
    take_back()
    progress.cancel()
    assert called == [2]


def test_no_interrupt_is_lost_between_threads() -> None:
    """Whenever the cancellation comes, each call under way hears of it exactly once."""
    for _ in range(50):
        progress = CancellableProgress()
        called: list[int] = []
        start = threading.Barrier(2)

        def cancel(progress: CancellableProgress = progress, start: threading.Barrier = start) -> None:
            start.wait()
            progress.cancel()

        thread = threading.Thread(target=cancel)
        thread.start()
        start.wait()
        progress.on_cancel(lambda called=called: called.append(1))  # type: ignore[misc]  # mypy sees no default
        thread.join()
        assert called == [1]
