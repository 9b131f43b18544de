"""Single frames come out as a decoder gives them, in every kind of film."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.media.decoder import Decoder
from seamline.media.open_film import open_film
from seamline.media.wanted_frames import wanted_frames

if TYPE_CHECKING:
    from films import FilmShelf


@pytest.mark.parametrize("step", [5, 31])
def test_wanted_frames_are_those_of_a_decoder_bit_for_bit(
    films: FilmShelf, film_kind: str, step: int
) -> None:
    film = open_film(films(film_kind).path)
    wanted = list(range(min(2, film.frame_count - 1), film.frame_count, step))
    with Decoder(film) as decoder:
        expected = {number: frame.to_ndarray() for number, frame in decoder if number in wanted}
    found = {number: frame.to_ndarray() for number, frame in wanted_frames(film, wanted)}
    assert list(found) == wanted
    assert all(np.array_equal(found[number], expected[number]) for number in wanted)


def test_frames_outside_the_film_are_passed_over(films: FilmShelf) -> None:
    film = open_film(films("mp4").path)
    assert [number for number, _ in wanted_frames(film, [-3, 99, 100, 5000])] == [99]
    assert list(wanted_frames(film, [])) == []


def test_of_a_damaged_film_what_survives_comes_with_its_number(films: FilmShelf, tmp_path: Path) -> None:
    path = films.broken(films("mp4_short_gop").path, tmp_path / "broken.mp4", start=0.4, end=0.5)
    film = open_film(path)
    wanted = list(range(0, film.frame_count, 3))
    found = dict(wanted_frames(film, wanted))
    assert set(range(0, 30, 3)) < set(found)
    assert {84, 87, 90} < set(found)


def test_it_stops_when_told(films: FilmShelf) -> None:
    film = open_film(films("mp4").path)
    seen: list[int] = []
    for number, _ in wanted_frames(film, range(100), is_stopped=lambda: len(seen) >= 3):
        seen.append(number)
    assert seen == [0, 1, 2]


def test_a_film_that_is_gone_is_told(films: FilmShelf, tmp_path: Path) -> None:
    path = films.make_film(tmp_path / "short.mp4", frames=6, size=(64, 48)).path
    film = open_film(path)
    path.unlink()
    with pytest.raises(MediaError):
        list(wanted_frames(film, [0, 3]))
