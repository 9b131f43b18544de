"""Shots found by a filter, and shown as pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from seamline.project.edits import AddSeam, note_shots
from seamline.project.types import Project, Seam, SeamKind, ShotColour
from seamline_resources import palette

if TYPE_CHECKING:
    from tests.gui.widgets.shots_panel.conftest import Hands

KEY: TypeAlias = Qt.Key
LEFT = Qt.MouseButton.LeftButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
MakeProject = Callable[..., Project]


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
        assert bar.summary.text() == "Cut, below 75\u2009%"
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

    def test_what_is_not_to_be_seen_any_more_is_not_selected_either(self, hands: Hands) -> None:
        hands.press(KEY.Key_A, CTRL)
        hands.heard()
        hands.panel.focus_filter()
        hands.panel.bar.field.setText("01:00:28")
        assert hands.panel.selected_numbers() == (4,)
        assert hands.heard() == [("seams_selected", (hands.ids[3],))]
        hands.type("x")
        assert hands.heard() == [("seams_selected", ())]
        hands.press(KEY.Key_Escape)
        assert hands.shown == [1, 2, 3, 4, 5]
        assert hands.panel.selected_numbers() == ()
        assert hands.heard() == []

    def test_what_the_window_selects_behind_a_filter_is_selected_when_it_goes(self, hands: Hands) -> None:
        hands.panel.focus_filter()
        hands.type("01:00:28")
        hands.panel.set_selected(hands.ids[3], [hands.ids[1]])
        assert hands.panel.selected_numbers() == (4,)
        hands.press(KEY.Key_Escape)
        assert hands.panel.selected_numbers() == (2, 4)
        assert hands.heard() == []

    def test_a_filter_leaves_what_it_shows_selected(self, hands: Hands) -> None:
        hands.click(0)
        hands.click(1, SHIFT)
        hands.panel.set_selected(hands.ids[1])  # as the window does when it has selected what it was told
        hands.heard()
        hands.panel.bar.popup.shorter.setValue(5)
        assert hands.shown == [1, 2, 5]
        assert hands.panel.selected_numbers() == (1, 2)
        assert hands.heard() == []

    @pytest.mark.parametrize("key", [KEY.Key_Down, KEY.Key_Up, KEY.Key_Home, KEY.Key_End])
    def test_a_single_row_is_selected_by_keys(self, hands: Hands, key: KEY) -> None:
        hands.panel.set_current_frame(750)
        hands.panel.focus_filter()
        hands.type("01:00:28")
        hands.press(KEY.Key_Down)  # into the list
        assert hands.panel.view.hasFocus()
        hands.press(key)
        assert hands.panel.selected_numbers() == (4,)
        assert hands.heard() == [("seam_selected", hands.ids[3])]

    def test_another_film_is_shown_whole(self, hands: Hands, make_project: MakeProject) -> None:
        hands.panel.bar.field.setText("nowhere")
        hands.panel.set_shots(make_project(500, hands.seams[:1], fingerprint="two"))
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
