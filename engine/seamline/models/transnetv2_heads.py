"""The end of TransNetV2's graph: what both heads make of the convolutions' result and of the pictures.

It is computed in float32, whatever the convolutions are computed in. In a window of more than 100 frames
every frame is compared only with those that its published window of 100 would show, as its network was
trained: frames 0 to 74 see 0 to 99, and each 50 frames on see a window 50 further on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from seamline.models.graph import GraphBuilder
from seamline.models.transnetv2 import HEIGHT, LOOKUP_WINDOW, STACK_FILTERS, WIDTH

Weights = dict[str, NDArray[np.float32]]

FEATURES = 1024
"""Values a frame that the two heads are computed from."""

_HISTOGRAM_BINS = 8**3
_SMALLEST_NORM = 1e-12  # torch.nn.functional.normalize divides by no less
_SEEN_FRAMES, _STEP_FRAMES = 100, 50
_MARGIN_FRAMES = (_SEEN_FRAMES - _STEP_FRAMES) // 2


def add_heads(
    graph: GraphBuilder, weights: Weights, *, pictures: str, sums: str, flat: str, fc1: NDArray[np.float32]
) -> None:
    """Add the outputs `single`, `many` (float32[T], 0 to 1) and `features` (float32[T, 1024], not negative).

    `pictures`: uint8[T, 27, 48, 3]. `sums`: float32[T, 448], each channel of each stack summed over the
    frame. `flat`: the last stack's result, float32[T, 4608], in the order in which `fc1` takes it.
    """
    hidden = graph.op(
        "Concat",
        _similarity_to_neighbours(graph, weights, "color_hist_layer.fc", _color_histograms(graph, pictures)),
        _similarity_to_neighbours(graph, weights, "frame_sim_layer.fc", _projected(graph, weights, sums)),
        flat,
        axis=1,
    )
    hidden = graph.op("Relu", _linear(graph, fc1, weights["fc1.bias"], hidden))
    for name, layer in (("single", "cls_layer1"), ("many", "cls_layer2")):
        logit = _linear(graph, weights[f"{layer}.weight"], weights[f"{layer}.bias"], hidden)
        graph.output(name, graph.op("Squeeze", graph.op("Sigmoid", logit), graph.ints(1)), ("T",))
    graph.output("features", hidden, ("T", FEATURES))


def _projected(graph: GraphBuilder, weights: Weights, sums: str) -> str:
    """The learned features, float32[T, 128]. Means over a frame are its sums, divided in the weights."""
    sizes = [
        (HEIGHT >> index + 1) * (WIDTH >> index + 1)
        for index, filters in enumerate(STACK_FILTERS)
        for _ in range(4 * filters)
    ]
    projection = np.divide(weights["frame_sim_layer.projection.weight"], np.array(sizes, np.float32))
    return _linear(graph, projection, weights["frame_sim_layer.projection.bias"], sums)


def _color_histograms(graph: GraphBuilder, pictures: str) -> str:
    """Counts of the 8x8x8 colours of each frame, float32[T, 512]."""
    eighths = graph.op("BitShift", pictures, graph.constant(np.array(5, np.uint8)), direction="RIGHT")
    weighted = graph.op("Mul", graph.op("Cast", eighths, to=TensorProto.INT64), graph.ints(64, 8, 1))
    bins = graph.op("ReduceSum", weighted, graph.ints(3), keepdims=0)
    bins = graph.op("Reshape", bins, graph.ints(-1, HEIGHT * WIDTH))
    frame_count = graph.op("Shape", pictures, start=0, end=1)
    empty = graph.op(
        "Expand",
        graph.constant(np.zeros((1, 1), np.float32)),
        graph.op("Concat", frame_count, graph.ints(_HISTOGRAM_BINS), axis=0),
    )
    ones = graph.op("Expand", graph.constant(np.ones((1, 1), np.float32)), graph.op("Shape", bins))
    return graph.op("ScatterElements", empty, bins, ones, axis=1, reduction="add")


def _similarity_to_neighbours(graph: GraphBuilder, weights: Weights, layer: str, features: str) -> str:
    """Cosines of each frame with the 101 frames around it, through a layer: float32[T, 128].

    The band along the diagonal is cut out without a gather: T zeros more at the end, and rows one longer.
    """
    norm = graph.op("ReduceL2", features, graph.ints(1), keepdims=1)
    norm = graph.op("Max", norm, graph.constant(np.array(_SMALLEST_NORM, np.float32)))
    unit = graph.op("Div", features, norm)
    similarity = graph.op("MatMul", unit, graph.op("Transpose", unit, perm=(1, 0)))
    frame_count = graph.op("Shape", unit, start=0, end=1)
    unseen = graph.constant(np.array(0, np.float32))
    similarity = graph.op("Where", _is_seen(graph, frame_count), similarity, unseen)
    reach = LOOKUP_WINDOW // 2
    padded = graph.op("Pad", similarity, graph.ints(0, reach, 0, reach))
    padded = graph.op("Reshape", padded, graph.ints(-1))
    padded = graph.op("Pad", padded, graph.op("Concat", graph.ints(0), frame_count, axis=0))
    skewed = graph.op("Reshape", padded, graph.op("Concat", frame_count, graph.ints(-1), axis=0))
    band = graph.op("Slice", skewed, graph.ints(0), graph.ints(LOOKUP_WINDOW), graph.ints(1))
    return graph.op("Relu", _linear(graph, weights[f"{layer}.weight"], weights[f"{layer}.bias"], band))


def _is_seen(graph: GraphBuilder, frame_count: str) -> str:
    """bool[T, T]: whether the published window of a row's frame shows a column's frame."""

    def number(value: int) -> str:
        return graph.constant(np.array(value, np.int64))

    frames = graph.op("Range", number(0), graph.op("Squeeze", frame_count), number(1))
    step = number(_STEP_FRAMES)
    window = graph.op("Div", graph.op("Sub", frames, number(_MARGIN_FRAMES)), step)
    # the windows that count stand at 0, 50, ... T - 100; a whole one more where T is no multiple of 50
    last = graph.op("Div", graph.op("Sub", frame_count, number(_STEP_FRAMES + 1)), step)
    window = graph.op("Max", graph.op("Min", window, last), number(0))
    first = graph.op("Unsqueeze", graph.op("Mul", window, step), graph.ints(1))
    columns = graph.op("Unsqueeze", frames, graph.ints(0))
    return graph.op(
        "And",
        graph.op("GreaterOrEqual", columns, first),
        graph.op("Less", columns, graph.op("Add", first, number(_SEEN_FRAMES))),
    )


def _linear(graph: GraphBuilder, weight: NDArray[np.float32], bias: NDArray[np.float32], x: str) -> str:
    return graph.op("Gemm", x, graph.constant(weight), graph.constant(bias), transB=1)
