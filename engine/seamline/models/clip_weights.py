"""Loads CLIP's published files strictly: every name, shape and type matched, nothing executed.

OpenAI's is a TorchScript archive, with most values in half precision; OpenCLIP's is safetensors. Both have the same
names.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from seamline.errors import ModelError
from seamline.models.clip import Clip, ClipSize
from seamline.models.store_files import sha256_of
from seamline.models.torchscript_file import read_tensors

NAME = "CLIP ViT-B/32"
_SHOWN_FAULTS = 5

OPENAI = ClipSize(is_quick=True)
"""ViT-B-32.pt."""
OPEN_CLIP = ClipSize(is_quick=False)
"""open_clip_model.safetensors of laion2b_s34b_b79k."""


def load_openai(weights: Path, must_be: str | None, size: ClipSize = OPENAI) -> Clip:
    """The network with the weights of OpenAI's archive, ready to use; half precision becomes float32.

    `must_be`: the file's sha256, which is compared before it is read. Raises ModelError where that differs, or
    anything is too much, missing, of another shape or type, or not finite.
    """
    _require_sha256(weights, must_be)
    found = read_tensors(weights)
    # what the archive's own code needs to know; it is no weight
    stated = {"input_resolution": size.side, "context_length": size.context, "vocab_size": size.vocabulary}
    for name, value in stated.items():
        if name in found and (found[name].ndim != 0 or int(found.pop(name)) != value):
            raise _misfit(weights, [f"says another {name} than {value:,}"])
    return _with(weights, found, size, (torch.float16, torch.float32))


def load_open_clip(weights: Path, must_be: str | None, size: ClipSize = OPEN_CLIP) -> Clip:
    """The network with the weights of OpenCLIP's safetensors, ready to use; as strict as `load_openai`."""
    _require_sha256(weights, must_be)
    try:
        with safe_open(weights, framework="pt") as file:
            names = list(file.keys())
            found = {
                name: file.get_tensor(name).clone() for name in names
            }  # else they stay views of the file
    except (OSError, SafetensorError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(
            f"“{weights.name}” cannot be read as safetensors ({reason}). Install the published file again."
        ) from error
    return _with(weights, found, size, (torch.float32,))


def _with(weights: Path, found: Mapping[str, Tensor], size: ClipSize, types: tuple[torch.dtype, ...]) -> Clip:
    with torch.device("meta"):
        network = Clip(size)  # its own random weights would cost seconds and be thrown away
    expected = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    faults = [f"lacks {name}" for name in expected if name not in found]
    faults += [f"has an unknown {name}" for name in found if name not in expected]
    for name, value in found.items():
        if name not in expected:
            continue
        if tuple(value.shape) != expected[name]:
            faults.append(f"has {name} of shape {tuple(value.shape)} instead of {expected[name]}")
        elif value.dtype not in types:
            faults.append(f"has {name} in {value.dtype}".replace("torch.", ""))
        elif not bool(torch.isfinite(value).all()):
            faults.append(f"holds values in {name} that are no numbers")
    if faults:
        raise _misfit(weights, faults)
    network.load_state_dict({name: value.float() for name, value in found.items()}, assign=True)
    network.reset_buffers()
    return network.eval().requires_grad_(requires_grad=False)


def _require_sha256(weights: Path, must_be: str | None) -> None:
    if must_be is not None and (found := sha256_of(weights)) != must_be:
        raise ModelError(
            f"“{weights.name}” is not the published file of {NAME} (sha256 {str(found)[:12]}… instead of "
            f"{must_be[:12]}…). Install it again."
        )


def _misfit(weights: Path, faults: list[str]) -> ModelError:
    shown, more = "; ".join(faults[:_SHOWN_FAULTS]), len(faults) - _SHOWN_FAULTS
    return ModelError(
        f"“{weights.name}” does not fit {NAME}: it {shown}{f'; and {more} more' if more > 0 else ''}. "
        "Install the published file."
    )
