"""Vectors of English words that are alike for words of like meaning, whatever stands about them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ModelError
from seamline.models.encoder import l2_normalised
from seamline.models.store import install_command, locate
from seamline.models.texts import quoted, well_formed
from seamline.models.word_vectors_card import WORD_PIECES, WORD_VECTORS

DIMENSION: Final = 256
_TENSOR: Final = "embedding.weight"
_SPACE: Final = "▁"
_FIRST_REAL_PIECE: Final = 259
"""Before it come the marks of unknown, first and last, and the 256 bytes that spell a character without a piece."""

Floats = NDArray[np.float32]


class WordVectors:
    """The mean of the vectors of a text's pieces, as WordLlama computes it. Safe to share between threads.

    Raises ModelError when the files are not what they should be.
    """

    def __init__(self, vectors: Path, pieces: Path) -> None:
        # not with this module, which the window imports: only a search by words needs them
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            table = load_file(vectors)[_TENSOR]
            self._tokenizer: Tokenizer = Tokenizer.from_str(pieces.read_text(encoding="utf-8"))
        except Exception as error:  # no narrower one comes from the tokenizer at a file that is none
            raise ModelError(
                f"The word vectors “{vectors.name}” and “{pieces.name}” cannot be read ({error}). "
                f"Run “{install_command(WORD_VECTORS)}” to install them again."
            ) from error
        if table.ndim != 2 or table.shape != (self._tokenizer.get_vocab_size(), DIMENSION):
            raise ModelError(
                f"“{vectors.name}” holds no vectors of {DIMENSION} values for the pieces in “{pieces.name}”. "
                f"Run “{install_command(WORD_VECTORS)}” to install them again."
            )
        self._table: Floats = table.astype(np.float32)
        vocabulary = self._tokenizer.get_vocab()
        self._blanks = frozenset(piece for text, piece in vocabulary.items() if not text.strip(_SPACE))

    def encode(self, texts: Sequence[str]) -> Floats:
        """float32[N, 256] of length 1 each. Raises ModelError for a text of which nothing is known."""
        means = np.empty((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            pieces = self._pieces(text)
            if not any(self._is_real(piece) for piece in pieces):
                raise ModelError(
                    f"Nothing is known of the words {quoted(text)}. Describe what the picture shows in English words."
                )
            means[row] = self._table[pieces].mean(axis=0)
        return l2_normalised(means)

    def knows(self, text: str) -> bool:
        """Whether `encode` makes something of it."""
        return any(self._is_real(piece) for piece in self._pieces(text))

    def _pieces(self, text: str) -> list[int]:
        pieces: list[int] = self._tokenizer.encode(well_formed(text), add_special_tokens=False).ids
        return pieces

    def _is_real(self, piece: int) -> bool:
        return piece >= _FIRST_REAL_PIECE and piece not in self._blanks


def open_word_vectors() -> WordVectors:
    """The installed word vectors. Raises ModelError, also when they are not installed."""
    return WordVectors(locate(WORD_VECTORS), locate(WORD_PIECES))
