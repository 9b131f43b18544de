"""Words as CLIP reads them: numbers of pieces of words, by the published vocabulary. Imports no torch.

Byte pair encoding: Sennrich et al., arXiv:1508.07909; on bytes: Radford et al., Language models are unsupervised
multitask learners, 2019, section 2.2. The cleaning before it, and how texts that are too long are cut, is OpenAI's.
What looks like a start or an end token in a text is read as the characters that it consists of.
"""

from __future__ import annotations

import gzip
import html
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ModelError

CONTEXT_TOKENS = 77
MERGES = 48_894
VOCABULARY_SIZE = 2 * 256 + MERGES + 2
START, END = VOCABULARY_SIZE - 2, VOCABULARY_SIZE - 1
_END_OF_WORD = "</w>"
_WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"
_MOST_BYTES = 16 << 20

Ids = NDArray[np.int32]


class ClipTokens:
    """The published vocabulary, ready to use. Raises ModelError when the file is another one."""

    def __init__(self, vocabulary: Path) -> None:
        """`vocabulary`: the published list of merges, gzipped."""
        # not with this module, which the window imports: only a search by words needs it
        from tokenizers import Regex, Tokenizer
        from tokenizers.models import BPE
        from tokenizers.pre_tokenizers import ByteLevel, Split
        from tokenizers.pre_tokenizers import Sequence as Steps

        merges = _merges_in(vocabulary)
        symbols = _byte_symbols()
        pieces = [
            *symbols,
            *(symbol + _END_OF_WORD for symbol in symbols),
            *("".join(pair) for pair in merges),
        ]
        model = BPE(
            {piece: index for index, piece in enumerate(pieces)}, merges, end_of_word_suffix=_END_OF_WORD
        )
        self._tokenizer = Tokenizer(model)
        self._tokenizer.pre_tokenizer = Steps(
            [
                Split(Regex(_WORDS), behavior="removed", invert=True),
                ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )

    def ids(self, texts: Sequence[str]) -> Ids:
        """int32[N, 77]: the start token, the text's, the end token, and zeros. Of a longer text the beginning."""
        result = np.zeros((len(texts), CONTEXT_TOKENS), np.int32)
        for row, found in zip(
            result, self._tokenizer.encode_batch([cleaned(text) for text in texts]), strict=True
        ):
            kept = found.ids[: CONTEXT_TOKENS - 2]
            row[: len(kept) + 2] = [START, *kept, END]
        return result


def cleaned(text: str) -> str:
    """Repaired where its encoding was mixed up, entities resolved, spaces single, lower case."""
    import ftfy  # takes 0.05 s; see above

    # entities twice: they were written twice on the pages that the captions come from
    return " ".join(html.unescape(html.unescape(ftfy.fix_text(text))).split()).lower()


def _byte_symbols() -> list[str]:
    """A character for each byte, in the order of the vocabulary: first the bytes that are printable by themselves."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = 256 - len(printable)
    return [chr(byte) for byte in printable] + [chr(256 + index) for index in range(others)]


def _merges_in(vocabulary: Path) -> list[tuple[str, str]]:
    try:
        with gzip.open(vocabulary) as file:
            content = file.read(_MOST_BYTES)
        lines = content.decode().split("\n")[1 : MERGES + 1]  # the first says which version it is
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ModelError(
            f"CLIP's vocabulary “{vocabulary.name}” cannot be read ({error}). Install the network again."
        ) from error
    pairs = [(pair[0], pair[1]) for line in lines if len(pair := line.split()) == 2]
    if len(pairs) != MERGES:
        raise ModelError(
            f"“{vocabulary.name}” holds {len(pairs):,} pairs instead of the {MERGES:,} of CLIP's vocabulary. "
            "Install the network again."
        )
    return pairs
