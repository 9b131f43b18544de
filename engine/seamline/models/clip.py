"""CLIP with a vision transformer, in torch: the reference for the converted graphs.

Radford et al., Learning transferable visual models from natural language supervision, arXiv:2103.00020, section 2.4.
Names of the weights: those of the published files, of OpenAI and of OpenCLIP alike. OpenAI's networks compute GELU as
x * sigmoid(1.702 x), Hendrycks and Gimpel, arXiv:1606.08415, section 2; OpenCLIP's compute it exactly.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from seamline.models.clip_pictures import CHANNELS, PICTURE_MEAN, PICTURE_SIDE, PICTURE_STD
from seamline.models.clip_tokens import CONTEXT_TOKENS, VOCABULARY_SIZE

QUICK_GELU_FACTOR = 1.702
LAYER_NORM_EPS = 1e-5


@dataclass(frozen=True, slots=True)
class ClipSize:
    """How large the network is; unless told, ViT-B/32 as published. `is_quick`: GELU as OpenAI's networks compute it.
    Smaller ones are for trying things out."""

    is_quick: bool
    side: int = PICTURE_SIDE
    patch: int = 32
    image_width: int = 768
    image_layers: int = 12
    image_heads: int = 12
    text_width: int = 512
    text_layers: int = 12
    text_heads: int = 8
    context: int = CONTEXT_TOKENS
    vocabulary: int = VOCABULARY_SIZE
    dimension: int = 512

    @property
    def tokens(self) -> int:
        """Patches of a picture, and the token in front of them that becomes its embedding."""
        return (self.side // self.patch) ** 2 + 1


class _QuickGelu(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(QUICK_GELU_FACTOR * x)


class _Attention(nn.Module):
    """Queries, keys and values come from one matrix, in this order."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self._heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)
        nn.init.normal_(self.in_proj_weight, std=width**-0.5)

    def forward(self, x: Tensor, *, is_causal: bool) -> Tensor:
        joined = functional.linear(x, self.in_proj_weight, self.in_proj_bias)
        by_head = joined.view(*x.shape[:2], 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        queries, keys, values = by_head.unbind()
        mixed = functional.scaled_dot_product_attention(queries, keys, values, is_causal=is_causal)
        y: Tensor = self.out_proj(mixed.transpose(1, 2).flatten(2))
        return y


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int, *, is_quick: bool) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(width, eps=LAYER_NORM_EPS)
        self.attn = _Attention(width, heads)
        self.ln_2 = nn.LayerNorm(width, eps=LAYER_NORM_EPS)
        self.mlp = nn.Sequential(
            OrderedDict(
                c_fc=nn.Linear(width, 4 * width),
                gelu=_QuickGelu() if is_quick else nn.GELU(),
                c_proj=nn.Linear(4 * width, width),
            )
        )

    def forward(self, x: Tensor, *, is_causal: bool) -> Tensor:
        x = x + self.attn(self.ln_1(x), is_causal=is_causal)
        y: Tensor = self.mlp(self.ln_2(x))
        return x + y


class _Transformer(nn.Module):
    def __init__(self, width: int, layers: int, heads: int, *, is_quick: bool) -> None:
        super().__init__()
        self.resblocks = nn.ModuleList(_Layer(width, heads, is_quick=is_quick) for _ in range(layers))

    def forward(self, x: Tensor, *, is_causal: bool) -> Tensor:
        for layer in self.resblocks:
            x = layer(x, is_causal=is_causal)
        return x


class _ImageTower(nn.Module):
    def __init__(self, size: ClipSize) -> None:
        super().__init__()
        width = size.image_width
        self.class_embedding = nn.Parameter(width**-0.5 * torch.randn(width))
        self.positional_embedding = nn.Parameter(width**-0.5 * torch.randn(size.tokens, width))
        self.proj = nn.Parameter(width**-0.5 * torch.randn(width, size.dimension))
        self.conv1 = nn.Conv2d(CHANNELS, width, size.patch, stride=size.patch, bias=False)
        self.ln_pre = nn.LayerNorm(width, eps=LAYER_NORM_EPS)
        self.transformer = _Transformer(width, size.image_layers, size.image_heads, is_quick=size.is_quick)
        self.ln_post = nn.LayerNorm(width, eps=LAYER_NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        patches = self.conv1(x).flatten(2).transpose(1, 2)
        first = self.class_embedding.expand(len(x), 1, -1)
        tokens = self.ln_pre(torch.cat([first, patches], 1) + self.positional_embedding)
        tokens = self.transformer(tokens, is_causal=False)
        y: Tensor = self.ln_post(tokens[:, 0]) @ self.proj
        return y


class Clip(nn.Module):
    """Both towers; 151,277,313 parameters at the published size."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, size: ClipSize) -> None:
        super().__init__()
        self.size = size
        width = size.text_width
        self.visual = _ImageTower(size)
        self.token_embedding = nn.Embedding(size.vocabulary, width)
        self.positional_embedding = nn.Parameter(0.01 * torch.randn(size.context, width))
        self.transformer = _Transformer(width, size.text_layers, size.text_heads, is_quick=size.is_quick)
        self.ln_final = nn.LayerNorm(width, eps=LAYER_NORM_EPS)
        self.text_projection = nn.Parameter(width**-0.5 * torch.randn(width, size.dimension))
        self.logit_scale = nn.Parameter(torch.tensor(0.0))  # of training: embeddings do not depend on it
        self.register_buffer("mean", torch.empty(CHANNELS, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.empty(CHANNELS, 1, 1), persistent=False)
        self.reset_buffers()

    def reset_buffers(self) -> None:
        """Set what is fixed and in no file of weights; also after the network was made on torch's meta device."""
        self.mean = torch.tensor(PICTURE_MEAN)[:, None, None]
        self.deviation = torch.tensor(PICTURE_STD)[:, None, None]

    def image_features(self, pictures: Tensor) -> Tensor:
        """float32[N, 512], not normalised, for RGB uint8[N, 224, 224, 3]."""
        x = pictures.permute(0, 3, 1, 2).float() / 255
        y: Tensor = self.visual((x - self.mean) / self.deviation)
        return y

    def text_features(self, ids: Tensor) -> Tensor:
        """float32[N, 512], not normalised, for ids[N, L] of `clip_tokens`, L up to 77.

        They are those at the end token, which has the greatest of all ids; tokens after it change nothing.
        """
        x = self.token_embedding(ids) + self.positional_embedding[: ids.shape[1]]
        x = self.transformer(x, is_causal=True)
        at_end = x[torch.arange(len(ids)), ids.argmax(1)]
        y: Tensor = self.ln_final(at_end) @ self.text_projection
        return y
