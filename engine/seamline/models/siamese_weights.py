"""The siamese network's weights as our own file: the dense layer in 8 bits, a scale a row, the rest in half precision.

13 MB at most instead of 52. What is reported of trained weights is measured with the file's.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ModelError
from seamline.models import siamese_keras
from seamline.models.siamese_layout import NAME, PUBLISHED, SiameseSize, Weights, shown_name, weight_shapes

FORMAT = 1
_DENSE, _SCALES = "dense.weight", "dense.scales"
_MOST = 127
_MOST_BYTES = 64 << 20
_ADVICE = "Choose what “seamline train match-cuts” wrote, or the published siamese_model.h5."


def packed(weights: Weights) -> bytes:
    """The file's bytes: arrays alone, nothing that is run."""
    dense = weights[_DENSE]
    scales = np.maximum(np.abs(dense).max(axis=1), 1e-12).astype(np.float32) / _MOST
    arrays: dict[str, NDArray[np.generic]] = {
        "format": np.array([FORMAT]),
        _SCALES: scales,
        _DENSE: np.rint(dense / scales[:, None]).astype(np.int8),
    }
    for name, values in weights.items():
        if name != _DENSE:
            arrays[name] = values.astype(np.float16)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for its own options
    return file.getvalue()


def unpacked(content: bytes, shown: str, size: SiameseSize = PUBLISHED) -> Weights:
    """The weights of such a file, float32. Raises ModelError, which calls it `shown`, where anything does not fit."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as inside:
            # told before anything is unpacked, which could be a thousand times as large
            if sum(entry.file_size for entry in inside.infolist()) > _MOST_BYTES:
                raise ValueError(f"it unpacks to more than {_MOST_BYTES >> 20} MiB")
        with np.load(io.BytesIO(content), allow_pickle=False) as loaded:
            arrays = {name: loaded[name] for name in loaded.files}
    except Exception as error:  # what numpy and zipfile raise for a damaged file has no common base
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(f"“{shown}” cannot be read as weights ({reason}). {_ADVICE}") from error
    for name, each in arrays.items():
        if not isinstance(each, np.ndarray):  # numpy gives what is no array as bytes
            raise ModelError(
                f"“{shown}” does not fit {NAME}: {shown_name(name)} in it is no array. {_ADVICE}"
            )
    if "format" in arrays and arrays["format"].tolist() != [FORMAT]:
        raise ModelError(f"“{shown}” was written by another version of Seamline: train it again.")
    return _checked(arrays, shown, size)


def _checked(arrays: dict[str, NDArray[np.generic]], shown: str, size: SiameseSize) -> Weights:
    expected: dict[str, tuple[tuple[int, ...], type[np.generic]]] = {
        name: (shape, np.int8 if name == _DENSE else np.float16)
        for name, shape in weight_shapes(size).items()
    }
    expected[_SCALES] = ((size.features,), np.float32)
    for name, (shape, kind) in expected.items():
        each = arrays.get(name)
        if each is None or each.shape != shape or each.dtype != kind:
            has = "lacks" if each is None else f"has {each.dtype}{list(each.shape)} as"
            raise ModelError(f"“{shown}” does not fit {NAME}: it {has} {name}. {_ADVICE}")
    unknown = sorted(set(arrays) - set(expected) - {"format"})
    if unknown:
        raise ModelError(
            f"“{shown}” does not fit {NAME}: it has an unknown {shown_name(unknown[0])}. {_ADVICE}"
        )
    weights = {name: np.asarray(arrays[name], np.float32) for name in weight_shapes(size)}
    weights[_DENSE] = weights[_DENSE] * np.asarray(arrays[_SCALES], np.float32)[:, None]
    for name, values in weights.items():
        if not np.isfinite(values).all():
            raise ModelError(
                f"“{shown}” does not fit {NAME}: it holds values that are no numbers in {name}. {_ADVICE}"
            )
    return weights


def load(path: Path, size: SiameseSize = PUBLISHED) -> Weights:
    """The weights of a file of either kind, ours or Keras'. Raises ModelError."""
    try:
        with path.open("rb") as file:
            start = file.read(len(siamese_keras.SIGNATURE))
            if start == siamese_keras.SIGNATURE:
                content = b""
            elif path.stat().st_size > _MOST_BYTES:
                raise ModelError(f"“{path.name}” is larger than any such file. {_ADVICE}")
            else:
                content = start + file.read()
    except OSError as error:
        raise ModelError(f"“{path}” cannot be read: {error.strerror}. Choose another file.") from error
    return (
        unpacked(content, path.name, size) if content or not start else siamese_keras.read_keras(path, size)
    )
