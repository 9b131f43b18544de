"""DistilBERT in torch: what words are known by in the dual encoder.

Architecture: Sanh et al., DistilBERT, arXiv:1910.01108: six of BERT's layers (Devlin et al., arXiv:1810.04805), each
with its norms after the sums, no token types and no pooler. Names of the weights: transformers' DistilBertModel.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

LAYER_NORM_EPS = 1e-12
_DROPOUT = 0.1
_DEVIATION = 0.02
"""Of the random weights to train from scratch, as BERT's were."""


@dataclass(frozen=True, slots=True)
class DistilBertSize:
    """How large the network is; unless told, distilbert-base-uncased. Smaller ones are for trying things out."""

    vocabulary: int = 30_522
    positions: int = 512
    width: int = 768
    layers: int = 6
    heads: int = 12
    inner: int = 3072


DISTILBERT = DistilBertSize()


class _Embeddings(nn.Module):
    def __init__(self, size: DistilBertSize) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(size.vocabulary, size.width, padding_idx=0)
        self.position_embeddings = nn.Embedding(size.positions, size.width)
        self.LayerNorm = nn.LayerNorm(size.width, eps=LAYER_NORM_EPS)

    def forward(self, ids: Tensor) -> Tensor:
        positions = self.position_embeddings.weight[: ids.shape[1]]
        x: Tensor = self.LayerNorm(self.word_embeddings(ids) + positions)
        return functional.dropout(x, _DROPOUT, self.training)


class _Attention(nn.Module):
    def __init__(self, size: DistilBertSize) -> None:
        super().__init__()
        self._heads = size.heads
        self.q_lin = nn.Linear(size.width, size.width)
        self.k_lin = nn.Linear(size.width, size.width)
        self.v_lin = nn.Linear(size.width, size.width)
        self.out_lin = nn.Linear(size.width, size.width)

    def forward(self, x: Tensor, is_word: Tensor) -> Tensor:
        queries, keys, values = (self._by_head(some(x)) for some in (self.q_lin, self.k_lin, self.v_lin))
        mixed = functional.scaled_dot_product_attention(
            queries, keys, values, attn_mask=is_word, dropout_p=_DROPOUT if self.training else 0.0
        )
        y: Tensor = self.out_lin(mixed.transpose(1, 2).flatten(2))
        return y

    def _by_head(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], self._heads, -1).transpose(1, 2)


class _FeedForward(nn.Module):
    def __init__(self, size: DistilBertSize) -> None:
        super().__init__()
        self.lin1 = nn.Linear(size.width, size.inner)
        self.lin2 = nn.Linear(size.inner, size.width)

    def forward(self, x: Tensor) -> Tensor:
        return functional.dropout(self.lin2(functional.gelu(self.lin1(x))), _DROPOUT, self.training)


class _Layer(nn.Module):
    def __init__(self, size: DistilBertSize) -> None:
        super().__init__()
        self.attention = _Attention(size)
        self.sa_layer_norm = nn.LayerNorm(size.width, eps=LAYER_NORM_EPS)
        self.ffn = _FeedForward(size)
        self.output_layer_norm = nn.LayerNorm(size.width, eps=LAYER_NORM_EPS)

    def forward(self, x: Tensor, is_word: Tensor) -> Tensor:
        x = self.sa_layer_norm(x + self.attention(x, is_word))
        y: Tensor = self.output_layer_norm(x + self.ffn(x))
        return y


class _Transformer(nn.Module):
    def __init__(self, size: DistilBertSize) -> None:
        super().__init__()
        self.layer = nn.ModuleList(_Layer(size) for _ in range(size.layers))

    def forward(self, x: Tensor, is_word: Tensor) -> Tensor:
        for layer in self.layer:
            x = layer(x, is_word)
        return x


class DistilBert(nn.Module):
    """What each token means in its place, float32[N, L, 768], for ids, int64[N, L], and mask, int64[N, L].

    The mask is 1 for tokens and 0 for what only fills the row; every row begins with a token.
    """

    def __init__(self, size: DistilBertSize = DISTILBERT) -> None:
        super().__init__()
        self.size = size
        self.embeddings = _Embeddings(size)
        self.transformer = _Transformer(size)
        self._begin()

    def _begin(self) -> None:
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, std=_DEVIATION)
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)
        with torch.no_grad():
            self.embeddings.word_embeddings.weight[0].zero_()

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        x: Tensor = self.transformer(self.embeddings(ids), mask.bool()[:, None, None, :])
        return x
