"""Words, films and folders after `seamline search`, in any place that an editor writes them."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seamline_app.commands.search_options import add_library, add_search
from seamline_app.commands.search_terms import films_at, words_and_films
from seamline_app.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conftest import Result


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    add_search(commands)
    add_library(commands)
    return parser.parse_args(["search", *arguments])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to type commands in: films, folders with films, other files."""
    for name in (
        "a.mov",
        "dragon.txt",
        "x.png",
        "films/b.mov",
        "films/c.mp4",
        "films/day 1/d.mkv",
        "night/note.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def split(*terms: str, recursive: bool = False, is_more_asked: bool = False) -> tuple[str, list[str]]:
    words, films = words_and_films(list(terms), recursive=recursive, is_more_asked=is_more_asked)
    return words, [film.as_posix() for film in films]


@pytest.mark.parametrize(
    "arguments",
    [
        "red car --not x a.mov b.mov",
        "red car --frame F:10 a.mov b.mov",
        "red --library car --limit 3 a.mov --format csv b.mov",
        "--limit 3 red car a.mov --like P b.mov",
        "--not x --library red car a.mov b.mov",
    ],
)
def test_options_may_stand_anywhere(arguments: str) -> None:
    assert parsed(*arguments.split()).terms == ["red", "car", "a.mov", "b.mov"]


def test_words_after_two_dashes_may_begin_with_one() -> None:
    assert parsed("--limit", "3", "--", "-ish", "a.mov").terms == ["-ish", "a.mov"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["red", "--limit", "3", "car", "--colour", "red", "a.mov"], "unrecognized arguments: --colour"),
        (["red", "--limit", "many", "a.mov"], "“many” is not a whole number from 1 to 1000"),
        (["red", "--format", "pdf", "a.mov"], "invalid choice: 'pdf'"),
        (["red", "a.mov", "--not"], "expected one argument"),
        (["red", "--not", "", "a.mov"], "--not says nothing"),
        (["--like", "", "a.mov"], "--like names no picture"),
        (["--like", "b.mov", "a.mov"], "for a frame of it, write --frame “b.mov:FRAME”"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    in_process: Callable[[Sequence[object]], Result], arguments: list[str], said: str
) -> None:
    result = in_process(["search", *arguments])
    assert (result.code, result.output) == (2, "")
    assert said in result.said


def test_a_folder_stands_for_its_films(here: Path) -> None:
    assert split("red", "car", "./films") == ("red car", ["films/b.mov", "films/c.mp4"])
    assert split("red car", "films/", "films/../a.mov", "./a.mov") == (
        "red car",
        ["films/b.mov", "films/c.mp4", "a.mov"],
    )
    assert split("red", ".", recursive=True)[1] == [
        "a.mov",
        "films/b.mov",
        "films/c.mp4",
        "films/day 1/d.mkv",
    ]
    assert films_at([here / "films" / "day 1"], recursive=False) == [here / "films" / "day 1" / "d.mkv"]
    assert films_at([Path("gone")], recursive=False) == [Path("gone")]  # opening it tells


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        (["dragon", "./flims"], "no film or folder “./flims”"),
        (["dragon", "films/b"], "no film or folder “films/b”: check the name, or leave out the “/”"),
        (["and/or"], "no film or folder “and/or”"),
        (["dragon", "night/"], "There is no film in “night”"),
        (
            ["dragon", "films"],
            "“films” is also a folder here: write “./films”.*quote the words, “dragon films”",
        ),
        (["red", "dragon.txt", "a.mov"], "“dragon.txt” is also a file here"),
        (["dragon", "films/", "fire"], "“films/” stands between the words"),
        (["dragon", "x.png"], "“x.png” is a picture: write --like before it"),
        (["dragon", "shots/x.png", "a.mov"], "“shots/x.png” is a picture"),
    ],
)
def test_what_may_be_meant_for_a_film_is_never_searched_as_words(
    here: Path, terms: list[str], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        split(*terms)


def test_words_that_are_names_of_folders_can_be_looked_for(here: Path) -> None:
    assert split("night") == ("night", [])
    assert split("night", "rain") == ("night rain", [])
    assert split("rainy night", "a.mov") == ("rainy night", ["a.mov"])
    assert split("x" * 5000) == ("x" * 5000, [])
    with pytest.raises(UsageError, match=r"write “\./night” to look in it"):
        split("night", is_more_asked=True)  # `--like PICTURE night`


def test_a_mistyped_film_is_refused(here: Path) -> None:
    assert split("dragon", "gone.mov") == ("dragon", ["gone.mov"])  # opening it tells
    with pytest.raises(UsageError, match="name films last"):
        split("gone.mov", "dragon")
    shutil.rmtree(here / "films")
    with pytest.raises(UsageError, match="no film or folder"):
        split("dragon", "films/")
