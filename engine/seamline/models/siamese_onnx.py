"""The siamese network's twin as a graph that onnxruntime runs: the same numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from onnx import TensorProto

from seamline.errors import ModelError
from seamline.models.graph import GraphBuilder
from seamline.models.runtime import GraphSession
from seamline.models.siamese_layout import PUBLISHED, SiameseSize, Weights

TOLERANCE = 1e-3
"""How far a feature may be from the torch network's, as a share of the greatest one."""


def graph_of(weights: Weights, metadata: Mapping[str, str], size: SiameseSize = PUBLISHED) -> bytes:
    """The bytes of an .onnx file with the twin, and what compares two.

    Input `pictures`: uint8[N, 224, 224, 3], BGR, any N >= 1. Outputs `features`: float32[N, 128], and `compare`:
    float32[129], the weights of |a - b| and, last, the bias: a pair is compared outside, as one against thousands are.
    """
    graph = GraphBuilder("siamese")
    pictures = graph.input("pictures", TensorProto.UINT8, ("N", size.side, size.side, 3))
    x = graph.op("Cast", pictures, to=TensorProto.FLOAT)
    x = graph.op("Div", x, graph.constant(np.array(255, np.float32)))
    x = graph.op("Transpose", x, perm=(0, 3, 1, 2))
    for layer in ("conv1", "conv2", "conv3"):
        kernel, bias = graph.constant(weights[f"{layer}.weight"]), graph.constant(weights[f"{layer}.bias"])
        x = graph.op("Conv", x, kernel, bias, kernel_shape=(3, 3), pads=(1, 1, 1, 1))
        x = graph.op("MaxPool", graph.op("Relu", x), kernel_shape=(2, 2), strides=(2, 2))
    dense, bias = graph.constant(weights["dense.weight"]), graph.constant(weights["dense.bias"])
    x = graph.op("Gemm", graph.op("Flatten", x, axis=1), dense, bias, transB=1)
    graph.output("features", graph.op("Relu", x), ("N", size.features))
    compare = np.concatenate([weights["compare.weight"][0], weights["compare.bias"]])
    graph.output("compare", graph.constant(compare.astype(np.float32)), (size.features + 1,))
    return graph.serialize(metadata)


def checked_graph_of(weights: Weights, metadata: Mapping[str, str], size: SiameseSize = PUBLISHED) -> bytes:
    """The graph, after it has given on this machine what the torch network gives (a second).

    Compared are noise, a smooth picture and a black one. Raises ModelError where a feature differs by more than a
    thousandth of the greatest, or the graph cannot be run.
    """
    import torch

    from seamline.models.siamese import network_of

    side = size.side
    y, x = np.mgrid[:side, :side] / side
    smooth = np.stack([np.sin(6 * x), np.cos(9 * y), np.sin(5 * (x + y))], axis=-1) * 120 + 127
    noise = np.random.default_rng(0).integers(0, 256, (side, side, 3))
    pictures = np.stack([noise, smooth, np.zeros_like(noise)]).astype(np.uint8)
    with torch.inference_mode():
        wanted = network_of(weights, size).features(torch.from_numpy(pictures)).numpy()
    graph = graph_of(weights, metadata, size)
    session = GraphSession(graph, example={"pictures": pictures}, name=metadata["name"])
    (found,) = session.run(["features"], {"pictures": pictures})
    worst = float(np.abs(found - wanted).max()) / max(1.0, float(np.abs(wanted).max()))
    if not worst <= TOLERANCE:  # also where it is no number
        raise ModelError(
            f"{metadata['name']} was converted, but gives other numbers on {session.device} than it should (by "
            f"{worst:.1e}). Update the graphics driver or run it on the processor, then install it again."
        )
    return graph
