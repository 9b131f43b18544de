"""`seamline evaluate FILM TRUTH.csv`: what the metrics say, of what `analyze` finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seamline.evaluation.metrics import evaluate
from seamline.exchange.csv_list import Transition

if TYPE_CHECKING:
    from conftest import Result
    from films import FilmShelf

InProcess = Callable[[Sequence[object]], "Result"]
FOUND = [Transition(24, 25, "cut"), Transition(59, 60, "cut")]


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
    in_process: InProcess, films: FilmShelf, tmp_path: Path, truth: list[tuple[int, int]], tolerance: int
) -> None:
    table = tmp_path / "truth.csv"
    rows = [f"{a},{b},{'cut' if b == a + 1 else 'dissolve'}" for a, b in truth]
    table.write_text("\n".join(["out_frame,in_frame,type", *rows]) + "\n")
    result = in_process(["evaluate", films("mp4").path, table, "--tolerance", tolerance])
    transitions = [Transition(a, b, "cut" if b == a + 1 else "dissolve") for a, b in truth]
    expected = evaluate(transitions, FOUND, tolerance_frames=tolerance)
    assert result.code == 0
    line = next(each for each in result.output.splitlines() if each.startswith("tolerance"))
    assert line == (
        f"tolerance {tolerance}: precision {expected.precision:.3f} recall {expected.recall:.3f} F1 {expected.f1:.3f}"
    )
    exact = evaluate(transitions, FOUND, tolerance_frames=0)
    if tolerance:
        assert f"frame-exact: precision {exact.precision:.3f} recall {exact.recall:.3f}" in result.output


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
