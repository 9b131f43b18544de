"""The command line's progress bar: frames, times real time, time left."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from fractions import Fraction
from typing import Any

from tqdm import tqdm

from seamline.progress import CancellableProgress

_BAR = "{desc} {percentage:3.0f} % |{bar:24}| {n_fmt}/{total_fmt} frames, {times_real_time}, {remaining} left"
_STEP_BAR = "{desc} {percentage:3.0f} % |{bar:24}| {remaining} left"
_SHORT_S = 1.0
_TO_A_FILE_EVERY_S = 10.0


class _FrameBar(tqdm):  # type: ignore[misc]  # tqdm carries no types
    def __init__(self, *, film_rate: Fraction, **options: Any) -> None:
        self._film_rate = film_rate
        super().__init__(**options)

    @property
    def format_dict(self) -> dict[str, Any]:
        shown: dict[str, Any] = super().format_dict
        rate = shown["rate"] or (
            (shown["n"] - shown["initial"]) / shown["elapsed"] if shown["elapsed"] else 0
        )
        shown["times_real_time"] = f"{rate / float(self._film_rate):.1f}x real time"
        return shown


def step_progress(text: str) -> AbstractContextManager[CancellableProgress]:
    """A Progress that draws a bar on standard error once the work takes a second; Ctrl+C or SIGTERM cancels it."""
    return _drawn(
        lambda _done, total: tqdm(
            desc=text, total=total, bar_format=_STEP_BAR, delay=_SHORT_S, leave=False, **_on_standard_error()
        )
    )


def frame_progress(text: str, film_rate: Fraction) -> AbstractContextManager[CancellableProgress]:
    """A Progress that draws a bar on standard error, and that Ctrl+C or SIGTERM cancels."""
    return _drawn(
        lambda done, total: _FrameBar(
            film_rate=film_rate, desc=text, total=total, initial=done, bar_format=_BAR, **_on_standard_error()
        )
    )


def _on_standard_error() -> dict[str, Any]:
    on_terminal = sys.stderr.isatty()
    return {
        "ascii": None if on_terminal else " #",
        "mininterval": 0.1 if on_terminal else _TO_A_FILE_EVERY_S,
        "file": sys.stderr,
    }


@contextmanager
def _drawn(make_bar: Callable[[int, int], tqdm]) -> Iterator[CancellableProgress]:
    """A Progress on the bar that `make_bar(done, total)` gives at the first step."""
    bar: tqdm | None = None

    def report(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = make_bar(done, total)
        bar.total = total
        bar.update(done - bar.n)

    progress = CancellableProgress(report)
    try:
        with cancelled_by_signals(progress.cancel):
            yield progress
    finally:
        if bar is not None:
            bar.close()


@contextmanager
def cancelled_by_signals(cancel: Callable[[], None]) -> Iterator[None]:
    """Call `cancel` on the first SIGINT or SIGTERM; a second one ends the process as usual."""
    wanted = [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.getsignal(number) for number in wanted}

    def handle(_number: int, _frame: object) -> None:
        for each in wanted:
            signal.signal(each, before[each])
        cancel()

    for number in wanted:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number in wanted:
            signal.signal(number, before[number])
