"""Shots selected by mouse and keys, and which keys are the list's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest
from PySide6.QtCore import QPoint, Qt

if TYPE_CHECKING:
    from tests.gui.widgets.shots_panel.conftest import Hands

KEY: TypeAlias = Qt.Key
MODIFIER: TypeAlias = Qt.KeyboardModifier
SHIFT, CTRL = MODIFIER.ShiftModifier, MODIFIER.ControlModifier


class TestSelecting:
    def test_one_is_told_by_its_seam(self, hands: Hands) -> None:
        hands.click(2)
        hands.click(0)
        assert hands.heard() == [("seam_selected", hands.ids[2]), ("seam_selected", "")]

    def test_shift_and_ctrl_take_more(self, hands: Hands) -> None:
        hands.click(1)
        hands.click(3, SHIFT)
        assert hands.panel.selected_numbers() == (2, 3, 4)
        hands.click(2, CTRL)
        assert hands.panel.selected_numbers() == (2, 4)
        hands.click(0, CTRL)
        assert hands.heard() == [
            ("seam_selected", hands.ids[1]),
            ("seams_selected", (hands.ids[3], hands.ids[1], hands.ids[2])),
            ("seams_selected", (hands.ids[1], hands.ids[3])),
            ("seams_selected", ("", hands.ids[1], hands.ids[3])),
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
        assert hands.heard()[-1] == (
            "seams_selected",
            (hands.ids[3], "", hands.ids[1], hands.ids[2], hands.ids[4]),
        )
        assert hands.panel.foot.count.text() == "5 shots · 5 selected · 00:00:40:00"

    def test_what_the_window_selects_is_not_told_back(self, hands: Hands) -> None:
        hands.panel.set_selected(hands.ids[3], [hands.ids[1]])
        assert hands.panel.selection.ids == (hands.ids[3], hands.ids[1])
        hands.panel.set_selected(None)
        assert hands.panel.selected_numbers() == ()
        assert hands.heard() == []

    def test_the_first_shot_stays_though_it_begins_with_no_seam(self, hands: Hands) -> None:
        hands.click(0)
        hands.click(1, SHIFT)
        hands.panel.set_selected(hands.ids[1])  # as the window does when it has selected what it was told
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
        hands.panel.set_selected(hands.ids[2])
        hands.press(KEY.Key_PageUp)
        hands.press(KEY.Key_Down, SHIFT)
        assert len(hands.panel.selected_numbers()) > 1
        hands.panel.toggle_grid()
        hands.panel.set_selected(hands.ids[2])
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
