"""Word vectors: the mean of the pieces, like words near each other, and a sentence for what is no word."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from seamline.errors import ModelError
from seamline.models.store import locate
from seamline.models.word_vectors import DIMENSION, WordVectors, open_word_vectors
from seamline.models.word_vectors_card import WORD_CARDS, WORD_PIECES, WORD_VECTORS


@pytest.fixture(scope="module")
def words() -> WordVectors:
    return open_word_vectors()


def test_a_text_is_the_mean_of_its_pieces_made_to_length_one(words: WordVectors) -> None:
    table = load_file(locate(WORD_VECTORS))["embedding.weight"].astype(np.float32)
    vocabulary = json.loads(locate(WORD_PIECES).read_text(encoding="utf-8"))["model"]["vocab"]
    mean = table[[vocabulary["▁dog"], vocabulary["▁house"]]].mean(axis=0)
    (vector,) = words.encode(["dog house"])
    assert vector.shape == (DIMENSION,)
    assert vector.dtype == np.float32
    np.testing.assert_allclose(vector, mean / np.linalg.norm(mean), atol=1e-6)


@pytest.mark.parametrize(
    ("word", "like", "unlike"),
    [("dog", "puppy", "lighthouse"), ("car", "vehicle", "rabbit"), ("sea", "ocean", "violin")],
)
def test_words_of_like_meaning_are_near(words: WordVectors, word: str, like: str, unlike: str) -> None:
    vectors = words.encode([word, like, unlike])
    assert float(vectors[0] @ vectors[1]) > float(vectors[0] @ vectors[2]) + 0.2


def test_every_vector_has_length_one_and_none_are_none(words: WordVectors) -> None:
    vectors = words.encode(["dog", "a red-haired girl among autumn leaves", "Zürich"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert words.encode([]).shape == (0, DIMENSION)


@pytest.mark.parametrize("text", ["", "   ", "\U00013000\U00013001"])
def test_what_is_no_word_is_refused_in_a_sentence(words: WordVectors, text: str) -> None:
    assert not words.knows(text)
    with pytest.raises(ModelError, match="English words"):
        words.encode(["dog", text])


def test_a_long_text_is_not_shown_whole(words: WordVectors) -> None:
    with pytest.raises(ModelError, match=rf"^Nothing is known of the words “{' ' * 59}…”"):
        words.encode([" " * 10_000])
    assert not words.knows("\ud800")


def test_both_cards_are_of_one_wheel_and_say_where_the_vectors_come_from() -> None:
    assert len({card.source.shown for card in WORD_CARDS}) == 1
    assert all("Llama 2 Community License" in card.licence for card in WORD_CARDS)


def test_files_that_are_something_else_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    save_file({"embedding.weight": np.zeros((3, DIMENSION), np.float32)}, other)
    with pytest.raises(ModelError, match="holds no vectors"):
        WordVectors(other, locate(WORD_PIECES))
    other.write_bytes(b"nothing of the kind")
    with pytest.raises(ModelError, match="cannot be read"):
        WordVectors(other, locate(WORD_PIECES))
    with pytest.raises(ModelError, match="cannot be read"):
        WordVectors(locate(WORD_VECTORS), other)
