"""A dual encoder small enough to train in a test, and the words it knows."""

from __future__ import annotations

import torch

from seamline.models.distilbert import DistilBert, DistilBertSize
from seamline.models.dual_encoder import DualEncoderSize
from seamline.models.resnet50 import ResNetSize

COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 200, 40),
    "blue": (30, 40, 220),
    "yellow": (230, 220, 40),
    "white": (240, 240, 240),
    "black": (12, 12, 12),
}
VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "wall", *COLOURS)
TOY = DualEncoderSize(
    ResNetSize((1, 1, 1, 1), width=4),
    DistilBertSize(vocabulary=len(VOCABULARY), positions=32, width=16, layers=1, heads=2, inner=24),
    side=32,
)


def telling(trunk: DistilBert) -> DistilBert:
    """Random weights by which texts differ, as pretrained ones': those to train from scratch hardly let them."""
    generator = torch.Generator().manual_seed(3)
    for values in trunk.parameters():
        if values.ndim == 2:
            torch.nn.init.normal_(values, std=0.4, generator=generator)
    return trunk
