"""Labels of shots on the command line: looked at where that is asked for, and used wherever they are known."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.motion_stage import MotionStage
from seamline.analysis.videomae_labels import KeptProbabilities, ShotProbabilities
from seamline.errors import ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.project.edits import note_shots
from seamline.project.footage import ShotFootage
from seamline.project.journal import Journal
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.types import Project
from seamline_app.commands import grouped
from seamline_app.folders import Folders

if TYPE_CHECKING:
    from films import FilmShelf

InProcess = Callable[[Sequence[object]], Any]


@pytest.fixture(autouse=True)
def _motion_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The camera's movement alone: that needs no network."""
    monkeypatch.setattr("seamline_app.commands.analyze.label_stages", lambda film: (MotionStage(),))


@pytest.fixture
def film(films: FilmShelf, tmp_path: Path) -> Path:
    """Cut at 25 and 60; the camera stands still."""
    return Path(shutil.copy(films("mp4").path, tmp_path / "film.mp4"))


def shots(result: Any) -> list[dict[str, Any]]:
    assert result.code == 0, result.errors
    return list(json.loads(result.output)["shots"])


def movements(result: Any) -> list[str | None]:
    said = [shot.get("labels", {}).get("movement") for shot in shots(result)]
    return [None if movement is None else movement["value"] for movement in said]


def test_shots_are_labelled_where_that_is_asked_for(
    in_process: InProcess, film: Path, tmp_path: Path
) -> None:
    before = in_process(["export", film, "--to", "json", "-o", "-"])
    assert movements(before) == [None] * 3
    labelled = in_process(["export", film, "--to", "json", "-o", "-", "--labels"])
    assert len(movements(labelled)) == 3
    assert any("labels" in shot for shot in shots(labelled))
    # what was looked at once is known from then on
    assert movements(in_process(["export", film, "--to", "json", "-o", "-"])) == movements(labelled)
    table = tmp_path / "shots.csv"
    assert in_process(["analyze", film, "--labels", "--csv", table]).code == 0
    with table.open(newline="", encoding="utf-8") as file:
        assert "movement" in (csv.DictReader(file).fieldnames or ())


def test_the_editors_labels_are_in_every_list(in_process: InProcess, film: Path) -> None:
    opened = open_film(film)
    in_process(["export", film, "--to", "csv", "-o", "-"])
    base = Project(opened)
    journal = Journal(base, Folders.of_this_system().edits)
    journal.do(note_shots(journal.project, journal.project.shots, scale=ShotScale.FS))
    journal.close()
    said = [
        shot["labels"]["scale"] for shot in shots(in_process(["export", film, "--to", "json", "-o", "-"]))[:1]
    ]
    assert [(scale["value"], scale["origin"]) for scale in said] == [("FS", "editor")]


def test_what_the_window_knew_is_not_lost(in_process: InProcess, film: Path) -> None:
    opened = open_film(film)
    starts = [0, 25, 60, opened.frame_count]
    base = Project(opened)
    journal = Journal(base, Folders.of_this_system().edits)
    journal.do(note_shots(base, base.shots, name="All of it"))
    labels = [
        ShotLabels(start, end, Label(ShotScale.CS, 0.75), Label(Movement.ROLL, 0.5))
        for start, end in pairwise(starts)
    ]
    journal.remember((), opened.frame_count, tuple(labels))
    journal.close()
    result = in_process(["export", film, "--to", "json", "-o", "-", "--labels"])
    said = shots(result)
    assert [shot["labels"]["scale"]["value"] for shot in said] == ["CS"] * 3
    assert movements(result) != ["roll"] * 3  # that was looked at again


def test_what_the_label_network_said_in_the_window_counts(
    in_process: InProcess, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seamline_app.commands.corrections.installed_key", lambda: "paper")
    opened: Film = open_film(film)
    kept = KeptProbabilities(AnalysisCache().film_folder(opened.fingerprint), "paper")
    still = np.eye(4, dtype=np.float32)[0]
    for frames in ((0, 25), (25, 60), (60, opened.frame_count)):
        kept.put(frames, ShotProbabilities(np.eye(5, dtype=np.float32)[2], still))
    kept.save()
    said = shots(in_process(["export", film, "--to", "json", "-o", "-", "--labels"]))
    assert [shot["labels"]["scale"]["value"] for shot in said] == ["MS"] * 3


def test_shots_are_grouped_where_that_is_asked_for_and_kept(
    in_process: InProcess, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[tuple[int, int]]] = []

    def film_footage(film: Film, shots: list[tuple[int, int]], *_: object, **__: object) -> Any:
        asked.append(shots)
        return tuple(ShotFootage(start, end, 1 + at % 2, 1) for at, (start, end) in enumerate(shots))

    monkeypatch.setattr(grouped, "film_footage", film_footage)
    monkeypatch.setattr(grouped, "kept_film_footage", lambda *_: ())
    plain = shots(in_process(["export", film, "--to", "json", "-o", "-"]))
    assert asked == []
    assert not any("footage" in shot for shot in plain)
    table = in_process(["export", film, "--to", "csv", "-o", "-", "--labels"])
    assert asked == [[(0, 25), (25, 60), (60, 100)]]
    rows = list(csv.DictReader(table.output.splitlines()))
    assert [row["setup"] for row in rows] == ["1B", "1A"]


def test_without_the_network_the_list_is_written_without_groups(
    in_process: InProcess, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(**_: object) -> None:
        raise ModelError("The network is not installed: run this.")

    monkeypatch.setattr(grouped, "open_efficientnet", missing)
    result = in_process(["export", film, "--to", "json", "-o", "-", "--labels"])
    said = shots(result)
    assert len(said) == 3
    assert not any("footage" in shot for shot in said)
    assert "told as far as it is known. The network is not installed: run this." in result.errors


def test_what_the_film_shows_groups_its_shots_without_a_decode(
    in_process: InProcess, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        grouped,
        "kept_film_footage",
        lambda ranges, *_: tuple(ShotFootage(start, end, 1, 1) for start, end in ranges),
    )
    said = shots(in_process(["export", film, "--to", "json", "-o", "-"]))
    assert [shot["footage"]["setup"] for shot in said] == ["1A"] * 3
