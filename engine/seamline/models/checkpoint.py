"""Loads published torch weights strictly: plain tensors only, every name and shape matched."""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError  # what torch raises for a file that is no table of tensors

import torch
from torch import Tensor, nn

from seamline.errors import ModelError

_SHOWN_FAULTS = 5


def load_into(network: nn.Module, weights: Path, name: str) -> None:
    """Give `network` the weights of a published checkpoint and make it ready to predict.

    `name` is the network's, for messages. Raises ModelError when the file cannot be read as plain tensors,
    or when any name or shape differs.
    """
    try:
        state = torch.load(weights, map_location="cpu", weights_only=True)
    except (OSError, EOFError, LookupError, RuntimeError, TypeError, ValueError, UnpicklingError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(
            f"“{weights.name}” cannot be read as torch weights ({reason}). Install the published file again."
        ) from error
    _require_same_layout(network, state, weights.name, name)
    network.load_state_dict(state)
    network.eval()


def _require_same_layout(network: nn.Module, state: object, file_name: str, name: str) -> None:
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise ModelError(f"“{file_name}” holds no table of tensors; {name}'s published weights are one.")
    expected = {key: tuple(value.shape) for key, value in network.state_dict().items()}
    found = {str(key): tuple(value.shape) for key, value in state.items()}
    faults = [f"lacks {key}" for key in expected if key not in found]
    faults += [f"has an unknown {key}" for key in found if key not in expected]
    faults += [
        f"has {key} of shape {found[key]} instead of {shape}"
        for key, shape in expected.items()
        if key in found and found[key] != shape
    ]
    if faults:
        shown, more = "; ".join(faults[:_SHOWN_FAULTS]), len(faults) - _SHOWN_FAULTS
        raise ModelError(
            f"“{file_name}” does not fit {name}: it {shown}{f'; and {more} more' if more > 0 else ''}. "
            "Install the published weights instead."
        )
