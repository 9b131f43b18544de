"""The picture on the screen is the frame that was asked for, by its painted number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from seamline_widgets.shot_model import Column

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands


class TestKeys:
    def test_arrows_step_by_frame(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        for frame in (1, 2, 3):
            hands.press("Right")
            hands.sees(frame)
        hands.press("Left")
        hands.sees(2)

    def test_many_steps_in_a_row_all_count(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Right", times=7)
        hands.press("Left", times=2)
        hands.sees(5)

    def test_shift_and_arrows_go_by_seconds(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Shift+Right", times=2)
        hands.sees(50)
        hands.press("Shift+Left")
        hands.sees(25)

    def test_home_and_end(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("End")
        hands.sees(99)
        hands.press("Right")
        hands.sees(99)
        hands.press("Home")
        hands.sees(0)
        hands.press("Left")
        hands.sees(0)

    def test_down_and_up_go_from_seam_to_seam(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        for frame in (25, 60, 60):
            hands.press("Down")
            hands.sees(frame)
        hands.press("Up")
        hands.sees(25)

    def test_a_seam_key_right_after_a_step_counts_from_where_the_step_led(
        self, hands: Hands, film: FilmSpec
    ) -> None:
        hands.open(film)
        hands.press("End")
        hands.press("Up")
        hands.sees(60)

    def test_the_list_follows(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Down")
        hands.sees(25)
        assert hands.column(Column.NUMBER) == ["1", "2", "3"]
        selected = hands.window.shots.table.selectionModel().selectedRows()
        assert [index.row() for index in selected] == [1]


class TestMouse:
    def test_a_click_in_the_timeline(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        for frame in (73, 12, 98):
            hands.click_timeline(frame)
            hands.sees(frame)

    def test_scrubbing_ends_where_the_mouse_is_released(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        stations = [hands.timeline_point(frame) for frame in (10, 20, 40, 80, 45, 33)]
        hands.drag_timeline(*stations)
        hands.sees(33)

    def test_scrubbing_shows_pictures_on_the_way(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        QTest.mousePress(hands.window.timeline, Qt.MouseButton.LeftButton, pos=hands.timeline_point(5))
        for frame in (30, 55, 90):
            QTest.mouseMove(hands.window.timeline, hands.timeline_point(frame))
            hands.sees(frame)
        QTest.mouseRelease(hands.window.timeline, Qt.MouseButton.LeftButton, pos=hands.timeline_point(90))
        hands.sees(90)

    def test_a_double_click_in_the_list_goes_to_the_shot(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        shots = hands.window.shots.table
        at = shots.visualRect(shots.model().index(2, Column.START)).center()
        QTest.mouseClick(shots.viewport(), Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseDClick(shots.viewport(), Qt.MouseButton.LeftButton, pos=at)
        hands.sees(60)
        first = shots.visualRect(shots.model().index(0, Column.THUMBNAIL)).center()
        QTest.mouseDClick(shots.viewport(), Qt.MouseButton.LeftButton, pos=first)
        hands.sees(0)

    def test_keys_work_after_every_click(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        shots = hands.window.shots.table
        QTest.mouseClick(shots.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
        hands.press("End")
        hands.sees(99)
        hands.click_timeline(40)
        hands.press("Home")
        hands.sees(0)
        QTest.mouseClick(hands.window.transport.button("step_forward"), Qt.MouseButton.LeftButton)
        hands.press("Right")
        hands.sees(2)


class TestPlaying:
    def test_space_plays_and_pauses(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Space")
        hands.wait(lambda: (hands.window.picture.frame or 0) > 5)
        hands.press("Space")
        assert hands.window.player.speed == 0
        hands.wait(lambda: hands.window.picture.frame == hands.window.player.frame)
        hands.pause(150)
        stopped_at = hands.window.player.frame
        hands.sees(stopped_at)

    def test_it_stops_at_the_last_frame_and_begins_again(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.click_timeline(90)
        hands.sees(90)
        hands.press("Space")
        hands.wait(lambda: hands.window.player.speed == 0)
        hands.sees(99)
        hands.press("Space")
        hands.wait(lambda: 0 < (hands.window.picture.frame or 0) < 90)

    def test_l_doubles_up_to_eight_times(self, hands: Hands, long_film: FilmSpec) -> None:
        hands.open(long_film)
        for speed, text in ((1, ""), (2, "2×"), (4, "4×"), (8, "8×"), (8, "8×")):
            hands.press("L")
            assert hands.window.player.speed == speed
            assert hands.window.transport.speed_text == text
        hands.press("K")
        assert hands.window.player.speed == 0

    def test_j_doubles_backwards_and_turns_at_normal_speed(self, hands: Hands, long_film: FilmSpec) -> None:
        hands.open(long_film)
        hands.press("End")
        hands.sees(599)
        for speed, text in ((-1, "−1×"), (-2, "−2×"), (-4, "−4×"), (-8, "−8×")):
            hands.press("J")
            assert hands.window.player.speed == speed
            assert hands.window.transport.speed_text == text
        hands.wait(lambda: (hands.window.picture.frame or 599) < 590)
        hands.press("L")
        assert hands.window.player.speed == 1
        hands.press("K")

    def test_a_step_or_a_click_pauses(self, hands: Hands, long_film: FilmSpec) -> None:
        hands.open(long_film)
        hands.press("Space")
        hands.wait(lambda: (hands.window.picture.frame or 0) > 3)
        hands.press("Right")
        assert hands.window.player.speed == 0
        hands.press("Space")
        hands.wait(lambda: (hands.window.picture.frame or 0) > 10)
        hands.click_timeline(305)
        assert hands.window.player.speed == 0
        hands.sees(hands.window.timeline.playhead)

    def test_the_playhead_moves_with_the_picture(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        seen = []
        hands.window.player.picture_ready.connect(
            lambda _, frame: seen.append((frame, hands.window.timeline.playhead))
        )
        hands.press("L")
        hands.wait(lambda: len(seen) > 10)
        hands.press("K")
        assert all(frame == playhead for frame, playhead in seen)


def test_every_kind_of_film_shows_the_frame_that_was_asked_for(hands: Hands, films: FilmShelf) -> None:
    for kind in ("mp4_rotated", "mp4_anamorphic", "mp4_variable", "ts", "mov_drop_frame"):
        hands.open(films(kind))
        for key, frame in (("End", 99), ("Left", 98), ("Home", 0), ("Right", 1)):
            hands.press(key)
            hands.sees(frame)


def test_after_a_frame_that_cannot_be_read_the_playhead_is_where_the_picture_is(
    hands: Hands, film: FilmSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.open(film)
    hands.press("Right", times=3)
    hands.sees(3)
    monkeypatch.setattr(hands.window.player, "seek", lambda _: None)
    hands.press("End")
    assert hands.window.timeline.playhead == 99
    hands.window.player.failed.emit("“film.mp4” cannot be read.")
    assert hands.message == "“film.mp4” cannot be read."
    assert hands.window.shown_frame == 3
    hands.sees(3)
