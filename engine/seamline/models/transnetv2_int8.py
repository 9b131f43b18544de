"""TransNetV2 with convolutions in 8 bits, for processors: about twice as fast, with nearly the same numbers.

Everything between the pictures and the fully connected layers is uint8, channels last. In that order a
window is at once a batch of pictures, [T, H, W, C], to its convolutions in space and one picture of T rows,
[1, T, H * W, C], to those in time, so no data moves between the two and nothing needs separating. A value
v stands for (v - zero) * scale, as in Jacob et al., arXiv:1712.05877; pictures are exact, 255 being 1.

Weights have 7 bits, scaled for each filter: with 8 the sums of pairs in 16 bits, which processors without
dot product instructions form, could saturate. So all processors give the same values.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from seamline.models.card import ModelCard
from seamline.models.graph import ONNXRUNTIME, GraphBuilder
from seamline.models.transnetv2 import DILATIONS, HEIGHT, STACK_FILTERS, WIDTH, TransNetV2
from seamline.models.transnetv2_heads import Weights, add_heads
from seamline.models.transnetv2_onnx import folded_batch_norm


class BlockRanges(NamedTuple):
    """Smallest and largest value after each branch's convolution in space, and the largest of its result."""

    space: tuple[tuple[float, float], ...]
    result: float


class StackRanges(NamedTuple):
    """What its two blocks reach, and the largest value of their sum and of the pooled sum."""

    blocks: tuple[BlockRanges, BlockRanges]
    total: float
    pooled: float


RANGES = (
    StackRanges(
        blocks=(
            BlockRanges(((-3.38, 3.10), (-2.04, 2.40), (-2.66, 2.62), (-3.28, 2.64)), 11.30),
            BlockRanges(((-7.17, 8.16), (-7.41, 7.86), (-8.61, 9.00), (-9.38, 8.20)), 11.54),
        ),
        total=13.34,
        pooled=12.92,
    ),
    StackRanges(
        blocks=(
            BlockRanges(((-12.14, 11.23), (-13.70, 15.30), (-12.16, 22.24), (-11.20, 14.99)), 13.69),
            BlockRanges(((-9.21, 14.86), (-13.90, 11.46), (-10.18, 8.98), (-12.35, 11.04)), 13.22),
        ),
        total=14.83,
        pooled=14.40,
    ),
    StackRanges(
        blocks=(
            BlockRanges(((-20.29, 15.12), (-11.82, 16.64), (-13.10, 18.36), (-14.83, 17.47)), 9.86),
            BlockRanges(((-7.69, 6.94), (-6.17, 7.16), (-7.32, 6.59), (-7.78, 5.92)), 10.46),
        ),
        total=13.94,
        pooled=13.68,
    ),
)
"""What the values reached in 76 windows of 23 films, edited and not (measured 2026-11, torch, float32).

What reaches further is cut off there.
"""

_WEIGHT_LIMIT = 63
_STEPS = 255


class _Scale(NamedTuple):
    """How uint8 values stand for real ones."""

    scale: np.float32
    zero: np.uint8


class _Value(NamedTuple):
    """A uint8 tensor of the graph, and what it stands for."""

    name: str
    scale: _Scale


def graph_of(network: TransNetV2, card: ModelCard) -> bytes:
    """The bytes of an .onnx file that computes nearly what `network` computes.

    Inputs and outputs are those of `transnetv2_onnx.graph_of`. Of onnxruntime's operators alone: only it can
    run the graph.
    """
    weights: Weights = {key: value.numpy() for key, value in network.state_dict().items()}
    graph = GraphBuilder(card.id)
    pictures = graph.input("pictures", TensorProto.UINT8, ("T", HEIGHT, WIDTH, 3))
    x = _Value(pictures, _Scale(np.float32(1 / 255), np.uint8(0)))
    rows, columns = HEIGHT, WIDTH
    sums = []
    for index, ranges in enumerate(RANGES):
        x = _stack(graph, weights, index, x, (rows, columns), ranges)
        rows, columns = rows // 2, columns // 2
        real = graph.op("DequantizeLinear", x.name, *_parameters(graph, x.scale))
        sums.append(graph.op("ReduceSum", real, graph.ints(1, 2), keepdims=0))
    add_heads(
        graph,
        weights,
        pictures=pictures,
        sums=graph.op("Concat", *sums, axis=1),
        flat=graph.op("Reshape", real, graph.ints(-1, rows * columns * 4 * STACK_FILTERS[-1])),
        fc1=weights["fc1.weight"],
    )
    return graph.serialize(
        {"name": card.name, "version": str(card.graph_version), "weights_sha256": card.sha256 or ""}
    )


def _stack(
    graph: GraphBuilder, weights: Weights, index: int, x: _Value, size: tuple[int, int], ranges: StackRanges
) -> _Value:
    """Two dilated blocks, their sum, and its 2x2 means: uint8[T, H // 2, W // 2, C]."""
    first = _dilated_block(graph, weights, (index, 0), x, size, ranges.blocks[0])
    second = _dilated_block(graph, weights, (index, 1), first, size, ranges.blocks[1])
    total, pooled = _scale_of(0, ranges.total), _scale_of(0, ranges.pooled)
    added = graph.op(
        "QLinearAdd",
        *(first.name, *_parameters(graph, first.scale)),
        *(second.name, *_parameters(graph, second.scale)),
        *_parameters(graph, total),
        domain=ONNXRUNTIME,
    )
    means = graph.op(
        "QLinearAveragePool",
        *(added, *_parameters(graph, total), *_parameters(graph, pooled)),
        kernel_shape=(2, 2),
        strides=(2, 2),
        channels_last=1,
        domain=ONNXRUNTIME,
    )
    return _Value(means, pooled)


def _dilated_block(
    graph: GraphBuilder,
    weights: Weights,
    place: tuple[int, int],
    x: _Value,
    size: tuple[int, int],
    ranges: BlockRanges,
) -> _Value:
    """Batch norm is folded into the weights; the ReLU is the result's range, which begins at 0."""
    stack, block = place
    rows, columns = size
    filters = STACK_FILTERS[stack]
    key = f"SDDCNN.{stack}.DDCNN.{block}"
    scale, shift = folded_batch_norm(weights, key)
    result = _scale_of(0, ranges.result)
    branches = []
    for branch, dilation in enumerate(DILATIONS):
        layers = f"{key}.Conv3D_{dilation}.layers"
        own = slice(branch * filters, (branch + 1) * filters)
        y = _convolution(
            graph,
            x,
            weights[f"{layers}.0.weight"][:, :, 0],
            None,
            _scale_of(*ranges.space[branch]),
            kernel_shape=(3, 3),
            pads=(1, 1, 1, 1),
        )
        by_time = graph.op("Reshape", y.name, graph.ints(1, -1, rows * columns, 2 * filters))
        y = _convolution(
            graph,
            _Value(by_time, y.scale),
            weights[f"{layers}.1.weight"][..., 0] * scale[own, None, None, None],
            shift[own],
            result,
            kernel_shape=(3, 1),
            dilations=(dilation, 1),
            pads=(dilation, 0, dilation, 0),
        )
        branches.append(y.name)
    joined = graph.op("Concat", *branches, axis=3)
    return _Value(graph.op("Reshape", joined, graph.ints(-1, rows, columns, 4 * filters)), result)


def _convolution(
    graph: GraphBuilder,
    x: _Value,
    weight: NDArray[np.float32],
    bias: NDArray[np.float32] | None,
    result: _Scale,
    **attributes: tuple[int, ...],
) -> _Value:
    steps = np.abs(weight).max((1, 2, 3)) / np.float32(_WEIGHT_LIMIT)
    steps = np.maximum(steps, np.finfo(np.float32).tiny)
    whole = np.round(weight / steps[:, None, None, None]).astype(np.int8)
    inputs = [x.name, *_parameters(graph, x.scale), graph.constant(whole), graph.constant(steps)]
    inputs += [graph.constant(np.zeros(len(whole), np.int8)), *_parameters(graph, result)]
    if bias is not None:
        inputs.append(graph.constant(np.round(bias / (x.scale.scale * steps)).astype(np.int32)))
    y = graph.op("QLinearConv", *inputs, channels_last=1, domain=ONNXRUNTIME, **attributes)
    return _Value(y, result)


def _scale_of(lowest: float, highest: float) -> _Scale:
    scale = np.float32((highest - lowest) / _STEPS)
    return _Scale(scale, np.uint8(round(-lowest / float(scale))))


def _parameters(graph: GraphBuilder, scale: _Scale) -> tuple[str, str]:
    return graph.constant(np.array(scale.scale)), graph.constant(np.array(scale.zero))
