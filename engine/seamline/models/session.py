"""TransNetV2 as onnxruntime runs it. Imports no torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.models.card import ModelCard
from seamline.models.registry import TRANSNETV2, TRANSNETV2_INT8
from seamline.models.runtime import GraphSession, has_gpu
from seamline.models.store import locate
from seamline.progress import Progress

PICTURE_SHAPE = (27, 48, 3)
"""Rows, columns and channels (RGB) of the pictures the network sees."""

Pictures = NDArray[np.uint8]
Probabilities = NDArray[np.float32]


class TransNetV2Session:
    """The converted network, ready to predict: on the GPU if onnxruntime has one that works, else on the CPU.

    `name`, `version` (of the graph) and `sha256` (of the published weights) identify what the results depend
    on; `device` says in words what it runs on. One thread predicts at a time.
    Raises ModelError when the graph cannot be run.
    """

    def __init__(self, model_path: Path, *, threads: int | None = None) -> None:
        example = {"pictures": np.zeros((1, *PICTURE_SHAPE), np.uint8)}
        self._graph = GraphSession(model_path, example=example, threads=threads)
        self.name, self.version, self.sha256 = self._graph.name, self._graph.version, self._graph.sha256

    @property
    def device(self) -> str:
        """What the network runs on, such as “CPU, 2 threads” or “GPU (CUDA)”."""
        return self._graph.device

    def predict(
        self, pictures: Pictures, *, progress: Progress | None = None
    ) -> tuple[Probabilities, Probabilities]:
        """Probabilities 0 to 1 of the single-frame and the many-hot head, float32[T] each.

        `pictures`: uint8[T, 27, 48, 3], RGB, T >= 1. Up to 100 are one published window, of which the middle
        50 count; of more, all but the first and the last 25. Raises Cancelled, within some tenths of a second,
        when `progress` is cancelled; the session stays usable.
        """
        if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[1:] != PICTURE_SHAPE:
            raise ValueError(f"need uint8[T, 27, 48, 3], not {pictures.dtype}{list(pictures.shape)}")
        if len(pictures) == 0:
            raise ValueError("need at least one picture")
        wanted = {"pictures": np.ascontiguousarray(pictures)}
        single, many = self._graph.run(["single", "many"], wanted, progress=progress)
        return single, many


def open_session(
    card: ModelCard, *, threads: int | None = None, progress: Progress | None = None
) -> TransNetV2Session:
    """The installed network of `card`, ready to predict. Raises ModelError, also when it is not installed.

    With a `progress`, Cancelled too: its graph may have to be converted again, for some seconds.
    """
    return TransNetV2Session(locate(card, progress), threads=threads)


def fastest_card() -> ModelCard:
    """Which of TransNetV2's graphs is fastest here: float32 on a GPU, 8 bits on a processor.

    8 bits were measured to be twice as fast even without dot product instructions (AVX2, 2026-11); those of
    newer processors only add to that.
    """
    return TRANSNETV2 if has_gpu() else TRANSNETV2_INT8
