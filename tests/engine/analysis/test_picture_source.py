"""One decode in a thread of its own: batches in order, holes filled, errors raised where it is read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from seamline.analysis.picture_source import PictureSource
from seamline.analysis.stage import PictureSpec
from seamline.errors import MediaError
from seamline.media.decoder import Decoder
from seamline.media.open_film import open_film

if TYPE_CHECKING:
    from films import FilmShelf

SMALL = PictureSpec(80, 45)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("seamline-")]


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    assert threads() == []


def test_batches_are_consecutive_from_the_frame_asked_for(films: FilmShelf) -> None:
    film = open_film(films("mp4").path)
    for start in (0, 1, 37, 99):
        with PictureSource(film, [SMALL], start) as source:
            numbers: list[int] = []
            for batch in filter(None, source.batches(timeout_s=5)):
                assert batch.start_frame == start + len(numbers)
                numbers += [films.read_number(picture) for picture in batch.pictures(SMALL)]
        assert numbers == list(range(start, 100))
        assert source.missing == []


def test_leaving_early_ends_the_thread(films: FilmShelf) -> None:
    for batches in (0, 1, 2):
        with PictureSource(open_film(films("mp4").path), [SMALL], 0) as source:
            for _ in zip(range(batches), source.batches(timeout_s=5), strict=False):
                pass
        assert threads() == []


def test_an_error_of_the_decoder_is_raised_where_the_batches_are_read(
    films: FilmShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = open_film(films("mp4").path)
    read = Decoder.read

    def failing(decoder: Decoder) -> Any:
        item = read(decoder)
        if item is not None and item[0] == 60:
            raise MediaError("The disk has gone.")
        return item

    monkeypatch.setattr(Decoder, "read", failing)
    with PictureSource(film, [SMALL], 0) as source:
        batches = source.batches(timeout_s=5)
        assert [batch.end_frame for batch in (next(batches), next(batches)) if batch] == [25, 50]
        with pytest.raises(MediaError, match="The disk has gone"):
            next(batches)


def test_a_film_that_has_gone_is_an_error_too(films: FilmShelf, tmp_path: Any) -> None:
    copy = tmp_path / "film.mp4"
    copy.write_bytes(films("mp4").path.read_bytes())
    film = open_film(copy)
    copy.unlink()
    with (
        PictureSource(film, [SMALL], 0) as source,
        pytest.raises(MediaError, match="There is no file"),
    ):
        list(source.batches(timeout_s=5))


@pytest.mark.parametrize("start", [0, 30, 40, 42, 50, 97])
def test_lost_frames_show_the_picture_before_them_wherever_one_begins(
    films: FilmShelf, monkeypatch: pytest.MonkeyPatch, start: int
) -> None:
    film = open_film(films("mp4").path)
    lost = {40, 41, 42, 50, 97, 98, 99}
    whole = Decoder._numbered

    def numbered(decoder: Decoder, *, from_start: bool) -> Any:
        return (item for item in whole(decoder, from_start=from_start) if item[0] not in lost)

    monkeypatch.setattr(Decoder, "_numbered", numbered)
    shown: list[int] = []
    for number in range(100):
        shown.append(shown[-1] if number in lost else number)
    with PictureSource(film, [SMALL], start) as source:
        numbers = [
            films.read_number(picture)
            for batch in filter(None, source.batches(timeout_s=5))
            for picture in batch.pictures(SMALL)
        ]
    assert numbers == shown[start:]
    assert source.missing == [number for number in sorted(lost) if number >= start]


def test_frames_lost_at_the_start_show_the_first_that_is_left(
    films: FilmShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Decoder._numbered

    def numbered(decoder: Decoder, *, from_start: bool) -> Any:
        return (item for item in whole(decoder, from_start=from_start) if item[0] >= 3)

    monkeypatch.setattr(Decoder, "_numbered", numbered)
    with PictureSource(open_film(films("mp4").path), [SMALL], 0) as source:
        first = next(filter(None, source.batches(timeout_s=5)))
    assert [films.read_number(picture) for picture in first.pictures(SMALL)[:5]] == [3, 3, 3, 3, 4]
