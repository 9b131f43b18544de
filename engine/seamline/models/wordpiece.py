"""Words as numbers, as BERT's uncased networks take them: pieces of words out of a fixed vocabulary. Imports no torch.

Wu et al., Google's neural machine translation system, arXiv:1609.08144, section 4.1 (word pieces); Devlin et al.,
arXiv:1810.04805 (lower case, accents off, [CLS] before and [SEP] after).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ModelError
from seamline.models.dual_encoder_inputs import MOST_TOKENS
from seamline.models.texts import quoted, well_formed

PAD, UNKNOWN, FIRST, LAST = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
_MOST_BYTES = 16 << 20
_LONGEST_WORD = 100
"""Longer words are unknown ones, as in BERT's own tokeniser."""


class WordPieces:
    """Gives the numbers of texts. Raises ModelError when the vocabulary cannot be read, or is none of BERT's."""

    def __init__(self, vocabulary: Path, *, most_tokens: int = MOST_TOKENS) -> None:
        # not with this module, which the window imports: only a search by words needs it
        from tokenizers import Tokenizer
        from tokenizers.models import WordPiece
        from tokenizers.normalizers import BertNormalizer
        from tokenizers.pre_tokenizers import BertPreTokenizer
        from tokenizers.processors import TemplateProcessing

        pieces = _pieces(vocabulary)
        self.size, self._most_tokens = len(pieces), most_tokens
        numbers = {piece: number for number, piece in enumerate(pieces)}
        self._unknown, self._least = numbers[UNKNOWN], 2  # [CLS] and [SEP] stand in every row
        tokenizer = Tokenizer(WordPiece(numbers, unk_token=UNKNOWN, max_input_chars_per_word=_LONGEST_WORD))
        tokenizer.normalizer = BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = BertPreTokenizer()
        tokenizer.post_processor = TemplateProcessing(
            single=f"{FIRST} $A {LAST}", special_tokens=[(FIRST, numbers[FIRST]), (LAST, numbers[LAST])]
        )
        tokenizer.enable_truncation(most_tokens)
        # always as long: what else is in a batch must not move a single bit of a text's embedding
        tokenizer.enable_padding(length=most_tokens, pad_id=numbers[PAD], pad_token=PAD)
        self._tokenizer = tokenizer

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ids and mask, int64[N, 32] each; the mask is 1 for tokens and 0 for fillers.

        What goes beyond 32 tokens is cut off. Raises ModelError for a text without any word that it knows.
        """
        if not texts:
            return np.empty((0, self._most_tokens), np.int64), np.empty((0, self._most_tokens), np.int64)
        rows = self._tokenizer.encode_batch([well_formed(text) for text in texts])
        ids = np.array([row.ids for row in rows], np.int64)
        mask = np.array([row.attention_mask for row in rows], np.int64)
        known = ((ids != self._unknown) & (mask == 1)).sum(axis=1) - self._least
        for text, count in zip(texts, known, strict=True):
            if count <= 0:
                raise ModelError(
                    f"{quoted(text)} holds no word that the network knows. Search for English words."
                )
        return ids, mask


def _pieces(vocabulary: Path) -> list[str]:
    try:
        if vocabulary.stat().st_size > _MOST_BYTES:
            raise ModelError(
                f"“{vocabulary.name}” is too large for a vocabulary. Choose vocab.txt of BERT, uncased."
            )
        lines = vocabulary.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"The vocabulary “{vocabulary}” cannot be read ({error}). Install it again."
        ) from error
    pieces = [line.removesuffix("\r") for line in (lines[:-1] if lines[-1] == "" else lines)]
    missing = [piece for piece in (PAD, UNKNOWN, FIRST, LAST) if piece not in pieces]
    if missing or len(set(pieces)) < len(pieces):
        fault = f"has no {missing[0]}" if missing else "has a piece twice"
        raise ModelError(
            f"“{vocabulary.name}” is no vocabulary of BERT's: it {fault}. Choose vocab.txt of BERT, uncased."
        )
    return pieces
