"""CLIP ready to use: pictures and words in one space. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seamline.errors import ModelError
from seamline.models.card import ModelCard
from seamline.models.clip_pictures import PICTURE_SIDE
from seamline.models.clip_tokens import END, START, ClipTokens, cleaned
from seamline.models.encoder import (
    Embeddings,
    EncoderSpec,
    Fit,
    GraphEncoder,
    l2_normalised,
    picture_graph,
)
from seamline.models.runtime import GraphSession
from seamline.models.store import locate
from seamline.models.texts import says_something
from seamline.progress import Progress

DIMENSION = 512
BATCH_TEXTS = 16

TEMPLATES = ("{}", "a film still of {}", "a frame of a film: {}", "a shot that shows {}", "a scene with {}")
"""What a text is said in; its embedding is the mean of all of them, as in the paper's section 3.1.4. The sentences are
Seamline's own, for frames of films; no figures have chosen them."""


class ClipImageEncoder(GraphEncoder):
    """The image side of `card`, from its graph. Raises ModelError when that cannot be run."""

    def __init__(self, card: ModelCard, graph: Path | bytes, *, threads: int | None = None) -> None:
        spec = spec_of(card)
        super().__init__(spec, picture_graph(graph, spec.picture_size, card.name, threads))


class ClipTextEncoder:
    """The text side of `card`, from its graph and the vocabulary. Raises ModelError when one cannot be used."""

    def __init__(
        self, card: ModelCard, graph: Path | bytes, vocabulary: Path, *, templates: Sequence[str] = TEMPLATES
    ) -> None:
        self.spec = spec_of(card)
        self._templates = tuple(templates)
        self._tokens = ClipTokens(vocabulary)
        self._graph = GraphSession(graph, example={"ids": np.array([[START, END]], np.int32)}, name=card.name)

    def encode_texts(self, texts: Sequence[str], *, progress: Progress | None = None) -> Embeddings:
        """float32[N, 512] of length 1 each: the mean of what each template gives, those being of length 1 too.

        What a text has beyond 75 pieces of words, template included, is not read. Raises ModelError for a text without
        a single letter, digit or sign; Cancelled.
        """
        if not all(says_something(cleaned(text)) for text in texts):
            raise ModelError(
                "There are no words to search for. Type what the picture shows, such as “a red car”."
            )
        said = [template.format(text) for text in texts for template in self._templates]
        # those of about the same length together: what is shorter than the longest of them costs as much as that
        ids = self._tokens.ids(said)
        lengths = ids.argmax(axis=1) + 1
        order = np.argsort(lengths, kind="stable")
        found = np.empty((len(said), DIMENSION), np.float32)
        for start in range(0, len(said), BATCH_TEXTS):
            rows = order[start : start + BATCH_TEXTS]
            batch = np.ascontiguousarray(ids[rows, : lengths[rows].max()])
            (found[rows],) = self._graph.run(["embedding"], {"ids": batch}, progress=progress)
        of_text = l2_normalised(found).reshape(len(texts), len(self._templates), DIMENSION)
        return l2_normalised(of_text.mean(axis=1))


def spec_of(card: ModelCard) -> EncoderSpec:
    """What is known of the network of `card` before it is opened."""
    key = f"{card.sha256} graph {card.graph_version}"
    return EncoderSpec(card.id, key, (PICTURE_SIDE, PICTURE_SIDE), DIMENSION, Fit.MIDDLE)


def open_image_encoder(card: ModelCard, threads: int | None = None) -> ClipImageEncoder:
    """The installed network's image side. Raises ModelError, also when it is not installed."""
    return ClipImageEncoder(card, locate(card), threads=threads)


def open_text_encoder(card: ModelCard) -> ClipTextEncoder:
    """The installed network's text side. Raises ModelError, also when it is not installed."""
    texts, words = card.parts
    return ClipTextEncoder(card, locate(texts), locate(words))
