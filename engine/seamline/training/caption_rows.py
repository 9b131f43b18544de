"""Rows of numbers that take long to make, kept in one file that is mapped: far more than memory holds.

What they are made of is hashed into the file's name, so that what a broken run has left counts as far as it goes. The
file is written, not mapped for writing, since a full disk would end the process there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ExchangeError
from seamline.progress import Progress

Scalar = TypeVar("Scalar", bound=np.generic)

_SPARE_BYTES = 100 << 20
"""Of the disk, left for others."""


def kept_rows(
    path: Path,
    shape: tuple[int, ...],
    dtype: type[Scalar],
    make: Callable[[int, int], NDArray[Scalar]],
    *,
    named: str,
    at_once: int = 1,
    progress: Progress,
) -> NDArray[Scalar]:
    """An array of this shape, mapped from the file at `path`; rows that lie there already are not made again.

    `make(start, stop)` makes the rows [start, stop), `at_once` of them but at the end; `named` is what they are, for
    messages. Progress counts rows. Cancelled in the middle, what was made is kept. Raises Cancelled, ExchangeError,
    also where the disk is too full, and what `make` raises.
    """
    count, row_bytes = shape[0], int(np.prod(shape[1:])) * np.dtype(dtype).itemsize
    try:
        path.touch()
        done = min(path.stat().st_size // row_bytes, count)
        if done < count:
            done -= done % at_once  # whole batches, since their size may move the last bits
        _check_space((count - done) * row_bytes, path.parent, named)
        with path.open("rb+") as file:
            file.truncate(done * row_bytes)
            file.seek(done * row_bytes)
            for start in range(done, count, at_once):
                progress.step(start, count)
                file.write(np.ascontiguousarray(make(start, min(start + at_once, count)), dtype).data)
            file.flush()
            os.fsync(file.fileno())
        progress.step(count, count)
        mapped: NDArray[Scalar] = np.memmap(path, dtype, mode="r", shape=shape)
        return mapped
    except OSError as error:
        raise ExchangeError(
            f"{named} cannot be kept in “{path.parent}” ({error.strerror or error}): free some space there, or choose "
            "another folder."
        ) from error


def rows_file(folder: Path, name: str, parts: Iterable[str]) -> Path:
    """Where the rows `name` of what `parts` identify are kept."""
    identity = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return folder / f"{name}-{identity[:12]}.raw"


def _check_space(needed_bytes: int, folder: Path, named: str) -> None:
    free = shutil.disk_usage(folder).free
    if needed_bytes and needed_bytes + _SPARE_BYTES > free:
        raise ExchangeError(
            f"{named} take {needed_bytes / 1e9:,.1f} GB, and “{folder}” has {free / 1e9:,.1f} GB free: free some space "
            "there, or choose another folder."
        )
