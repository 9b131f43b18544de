"""In and out by their keys, playing in a loop between them, and the speeds of J, K and L in the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

J, K, L = Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_L


def _line(hands: Hands) -> str:
    """What stands under the position, at full length."""
    labels = hands.window.transport.findChildren(QLabel)
    return next(
        x.toolTip() for x in labels if x.accessibleName() == "Frame and length of the film, in and out"
    )


@contextmanager
def _seen(hands: Hands) -> Iterator[list[int]]:
    """The frames that come to the screen meanwhile."""
    frames: list[int] = []

    def note(_: object, frame: int) -> None:
        frames.append(frame)

    hands.window.player.picture_ready.connect(note)
    yield frames
    hands.window.player.picture_ready.disconnect(note)


def _has_turned(frames: list[int], way: int) -> bool:
    """Whether playing that way has begun anew: nothing else goes against it."""
    return any((after - before) * way < 0 for before, after in pairwise(frames))


def _mark(hands: Hands, in_frame: int, out_frame: int) -> None:
    hands.click_timeline(in_frame)
    hands.press("I")
    hands.click_timeline(out_frame)
    hands.press("O")


class TestMarking:
    def test_i_and_o_mark_and_shift_goes_there(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        _mark(hands, 10, 40)
        assert "In 10:00:00:10" in _line(hands)
        assert "Out 10:00:01:15" in _line(hands)
        assert "00:00:01:06" in _line(hands)  # both belong to it
        hands.press("Shift+I")
        hands.sees(10)
        hands.press("Shift+O")
        hands.sees(40)

    def test_x_marks_the_shot_and_alt_x_clears(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        actions = hands.window.actions_by_id
        assert not actions["clear_marks"].isEnabled()
        hands.click_timeline(42)
        hands.press("X")
        hands.press("Shift+I")
        hands.sees(25)
        hands.press("Shift+O")
        hands.sees(59)
        hands.press("Alt+X")
        assert "In" not in _line(hands)
        assert not actions["go_to_in"].isEnabled()
        hands.press("Shift+I")
        hands.sees(59)

    def test_they_are_dragged_in_the_ruler_and_an_out_before_in_takes_it_away(
        self, hands: Hands, film: FilmSpec
    ) -> None:
        hands.open(film)
        _mark(hands, 10, 40)
        timeline = hands.window.timeline
        y = timeline.rows.ruler_bottom - 4
        start, end = (QPoint(round(timeline.x_of(frame)), y) for frame in (10, 18))
        hands.drag_timeline(start, (start + end) / 2, end)
        hands.press("Shift+I")
        hands.sees(18)
        hands.click_timeline(8)
        hands.press("O")
        assert "Out 10:00:00:08" in _line(hands)
        assert not hands.window.actions_by_id["go_to_in"].isEnabled()

    def test_they_survive_closing_and_opening(
        self, hands: Hands, film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
    ) -> None:
        hands.open(film)
        _mark(hands, 10, 40)
        again = reopened(hands, film)
        again.press("Shift+O")
        again.sees(40)
        again.press("Shift+I")
        again.sees(10)
        again.press("Alt+X")
        once_more = reopened(again, film)
        assert not once_more.window.actions_by_id["go_to_in"].isEnabled()

    def test_another_film_has_its_own(self, hands: Hands, film: FilmSpec, long_film: FilmSpec) -> None:
        hands.open(film)
        _mark(hands, 10, 40)
        hands.open(long_film)
        assert not hands.window.actions_by_id["go_to_in"].isEnabled()
        hands.open(film)
        hands.press("Shift+I")
        hands.sees(10)


class TestTheLoop:
    @pytest.mark.timed
    def test_it_stays_between_in_and_out(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        _mark(hands, 30, 42)
        hands.press("Ctrl+L")
        assert hands.window.transport.button("play_loop").isChecked()
        for key, way, start in (("Space", 1, 36), ("J", -1, 36), ("L", 1, 80)):
            hands.click_timeline(start)
            hands.sees(start)
            with _seen(hands) as frames:
                hands.press(key)
                hands.wait(partial(_has_turned, frames, way))
                hands.press("K")
            assert set(frames) <= set(range(30, 43))
            assert len(set(frames)) > 6

    def test_without_marks_it_is_the_film_and_without_it_out_is_no_end(
        self, hands: Hands, film: FilmSpec
    ) -> None:
        hands.open(film)
        hands.click_timeline(94)
        hands.sees(94)
        hands.press("Ctrl+L")
        with _seen(hands) as frames:
            hands.press("Space")
            hands.wait(lambda: 3 in frames)
            hands.press("Space")
        assert max(frames) == 99
        hands.press("Ctrl+L")
        _mark(hands, 30, 36)
        hands.press("Space")
        hands.wait(lambda: (hands.window.picture.frame or 0) > 40)
        hands.press("Space")

    def test_marks_set_while_it_plays_hold_at_once(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Ctrl+L")
        hands.press("Space")
        hands.wait(lambda: (hands.window.picture.frame or 0) >= 8)
        hands.press("O")
        with _seen(hands) as frames:
            hands.wait(lambda: 1 in frames)
        hands.press("Space")
        out_frame = int(_line(hands).rpartition(":")[2][:2])
        assert max(frames) <= out_frame < 25


class TestTheSpeeds:
    def test_again_is_faster_and_k_stops(self, hands: Hands, long_film: FilmSpec) -> None:
        hands.open(long_film)
        hands.click_timeline(310)
        hands.sees(310)
        for key, said in ((L, ["", "2×", "4×", "8×", "8×"]), (J, ["−1×", "−2×", "−4×", "−8×", "−8×"])):
            for text in said:
                QTest.keyClick(hands.window, key)
                assert hands.window.transport.speed_text == text
            QTest.keyClick(hands.window, K)
            assert hands.window.player.speed == 0

    @pytest.mark.parametrize(("key", "way"), [(L, 1), (J, -1)], ids=["L", "J"])
    def test_k_and_a_tap_is_a_frame_and_held_it_is_slow(
        self, hands: Hands, film: FilmSpec, key: Qt.Key, way: int
    ) -> None:
        hands.open(film)
        hands.click_timeline(50)
        hands.sees(50)
        QTest.keyPress(hands.window, K)
        QTest.keyClick(hands.window, key)
        hands.sees(50 + way)
        QTest.keyPress(hands.window, key)
        hands.wait(lambda: hands.window.player.speed == 0.25 * way)
        assert hands.window.transport.speed_text == ("0.25×" if way > 0 else "−0.25×")
        hands.wait(lambda: ((hands.window.picture.frame or 0) - 50) * way > 3)
        QTest.keyRelease(hands.window, key)
        assert hands.window.player.speed == 0
        QTest.keyRelease(hands.window, K)
        stopped = hands.window.picture.frame
        assert stopped is not None
        hands.pause(150)
        assert abs((hands.window.picture.frame or 0) - stopped) <= 1
        hands.press("Right")
        hands.press("Left")
        hands.sees(hands.window.shown_frame)
