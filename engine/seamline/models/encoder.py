"""Networks that turn a picture, or words, into an embedding: a direction that is alike for alike contents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from seamline.models.card import ModelCard
from seamline.models.registry import EFFICIENTNET_LITE0
from seamline.models.runtime import GraphSession
from seamline.models.store import locate
from seamline.progress import Progress

Pictures = NDArray[np.uint8]
"""uint8[N, height, width, 3], RGB."""
Embeddings = NDArray[np.float32]
"""float32[N, dimension], of length 1 each: their dot product is the cosine, 1 for the same contents."""

_BATCH_PICTURES = 8
_SMALLEST_NORM = 1e-12


class Fit(StrEnum):
    """How a picture of any size becomes one of those that an encoder takes."""

    AREA = "area"
    """Whole, squeezed to the shape; each pixel is the mean of those it covers."""
    BILINEAR = "bilinear"
    """Whole, squeezed to a square, as `dual_encoder_inputs.squeezed` does."""
    MIDDLE = "middle"
    """A square out of the middle, as `clip_pictures.cropped` does."""


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """What is known of an encoder before it is opened.

    `key` holds what its embeddings depend on; those of different keys cannot be compared.
    `picture_size` is width and height of the pictures it takes, `fit` how they are made. `telling_score` is the cosine
    of words and a picture below which it is no more than chance that they are so alike, None where nobody measured it.
    """

    id: str
    key: str
    picture_size: tuple[int, int]
    dimension: int
    fit: Fit = Fit.AREA
    telling_score: float | None = None


class ImageEncoder(Protocol):
    """An encoder ready to use."""

    @property
    def spec(self) -> EncoderSpec: ...
    @property
    def device(self) -> str:
        """What it runs on, in words."""

    def encode(self, pictures: Pictures, *, progress: Progress | None = None) -> Embeddings:
        """The pictures' embeddings, in their order; N >= 0.

        `progress` only breaks it off: raises Cancelled within a second. Raises ModelError.
        """


class TextEncoder(Protocol):
    """What turns words into embeddings that are comparable with an image encoder's of the same key."""

    @property
    def spec(self) -> EncoderSpec: ...

    def encode_texts(self, texts: Sequence[str], *, progress: Progress | None = None) -> Embeddings:
        """The texts' embeddings, in their order.

        Raises ModelError, also, in a sentence to show, for words that it can make nothing of; Cancelled.
        """


def _efficientnet_spec(card: ModelCard) -> EncoderSpec:
    return EncoderSpec(card.id, f"{card.sha256} graph {card.graph_version}", (224, 224), 1280)


EFFICIENTNET_LITE0_ENCODER = _efficientnet_spec(EFFICIENTNET_LITE0)
"""The encoder that comes with Seamline."""


class GraphEncoder:
    """An encoder that is one graph with the input `pictures` and the output `embedding`."""

    def __init__(self, spec: EncoderSpec, graph: GraphSession) -> None:
        self.spec = spec
        self._graph = graph

    @property
    def device(self) -> str:
        """What it runs on, such as “CPU, 2 threads”."""
        return self._graph.device

    def encode(self, pictures: Pictures, *, progress: Progress | None = None) -> Embeddings:
        """float32[N, dimension] of length 1 each, for uint8[N, height, width, 3], RGB, made as `spec.fit` says."""
        width, height = self.spec.picture_size
        if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[1:] != (height, width, 3):
            raise ValueError(
                f"need uint8[N, {height}, {width}, 3], not {pictures.dtype}{list(pictures.shape)}"
            )
        results = np.empty((len(pictures), self.spec.dimension), np.float32)
        for start in range(0, len(pictures), _BATCH_PICTURES):
            batch = np.ascontiguousarray(pictures[start : start + _BATCH_PICTURES])
            (results[start : start + len(batch)],) = self._graph.run(
                ["embedding"], {"pictures": batch}, progress=progress
            )
        return l2_normalised(results)


def picture_graph(
    graph: Path | bytes, picture_size: tuple[int, int], name: str, threads: int | None
) -> GraphSession:
    """A `GraphEncoder`'s graph, which takes pictures of that width and height. Raises ModelError when it cannot be
    run, which calls the network `name`."""
    width, height = picture_size
    example = {"pictures": np.zeros((1, height, width, 3), np.uint8)}
    return GraphSession(graph, example=example, threads=threads, name=name)


class EfficientNetEncoder(GraphEncoder):
    """EfficientNet-Lite0 up to its last pooling: nothing of an embedding is negative. Raises ModelError when the graph
    cannot be run."""

    def __init__(self, model_path: Path, *, threads: int | None = None) -> None:
        spec = EFFICIENTNET_LITE0_ENCODER
        super().__init__(spec, picture_graph(model_path, spec.picture_size, EFFICIENTNET_LITE0.name, threads))


def open_efficientnet(*, threads: int | None = None) -> EfficientNetEncoder:
    """The installed encoder. Raises ModelError, also when it is not installed."""
    return EfficientNetEncoder(locate(EFFICIENTNET_LITE0), threads=threads)


class LateEncoder:
    """An encoder that is opened with the first picture: of a film that was looked at before, none is needed."""

    def __init__(self, spec: EncoderSpec, open_encoder: Callable[[], ImageEncoder]) -> None:
        self.spec = spec
        self._open = open_encoder
        self._encoder: ImageEncoder | None = None

    @property
    def device(self) -> str:
        """What it runs on, empty before that is known."""
        return "" if self._encoder is None else self._encoder.device

    def encode(self, pictures: Pictures, *, progress: Progress | None = None) -> Embeddings:
        """As the encoder itself. Raises what opening it raises, too."""
        if self._encoder is None:
            self._encoder = self._open()
        return self._encoder.encode(pictures, progress=progress)


def l2_normalised(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32[N, D] scaled to length 1 each; a vector of nothing but zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, _SMALLEST_NORM), np.float32)
