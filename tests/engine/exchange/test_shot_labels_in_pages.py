"""Scale and movement on the page and on the sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from seamline.exchange.contact_sheet import write_contact_sheet
from seamline.exchange.html_report import write_html_report
from seamline.exchange.label_charts import label_strips, share_chart, share_text
from seamline.exchange.sheet_layout import single_layout
from seamline.exchange.svg_charts import WIDTH
from seamline.media.open_film import open_film
from seamline.project.label_statistics import label_statistics
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.types import Project, Seam, SeamKind, ShotNote

if TYPE_CHECKING:
    from films import FilmShelf


def project_of(films: FilmShelf) -> Project:
    spec = films("mp4")
    seams = tuple(Seam(out, into, SeamKind(name)) for out, into, name in spec.seams)
    return Project(open_film(spec.path), seams, analysed_frames=spec.frames)


def labelled(project: Project) -> Project:
    """The first shot is a medium shot and pans left, the second is unsure; nobody looked at the third."""
    first, second, *_ = project.shots
    return project.with_labels(
        [
            ShotLabels(
                first.start_frame, first.end_frame, Label(ShotScale.MS, 0.9), Label(Movement.PAN_LEFT, 0.8)
            ),
            ShotLabels(second.start_frame, second.end_frame, Label(None, 0.2), Label(None, 0.1)),
        ]
    )


def test_the_page_has_shares_strips_and_a_column(films: FilmShelf, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_html_report(labelled(project_of(films)), path)
    text = path.read_text(encoding="utf-8")
    assert "<th>Scale, movement</th>" in text
    assert re.findall(r"<td>(.*)</td>\n<td>(?:start|cut)", text) == [
        "Medium shot<br>Pan left",
        "Unsure<br>Unsure",
        "",
    ]
    said = [int(percent) for percent in re.findall(r">(\d+) % of the time, 1 shot", text)]
    assert len(said) == 6
    assert (sum(said[:3]), sum(said[3:])) == (100, 100), "scale and movement, with unsure and not looked at"
    assert said[:3] == said[3:]
    assert text.count(f"Labelled: {said[0]} % of the film.") == 2
    assert f"classes of MovieShots: static 0 %, motion {said[0]} %, push 0 %, pull 0 %.</p>" in text
    assert "editor" not in text
    assert text.count("<svg") == 6
    assert "<script" not in text


def test_a_page_of_scales_alone_says_that_there_is_no_movement(films: FilmShelf, tmp_path: Path) -> None:
    project = project_of(films)
    first = project.shots[0]
    path = tmp_path / "page.html"
    write_html_report(
        project.with_labels([ShotLabels(first.start_frame, first.end_frame, Label(ShotScale.CS))]), path
    )
    text = path.read_text(encoding="utf-8")
    assert "<p>No shot has a movement: 3 shots were not looked at.</p>" in text
    assert "four classes" not in text
    assert text.count("<svg") == 5


def test_a_page_without_labels_has_no_word_of_them(films: FilmShelf, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_html_report(project_of(films), path)
    text = path.read_text(encoding="utf-8")
    assert "ovement" not in text
    assert text.count("<svg") == 3


def test_bars_are_as_long_as_the_shares_of_time(make_project: Callable[..., Project]) -> None:
    project = make_project([Seam(59, 60), Seam(79, 80)])  # 60, 20 and 20 frames
    project = project.with_labels(
        [
            ShotLabels(0, 60, Label(ShotScale.LS)),
            ShotLabels(60, 80, Label(ShotScale.CS)),
            ShotLabels(80, 100, Label(ShotScale.CS)),
        ]
    )
    shares = label_statistics(project).scale.classes
    assert share_text(shares[1]) == "40 % of the time, 2 shots, 0.80 s on average"
    assert share_text(shares[4]) == "60 % of the time, 1 shot, 2.40 s on average"
    assert share_text(shares[0]) == "no shot"
    svg = ET.fromstring(share_chart("Scales", shares))
    widths = [float(bar.attrib["width"]) for bar in svg.iter("rect")]
    assert len({*widths[::2]}) == 1, "each has its track"
    assert [bar / widths[0] for bar in widths[1::2]] == pytest.approx([0, 0.4, 0, 0, 0.6], abs=0.001)
    texts = [text.text for text in svg.iter("text")]
    assert texts[:2] == ["Extreme close shot", "no shot"]
    # names end left of the bars, numbers begin right of them and have room
    assert all(float(text.attrib["x"]) < WIDTH * 0.65 for text in svg.iter("text"))


def test_a_page_of_a_film_analysed_in_part_counts_finished_shots(films: FilmShelf, tmp_path: Path) -> None:
    project = labelled(project_of(films))
    last = project.shots[-1]
    project = replace(project, analysed_frames=last.start_frame + 2)
    percent = project.analysed_frames * 100 // project.film.frame_count
    path = tmp_path / "page.html"
    write_html_report(project, path)
    text = path.read_text(encoding="utf-8")
    assert f"So far, {percent} % of the film is analysed" in text
    assert "<dt>Shots</dt><dd>2</dd>" in text
    assert "% of the film so far." in text
    assert "Not looked at" not in text, "nothing is known of the open shot"
    assert text.count('class="rest"') == 4, "rate, lengths, two strips"
    assert text.count('<tr id="shot-') == 3, "the list has all"
    write_html_report(replace(project, analysed_frames=0), tmp_path / "first.html")
    assert "So far, 0 %" in (tmp_path / "first.html").read_text(encoding="utf-8")


def test_hatching_stays_in_its_area(make_project: Callable[..., Project]) -> None:
    project = replace(make_project([Seam(24, 25), Seam(74, 75)]), analysed_frames=80)
    found, index = label_statistics(project), project.film.index
    svg = ET.fromstring(label_strips(found.scale, found.movement, index.time_of, index.duration))
    rests = list(svg.iter("path"))
    assert [rest.findtext("title") for rest in rests] == ["not analysed yet"] * 2
    points = [tuple(map(float, at)) for at in re.findall(r"[ML]([\d.]+) ([\d.]+)", rests[0].attrib["d"])]
    assert len(points) > 20
    axis = next(line for line in svg.iter("line") if line.get("class") == "axis")
    left, right = float(axis.attrib["x1"]), float(axis.attrib["x2"])
    assert min(x for x, _ in points) == pytest.approx(left + 0.75 * (right - left), abs=0.1)
    assert max(x for x, _ in points) <= right
    assert max(y for _, y in points) - min(y for _, y in points) == 34


def test_the_page_and_the_sheet_say_what_is_the_editors(films: FilmShelf, tmp_path: Path) -> None:
    project = labelled(project_of(films))
    by_editor = replace(project, notes=(ShotNote(3, scale=ShotScale.CS),))
    write_html_report(by_editor, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<td>Close shot <small>editor</small><br>Pan left</td>" in text
    assert text.count("editor") == 2, "and where it is explained"
    for name, each in (("plain", project), ("marked", by_editor)):
        write_contact_sheet(each, tmp_path / f"{name}.png", columns=3)
    layout = single_layout(16 / 9, 3, 3, 1)
    inks = []
    for name in ("plain", "marked"):
        with Image.open(tmp_path / f"{name}.png") as image:
            pixels = np.asarray(image.convert("L"))
        inks.append((pixels[: layout.head - 4, layout.page_width * 3 // 4 :] < 200).sum())
    assert inks[0] == 0
    assert inks[1] > 50, "a legend at the right of the head"


def test_strips_lie_where_the_runs_are(make_project: Callable[..., Project]) -> None:
    project = make_project([Seam(24, 25), Seam(74, 75)])
    project = project.with_labels(
        [
            ShotLabels(0, 25, Label(ShotScale.LS), Label(None, 0.1)),
            ShotLabels(25, 75, Label(ShotScale.LS), Label(Movement.PUSH)),
        ]
    )
    found, index = label_statistics(project), project.film.index
    svg = ET.fromstring(label_strips(found.scale, found.movement, index.time_of, index.duration))
    bars = list(svg.iter("rect"))
    assert [bar.findtext("title") for bar in bars] == ["Long shot", "Push in"]
    scale, movement = ({k: float(v) for k, v in bar.attrib.items() if k != "fill"} for bar in bars)
    assert scale["width"] * 2 == pytest.approx(movement["width"] * 3, abs=0.1)
    assert movement["x"] + movement["width"] == pytest.approx(scale["x"] + scale["width"], abs=0.1)
    assert scale["y"] + scale["height"] < movement["y"]


def test_the_sheet_has_a_line_of_labels(films: FilmShelf, tmp_path: Path) -> None:
    project = project_of(films)
    write_contact_sheet(project, tmp_path / "plain.png", columns=3)
    write_contact_sheet(labelled(project), tmp_path / "labels.png", columns=3)
    layout = single_layout(16 / 9, 3, 3, 1)
    with Image.open(tmp_path / "labels.png") as image, Image.open(tmp_path / "plain.png") as plain:
        assert image.size == (layout.page_width, layout.page_height)
        assert image.height > plain.height
        pixels = np.asarray(image.convert("RGB")).astype(int)
    line = layout.corner(0)[1] + layout.picture_height + round(2.9 * layout.type_px)
    inks = [
        (pixels[line:, x : x + layout.picture_width].min(2) < 128).sum()
        for x, _ in map(layout.corner, range(3))
    ]
    assert inks[0] > 0
    assert inks[1:] == [0, 0], "what is unsure is not told"


def test_name_and_comment_stand_below_the_labels(films: FilmShelf, tmp_path: Path) -> None:
    project = replace(labelled(project_of(films)), notes=(ShotNote(3, "Harbour", "Too dark?"),))
    write_contact_sheet(project, tmp_path / "sheet.png", columns=3)
    layout = single_layout(16 / 9, 3, 3, 3)
    with Image.open(tmp_path / "sheet.png") as image:
        assert image.size == (layout.page_width, layout.page_height)
