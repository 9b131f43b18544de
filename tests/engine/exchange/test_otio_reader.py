"""OpenTimelineIO timelines read: our own, those that the library makes, and damaged ones."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest

from seamline.errors import ExchangeError
from seamline.exchange.cut_list import CutList, ListEvent, ListTransition
from seamline.exchange.otio import write_otio
from seamline.exchange.otio_reader import read_otio
from seamline.project.types import Project


def span(start: float, length: float, rate: float = 24) -> Any:
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(start, rate), otio.opentime.RationalTime(length, rate)
    )


def clip(name: str, start: float, length: float, rate: float = 24, url: str | None = None) -> Any:
    media = None if url is None else otio.schema.ExternalReference(target_url=url)
    return otio.schema.Clip(name=name, source_range=span(start, length, rate), media_reference=media)


def gap(length: float) -> Any:
    return otio.schema.Gap(source_range=span(0, length))


def transition(before: float, after: float, kind: str = "SMPTE_Dissolve") -> Any:
    return otio.schema.Transition(
        transition_type=kind,
        in_offset=otio.opentime.RationalTime(before, 24),
        out_offset=otio.opentime.RationalTime(after, 24),
    )


def timeline_of(*items: Any, start: Any = None) -> Any:
    timeline = otio.schema.Timeline(name="Cut 7", global_start_time=start)
    timeline.tracks.append(otio.schema.Track(name="V1", kind="Video", children=list(items)))
    return timeline


def read(document: Any) -> CutList:
    return read_otio(document.to_json_string().encode())


def frames(cut_list: CutList) -> list[tuple[int, int, int, int]]:
    return [(e.source_start, e.source_end, e.record_start, e.record_end) for e in cut_list.events]


def test_what_is_written_is_read_at_every_rate(rate: Any, reference: Project) -> None:
    cut_list = read_otio(write_otio(reference))
    first = reference.first_timecode_frame
    spans = [(first + s.start_frame, first + s.end_frame) for s in reference.shots]
    assert frames(cut_list) == [(*s, *s) for s in spans]
    assert (cut_list.rate, cut_list.drop_frame) == (rate.rate, rate.drop)
    assert (cut_list.title, cut_list.format_name) == ("Reel One (final)", "OpenTimelineIO")
    assert {event.source for event in cut_list.events} == {"Reel One (final).mov"}
    assert cut_list.remarks == ()


def test_gaps_move_what_follows_and_names_come_from_the_media() -> None:
    cut_list = read(
        timeline_of(
            gap(10),
            clip("one", 100, 20, url="file://localhost/C%3a/Films/F%C3%BCr%20Elise.mov"),
            gap(5),
            clip("two", 0, 3, url="..\\media\\b.mov"),
            clip("three", 7, 1),
            start=otio.opentime.RationalTime(86400, 24),
        )
    )
    assert frames(cut_list) == [
        (100, 120, 86410, 86430),
        (0, 3, 86435, 86438),
        (7, 8, 86438, 86439),
    ]
    assert [event.source for event in cut_list.events] == ["Für Elise.mov", "b.mov", "three"]
    assert (cut_list.title, cut_list.drop_frame, cut_list.rate) == ("Cut 7", None, Fraction(24))


def test_a_transition_takes_its_frames_from_both_clips() -> None:
    cut_list = read(
        timeline_of(
            clip("a", 0, 20), transition(3, 5), clip("b", 100, 20), transition(2, 2, "Wipe"), clip("c", 50, 9)
        )
    )
    assert cut_list.events == (
        ListEvent(0, 17, 0, 17, "a"),
        ListEvent(97, 118, 17, 38, "b", ListTransition.DISSOLVE, 8, "SMPTE_Dissolve"),
        ListEvent(48, 59, 38, 49, "c", ListTransition.WIPE, 4, "Wipe"),
    )


@pytest.mark.parametrize("offsets", [(30, 0), (0, 30), (20, 0), (-1, 3)])
def test_a_transition_that_does_not_fit_is_a_cut(offsets: tuple[int, int]) -> None:
    cut_list = read(timeline_of(clip("a", 0, 20), transition(*offsets), clip("b", 100, 20)))
    assert frames(cut_list) == [(0, 20, 0, 20), (100, 120, 20, 40)]
    assert cut_list.remarks == ("1 transitions longer than their clips were read as cuts.",)


def test_what_a_cut_list_does_not_hold_is_told() -> None:
    nested = otio.schema.Stack(name="scene")
    nested.append(otio.schema.Track(kind="Video", children=[clip("inner", 4, 12)]))
    slow = clip("slow", 0, 10)
    slow.effects.append(otio.schema.LinearTimeWarp(time_scalar=0.5))
    hidden = clip("hidden", 0, 6)
    hidden.enabled = False
    timeline = timeline_of(nested, slow, hidden, clip("between", 0.5, 3), transition(1, 0))
    timeline.tracks.append(otio.schema.Track(kind="Video", children=[clip("above", 0, 5)]))
    timeline.tracks.append(otio.schema.Track(kind="Audio", children=[clip("sound", 0, 5)]))
    cut_list = read(timeline)
    assert [(e.source, e.record_start, e.record_end) for e in cut_list.events] == [
        ("scene", 0, 12), ("slow", 12, 22), ("between", 28, 31),
    ]  # fmt: skip
    assert cut_list.remarks == (
        "The timeline has 2 video tracks with clips; the first (lowest) was read.",
        "1 nested sequences were read as one event each.",
        "1 retimed clips were read as if at normal speed.",
        "1 disabled clips were left out.",
        "1 times lie between frames; the nearest frames were taken.",
        "1 transitions into a gap or the end were left out.",
    )


def test_a_clip_of_another_rate_is_read_at_the_first_ones() -> None:
    cut_list = read(timeline_of(clip("a", 0, 24), clip("b", 50, 100, rate=50)))
    assert frames(cut_list) == [(0, 24, 0, 24), (24, 72, 24, 72)]
    assert cut_list.rate == 24
    assert read(timeline_of(clip("a", 0, 24, rate=29.97))).rate == Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("first_rate", "rate", "length"), [(24, 30, 11), (25, 25, 10.5), (24000 / 1001, 25, 7), (25, 60, 1)]
)
def test_lengths_that_are_no_whole_frames_move_nothing_that_follows(
    first_rate: float, rate: float, length: float
) -> None:
    items = [clip("first", 0, 24, first_rate), *(clip(f"{n}", 0, length, rate) for n in range(100))]
    timeline = timeline_of(*items, start=otio.opentime.RationalTime(0, first_rate))
    track = timeline.tracks[0]
    expected = [track.range_of_child_at_index(number) for number in range(101)]
    cut_list = read(timeline)
    assert cut_list.rate is not None
    assert float(cut_list.rate) == pytest.approx(first_rate)
    found = {event.source: (event.record_start, event.record_end) for event in cut_list.events}
    for item, span_there in zip(items, expected, strict=True):
        start = span_there.start_time.rescaled_to(first_rate).value
        end = span_there.end_time_exclusive().rescaled_to(first_rate).value
        if item.name in found:
            assert found[item.name] == pytest.approx((start, end), abs=0.501)
        else:
            assert end - start < 1
    last = expected[-1].end_time_exclusive().rescaled_to(first_rate).value
    assert cut_list.events[-1].record_end == pytest.approx(last, abs=0.501)
    # neighbours still meet, in the record and in the source
    ends = [event.record_end for event in cut_list.events]
    assert [event.record_start for event in cut_list.events[1:]] == ends[:-1]


def test_the_timelines_own_rate_is_taken_and_not_the_first_medias() -> None:
    items = [clip("a", 0, 15, rate=15), gap(24), clip("b", 0, 24), clip("c", 0, 15, rate=15)]
    start = otio.opentime.RationalTime(300, 30)
    cut_list = read(timeline_of(*items, start=start))
    assert cut_list.rate == 30
    assert frames(cut_list) == [(0, 30, 300, 330), (0, 30, 360, 390), (0, 30, 390, 420)]
    # without a start, that of most items, gaps too
    assert read(timeline_of(*items, gap(1))).rate == 24
    assert read(timeline_of(*items, clip("d", 0, 1, rate=15))).rate == 15


def test_many_different_rates_are_refused_at_once() -> None:
    draw = random.Random(3)
    items = [clip(f"{n}", 0, 100, rate=draw.uniform(20, 60)) for n in range(5000)]
    text = timeline_of(*items).to_json_string()
    begun = time.monotonic()
    with pytest.raises(ExchangeError, match=r"more than 100 different frame rates: export"):
        read_otio(text)
    assert time.monotonic() - begun < 2
    nested = otio.schema.Track(name="scene", children=items)
    with pytest.raises(ExchangeError, match="more than 100 different frame rates"):
        read(timeline_of(nested))
    # as many as may be, with numbers that make long fractions
    rates = [draw.uniform(20, 60) for _ in range(100)]
    items = [clip(f"{n}", 0, draw.uniform(1, 100), rate=rates[n % 100]) for n in range(5000)]
    begun = time.monotonic()
    assert len(read_otio(timeline_of(*items).to_json_string()).events) == 5000
    assert time.monotonic() - begun < 2


def test_a_track_or_a_collection_is_read_too() -> None:
    timeline = timeline_of(clip("a", 0, 24))
    collection = otio.schema.SerializableCollection(children=[timeline, timeline_of(clip("b", 0, 5))])
    assert read(collection).remarks == ("The file holds 2 timelines; the first was read.",)
    assert frames(read(timeline.tracks[0])) == frames(read(collection)) == [(0, 24, 0, 24)]


def test_utf_16_with_a_mark_is_read() -> None:
    text = timeline_of(clip("für", 5, 24)).to_json_string()
    for encoding in ("utf-16", "utf-8-sig"):
        assert read_otio(text.encode(encoding)).events == read_otio(text).events
    assert read_otio(b"\xfe\xff" + text.encode("utf-16-be")).events[0].source == "für"


def test_schemas_of_older_and_newer_versions_are_read() -> None:
    text = timeline_of(gap(3), clip("a", 5, 24, url="file:///a.mov")).to_json_string()
    newer = text.replace("Clip.2", "Clip.9").replace("Timeline.1", "Timeline.7")
    assert frames(read_otio(newer)) == [(5, 29, 3, 27)]
    older = otio.core.serialize_json_to_string(
        timeline_of(gap(3), clip("a", 5, 24, url="file:///a.mov")), {"Clip": 1}
    )
    assert '"Clip.1"' in older
    assert read_otio(older.replace('"Gap.1"', '"Filler.1"')).events == read_otio(text).events


def test_a_nested_sequence_without_a_range_is_as_long_as_what_it_holds() -> None:
    scene = otio.schema.Stack(name="scene")
    scene.append(otio.schema.Track(children=[clip("a", 0, 10), transition(2, 2), clip("b", 0, 7)]))
    scene.append(otio.schema.Track(children=[clip("c", 0, 12)]))
    assert frames(read(timeline_of(scene, clip("d", 3, 4)))) == [(0, 17, 0, 17), (3, 7, 17, 21)]


def nested(levels: int) -> Any:
    item = clip("innermost", 0, 5)
    for _ in range(levels):
        stack = otio.schema.Stack(name="level")
        stack.append(item)
        item = stack
    return item


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "is damaged"),
        ("{}", "no OpenTimelineIO timeline"),
        ('"text"', "no OpenTimelineIO timeline"),
        ("{" * 100, "is damaged"),
        (deep(100_000), "nested too deep"),
        ('{"a": ' * 100_000 + "1" + "}" * 100_000, "nested too deep"),
        (b"\xff\xfe\x00", "not text in UTF-8 or UTF-16"),
        (b"\xfc", "not text in UTF-8"),
        (b" " * (65 << 20), "has 65 MB; at most 64"),
        (b'"' + b"a" * (63 << 20) + b'"', "no OpenTimelineIO timeline"),
        ("[" + "{}," * 500_000 + "{}]", "no OpenTimelineIO timeline"),
        ("[" + "{}," * 1_000_000 + "{}]", "more parts than"),
        ("9" * 5000, "is damaged"),
        (timeline_of().to_json_string(), "“Cut 7” has no video track with clips"),
        (timeline_of(gap(5)).to_json_string(), "no video track with clips"),
        (timeline_of(clip("a", 0, 0)).to_json_string(), "no clip that is shown"),
        (timeline_of(clip("a", 0, -5)).to_json_string(), "takes -5 frames"),
        (timeline_of(clip("a", 0, 5, rate=0)).to_json_string(), "rate is 0"),
        (timeline_of(clip("a", 0, 5, rate=1e9)).to_json_string(), r"rate is 1e\+09"),
        (timeline_of(clip("a", 1e30, 5)).to_json_string(), r"A time of the timeline is none .*1e\+30"),
        (timeline_of(clip("a", float("nan"), 5)).to_json_string(), "A time of the timeline is none .*nan"),
        (timeline_of(otio.schema.Clip(name="a")).to_json_string(), "“a” has no range"),
        (timeline_of(otio.schema.Stack(name="s")).to_json_string(), "“s” is empty"),
        (timeline_of(nested(60)).to_json_string(), "more than 50 sequences"),
        (otio.schema.Clip(name="a").to_json_string(), "no OpenTimelineIO timeline"),
    ],
)  # fmt: skip
def test_what_is_no_timeline_is_refused_at_once(document: bytes | str, message: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ExchangeError, match=message) as caught:
        read_otio(document)
    assert str(caught.value).endswith(".")
    assert time.monotonic() - begun < 2


def test_no_damage_gives_another_error(make_project: Callable[..., Project], cut: Callable[..., Any]) -> None:
    good = [
        write_otio(make_project([cut(30), cut(60)])).encode(),
        timeline_of(gap(3), clip("a", 0, 20), transition(3, 5), clip("b", 9, 20))
        .to_json_string(indent=0)
        .encode(),
    ]
    draw = random.Random(7)
    pieces = (
        b"null",
        b"-1",
        b"1e400",
        b"NaN",
        b"{}",
        b"[]",
        b'"x"',
        b"1e17",
        b"Infinity",
        b"",
        b'"\xff"',
        b"true",
    )
    refused = 0
    for number in range(1000):
        data = good[number % 2]
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(data))
            match draw.randrange(4):
                case 0:
                    data = data[:at] + bytes([draw.randrange(256)]) + data[at + 1 :]
                case 1:
                    data = data[:at] + data[at + draw.randrange(60) :]
                case 2:
                    data = data[:at] + data[draw.randrange(at + 1) : at] + data[at:]
                case _:
                    # a whole value for another
                    end = next((i for i in range(at, len(data)) if data[i : i + 1] in b",\n"), len(data))
                    begin = data.rfind(b":", 0, at) + 1
                    data = data[:begin] + draw.choice(pieces) + data[end:]
        try:
            cut_list = read_otio(data)
        except ExchangeError:
            refused += 1
        else:
            assert cut_list.events
    assert 200 < refused < 1000
