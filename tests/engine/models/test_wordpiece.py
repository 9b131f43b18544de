"""Words become the pieces that BERT's own rule makes of them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest

from seamline.errors import ModelError
from seamline.models.wordpiece import WordPieces

SPECIAL = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = [
    "a",
    "man",
    "snow",
    "##storm",
    "##s",
    "##man",
    "through",
    "walk",
    "##ing",
    ",",
    "!",
    "cafe",
    "人",
    "sno",
]


@pytest.fixture
def vocabulary(tmp_path: Path) -> Path:
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join([*SPECIAL, *WORDS]) + "\n", encoding="utf-8")
    return path


def by_the_rule(text: str) -> list[str]:
    """BERT's: lower case, accents off, apart at spaces and punctuation, then the longest piece that fits, again."""
    pieces = []
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    apart = "".join(
        f" {c} " if not (c.isalnum() or c.isspace()) or "\u4e00" <= c <= "\u9fff" else c for c in plain
    )
    for word in apart.split():
        found, start = [], 0
        while start < len(word):
            ends = range(len(word), start, -1)
            marked = (("##" if start else "") + word[start:end] for end in ends)
            piece = next((each for each in marked if each in WORDS), None)
            if piece is None:
                found = ["[UNK]"]
                break
            found.append(piece)
            start += len(piece.removeprefix("##"))
        pieces += found
    return pieces


@pytest.mark.parametrize(
    "text",
    ["A man walking through snowstorms!", "snowman,snow", "Café", "a人a", "a zebra walks", "  man\t\nman "],
)
def test_texts_are_divided_by_berts_rule(vocabulary: Path, text: str) -> None:
    ids, mask = WordPieces(vocabulary).encode([text])
    numbers = {piece: number for number, piece in enumerate([*SPECIAL, *WORDS])}
    expected = [numbers[piece] for piece in ["[CLS]", *by_the_rule(text), "[SEP]"]]
    assert ids[0, : len(expected)].tolist() == expected
    assert mask[0].tolist() == [1] * len(expected) + [0] * (32 - len(expected))
    assert not ids[0, len(expected) :].any()


def test_rows_are_of_one_length_and_long_texts_are_cut(vocabulary: Path) -> None:
    ids, mask = WordPieces(vocabulary).encode(["man " * 80, "a"])
    assert ids.shape == mask.shape == (2, 32)
    assert ids.dtype == np.int64
    assert mask.sum(axis=1).tolist() == [32, 3]
    assert ids[0, -1] == SPECIAL.index("[SEP]")
    assert WordPieces(vocabulary).encode([])[0].shape == (0, 32)


@pytest.mark.parametrize("text", ["", "   ", "zebra", "zebra xylophone"])
def test_a_text_without_a_known_word_is_refused_in_a_sentence(vocabulary: Path, text: str) -> None:
    with pytest.raises(ModelError, match=r"holds no word that the network knows"):
        WordPieces(vocabulary).encode(["a man", text])


def test_a_long_text_is_not_shown_whole_and_halves_of_characters_are_no_words(vocabulary: Path) -> None:
    with pytest.raises(ModelError, match=r"^“(zebra ){9}zebra…” holds no word"):
        WordPieces(vocabulary).encode(["zebra " * 2000])
    halved, whole = WordPieces(vocabulary).encode(["man\ud800 walks", "man walks"])[0]
    assert np.array_equal(halved, whole)
    with pytest.raises(ModelError, match="holds no word") as refused:
        WordPieces(vocabulary).encode(["\ud800"])
    assert str(refused.value).encode()


@pytest.mark.parametrize("content", ["man\nsnow\n", "\n".join([*SPECIAL, "a", "a"]), "\xff"])
def test_what_is_no_vocabulary_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.txt"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(ModelError):
        WordPieces(path)


def test_a_missing_vocabulary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        WordPieces(tmp_path / "none.txt")
