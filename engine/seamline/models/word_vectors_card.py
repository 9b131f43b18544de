"""Vectors of English words, for searching by the classes of the built-in encoder: two files of WordLlama's wheel."""

from __future__ import annotations

from seamline.models.card import ModelCard, WheelMember

_WHEEL, _VERSION = "wordllama", "0.4.0.post1"
_TAG = "cp311-cp311-manylinux_2_17_x86_64"
"""Of the wheel that is fetched on any machine: both files are data, the same in all of them."""
_HOMEPAGE = "https://github.com/dleemiller/WordLlama"
_PAPER = "none; Miller, WordLlama: recycled token embeddings from large language models, 2024 (its readme)"
_LICENCE = "MIT, as published; learnt from the token embeddings of Llama 2 (Llama 2 Community License) and Phi-3 (MIT)"
"""The package states MIT for all of it. Its training configuration names Llama 2 70B, its readme Phi-3 medium too."""


def _member(path: str) -> WheelMember:
    return WheelMember(_WHEEL, _VERSION, f"wordllama/{path}", tag=_TAG)


WORD_VECTORS = ModelCard(
    id="wordllama-256",
    name="WordLlama's word vectors",
    purpose="Finds shots by words, by way of what the built-in encoder recognises.",
    licence=_LICENCE,
    paper=_PAPER,
    homepage=_HOMEPAGE,
    source=_member("weights/l2_supercat_256.safetensors"),
    sha256="64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
    size_bytes=16_384_096,
    inputs="English words.",
    preprocessing="Split into pieces, whose vectors of 256 values are averaged.",
)

WORD_PIECES = ModelCard(
    id="wordllama-pieces",
    name="WordLlama's pieces of words",
    purpose="Splits words into the pieces that have vectors.",
    licence=_LICENCE,
    paper=_PAPER,
    homepage=_HOMEPAGE,
    source=_member("tokenizers/l2_supercat_tokenizer_config.json"),
    sha256="93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68",
    size_bytes=1_842_796,
    inputs="English words.",
)

WORD_CARDS: tuple[ModelCard, ...] = (WORD_VECTORS, WORD_PIECES)
"""All that `WordVectors` needs, from one wheel."""
