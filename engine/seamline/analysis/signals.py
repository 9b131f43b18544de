"""The film's curves: values of every frame, or of every n-th, as far as they are known."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from seamline.analysis.stage import FloatArray, SignalBlock


class Signals:
    """Named curves of a film, NaN where not analysed yet: float32[rows] or float32[rows, D], a row for each of
    the frames 0, n, 2n, ... where n is the curve's `every_frames` (1 for most).

    Every curve is known from frame 0 up to `done_frames(name)`, without holes.
    """

    def __init__(self, frame_count: int) -> None:
        self.frame_count = frame_count
        self._curves: dict[str, FloatArray] = {}
        self._every: dict[str, int] = {}
        self._done_rows: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._curves

    def __getitem__(self, name: str) -> FloatArray:
        return self._curves[name]

    def every_frames(self, name: str) -> int:
        """How many frames apart the rows of the named curve are; 1 if nothing of it is known."""
        return self._every.get(name, 1)

    def known(self, name: str) -> FloatArray:
        """The rows of the named curve that are known, not copied: float32[n] or float32[n, D]."""
        if name not in self._curves:
            return np.empty(0, np.float32)
        return self._curves[name][: self._done_rows[name]]

    def curve(self, name: str) -> FloatArray:
        """A copy of the named curve, all NaN if nothing of it is known: float32[frame_count]."""
        if name not in self._curves:
            return np.full(self.frame_count, np.nan, np.float32)
        return self._curves[name].copy()

    def done_frames(self, *names: str) -> int:
        """How many frames from the start all the named curves (all there are, if none is named) are known."""
        return min((self._done_frames(name) for name in names or self._curves), default=0)

    def add(self, block: SignalBlock) -> None:
        """Put a block in; it must begin at or before the end of what is known, and have the curve's spacing."""
        every = block.every_frames
        for name, values in block.values.items():
            curve = self._curves.get(name)
            if curve is None:
                rows = -(-self.frame_count // every)
                curve = np.full((rows, *values.shape[1:]), np.nan, np.float32)
            known = self._done_rows.get(name, 0)
            first, end = block.start_frame // every, block.start_frame // every + len(values)
            if self._every.get(name, every) != every or block.start_frame % every:
                raise ValueError(
                    f"A block of {name} from frame {block.start_frame}, every {every} frames, does not fit "
                    f"its curve of every {self._every.get(name, every)} frames."
                )
            if first > known or end > len(curve):
                raise ValueError(
                    f"A block of {name} for frames {block.start_frame} to {block.end_frame} does not join "
                    f"{self._done_frames(name)} known frames of {self.frame_count}."
                )
            curve[first:end] = values
            self._curves[name], self._every[name] = curve, every
            self._done_rows[name] = max(known, end)

    def block(self, names: Iterable[str]) -> SignalBlock:
        """The known part of the named curves, which have one spacing, as one block from frame 0."""
        names = [name for name in names if name in self._curves]
        rows = min((self._done_rows[name] for name in names), default=0)
        every = self._every[names[0]] if names else 1
        return SignalBlock(0, {name: self._curves[name][:rows].copy() for name in names}, every)

    def _done_frames(self, name: str) -> int:
        return min(self.frame_count, self._done_rows.get(name, 0) * self._every.get(name, 1))
