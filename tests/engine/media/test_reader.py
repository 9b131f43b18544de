"""Random access shows the frame that was asked for, whatever the container and however damaged."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.media.decoder import Decoder
from seamline.media.open_film import open_film
from seamline.media.pictures import Scaler, fitted_size
from seamline.media.reader import FrameReader

if TYPE_CHECKING:
    from films import FilmShelf


def orders(frames: int) -> list[int]:
    """Jumps, steps back, the ends, and on from where one stands."""
    chosen = random.Random(frames)
    jumps = [chosen.randrange(frames) for _ in range(40)]
    back = list(range(frames - 1, max(-1, frames - 14), -1))
    return [*jumps, *back, 0, frames - 1, 0, *range(min(8, frames)), frames - 1]


def test_every_frame_asked_for_shows_its_own_number(films: FilmShelf, film_kind: str) -> None:
    film = open_film(films(film_kind).path)
    reader = FrameReader(film, cache_bytes=0)
    try:
        for frame in orders(film.frame_count):
            picture = reader.read(frame)
            assert (picture.frame, picture.shown_frame) == (frame, frame)
            assert films.read_number(picture.rgb) == frame
    finally:
        reader.close()


def test_the_decoder_numbers_every_picture_from_wherever_it_was_sent(
    films: FilmShelf, film_kind: str
) -> None:
    film = open_film(films(film_kind).path)
    with Decoder(film) as decoder:
        assert [number for number, _ in decoder] == list(range(film.frame_count))
        assert decoder.read() is None
        for start in (film.frame_count - 1, film.frame_count // 2, 1 % film.frame_count, 0):
            decoder.seek(start)
            numbers = [number for number, _ in decoder]
            assert numbers == list(range(numbers[0], film.frame_count))
            assert numbers[0] <= start
        assert decoder.damaged_packets == 0


def test_pictures_stand_upright_in_square_pixels(films: FilmShelf) -> None:
    for kind, shape in (
        ("mp4", (90, 160, 3)),
        ("mp4_rotated", (160, 90, 3)),
        ("mp4_upside_down", (90, 160, 3)),
        ("mp4_anamorphic", (90, 160, 3)),
        ("mp4_small", (18, 34, 3)),
    ):
        reader = FrameReader(open_film(films(kind).path))
        assert reader.read(0).rgb.shape == shape
        small = reader.read(0, limit=(48, 48)).rgb
        assert max(small.shape[:2]) <= 48
        assert abs(small.shape[1] / small.shape[0] - shape[1] / shape[0]) < 0.06
        reader.close()


def test_numbers_outside_the_film_are_refused(films: FilmShelf) -> None:
    reader = FrameReader(open_film(films("mp4").path))
    for frame in (-1, 100, 10**9):
        with pytest.raises(MediaError, match=r"the film has frames 0 to 99\.$"):
            reader.read(frame)
    reader.close()


def test_what_was_decoded_is_kept_up_to_the_limit(films: FilmShelf) -> None:
    film = open_film(films("mp4").path)
    ten_frames = 10 * 160 * 90 * 3 // 2  # a byte of luma, half a byte of chroma
    reader = FrameReader(film, cache_bytes=ten_frames)
    for frame in range(60):
        reader.read(frame)
    kept = [frame for frame in range(film.frame_count) if reader.has(frame)]
    assert kept == list(range(50, 60))
    reader.read(50)  # the one read last is the one kept longest
    reader.read(60)
    assert reader.has(50)
    assert not reader.has(51)
    reader.close()


def test_deep_pictures_take_their_room(films: FilmShelf, tmp_path: Path) -> None:
    """10 bits a sample lie in 16, and ProRes has as much chroma as luma: 4 bytes a pixel."""
    encoding = films.encoding("prores_ks", "yuv422p10le", 1, 0, {})
    path = films.make_film(tmp_path / "deep.mov", frames=12, size=(64, 48), cuts=(), encoding=encoding).path
    reader = FrameReader(open_film(path), cache_bytes=5 * 64 * 48 * 4)
    for frame in range(12):
        assert films.read_number(reader.read(frame).rgb) == frame
    assert [frame for frame in range(12) if reader.has(frame)] == [7, 8, 9, 10, 11]
    reader.close()


def test_a_kept_picture_is_not_decoded_again(films: FilmShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = FrameReader(open_film(films("mp4").path))
    first = reader.read(40).rgb
    monkeypatch.setattr(Decoder, "read", None)
    monkeypatch.setattr(Decoder, "seek", None)
    assert np.array_equal(reader.read(40).rgb, first)
    reader.close()


class TestDamage:
    """Random bytes in the middle: what survives keeps its number, the rest shows an earlier picture."""

    @pytest.fixture(params=["mp4_short_gop", "ts", "avi", "mxf", "webm"])
    def damaged(self, request: pytest.FixtureRequest, films: FilmShelf, tmp_path: Path) -> Path:
        if request.param not in films.KINDS:
            return films.broken(films("mp4_short_gop").path, tmp_path / "other.mp4", seed=2)
        whole = films(request.param).path
        return films.broken(whole, tmp_path / f"broken{whole.suffix}", start=0.45, end=0.55)

    def test_numbers_stay_right(self, films: FilmShelf, damaged: Path) -> None:
        film = open_film(damaged)
        first_s = film.index.pts[0] * film.index.time_base
        right = wrong = 0
        with Decoder(film) as decoder:
            last = -1
            for number, frame in decoder:
                assert number > last
                last = number
                assert frame.pts is not None
                shown_s = frame.pts * film.index.time_base - first_s
                assert abs(shown_s - film.index.time_of(number)) < film.index.time_base * 2
                try:
                    painted = films.read_number(Scaler(160, 90).rgb(frame))
                except ValueError:
                    continue  # too damaged to be read
                # lost packets of a film without time stamps leave fewer frames: count from either end
                if painted in (number, number + 100 - film.frame_count):
                    right += 1
                else:
                    wrong += 1
        assert right >= 40
        assert wrong <= 12  # concealed by a neighbour's picture

    def test_every_number_has_a_picture_that_is_not_later(self, damaged: Path) -> None:
        film = open_film(damaged)
        reader = FrameReader(film, cache_bytes=0)
        chosen = random.Random(5)
        shown = {}
        for frame in [chosen.randrange(film.frame_count) for _ in range(40)]:
            picture = reader.read(frame)
            assert picture.frame == frame
            assert picture.shown_frame <= frame
            shown[frame] = picture.shown_frame
        reader.close()
        reader = FrameReader(film, cache_bytes=0)
        for frame in range(film.frame_count):
            picture = reader.read(frame)
            assert picture.shown_frame <= frame
            assert shown.get(frame, picture.shown_frame) == picture.shown_frame
        reader.close()


def test_a_lost_picture_is_stood_in_for_by_the_one_before_however_it_is_reached(
    films: FilmShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = open_film(films("mp4").path)
    lost = {30, 31, 50, 99}
    _lose(monkeypatch, lost)
    expected = {frame: frame for frame in range(100)} | {30: 29, 31: 29, 50: 49, 99: 98}
    for sequence in (list(range(100)), list(range(99, -1, -1)), [31, 30, 99, 50, 32, 29, 31]):
        for cache_bytes in (0, 1 << 24):
            reader = FrameReader(film, cache_bytes=cache_bytes)
            for frame in sequence:
                picture = reader.read(frame)
                assert picture.shown_frame == expected[frame]
                assert films.read_number(picture.rgb) == expected[frame]
            reader.close()


def test_pictures_lost_at_the_start_are_stood_in_for_by_the_first_that_is_left(
    films: FilmShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = open_film(films("mp4").path)
    _lose(monkeypatch, {0, 1, 2})
    reader = FrameReader(film, cache_bytes=0)
    assert [reader.read(frame).shown_frame for frame in (2, 0, 1, 3, 0)] == [3, 3, 3, 3, 3]
    reader.close()


def _lose(monkeypatch: pytest.MonkeyPatch, lost: set[int]) -> None:
    """Make decoders lose these frames, as if their packets were damaged."""
    whole = Decoder._numbered

    def numbered(decoder: Decoder, *, from_start: bool) -> Any:
        return (item for item in whole(decoder, from_start=from_start) if item[0] not in lost)

    monkeypatch.setattr(Decoder, "_numbered", numbered)


class TestFilmsThatChangeWhileOpen:
    def test_a_deleted_film_ends_in_pictures_or_a_sentence(self, films: FilmShelf, tmp_path: Path) -> None:
        copy = tmp_path / "film.mp4"
        copy.write_bytes(films("mp4").path.read_bytes())
        film = open_film(copy)
        reader = FrameReader(film, cache_bytes=0)
        reader.read(60)
        try:
            copy.unlink()
        except PermissionError:
            return  # Windows deletes no open file
        said = []
        for frame in (70, 3, 0, 99):
            try:
                assert reader.read(frame).shown_frame <= frame
            except MediaError as error:
                said.append(str(error))
        assert all("There is no file" in each and each.endswith(".") for each in said)
        reader.close()
        with pytest.raises(MediaError, match="There is no file"):
            FrameReader(film)

    def test_a_film_cut_short_shows_what_is_left(self, films: FilmShelf, tmp_path: Path) -> None:
        copy = tmp_path / "film.mkv"
        copy.write_bytes(films("mkv").path.read_bytes())
        film = open_film(copy)
        films.truncated(films("mkv").path, copy, share=0.5)
        reader = FrameReader(film, cache_bytes=0)
        last = reader.read(99)
        assert last.shown_frame < 99
        assert films.read_number(last.rgb) == last.shown_frame
        assert films.read_number(reader.read(5).rgb) == 5
        reader.close()

    def test_a_film_emptied_is_a_sentence(self, films: FilmShelf, tmp_path: Path) -> None:
        copy = tmp_path / "film.ts"
        copy.write_bytes(films("ts").path.read_bytes())
        film = open_film(copy)
        reader = FrameReader(film, cache_bytes=0)
        copy.write_bytes(b"")
        with pytest.raises(MediaError, match=r"\.$") as caught:
            reader.read(99)
        assert "Errno" not in str(caught.value)
        reader.close()


@pytest.mark.parametrize(
    ("size", "limit", "fitted"),
    [
        ((1920, 1080), (480, 480), (480, 270)),
        ((1080, 1920), (480, 480), (270, 480)),
        ((100, 50), (480, 480), (100, 50)),
        ((4000, 2), (100, 100), (100, 1)),
        ((16, 9), (16, 9), (16, 9)),
    ],
)
def test_pictures_are_shrunk_into_limits_and_never_enlarged(
    size: tuple[int, int], limit: tuple[int, int], fitted: tuple[int, int]
) -> None:
    assert fitted_size(size, limit) == fitted


def test_pictures_of_the_same_time_are_all_reached(films: FilmShelf, tmp_path: Path) -> None:
    """Three pictures share a time: each keeps a number, in the order in which they are decoded."""
    source, target = films("avi").path, tmp_path / "repeated.mkv"
    with av.open(source) as read, av.open(target, "w") as written:
        stream = written.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(read.streams.video[0]):
            if packet.pts is None:
                continue
            shown = 40 if packet.pts in (41, 42) else packet.pts
            packet.pts = packet.dts = shown * 40
            packet.time_base = Fraction(1, 1000)
            packet.stream = stream
            written.mux(packet)
    film = open_film(target)
    assert film.frame_count == 100
    assert film.index.pts[40:43].tolist() == [1600, 1601, 1602]
    with Decoder(film) as decoder:
        assert [number for number, _ in decoder] == list(range(100))
    reader = FrameReader(film, cache_bytes=0)
    for frame in (99, 39, 40, 43, 41, 42, 0):
        assert films.read_number(reader.read(frame).rgb) == frame
    reader.close()


def test_decoding_on_makes_no_picture(films: FilmShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = FrameReader(open_film(films("mp4").path))
    with monkeypatch.context() as patched:
        patched.setattr("seamline.media.reader.DisplayScaler", None)
        reader.decode(40)
    assert reader.has(40)
    monkeypatch.setattr(Decoder, "read", None)
    assert films.read_number(reader.read(40).rgb) == 40
    with pytest.raises(MediaError, match="There is no frame 100"):
        reader.decode(100)
    reader.close()


@pytest.mark.parametrize("lost", [range(30, 70), range(70, 100), range(30)])
@pytest.mark.parametrize("cache_bytes", [0, 1 << 24])
def test_a_hole_is_decoded_over_once(
    films: FilmShelf, monkeypatch: pytest.MonkeyPatch, lost: range, cache_bytes: int
) -> None:
    _lose(monkeypatch, set(lost))
    shown = lost.stop if lost.start == 0 else lost.start - 1
    decoded: list[int] = []
    read = Decoder.read

    def noted(decoder: Decoder) -> Any:
        item = read(decoder)
        decoded.append(-1 if item is None else item[0])
        return item

    monkeypatch.setattr(Decoder, "read", noted)
    reader = FrameReader(open_film(films("mp4").path), cache_bytes=cache_bytes)
    reader.read(lost[5])
    decoded.clear()
    for frame in (*lost[5:], *lost[6::-1]):
        assert reader.read(frame).shown_frame == shown
    assert decoded == []
    for other in (1, 50, 98):  # whatever is kept, it is found again
        reader.read(other)
    assert reader.read(lost[7]).shown_frame == shown
    reader.close()
