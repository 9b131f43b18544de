"""Loads weights of the dual encoder strictly: every name, shape and type matched, nothing executed.

Three sorts of file are known. The published checkpoint: a table of torch's with `resnet_model_dict` (ResNet50's parts
by their number: “0.weight”, “4.0.conv1.weight”), `text_model_dict`, `image_projector_dict`, `text_projector_dict` and
`temperature_value`; what else it holds is no weights (the optimiser's state) and is left. Our own: safetensors by the
names of `DualEncoder`. And the trunks that training begins with: torchvision's resnet50, and distilbert-base-uncased.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError  # what torch raises for a file that is no table of tensors
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from seamline.errors import ModelError
from seamline.models.distilbert import DISTILBERT, DistilBert, DistilBertSize
from seamline.models.dual_encoder import BASE, DualEncoder, DualEncoderSize
from seamline.models.resnet50 import RESNET50, ResNet, ResNetSize
from seamline.models.strict_weights import fill, misfit, unreadable

NAME = "the dual encoder"
_CHECKPOINT = NAME, "Choose its published checkpoint."
MOST_BYTES = 4 << 30
"""With the optimiser's state, the published checkpoint has about 1.1 GB."""
_PARTS = {
    "resnet_model_dict": "image_trunk",
    "text_model_dict": "text_trunk",
    "image_projector_dict": "image_head",
    "text_projector_dict": "text_head",
}
_TEMPERATURE = "temperature_value"
_TORCH_STARTS = (b"PK\x03\x04", b"\x80\x02")

_NUMBERED = re.compile(r"(\d+)\.(.+)")
_OF_NUMBER = {0: "conv1", 1: "bn1", 4: "layer1", 5: "layer2", 6: "layer3", 7: "layer4"}
"""ResNet50's parts by their place in a torch Sequential; 2 and 3, ReLU and pooling, have no weights."""
_POSITIONS = "embeddings.position_ids"
"""Older versions of transformers wrote it: 0, 1, 2 and so on."""
_WORD_GUESSING = ("vocab_transform.", "vocab_layer_norm.", "vocab_projector.")
"""What distilbert-base-uncased was trained with to guess hidden words; the trunk does without."""


def load(weights: Path, size: DualEncoderSize = BASE) -> DualEncoder:
    """The network with the weights of a published checkpoint or of our own file, ready to predict.

    Raises ModelError for anything that is too much, missing, of another shape or type, or not finite.
    """
    table = _read(weights)
    state = _of_checkpoint(weights, table) if any(name in table for name in _PARTS) else table
    with torch.device("meta"):
        network = DualEncoder(size)  # its own random weights would cost seconds and be thrown away
    advice = "Choose its published checkpoint, or what “seamline train search” wrote."
    fill(network, weights, state, NAME, advice)
    if float(network.temperature) <= 0:
        raise ModelError(
            f"“{weights.name}” does not fit {NAME}: its temperature is not above 0. Choose another file."
        )
    return network.eval()


def load_resnet(weights: Path, size: ResNetSize = RESNET50) -> ResNet:
    """torchvision's resnet50, without the classes. Raises ModelError as `load` does.

    Older files do not say how many batches a norm has seen, which nothing depends on: none then, as torch has it.
    """
    state = {name: values for name, values in _read(weights).items() if name not in ("fc.weight", "fc.bias")}
    with torch.device("meta"):
        network = ResNet(size)
    uncounted = (name for name in network.state_dict() if name.endswith(".num_batches_tracked"))
    state = dict.fromkeys(uncounted, torch.tensor(0)) | state
    fill(network, weights, state, "ResNet50", "Choose torchvision's resnet50 as a table of tensors.")
    return network.eval()


def load_distilbert(weights: Path, size: DistilBertSize = DISTILBERT) -> DistilBert:
    """distilbert-base-uncased, without the guessing of words. Raises ModelError as `load` does."""
    state = {
        name.removeprefix("distilbert."): values
        for name, values in _read(weights).items()
        if not name.startswith(_WORD_GUESSING)
    }
    with torch.device("meta"):
        network = DistilBert(size)
    state = _without_positions(weights, state)
    fill(network, weights, state, "DistilBERT", "Choose model.safetensors of distilbert-base-uncased.")
    return network.eval()


def _read(weights: Path) -> dict[str, Any]:
    """The table that a file holds, whichever way it was written."""
    try:
        if weights.stat().st_size > MOST_BYTES:
            raise ModelError(
                f"“{weights.name}” has more than {MOST_BYTES:,} bytes, and such weights never have. Choose another."
            )
        if _is_torch(weights):
            table = torch.load(weights, map_location="cpu", weights_only=True)
        else:
            table = load_file(weights)
    except (
        OSError,
        EOFError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
        UnpicklingError,
        SafetensorError,
    ) as error:
        raise unreadable(weights, "weights", error, "Choose another file.") from error
    if not isinstance(table, dict) or not all(isinstance(name, str) for name in table):
        raise ModelError(f"“{weights.name}” holds no table of tensors. Choose another file.")
    return table


def _is_torch(weights: Path) -> bool:
    try:
        with weights.open("rb") as file:
            return file.read(4).startswith(_TORCH_STARTS)
    except OSError as error:
        raise unreadable(weights, "weights", error, "Choose another file.") from error


def _of_checkpoint(weights: Path, table: Mapping[str, Any]) -> dict[str, Any]:
    """The published checkpoint's tensors by our names."""
    for name in (*_PARTS, _TEMPERATURE):
        if name not in table:
            raise misfit(weights, [f"lacks {name}"], *_CHECKPOINT)
    unknown = [name for name in table if name not in (*_PARTS, _TEMPERATURE) and _is_weights(table[name])]
    state: dict[str, Any] = {"temperature": _number(weights, table[_TEMPERATURE])}
    for name, ours in _PARTS.items():
        part = table[name]
        if not isinstance(part, dict):
            raise misfit(weights, [f"has no table in {name}"], *_CHECKPOINT)
        if name == "text_model_dict":
            part = _without_positions(weights, part)
        for key, values in part.items():
            state[f"{ours}.{_our_name(name, str(key))}"] = values
    if unknown:
        raise misfit(weights, [f"has unknown weights {name}" for name in unknown], *_CHECKPOINT)
    return state


def _is_weights(value: object) -> bool:
    return (
        isinstance(value, dict) and bool(value) and all(isinstance(each, Tensor) for each in value.values())
    )


def _number(weights: Path, value: object) -> Tensor:
    if isinstance(value, Tensor) and value.numel() == 1:
        return value.detach().reshape(()).float()
    if isinstance(value, (int, float)):
        return torch.tensor(float(value))
    raise misfit(weights, [f"has no number in {_TEMPERATURE}"], *_CHECKPOINT)


def _our_name(part: str, key: str) -> str:
    """The name of a weight in `DualEncoder`'s part; one that cannot be ours stays as it is, and is refused then."""
    if part == "resnet_model_dict" and (found := _NUMBERED.fullmatch(key)):
        ours = _OF_NUMBER.get(int(found[1]))
        return f"{ours}.{found[2]}" if ours is not None else key
    if part in ("image_projector_dict", "text_projector_dict"):
        theirs = part.replace("projector_dict", "projection.")
        return f"projection.{key.removeprefix(theirs)}" if key.startswith(theirs) else key
    return key


def _without_positions(weights: Path, state: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: values for name, values in state.items() if name != _POSITIONS}
    positions = state.get(_POSITIONS)
    if isinstance(positions, Tensor) and not torch.equal(
        positions.flatten().long(), torch.arange(positions.numel())
    ):
        faults = [f"has other {_POSITIONS} than 0, 1, 2"]
        raise misfit(weights, faults, "DistilBERT", "Choose its published weights.")
    return rest
