"""Seamline's own network for seams, in torch: trained with it, and the reference for the converted graph.

It looks where TransNetV2 is weak: wipes, slow dissolves, jump cuts in one set-up. Small convolutions read the maps of
each gap between two frames (`seam_evidence`), dilated convolutions in time see how they go on around it.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from seamline.models.seam_evidence import MAP_COUNT
from seamline.models.seam_net_session import TIME_DILATIONS

CLASSES = ("none", "cut", "dissolve", "fade", "wipe")
"""What a gap can be part of; a gradual seam is all gaps from its last outgoing to its first incoming frame."""
WIDTH = 96
_CHANNELS = (24, 40, 64)
_POOLED_CELLS = 3 * 6


class ResidualInTime(nn.Module):
    """What three gaps, `dilation` apart, add to the features of the middle one."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.spread = nn.Conv1d(WIDTH, WIDTH, 3, padding=dilation, dilation=dilation)
        self.norm = nn.BatchNorm1d(WIDTH)
        self.mix = nn.Conv1d(WIDTH, WIDTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.mix(functional.relu(self.norm(self.spread(x))))
        return x + y


class SeamNet(nn.Module):
    """Logits of the five classes and of the seam's middle, float32[B, T, 6], for maps float32[B, T, 15, 14, 24]."""

    def __init__(self, dropout: float = 0.2) -> None:
        super().__init__()
        first, second, third = _CHANNELS
        self.conv1 = nn.Conv2d(MAP_COUNT, first, 3, padding=1, stride=2)
        self.norm1 = nn.BatchNorm2d(first)
        self.conv2 = nn.Conv2d(first, second, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(second)
        self.conv3 = nn.Conv2d(second, third, 3, padding=1)
        self.norm3 = nn.BatchNorm2d(third)
        self.gather = nn.Linear(third * _POOLED_CELLS, WIDTH)
        self.dropout = nn.Dropout(dropout)
        self.in_time = nn.ModuleList(ResidualInTime(dilation) for dilation in TIME_DILATIONS)
        self.head = nn.Conv1d(WIDTH, len(CLASSES) + 1, 1)

    def forward(self, maps: Tensor) -> Tensor:
        batch, gaps = maps.shape[:2]
        x = functional.relu(self.norm1(self.conv1(maps.flatten(0, 1))))
        x = functional.avg_pool2d(functional.relu(self.norm2(self.conv2(x))), 2)
        x = functional.relu(self.norm3(self.conv3(x)))
        x = functional.relu(self.gather(x.flatten(1))).view(batch, gaps, WIDTH)
        x = self.dropout(x).transpose(1, 2)
        for block in self.in_time:
            x = block(x)
        logits: Tensor = self.head(x).transpose(1, 2)
        return logits
