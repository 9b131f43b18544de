"""The encoders that search by words with what comes with Seamline: the built-in network, and word vectors."""

from __future__ import annotations

from collections.abc import Sequence

from seamline.models.conse_classes import LABEL_VECTORS, ClassSpace, class_directions
from seamline.models.encoder import EfficientNetEncoder, Embeddings, EncoderSpec, Pictures, open_efficientnet
from seamline.models.image_classes_layer import ClassLayer, open_class_layer
from seamline.models.word_vectors import open_word_vectors
from seamline.progress import Progress


class LabelImageEncoder:
    """The built-in encoder's pictures in the space of its classes."""

    spec: EncoderSpec = LABEL_VECTORS

    def __init__(self, network: EfficientNetEncoder, layer: ClassLayer) -> None:
        self._network = network
        self._layer = layer

    @property
    def device(self) -> str:
        """What it runs on."""
        return self._network.device

    def encode(self, pictures: Pictures, *, progress: Progress | None = None) -> Embeddings:
        """float32[N, 1000] of length 1 each, for uint8[N, 224, 224, 3], RGB."""
        return class_directions(self._layer, self._network.encode(pictures, progress=progress))


class LabelTextEncoder:
    """Words in the same space."""

    spec: EncoderSpec = LABEL_VECTORS

    def __init__(self, space: ClassSpace) -> None:
        self._space = space

    def encode_texts(self, texts: Sequence[str], *, progress: Progress | None = None) -> Embeddings:
        """float32[N, 1000] of length 1 each. Raises ModelError for words that are like none of the classes'."""
        if progress is not None:
            progress.step(0, len(texts))
        return self._space.of_texts(texts)


def open_label_images(*, threads: int | None = None) -> LabelImageEncoder:
    """Raises ModelError, also when the built-in encoder is not installed."""
    return LabelImageEncoder(open_efficientnet(threads=threads), open_class_layer())


def open_label_texts() -> LabelTextEncoder:
    """Raises ModelError, also when the word vectors are not installed."""
    return LabelTextEncoder(ClassSpace(open_word_vectors()))
