"""Loads published torch weights strictly: plain tensors only, and all that `strict_weights` asks for."""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError  # what torch raises for a file that is no table of tensors

import torch
from torch import Tensor, nn

from seamline.errors import ModelError
from seamline.models.strict_weights import fill, unreadable


def load_into(network: nn.Module, weights: Path, name: str) -> None:
    """Give `network` the weights of a published checkpoint and make it ready to predict.

    `name` is the network's, for messages. Raises ModelError when the file cannot be read as plain tensors,
    or when any name, shape or type differs, or a value is no number.
    """
    try:
        state = torch.load(weights, map_location="cpu", weights_only=True)
    except (OSError, EOFError, LookupError, RuntimeError, TypeError, ValueError, UnpicklingError) as error:
        raise unreadable(weights, "torch weights", error, "Install the published file again.") from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise ModelError(f"“{weights.name}” holds no table of tensors; {name}'s published weights are one.")
    fill(network, weights, state, name, "Install the published weights instead.")
    network.eval()
