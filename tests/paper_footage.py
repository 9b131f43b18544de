"""Small films of drifting patches, and an encoder whose embeddings are the pictures themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np

from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.encoder import EncoderSpec, l2_normalised
from seamline.progress import Progress

RATE, SECONDS, SIZE = 10, 4, (48, 32)


def write_clip(
    path: Path, seed: int, *, seconds: int = SECONDS, seams: Sequence[int] = (), crf: int = 18
) -> Path:
    """Patches of colour that drift, others behind each seam; the same seed gives the same pictures."""
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number in range(seconds * RATE):
            shot = sum(number >= seam for seam in seams)
            patches = np.random.default_rng([seed, shot]).integers(0, 256, (4, 8, 3), np.uint8)
            picture = np.roll(patches.repeat(8, 0).repeat(8, 1), number // 5, axis=1)[:, : SIZE[0]]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    return path


class PaperEncoder:
    """An embedding is the picture itself, 6 x 4 pixels less grey; it counts what it is given."""

    spec = EncoderSpec("paper", "paper 1", (6, 4), 72)
    device = "paper"

    def __init__(self) -> None:
        self.seen = 0

    def encode(self, pictures: np.ndarray, *, progress: Progress | None = None) -> np.ndarray:
        self.seen += len(pictures)
        return l2_normalised(pictures.reshape(len(pictures), -1).astype(np.float32) - 127.5)


def opened(path: Path, progress: Progress) -> Film:
    return open_film(path, progress=progress)
