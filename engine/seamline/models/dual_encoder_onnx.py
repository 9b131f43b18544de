"""The dual encoder as two graphs that onnxruntime runs, one for pictures and one for words: the same numbers.

Batch norms are folded into the convolutions; the scaling of the pictures' values is inside; what comes out has the
length 1.
"""

from __future__ import annotations

import numpy as np
import torch
from onnx import TensorProto

from seamline.models.distilbert import LAYER_NORM_EPS as TEXT_NORM_EPS
from seamline.models.dual_encoder import LAYER_NORM_EPS, DualEncoder
from seamline.models.dual_encoder_inputs import CHANNELS, MOST_TOKENS, VALUE_CENTRE
from seamline.models.graph import ONNXRUNTIME, GraphBuilder
from seamline.models.graph_parts import (
    Floats,
    Weights,
    attention,
    linear,
    norm,
    require_same,
    scalar,
    weights_of,
)
from seamline.models.resnet50 import (
    BATCH_NORM_EPS,
    POOL_KERNEL,
    POOL_PADDING,
    POOL_STRIDE,
    STEM_PADDING,
    STEM_STRIDE,
)
from seamline.models.runtime import GraphSession, Inputs

TOLERANCE = 1e-3
"""How far a vector of length 1 may be from the torch network's."""
_LEAST_LENGTH = 1e-12
_HIDDEN = -1e9
"""Added to a filler's weight in attention before the softmax: nothing is left of it in float32."""


def checked_image_graph_of(network: DualEncoder, identity: dict[str, str]) -> bytes:
    """The graph for pictures, after it has given on this machine what the torch network gives (some seconds).

    Compared are noise, a smooth picture and a black one. Raises ModelError where a vector differs by more than 1e-3, or
    the graph cannot be run.
    """
    side = network.size.side
    y, x = np.mgrid[:side, :side] / side
    smooth = np.stack([np.sin(6 * x), np.cos(9 * y), np.sin(5 * (x + y))], axis=-1) * 120 + 127
    noise = np.random.default_rng(0).integers(0, 256, (side, side, CHANNELS))
    pictures = np.stack([noise, smooth, np.zeros_like(noise)]).astype(np.uint8)
    with torch.inference_mode():
        wanted = network.image_vectors(torch.from_numpy(pictures)).numpy()
    graph = image_graph_of(network, identity)
    _check(graph, {"pictures": pictures}, wanted, identity)
    return graph


def checked_text_graph_of(network: DualEncoder, identity: dict[str, str]) -> bytes:
    """The graph for words, checked the same way by texts of 2, 9 and 32 tokens."""
    random = np.random.default_rng(0)
    ids = random.integers(1, network.size.text.vocabulary, (3, MOST_TOKENS), np.int64)
    mask = (np.arange(MOST_TOKENS) < np.array([[2], [9], [MOST_TOKENS]])).astype(np.int64)
    with torch.inference_mode():
        wanted = network.text_vectors(torch.from_numpy(ids * mask), torch.from_numpy(mask)).numpy()
    graph = text_graph_of(network, identity)
    _check(graph, {"ids": ids * mask, "mask": mask}, wanted, identity)
    return graph


def _check(graph: bytes, inputs: Inputs, wanted: Floats, identity: dict[str, str]) -> None:
    session = GraphSession(graph, example=inputs, name=identity["name"])
    (found,) = session.run(["embedding"], inputs)
    worst = float(np.linalg.norm(found - wanted, axis=1).max())
    require_same(identity["name"], session.device, worst, TOLERANCE, "their length")


def image_graph_of(network: DualEncoder, identity: dict[str, str]) -> bytes:
    """The bytes of an .onnx file that computes what `network.image_vectors` does.

    Input `pictures`: uint8[N, 224, 224, 3], RGB, any N >= 1. Output `embedding`: float32[N, 512], of length 1 each.
    `identity` (name, version, weights_sha256) is stored inside.
    """
    weights, size = weights_of(network), network.size
    graph = GraphBuilder("dual encoder, pictures")
    pictures = graph.input("pictures", TensorProto.UINT8, ("N", size.side, size.side, CHANNELS))
    x = graph.op("Cast", pictures, to=TensorProto.FLOAT)
    # zeros are what the first convolution pads with, so the scaling cannot be folded into it
    x = graph.op("Mul", x, scalar(graph, 1 / VALUE_CENTRE))
    x = graph.op("Sub", x, scalar(graph, 1.0))
    x = graph.op("Transpose", x, perm=(0, 3, 1, 2))
    x = _convolution(graph, weights, "image_trunk.conv1", "image_trunk.bn1", x, STEM_STRIDE, STEM_PADDING)
    x = graph.op(
        "MaxPool",
        graph.op("Relu", x),
        kernel_shape=(POOL_KERNEL,) * 2,
        strides=(POOL_STRIDE,) * 2,
        pads=(POOL_PADDING,) * 4,
    )
    for stage, blocks in enumerate(size.image.blocks):
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            x = _bottleneck(graph, weights, f"image_trunk.layer{stage + 1}.{block}", stride, x)
    features = graph.op("Flatten", graph.op("GlobalAveragePool", x))
    graph.output("embedding", _head(graph, weights, "image_head", features), ("N", size.shared))
    return graph.serialize(identity)


def text_graph_of(network: DualEncoder, identity: dict[str, str]) -> bytes:
    """The bytes of an .onnx file that computes what `network.text_vectors` does.

    Inputs `ids` and `mask`: int64[N, 32] each, any N >= 1. Output `embedding`: float32[N, 512], of length 1 each.
    """
    weights, size = weights_of(network), network.size
    graph = GraphBuilder("dual encoder, words")
    ids = graph.input("ids", TensorProto.INT64, ("N", MOST_TOKENS))
    mask = graph.input("mask", TensorProto.INT64, ("N", MOST_TOKENS))
    positions = weights["text_trunk.embeddings.position_embeddings.weight"][:MOST_TOKENS]
    words = graph.constant(weights["text_trunk.embeddings.word_embeddings.weight"])
    x = graph.op("Add", graph.op("Gather", words, ids, axis=0), graph.constant(positions))
    x = norm(graph, weights, "text_trunk.embeddings.LayerNorm", TEXT_NORM_EPS, x)
    is_filler = graph.op("Sub", scalar(graph, 1.0), graph.op("Cast", mask, to=TensorProto.FLOAT))
    hidden = graph.op("Unsqueeze", graph.op("Mul", is_filler, scalar(graph, _HIDDEN)), graph.ints(1, 2))
    for layer in range(size.text.layers):
        key = f"text_trunk.transformer.layer.{layer}"
        y = graph.op("Add", x, _attention(graph, weights, f"{key}.attention", size.text.heads, x, hidden))
        x = norm(graph, weights, f"{key}.sa_layer_norm", TEXT_NORM_EPS, y)
        y = graph.op("Gelu", linear(graph, weights, f"{key}.ffn.lin1", x), domain=ONNXRUNTIME)
        y = graph.op("Add", x, linear(graph, weights, f"{key}.ffn.lin2", y))
        x = norm(graph, weights, f"{key}.output_layer_norm", TEXT_NORM_EPS, y)
    first = graph.op("Gather", x, graph.constant(np.array(0, np.int64)), axis=1)
    graph.output("embedding", _head(graph, weights, "text_head", first), ("N", size.shared))
    return graph.serialize(identity)


def _bottleneck(graph: GraphBuilder, weights: Weights, key: str, stride: int, x: str) -> str:
    y = graph.op("Relu", _convolution(graph, weights, f"{key}.conv1", f"{key}.bn1", x))
    y = graph.op("Relu", _convolution(graph, weights, f"{key}.conv2", f"{key}.bn2", y, stride, 1))
    y = _convolution(graph, weights, f"{key}.conv3", f"{key}.bn3", y)
    if f"{key}.downsample.0.weight" in weights:
        x = _convolution(graph, weights, f"{key}.downsample.0", f"{key}.downsample.1", x, stride)
    return graph.op("Relu", graph.op("Add", x, y))


def _convolution(
    graph: GraphBuilder, weights: Weights, layer: str, norm: str, x: str, stride: int = 1, padding: int = 0
) -> str:
    """A convolution and the batch norm after it, as one."""
    scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + np.float32(BATCH_NORM_EPS))
    shift = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
    filters = weights[f"{layer}.weight"] * scale[:, None, None, None]
    return graph.op(
        "Conv",
        x,
        graph.constant(filters),
        graph.constant(shift),
        kernel_shape=filters.shape[2:],
        strides=(stride,) * 2,
        pads=(padding,) * 4,
    )


def _attention(graph: GraphBuilder, weights: Weights, key: str, heads: int, x: str, hidden: str) -> str:
    parts = [linear(graph, weights, f"{key}.{name}", x) for name in ("q_lin", "k_lin", "v_lin")]
    width = weights[f"{key}.q_lin.weight"].shape[0]
    return linear(graph, weights, f"{key}.out_lin", attention(graph, parts, heads, width, hidden))


def _head(graph: GraphBuilder, weights: Weights, key: str, features: str) -> str:
    p = linear(graph, weights, f"{key}.projection", features)
    more = linear(graph, weights, f"{key}.fc", graph.op("Gelu", p, domain=ONNXRUNTIME))
    y = norm(graph, weights, f"{key}.layer_norm", LAYER_NORM_EPS, graph.op("Add", p, more))
    length = graph.op("Max", graph.op("ReduceL2", y, graph.ints(1), keepdims=1), scalar(graph, _LEAST_LENGTH))
    return graph.op("Div", y, length)
