"""`seamline synthesize FOLDER`: films and the tables of their seams, as other commands read them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from seamline.exchange.csv_list import read_transitions
from seamline.media.open_film import open_film
from seamline_app.commands import synthesize as command
from seamline_app.commands.synthesize import synthesize
from seamline_app.commands.synthesize_options import add_synthesize
from seamline_app.exit_codes import INTERRUPTED, OK
from seamline_app.usage import UsageError

if TYPE_CHECKING:
    from films import FilmShelf

SMALL = ("--size", "64x36", "--frames", "120")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command as it is without the rest of the command line; few scenes, so that it is quick."""
    monkeypatch.setattr(command, "_DRAWN_PER_FILM", 3)
    parser = argparse.ArgumentParser()
    add_synthesize(parser.add_subparsers())
    return lambda *arguments: synthesize(parser.parse_args(["synthesize", *map(str, arguments)]))


def test_it_writes_films_and_tables_that_fit(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "new", "--films", 2, "--seed", 4, "--rate", "23.976", *SMALL) == OK
    assert "Wrote 2 films" in capsys.readouterr().err
    films = sorted((tmp_path / "new" / "films").iterdir())
    tables = sorted((tmp_path / "new" / "truth").iterdir())
    assert [film.name for film in films] == ["synthetic-4-0000.mp4", "synthetic-4-0001.mp4"]
    assert [table.stem for table in tables] == [film.stem for film in films]
    for path, table in zip(films, tables, strict=True):
        film = open_film(path)
        assert film.frame_count >= 120
        assert str(film.rate) == "24000/1001"
        assert max(row.in_frame for row in read_transitions(table)) < film.frame_count


def test_the_same_seed_writes_the_same_tables(run: Callable[..., int], tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(tmp_path / name, "--seed", 9, *SMALL)
    first, second = ((tmp_path / name / "truth" / "synthetic-9-0000.csv").read_text() for name in ("a", "b"))
    assert first == second
    assert len(first.splitlines()) > 1


def test_clips_and_folders_of_pictures_are_edited(
    run: Callable[..., int], films: FilmShelf, tmp_path: Path
) -> None:
    (tmp_path / "pictures").mkdir()
    picture = np.random.default_rng(1).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    (tmp_path / "pictures" / "one.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    assert run(tmp_path, "--from", films("mp4").path, tmp_path / "pictures", *SMALL) == OK
    assert (tmp_path / "films" / "synthetic-1-0000.mp4").exists()


def test_the_same_once_more_says_what_to_do(run: Callable[..., int], tmp_path: Path) -> None:
    assert run(tmp_path, *SMALL) == OK
    film = tmp_path / "films" / "synthetic-1-0000.mp4"
    with pytest.raises(UsageError) as refused:
        run(tmp_path, *SMALL)
    assert str(refused.value) == (
        f"“{film}” exists already: choose another folder or another --seed, or write over it with --force."
    )
    assert run(tmp_path, "--seed", 2, *SMALL) == OK
    assert run(tmp_path, "--force", *SMALL) == OK


def test_nothing_is_overwritten_without_being_asked(run: Callable[..., int], tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    mine = tmp_path / "truth" / "synthetic-1-0001.csv"
    mine.write_text("mine")
    with pytest.raises(UsageError, match=r"exists already.*--force"):
        run(tmp_path, "--films", 2, *SMALL)
    assert mine.read_text() == "mine"
    assert list((tmp_path / "films").iterdir()) == []
    assert run(tmp_path, "--films", 2, "--force", *SMALL) == OK
    assert mine.read_text() != "mine"


def test_interrupted_it_says_what_is_there(
    run: Callable[..., int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from seamline.errors import Cancelled

    written = command.write_film

    def second_fails(*arguments: object, **options: object) -> Path:
        if list((tmp_path / "films").glob("*.mp4")):
            raise Cancelled
        return written(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(command, "write_film", second_fails)
    assert run(tmp_path, "--films", 3, *SMALL) == INTERRUPTED
    assert "Interrupted: 1 of 3 films are written." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--films", "0"), "“0” is not a whole number from 1 to 10000"),
        (("--size", "641x360"), "“641x360” is not two even numbers"),
        (("--rate", "fast"), "“fast” is not a rate"),
        (("--crf", "52"), "from 0 to 51"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    with pytest.raises(SystemExit):
        run(tmp_path, *arguments)
    assert said in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_refused(run: Callable[..., int], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be made"):
        run(tmp_path / "file", *SMALL)
