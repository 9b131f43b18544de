"""Project files from strangers: whatever is in one, it opens, perhaps in part, or is refused in a sentence, soon."""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from edited import cut, filled

from seamline.errors import ProjectError
from seamline.project.edits import AddSeam
from seamline.project.file import ProjectFile
from seamline.project.footage import ShotFootage
from seamline.project.labels import Label, ShotLabels, ShotScale
from seamline.project.locating import film_of_project
from seamline.project.types import Project, Seam

_LIMIT_S = 2.0


def _mutated(good: bytes, fate: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(fate.choice((1, 1, 1, 2, 5, 40))):
        at = fate.randrange(len(data))
        match fate.randrange(9):
            case 0:
                data[at] ^= 1 << fate.randrange(8)
            case 1:
                data[at] = fate.choice((0, 1, 127, 128, 255))
            case 2:  # where the numbers of pages, cells and types lie
                page = at // 4096 * 4096
                place = page + (100 if page == 0 else 0) + fate.randrange(12)
                data[place : place + 1] = fate.randbytes(1)
            case 3:
                place = fate.randrange(16, 100)
                data[place : place + 1] = fate.randbytes(1)
            case 4:
                del data[at : at + fate.randrange(1, 5000)]
            case 5:
                data[at:at] = fate.randbytes(fate.randrange(1, 300))
            case 6:
                end = min(len(data), at + fate.randrange(1, 4096))
                data[at:end] = fate.randbytes(end - at)
            case 7:
                source = fate.randrange(len(data))
                data[at : at + 4096] = data[source : source + 4096]
            case 8:
                digits = [place for place, byte in enumerate(data) if 48 <= byte < 58]
                if digits:
                    data[fate.choice(digits)] = fate.randrange(48, 58)
        if not data:
            data = bytearray(b"\0")
    return bytes(data)


@pytest.fixture
def good(project: Callable[..., Project], new_file: Callable[..., Path]) -> tuple[Project, bytes]:
    base = project(1000, *(Seam(f, f + 1) for f in range(100, 900, 50)))
    path = new_file(base)
    file = filled(ProjectFile(base, path))
    for frame in range(202, 240, 2):
        file.do(AddSeam(cut(frame + 1)))
    file.undo()
    labels = ShotLabels(0, 101, Label(ShotScale.MS, 0.8), Label(None, 0.3))
    footage = ShotFootage(0, 101, 1, 1), ShotFootage(101, 151, 1, 1, (20, 70), 0.75)
    file.remember(base.proposals, 1000, (labels,), footage)
    file.set_setting("segments", {"min_s": 2.0})
    file.close()
    return base, path.read_bytes()


def _try_all(base: Project, good: bytes, folder: Path, count: int, seed: int) -> dict[str, int]:
    """What became of `count` mutations."""
    fate = random.Random(seed)
    fates = {"whole": 0, "in part": 0, "refused": 0}
    for number in range(count):
        place = folder / f"{seed}-{number}"
        place.mkdir()
        path = place / "stranger's.seamline"
        data = _mutated(good, fate)
        path.write_bytes(data)
        if fate.random() < 0.1:  # with what an interrupted step would leave
            path.with_name(f"{path.name}-journal").write_bytes(_mutated(good, fate)[: fate.randrange(9000)])
        for is_reader in (True, False):
            began_s = time.perf_counter()
            try:
                file = ProjectFile(base, path, read_only=is_reader)
            except ProjectError as error:
                said, outcome = str(error), "refused"
            else:
                file.close()
                said, outcome = file.damage or ".", "in part" if file.damage else "whole"
                if file.damage and not is_reader and not path.with_name(f"{path.name}-journal").exists():
                    aside = next(place.glob("*.damaged-*"))
                    assert len(aside.read_bytes()) > 0
            assert time.perf_counter() - began_s < _LIMIT_S, f"mutation {number} of seed {seed}"
            assert said.endswith("."), said
            assert "sqlite" not in said.lower()
        with contextlib.suppress(ProjectError):
            film_of_project(path)
        fates[outcome] += 1
        for left in place.iterdir():
            left.unlink()
        place.rmdir()
    return fates


def test_hundreds_of_mutations(good: tuple[Project, bytes], tmp_path: Path) -> None:
    fates = _try_all(*good, tmp_path, 400, seed=1)
    assert all(count > 20 for count in fates.values()), fates


@pytest.mark.skipif("SEAMLINE_LONG_TESTS" not in os.environ, reason="SEAMLINE_LONG_TESTS=1 runs it: a minute")
@pytest.mark.timeout(600)
def test_thousands_of_mutations(good: tuple[Project, bytes], tmp_path: Path) -> None:
    for seed in range(2, 7):
        _try_all(*good, tmp_path, 1000, seed=seed)
