"""The film's curves: one value a frame each, as far as they are known."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from seamline.analysis.stage import FloatArray, SignalBlock


class Signals:
    """Named curves of a film, float32[frame_count] each, NaN where not analysed yet.

    Every curve is known from frame 0 up to `done_frames(name)`, without holes.
    """

    def __init__(self, frame_count: int) -> None:
        self.frame_count = frame_count
        self._curves: dict[str, FloatArray] = {}
        self._done: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._curves

    def __getitem__(self, name: str) -> FloatArray:
        return self._curves[name]

    def curve(self, name: str) -> FloatArray:
        """A copy of the named curve, all NaN if nothing of it is known: float32[frame_count]."""
        if name not in self._curves:
            return np.full(self.frame_count, np.nan, np.float32)
        return self._curves[name].copy()

    def done_frames(self, *names: str) -> int:
        """How many frames from the start all the named curves (all there are, if none is named) are known."""
        return min((self._done.get(name, 0) for name in names or self._done), default=0)

    def add(self, block: SignalBlock) -> None:
        """Put a block in; it must begin at or before the end of what is known."""
        for name, values in block.values.items():
            curve = self._curves.get(name)
            if curve is None:
                curve = self._curves[name] = np.full(self.frame_count, np.nan, np.float32)
            done = self._done.get(name, 0)
            if block.start_frame > done or block.end_frame > self.frame_count:
                raise ValueError(
                    f"A block of {name} for frames {block.start_frame} to {block.end_frame} does not join "
                    f"{done} known frames of {self.frame_count}."
                )
            curve[block.start_frame : block.end_frame] = values
            self._done[name] = max(done, block.end_frame)

    def block(self, names: Iterable[str]) -> SignalBlock:
        """The known part of the named curves as one block from frame 0."""
        names = tuple(names)
        done = self.done_frames(*names)
        return SignalBlock(
            0, {name: self._curves[name][:done].copy() for name in names if name in self._curves}
        )
