"""EfficientNet-Lite0 as a graph that onnxruntime runs: the same numbers.

Batch norm and the scaling of the pictures' values are folded into the convolutions. Where the first one pads
with zeros, the pictures are padded with the value that becomes zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from seamline.models.card import ModelCard
from seamline.models.efficientnet_lite0 import (
    BATCH_NORM_EPS,
    BLOCKS,
    CHANNELS,
    CLASS_COUNT,
    EMBEDDING_SIZE,
    PICTURE_MEAN,
    PICTURE_SCALE,
    PICTURE_SIDE,
    STEM_KERNEL,
    STEM_STRIDE,
    BlockShape,
    EfficientNetLite0,
    same_padding,
)
from seamline.models.graph import GraphBuilder

Weights = dict[str, NDArray[np.float32]]


def graph_of(network: EfficientNetLite0, card: ModelCard) -> bytes:
    """The bytes of an .onnx file that computes what `network` computes.

    Input `pictures`: uint8[N, 224, 224, 3], RGB, any N >= 1. Outputs: `embedding`, float32[N, 1280], not
    normalised; `probabilities` of ImageNet's classes, float32[N, 1000]. The card's identity is stored inside.
    """
    weights: Weights = {key: value.numpy() for key, value in network.state_dict().items()}
    graph = GraphBuilder(card.id)
    x = _stem(
        graph,
        weights,
        graph.input("pictures", TensorProto.UINT8, ("N", PICTURE_SIDE, PICTURE_SIDE, CHANNELS)),
    )
    side = PICTURE_SIDE // STEM_STRIDE
    for index, shape in enumerate(BLOCKS):
        x = _block(graph, weights, f"_blocks.{index}", shape, side, x)
        side = -(-side // shape.stride)
    x = _relu6(graph, _convolution(graph, weights, "_conv_head", "_bn1", x))
    embedding = graph.op("Flatten", graph.op("GlobalAveragePool", x))
    logits = graph.op(
        "Gemm",
        embedding,
        graph.constant(weights["_fc.weight"]),
        graph.constant(weights["_fc.bias"]),
        transB=1,
    )
    graph.output("embedding", embedding, ("N", EMBEDDING_SIZE))
    graph.output("probabilities", graph.op("Softmax", logits, axis=1), ("N", CLASS_COUNT))
    return graph.serialize(
        {"name": card.name, "version": str(card.graph_version), "weights_sha256": card.sha256 or ""}
    )


def _stem(graph: GraphBuilder, weights: Weights, pictures: str) -> str:
    before, after = same_padding(PICTURE_SIDE, STEM_KERNEL, STEM_STRIDE)
    padded = graph.op(
        "Pad",
        pictures,
        graph.ints(0, before, before, 0, 0, after, after, 0),
        graph.constant(np.array(PICTURE_MEAN, np.uint8)),
    )
    values = graph.op("Cast", padded, to=TensorProto.FLOAT)
    filters, bias = _folded(weights, "_conv_stem", "_bn0")
    filters = filters / np.float32(PICTURE_SCALE)
    bias = bias - np.float32(PICTURE_MEAN) * filters.sum(axis=(1, 2, 3))
    x = graph.op(
        "Conv",
        graph.op("Transpose", values, perm=(0, 3, 1, 2)),
        graph.constant(filters),
        graph.constant(bias),
        kernel_shape=(STEM_KERNEL, STEM_KERNEL),
        strides=(STEM_STRIDE, STEM_STRIDE),
    )
    return _relu6(graph, x)


def _block(graph: GraphBuilder, weights: Weights, key: str, shape: BlockShape, side: int, x: str) -> str:
    y = x
    if shape.expansion > 1:
        y = _relu6(graph, _convolution(graph, weights, f"{key}._expand_conv", f"{key}._bn0", y))
    before, after = same_padding(side, shape.kernel, shape.stride)
    filters, bias = _folded(weights, f"{key}._depthwise_conv", f"{key}._bn1")
    y = graph.op(
        "Conv",
        y,
        graph.constant(filters),
        graph.constant(bias),
        kernel_shape=(shape.kernel, shape.kernel),
        strides=(shape.stride, shape.stride),
        pads=(before, before, after, after),
        group=shape.inner_channels,
    )
    y = _convolution(graph, weights, f"{key}._project_conv", f"{key}._bn2", _relu6(graph, y))
    return graph.op("Add", x, y) if shape.has_shortcut else y


def _convolution(graph: GraphBuilder, weights: Weights, layer: str, norm: str, x: str) -> str:
    """A 1x1 convolution and the batch norm after it."""
    filters, bias = _folded(weights, layer, norm)
    return graph.op("Conv", x, graph.constant(filters), graph.constant(bias), kernel_shape=(1, 1))


def _folded(weights: Weights, layer: str, norm: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Filters and bias of a convolution and the batch norm after it, as one convolution."""
    scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + np.float32(BATCH_NORM_EPS))
    shift = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
    return weights[f"{layer}.weight"] * scale[:, None, None, None], shift


def _relu6(graph: GraphBuilder, x: str) -> str:
    zero, six = (graph.constant(np.array(limit, np.float32)) for limit in (0, 6))
    return graph.op("Clip", x, zero, six)
