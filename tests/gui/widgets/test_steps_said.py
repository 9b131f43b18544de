"""What the list of steps says of notes and labels: which one, of which shot, and where that shot begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from seamline.project.edits import Edit, MoveSeam, note_shots
from seamline.project.labels import Movement, ShotScale
from seamline.project.types import Project, Seam
from seamline_app.document import Document
from seamline_app.steps import Steps
from seamline_widgets.step_list import StepList

MakeProject = Callable[..., Project]
SEAMS = [Seam(99, 100), Seam(199, 200)]


@dataclass
class _Open:
    project: Project
    steps: tuple[tuple[Edit, ...], int]


@pytest.fixture
def said(qtbot: QtBot, make_project: MakeProject) -> Callable[..., tuple[str, str]]:
    """What stands in the list for notes on the shots of these numbers: the words and the place."""
    view = StepList()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    plain = make_project(500, SEAMS)

    def say(*numbers: int, then: Edit | None = None, **what: Any) -> tuple[str, str]:
        edit = note_shots(plain, [plain.shots[number - 1] for number in numbers], **what)
        project = edit.apply(plain)
        project = project if then is None else then.apply(project)
        told: list[tuple[str, str]] = []
        view.set_steps = lambda steps, _: told.extend(steps)  # type: ignore[method-assign, assignment]
        open_ = _Open(project, ((edit,), 1))
        Steps(view, lambda: cast(Document, open_)).show()
        return told[0]

    return say


def test_a_label_is_named_and_its_shot_begins_where_it_begins(said: Callable[..., tuple[str, str]]) -> None:
    assert said(3, scale=ShotScale.CS) == ("Scale of shot 3: Close shot", "01:00:08:00")
    assert said(2, movement=Movement.PAN_LEFT) == ("Movement of shot 2: Pan left", "01:00:04:00")
    assert said(1, scale="") == ("Scale of shot 1: as the analysis has it", "01:00:00:00")


def test_of_several_shots_there_is_no_place(said: Callable[..., tuple[str, str]]) -> None:
    assert said(1, 3, scale=ShotScale.LS) == ("Scale of 2 shots: Long shot", "")


def test_other_notes_say_no_more_than_they_did(said: Callable[..., tuple[str, str]]) -> None:
    assert said(2, name="Arrival") == ("Name shot 2", "01:00:04:00")
    assert said(2, comment="Soft")[0] == "Comment on shot 2"
    assert said(2, scale="", movement="")[0] == "Labels of shot 2"


def test_the_place_goes_with_the_shot(said: Callable[..., tuple[str, str]]) -> None:
    moved = MoveSeam(SEAMS[1], 209, 210)
    assert said(3, scale=ShotScale.CS, then=moved)[1] == "01:00:08:10"
