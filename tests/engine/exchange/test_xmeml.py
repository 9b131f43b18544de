"""Final Cut Pro 7 XML: its form, and every clip's frames read back by OpenTimelineIO's adapter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pytest

from seamline.errors import ExchangeError
from seamline.exchange.xmeml import write_xmeml
from seamline.exchange.xmeml_parts import path_url
from seamline.media.film import AudioInfo
from seamline.project.types import Project, Seam, SeamKind

EXPECTED = Path(__file__).parent / "expected"


def with_info(project: Project, **changes: Any) -> Project:
    film = project.film
    return replace(project, film=replace(film, info=replace(film.info, **changes)))


def with_channels(project: Project, channels: int, tracks: int = 1) -> Project:
    return with_info(project, audio=AudioInfo("pcm_s24le", 96_000, channels, tracks) if channels else None)


def sequence_of(text: str) -> ET.Element:
    (sequence,) = ET.fromstring(text)
    return sequence


def texts(parent: ET.Element, path: str) -> list[str | None]:
    return [element.text for element in parent.findall(path)]


def spans(track: ET.Element) -> list[tuple[int, ...]]:
    """start, end, in and out of each clip."""
    tags = ("start", "end", "in", "out")
    return [tuple(int(clip.findtext(tag, "")) for tag in tags) for clip in track.findall("clipitem")]


def frames_by_otio(text: str) -> list[list[tuple[int, int, int]]]:
    """Of each track, every clip's first source frame, length and place, by the other program's reader."""
    timeline = otio.adapters.read_from_string(text, "fcp_xml")
    tracks = []
    for track in timeline.tracks:
        tracks.append([])
        for clip in track:
            if isinstance(clip, otio.schema.Transition):
                continue
            assert isinstance(clip, otio.schema.Clip), "a gap means that two clips do not meet"
            source = clip.source_range
            times = source.start_time, source.duration, clip.range_in_parent().start_time
            assert all(time.value == int(time.value) for time in times)
            tracks[-1].append(tuple(int(time.value) for time in times))
    return tracks


def true_frames(project: Project) -> list[tuple[int, int, int]]:
    first = project.first_timecode_frame
    return [(first + shot.start_frame, shot.length, shot.start_frame) for shot in project.shots]


def test_opentimelineio_reads_every_frame_of_picture_and_sound_back(reference: Project) -> None:
    assert frames_by_otio(write_xmeml(reference)) == [true_frames(reference)] * 3


def test_opentimelineio_finds_rate_timecode_media_and_markers(rate: Any, reference: Project) -> None:
    timeline = otio.adapters.read_from_string(write_xmeml(reference), "fcp_xml")
    start = timeline.global_start_time
    assert start.value == reference.first_timecode_frame
    # the adapter rounds NTSC rates to three digits
    assert start.rate == pytest.approx(float(rate.rate), abs=0.002)
    assert [track.kind for track in timeline.tracks] == ["Video", "Audio", "Audio"]
    media = {
        (m.target_url, m.available_range.start_time.value, m.available_range.duration.value)
        for clip in timeline.tracks[0]
        for m in (clip.media_reference,)
    }
    assert len(media) == 1
    ((url, first, length),) = media
    assert unquote(url).endswith("/films/Reel One (final).mov")
    assert (first, length) == (reference.first_timecode_frame, reference.film.frame_count)
    marked = [int(marker.marked_range.start_time.value) for marker in timeline.tracks.markers]
    assert marked == [seam.cut_frame for seam in reference.seams]


@pytest.mark.parametrize(
    ("name", "rate", "drop", "dissolves"),
    [
        ("25.cuts.xml", Fraction(25), False, False),
        ("29.97df.dissolve.xml", Fraction(30_000, 1001), True, True),
    ],
)
def test_the_text_is_the_expected_file(
    make_project: Callable[..., Project],
    cut: Callable[..., Seam],
    name: str,
    rate: Fraction,
    drop: bool,
    dissolves: bool,
) -> None:
    project = make_project(
        [cut(30, 0.75), Seam(60, 72, SeamKind.DISSOLVE, 0.5)], rate=rate, drop=drop, start="00:59:58:00"
    )
    folder = path_url(project.film.path.absolute().parent)
    # a drive letter on some systems
    text = write_xmeml(project, dissolves=dissolves).replace(folder, "file://localhost/films")
    assert text == (EXPECTED / name).read_bytes().decode()


@pytest.mark.parametrize("dissolves", [False, True])
def test_rate_and_timecode_are_said_alike_everywhere(rate: Any, reference: Project, dissolves: bool) -> None:
    sequence = sequence_of(write_xmeml(reference, dissolves=dissolves))
    ntsc = "TRUE" if rate.rate.denominator == 1001 else "FALSE"
    said = {(e.findtext("timebase"), e.findtext("ntsc")) for e in sequence.iter("rate")}
    assert said == {(str(rate.timecode.nominal), ntsc)}
    timecodes = {
        (e.findtext("string"), e.findtext("frame"), e.findtext("displayformat"))
        for e in sequence.iter("timecode")
    }
    label = reference.timecode(0)
    assert label == ("00:59:58;00" if rate.drop else "00:59:58:00")
    frame = str(reference.first_timecode_frame)
    assert timecodes == {(label, frame, "DF" if rate.drop else "NDF")}
    assert sequence.findtext("media/video/track/clipitem/file/timecode/reel/name") == "A001C002"


def test_each_clip_starts_and_ends_at_its_source_frames_counted_from_0(reference: Project) -> None:
    sequence = sequence_of(write_xmeml(reference))
    shots = [(s.start_frame, s.end_frame) * 2 for s in reference.shots]
    for track in sequence.findall("media/*/track"):
        assert spans(track) == shots
    durations = {e.text for e in sequence.iter("duration")}
    assert durations == {str(reference.film.frame_count)}


def test_the_film_is_described_once_and_then_named(reference: Project) -> None:
    files = list(sequence_of(write_xmeml(reference)).iter("file"))
    assert len(files) == 3 * len(reference.shots)
    assert {file.get("id") for file in files} == {"file-1"}
    assert [len(file) > 0 for file in files] == [True] + [False] * (len(files) - 1)


def test_sequence_and_file_say_their_picture_and_sound(make_project: Callable[..., Project]) -> None:
    sequence = sequence_of(write_xmeml(make_project()))
    for path in ("media/video/format", "media/video/track/clipitem/file/media/video"):
        characteristics = sequence.find(f"{path}/samplecharacteristics")
        assert characteristics is not None
        assert [(e.tag, e.text) for e in characteristics if e.tag != "rate"] == [
            ("width", "1920"),
            ("height", "1080"),
            ("anamorphic", "FALSE"),
            ("pixelaspectratio", "square"),
            ("fielddominance", "none"),
        ]
    assert texts(sequence, "media/audio/format/samplecharacteristics/samplerate") == ["48000"]
    assert texts(sequence, "media/audio/numOutputChannels") == ["2"]
    assert texts(sequence, "media/video/track/clipitem/file/media/audio/channelcount") == ["2"]


def test_a_film_with_other_pixels_or_turned_gets_an_upright_sequence_of_square_ones(
    make_project: Callable[..., Project],
) -> None:
    project = with_info(
        make_project(),
        width=720,
        height=576,
        sample_aspect=Fraction(64, 45),
        rotation_deg=90,
        interlaced=True,
    )
    sequence = sequence_of(write_xmeml(project))
    shown = sequence.find("media/video/format/samplecharacteristics")
    stored = sequence.find("media/video/track/clipitem/file/media/video/samplecharacteristics")
    assert shown is not None
    assert stored is not None
    assert (shown.findtext("width"), shown.findtext("height")) == ("576", "1024")
    assert shown.findtext("pixelaspectratio") == "square"
    assert (stored.findtext("width"), stored.findtext("height")) == ("720", "576")
    assert stored.find("pixelaspectratio") is None
    assert {e.text for e in sequence.iter("fielddominance")} == {"upper"}


@pytest.mark.parametrize(("channels", "tracks", "written"), [(1, 1, 1), (2, 1, 2), (6, 1, 6), (1, 4, 4)])
def test_every_channel_has_a_track_and_all_clips_of_a_shot_are_linked(
    make_project: Callable[..., Project],
    cut: Callable[..., Seam],
    channels: int,
    tracks: int,
    written: int,
) -> None:
    project = with_channels(make_project([cut(30), cut(31)]), channels, tracks)
    sequence = sequence_of(write_xmeml(project))
    audio = sequence.findall("media/audio/track")
    assert [track.findtext("outputchannelindex") for track in audio] == [str(n + 1) for n in range(written)]
    for number, track in enumerate(audio, 1):
        assert texts(track, "clipitem/sourcetrack/trackindex") == [str(number)] * 3
        assert texts(track, "clipitem/sourcetrack/mediatype") == ["audio"] * 3
    assert sequence.findtext("media/audio/numOutputChannels") == str(written)
    assert sequence.findtext("media/video/track/clipitem/file/media/audio/channelcount") == str(written)
    clips = [clip for track in sequence.findall("media/*/track") for clip in track.findall("clipitem")]
    ids = [clip.get("id") for clip in clips]
    assert len(set(ids)) == len(ids) == 3 * (1 + written)
    for clip in clips:
        links = [tuple(e.text for e in link)[:4] for link in clip.findall("link")]
        assert clip.get("id") in {link[0] for link in links}
        assert len({link[0] for link in links}) == 1 + written
        assert [link[1:3] for link in links] == [
            ("video", "1"),
            *(("audio", str(n + 1)) for n in range(written)),
        ]
        assert len({link[3] for link in links}) == 1
    # the clip that a link names stands where the link says
    by_id = {clip.get("id"): clip for clip in clips}
    assert all(link.findtext("linkclipref") in by_id for clip in clips for link in clip.findall("link"))


def test_a_silent_film_has_no_audio_and_no_links(make_project: Callable[..., Project], cut: Any) -> None:
    for silent in (with_channels(make_project([cut(50)]), 0), with_info(make_project([cut(50)]), audio=None)):
        text = write_xmeml(silent)
        assert "audio" not in text
        assert "<link>" not in text
        assert len(frames_by_otio(text)) == 1


def test_markers_tell_of_each_seam(make_project: Callable[..., Project], cut: Callable[..., Seam]) -> None:
    sequence = sequence_of(write_xmeml(make_project([cut(20, 0.5), Seam(40, 51, SeamKind.FADE, 0.87654)])))
    assert [[e.text for e in marker] for marker in sequence.findall("marker")] == [
        ["Shot 2: cut", "cut, confidence 0.5000, out frame 19, in frame 20", "20", "-1"],
        ["Shot 3: fade", "fade, confidence 0.8765, out frame 40, in frame 51", "46", "-1"],
    ]


def test_gradual_seams_are_cut_in_their_middle(make_project: Callable[..., Project]) -> None:
    text = write_xmeml(make_project([Seam(40, 51, SeamKind.DISSOLVE)]))
    assert "transitionitem" not in text
    (track,) = sequence_of(text).findall("media/video/track")
    assert spans(track) == [(0, 46, 0, 46), (46, 100, 46, 100)]


def test_on_request_a_dissolve_is_a_centred_transition_with_handles(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    text = write_xmeml(
        make_project([Seam(40, 51, SeamKind.DISSOLVE), cut(70), Seam(80, 84, SeamKind.WIPE)]), dissolves=True
    )
    (track,) = sequence_of(text).findall("media/video/track")
    # frames 41 to 50 are the dissolve's; both clips have them
    assert spans(track) == [(0, -1, 0, 51), (-1, 70, 41, 70), (70, 82, 70, 82), (82, 100, 82, 100)]
    (transition,) = track.findall("transitionitem")
    assert [transition.findtext(tag) for tag in ("start", "end", "alignment")] == ["41", "51", "center"]
    assert [e.tag for e in track][:3] == ["clipitem", "transitionitem", "clipitem"]
    # the links count the transition too, as Premiere's do
    assert texts(track.findall("clipitem")[2], "link/clipindex") == ["4", "3", "3"]
    sound = sequence_of(text).findall("media/audio/track")
    assert [spans(channel)[:2] for channel in sound] == [[(0, 46, 0, 46), (46, 70, 46, 70)]] * 2


@pytest.mark.parametrize("length", range(1, 14))
def test_opentimelineio_finds_the_cut_within_each_dissolve(
    make_project: Callable[..., Project], length: int
) -> None:
    seam = Seam(40, 41 + length, SeamKind.DISSOLVE)
    text = write_xmeml(make_project([seam]), dissolves=True)
    assert frames_by_otio(text)[0] == [
        (90000, seam.cut_frame, 0),
        (90000 + seam.cut_frame, 100 - seam.cut_frame, seam.cut_frame),
    ]
    timeline = otio.adapters.read_from_string(text, "fcp_xml")
    transitions = [item for item in timeline.tracks[0] if isinstance(item, otio.schema.Transition)]
    # one frame cannot lie on both sides of a cut
    assert [(t.in_offset.value, t.out_offset.value) for t in transitions] == (
        [(length // 2, length - length // 2)] if length > 1 else []
    )


def test_a_dissolve_without_room_stays_a_cut(make_project: Callable[..., Project]) -> None:
    # the second one begins before the first has ended, as a variable rate can lay them
    project = make_project([Seam(10, 31, SeamKind.DISSOLVE), Seam(22, 61, SeamKind.DISSOLVE)])
    (track,) = sequence_of(write_xmeml(project, dissolves=True)).findall("media/video/track")
    assert [t.findtext("start") for t in track.findall("transitionitem")] == ["11"]
    assert spans(track) == [(0, -1, 0, 31), (-1, 42, 11, 42), (42, 100, 42, 100)]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        (PureWindowsPath(r"C:\Films\Für Elise.mov"), "file://localhost/C%3a/Films/F%C3%BCr%20Elise.mov"),
        (PureWindowsPath(r"\\nas\films\a b.mov"), "file://nas/films/a%20b.mov"),
        (PurePosixPath("/Volumes/Films/a&b (1).mov"), "file://localhost/Volumes/Films/a%26b%20%281%29.mov"),
        (PurePosixPath("/films/12:30 100% #1?.mov"), "file://localhost/films/12%3A30%20100%25%20%231%3F.mov"),
        (PurePosixPath("/films/broken \udcff.mov"), "file://localhost/films/broken%20%FF.mov"),
    ],
)
def test_paths_become_the_addresses_that_premiere_writes(path: Any, url: str) -> None:
    assert path_url(path) == url


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Für & <der> \"Film\" '1'.mov", "Für & <der> \"Film\" '1'.mov"),
        ("東京 🎬.mov", "東京 🎬.mov"),
        ("line\r\nbreak\t.mov", "line break .mov"),
        ("bell\x07 \udcff \ufffe.mov", "bell\ufffd \ufffd \ufffd.mov"),
        ("]]> &amp; <!-- .mov", "]]> &amp; <!-- .mov"),
    ],
)
def test_names_come_back_as_they_are_or_without_what_xml_cannot_hold(
    make_project: Callable[..., Project], cut: Callable[..., Seam], name: str, expected: str
) -> None:
    project = replace(make_project([cut(50)], name=name), reel=name)
    text = write_xmeml(project)
    text.encode("utf-8")
    timeline = otio.adapters.read_from_string(text, "fcp_xml")
    assert {clip.name for clip in timeline.tracks[0]} == {expected}
    file = sequence_of(text).find("media/video/track/clipitem/file")
    assert file is not None
    assert (file.findtext("name"), file.findtext("timecode/reel/name")) == (expected, expected)


def test_a_variable_rate_is_laid_on_the_constant_grid(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project(
        [cut(2), cut(3), cut(4), cut(5), cut(6)], times_ms=[0, 40, 80, 84, 88, 300, 1000, 1040], start=None
    )
    assert project.film.index.is_variable
    text = write_xmeml(project)
    assert frames_by_otio(text)[0] == [(0, 2, 0), (2, 6, 2), (8, 17, 8), (25, 1, 25)]
    # one marker a clip, of the seam that the clip begins with
    markers = sequence_of(text).findall("marker")
    assert [(m.findtext("in"), m.findtext("name")) for m in markers] == [
        ("2", "Shot 4: cut"),
        ("8", "Shot 5: cut"),
        ("25", "Shot 6: cut"),
    ]


def test_one_frame_without_timecode_or_reel(make_project: Callable[..., Project]) -> None:
    text = write_xmeml(make_project(frames=1, start=None, reel=None))
    assert frames_by_otio(text) == [[(0, 1, 0)]] * 3
    assert "<reel>" not in text
    assert "<marker>" not in text


def test_the_editors_details_stand_before_the_files(make_project: Callable[..., Project]) -> None:
    project = replace(make_project(rate=Fraction(30000, 1001)), reel="B7", start_frame=0, drop_frame=True)
    file = sequence_of(write_xmeml(project)).find("media/video/track/clipitem/file")
    assert file is not None
    assert [file.findtext(f"timecode/{tag}") for tag in ("string", "displayformat", "reel/name")] == [
        "00:00:00;00",
        "DF",
        "B7",
    ]


def test_a_film_may_run_past_midnight(make_project: Callable[..., Project], cut: Callable[..., Seam]) -> None:
    project = make_project([cut(150)], frames=200, start="23:59:56:00")
    assert frames_by_otio(write_xmeml(project))[0] == true_frames(project)


@pytest.mark.parametrize("rate", [Fraction(25, 2), Fraction(2397, 100), Fraction(1, 2)])
def test_a_rate_that_the_format_cannot_say_is_refused(
    make_project: Callable[..., Project], rate: Fraction
) -> None:
    with pytest.raises(
        ExchangeError, match=r"whole frame rates and those of NTSC.*this film has .*export Open"
    ):
        write_xmeml(make_project(rate=rate, start=None))


def test_120_frames_a_second_come_back(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    for rate in (Fraction(120), Fraction(120_000, 1001)):
        project = make_project([cut(119), cut(121)], rate=rate, frames=300)
        sequence = sequence_of(write_xmeml(project))
        assert sequence.findtext("timecode/frame") == str(3600 * 120)
        (track,) = sequence.findall("media/video/track")
        assert spans(track) == [(0, 119, 0, 119), (119, 121, 119, 121), (121, 300, 121, 300)]


def test_more_links_than_importers_take_are_refused(make_project: Callable[..., Project], cut: Any) -> None:
    project = with_channels(make_project([cut(frame) for frame in range(1, 1000)], frames=1000), 16)
    with pytest.raises(ExchangeError, match=r"^1000 shots with 16 channels of sound.*export OpenTimelineIO"):
        write_xmeml(project)
