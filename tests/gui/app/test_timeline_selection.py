"""Several seams at once on the timeline: chosen, dragged, deleted; and the view that goes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from seamline.project.types import SeamKind
from seamline_widgets.shot_model import Column
from seamline_widgets.timeline_rows import FLAGS_PX

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
CTRL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
_CUTS = list(range(50, 600, 50))


@pytest.fixture
def editor(hands: Hands, long_film: FilmSpec) -> Hands:
    hands.open(long_film)
    assert hands.cuts == _CUTS
    return hands


def _flag(hands: Hands, frame: float) -> QPoint:
    """On the flag of the seam at `frame`, or between the flags."""
    return QPoint(round(hands.window.timeline.x_of(frame)), FLAGS_PX // 2)


def _click_flag(hands: Hands, frame: int, keys: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.mouseClick(hands.window.timeline, LEFT, keys, _flag(hands, frame))


def _drag(hands: Hands, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = PLAIN) -> None:
    timeline = hands.window.timeline
    QTest.mousePress(timeline, LEFT, keys, start)
    for share in (0.2, 0.6, 1.0):
        at = start + QPoint(round((end - start).x() * share), round((end - start).y() * share))
        QTest.mouseMove(timeline, at)
    QTest.mouseRelease(timeline, LEFT, keys, end)


def _selected(hands: Hands) -> list[int]:
    document = hands.window.document
    assert document is not None
    return [seam.cut_frame for seam in document.selection]


def _steps(hands: Hands) -> int:
    document = hands.window.document
    assert document is not None
    return document.steps[1]


class TestChoosing:
    def test_a_rubber_band_takes_all_in_it(self, editor: Hands) -> None:
        _drag(editor, _flag(editor, 125), _flag(editor, 275))
        assert _selected(editor) == [150, 200, 250]
        assert editor.window.timeline.selected_id is not None
        rows = editor.window.shots.selected_numbers()
        assert rows == (4, 5, 6)
        editor.click_timeline(275)
        assert _selected(editor) == []

    def test_ctrl_and_click_adds_and_takes_away_and_shift_takes_all_up_to_it(self, editor: Hands) -> None:
        for frame in (100, 300, 500):
            _click_flag(editor, frame, CTRL)
        assert _selected(editor) == [100, 300, 500]
        _click_flag(editor, 300, CTRL)
        assert _selected(editor) == [100, 500]
        _click_flag(editor, 400)
        _click_flag(editor, 250, SHIFT)
        assert _selected(editor) == [250, 300, 350, 400]

    def test_one_chosen_in_the_list_of_shots_goes_there(self, editor: Hands) -> None:
        table = editor.window.shots.table
        first, last = (table.visualRect(table.model().index(row, Column.START)).center() for row in (2, 4))
        QTest.mouseClick(table.viewport(), LEFT, PLAIN, first)
        editor.sees(100)
        QTest.mouseClick(table.viewport(), LEFT, SHIFT, last)
        assert _selected(editor) == [100, 150, 200]


class TestDeleting:
    def test_several_are_one_step(self, editor: Hands) -> None:
        _drag(editor, _flag(editor, 125), _flag(editor, 275))
        editor.press("Delete")
        assert editor.cuts == [50, 100, *range(300, 600, 50)]
        assert _steps(editor) == 1
        assert editor.window.actions_by_id["undo"].text() == "Undo: Delete 3 seams"
        editor.press("Ctrl+Z")
        assert editor.cuts == _CUTS
        editor.press("Ctrl+Shift+Z")
        assert editor.cuts == [50, 100, *range(300, 600, 50)]
        editor.press("Ctrl+Z")
        editor.press("Ctrl+A")
        assert _selected(editor) == _CUTS
        editor.press("Delete")
        assert editor.cuts == []
        editor.press("Ctrl+Z")
        assert editor.cuts == _CUTS

    def test_several_are_confirmed_and_changed_in_one_step_each(self, editor: Hands) -> None:
        _drag(editor, _flag(editor, 125), _flag(editor, 275))
        editor.press("C")
        assert editor.window.status.review == "Reviewed 3 of 11, 8 left"
        editor.press("Alt+Right")
        assert editor.cuts[2:5] == [151, 201, 251]
        assert _selected(editor) == [151, 201, 251]
        editor.press("Ctrl+Z", times=2)
        assert editor.cuts == _CUTS
        assert editor.window.status.review == ""


class TestDragging:
    def test_several_go_along(self, editor: Hands) -> None:
        _drag(editor, _flag(editor, 125), _flag(editor, 275))
        _drag(editor, _flag(editor, 200), _flag(editor, 220))
        moved = editor.cuts[2:5]
        assert [cut - moved[0] for cut in moved] == [0, 50, 100]
        assert 165 <= moved[0] <= 175
        assert editor.cuts[:2] + editor.cuts[5:] == [50, 100, *range(300, 600, 50)]
        assert _selected(editor) == moved
        assert _steps(editor) == 1
        editor.press("Ctrl+Z")
        assert editor.cuts == _CUTS

    def test_shift_makes_a_dissolve_of_a_cut(self, editor: Hands) -> None:
        editor.window.go_to(300)
        editor.press("+", times=4)
        _drag(editor, _flag(editor, 300), _flag(editor, 306), SHIFT)
        document = editor.window.document
        assert document is not None
        seam = document.seam_at(300)
        assert seam is not None
        assert seam.kind is SeamKind.DISSOLVE
        assert (seam.out_frame, seam.in_frame) == (293, 306)
        assert editor.window.timeline.selected_id == seam.id
        editor.press("Ctrl+Z")
        assert editor.cuts == _CUTS

    def test_escape_or_an_undo_in_the_middle_ends_a_drag(self, editor: Hands) -> None:
        timeline = editor.window.timeline
        start, end = _flag(editor, 300), _flag(editor, 320)
        QTest.mousePress(timeline, LEFT, PLAIN, start)
        QTest.mouseMove(timeline, (start + end) / 2)
        QTest.mouseMove(timeline, end)
        QTest.keySequence(editor.window.windowHandle(), "Esc")
        QTest.mouseRelease(timeline, LEFT, PLAIN, end)
        assert editor.cuts == _CUTS
        assert _steps(editor) == 0
        editor.add_cut(325)
        start, end = _flag(editor, 325), _flag(editor, 335)
        QTest.mousePress(timeline, LEFT, PLAIN, start)
        QTest.mouseMove(timeline, (start + end) / 2)
        QTest.mouseMove(timeline, end)
        QTest.keySequence(editor.window.windowHandle(), "Ctrl+Z")
        QTest.mouseRelease(timeline, LEFT, PLAIN, end)
        assert editor.cuts == _CUTS


class TestTheView:
    def test_z_shows_what_is_selected_or_marked_and_shift_z_all(self, editor: Hands) -> None:
        timeline = editor.window.timeline
        _drag(editor, _flag(editor, 125), _flag(editor, 275))
        editor.press("Z")
        assert 0 < timeline.x_of(150) < timeline.x_of(250) < timeline.width()
        assert timeline.x_of(250) - timeline.x_of(150) > timeline.width() / 2
        editor.press("Shift+Z")
        assert (round(timeline.x_of(0)), round(timeline.x_of(600))) == (0, timeline.width())

        editor.click_timeline(275)
        for frame, key in ((410, "I"), (480, "O")):
            editor.click_timeline(frame)
            editor.press(key)
        editor.press("Z")
        assert 0 <= timeline.x_of(410) < timeline.x_of(481) <= timeline.width()
        assert timeline.x_of(481) - timeline.x_of(410) > timeline.width() / 3

    def test_the_playhead_snaps_to_seams_until_s(self, editor: Hands) -> None:
        timeline = editor.window.timeline
        y = timeline.rows.ruler_bottom - 4
        near = QPoint(round(timeline.x_of(202)), y)
        editor.drag_timeline(QPoint(round(timeline.x_of(225)), y), (near + QPoint(20, 0)), near)
        editor.sees(200)
        editor.press("S")
        editor.drag_timeline(QPoint(round(timeline.x_of(225)), y), (near + QPoint(20, 0)), near)
        assert editor.window.shown_frame in (201, 202)
