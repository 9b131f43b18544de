"""What editors write about shots: it stays with its shot, is a step like any other, and is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seamline.errors import ProjectError
from seamline.project.edit_records import MAX_STEPS, edit_of, most_chars, record_of
from seamline.project.edits import AddSeam, DeleteSeam, MoveSeam, SetShotNotes, note_shots
from seamline.project.file import ProjectFile
from seamline.project.history import History
from seamline.project.types import Origin, Project, Seam, ShotColour, ShotNote

MakeProject = Callable[..., Project]
BAD_RECORD = (KeyError, TypeError, ValueError, OverflowError, ProjectError)


def cut(frame: int, origin: Origin = Origin.ANALYSIS) -> Seam:
    return Seam(frame - 1, frame, origin=origin)


def names(project: Project) -> list[str]:
    return [project.note_of(shot).name for shot in project.shots]


def named(project: Project, number: int, name: str) -> Project:
    return note_shots(project, [project.shots[number - 1]], name=name).apply(project)


def test_a_shot_has_the_note_that_was_made_on_it(project: MakeProject) -> None:
    before = project(100, cut(20), cut(50))
    after = named(before, 2, "Door")
    assert names(before) == ["", "", ""]
    assert names(after) == ["", "Door", ""]
    shot = after.shots[1]
    marked = note_shots(after, [shot], colour=ShotColour.RED, comment="too dark").apply(after)
    assert marked.note_of(shot) == ShotNote(35, "Door", "too dark", ShotColour.RED)
    plain = note_shots(marked, [shot], colour="", name="").apply(marked)
    assert plain.note_of(shot) == ShotNote(35, "", "too dark")
    assert note_shots(plain, [shot], comment="").apply(plain).notes == ()


def test_it_stays_with_the_shot_when_its_ends_move(project: MakeProject) -> None:
    film = named(project(100, cut(20), cut(50)), 2, "Door")
    for edit in (MoveSeam(cut(20), 29, 30), MoveSeam(cut(50), 39, 40), AddSeam(cut(44, Origin.USER))):
        film = edit.apply(film)
        assert film.shots[names(film).index("Door")].start_frame <= 35
    assert names(film) == ["", "Door", "", ""]
    other = film.with_proposals((cut(20), cut(50), cut(80)), 100)
    assert names(other)[1] == "Door"


def test_joined_shots_have_what_was_said_of_both(project: MakeProject) -> None:
    film = project(100, cut(20), cut(50))
    film = note_shots(film, film.shots[:1], name="Street", comment="wide").apply(film)
    film = note_shots(film, film.shots[1:2], name="Door", comment="close", colour=ShotColour.BLUE).apply(film)
    joined = DeleteSeam(cut(20)).apply(film)
    assert joined.note_of(joined.shots[0]) == ShotNote(10, "Street", "wide\nclose", ShotColour.BLUE)
    # what is written then is all that there is, also when they are parted again
    film = note_shots(joined, joined.shots[:1], comment="one take").apply(joined)
    assert film.note_of(film.shots[0]).comment == "one take"
    parted = AddSeam(cut(20, Origin.USER)).apply(film)
    assert [parted.note_of(shot).comment for shot in parted.shots] == ["one take", "", ""]


def test_many_shots_are_one_step(project: MakeProject) -> None:
    history = History(project(100, cut(20), cut(50)))
    history.do(note_shots(history.project, history.project.shots, colour=ShotColour.GREEN))
    assert history.undo_name == "Colour 3 shots"
    assert all(history.project.note_of(shot).colour is ShotColour.GREEN for shot in history.project.shots)
    assert history.undo().notes == ()
    assert len(history.redo().notes) == 3
    assert note_shots(history.project, history.project.shots[1:2], name="x").name == "Name shot 2"


def test_notes_are_stored(
    project: MakeProject, reopened: Callable[[Project, Path], ProjectFile], tmp_path: Path
) -> None:
    base = project(100, cut(20), cut(50))
    file = reopened(base, tmp_path)
    file.do(
        note_shots(
            file.project, file.project.shots[1:], name="Büro „Süd“ 🎬", comment="a\nb", colour=ShotColour.PINK
        )
    )
    file = reopened(base, tmp_path)
    assert file.damage is None
    assert names(file.project) == ["", "Büro „Süd“ 🎬", "Büro „Süd“ 🎬"]
    file.undo()
    assert reopened(base, tmp_path).project.notes == ()


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (ShotNote(3, "n" * 257), "name"),
        (ShotNote(3, "n\0"), "name"),
        (ShotNote(3, "\ud800"), "name"),
        (ShotNote(3, comment="c" * 2001), "comment"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_changes_nothing(
    project: MakeProject,
    reopened: Callable[[Project, Path], ProjectFile],
    tmp_path: Path,
    note: ShotNote,
    said: str,
) -> None:
    file = reopened(project(100, cut(20)), tmp_path)
    with pytest.raises(ProjectError, match=said):
        file.do(SetShotNotes((note,), "Name shot 1"))
    assert file.project.notes == ()
    assert reopened(project(100, cut(20)), tmp_path).project.notes == ()


@pytest.mark.parametrize("frame", [-1, 100])
def test_a_note_lies_within_the_film(project: MakeProject, frame: int) -> None:
    with pytest.raises(ProjectError, match="100 frames"):
        SetShotNotes((ShotNote(frame, "x"),), "x").apply(project(100))


def test_a_record_of_the_most_notes_is_short_enough() -> None:
    most = SetShotNotes(
        tuple(ShotNote(10**7 + n, "Name", "c" * 100, ShotColour.VIOLET) for n in range(MAX_STEPS)), "x"
    )
    text = json.dumps(record_of(most))
    assert len(text) < most_chars(text)
    assert edit_of(json.loads(text)) == most
    with pytest.raises(ProjectError, match="at most"):
        record_of(SetShotNotes((*most.notes, ShotNote(1, "x")), "x"))
    with pytest.raises(ProjectError, match="too much"):
        record_of(SetShotNotes(tuple(ShotNote(n, comment="é" * 1500) for n in range(1000)), "x"))


@pytest.mark.parametrize(
    "notes",
    [
        None, {}, [5], [None], [{}], [{"frame": 1.5, "name": "", "comment": "", "colour": None}],
        [{"frame": 1, "name": None, "comment": "", "colour": None}],
        [{"frame": 1, "name": "", "comment": "", "colour": "beige"}],
        [{"frame": 1, "name": "", "comment": "c" * 2001, "colour": None}],
        [{"frame": 1, "name": "", "comment": "", "colour": None}] * (MAX_STEPS + 1),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_not_read(notes: Any) -> None:
    with pytest.raises(BAD_RECORD):
        edit_of({"do": "SetShotNotes", "name": "x", "notes": notes})
