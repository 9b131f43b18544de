"""Many seams of a list as one step: all or nothing, undone at once, stored, and read back only if it makes sense."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seamline.errors import ProjectError
from seamline.project.contents import BAD_RECORD
from seamline.project.edit_records import MAX_STEPS, edit_of, most_chars, record_of
from seamline.project.edits import (
    AddSeam,
    ConfirmSeam,
    DeleteSeam,
    Edit,
    MoveSeam,
    SeamSteps,
    SetFilmDetails,
    SetShotNotes,
)
from seamline.project.file import ProjectFile
from seamline.project.history import History
from seamline.project.types import Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]


def cut(frame: int) -> Seam:
    return Seam(frame - 1, frame)


def mine(frame: int) -> Seam:
    return Seam(frame - 1, frame, origin=Origin.USER)


def frames(project: Project) -> list[int]:
    return [seam.in_frame for seam in project.seams]


ALL = SeamSteps((
    ConfirmSeam(cut(20)), MoveSeam(cut(50), 52, 53), AddSeam(mine(70)), DeleteSeam(cut(90)),
    AddSeam(Seam(30, 40, SeamKind.DISSOLVE, origin=Origin.USER)),
))  # fmt: skip


def test_one_step_does_and_undoes_it_all(project: MakeProject) -> None:
    base = project(100, cut(20), cut(50), cut(90))
    history = History(base)
    assert frames(history.do(ALL)) == [20, 40, 53, 70]
    assert history.undo_name == "Import cut list"
    assert history.undo() == base
    assert frames(history.redo()) == [20, 40, 53, 70]
    assert frames(history.do(DeleteSeam(history.project.seams[-1]))) == [20, 40, 53]
    assert frames(history.undo()) == [20, 40, 53, 70]


def test_where_one_part_does_not_fit_nothing_is_done(project: MakeProject) -> None:
    history = History(project(100, cut(20), cut(50)))
    before = history.do(AddSeam(mine(70)))
    with pytest.raises(ProjectError):
        history.do(SeamSteps((ConfirmSeam(cut(20)), AddSeam(mine(70)))))
    assert history.project == before
    assert len(history.edits) == 1
    # so it is where steps are read back
    stored: list[Edit] = [AddSeam(mine(70)), SeamSteps((MoveSeam(cut(50), 52, 53), AddSeam(mine(70))))]
    assert history.load(stored, 2) == 1
    assert frames(history.project) == [20, 50, 70]


def test_it_is_stored_and_found_again(
    project: MakeProject, reopened: Callable[[Project, Path], ProjectFile], tmp_path: Path
) -> None:
    base = project(20_000, *(cut(frame) for frame in range(10, 9000, 10)))
    many = SeamSteps(tuple(AddSeam(mine(frame)) for frame in range(10_005, 19_000, 5)))
    file = reopened(base, tmp_path)
    file.do(AddSeam(mine(9500)))
    file.do(many)
    seams = file.project.seams
    assert len(seams) == 899 + 1 + len(many.steps)
    file = reopened(base, tmp_path)
    assert file.damage is None
    assert file.project.seams == seams
    file.undo()
    assert len(reopened(base, tmp_path).project.seams) == 900


def test_a_record_says_all_and_is_short_enough() -> None:
    assert edit_of(json.loads(json.dumps(record_of(ALL)))) == ALL
    most = SeamSteps(tuple(MoveSeam(mine(9_999_000 + n), n, n + 1) for n in range(MAX_STEPS)))
    text = json.dumps(record_of(most))
    assert len(text) < most_chars(text)
    with pytest.raises(ProjectError, match="at most"):
        record_of(SeamSteps((*most.steps, AddSeam(mine(1)))))


def test_imports_of_the_first_version_are_read() -> None:
    step = AddSeam(mine(3))
    old = {"do": "ImportSeams", "steps": [record_of(step)]}
    assert edit_of(old) == SeamSteps((step,), "Import cut list")
    text = json.dumps({**old, "steps": old["steps"] * 100})  # type: ignore[operator]
    assert len(text) < most_chars(text)


@pytest.mark.parametrize(
    "steps",
    [
        None, {}, "AddSeam", [5], [None], [{}], [{"do": "SeamSteps", "steps": []}],
        [record_of(SetFilmDetails(None, None))], [{"do": "AddSeam", "seam": {"out_frame": -1}}],
        [record_of(AddSeam(mine(3)))] * (MAX_STEPS + 1),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(steps: Any) -> None:
    with pytest.raises(BAD_RECORD):
        edit_of({"do": "SeamSteps", "steps": steps})


@pytest.mark.parametrize(
    "name", ["", "two\nlines", "a\tb", "a\0", "turned \u202e about", "\u2067", "n" * 257, 7, None]
)
def test_a_name_that_spoils_menus_is_neither_read_nor_written(name: Any) -> None:
    with pytest.raises(BAD_RECORD):
        edit_of({"do": "SeamSteps", "name": name, "steps": []})
    with pytest.raises(BAD_RECORD):
        edit_of({"do": "SetShotNotes", "name": name, "notes": []})
    if isinstance(name, str):
        for edit in (SeamSteps((), name), SetShotNotes((), name)):
            with pytest.raises(ProjectError, match="one line"):
                record_of(edit)


def test_names_of_any_language_are_read() -> None:
    name = "Join « shots » – 東京 שלום 👩‍👧"
    assert edit_of(record_of(SeamSteps((), name))) == SeamSteps((), name)


def test_what_is_too_long_to_be_read_back_is_not_written(
    project: MakeProject, reopened: Callable[[Project, Path], ProjectFile], tmp_path: Path
) -> None:
    file = reopened(project(100_000), tmp_path)
    named = [
        Seam(frame - 1, frame, origin=Origin.USER, id=f"{frame}" + "é" * 250)
        for frame in range(10, 70_000, 10)
    ]
    with pytest.raises(ProjectError, match="too long"):
        file.do(SeamSteps(tuple(map(AddSeam, named))))
    file.do(SeamSteps(tuple(map(AddSeam, named[:100]))))
    file = reopened(project(100_000), tmp_path)
    assert file.damage is None
    assert len(file.project.seams) == 100
