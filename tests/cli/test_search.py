"""`seamline search` and `seamline library`: on small films, with an encoder that sees colours and knows their names."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.library_films import LibraryError, default_library_folder
from seamline.analysis.library_index import LibraryIndex
from seamline.errors import MediaError, ModelError
from seamline.models import encoders
from seamline.models.encoder import EncoderSpec
from seamline.models.encoders import BUILT_IN, EncoderChoice
from seamline.models.store import install_command
from seamline.progress import Progress
from seamline.project.types import Seam
from seamline_app.commands import library as library_command
from seamline_app.commands import search_query
from seamline_app.commands.library import library
from seamline_app.commands.search import search
from seamline_app.commands.search_options import add_library, add_search
from seamline_app.exit_codes import FAILED, OK
from seamline_app.usage import UsageError

if TYPE_CHECKING:
    from conftest import Result
    from films import FilmShelf

Run = Callable[..., int]
Printed = pytest.CaptureFixture[str]
SPEC = EncoderSpec("colours", "colours 1", (24, 24), 3, telling_score=0.5)
CUTS = (25, 60)
SHOT_COLOURS = {1: (70, 150, 110), 2: (167, 207, 61), 3: (64, 64, 212), 4: (180, 40, 110)}
"""Of the shots of test films, RGB; the last is in none of them."""


class Colours:
    """Stands for a network: a picture's direction is its colour below the barcode; words are names of shots."""

    spec = SPEC
    device = "paper"
    pictures = 0

    def encode(self, pictures: NDArray[np.uint8], *, progress: Progress | None = None) -> NDArray[np.float32]:
        Colours.pictures += len(pictures)
        return _directions(np.median(pictures[:, 9:11].reshape(len(pictures), -1, 3), axis=1))

    def encode_texts(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        if "gibberish" in texts:
            raise ModelError("“gibberish” is no word that is known: use others.")
        return _directions(np.array([SHOT_COLOURS[int(text.split()[-1])] for text in texts]))


def _directions(colours: NDArray[np.floating] | NDArray[np.integer]) -> NDArray[np.float32]:
    centred = colours - 110.0
    return np.asarray(centred / np.linalg.norm(centred, axis=1, keepdims=True), np.float32)


CHOICE = EncoderChoice("colours", "Colours", (), lambda: SPEC, lambda threads: Colours(), Colours)


@pytest.fixture
def run(in_process: Callable[[Sequence[object]], Result], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The commands without the rest of the command line, on networks of paper, with homes of its own."""
    for module in (encoders, search_query, library_command):
        monkeypatch.setattr(module, "ENCODERS", (CHOICE, BUILT_IN))
    seams = [Seam(cut - 1, cut) for cut in CUTS]
    monkeypatch.setattr("seamline.analysis.analyze.find_seams", lambda *_, **__: seams)
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command")
    add_search(commands)
    add_library(commands)

    def run_command(*arguments: object) -> int:
        options = parser.parse_args([str(argument) for argument in arguments])
        return search(options) if options.command == "search" else library(options)

    return run_command


@pytest.fixture
def film(films: FilmShelf, tmp_path: Path) -> Path:
    """A copy, so that it can be moved and changed; timecode from 10:00:00:00."""
    return Path(shutil.copy(films("mov_timecode").path, tmp_path / "take 1.mov"))


@pytest.fixture
def second(films: FilmShelf, tmp_path: Path) -> Path:
    return Path(shutil.copy(films("mp4").path, tmp_path / "take 2.mp4"))


def found(capfd: Printed) -> list[dict[str, object]]:
    shots: list[dict[str, object]] = json.loads(capfd.readouterr().out)["shots"]
    return shots


def test_words_find_a_shot_of_a_film(run: Run, film: Path, capfd: Printed) -> None:
    assert run("search", "shot", "2", film) == OK
    written = capfd.readouterr()
    lines = written.out.splitlines()
    assert lines[0].split() == ["#", "film", "shot", "timecode", "from", "to", "score"]
    first = lines[1].split()
    assert first[:4] == ["1", "take", "1.mov", "2"]
    assert first[5:7] == ["10:00:01:00", "10:00:02:10"]
    assert "10:00:01:00" <= first[4] < "10:00:02:10"
    assert float(first[7]) > 0.95
    assert len(lines) == 4  # each shot once
    assert "Traceback" not in written.err


def test_the_same_as_csv_and_json(run: Run, film: Path, capfd: Printed) -> None:
    assert run("search", "shot 3", film, "--format", "csv", "--limit", 1) == OK
    (row,) = csv.DictReader(io.StringIO(capfd.readouterr().out))
    assert run("search", "shot 3", film, "--format", "json", "--limit", 1) == OK
    (shot,) = found(capfd)
    assert list(row) == list(shot)
    assert (shot["rank"], shot["shot"], shot["start_frame"], shot["end_frame"]) == (1, 3, 60, 100)
    assert (shot["start_timecode"], shot["end_timecode"]) == ("10:00:02:10", "10:00:04:00")
    assert {name: str(value) for name, value in shot.items() if name != "is_there"} == {
        name: value for name, value in row.items() if name != "is_there"
    }
    assert (row["is_there"], shot["is_there"], shot["path"]) == ("1", True, str(film))


def test_a_film_that_was_looked_at_is_searched_without_a_picture(run: Run, film: Path) -> None:
    assert run("search", "shot 1", film) == OK
    before = Colours.pictures
    assert before
    assert run("search", "shot 2", film) == OK
    assert run("search", "shot 2") == OK
    assert Colours.pictures == before


def test_without_a_film_the_library_is_searched(run: Run, film: Path, second: Path, capfd: Printed) -> None:
    assert run("search", "shot 1", film, second) == OK
    both = capfd.readouterr().out
    assert run("search", "shot 1") == OK
    assert sorted(capfd.readouterr().out.splitlines()) == sorted(both.splitlines())
    assert run("search", "shot", "2", second, "--library", "--format", "json", "--limit", 2) == OK
    assert {(shot["film"], shot["shot"]) for shot in found(capfd)} == {("take 1.mov", 2), ("take 2.mp4", 2)}


def test_a_film_whose_drive_is_away_is_told_of(run: Run, film: Path, capfd: Printed) -> None:
    run("library", "add", film)
    film.rename(film.with_suffix(".away"))
    capfd.readouterr()
    assert run("search", "shot 2") == OK
    assert "take 1.mov (not there now)" in capfd.readouterr().out


def test_a_picture_file_and_a_frame_find_what_is_like_them(
    run: Run, film: Path, second: Path, tmp_path: Path, capfd: Printed
) -> None:
    picture = tmp_path / "like.png"
    cv2.imwrite(str(picture), np.full((90, 160, 3), SHOT_COLOURS[3][::-1], np.uint8))
    assert run("search", "--like", picture, film, "--format", "json") == OK
    assert found(capfd)[0]["shot"] == 3
    for position in ("30", "10:00:01:05", "1.2s"):
        assert run("search", "--frame", f"{film}:{position}", second, "--format", "json") == OK
        assert found(capfd)[0]["shot"] == 2


def test_what_is_not_wanted_comes_later(run: Run, film: Path, capfd: Printed) -> None:
    run("search", "shot 1", film, "--format", "json")
    before = [shot["score"] for shot in found(capfd)]
    assert run("search", "shot 1", film, "--not", "shot 1", "--not", "shot 2", "--format", "json") == OK
    assert [shot["score"] for shot in found(capfd)] != before


def test_where_nothing_stands_out_that_is_said(run: Run, film: Path, second: Path, capfd: Printed) -> None:
    """“shot 4” is like none of the pictures."""
    for arguments in ([film, second], ["--library"]):
        assert run("search", "shot 4", *arguments) == OK
        written = capfd.readouterr()
        assert "Nothing stands out: these shots are only the nearest." in written.err
        assert written.out.count("\n") > 3
        assert run("search", "shot 2", *arguments) == OK
        assert "stands out" not in capfd.readouterr().err


def test_hits_are_not_lost_where_the_library_cannot_be_written(
    run: Run, film: Path, tmp_path: Path, capfd: Printed
) -> None:
    folder = default_library_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")
    assert run("search", "shot 2", film, "--format", "json") == OK
    written = capfd.readouterr()
    assert json.loads(written.out)["shots"][0]["shot"] == 2
    assert "The library does not have what was searched now." in written.err
    assert "cannot be written" in written.err
    with pytest.raises(LibraryError):
        run("search", "shot 2", film, "--library")


def test_a_library_that_cannot_be_written_is_searched_as_it_is(
    run: Run, film: Path, capfd: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise LibraryError("The library cannot be written.")

    run("library", "add", film)
    monkeypatch.setattr(LibraryIndex, "tidy", refuse)
    capfd.readouterr()
    assert run("search", "shot 2", "--format", "json") == OK
    written = capfd.readouterr()
    assert json.loads(written.out)["shots"][0]["shot"] == 2
    assert "Films may be missing. The library cannot be written." in written.err


def test_a_film_that_cannot_be_read_does_not_keep_the_others_from_being_searched(
    run: Run, film: Path, capfd: Printed
) -> None:
    film.with_name("broken.mp4").write_bytes(b"no film")
    assert run("search", "shot 2", film.parent, "--format", "json") == FAILED
    written = capfd.readouterr()
    assert {shot["film"] for shot in json.loads(written.out)["shots"]} == {"take 1.mov"}
    assert "Not broken.mp4: “broken.mp4” is not a film" in written.err
    with pytest.raises(MediaError, match=r"gone\.mov"):
        run("search", "shot 2", film.with_name("gone.mov"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all names of files are text")
def test_a_name_that_is_no_text_can_be_used(run: Run, film: Path, capfd: Printed) -> None:
    odd = film.rename(film.with_name(os.fsdecode(b"caf\xe9  1.mov")))
    assert run("search", "shot 2", odd, "--format", "json") == OK
    assert found(capfd)[0]["path"] == str(odd)
    assert run("search", "shot 2", odd, "--format", "csv") == OK
    assert run("library", "list") == OK
    shown = capfd.readouterr().out.splitlines()[-1].split("  ")[-1].strip()
    assert shown.endswith("caf\ufffd 1.mov")
    assert run("library", "forget", shown) == OK


def test_words_that_are_not_known_are_told_of_before_the_work(run: Run, film: Path) -> None:
    before = Colours.pictures
    with pytest.raises(ModelError, match="gibberish"):
        run("search", "gibberish", film)
    assert Colours.pictures == before


def test_a_network_that_needs_no_download_says_what_finds_better(
    run: Run, film: Path, capfd: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    better = EncoderChoice("clip", "CLIP", BUILT_IN.cards, lambda: SPEC, CHOICE.open_image, CHOICE.open_text)
    plain = EncoderChoice("label-vectors", "Labels", (), lambda: SPEC, CHOICE.open_image, CHOICE.open_text)
    for module in (encoders, search_query, library_command):
        monkeypatch.setattr(module, "ENCODERS", (better, plain))
    monkeypatch.setattr(encoders, "seems_installed", lambda card: False)
    assert run("search", "shot 1", film) == OK
    (line,) = [line for line in capfd.readouterr().err.splitlines() if "Labels" in line]
    assert line.startswith("Done with Labels, which needs no download. CLIP finds far better: “")
    assert install_command(BUILT_IN.cards[0]) in line
    with pytest.raises(ModelError, match="CLIP is not installed"):
        run("search", "shot 1", film, "--encoder", "clip")


class TestWrongUse:
    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            ((), "Say what to look for"),
            (("one.mov", "words"), "name films last"),
            (("--frame", "nowhere.mov:12"), "names no frame"),
            (("words", "--encoder", "nothing"), "There is no encoder “nothing”"),
            (("words", "--encoder", BUILT_IN.id), "knows no words"),
        ],
    )
    def test_is_said_before_the_work(self, run: Run, arguments: Sequence[str], told: str) -> None:
        with pytest.raises(UsageError, match=told):
            run("search", *arguments)

    def test_a_frame_outside_the_film(self, run: Run, film: Path) -> None:
        with pytest.raises(UsageError, match="outside the film"):
            run("search", "--frame", f"{film}:5000")

    def test_a_limit_that_is_none(self, run: Run) -> None:
        with pytest.raises(SystemExit):
            run("search", "words", "--limit", "0")

    def test_a_picture_that_is_none(self, run: Run, tmp_path: Path) -> None:
        with pytest.raises(MediaError, match=r"nothing\.png"):
            run("search", "--like", tmp_path / "nothing.png")


def test_an_empty_library_says_how_to_fill_it(run: Run, capfd: Printed) -> None:
    with pytest.raises(ModelError, match="seamline library add"):
        run("search", "shot 1")
    assert run("library", "list") == OK
    assert "library is empty" in capfd.readouterr().err


def test_films_are_added_listed_and_forgotten(run: Run, film: Path, second: Path, capfd: Printed) -> None:
    assert run("library", "add", film, second, film.with_name("none.mov")) == FAILED
    told = capfd.readouterr().err
    assert "Added take 1.mov: 3 shots, searched by Colours." in told
    assert "none.mov:" in told
    assert run("library", "list") == OK
    lines = capfd.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["film", "take 1.mov", "take 2.mp4"]
    assert all("there" in line and "colours" in line for line in lines[1:])
    assert run("library", "forget", film.parent / "elsewhere" / ".." / film.name) == OK
    assert run("library", "forget", "take 2.mp4") == OK
    with pytest.raises(UsageError, match="not in the library"):
        run("library", "forget", "take 2.mp4")
    assert film.is_file()
    assert run("library", "list") == OK
    assert capfd.readouterr().out == ""


def test_what_is_damaged_is_made_again_without_a_picture(
    run: Run, film: Path, second: Path, capfd: Printed, tmp_path: Path
) -> None:
    run("library", "add", film, second)
    before = Colours.pictures
    (table,) = (tmp_path / "home").rglob("films.sqlite")
    data = table.read_bytes()
    table.write_bytes(b"garbage" * 1000)
    assert run("search", "shot 2", "--format", "json") == OK
    capfd.readouterr()
    vectors_at = data.rindex(b"\x00" * 4)
    table.write_bytes(data[: vectors_at // 2])
    run("library", "check")
    capfd.readouterr()
    assert run("search", "shot 2", "--format", "json", "--limit", 2) == OK
    assert {shot["film"] for shot in found(capfd)} == {"take 1.mov", "take 2.mp4"}
    assert Colours.pictures == before


def test_check_tells_of_films_that_are_away_or_others(
    run: Run, film: Path, second: Path, capfd: Printed
) -> None:
    run("library", "add", film, second)
    film.unlink()
    second.write_bytes(b"another film")
    capfd.readouterr()
    assert run("library", "check") == OK
    written = capfd.readouterr()
    assert f"{film}: not there now" in written.out
    assert f"{second}: another film is there: forgotten" in written.out
    assert "2 films, 1 not there now, 0 faults." in written.err
