"""Seamline's own seam network, ready to run. Its weights come with the program; imports no torch."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from seamline.models.runtime import GraphSession
from seamline.models.seam_evidence import MAP_COLUMNS, MAP_COUNT, MAP_ROWS, Maps
from seamline.progress import Progress

WEIGHTS_FILE = "seam_net.npz"
CLASS_COUNT = 5
TIME_DILATIONS = (1, 2, 4, 8, 16, 1, 2, 4, 8, 16)
"""Of its convolutions in time, in gaps, from the first to the last."""
CONTEXT_GAPS = sum(TIME_DILATIONS)
"""Gaps before one and behind it that its result depends on."""
_GRAPH_VERSION = 1


@lru_cache(maxsize=1)
def weights_bytes() -> bytes:
    """The weights as they come with the program: a .npz of float16 arrays, named as in `SeamNet`."""
    return (resources.files("seamline.models") / "weights" / WEIGHTS_FILE).read_bytes()


def weights_key() -> str:
    """What the network's results depend on."""
    return f"{hashlib.sha256(weights_bytes()).hexdigest()} graph {_GRAPH_VERSION}"


class SeamNetSession:
    """The seam network, ready to predict, on one thread: it takes a tenth of the time of a frame's decoding.

    Raises ModelError when the graph cannot be run.
    """

    def __init__(self) -> None:
        from seamline.models.seam_net_onnx import (
            graph_of,  # imports onnx, which nothing else needs at the start
        )

        content = weights_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            weights = {name: arrays[name].astype(np.float32) for name in arrays.files}
        identity = {
            "name": "SeamNet",
            "version": str(_GRAPH_VERSION),
            "weights_sha256": hashlib.sha256(content).hexdigest(),
        }
        self._graph = GraphSession(
            graph_of(weights, identity),
            example={"maps": np.zeros((1, MAP_COUNT, MAP_ROWS, MAP_COLUMNS), np.float32)},
            threads=1,
            name=WEIGHTS_FILE,
        )

    def predict(
        self, maps: Maps, *, progress: Progress | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """For float32[T, 15, 14, 24] of `evidence_maps`: the probabilities of the five classes, float32[T, 5], and of a
        seam's middle, float32[T]. Raises Cancelled when `progress` is cancelled."""
        if maps.dtype != np.float32 or maps.shape[1:] != (MAP_COUNT, MAP_ROWS, MAP_COLUMNS):
            raise ValueError(
                f"need float32[T, {MAP_COUNT}, {MAP_ROWS}, {MAP_COLUMNS}], not {maps.dtype}{list(maps.shape)}"
            )
        if len(maps) == 0:
            return np.empty((0, CLASS_COUNT), np.float32), np.empty(0, np.float32)
        classes, middle = self._graph.run(["classes", "middle"], {"maps": maps}, progress=progress)
        return classes, middle
