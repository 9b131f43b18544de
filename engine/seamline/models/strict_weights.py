"""Weights from files, strictly: every name, shape and type matched, every value a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from seamline.errors import ModelError

_SHOWN_FAULTS = 5


def fill(
    network: nn.Module,
    weights: Path,
    state: Mapping[str, object],
    name: str,
    advice: str,
    *,
    also: Sequence[torch.dtype] = (),
) -> None:
    """Give `network`, which may be on torch's meta device, the tensors of a file, if they are all there is, all it has,
    and sound.

    `name` is the network's, `advice` a sentence on which file to choose. `also`: types that become the network's own.
    Raises ModelError.
    """
    expected = network.state_dict()
    faults = [f"lacks {key}" for key in expected if key not in state]
    sound: dict[str, Tensor] = {}
    for key, values in state.items():
        if key not in expected:
            faults.append(f"has an unknown {key}")
        elif not isinstance(values, Tensor) or values.dtype not in (expected[key].dtype, *also):
            kinds = getattr(values, "dtype", type(values).__name__), expected[key].dtype
            faults.append(f"has {key} in {kinds[0]} instead of {kinds[1]}".replace("torch.", ""))
        elif values.shape != expected[key].shape:
            shapes = tuple(values.shape), tuple(expected[key].shape)
            faults.append(f"has {key} of shape {shapes[0]} instead of {shapes[1]}")
        elif values.is_floating_point() and not bool(torch.isfinite(values).all()):
            faults.append(f"holds values in {key} that are no numbers")
        else:
            # a copy: what was read may be a view of the file
            sound[key] = values.detach().to(expected[key].dtype, copy=True)
    if faults:
        raise misfit(weights, faults, name, advice)
    network.load_state_dict(sound, assign=True)


def misfit(weights: Path, faults: Sequence[str], name: str, advice: str) -> ModelError:
    """What is said of a file of other weights than those of the network `name`; it “lacks this”, “has that”."""
    shown, more = "; ".join(faults[:_SHOWN_FAULTS]), len(faults) - _SHOWN_FAULTS
    return ModelError(
        f"“{weights.name}” does not fit {name}: it {shown}{f'; and {more} more' if more > 0 else ''}. {advice}"
    )


def unreadable(weights: Path, kind: str, error: Exception, advice: str) -> ModelError:
    """What is said of a file that is no `kind`."""
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return ModelError(f"“{weights.name}” cannot be read as {kind} ({reason}). {advice}")
