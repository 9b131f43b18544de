"""VideoMAE with two heads for shot labels, in torch: what is trained, and the reference for the converted graph.

Encoder: Tong et al., VideoMAE, arXiv:2203.12602, the base size. Heads, names of the weights and order of the classes:
gullalc/videomae-base-finetuned-kinetics-movieshots-multitask, trained on MovieShots (Rao et al., ECCV 2020).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from seamline.models.videomae_classes import MOVEMENTS, SCALES
from seamline.models.videomae_pictures import CHANNELS, FRAMES, PICTURE_MEAN, PICTURE_SIDE, PICTURE_STD

LAYER_NORM_EPS = 1e-12
HEADS_NORM_EPS = 1e-5
"""Of `fc_norm`, which is no part of the encoder and keeps torch's own."""
_POSITION_BASE = 10_000


@dataclass(frozen=True, slots=True)
class VideoMAESize:
    """How large the network is; unless told, as published. Smaller ones are for trying things out."""

    frames: int = FRAMES
    side: int = PICTURE_SIDE
    tubelet: int = 2
    patch: int = 16
    width: int = 768
    layers: int = 12
    heads: int = 12
    inner: int = 3072

    @property
    def grid(self) -> tuple[int, int, int]:
        """Tokens in time, down and across; in this order they follow each other, the last running fastest."""
        return self.frames // self.tubelet, self.side // self.patch, self.side // self.patch

    @property
    def tokens(self) -> int:
        in_time, down, across = self.grid
        return in_time * down * across


BASE = VideoMAESize()


def position_table(tokens: int, width: int) -> Tensor:
    """Fixed positions, float32[tokens, width]: sines in even columns, cosines in odd ones.

    Vaswani et al., Attention is all you need, section 3.5; computed in float64, as published.
    """
    columns = np.arange(width)
    angles = np.arange(tokens)[:, None] / np.power(_POSITION_BASE, 2 * (columns // 2) / width)
    table = np.where(columns % 2 == 0, np.sin(angles), np.cos(angles))
    return torch.from_numpy(table.astype(np.float32))


class _PatchEmbeddings(nn.Module):
    def __init__(self, size: VideoMAESize) -> None:
        super().__init__()
        kernel = (size.tubelet, size.patch, size.patch)
        self.projection = nn.Conv3d(CHANNELS, size.width, kernel, stride=kernel)

    def forward(self, x: Tensor) -> Tensor:
        tokens: Tensor = self.projection(x).flatten(2).transpose(1, 2)
        return tokens


class _Embeddings(nn.Module):
    positions: Tensor

    def __init__(self, size: VideoMAESize) -> None:
        super().__init__()
        self.patch_embeddings = _PatchEmbeddings(size)
        # no parameter, and in no file of weights; `VideoMAE.reset_buffers` fills it
        self.register_buffer("positions", torch.empty(size.tokens, size.width), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        tokens: Tensor = self.patch_embeddings(x)
        return tokens + self.positions


class _SelfAttention(nn.Module):
    """Queries and values have a bias, keys have none: it would change no weight."""

    def __init__(self, size: VideoMAESize) -> None:
        super().__init__()
        self._heads = size.heads
        self.query = nn.Linear(size.width, size.width, bias=False)
        self.key = nn.Linear(size.width, size.width, bias=False)
        self.value = nn.Linear(size.width, size.width, bias=False)
        self.q_bias = nn.Parameter(torch.zeros(size.width))
        self.v_bias = nn.Parameter(torch.zeros(size.width))

    def forward(self, x: Tensor) -> Tensor:
        queries = self._by_head(functional.linear(x, self.query.weight, self.q_bias))
        values = self._by_head(functional.linear(x, self.value.weight, self.v_bias))
        mixed = functional.scaled_dot_product_attention(queries, self._by_head(self.key(x)), values)
        return mixed.transpose(1, 2).flatten(2)

    def _by_head(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], self._heads, -1).transpose(1, 2)


class _Dense(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.dense = nn.Linear(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.dense(x)
        return y


class _Attention(nn.Module):
    def __init__(self, size: VideoMAESize) -> None:
        super().__init__()
        self.attention = _SelfAttention(size)
        self.output = _Dense(size.width, size.width)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.output(self.attention(x))
        return y


class _Layer(nn.Module):
    def __init__(self, size: VideoMAESize) -> None:
        super().__init__()
        self.attention = _Attention(size)
        self.intermediate = _Dense(size.width, size.inner)
        self.output = _Dense(size.inner, size.width)
        self.layernorm_before = nn.LayerNorm(size.width, eps=LAYER_NORM_EPS)
        self.layernorm_after = nn.LayerNorm(size.width, eps=LAYER_NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.layernorm_before(x))
        y: Tensor = self.output(functional.gelu(self.intermediate(self.layernorm_after(x))))
        return x + y


class _Encoder(nn.Module):
    def __init__(self, size: VideoMAESize) -> None:
        super().__init__()
        self.layer = nn.ModuleList(_Layer(size) for _ in range(size.layers))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layer:
            x = layer(x)
        return x


class _Trunk(nn.Module):
    def __init__(self, size: VideoMAESize) -> None:
        super().__init__()
        self.embeddings = _Embeddings(size)
        self.encoder = _Encoder(size)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.encoder(self.embeddings(x))
        return y


class VideoMAE(nn.Module):
    """Logits of scale and movement, float32[N, 5] and [N, 4], for RGB uint8[N, 16, 224, 224, 3].

    86,234,121 parameters at the published size: the positions are none.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, size: VideoMAESize = BASE) -> None:
        super().__init__()
        self.size = size
        self.vmae = _Trunk(size)
        self.fc_norm = nn.LayerNorm(size.width, eps=HEADS_NORM_EPS)
        self.scale_cf = nn.Linear(size.width, len(SCALES))
        self.movement_cf = nn.Linear(size.width, len(MOVEMENTS))
        self.register_buffer("mean", torch.empty(CHANNELS, 1, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.empty(CHANNELS, 1, 1, 1), persistent=False)
        self.reset_buffers()

    def reset_buffers(self) -> None:
        """Set what is fixed and in no file of weights; also after the network was made on torch's meta device."""
        self.mean = torch.tensor(PICTURE_MEAN)[:, None, None, None]
        self.deviation = torch.tensor(PICTURE_STD)[:, None, None, None]
        self.vmae.embeddings.positions = position_table(self.size.tokens, self.size.width)

    def features(self, pictures: Tensor) -> Tensor:
        """What the heads are computed from: the mean of all tokens, float32[N, 768]."""
        x = pictures.permute(0, 4, 1, 2, 3).float() / 255
        tokens: Tensor = self.vmae((x - self.mean) / self.deviation)
        return tokens.mean(1)

    def heads(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Both logits for `features`; the norm before them is part of the heads."""
        normed = self.fc_norm(features)
        return self.scale_cf(normed), self.movement_cf(normed)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        return self.heads(self.features(pictures))
