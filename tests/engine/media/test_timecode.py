"""Timecode labels, held against SMPTE ST 12-1's own words, written down a second time here."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from seamline.errors import MediaError
from seamline.media.timecode import TimecodeRate, count_of_label, means_drop_frame

Label = tuple[int, int, int, int]

NON_DROP = [TimecodeRate(n) for n in (1, 12, 24, 25, 30, 48, 50, 60, 100, 120)]
DROP = [TimecodeRate(30, drop_frame=True), TimecodeRate(60, drop_frame=True)]


def defined_labels(rate: TimecodeRate, first: Label = (0, 0, 0, 0)) -> Iterator[str]:
    """Every label from `first` on, counted as a clock counts.

    Drop frame leaves out the first two numbers (four at 60) of each minute but 0, 10, 20, 30, 40 and 50.
    """
    hours, minutes, seconds, frames = first
    dropped = rate.nominal // 15 if rate.drop_frame else 0
    separator = ";" if rate.drop_frame else ":"
    digits = 3 if rate.nominal > 100 else 2
    while True:
        yield f"{hours:02d}:{minutes:02d}:{seconds:02d}{separator}{frames:0{digits}d}"
        frames += 1
        if frames == rate.nominal:
            frames, seconds = 0, seconds + 1
        if seconds == 60:
            seconds, minutes = 0, minutes + 1
            frames = dropped if minutes % 10 else 0
        if minutes == 60:
            minutes, hours = 0, (hours + 1) % 24


def counted(rate: TimecodeRate, hours: int, minutes: int = 0, seconds: int = 0, frames: int = 0) -> int:
    """The frame count of a label: the numbers before it less those that minutes left out."""
    whole_minutes = 60 * hours + minutes
    count = (whole_minutes * 60 + seconds) * rate.nominal + frames
    if rate.drop_frame:
        count -= rate.nominal // 15 * (whole_minutes - whole_minutes // 10)
    return count


def name(rate: TimecodeRate) -> str:
    return f"{rate.nominal}{'df' if rate.drop_frame else ''}"


@pytest.mark.parametrize("rate", [*NON_DROP, *DROP], ids=name)
@pytest.mark.parametrize("minute", [0, 1, 9, 10, 59])
def test_labels_run_like_a_clock_over_a_minute(rate: TimecodeRate, minute: int) -> None:
    """Three seconds around the end of the minute, the hour's end among them."""
    first = counted(rate, 0, minute, 58)
    labels = defined_labels(rate, (0, minute, 58, 0))
    for frame in range(first, first + 3 * rate.nominal):
        label = next(labels)
        assert rate.format(frame) == label
        assert rate.parse(label) == frame


@pytest.mark.parametrize("rate", [*NON_DROP, *DROP], ids=name)
def test_a_day_ends_where_it_began(rate: TimecodeRate) -> None:
    labels = defined_labels(rate, (23, 59, 59, 0))
    first = counted(rate, 23, 59, 59)
    assert rate.frames_a_day == first + rate.nominal
    for frame in range(first, first + 2 * rate.nominal):
        assert rate.format(frame) == next(labels)
    assert rate.format(-1) == rate.format(rate.frames_a_day - 1)
    assert rate.format(-rate.frames_a_day) == rate.format(0)


@pytest.mark.parametrize("rate", [*NON_DROP, *DROP], ids=name)
def test_every_label_of_a_day_leads_back_to_its_frame(rate: TimecodeRate) -> None:
    for frame in range(0, rate.frames_a_day, rate.frames_a_day // 997):
        assert rate.parse(rate.format(frame)) == frame


@pytest.mark.parametrize(
    ("label", "frame"),
    [
        # ST 12-1: at 29.97 drop frame two numbers a minute, 108 an hour, are not there
        ("00:00:59;29", 1799),
        ("00:01:00;02", 1800),
        ("00:09:59;29", 17981),
        ("00:10:00;00", 17982),
        ("01:00:00;00", 107892),
        ("10:00:00;00", 1078920),
        ("23:59:59;29", 2589407),
    ],
)
def test_known_labels_of_29_97_drop_frame(label: str, frame: int) -> None:
    rate = TimecodeRate(30, drop_frame=True)
    assert rate.format(frame) == label
    assert rate.parse(label) == frame


def test_an_hour_of_drop_frame_is_an_hour_of_the_clock_to_four_milliseconds() -> None:
    for nominal in (30, 60):
        rate = TimecodeRate.of(Fraction(nominal * 1000, 1001), drop_frame=True)
        seconds = rate.parse("01:00:00;00") / Fraction(nominal * 1000, 1001)
        assert abs(seconds - 3600) < Fraction(4, 1000)


@pytest.mark.parametrize("rate", DROP, ids=name)
def test_dropped_labels_do_not_exist(rate: TimecodeRate) -> None:
    dropped = rate.nominal // 15
    for minute in (1, 11, 59):
        for number in range(dropped):
            with pytest.raises(MediaError, match=r"does not exist in drop frame.*\.$"):
                rate.parse(f"03:{minute:02d}:00;{number:02d}")
        assert rate.parse(f"03:{minute:02d}:00;{dropped:02d}") == counted(rate, 3, minute, 0, dropped)
    for minute in (0, 10, 50):
        assert rate.parse(f"03:{minute:02d}:00;00") == counted(rate, 3, minute)


@pytest.mark.parametrize(
    "label",
    [
        "24:00:00:00",
        "00:60:00:00",
        "00:00:60:00",
        "00:00:00:25",
        "00:00:00:99",
        "99:99:99:99",
        "00:00:00:100",
    ],
)
def test_labels_out_of_range_are_refused_with_the_range(label: str) -> None:
    with pytest.raises(MediaError, match=r"out of range: at most 23:59:59:24 at this rate\.$"):
        TimecodeRate(25).parse(label)


@pytest.mark.parametrize(
    "text", ["", "1", "01:00:00", "-1:00:00:00", "01:00:00:0", "a1:00:00:00", "01:00:00:00:00", "01-00-00-00"]
)
def test_what_is_no_label_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(MediaError, match=r"is not a timecode: write it as 01:00:00:00\.$"):
        TimecodeRate(25).parse(text)


def test_labels_are_read_as_people_write_them() -> None:
    rate = TimecodeRate(25)
    for label in ("01:00:00:05", " 1:00:00:05\n", "01:00:00.05", "01:00:00;05", "01:00:00,05"):
        assert rate.parse(label) == 90_005
    assert TimecodeRate(120).parse("00:00:01:07") == 127
    assert TimecodeRate(120).parse("00:00:01:007") == 127
    assert TimecodeRate(120).format(119) == "00:00:00:119"


@pytest.mark.parametrize(
    ("rate", "nominal", "drops"),
    [
        (Fraction(24000, 1001), 24, False),
        (Fraction(24), 24, False),
        (Fraction(25), 25, False),
        (Fraction(30000, 1001), 30, True),
        (Fraction(30), 30, False),
        (Fraction(48000, 1001), 48, False),
        (Fraction(50), 50, False),
        (Fraction(60000, 1001), 60, True),
        (Fraction(60), 60, False),
        (Fraction(120000, 1001), 120, False),
        (Fraction(1, 2), 1, False),
    ],
)
def test_a_films_rate_says_how_its_frames_are_counted(rate: Fraction, nominal: int, drops: bool) -> None:
    assert TimecodeRate.of(rate) == TimecodeRate(nominal)
    assert TimecodeRate.of(rate, drop_frame=True) == TimecodeRate(nominal, drops)


def test_drop_frame_exists_at_two_rates_only() -> None:
    for nominal in (24, 25, 50, 120):
        with pytest.raises(MediaError, match=f"not at {nominal}: use a timecode with colons"):
            TimecodeRate(nominal, drop_frame=True)
    for nominal in (0, -1, 1000):
        with pytest.raises(MediaError, match="1 to 999 are possible"):
            TimecodeRate(nominal)


def test_punctuation_says_drop_frame() -> None:
    assert means_drop_frame("01:00:00;00")
    assert means_drop_frame("01:00:00,00")
    assert not means_drop_frame("01:00:00:00")
    assert not means_drop_frame("01:00:00.00")


class TestWrittenLabels:
    def test_the_semicolon_says_drop_frame(self) -> None:
        rate = Fraction(30000, 1001)
        assert count_of_label("01:00:00;00", rate) == (107_892, True)
        assert count_of_label("01:00:00:00", rate) == (108_000, False)
        assert count_of_label(" 00:00:01:00 ", Fraction(25)) == (25, False)

    @pytest.mark.parametrize("rate", [Fraction(25), Fraction(30), Fraction(60), Fraction(24000, 1001)])
    def test_drop_frame_is_refused_where_nothing_is_dropped(self, rate: Fraction) -> None:
        with pytest.raises(MediaError, match="write it with colons"):
            count_of_label("01:00:00;00", rate)
