"""Files of CLIP networks in both layouts they are published in, and vocabularies, all of them made up.

It is loaded for every test, and torch takes long: what needs that imports it.
"""

from __future__ import annotations

import gzip
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from seamline.models.clip_tokens import MERGES

if TYPE_CHECKING:
    from torch import Tensor

    from seamline.models.clip import ClipSize


def save_open_clip(weights: dict[str, Tensor], path: Path) -> Path:
    from safetensors.torch import save_file

    save_file(weights, path)
    return path


def save_openai(
    weights: Mapping[str, Tensor],
    size: ClipSize,
    path: Path,
    *,
    held: Mapping[str, Tensor] | None = None,
    **stated: int,
) -> Path:
    """A TorchScript archive as torch itself writes it: half precision, but for norms and tables.

    `held`: what modules hold besides their weights. `stated`: numbers that it says of itself.
    """
    import torch
    from torch import nn

    class Held(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x

    wide = ("ln_", "embedding", "logit_scale")
    values = {
        name: some if any(each in name for each in wide) else some.half() for name, some in weights.items()
    }
    numbers = {"input_resolution": size.side, "context_length": size.context, "vocab_size": size.vocabulary}
    values |= {name: torch.tensor(number) for name, number in (numbers | stated).items()}
    root = Held()
    for name, some in (values | dict(held or {})).items():
        *folders, last = name.split(".")
        module: nn.Module = root
        for folder in folders:
            if folder not in module._modules:
                module.add_module(folder, nn.Module())
            module = module.get_submodule(folder)
        if name in weights:
            module.register_parameter(last, nn.Parameter(some, requires_grad=False))
        else:
            module.register_buffer(last, some)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of torch.jit, which the product does without
        torch.jit.trace(root, torch.zeros(1)).save(str(path))
    return path


def save_vocabulary(path: Path) -> Path:
    """As many pairs as are published, of letters that stand side by side."""
    letters = [chr(code) for code in range(0x21, 0x7F)]
    pairs = [(a, b) for a in letters for b in letters]
    pairs += [(a + b, c) for a, b in pairs for c in "abcdefgh"]
    lines = ["#version", *(f"{a} {b}" for a, b in pairs[:MERGES])]
    path.write_bytes(gzip.compress("\n".join(lines).encode(), 1))
    return path
