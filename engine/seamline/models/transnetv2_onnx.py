"""TransNetV2 as a graph that onnxruntime runs fast on a processor: the same numbers in another layout.

The frames of a window lie under one another in one tall picture, [1, C, T * rows, W], with one row of zeros
below each frame. There a 3x3 convolution in space is an ordinary one, to which the row of zeros is its
padding, and a convolution in time is a (3, 1) one that is dilated by whole frames: no data moves between
the two, and both stay in onnxruntime's blocked layout. Batch norm and 1/255 are folded into the weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from seamline.models.card import ModelCard
from seamline.models.graph import GraphBuilder
from seamline.models.transnetv2 import BATCH_NORM_EPS, DILATIONS, HEIGHT, STACK_FILTERS, WIDTH, TransNetV2
from seamline.models.transnetv2_heads import Weights, add_heads


def graph_of(network: TransNetV2, card: ModelCard) -> bytes:
    """The bytes of an .onnx file that computes what `network` computes.

    Input `pictures`: uint8[T, 27, 48, 3], RGB, any T >= 1. Outputs `single` and `many`: float32[T],
    probabilities 0 to 1 of the single-frame and the many-hot head; and `features`: float32[T, 1024], not
    negative, what both heads are computed from. Up to 100 frames are one published window; of more, the
    first and the last 25 only give context. The card's identity is stored inside.
    """
    weights: Weights = {key: value.numpy() for key, value in network.state_dict().items()}
    graph = GraphBuilder(card.id)
    pictures = graph.input("pictures", TensorProto.UINT8, ("T", HEIGHT, WIDTH, 3))
    x = _one_tall_picture(graph, pictures)
    rows, columns = HEIGHT + 1, WIDTH
    sums = []
    for index, filters in enumerate(STACK_FILTERS):
        channels = 4 * filters
        x = _pooled(graph, _stack(graph, weights, index, x, rows, columns), channels, rows, columns)
        rows, columns = rows // 2, columns // 2
        sums.append(graph.op("ReduceSum", x, graph.ints(2, 3), keepdims=0))
        if index + 1 < len(STACK_FILTERS):
            x = graph.op("Reshape", x, graph.ints(1, channels, -1, columns))
    by_time = graph.op("Transpose", x, perm=(1, 0, 2, 3))
    add_heads(
        graph,
        weights,
        pictures=pictures,
        sums=graph.op("Transpose", graph.op("Concat", *sums, axis=0), perm=(1, 0)),
        flat=graph.op("Reshape", by_time, graph.ints(-1, channels * rows * columns)),
        fc1=_fc1_weight(weights),
    )
    return graph.serialize(
        {"name": card.name, "version": str(card.graph_version), "weights_sha256": card.sha256 or ""}
    )


def _one_tall_picture(graph: GraphBuilder, pictures: str) -> str:
    channels_first = graph.op(
        "Transpose", graph.op("Cast", pictures, to=TensorProto.FLOAT), perm=(3, 0, 1, 2)
    )
    padded = graph.op("Pad", channels_first, graph.ints(0, 0, 0, 0, 0, 0, 1, 0))
    return graph.op("Reshape", padded, graph.ints(1, 3, -1, WIDTH))


def _stack(graph: GraphBuilder, weights: Weights, index: int, x: str, rows: int, columns: int) -> str:
    """Two dilated blocks and the shortcut; the separating rows of the result are not zero."""
    channels = 4 * STACK_FILTERS[index]
    first = _dilated_block(graph, weights, f"SDDCNN.{index}.DDCNN.0", x, rows)
    first = _frames_apart(graph, first, channels, rows, columns)
    first = graph.op("Reshape", first, graph.ints(1, channels, -1, columns))
    return graph.op("Add", first, _dilated_block(graph, weights, f"SDDCNN.{index}.DDCNN.1", first, rows))


def _frames_apart(graph: GraphBuilder, x: str, channels: int, rows: int, columns: int) -> str:
    """[1, C, T * rows, W] as [C, T, rows, W], with the last row of each frame set back to zeros."""
    frames = graph.op("Reshape", x, graph.ints(channels, -1, rows, columns))
    keep = np.ones((rows, 1), np.float32)
    keep[-1] = 0
    return graph.op("Mul", frames, graph.constant(keep))


def _pooled(graph: GraphBuilder, x: str, channels: int, rows: int, columns: int) -> str:
    """2x2 means as [C, T, rows // 2, W / 2].

    With even rows the frame's own count is odd: its last row has no partner, is dropped as published, and
    where it was pooled with the separator stands the next separator. Odd rows leave none.
    """
    window = {"kernel_shape": (2, 2), "strides": (2, 2)}
    if rows % 2 == 0:
        return _frames_apart(graph, graph.op("AveragePool", x, **window), channels, rows // 2, columns // 2)
    frames = graph.op("Reshape", x, graph.ints(channels, -1, rows, columns))
    frames = graph.op("Slice", frames, graph.ints(0), graph.ints(rows - 1), graph.ints(2))
    return graph.op("AveragePool", frames, **window)


def _dilated_block(graph: GraphBuilder, weights: Weights, key: str, x: str, rows: int) -> str:
    scale, shift = folded_batch_norm(weights, key)
    branches = []
    for branch, dilation in enumerate(DILATIONS):
        space = weights[f"{key}.Conv3D_{dilation}.layers.0.weight"][:, :, 0]
        time = weights[f"{key}.Conv3D_{dilation}.layers.1.weight"][..., 0]
        filters = slice(branch * len(time), (branch + 1) * len(time))
        if key == "SDDCNN.0.DDCNN.0":
            space = space / np.float32(255)
        step = dilation * rows
        y = graph.op("Conv", x, graph.constant(space), kernel_shape=(3, 3), pads=(1, 1, 1, 1))
        y = graph.op(
            "Conv",
            y,
            graph.constant(time * scale[filters, None, None, None]),
            graph.constant(shift[filters]),
            kernel_shape=(3, 1),
            dilations=(step, 1),
            pads=(step, 0, step, 0),
        )
        branches.append(graph.op("Relu", y))
    return graph.op("Concat", *branches, axis=1)


def folded_batch_norm(weights: Weights, key: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What to multiply a block's channels by and then to add, float32[C] each."""
    deviation = np.sqrt(weights[f"{key}.bn.running_var"] + np.float32(BATCH_NORM_EPS))
    scale = weights[f"{key}.bn.weight"] / deviation
    return scale, weights[f"{key}.bn.bias"] - weights[f"{key}.bn.running_mean"] * scale


def _fc1_weight(weights: Weights) -> NDArray[np.float32]:
    """fc1 for frames flattened as [C, 3, 6]; the published one takes them as [3, 6, C]."""
    published = weights["fc1.weight"]
    similarities, frame = published[:, : 2 * 128], published[:, 2 * 128 :]
    frame = frame.reshape(len(frame), 18, -1).transpose(0, 2, 1).reshape(len(frame), -1)
    return np.concatenate((similarities, frame), axis=1)
