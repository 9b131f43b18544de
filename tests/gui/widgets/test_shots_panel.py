"""The shots panel under hands: selecting, naming, commenting, colouring, finding, by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from seamline.project.edits import AddSeam, ConfirmSeam, note_shots
from seamline.project.types import Project, Seam, SeamKind, ShotColour
from seamline_resources import palette
from seamline_resources.shortcuts import shortcut
from seamline_widgets.actions import make_action
from seamline_widgets.shot_model import Column
from seamline_widgets.shots_panel import ShotsPanel

KEY: TypeAlias = Qt.Key
MODIFIER: TypeAlias = Qt.KeyboardModifier
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
SHIFT, CTRL = MODIFIER.ShiftModifier, MODIFIER.ControlModifier
MakeProject = Callable[..., Project]
SEAMS = [
    Seam(99, 100, confidence=0.87),
    Seam(199, 250, SeamKind.DISSOLVE, 0.6),
    Seam(699, 700, confidence=0.4),
    Seam(899, 900, confidence=0.7),
]
IDS = ["", *(seam.id for seam in SEAMS)]


class Hands:
    """A panel of five shots, what it told, and hands on the view that is shown."""

    def __init__(self, panel: ShotsPanel, project: Project) -> None:
        self.panel, self.project = panel, project
        self.told: list[tuple[Any, ...]] = []
        for name in ("seam_selected", "seams_selected", "shot_activated", "noted", "join_wanted"):
            self._listen(name)
        for name in ("confirm_wanted", "mark_wanted"):
            self._listen(name)
        panel.set_shots(project)

    def _listen(self, name: str) -> None:
        getattr(self.panel, name).connect(lambda *args: self.told.append((name, *args)))

    def rect(self, row: int, column: Column = Column.START) -> QRect:
        column = Column.NAME if self.panel.is_grid else column
        return self.panel.view.visualRect(self.panel.model.index(row, column))

    def click(
        self, row: int, modifiers: MODIFIER = MODIFIER.NoModifier, *, button: Qt.MouseButton = LEFT
    ) -> None:
        QTest.mouseClick(self.panel.view.viewport(), button, modifiers, self.rect(row).center())

    def double_click(self, at: QPoint) -> None:
        QTest.mouseClick(self.panel.view.viewport(), LEFT, pos=at)
        QTest.mouseDClick(self.panel.view.viewport(), LEFT, pos=at)

    def press(self, key: KEY, modifiers: MODIFIER = MODIFIER.NoModifier) -> None:
        """A key, to whatever has the focus."""
        QTest.keyClick(self.focus, key, modifiers)
        QApplication.processEvents()  # Qt ends an editor after its key

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    @property
    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    @property
    def shown(self) -> list[int]:
        return [shot.number for shot in self.panel.model.shots]

    def heard(self) -> list[tuple[Any, ...]]:
        """What was told since last asked."""
        told, self.told = self.told, []
        return told

    def is_kept(self, key: KEY, modifiers: MODIFIER = MODIFIER.NoModifier) -> bool:
        """Whether the widget in focus takes the key before the window's shortcuts do."""
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(self.focus, event)
        return event.isAccepted()


@pytest.fixture(params=[False, True], ids=["table", "grid"])
def hands(qtbot: QtBot, make_project: MakeProject, request: pytest.FixtureRequest) -> Hands:
    return _hands(qtbot, make_project, is_grid=request.param)


@pytest.fixture
def table(qtbot: QtBot, make_project: MakeProject) -> Hands:
    return _hands(qtbot, make_project, is_grid=False)


@pytest.fixture
def grid(qtbot: QtBot, make_project: MakeProject) -> Hands:
    return _hands(qtbot, make_project, is_grid=True)


def _hands(qtbot: QtBot, make_project: MakeProject, *, is_grid: bool) -> Hands:
    panel = ShotsPanel()
    qtbot.addWidget(panel)
    panel.resize(640, 480)
    panel.set_look(is_grid=is_grid, picture_px=160)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    panel.view.setFocus()
    return Hands(panel, make_project(1000, SEAMS))


class TestSelecting:
    def test_one_is_told_by_its_seam(self, hands: Hands) -> None:
        hands.click(2)
        hands.click(0)
        assert hands.heard() == [("seam_selected", IDS[2]), ("seam_selected", "")]

    def test_shift_and_ctrl_take_more(self, hands: Hands) -> None:
        hands.click(1)
        hands.click(3, SHIFT)
        assert hands.panel.selected_numbers() == (2, 3, 4)
        hands.click(2, CTRL)
        assert hands.panel.selected_numbers() == (2, 4)
        hands.click(0, CTRL)
        assert hands.heard() == [
            ("seam_selected", IDS[1]),
            ("seams_selected", (IDS[3], IDS[1], IDS[2])),
            ("seams_selected", (IDS[1], IDS[3])),
            ("seams_selected", ("", IDS[1], IDS[3])),
        ]

    def test_taking_the_last_one_away_leaves_none(self, hands: Hands) -> None:
        hands.click(1)
        hands.click(1, CTRL)
        assert hands.heard()[-1] == ("seams_selected", ())

    def test_keys(self, table: Hands) -> None:
        table.click(1)
        table.press(KEY.Key_Down)
        table.press(KEY.Key_Down, SHIFT)
        assert table.panel.selected_numbers() == (3, 4)
        table.press(KEY.Key_End)
        assert table.panel.selected_numbers() == (5,)
        table.press(KEY.Key_Home, SHIFT)
        assert table.panel.selected_numbers() == (1, 2, 3, 4, 5)

    def test_keys_in_the_grid_go_sideways_too(self, grid: Hands) -> None:
        grid.click(0)
        grid.press(KEY.Key_Right)
        assert grid.panel.selected_numbers() == (2,)
        grid.press(KEY.Key_Down)  # three in a line
        assert grid.panel.selected_numbers() == (5,)
        grid.press(KEY.Key_Up, SHIFT)
        assert set(grid.panel.selected_numbers()) >= {2, 5}

    def test_ctrl_a_takes_all(self, hands: Hands) -> None:
        hands.click(3)
        hands.press(KEY.Key_A, CTRL)
        assert hands.panel.selected_numbers() == (1, 2, 3, 4, 5)
        assert hands.heard()[-1] == ("seams_selected", (IDS[3], "", IDS[1], IDS[2], IDS[4]))
        assert hands.panel.foot.count.text() == "5 shots · 5 selected · 00:00:40:00"

    def test_what_the_window_selects_is_not_told_back(self, hands: Hands) -> None:
        hands.panel.set_selected(IDS[3], [IDS[1]])
        assert hands.panel.selection.ids == (IDS[3], IDS[1])
        hands.panel.set_selected(None)
        assert hands.panel.selected_numbers() == ()
        assert hands.heard() == []

    def test_the_first_shot_stays_though_it_begins_with_no_seam(self, hands: Hands) -> None:
        hands.click(0)
        hands.click(1, SHIFT)
        hands.panel.set_selected(IDS[1])  # as the window does when it has selected what it was told
        assert hands.panel.selected_numbers() == (1, 2)

    def test_the_first_shot_is_let_go_with_the_playhead(self, hands: Hands) -> None:
        hands.panel.set_current_frame(20)
        hands.click(0)
        hands.panel.set_selected(None)
        assert hands.panel.selected_numbers() == (1,)
        hands.panel.set_current_frame(300)
        assert hands.panel.selected_numbers() == ()

    def test_keys_begin_at_the_playhead(self, table: Hands) -> None:
        table.panel.set_current_frame(300)
        table.press(KEY.Key_Down)
        assert table.panel.selected_numbers() == (4,)

    def test_keys_go_on_from_what_the_window_selected(self, hands: Hands) -> None:
        hands.panel.set_selected(IDS[2])
        hands.press(KEY.Key_PageUp)
        hands.press(KEY.Key_Down, SHIFT)
        assert len(hands.panel.selected_numbers()) > 1
        hands.panel.toggle_grid()
        hands.panel.set_selected(IDS[2])
        hands.press(KEY.Key_Home)
        hands.press(KEY.Key_Down)
        assert hands.panel.selected_numbers() == ((4,) if hands.panel.is_grid else (2,))

    def test_enter_and_a_double_click_go_there(self, hands: Hands) -> None:
        hands.click(3)
        hands.heard()
        hands.press(KEY.Key_Return)
        assert hands.heard() == [("shot_activated", 700)]
        at = hands.rect(1).center() if not hands.panel.is_grid else hands.rect(1).topLeft() + QPoint(60, 40)
        hands.double_click(at)
        assert hands.heard()[-1] == ("shot_activated", 100)


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "modifiers"),
        [
            (KEY.Key_Up, MODIFIER.NoModifier),
            (KEY.Key_Down, SHIFT),
            (KEY.Key_Home, MODIFIER.NoModifier),
            (KEY.Key_End, MODIFIER.NoModifier),
            (KEY.Key_PageDown, MODIFIER.NoModifier),
            (KEY.Key_Return, MODIFIER.NoModifier),
            (KEY.Key_F2, MODIFIER.NoModifier),
            (KEY.Key_F2, SHIFT),
            (KEY.Key_A, CTRL),
            (KEY.Key_C, CTRL),
        ],
    )
    def test_the_list_has_its_own(self, hands: Hands, key: KEY, modifiers: MODIFIER) -> None:
        assert hands.is_kept(key, modifiers)

    @pytest.mark.parametrize("key", [KEY.Key_Space, KEY.Key_J, KEY.Key_C, KEY.Key_5, KEY.Key_Delete])
    def test_all_others_are_the_windows(self, hands: Hands, key: KEY) -> None:
        hands.click(2)
        assert not hands.is_kept(key)
        assert not hands.is_kept(KEY.Key_Up, CTRL)
        hands.press(key)
        assert hands.panel.selected_numbers() == (3,)

    def test_left_and_right_step_frames_but_in_the_grid(self, table: Hands) -> None:
        assert not table.is_kept(KEY.Key_Left)
        table.panel.toggle_grid()
        assert table.is_kept(KEY.Key_Left)


class TestNaming:
    def _editor(self, hands: Hands) -> QLineEdit:
        assert isinstance(hands.focus, QLineEdit)
        assert hands.panel.view.isAncestorOf(hands.focus)
        return hands.focus

    def test_f2_types_a_name(self, hands: Hands) -> None:
        hands.click(2)
        hands.heard()
        hands.press(KEY.Key_F2)
        editor = self._editor(hands)
        assert editor.accessibleName() == "Name of shot 3"
        for key in (KEY.Key_M, KEY.Key_Tab, KEY.Key_Up, KEY.Key_Space):
            assert hands.is_kept(key)
        hands.type("Platform")
        hands.press(KEY.Key_Return)
        assert hands.heard() == [("noted", (3,), {"name": "Platform"})]
        assert hands.panel.view.hasFocus()

    def test_escape_leaves_it(self, hands: Hands) -> None:
        hands.click(2)
        hands.press(KEY.Key_F2)
        hands.type("No")
        hands.heard()
        hands.press(KEY.Key_Escape)
        assert hands.heard() == []
        assert hands.panel.table.isColumnHidden(Column.NAME)

    def test_an_unchanged_name_is_no_step(self, hands: Hands) -> None:
        hands.click(2)
        hands.press(KEY.Key_F2)
        hands.heard()
        hands.press(KEY.Key_Return)
        assert hands.heard() == []

    def test_all_selected_get_it(self, hands: Hands) -> None:
        hands.click(1)
        hands.click(3, SHIFT)
        hands.press(KEY.Key_F2)
        hands.type("Night")
        hands.heard()
        hands.press(KEY.Key_Return)
        assert hands.heard() == [("noted", (2, 3, 4), {"name": "Night"})]

    def test_tab_goes_on_to_the_next(self, hands: Hands) -> None:
        hands.click(1)
        hands.press(KEY.Key_F2)
        hands.type("A")
        hands.heard()
        hands.press(KEY.Key_Tab)
        assert self._editor(hands).accessibleName() == "Name of shot 3"
        hands.type("B")
        hands.press(KEY.Key_Backtab)
        assert self._editor(hands).accessibleName() == "Name of shot 2"
        assert hands.heard() == [
            ("noted", (2,), {"name": "A"}),
            ("seam_selected", IDS[2]),
            ("noted", (3,), {"name": "B"}),
            ("seam_selected", IDS[1]),
        ]

    def test_what_the_analysis_finds_does_not_disturb(self, hands: Hands) -> None:
        hands.click(2)
        hands.press(KEY.Key_F2)
        hands.type("Plat")
        hands.panel.set_shots(AddSeam(Seam(29, 30)).apply(hands.project))
        hands.type("form")
        hands.heard()
        hands.press(KEY.Key_Return)
        assert hands.heard() == [("noted", (4,), {"name": "Platform"})]

    def test_a_double_click_on_the_name(self, hands: Hands) -> None:
        hands.panel.set_shots(
            note_shots(hands.project, [hands.project.shots[1]], name="A").apply(hands.project)
        )
        rect = hands.rect(1, Column.NAME)
        at = QPoint(rect.center().x(), rect.bottom() - 12) if hands.panel.is_grid else rect.center()
        hands.double_click(at)
        assert self._editor(hands).text() == "A"
        assert "shot_activated" not in [told[0] for told in hands.heard()]

    def test_with_none_selected_the_playheads_shot_is_named(self, hands: Hands) -> None:
        hands.panel.set_current_frame(300)
        hands.panel.rename()
        assert self._editor(hands).accessibleName() == "Name of shot 3"


class TestCommenting:
    def test_shift_f2_opens_a_field(self, hands: Hands) -> None:
        hands.click(2)
        hands.heard()
        hands.press(KEY.Key_F2, SHIFT)
        editor = hands.panel.comment_editor
        assert hands.focus is editor.field
        assert hands.panel.rect().contains(editor.geometry())
        assert hands.is_kept(KEY.Key_M)
        hands.type("Soft")
        hands.press(KEY.Key_Return, SHIFT)
        hands.type("use take 2")
        hands.press(KEY.Key_Return)
        assert hands.heard() == [("noted", (3,), {"comment": "Soft\nuse take 2"})]
        assert editor.isHidden()
        assert hands.panel.view.hasFocus()

    def test_escape_leaves_it_and_a_click_elsewhere_keeps(self, hands: Hands) -> None:
        hands.click(1)
        hands.click(2, SHIFT)
        for is_kept in (False, True):
            hands.panel.comment()
            hands.type("Soft")
            hands.heard()
            if is_kept:
                hands.panel.bar.field.setFocus()
            else:
                hands.press(KEY.Key_Escape)
            assert hands.heard() == ([("noted", (2, 3), {"comment": "Soft"})] if is_kept else [])


class TestMenu:
    def _open(self, hands: Hands, row: int) -> dict[str, QAction]:
        hands.click(row, button=RIGHT)
        at = hands.rect(row).center()
        hands.panel.view.customContextMenuRequested.emit(at)
        menu = hands.panel.menu
        assert menu is not None
        colours = menu.findChild(QMenu, "colours")
        assert colours is not None
        return {action.objectName(): action for action in (*menu.actions(), *colours.actions())}

    def test_what_it_asks_for(self, hands: Hands) -> None:
        hands.panel.set_shots(ConfirmSeam(SEAMS[2]).apply(hands.project))
        hands.click(1)
        hands.click(3, SHIFT)
        hands.heard()
        for name in ("mark", "confirm", "join", "go_to", "violet", "none"):
            self._open(hands, 2)[name].trigger()
        assert hands.heard() == [
            ("mark_wanted", 100, 899),
            ("confirm_wanted", (IDS[1], IDS[2])),
            ("join_wanted", (IDS[2], IDS[3])),
            ("shot_activated", 100),
            ("noted", (2, 3, 4), {"colour": ShotColour.VIOLET}),
            ("noted", (2, 3, 4), {"colour": ""}),
        ]

    def test_what_cannot_be_is_grey(self, hands: Hands) -> None:
        hands.click(1)
        hands.click(3, CTRL)
        assert not self._open(hands, 1)["join"].isEnabled()
        hands.click(0)
        entries = self._open(hands, 0)
        assert not entries["confirm"].isEnabled()
        assert not entries["join"].isEnabled()

    def test_it_says_colours_and_keys(self, hands: Hands) -> None:
        actions = {one: make_action(shortcut(one), hands.panel) for one in ("rename_shot", "merge_shots")}
        hands.panel.set_actions(actions)
        project = note_shots(hands.project, [hands.project.shots[1]], colour=ShotColour.GREEN)
        hands.panel.set_shots(project.apply(hands.project))
        entries = self._open(hands, 1)
        assert entries["rename"].text() == "&Name…\tF2"
        assert entries["green"].isChecked()
        assert not entries["red"].isChecked()
        swatch = entries["green"].icon().pixmap(12, 12).toImage()
        assert swatch.pixelColor(6, 6).name() == palette.SHOT_COLOURS["green"]

    def test_it_sorts_where_there_are_no_headings(self, hands: Hands) -> None:
        self._open(hands, 1)
        menu = hands.panel.menu
        assert menu is not None
        orders = menu.findChild(QMenu, "orders")
        assert orders is not None
        entries = {action.objectName(): action for action in orders.actions()}
        assert entries["number"].isChecked()
        assert entries["number"].text() == "Number ▲"
        entries["length"].trigger()
        assert hands.shown == [1, 5, 2, 4, 3]
        assert hands.panel.selected_numbers() == (2,)

    def test_ctrl_c_copies_timecodes(self, hands: Hands) -> None:
        project = note_shots(hands.project, [hands.project.shots[1]], name="Arrival\tone").apply(
            hands.project
        )
        hands.panel.set_shots(project)
        hands.click(1)
        hands.click(2, SHIFT)
        hands.press(KEY.Key_C, CTRL)
        assert QGuiApplication.clipboard().text() == (
            "2\tArrival one\t01:00:04:00\t01:00:09:00\t00:00:05:00\n"
            "3\t\t01:00:09:00\t01:00:28:00\t00:00:19:00"
        )


class TestFinding:
    def test_typing_narrows_and_escape_clears(self, hands: Hands) -> None:
        hands.panel.focus_filter()
        hands.type("01:00:28")
        assert hands.shown == [4]
        assert hands.panel.foot.count.text() == "5 shots · 1 shown"
        hands.press(KEY.Key_Escape)
        assert hands.shown == [1, 2, 3, 4, 5]
        assert hands.focus is hands.panel.bar.field
        hands.press(KEY.Key_Escape)
        assert hands.panel.view.hasFocus()

    @pytest.mark.parametrize("key", [KEY.Key_Down, KEY.Key_Return])
    def test_down_and_enter_go_to_the_list(self, hands: Hands, key: KEY) -> None:
        hands.panel.focus_filter()
        assert hands.is_kept(key)
        hands.press(key)
        assert hands.panel.view.hasFocus()

    def test_no_match_is_said_and_cleared(self, hands: Hands) -> None:
        hands.panel.focus_filter()
        hands.type("nowhere")
        assert hands.panel.notice.isVisible()
        assert not hands.panel.view.isVisible()
        QTest.mouseClick(hands.panel.notice.button, LEFT)
        assert hands.panel.view.isVisible()
        assert hands.panel.bar.field.text() == ""
        assert hands.shown == [1, 2, 3, 4, 5]

    def test_the_popup_narrows_at_once(self, hands: Hands) -> None:
        bar = hands.panel.bar
        QTest.mouseClick(bar.filter_button, LEFT)
        assert bar.popup.isVisible()
        QTest.mouseClick(bar.popup.kinds[SeamKind.CUT], LEFT, pos=QPoint(8, 8))
        assert hands.shown == [2, 4, 5]
        bar.popup.below.setFocus()
        QApplication.processEvents()
        QTest.keyClicks(bar.popup.below, "75")
        assert hands.shown == [4, 5]
        assert bar.summary.isVisible()
        assert bar.summary.text() == "Cut, below 75%"
        bar.popup.close()
        assert bar.filter_button.isChecked()
        QTest.mouseClick(bar.clear_button, LEFT)
        assert hands.shown == [1, 2, 3, 4, 5]
        assert not bar.summary.isVisible()
        assert not bar.filter_button.isChecked()

    def test_a_filter_holds_while_the_analysis_goes_on(self, hands: Hands) -> None:
        bar = hands.panel.bar
        bar.popup.shorter.setValue(5)
        assert hands.shown == [1, 2, 5]
        hands.click(1)
        hands.heard()
        hands.panel.set_shots(AddSeam(Seam(29, 30)).apply(hands.project))
        assert hands.shown == [1, 2, 3, 6]
        assert hands.panel.selected_numbers() == (3,)
        assert hands.heard() == []

    def test_another_film_is_shown_whole(self, hands: Hands, make_project: MakeProject) -> None:
        hands.panel.bar.field.setText("nowhere")
        hands.panel.set_shots(make_project(500, SEAMS[:1], fingerprint="two"))
        assert hands.shown == [1, 2]
        assert hands.panel.bar.field.text() == ""


class TestGrid:
    def test_switching_keeps_selection_place_and_keys(self, table: Hands, make_project: MakeProject) -> None:
        panel = table.panel
        panel.set_shots(make_project(4020, [Seam(at, at + 1) for at in range(19, 4000, 20)]))
        QApplication.processEvents()
        panel.table.verticalScrollBar().setValue(44 * 90)
        QTest.mouseClick(panel.table.viewport(), LEFT, pos=QPoint(100, 100))
        QTest.mouseClick(panel.table.viewport(), LEFT, SHIFT, QPoint(100, 200))
        numbers = panel.selected_numbers()
        assert numbers == (93, 94, 95)
        panel.toggle_grid()
        assert panel.grid.isVisible()
        assert panel.grid.hasFocus()
        assert panel.selected_numbers() == numbers
        assert 90 in panel.grid.visible_rows()
        panel.toggle_grid()
        assert panel.table.hasFocus()
        assert panel.selected_numbers() == numbers
        assert 90 in panel.table.visible_rows()

    def test_the_slider_sets_the_size(self, grid: Hands, qtbot: QtBot) -> None:
        panel = grid.panel
        widths = []
        for px in (96, 320):
            with qtbot.waitSignal(panel.look_changed):
                panel.foot.slider.setValue(px)
            picture = panel.grid.delegate.picture_rect(grid.rect(0))
            assert panel.grid.viewport().rect().contains(picture)
            widths.append(picture.width())
        assert widths == [96, 320]
        assert panel.picture_px == 320

    def test_tiles_show_picture_stripe_and_playhead(
        self,
        grid: Hands,
        plain_image: Callable[..., QImage],
        colour_at: Callable[[QWidget, int, int], str],
    ) -> None:
        panel = grid.panel
        project = note_shots(grid.project, [grid.project.shots[1]], colour=ShotColour.RED).apply(grid.project)
        panel.set_shots(project)
        panel.set_thumbnail(100, plain_image("#228844"))
        panel.set_current_frame(300)

        def look(row: int, x: int, y: int) -> str:
            at = panel.grid.viewport().mapTo(
                panel, panel.grid.delegate.picture_rect(grid.rect(row)).topLeft() + QPoint(x, y)
            )
            return colour_at(panel, at.x(), at.y())

        assert look(1, 80, 40) == "#228844"
        assert [look(row, -2, 40) == palette.SHOT_COLOURS["red"] for row in range(3)] == [False, True, False]
        assert [look(row, 80, 0) == palette.ACCENT for row in range(3)] == [False, False, True]

    def test_pictures_are_asked_for_what_is_visible(
        self, grid: Hands, make_project: MakeProject, qtbot: QtBot
    ) -> None:
        panel = grid.panel
        wanted: list[int] = []
        panel.thumbnail_wanted.connect(wanted.append)
        panel.set_shots(make_project(100_020, [Seam(at, at + 1) for at in range(19, 100_000, 20)]))
        qtbot.waitUntil(lambda: bool(wanted), timeout=2000)
        assert sorted(wanted) == [row * 20 for row in panel.grid.visible_rows()]
        assert 9 <= len(wanted) <= 16
        assert panel.grid.indexAt(panel.grid.viewport().rect().center()).row() in panel.grid.visible_rows()
