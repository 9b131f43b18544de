"""CMX3600 lists: their form, and every event's frames read back by two other programs' readers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import opentimelineio as otio
import pycmx
import pytest
from edls import frame_of, frames_by_pycmx

from seamline.errors import ExchangeError
from seamline.exchange.edl import EdlFlavour, EdlOptions, write_edl, write_edl_parts
from seamline.project.types import Project, Seam, SeamKind


def frames_by_otio(text: str, project: Project) -> list[tuple[int, int, int, int]]:
    """The same by OpenTimelineIO, whose adapter refuses events where record and source differ in length."""
    rate = float(project.film.rate)
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=rate)
    (track,) = timeline.tracks
    record_start = otio.opentime.RationalTime(
        frame_of(text.splitlines()[3].split()[6], project.timecode_rate.nominal), rate
    )
    frames = []
    for clip in track:
        assert isinstance(clip, otio.schema.Clip), "a gap means that two events do not meet"
        source, record = clip.source_range, clip.range_in_parent()
        frames.append(
            (
                _whole_frame(source.start_time),
                _whole_frame(source.end_time_exclusive()),
                _whole_frame(record_start + record.start_time),
                _whole_frame(record_start + record.end_time_exclusive()),
            )
        )
    return frames


def _whole_frame(time: otio.opentime.RationalTime) -> int:
    frame: int = round(time.value)
    assert time.value == frame
    return frame


def true_frames(project: Project) -> list[tuple[int, int, int, int]]:
    first = project.first_timecode_frame
    spans = [(first + shot.start_frame, first + shot.end_frame) for shot in project.shots]
    return [(*span, *span) for span in spans]


def event_lines(text: str) -> list[str]:
    return [line for line in text.split("\r\n") if line[:3].isdigit()]


def test_pycmx_reads_every_frame_back(reference: Project) -> None:
    assert frames_by_pycmx(write_edl(reference), reference) == true_frames(reference)


def test_opentimelineio_reads_every_frame_back(reference: Project) -> None:
    assert frames_by_otio(write_edl(reference), reference) == true_frames(reference)


def test_both_readers_find_reel_clip_name_title_and_counting(reference: Project) -> None:
    text = write_edl(reference)
    edl = pycmx.parse_cmx3600(io.StringIO(text, newline=""))
    assert edl.title == "Reel One (final)"
    edits = [edit for event in edl.events for edit in event.edits]
    assert {(e.source, e.clip_name, e.transition.cut, e.channels.video) for e in edits} == {
        ("A001C002", "Reel One (final).mov", True, True)
    }
    assert [event.number for event in edl.events] == list(range(1, len(reference.shots) + 1))
    # pycmx counts blank lines as statements that it does not know
    assert not any(s.content for event in edl.events for s in event.unrecognized_statements)
    drop = reference.timecode_rate.drop_frame
    assert text.split("\r\n")[1] == f"FCM: {'DROP FRAME' if drop else 'NON-DROP FRAME'}"
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(reference.film.rate))
    assert timeline.name == "Reel One (final)"
    assert {clip.name for clip in timeline.tracks[0]} == {"Reel One (final).mov"}
    assert {clip.metadata["cmx_3600"]["reel"] for clip in timeline.tracks[0]} == {"A001C002"}


def test_the_form_is_resolves(make_project: Callable[..., Project], cut: Callable[..., Seam]) -> None:
    assert write_edl(make_project([cut(30)], frames=75)) == (
        "TITLE: Reel One (final)\r\n"
        "FCM: NON-DROP FRAME\r\n"
        "\r\n"
        "001  A001C002 V     C        01:00:00:00 01:00:01:05 01:00:00:00 01:00:01:05  \r\n"
        "* FROM CLIP NAME: Reel One (final).mov\r\n"
        "\r\n"
        "002  A001C002 V     C        01:00:01:05 01:00:03:00 01:00:01:05 01:00:03:00  \r\n"
        "* FROM CLIP NAME: Reel One (final).mov\r\n"
        "\r\n"
    )


def test_each_event_ends_where_the_next_begins(reference: Project) -> None:
    columns = [line.split() for line in event_lines(write_edl(reference))]
    for this, following in pairwise(columns):
        assert this[5] == following[4]
        assert this[7] == following[6]


def test_a_film_without_seams_is_one_event(make_project: Callable[..., Project]) -> None:
    project = make_project(frames=1, start=None)
    (line,) = event_lines(write_edl(project))
    assert line.split()[4:] == ["00:00:00:00", "00:00:00:01", "00:00:00:00", "00:00:00:01"]
    assert frames_by_pycmx(write_edl(project), project) == [(0, 1, 0, 1)]


def test_a_gradual_seam_is_cut_in_its_middle(make_project: Callable[..., Project]) -> None:
    project = make_project([Seam(40, 51, SeamKind.DISSOLVE)], start=None)
    assert frames_by_pycmx(write_edl(project), project) == [(0, 46, 0, 46), (46, 100, 46, 100)]


def test_events_past_999_get_four_digits_and_are_read_back(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project([cut(frame) for frame in range(3, 3600, 3)], frames=3600)
    text = write_edl(project)
    lines = event_lines(text)
    assert len(lines) == 1200
    assert lines[998].startswith("999  A001C002 V     C        ")
    assert lines[999].startswith("1000  A001C002 V     C        ")
    assert frames_by_pycmx(text, project) == true_frames(project)
    assert frames_by_otio(text, project) == true_frames(project)


@pytest.mark.parametrize("nominal", [30, 60])
def test_drop_frame_is_exact_over_the_tenth_minutes_of_hours(
    make_project: Callable[..., Project], cut: Callable[..., Seam], nominal: int
) -> None:
    """Two hours from 08:59:00, a cut on, before and after the first frame of every minute."""
    dropped = nominal // 15
    labels = [f"{m // 60:02d}:{m % 60:02d}:00;{dropped if m % 10 else 0:02d}" for m in range(539, 659)]
    first, *minutes = [frame_of(label, nominal) for label in labels]
    cuts = [cut(minute - first + offset) for minute in minutes for offset in (-1, 0, 1)]
    project = make_project(
        cuts, rate=Fraction(nominal * 1000, 1001), drop=True, frames=2 * 3600 * nominal, start=labels[0]
    )
    assert project.first_timecode_frame == first
    text = write_edl(project)
    assert frames_by_pycmx(text, project) == true_frames(project)
    assert frames_by_otio(text, project) == true_frames(project)
    assert all(label in text for label in labels)
    assert not re.search(r":\d[1-9]:00;0[01] ", text)


def test_the_editors_details_stand_before_the_files(make_project: Callable[..., Project]) -> None:
    project = make_project(rate=Fraction(30000, 1001))
    project = replace(project, reel="b002", start_frame=0, drop_frame=True)
    text = write_edl(project)
    assert "FCM: DROP FRAME" in text
    assert event_lines(text) == [
        "001  B002     V     C        00:00:00;00 00:00:03;10 00:00:00;00 00:00:03;10  "
    ]


@pytest.mark.parametrize(
    ("reel", "name", "expected"),
    [
        ("A001C002", "x.mov", "A001C002"),
        ("a001_c002_0101", "x.mov", "A001_C00"),
        ("Straße 7", "x.mov", "STRASSE"),
        ("東京", "Fürst.mov", "FUERST"),
        ("  ", "Elise_v2 final.mov", "ELISE_V2"),
        (None, "東京.mov", "AX"),
        (None, "bl.mov", "BL_"),
        ("BLACK", "x.mov", "BLACK_"),
    ],
)
def test_the_reel_is_one_that_every_reader_takes(
    make_project: Callable[..., Project], reel: str | None, name: str, expected: str
) -> None:
    project = make_project(reel=reel, name=name)
    text = write_edl(project)
    (event,) = pycmx.parse_cmx3600(io.StringIO(text, newline="")).events
    assert event.edits[0].source == expected
    assert not event.edits[0].black
    assert frames_by_otio(text, project) == true_frames(project)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Für Elise – Größe “M”.mov", 'Fuer Elise - Groesse "M".mov'),
        ("Fu\N{COMBINING DIAERESIS}r.mov", "Fuer.mov"),
        ("Ærø, Łódź, déjà vu.mov", "Aero, Lodz, deja vu.mov"),
        ("東京 🎬.mov", "__ _.mov"),
        ("a & b <c> 'd' \"e\".mov", "a & b <c> 'd' \"e\".mov"),
        ("line\nbreak\ttab\N{NO-BREAK SPACE}.mov", "line break tab .mov"),
        ("broken \udcff byte.mov", "broken _ byte.mov"),
        ("* LOC: 01:00:00:00 RED M2 BL.mov", "* LOC: 01:00:00:00 RED M2 BL.mov"),
    ],
)
def test_names_become_plain_ascii_on_one_line(
    make_project: Callable[..., Project], cut: Callable[..., Seam], name: str, expected: str
) -> None:
    project = make_project([cut(50)], name=name)
    text = write_edl(project)
    assert text.isascii()
    assert len(text.split("\r\n")) == 10
    events = pycmx.parse_cmx3600(io.StringIO(text, newline="")).events
    assert {event.edits[0].clip_name for event in events} == {expected}
    assert frames_by_pycmx(text, project) == true_frames(project)
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=25)
    assert {clip.name for clip in timeline.tracks[0]} == {expected}


def test_the_title_has_at_most_70_characters(make_project: Callable[..., Project]) -> None:
    title = write_edl(make_project(name="ß" * 60 + ".mov")).split("\r\n")[0]
    assert title == "TITLE: " + "s" * 70


def test_a_variable_rate_is_laid_on_the_constant_grid(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    # at 25 frames a second, frames 3 and 4 begin 4 and 8 ms after frame 2, and frame 5 at 0.3 s
    project = make_project(
        [cut(2), cut(3), cut(4), cut(5), cut(6)],
        start="10:00:00:00",
        times_ms=[0, 40, 80, 84, 88, 300, 1000, 1040],
    )
    assert project.film.index.is_variable
    first = 10 * 3600 * 25
    frames = [(first + a, first + b) for a, b in ((0, 2), (2, 8), (8, 25), (25, 26))]
    text = write_edl(project)
    assert [line[:3] for line in event_lines(text)] == ["001", "002", "003", "004"]
    assert frames_by_pycmx(text, project) == [(*f, *f) for f in frames]
    assert frames_by_otio(text, project) == [(*f, *f) for f in frames]


def test_a_film_shorter_than_half_a_grid_frame_still_has_an_event(
    make_project: Callable[..., Project],
) -> None:
    project = make_project(start=None, times_ms=[0, 1, 10, 15])
    assert project.film.index.is_variable
    assert frames_by_pycmx(write_edl(project), project) == [(0, 1, 0, 1)]


def test_a_film_may_end_just_before_midnight_but_not_after(make_project: Callable[..., Project]) -> None:
    project = make_project(frames=99, start="23:59:56:00")
    assert event_lines(write_edl(project))[0].split()[5] == "23:59:59:24"
    with pytest.raises(ExchangeError, match=r"starts at 23:59:56:00 and runs past midnight.*earlier start"):
        write_edl(make_project(frames=100, start="23:59:56:00"))


@pytest.mark.parametrize("nominal", [24, 30, 60])
def test_ntsc_rates_without_dropping_are_exact_up_to_midnight(
    make_project: Callable[..., Project], cut: Callable[..., Seam], nominal: int
) -> None:
    frames = 119 * nominal
    cuts = [cut(frame) for frame in range(7, frames, 7)]
    rate = Fraction(nominal * 1000, 1001)
    project = make_project(cuts, rate=rate, frames=frames, start="23:58:00:00")
    text = write_edl(project)
    assert text.rstrip().split("\r\n")[-2].split()[-1] == "23:59:59:00"
    assert frames_by_pycmx(text, project) == true_frames(project)
    assert frames_by_otio(text, project) == true_frames(project)


def test_more_frames_a_second_than_two_digits_count_are_refused(make_project: Callable[..., Project]) -> None:
    assert "01:00:00:99" in write_edl(make_project(rate=Fraction(100), frames=99))
    with pytest.raises(ExchangeError, match=r"at most 100 frames a second; this film has 120: export Open"):
        write_edl(make_project(rate=Fraction(120)))


def test_the_folder_does_not_matter(make_project: Callable[..., Project], tmp_path: Path) -> None:
    assert write_edl(make_project(folder=tmp_path)) == write_edl(make_project())


EDITORIAL = EdlOptions(flavour=EdlFlavour.EDITORIAL)


def test_without_options_it_is_the_scene_cut_list(reference: Project) -> None:
    assert write_edl(reference) == write_edl(reference, EdlOptions()) == write_edl_parts(reference)[0]


def test_an_editorial_list_records_from_one_hour(reference: Project) -> None:
    rate, first = reference.timecode_rate, reference.first_timecode_frame
    hour = {(30, True): 107_892, (60, True): 215_784}.get(
        (rate.nominal, rate.drop_frame), 3600 * rate.nominal
    )
    text = write_edl(reference, EDITORIAL)
    assert event_lines(text)[0].split()[6].replace(";", ":") == "01:00:00:00"
    assert frames_by_pycmx(text, reference) == [
        (first + s.start_frame, first + s.end_frame, hour + s.start_frame, hour + s.end_frame)
        for s in reference.shots
    ]
    assert frames_by_otio(text, reference) == frames_by_pycmx(text, reference)


def test_an_editorial_list_that_passes_midnight_is_refused(make_project: Callable[..., Project]) -> None:
    project = make_project(frames=23 * 3600, rate=Fraction(1), start=None)
    write_edl(project)
    with pytest.raises(ExchangeError, match=r"01:00:00:00 on it passes midnight.*scene-cut list"):
        write_edl(project, EDITORIAL)


def test_file32_has_six_digits_and_long_reels(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project([cut(30)], frames=75, reel="A001C002_241016_R1AB.camera-one.and-some-more")
    text = write_edl(project, EdlOptions(file32=True))
    edl = pycmx.parse_cmx3600(io.StringIO(text, newline=""))
    assert edl.format == "File32"
    assert {e.source for event in edl.events for e in event.edits} == {"A001C002_241016_R1AB_CAMERA_ONE"}
    assert frames_by_pycmx(text, project) == frames_by_otio(text, project) == true_frames(project)
    assert event_lines(text)[1].startswith(
        f"000002  {'A001C002_241016_R1AB_CAMERA_ONE':<32} V     C        01:00:01:05"
    )
    short = write_edl(make_project(reel="bl"), EdlOptions(file32=True))
    assert event_lines(short)[0].startswith(f"000001  {'BL_':<32} V ")


def test_parts_have_at_most_999_events_and_hold_all_of_them(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project([cut(frame) for frame in range(1, 1999)], frames=1999, name="x" * 80 + ".mov")
    parts = write_edl_parts(project)
    assert [len(event_lines(part)) for part in parts] == [999, 999, 1]
    frames = [frames for part in parts for frames in frames_by_pycmx(part, project)]
    assert frames == true_frames(project)
    for number, part in enumerate(parts, 1):
        assert part.split("\r\n")[:2] == [f"TITLE: {'x' * 64}_part{number}", "FCM: NON-DROP FRAME"]
        assert event_lines(part)[0].startswith("001  ")
        assert frames_by_otio(part, project) == frames_by_pycmx(part, project)
    assert len(write_edl_parts(make_project([cut(f) for f in range(1, 999)], frames=1999))) == 1
