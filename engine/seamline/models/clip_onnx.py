"""CLIP as two graphs that onnxruntime runs, pictures and texts apart: the same numbers.

The scaling of the pictures' values is folded into the patches' weights, and a patch's 32 x 32 x 3 values times a matrix
are its convolution. Of the last layer only the token is computed that becomes the embedding: of a text, it is found in
the graph. Weights that were published in half precision are stored so: onnxruntime widens them as it opens the graph.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import TensorProto

from seamline.models.clip import LAYER_NORM_EPS, QUICK_GELU_FACTOR, Clip, ClipSize
from seamline.models.clip_pictures import CHANNELS, PICTURE_MEAN, PICTURE_STD
from seamline.models.graph import ONNXRUNTIME, GraphBuilder
from seamline.models.graph_parts import (
    Floats,
    Weights,
    attention,
    linear,
    norm,
    require_same,
    scalar,
    share_of_range,
    stored,
    weights_of,
)
from seamline.models.runtime import GraphSession

TOLERANCE = 1e-3
"""How far a feature may be from the torch network's, as a share of the range of all of them."""
_NEVER = -1e9
"""Added to what a token must not look at: after the softmax nothing is left of it."""


def checked_image_graph_of(network: Clip, identity: dict[str, str]) -> bytes:
    """The graph for pictures, after it has given on this machine what the torch network gives (some seconds).

    Compared are a picture of noise and one of slow waves. Raises ModelError where they differ by more than 1e-3 of the
    features' range, or the graph cannot be run.
    """
    side = network.size.side
    y, x = np.ogrid[:side, :side]
    waves = [
        np.sin(2 * np.pi * ((x + 2 * y) / side * speed + phase))
        for speed, phase in ((1, 0), (1, 0.3), (0.5, 0.6))
    ]
    smooth = np.round(127.5 + 120 * np.stack(waves, axis=-1)).astype(np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, smooth.shape, np.uint8)
    graph = image_graph_of(network, identity)
    for picture in (noise, smooth):
        pictures = picture[np.newaxis]
        with torch.inference_mode():
            wanted = network.image_features(torch.from_numpy(pictures)).numpy()
        _require_same(graph, identity["name"], {"pictures": pictures}, wanted)
    return graph


def checked_text_graph_of(network: Clip, identity: dict[str, str]) -> bytes:
    """The graph for texts, checked in the same way with texts of several lengths."""
    size = network.size
    random = np.random.default_rng(0)
    graph = text_graph_of(network, identity)
    for length in (2, size.context // 4, size.context):
        ids = random.integers(0, size.vocabulary - 1, (2, length)).astype(np.int32)
        ids[0, -1] = ids[1, length // 2] = size.vocabulary - 1
        with torch.inference_mode():
            wanted = network.text_features(torch.from_numpy(ids).long()).numpy()
        _require_same(graph, identity["name"], {"ids": ids}, wanted)
    return graph


def _require_same(graph: bytes, name: str, inputs: dict[str, NDArray[np.generic]], wanted: Floats) -> None:
    session = GraphSession(graph, example=inputs, name=name)
    (found,) = session.run(["embedding"], inputs)
    require_same(name, session.device, share_of_range(found, wanted), TOLERANCE, "their range")


def image_graph_of(network: Clip, identity: dict[str, str]) -> bytes:
    """The bytes of an .onnx file that computes `network.image_features`.

    Input `pictures`: uint8[N, 224, 224, 3], RGB, any N >= 1. Output `embedding`: float32[N, 512], not normalised.
    `identity` (name, version, weights_sha256) is stored inside.
    """
    size, weights = network.size, weights_of(network)
    graph = GraphBuilder("clip-image")
    pictures = graph.input("pictures", TensorProto.UINT8, ("N", size.side, size.side, CHANNELS))
    x = norm(graph, weights, "visual.ln_pre", LAYER_NORM_EPS, _patches(graph, weights, size, pictures))
    for index in range(size.image_layers):
        key = f"visual.transformer.resblocks.{index}"
        at = None
        if index == size.image_layers - 1:
            at = graph.op("Slice", x, graph.ints(0), graph.ints(1), graph.ints(1))
        x = _layer(graph, weights, key, (size.image_heads, size.is_quick), x, at=at)
    x = norm(graph, weights, "visual.ln_post", LAYER_NORM_EPS, graph.op("Squeeze", x, graph.ints(1)))
    graph.output(
        "embedding", graph.op("MatMul", x, stored(graph, weights["visual.proj"])), ("N", size.dimension)
    )
    return graph.serialize(identity)


def text_graph_of(network: Clip, identity: dict[str, str]) -> bytes:
    """The bytes of an .onnx file that computes `network.text_features`.

    Input `ids`: int32[N, L], any N >= 1 and any L that reaches the end token of each text. Output `embedding`:
    float32[N, 512], not normalised.
    """
    size, weights = network.size, weights_of(network)
    graph = GraphBuilder("clip-text")
    ids = graph.input("ids", TensorProto.INT32, ("N", "L"))
    length = graph.op("Shape", ids, start=1)
    table = stored(graph, weights["positional_embedding"])
    positions = graph.op("Slice", table, graph.ints(0), length, graph.ints(0))
    x = graph.op("Add", graph.op("Gather", stored(graph, weights["token_embedding.weight"]), ids), positions)
    forbidden = np.triu(np.full((size.context, size.context), _NEVER, np.float32), 1)
    square = graph.op("Concat", length, length, axis=0)
    mask = graph.op("Slice", graph.constant(forbidden), graph.ints(0, 0), square, graph.ints(0, 1))
    end = graph.op("ArgMax", ids, axis=1, keepdims=1)
    for index in range(size.text_layers):
        key, at, seen = f"transformer.resblocks.{index}", None, mask
        if index == size.text_layers - 1:
            at = graph.op("Unsqueeze", graph.op("GatherND", x, end, batch_dims=1), graph.ints(1))
            rows = graph.op("Gather", mask, graph.op("Squeeze", end, graph.ints(1)))
            seen = graph.op("Unsqueeze", rows, graph.ints(1, 2))
        x = _layer(graph, weights, key, (size.text_heads, size.is_quick), x, at=at, mask=seen)
    x = norm(graph, weights, "ln_final", LAYER_NORM_EPS, graph.op("Squeeze", x, graph.ints(1)))
    graph.output(
        "embedding", graph.op("MatMul", x, stored(graph, weights["text_projection"])), ("N", size.dimension)
    )
    return graph.serialize(identity)


def _patches(graph: GraphBuilder, weights: Weights, size: ClipSize, pictures: str) -> str:
    """The tokens of the patches with their positions, and the one in front of them."""
    across, patch = size.side // size.patch, size.patch
    values = graph.op("Cast", pictures, to=TensorProto.FLOAT)
    x = graph.op("Reshape", values, graph.ints(-1, across, patch, across, patch, CHANNELS))
    x = graph.op("Transpose", x, perm=(0, 1, 3, 2, 4, 5))
    x = graph.op("Reshape", x, graph.ints(-1, size.tokens - 1, patch * patch * CHANNELS))
    # the same order of a patch's values: down, across, colour
    filters = weights["visual.conv1.weight"].transpose(2, 3, 1, 0).astype(np.float64)
    mean, deviation = (np.array(some)[:, None] for some in (PICTURE_MEAN, PICTURE_STD))
    bias = -(filters * (mean / deviation)).sum(axis=(0, 1, 2))
    matrix = (filters / (255 * deviation)).reshape(-1, size.image_width)
    x = graph.op("MatMul", x, graph.constant(matrix.astype(np.float32)))
    x = graph.op("Pad", x, graph.ints(0, 1, 0, 0, 0, 0))  # zeros, for the token in front
    positions = weights["visual.positional_embedding"] + bias
    positions[0] = weights["visual.positional_embedding"][0] + weights["visual.class_embedding"]
    return graph.op("Add", x, graph.constant(positions.astype(np.float32)))


def _layer(
    graph: GraphBuilder,
    weights: Weights,
    key: str,
    shape: tuple[int, bool],
    x: str,
    *,
    at: str | None = None,
    mask: str | None = None,
) -> str:
    """`shape`: heads, and whether GELU is OpenAI's. `at`: the tokens to compute, if not all of `x`."""
    heads, is_quick = shape
    normed = norm(graph, weights, f"{key}.ln_1", LAYER_NORM_EPS, x)
    asking = normed if at is None else norm(graph, weights, f"{key}.ln_1", LAYER_NORM_EPS, at)
    x = graph.op(
        "Add",
        x if at is None else at,
        _attention(graph, weights, f"{key}.attn", heads, (asking, normed), mask),
    )
    y = norm(graph, weights, f"{key}.ln_2", LAYER_NORM_EPS, x)
    y = linear(graph, weights, f"{key}.mlp.c_fc", y)
    y = _quick_gelu(graph, y) if is_quick else graph.op("Gelu", y, domain=ONNXRUNTIME)
    return graph.op("Add", x, linear(graph, weights, f"{key}.mlp.c_proj", y))


def _attention(
    graph: GraphBuilder, weights: Weights, key: str, heads: int, tokens: tuple[str, str], mask: str | None
) -> str:
    asking, asked = tokens
    matrix, bias = weights[f"{key}.in_proj_weight"].T, weights[f"{key}.in_proj_bias"]
    width = matrix.shape[0]
    thirds = [slice(index * width, (index + 1) * width) for index in range(3)]

    def part(some: Sequence[slice], x: str) -> list[str]:
        columns = slice(some[0].start, some[-1].stop)
        product = graph.op("MatMul", x, stored(graph, matrix[:, columns]))
        joined = graph.op("Add", product, stored(graph, bias[columns]))
        if len(some) == 1:
            return [joined]
        ends = [(index * width, (index + 1) * width) for index in range(len(some))]
        return [graph.op("Slice", joined, graph.ints(a), graph.ints(b), graph.ints(2)) for a, b in ends]

    parts = part(thirds, asked) if asking == asked else [*part(thirds[:1], asking), *part(thirds[1:], asked)]
    mixed = attention(graph, parts, heads, width, mask)
    return linear(graph, weights, f"{key}.out_proj", mixed)


def _quick_gelu(graph: GraphBuilder, x: str) -> str:
    scaled = graph.op("Mul", x, scalar(graph, QUICK_GELU_FACTOR))
    return graph.op("Mul", x, graph.op("Sigmoid", scaled))
