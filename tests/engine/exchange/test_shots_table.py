"""The table of shots: a row for each, the first one too, as text, as cells, and read back as a list."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from seamline.exchange.csv_reader import read_csv_list
from seamline.exchange.destinations import DESTINATIONS
from seamline.exchange.label_words import LABEL_COLUMNS
from seamline.exchange.shots_table import SHOT_COLUMNS, write_shots_table
from seamline.project.labels import Label, Movement, ShotLabels
from seamline.project.types import Project, Seam, ShotColour, ShotNote


def rows_of(project: Project) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(write_shots_table(project), newline="")))


def test_the_first_shot_has_its_words_and_labels(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project([cut(20, 0.875)]).with_labels(
        [ShotLabels(0, 20, Label(None, 0.8125), Label(Movement.PUSH, 0.75))]
    )
    project = replace(project, notes=(ShotNote(3, "Opening", "two\nlines", ShotColour.RED),))
    first, second = rows_of(project)
    assert first == {
        "number": "1", "first_frame": "0", "last_frame": "19", "frames": "20",
        "start_timecode": "01:00:00:00", "end_timecode": "01:00:00:20", "length_s": "0.800000",
        "kind": "", "confidence": "", "name": "Opening", "comment": "two lines", "colour": "red",
        "scale": "unsure", "scale_confidence": "", "scale_origin": "analysis",
        "movement": "push", "movement_published": "Push", "movement_confidence": "0.7500",
        "movement_origin": "analysis",
    }  # fmt: skip
    assert (second["kind"], second["confidence"]) == ("cut", "0.8750")
    assert [second[column] for column in LABEL_COLUMNS] == [""] * 7


def test_columns_are_the_same_without_labels_and_without_seams(make_project: Callable[..., Project]) -> None:
    header, row, *more = write_shots_table(make_project()).split("\n")
    assert header == ",".join(SHOT_COLUMNS)
    assert row.startswith("1,0,99,100,01:00:00:00,01:00:04:00,4.000000,,,")
    assert more == [""]


def test_what_a_spreadsheet_would_run_is_guarded(make_project: Callable[..., Project]) -> None:
    project = replace(make_project(), notes=(ShotNote(0, "=1+1", "@SUM(A1);-2"),))
    (row,) = rows_of(project)
    assert (row["name"], row["comment"]) == ("'=1+1", "'@SUM(A1);'-2")


def test_length_is_from_the_frames_own_times(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    rows = rows_of(make_project([cut(2)], times_ms=[0, 40, 80, 300, 1001]))
    assert [row["length_s"] for row in rows] == ["0.080000", "0.921000"]


def test_it_is_read_back_as_a_list_of_shots(reference: Project) -> None:
    found = read_csv_list(write_shots_table(reference), rate=reference.film.rate)
    spans = [(event.record_start, event.record_end) for event in found.events]
    first = 0 if found.counts_film_frames else reference.first_timecode_frame
    assert spans == [(first + shot.start_frame, first + shot.end_frame) for shot in reference.shots]


def test_six_thousand_shots_have_a_row_each(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project([cut(n) for n in range(2, 12_000, 2)], frames=12_000, rate=Fraction(24))
    rows = rows_of(project)
    assert [int(row["number"]) for row in rows] == list(range(1, 6001))
    assert sum(float(row["length_s"]) for row in rows) == pytest.approx(500, abs=0.01)


def test_it_goes_to_film_study() -> None:
    (study,) = (each for each in DESTINATIONS if each.id == "study")
    assert "shots" in [each.id for each in study.formats]
