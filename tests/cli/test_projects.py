"""The command line takes a project for its film and its corrections."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seamline.media.open_film import open_film
from seamline.project.edits import AddSeam, DeleteSeam
from seamline.project.journal import Journal
from seamline.project.types import Origin, Project, Seam

if TYPE_CHECKING:
    from conftest import Result
    from films import FilmShelf

InProcess = Callable[[Sequence[object]], "Result"]


def cuts(table: str) -> list[int]:
    return [int(row["in_frame"]) for row in csv.DictReader(io.StringIO(table))]


@pytest.fixture
def film_path(films: FilmShelf, tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return Path(shutil.copy(films("mp4").path, tmp_path / "work" / "film.mp4"))


@pytest.fixture
def project_path(film_path: Path, in_process: InProcess) -> Path:
    """Beside its film, with a cut deleted and one added; what the window keeps by the film says otherwise."""
    journal = Journal(Project(open_film(film_path)))
    journal.do(AddSeam(Seam(9, 10, origin=Origin.USER)))
    path = film_path.with_name("cuts.seamline")
    journal.save_as(path)
    journal.undo()
    journal.do(DeleteSeam(Seam(24, 25)))
    journal.do(AddSeam(Seam(79, 80, origin=Origin.USER)))
    journal.close()
    return path


def test_its_corrections_count_and_not_those_kept_by_the_film(
    in_process: InProcess, film_path: Path, project_path: Path, tmp_path: Path
) -> None:
    before = project_path.read_bytes()
    result = in_process(["analyze", project_path])
    assert result.code == 0
    assert cuts(result.output) == [60, 80]
    assert "2 of your corrections included" in result.said
    assert cuts(in_process(["analyze", film_path]).output) == [10, 25, 60]
    assert cuts(in_process(["analyze", project_path, "--ignore-corrections"]).output) == [25, 60]
    table = tmp_path / "segments.csv"
    assert in_process(["segments", project_path, "--csv", table, "--min", "0.2"]).code == 0
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert max(int(row["last_shot"]) for row in rows) == 3
    assert project_path.read_bytes() == before


def test_the_project_is_not_written_over(in_process: InProcess, project_path: Path) -> None:
    before = project_path.read_bytes()
    result = in_process(["analyze", project_path, "--csv", project_path, "--force"])
    assert result.code == 2
    assert project_path.read_bytes() == before


def test_a_folder_of_both_that_was_moved(in_process: InProcess, project_path: Path, tmp_path: Path) -> None:
    project_path.parent.rename(tmp_path / "elsewhere")
    assert cuts(in_process(["analyze", tmp_path / "elsewhere" / "cuts.seamline"]).output) == [60, 80]


@pytest.mark.parametrize("kind", ["gone", "changed"])
def test_a_film_that_is_gone_or_another_one_is_a_sentence(
    in_process: InProcess, film_path: Path, project_path: Path, kind: str
) -> None:
    if kind == "gone":
        film_path.unlink()
    else:
        film_path.write_bytes(film_path.read_bytes() + b"\0\0\0\x08free")
    result = in_process(["analyze", project_path])
    assert result.code == 1
    assert ("was not found" if kind == "gone" else "is not the film any more") in result.said
    assert "cuts.seamline" in result.said


def test_what_is_no_project_is_a_sentence(in_process: InProcess, tmp_path: Path) -> None:
    (tmp_path / "text.seamline").write_text("no project")
    for name in ("text.seamline", "none.seamline"):
        result = in_process(["analyze", tmp_path / name])
        assert result.code == 1
        assert name in result.said
        assert result.said.endswith(".")
