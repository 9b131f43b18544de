"""What the siamese network for match cuts consists of, without torch.

As published (samanthajmichael/siamese_model.h5): a twin of three convolutions 3 x 3 with ReLU and pooling to half, then
a dense layer of 128 with ReLU; the two twins' |a - b| into one sigmoid. 12,938,561 parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NAME = "the siamese network for match cuts"

Weights = dict[str, NDArray[np.float32]]
"""By `Siamese`'s names: conv1 to conv3, dense and compare, weight and bias each."""


@dataclass(frozen=True, slots=True)
class SiameseSize:
    """How large the network is; `side` is that of its pictures, in pixels, and is divided by 8."""

    side: int = 224
    channels: tuple[int, int, int] = (32, 64, 128)
    features: int = 128

    @property
    def flat_side(self) -> int:
        """Of what the convolutions give."""
        return self.side // 8

    @property
    def flat(self) -> int:
        return self.flat_side**2 * self.channels[2]


PUBLISHED = SiameseSize()
_MOST_SHOWN = 80


def shown_name(name: str) -> str:
    """A name out of a file that anybody may have made, as it can stand in a message."""
    shown = "".join(each if each.isprintable() else " " for each in name[: _MOST_SHOWN + 1])
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"


def weight_shapes(size: SiameseSize = PUBLISHED) -> dict[str, tuple[int, ...]]:
    """The shape of each weight, as torch lays it out."""
    shapes: dict[str, tuple[int, ...]] = {}
    for number, (before, after) in enumerate(zip((3, *size.channels[:2]), size.channels, strict=True), 1):
        shapes |= {f"conv{number}.weight": (after, before, 3, 3), f"conv{number}.bias": (after,)}
    shapes |= {"dense.weight": (size.features, size.flat), "dense.bias": (size.features,)}
    return shapes | {"compare.weight": (1, size.features), "compare.bias": (1,)}
