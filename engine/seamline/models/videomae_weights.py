"""Loads safetensors of the shot label network strictly: every name, shape and type matched, nothing executed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from seamline.errors import ModelError
from seamline.models.strict_weights import misfit, unreadable
from seamline.models.videomae import BASE, VideoMAE, VideoMAESize, position_table

NAME = "VideoMAE for shot labels"
MOST_BYTES = 1 << 30
_TYPE = "F32"
_UNREADABLE_ADVICE = "Choose another file, or install it again."
_POSITIONS = "vmae.embeddings.position_embeddings"
_POSITION_TOLERANCE = 1e-5
_ATTENTION = r"^(vmae\.encoder\.layer\.\d+\.attention\.attention)"
_NEWER_BIAS = re.compile(_ATTENTION + r"\.(query|value)\.bias$")
_KEY_BIAS = re.compile(_ATTENTION + r"\.key\.bias$")


def load(weights: Path, size: VideoMAESize = BASE) -> VideoMAE:
    """The network with the weights of a .safetensors file, ready to predict.

    Takes the names of either generation of files: `q_bias` and `v_bias`, or `query.bias` and `value.bias`; a key's
    bias that is nothing but zeros; and positions that are ours. Raises ModelError for anything else that is too
    much, missing, of another shape or type, or not finite.
    """
    with torch.device("meta"):
        network = VideoMAE(size)  # its own random weights would cost seconds and be thrown away
    expected = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    network.load_state_dict(_read(weights, expected, size), assign=True)
    network.reset_buffers()
    return network.eval()


def _read(weights: Path, expected: Mapping[str, tuple[int, ...]], size: VideoMAESize) -> dict[str, Tensor]:
    """The tensors by our names; they are read only once names, shapes and types are known to fit."""
    _check_size(weights)
    try:
        with safe_open(weights, framework="pt") as file:
            found = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118  it is no dict
            shapes = {name: tuple(some.get_shape()) for name, some in found.items()}
            types = {name: str(some.get_dtype()) for name, some in found.items()}
            _require_same_layout(weights, shapes, types, expected, size)
            state = {}
            for name in found:
                values = file.get_tensor(name).clone()  # else it stays a view of the file
                _require_sound(weights, name, values, size)
                if (ours := _our_name(name)) in expected:
                    state[ours] = values
            return state
    except (OSError, SafetensorError) as error:
        raise unreadable(weights, "safetensors", error, _UNREADABLE_ADVICE) from error


def _require_same_layout(
    weights: Path,
    shapes: Mapping[str, tuple[int, ...]],
    types: Mapping[str, str],
    expected: Mapping[str, tuple[int, ...]],
    size: VideoMAESize,
) -> None:
    allowed = dict(expected)
    allowed |= {
        name: (size.width,) for name in shapes if _KEY_BIAS.match(name) and _layer_exists(name, expected)
    }
    if _POSITIONS in shapes:
        allowed[_POSITIONS] = (1, size.tokens, size.width)
    ours = {name: _our_name(name) for name in shapes}
    faults = [f"lacks {name}" for name in expected if name not in ours.values()]
    faults += [f"has an unknown {name}" for name in shapes if ours[name] not in allowed]
    faults += [
        f"has {name} twice, by two names" for name, count in Counter(ours.values()).items() if count > 1
    ]
    faults += [
        f"has {name} of shape {shape} instead of {allowed[ours[name]]}"
        for name, shape in shapes.items()
        if ours[name] in allowed and shape != allowed[ours[name]]
    ]
    faults += [f"has {name} in {kind} instead of {_TYPE}" for name, kind in types.items() if kind != _TYPE]
    if faults:
        advice = "Choose the published weights, or some that were trained with “seamline train labels”."
        raise misfit(weights, faults, NAME, advice)


def _require_sound(weights: Path, name: str, values: Tensor, size: VideoMAESize) -> None:
    if not bool(torch.isfinite(values).all()):
        fault = f"{name} holds values that are no numbers"
    elif _KEY_BIAS.match(name) and bool(values.any()):
        fault = f"{name} is not zero, and this network's keys have no bias"
    elif name == _POSITIONS and not _is_near(values[0], position_table(size.tokens, size.width)):
        fault = f"{name} differs from the fixed sines and cosines"
    else:
        return
    raise ModelError(f"“{weights.name}” does not fit {NAME}: {fault}. Choose the published weights.")


def _is_near(one: Tensor, other: Tensor) -> bool:
    return float((one - other).abs().max()) < _POSITION_TOLERANCE


def _our_name(name: str) -> str:
    newer = _NEWER_BIAS.match(name)
    return f"{newer[1]}.{newer[2][0]}_bias" if newer else name


def _layer_exists(key_bias: str, expected: Mapping[str, tuple[int, ...]]) -> bool:
    return key_bias.removesuffix("bias") + "weight" in expected


def _check_size(weights: Path) -> None:
    try:
        size = weights.stat().st_size
    except OSError as error:
        raise unreadable(weights, "safetensors", error, _UNREADABLE_ADVICE) from error
    if size > MOST_BYTES:
        raise ModelError(
            f"“{weights.name}” has {size:,} bytes, and weights of {NAME} never have more than {MOST_BYTES:,}. "
            "Choose another file."
        )
