"""The embeddings of some frames of a film."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class FrameVectors:
    """What one encoder makes of some frames of one film.

    `frames`: int64[n], strictly rising. `vectors`: float32[n, dimension], of length 1 each. Those of different
    `encoder_key` cannot be compared.
    """

    encoder_key: str
    frames: NDArray[np.int64]
    vectors: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.frames.ndim != 1 or self.vectors.ndim != 2 or len(self.frames) != len(self.vectors):
            raise ValueError(
                f"need a vector for each frame, not {list(self.frames.shape)} and {list(self.vectors.shape)}"
            )
        if bool((np.diff(self.frames) <= 0).any()):
            raise ValueError("the frames must rise strictly")

    def __len__(self) -> int:
        return len(self.frames)

    def within(self, start_frame: int, end_frame: int) -> FrameVectors:
        """Those of the frames [start_frame, end_frame)."""
        low, high = np.searchsorted(self.frames, (start_frame, end_frame))
        return FrameVectors(self.encoder_key, self.frames[low:high], self.vectors[low:high])
