"""`seamline compare FILM LIST`: the film that `analyze` wrote a list of, and the list, changed."""

from __future__ import annotations

import csv
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine, Result

InProcess = Callable[[Sequence[object]], "Result"]
OWN = "--ignore-corrections"


@pytest.fixture
def edl(in_process: InProcess, long_path: Path, tmp_path: Path) -> Path:
    """The film's own list."""
    path = tmp_path / "cuts.edl"
    assert in_process(["analyze", long_path, "--edl", path, OWN]).code == 0
    return path


def moved(edl: Path, event: int, frames: int) -> None:
    """Move the cut that the event begins with, within its second, in both columns."""
    lines = edl.read_bytes().decode().split("\r\n")
    numbers = [at for at, line in enumerate(lines) if line[:3].isdigit()]
    label = lines[numbers[event - 1]].split()[4]
    new = f"{label[:-2]}{int(label[-2:]) + frames:02d}"
    edl.write_bytes("\r\n".join(lines).replace(label, new).encode())


def test_the_films_own_list_agrees(in_process: InProcess, long_path: Path, edl: Path) -> None:
    result = in_process(["compare", long_path, edl])
    assert result.code == 0
    assert result.said == "List and film agree."
    assert "      0  missing in the list" in result.output


def test_a_moved_cut_is_a_difference_over_the_tolerance(
    in_process: InProcess, long_path: Path, edl: Path, tmp_path: Path
) -> None:
    moved(edl, 4, 2)
    table = tmp_path / "table.csv"
    result = in_process(["compare", long_path, edl, "--csv", table])
    assert result.code == 3
    assert result.said == "List and film differ in 1 place."
    assert "2 frames later in list" in result.output
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [row["shift_frames"] for row in rows if row["outcome"] == "moved"] == ["2"]
    assert in_process(["compare", long_path, edl, "--tolerance", 2]).code == 0
    refused = in_process(["compare", long_path, edl, "--csv", table])
    assert (refused.code, "--force" in refused.said) == (2, True)
    assert in_process(["compare", long_path, edl, "--csv", table, "--force"]).code == 3


def test_an_offset_by_hand_is_a_timecode_or_a_frame(
    in_process: InProcess, long_path: Path, edl: Path
) -> None:
    assert in_process(["compare", long_path, edl, "--offset", "00:00:00:00"]).code == 0
    assert in_process(["compare", long_path, edl, "--offset", "0"]).code == 0
    result = in_process(["compare", long_path, edl, "--offset=-5"])
    assert result.code == 3
    assert "5 frames later in list" in result.output
    for wrong in ("00:00:00:99", "soon", "00:01:00;00"):
        assert in_process(["compare", long_path, edl, "--offset", wrong]).code == 2


def test_a_list_of_another_film_is_a_difference(
    in_process: InProcess, long_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "other.edl"
    marks = [0, 31, 77, 140, 166, 233, 290, 371, 402, 455, 501, 580]
    label = "00:00:{:02d}:{:02d}".format
    events = [
        f"{n:03d}  AX       V     C        {a} {b} {a} {b}"
        for n, (a, b) in enumerate(
            zip(
                [label(*divmod(m, 25)) for m in marks],
                [label(*divmod(m, 25)) for m in marks[1:]],
                strict=False,
            ),
            1,
        )
    ]
    path.write_text("\r\n".join(["TITLE: Other", "FCM: NON-DROP FRAME", *events]) + "\r\n")
    result = in_process(["compare", long_path, path])
    assert result.code == 3
    assert "No offset fits" in result.said
    assert "--offset" in result.said


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("cut.aaf", "x", 2), ("cut.edl", "no list", 1), ("cut.edl", None, 1), ("cut.xml", "<html/>", 1)],
)
def test_a_list_that_cannot_be_read_is_a_sentence(
    in_process: InProcess, long_path: Path, tmp_path: Path, name: str, text: str | None, code: int
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    result = in_process(["compare", long_path, path])
    assert result.code == code
    assert result.output == ""
    assert name in result.said


def test_the_list_is_never_written_over(in_process: InProcess, long_path: Path, edl: Path) -> None:
    before = edl.read_bytes()
    assert in_process(["compare", long_path, edl, "--csv", edl, "--force"]).code == 2
    assert edl.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_it_can_be_interrupted(seamline: CommandLine, long_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "cuts.edl"
    path.write_text("TITLE: x\n001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n")
    process = seamline.start("compare", "--thorough", long_path, path, delay_s=0.5)
    assert process.stderr is not None
    assert any("window" in line for line in process.stderr)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Interrupted." in errors
