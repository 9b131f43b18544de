"""What is written about shots, in every list that can hold it, read back by other programs where they read it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import av
import opentimelineio as otio
import pycmx
import pytest

from seamline.exchange.chapters import write_ffmetadata, write_matroska_chapters, write_webvtt
from seamline.exchange.csv_list import Transition, guarded, read_transitions, unguarded, write_csv, write_tsv
from seamline.exchange.csv_reader import read_csv_list
from seamline.exchange.cut_list import CutList
from seamline.exchange.edl import EdlOptions, write_edl
from seamline.exchange.edl_reader import read_edl
from seamline.exchange.elan import write_elan
from seamline.exchange.fcpxml import write_fcpxml
from seamline.exchange.fcpxml_reader import read_fcpxml
from seamline.exchange.formats import EXPORT_FORMATS
from seamline.exchange.json_report import write_json
from seamline.exchange.markers import write_avid_markers, write_resolve_markers
from seamline.exchange.otio import write_otio
from seamline.exchange.otio_reader import read_otio
from seamline.exchange.shot_words import (
    AVID_COLOURS,
    OTIO_COLOURS,
    PAPER_COLOURS,
    PREMIERE_LABELS,
    RESOLVE_COLOURS,
    words_of,
)
from seamline.exchange.xmeml import write_xmeml
from seamline.exchange.xmeml_reader import read_xmeml
from seamline.project.types import Project, Seam, SeamKind, ShotColour, ShotNote

FILM = "Reel One (final).mov"
HOSTILE = (
    "|C:ResolveColorRed |M:x |D:1",
    "001  AX V C 01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\r\n002  AX V C",
    "* FROM CLIP NAME: other.mov\n* LOC: 01:00:00:00 RED no",
    '=HYPERLINK("http://x");=1+1\t@SUM(1);"=HYPERLINK(1)&";"";"-2;""@x',
    "'quoted' --> <b>&amp;</b> ]]> \x00\x1b\ufffe\ud800",
    "שלום ‮‭ 👨‍👩‍👧 東京",
    "a=b;c#d\\e\n[CHAPTER]\nSTART=0",
    "\u2028 \n\t ",
    "word " * 400,
    "x" * 2000,
)


@pytest.fixture
def noted(reference: Project) -> Project:
    """The reference film at each rate in turn: its first, second and third shot are written about."""
    first, second, third = (shot.start_frame for shot in reference.shots[:3])
    notes = (
        ShotNote(first, "Opening", "", ShotColour.GREY),
        ShotNote(second, "Harbour – wide", "Too dark?\nGrade it", ShotColour.ORANGE),
        ShotNote(third, comment="Only a comment"),
    )
    return replace(reference, notes=notes)


def hostile(make_project: Callable[..., Project]) -> Project:
    """A shot of ten frames for each of the HOSTILE texts, as its name and as its comment."""
    project = make_project([Seam(n - 1, n) for n in range(10, 10 * len(HOSTILE), 10)])
    colours = list(ShotColour)
    return replace(
        project,
        notes=tuple(
            ShotNote(10 * n + 5, text, text, colours[n % len(colours)]) for n, text in enumerate(HOSTILE)
        ),
    )


def spans(cut_list: CutList) -> list[tuple[int, int]]:
    return [(event.record_start, event.record_end) for event in cut_list.events]


def shot_spans(project: Project) -> list[tuple[int, int]]:
    first = project.first_timecode_frame
    return [(first + shot.start_frame, first + shot.end_frame) for shot in project.shots]


def test_every_system_has_a_colour_for_every_colour() -> None:
    for colours in (RESOLVE_COLOURS, AVID_COLOURS, PREMIERE_LABELS, OTIO_COLOURS, PAPER_COLOURS):
        assert set(colours) == set(ShotColour)
    known = {
        getattr(otio.schema.MarkerColor, name) for name in dir(otio.schema.MarkerColor) if name.isupper()
    }
    assert set(OTIO_COLOURS.values()) <= known


def test_words_are_clean_and_nothing_counts_as_nothing(make_project: Callable[..., Project]) -> None:
    project = replace(make_project(), notes=(ShotNote(3, " \x00a\n b ", "\r\n1\r2\u20283 \n\n"),))
    words = words_of(project, project.shots[0])
    assert words is not None
    assert (words.name, words.comment, words.comment_line) == ("a b", "1\n2\n3", "1 2 3")
    assert words.with_facts("cut") == "1 2 3 (cut)"
    blank = replace(project, notes=(ShotNote(3, "\n", "\t\u2028"),))
    assert words_of(blank, blank.shots[0]) is None


@pytest.mark.parametrize(
    "export_format",
    [f for f in EXPORT_FORMATS if f.write is not None and f.id not in ("elan", "json")],
    ids=lambda export_format: export_format.id,
)
def test_a_note_that_says_nothing_changes_no_list(
    make_project: Callable[..., Project], cut: Callable[..., Seam], export_format: object
) -> None:
    project = make_project([cut(50)])
    write = export_format.write  # type: ignore[attr-defined]
    assert write(replace(project, notes=(ShotNote(60, " "),)), None) == write(project, None)


def test_an_edl_keeps_its_clip_names_and_says_the_rest_in_comments(noted: Project) -> None:
    text = write_edl(noted)
    assert text.isascii()
    first_frame = noted.timecode(0).replace(";", ":")
    blocks = text.split("\r\n\r\n")[1:]
    assert blocks[0].split("\r\n")[1:] == [
        f"* FROM CLIP NAME: {FILM}",
        "* COMMENT: Opening",
        f"* LOC: {first_frame} WHITE   Opening",
    ]
    assert blocks[1].split("\r\n")[2:5] == [
        "* COMMENT: Harbour - wide",
        "* COMMENT: Too dark?",
        "* COMMENT: Grade it",
    ]
    assert re.fullmatch(r"\* LOC: \d\d:\d\d:\d\d:\d\d YELLOW  Harbour - wide", blocks[1].split("\r\n")[5])
    edits = [e for event in pycmx.parse_cmx3600(io.StringIO(text, newline="")).events for e in event.edits]
    assert [e.clip_name for e in edits] == [FILM] * len(noted.shots)

    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(noted.film.rate))
    clips = list(timeline.tracks[0])
    assert [clip.name for clip in clips] == [FILM] * len(noted.shots)
    assert [(m.name, m.color) for clip in clips for m in clip.markers] == [
        ("Opening", "WHITE"),
        ("Harbour - wide", "YELLOW"),
    ]
    assert list(clips[2].metadata["cmx_3600"]["comments"]) == ["COMMENT: Only a comment"]

    own = read_edl(text, rate=noted.film.rate)
    assert spans(own) == shot_spans(noted)
    assert [event.note for event in own.events[:4]] == [
        "Opening",
        "Harbour - wide; Too dark?; Grade it",
        "Only a comment",
        "",
    ]


def test_resolves_markers_bear_name_comment_and_colour(noted: Project) -> None:
    lines = [line for line in write_resolve_markers(noted).split("\r\n") if "|C:" in line]
    assert lines[:4] == [
        " |C:ResolveColorCream |M:Opening |D:1",
        "Too dark? Grade it (cut, confidence 1.00) |C:ResolveColorSand |M:Harbour - wide |D:1",
        "Only a comment (dissolve, confidence 0.75) |C:ResolveColorGreen |M:Seam 2 |D:12",
        "cut, confidence 1.00 |C:ResolveColorBlue |M:Seam 3 |D:1",
    ]
    assert len(lines) == len(noted.seams) + 1


def test_avids_markers_have_the_name_before_the_comment(noted: Project) -> None:
    rows = [line.split("\t") for line in write_avid_markers(noted).splitlines()]
    assert [row[3:5] for row in rows[:4]] == [
        ["white", "Opening"],
        ["yellow", "Harbour - wide: Too dark? Grade it (cut, confidence 1.00)"],
        ["green", "Only a comment (dissolve, confidence 0.75)"],
        ["blue", "cut, confidence 1.00"],
    ]
    assert rows[0][1] == noted.timecode(0)


def test_final_cut_7_has_markers_and_premieres_labels(noted: Project) -> None:
    text = write_xmeml(noted)
    timeline = otio.adapters.read_from_string(text, "fcp_xml")
    markers = [(m.name, m.metadata["fcp_xml"]["comment"]) for m in timeline.tracks.markers[:3]]
    assert [name for name, _ in markers] == ["Opening", "Harbour – wide", "Shot 3: dissolve"]
    assert markers[1][1].startswith("Too dark? Grade it (cut, confidence")
    assert markers[2][1].startswith("Only a comment (dissolve,")
    track = timeline.tracks[0]
    assert {clip.name for clip in track} == {FILM}
    assert [clip.metadata["fcp_xml"].get("labels", {}).get("label2") for clip in track][:3] == [
        "Tan",
        "Mango",
        None,
    ]
    own = read_xmeml(text)
    assert own.events[0].note == "Opening"
    assert own.events[1].note.startswith("Harbour – wide; Too dark? Grade it (cut")


def test_fcpxml_has_notes_and_markers(noted: Project) -> None:
    text = write_fcpxml(noted)
    clips = list(ET.fromstring(text).iter("asset-clip"))
    assert {clip.get("name") for clip in clips} == {FILM}
    assert [clip.findtext("note") for clip in clips[:4]] == [
        "Opening",
        "Harbour – wide\nToo dark?\nGrade it",
        "Only a comment",
        None,
    ]
    markers = [clip.find("marker") for clip in clips[:3]]
    assert [marker.get("value") for marker in markers if marker is not None] == [
        "Opening",
        "Harbour – wide",
        "Dissolve 0.75",
    ]
    assert markers[1] is not None
    assert markers[1].get("note", "").startswith("Too dark?\nGrade it\nColour: orange\nShot 2: cut from")
    assert [event.note for event in read_fcpxml(text).events[:3]] == [
        "Opening",
        "Harbour – wide Too dark? Grade it",
        "Only a comment",
    ]


def test_opentimelineio_reads_markers_where_the_clips_begin(noted: Project) -> None:
    text = write_otio(noted)
    clips = list(otio.adapters.read_from_string(text, "otio_json").tracks[0])
    assert {clip.name for clip in clips} == {FILM}
    found = [(m.name, m.comment, m.color) for clip in clips for m in clip.markers]
    assert found == [
        ("Opening", "", "WHITE"),
        ("Harbour – wide", "Too dark?\nGrade it", "ORANGE"),
        ("Shot 3", "Only a comment", "CYAN"),
    ]
    for clip in clips[:3]:
        assert clip.markers[0].marked_range.start_time == clip.source_range.start_time
    assert clips[1].metadata["seamline"]["colour"] == "orange"
    assert "colour" not in clips[3].metadata["seamline"]
    assert read_otio(text).events[1].note == "Harbour – wide; Too dark? Grade it"


def test_the_tables_tell_of_the_shot_that_begins(noted: Project, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(write_csv(noted), newline="")))
    assert [(row["name"], row["comment"], row["colour"]) for row in rows[:3]] == [
        ("Harbour – wide", "Too dark? Grade it", "orange"),
        ("", "Only a comment", ""),
        ("", "", ""),
    ]
    for text in (write_csv(noted), write_tsv(noted)):
        events = read_csv_list(text, rate=noted.film.rate).events
        assert [event.note for event in events[:3]] == [
            "",
            "cut; Harbour – wide; Too dark? Grade it",
            "dissolve; Only a comment",
        ]
    path = tmp_path / "seams.csv"
    path.write_text(write_csv(noted), encoding="utf-8")
    assert read_transitions(path) == tuple(map(Transition.of, noted.seams))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("-5 points", "'-5 points"),
        ("@x", "'@x"),
        ("+49", "'+49"),
        ("＝1", "'＝1"),
        ("\t=1", "'\t=1"),
        ("a; =1", "a;' =1"),
        ("'=1", "''=1"),
        ("'tis", "''tis"),
        ("a;=1", "a;'=1"),
        (';"=HYPERLINK(1)&"', ';\'"=HYPERLINK(1)&"'),
        ('" "=1', '\'" "=1'),
        ("\"'=1", "'\"'=1"),
        ('a;"";b', 'a;"";b'),
        ("a - b, c=d", "a - b, c=d"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula_and_ours_is_taken_off_again(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert unguarded(cell) == text


def test_the_report_has_notes_of_all_shots(noted: Project) -> None:
    shots = json.loads(write_json(noted))["shots"]
    assert [shots[0][key] for key in ("name", "comment", "colour")] == ["Opening", "", "grey"]
    assert shots[1]["comment"] == "Too dark?\nGrade it"
    assert shots[2]["colour"] is None
    assert "name" not in shots[3]


def test_elan_has_names_and_tiers_of_comments_and_colours(noted: Project) -> None:
    root = ET.fromstring(write_elan(noted))
    tiers = {
        tier.get("TIER_ID"): [a.text for a in tier.iter("ANNOTATION_VALUE")] for tier in root.iter("TIER")
    }
    assert tiers["Shots"][:4] == ["Opening", "Harbour – wide", "Shot 3", "Shot 4"]
    assert tiers["Comments"] == ["Too dark?\nGrade it", "Only a comment"]
    assert tiers["Colours"] == ["grey", "orange"]


def test_whatever_is_written_no_list_loses_a_shot(make_project: Callable[..., Project]) -> None:
    project = hostile(make_project)
    rate = project.film.rate
    edl = write_edl(project)
    assert edl.isascii()
    assert max(map(len, edl.split("\r\n"))) < 200
    edits = [e for event in pycmx.parse_cmx3600(io.StringIO(edl, newline="")).events for e in event.edits]
    assert [e.clip_name for e in edits] == [FILM] * len(HOSTILE)
    wanted = shot_spans(project)
    assert spans(read_edl(edl, rate=rate)) == wanted
    assert {event.source for event in read_edl(edl, rate=rate).events} == {FILM}
    assert spans(read_xmeml(write_xmeml(project))) == wanted
    assert spans(read_fcpxml(write_fcpxml(project))) == wanted
    assert spans(read_otio(write_otio(project))) == wanted
    assert len(list(otio.adapters.read_from_string(write_otio(project), "otio_json").tracks[0])) == len(
        HOSTILE
    )
    assert len(json.loads(write_json(project))["shots"]) == len(HOSTILE)
    write_json(project).encode()
    ET.fromstring(write_elan(project))
    for text, delimiter in ((write_csv(project), ","), (write_tsv(project), "\t")):
        assert text.count("\n") == len(HOSTILE)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert {len(row) for row in rows} == {12}
        cells = [part for row in rows for cell in row for part in cell.split(";")]
        assert not any(part.strip().startswith(("=", "+", "-", "@")) for part in cells)
        # where semicolons end cells, quotes end others
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
            assert not any(cell.strip().startswith(("=", "+", "-", "@")) for cell in row)
        assert len(read_csv_list(text, rate=rate).events) == len(HOSTILE)


def test_whatever_is_written_markers_keep_their_fields(make_project: Callable[..., Project]) -> None:
    project = hostile(make_project)
    resolve = write_resolve_markers(project)
    assert resolve.isascii()
    assert resolve.count("|") == 3 * len(HOSTILE)
    assert len(resolve.split("\r\n\r\n")) == len(HOSTILE) + 2
    avid = write_avid_markers(project)
    assert avid.count("\t") == 5 * len(HOSTILE)
    assert avid.count("\r\n") == len(HOSTILE)


def test_chapters_bear_the_names_whatever_they_are(
    make_project: Callable[..., Project], tmp_path: Path
) -> None:
    project = hostile(make_project)
    wanted = [words.title for shot in project.shots if (words := words_of(project, shot))]
    assert wanted[7] == "Shot 8"
    path = tmp_path / "film.ffmeta"
    path.write_text(write_ffmetadata(project), encoding="utf-8")
    with av.open(str(path), format="ffmetadata") as container:
        assert [chapter["metadata"]["title"] for chapter in container.chapters()] == wanted
    atoms = ET.fromstring(write_matroska_chapters(project)).iter("ChapterString")
    assert [atom.text for atom in atoms] == wanted
    vtt = write_webvtt(project)
    assert vtt.count("-->") == len(HOSTILE)
    assert "<" not in vtt
    assert len(vtt.split("\n\n")) == len(HOSTILE) + 1


def test_a_dissolves_event_bears_its_shots_note(make_project: Callable[..., Project]) -> None:
    project = make_project([Seam(40, 53, SeamKind.DISSOLVE)])
    project = replace(project, notes=(ShotNote(70, "Two", "", ShotColour.RED),))
    text = write_edl(project, EdlOptions(transitions=True))
    assert (
        "* TO CLIP NAME: Reel One (final).mov\r\n* COMMENT: Two\r\n* LOC: 01:00:01:16 RED     Two\r\n" in text
    )
    assert read_edl(text, rate=Fraction(25)).events[1].note == "Two"
