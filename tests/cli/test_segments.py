"""`seamline segments FILM`: a film's segments as a table, as files and as clips."""

from __future__ import annotations

import argparse
import csv
import os
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis import stages
from seamline.errors import ExchangeError, ModelError, SeamlineError
from seamline.exchange import folding
from seamline.media.open_film import open_film
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.progress import Progress
from seamline.project.edits import AddSeam
from seamline.project.journal import Journal
from seamline.project.types import Origin, Project, Seam
from seamline_app.commands import segments as command
from seamline_app.commands.segments import segments
from seamline_app.commands.segments_options import add_segments
from seamline_app.exit_codes import INTERRUPTED, OK
from seamline_app.usage import UsageError

if TYPE_CHECKING:
    from conftest import Result
    from films import FilmShelf

Run = Callable[..., int]
SHORT = ("--min", 0.5, "--max", 2)
CUTS = (25, 60)


class PaperEncoder:
    """Stands for the network: a picture's direction is its colour below the barcode, left of most bars."""

    spec = EFFICIENTNET_LITE0_ENCODER
    device = "paper"

    def encode(self, pictures: NDArray[np.uint8], *, progress: Progress | None = None) -> NDArray[np.float32]:
        vectors = np.zeros((len(pictures), self.spec.dimension), np.float32)
        vectors[:, :3] = np.median(pictures[:, 80:110].reshape(len(pictures), -1, 3), axis=1)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def run(in_process: Callable[[Sequence[object]], Result], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command without the rest of the command line, on networks of paper, with homes of its own."""
    monkeypatch.setattr(stages, "open_efficientnet", lambda **_: PaperEncoder())
    seams = [Seam(cut - 1, cut) for cut in CUTS]
    monkeypatch.setattr("seamline.analysis.analyze.find_seams", lambda *_, **__: seams)
    parser = argparse.ArgumentParser()
    add_segments(parser.add_subparsers())
    return lambda *arguments: segments(parser.parse_args(["segments", *map(str, arguments)]))


def bounds(table: Path) -> list[tuple[int, int]]:
    with table.open(encoding="utf-8") as file:
        return [(int(row["start_frame"]), int(row["end_frame"])) for row in csv.DictReader(file)]


def test_without_an_output_the_segments_are_printed(
    run: Run, films: FilmShelf, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(films("mov_timecode").path, *SHORT) == OK
    written = capfd.readouterr()
    lines = [line.split() for line in written.out.splitlines()]
    assert lines[0] == ["#", "start", "end", "seconds", "shots", "strength", "keyframes"]
    assert [line[1:4] for line in lines[1:]] == [
        ["10:00:00:00", "10:00:01:00", "1.00"],
        ["10:00:01:00", "10:00:02:10", "1.40"],
        ["10:00:02:10", "10:00:04:00", "1.60"],
    ]
    assert "3 segments in 100 frames, 6 keyframes." in written.err


def test_every_file_in_one_run(
    run: Run, films: FilmShelf, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    names = {
        "csv": "s.csv", "plot": "p.png", "map": "m.svg", "embeddings": "e.npy", "scores": "sc.csv",
        "statistics": "st.csv",
    }  # fmt: skip
    outputs = [part for option, name in names.items() for part in (f"--{option}", out / name)]
    assert run(films("mp4_short_gop").path, *SHORT, *outputs, "--clips", out / "clips") == OK
    written = capfd.readouterr()
    assert written.out == ""
    assert sorted(path.name for path in out.iterdir()) == sorted([*names.values(), "e.json", "clips"])
    ranges = bounds(out / "s.csv")
    assert [start for start, _ in ranges] == [0, *CUTS]
    clips = sorted((out / "clips").iterdir())
    assert [open_film(clip).frame_count for clip in clips] == [end - start for start, end in ranges]
    # the last begins on a key frame (every sixth is one) and ends with the film
    assert "3 of 3 clips are in" in written.err
    assert "1 copied bit for bit, 2 encoded anew" in written.err
    assert np.load(out / "e.npy").shape == (9, 1280)


def test_more_sensitivity_finds_no_fewer_candidates_and_lengths_hold(
    run: Run, films: FilmShelf, tmp_path: Path
) -> None:
    film = films("mp4").path
    for name, preset, sensitivity in (("a", "pipeline", 0), ("b", "notebook", 1), ("c", "surveyed", 0.5)):
        table = tmp_path / f"{name}.csv"
        assert run(film, *SHORT, "--preset", preset, "--sensitivity", sensitivity, "--csv", table) == OK
        lengths = [end - start for start, end in bounds(table)]
        assert sum(lengths) == 100
        assert all(13 <= length <= 50 for length in lengths)


def test_the_editors_corrections_count_unless_told_otherwise(
    run: Run, films: FilmShelf, tmp_path: Path
) -> None:
    path = films("mp4").path
    with_them, without = tmp_path / "a.csv", tmp_path / "b.csv"
    journal = Journal(Project(open_film(path)))
    journal.do(AddSeam(Seam(79, 80, origin=Origin.USER)))
    journal.close()
    run(path, *SHORT, "--csv", with_them)
    run(path, *SHORT, "--csv", without, "--ignore-corrections")
    shots = [
        max(int(row["last_shot"]) for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
        for table in (with_them, without)
    ]
    assert shots == [4, 3]


def test_distinct_leaves_out_keyframes_that_repeat(run: Run, films: FilmShelf, tmp_path: Path) -> None:
    path = films("mp4").path
    keys = []
    for name, extra in (("all", []), ("distinct", ["--distinct"])):
        table = tmp_path / f"{name}.csv"
        run(path, *SHORT, "--csv", table, *extra)
        with table.open(encoding="utf-8") as file:
            keys.append([set(row["keyframes"].split()) for row in csv.DictReader(file)])
    assert all(few <= many and few for many, few in zip(*keys, strict=True))


class TestWrongUse:
    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (["--min", 10, "--max", 15], "at least twice the shortest"),
            (["--plot", "a.bmp"], r"end in \.png or \.svg"),
            (["--embeddings", "e.txt"], r"end in \.npy, \.csv, \.parquet"),
            (["--parquet", "s.csv"], r"end in \.parquet"),
            (["--csv", "missing/s.csv"], "there is no folder"),
            (["--scores", "a.csv", "--csv", "a.csv"], "Two outputs have the same file name"),
            (["--embeddings", "a.npy", "--scores", "a.npy"], "Two outputs have the same file name"),
            (["--min", 0.13, "--max", 0.26, "--csv", "a.csv"], "are 4 to 6 frames here"),
        ],
    )
    def test_is_said_before_the_work(
        self,
        run: Run,
        films: FilmShelf,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        options: list[object],
        says: str,
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(command, "finish", lambda *_: pytest.fail("it began to work"))
        with pytest.raises(UsageError, match=says):
            run(films("mp4").path, *options)

    @pytest.mark.parametrize(
        "options", [["--sensitivity", 2], ["--sensitivity", "x"], ["--preset", "mine"], ["--keyframes", 9]]
    )
    def test_numbers_out_of_range_are_refused_by_the_parser(
        self, run: Run, options: list[object], capfd: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit):
            run("film.mp4", *options)
        assert "usage:" in capfd.readouterr().err

    def test_what_exists_is_written_over_by_force_only(
        self, run: Run, films: FilmShelf, tmp_path: Path
    ) -> None:
        table = tmp_path / "s.csv"
        table.write_text("mine")
        with pytest.raises(UsageError, match=r"--force overwrites it"):
            run(films("mp4").path, "--csv", table)
        assert run(films("mp4").path, *SHORT, "--csv", table, "--force") == OK
        assert bounds(table)[0] == (0, 25)

    def test_clips_are_never_written_over(self, run: Run, films: FilmShelf, tmp_path: Path) -> None:
        clip = tmp_path / "mp4-001.mp4"
        clip.write_bytes(b"mine")
        with pytest.raises(UsageError, match="--force overwrites no clips"):
            run(films("mp4").path, *SHORT, "--clips", tmp_path, "--force")
        assert clip.read_bytes() == b"mine"

    def test_the_film_is_never_written_over(self, run: Run, films: FilmShelf, tmp_path: Path) -> None:
        film = tmp_path / "film.csv"
        film.write_bytes(films("mp4").path.read_bytes())
        with pytest.raises(SeamlineError, match="the film itself"):
            run(film, "--csv", film, "--force")


def test_without_the_encoder_it_says_so(run: Run, films: FilmShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(**_: object) -> PaperEncoder:
        raise ModelError("EfficientNet-Lite0 is not installed: run the set-up again.")

    monkeypatch.setattr(stages, "open_efficientnet", missing)
    with pytest.raises(ModelError, match="run the set-up again"):
        run(films("mp4").path)


def test_a_folder_for_clips_that_cannot_be_made(run: Run, films: FilmShelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SeamlineError, match="is no folder"):
        run(films("mp4").path, "--clips", tmp_path / "file")
    with pytest.raises(ExchangeError, match="cannot be made"):
        run(films("mp4").path, "--clips", tmp_path / "file" / "clips")


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_interrupted_while_clips_are_written_it_tells_how_many_there_are(
    run: Run,
    films: FilmShelf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    fold = folding._Folding.fold

    def interrupted(
        self: folding._Folding, path: Path, start: int, end: int, done: int
    ) -> tuple[bool, float]:
        if start > 0:
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(0.3)  # the main thread hears it every tenth of a second
        return fold(self, path, start, end, done)

    monkeypatch.setattr(folding._Folding, "fold", interrupted)
    assert run(films("mp4").path, *SHORT, "--clips", tmp_path / "clips") == INTERRUPTED
    assert "Interrupted. 1 of 3 clips are in" in capfd.readouterr().err
    assert [path.name for path in (tmp_path / "clips").iterdir()] == ["mp4-001.mp4"]
