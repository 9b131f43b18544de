"""TransNetV2's windows over a film, as its pictures come.

A window counts for all its frames but the first and the last 25, which give context. 25 copies of the first
frame stand before the film, copies of the last after it (Souček and Lokoč, arXiv:2008.04838, and their
published inference, whose windows have 100 frames). Longer windows compute fewer frames twice.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from seamline.progress import Progress

STEP_FRAMES = 50
MARGIN_FRAMES = 25
"""Frames at either end of a window that only give context."""

Pictures = NDArray[np.uint8]
Probabilities = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WindowLayout:
    """For how many frames each window of a film counts: `first_frames`, one after the other, then always
    `frames`; multiples of 50 all, which is where the published windows stand.

    Where a window stands depends on nothing else, so a run that goes on later has the same ones.
    """

    frames: int
    first_frames: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for frames in (self.frames, *self.first_frames):
            if frames < STEP_FRAMES or frames % STEP_FRAMES:
                raise ValueError(f"windows count for multiples of {STEP_FRAMES} frames, not for {frames}")

    def window_at(self, frame: int) -> range:
        """The frames that the window which counts for `frame` counts for."""
        starts = list(accumulate(self.first_frames, initial=0))
        if frame < starts[-1]:
            at = bisect_right(starts, frame) - 1
            return range(starts[at], starts[at + 1])
        start = frame - (frame - starts[-1]) % self.frames
        return range(start, start + self.frames)


PUBLISHED = WindowLayout(STEP_FRAMES)
"""Windows of 100 frames, the next 50 frames on."""

LONG = WindowLayout(450, first_frames=(50, 100, 200))
"""Nearly as few frames twice as can be, and the first results as early as with the published windows."""


class Prediction(NamedTuple):
    """Probabilities of both heads for the frames from `start_frame` on, float32[n] each."""

    start_frame: int
    single: Probabilities
    many: Probabilities


class Predictor(Protocol):
    """What runs the network over one window."""

    def predict(
        self, pictures: Pictures, *, progress: Progress | None = None
    ) -> tuple[Probabilities, Probabilities]: ...


class ResumePoint(NamedTuple):
    """Results come from `first_result` on when pictures are fed from `first_picture` on."""

    first_result: int
    first_picture: int


def resume_point(done_frames: int, layout: WindowLayout = LONG) -> ResumePoint:
    """Where to go on when the results of the first `done_frames` frames are kept.

    Some results come a second time, equal to the first: those of the window that was not done.
    """
    first_result = layout.window_at(done_frames).start
    return ResumePoint(first_result, max(0, first_result - MARGIN_FRAMES))


class WindowedPredictor:
    """Feed a film's pictures in order, get predictions for each window's frames as soon as it is whole.

    To go on where an earlier run stopped, give a `resume_point`'s `first_result` as `start_frame` and feed
    from its `first_picture` on: the windows, and so the results, are those of one whole run. The film's last
    window is as short as its rest allows. `progress` breaks off the window under way with Cancelled.
    """

    def __init__(
        self,
        predictor: Predictor,
        *,
        start_frame: int = 0,
        layout: WindowLayout = LONG,
        progress: Progress | None = None,
    ) -> None:
        if start_frame < 0 or layout.window_at(start_frame).start != start_frame:
            raise ValueError(f"start_frame must be where a window begins to count, not {start_frame}")
        self._predictor = predictor
        self._progress = progress
        self._layout = layout
        self._next_result = start_frame
        self._end = resume_point(start_frame, layout).first_picture  # one past the last frame fed
        self._buffer: Pictures | None = None  # padding, then the film up to `_end`

    def feed(self, pictures: Pictures) -> list[Prediction]:
        """The predictions that became possible with these next pictures, uint8[n, 27, 48, 3], n >= 0."""
        if len(pictures) == 0:
            return []
        if self._buffer is None:
            missing = MARGIN_FRAMES if self._next_result == 0 else 0
            self._buffer = np.concatenate((np.repeat(pictures[:1], missing, axis=0), pictures))
        else:
            self._buffer = np.concatenate((self._buffer, pictures))
        self._end += len(pictures)
        predictions = []
        while self._end >= self._window_end() + MARGIN_FRAMES:
            predictions.append(self._predict(self._window_end()))
        return predictions

    def finish(self) -> list[Prediction]:
        """The predictions that remain at the film's end."""
        predictions = []
        while self._buffer is not None and self._next_result < self._end:
            predictions.append(self._predict(min(self._window_end(), self._end)))
        return predictions

    def _window_end(self) -> int:
        return self._layout.window_at(self._next_result).stop

    def _predict(self, end: int) -> Prediction:
        """The results up to `end`, from a window that is whole or filled up with copies of the last frame."""
        assert self._buffer is not None
        count = end - self._next_result
        counted = -(-count // STEP_FRAMES) * STEP_FRAMES
        window = self._buffer[: counted + 2 * MARGIN_FRAMES]
        missing = counted + 2 * MARGIN_FRAMES - len(window)
        window = np.concatenate((window, np.repeat(window[-1:], missing, axis=0)))
        single, many = self._predictor.predict(window, progress=self._progress)
        kept = slice(MARGIN_FRAMES, MARGIN_FRAMES + count)
        prediction = Prediction(self._next_result, single[kept].copy(), many[kept].copy())
        self._buffer = self._buffer[count:]
        self._next_result = end
        return prediction
