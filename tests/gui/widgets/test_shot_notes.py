"""What the shots panel asks for becomes steps of the document, which can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from seamline.project.edits import note_shots
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.types import Origin, Project, Seam, SeamKind, ShotColour
from seamline_app.document import Document
from seamline_app.jobs.analysis_events import OpenedFilm
from seamline_app.shot_notes import ShotNotes, copied
from seamline_widgets.shots_panel import ShotsPanel

SEAMS = (Seam(99, 100), Seam(199, 250, SeamKind.DISSOLVE, 0.6), Seam(699, 700), Seam(899, 900))
MakeProject = Callable[..., Project]


@pytest.fixture
def panel(qtbot: QtBot) -> ShotsPanel:
    widget = ShotsPanel()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def document(
    qtbot: QtBot, panel: ShotsPanel, make_project: MakeProject, tmp_path: Path
) -> Iterator[Document]:
    """A film of five shots, shown in the panel."""
    film = make_project(1000).film
    made = Document(OpenedFilm(film, np.zeros(1000, np.float32), SEAMS, 1000), tmp_path)
    made.changed.connect(lambda: panel.set_shots(made.project))
    panel.set_shots(made.project)
    ShotNotes(panel, lambda: made, made)
    yield made
    made.close()


def _select(panel: ShotsPanel, *numbers: int) -> None:
    panel.selection.select([number - 1 for number in numbers])


def test_a_colour_is_noted_and_undone(panel: ShotsPanel, document: Document) -> None:
    _select(panel, 2, 3)
    panel.set_colour(ShotColour.BLUE)
    shots = document.project.shots
    assert [document.project.note_of(shot).colour for shot in shots] == [None, "blue", "blue", None, None]
    assert document.undo_name == "Colour 2 shots"
    _select(panel, 3)
    panel.set_colour(None)
    assert document.project.note_of(document.project.shots[2]).colour is None
    document.undo()
    document.undo()
    assert document.project.notes == ()


def test_name_and_comment_are_noted(panel: ShotsPanel, document: Document) -> None:
    panel.noted.emit((3,), {"name": "Arrival"})
    assert document.undo_name == "Name shot 3"
    panel.noted.emit((3,), {"comment": "Soft"})
    note = document.project.note_of(document.project.shots[2])
    assert (note.name, note.comment) == ("Arrival", "Soft")
    assert panel.model.index(2, 2).data() == "Arrival"


def test_neighbours_are_joined_in_one_step(panel: ShotsPanel, document: Document) -> None:
    _select(panel, 1, 2, 4, 5)
    panel.join()
    assert [(shot.start_frame, shot.end_frame) for shot in document.project.shots] == [
        (0, 225),
        (225, 700),
        (700, 1000),
    ]
    assert document.undo_name == "Join 4 shots"
    document.undo()
    assert len(document.project.shots) == 5


def test_proposals_are_confirmed_in_one_step(panel: ShotsPanel, document: Document) -> None:
    _select(panel, 1, 2, 3)
    panel.confirm()
    origins = [seam.origin for seam in document.project.seams]
    assert origins == [Origin.USER, Origin.USER, Origin.ANALYSIS, Origin.ANALYSIS]
    assert document.undo_name == "Confirm 2 seams"
    _select(panel, 2, 3, 4)
    panel.confirm()
    assert document.undo_name == "Confirm cut"
    document.undo()
    document.undo()
    assert document.undo_name is None


def test_what_is_copied_is_no_formula_in_a_spreadsheet(panel: ShotsPanel, document: Document) -> None:
    panel.noted.emit((2,), {"name": "Arrival\tone"})
    panel.noted.emit((3,), {"name": '=HYPERLINK("http://example.org";"x")'})
    _select(panel, 2, 3)
    panel.copy()
    assert QGuiApplication.clipboard().text() == (
        "2\tArrival one\t01:00:04:00\t01:00:09:00\t00:00:05:00\n"
        '3\t\'=HYPERLINK("http://example.org";"x")\t01:00:09:00\t01:00:28:00\t00:00:19:00'
    )


def test_labels_are_noted_for_all_selected_in_one_step_and_undone(
    panel: ShotsPanel, document: Document
) -> None:
    _select(panel, 2, 3)
    panel.set_scale("MS")
    assert document.undo_name == "Scale of 2 shots"
    _select(panel, 3)
    panel.set_movement("pan-left")
    assert document.undo_name == "Movement of shot 3"
    notes = [document.project.note_of(shot) for shot in document.project.shots]
    assert [note.scale for note in notes] == [None, ShotScale.MS, ShotScale.MS, None, None]
    assert [note.movement for note in notes] == [None, None, Movement.PAN_LEFT, None, None]
    assert isinstance(notes[1].scale, ShotScale)
    assert not any(note.name or note.comment for note in notes)
    panel.set_scale("")
    assert document.project.note_of(document.project.shots[2]).scale is None
    assert document.project.note_of(document.project.shots[2]).movement is Movement.PAN_LEFT
    panel.clear_labels()
    assert document.undo_name == "Labels of shot 3"
    for _ in range(4):
        document.undo()
    assert document.project.notes == ()


def test_what_a_shot_has_already_is_no_step(panel: ShotsPanel, document: Document) -> None:
    _select(panel, 2)
    panel.set_scale("")
    panel.clear_labels()
    panel.set_colour(None)
    assert document.undo_name is None
    panel.set_scale("MS")
    panel.set_scale("MS")
    document.undo()
    assert document.undo_name is None
    _select(panel, 2, 3)
    panel.set_scale("MS")
    assert document.undo_name == "Scale of 2 shots"


def test_a_label_leaves_name_comment_and_colour(panel: ShotsPanel, document: Document) -> None:
    panel.noted.emit((2,), {"name": "Arrival", "comment": "Soft"})
    panel.noted.emit((2,), {"colour": ShotColour.RED})
    _select(panel, 2)
    panel.set_movement("push")
    note = document.project.note_of(document.project.shots[1])
    assert (note.name, note.comment, note.colour, note.movement) == ("Arrival", "Soft", "red", "push")


def test_labels_are_copied_in_words(panel: ShotsPanel, document: Document) -> None:
    project = document.project.with_labels(
        [ShotLabels(100, 225, Label(None, 0.2), Label(Movement.PUSH, 0.7))]
    )
    project = note_shots(project, project.shots[:1], scale=ShotScale.ECS).apply(project)
    assert copied(project.shots[:3], project) == (
        "1\t\t01:00:00:00\t01:00:04:00\t00:00:04:00\tExtreme close shot\t\n"
        "2\t\t01:00:04:00\t01:00:09:00\t00:00:05:00\tUnsure\tPush in\n"
        "3\t\t01:00:09:00\t01:00:28:00\t00:00:19:00\t\t"
    )
    assert copied(project.shots[2:3], project) == "3\t\t01:00:09:00\t01:00:28:00\t00:00:19:00"


@pytest.fixture
def refusing(
    qtbot: QtBot, panel: ShotsPanel, document: Document, make_project: MakeProject, tmp_path: Path
) -> Document:
    """The same film opened a second time, which can only be looked at; the panel is that window's."""
    opened = OpenedFilm(document.film, np.zeros(1000, np.float32), SEAMS, 1000)
    second = Document(opened, tmp_path)
    assert second.is_elsewhere
    notes = panel.findChild(ShotNotes) or next(iter(document.findChildren(ShotNotes)))
    notes.deleteLater()
    QApplication.sendPostedEvents(notes, QEvent.Type.DeferredDelete)
    ShotNotes(panel, lambda: second, second)
    panel.resize(640, 480)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    panel.view.setFocus()
    return second


def test_what_is_refused_is_not_lost(qtbot: QtBot, panel: ShotsPanel, refusing: Document) -> None:
    refused = QSignalSpy(refusing.refused)
    _select(panel, 2)
    panel.comment()
    field = panel.commenting.editor.field
    QTest.keyClicks(field, "Soft")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(field.hasFocus)
    assert (refused.count(), field.toPlainText()) == (1, "Soft")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.isHidden() or not field.isVisible()
    panel.rename()
    QTest.keyClicks(_name_field(), "Night")
    QTest.keyClick(_name_field(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: refused.count() == 2 and isinstance(QApplication.focusWidget(), QLineEdit))
    assert _name_field().text() == "Night"
    refusing.close()


def test_a_refused_label_opens_nothing(qtbot: QtBot, panel: ShotsPanel, refusing: Document) -> None:
    refused = QSignalSpy(refusing.refused)
    _select(panel, 2)
    with qtbot.captureExceptions() as errors:
        panel.set_scale("MS")
        panel.clear_labels()
        qtbot.wait(0)
    assert errors == []
    assert refused.count() == 1  # there is no label to clear
    assert not panel.commenting.editor.isVisible()
    assert panel.view.hasFocus()
    refusing.close()


def _name_field() -> QLineEdit:
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    return field


def test_without_a_film_nothing_happens(panel: ShotsPanel) -> None:
    ShotNotes(panel, lambda: None, panel)
    panel.noted.emit((1,), {"name": "A"})
    panel.set_scale("MS")
    panel.noted.emit((1,), {"movement": "push"})
    panel.join_wanted.emit((SEAMS[0].id,))
    panel.confirm_wanted.emit((SEAMS[0].id,))
