"""What a stage of the analysis is: it says which pictures it wants, and turns them into signals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from seamline.progress import Progress

FloatArray = NDArray[np.float32]
Pictures = NDArray[np.uint8]
"""uint8[n, height, width, 3], RGB, one a frame, upright."""


@dataclass(frozen=True, slots=True)
class SignalBlock:
    """Values of consecutive frames: `values[name]` is float32[n] for frames `start_frame` on."""

    start_frame: int
    values: dict[str, FloatArray]

    @property
    def end_frame(self) -> int:
        return self.start_frame + len(next(iter(self.values.values())))


@dataclass(frozen=True, slots=True)
class Resumption:
    """Where a stage goes on: it wants pictures from `first_picture` and gives values from `first_result`."""

    first_picture: int
    first_result: int


class Stage(Protocol):
    """One step of the analysis, fed by the pipeline with every frame's picture in order.

    `name`, `version` and `key` identify its results in the cache: `version` rises when the same input gives
    other values, `key` holds what else they depend on (a model's hash, parameters).
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def picture_size(self) -> tuple[int, int]:
        """Width and height of the pictures it wants."""

    @property
    def signal_names(self) -> tuple[str, ...]:
        """The curves it gives."""

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        """Get ready to go on after `done_frames` results.

        `progress` breaks off what takes long; reporting is the pipeline's.
        """

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        """Take the next pictures; give what is ready, in order and without holes. Raises Cancelled."""

    def finish(self) -> list[SignalBlock]:
        """Give the rest, after the last picture of the film. Raises Cancelled."""
