"""Cut lists from strangers: whatever is in one, it is read or refused in a sentence, soon, and nothing is written."""

from __future__ import annotations

import io
import os
import random
import time
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from seamline.errors import ExchangeError
from seamline.exchange.csv_list import write_csv
from seamline.exchange.edl import write_edl
from seamline.exchange.fcpxml import write_fcpxml
from seamline.exchange.lists import read_list
from seamline.exchange.otio import write_otio
from seamline.exchange.xmeml import write_xmeml
from seamline.project.types import Origin, Project, Seam, SeamKind

_LIMIT_S = 2.0
_WRITERS: tuple[tuple[str, Callable[[Project], str]], ...] = (
    (".edl", write_edl), (".xml", write_xmeml), (".fcpxml", write_fcpxml), (".otio", write_otio), (".csv", write_csv),
)  # fmt: skip
_TOKENS = (b"0", b"-1", b"99999999999999999999", b"1e308", b"NaN", b"00:00:00;00", b"</", b"<!DOCTYPE x>", b"&x;",
           b"{", b"]", b'"', b"\xff\xfe", b"\0", b"1/0", b"1001/30000s", b"file:///etc/passwd", b"../../x")  # fmt: skip


def _mutated(good: bytes, fate: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(fate.choice((1, 1, 1, 2, 5, 40))):
        at = fate.randrange(len(data))
        match fate.randrange(8):
            case 0:
                data[at] ^= 1 << fate.randrange(8)
            case 1:
                data[at : at + fate.randrange(1, 4)] = fate.choice(_TOKENS)
            case 2:
                del data[at : at + fate.randrange(1, 2000)]
            case 3:
                data[at:at] = fate.randbytes(fate.randrange(1, 100))
            case 4:
                source = fate.randrange(len(data))
                data[at:at] = data[source : source + fate.randrange(1, 3000)]
            case 5:
                del data[at:]
            case 6:
                digits = [place for place, byte in enumerate(data) if 48 <= byte < 58]
                if digits:
                    place = fate.choice(digits)
                    data[place : place + 1] = fate.choice((b"0", b"9", b"99999999", b"-7", b".5"))
            case 7:
                lines = bytes(data).split(b"\n")
                fate.shuffle(lines)
                data = bytearray(b"\n".join(lines))
        if not data:
            data = bytearray(b"\0")
    return bytes(data)


@pytest.fixture
def good(make_project: Callable[..., Project], tmp_path: Path) -> list[tuple[str, bytes]]:
    seams = [Seam(f, f + 1, origin=Origin.USER) for f in range(20, 900, 40)]
    seams += [Seam(905, 930, SeamKind.DISSOLVE), Seam(940, 960, SeamKind.WIPE, 0.6)]
    project = make_project(seams, rate=Fraction(30000, 1001), frames=1000)
    written = [(suffix, write(project).encode()) for suffix, write in _WRITERS]
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as file:
        file.writestr("content.otio", write_otio(project))
    written.append((".otioz", zipped.getvalue()))
    for suffix, data in written:
        path = tmp_path / f"good{suffix}"
        path.write_bytes(data)
        assert read_list(path, rate=project.film.rate).events
        path.unlink()
    return written


def _try_all(good: list[tuple[str, bytes]], folder: Path, count: int, seed: int) -> dict[str, int]:
    fate = random.Random(seed)
    fates = {"read": 0, "refused": 0}
    said: list[str] = []
    for number in range(count):
        suffix, whole = good[number % len(good)]
        path = folder / f"stranger's{fate.choice((suffix, suffix, suffix, '.txt', '.xml', '.csv'))}"
        path.write_bytes(_mutated(whole, fate))
        began_s = time.perf_counter()
        try:
            read_list(path, rate=Fraction(30000, 1001))
        except ExchangeError as error:
            said.append(str(error))
            fates["refused"] += 1
        else:
            fates["read"] += 1
        took_s = time.perf_counter() - began_s
        assert took_s < _LIMIT_S, f"mutation {number} of seed {seed} took {took_s:.1f} s"
        path.unlink()
        assert not list(folder.iterdir())
    assert all(sentence.endswith(".") for sentence in said), said
    return fates


def test_hundreds_of_mutations(good: list[tuple[str, bytes]], tmp_path: Path) -> None:
    fates = _try_all(good, tmp_path, 800, seed=1)
    assert all(count > 80 for count in fates.values()), fates


@pytest.mark.skipif("SEAMLINE_LONG_TESTS" not in os.environ, reason="SEAMLINE_LONG_TESTS=1 runs it: a minute")
@pytest.mark.timeout(900)
def test_ten_thousand_mutations(good: list[tuple[str, bytes]], tmp_path: Path) -> None:
    for seed in range(2, 12):
        _try_all(good, tmp_path, 1000, seed=seed)
