"""One frame as a picture: the right one, whole, in the format that the name asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from seamline.errors import ExchangeError
from seamline.exchange.still import write_still
from seamline.media.film import Film
from seamline.media.open_film import open_film

if TYPE_CHECKING:
    from films import FilmShelf


@pytest.fixture
def film(films: FilmShelf) -> Film:
    return open_film(films("mp4").path)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".JPG"])
def test_it_shows_the_frame(films: FilmShelf, film: Film, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"still & more{suffix}"
    write_still(film, 37, path)
    picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert films.read_number(picture[..., ::-1]) == 37
    assert picture.shape[1::-1] == film.info.display_size
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["still", "still.gif", "still.txt"])
def test_another_kind_is_refused(film: Film, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExchangeError, match=r"\.png"):
        write_still(film, 0, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_over_unasked_and_the_film_never(film: Film, tmp_path: Path) -> None:
    path = tmp_path / "still.png"
    path.write_bytes(b"mine")
    with pytest.raises(ExchangeError, match="exists already"):
        write_still(film, 0, path)
    assert path.read_bytes() == b"mine"
    write_still(film, 0, path, overwrite=True)
    assert path.read_bytes() != b"mine"
    link = tmp_path / "film.png"
    link.symlink_to(film.path)
    with pytest.raises(ExchangeError, match="the film itself"):
        write_still(film, 0, link, overwrite=True)
