"""ResNet50 up to its last pooling, in torch: what a picture is known by in the dual encoder.

Architecture: He et al., Deep residual learning for image recognition, arXiv:1512.03385, table 1, with the stride in
the 3x3 convolution of a block, as torchvision has it. Names of the weights: torchvision's resnet50, without `fc`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

STEM_KERNEL, STEM_STRIDE, STEM_PADDING = 7, 2, 3
POOL_KERNEL, POOL_STRIDE, POOL_PADDING = 3, 2, 1
EXPANSION = 4
"""How much wider a block is at its exit than inside."""
BATCH_NORM_EPS = 1e-5


@dataclass(frozen=True, slots=True)
class ResNetSize:
    """How large the network is; unless told, ResNet50. Smaller ones are for trying things out.

    `blocks`: of the four stages. `width`: channels after the first convolution.
    """

    blocks: tuple[int, int, int, int] = (3, 4, 6, 3)
    width: int = 64

    @property
    def features(self) -> int:
        """How many numbers stand for a picture: 2,048."""
        return 8 * self.width * EXPANSION


RESNET50 = ResNetSize()


class Bottleneck(nn.Module):
    """Narrow, filter in space, widen; added to what came in, which is projected where the shape changes."""

    def __init__(self, in_channels: int, inner: int, stride: int) -> None:
        super().__init__()
        out_channels = inner * EXPANSION
        self.conv1 = nn.Conv2d(in_channels, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner, eps=BATCH_NORM_EPS)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner, eps=BATCH_NORM_EPS)
        self.conv3 = nn.Conv2d(inner, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels, eps=BATCH_NORM_EPS)
        self.downsample: nn.Sequential | None = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels, eps=BATCH_NORM_EPS),
            )

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x)))
        y = functional.relu(self.bn2(self.conv2(y)))
        shortcut = x if self.downsample is None else self.downsample(x)
        return functional.relu(self.bn3(self.conv3(y)) + shortcut)


class ResNet(nn.Module):
    """Features, float32[N, 2048], not negative, for float32[N, 3, rows, columns] that are scaled as it was trained."""

    def __init__(self, size: ResNetSize = RESNET50) -> None:
        super().__init__()
        self.size = size
        self.conv1 = nn.Conv2d(
            3, size.width, STEM_KERNEL, stride=STEM_STRIDE, padding=STEM_PADDING, bias=False
        )
        self.bn1 = nn.BatchNorm2d(size.width, eps=BATCH_NORM_EPS)
        channels = size.width
        for stage, blocks in enumerate(size.blocks):
            inner = size.width << stage
            stride = 1 if stage == 0 else 2
            layer = [Bottleneck(channels, inner, stride)]
            channels = inner * EXPANSION
            layer += [Bottleneck(channels, inner, 1) for _ in range(blocks - 1)]
            self.add_module(f"layer{stage + 1}", nn.Sequential(*layer))
        self._begin()

    def _begin(self) -> None:
        """Random weights to train from scratch (He et al., arXiv:1502.01852, for the output's side, as torchvision)."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.bn1(self.conv1(x)))
        x = functional.max_pool2d(x, POOL_KERNEL, POOL_STRIDE, POOL_PADDING)
        for stage in range(len(self.size.blocks)):
            x = self.get_submodule(f"layer{stage + 1}")(x)
        return torch.mean(x, dim=(2, 3))
