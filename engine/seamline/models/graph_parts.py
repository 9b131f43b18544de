"""What graphs of several networks have in common: layers by the names of their weights, and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto
from torch import nn

from seamline.errors import ModelError
from seamline.models.graph import GraphBuilder

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]


def weights_of(network: nn.Module) -> Weights:
    """All weights of a torch network by their names."""
    return {key: value.detach().cpu().numpy() for key, value in network.state_dict().items()}


def norm(graph: GraphBuilder, weights: Weights, key: str, epsilon: float, x: str) -> str:
    """A layer norm over the last axis."""
    scale, bias = (stored(graph, weights[f"{key}.{name}"]) for name in ("weight", "bias"))
    return graph.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon)


def linear(graph: GraphBuilder, weights: Weights, key: str, x: str) -> str:
    """A linear layer with a bias."""
    product = graph.op("MatMul", x, stored(graph, weights[f"{key}.weight"].T))
    return graph.op("Add", product, stored(graph, weights[f"{key}.bias"]))


def attention(graph: GraphBuilder, parts: Sequence[str], heads: int, width: int, mask: str | None) -> str:
    """What tokens take from each other, [N, L, width], of their queries, keys and values, [N, L, width] each.

    `mask` is added to how much each asks of each, before the softmax.
    """
    by_head = graph.ints(0, 0, heads, width // heads)
    orders = (0, 2, 1, 3), (0, 2, 3, 1), (0, 2, 1, 3)
    queries, keys, values = (
        graph.op("Transpose", graph.op("Reshape", part, by_head), perm=order)
        for part, order in zip(parts, orders, strict=True)
    )
    scaled = graph.op("Mul", queries, scalar(graph, (width // heads) ** -0.5))
    scores = graph.op("MatMul", scaled, keys)
    if mask is not None:
        scores = graph.op("Add", scores, mask)
    mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), values)
    return graph.op("Reshape", graph.op("Transpose", mixed, perm=(0, 2, 1, 3)), graph.ints(0, 0, width))


def stored(graph: GraphBuilder, values: Floats) -> str:
    """A constant of float32, in half the space where that loses nothing: onnxruntime widens it as it opens a graph."""
    with np.errstate(over="ignore"):
        halves = values.astype(np.float16)
    if not np.array_equal(halves.astype(np.float32), values):
        return graph.constant(values)
    return graph.op("Cast", graph.constant(halves), to=TensorProto.FLOAT)


def scalar(graph: GraphBuilder, value: float) -> str:
    """A constant number of float32."""
    return graph.constant(np.array(value, np.float32))


def share_of_range(found: Floats, wanted: Floats, least_range: float = 1e-6) -> float:
    """The greatest difference, as a share of the range of what is wanted."""
    return float(np.abs(found - wanted).max() / max(float(np.ptp(wanted)), least_range))


def require_same(name: str, device: str, worst: float, tolerance: float, of_what: str) -> None:
    """Raise ModelError where a graph gives other numbers on `device` than the network `name` in torch, by the share
    `worst` of `of_what`; also where that is no number."""
    if not worst <= tolerance:
        raise ModelError(
            f"{name} was converted, but gives other numbers on {device} than it should (by {worst:.1%} of {of_what}). "
            "Update the graphics driver or run it on the processor, then install it again."
        )
