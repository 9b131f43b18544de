"""Adding, deleting and moving seams by keys and mouse; undo, redo; nothing of it is ever lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from seamline_resources.palette import SEAM_LOOKS
from seamline_widgets.shot_model import Column
from seamline_widgets.timeline_rows import FLAGS_PX

if TYPE_CHECKING:
    import pytest
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import CheapNetwork, Hands

    from seamline_app.main_window import MainWindow

CUT_COLOUR = QColor(SEAM_LOOKS["cut"].colour)
_FLAG_Y = FLAGS_PX // 2


def _has_flag(hands: Hands, frame: int) -> bool:
    """Whether the timeline shows a cut's flag where `frame` begins."""
    timeline = hands.window.timeline
    x = round(timeline.x_of(frame))
    strip = timeline.grab().toImage()
    # beside the flag's letter
    return any(
        strip.pixelColor(round(at * strip.devicePixelRatio()), 6) == CUT_COLOUR for at in range(x - 6, x + 7)
    )


def _menu_text(hands: Hands, action_id: str) -> str:
    return hands.window.actions_by_id[action_id].text()


class TestAdding:
    def test_m_adds_a_cut_at_the_playhead(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.click_timeline(80)
        assert not _has_flag(hands, 80)
        hands.press("M")
        assert hands.cuts == [25, 60, 80]
        assert hands.column(Column.SEAM)[3] == "Cut  by you"
        assert _has_flag(hands, 80)
        assert "1 correction" in hands.window.status.text

    def test_the_shot_of_the_playhead_stays_the_marked_one(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.click_timeline(80)
        hands.sees(80)
        delegate = hands.window.shots.table.itemDelegate()
        assert delegate.current_row == 2
        hands.press("M")
        assert delegate.current_row == 3
        hands.press("Ctrl+Z")
        assert delegate.current_row == 2

    def test_ctrl_k_does_too(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.click_timeline(40)
        hands.press("Ctrl+K")
        assert hands.cuts == [25, 40, 60]

    def test_it_comes_where_the_playhead_was_sent_although_the_picture_is_still_on_its_way(
        self, hands: Hands, film: FilmSpec
    ) -> None:
        hands.open(film)
        hands.press("Right", times=5)
        hands.press("M")
        assert hands.cuts == [5, 25, 60]

    def test_it_can_be_undone_and_done_again(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        assert not hands.window.actions_by_id["undo"].isEnabled()
        hands.add_cut(80)
        assert _menu_text(hands, "undo") == "Undo: Add cut"
        hands.press("Ctrl+Z")
        assert hands.cuts == [25, 60]
        assert not _has_flag(hands, 80)
        assert _menu_text(hands, "redo") == "Redo: Add cut"
        hands.press("Ctrl+Shift+Z")
        assert hands.cuts == [25, 60, 80]
        assert _has_flag(hands, 80)

    def test_a_second_cut_at_the_same_place_is_refused(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Down")
        hands.press("M")
        assert hands.message == ("There is a cut at 10:00:01:00 already: move or delete that one first.")
        assert hands.cuts == [25, 60]
        assert not hands.window.actions_by_id["undo"].isEnabled()

    def test_the_first_frame_cannot_begin_a_second_shot(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("M")
        assert hands.message.startswith("The first frame of a film cannot begin a second shot")
        assert hands.cuts == [25, 60]

    def test_a_message_goes_with_the_next_step_that_works(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("M")
        assert hands.message
        hands.add_cut(70)
        assert hands.message == ""


class TestDeleting:
    def test_delete_takes_the_selected_seam(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Down")
        assert _has_flag(hands, 25)
        hands.press("Delete")
        assert hands.cuts == [60]
        assert not _has_flag(hands, 25)
        assert _menu_text(hands, "undo") == "Undo: Delete cut"
        hands.press("Ctrl+Z")
        assert hands.cuts == [25, 60]
        hands.press("Ctrl+Y")
        assert hands.cuts == [60]

    def test_it_takes_the_one_whose_flag_was_clicked(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        x = round(hands.window.timeline.x_of(60))
        QTest.mouseClick(hands.window.timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, _FLAG_Y))
        hands.press("Delete")
        assert hands.cuts == [25]

    def test_without_a_seam_here_it_says_so(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.click_timeline(42)
        hands.press("Backspace")
        assert hands.message == "There is no seam at the playhead: select one, then delete it."
        assert hands.cuts == [25, 60]

    def test_a_seam_that_the_playhead_has_left_is_safe(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Down")
        hands.press("End")
        hands.press("Delete")
        assert hands.message.startswith("There is no seam at the playhead")
        assert hands.cuts == [25, 60]
        hands.press("Down")
        hands.press("Up")
        hands.press("Right")
        hands.press("Left")
        hands.press("Delete")
        assert hands.cuts == [25]

    def test_all_of_them(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Down")
        hands.press("Delete")
        hands.press("Down")
        hands.press("Delete")
        assert hands.cuts == []
        assert hands.window.status.text.startswith("0 seams, 1 shot")
        hands.press("Down")
        hands.press("Delete")
        assert hands.cuts == []


class TestMoving:
    def test_alt_and_arrows_nudge_by_a_frame_and_show_it(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Down")
        hands.press("Alt+Right", times=2)
        assert hands.cuts == [27, 60]
        hands.sees(27)
        hands.press("Alt+Left", times=3)
        assert hands.cuts == [24, 60]
        hands.sees(24)
        assert hands.column(Column.SEAM)[1] == "Cut  by you"
        assert _menu_text(hands, "undo") == "Undo: Move cut"
        hands.press("Ctrl+Z", times=5)
        assert hands.cuts == [25, 60]
        hands.press("Ctrl+Shift+Z", times=5)
        assert hands.cuts == [24, 60]

    def test_a_flag_is_dragged(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        timeline = hands.window.timeline
        start = QPoint(round(timeline.x_of(60)), _FLAG_Y)
        end = QPoint(round(timeline.x_of(72)), _FLAG_Y)
        hands.drag_timeline(start, (start + end) / 2, end)
        assert hands.cuts == [25, 72]
        hands.sees(72)
        assert _has_flag(hands, 72)
        hands.press("Ctrl+Z")
        assert hands.cuts == [25, 60]
        hands.press("Ctrl+Shift+Z")
        assert hands.cuts == [25, 72]

    def test_a_neighbour_is_in_the_way(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.add_cut(26)
        hands.press("Alt+Left")
        assert hands.message == ("There is a cut at 10:00:01:00 already: move or delete that one first.")
        assert hands.cuts == [25, 26, 60]

    def test_the_ends_of_the_film_are(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.add_cut(1)
        hands.press("Alt+Left")
        assert hands.message.startswith("The seam is at the end of the film already")
        hands.press("End")
        hands.press("M")
        hands.press("Alt+Right")
        assert hands.message.startswith("The seam is at the end of the film already")
        assert hands.cuts == [1, 25, 60, 99]


class TestKeeping:
    def test_steps_survive_closing_and_opening_and_can_still_be_undone(
        self,
        hands: Hands,
        film: FilmSpec,
        reopened: Callable[[Hands, FilmSpec], Hands],
    ) -> None:
        hands.open(film)
        hands.add_cut(80)
        hands.press("Up")
        hands.press("Delete")
        again = reopened(hands, film)
        assert again.cuts == [25, 80]
        again.press("Ctrl+Z")
        assert again.cuts == [25, 60, 80]
        again.press("Ctrl+Z")
        assert again.cuts == [25, 60]
        again.press("Ctrl+Shift+Z")
        assert again.cuts == [25, 60, 80]

    def test_each_film_keeps_its_own(self, hands: Hands, film: FilmSpec, films: FilmShelf) -> None:
        hands.open(film)
        hands.add_cut(80)
        hands.open(films("mp4"))
        assert hands.cuts == [25, 60]
        assert not hands.window.actions_by_id["undo"].isEnabled()
        assert _menu_text(hands, "undo") == "Undo"
        hands.open(film)
        assert hands.cuts == [25, 60, 80]

    def test_corrections_stand_while_the_analysis_goes_on_around_them(
        self, hands: Hands, network: CheapNetwork, long_film: FilmSpec
    ) -> None:
        network.delay_s = 0.1
        hands.open(long_film, analysed=False)
        hands.wait(lambda: 50 in hands.cuts)
        hands.press("Down")
        hands.press("Delete")
        hands.add_cut(431)
        hands.wait(lambda: not hands.window.analysis.is_running)
        assert hands.cuts == [*range(100, 450, 50)[:7], 431, 450, 500, 550]

    def test_a_step_that_cannot_be_stored_is_not_done(
        self, hands: Hands, film: FilmSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hands.open(film)
        hands.click_timeline(80)

        def full(*_: object, **__: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as patched:
            patched.setattr(sqlite3, "connect", full)
            hands.press("M")
        assert "could not be stored" in hands.message
        assert "disk is full" in hands.message
        assert hands.cuts == [25, 60]
        hands.press("M")
        assert hands.cuts == [25, 60, 80]

    def test_the_buttons_do_what_the_keys_do(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        bar = hands.window.transport
        for button, cuts in (("next_seam", [25, 60]), ("delete_seam", [60])):
            QTest.mouseClick(bar.button(button), Qt.MouseButton.LeftButton)
            assert hands.cuts == cuts
        hands.click_timeline(33)
        QTest.mouseClick(bar.button("add_seam"), Qt.MouseButton.LeftButton)
        assert hands.cuts == [33, 60]


def test_the_menu_names_the_step(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.add_cut(80)
    hands.menu("Edit", "Undo: Add cut")
    assert hands.cuts == [25, 60]
    hands.menu("Edit", "Redo: Add cut")
    assert hands.cuts == [25, 60, 80]


class TestTwoWindows:
    def test_the_second_window_on_a_film_only_looks(
        self,
        hands: Hands,
        film: FilmSpec,
        make_window: Callable[[], MainWindow],
        more_hands: Callable[[MainWindow], Hands],
    ) -> None:
        hands.open(film)
        hands.add_cut(80)
        other = more_hands(make_window())
        other.open(film)
        assert "another window" in other.message
        assert other.cuts == [25, 60, 80]
        other.click_timeline(40)
        other.sees(40)
        other.press("M")
        assert other.cuts == [25, 60, 80]
        assert "close that window" in other.message
        hands.window.close()
        other.open(film)
        other.add_cut(40)
        assert other.cuts == [25, 40, 60, 80]

    def test_a_film_opened_again_in_its_own_window_can_be_corrected(
        self, hands: Hands, film: FilmSpec
    ) -> None:
        hands.open(film)
        hands.open(film)
        assert hands.message == ""
        hands.add_cut(80)
        assert hands.cuts == [25, 60, 80]
