"""Shots named and commented, and what their menu asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from seamline.project.edits import AddSeam, ConfirmSeam, note_shots
from seamline.project.types import Seam, ShotColour
from seamline_resources import palette
from seamline_resources.shortcuts import shortcut
from seamline_widgets.actions import make_action
from seamline_widgets.shot_model import Column

if TYPE_CHECKING:
    from tests.gui.widgets.shots_panel.conftest import Hands

KEY: TypeAlias = Qt.Key
RIGHT = Qt.MouseButton.RightButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


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
            ("seam_selected", hands.ids[2]),
            ("noted", (3,), {"name": "B"}),
            ("seam_selected", hands.ids[1]),
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

    def test_a_refused_name_is_there_to_be_kept_after_all(self, hands: Hands, qtbot: QtBot) -> None:
        hands.click(2)
        hands.press(KEY.Key_F2)
        hands.type("N" * 300)
        hands.heard()
        hands.press(KEY.Key_Return)
        assert hands.heard() == [("noted", (3,), {"name": "N" * 256})]
        hands.panel.rename_again("Night")
        qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
        hands.panel.set_shots(AddSeam(Seam(29, 30)).apply(hands.project))  # as the analysis goes on
        assert self._editor(hands).text() == "Night"
        hands.press(KEY.Key_Return)
        assert hands.heard() == [("noted", (4,), {"name": "Night"})]


class TestCommenting:
    def test_shift_f2_opens_a_field(self, hands: Hands) -> None:
        hands.click(2)
        hands.heard()
        hands.press(KEY.Key_F2, SHIFT)
        editor = hands.panel.commenting.editor
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

    def _title(self, hands: Hands) -> str:
        return next(label.text() for label in hands.panel.commenting.editor.findChildren(QLabel))

    def test_no_more_is_taken_than_a_project_keeps_and_that_is_said(self, hands: Hands) -> None:
        hands.click(2)
        hands.panel.comment()
        field = hands.panel.commenting.editor.field
        QGuiApplication.clipboard().setText("🎬" + "x" * 2100)
        hands.press(KEY.Key_V, CTRL)
        assert field.toPlainText() == "🎬" + "x" * 1999
        assert self._title(hands) == "Comment on shot 3 · 2,000 at most"
        field.moveCursor(QTextCursor.MoveOperation.Start)
        hands.type("ab")
        assert field.toPlainText() == "🎬" + "x" * 1999
        hands.press(KEY.Key_Delete)
        assert self._title(hands) == "Comment on shot 3"
        QGuiApplication.clipboard().setText("a🎬")
        hands.press(KEY.Key_V, CTRL)
        assert field.toPlainText() == "a" + "x" * 1999
        hands.heard()
        hands.press(KEY.Key_Return)
        assert hands.heard() == [("noted", (3,), {"comment": "a" + "x" * 1999})]

    def test_what_was_refused_is_there_to_be_kept_after_all(self, hands: Hands, qtbot: QtBot) -> None:
        hands.click(1)
        hands.click(2, SHIFT)
        hands.panel.comment()
        hands.type("Soft")
        hands.press(KEY.Key_Return)
        hands.panel.comment_again("Soft")
        field = hands.panel.commenting.editor.field
        qtbot.waitUntil(field.hasFocus)
        hands.type("er")
        hands.heard()
        hands.press(KEY.Key_Return)
        assert hands.heard() == [("noted", (2, 3), {"comment": "Softer"})]


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
        hands.panel.set_shots(ConfirmSeam(hands.seams[2]).apply(hands.project))
        hands.click(1)
        hands.click(3, SHIFT)
        hands.heard()
        for name in ("mark", "confirm", "join", "go_to", "violet", "none"):
            self._open(hands, 2)[name].trigger()
        assert hands.heard() == [
            ("mark_wanted", 100, 899),
            ("confirm_wanted", (hands.ids[2], hands.ids[1], hands.ids[3])),
            ("join_wanted", (hands.ids[2], hands.ids[3])),
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

    def test_ctrl_c_copies_the_selected(self, hands: Hands) -> None:
        hands.click(1)
        hands.click(2, SHIFT)
        hands.heard()
        hands.press(KEY.Key_C, CTRL)
        assert hands.heard() == [("copy_wanted", (2, 3))]
