"""How far TransNetV2's values reach on films: `python -m seamline.evaluation.activation_ranges FILM...`.

The figures are what `seamline.models.transnetv2_int8.RANGES` holds. Computes in float32 with torch.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from seamline.evaluation.agreement import pictures_of
from seamline.media.open_film import open_film
from seamline.models import transnetv2
from seamline.models.registry import TRANSNETV2
from seamline.models.store import installed_weights

_WINDOW_FRAMES = 100
_WINDOWS_A_FILM = 4

Ranges = dict[str, tuple[float, float]]
"""Smallest and largest value by place, such as “0.1 space 8”: stack, block, the branch's dilation."""


def watch(network: transnetv2.TransNetV2) -> Ranges:
    """Have `network` note from now on how far its values reach, in the mapping that is returned."""
    ranges: Ranges = {}

    def note(place: str, values: Tensor) -> None:
        low, high = ranges.get(place, (0.0, 0.0))
        values = values.detach()
        ranges[place] = (min(low, float(values.min())), max(high, float(values.max())))

    def noting(place: str, change: Callable[[Tensor], Tensor]) -> Callable[..., None]:
        def hook(_: Any, __: Any, output: Tensor) -> None:
            note(place, change(output))

        return hook

    for index, stack in enumerate(network.SDDCNN.children()):
        results: list[Tensor] = []
        for number, block in enumerate(stack.get_submodule("DDCNN").children()):
            for dilation in transnetv2.DILATIONS:
                space = block.get_submodule(f"Conv3D_{dilation}.layers.0")
                space.register_forward_hook(noting(f"{index}.{number} space {dilation}", lambda x: x))

            def collected(x: Tensor, results: list[Tensor] = results) -> Tensor:
                results.append(functional.relu(x))
                return results[-1]

            block.register_forward_hook(noting(f"{index}.{number} result", collected))

        def total(pooled: Tensor, index: int = index, results: list[Tensor] = results) -> Tensor:
            note(f"{index} total", results[0] + results[1])
            results.clear()
            return pooled

        stack.register_forward_hook(noting(f"{index} pooled", total))
    return ranges


def main(arguments: Sequence[str] | None = None) -> int:
    """Print smallest and largest value of each place over four windows of every film."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.activation_ranges")
    parser.add_argument("films", type=Path, nargs="+", help="films")
    options = parser.parse_args(arguments)
    network = transnetv2.load(installed_weights(TRANSNETV2))
    ranges = watch(network)
    for path in options.films:
        pictures = pictures_of(open_film(path))
        step = max(_WINDOW_FRAMES, len(pictures) // _WINDOWS_A_FILM)
        for at in range(0, len(pictures), step):
            with torch.inference_mode():
                network(torch.from_numpy(pictures[at : at + _WINDOW_FRAMES])[None])
    for place, (low, high) in ranges.items():
        sys.stdout.write(f"{place:14} {low:8.2f} {high:8.2f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
