"""What editors write about shots: it stays with its shot, is a step like any other, and is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seamline.errors import ProjectError
from seamline.project.contents import check_room
from seamline.project.edit_records import MAX_STEPS, edit_of, most_chars, record_of
from seamline.project.edits import (
    AddSeam,
    ChangeKind,
    DeleteSeam,
    MoveSeam,
    SeamSteps,
    SetShotNotes,
    moved_together,
    note_shots,
)
from seamline.project.file import ProjectFile
from seamline.project.history import History
from seamline.project.notes import MAX_NOTES, Notes
from seamline.project.types import NO_NOTE, Origin, Project, Seam, SeamKind, ShotColour, ShotNote

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
    assert marked.note_of(shot) == ShotNote(32, "Door", "too dark", ShotColour.RED)
    plain = note_shots(marked, [shot], colour="", name="").apply(marked)
    assert plain.note_of(shot) == ShotNote(32, "", "too dark")
    assert note_shots(plain, [shot], comment="").apply(plain).notes == ()


def test_it_stays_with_the_shot_when_its_ends_move(project: MakeProject) -> None:
    film = named(project(100, cut(20), cut(50)), 2, "Door")
    for edit in (MoveSeam(cut(20), 29, 30), MoveSeam(cut(50), 39, 40), AddSeam(cut(44, Origin.USER))):
        film = edit.apply(film)
        assert film.shots[names(film).index("Door")].start_frame <= 32
    assert names(film) == ["", "Door", "", ""]
    other = film.with_proposals((cut(20), cut(50), cut(80)), 100)
    assert names(other)[1] == "Door"


def test_it_stays_with_the_shot_while_the_analysis_goes_on(project: MakeProject) -> None:
    begun = project(250_000).with_proposals([cut(100), cut(295)], 300)
    history = History(begun)
    history.do(note_shots(begun, begun.shots[1:2], name="Harbour"))
    history.do(note_shots(begun, begun.shots[2:], name="Quay"))
    ended = history.rebase(
        begun.with_proposals([cut(100), cut(295), *map(cut, range(300, 250_000, 50))], 250_000)
    )
    assert [
        (shot.start_frame, ended.note_of(shot).name) for shot in ended.shots if ended.note_of(shot).name
    ] == [
        (100, "Harbour"),
        (295, "Quay"),
    ]
    # and where it is found a little further on
    assert names(history.rebase(begun.with_proposals([cut(106), cut(297)], 300))) == ["", "Harbour", "Quay"]


def lettered(film: Project) -> Project:
    letters = (chr(ord("A") + at) for at in range(len(film.shots)))
    for shot, letter in zip(film.shots, letters, strict=True):
        film = note_shots(film, [shot], name=letter).apply(film)
    return film


@pytest.mark.parametrize("to", [83, 89, 94, 99, 101, 104, 106, 108])
def test_it_stays_with_the_shot_when_a_seam_is_moved_past_it(project: MakeProject, to: int) -> None:
    film = lettered(project(1000, cut(80), cut(100), cut(110)))
    history = History(film)
    moved = history.do(MoveSeam(cut(100), to - 1, to))
    assert names(moved) == ["A", "B", "C", "D"]
    assert [shot.start_frame for shot in moved.shots] == [0, 80, to, 110]
    # it is the same where the steps are done again, and when the seam comes back
    assert history.go_to(0).notes == film.notes
    assert history.redo().notes == moved.notes
    assert names(history.do(MoveSeam(moved.seams[1], 99, 100))) == ["A", "B", "C", "D"]


@pytest.mark.parametrize("by_frames", [-60, -15, 15, 60])
def test_it_stays_with_the_shot_when_many_seams_are_moved(project: MakeProject, by_frames: int) -> None:
    film = lettered(project(1000, cut(200), cut(203), cut(230)))
    assert names(moved_together(film, film.seams, by_frames).apply(film)) == ["A", "B", "C", "D"]


def test_it_stays_with_the_shot_that_a_cut_becomes_a_dissolve_of(project: MakeProject) -> None:
    film = lettered(project(1000, cut(100)))
    assert names(ChangeKind(cut(100), SeamKind.DISSOLVE, 98, 150).apply(film)) == ["A", "B"]
    assert names(ChangeKind(cut(100), SeamKind.DISSOLVE, 1, 101).apply(film)) == ["A", "B"]


def test_notes_that_a_seam_pushes_together_are_one_and_nothing_is_lost(project: MakeProject) -> None:
    film = project(1000, cut(100))
    film = SetShotNotes((ShotNote(90, "A", "a"), ShotNote(95, "B", "b"), ShotNote(120, "C")), "x").apply(film)
    moved = MoveSeam(cut(100), 49, 50).apply(film)
    assert moved.notes == (ShotNote(49, "A", "a\nb"), ShotNote(120, "C"))


def test_a_step_that_does_not_fit_leaves_the_notes_where_they_were(project: MakeProject) -> None:
    history = History(lettered(project(1000, cut(100), cut(200))))
    with pytest.raises(ProjectError):
        history.do(SeamSteps((MoveSeam(cut(100), 149, 150), MoveSeam(cut(200), 149, 150))))
    assert names(history.project) == ["A", "B", "C"]


def test_shots_without_notes_cost_nothing(project: MakeProject) -> None:
    film = project(100, cut(20), cut(50))
    assert film.notes_by_shot == {}
    assert all(film.note_of(shot) is NO_NOTE for shot in film.shots)
    noted = named(film, 2, "Door")
    assert noted.notes_by_shot == {2: ShotNote(32, "Door")}


def test_joined_comments_are_cut_to_what_one_note_holds(project: MakeProject) -> None:
    film = project(1000, cut(100))
    film = note_shots(film, film.shots[:1], comment="x" * 1500).apply(film)
    film = note_shots(film, film.shots[1:], comment="y" * 1500).apply(film)
    joined = DeleteSeam(cut(100)).apply(film)
    comment = joined.note_of(joined.shots[0]).comment
    assert (len(comment), comment[1499:1502], comment[-2:]) == (2000, "x\ny", "y…")
    edit = note_shots(joined, joined.shots, colour=ShotColour.RED)
    assert edit_of(json.loads(json.dumps(record_of(edit)))) == edit


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
        (ShotNote(3, "n" * 257), "name has at most 256 characters"),
        (ShotNote(3, "n\0"), "A shot's name cannot have a zero character"),
        (ShotNote(3, "\ud800"), "A shot's name cannot have"),
        (ShotNote(3, comment="c" * 2001), "comment has at most 2000 characters"),
        (ShotNote(3, comment="a\ud800b"), "A comment cannot have"),
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


def test_every_shot_of_a_long_film_can_be_coloured_many_times(project: MakeProject) -> None:
    film = project(260_000, *map(cut, range(50, 250_050, 50)))
    edit = note_shots(film, film.shots, colour=ShotColour.RED)
    check_room([edit] * 190)
    with pytest.raises(ProjectError, match="20000 steps"):
        check_room([edit] * 200)


def test_there_are_only_so_many_notes_at_a_time() -> None:
    notes = Notes(ShotNote(2 * frame, "x") for frame in range(MAX_NOTES))
    notes.change([ShotNote(0, "y"), ShotNote(2), ShotNote(1, "z")], 10**6)
    with pytest.raises(ProjectError, match="at most 50000"):
        notes.change([ShotNote(3, "y")], 10**6)
    assert [note.frame for note in notes.in_order[:3]] == [0, 1, 4]
