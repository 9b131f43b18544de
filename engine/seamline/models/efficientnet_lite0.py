"""EfficientNet-Lite0 in torch, as published: the reference that the converted graph is measured against.

Architecture: Tan and Le, arXiv:1905.11946, table 1, in its Lite variant (no squeeze-and-excitation, ReLU6
instead of swish, stem and head of fixed width). Names of the weights: the published checkpoint.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from seamline.models.checkpoint import load_into

PICTURE_SIDE = 224
PICTURE_MEAN, PICTURE_SCALE = 127, 128
"""A picture's values become (value - 127) / 128 in all channels, as Google's Lite checkpoints were trained
(efficientnet_lite_builder.py of tensorflow/tpu); not ImageNet's mean and deviation of the larger variants."""

CHANNELS = 3
STEM_FILTERS, STEM_KERNEL, STEM_STRIDE = 32, 3, 2
EMBEDDING_SIZE = 1280
CLASS_COUNT = 1000
BATCH_NORM_EPS = 1e-3
BATCH_NORM_MOMENTUM = 0.01  # torch's sense: the new batch's share
DROPOUT = 0.2


class BlockShape(NamedTuple):
    """What sets an inverted bottleneck apart: inside it is `expansion` times as wide as at its entrance."""

    kernel: int
    stride: int
    expansion: int
    in_channels: int
    out_channels: int

    @property
    def inner_channels(self) -> int:
        return self.in_channels * self.expansion

    @property
    def has_shortcut(self) -> bool:
        return self.stride == 1 and self.in_channels == self.out_channels


def _block_shapes() -> tuple[BlockShape, ...]:
    # repeats, kernel, stride of the first, expansion, filters: table 1's stages 2 to 8
    stages = (
        (1, 3, 1, 1, 16),
        (2, 3, 2, 6, 24),
        (2, 5, 2, 6, 40),
        (3, 3, 2, 6, 80),
        (3, 5, 1, 6, 112),
        (4, 5, 2, 6, 192),
        (1, 3, 1, 6, 320),
    )
    shapes: list[BlockShape] = []
    channels = STEM_FILTERS
    for repeats, kernel, stride, expansion, filters in stages:
        shapes.append(BlockShape(kernel, stride, expansion, channels, filters))
        shapes += [BlockShape(kernel, 1, expansion, filters, filters)] * (repeats - 1)
        channels = filters
    return tuple(shapes)


BLOCKS = _block_shapes()


def same_padding(side: int, kernel: int, stride: int) -> tuple[int, int]:
    """Zeros before and after a side of so many pixels, as TensorFlow pads “SAME”: the odd one comes after."""
    missing = max(0, (-(-side // stride) - 1) * stride + kernel - side)
    return missing // 2, missing - missing // 2


class SameConv2d(nn.Conv2d):
    """A convolution without bias that pads as TensorFlow does."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(in_channels, out_channels, kernel, stride, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        rows, columns = (same_padding(side, self.kernel_size[0], self.stride[0]) for side in x.shape[2:])
        return super().forward(functional.pad(x, (*columns, *rows)))


class InvertedBottleneck(nn.Module):
    """Widen, filter each channel in space, narrow again; with a shortcut where the shape stays the same."""

    def __init__(self, shape: BlockShape) -> None:
        super().__init__()
        inner = shape.inner_channels
        self._has_shortcut = shape.has_shortcut
        self._widens = shape.expansion > 1
        if self._widens:
            self._expand_conv = SameConv2d(shape.in_channels, inner, 1)
            self._bn0 = _batch_norm(inner)
        self._depthwise_conv = SameConv2d(inner, inner, shape.kernel, shape.stride, groups=inner)
        self._bn1 = _batch_norm(inner)
        self._project_conv = SameConv2d(inner, shape.out_channels, 1)
        self._bn2 = _batch_norm(shape.out_channels)

    def forward(self, x: Tensor) -> Tensor:
        wide = functional.relu6(self._bn0(self._expand_conv(x))) if self._widens else x
        filtered = functional.relu6(self._bn1(self._depthwise_conv(wide)))
        narrow: Tensor = self._bn2(self._project_conv(filtered))
        return x + narrow if self._has_shortcut else narrow


class EfficientNetLite0(nn.Module):
    """Embeddings, float32[N, 1280], not normalised, and ImageNet's classes' logits, float32[N, 1000], for
    RGB uint8[N, 224, 224, 3]."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = SameConv2d(CHANNELS, STEM_FILTERS, STEM_KERNEL, STEM_STRIDE)
        self._bn0 = _batch_norm(STEM_FILTERS)
        self._blocks = nn.ModuleList([InvertedBottleneck(shape) for shape in BLOCKS])
        self._conv_head = SameConv2d(BLOCKS[-1].out_channels, EMBEDDING_SIZE, 1)
        self._bn1 = _batch_norm(EMBEDDING_SIZE)
        self._dropout = nn.Dropout(DROPOUT)
        self._fc = nn.Linear(EMBEDDING_SIZE, CLASS_COUNT)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        x = (pictures.permute(0, 3, 1, 2).float() - PICTURE_MEAN) / PICTURE_SCALE
        x = functional.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        embeddings = torch.mean(functional.relu6(self._bn1(self._conv_head(x))), dim=(2, 3))
        return embeddings, self._fc(self._dropout(embeddings))


def _batch_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=BATCH_NORM_EPS, momentum=BATCH_NORM_MOMENTUM)


def load(weights: Path) -> EfficientNetLite0:
    """The network with the weights of a published checkpoint, ready to predict.

    Raises ModelError when the file cannot be read as plain tensors, or does not fit.
    """
    network = EfficientNetLite0()
    load_into(network, weights, "EfficientNet-Lite0")
    return network
