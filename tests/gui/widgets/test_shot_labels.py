"""Scale and movement in the list of shots: what they say, order, filter, columns, pixels, speed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from seamline.project.edits import ConfirmSeam, note_shots
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.types import Project, Seam
from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.shot_columns import LabelStyle, SeamStyle
from seamline_widgets.shot_filter import ShotFilter
from seamline_widgets.shot_labels import LABEL_KINDS, UNLABELLED, UNSURE
from seamline_widgets.shot_model import Column
from seamline_widgets.shots_panel import ShotsPanel

LEFT = Qt.MouseButton.LeftButton
MakeProject = Callable[..., Project]
SEAMS = [Seam(99, 100), Seam(199, 200), Seam(299, 300), Seam(399, 400)]
TITLE = Qt.Orientation.Horizontal


@pytest.fixture
def project(make_project: MakeProject) -> Project:
    """Five shots: labelled, by the editor and the analysis, unsure and sure, one thing alone, not at all."""
    project = make_project(500, SEAMS).with_labels(
        [
            ShotLabels(0, 100, Label(ShotScale.MS, 0.83), Label(Movement.STATIC, 0.9)),
            ShotLabels(100, 200, Label(ShotScale.LS, 0.5), Label(Movement.TILT_UP, 0.5)),
            ShotLabels(200, 300, Label(None, 0.2), Label(Movement.PUSH, 0.7)),
            ShotLabels(300, 400, Label(ShotScale.ECS, 0.6)),
        ]
    )
    return note_shots(project, [project.shots[1]], movement=Movement.PAN_LEFT).apply(project)


@pytest.fixture
def panel(qtbot: QtBot, project: Project) -> ShotsPanel:
    widget = ShotsPanel()
    qtbot.addWidget(widget)
    widget.resize(900, 380)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.set_shots(project)
    return widget


def _column(panel: ShotsPanel, column: Column) -> list[str]:
    return [panel.model.index(row, column).data() for row in range(panel.model.rowCount())]


def _numbers(panel: ShotsPanel) -> list[int]:
    return [shot.number for shot in panel.model.shots]


def _click_heading(panel: ShotsPanel, column: Column) -> None:
    header = panel.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2)
    QTest.mouseClick(header.viewport(), LEFT, pos=at)


class TestWords:
    def test_cells(self, panel: ShotsPanel) -> None:
        assert _column(panel, Column.SCALE) == [
            "Medium shot  83\u2009%",
            "Long shot  50\u2009%",
            "Unsure",
            "Extreme close shot  60\u2009%",
            "",
        ]
        movements = _column(panel, Column.MOVEMENT)
        assert movements == ["Static  90\u2009%", "Pan left  by you", "Push in  70\u2009%", "", ""]

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (0, "Medium shot, 83\u2009%; static, 90\u2009%"),
            (1, "Long shot, 50\u2009%; pan left, by you"),
            (2, "Scale unsure; push in, 70\u2009%"),
            (3, "Extreme close shot, 60\u2009%"),
        ],
    )
    def test_tool_tip_and_screen_reader(self, panel: ShotsPanel, row: int, sentence: str) -> None:
        index = panel.model.index(row, Column.NAME)
        assert f"<br>{sentence}" in index.data(Qt.ItemDataRole.ToolTipRole)
        assert sentence in index.data(Qt.ItemDataRole.AccessibleTextRole)

    def test_what_is_not_labelled_says_nothing(self, panel: ShotsPanel) -> None:
        tip = panel.model.index(4, Column.NAME).data(Qt.ItemDataRole.ToolTipRole)
        assert tip == "<qt>Shot 5<br>Cut  100\u2009%</qt>"

    def test_a_label_alone_is_neither_name_nor_comment(self, panel: ShotsPanel, project: Project) -> None:
        assert len(project.notes) == 1
        assert panel.table.isColumnHidden(Column.NAME)
        assert _column(panel, Column.COMMENT) == [""] * 5
        without_names_px = panel.grid.delegate.tile.height()
        panel.set_shots(note_shots(project, project.shots[:1], name="A").apply(project))
        assert panel.grid.delegate.tile.height() > without_names_px
        panel.set_shots(project)
        panel.model.set_filter(ShotFilter(has_comment=True))
        assert _numbers(panel) == []
        panel.model.set_filter(ShotFilter())
        panel.model.sort(Column.COMMENT)
        assert _numbers(panel) == [1, 2, 3, 4, 5]


class TestOrder:
    def test_scales_from_near_to_far_unsure_and_unlabelled_last(self, panel: ShotsPanel) -> None:
        _click_heading(panel, Column.SCALE)
        assert _numbers(panel) == [4, 1, 2, 3, 5]
        assert panel.model.headerData(Column.SCALE, TITLE) == "Scale ▲"
        _click_heading(panel, Column.SCALE)
        assert _numbers(panel) == [2, 1, 4, 3, 5]

    def test_movements(self, panel: ShotsPanel) -> None:
        _click_heading(panel, Column.MOVEMENT)
        assert _numbers(panel) == [1, 2, 3, 4, 5]
        _click_heading(panel, Column.MOVEMENT)
        assert _numbers(panel) == [3, 2, 1, 4, 5]

    def test_a_new_label_takes_its_place(self, panel: ShotsPanel, project: Project) -> None:
        panel.model.sort(Column.SCALE)
        panel.set_shots(note_shots(project, [project.shots[4]], scale=ShotScale.CS).apply(project))
        assert _numbers(panel) == [4, 5, 1, 2, 3]
        panel.set_shots(project.without_proposals().with_proposals(SEAMS, 500))
        assert _numbers(panel) == [1, 2, 3, 4, 5]
        assert _column(panel, Column.SCALE) == [""] * 5


class TestFilter:
    @pytest.mark.parametrize(
        ("filter_", "numbers", "summary"),
        [
            (ShotFilter(scales=frozenset({"MS"})), [1], "Medium shot"),
            (ShotFilter(scales=frozenset({"LS", "ECS"})), [2, 4], "Extreme close shot or long shot"),
            (ShotFilter(scales=frozenset({UNSURE})), [3], "Scale unsure"),
            (ShotFilter(movements=frozenset({"pan-left", UNSURE})), [2], "Pan left or movement unsure"),
            (ShotFilter(movements=frozenset({"tilt-up"})), [], "Tilt up"),  # overruled by the editor
            (ShotFilter(movements=frozenset({UNLABELLED})), [4, 5], "No movement yet"),
            (ShotFilter(is_labelled_by_user=True), [2], "Labelled by you"),
            (
                ShotFilter(scales=frozenset({"MS", "LS"}), movements=frozenset({"static"})),
                [1],
                "Medium shot or long shot, static",
            ),
            (
                ShotFilter(longer_than_s=2, scales=frozenset({"LS"}), is_labelled_by_user=True),
                [2],
                "From 2 s, long shot, labelled by you",
            ),
        ],
    )
    def test_what_is_accepted(
        self, project: Project, filter_: ShotFilter, numbers: list[int], summary: str
    ) -> None:
        assert [shot.number for shot in project.shots if filter_.accepts(shot, project)] == numbers
        assert filter_.has_criteria
        assert filter_.summary() == summary

    def test_the_popup(self, panel: ShotsPanel) -> None:
        bar = panel.bar
        QTest.mouseClick(bar.filter_button, LEFT)
        QTest.mouseClick(bar.popup.classes["scale", "LS"], LEFT)
        QTest.mouseClick(bar.popup.classes["scale", "MS"], LEFT)
        assert _numbers(panel) == [1, 2]
        QTest.mouseClick(bar.popup.by_user, LEFT, pos=QPoint(8, 8))
        assert _numbers(panel) == [2]
        assert bar.summary.text() == "Medium shot or long shot, labelled by you"
        QTest.mouseClick(bar.popup.by_user, LEFT, pos=QPoint(8, 8))
        QTest.mouseClick(bar.popup.classes["movement", UNSURE], LEFT)
        assert _numbers(panel) == []
        QTest.mouseClick(bar.popup.clear_button, LEFT)
        assert _numbers(panel) == [1, 2, 3, 4, 5]
        assert not any(button.isChecked() for button in bar.popup.classes.values())

    def test_every_choice_has_a_name_of_its_own(self, panel: ShotsPanel) -> None:
        buttons = panel.bar.popup.classes.values()
        assert len({button.accessibleName() for button in buttons}) == len(buttons) == 19
        words = {place: button.text().strip() for place, button in panel.bar.popup.classes.items()}
        assert all(words.values())
        assert words["movement", "pan-left"] == "Pan left"
        assert words["scale", "ECS"] == "Extreme close"
        assert {words[kind, value] for kind in LABEL_KINDS for value in (UNSURE, UNLABELLED)} == {
            "Unsure",
            "None yet",
        }
        QTest.mouseClick(panel.bar.filter_button, LEFT)
        assert panel.bar.popup.width() < 640
        assert all(button.width() >= button.sizeHint().width() for button in buttons)
        panel.bar.popup.close()

    def test_clicks_elsewhere_narrow_it_beside_what_is_asked_for(self, panel: ShotsPanel) -> None:
        panel.bar.field.setText("#1")
        panel.filter_by_label("scale", "MS")
        assert _numbers(panel) == [1]
        panel.bar.field.clear()
        panel.filter_by_label("movement", "pan-left")
        assert _numbers(panel) == []
        panel.filter_by_label("scale", "LS")
        assert _numbers(panel) == [2]
        assert panel.bar.summary.text() == "Long shot, pan left"
        panel.bar.open_popup()
        assert [value for value, button in panel.bar.popup.classes.items() if button.isChecked()] == [
            ("scale", "LS"),
            ("movement", "pan-left"),
        ]
        panel.bar.popup.close()
        panel.filter_by_label("movement", "")
        panel.filter_by_label("scale", "")
        assert _numbers(panel) == [1, 2, 3, 4, 5]
        # what is turned next begins from what is asked for now
        panel.filter_by_label("scale", "unsure")
        panel.bar.popup.shorter.setValue(5)
        assert _numbers(panel) == [3]
        panel.filter_by_label("scale", "unlabelled")
        assert _numbers(panel) == [5]


class TestColumns:
    @pytest.mark.parametrize(
        ("is_named", "width", "labels"),
        [
            (False, 900, LabelStyle.WORDS),
            (False, 575, LabelStyle.CHIPS),
            (False, 540, LabelStyle.BARE),
            (False, 440, LabelStyle.STACKED),
            (False, 320, LabelStyle.STACKED),
            (True, 1300, LabelStyle.WORDS),
            (True, 900, LabelStyle.CHIPS),
            (True, 680, LabelStyle.BARE),
            (True, 600, LabelStyle.STACKED),
            (True, 440, LabelStyle.STACKED),
            (True, 320, LabelStyle.STACKED),
        ],
    )
    def test_they_fold(
        self, panel: ShotsPanel, project: Project, is_named: bool, width: int, labels: LabelStyle
    ) -> None:
        if is_named:
            project = note_shots(project, [project.shots[1]], name="Arrival").apply(project)
            panel.set_shots(project)
        panel.resize(width, 380)
        plan = panel.table.plan
        assert plan.labels is labels
        assert plan.has_names == is_named
        assert panel.table.horizontalHeader().length() <= panel.table.viewport().width()
        assert not panel.table.isColumnHidden(Column.SCALE)
        assert panel.table.isColumnHidden(Column.MOVEMENT) == (labels is LabelStyle.STACKED)
        assert (plan.seam is SeamStyle.FOLDED) == (is_named and width == 320)
        assert panel.minimumSizeHint().width() <= 320

    @pytest.mark.parametrize("width", [900, 440, 320])
    def test_nothing_slides_when_the_first_labels_come(
        self, panel: ShotsPanel, project: Project, width: int
    ) -> None:
        def heads() -> list[tuple[int, str]]:
            header = panel.table.horizontalHeader()
            shown = [column for column in Column if not panel.table.isColumnHidden(column)]
            titles = [panel.model.headerData(column, TITLE) for column in shown]
            return [
                (header.sectionViewportPosition(at), text) for at, text in zip(shown, titles, strict=True)
            ]

        panel.resize(width, 380)
        panel.set_shots(replace(project, labels=(), notes=()))
        before = heads()
        assert any(text in ("Scale", "Label") for _, text in before)
        panel.set_shots(project)
        assert heads() == before

    def test_the_one_heading_of_both_sorts_by_either(self, panel: ShotsPanel) -> None:
        panel.resize(440, 380)
        seen = [panel.model.headerData(Column.SCALE, TITLE)]
        orders = []
        for _ in range(5):
            _click_heading(panel, Column.SCALE)
            seen.append(panel.model.headerData(Column.SCALE, TITLE))
            orders.append(_numbers(panel))
        assert seen == ["Label", "Scale▲", "Scale▼", "Move▲", "Move▼", "Scale▲"]
        assert orders[:4] == [[4, 1, 2, 3, 5], [2, 1, 4, 3, 5], [1, 2, 3, 4, 5], [3, 2, 1, 4, 5]]
        assert orders[4] == orders[0]
        header = panel.table.horizontalHeader()
        needed = max(header.fontMetrics().horizontalAdvance(text) for text in seen) + 16
        assert header.sectionSize(Column.SCALE) >= needed
        assert "how it moves" in panel.model.headerData(Column.SCALE, TITLE, Qt.ItemDataRole.ToolTipRole)
        panel.resize(900, 380)
        assert panel.model.headerData(Column.SCALE, TITLE) == "Scale ▲"


class TestChangesUnderAFilter:
    """What the editor has just changed stays in sight until something else is asked for."""

    def _give(self, panel: ShotsPanel, numbers: tuple[int, ...], what: dict[str, str]) -> None:
        project = panel.model.project
        assert project is not None
        shots = [project.shots[number - 1] for number in numbers]
        panel.set_shots(note_shots(project, shots, scale=ShotScale(what["scale"])).apply(project))

    @pytest.fixture
    def unsure(self, panel: ShotsPanel, project: Project) -> ShotsPanel:
        unsure = [ShotLabels(at, at + 100, Label(None, 0.2)) for at in range(0, 400, 100)]
        panel.set_shots(replace(project, labels=tuple(unsure), notes=()))
        panel.noted.connect(lambda numbers, what: self._give(panel, numbers, what))
        panel.filter_by_label("scale", UNSURE)
        assert _numbers(panel) == [1, 2, 3, 4]
        return panel

    def _click(self, panel: ShotsPanel, row: int) -> None:
        at = panel.table.visualRect(panel.model.index(row, Column.START)).center()
        QTest.mouseClick(panel.table.viewport(), LEFT, pos=at)

    def test_a_selected_shot_stays_and_the_next_key_is_its_own(self, unsure: ShotsPanel) -> None:
        self._click(unsure, 1)
        unsure.set_scale("CS")
        assert _numbers(unsure) == [1, 2, 3, 4]
        assert unsure.selected_numbers() == (2,)
        unsure.set_scale("LS")
        assert unsure.selected_numbers() == (2,)
        assert _column(unsure, Column.SCALE)[1] == "Long shot  by you"

    def test_a_click_moves_no_row_but_the_next_change_does(self, unsure: ShotsPanel) -> None:
        self._click(unsure, 1)
        unsure.set_scale("CS")
        self._click(unsure, 2)
        assert _numbers(unsure) == [1, 2, 3, 4]
        unsure.set_scale("MS")
        assert _numbers(unsure) == [1, 3, 4]
        assert unsure.selected_numbers() == (3,)

    def test_the_playheads_shot_stays_too(self, unsure: ShotsPanel) -> None:
        unsure.set_current_frame(250)
        unsure.set_scale("CS")
        assert _numbers(unsure) == [1, 2, 3, 4]

    def test_a_seam_that_was_reviewed_is_gone_from_those_to_review(self, unsure: ShotsPanel) -> None:
        panel, project = unsure, unsure.model.project
        assert project is not None
        seam = project.shots[1].seam
        assert seam is not None
        panel.bar.clear()
        panel.bar.popup.review.setCurrentIndex(1)
        assert _numbers(panel) == [2, 3, 4, 5]
        self._click(panel, 0)
        panel.set_shots(ConfirmSeam(seam).apply(project))
        assert _numbers(panel) == [3, 4, 5]

    def test_another_filter_shows_what_it_asks_for(self, unsure: ShotsPanel) -> None:
        self._click(unsure, 1)
        unsure.set_scale("CS")
        unsure.bar.field.setText("#2")
        assert _numbers(unsure) == []
        assert unsure.selected_numbers() == ()
        unsure.bar.field.clear()
        assert _numbers(unsure) == [1, 3, 4]


def test_letters_fit_chips_and_are_the_menus_own() -> None:
    for looks in LABEL_LOOKS.values():
        shorts = [look.short for look in looks.values()]
        assert len(set(shorts)) == len(shorts)
        assert all(1 <= len(short) <= 3 for short in shorts)
    for look in LABEL_LOOKS["movement"].values():
        assert not look.short.isalpha() or look.short.upper().startswith(look.key)


class TestPixels:
    def _chip(self, panel: ShotsPanel, row: int, column: Column, y: int) -> str:
        cell = panel.table.visualRect(panel.model.index(row, column))
        at = panel.table.viewport().mapTo(panel, QPoint(cell.left() + 11, cell.center().y() + y))
        return panel.grab().toImage().pixelColor(at).name()

    def test_the_editors_own_is_in_full_colour_and_surer_ones_are_stronger(self, panel: ShotsPanel) -> None:
        assert self._chip(panel, 1, Column.MOVEMENT, 0) == LABEL_LOOKS["movement"]["pan-left"].colour
        project = panel.model.project
        assert project is not None
        light = {}
        for percent in (100, 40):
            one = ShotLabels(0, 100, Label(ShotScale.MS, percent / 100))
            panel.set_shots(project.with_labels([one]))
            colour = self._chip(panel, 0, Column.SCALE, 0)
            light[percent] = int(colour[1:3], 16)
        assert light[40] + 40 < light[100] < int(LABEL_LOOKS["scale"]["MS"].colour[1:3], 16) + 1

    def test_both_stand_in_one_column_where_there_is_little_room(self, panel: ShotsPanel) -> None:
        project = panel.model.project
        assert project is not None
        own = {"scale": ShotScale.FS, "movement": Movement.ROLL}
        panel.set_shots(note_shots(project, [project.shots[0]], **own).apply(project))  # type: ignore[arg-type]
        panel.resize(440, 380)
        assert self._chip(panel, 0, Column.SCALE, -10) == LABEL_LOOKS["scale"]["FS"].colour
        assert self._chip(panel, 0, Column.SCALE, 10) == LABEL_LOOKS["movement"]["roll"].colour

    def test_the_grid_has_them_in_the_corner_of_the_picture(self, panel: ShotsPanel) -> None:
        project = panel.model.project
        assert project is not None
        own = {"scale": ShotScale.FS, "movement": Movement.ROLL}
        panel.set_shots(note_shots(project, [project.shots[0]], **own).apply(project))  # type: ignore[arg-type]
        panel.set_look(is_grid=True, picture_px=96)
        tile = panel.grid.visualRect(panel.model.index(0, Column.NAME))
        corner = panel.grid.delegate.picture_rect(tile).bottomLeft()
        image = panel.grid.viewport().grab().toImage()
        seen = [image.pixelColor(corner + QPoint(x, -8)).name() for x in (7, 41)]
        assert seen == [LABEL_LOOKS["scale"]["FS"].colour, LABEL_LOOKS["movement"]["roll"].colour]


@pytest.mark.timed
@pytest.mark.parametrize("is_grid", [False, True])
def test_six_thousand_labelled_shots_are_quick(
    panel: ShotsPanel, make_project: MakeProject, is_grid: bool
) -> None:
    seams = [Seam(at, at + 1) for at in range(19, 119_980, 20)]
    plain = make_project(120_000, seams, fingerprint="long")
    scales, movements = list(ShotScale), list(Movement)
    labels = [
        ShotLabels(
            shot.start_frame,
            shot.end_frame,
            Label(scales[shot.number % 5], 0.7),
            Label(movements[shot.number % 10], 0.7),
        )
        for shot in plain.shots
    ]
    first = plain.with_labels(labels)
    second = note_shots(first, first.shots[:3], scale=ShotScale.LS).apply(first)
    assert len(first.shots) == 6000
    panel.set_look(is_grid=is_grid, picture_px=160)
    panel.set_shots(first)
    panel.model.sort(Column.SCALE)
    panel.filter_by_label("movement", "static")
    times = []
    for at in range(6):
        # another state has other shots, and labels looked up anew
        project = replace((first, second)[at % 2])
        _ = project.shots, project.notes_by_shot
        began = time.perf_counter()
        panel.set_shots(project)
        times.append(time.perf_counter() - began)
        panel.grab()
    assert panel.model.rowCount() == 600
    # 11 to 14 ms on a quiet machine
    assert min(times) < 0.1
