"""Labels of shots: the analysis proposes them, the editor's word stays whatever is analysed anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edited import changed

from seamline.errors import ProjectError
from seamline.project.edit_records import edit_of, record_of
from seamline.project.edits import AddSeam, DeleteSeam, MoveSeam, note_shots
from seamline.project.file import ProjectFile
from seamline.project.labels import Label, Movement, PublishedMovement, ShotLabels, ShotScale, merged_labels
from seamline.project.types import Origin, Project, Seam

MakeProject = Callable[..., Project]
Reopened = Callable[[Project, Path], ProjectFile]
MS = Label(ShotScale.MS, 0.8)
STATIC = Label(Movement.STATIC, 0.9)


def cut(frame: int) -> Seam:
    return Seam(frame - 1, frame, origin=Origin.ANALYSIS)


def said(project: Project) -> list[tuple[object, object]]:
    """What the shots are labelled with, by whomever."""
    return [
        (labels.scale and labels.scale.value, labels.movement and labels.movement.value)
        for labels in map(project.labels_of, project.shots)
    ]


def test_a_proposal_counts_for_its_shot_to_the_frame(project: MakeProject) -> None:
    film = project(100, cut(20), cut(50)).with_labels([
        ShotLabels(0, 20, MS, STATIC), ShotLabels(20, 49, MS), ShotLabels(50, 100, Label(None, 0.2)),
    ])  # fmt: skip
    assert said(film) == [("MS", "static"), (None, None), (None, None)]
    first, second, third = map(film.labels_of, film.shots)
    assert (first.scale, second.scale) == (MS, None)  # not labelled is not the same as unsure
    assert third.scale is not None
    assert third.scale.value is None


def test_the_editors_word_is_before_all_that_the_analysis_says(project: MakeProject) -> None:
    film = project(100, cut(20), cut(50)).with_labels([ShotLabels(20, 50, MS, STATIC)])
    shot = film.shots[1]
    mine = note_shots(film, [shot], scale=ShotScale.CS).apply(film)
    labels = mine.labels_of(shot)
    assert labels.scale == Label(ShotScale.CS, 1.0, is_user=True)
    assert labels.movement == STATIC
    again = mine.with_labels([ShotLabels(20, 50, Label(ShotScale.LS, 1.0), STATIC)])
    assert again.labels_of(shot).scale == labels.scale
    freed = note_shots(again, [shot], scale="").apply(again)
    assert freed.labels_of(shot).scale == Label(ShotScale.LS, 1.0)
    assert freed.notes == ()


def test_it_goes_with_its_shot_and_other_notes_stay(project: MakeProject) -> None:
    film = project(100, cut(20), cut(50))
    film = note_shots(film, [film.shots[1]], name="Door", scale=ShotScale.FS).apply(film)
    film = note_shots(film, [film.shots[1]], movement=Movement.PUSH).apply(film)
    moved = MoveSeam(film.seams[0], 39, 40).apply(film)
    assert said(moved) == [(None, None), ("FS", "push"), (None, None)]
    assert moved.note_of(moved.shots[1]).name == "Door"
    parted = AddSeam(Seam(44, 45)).apply(moved)
    assert said(parted) == [(None, None), ("FS", "push"), (None, None), (None, None)]


def test_joined_shots_keep_what_they_agree_about(project: MakeProject) -> None:
    film = project(100, cut(20), cut(50))
    for number, scale in ((1, ShotScale.CS), (2, ShotScale.LS)):
        film = note_shots(film, [film.shots[number - 1]], scale=scale, movement=Movement.PULL).apply(film)
    film = film.with_labels([ShotLabels(0, 50, MS)])
    joined = DeleteSeam(film.seams[0]).apply(film)
    assert said(joined) == [("MS", "pull"), (None, None)]  # nobody said what both are


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ({"scale": ShotScale.CS}, "Scale of shot 2"),
        ({"movement": ""}, "Movement of shot 2"),
        ({"scale": "", "movement": ""}, "Labels of shot 2"),
    ],
)
def test_a_step_says_what_it_is_about(project: MakeProject, what: dict[str, Any], name: str) -> None:
    film = project(100, cut(20))
    assert note_shots(film, [film.shots[1]], **what).name == name


def test_steps_are_stored_and_read_back_and_checked(project: MakeProject) -> None:
    film = project(100, cut(20))
    edit = note_shots(film, film.shots, scale=ShotScale.ECS, movement=Movement.TILT_UP)
    record = json.loads(json.dumps(record_of(edit)))
    assert edit_of(record) == edit
    old = json.loads(json.dumps(record))
    for note in old["notes"]:
        del note["scale"], note["movement"]
    assert all(note.scale is None for note in edit_of(old).notes)  # type: ignore[attr-defined]
    record["notes"][0]["scale"] = "HUGE"
    with pytest.raises(ValueError, match="HUGE"):
        edit_of(record)


def test_what_the_analysis_says_is_kept_in_the_project(
    project: MakeProject, tmp_path: Path, reopened: Reopened
) -> None:
    base = project(100, cut(20), cut(50))
    labels = (
        ShotLabels(0, 20, MS, STATIC),
        ShotLabels(20, 50, Label(None, 0.25), None),
        ShotLabels(50, 100, None, Label(Movement.ROLL, 0.5)),
    )
    path = tmp_path / "film.seamline"
    journal = reopened(base, tmp_path / "own")
    journal.do(AddSeam(Seam(70, 71)))
    journal.remember(base.proposals, 100, labels)
    journal.save_as(path)
    assert reopened(base, path).last_labels == labels


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE labels SET scale = 'HUGE'",
        "UPDATE labels SET scale_confidence = 7",
        "UPDATE labels SET scale_confidence = 'x'",
        "UPDATE labels SET end_frame = -1",
    ],
)
def test_damaged_labels_are_said_and_the_rest_opens(
    project: MakeProject, tmp_path: Path, reopened: Reopened, damage: str
) -> None:
    base = project(100, cut(20))
    path = tmp_path / "film.seamline"
    journal = reopened(base, tmp_path / "own")
    journal.do(AddSeam(Seam(70, 71)))
    journal.remember(base.proposals, 100, (ShotLabels(0, 20, MS, STATIC),))
    journal.save_as(path)
    journal.close()
    changed(path, damage)
    back = reopened(base, path)
    assert back.last_labels == ()
    assert len(back.project.seams) == 2
    assert back.damage is not None
    assert "labels of shots" in back.damage


def test_of_labels_over_each_other_the_first_is_read(
    project: MakeProject, tmp_path: Path, reopened: Reopened
) -> None:
    base = project(100, cut(20))
    path = tmp_path / "film.seamline"
    journal = reopened(base, tmp_path / "own")
    journal.do(AddSeam(Seam(70, 71)))
    journal.remember(base.proposals, 100, (ShotLabels(0, 20, MS), ShotLabels(10, 30, MS), ShotLabels(30, 40)))
    journal.save_as(path)
    journal.close()
    back = reopened(base, path)
    assert [labels.range for labels in back.last_labels] == [(0, 20), (30, 40)]
    assert back.damage is None


def test_what_was_not_looked_at_leaves_what_was_said_before() -> None:
    unsure: Label[ShotScale] = Label(None, 0.3)
    before = (ShotLabels(0, 20, MS, STATIC), ShotLabels(20, 50, MS), ShotLabels(50, 99, MS))
    now = (ShotLabels(0, 20, unsure), ShotLabels(20, 55, MS), ShotLabels(50, 100, None, STATIC))
    assert merged_labels([(0, 20), (20, 50), (50, 100), (100, 120)], before, now) == (
        ShotLabels(0, 20, unsure, STATIC),
        ShotLabels(20, 50, MS),
        ShotLabels(50, 100, None, STATIC),
    )


def test_the_published_classes() -> None:
    assert {movement: movement.published for movement in Movement} == {
        **dict.fromkeys(Movement, PublishedMovement.MOTION),
        Movement.STATIC: PublishedMovement.STATIC,
        Movement.PUSH: PublishedMovement.PUSH,
        Movement.PULL: PublishedMovement.PULL,
    }


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_what_cannot_be_is_refused(confidence: float) -> None:
    with pytest.raises(ProjectError, match="confidence"):
        Label(ShotScale.MS, confidence)
    with pytest.raises(ProjectError, match="start < end"):
        ShotLabels(5, 5)
