"""`python -m seamline_app.jobs.map_process`: arranges embeddings in a process of its own, which can be ended.

Nothing can break off t-SNE within a program, and it takes tens of seconds. Reads an .npz from standard input
(`embeddings`, `sampling`: frame count, frames from sample to sample, rate), writes one to standard output
(`frames`, `positions`).
"""

from __future__ import annotations

import io
import sys
from fractions import Fraction

import numpy as np

from seamline.analysis.frame_map import FrameMap, map_frames
from seamline.analysis.stage import FloatArray
from seamline.analysis.successor import Sampling


def question(embeddings: FloatArray, sampling: Sampling) -> bytes:
    """What the process reads."""
    data = io.BytesIO()
    rate = sampling.rate
    numbers = [sampling.frame_count, sampling.every_frames, rate.numerator, rate.denominator]
    np.savez(data, embeddings=embeddings, sampling=np.array(numbers, np.int64))
    return data.getvalue()


def answer(frame_map: FrameMap) -> bytes:
    """What it writes; a file of this is a map kept."""
    data = io.BytesIO()
    np.savez(data, frames=frame_map.frames, positions=frame_map.positions)
    return data.getvalue()


def map_of(data: bytes) -> FrameMap:
    """The map in an answer. Raises ValueError for anything else, or what zipfile and numpy raise for it."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        frames, positions = arrays["frames"], arrays["positions"]
    if frames.ndim != 1 or frames.dtype != np.int64 or positions.shape != (len(frames), 2):
        raise ValueError("these arrays are no map")
    if positions.dtype != np.float32 or not np.isfinite(positions).all():
        raise ValueError("these are no positions")
    return FrameMap(frames, positions)


def main() -> int:
    with np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False) as arrays:
        embeddings = arrays["embeddings"]
        frame_count, every_frames, numerator, denominator = arrays["sampling"].tolist()
    sampling = Sampling(frame_count, every_frames, Fraction(numerator, denominator))
    sys.stdout.buffer.write(answer(map_frames(embeddings, sampling)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
