"""`seamline evaluate FILM TRUTH.csv`: what the metrics say, of what `analyze` finds."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seamline.evaluation.metrics import evaluate
from seamline.exchange.csv_list import Transition, read_transitions
from seamline.media.timecode import TimecodeRate

if TYPE_CHECKING:
    from conftest import Result
    from films import FilmShelf

InProcess = Callable[[Sequence[object]], "Result"]


@pytest.fixture
def found(in_process: InProcess, films: FilmShelf, tmp_path: Path) -> tuple[Transition, ...]:
    """What `analyze` finds in the film."""
    table = tmp_path / "found.csv"
    assert in_process(["analyze", films("mp4").path, "--csv", table, "--ignore-corrections"]).code == 0
    return read_transitions(table)


@pytest.mark.parametrize(
    ("truth", "tolerance"),
    [
        ([(24, 25), (59, 60)], 2),
        ([(26, 27), (59, 60)], 2),
        ([(28, 29), (59, 60)], 2),
        ([(26, 27), (59, 60)], 0),
        ([(24, 25), (59, 60), (80, 90)], 1),
        ([], 2),
    ],
)
def test_it_says_what_the_metrics_say(
    in_process: InProcess,
    films: FilmShelf,
    found: tuple[Transition, ...],
    tmp_path: Path,
    truth: list[tuple[int, int]],
    tolerance: int,
) -> None:
    table = tmp_path / "truth.csv"
    rows = [f"{a},{b},{'cut' if b == a + 1 else 'dissolve'}" for a, b in truth]
    table.write_text("\n".join(["out_frame,in_frame,type", *rows]) + "\n")
    result = in_process(["evaluate", films("mp4").path, table, "--tolerance", tolerance])
    transitions = [Transition(a, b, "cut" if b == a + 1 else "dissolve") for a, b in truth]
    expected = evaluate(transitions, found, tolerance_frames=tolerance)
    assert result.code == 0
    line = next(each for each in result.output.splitlines() if each.startswith("tolerance"))
    assert line == (
        f"tolerance {tolerance}: precision {expected.precision:.3f} recall {expected.recall:.3f} F1 {expected.f1:.3f}"
    )
    exact = evaluate(transitions, found, tolerance_frames=0)
    if tolerance:
        assert f"frame-exact: precision {exact.precision:.3f} recall {exact.recall:.3f}" in result.output


def test_a_list_is_held_against_a_list_without_a_film(in_process: InProcess, tmp_path: Path) -> None:
    truth, predicted = tmp_path / "truth.csv", tmp_path / "predicted.csv"
    truth.write_text("start_frame,end_frame,type\n24,25,cut\n59,70,dissolve\n90,91,cut\n")
    predicted.write_text("out_frame,in_frame,kind\n24,25,cut\n60,69,wipe\n80,81,cut\n")
    result = in_process(["evaluate", predicted, truth])
    assert result.code == 0
    lines = result.output.splitlines()
    assert "  false cut at frames 80-81" in lines
    assert "  missed cut at frames 90-91" in lines
    assert "  dissolve taken for wipe at frames 60-69" in lines
    assert "tolerance 2: precision 0.667 recall 0.667 F1 0.667" in lines
    assert "frame-exact: precision 0.333 recall 0.333 F1 0.333" in lines


def test_the_same_for_programs(in_process: InProcess, tmp_path: Path) -> None:
    truth, predicted = tmp_path / "truth.csv", tmp_path / "predicted.csv"
    truth.write_text("start_frame,end_frame,type\n24,25,cut\n59,70,dissolve\n")
    predicted.write_text("out_frame,in_frame,kind\n24,25,cut\n")
    result = in_process(["evaluate", predicted, truth, "--json"])
    told = json.loads(result.output)
    assert told["tolerance"]["f1"] == pytest.approx(2 / 3, abs=1e-5)
    assert told["missed"] == [{"out_frame": 59, "in_frame": 70, "kind": "dissolve"}]


def test_mistakes_in_a_film_have_timecodes(
    in_process: InProcess, films: FilmShelf, found: tuple[Transition, ...], tmp_path: Path
) -> None:
    table = tmp_path / "truth.csv"
    table.write_text("out_frame,in_frame,type\n")
    lines = in_process(["evaluate", films("mp4").path, table]).output.splitlines()
    label = TimecodeRate(25).format
    for each in found:
        place = f"{label(each.in_frame)} (frames {each.out_frame}-{each.in_frame})"
        assert f"  false {each.kind} at {place}" in lines


def test_a_truth_longer_than_the_film_is_still_named(
    in_process: InProcess, films: FilmShelf, tmp_path: Path
) -> None:
    table = tmp_path / "truth.csv"
    table.write_text("out_frame,in_frame\n24,25\n500,501\n")
    result = in_process(["evaluate", films("mp4").path, table])
    assert result.code == 0
    assert "missed 1" in " ".join(result.output.split())


@pytest.mark.parametrize(
    "text", [None, "", "frame\n3\n", "out_frame,in_frame\nx,y\n", "out_frame,in_frame\n9,3\n"]
)
def test_a_truth_that_cannot_be_read_is_a_sentence(
    in_process: InProcess, films: FilmShelf, tmp_path: Path, text: str | None
) -> None:
    table = tmp_path / "truth.csv"
    if text is not None:
        table.write_text(text)
    result = in_process(["evaluate", films("mp4").path, table])
    assert result.code == 1
    (sentence,) = result.errors.splitlines()
    assert "truth.csv" in sentence
    assert sentence.endswith(".")


def test_a_film_that_cannot_be_read_is_a_sentence(in_process: InProcess, tmp_path: Path) -> None:
    table = tmp_path / "truth.csv"
    table.write_text("out_frame,in_frame\n24,25\n")
    result = in_process(["evaluate", tmp_path / "none.mp4", table])
    assert result.code == 1
    assert "There is no file" in result.said
