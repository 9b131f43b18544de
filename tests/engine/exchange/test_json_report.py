"""The JSON report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from seamline.exchange.json_report import write_json
from seamline.project.types import Project, Seam


def read(project: Project, run: dict[str, object] | None = None) -> Any:
    return json.loads(write_json(project, run))


def test_it_names_its_schema_and_passes_the_run_through(make_project: Callable[..., Project]) -> None:
    run: dict[str, object] = {"device": "CPU – 2 cores", "speed_x": 4.25, "stages": ["seams"]}
    report = read(make_project(), run)
    assert list(report) == ["schema", "schema_version", "film", "analysed_frames", "seams", "shots", "run"]
    assert (report["schema"], report["schema_version"]) == ("seamline-report", 1)
    assert report["run"] == run
    assert read(make_project())["run"] is None


def test_rates_are_exact_fractions(rate: Any, reference: Project) -> None:
    film = read(reference)["film"]
    assert Fraction(film["rate"]) == rate.rate
    assert "/" in film["rate"]
    assert film["drop_frame"] is rate.drop


def test_shots_cover_the_film_though_it_is_half_analysed(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    report = read(replace(make_project([cut(30)]), analysed_frames=50))
    assert report["analysed_frames"] == 50
    assert [(s["start_frame"], s["end_frame"], s["length_frames"]) for s in report["shots"]] == [
        (0, 30, 30),
        (30, 100, 70),
    ]
    assert [s["end_timecode"] for s in report["shots"]] == ["01:00:01:05", "01:00:04:00"]
    assert [s["length_s"] for s in report["shots"]] == [1.2, 2.8]


def test_one_frame_without_sound_reel_or_timecode(make_project: Callable[..., Project]) -> None:
    project = make_project(frames=1, start=None, reel=None)
    film = replace(project.film, info=replace(project.film.info, audio=None))
    report = read(replace(project, film=film))
    assert report["seams"] == []
    assert len(report["shots"]) == 1
    assert report["film"]["audio"] is None
    assert report["film"]["reel"] is None
    assert (report["film"]["start_timecode"], report["film"]["start_timecode_origin"]) == (
        "00:00:00:00",
        "none",
    )


def test_the_editors_details_are_told_as_such(make_project: Callable[..., Project]) -> None:
    film = read(replace(make_project(), reel="B7", start_frame=250))["film"]
    assert (film["start_timecode"], film["start_timecode_origin"]) == ("00:00:10:00", "editor")
    assert film["reel"] == "B7"


def test_a_turned_picture_with_broad_pixels(make_project: Callable[..., Project]) -> None:
    project = make_project()
    info = replace(project.film.info, width=720, height=576, sample_aspect=Fraction(16, 15), rotation_deg=90)
    film = read(replace(project, film=replace(project.film, info=info)))["film"]
    assert (film["width"], film["height"], film["sample_aspect"]) == (720, 576, "16/15")
    assert (film["display_width"], film["display_height"]) == (576, 768)


@pytest.mark.parametrize(
    ("name", "written"),
    [('Für "Elise" & <東京>\n.mov',) * 2, ("broken \udcff.mov", "broken \ufffd.mov")],
)
def test_names_are_written_as_they_are(make_project: Callable[..., Project], name: str, written: str) -> None:
    project = make_project(name=name)
    write_json(project).encode("utf-8")
    assert read(project)["film"]["name"] == written


def test_a_variable_rate_is_told_with_the_films_own_times(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    report = read(make_project([cut(3)], times_ms=[0, 40, 80, 84, 500, 540]))
    assert report["film"]["variable_frame_rate"] is True
    assert report["film"]["duration_s"] == 0.54
    assert [(s["start_s"], s["end_s"]) for s in report["shots"]] == [(0.0, 0.084), (0.084, 0.54)]
