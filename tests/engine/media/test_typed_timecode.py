"""What an editor types is understood as editing systems understand it, at every rate."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from seamline.errors import MediaError
from seamline.media.positions import FilmClock, PositionDisplay
from seamline.media.timebase import FrameIndex
from seamline.media.timecode import TimecodeRate
from seamline.media.typed_timecode import typed_frame

NTSC = Fraction(1000, 1001)
RATES = {
    "23.976": (24 * NTSC, False),
    "24": (Fraction(24), False),
    "25": (Fraction(25), False),
    "29.97 ndf": (30 * NTSC, False),
    "29.97 df": (30 * NTSC, True),
    "30": (Fraction(30), False),
    "50": (Fraction(50), False),
    "59.94 ndf": (60 * NTSC, False),
    "59.94 df": (60 * NTSC, True),
    "60": (Fraction(60), False),
    "119.88": (120 * NTSC, False),
}
TIMECODE, FRAMES, TIME = PositionDisplay


def make_clock(name: str = "25", *, start: str = "00:00:00:00", frames: int | None = None) -> FilmClock:
    """Two hours, or `frames`, from the timecode `start` on."""
    rate, drop_frame = RATES[name]
    counting = TimecodeRate.of(rate, drop_frame=drop_frame)
    count = 7200 * counting.nominal if frames is None else frames
    index = FrameIndex(
        pts=np.arange(count, dtype=np.int64),
        time_base=1 / rate,
        rate=rate,
        keyframes=np.zeros(1, np.int64),
        end_pts=count,
    )
    return FilmClock(index, counting, counting.parse(start))


def go(text: str, clock: FilmClock, at: int = 0, display: PositionDisplay = TIMECODE) -> int:
    return typed_frame(text, clock=clock, current_frame=at, display=display)


@pytest.fixture(scope="module")
def uneven() -> FilmClock:
    """A variable film: frames at 25 a second, but for a hole of ten places after frame 99, and then double speed."""
    pts = [*range(0, 200, 2), *range(220, 320)]
    index = FrameIndex(
        pts=np.array(pts, dtype=np.int64),
        time_base=Fraction(1, 50),
        rate=Fraction(25),
        keyframes=np.zeros(1, np.int64),
        end_pts=400,
    )
    assert index.is_variable
    return FilmClock(index, TimecodeRate(25), 90_000)


class TestTimecode:
    @pytest.mark.parametrize("name", RATES)
    @pytest.mark.parametrize("display", [*PositionDisplay])
    def test_what_is_shown_can_be_typed_at_every_rate(self, name: str, display: PositionDisplay) -> None:
        clock = make_clock(name, start="00:59:50:00")
        for frame in (*range(0, clock.last_frame, 1741), *range(17_900, 18_100, 7), clock.last_frame):
            assert go(clock.text(frame, display), clock, at=5, display=display) == frame

    @pytest.mark.parametrize("name", RATES)
    def test_full_labels_are_source_timecode(self, name: str) -> None:
        clock = make_clock(name, start="01:00:00:00")
        nominal = clock.counting.nominal
        assert go("01:00:02:03", clock) == 2 * nominal + 3
        assert go("1.0.2.3", clock) == 2 * nominal + 3
        assert go(" 01 : 00 : 02 ; 03 ", clock) == 2 * nominal + 3

    @pytest.mark.parametrize("name", RATES)
    @pytest.mark.parametrize(
        "text", ["12304", "1.23.4", "1:23:04", "1,23,4", "1 23 4", "00:01:23:04", "1;23;4"]
    )
    def test_short_entries_are_read_from_the_right(self, name: str, text: str) -> None:
        clock = make_clock(name)
        if name == "119.88" and text == "12304":
            text = "123004"  # its frames have three digits
        assert clock.text(go(text, clock), TIMECODE).replace(";", ":") in ("00:01:23:04", "00:01:23:004")

    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("7", "00:00:00:07"),
            ("2.", "00:00:02:00"),
            ("2..", "00:02:00:00"),
            ("1...", "01:00:00:00"),
            ("1..5", "00:01:00:05"),
            ("01000000", "01:00:00:00"),
            (":12", "00:00:00:12"),
        ],
    )
    def test_empty_fields_are_zero(self, text: str, label: str) -> None:
        clock = make_clock()
        assert clock.text(go(text, clock), TIMECODE) == label

    def test_what_is_left_out_is_taken_from_the_position_shown(self) -> None:
        clock = make_clock(start="01:00:00:00")
        assert go("2000", clock) == 500
        assert clock.text(go("2000", clock, at=80 * 60 * 25), TIMECODE) == "02:20:20:00".replace(
            "20:20", "20:20"
        )
        assert clock.text(go("5.2.1", clock, at=80 * 60 * 25), TIMECODE) == "02:05:02:01"

    def test_a_short_entry_that_the_film_has_is_taken_as_it_is(self) -> None:
        clock = make_clock()
        assert clock.text(go("2000", clock, at=80 * 60 * 25), TIMECODE) == "00:00:20:00"

    def test_timecode_may_pass_midnight(self) -> None:
        clock = make_clock(start="23:59:50:00", frames=1000)
        assert go("00:00:05:00", clock) == 375
        assert go("23:59:50:00", clock) == 0

    @pytest.mark.parametrize(("name", "dropped"), [("29.97 df", 2), ("59.94 df", 4)])
    def test_drop_frame_may_be_typed_with_colons(self, name: str, dropped: int) -> None:
        clock = make_clock(name)
        nominal = clock.counting.nominal
        assert go(f"00:01:00:0{dropped}", clock) == go(f"00:01:00;0{dropped}", clock) == 60 * nominal
        assert go("00:10:00:00", clock) == 600 * nominal - 9 * dropped
        for frames in range(dropped):
            with pytest.raises(MediaError, match=r"“00:01:00;0[0-3]” does not exist in drop frame.*next one"):
                go(f"100{frames:02d}", clock)

    def test_colons_do_not_drop_where_the_film_does_not(self) -> None:
        assert go("00:01:00:00", make_clock("29.97 ndf")) == 1800
        assert go("00:01:00;00", make_clock("29.97 ndf")) == 1800


class TestRelative:
    @pytest.mark.parametrize("name", RATES)
    def test_signs_go_on_and_back(self, name: str) -> None:
        clock = make_clock(name, start="10:00:00:00")
        nominal = clock.counting.nominal
        assert go("+25", clock, at=1000) == 1025
        assert go("-25", clock, at=1000) == 975
        assert go("\u2212 3", clock, at=1000) == 997
        assert go("-1:00", clock, at=1000) == 1000 - nominal
        assert go("+1.", clock, at=1000) == 1000 + nominal
        assert go("+1:02", clock, at=1000) == 1000 + nominal + 2
        assert go("+99", clock, at=1000) == 1099
        assert go("+250f", clock, at=1000) == 1250

    def test_more_than_two_digits_are_read_from_the_right(self) -> None:
        clock = make_clock()
        assert go("+100", clock, at=10) == 35
        assert go("+12304", clock) == 83 * 25 + 4

    @pytest.mark.parametrize(("name", "ten_minutes"), [("29.97 df", 17_982), ("59.94 df", 35_964)])
    def test_lengths_in_drop_frame_are_those_of_its_clock(self, name: str, ten_minutes: int) -> None:
        clock = make_clock(name, start="01:00:00:00")
        assert go("+10:00:00", clock, at=5) == 5 + ten_minutes
        assert go("+1:00:00:00", clock) == 6 * ten_minutes
        assert clock.text(go("+1:00:00:00", clock), TIMECODE) == "02:00:00;00"
        a_minute = go("+1:00:00", clock) / clock.index.rate
        assert abs(a_minute - 60) < 1 / clock.index.rate

    @pytest.mark.parametrize("display", [*PositionDisplay])
    @pytest.mark.parametrize("text", ["99:00:00:00", "999999f", "90000s"])
    def test_the_films_ends_are_where_they_stop(self, text: str, display: PositionDisplay) -> None:
        clock = make_clock(start="10:00:00:00")
        assert go(f"+{text}", clock, at=10, display=display) == clock.last_frame
        assert go(f"-{text}", clock, at=10, display=display) == 0

    @pytest.mark.parametrize("name", RATES)
    def test_a_second_of_time_on_and_back_comes_out_even(self, name: str) -> None:
        clock = make_clock(name)
        for at in (500, 501, 777):
            there = go("+1s", clock, at=at)
            assert there == at + clock.counting.nominal
            assert go("-1s", clock, at=there) == at


class TestFramesAndTime:
    @pytest.mark.parametrize("display", [*PositionDisplay])
    def test_units_say_what_is_meant_whatever_is_shown(self, display: PositionDisplay) -> None:
        clock = make_clock(start="01:00:00:00")
        assert go("1500f", clock, display=display) == 1500
        assert go("1500 F", clock, display=display) == 1500
        assert go("12.5s", clock, display=display) == 312
        assert go("12,5 s", clock, display=display) == 312
        assert go("1:02s", clock, display=display) == 62 * 25
        assert go("+.2s", clock, at=100, display=display) == 105
        assert go("01:00:01:00", clock, display=display) == 25

    def test_where_frames_are_shown_digits_are_frames(self) -> None:
        clock = make_clock(start="01:00:00:00")
        assert go("1500", clock, display=FRAMES) == 1500
        assert go("12\u2009304", clock, display=FRAMES) == 12_304
        assert go("12 304", clock, display=FRAMES) == 12_304
        assert go("+100", clock, at=7, display=FRAMES) == 107
        assert go("+1:00", clock, at=7, display=FRAMES) == 32

    def test_where_time_is_shown_digits_are_seconds(self) -> None:
        clock = make_clock(start="01:00:00:00")
        assert go("90", clock, display=TIME) == 2250
        assert go("1:30.5", clock, display=TIME) == 2262
        assert go("0:01:16.360", clock, display=TIME) == 1909
        assert go(".04", clock, display=TIME) == 1
        assert go("+1.6", clock, at=100, display=TIME) == 140
        assert go("-1:00", clock, at=2000, display=TIME) == 500

    def test_times_are_of_the_frame_on_screen(self) -> None:
        clock = make_clock()
        assert [go(f"{ms / 1000}s", clock) for ms in (0, 39, 40, 79, 80)] == [0, 0, 1, 1, 2]


class TestVariableRate:
    def test_every_place_has_its_frame(self, uneven: FilmClock) -> None:
        assert go("01:00:01:00", uneven) == 25
        assert go("01:00:03:24", uneven) == 99
        assert go("01:00:04:05", uneven) == 99, "on screen in the hole"
        assert go("01:00:04:10", uneven) == 100
        assert uneven.text(go("01:00:05:00", uneven), TIMECODE) == "01:00:05:00"

    def test_every_label_leads_to_a_frame_of_that_label(self, uneven: FilmClock) -> None:
        for frame in range(uneven.last_frame + 1):
            label = uneven.text(frame, TIMECODE)
            assert uneven.text(go(label, uneven), TIMECODE) == label
            assert go(uneven.text(frame, TIME), uneven, display=TIME) == frame

    def test_plain_numbers_are_the_films_own_frames(self, uneven: FilmClock) -> None:
        assert go("+3", uneven, at=99) == 102
        assert go("150f", uneven) == 150
        assert go("+1:00", uneven, at=95) == uneven.frame_on_grid(120)

    def test_the_last_frame_is_there_as_long_as_it_lasts(self, uneven: FilmClock) -> None:
        assert go("01:00:07:24", uneven) == uneven.last_frame
        assert go("7.99s", uneven) == uneven.last_frame
        with pytest.raises(MediaError, match="outside"):
            go("01:00:08:00", uneven)


class TestRefusals:
    def test_a_position_outside_the_film_names_its_ends(self) -> None:
        clock = make_clock(start="01:00:00:00", frames=1000)
        for text in ("00:59:59:24", "01:00:40:00"):
            with pytest.raises(MediaError) as caught:
                go(text, clock)
            assert str(caught.value) == (
                f"{text} is outside the film: type a position from 01:00:00:00, its first frame, "
                "to 01:00:39:24, its last."
            )
        assert go("01:00:39:24", clock) == 999
        with pytest.raises(MediaError, match=r"^00:55:23:04 is outside"):
            go("552304", clock)
        with pytest.raises(MediaError, match=r"^Frame 1000 is outside .* from 0, .* to 999, its last\.$"):
            go("1000f", clock)
        with pytest.raises(MediaError, match=r"^0:00:40.000 is outside .* 0:00:00.000, .* 0:00:39.960"):
            go("40s", clock)

    @pytest.mark.parametrize("text", ["00:00:00:25", "75.0", "1.60.0.0", "24:00:00:00"])
    def test_what_no_clock_shows_is_out_of_range(self, text: str) -> None:
        with pytest.raises(MediaError, match="out of range: at most 23:59:59:24"):
            go(text, make_clock())

    @pytest.mark.parametrize(
        "text",
        ["", " ", "+", "-", ":", "+.", "s", "f", "abc", "1:2:3:4:5", "1234567890", "1e5", "0x10", "+-5", "--5",
         "1-5", "٣", "1" * 5000, "1:" + "1" * 5000, "9999999999f", "1.5f", "+1:2:3:4:5"],
    )  # fmt: skip
    @pytest.mark.parametrize("display", [*PositionDisplay])
    def test_what_cannot_be_read_is_refused_with_examples(self, text: str, display: PositionDisplay) -> None:
        with pytest.raises(
            MediaError, match=r"is not a position: type a timecode such as 00:00:02:00, or \+25"
        ):
            go(text, make_clock(), at=50, display=display)


def test_the_displays_follow_each_other_in_a_ring() -> None:
    assert [display.following for display in PositionDisplay] == [FRAMES, TIME, TIMECODE]


def test_positions_and_lengths_are_said_in_each_display() -> None:
    clock = make_clock("29.97 df", start="01:00:00:00")
    assert [clock.text(1800, display) for display in PositionDisplay] == [
        "01:01:00;02",
        "1\u2009800",
        "0:01:00.060",
    ]
    assert [clock.length_text(100, 1900, display) for display in PositionDisplay] == [
        "00:01:00;02",
        "1\u2009800",
        "0:01:00.060",
    ]
