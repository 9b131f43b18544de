"""Labels held against a list, with an analysis of paper: what is counted where, and what is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seamline.analysis.pipeline import StageFailure
from seamline.errors import ModelError
from seamline.evaluation import label_agreement
from seamline.evaluation.label_agreement import label_shots, main
from seamline.evaluation.label_comparison import compare_movements, compare_scales, published
from seamline.evaluation.real_shots import RealShot
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.project.labels import Label, Movement, PublishedMovement, ShotLabels, ShotScale

if TYPE_CHECKING:
    from films import FilmShelf

LIST = """clip,first_frame,last_frame,scale,movement,doubt,scale_2,movement_2,caption
film.mp4,0,24,CS,static,0,,,a face
film.mp4,25,59,FS,pan-left,1,MS,tilt-up,a dancer
film.mp4,60,99,,,0,,,the end
lost.mp4,0,9,LS,static,0,,,a hill
"""

SAID = {
    0: (Label(ShotScale.MS, 0.6), Label(Movement.STATIC, 0.9)),
    25: (Label(ShotScale.MS, 0.7), Label(Movement.PAN_RIGHT, 0.8)),
    60: (Label(ShotScale.LS, 0.5), None),
}


def paper(film: Film, shots: Sequence[RealShot]) -> list[ShotLabels]:
    """Labels without a look at the film."""
    assert film.frame_count == 100
    return [ShotLabels(shot.start_frame, shot.end_frame, *SAID[shot.start_frame]) for shot in shots]


@pytest.fixture
def folder(films: FilmShelf, tmp_path: Path) -> Path:
    """A folder with one of the list's two clips, and the list."""
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "film.mp4").hardlink_to(films("mp4").path)
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    return tmp_path


def run(folder: Path, *more: str) -> int:
    return main([str(folder), "--list", str(folder / "list.csv"), *more], labeller=paper)


def test_the_report_word_by_word(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder) == 0
    head, scale, movement, four, scales_told, movements_told = capsys.readouterr().out.strip().split("\n\n")
    assert head == "3 shots of 1 clips; not found: lost.mp4"
    assert scale.splitlines() == [
        "Scale: 2 shots, coverage 1.000",
        "  strict: accuracy 0.000, within one class 1.000, macro-F1 0.000",
        "  lenient: accuracy 0.500, within one class 1.000, macro-F1 0.333",
        "truth         CS    MS    FS unsure  precision recall    F1",
        "CS             0     1     0      0      0.000  0.000 0.000",
        "MS             0     0     0      0      0.000  0.000 0.000",
        "FS             0     1     0      0      0.000  0.000 0.000",
    ]
    assert movement.splitlines()[:3] == [
        "Movement: 2 shots, coverage 1.000",
        "  strict: accuracy 0.500, macro-F1 0.500",
        "  lenient: accuracy 0.500, macro-F1 0.500",
    ]
    # a pan to the other side is still motion
    assert four.splitlines()[1] == "  strict: accuracy 1.000, macro-F1 1.000"
    assert scales_told.splitlines()[1:] == [
        "  film.mp4 0-24: said MS (0.60), truth CS",
        "  film.mp4 25-59: said MS (0.70), truth FS or MS",
    ]
    assert movements_told.splitlines()[1:] == [
        "  film.mp4 25-59: said pan-right (0.80), truth pan-left or tilt-up"
    ]


def test_the_figures_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["clips"], told["missing_clips"]) == (1, ["lost.mp4"])
    assert told["scale"]["strict"]["accuracy"] == 0
    assert told["scale"]["lenient"]["within_one"] == 1
    assert told["published_movement"]["strict"]["f1"]["Motion"] == 1
    assert told["movement"]["disagreements"] == [
        {
            "clip": "film.mp4",
            "first_frame": 25,
            "last_frame": 59,
            "said": "pan-right",
            "truth": ["pan-left", "tilt-up"],
            "confidence": 0.8,
        }
    ]


def test_a_list_for_another_film_of_the_name_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "list.csv").write_text(LIST.replace("60,99", "60,100"), encoding="utf-8")
    assert run(folder) == 1
    assert "names frame 100 of “film.mp4”" in capsys.readouterr().err


def test_without_any_clip_there_is_nothing_to_compare(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "clips" / "film.mp4").unlink()
    assert run(folder) == 1
    assert "None of the clips" in capsys.readouterr().err


def test_a_stage_that_stops_is_told_of_and_its_labels_are_not_known(
    films: FilmShelf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = ShotLabels(60, 100, movement=Label(Movement.PUSH))

    def stop(*_: object, **__: object) -> list[StageFailure]:
        return [StageFailure("figures", ModelError("The figures are not installed."))]

    class KnowsOne:
        def __init__(self, signals: object, rate: object) -> None:
            pass

        def labels(self, ranges: object) -> tuple[ShotLabels, ...]:
            assert ranges == [(0, 25), (60, 100)]
            return (known,)

    for name, fake in (("run_stages", stop), ("Labeller", KnowsOne)):
        monkeypatch.setattr(label_agreement, name, fake)
    monkeypatch.setattr(label_agreement, "label_stages", lambda film: ())
    film = open_film(films("mp4").path)
    shots = [RealShot("film.mp4", 0, 25), RealShot("film.mp4", 60, 100)]
    assert label_shots(film, shots) == [ShotLabels(0, 25), known]
    assert capsys.readouterr().err == f"{film.path.name}: The figures are not installed.\n"


def test_where_nothing_was_said_there_is_no_table() -> None:
    shot = RealShot("a", 0, 10, ShotScale.CS, Movement.PUSH)
    told = compare_scales([(shot, ShotLabels(0, 10))]).report()
    assert told == "Scale: 1 shots, coverage 0.000: nothing was said"


def test_unsure_and_not_known_are_not_covered_and_no_disagreement() -> None:
    shots = [
        RealShot("a", 0, 10, ShotScale.CS, Movement.PUSH),
        RealShot("a", 10, 20, ShotScale.LS, Movement.PULL),
        RealShot("a", 20, 30, ShotScale.LS, Movement.ROLL, movement_too=Movement.PULL),
    ]
    labelled = [
        (shots[0], ShotLabels(0, 10, Label(None, 0.3), None)),
        (shots[1], ShotLabels(10, 20, None, Label(Movement.PULL))),
        (shots[2], ShotLabels(20, 30, Label(ShotScale.LS), Label(Movement.PULL))),
    ]
    scales, movements = compare_scales(labelled), compare_movements(labelled)
    assert scales.said == [None, None, ShotScale.LS]
    assert scales.disagreements == ()
    assert scales.disagreements_report() == ""
    assert scales.figures()["coverage"] == pytest.approx(1 / 3)
    assert movements.truth(lenient=False) == [Movement.PUSH, Movement.PULL, Movement.ROLL]
    assert movements.truth(lenient=True) == [Movement.PUSH, Movement.PULL, Movement.PULL]
    four = published(movements)
    assert four.answers[2].truth == (PublishedMovement.MOTION, PublishedMovement.PULL)
    assert four.said == [None, PublishedMovement.PULL, PublishedMovement.PULL]
