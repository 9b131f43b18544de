"""Weights for match cuts that somebody else has made: whatever is wrong with the file is told in a sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from seamline.errors import ModelError
from seamline.models.siamese import Siamese, weights_of
from seamline.models.siamese_layout import SiameseSize
from seamline.models.siamese_weights import load, packed

SMALL = SiameseSize(side=16, channels=(3, 5, 4), features=6)


def header(shape: str) -> bytes:
    """The beginning of an array's file in numpy's format."""
    text = f"{{'descr': '<f2', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("compare.bias.npy", header("(1125899906842624,)")),
        ("compare.bias.npy", header("(1")),
        ("compare.bias", b"no array"),
        ("format", b"no array"),
    ],
    ids=["huge", "torn header", "bytes", "bytes as the version"],
)
def test_what_a_stranger_made_is_refused_in_a_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / "m.npz"
    with (
        zipfile.ZipFile(io.BytesIO(packed(weights_of(Siamese(SMALL))))) as good,
        zipfile.ZipFile(path, "w") as bad,
    ):
        for entry in good.namelist():
            if entry.removesuffix(".npy") != name.removesuffix(".npy"):
                bad.writestr(entry, good.read(entry))
        bad.writestr(name, content)
    with pytest.raises(ModelError, match=r"“m.npz”.*Choose"):
        load(path, SMALL)
