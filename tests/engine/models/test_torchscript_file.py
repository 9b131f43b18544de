"""TorchScript archives: all tensors by their names, and nothing that a file says is done."""

from __future__ import annotations

import io
import os
import pickle
import random
import warnings
import zipfile
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from seamline.errors import ModelError
from seamline.models.torchscript_file import read_tensors


class Some(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)).half()
        self.whole = nn.Parameter(torch.arange(12.0).view(3, 4).T)  # not contiguous
        self.register_buffer("number", torch.tensor(224))
        self.register_buffer("nothing", torch.zeros(0, 4))

    def forward(self, x: Tensor) -> Tensor:
        return x


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "some.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.manual_seed(0)
        torch.jit.trace(Some().eval(), torch.zeros(1)).save(str(path))
    return path


def test_it_gives_what_torch_has_written(archive: Path) -> None:
    torch.manual_seed(0)
    wanted = Some().state_dict()
    found = read_tensors(archive)
    assert found.keys() == wanted.keys()
    for name, values in wanted.items():
        assert found[name].dtype == values.dtype, name
        assert torch.equal(found[name], values), name


def rewritten(archive: Path, path: Path, content: bytes) -> Path:
    """The same archive with another pickle."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name.endswith("/data.pkl") else old.read(name))
    return path


class Harmful:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return os.remove, (str(self.target),)


def test_nothing_in_it_is_run(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.touch()
    content = pickle.dumps({"a": Harmful(target), "b": print, "c": eval}, 2)
    assert read_tensors(rewritten(archive, tmp_path / "bad.pt", content)) == {}
    assert target.exists()
    pickle.loads(content)
    assert not target.exists()


def test_damage_is_told_in_a_sentence(archive: Path, tmp_path: Path) -> None:
    seeded = random.Random(1)
    with zipfile.ZipFile(archive) as whole:
        (name,) = (each for each in whole.namelist() if each.endswith("/data.pkl"))
        content = whole.read(name)
    path = tmp_path / "bad.pt"
    refused = 0
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(seeded.randint(1, 4)):
            damaged[seeded.randrange(len(damaged))] = seeded.randrange(256)
        try:
            read_tensors(rewritten(archive, path, bytes(damaged)))
        except ModelError as error:
            assert str(error).startswith("“bad.pt” cannot be read as a TorchScript archive (")  # noqa: PT017
            refused += 1
    assert refused > 10
    for other in (b"", b"PK", archive.read_bytes()[:-200]):
        path.write_bytes(other)
        with pytest.raises(ModelError, match="cannot be read"):
            read_tensors(path)
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    path.write_bytes(empty.getvalue())
    with pytest.raises(ModelError, match=r"holds no data\.pkl"):
        read_tensors(path)
