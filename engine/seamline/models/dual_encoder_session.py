"""The dual encoder, ready to run: directions of pictures, and of words. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seamline.errors import ModelError
from seamline.models.dual_encoder_card import BERT_VOCABULARY, DUAL_ENCODER, DUAL_ENCODER_TEXT, ID
from seamline.models.dual_encoder_inputs import MOST_TOKENS, PICTURE_SIDE
from seamline.models.encoder import Embeddings, EncoderSpec, Fit, GraphEncoder, picture_graph
from seamline.models.runtime import GraphSession
from seamline.models.store import install_command, locate, recorded_sha256
from seamline.models.wordpiece import WordPieces
from seamline.progress import Progress

DIMENSION = 512
BATCH_TEXTS = 16


def spec_of(weights_sha256: str, graph_version: str, dimension: int = DIMENSION) -> EncoderSpec:
    """What is known of the encoder with these weights."""
    key = f"{weights_sha256} graph {graph_version} {Fit.BILINEAR}"
    return EncoderSpec(ID, key, (PICTURE_SIDE, PICTURE_SIDE), dimension, Fit.BILINEAR)


def installed_spec() -> EncoderSpec:
    """Of what is installed, by the records alone. Raises ModelError when nothing is."""
    found = recorded_sha256(DUAL_ENCODER)
    if found is None:
        raise ModelError(
            f"The network {DUAL_ENCODER.name} is not installed on this machine. "
            f"Run “{install_command(DUAL_ENCODER)} --from FILE”: it installs it."
        )
    return spec_of(found, str(DUAL_ENCODER.graph_version))


class DualImageEncoder(GraphEncoder):
    """The half for pictures. Raises ModelError when the graph cannot be run."""

    def __init__(self, graph: Path | bytes, *, threads: int | None = None) -> None:
        session = picture_graph(graph, (PICTURE_SIDE, PICTURE_SIDE), DUAL_ENCODER.name, threads)
        super().__init__(spec_of(session.sha256, session.version), session)


class DualTextEncoder:
    """The half for words. Raises ModelError when the graph cannot be run or the vocabulary cannot be read."""

    def __init__(self, graph: Path | bytes, vocabulary: Path, *, threads: int | None = None) -> None:
        self._pieces = WordPieces(vocabulary)
        ones = np.ones((1, MOST_TOKENS), np.int64)
        self._graph = GraphSession(
            graph, example={"ids": ones, "mask": ones}, threads=threads, name=DUAL_ENCODER_TEXT.name
        )
        self.spec = spec_of(self._graph.sha256, self._graph.version)

    def encode_texts(self, texts: Sequence[str], *, progress: Progress | None = None) -> Embeddings:
        """float32[N, 512] of length 1 each. Raises ModelError for a text without any word that it knows."""
        ids, mask = self._pieces.encode(texts)
        results = np.empty((len(ids), self.spec.dimension), np.float32)
        for start in range(0, len(ids), BATCH_TEXTS):
            some = slice(start, start + BATCH_TEXTS)
            (results[some],) = self._graph.run(
                ["embedding"], {"ids": ids[some], "mask": mask[some]}, progress=progress
            )
        return results


def open_image_encoder(threads: int | None = None) -> DualImageEncoder:
    """The installed half for pictures. Raises ModelError, also when it is not installed."""
    return DualImageEncoder(locate(DUAL_ENCODER), threads=threads)


def open_text_encoder() -> DualTextEncoder:
    """The installed half for words. Raises ModelError, also when it is not installed."""
    return DualTextEncoder(locate(DUAL_ENCODER_TEXT), locate(BERT_VOCABULARY))
