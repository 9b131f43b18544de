"""The shot label network as a graph that onnxruntime runs: the same numbers.

The scaling of the pictures' values is folded into the patches' weights, and a patch's 3x2x16x16 values times a
matrix are its convolution; queries, keys and values come from one product. Attention is onnxruntime's own operator,
which never holds all 12 x 1568 x 1568 weights at once.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import TensorProto

from seamline.models.graph import ONNXRUNTIME, GraphBuilder
from seamline.models.graph_parts import (
    Weights,
    linear,
    norm,
    require_same,
    share_of_range,
    weights_of,
)
from seamline.models.runtime import GraphSession
from seamline.models.videomae import HEADS_NORM_EPS, LAYER_NORM_EPS, VideoMAE, VideoMAESize
from seamline.models.videomae_classes import MOVEMENTS, SCALES
from seamline.models.videomae_pictures import CHANNELS, PICTURE_MEAN, PICTURE_STD, Clip

TOLERANCE = 1e-3
"""How far a feature or a logit may be from the torch network's, as a share of the range of all of them."""
_LEAST_LOGIT_RANGE = 1.0
_LEAST_LOGIT = -60.0
"""Less the greatest; below it, float32 probabilities are rounded to nothing, and no difference matters."""


def checked_graph_of(network: VideoMAE, identity: dict[str, str]) -> bytes:
    """The graph, after it has given on this machine what the torch network gives (some seconds).

    Compared are the features and the logits, of noise and of a smooth picture that moves: probabilities alone hide
    all that is wrong with a network that is sure of itself. Raises ModelError where one differs by more than 1e-3 of
    its range, or the graph cannot be run.
    """
    graph = graph_of(network, identity)
    session: GraphSession | None = None
    for clip in (_noise(network.size), _smooth(network.size)):
        session = session or GraphSession(graph, example={"pictures": clip}, name=identity["name"])
        with torch.inference_mode():
            features = network.features(torch.from_numpy(clip).to(network.mean.device))
            wanted = [some.log_softmax(1).cpu().numpy() for some in network.heads(features)]
        found, *said = session.run(["features", "scale", "movement"], {"pictures": clip})
        shares = [share_of_range(found, features.cpu().numpy())]
        for probabilities, logits in zip(said, wanted, strict=True):
            with np.errstate(divide="ignore", invalid="ignore"):
                here, there = (np.maximum(some, _LEAST_LOGIT) for some in (np.log(probabilities), logits))
            shares.append(share_of_range(here, there, _LEAST_LOGIT_RANGE))
        worst = float(np.max(shares))
        require_same(identity["name"], session.device, worst, TOLERANCE, "their range")
    return graph


def _noise(size: VideoMAESize) -> Clip:
    shape = (1, size.frames, size.side, size.side, CHANNELS)
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def _smooth(size: VideoMAESize) -> Clip:
    """Two slow waves that drift, of another colour each: what noise never is, and pictures mostly are."""
    frame, y, x = np.ogrid[: size.frames, : size.side, : size.side]
    turns = (x + 2 * y) / size.side + frame / size.frames
    waves = [np.sin(2 * np.pi * (turns * speed + phase)) for speed, phase in ((1, 0), (1, 0.3), (0.5, 0.6))]
    return np.round(127.5 + 120 * np.stack(waves, axis=-1)).astype(np.uint8)[np.newaxis]


def graph_of(network: VideoMAE, identity: dict[str, str]) -> bytes:
    """The bytes of an .onnx file that computes what `network` computes.

    Input `pictures`: uint8[N, 16, 224, 224, 3], RGB, any N >= 1. Outputs `scale`, float32[N, 5], and `movement`,
    float32[N, 4]: probabilities in the order of `videomae_classes`; and `features`, float32[N, 768], what both
    heads are computed from. `identity` (name, version, weights_sha256) is stored inside.
    """
    size = network.size
    weights = weights_of(network)
    graph = GraphBuilder("videomae")
    shape = ("N", size.frames, size.side, size.side, CHANNELS)
    pictures = graph.input("pictures", TensorProto.UINT8, shape)
    positions = network.vmae.embeddings.positions.cpu().numpy()
    x = _tokens(graph, weights, size, pictures, positions)
    for index in range(size.layers):
        x = _layer(graph, weights, f"vmae.encoder.layer.{index}", size, x)
    features = graph.op("ReduceMean", x, graph.ints(1), keepdims=0)
    normed = norm(graph, weights, "fc_norm", HEADS_NORM_EPS, features)
    for name, classes in (("scale", SCALES), ("movement", MOVEMENTS)):
        logits = linear(graph, weights, f"{name}_cf", normed)
        graph.output(name, graph.op("Softmax", logits, axis=1), ("N", len(classes)))
    graph.output("features", features, ("N", size.width))
    return graph.serialize(identity)


def _tokens(
    graph: GraphBuilder, weights: Weights, size: VideoMAESize, pictures: str, positions: NDArray[np.float32]
) -> str:
    (in_time, down, across), tubelet, patch = size.grid, size.tubelet, size.patch
    values = graph.op("Cast", pictures, to=TensorProto.FLOAT)
    cut = graph.ints(-1, in_time, tubelet, down, patch, across, patch, CHANNELS)
    x = graph.op("Transpose", graph.op("Reshape", values, cut), perm=(0, 1, 3, 5, 2, 4, 6, 7))
    x = graph.op("Reshape", x, graph.ints(-1, size.tokens, tubelet * patch * patch * CHANNELS))
    # the same order of a patch's values: in time, down, across, colour
    filters = weights["vmae.embeddings.patch_embeddings.projection.weight"].transpose(2, 3, 4, 1, 0)
    deviation = np.array(PICTURE_STD, np.float32)[:, None]
    mean = np.array(PICTURE_MEAN, np.float32)[:, None]
    bias = weights["vmae.embeddings.patch_embeddings.projection.bias"]
    bias = bias - (filters * (mean / deviation)).sum(axis=(0, 1, 2, 3))
    matrix = (filters / (255 * deviation)).reshape(-1, size.width).astype(np.float32)
    x = graph.op("MatMul", x, graph.constant(matrix))
    return graph.op("Add", x, graph.constant((positions + bias).astype(np.float32)))


def _layer(graph: GraphBuilder, weights: Weights, key: str, size: VideoMAESize, x: str) -> str:
    y = norm(graph, weights, f"{key}.layernorm_before", LAYER_NORM_EPS, x)
    y = _attention(graph, weights, f"{key}.attention.attention", size, y)
    x = graph.op("Add", x, linear(graph, weights, f"{key}.attention.output.dense", y))
    y = norm(graph, weights, f"{key}.layernorm_after", LAYER_NORM_EPS, x)
    y = graph.op("Gelu", linear(graph, weights, f"{key}.intermediate.dense", y), domain=ONNXRUNTIME)
    return graph.op("Add", x, linear(graph, weights, f"{key}.output.dense", y))


def _attention(graph: GraphBuilder, weights: Weights, key: str, size: VideoMAESize, x: str) -> str:
    matrices = [weights[f"{key}.{name}.weight"].T for name in ("query", "key", "value")]
    biases = [weights[f"{key}.q_bias"], np.zeros(size.width, np.float32), weights[f"{key}.v_bias"]]
    joined = graph.op("MatMul", x, graph.constant(np.concatenate(matrices, axis=1)))
    joined = graph.op("Add", joined, graph.constant(np.concatenate(biases)))
    thirds = [
        graph.op(
            "Slice", joined, graph.ints(at * size.width), graph.ints((at + 1) * size.width), graph.ints(2)
        )
        for at in range(3)
    ]
    return graph.op("MultiHeadAttention", *thirds, num_heads=size.heads, domain=ONNXRUNTIME)
