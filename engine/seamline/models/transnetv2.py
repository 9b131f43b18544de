"""TransNetV2 in torch, as published: the reference that the converted graph is measured against.

Architecture and names of the weights: Souček and Lokoč, arXiv:2008.04838, and their published checkpoint.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from seamline.models.checkpoint import load_into

HEIGHT, WIDTH = 27, 48
DILATIONS = (1, 2, 4, 8)
STACK_FILTERS = (16, 32, 64)
LOOKUP_WINDOW = 101
"""Frames that each frame is compared with: 50 before, itself, 50 after."""
BATCH_NORM_EPS = 1e-3


class SeparableConv3d(nn.Module):
    """A (2+1)D convolution: 3x3 in space, then 3 in time, `dilation` frames apart."""

    def __init__(self, in_channels: int, filters: int, dilation: int) -> None:
        super().__init__()
        space = nn.Conv3d(in_channels, 2 * filters, (1, 3, 3), padding=(0, 1, 1), bias=False)
        time = nn.Conv3d(
            2 * filters, filters, (3, 1, 1), dilation=(dilation, 1, 1), padding=(dilation, 0, 0), bias=False
        )
        self.layers = nn.Sequential(space, time)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)  # type: ignore[no-any-return]  # torch types module calls as Any


class DilatedBlock(nn.Module):
    """Four separable convolutions side by side, each looking further in time, and batch norm."""

    def __init__(self, in_channels: int, filters: int) -> None:
        super().__init__()
        for dilation in DILATIONS:
            self.add_module(f"Conv3D_{dilation}", SeparableConv3d(in_channels, filters, dilation))
        self.bn = nn.BatchNorm3d(4 * filters, eps=BATCH_NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        branches = [self.get_submodule(f"Conv3D_{dilation}")(x) for dilation in DILATIONS]
        return self.bn(torch.cat(branches, dim=1))  # type: ignore[no-any-return]


class Stack(nn.Module):
    """Two dilated blocks with a shortcut, then 2x2 average pooling in space."""

    def __init__(self, in_channels: int, filters: int) -> None:
        super().__init__()
        self.DDCNN = nn.ModuleList([DilatedBlock(in_channels, filters), DilatedBlock(4 * filters, filters)])

    def forward(self, x: Tensor) -> Tensor:
        first = functional.relu(self.DDCNN[0](x))
        second = functional.relu(self.DDCNN[1](first))
        return functional.avg_pool3d(first + second, (1, 2, 2))


class FrameSimilarity(nn.Module):
    """How alike the learned features of neighbouring frames are."""

    def __init__(self) -> None:
        super().__init__()
        self.projection = nn.Linear(4 * sum(STACK_FILTERS), 128)
        self.fc = nn.Linear(LOOKUP_WINDOW, 128)

    def forward(self, stack_outputs: list[Tensor]) -> Tensor:
        features = torch.cat([x.mean(dim=(3, 4)) for x in stack_outputs], dim=1).transpose(1, 2)
        unit = functional.normalize(self.projection(features), dim=2)
        return functional.relu(self.fc(_similarity_band(unit)))


class ColorHistograms(nn.Module):
    """How alike the colour histograms (8x8x8 bins) of neighbouring frames are."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(LOOKUP_WINDOW, 128)

    def forward(self, pictures: Tensor) -> Tensor:
        red, green, blue = (pictures.long() >> 5).flatten(2, 3).unbind(dim=-1)
        bins = (red << 6) + (green << 3) + blue
        counts = torch.zeros(*bins.shape[:2], 512)
        counts.scatter_add_(2, bins, torch.ones(bins.shape))
        return functional.relu(self.fc(_similarity_band(functional.normalize(counts, dim=2))))


class TransNetV2(nn.Module):
    """Logits of the single-frame and the many-hot head, float32[B, T], for RGB uint8[B, T, 27, 48, 3]."""

    def __init__(self) -> None:
        super().__init__()
        inputs = (3, *(4 * filters for filters in STACK_FILTERS))
        stacks = [Stack(i, filters) for i, filters in zip(inputs, STACK_FILTERS, strict=False)]
        self.SDDCNN = nn.ModuleList(stacks)
        self.frame_sim_layer = FrameSimilarity()
        self.color_hist_layer = ColorHistograms()
        self.fc1 = nn.Linear(128 + 128 + 3 * 6 * 4 * STACK_FILTERS[-1], 1024)
        self.dropout = nn.Dropout(0.5)
        self.cls_layer1 = nn.Linear(1024, 1)
        self.cls_layer2 = nn.Linear(1024, 1)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        x = pictures.permute(0, 4, 1, 2, 3).float() / 255
        stack_outputs = []
        for stack in self.SDDCNN:
            x = stack(x)
            stack_outputs.append(x)
        flat = x.permute(0, 2, 3, 4, 1).flatten(2)
        parts = (self.color_hist_layer(pictures), self.frame_sim_layer(stack_outputs), flat)
        hidden = self.dropout(functional.relu(self.fc1(torch.cat(parts, dim=2))))
        return self.cls_layer1(hidden).squeeze(2), self.cls_layer2(hidden).squeeze(2)


def _similarity_band(unit: Tensor) -> Tensor:
    """Cosines of each frame with the 101 frames around it, float32[B, T, 101], 0 beyond the ends."""
    reach = LOOKUP_WINDOW // 2
    similarity = functional.pad(unit @ unit.transpose(1, 2), (reach, reach))
    return torch.stack([similarity[:, t, t : t + LOOKUP_WINDOW] for t in range(unit.shape[1])], dim=1)


def load(weights: Path) -> TransNetV2:
    """The network with the weights of a published checkpoint, ready to predict.

    Raises ModelError when the file cannot be read as plain tensors, or does not fit.
    """
    network = TransNetV2()
    load_into(network, weights, "TransNetV2")
    return network
