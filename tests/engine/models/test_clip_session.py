"""CLIP ready to use: pictures cut out, words said in several ways, and cards that name all that belongs to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from paper_clip import save_vocabulary

from seamline.errors import ModelError
from seamline.models import clip_onnx, clip_session
from seamline.models.card import ModelCard, with_parts
from seamline.models.clip import Clip, ClipSize
from seamline.models.clip_cards import CLIP_CARDS, CLIP_LAION2B, CLIP_OPENAI, CLIP_WORDS
from seamline.models.clip_session import ClipImageEncoder, ClipTextEncoder, spec_of
from seamline.models.encoder import Fit

IDENTITY = {"name": "CLIP", "version": "1", "weights_sha256": "ab" * 32}


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_vocabulary(tmp_path_factory.mktemp("words") / "vocabulary.txt.gz")


@pytest.fixture(scope="module")
def text_encoder(vocabulary: Path) -> ClipTextEncoder:
    """A text side with all the words but one narrow layer."""
    torch.manual_seed(6)
    size = ClipSize(
        is_quick=False,
        side=32,
        image_width=8,
        image_layers=1,
        image_heads=1,
        text_width=16,
        text_layers=1,
        text_heads=1,
    )
    graph = clip_onnx.text_graph_of(Clip(size).eval(), IDENTITY)
    return ClipTextEncoder(CLIP_LAION2B, graph, vocabulary)


def test_a_text_is_the_mean_of_what_its_templates_give(
    text_encoder: ClipTextEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["a red car", "two people talk in a kitchen, and then another one comes in", "{braces} 100%"]
    found = text_encoder.encode_texts(texts)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)
    assert clip_session.TEMPLATES[0] == "{}"
    monkeypatch.setattr(text_encoder, "_templates", ("{}",))
    each = [text_encoder.encode_texts([template.format(texts[0])])[0] for template in clip_session.TEMPLATES]
    mean = np.mean(each, axis=0)
    assert found[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)
    assert text_encoder.encode_texts([]).shape == (0, 512)
    alone = text_encoder.encode_texts(texts)
    monkeypatch.setattr(clip_session, "BATCH_TEXTS", 1)
    assert text_encoder.encode_texts(texts) == pytest.approx(alone, abs=1e-5), "whatever they are beside"


def test_no_words_are_told(text_encoder: ClipTextEncoder) -> None:
    for text in ("", " \n", "&nbsp;", "&amp;nbsp;", "\u200b \u00ad", "\ufeff"):
        with pytest.raises(ModelError, match="There are no words to search for"):
            text_encoder.encode_texts(["a dog", text])
    assert text_encoder.encode_texts(["7", "?", "犬", "\U0001f600", "\ud83d\ude00"]).shape == (5, 512)


def test_the_image_encoder_keeps_order_and_length() -> None:
    torch.manual_seed(7)
    size = ClipSize(is_quick=True, image_width=8, image_layers=1, image_heads=1, text_layers=1)
    network = Clip(size).eval()
    encoder = ClipImageEncoder(CLIP_OPENAI, clip_onnx.image_graph_of(network, IDENTITY), threads=1)
    pictures = np.random.default_rng(1).integers(0, 256, (11, 224, 224, 3), np.uint8)
    found = encoder.encode(pictures)
    with torch.inference_mode():
        wanted = network.image_features(torch.from_numpy(pictures)).numpy()
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    assert found == pytest.approx(wanted, abs=1e-4)
    assert encoder.encode(pictures[:0]).shape == (0, 512)
    assert encoder.device == "CPU, 1 thread"
    with pytest.raises(ValueError, match="need uint8"):
        encoder.encode(pictures[:, :200])


@pytest.mark.parametrize("card", CLIP_CARDS, ids=lambda card: card.id)
def test_the_cards_name_all_parts(card: ModelCard) -> None:
    (texts,) = card.further_graphs
    assert card.companions == (CLIP_WORDS,)
    assert texts.weights_id == card.id
    assert (card.licence, card.restriction) == ("MIT", "")
    spec = spec_of(card)
    assert spec.picture_size == (224, 224)
    assert spec.fit is Fit.MIDDLE
    assert spec.dimension == 512
    assert spec_of(CLIP_LAION2B).key != spec_of(CLIP_OPENAI).key
    assert with_parts((card,)) == (card, texts, CLIP_WORDS)


@pytest.mark.parametrize(
    "card", [each for card in CLIP_CARDS for each in (card, *card.further_graphs)], ids=lambda c: c.id
)
def test_a_card_converts_nothing_but_its_own_file(card: ModelCard, tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"other")
    assert card.convert is not None
    with pytest.raises(ModelError, match="is not the published file of CLIP"):
        card.convert(path)
