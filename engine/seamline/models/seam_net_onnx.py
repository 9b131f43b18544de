"""The seam network as a graph that onnxruntime runs: the same numbers, batch norms folded into the weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from seamline.models.graph import GraphBuilder
from seamline.models.seam_evidence import MAP_COLUMNS, MAP_COUNT, MAP_ROWS
from seamline.models.seam_net_session import CLASS_COUNT, TIME_DILATIONS

Weights = Mapping[str, NDArray[np.float32]]

_BATCH_NORM_EPS = 1e-5


def graph_of(weights: Weights, metadata: Mapping[str, str]) -> bytes:
    """The bytes of an .onnx file that computes what `SeamNet` with these weights does, in evaluation.

    Input `maps`: float32[T, 15, 14, 24], any T >= 1. Outputs `classes`: float32[T, 5], probabilities that add
    up to 1, and `middle`: float32[T], 0 to 1. Raises KeyError when a weight is missing.
    """
    graph = GraphBuilder("seam net")
    x = graph.input("maps", TensorProto.FLOAT, ("T", MAP_COUNT, MAP_ROWS, MAP_COLUMNS))
    x = graph.op("Relu", _convolution(graph, weights, "conv1", "norm1", x, pads=[1] * 4, strides=[2, 2]))
    x = graph.op("Relu", _convolution(graph, weights, "conv2", "norm2", x, pads=[1] * 4))
    x = graph.op("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
    x = graph.op("Relu", _convolution(graph, weights, "conv3", "norm3", x, pads=[1] * 4))
    flat = graph.op("Flatten", x, axis=1)
    gathered = graph.op(
        "Gemm",
        flat,
        graph.constant(weights["gather.weight"]),
        graph.constant(weights["gather.bias"]),
        transB=1,
    )
    x = graph.op("Unsqueeze", graph.op("Transpose", graph.op("Relu", gathered), perm=[1, 0]), graph.ints(0))
    for number, dilation in enumerate(TIME_DILATIONS):
        name = f"in_time.{number}"
        y = _convolution(
            graph, weights, f"{name}.spread", f"{name}.norm", x, pads=[dilation] * 2, dilations=[dilation]
        )
        y = _convolution(graph, weights, f"{name}.mix", None, graph.op("Relu", y))
        x = graph.op("Add", x, y)
    logits = graph.op("Transpose", _convolution(graph, weights, "head", None, x), perm=[0, 2, 1])
    logits = graph.op("Squeeze", logits, graph.ints(0))
    classes = graph.op("Slice", logits, graph.ints(0), graph.ints(CLASS_COUNT), graph.ints(1))
    middle = graph.op("Slice", logits, graph.ints(CLASS_COUNT), graph.ints(CLASS_COUNT + 1), graph.ints(1))
    graph.output("classes", graph.op("Softmax", classes, axis=1), ("T", CLASS_COUNT))
    graph.output("middle", graph.op("Squeeze", graph.op("Sigmoid", middle), graph.ints(1)), ("T",))
    return graph.serialize(metadata)


def _convolution(
    graph: GraphBuilder, weights: Weights, layer: str, norm: str | None, x: str, **attributes: list[int]
) -> str:
    kernel, bias = weights[f"{layer}.weight"], weights[f"{layer}.bias"]
    if norm is not None:
        scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + _BATCH_NORM_EPS)
        bias = (bias - weights[f"{norm}.running_mean"]) * scale + weights[f"{norm}.bias"]
        kernel = kernel * scale.reshape(-1, *[1] * (kernel.ndim - 1))
    return graph.op(
        "Conv",
        x,
        graph.constant(kernel.astype(np.float32)),
        graph.constant(bias.astype(np.float32)),
        **attributes,
    )
