"""`seamline analyze`: the whole job without a screen."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import opentimelineio
import pytest

from seamline.media.open_film import open_film
from seamline.project.edits import AddSeam, DeleteSeam, SetFilmDetails
from seamline.project.journal import Journal
from seamline.project.types import Origin, Project, Seam

if TYPE_CHECKING:
    from conftest import CommandLine, Result
    from films import FilmShelf

InProcess = Callable[[Sequence[object]], "Result"]
CUTS = [(24, 25), (59, 60)]


def places(table: str) -> list[tuple[int, int]]:
    rows = list(csv.DictReader(io.StringIO(table)))
    return [(int(row["out_frame"]), int(row["in_frame"])) for row in rows]


def outputs(folder: Path) -> list[object]:
    options: list[object] = []
    for kind in ("edl", "csv", "otio", "json"):
        options += [f"--{kind}", folder / f"cuts.{kind}"]
    return options


def test_all_lists_in_one_run_without_a_screen(
    seamline: CommandLine, films: FilmShelf, tmp_path: Path
) -> None:
    """The driver also checks that neither Qt nor torch was imported."""
    film = films("mov_timecode").path
    result = seamline("analyze", film, *outputs(tmp_path))
    assert result.code == 0
    assert result.output == ""
    table = (tmp_path / "cuts.csv").read_text(encoding="utf-8")
    assert table.startswith("out_frame,in_frame,kind,confidence")
    assert places(table) == CUTS
    edl = (tmp_path / "cuts.edl").read_text(encoding="utf-8")
    assert "10:00:01:00 10:00:02:10" in edl
    assert "A001C002"[:8] in edl
    timeline: Any = opentimelineio.adapters.read_from_file(str(tmp_path / "cuts.otio"))
    assert len(list(timeline.find_clips())) == 3
    report = json.loads((tmp_path / "cuts.json").read_text(encoding="utf-8"))
    assert report["run"]["frames"] == report["run"]["frames_analysed_now"] == 100
    assert "2 seams in 100 frames; " in result.errors
    assert "x real time, paper." in result.errors
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "cuts.csv", "cuts.edl", "cuts.json", "cuts.otio", "home",
    ]  # fmt: skip


def test_without_an_output_the_table_is_printed(in_process: InProcess, films: FilmShelf) -> None:
    result = in_process(["analyze", films("mp4").path])
    assert (result.code, places(result.output)) == (0, CUTS)


def test_the_second_run_reads_the_cache_and_gives_the_same(
    in_process: InProcess, films: FilmShelf, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        assert in_process(["analyze", films("mp4").path, *outputs(folder)]).code == 0
    for kind in ("edl", "csv", "otio"):
        assert (first / f"cuts.{kind}").read_bytes() == (second / f"cuts.{kind}").read_bytes()
    run = json.loads((second / "cuts.json").read_text(encoding="utf-8"))["run"]
    assert (run["frames_analysed_now"], run["device"]) == (0, "cache")


def test_without_cache_it_keeps_nothing(in_process: InProcess, films: FilmShelf, tmp_path: Path) -> None:
    for _ in range(2):
        result = in_process(["analyze", films("mp4").path, "--no-cache"])
        assert "paper" in result.said
    assert not list(tmp_path.rglob("*.npz"))


@pytest.mark.parametrize(("options", "windows"), [([], 9), (["--thorough"], 4)])
def test_thorough_it_looks_at_every_frame_with_the_published_network(
    seamline: CommandLine, long_path: Path, options: list[str], windows: int
) -> None:
    """In four long windows; else it is asked about each of the nine cuts, of which the network of paper is unsure."""
    process = seamline.start("analyze", long_path, "--no-cache", *options, delay_s=0.01)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert errors.count("window\n") == windows
    assert len(places(output)) == 9


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_keeps_what_it_has_and_goes_on_next_time(
    seamline: CommandLine, long_path: Path, tmp_path: Path, number: signal.Signals
) -> None:
    report = tmp_path / "report.json"
    process = seamline.start("analyze", long_path, "--json", report, delay_s=0.4)
    assert process.stderr is not None
    windows = 0
    while windows < 3:
        windows += "window" in process.stderr.readline()
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors.strip().endswith(
        "Interrupted. What was found is kept: the same command goes on from there."
    )
    assert not report.exists()
    assert seamline("analyze", long_path, "--json", report).code == 0
    run = json.loads(report.read_text(encoding="utf-8"))["run"]
    assert run["frames"] == 600
    # two windows or three were done, those of the first 100 frames or 200
    assert run["frames_analysed_now"] in (400, 500)


class TestWrongUse:
    """Exit code 2: nothing was done."""

    def test_a_list_that_exists_is_not_overwritten_without_force(
        self, in_process: InProcess, films: FilmShelf, tmp_path: Path
    ) -> None:
        target = tmp_path / "cuts.csv"
        target.write_text("mine")
        result = in_process(["analyze", films("mp4").path, "--csv", target])
        assert (result.code, target.read_text()) == (2, "mine")
        assert "exists already" in result.said
        assert "--force" in result.said
        result = in_process(["analyze", films("mp4").path, "--csv", target, "--force"])
        assert (result.code, places(target.read_text(encoding="utf-8"))) == (0, CUTS)

    @pytest.mark.parametrize("force", [[], ["--force"]])
    def test_the_film_is_never_overwritten(
        self, in_process: InProcess, films: FilmShelf, tmp_path: Path, force: list[str]
    ) -> None:
        film = Path(shutil.copy(films("mp4").path, tmp_path / "film.mp4"))
        link = tmp_path / "link.csv"
        link.symlink_to(film)
        for target in (film, link, tmp_path / "." / "film.mp4"):
            result = in_process(["analyze", film, "--csv", target, *force])
            assert result.code == 2
            assert result.said.endswith("is the film itself: choose another name.")
        assert film.read_bytes() == films("mp4").path.read_bytes()

    def test_two_lists_of_one_name(self, in_process: InProcess, films: FilmShelf, tmp_path: Path) -> None:
        result = in_process(["analyze", films("mp4").path, "--csv", tmp_path / "a", "--edl", tmp_path / "a"])
        assert result.code == 2
        assert "same file name" in result.said

    def test_a_folder_that_is_not_there_or_a_name_that_is_a_folder(
        self, in_process: InProcess, films: FilmShelf, tmp_path: Path
    ) -> None:
        result = in_process(["analyze", films("mp4").path, "--edl", tmp_path / "none" / "a.edl"])
        assert (result.code, "there is no folder" in result.said) == (2, True)
        result = in_process(["analyze", films("mp4").path, "--edl", tmp_path])
        assert (result.code, "is a folder: add a file name" in result.said) == (2, True)

    @pytest.mark.parametrize(
        ("kind", "label", "said"),
        [
            ("mp4", "01:00", "is not a timecode"),
            ("mp4", "00:00:00:25", "out of range"),
            ("mp4", "01:00:00;00", "drop frame"),
            ("mov_drop_frame", "00:01:00;00", "does not exist in drop frame"),
        ],
    )
    def test_a_timecode_that_cannot_be(
        self, in_process: InProcess, films: FilmShelf, kind: str, label: str, said: str
    ) -> None:
        result = in_process(["analyze", films(kind).path, "--start-timecode", label])
        assert result.code == 2
        assert said in result.said
        assert result.said.endswith(".")

    def test_drop_frame_at_30_frames_a_second(
        self, in_process: InProcess, films: FilmShelf, tmp_path: Path
    ) -> None:
        """Its numbers would be counted one way and written another."""
        film = films.make_film(tmp_path / "30.mp4", frames=4, cuts=(), size=(64, 48), rate=Fraction(30))
        result = in_process(["analyze", film.path, "--start-timecode", "01:00:00;00"])
        assert result.code == 2
        assert "this film has 30: write it with colons." in result.said

    @pytest.mark.parametrize(
        "arguments",
        [["analyze", "--speed", "9"], ["analyze", "a", "b"], ["evaluate"], ["evaluate", "a"], ["--none"],
         ["evaluate", "a", "b", "--tolerance", "-1"], ["evaluate", "a", "b", "--tolerance", "x"]],
    )  # fmt: skip
    def test_arguments_that_mean_nothing(self, in_process: InProcess, arguments: list[str]) -> None:
        result = in_process(arguments)
        assert result.code == 2
        assert result.errors.startswith("usage: seamline")


class TestBadFilms:
    """Exit code 1, one sentence, no list."""

    @pytest.mark.parametrize("kind", ["missing", "folder", "empty", "text", "sound", "damaged"])
    def test_what_is_no_film(
        self, in_process: InProcess, films: FilmShelf, tmp_path: Path, kind: str
    ) -> None:
        path = tmp_path / f"{kind}.mp4"
        if kind == "folder":
            path.mkdir()
        elif kind == "empty":
            path.touch()
        elif kind == "text":
            path.write_text("no film")
        elif kind == "sound":
            films.make_sound(path)
        elif kind == "damaged":
            films.truncated(films("mp4").path, path)
        result = in_process(["analyze", path, *outputs(tmp_path)])
        assert (result.code, result.output) == (1, "")
        (sentence,) = result.errors.splitlines()
        assert sentence.startswith("seamline: ")
        assert path.name in sentence
        assert sentence.endswith(".")
        assert "Errno" not in sentence
        assert not list(tmp_path.glob("cuts.*"))

    def test_one_frame_and_a_film_cut_short_are_films(
        self, in_process: InProcess, films: FilmShelf, tmp_path: Path
    ) -> None:
        result = in_process(["analyze", films("mp4_one_frame").path])
        assert result.code == 0
        assert "0 seams in 1 frame; " in result.said
        cut = films.truncated(films("mkv").path, tmp_path / "cut.mkv", share=0.9)
        assert places(in_process(["analyze", cut]).output) == CUTS

    def test_names_in_any_script(self, in_process: InProcess, films: FilmShelf, tmp_path: Path) -> None:
        folder = tmp_path / "Fürstenfeld 東京"
        folder.mkdir()
        film = Path(shutil.copy(films("mp4").path, folder / "Schnüre – 映画 🎬.mp4"))
        result = in_process(["analyze", film, *outputs(folder)])
        assert result.code == 0
        for kind in ("edl", "csv", "otio", "json"):
            (folder / f"cuts.{kind}").read_text(encoding="utf-8")


class TestDetailsAndCorrections:
    @pytest.fixture
    def corrected(self, in_process: InProcess, films: FilmShelf) -> Path:
        """A film with corrections made in the window: a cut deleted, one added, a reel and a start given."""
        path = films("mp4").path
        journal = Journal(Project(open_film(path)))
        journal.do(DeleteSeam(Seam(24, 25)))
        journal.do(AddSeam(Seam(79, 80, origin=Origin.USER)))
        journal.do(SetFilmDetails("WINDOW", 3600 * 25))
        return path

    def test_corrections_count(self, in_process: InProcess, corrected: Path) -> None:
        result = in_process(["analyze", corrected])
        assert places(result.output) == [(59, 60), (79, 80)]
        assert "2 of your corrections included" in result.said
        assert places(in_process(["analyze", corrected, "--ignore-corrections"]).output) == CUTS

    @pytest.mark.parametrize(
        ("options", "reel", "start"),
        [
            ([], "WINDOW", "01:00:00:00"),
            (["--reel", "CARD7"], "CARD7", "01:00:00:00"),
            (["--start-timecode", "02:00:00:00"], "WINDOW", "02:00:00:00"),
            (["--reel", "CARD7", "--start-timecode", "02:00:00:00"], "CARD7", "02:00:00:00"),
        ],
    )
    def test_what_is_not_said_here_stays_as_it_was_said_in_the_window(
        self,
        in_process: InProcess,
        corrected: Path,
        tmp_path: Path,
        options: list[str],
        reel: str,
        start: str,
    ) -> None:
        target = tmp_path / "cuts.edl"
        assert in_process(["analyze", corrected, "--edl", target, *options]).code == 0
        event = next(
            line for line in target.read_text(encoding="utf-8").splitlines() if line.startswith("001")
        )
        assert event.split()[1] == reel
        assert event.split()[4] == start


class TestOutput:
    @pytest.mark.skipif(os.name == "nt", reason="Windows' pipes break otherwise")
    def test_a_reader_who_leaves_is_no_error(self, seamline: CommandLine, films: FilmShelf) -> None:
        process = seamline.start("analyze", films("mp4").path)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        process.stderr.close()
        assert process.wait(30) == 0
        assert "Broken" not in errors
        assert "Exception" not in errors

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
    def test_a_full_disk_is_a_sentence(self, seamline: CommandLine, films: FilmShelf) -> None:
        with Path("/dev/full").open("w") as full:
            process = subprocess.run(
                seamline.command("analyze", films("mp4").path),
                stdout=full,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                env=seamline.environment,
                check=False,
            )
        assert process.returncode == 1
        assert process.stderr.splitlines()[-1].startswith("seamline: The output could not be written")

    def test_no_output_at_all_is_a_sentence(
        self, in_process: InProcess, films: FilmShelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "stdout", None)
        result = in_process(["analyze", films("mp4").path])
        assert result.code == 1
        assert (
            result.said
            == "seamline: There is no standard output to write to: name a file, such as --csv cuts.csv."
        )

    def test_a_cache_that_cannot_be_written_is_told_and_the_job_done(
        self, in_process: InProcess, films: FilmShelf, tmp_path: Path
    ) -> None:
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "XDG_CACHE_HOME").write_text("a file where the folder should be")
        result = in_process(["analyze", films("mp4").path])
        assert (result.code, places(result.output)) == (0, CUTS)
        assert "could not be kept for next time" in result.errors


class TestHelp:
    def test_version_and_help(self, in_process: InProcess) -> None:
        import seamline

        version = in_process(["--version"])
        assert (version.code, version.output) == (0, f"Seamline {seamline.__version__}\n")
        for command in ([], ["analyze"], ["evaluate"]):
            shown = in_process([*command, "--help"])
            assert shown.code == 0
            assert shown.output.startswith("usage: seamline")
        for option in ("--edl", "--csv", "--otio", "--json", "--force", "--reel", "--start-timecode"):
            assert option in in_process(["analyze", "--help"]).output

    def test_verbose_may_stand_on_either_side(self, seamline: CommandLine, films: FilmShelf) -> None:
        for arguments in (["--verbose", "analyze"], ["analyze", "--verbose"]):
            assert seamline(*arguments, films("mp4_one_frame").path).code == 0


def test_help_needs_no_second(seamline: CommandLine) -> None:
    """Neither Qt, nor torch, nor the engine's heavy parts are loaded for it (the driver loads numpy and av)."""
    code = "import sys; from seamline_app.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "print([m for m in ('PySide6', 'torch', 'onnxruntime', 'cv2', 'pyqtgraph') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_nothing_leaves_the_machine_and_nothing_is_kept_but_our_own(
    films: FilmShelf, seamline: CommandLine
) -> None:
    """With the real network: onnxruntime reports to its maker unless it is told not to."""
    spy = (
        "import socket, sys\n"
        "def hear(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo'): print('NETWORK', event, arguments)\n"
        "sys.addaudithook(hear)\n"
        "from seamline_app.cli import main\n"
        "sys.exit(main())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", spy, "analyze", str(films("mp4").path)],
        env=seamline.environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=100,
    )
    assert "NETWORK" not in run.stdout
    written = [path for path in seamline.home.rglob("*") if path.is_file()]
    assert written
    assert [path for path in written if not path.is_relative_to(seamline.home / "cache" / "seamline")] == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_a_window_without_a_screen_is_a_sentence(films: FilmShelf, seamline: CommandLine) -> None:
    environment = dict(seamline.environment)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        environment.pop(name, None)
    run = subprocess.run(
        [sys.executable, "-m", "seamline_app", str(films("mp4").path)],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert run.returncode == 1
    assert "seamline analyze" in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
