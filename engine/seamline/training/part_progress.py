"""The progress of one part of a run, told as that of the whole."""

from __future__ import annotations

from collections.abc import Callable

from seamline.progress import Progress

THOUSANDTHS = 1000


class Part:
    """Goes from `start` to `end` of `whole` units while its own work goes from nothing to all."""

    def __init__(self, progress: Progress, start: int, end: int, whole: int = THOUSANDTHS) -> None:
        self._progress, self._start, self._end, self._whole = progress, start, end, whole

    def step(self, done: int, total: int) -> None:
        share = min(1.0, done / total) if total else 1.0
        self._progress.step(round(self._start + (self._end - self._start) * share), self._whole)

    def on_cancel(self, interrupt: Callable[[], None]) -> Callable[[], None]:
        return self._progress.on_cancel(interrupt)
