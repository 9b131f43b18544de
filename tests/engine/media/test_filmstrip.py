"""The strip shows key frames under their right numbers, from all over the film, coarse before fine."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seamline.errors import Cancelled, MediaError
from seamline.media.filmstrip import coarse_to_fine, read_filmstrip, spread_keyframes
from seamline.media.open_film import open_film
from seamline.media.timebase import FrameIndex
from seamline.progress import CancellableProgress

if TYPE_CHECKING:
    from films import FilmShelf


def index_of(frames: int, keyframes: list[int]) -> FrameIndex:
    pts = np.arange(frames, dtype=np.int64)
    return FrameIndex(pts, Fraction(1, 25), Fraction(25), np.array(keyframes, np.int64), frames)


def test_every_kind_of_film_shows_each_key_frame(films: FilmShelf, film_kind: str) -> None:
    film = open_film(films(film_kind).path)
    found = dict(read_filmstrip(film, progress=CancellableProgress(), height=60))
    assert sorted(found) == film.index.keyframes.tolist()
    width, height = film.info.display_size
    for number, picture in found.items():
        assert picture.dtype == np.uint8
        assert picture.shape == (60, round(60 * width / height), 3)
        assert films.read_number(picture) == number


@pytest.mark.parametrize("suffix", [".mp4", ".ts", ".mkv"])
def test_long_films_are_thinned_out(films: FilmShelf, suffix: str) -> None:
    path = films.folder / f"thinned{suffix}"
    films.make_film(path, frames=600, encoding=films.encoding(keyint=5), size=(96, 54), start_s=7)
    film = open_film(path)
    assert len(film.index.keyframes) == 120
    found = list(read_filmstrip(film, progress=CancellableProgress(), limit=40, height=54))
    assert len(found) == 40
    assert all(films.read_number(picture) == number for number, picture in found)
    assert [number for number, _ in found[:3]] == [0, 240, 480]
    numbers = sorted(number for number, _ in found)
    assert numbers == list(range(0, 600, 15))


def test_where_all_are_key_frames_places_are_even() -> None:
    numbers = spread_keyframes(index_of(1000, list(range(1000))), 8)
    assert numbers == [0, 125, 250, 375, 500, 625, 750, 875]


def test_a_place_without_a_key_frame_near_has_none() -> None:
    assert spread_keyframes(index_of(1000, [0]), 8) == [0]
    assert spread_keyframes(index_of(1000, [0, 990, 991, 992, 993]), 3) == [0, 990]
    assert spread_keyframes(index_of(1000, []), 8) == []


@pytest.mark.parametrize("count", [0, 1, 2, 15, 16, 17, 33, 400])
def test_coarse_comes_before_fine_and_nothing_twice(count: int) -> None:
    numbers = list(range(0, 3 * count, 3))
    order = coarse_to_fine(numbers)
    assert sorted(order) == numbers
    assert order[: len(numbers[::16])] == numbers[::16]
    if count == 400:
        largest_gap = np.diff(sorted(order[:50])).max()
        assert largest_gap == 3 * 8


def test_a_film_with_one_key_frame_has_one_picture(films: FilmShelf) -> None:
    path = films.folder / "one_key.mp4"
    films.make_film(path, encoding=films.encoding(keyint=1000))
    found = list(read_filmstrip(open_film(path), progress=CancellableProgress()))
    assert [number for number, _ in found] == [0]


@pytest.mark.parametrize(("kind", "suffix"), [("mp4_short_gop", ".mp4"), ("ts", ".ts"), ("mkv", ".mkv")])
def test_damaged_films_never_show_a_picture_under_a_wrong_number(
    films: FilmShelf, kind: str, suffix: str
) -> None:
    whole = films(kind).path
    path = films.broken(whole, films.folder / f"{kind}_strip_broken{suffix}")
    film = open_film(path)
    found = list(read_filmstrip(film, progress=CancellableProgress()))
    readable = 0
    for number, picture in found:
        try:
            assert films.read_number(picture) == number
            readable += 1
        except ValueError:
            continue  # torn inside
    assert readable >= len(film.index.keyframes) // 3


def test_a_film_cut_short_shows_what_is_left(films: FilmShelf) -> None:
    whole = films("mp4_faststart").path
    film = open_film(films.truncated(whole, films.folder / "strip_truncated.mp4"))
    found = dict(read_filmstrip(film, progress=CancellableProgress()))
    assert 0 in found
    assert all(films.read_number(picture) == number for number, picture in found.items())


def test_it_can_be_cancelled_and_reports_pictures(films: FilmShelf) -> None:
    film = open_film(films("mp4_short_gop").path)
    reports: list[tuple[int, int]] = []
    progress = CancellableProgress(lambda done, total: reports.append((done, total)))
    strip = read_filmstrip(film, progress=progress)
    next(strip)
    next(strip)
    progress.cancel()
    with pytest.raises(Cancelled):
        next(strip)
    assert reports == [(0, 17), (1, 17)]


def test_a_film_that_has_gone_is_a_sentence(films: FilmShelf) -> None:
    film = open_film(films("mp4").path)
    gone = replace(film, info=replace(film.info, path=films.folder / "gone.mp4"))
    with pytest.raises(MediaError, match="There is no file"):
        next(read_filmstrip(gone, progress=CancellableProgress()))
