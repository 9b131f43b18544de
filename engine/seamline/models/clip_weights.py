"""Loads CLIP's published files strictly: every name, shape and type matched, nothing executed.

OpenAI's is a TorchScript archive, with most values in half precision; OpenCLIP's is safetensors. Both have the same
names.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from seamline.errors import ModelError
from seamline.models.clip import Clip, ClipSize
from seamline.models.store_files import sha256_of
from seamline.models.strict_weights import fill, misfit, unreadable
from seamline.models.torchscript_file import read_tensors

NAME = "CLIP ViT-B/32"
_ADVICE = "Install the published file."

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
            raise misfit(weights, [f"says another {name} than {value:,}"], NAME, _ADVICE)
    # nor is what a text's tokens must not look at, which some versions of torch write with them
    later = torch.full((size.context, size.context), -torch.inf).triu(1)
    for name in [name for name in found if name.endswith(".attn_mask")]:
        if torch.equal(found[name].float(), later):
            del found[name]
    return _with(weights, found, size, may_be_half=True)


def load_open_clip(weights: Path, must_be: str | None, size: ClipSize = OPEN_CLIP) -> Clip:
    """The network with the weights of OpenCLIP's safetensors, ready to use; as strict as `load_openai`."""
    _require_sha256(weights, must_be)
    try:
        with safe_open(weights, framework="pt") as file:
            found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  it is no dict
    except (OSError, SafetensorError) as error:
        raise unreadable(weights, "safetensors", error, "Install the published file again.") from error
    return _with(weights, found, size, may_be_half=False)


def _with(weights: Path, found: dict[str, Tensor], size: ClipSize, *, may_be_half: bool) -> Clip:
    with torch.device("meta"):
        network = Clip(size)  # its own random weights would cost seconds and be thrown away
    fill(network, weights, found, NAME, _ADVICE, also=(torch.float16,) if may_be_half else ())
    network.reset_buffers()
    return network.eval().requires_grad_(requires_grad=False)


def _require_sha256(weights: Path, must_be: str | None) -> None:
    if must_be is not None and (found := sha256_of(weights)) != must_be:
        raise ModelError(
            f"“{weights.name}” is not the published file of {NAME} (sha256 {found[:12]}… instead of "
            f"{must_be[:12]}…). Install it again."
        )
