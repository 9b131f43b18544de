"""Reads the published weights out of Keras' .h5 file: ten arrays of numbers, strictly, and nothing else of it.

The file also holds the network's description, which may have functions in it that Keras would run, and the optimiser's
state: neither is looked at. Links that lead out of the file are refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ModelError
from seamline.models.siamese_layout import NAME, PUBLISHED, SiameseSize, Weights, shown_name

SIGNATURE = b"\x89HDF\r\n\x1a\n"
MOST_BYTES = 1 << 30
"""With the optimiser's state, the published file has about 155 MB."""
_ROOT = "model_weights"
_MOST_NODES = 1000
_SHOWN_FAULTS = 5
_ADVICE = "Choose the published siamese_model.h5, or what “seamline train match-cuts” wrote."

_LAYERS = {
    "conv1": "model/conv2d",
    "conv2": "model/conv2d_1",
    "conv3": "model/conv2d_2",
    "dense": "model/dense",
    "compare": "dense_1/dense_1",
}
"""Our names of the layers, and theirs."""


def read_keras(path: Path, size: SiameseSize = PUBLISHED) -> Weights:
    """The weights by our names, as torch and ONNX lay them out. Raises ModelError for anything that does not fit."""
    import h5py  # takes 0.2 s, and only this needs it

    try:
        if path.stat().st_size > MOST_BYTES:
            raise ModelError(
                f"“{path.name}” has more than {MOST_BYTES:,} bytes, and such a file never has. {_ADVICE}"
            )
        with h5py.File(path, "r") as file:
            root = _hard(file, _ROOT)
            if not isinstance(root, h5py.Group):
                raise ModelError(f"“{path.name}” does not fit {NAME}: it lacks {_ROOT}. {_ADVICE}")
            found, faults = _arrays(root)
            faults += _faults_of(found, size)
            if faults:
                raise _unfit(path, faults)
            arrays = {name: np.asarray(each[()], np.float32) for name, each in found.items()}
    except ModelError:
        raise
    except Exception as error:  # what libhdf5 raises for a damaged file has no common base
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(f"“{path.name}” cannot be read as Keras' weights ({reason}). {_ADVICE}") from error
    no_numbers = [
        f"holds values that are no numbers in {name}"
        for name in arrays
        if not np.isfinite(arrays[name]).all()
    ]
    if no_numbers:
        raise _unfit(path, no_numbers)
    return _ours(arrays, size)


def keras_shapes(size: SiameseSize = PUBLISHED) -> dict[str, tuple[int, ...]]:
    """The path of each array below `model_weights`, and its shape as Keras lays it out."""
    inputs = (3, *size.channels[:2])
    shapes: dict[str, tuple[int, ...]] = {}
    for layer, (before, after) in zip(
        ("conv1", "conv2", "conv3"), zip(inputs, size.channels, strict=True), strict=True
    ):
        shapes[f"{_LAYERS[layer]}/kernel:0"] = (3, 3, before, after)
        shapes[f"{_LAYERS[layer]}/bias:0"] = (after,)
    shapes[f"{_LAYERS['dense']}/kernel:0"] = (size.flat, size.features)
    shapes[f"{_LAYERS['dense']}/bias:0"] = (size.features,)
    shapes[f"{_LAYERS['compare']}/kernel:0"] = (size.features, 1)
    shapes[f"{_LAYERS['compare']}/bias:0"] = (1,)
    return shapes


def _ours(arrays: dict[str, NDArray[np.float32]], size: SiameseSize) -> Weights:
    weights: Weights = {}
    for layer, theirs in _LAYERS.items():
        kernel, bias = arrays[f"{theirs}/kernel:0"], arrays[f"{theirs}/bias:0"]
        if kernel.ndim == 4:
            kernel = kernel.transpose(3, 2, 0, 1)
        elif layer == "dense":
            # Keras flattens row by row with the channels last, we channel by channel
            side, third = size.flat_side, size.channels[2]
            kernel = kernel.reshape(side, side, third, size.features).transpose(3, 2, 0, 1)
            kernel = kernel.reshape(size.features, -1)
        else:
            kernel = kernel.T
        weights[f"{layer}.weight"] = np.ascontiguousarray(kernel)
        weights[f"{layer}.bias"] = bias
    return weights


def _hard(group: Any, name: str) -> Any:
    """What is in the group by that name in this very file; None for nothing, or a link."""
    import h5py

    if name not in group or not isinstance(group.get(name, getlink=True), h5py.HardLink):
        return None
    return group[name]


def _arrays(root: Any) -> tuple[dict[str, Any], list[str]]:  # h5py carries no types
    """All datasets below `root` by their path, and what cannot be one of ours."""
    import h5py

    found: dict[str, Any] = {}
    faults: list[str] = []
    waiting = [("", root)]
    seen = 0
    while waiting:
        prefix, group = waiting.pop()
        for name in group:
            seen += 1
            path = f"{prefix}{name}"
            node = _hard(group, name)
            if node is None or seen > _MOST_NODES:
                faults.append(f"has a link {shown_name(path)}" if node is None else "has far too many parts")
                if seen > _MOST_NODES:
                    return found, faults
            elif isinstance(node, h5py.Group):
                waiting.append((f"{path}/", node))
            elif not isinstance(node, h5py.Dataset) or node.external or node.is_virtual:
                faults.append(f"has {shown_name(path)}, which lies elsewhere")
            else:
                found[path] = node
    return found, faults


def _faults_of(found: dict[str, Any], size: SiameseSize) -> list[str]:
    expected = keras_shapes(size)
    faults = [f"lacks {name}" for name in expected if name not in found]
    for name, each in found.items():
        if name not in expected:
            faults.append(f"has an unknown {shown_name(name)}")
        elif tuple(each.shape) != expected[name]:
            faults.append(f"has {name} of shape {tuple(each.shape)} instead of {expected[name]}")
        elif each.dtype != np.float32:
            faults.append(f"has {name} in {each.dtype} instead of float32")
        elif (
            each.chunks is not None
        ):  # which may be far larger than the array, packed or not; Keras writes none
            faults.append(f"has {name} in chunks")
    return faults


def _unfit(path: Path, faults: list[str]) -> ModelError:
    shown, more = "; ".join(faults[:_SHOWN_FAULTS]), len(faults) - _SHOWN_FAULTS
    return ModelError(
        f"“{path.name}” does not fit {NAME}: it {shown}{f'; and {more} more' if more > 0 else ''}. {_ADVICE}"
    )
