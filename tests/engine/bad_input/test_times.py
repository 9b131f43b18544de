"""Packets whose times are odd, missing or wrong: every frame keeps its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.media.frame_index import _completed
from seamline.media.open_film import open_film
from seamline.media.packet_times import without_wrong_times
from seamline.media.packets import packets_of
from seamline.media.reader import FrameReader

if TYPE_CHECKING:
    from conftest import Sight
    from films import FilmShelf

_HOUR_MS = 3_600_000
_MS = Fraction(1, 1000)
STEPS_MS = {
    "even": [40] * 29,
    "a_gap": [40] * 11 + [5000] + [40] * 17,
    "20_hours": [40] * 11 + [20 * _HOUR_MS] + [40] * 17,
    "twice_each": [0 if number % 2 == 0 else 40 for number in range(29)],
    "all_at_once": [0] * 29,
    "a_tick_each": [1] * 29,
}


def ticks_of(steps_ms: Sequence[int]) -> list[int]:
    return [0, *(int(time) for time in np.cumsum(steps_ms))]


_TWICE = ("twice_each", "all_at_once")  # only Matroska's writer takes a time twice


@pytest.mark.parametrize(
    ("suffix", "steps"),
    [
        (suffix, steps)
        for suffix in (".mp4", ".mkv", ".ts")
        for steps in STEPS_MS
        if suffix == ".mkv" or steps not in _TWICE
    ],
)
def test_gaps_and_repeated_times_leave_every_frame_its_number(
    suffix: str, steps: str, odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    factor = 90 if suffix == ".ts" else 1
    path = odd.splice(
        tmp_path / f"film{suffix}",
        [odd.Part()],
        draw,
        ticks=[factor * tick for tick in ticks_of(STEPS_MS[steps])],
        clock=_MS / factor,
        duration_ticks=40 * factor,
        sound_s=1,
    )
    seen = look(path)
    assert seen.shown == {number: number for number in range(30)}
    assert 1 <= seen.film.rate <= 1000
    if steps != "a_tick_each":
        assert seen.film.rate == 25
    assert (14, 15) in seen.seams


@pytest.mark.parametrize("gap", [10**12, 2**55])
def test_a_gap_of_years_is_only_a_gap(
    gap: int, odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    ticks = [40 * number + (gap if number >= 12 else 0) for number in range(30)]
    path = odd.splice(
        tmp_path / "film.nut", [odd.Part()], draw, ticks=ticks, clock=_MS, duration_ticks=40, sound_s=1
    )
    seen = look(path)
    assert seen.shown == {number: number for number in range(30)}
    assert seen.loudness is not None
    assert seen.loudness[3] > 0.01


@pytest.mark.parametrize(("suffix", "left_out"), [(".mp4", 5), (".mkv", 0), (".ts", 0)])
def test_frames_before_the_films_beginning(
    suffix: str, left_out: int, odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    """An edit list leaves frames of negative time out; Matroska does not say a time for them, but shows them."""
    factor = 90 if suffix == ".ts" else 1
    path = odd.splice(
        tmp_path / f"film{suffix}",
        [odd.Part()],
        draw,
        ticks=[(40 * number - 200) * factor for number in range(30)],
        clock=_MS / factor,
        duration_ticks=40 * factor,
        container_options={"avoid_negative_ts": "disabled"},
    )
    seen = look(path)
    assert seen.shown == {number: number + left_out for number in range(30 - left_out)}
    assert seen.film.index.keyframes[0] in (0, 12 - left_out)
    assert seen.report.missing_frames == 0
    assert (14 - left_out, 15 - left_out) in seen.seams


def test_random_access_to_a_film_without_times(odd: Any, draw: Any, films: FilmShelf, tmp_path: Path) -> None:
    film = open_film(odd.splice(tmp_path / "film.h264", [odd.Part()], draw))
    assert float(film.index.duration) == pytest.approx(30 / 25)
    reader = FrameReader(film)
    for number in (29, 3, 14, 0):
        assert films.read_number(reader.read(number).rgb) == number
    reader.close()


@pytest.mark.parametrize("wrong", [{40: 10**9}, {40: -(10**9)}, {20: 90_000 * 3000, 70: 1, 71: 2**40}])
def test_one_wrong_time_does_not_lose_the_frames_behind_it(
    wrong: dict[int, int], odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    """All pictures behind one whose time lay in the future were taken for late, and dropped."""
    ticks = [40 * number for number in range(110)]
    path = odd.splice(
        tmp_path / "film.mkv", [odd.Part(frames=110)], draw, ticks=ticks, clock=_MS, duration_ticks=40
    )
    with pytest.MonkeyPatch.context() as patch:
        _patch_times(patch, wrong)
        seen = look(path)
    assert seen.film.frame_count == 110
    assert seen.film.rate == 25
    assert float(seen.film.index.duration) == pytest.approx(4.4, abs=0.01)
    assert seen.shown == {number: number for number in range(110)}


def _patch_times(patch: pytest.MonkeyPatch, wrong: dict[int, int]) -> None:
    """Packets (in decoding order) say these times, to the index and to the decoder."""

    def damaged(container: Any, *streams: Any) -> Any:
        for number, packet in enumerate(packets_of(container, *streams)):
            if number in wrong and packet.size:
                packet.pts = packet.dts = wrong[number]
            yield packet

    for module in ("frame_index", "decoder"):
        patch.setattr(f"seamline.media.{module}.packets_of", damaged)


@pytest.mark.parametrize("suffix", [".ts", ".mpg"])
def test_films_joined_byte_by_byte_are_refused_in_a_clear_sentence(
    suffix: str, odd: Any, draw: Any, tmp_path: Path, look: Callable[[Path], Sight]
) -> None:
    """Their clock begins again: every other frame was taken for missing."""
    codec = {"codec": "mpeg2video", "options": {"b": "4000000"}} if suffix == ".mpg" else {}
    one = odd.splice(tmp_path / f"one{suffix}", [odd.Part(frames=90, **codec)], draw).read_bytes()
    two = odd.splice(tmp_path / f"two{suffix}", [odd.Part(frames=60, **codec)], draw).read_bytes()
    joined = tmp_path / f"joined{suffix}"
    joined.write_bytes(one + two)
    with pytest.raises(MediaError, match="begins again on the way"):
        look(joined)


class TestWithoutWrongTimes:
    def test_times_in_any_order_that_encoders_use_are_left_alone(self) -> None:
        pyramid = [
            0,
            *(16 * group + at for group in range(8) for at in (16, 8, 4, 12, 2, 6, 10, 14, 1, 3, 5, 7, 9)),
        ]
        for pts in (
            list(range(200)),
            pyramid,
            [0, 250, 1, 2, 3, 500, 251, 252, 253, 900, *range(901, 1000)],  # a phone that paused between
            [None, 5, None, 3],
            [None],
            [7],
            [0] * 50,
        ):
            assert without_wrong_times(list(pts), Path("film.mp4")) == pts

    @pytest.mark.parametrize("at", [0, 1, 100, 160])
    @pytest.mark.parametrize("time", [-(2**60), -5, 10**6, 2**60])
    def test_a_time_far_from_its_place_is_not_believed(self, at: int, time: int) -> None:
        pts: list[int | None] = list(range(1000, 1200))
        pts[at] = time
        expected = [None if place == at else 1000 + place for place in range(200)]
        if at < 32 and time < 1000:
            expected[at] = time  # as good a beginning as any
        assert without_wrong_times(pts, Path("film.ts")) == expected

    def test_a_part_put_elsewhere_is_not_believed(self) -> None:
        pts: list[int | None] = [*range(200), *range(9000, 9010), *range(210, 600)]
        told = without_wrong_times(pts, Path("film.mkv"))
        assert told == [*range(200), *[None] * 10, *range(210, 600)]
        assert _completed(told, 1).tolist() == list(range(600))

    def test_many_wrong_times_are_found_one_by_one(self) -> None:
        random = np.random.default_rng(5)
        pts: list[int | None] = list(range(0, 40 * 2000, 40))
        places = random.choice(np.arange(50, 1950), 60, replace=False)
        for place in places:
            pts[place] = int(random.integers(-(2**32), 2**32))
        told = without_wrong_times(pts, Path("film.ts"))
        assert _completed(told, 40).tolist() == list(range(0, 40 * 2000, 40))

    def test_a_film_of_hours_takes_no_time(self) -> None:
        pts: list[int | None] = list(range(0, 400_000))
        pts[200_000] = 10**9
        assert without_wrong_times(pts, Path("film.ts"))[200_000] is None

    @pytest.mark.parametrize(("first", "second"), [(300, 300), (300, 60), (60, 300), (1000, 200)])
    def test_a_clock_that_begins_again_is_refused(self, first: int, second: int) -> None:
        with pytest.raises(MediaError, match="begins again"):
            without_wrong_times([*range(first), *range(second)], Path("film.ts"))


def test_missing_times_fill_no_more_than_they_are() -> None:
    """A hole of a million years once asked for as many numbers."""
    assert _completed([0, 40, 80, None, 2**60], 40).tolist() == [0, 40, 80, 120, 2**60]
    assert _completed([None, None, 80, 120], 40).tolist() == [0, 40, 80, 120]
    assert _completed([None, 120, 40, 80], 40).tolist() == [0, 120, 40, 80]
    assert _completed([None, None], 512).tolist() == [0, 512]
    assert _completed([10, None, 30, None, None, 40, 50], 10).tolist() == [10, 20, 30, 60, 70, 40, 50]
