"""What is said of a film before its cut list is trusted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seamline.media.open_film import open_film
from seamline.media.remarks import remarks

if TYPE_CHECKING:
    from pathlib import Path

    from films import FilmShelf


def test_nothing_is_said_of_a_usual_film(films: FilmShelf) -> None:
    for kind in ("mp4", "mp4_audio", "mkv", "ts", "webm"):
        assert remarks(open_film(films(kind).path)) == []


def test_a_variable_rate_is_named_with_the_rate_to_convert_to(films: FilmShelf) -> None:
    (said,) = remarks(open_film(films("mp4_variable").path))
    assert "not evenly spaced" in said
    assert "frames/s" in said


def test_a_film_that_ends_before_its_header_says_is_cut_short(films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(films("mp4").path)
    longer = replace(film, info=replace(film.info, duration_s=float(film.index.duration) + 30))
    (said,) = remarks(longer)
    assert "cut short" in said
    assert "copy the film again" in said
