"""Numbering frames from packets: the numbers are those that a full decode gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from seamline.errors import Cancelled, MediaError
from seamline.media.frame_index import index_frames
from seamline.media.open_film import open_film
from seamline.media.timebase import FrameIndex, snap_rate
from seamline.progress import CancellableProgress

if TYPE_CHECKING:
    from conftest import FullDecode
    from films import FilmShelf


def make_index(
    pts: Sequence[int],
    *,
    time_base: Fraction = Fraction(1, 1000),
    rate: Fraction = Fraction(25),
    keyframes: Sequence[int] = (0,),
    end: int | None = None,
) -> FrameIndex:
    last = pts[-1] + 40 if end is None else end
    return FrameIndex(np.array(pts, np.int64), time_base, rate, np.array(keyframes, np.int64), last)


def test_the_index_is_what_a_full_decode_finds(
    films: FilmShelf, film_kind: str, decode_all: Callable[[Path], FullDecode]
) -> None:
    film = films(film_kind)
    decoded = decode_all(film.path)
    index = index_frames(film.path)
    assert decoded.numbers == tuple(range(film.frames))
    assert len(index) == film.frames
    assert tuple(index.time_of(frame) for frame in range(len(index))) == decoded.times
    tick = Fraction(1, 1000)  # the coarsest clock: Matroska's
    assert all(abs(found - meant) <= tick for found, meant in zip(decoded.times, film.times, strict=True))


def test_constant_rates_are_told_exactly_and_uneven_times_are_kept(films: FilmShelf, film_kind: str) -> None:
    film = films(film_kind)
    index = index_frames(film.path)
    uneven = "variable" in film_kind
    assert index.is_variable is uneven
    if not uneven:
        assert index.rate == film.rate
        assert abs(index.duration - film.frames / film.rate) <= Fraction(1, 1000)
        assert [index.grid_frame(frame) for frame in range(len(index) + 1)] == list(range(film.frames + 1))


def test_key_frames_are_where_a_decoder_can_begin(films: FilmShelf, film_kind: str) -> None:
    film = films(film_kind)
    index = index_frames(film.path)
    with av.open(film.path) as container:
        key = [number for number, frame in enumerate(container.decode(video=0)) if frame.key_frame]
    assert index.keyframes.tolist() == key
    assert index.keyframes[0] == 0


def test_a_late_start_is_no_frame(films: FilmShelf) -> None:
    """The transport stream begins an hour into its clock."""
    index = index_frames(films("ts").path)
    assert index.pts[0] * index.time_base >= 3600
    assert index.time_of(0) == 0
    assert index.frame_at(0.0) == 0


def test_frames_that_an_edit_list_leaves_out_are_not_numbered(films: FilmShelf, tmp_path: Path) -> None:
    """A copy that begins in mid-shot: its first packets are decoded, and shown by no player."""
    whole = films("mp4").path
    cut = tmp_path / "cut.mp4"
    with av.open(whole) as source, av.open(cut, "w") as target:
        read = source.streams.video[0]
        written = target.add_stream_from_template(read)
        assert read.time_base is not None
        step = round(1 / (25 * read.time_base))
        for packet in source.demux(read):
            if packet.dts is None or packet.pts is None:
                continue
            packet.pts -= 30 * step
            packet.dts -= 30 * step
            packet.stream = written
            target.mux(packet)
    index = index_frames(cut)
    with av.open(cut) as container:
        pictures = [np.asarray(f.to_ndarray(format="rgb24"), np.uint8) for f in container.decode(video=0)]
    shown = [films.read_number(picture) for picture in pictures]
    assert shown == list(range(30, 100))
    assert len(index) == len(shown)


def test_missing_and_repeated_times_keep_every_frame(
    films: FilmShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = films("mp4").path
    step = 512  # 12800 ticks a second
    for times in (
        [0, step, None, 3 * step, 4 * step],  # the hole tells where it belongs
        [0, step, 2 * step, 3 * step, None],  # behind the end
        [0, step, step, 3 * step, 4 * step],
        [0, 3 * step, step, 2 * step, 4 * step],  # in decoding order
    ):
        index = _index_of_times(path, times, monkeypatch)
        assert len(index) == 5
        assert np.all(np.diff(index.pts) > 0)
        near = [abs(int(pts) - frame * step) <= step for frame, pts in enumerate(index.pts)]
        assert all(near)
    assert _index_of_times(path, [0, step, None, 3 * step, 4 * step], monkeypatch).pts[2] == 2 * step
    assert _index_of_times(path, [7, 7, 7, 600], monkeypatch).pts.tolist() == [7, 8, 9, 600]
    assert _index_of_times(path, [None, None, None], monkeypatch).pts.tolist() == [0, step, 2 * step]


def _index_of_times(path: Path, times: Sequence[int | None], monkeypatch: pytest.MonkeyPatch) -> FrameIndex:
    """The index of a film whose packets have these times."""

    class Packet:
        size, is_discard, is_keyframe, duration, pos = 100, False, True, 512, 0

        def __init__(self, pts: int | None) -> None:
            self.pts = pts

    class Container:
        def demux(self, stream: object) -> list[Packet]:
            return [Packet(pts) for pts in times]

    class Stream:
        time_base, average_rate, base_rate = Fraction(1, 12800), Fraction(25), Fraction(25)

    @contextmanager
    def opened(path: Path) -> Iterator[tuple[Container, Stream]]:
        yield Container(), Stream()

    monkeypatch.setattr("seamline.media.frame_index.opened", opened)
    return index_frames(path)


def test_indexing_can_be_cancelled(films: FilmShelf) -> None:
    seen: list[tuple[int, int]] = []
    progress = CancellableProgress(lambda done, total: seen.append((done, total)))
    index_frames(films("mp4").path, progress=progress)
    size = films("mp4").path.stat().st_size
    assert seen
    assert all(0 <= done <= total == size for done, total in seen)
    progress.cancel()
    with pytest.raises(Cancelled):
        index_frames(films("mp4").path, progress=progress)


class TestFrameIndex:
    def test_frames_and_times_lead_to_each_other(self) -> None:
        index = make_index([1000, 1040, 1100, 1500], end=1540)
        assert [index.time_of(n) for n in range(5)] == [Fraction(n, 1000) for n in (0, 40, 100, 500, 540)]
        assert index.duration == Fraction(54, 100)
        assert [index.frame_at(Fraction(ms, 1000)) for ms in (0, 39, 40, 99, 100, 499, 500)] == [
            0, 0, 1, 1, 2, 2, 3,
        ]  # fmt: skip
        assert [index.frame_of_pts(pts) for pts in (1000, 1039, 1040, 1501)] == [0, 0, 1, 3]

    def test_times_outside_the_film_give_its_ends(self) -> None:
        index = make_index([1000, 1040])
        assert index.frame_at(-5.0) == 0
        assert index.frame_at(Fraction(-1)) == 0
        assert index.frame_at(1e9) == 1
        assert index.frame_of_pts(-(2**60)) == 0
        assert index.frame_of_pts(2**60) == 1

    @pytest.mark.parametrize("rate", [Fraction(25), Fraction(24000, 1001), Fraction(60000, 1001)])
    def test_a_frames_time_as_a_float_is_still_that_frame(self, rate: Fraction) -> None:
        """0.12 as a float is a little less than 3/25."""
        time_base = 1 / (rate * 512)
        index = make_index(range(0, 5000 * 512, 512), time_base=time_base, rate=rate)
        frames = range(0, 5000, 7)
        assert [index.frame_at(float(index.time_of(frame))) for frame in frames] == list(frames)

    def test_key_frames_before(self) -> None:
        index = make_index(range(0, 400, 40), keyframes=(2, 6))
        assert [index.keyframe_before(frame) for frame in range(10)] == [0, 0, 2, 2, 2, 2, 6, 6, 6, 6]
        assert make_index([0, 40], keyframes=()).keyframe_before(1) == 0

    def test_a_coarse_clock_is_no_variable_rate(self) -> None:
        for rate in (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60)):
            pts = [round(frame * 1000 / rate) for frame in range(3000)]
            assert not make_index(pts, rate=rate).is_variable

    def test_grid_frames_of_a_variable_rate_follow_time(self) -> None:
        index = make_index([0, 40, 200, 240], end=280)
        assert index.is_variable
        assert [index.grid_frame(frame) for frame in range(5)] == [0, 1, 5, 6, 7]
        assert "variable 25 frames/s" in repr(index)

    def test_a_lost_frame_makes_the_rate_variable(self) -> None:
        assert make_index([*range(0, 400, 40), *range(440, 1000, 40)]).is_variable

    @pytest.mark.parametrize("pts", [[], [[0, 1]], [0, 0], [1, 0]])
    def test_impossible_times_are_refused(self, pts: list[int]) -> None:
        with pytest.raises(MediaError):
            FrameIndex(np.array(pts, np.int64), Fraction(1, 25), Fraction(25), np.array([0]), 1)
        with pytest.raises(MediaError):
            FrameIndex(np.arange(3.0), Fraction(1), Fraction(25), np.array([0]), 4)  # type: ignore[arg-type]

    def test_impossible_rates_are_refused(self) -> None:
        for rate, time_base in ((Fraction(0), Fraction(1)), (Fraction(25), Fraction(0))):
            with pytest.raises(MediaError, match="must be above 0"):
                make_index([0, 1], rate=rate, time_base=time_base)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (Fraction(2997, 100), Fraction(30000, 1001)),
        (Fraction(19001, 634), Fraction(30000, 1001)),
        (Fraction(23976, 1000), Fraction(24000, 1001)),
        (Fraction(2398, 100), Fraction(24000, 1001)),
        (Fraction(5994, 100), Fraction(60000, 1001)),
        (Fraction(47952, 1000), Fraction(48000, 1001)),
        (Fraction(119880, 1000), Fraction(120000, 1001)),
        (Fraction(24), Fraction(24)),
        (Fraction(30), Fraction(30)),
        (Fraction(25001, 1000), Fraction(25)),
        (Fraction(100), Fraction(100)),
        (Fraction(15, 2), Fraction(15, 2)),
        (Fraction(2520, 100), Fraction(2520, 100)),
    ],
)
def test_rates_are_snapped_to_what_they_stand_for(said: Fraction, meant: Fraction) -> None:
    assert snap_rate(said) == meant


def test_a_kept_index_is_taken_instead_of_reading_the_film(films: FilmShelf) -> None:
    class Shelf:
        kept: dict[str, FrameIndex] = {}  # noqa: RUF012  one shelf a test

        def load_index(self, film_fingerprint: str) -> FrameIndex | None:
            return self.kept.get(film_fingerprint)

        def save_index(self, film_fingerprint: str, index: FrameIndex) -> None:
            self.kept[film_fingerprint] = index

    shelf = Shelf()
    first = open_film(films("mp4").path, shelf=shelf)
    assert shelf.kept == {first.fingerprint: first.index}
    assert open_film(films("mp4").path, shelf=shelf).index is first.index
    assert open_film(films("mkv").path, shelf=shelf).index is not first.index
