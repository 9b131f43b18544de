"""The shot list: what the columns say, what changes when the project does, pictures, and the mouse."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from seamline.project.edits import AddSeam, ConfirmSeam, DeleteSeam, MoveSeam
from seamline.project.types import Origin, Project, Seam, SeamKind
from seamline_resources import palette
from seamline_widgets.shot_list import ShotListView
from seamline_widgets.shot_model import Column, ShotModel, length_text

LEFT = Qt.MouseButton.LeftButton
MakeProject = Callable[..., Project]
MakeImage = Callable[..., QImage]
SEAMS = [Seam(99, 100, confidence=0.87), Seam(199, 250, SeamKind.DISSOLVE, 0.6), Seam(699, 700)]


@pytest.fixture
def view(qtbot: QtBot) -> ShotListView:
    widget = ShotListView()
    qtbot.addWidget(widget)
    widget.resize(600, 300)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _row(view: ShotListView, row: int) -> list[str]:
    model = view.model()
    return [str(model.index(row, column).data()) for column in Column if column is not Column.THUMBNAIL]


def _click(view: ShotListView, qtbot: QtBot, row: int, *, double: bool = False) -> None:
    at = view.visualRect(view.model().index(row, Column.START)).center()
    QTest.mouseClick(view.viewport(), LEFT, pos=at)
    if double:
        QTest.mouseDClick(view.viewport(), LEFT, pos=at)


def test_rows_say_what_an_editor_reads(view: ShotListView, make_project: MakeProject) -> None:
    view.set_shots(make_project(1000, SEAMS))
    assert _row(view, 0) == ["1", "01:00:00:00", "01:00:04:00", "4:00", "Start of film"]
    assert _row(view, 1) == ["2", "01:00:04:00", "01:00:09:00", "5:00", "Cut  87%"]
    assert _row(view, 2)[-1] == "Dissolve  60%"
    assert _row(view, 3)[1:4] == ["01:00:28:00", "01:00:40:00", "12:00"]


def test_a_confirmed_seam_has_a_tick_and_a_moved_one_is_the_users(
    view: ShotListView, make_project: MakeProject
) -> None:
    project = ConfirmSeam(SEAMS[1]).apply(make_project(1000, SEAMS))
    view.set_shots(MoveSeam(SEAMS[0], 103, 104).apply(project))
    assert _row(view, 1)[-1] == "Cut  by you"
    assert _row(view, 2)[-1] == "Dissolve  ✓"
    spoken = view.model().index(2, Column.SEAM).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Dissolve  confirmed"


@pytest.mark.parametrize(
    ("frames", "rate", "text"),
    [(64, 25, "2:14"), (0, 25, "0:00"), (25 * 62 + 3, 25, "1:02:03"), (119, 120, "0:119")],
)
def test_lengths(frames: int, rate: int, text: str) -> None:
    assert length_text(frames, rate) == text


def test_what_the_user_made_is_said(view: ShotListView, make_project: MakeProject) -> None:
    project = AddSeam(Seam(499, 500, origin=Origin.USER)).apply(make_project(1000, SEAMS))
    view.set_shots(project)
    assert _row(view, 3)[-1] == "Cut  by you"


def test_the_seam_cell_has_a_chip_of_its_kind(
    view: ShotListView, make_project: MakeProject, colour_at: Callable[..., str]
) -> None:
    view.set_shots(make_project(1000, SEAMS))
    cell = view.visualRect(view.model().index(2, Column.SEAM))
    chip = view.viewport().mapTo(view, QPoint(cell.left() + 10, cell.center().y()))
    assert colour_at(view, chip.x(), chip.y()) == palette.SEAM_LOOKS["dissolve"].colour


def _changes(model: ShotModel) -> list[tuple[str, int, int]]:
    seen: list[tuple[str, int, int]] = []

    def rows(kind: str) -> Callable[[QModelIndex, int, int], None]:
        return lambda _, first, last: seen.append((kind, first, last))

    model.rowsInserted.connect(rows("inserted"))
    model.rowsRemoved.connect(rows("removed"))
    model.modelReset.connect(lambda: seen.append(("reset", 0, 0)))
    model.dataChanged.connect(
        lambda a, b: seen.append((f"changed {a.column()}-{b.column()}", a.row(), b.row()))
    )
    return seen


def test_only_changed_rows_are_told_of(make_project: MakeProject, qtbot: QtBot) -> None:
    model = ShotModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    project = make_project(1000, SEAMS)
    model.set_project(project)
    seen = _changes(model)
    model.set_project(project)
    assert seen == []
    split = AddSeam(Seam(499, 500)).apply(project)
    model.set_project(split)
    assert seen == [("inserted", 3, 3), ("changed 0-5", 2, 2), ("changed 1-1", 4, 4)]
    seen.clear()
    model.set_project(DeleteSeam(split.seams[2]).apply(split))
    assert seen == [("removed", 3, 3), ("changed 0-5", 2, 2), ("changed 1-1", 3, 3)]
    seen.clear()
    model.set_project(replace(project, start_frame=0))
    assert seen == [("changed 2-4", 0, 3)]
    seen.clear()
    model.set_project(make_project(500, fingerprint="two"))
    assert seen == [("reset", 0, 0)]
    assert tester.model() is model


def test_selection_and_scroll_stay(view: ShotListView, make_project: MakeProject, qtbot: QtBot) -> None:
    seams = [Seam(at, at + 1) for at in range(19, 4000, 20)]
    view.set_shots(make_project(4020, seams))
    view.verticalScrollBar().setValue(2000)
    row = view.visible_rows()[3]
    _click(view, qtbot, row)
    announced: list[str] = []
    view.seam_selected.connect(announced.append)
    top = view.verticalScrollBar().value()
    view.set_shots(AddSeam(Seam(3909, 3910)).apply(make_project(4020, seams)))
    assert [index.row() for index in view.selectionModel().selectedRows()] == [row]
    assert view.verticalScrollBar().value() == top
    assert announced == []


def test_choosing_a_row_selects_its_seam(view: ShotListView, make_project: MakeProject, qtbot: QtBot) -> None:
    view.set_shots(make_project(1000, SEAMS))
    announced: list[str] = []
    view.seam_selected.connect(announced.append)
    _click(view, qtbot, 2)
    _click(view, qtbot, 0)
    assert announced == [SEAMS[1].id, ""]
    view.set_selected(SEAMS[2].id)
    assert [index.row() for index in view.selectionModel().selectedRows()] == [3]
    view.set_selected(None)
    assert view.selectionModel().selectedRows() == []
    assert announced == [SEAMS[1].id, ""]


def test_double_click_or_enter_goes_to_the_shot(
    view: ShotListView, make_project: MakeProject, qtbot: QtBot
) -> None:
    view.set_shots(make_project(1000, SEAMS))
    with qtbot.waitSignal(view.shot_activated) as activated:
        _click(view, qtbot, 1, double=True)
    assert activated.args == [100]
    view.set_selected(SEAMS[2].id)
    with qtbot.waitSignal(view.shot_activated) as activated:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert activated.args == [700]


def test_pictures_are_asked_for_what_is_visible_only_once(
    view: ShotListView, make_project: MakeProject, qtbot: QtBot
) -> None:
    wanted: list[int] = []
    view.thumbnail_wanted.connect(wanted.append)
    view.set_shots(make_project(100_020, [Seam(at, at + 1) for at in range(19, 100_000, 20)]))
    qtbot.waitUntil(lambda: bool(wanted), timeout=2000)
    assert wanted == [row * 20 for row in view.visible_rows()]
    count = len(wanted)
    assert count < 12
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: len(wanted) > count, timeout=2000)
    assert wanted[count:] == [row * 20 for row in view.visible_rows()]
    view.verticalScrollBar().setValue(0)
    qtbot.wait(150)
    assert len(wanted) == len(set(wanted))


def test_the_picture_of_a_shot_is_its_first_whole_frame(make_project: MakeProject) -> None:
    model = ShotModel()
    model.set_project(make_project(1000, SEAMS))
    assert [model.thumbnail_frame(row) for row in range(4)] == [0, 100, 250, 700]


def test_a_picture_replaces_its_placeholder(
    view: ShotListView, make_project: MakeProject, plain_image: MakeImage, colour_at: Callable[..., str]
) -> None:
    view.set_shots(make_project(1000, SEAMS))
    cell = view.visualRect(view.model().index(1, Column.THUMBNAIL))
    at = view.viewport().mapTo(view, cell.center() + QPoint(-20, 0))
    assert colour_at(view, at.x(), at.y()) == palette.PICTURE_SURROUND
    view.set_thumbnail(100, plain_image("#228844", 640, 360))
    assert colour_at(view, at.x(), at.y()) == "#228844"
    view.set_thumbnail(123_456, plain_image("#000000"))  # of a shot that is no more: no harm


def test_the_shot_under_the_playhead_is_marked(
    view: ShotListView, make_project: MakeProject, colour_at: Callable[..., str]
) -> None:
    view.set_shots(make_project(1000, SEAMS))
    view.set_current_frame(300)
    edges = []
    for row in range(4):
        cell = view.visualRect(view.model().index(row, Column.THUMBNAIL))
        at = view.viewport().mapTo(view, QPoint(cell.left() + 1, cell.center().y()))
        edges.append(colour_at(view, at.x(), at.y()) == palette.ACCENT)
    assert edges == [False, False, True, False]


def test_the_list_follows_when_asked(view: ShotListView, make_project: MakeProject) -> None:
    view.set_shots(make_project(4020, [Seam(at, at + 1) for at in range(19, 4000, 20)]))
    view.set_current_frame(3000)
    assert view.verticalScrollBar().value() == 0
    view.set_current_frame(3030, follow=True)
    assert 151 in view.visible_rows()


def test_a_narrow_list_does_without_the_end(view: ShotListView, make_project: MakeProject) -> None:
    view.set_shots(make_project(1000, SEAMS))
    assert not view.isColumnHidden(Column.END)
    view.resize(view.minimumWidth(), 300)
    assert view.isColumnHidden(Column.END)


def test_an_empty_list_says_what_it_is_for(view: ShotListView) -> None:
    view.set_shots(None)
    image = view.viewport().grab().toImage()
    middle = image.height() // 2
    assert any(
        image.pixelColor(x, y).lightness() > 90
        for x in range(0, image.width())
        for y in range(middle - 6, middle + 6)
    )


def test_five_thousand_shots_are_quick(view: ShotListView, make_project: MakeProject) -> None:
    seams = [Seam(at, at + 1) for at in range(19, 100_000, 20)]
    first, second = make_project(100_020, seams[:-1]), make_project(100_020, seams)
    assert len(first.shots) == 5000
    assert len(second.shots) == 5001
    view.set_shots(first)
    times = []
    for at in range(6):
        began = time.perf_counter()
        view.set_shots((second, first)[at % 2])
        view.grab()
        times.append(time.perf_counter() - began)
    assert min(times) < 0.1
