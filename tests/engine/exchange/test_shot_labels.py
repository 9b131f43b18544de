"""Scale and movement in every list that can hold them, read back by other programs where they read it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pycmx
import pytest

from seamline.exchange.csv_list import COLUMNS, Transition, read_transitions, write_csv, write_tsv
from seamline.exchange.csv_reader import read_csv_list
from seamline.exchange.cut_list import CutList
from seamline.exchange.edl import EdlOptions, write_edl
from seamline.exchange.edl_reader import read_edl
from seamline.exchange.elan import write_elan
from seamline.exchange.fcpxml import write_fcpxml
from seamline.exchange.fcpxml_reader import read_fcpxml
from seamline.exchange.formats import EXPORT_FORMATS, format_named
from seamline.exchange.json_report import write_json
from seamline.exchange.label_charts import NAMES
from seamline.exchange.label_words import (
    LABEL_COLUMNS,
    MOVEMENT_NAMES,
    PAPER_LABEL_COLOURS,
    SCALE_NAMES,
    UNSURE_NAME,
    labels_by_shot,
)
from seamline.exchange.markers import write_avid_markers, write_resolve_markers
from seamline.exchange.otio import write_otio
from seamline.exchange.otio_reader import read_otio
from seamline.exchange.xmeml import write_xmeml
from seamline.exchange.xmeml_reader import read_xmeml
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.types import Project, Seam, SeamKind, Shot, ShotNote
from seamline_resources.label_looks import MOVEMENT_LOOKS, SCALE_LOOKS
from seamline_resources.label_looks import UNSURE_NAME as WINDOWS_UNSURE

EXPECTED = Path(__file__).parent / "expected"
FILM = "Reel One (final).mov"


def labelled(project: Project) -> Project:
    """The first five shots: by the analysis, by the editor with a name, half unsure, wholly unsure, movement alone."""
    first, second, third, fourth, fifth, *_ = project.shots

    def labels(shot: object, scale: ShotScale | None, movement: Movement | None) -> ShotLabels:
        start, end = shot.start_frame, shot.end_frame  # type: ignore[attr-defined]
        return ShotLabels(start, end, Label(scale, 0.8125), Label(movement, 0.75))

    project = project.with_labels(
        [
            labels(first, ShotScale.LS, Movement.STATIC),
            labels(second, ShotScale.FS, Movement.TILT_UP),
            labels(third, None, Movement.HANDHELD),
            labels(fourth, None, None),
            ShotLabels(fifth.start_frame, fifth.end_frame, None, Label(Movement.PULL, 0.5)),
        ]
    )
    note = ShotNote(second.start_frame, "Harbour", "Too dark?", None, ShotScale.MS, Movement.PAN_LEFT)
    return replace(project, notes=(note,))


@pytest.fixture
def marked(reference: Project) -> Project:
    """The reference film at each rate in turn, labelled."""
    return labelled(reference)


def spans(cut_list: CutList) -> list[tuple[int, int]]:
    return [(event.record_start, event.record_end) for event in cut_list.events]


def shot_spans(project: Project) -> list[tuple[int, int]]:
    first = project.first_timecode_frame
    return [(first + shot.start_frame, first + shot.end_frame) for shot in project.shots]


def test_the_words_are_those_of_the_window() -> None:
    assert {scale.value: name for scale, name in SCALE_NAMES.items()} == {
        value: look.name for value, look in SCALE_LOOKS.items()
    }
    assert {movement.value: name for movement, name in MOVEMENT_NAMES.items()} == {
        value: look.name for value, look in MOVEMENT_LOOKS.items()
    }
    looks = {**SCALE_LOOKS, **MOVEMENT_LOOKS}
    assert {value: look.colour for value, look in looks.items()} == PAPER_LABEL_COLOURS
    assert UNSURE_NAME == WINDOWS_UNSURE
    assert set(looks) < set(NAMES)
    assert not any("," in name or "|" in name for name in NAMES.values()), "commas part keywords"


def test_words_of_a_shot(make_project: Callable[..., Project], cut: Callable[..., Seam]) -> None:
    plain = make_project([cut(n) for n in (20, 40, 60, 80)])
    assert labels_by_shot(plain) == {}
    project = labelled(plain)
    found = labels_by_shot(project)
    words = [found.get(shot.number) for shot in project.shots]
    assert [found.names if found else None for found in words] == [
        ("Long shot", "Static"),
        ("Medium shot", "Pan left"),
        ("Handheld",),
        (),
        ("Pull out",),
    ]
    assert words[1] is not None
    assert words[1].short == ("MS", "pan left")
    assert words[1].short_marked == ("MS*", "pan left*")
    assert words[0] is not None
    assert words[0].short_marked == ("LS", "static")
    assert words[1].with_facts("cut") == "Medium shot, pan left; cut"
    assert words[3] is not None
    assert words[3].with_facts("cut") == "cut"
    assert (words[3].scale_name, words[3].movement_name) == ("Unsure", "Unsure")
    assert words[4] is not None
    assert words[4].scale_name == ""


def test_labels_are_looked_up_once_an_export(
    make_project: Callable[..., Project], cut: Callable[..., Seam], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = labelled(make_project([cut(n) for n in (20, 40, 60, 80)]))
    asked: list[int] = []
    labels_of = Project.labels_of

    def counted(self: Project, shot: Shot) -> ShotLabels:
        asked.append(shot.number)
        return labels_of(self, shot)

    monkeypatch.setattr(Project, "labels_of", counted)
    for export_format in EXPORT_FORMATS:
        if export_format.write is not None:
            asked.clear()
            export_format.write(project, None)
            assert asked in ([], [1, 2, 3, 4, 5]), export_format.id


@pytest.mark.parametrize(
    "export_format",
    [f for f in EXPORT_FORMATS if f.write is not None and f.id != "elan"],
    ids=lambda export_format: export_format.id,
)
def test_labels_of_ranges_that_are_no_shots_change_nothing(
    make_project: Callable[..., Project], cut: Callable[..., Seam], export_format: object
) -> None:
    project = make_project([cut(50)])
    stale = project.with_labels([ShotLabels(0, 49, Label(ShotScale.CS), Label(Movement.PUSH))])
    write = export_format.write  # type: ignore[attr-defined]
    assert write(stale, None) == write(project, None)


@pytest.mark.parametrize(
    "name",
    ["edl", "resolve-markers", "avid-markers", "csv", "tsv", "shots", "json", "fcpxml", "xmeml", "otio"],
)
def test_the_text_is_the_expected_file(
    make_project: Callable[..., Project], cut: Callable[..., Seam], name: str
) -> None:
    """The files were written by Seamline and looked through; they hold the form still."""
    seams = [cut(20), Seam(39, 46, SeamKind.DISSOLVE, 0.75), cut(60), cut(80)]
    project = labelled(make_project(seams))
    export_format = format_named(name)
    assert export_format.write is not None
    text = export_format.write(project, None)
    # an absolute path has a drive letter on some systems
    text = text.replace(project.film.path.absolute().parent.as_uri(), "file:///films")
    expected = (EXPECTED / f"labels{export_format.suffix}").read_bytes().decode()
    if name == "otio":
        assert json.loads(text) == json.loads(expected)
    else:
        assert text == expected


def test_an_edl_has_a_line_a_labelled_shot(marked: Project) -> None:
    text = write_edl(marked)
    assert text.isascii()
    assert max(map(len, text.split("\r\n"))) < 160
    blocks = [block.split("\r\n") for block in text.rstrip().split("\r\n\r\n")[1:]]
    assert [block[-1] for block in blocks[:6]] == [
        "* SHOT: LS, STATIC",
        "* SHOT: MS, PAN LEFT",
        "* SHOT: HANDHELD",
        f"* FROM CLIP NAME: {FILM}",
        "* SHOT: PULL OUT",
        f"* FROM CLIP NAME: {FILM}",
    ]
    assert blocks[1][2:4] == ["* COMMENT: Harbour", "* COMMENT: Too dark?"]
    edits = [e for event in pycmx.parse_cmx3600(io.StringIO(text, newline="")).events for e in event.edits]
    assert [e.clip_name for e in edits] == [FILM] * len(marked.shots)
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(marked.film.rate))
    clips = list(timeline.tracks[0])
    assert [clip.name for clip in clips] == [FILM] * len(marked.shots)
    assert "SHOT: LS, STATIC" in list(clips[0].metadata["cmx_3600"]["comments"])
    own = read_edl(text, rate=marked.film.rate)
    assert spans(own) == shot_spans(marked)
    assert [event.note for event in own.events[:3]] == ["", "Harbour; Too dark?", ""]


def test_a_dissolves_event_bears_its_shots_labels(make_project: Callable[..., Project]) -> None:
    project = make_project([Seam(40, 53, SeamKind.DISSOLVE)])
    shot = project.shots[1]
    project = project.with_labels([ShotLabels(shot.start_frame, shot.end_frame, Label(ShotScale.ECS))])
    text = write_edl(project, EdlOptions(transitions=True))
    assert f"* TO CLIP NAME: {FILM}\r\n* SHOT: ECS\r\n" in text
    assert len(read_edl(text, rate=Fraction(25)).events) == 2


def test_markers_tell_labels_before_the_facts(marked: Project) -> None:
    lines = [line for line in write_resolve_markers(marked).split("\r\n") if "|C:" in line]
    assert lines[:5] == [
        "Long shot, static |C:ResolveColorBlue |M:Shot 1 |D:1",
        "Too dark? (Medium shot, pan left; cut, confidence 1.00) |C:ResolveColorBlue |M:Harbour |D:1",
        "Handheld; dissolve, confidence 0.75 |C:ResolveColorGreen |M:Seam 2 |D:12",
        "cut, confidence 1.00 |C:ResolveColorBlue |M:Seam 3 |D:1",
        "Pull out; cut, confidence 0.50 |C:ResolveColorBlue |M:Seam 4 |D:1",
    ]
    rows = [line.split("\t") for line in write_avid_markers(marked).splitlines()]
    assert [row[4] for row in rows[:4]] == [
        "Long shot, static",
        "Harbour: Too dark? (Medium shot, pan left; cut, confidence 1.00)",
        "Handheld; dissolve, confidence 0.75",
        "cut, confidence 1.00",
    ]
    assert {len(row) for row in rows} == {6}


def test_final_cut_7_has_them_in_its_markers(marked: Project) -> None:
    text = write_xmeml(marked)
    timeline = otio.adapters.read_from_string(text, "fcp_xml")
    markers = [(m.name, m.metadata["fcp_xml"]["comment"]) for m in timeline.tracks.markers[:3]]
    assert markers[0] == ("Shot 1", "Long shot, static")
    assert markers[1][0] == "Harbour"
    assert markers[1][1].startswith("Too dark? (Medium shot, pan left; cut, confidence")
    assert markers[2][1].startswith("Handheld; dissolve, confidence")
    assert spans(read_xmeml(text)) == shot_spans(marked)


def test_fcpxml_has_keywords_over_whole_clips(marked: Project) -> None:
    text = write_fcpxml(marked)
    clips = list(ET.fromstring(text).iter("asset-clip"))
    keywords = [clip.findall("keyword") for clip in clips]
    assert [[keyword.get("value") for keyword in found] for found in keywords[:6]] == [
        ["Long shot, Static"],
        ["Medium shot, Pan left"],
        ["Handheld"],
        [],
        ["Pull out"],
        [],
    ]
    for clip, found in zip(clips, keywords, strict=True):
        for keyword in found:
            assert (keyword.get("start"), keyword.get("duration")) == (
                clip.get("start"),
                clip.get("duration"),
            )
    assert spans(read_fcpxml(text)) == shot_spans(marked)


def test_opentimelineio_keeps_them_as_metadata(marked: Project) -> None:
    text = write_otio(marked)
    clips = list(otio.adapters.read_from_string(text, "otio_json").tracks[0])
    labels = [clip.metadata["seamline"].get("labels") for clip in clips]
    assert labels[1]["scale"]["value"] == "MS"
    assert labels[1]["movement"]["origin"] == "editor"
    assert labels[2]["scale"]["value"] is None
    assert labels[4]["movement"]["published"] == "Pull"
    assert "scale" not in labels[4]
    assert labels[5] is None
    assert spans(read_otio(text)) == shot_spans(marked)


def test_the_tables_have_columns_of_labels_behind_all_others(marked: Project, tmp_path: Path) -> None:
    for text, delimiter in ((write_csv(marked), ","), (write_tsv(marked), "\t")):
        table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        header, *rows = list(table)
        assert tuple(header) == COLUMNS + LABEL_COLUMNS
        assert [tuple(row[len(COLUMNS) :]) for row in rows[:5]] == [
            ("MS", "1.0000", "editor", "pan-left", "Motion", "1.0000", "editor"),
            ("unsure", "", "analysis", "handheld", "Motion", "0.7500", "analysis"),
            ("unsure", "", "analysis", "unsure", "unsure", "", "analysis"),
            ("", "", "", "pull", "Pull", "0.5000", "analysis"),
            ("", "", "", "", "", "", ""),
        ]
        events = read_csv_list(text, rate=marked.film.rate).events
        assert len(events) == len(marked.shots)
    path = tmp_path / "seams.csv"
    path.write_text(write_csv(marked), encoding="utf-8")
    assert read_transitions(path) == tuple(map(Transition.of, marked.seams))


def test_a_table_of_a_film_whose_first_shot_alone_is_labelled_has_the_columns(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project([cut(50)]).with_labels([ShotLabels(0, 50, Label(ShotScale.CS))])
    rows = list(csv.DictReader(io.StringIO(write_csv(project), newline="")))
    assert [row["scale"] for row in rows] == [""]


def test_the_report_has_labels_of_all_shots(marked: Project) -> None:
    shots = json.loads(write_json(marked))["shots"]
    assert shots[0]["labels"] == {
        "scale": {"value": "LS", "confidence": 0.8125, "origin": "analysis"},
        "movement": {"value": "static", "published": "Static", "confidence": 0.75, "origin": "analysis"},
    }
    assert shots[3]["labels"]["movement"] == {
        "value": None,
        "published": None,
        "confidence": None,
        "origin": "analysis",
    }
    assert set(shots[4]["labels"]) == {"movement"}
    assert "labels" not in shots[5]


def test_a_label_alone_is_no_note(make_project: Callable[..., Project]) -> None:
    project = replace(make_project(), notes=(ShotNote(3, scale=ShotScale.CS),))
    shot = json.loads(write_json(project))["shots"][0]
    assert "comment" not in shot
    assert shot["labels"]["scale"]["value"] == "CS"
    assert "COMMENT" not in write_edl(project)


def test_elan_has_tiers_whose_words_are_of_a_vocabulary(marked: Project) -> None:
    root = ET.fromstring(write_elan(marked))
    tiers = {tier.get("TIER_ID"): tier for tier in root.iter("TIER")}
    words = {
        name: [value.text for value in tiers[name].iter("ANNOTATION_VALUE")] for name in ("Scale", "Movement")
    }
    assert words == {
        "Scale": ["Long shot", "Medium shot", "Unsure", "Unsure"],
        "Movement": ["Static", "Pan left", "Handheld", "Unsure", "Pull out"],
    }
    types = {each.get("LINGUISTIC_TYPE_ID"): each for each in root.iter("LINGUISTIC_TYPE")}
    languages = {each.get("LANG_ID") for each in root.iter("LANGUAGE")}
    vocabularies = {each.get("CV_ID"): each for each in root.iter("CONTROLLED_VOCABULARY")}
    for name in ("Scale", "Movement"):
        vocabulary = vocabularies[
            types[tiers[name].get("LINGUISTIC_TYPE_REF")].get("CONTROLLED_VOCABULARY_REF")
        ]
        entries = {
            entry.get("CVE_ID"): entry.findtext("CVE_VALUE") for entry in vocabulary.iter("CV_ENTRY_ML")
        }
        assert {each.get("LANG_REF") for each in vocabulary.iter("CVE_VALUE")} <= languages
        for annotation in tiers[name].iter("ALIGNABLE_ANNOTATION"):
            assert entries[annotation.get("CVE_REF")] == annotation.findtext("ANNOTATION_VALUE")
    # in the order that the schema of version 3.0 has
    order = [
        "HEADER",
        "TIME_ORDER",
        "TIER",
        "LINGUISTIC_TYPE",
        "LANGUAGE",
        "CONSTRAINT",
        "CONTROLLED_VOCABULARY",
    ]
    places = [order.index(child.tag) for child in root]
    assert places == sorted(places)
    ids = [e.get("CVE_ID") for e in root.iter("CV_ENTRY_ML")]
    assert len(ids) == len(set(ids))


def test_elan_without_labels_has_no_vocabulary(reference: Project) -> None:
    text = write_elan(reference)
    assert "VOCABULARY" not in text
    assert "LANGUAGE" not in text
