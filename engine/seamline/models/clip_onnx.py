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

from seamline.errors import ModelError
from seamline.models.clip import LAYER_NORM_EPS, QUICK_GELU_FACTOR, Clip, ClipSize
from seamline.models.clip_pictures import CHANNELS, PICTURE_MEAN, PICTURE_STD
from seamline.models.graph import ONNXRUNTIME, GraphBuilder
from seamline.models.runtime import GraphSession

Floats = NDArray[np.float32]
Weights = dict[str, Floats]

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
    worst = float(np.abs(found - wanted).max() / max(float(np.ptp(wanted)), 1e-6))
    if not worst <= TOLERANCE:  # also where it is no number
        raise ModelError(
            f"{name} was converted, but gives other numbers on {session.device} than it should (by {worst:.1%} of "
            "their range). Update the graphics driver or run it on the processor, then install it again."
        )


def image_graph_of(network: Clip, identity: dict[str, str]) -> bytes:
    """The bytes of an .onnx file that computes `network.image_features`.

    Input `pictures`: uint8[N, 224, 224, 3], RGB, any N >= 1. Output `embedding`: float32[N, 512], not normalised.
    `identity` (name, version, weights_sha256) is stored inside.
    """
    size, weights = network.size, _weights_of(network)
    graph = GraphBuilder("clip-image")
    pictures = graph.input("pictures", TensorProto.UINT8, ("N", size.side, size.side, CHANNELS))
    x = _norm(graph, weights, "visual.ln_pre", _patches(graph, weights, size, pictures))
    for index in range(size.image_layers):
        key = f"visual.transformer.resblocks.{index}"
        at = None
        if index == size.image_layers - 1:
            at = graph.op("Slice", x, graph.ints(0), graph.ints(1), graph.ints(1))
        x = _layer(graph, weights, key, (size.image_heads, size.is_quick), x, at=at)
    x = _norm(graph, weights, "visual.ln_post", graph.op("Squeeze", x, graph.ints(1)))
    graph.output(
        "embedding", graph.op("MatMul", x, _stored(graph, weights["visual.proj"])), ("N", size.dimension)
    )
    return graph.serialize(identity)


def text_graph_of(network: Clip, identity: dict[str, str]) -> bytes:
    """The bytes of an .onnx file that computes `network.text_features`.

    Input `ids`: int32[N, L], any N >= 1 and any L that reaches the end token of each text. Output `embedding`:
    float32[N, 512], not normalised.
    """
    size, weights = network.size, _weights_of(network)
    graph = GraphBuilder("clip-text")
    ids = graph.input("ids", TensorProto.INT32, ("N", "L"))
    length = graph.op("Shape", ids, start=1)
    table = _stored(graph, weights["positional_embedding"])
    positions = graph.op("Slice", table, graph.ints(0), length, graph.ints(0))
    x = graph.op("Add", graph.op("Gather", _stored(graph, weights["token_embedding.weight"]), ids), positions)
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
    x = _norm(graph, weights, "ln_final", graph.op("Squeeze", x, graph.ints(1)))
    graph.output(
        "embedding", graph.op("MatMul", x, _stored(graph, weights["text_projection"])), ("N", size.dimension)
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
    normed = _norm(graph, weights, f"{key}.ln_1", x)
    asking = normed if at is None else _norm(graph, weights, f"{key}.ln_1", at)
    x = graph.op(
        "Add",
        x if at is None else at,
        _attention(graph, weights, f"{key}.attn", heads, (asking, normed), mask),
    )
    y = _norm(graph, weights, f"{key}.ln_2", x)
    y = _linear(graph, weights, f"{key}.mlp.c_fc", y)
    y = _quick_gelu(graph, y) if is_quick else graph.op("Gelu", y, domain=ONNXRUNTIME)
    return graph.op("Add", x, _linear(graph, weights, f"{key}.mlp.c_proj", y))


def _attention(
    graph: GraphBuilder, weights: Weights, key: str, heads: int, tokens: tuple[str, str], mask: str | None
) -> str:
    asking, asked = tokens
    matrix, bias = weights[f"{key}.in_proj_weight"].T, weights[f"{key}.in_proj_bias"]
    width = matrix.shape[0]
    thirds = [slice(index * width, (index + 1) * width) for index in range(3)]

    def part(some: Sequence[slice], x: str) -> list[str]:
        columns = slice(some[0].start, some[-1].stop)
        product = graph.op("MatMul", x, _stored(graph, matrix[:, columns]))
        joined = graph.op("Add", product, _stored(graph, bias[columns]))
        if len(some) == 1:
            return [joined]
        ends = [(index * width, (index + 1) * width) for index in range(len(some))]
        return [graph.op("Slice", joined, graph.ints(a), graph.ints(b), graph.ints(2)) for a, b in ends]

    queries, keys, values = (
        part(thirds, asked) if asking == asked else [*part(thirds[:1], asking), *part(thirds[1:], asked)]
    )
    by_head = graph.ints(0, 0, heads, width // heads)
    split = [graph.op("Reshape", some, by_head) for some in (queries, keys, values)]
    queries, values = (graph.op("Transpose", some, perm=(0, 2, 1, 3)) for some in (split[0], split[2]))
    keys = graph.op("Transpose", split[1], perm=(0, 2, 3, 1))
    scale = graph.constant(np.array((width // heads) ** -0.5, np.float32))
    scores = graph.op("MatMul", graph.op("Mul", queries, scale), keys)
    if mask is not None:
        scores = graph.op("Add", scores, mask)
    mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), values)
    mixed = graph.op("Reshape", graph.op("Transpose", mixed, perm=(0, 2, 1, 3)), graph.ints(0, 0, width))
    return _linear(graph, weights, f"{key}.out_proj", mixed)


def _quick_gelu(graph: GraphBuilder, x: str) -> str:
    scaled = graph.op("Mul", x, graph.constant(np.array(QUICK_GELU_FACTOR, np.float32)))
    return graph.op("Mul", x, graph.op("Sigmoid", scaled))


def _norm(graph: GraphBuilder, weights: Weights, key: str, x: str) -> str:
    scale, bias = (_stored(graph, weights[f"{key}.{name}"]) for name in ("weight", "bias"))
    return graph.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=LAYER_NORM_EPS)


def _linear(graph: GraphBuilder, weights: Weights, key: str, x: str) -> str:
    product = graph.op("MatMul", x, _stored(graph, weights[f"{key}.weight"].T))
    return graph.op("Add", product, _stored(graph, weights[f"{key}.bias"]))


def _stored(graph: GraphBuilder, values: Floats) -> str:
    """A constant of float32, in half the space where that loses nothing."""
    with np.errstate(over="ignore"):
        halves = values.astype(np.float16)
    if not np.array_equal(halves.astype(np.float32), values):
        return graph.constant(values)
    return graph.op("Cast", graph.constant(halves), to=TensorProto.FLOAT)


def _weights_of(network: Clip) -> Weights:
    return {key: value.detach().cpu().numpy() for key, value in network.state_dict().items()}
