"""The CSV list, and tables of transitions read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from seamline.errors import ExchangeError
from seamline.exchange.csv_list import Transition, read_transitions, write_csv
from seamline.project.types import Origin, Project, Seam, SeamKind


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_it_starts_with_these_columns(reference: Project) -> None:
    assert write_csv(reference).startswith("out_frame,in_frame,kind,confidence,")


def test_the_csv_module_reads_every_seam_back(reference: Project) -> None:
    rows = list(csv.DictReader(io.StringIO(write_csv(reference), newline="")))
    for row, seam in zip(rows, reference.seams, strict=True):
        assert (int(row["out_frame"]), int(row["in_frame"])) == (seam.out_frame, seam.in_frame)
        assert (row["kind"], row["origin"]) == (seam.kind, seam.origin)
        assert row["confidence"] == f"{seam.confidence:.4f}"
        assert row["out_timecode"] == reference.timecode(seam.out_frame)
        assert row["in_timecode"] == reference.timecode(seam.in_frame)
        assert float(row["out_time_s"]) == pytest.approx(
            seam.out_frame / float(reference.film.rate), abs=1e-6
        )
        assert float(row["in_time_s"]) == pytest.approx(seam.in_frame / float(reference.film.rate), abs=1e-6)


def test_the_exact_text(make_project: Callable[..., Project]) -> None:
    project = make_project(
        [Seam(9, 10, confidence=0.99996), Seam(20, 31, SeamKind.FADE, 0.5, Origin.USER)], start=None
    )
    assert write_csv(project) == (
        "out_frame,in_frame,kind,confidence,out_timecode,in_timecode,out_time_s,in_time_s,origin,"
        "name,comment,colour\n"
        "9,10,cut,1.0000,00:00:00:09,00:00:00:10,0.360000,0.400000,analysis,,,\n"
        "20,31,fade,0.5000,00:00:00:20,00:00:01:06,0.800000,1.240000,user,,,\n"
    )


def test_no_seams_leave_the_header_alone(make_project: Callable[..., Project]) -> None:
    assert write_csv(make_project(frames=1)).splitlines() == [
        "out_frame,in_frame,kind,confidence,out_timecode,in_timecode,out_time_s,in_time_s,origin,name,comment,colour"
    ]


def test_no_field_is_a_formula_whatever_the_film_is_called(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    text = write_csv(replace(make_project([cut(50)], name="=cmd|' /c calc'!A1.mov"), reel="@SUM(1)"))
    assert all(
        not field.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(text)) for field in row
    )


def test_times_of_a_variable_rate_are_the_films_own(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project([cut(3)], start=None, times_ms=[0, 40, 80, 84, 500, 540])
    (row,) = csv.DictReader(io.StringIO(write_csv(project)))
    assert (row["out_time_s"], row["in_time_s"]) == ("0.080000", "0.084000")
    assert (row["out_timecode"], row["in_timecode"]) == ("00:00:00:02", "00:00:00:02")


def test_what_is_written_is_read(reference: Project, tmp_path: Path) -> None:
    path = table(tmp_path, write_csv(reference))
    assert read_transitions(path) == tuple(Transition.of(seam) for seam in reference.seams)


def test_ground_truth_is_read_in_its_order(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "\ufeffstart_frame,end_frame,type,scored,note\r\n"
        '30,31,cut,,"with, comma"\r\n'
        "\r\n"
        "10,20,dissolve,0,\r\n"
        "50,51,cut,-1,flash,unquoted\r\n",
    )
    assert read_transitions(path) == (
        Transition(30, 31, "cut", 1),
        Transition(10, 20, "dissolve", 0),
        Transition(50, 51, "cut", -1),
    )


def test_kind_and_scored_may_be_missing(tmp_path: Path) -> None:
    assert read_transitions(table(tmp_path, "in_frame,out_frame\n8,7\n")) == (Transition(7, 8, "", 1),)
    assert read_transitions(table(tmp_path, "out_frame,in_frame\n")) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "no columns out_frame,in_frame"),
        ("out_frame;in_frame\n1;2\n", "separated by commas"),
        ("", "no columns"),
        (
            "out_frame,in_frame\n1,2\n3,four\n",
            "line 3: in_frame is a whole number, not “four”. Correct that line.",
        ),
        ("out_frame,in_frame\n1\n", "line 2: in_frame is a whole number, not “”"),
        ("out_frame,in_frame\n1.5,2\n", "line 2: out_frame is a whole number, not “1.5”"),
        ("out_frame,in_frame\n5,5\n", "line 2: a transition needs 0 <= out frame < in frame, not 5 and 5"),
        ("out_frame,in_frame\n-1,5\n", "line 2: a transition needs"),
        ("out_frame,in_frame,scored\n1,2,2\n", "line 2: “scored” is 1, 0 or -1, not 2"),
        ("out_frame,in_frame,scored\n1,2,yes\n", "line 2: scored is a whole number, not “yes”"),
        (f'out_frame,in_frame,note\n1,2,"{"x" * 200_000}"\n', "not a table of comma-separated values"),
    ],
)
def test_a_bad_table_is_refused_by_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        read_transitions(table(tmp_path, text))
    assert message in str(caught.value)
    assert "table.csv" in str(caught.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="not a text file in UTF-8: save it as"):
        read_transitions(table(tmp_path, "out_frame,in_frame\n1,2\nü", encoding="latin-1"))


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"none.csv” cannot be read \(.+\): check the name"):
        read_transitions(tmp_path / "none.csv")
    with pytest.raises(ExchangeError, match="cannot be read"):
        read_transitions(tmp_path)
