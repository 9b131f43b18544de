"""Set-ups, scenes and repeats in every list that can hold them, read back by other programs where they read it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import opentimelineio as otio
import pycmx
import pytest
from PIL import Image

from seamline.exchange.contact_sheet import write_contact_sheet
from seamline.exchange.csv_list import COLUMNS, Transition, read_transitions, write_csv, write_tsv
from seamline.exchange.csv_reader import read_csv_list
from seamline.exchange.cut_list import CutList
from seamline.exchange.edl import EdlOptions, write_edl
from seamline.exchange.edl_reader import read_edl
from seamline.exchange.elan import write_elan
from seamline.exchange.fcpxml import write_fcpxml
from seamline.exchange.fcpxml_reader import read_fcpxml
from seamline.exchange.footage_words import FOOTAGE_COLUMNS, footage_by_shot
from seamline.exchange.formats import EXPORT_FORMATS
from seamline.exchange.html_report import write_html_report
from seamline.exchange.json_report import write_json
from seamline.exchange.label_words import LABEL_COLUMNS
from seamline.exchange.markers import write_avid_markers, write_resolve_markers
from seamline.exchange.otio import write_otio
from seamline.exchange.otio_reader import read_otio
from seamline.exchange.sheet_layout import single_layout
from seamline.exchange.shots_table import SHOT_COLUMNS, write_shots_table
from seamline.exchange.xmeml import write_xmeml
from seamline.exchange.xmeml_reader import read_xmeml
from seamline.media.open_film import open_film
from seamline.project.footage import ShotFootage
from seamline.project.labels import Label, ShotLabels, ShotScale
from seamline.project.types import Project, Seam, SeamKind

if TYPE_CHECKING:
    from films import FilmShelf

FILM = "Reel One (final).mov"


def grouped(project: Project) -> Project:
    """The first six shots: A B A in a scene, B again later, one that stands alone, and a part of the first again."""
    numbers = [(1, 1), (2, 1), (1, 1), (2, 2), (3, 3), (1, 2)]
    footage = [
        ShotFootage(shot.start_frame, shot.end_frame, setup, scene, confidence=0.75)
        for shot, (setup, scene) in zip(project.shots, numbers, strict=False)
    ]
    last, first = footage[5], project.shots[0]
    footage[5] = ShotFootage(
        last.start_frame,
        last.end_frame,
        last.setup,
        last.scene,
        (first.start_frame + 2, first.end_frame),
        0.5,
    )
    return project.with_footage(footage)


@pytest.fixture
def small(make_project: Callable[..., Project], cut: Callable[..., Seam]) -> Project:
    """Seven shots, the last of which nobody looked at."""
    return grouped(make_project([cut(n) for n in (12, 24, 36, 48, 60, 72)]))


@pytest.fixture
def marked(reference: Project) -> Project:
    """The reference film at each rate in turn."""
    return grouped(reference)


def again(project: Project) -> str:
    """The timecodes of what is repeated."""
    first = project.shots[0]
    return f"{project.timecode(first.start_frame + 2)} - {project.timecode(first.end_frame)}"


def spans(cut_list: CutList) -> list[tuple[int, int]]:
    return [(event.record_start, event.record_end) for event in cut_list.events]


def shot_spans(project: Project) -> list[tuple[int, int]]:
    first = project.first_timecode_frame
    return [(first + shot.start_frame, first + shot.end_frame) for shot in project.shots]


def test_words_of_a_shot(small: Project) -> None:
    found = footage_by_shot(small)
    assert list(found) == [1, 2, 3, 4, 5, 6]
    assert found[1].sentence == "set-up 1A, scene 1, shots 1 3 6"
    assert found[5].sentence == ""
    assert (found[5].names, found[5].short) == ((), "3A · scene 3")
    assert found[6].names == ("Set-up 1A", "Scene 2", "Repeat")
    assert found[6].short == "1A · scene 2 · repeat"
    assert found[6].with_facts("cut") == f"set-up 1A, scene 2, shots 1 3 6, repeat of {again(small)}; cut"
    assert found[5].with_facts("cut") == "cut"
    assert not any("," in name or "|" in name for words in found.values() for name in words.names)


def test_a_set_up_of_many_shots_names_the_first(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project([cut(n) for n in range(2, 40, 2)])
    project = project.with_footage(
        ShotFootage(shot.start_frame, shot.end_frame, 1, 1) for shot in project.shots
    )
    line = footage_by_shot(project)[4].edl_line
    assert line == "SET-UP 1A, SCENE 1, SHOTS 1 2 3 4 5 6 7 8 9 10 11 12 AND 8 MORE"


@pytest.mark.parametrize(
    "export_format",
    [f for f in EXPORT_FORMATS if f.write is not None and f.id != "elan"],
    ids=lambda export_format: export_format.id,
)
def test_footage_of_ranges_that_are_no_shots_changes_nothing(
    make_project: Callable[..., Project], cut: Callable[..., Seam], export_format: object
) -> None:
    project = make_project([cut(50)])
    stale = project.with_footage([ShotFootage(0, 49, 1, 1)])
    write = export_format.write  # type: ignore[attr-defined]
    assert write(stale, None) == write(project, None)


def test_an_edl_has_a_line_a_shot_that_shares_something(marked: Project) -> None:
    text = write_edl(marked)
    assert text.isascii()
    assert max(map(len, text.split("\r\n"))) < 160
    blocks = [block.split("\r\n") for block in text.rstrip().split("\r\n\r\n")[1:]]
    assert [block[-1] for block in blocks[:7]] == [
        "* SAME FOOTAGE: SET-UP 1A, SCENE 1, SHOTS 1 3 6",
        "* SAME FOOTAGE: SET-UP 1B, SCENE 1, SHOTS 2 4",
        "* SAME FOOTAGE: SET-UP 1A, SCENE 1, SHOTS 1 3 6",
        "* SAME FOOTAGE: SET-UP 1B, SCENE 2, SHOTS 2 4",
        f"* FROM CLIP NAME: {FILM}",
        f"* SAME FOOTAGE: SET-UP 1A, SCENE 2, SHOTS 1 3 6, REPEAT OF {again(marked)}",
        f"* FROM CLIP NAME: {FILM}",
    ]
    edits = [e for event in pycmx.parse_cmx3600(io.StringIO(text, newline="")).events for e in event.edits]
    assert [e.clip_name for e in edits] == [FILM] * len(marked.shots)
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(marked.film.rate))
    clips = list(timeline.tracks[0])
    assert [clip.name for clip in clips] == [FILM] * len(marked.shots)
    assert "SAME FOOTAGE: SET-UP 1A, SCENE 1, SHOTS 1 3 6" in list(clips[0].metadata["cmx_3600"]["comments"])
    own = read_edl(text, rate=marked.film.rate)
    assert spans(own) == shot_spans(marked)
    assert {event.note for event in own.events} == {""}


def test_an_edl_with_transitions_has_it_behind_the_labels(make_project: Callable[..., Project]) -> None:
    project = make_project([Seam(40, 53, SeamKind.DISSOLVE)])
    ranges = [shot.range for shot in project.shots]
    project = project.with_footage(ShotFootage(*range_, 1, 1) for range_ in ranges)
    project = project.with_labels([ShotLabels(*ranges[1], Label(ShotScale.ECS))])
    text = write_edl(project, EdlOptions(transitions=True))
    assert "* SHOT: ECS\r\n* SAME FOOTAGE: SET-UP 1A, SCENE 1, SHOTS 1 2\r\n" in text
    assert len(read_edl(text, rate=project.film.rate).events) == 2


def test_markers_tell_it_between_labels_and_facts(small: Project) -> None:
    labelled = small.with_labels([ShotLabels(12, 24, Label(ShotScale.CS))])
    lines = [line for line in write_resolve_markers(labelled).split("\r\n") if "|C:" in line]
    assert [line.split(" |C:")[0] for line in lines] == [
        "set-up 1A, scene 1, shots 1 3 6",
        "Close shot; set-up 1B, scene 1, shots 2 4; cut, confidence 1.00",
        "set-up 1A, scene 1, shots 1 3 6; cut, confidence 1.00",
        "set-up 1B, scene 2, shots 2 4; cut, confidence 1.00",
        "cut, confidence 1.00",
        f"set-up 1A, scene 2, shots 1 3 6, repeat of {again(small)}; cut, confidence 1.00",
        "cut, confidence 1.00",
    ]
    rows = [line.split("\t") for line in write_avid_markers(small).splitlines()]
    assert rows[0][4] == "set-up 1A, scene 1, shots 1 3 6"
    assert {len(row) for row in rows} == {6}


def test_final_cut_7_has_it_in_its_markers(marked: Project) -> None:
    text = write_xmeml(marked)
    timeline = otio.adapters.read_from_string(text, "fcp_xml")
    markers = [(m.name, m.metadata["fcp_xml"]["comment"]) for m in timeline.tracks.markers[:2]]
    assert markers[0] == ("Shot 1", "set-up 1A, scene 1, shots 1 3 6")
    assert markers[1][1].startswith("set-up 1B, scene 1, shots 2 4; cut, confidence")
    assert spans(read_xmeml(text)) == shot_spans(marked)


def test_fcpxml_has_keywords_over_whole_clips(marked: Project) -> None:
    first = marked.shots[0]
    labelled = marked.with_labels([ShotLabels(first.start_frame, first.end_frame, Label(ShotScale.CS))])
    text = write_fcpxml(labelled)
    clips = list(ET.fromstring(text).iter("asset-clip"))
    keywords = [[keyword.get("value") for keyword in clip.findall("keyword")] for clip in clips]
    assert keywords[:7] == [
        ["Close shot, Set-up 1A, Scene 1"],
        ["Set-up 1B, Scene 1"],
        ["Set-up 1A, Scene 1"],
        ["Set-up 1B, Scene 2"],
        [],
        ["Set-up 1A, Scene 2, Repeat"],
        [],
    ]
    assert spans(read_fcpxml(text)) == shot_spans(marked)


def test_opentimelineio_keeps_it_as_metadata(marked: Project) -> None:
    text = write_otio(marked)
    clips = list(otio.adapters.read_from_string(text, "otio_json").tracks[0])
    found = [clip.metadata["seamline"].get("footage") for clip in clips]
    assert (found[0]["setup"], list(found[0]["setup_shots"]), found[0]["repeats"]) == ("1A", [1, 3, 6], None)
    assert found[5]["repeats"]["start_frame"] == marked.shots[0].start_frame + 2
    assert found[6] is None
    assert spans(read_otio(text)) == shot_spans(marked)


def test_the_tables_have_its_columns_behind_all_others(marked: Project, tmp_path: Path) -> None:
    for text, delimiter in ((write_csv(marked), ","), (write_tsv(marked), "\t")):
        header, *rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert tuple(header) == COLUMNS + FOOTAGE_COLUMNS
        assert [tuple(row[len(COLUMNS) :]) for row in rows[:6]] == [
            ("1B", "0.7500", "1", ""),
            ("1A", "0.7500", "1", ""),
            ("1B", "0.7500", "2", ""),
            ("3A", "0.7500", "3", ""),
            ("1A", "0.5000", "2", again(marked)),
            ("", "", "", ""),
        ]
        assert len(read_csv_list(text, rate=marked.film.rate).events) == len(marked.shots)
    path = tmp_path / "seams.csv"
    path.write_text(write_csv(marked), encoding="utf-8")
    assert read_transitions(path) == tuple(map(Transition.of, marked.seams))


def test_labels_come_before_it(small: Project) -> None:
    labelled = small.with_labels([ShotLabels(12, 24, Label(ShotScale.CS))])
    header, row, *_ = csv.reader(io.StringIO(write_csv(labelled), newline=""))
    assert tuple(header) == COLUMNS + LABEL_COLUMNS + FOOTAGE_COLUMNS
    assert row[len(COLUMNS)] == "CS"
    assert row[-4:] == ["1B", "0.7500", "1", ""]


def test_the_table_of_shots_has_all_of_them(marked: Project) -> None:
    text = write_shots_table(marked)
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(header) == SHOT_COLUMNS + FOOTAGE_COLUMNS
    assert [row[-4] for row in rows[:7]] == ["1A", "1B", "1A", "1B", "3A", "1A", ""]
    own = read_csv_list(text, rate=marked.film.rate)
    assert [(e.record_start, e.record_end) for e in own.events] == [shot.range for shot in marked.shots]
    plain = write_shots_table(marked.with_footage(()))
    assert tuple(next(csv.reader(io.StringIO(plain, newline="")))) == SHOT_COLUMNS


def test_the_report_has_it_of_all_shots(small: Project) -> None:
    shots = json.loads(write_json(small))["shots"]
    start, end = again(small).split(" - ")
    assert shots[5]["footage"] == {
        "setup": "1A",
        "confidence": 0.5,
        "setup_shots": [1, 3, 6],
        "scene": 2,
        "repeats": {"start_frame": 2, "end_frame": 12, "start_timecode": start, "end_timecode": end},
    }
    assert shots[4]["footage"]["setup_shots"] == [5]
    assert "footage" not in shots[6]


def test_elan_has_tiers_with_a_scene_a_run_of_shots(small: Project) -> None:
    root = ET.fromstring(write_elan(small))
    tiers = {
        tier.get("TIER_ID"): [value.text for value in tier.iter("ANNOTATION_VALUE")]
        for tier in root.iter("TIER")
    }
    assert tiers["Set-ups"] == ["1A", "1B", "1A", "1B", "3A", "1A"]
    assert tiers["Scenes"] == ["Scene 1", "Scene 2", "Scene 3", "Scene 2"]
    assert tiers["Repeats"] == [again(small)]
    times = {slot.get("TIME_SLOT_ID"): int(slot.get("TIME_VALUE", "")) for slot in root.iter("TIME_SLOT")}
    scenes = next(tier for tier in root.iter("TIER") if tier.get("TIER_ID") == "Scenes")
    first = next(scenes.iter("ALIGNABLE_ANNOTATION"))
    length_ms = times[first.get("TIME_SLOT_REF2")] - times[first.get("TIME_SLOT_REF1")]
    assert length_ms == pytest.approx(36 / float(small.film.rate) * 1000, abs=1)
    plain = ET.fromstring(write_elan(small.with_footage(())))
    assert {tier.get("TIER_ID") for tier in plain.iter("TIER")} == {"Shots", "Seams"}


def grouped_film(films: FilmShelf) -> Project:
    """Three shots of a real file, A B A, of which the last repeats the first frames."""
    spec = films("mp4")
    seams = tuple(Seam(out, into, SeamKind(name)) for out, into, name in spec.seams)
    project = Project(open_film(spec.path), seams, analysed_frames=spec.frames)
    first, second, third = project.shots
    return project.with_footage(
        [
            ShotFootage(*first.range, 1, 1),
            ShotFootage(*second.range, 2, 1),
            ShotFootage(*third.range, 1, 1, (0, 10)),
        ]
    )


def test_the_page_has_a_column_and_a_sentence(films: FilmShelf, tmp_path: Path) -> None:
    project = grouped_film(films)
    write_html_report(project, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<th>Set-up, scene</th>" in text
    assert "By the analysis, the shots are of 2 set-ups, 1 scene, 1 repeat." in text
    again = f"<br><small>repeat of {project.timecode(0)} - {project.timecode(10)}</small>"
    assert re.findall(r"<td>(.*scene.*)</td>", text) == [
        "1A<br><small>scene 1</small>",
        "1B<br><small>scene 1</small>",
        f"1A<br><small>scene 1</small>{again}",
    ]
    write_html_report(project.with_footage(()), tmp_path / "plain.html")
    plain = (tmp_path / "plain.html").read_text(encoding="utf-8")
    assert "set-up" not in plain.lower()


def test_the_sheet_has_a_line_of_it(films: FilmShelf, tmp_path: Path) -> None:
    project = grouped_film(films)
    write_contact_sheet(project, tmp_path / "grouped.png", columns=3)
    write_contact_sheet(project.with_footage(()), tmp_path / "plain.png", columns=3)
    layout = single_layout(16 / 9, 3, 3, 1)
    with Image.open(tmp_path / "grouped.png") as image, Image.open(tmp_path / "plain.png") as plain:
        assert image.height == layout.page_height > plain.height
        pixels = np.asarray(image.convert("RGB")).astype(int)
    line = layout.corner(0)[1] + layout.picture_height + round(2.9 * layout.type_px)
    inks = [
        (pixels[line:, x : x + layout.picture_width].min(2) < 128).sum()
        for x, _ in map(layout.corner, range(3))
    ]
    assert min(inks) > 0
    assert inks[2] > inks[0], "it tells the repeat, too"
