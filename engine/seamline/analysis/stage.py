"""What a stage of the analysis is: it says which pictures it wants, and turns them into signals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from seamline.media.cascade import Pictures, PictureSpec
from seamline.progress import Progress

FloatArray = NDArray[np.float32]

__all__ = ["FloatArray", "PictureSpec", "Pictures", "Resumption", "SignalBlock", "Stage"]


@dataclass(frozen=True, slots=True)
class SignalBlock:
    """Values of the frames `start_frame`, `start_frame + every_frames`, ...: `values[name]` is float32[n] or
    float32[n, D]. `start_frame` is a multiple of `every_frames`."""

    start_frame: int
    values: dict[str, FloatArray]
    every_frames: int = 1

    @property
    def end_frame(self) -> int:
        """The frames before this one are known with this block; may lie behind the film's last frame."""
        return self.start_frame + len(next(iter(self.values.values()))) * self.every_frames


@dataclass(frozen=True, slots=True)
class Resumption:
    """Where a stage goes on: it wants pictures from `first_picture` and gives values from `first_result`."""

    first_picture: int
    first_result: int


class Stage(Protocol):
    """One step of the analysis, fed by the pipeline with the pictures it wants, in order.

    `name`, `version` and `key` identify its results in the cache: `version` rises when the same input gives
    other values, `key` holds what else they depend on (a model's hash, parameters). Each stage has a thread
    of its own while the pipeline runs; only `resume` is called from another.
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def pictures(self) -> PictureSpec:
        """The pictures it wants, and of which frames."""

    @property
    def signal_names(self) -> tuple[str, ...]:
        """The curves it gives; none if it keeps its results itself."""

    @property
    def signal_width(self) -> int:
        """Values a row of each curve: 1 for curves of float32[n], else D for those of float32[n, D]."""

    @property
    def stored_frames(self) -> int | None:
        """For a stage that keeps its results itself: how many frames from the start it has. Else None."""

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        """Get ready to go on after `done_frames` frames.

        `progress` breaks off what takes long; reporting is the pipeline's.
        """

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        """Take the next pictures; give what is ready, in order and without holes. Raises Cancelled."""

    def finish(self) -> list[SignalBlock]:
        """Give the rest, after the last picture of the film. Raises Cancelled."""
