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
from seamline.media.film import AudioInfo
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
    assert {edit.channels.video for edit in edits} == {True}
    assert [[*edit.channels.channels] for edit in edits] == [[1, 2]] * 4
    own = read_edl(text, rate=string.rate)
    assert [(e.source_end - e.source_start) for e in own.events] == [c.length for c in string.clips]


def test_the_xml_is_read_by_an_independent_reader(string: StringOut) -> None:
    text = string_out_format(".xml").write(string)
    timeline = otio.adapters.read_from_string(text, "fcp_xml")
    clips = list(timeline.video_tracks()[0])
    lengths = [int(clip.source_range.duration.value) for clip in clips]
    assert lengths == [clip.length for clip in string.clips]
    own = read_xmeml(text)
    hour = string.start_frame
    assert [(e.record_start - hour, e.record_end - hour) for e in own.events] == list(string.places)
    assert len(timeline.audio_tracks()) == 2


def test_fcpxml_and_otio_are_exact(string: StringOut) -> None:
    start, hour = string.films[0].first_timecode_frame, string.start_frame
    on_record = [(s + hour, e + hour) for s, e in string.places]
    cut_list = read_fcpxml(string_out_format("fcpxml").write(string))
    assert [(e.record_start, e.record_end) for e in cut_list.events] == on_record
    cut_list = read_otio(string_out_format("otio").write(string))
    assert [(e.source_start - start, e.source_end - start) for e in cut_list.events] == [
        (clip.start_frame, clip.end_frame) for clip in string.clips
    ]
    assert [(e.record_start, e.record_end) for e in cut_list.events] == on_record


def test_every_sequence_begins_at_one_hour_as_its_film_counts(string: StringOut) -> None:
    rate = string.films[0].timecode_rate
    label = "01:00:00;00" if rate.drop_frame else "01:00:00:00"
    assert rate.format(string.start_frame) == label
    assert f" {label} " in string_out_format("edl").write(string)
    sequence = ET.fromstring(string_out_format("xmeml").write(string)).find("sequence")
    assert sequence is not None
    assert sequence.findtext("timecode/string") == label
    assert sequence.findtext("timecode/frame") == str(string.start_frame)
    assert sequence.findtext("timecode/displayformat") == ("DF" if rate.drop_frame else "NDF")
    final_cut = next(ET.fromstring(string_out_format("fcpxml").write(string)).iter("sequence"))
    assert Fraction((final_cut.get("tcStart") or "").rstrip("s")) == string.start_frame / string.rate
    assert final_cut.get("tcFormat") == ("DF" if rate.drop_frame else "NDF")
    timeline = otio.adapters.read_from_string(string_out_format("otio").write(string), "otio_json")
    assert timeline.global_start_time == otio.opentime.RationalTime(string.start_frame, float(string.rate))


def test_a_marker_stands_where_a_pair_is_cut_and_nowhere_else(string: StringOut) -> None:
    said = "motion match 0.87: Pan left at the same speed | the door"
    cuts = [string.places[1][0], string.places[3][0]]
    rate, hour, start = (
        string.films[0].timecode_rate,
        string.start_frame,
        string.films[0].first_timecode_frame,
    )
    lines = [
        line for line in string_out_format("edl").write(string).splitlines() if line.startswith("* LOC: ")
    ]
    labels = [rate.format(hour + cut).replace(";", ":") for cut in cuts]
    assert lines == [
        f"* LOC: {label} CYAN    Match {n} in: {said.replace(' |', '')}" for n, label in enumerate(labels, 1)
    ]
    timeline = otio.adapters.read_from_string(string_out_format("xmeml").write(string), "fcp_xml")
    found = [
        (m.name, m.metadata["fcp_xml"]["comment"], m.marked_range.start_time.value)
        for m in timeline.tracks.markers
    ]
    assert found == [("Match 1", said, cuts[0]), ("Match 2", said, cuts[1])]
    clips = list(ET.fromstring(string_out_format("fcpxml").write(string)).iter("asset-clip"))
    assert [len(clip.findall("marker")) for clip in clips] == [0, 1, 0, 1]
    for clip, name in ((clips[1], "Match 1"), (clips[3], "Match 2")):
        marker = clip.find("marker")
        assert marker is not None
        assert (marker.get("value"), marker.get("note"), marker.get("start")) == (
            name,
            said,
            clip.get("start"),
        )
    assert clips[0].findtext("note") == f"Match 1 out: {said}"
    timeline = otio.adapters.read_from_string(string_out_format("otio").write(string), "otio_json")
    marked = {
        place: [(m.name, m.comment, m.marked_range.start_time.value - start) for m in clip.markers]
        for place, clip in enumerate(timeline.video_tracks()[0])
    }
    assert marked == {
        0: [],
        1: [("Match 1", said, string.clips[1].start_frame)],
        2: [],
        3: [("Match 2", said, string.clips[3].start_frame)],
    }


def with_sound(project: Project, channels: int, tracks: int = 1) -> Project:
    audio = replace(
        project.film.info.audio or AudioInfo("aac", 48000, 2, 1), channels=channels, track_count=tracks
    )
    info = replace(project.film.info, audio=audio if channels else None)
    return replace(project, film=replace(project.film, info=info))


@pytest.mark.parametrize(
    ("channels", "tracks", "letters", "heard"),
    [(0, 1, "V", []), (1, 1, "B", ["A1"]), (2, 1, "AA/V", ["A1", "A2"]), (1, 2, "AA/V", ["A1", "A2"])],
)
def test_an_edl_has_the_sound_that_the_film_has(
    make_project: Callable[..., Project], channels: int, tracks: int, letters: str, heard: list[str]
) -> None:
    one = with_sound(film(make_project, "One.mov", A), channels, tracks)
    string = string_out([pair((0, 100, 99), (900, 1000, 900))], {A: one})
    text = string_out_format("edl").write(string)
    assert text.count(f"  A001C002 {letters:<5} C ") == 2
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=25, ignore_timecode_mismatch=True)
    assert sorted(track.name for track in timeline.audio_tracks()) == heard
    assert [len(list(track)) for track in timeline.tracks] == [2] * (1 + len(heard))
    assert not read_edl(text, rate=string.rate).remarks


def test_an_otio_has_a_track_for_each_sound_track(make_project: Callable[..., Project]) -> None:
    one = with_sound(film(make_project, "One.mov", A), 2, 2)
    two = with_sound(film(make_project, "Two.mov", B, rate=Fraction(30)), 1)
    silent = with_sound(film(make_project, "Three.mov", "c" * 16), 0)
    string = string_out(
        [
            pair((0, 100, 99), (900, 1000, 900), of=(A, B)),
            pair((0, 100, 99), (900, 1000, 900), of=(A, "c" * 16)),
        ],
        {A: one, B: two, "c" * 16: silent},
    )
    text = string_out_format("otio").write(string)
    timeline = otio.adapters.read_from_string(text, "otio_json")
    (picture,), sound = timeline.video_tracks(), timeline.audio_tracks()
    assert [track.name for track in sound] == ["A1", "A2"]
    assert [[isinstance(item, otio.schema.Clip) for item in track] for track in sound] == [
        [True, True, True, False],
        [True, False, True, False],
    ]
    for track in sound:
        assert track.duration() == picture.duration()
        for seen, heard in zip(picture, track, strict=True):
            if isinstance(heard, otio.schema.Clip):
                assert heard.source_range == seen.source_range
                assert heard.media_reference.is_equivalent_to(seen.media_reference)
                group = heard.metadata["Resolve_OTIO"]["Link Group ID"]
                assert group == seen.metadata["Resolve_OTIO"]["Link Group ID"]
    assert [dict(each) for each in sound[1][0].metadata["Resolve_OTIO"]["Channels"]] == [
        {"Source Channel ID": 0, "Source Track ID": 1},
        {"Source Channel ID": 1, "Source Track ID": 1},
    ]
    # a silent film has none
    alone = string_out([pair((0, 100, 99), (900, 1000, 900), of=("c" * 16, "c" * 16))], {"c" * 16: silent})
    timeline = otio.adapters.read_from_string(string_out_format("otio").write(alone), "otio_json")
    assert not timeline.audio_tracks()


def test_two_films_keep_their_own_timecode_reel_and_sound(make_project: Callable[..., Project]) -> None:
    one = film(make_project, "One.mov", A, reel="A001")
    two = film(make_project, "Two.mov", B, reel="A001", start="10:00:00:00")
    silent = replace(two, film=replace(two.film, info=replace(two.film.info, audio=None)))
    string = string_out([pair((0, 50, 49), (100, 200, 110), of=(A, B))], {A: one, B: silent})
    text = string_out_format("edl").write(string)
    assert "001  A001     AA/V  C        01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00" in text
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
