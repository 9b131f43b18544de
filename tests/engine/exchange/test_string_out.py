"""A string-out of match cuts: independent readers find the very frames of both shots, at every rate."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pycmx
import pytest

from seamline.errors import ExchangeError
from seamline.exchange.edl_reader import read_edl
from seamline.exchange.fcpxml_reader import read_fcpxml
from seamline.exchange.otio_reader import read_otio
from seamline.exchange.string_out import StringOut, string_out
from seamline.exchange.string_out_formats import (
    STRING_OUT_FORMATS,
    export_string_out,
    string_out_format,
)
from seamline.exchange.xmeml_reader import read_xmeml
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide
from seamline.project.types import Project

A, B = "a" * 16, "b" * 16


def film(make_project: Callable[..., Project], name: str, fingerprint: str, **facts: object) -> Project:
    project = make_project(frames=2000, name=name, **facts)
    return replace(project, film=replace(project.film, fingerprint=fingerprint))


def pair(
    out: tuple[int, int, int], into: tuple[int, int, int], *, of: tuple[str, str] = (A, A)
) -> JudgedPair:
    sides = [
        MatchSide(name, start, end, frame) for name, (start, end, frame) in zip(of, (out, into), strict=True)
    ]
    found = MatchPair(sides[0], sides[1], MatchKind.MOTION, 0.87, 0.2, 0.9, 0.5, "Pan left at the same speed")
    return JudgedPair(found, note="the door")


def spans(string: StringOut) -> list[tuple[int, int, int, int]]:
    """Source frames from the film's first, and record frames from the sequence's first."""
    return [
        (clip.start_frame, clip.end_frame, *place)
        for clip, place in zip(string.clips, string.places, strict=True)
    ]


@pytest.fixture
def string(make_project: Callable[..., Project], rate: object) -> StringOut:
    """Two pairs of one film, at each rate; shots longer and shorter than two seconds."""
    one = film(make_project, "One.mov", A, rate=rate.rate, drop=rate.drop)  # type: ignore[attr-defined]
    pairs = [pair((100, 600, 598), (900, 1400, 903)), pair((700, 705, 704), (40, 52, 40))]
    return string_out(pairs, {A: one})


def test_shots_end_and_begin_where_they_are_cut(make_project: Callable[..., Project]) -> None:
    one = film(make_project, "One.mov", A)
    string = string_out(
        [pair((100, 600, 598), (900, 1400, 903)), pair((700, 705, 704), (40, 52, 40))], {A: one}
    )
    assert spans(string) == [
        (549, 599, 0, 50),
        (903, 953, 50, 100),
        (700, 705, 100, 105),
        (40, 52, 105, 117),
    ]
    assert [clip.name for clip in string.clips] == ["Match 1 out", "Match 1 in", "Match 2 out", "Match 2 in"]
    assert string.clips[0].comment == "motion match 0.87: Pan left at the same speed | the door"
    assert (string.clips[0].shot_start, string.clips[0].shot_end) == (100, 600)


def test_the_edl_is_read_frame_by_frame(string: StringOut) -> None:
    text = string_out_format("edl").write(string)
    assert text.isascii()
    project = string.films[0]
    rate = project.timecode_rate
    hour = rate.parse("01:00:00:00")
    events = list(pycmx.parse_cmx3600(io.StringIO(text, newline="")).events)
    edits = [edit for event in events for edit in event.edits]
    found = [tuple(map(rate.parse, (e.source_in, e.source_out, e.record_in, e.record_out))) for e in edits]
    first = project.first_timecode_frame
    assert found == [(s + first, e + first, r + hour, q + hour) for s, e, r, q in spans(string)]
    assert "* COMMENT: Match 1 out: motion match 0.87: Pan left at the same speed the door" in text
    own = read_edl(text, rate=string.rate)
    assert [(e.source_end - e.source_start) for e in own.events] == [c.length for c in string.clips]


def test_the_xml_is_read_by_an_independent_reader(string: StringOut) -> None:
    text = string_out_format(".xml").write(string)
    timeline = otio.adapters.read_from_string(text, "fcp_xml")
    clips = list(timeline.video_tracks()[0])
    lengths = [int(clip.source_range.duration.value) for clip in clips]
    assert lengths == [clip.length for clip in string.clips]
    own = read_xmeml(text)
    assert [(e.record_start, e.record_end) for e in own.events] == list(string.places)
    markers = [(m.name, m.metadata["fcp_xml"]["comment"]) for m in timeline.tracks.markers]
    assert markers[1] == ("Match 1 in", string.clips[1].comment)


def test_fcpxml_and_otio_are_exact(string: StringOut) -> None:
    start = string.films[0].first_timecode_frame
    cut_list = read_fcpxml(string_out_format("fcpxml").write(string))
    assert [(e.record_start, e.record_end) for e in cut_list.events] == list(string.places)
    cut_list = read_otio(string_out_format("otio").write(string))
    assert [
        (e.source_start - start, e.source_end - start, e.record_start, e.record_end) for e in cut_list.events
    ] == (spans(string))


def test_two_films_keep_their_own_timecode_reel_and_sound(make_project: Callable[..., Project]) -> None:
    one = film(make_project, "One.mov", A, reel="A001")
    two = film(make_project, "Two.mov", B, reel="A001", start="10:00:00:00")
    silent = replace(two, film=replace(two.film, info=replace(two.film.info, audio=None)))
    string = string_out([pair((0, 50, 49), (100, 200, 110), of=(A, B))], {A: one, B: silent})
    text = string_out_format("edl").write(string)
    assert "001  A001     V     C        01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00" in text
    assert "002  A001_2   V     C        10:00:04:10 10:00:06:10 01:00:02:00 01:00:04:00" in text
    root = ET.fromstring(string_out_format("xmeml").write(string))
    tracks = root.findall("sequence/media/audio/track")
    assert [len(track.findall("clipitem")) for track in tracks] == [1, 1]
    first, second = root.findall("sequence/media/video/track/clipitem")
    assert len(first.findall("link")) == 3
    assert not second.findall("link")
    assert [first.find("file").get("id"), second.find("file").get("id")] == ["file-1", "file-2"]  # type: ignore[union-attr]
    assert second.findtext("file/timecode/string") == "10:00:00:00"


def test_films_of_two_rates_go_where_they_can(make_project: Callable[..., Project], tmp_path: Path) -> None:
    one = film(make_project, "One.mov", A)
    two = film(make_project, "Two.mov", B, rate=Fraction(24000, 1001))
    string = string_out([pair((0, 100, 99), (100, 200, 100), of=(A, B))], {A: one, B: two})
    for name in ("edl", "xmeml"):
        with pytest.raises(ExchangeError, match=r"one frame rate.*23\.976 and 25.*OpenTimelineIO"):
            export_string_out(string, string_out_format(name), tmp_path / "pairs", overwrite=False)
    assert not list(tmp_path.iterdir())
    assert string.places == ((0, 50), (50, 100))
    timeline = otio.adapters.read_from_string(string_out_format("otio").write(string), "otio_json")
    second = list(timeline.tracks[0])[1]
    assert second.source_range.duration == otio.opentime.RationalTime(48, float(Fraction(24000, 1001)))
    clips = list(ET.fromstring(string_out_format("fcpxml").write(string)).iter("asset-clip"))
    assert [clip.get("ref") for clip in clips] == ["r2", "r4"]
    assert [clip.get("duration") for clip in clips] == ["2s", "2s"]


@pytest.mark.parametrize("film_rate", [24, 25, 50, 60, Fraction(24000, 1001), Fraction(60000, 1001)])
def test_an_outgoing_clip_of_another_rate_ends_at_its_cut(
    film_rate: Fraction, make_project: Callable[..., Project]
) -> None:
    one = film(make_project, "One.mov", A, rate=Fraction(24))
    two = film(make_project, "Two.mov", B, rate=Fraction(film_rate))
    per_frame = Fraction(film_rate) / 24
    for length in range(3, 60):
        string = string_out(
            [
                pair((0, 9, 8), (20, 30, 20)),
                pair((100, 100 + length, 99 + length), (200, 200 + length, 200), of=(B, B)),
            ],
            {A: one, B: two},
        )
        _, _, out, into = string.clips
        shown = [(end - start) * per_frame for start, end in string.places[2:]]
        assert out.end_frame == 100 + length
        assert 0 <= out.length - shown[0] < 1  # a sequence's frame takes it to the cut, and no further
        assert out.start_frame >= 100
        assert (into.start_frame, into.length) == (200, min(length, round(2 * two.film.rate)))
        assert into.length - shown[1] >= 0


def test_what_cannot_be_is_said(make_project: Callable[..., Project], tmp_path: Path) -> None:
    one = film(make_project, "One.mov", A)
    with pytest.raises(ExchangeError, match="keep one first"):
        string_out([], {A: one})
    with pytest.raises(ExchangeError, match="film of pair 1 is not open"):
        string_out([pair((0, 9, 8), (20, 30, 20), of=(A, B))], {A: one})
    with pytest.raises(ExchangeError, match="choose one of edl"):
        string_out_format("aaf")
    with pytest.raises(ExchangeError, match=r"Pair 2 lies beyond the end of “One\.mov”"):
        string_out([pair((0, 9, 8), (20, 30, 20)), pair((0, 9, 8), (1990, 2001, 1990))], {A: one})
    many = string_out([pair((0, 9, 8), (20, 30, 20))] * 500, {A: one})
    with pytest.raises(ExchangeError, match="numbers 999 clips, and these are 1000"):
        string_out_format("edl").write(many)
    few = string_out([pair((0, 9, 8), (20, 30, 20))], {A: one})
    taken = tmp_path / "taken.edl"
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(ExchangeError, match="exists already"):
        export_string_out(few, STRING_OUT_FORMATS[0], taken, overwrite=False)
    assert taken.read_text(encoding="utf-8") == "mine"
    export_string_out(few, STRING_OUT_FORMATS[0], taken, overwrite=True)
    assert taken.read_text(encoding="utf-8").startswith("TITLE: One match cuts")
