"""Searching by words by way of the built-in encoder's classes: what finds more than ConSE as published.

ConSE puts pictures where words lie; here words are put where pictures lie. A text becomes a direction among the
thousand classes: each of its words, and each pair of neighbouring ones, is shared out among the classes by how alike
it is to the likest of the words for them; a word that is like none is shared out evenly, and so says nothing. A
picture is the direction of its classes' logits about their mean, so nothing is lost of the classes below the tenth, and
it hardly matters that the embedding's length is not kept. Searching by a text so is searching by a linear classifier
made up for it. Figures: docs/RESULTS.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ModelError
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EncoderSpec, l2_normalised
from seamline.models.image_classes import COUNT, image_classes
from seamline.models.image_classes_layer import ClassLayer
from seamline.models.texts import quoted
from seamline.models.word_vectors import WordVectors

Floats = NDArray[np.float32]

_TELLING_SCORE: Final = 0.1
"""A film's best frame stays below it for 90 % of what the film does not show (1,009 keywords that a clip lacks, 806
made-up searches such as “zebra” or “pizza”), and for 48 % of 83 keywords and 17 % of 115 captions of what it does show.
By how far that frame sticks out of its film alone, 44 to 47 % of what is not there would stand out, against 57 % of the
keywords and 47 % of the captions; with this floor 7 %, against 30 and 37 % (121 shots of 26 real clips, measured
2026-11-22)."""

LABEL_VECTORS = EncoderSpec(
    "label-vectors",
    f"{EFFICIENTNET_LITE0_ENCODER.key} classes 1",  # pictures do not depend on the words
    EFFICIENTNET_LITE0_ENCODER.picture_size,
    COUNT,
    telling_score=_TELLING_SCORE,
)

_SHARPNESS: Final = 0.15
"""A class gets e times as much of a word that is so much more alike (cosine). From 0.1 to 0.2 none is best for all
films: R@10 of captions, of half of them each, 66 to 69 % and 57 to 63 % (measured, 2026-11)."""

_LEAST_LIKENESS: Final = 0.3
"""Words that are like no class's words fall below it, as made-up ones do: 0.23 for “happiness”, 0.25 for “blorf”;
“kitten” has 0.57, “sunset” 0.58 (measured, 2026-11)."""

_MOST_UNITS: Final = 64
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SMALL: Final = (
    "a about against along among an and another are around as at behind beside between by down for from front he her "
    "his i in inside into is it its near of off on onto or other our out outside over past she some that the their "
    "them then there they this through to toward towards under up us very was we were while with you your"
)
_SMALL_WORDS: Final = frozenset(_SMALL.split())


class ClassSpace:
    """The space of the classes, with pictures and texts in it."""

    spec = LABEL_VECTORS

    def __init__(self, words: WordVectors) -> None:
        self._words = words
        terms = [
            (index, term)
            for index, each in enumerate(image_classes())
            for term in dict.fromkeys(name.lower() for name in (*each.names, *each.broader))
        ]
        different = list(dict.fromkeys(term for _, term in terms))
        place = {term: at for at, term in enumerate(different)}
        self._vectors = words.encode(different)
        order = np.array([place[term] for _, term in terms], np.int64)
        self._order = order
        self._starts = np.searchsorted([index for index, _ in terms], np.arange(COUNT))

    def of_texts(self, texts: Sequence[str]) -> Floats:
        """float32[N, 1000] of length 1 each. Raises ModelError for words that are like none of the classes'."""
        rows = [self._of_text(text) for text in texts]
        return l2_normalised(np.stack(rows)) if rows else np.empty((0, COUNT), np.float32)

    def _of_text(self, text: str) -> Floats:
        units = [unit for unit in units_of(text) if self._words.knows(unit)][:_MOST_UNITS]
        likeness = self._likeness(units) if units else np.zeros((1, COUNT), np.float32)
        if float(likeness.max()) < _LEAST_LIKENESS:
            raise ModelError(
                f"What is built in knows nothing like {quoted(text)}. Name things, animals or places that the picture "
                "shows, in English, or install a network that was trained on words."
            )
        shares = np.exp((likeness - 1) / _SHARPNESS)
        return np.asarray((shares / shares.sum(axis=1, keepdims=True)).sum(axis=0), np.float32)

    def _likeness(self, units: Sequence[str]) -> Floats:
        """The cosine of each unit and the likest of each class's words: float32[units, 1000]."""
        cosines = self._words.encode(units) @ self._vectors.T
        return np.asarray(np.maximum.reduceat(cosines[:, self._order], self._starts, axis=1), np.float32)


def class_directions(layer: ClassLayer, embeddings: Floats) -> Floats:
    """Pictures in the space of the classes: float32[N, 1000] of length 1 each, for the built-in encoder's
    embeddings, float32[N, 1280]."""
    logits = layer.logits(embeddings)
    return l2_normalised(logits - logits.mean(axis=1, keepdims=True))


def units_of(text: str) -> tuple[str, ...]:
    """What is looked up of a text: its words but the small ones, and each two that stand side by side."""
    words = [word.lower() for word in _WORD.findall(text)]
    is_small = [word in _SMALL_WORDS for word in words]
    singles = [word for word, small in zip(words, is_small, strict=True) if not small]
    pairs = [
        f"{words[at]} {words[at + 1]}"
        for at in range(len(words) - 1)
        if not is_small[at] and not is_small[at + 1]
    ]
    return (*singles, *pairs) or tuple(words)
