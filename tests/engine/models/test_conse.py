"""Searching by the built-in encoder's classes: the classes' words, ConSE by hand, and what is used instead of it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.errors import ModelError
from seamline.models.conse import Conse
from seamline.models.conse_classes import LABEL_VECTORS, ClassSpace, class_directions, units_of
from seamline.models.conse_encoders import open_label_images, open_label_texts
from seamline.models.encoder import l2_normalised, open_efficientnet
from seamline.models.image_classes import COUNT, ImageClass, image_classes
from seamline.models.image_classes_layer import TYPICAL_LENGTH, ClassLayer, open_class_layer
from seamline.models.place_classes import FACE_CLASSES, FAR_CLASSES
from seamline.models.registry import EFFICIENTNET_LITE0
from seamline.models.runtime import GraphSession
from seamline.models.store import locate
from seamline.models.word_vectors import WordVectors, open_word_vectors

Floats = NDArray[np.float32]


@pytest.fixture(scope="module")
def words() -> WordVectors:
    return open_word_vectors()


@pytest.fixture(scope="module")
def layer() -> ClassLayer:
    return open_class_layer()


@pytest.fixture(scope="module")
def space(words: WordVectors) -> ClassSpace:
    return ClassSpace(words)


def directions(seed: int, count: int) -> Floats:
    """Made-up embeddings of length 1, none negative."""
    return l2_normalised(np.abs(np.random.default_rng(seed).normal(size=(count, 1280))).astype(np.float32))


def pointing_at(layer: ClassLayer, *classes: int) -> Floats:
    """Made-up embeddings of length 1, each one the weights of a class."""
    weights = layer.logits(np.eye(1280, dtype=np.float32)) - layer.logits(np.zeros((1, 1280), np.float32))
    return l2_normalised(np.ascontiguousarray(weights.T[list(classes)]))


def test_the_classes_stand_where_the_network_has_them() -> None:
    classes = image_classes()
    assert len(classes) == COUNT
    for index, name in ((1, "goldfish"), (207, "golden retriever"), (281, "tabby cat"), (340, "zebra")):
        assert name in classes[index].names
    for index, name in (
        (466, "bullet train"),
        (671, "mountain bike"),
        (817, "sports car"),
        (999, "toilet paper"),
    ):
        assert any(name in each for each in classes[index].names)


def test_places_and_faces_are_the_classes_that_scale_goes_by() -> None:
    classes = image_classes()
    far = {name for index in FAR_CLASSES for name in classes[index].names}
    assert {"castle", "cliff", "volcano", "lighthouse", "suspension bridge"} <= {
        word for name in far for word in (name, *name.split(", "))
    }
    face = {name for index in FACE_CLASSES for name in classes[index].names}
    assert {"lipstick", "mask", "sunglasses", "wig"} <= face


def test_every_class_has_words_that_are_known(words: WordVectors) -> None:
    for each in image_classes():
        assert each.names
        assert all(words.knows(word) for word in (*each.names, *each.broader))


def test_kinds_are_broader_words() -> None:
    classes = image_classes()
    assert "dog" in classes[151].broader
    assert "dog" in classes[268].broader
    assert "dog" not in classes[269].broader
    assert "bird" in classes[7].broader
    assert "cat" not in classes[291].names


def test_probabilities_of_embeddings_are_the_networks_own_at_their_own_length(layer: ClassLayer) -> None:
    pictures = np.random.default_rng(3).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8)
    graph = GraphSession(locate(EFFICIENTNET_LITE0), example={"pictures": pictures[:1]}, threads=1)
    embeddings, own = graph.run(["embedding", "probabilities"], {"pictures": pictures})
    assert np.abs(layer.probabilities(embeddings / np.float32(TYPICAL_LENGTH)) - own).max() < 1e-5


def test_conse_is_the_published_formula(layer: ClassLayer, words: WordVectors) -> None:
    classes = [ImageClass(("dog",), ("pet",)), ImageClass(("cat", "tabby"), ()), ImageClass(("ship",), ())]
    conse = Conse(layer, words, classes=classes, most_classes=2)
    dog, cat, tabby = words.encode(["dog", "cat", "tabby"])
    both = (cat + tabby) / np.linalg.norm(cat + tabby)
    by_hand = (0.6 * dog + 0.3 * both) / 0.9  # the third class is left out, the rest weighed anew
    (combined,) = conse.combined(np.array([[0.6, 0.3, 0.1]], np.float32))
    np.testing.assert_allclose(combined, by_hand, atol=1e-6)


def test_conse_of_embeddings_takes_the_ten_likeliest(layer: ClassLayer, words: WordVectors) -> None:
    conse, embeddings = Conse(layer, words), directions(2, 3)
    probabilities = layer.probabilities(embeddings)
    names = l2_normalised(np.stack([words.encode(each.names).mean(axis=0) for each in image_classes()]))
    for row, own in zip(conse.of_embeddings(embeddings), probabilities, strict=True):
        best = np.argsort(-own)[:10]
        expected = (own[best] / own[best].sum()) @ names[best]
        np.testing.assert_allclose(row, expected / np.linalg.norm(expected), atol=1e-5)
    assert conse.of_embeddings(embeddings[:0]).shape == (0, 256)


def test_the_length_of_an_embedding_does_not_matter_but_for_the_bias(layer: ClassLayer) -> None:
    embeddings = directions(4, 3)
    nearly = class_directions(layer, embeddings * np.float32(0.9))
    assert float((class_directions(layer, embeddings) * nearly).sum(axis=1).min()) > 0.99


@pytest.mark.parametrize(
    ("text", "classes"),
    [("dog", range(151, 269)), ("a bicycle", (444, 671, 870, 880)), ("two butterflies", range(321, 327))],
)
def test_words_point_at_their_classes(space: ClassSpace, text: str, classes: range | tuple[int, ...]) -> None:
    (vector,) = space.of_texts([text])
    assert vector.shape == (COUNT,)
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)
    assert int(np.argmax(vector)) in classes


def test_the_right_picture_comes_first(layer: ClassLayer, space: ClassSpace) -> None:
    pictures = class_directions(layer, pointing_at(layer, 207, 817, 985, 466, 340))
    texts = [
        "golden retriever",
        "a fast sports car",
        "white daisy flowers",
        "a train at the station",
        "zebra",
    ]
    assert (space.of_texts(texts) @ pictures.T).argmax(axis=1).tolist() == [0, 1, 2, 3, 4]


def test_a_text_is_the_sum_of_what_its_words_and_pairs_share_out(
    space: ClassSpace, words: WordVectors
) -> None:
    classes = [
        words.encode([name.lower() for name in (*each.names, *each.broader)]) for each in image_classes()
    ]
    expected = np.zeros(COUNT, np.float64)
    for unit in ("old", "car", "old car"):
        (vector,) = words.encode([unit])
        shares = np.array([np.exp(float((of_class @ vector).max()) / 0.15) for of_class in classes])
        expected += shares / shares.sum()
    (found,) = space.of_texts(["the old car"])
    np.testing.assert_allclose(found, expected / np.linalg.norm(expected), atol=1e-5)


def test_a_picture_is_its_logits_about_their_mean(layer: ClassLayer) -> None:
    embeddings = directions(6, 2)
    logits = layer.logits(embeddings)
    np.testing.assert_allclose(
        np.corrcoef(class_directions(layer, embeddings)[1], logits[1])[0, 1], 1, atol=1e-6
    )
    assert np.abs(class_directions(layer, embeddings).sum(axis=1)).max() < 1e-3


def test_small_words_and_capitals_change_nothing(space: ClassSpace) -> None:
    plain, wordy = space.of_texts(["dog car", "The Dog and a CAR"])
    assert units_of("The Dog and a CAR") == ("dog", "car")
    assert units_of("dog car") == ("dog", "car", "dog car")
    assert units_of("over there") == ("over", "there")  # there is nothing else
    assert float(plain @ wordy) > 0.9


@pytest.mark.parametrize("text", ["", "12345", "blorf", "?!"])
def test_words_like_none_of_the_classes_are_refused_in_a_sentence(space: ClassSpace, text: str) -> None:
    with pytest.raises(ModelError, match="knows nothing like"):
        space.of_texts([text])
    with pytest.raises(ModelError, match="knows nothing like") as refused:
        space.of_texts(["blorf " * 2000])
    assert len(str(refused.value)) < 300


def test_a_known_word_among_unknown_ones_is_enough(space: ClassSpace) -> None:
    (vector,) = space.of_texts(["blorf zebra"])
    assert int(np.argmax(vector)) == 340


def test_the_pair_of_encoders_shares_a_space() -> None:
    pictures = np.random.default_rng(5).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8)
    images, texts = open_label_images(threads=1), open_label_texts()
    assert images.spec == texts.spec == LABEL_VECTORS
    found = images.encode(pictures)
    assert found.shape == (2, LABEL_VECTORS.dimension)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert texts.encode_texts(["dog"]).shape == (1, LABEL_VECTORS.dimension)
    own = class_directions(open_class_layer(), open_efficientnet(threads=1).encode(pictures))
    np.testing.assert_allclose(found, own, atol=1e-6)
