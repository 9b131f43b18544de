"""`seamline export` and `seamline batch`: files for editing systems, of one film or of many."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seamline.exchange.formats import EXPORT_FORMATS
from seamline.exchange.lists import read_list
from seamline.media.open_film import open_film

if TYPE_CHECKING:
    from films import FilmShelf

InProcess = Callable[[Sequence[object]], Any]
CUTS = [25, 60]


@pytest.fixture
def film(films: FilmShelf, tmp_path: Path) -> Path:
    """A film of its own folder, cut at 25 and 60."""
    (tmp_path / "rushes").mkdir()
    return Path(shutil.copy(films("mp4").path, tmp_path / "rushes" / "Reel Ä & “B”.mp4"))


@pytest.mark.parametrize("name", ["edl", "edl-editorial", "xmeml", "fcpxml", "otio", "csv", "tsv"])
def test_each_list_reads_back_with_the_films_cuts(
    in_process: InProcess, film: Path, tmp_path: Path, name: str
) -> None:
    suffix = next(f.suffix for f in EXPORT_FORMATS if f.id == name)
    target = tmp_path / f"cuts{suffix}"
    result = in_process(["export", film, "--to", name, "-o", target])
    assert result.code == 0
    assert f"Wrote {target}" in result.errors
    cut_list = read_list(target, rate=open_film(film).rate)
    starts = [event.record_start for event in cut_list.events]
    assert [start - starts[0] for start in starts] == [0, *CUTS]


def test_without_an_output_a_list_goes_to_standard_output(in_process: InProcess, film: Path) -> None:
    result = in_process(["export", film, "--to", "premiere"])
    assert result.code == 0
    assert result.output.startswith("<?xml")
    assert "<xmeml" in result.output
    assert sorted(path.name for path in film.parent.iterdir()) == [film.name]


def test_every_format_can_be_written_in_one_go(in_process: InProcess, film: Path, tmp_path: Path) -> None:
    names = [option for f in EXPORT_FORMATS for option in ("--to", f.id)]
    out = tmp_path / "out"
    assert in_process(["export", film, *names, "-o", out]).code == 0
    written = sorted(path.name for path in out.iterdir())
    assert len(written) == len(EXPORT_FORMATS)
    assert f"{film.stem} edl-editorial.edl" in written
    assert len(list((out / f"{film.stem} stills").iterdir())) == 3
    assert len(list((out / f"{film.stem} clips").iterdir())) == 3
    assert all(path.stat().st_size > 0 for path in out.rglob("*") if path.is_file())
    again = in_process(["export", film, "--to", "resolve", "-o", out])
    assert again.code == 2
    assert "exists already" in again.said
    assert in_process(["export", film, "--to", "resolve", "-o", out, "--force"]).code == 0


@pytest.mark.parametrize("command", ["export", "batch"])
def test_an_unknown_destination_names_those_that_there_are(
    in_process: InProcess, film: Path, command: str
) -> None:
    result = in_process([command, film if command == "export" else film.parent, "--to", "betamax"])
    assert result.code == 2
    for name in ("betamax", "premiere", "fcpxml", "elan"):
        assert name in result.said


def test_the_film_is_never_written_over(in_process: InProcess, film: Path) -> None:
    before = film.read_bytes()
    for name in ("edl", "aaf", "sheet", "report", "otioz"):
        result = in_process(["export", film, "--to", name, "-o", film, "--force"])
        assert (result.code, film.read_bytes()) == (1, before)


def test_what_cannot_be_written_is_said_before_the_analysis(
    in_process: InProcess, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing is to be analysed")

    monkeypatch.setattr("seamline_app.commands.export.analyse_with_bar", refuse)
    there = tmp_path / "cuts.csv"
    there.write_text("mine")
    assert in_process(["export", film, "--to", "csv", "-o", there]).code == 2
    late = in_process(["export", film, "--to", "edl", "--start-timecode", "23:59:59:00"])
    assert (late.code, "past midnight" in late.said) == (1, True)
    assert in_process(["export", film, "--to", "resolve", "-o", tmp_path / ("x" * 300)]).code == 1
    assert in_process(["batch", tmp_path / ("x" * 300), "--to", "csv"]).code == 2
    assert there.read_text() == "mine"


def test_a_dash_is_standard_output(in_process: InProcess, film: Path) -> None:
    result = in_process(["export", film, "--to", "csv", "-o", "-"])
    assert (result.code, result.output.splitlines()[0][:18]) == (0, "out_frame,in_frame")
    assert in_process(["export", film, "--to", "study", "-o", "-"]).code == 2
    assert not Path("-").exists()


class TestBatch:
    def test_films_that_differ_in_their_suffixes_alone_have_files_of_their_own(
        self, in_process: InProcess, film: Path, tmp_path: Path
    ) -> None:
        shutil.copy(film, film.with_suffix(".mov"))
        out = tmp_path / "lists"
        result = in_process(["batch", film.parent, "--to", "csv", "--force", "-o", out])
        assert result.code == 0
        assert len(list(out.iterdir())) == 2

    def test_every_film_and_a_sentence_for_each_that_fails(
        self, in_process: InProcess, film: Path, tmp_path: Path
    ) -> None:
        shutil.copy(film, film.with_name("second.mov"))
        film.with_name("broken.mp4").write_bytes(b"no film")
        film.with_name("notes.txt").write_text("no film either")
        film.with_name(".hidden.mp4").write_bytes(b"")
        (film.parent / "below").mkdir()
        shutil.copy(film, film.parent / "below" / "third.mp4")
        out = tmp_path / "lists"
        result = in_process(["batch", film.parent, "--to", "csv", "--to", "finalcut", "-o", out])
        assert result.code == 1
        assert "2 of 3 films exported." in result.errors
        assert "Not broken.mp4: “broken.mp4” is not a film" in result.errors
        assert sorted(path.name for path in out.iterdir()) == sorted(
            f"{stem}{suffix}" for stem in (film.stem, "second") for suffix in (".csv", ".fcpxml")
        )
        film.with_name("broken.mp4").unlink()
        result = in_process(["batch", film.parent, "--to", "csv", "--recursive", "--force", "-o", out])
        assert result.code == 0
        assert (out / "below" / "third.csv").is_file()

    def test_beside_the_films_and_nothing_overwritten(self, in_process: InProcess, film: Path) -> None:
        assert in_process(["batch", film.parent, "--to", "csv"]).code == 0
        target = film.with_suffix(".csv")
        target.write_text("mine")
        result = in_process(["batch", film.parent, "--to", "csv"])
        assert (result.code, target.read_text()) == (1, "mine")
        assert "--force" in result.errors

    def test_a_folder_without_films_or_none_at_all(self, in_process: InProcess, tmp_path: Path) -> None:
        assert in_process(["batch", tmp_path, "--to", "csv"]).code == 2
        result = in_process(["batch", tmp_path / "gone", "--to", "csv"])
        assert result.code == 2
        assert "is no folder" in result.said
