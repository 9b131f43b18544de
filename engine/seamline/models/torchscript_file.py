"""Takes the tensors out of a TorchScript archive without running anything of it, and without torch's own reader.

The format: https://docs.pytorch.org/docs/stable/notes/serialization.html; a zip archive with a pickle of the
modules, whose classes stand in for nothing here, and a file of plain values for each tensor.
"""

from __future__ import annotations

import io
import math
import pickle
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seamline.errors import ModelError

_TYPES = {
    "HalfStorage": np.float16,
    "FloatStorage": np.float32,
    "DoubleStorage": np.float64,
    "IntStorage": np.int32,
    "LongStorage": np.int64,
}
_MOST_PICKLE_BYTES = 16 << 20
_FAULTS = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    EOFError,
    RuntimeError,
    RecursionError,
    MemoryError,
    OverflowError,
    pickle.UnpicklingError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """All tensors that the archive's modules hold, by their dotted names. Raises ModelError."""
    try:
        with zipfile.ZipFile(path) as archive:
            folder = next(
                name.removesuffix("data.pkl") for name in archive.namelist() if name.endswith("/data.pkl")
            )
            if archive.getinfo(f"{folder}data.pkl").file_size > _MOST_PICKLE_BYTES:
                raise ValueError("its list of tensors is too long")
            root = _Reader(archive, folder).load()
    except StopIteration:
        raise _unreadable(path, "it holds no data.pkl") from None
    except _FAULTS as error:
        raise _unreadable(path, str(error) or type(error).__name__) from error
    return dict(_tensors_of(root))


class _Inert:
    """Stands in for whatever the pickle names: it keeps what it is given, and does nothing."""

    state: Any = None

    def __init__(self, *_: Any) -> None:
        pass

    def __new__(cls, *_: Any) -> _Inert:
        return super().__new__(cls)

    def __call__(self, *_: Any) -> _Inert:
        return self

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Reader(pickle.Unpickler):
    """Knows how a tensor is put together; all else is inert, so that nothing in the file can do anything."""

    def __init__(self, archive: zipfile.ZipFile, folder: str) -> None:
        super().__init__(io.BytesIO(archive.read(f"{folder}data.pkl")))
        self._archive = archive
        self._folder = folder

    def find_class(self, module: str, name: str, /) -> Any:
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuilt
        # torch names the type of a tensor's values by a class
        return type(name, (_Inert,), {}) if name in _TYPES else _Inert

    def persistent_load(self, pid: Any, /) -> Any:
        _, kind, key, _, length = pid
        dtype = np.dtype(_TYPES[kind.__name__])
        name = f"{self._folder}data/{key}"
        if self._archive.getinfo(name).file_size != length * dtype.itemsize:  # before anything is unpacked
            raise ValueError(f"the values {key} are not {length} of {dtype}")
        return np.frombuffer(self._archive.read(name), dtype.newbyteorder("<"))


def _rebuilt(values: Any, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any) -> Tensor:
    if not isinstance(values, np.ndarray) or min((*shape, *strides, offset), default=0) < 0:
        raise ValueError("a tensor is not made of values")
    end = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True)) + 1
    if math.prod(shape) and end > len(values):
        raise ValueError("a tensor is larger than its values")
    if math.prod(shape) > len(values):
        raise ValueError("a tensor repeats its values")
    view = np.lib.stride_tricks.as_strided(
        values[offset:], shape, [stride * values.itemsize for stride in strides], writeable=False
    )
    return torch.from_numpy(np.ascontiguousarray(view).reshape(shape).copy())


def _tensors_of(root: object) -> Iterable[tuple[str, Tensor]]:
    waiting: list[tuple[str, object]] = [("", root)]
    seen: set[int] = set()
    while waiting:
        prefix, module = waiting.pop()
        if not isinstance(module, _Inert) or not isinstance(module.state, dict) or id(module) in seen:
            continue
        seen.add(id(module))
        for name, value in module.state.items():
            if isinstance(value, Tensor):
                yield f"{prefix}{name}", value
            else:
                waiting.append((f"{prefix}{name}.", value))


def _unreadable(path: Path, reason: str) -> ModelError:
    return ModelError(
        f"“{path.name}” cannot be read as a TorchScript archive ({reason}). Install the published file again."
    )
