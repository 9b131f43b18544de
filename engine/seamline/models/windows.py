"""TransNetV2's published windows over a film, as its pictures come.

100 frames a window, the next 50 frames on; the middle 50 count. 25 copies of the first frame stand before
the film, copies of the last after it (Souček and Lokoč, arXiv:2008.04838, and their published inference).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from seamline.progress import Progress

WINDOW_FRAMES = 100
STEP_FRAMES = 50
MARGIN_FRAMES = (WINDOW_FRAMES - STEP_FRAMES) // 2
"""Frames at either end of a window that only give context: 25."""

Pictures = NDArray[np.uint8]
Probabilities = NDArray[np.float32]


class Prediction(NamedTuple):
    """Probabilities of both heads for the frames from `start_frame` on, float32[n] each, n <= 50."""

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


def resume_point(done_frames: int) -> ResumePoint:
    """Where to go on when the results of the first `done_frames` frames are kept.

    Windows stand at multiples of 50, so up to 49 results come a second time, equal to the first.
    """
    first_result = done_frames // STEP_FRAMES * STEP_FRAMES
    return ResumePoint(first_result, max(0, first_result - MARGIN_FRAMES))


class WindowedPredictor:
    """Feed a film's pictures in order, get predictions for each 50 frames as soon as their window is whole.

    To go on where an earlier run stopped, give a `resume_point`'s `first_result` as `start_frame` and feed
    from its `first_picture` on: the windows, and so the results, are those of one whole run.
    `progress` breaks off the window under way with Cancelled.
    """

    def __init__(
        self, predictor: Predictor, *, start_frame: int = 0, progress: Progress | None = None
    ) -> None:
        if start_frame < 0 or start_frame % STEP_FRAMES:
            raise ValueError(f"start_frame must be a multiple of {STEP_FRAMES} from 0 on, not {start_frame}")
        self._predictor = predictor
        self._progress = progress
        self._next_result = start_frame
        self._end = resume_point(start_frame).first_picture  # one past the last frame fed
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
        while len(self._buffer) >= WINDOW_FRAMES:
            predictions.append(self._predict(self._buffer[:WINDOW_FRAMES]))
            self._buffer = self._buffer[STEP_FRAMES:]
        return predictions

    def finish(self) -> list[Prediction]:
        """The predictions that remain at the film's end."""
        predictions = []
        while self._buffer is not None and self._next_result < self._end:
            missing = max(0, WINDOW_FRAMES - len(self._buffer))
            padded = np.concatenate((self._buffer, np.repeat(self._buffer[-1:], missing, axis=0)))
            predictions.append(self._predict(padded[:WINDOW_FRAMES]))
            self._buffer = padded[STEP_FRAMES:]
        return predictions

    def _predict(self, window: Pictures) -> Prediction:
        single, many = self._predictor.predict(window, progress=self._progress)
        count = min(STEP_FRAMES, self._end - self._next_result)
        counted = slice(MARGIN_FRAMES, MARGIN_FRAMES + count)
        prediction = Prediction(self._next_result, single[counted].copy(), many[counted].copy())
        self._next_result += count
        return prediction
