"""The table of shots: what its cells say, what changes when the project does, order, columns, pictures."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from seamline.project.edits import AddSeam, ConfirmSeam, DeleteSeam, MoveSeam, note_shots
from seamline.project.types import Origin, Project, Seam, SeamKind, ShotColour
from seamline_resources import palette
from seamline_widgets.shot_columns import LabelStyle, SeamStyle
from seamline_widgets.shot_filter import ShotFilter
from seamline_widgets.shot_model import Column, ShotModel, length_text
from seamline_widgets.shots_panel import ShotsPanel

LEFT = Qt.MouseButton.LeftButton
MakeProject = Callable[..., Project]
MakeImage = Callable[..., QImage]
SEAMS = [Seam(99, 100, confidence=0.87), Seam(199, 250, SeamKind.DISSOLVE, 0.6), Seam(699, 700)]


@pytest.fixture
def panel(qtbot: QtBot) -> ShotsPanel:
    widget = ShotsPanel()
    qtbot.addWidget(widget)
    widget.resize(700, 380)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _row(panel: ShotsPanel, row: int) -> list[str]:
    columns = (Column.NUMBER, Column.START, Column.END, Column.LENGTH, Column.SEAM)
    return [str(panel.model.index(row, column).data()) for column in columns]


def _column(panel: ShotsPanel, column: Column) -> list[str]:
    return [panel.model.index(row, column).data() for row in range(panel.model.rowCount())]


def _at(panel: ShotsPanel, row: int, column: Column) -> QPoint:
    """The middle of a cell in the panel."""
    rect = panel.table.visualRect(panel.model.index(row, column))
    return panel.table.viewport().mapTo(panel, rect.center())


def _click_heading(panel: ShotsPanel, column: Column) -> None:
    header = panel.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2)
    QTest.mouseClick(header.viewport(), LEFT, pos=at)


def test_rows_say_what_an_editor_reads(panel: ShotsPanel, make_project: MakeProject) -> None:
    panel.set_shots(make_project(1000, SEAMS))
    assert _row(panel, 0) == ["1", "01:00:00:00", "01:00:04:00", "4:00", "Start of film"]
    assert _row(panel, 1) == ["2", "01:00:04:00", "01:00:09:00", "5:00", "Cut  87\u2009%"]
    assert _row(panel, 2)[-1] == "Dissolve  60\u2009%"
    assert _row(panel, 3)[1:4] == ["01:00:28:00", "01:00:40:00", "12:00"]


def test_a_confirmed_seam_has_a_tick_and_a_moved_one_is_the_users(
    panel: ShotsPanel, make_project: MakeProject
) -> None:
    project = ConfirmSeam(SEAMS[1]).apply(make_project(1000, SEAMS))
    panel.set_shots(MoveSeam(SEAMS[0], 103, 104).apply(project))
    assert _row(panel, 1)[-1] == "Cut  by you"
    assert _row(panel, 2)[-1] == "Dissolve  ✓"
    spoken = panel.model.index(2, Column.SEAM).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Dissolve  confirmed"


@pytest.mark.parametrize(
    ("frames", "rate", "text"),
    [(64, 25, "2:14"), (0, 25, "0:00"), (25 * 62 + 3, 25, "1:02:03"), (119, 120, "0:119")],
)
def test_lengths(frames: int, rate: int, text: str) -> None:
    assert length_text(frames, rate) == text


def test_names_and_comments_are_read_and_spoken(panel: ShotsPanel, make_project: MakeProject) -> None:
    project = make_project(1000, SEAMS)
    panel.set_shots(
        note_shots(
            project, [project.shots[1]], name="Arrival", comment="Soft\nuse <2>", colour=ShotColour.BLUE
        ).apply(project)
    )
    assert panel.model.index(1, Column.NAME).data() == "Arrival"
    assert panel.model.index(1, Column.COMMENT).data() == "Soft use <2>"
    spoken = panel.model.index(1, Column.NAME).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Shot 2, Arrival, 5:00, Cut  87\u2009%, marked blue, Soft\nuse <2>"
    assert "use &lt;2&gt;" in panel.model.index(1, Column.NAME).data(Qt.ItemDataRole.ToolTipRole)


def test_the_seam_cell_has_a_chip_of_its_kind(
    panel: ShotsPanel, make_project: MakeProject, colour_at: Callable[..., str]
) -> None:
    panel.set_shots(make_project(1000, SEAMS))
    cell = panel.table.visualRect(panel.model.index(2, Column.SEAM))
    chip = panel.table.viewport().mapTo(panel, QPoint(cell.left() + 10, cell.center().y()))
    assert colour_at(panel, chip.x(), chip.y()) == palette.SEAM_LOOKS["dissolve"].colour


def test_a_colour_is_a_stripe_at_the_picture(
    panel: ShotsPanel, make_project: MakeProject, colour_at: Callable[..., str]
) -> None:
    project = make_project(1000, SEAMS)
    panel.set_shots(note_shots(project, [project.shots[2]], colour=ShotColour.VIOLET).apply(project))
    seen = []
    for row in range(4):
        at = _at(panel, row, Column.THUMBNAIL)
        seen.append(colour_at(panel, 6, at.y()) == palette.SHOT_COLOURS["violet"])
    assert seen == [False, False, True, False]


def _changes(model: ShotModel) -> list[tuple[str, int, int]]:
    seen: list[tuple[str, int, int]] = []

    def rows(kind: str) -> Callable[[QModelIndex, int, int], None]:
        return lambda _, first, last: seen.append((kind, first, last))

    model.rowsInserted.connect(rows("inserted"))
    model.rowsRemoved.connect(rows("removed"))
    model.modelReset.connect(lambda: seen.append(("reset", 0, 0)))
    model.layoutChanged.connect(lambda: seen.append(("ordered", 0, 0)))
    model.dataChanged.connect(lambda a, b: seen.append(("changed", a.row(), b.row())))
    return seen


@pytest.fixture
def model() -> ShotModel:
    made = ShotModel()
    # stays alive with the model, and fails by a warning
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning, made)
    return made


def test_only_changed_rows_are_told_of(make_project: MakeProject, model: ShotModel) -> None:
    project = make_project(1000, SEAMS)
    model.set_project(project)
    seen = _changes(model)
    model.set_project(make_project(1000, SEAMS))
    assert seen == []
    split = AddSeam(Seam(499, 500)).apply(project)
    model.set_project(split)
    assert seen == [("inserted", 3, 3), ("changed", 2, 4)]
    seen.clear()
    model.set_project(DeleteSeam(split.seams[2]).apply(split))
    assert seen == [("removed", 3, 3), ("changed", 2, 3)]
    seen.clear()
    model.set_project(replace(project, start_frame=0))
    assert seen == [("changed", 0, 3)]
    seen.clear()
    model.set_project(note_shots(project, [project.shots[0]], name="A").apply(project))
    assert seen == [("changed", 0, 3)]
    seen.clear()
    model.set_project(make_project(500, fingerprint="two"))
    assert seen == [("reset", 0, 0)]


def test_rows_come_and_go_in_any_order(make_project: MakeProject, model: ShotModel) -> None:
    project = make_project(1000, SEAMS)
    model.set_project(project)
    model.sort(Column.LENGTH, Qt.SortOrder.DescendingOrder)
    seen = _changes(model)
    assert [shot.number for shot in model.shots] == [3, 4, 2, 1]
    # the longest one falls apart: both parts have other places
    model.set_project(AddSeam(Seam(299, 300)).apply(project))
    assert [shot.number for shot in model.shots] == [4, 5, 2, 1, 3]
    assert [kind for kind, *_ in seen] == ["ordered", "inserted"]
    model.set_filter(ShotFilter(longer_than_s=5))
    assert [shot.number for shot in model.shots] == [4, 5, 2]
    assert [model.row_at(frame) for frame in (50, 150, 240, 400, 800)] == [-1, 2, -1, 0, 1]


def test_many_changes_at_once_are_one(make_project: MakeProject, model: ShotModel) -> None:
    seams = [Seam(at, at + 1, confidence=at % 3 / 3) for at in range(19, 4000, 20)]
    model.set_project(make_project(4020, seams))
    seen = _changes(model)
    model.set_filter(ShotFilter(confidence_below=0.5))
    assert seen == [("reset", 0, 0)]
    assert 100 < model.rowCount() < 150


def test_selection_and_scroll_stay(panel: ShotsPanel, make_project: MakeProject) -> None:
    seams = [Seam(at, at + 1) for at in range(19, 4000, 20)]
    panel.set_shots(make_project(4020, seams))
    bar = panel.table.verticalScrollBar()
    bar.setValue(2010)
    row = panel.table.visible_rows()[3]
    QTest.mouseClick(panel.table.viewport(), LEFT, pos=QPoint(100, 3 * 44))
    assert panel.selected_numbers() == (row + 1,)
    announced: list[object] = []
    panel.seam_selected.connect(announced.append)
    panel.seams_selected.connect(announced.append)
    panel.set_shots(AddSeam(Seam(3909, 3910)).apply(make_project(4020, seams)))
    assert panel.selected_numbers() == (row + 1,)
    assert bar.value() == 2010
    # what comes above what is looked at does not move it
    panel.set_shots(AddSeam(Seam(109, 110)).apply(make_project(4020, seams)))
    assert panel.selected_numbers() == (row + 2,)
    assert bar.value() == 2010 + 44
    assert announced == []


def test_a_heading_sorts_and_shows_it(panel: ShotsPanel, make_project: MakeProject) -> None:
    panel.set_shots(make_project(1000, SEAMS))
    title = Qt.Orientation.Horizontal
    assert panel.model.headerData(Column.NUMBER, title) == "# ▲"
    _click_heading(panel, Column.LENGTH)
    assert _column(panel, Column.NUMBER) == ["1", "2", "4", "3"]
    assert panel.model.headerData(Column.LENGTH, title) == "Length ▲"
    assert panel.model.headerData(Column.NUMBER, title) == "#"
    _click_heading(panel, Column.LENGTH)
    assert _column(panel, Column.NUMBER) == ["3", "4", "2", "1"]
    assert panel.model.headerData(Column.LENGTH, title) == "Length ▼"
    _click_heading(panel, Column.SEAM)
    assert _column(panel, Column.SEAM) == [
        "Dissolve  60\u2009%",
        "Cut  87\u2009%",
        "Cut  100\u2009%",
        "Start of film",
    ]
    _click_heading(panel, Column.SEAM)
    assert _column(panel, Column.SEAM)[-1] == "Start of film"  # of which the column says nothing
    _click_heading(panel, Column.THUMBNAIL)
    assert _column(panel, Column.NUMBER) == ["1", "2", "3", "4"]


def test_names_sort_without_regard_to_case_and_none_come_last(
    panel: ShotsPanel, make_project: MakeProject
) -> None:
    project = make_project(1000, SEAMS)
    for at, name in ((3, "anna"), (0, "Zoo"), (2, "Bert")):
        project = note_shots(project, [project.shots[at]], name=name).apply(project)
    panel.set_shots(project)
    _click_heading(panel, Column.NAME)
    assert _column(panel, Column.NAME) == ["anna", "Bert", "Zoo", ""]
    _click_heading(panel, Column.NAME)
    assert _column(panel, Column.NAME) == ["Zoo", "Bert", "anna", ""]


def test_the_selection_goes_with_the_shots_when_they_are_sorted(
    panel: ShotsPanel, make_project: MakeProject
) -> None:
    panel.set_shots(
        make_project(4020, [Seam(at, at + 1 + at % 7) for at in range(19, 4000, 20) if at % 7 == 0])
    )
    panel.set_selected(panel.model.shots[4].seam.id)  # type: ignore[union-attr]
    _click_heading(panel, Column.NUMBER)
    assert panel.selected_numbers() == (5,)
    assert panel.model.row_of(panel.selection.ids[0]) in panel.table.visible_rows()


def test_pictures_are_asked_for_what_is_visible(
    panel: ShotsPanel, make_project: MakeProject, plain_image: MakeImage, qtbot: QtBot
) -> None:
    wanted: list[int] = []
    panel.thumbnail_wanted.connect(wanted.append)
    panel.set_shots(make_project(100_020, [Seam(at, at + 1) for at in range(19, 100_000, 20)]))
    rows = panel.table.visible_rows
    qtbot.waitUntil(lambda: bool(wanted), timeout=2000)
    assert sorted(wanted) == [row * 20 for row in rows()]
    assert wanted[-1] == 0  # what is served first
    count = len(wanted)
    assert count < 12
    for frame in wanted[3:]:
        panel.set_thumbnail(frame, plain_image("#228844"))
    panel.table.verticalScrollBar().setValue(panel.table.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: len(wanted) > count, timeout=2000)
    assert sorted(wanted[count:]) == [row * 20 for row in rows()]
    second = len(wanted)
    panel.table.verticalScrollBar().setValue(0)
    # those that never came, which may have been dropped for newer wishes
    qtbot.waitUntil(lambda: len(wanted) > second, timeout=2000)
    assert wanted[second:] == wanted[:3]


def test_the_picture_of_a_shot_is_its_first_whole_frame(make_project: MakeProject, model: ShotModel) -> None:
    model.set_project(make_project(1000, SEAMS))
    assert [model.thumbnail_frame(row) for row in range(4)] == [0, 100, 250, 700]


def test_a_picture_replaces_its_placeholder(
    panel: ShotsPanel, make_project: MakeProject, plain_image: MakeImage, colour_at: Callable[..., str]
) -> None:
    panel.set_shots(make_project(1000, SEAMS))
    at = _at(panel, 1, Column.THUMBNAIL) - QPoint(20, 0)
    assert colour_at(panel, at.x(), at.y()) == palette.PICTURE_SURROUND
    panel.set_thumbnail(100, plain_image("#228844", 640, 360))
    assert colour_at(panel, at.x(), at.y()) == "#228844"
    panel.set_thumbnail(123_456, plain_image("#000000"))  # of a shot that is no more: no harm


def test_the_shot_under_the_playhead_is_marked_in_any_order(
    panel: ShotsPanel, make_project: MakeProject, colour_at: Callable[..., str]
) -> None:
    panel.set_shots(make_project(1000, SEAMS))
    panel.set_current_frame(300)

    def marked() -> list[bool]:
        ys = [_at(panel, row, Column.THUMBNAIL).y() for row in range(4)]
        return [colour_at(panel, 1, y) == palette.ACCENT for y in ys]

    assert marked() == [False, False, True, False]
    _click_heading(panel, Column.NUMBER)
    _click_heading(panel, Column.NUMBER)
    _click_heading(panel, Column.LENGTH)
    assert marked() == [False, False, False, True]
    panel.set_current_frame(20)
    assert marked() == [True, False, False, False]


def test_the_list_follows_when_asked(panel: ShotsPanel, make_project: MakeProject) -> None:
    panel.set_shots(make_project(4020, [Seam(at, at + 1) for at in range(19, 4000, 20)]))
    panel.set_current_frame(3000)
    assert panel.table.verticalScrollBar().value() == 0
    panel.set_current_frame(3030, follow=True)
    assert 151 in panel.table.visible_rows()


def test_columns_fold_where_there_is_little_room(
    panel: ShotsPanel, make_project: MakeProject, qtbot: QtBot
) -> None:
    plain = make_project(1000, SEAMS)
    named = note_shots(plain, [plain.shots[1]], name="Arrival").apply(plain)
    shown = {}
    for project, width in ((plain, 440), (plain, 320), (named, 1040), (named, 480), (named, 320)):
        panel.set_shots(project)
        panel.resize(width, 380)
        plan = panel.table.plan
        header = panel.table.horizontalHeader()
        assert header.length() <= panel.table.viewport().width()
        shown[project is named, width] = plan
        assert panel.table.isColumnHidden(Column.NAME) == (project is plain)
    assert not shown[False, 440].is_stacked
    assert shown[False, 440].seam is SeamStyle.SHORT
    assert shown[False, 440].labels is LabelStyle.STACKED
    assert shown[True, 1040].has_comments
    assert shown[True, 1040].has_end
    assert shown[True, 480].is_stacked
    assert not shown[True, 480].number_on_picture
    assert shown[True, 320].number_on_picture
    assert panel.minimumSizeHint().width() <= 320


def test_no_film_and_no_match_are_said(panel: ShotsPanel, make_project: MakeProject) -> None:
    panel.set_shots(None)
    assert panel.notice.isVisible()
    assert panel.notice.text == "The shots of the film appear here"
    assert not panel.notice.button.isVisible()
    panel.set_shots(make_project(1000, SEAMS))
    assert panel.table.isVisible()


def test_what_the_user_made_is_said(panel: ShotsPanel, make_project: MakeProject) -> None:
    panel.set_shots(AddSeam(Seam(499, 500, origin=Origin.USER)).apply(make_project(1000, SEAMS)))
    assert _row(panel, 3)[-1] == "Cut  by you"


@pytest.mark.timed
@pytest.mark.parametrize("is_grid", [False, True])
def test_five_thousand_shots_are_quick(panel: ShotsPanel, make_project: MakeProject, is_grid: bool) -> None:
    seams = [Seam(at, at + 1) for at in range(19, 100_000, 20)]
    first, second = make_project(100_020, seams[:-1]), make_project(100_020, seams)
    assert len(first.shots) == 5000
    assert len(second.shots) == 5001
    panel.set_look(is_grid=is_grid, picture_px=160)
    panel.set_shots(first)
    times = []
    for at in range(6):
        began = time.perf_counter()
        panel.set_shots((second, first)[at % 2])
        times.append(time.perf_counter() - began)
        panel.grab()
    # 4 to 8 ms on a quiet machine
    assert min(times) < 0.03
