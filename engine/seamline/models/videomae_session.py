"""The shot label network, ready to run on the frames of one shot. Imports no torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.models.card import ModelCard
from seamline.models.runtime import GraphSession
from seamline.models.store import directories, locate
from seamline.models.store_files import graph_path, read_record, stated_sha256
from seamline.models.videomae_card import VIDEOMAE
from seamline.models.videomae_pictures import CHANNELS, FRAMES, PICTURE_SIDE, Clip
from seamline.progress import Progress

CLIP_SHAPE = (FRAMES, PICTURE_SIDE, PICTURE_SIDE, CHANNELS)


class VideoMAESession:
    """VideoMAE with both heads: on the GPU if onnxruntime has one that works, else on the CPU.

    `name`, `version` (of the graph) and `sha256` (of the weights) identify what the results depend on; `device`
    says in words what it runs on. One thread predicts at a time. Raises ModelError when the graph cannot be run.
    """

    def __init__(self, model: Path | bytes, *, threads: int | None = None) -> None:
        example = {"pictures": np.zeros((1, *CLIP_SHAPE), np.uint8)}
        self._graph = GraphSession(model, example=example, threads=threads, name="VideoMAE")
        self.name, self.version, self.sha256 = self._graph.name, self._graph.version, self._graph.sha256

    @property
    def device(self) -> str:
        """What the network runs on, such as “CPU, 2 threads” or “GPU (CUDA)”."""
        return self._graph.device

    @property
    def key(self) -> str:
        """What its results depend on, besides the frames."""
        return _key(self.sha256, self.version)

    def probabilities(
        self, pictures: Clip, *, progress: Progress | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Of the scales, float32[5], and of the movements, float32[4], in the order of `videomae_classes`.

        `pictures`: uint8[16, 224, 224, 3], RGB, of `videomae_pictures`. Raises Cancelled, within some tenths of a
        second, when `progress` is cancelled; the session stays usable.
        """
        if pictures.dtype != np.uint8 or pictures.shape != CLIP_SHAPE:
            raise ValueError(f"need uint8{list(CLIP_SHAPE)}, not {pictures.dtype}{list(pictures.shape)}")
        clip = np.ascontiguousarray(pictures)[np.newaxis]
        scale, movement = self._graph.run(["scale", "movement"], {"pictures": clip}, progress=progress)
        return scale[0], movement[0]


def open_session(card: ModelCard, *, threads: int | None = None) -> VideoMAESession:
    """The installed network of `card`, ready to predict. Raises ModelError, also when it is not installed."""
    return VideoMAESession(locate(card), threads=threads)


def installed_key(card: ModelCard = VIDEOMAE) -> str | None:
    """`VideoMAESession.key` of the network that is installed, None if there is none.

    Read from the records beside the files alone, in no time; `open_session` still finds out if these are damaged.
    """
    for directory in directories():
        graph = graph_path(directory, card)
        stated = stated_sha256(directory, card)
        if stated is not None and graph.is_file() and read_record(graph).get("weights_sha256") == stated:
            return _key(stated, str(card.graph_version))
    return None


def _key(weights_sha256: str, graph_version: str) -> str:
    return f"{weights_sha256} graph {graph_version}"
