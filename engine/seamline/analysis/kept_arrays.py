"""Arrays that were kept on disk and can be made again."""

from __future__ import annotations

import logging
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_log = logging.getLogger(__name__)
# all that numpy and zipfile raise for archives with damaged bytes, found by damaging some thousands
_DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a .npz file by name; none if it is not there, or is damaged, which is logged."""
    try:
        # opened here, as numpy leaves the file open when it is no archive
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return dict(arrays)
    except FileNotFoundError:
        return {}
    except _DAMAGE as error:
        _log.warning("%s cannot be used and will be made again: %s", path.name, error)
        return {}
