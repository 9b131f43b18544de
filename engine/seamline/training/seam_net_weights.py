"""The seam network's weights as a file: float16 arrays in a .npz, named as in `SeamNet`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from seamline.errors import ModelError
from seamline.exchange.files import written_whole
from seamline.models.seam_net import SeamNet

_UNUSED = "num_batches_tracked"  # counts training steps only


def write_weights(net: SeamNet, path: Path) -> None:
    """Write what `SeamNetSession` reads, over what is there. Raises ExchangeError where it cannot be written."""
    arrays = {
        name: values.detach().cpu().numpy().astype(np.float16)
        for name, values in net.state_dict().items()
        if not name.endswith(_UNUSED)
    }
    with written_whole(path, overwrite=True) as part, part.open("wb") as file:
        np.savez_compressed(file, **arrays)


def read_weights(net: SeamNet, path: Path) -> None:
    """Put the weights of a file into `net`. Raises ModelError where they are missing or do not fit."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            state = {name: torch.from_numpy(arrays[name].astype(np.float32)) for name in arrays.files}
        missing, unknown = net.load_state_dict(state, strict=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(
            f"“{path}” holds no weights of the seam network ({str(error).splitlines()[0]}): choose another file."
        ) from error
    wrong = [name for name in missing if not name.endswith(_UNUSED)] + list(unknown)
    if wrong:
        raise ModelError(f"“{path}” does not fit the seam network at {wrong[0]}: choose another file.")
