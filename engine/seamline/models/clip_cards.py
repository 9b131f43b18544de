"""What is to be known about CLIP before it is installed: two sets of weights, and the words that both read by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seamline.models.card import ModelCard, WebAddress, WebFile, WheelMember

if TYPE_CHECKING:
    from seamline.models.clip import Clip

_PAPER = (
    "Radford et al., Learning transferable visual models from natural language supervision, arXiv:2103.00020"
)
_PURPOSE = "Finds shots by words, and tells how alike pictures are by what they show."
_INPUTS = "Single frames of 224 × 224, RGB; texts of up to 77 pieces of words."
_PREPROCESSING = (
    "The shorter side to 224, bicubic; the middle cut out; divided by 255; mean and deviation of its own."
)
_OPENAI_SHA256 = "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af"

CLIP_WORDS = ModelCard(
    id="clip-words",
    name="CLIP's vocabulary",
    purpose="Splits words as CLIP was trained with.",
    licence="MIT",
    paper=_PAPER,
    homepage="https://github.com/mlfoundations/open_clip",
    source=WheelMember("open_clip_torch", "3.3.0", "open_clip/bpe_simple_vocab_16e6.txt.gz"),
    sha256="924691ac288e54409236115652ad4aa250f48203de50a9e4722a6ecd48d6804a",
    size_bytes=1_356_917,
)
"""A part of both."""


def clip_card(
    image: ModelCard, load: Callable[[Path, str | None], Clip], words: ModelCard = CLIP_WORDS
) -> ModelCard:
    """The card of a whole network: `image` says all but how its graphs are made.

    `load` gives the network of a file of weights with that sha256; `words` are those it reads by.
    """
    texts = replace(image, id=f"{image.id}-text", name=f"{image.name}, texts", weights_id=image.id)

    def identity(card: ModelCard) -> dict[str, str]:
        return {
            "name": card.name,
            "version": str(card.graph_version),
            "weights_sha256": card.sha256 or "",
        }

    # torch takes 1.6 s to import and only conversion needs it

    def convert_image(weights: Path) -> bytes:
        from seamline.models import clip_onnx

        return clip_onnx.checked_image_graph_of(load(weights, image.sha256), identity(image))

    def convert_text(weights: Path) -> bytes:
        from seamline.models import clip_onnx

        return clip_onnx.checked_text_graph_of(load(weights, image.sha256), identity(texts))

    return replace(image, convert=convert_image, parts=(replace(texts, convert=convert_text), words))


def _load_open_clip(weights: Path, sha256: str | None) -> Clip:
    from seamline.models import clip_weights

    return clip_weights.load_open_clip(weights, sha256)


def _load_openai(weights: Path, sha256: str | None) -> Clip:
    from seamline.models import clip_weights

    return clip_weights.load_openai(weights, sha256)


_LAION2B = ModelCard(
    id="clip-vit-b32-laion2b",
    name="CLIP ViT-B/32 (LAION-2B)",
    purpose=_PURPOSE,
    licence="MIT",
    paper=f"{_PAPER}; Cherti et al., Reproducible scaling laws for contrastive language-image learning, "
    "arXiv:2212.07143",
    homepage="https://huggingface.co/laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
    source=WebFile(
        "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
        "1a25a446712ba5ee05982a381eed697ef9b435cf",
        "open_clip_model.safetensors",
    ),
    sha256="ac4f8c4b88af6d963118cbf40ad93176d092abbedfcb752601ae1866352656e6",
    size_bytes=605_143_316,
    graph_version=1,
    graph_bytes=605_300_000,
    inputs=_INPUTS,
    preprocessing=_PREPROCESSING,
)

CLIP_LAION2B = clip_card(_LAION2B, _load_open_clip)
"""Trained on LAION-2B, 34 billion samples seen: the better of the two, as published."""

CLIP_OPENAI = clip_card(
    replace(
        _LAION2B,
        id="clip-vit-b32-openai",
        name="CLIP ViT-B/32 (OpenAI)",
        paper=_PAPER,
        homepage="https://github.com/openai/CLIP",
        source=WebAddress(f"https://openaipublic.azureedge.net/clip/models/{_OPENAI_SHA256}/ViT-B-32.pt"),
        sha256=_OPENAI_SHA256,
        size_bytes=353_976_522,
        graph_bytes=360_000_000,
    ),
    _load_openai,
)
"""The network of the paper."""

CLIP_CARDS: tuple[ModelCard, ...] = (CLIP_LAION2B, CLIP_OPENAI)
"""Best first, as published."""
