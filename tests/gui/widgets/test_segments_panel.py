"""The panel of segments: controls, plot, list, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from seamline_resources import palette
from seamline_widgets.segment_controls import SegmentChoices
from seamline_widgets.segment_model import SegmentItem
from seamline_widgets.segments_panel import EMPTY_HINT, SegmentsPanel

LEFT = Qt.MouseButton.LeftButton
METHODS = (("plain", "Plain", "As it is."), ("clever", "Clever", "As it should be."))


def items(count: int = 10, length: int = 100) -> list[SegmentItem]:
    return [
        SegmentItem(
            number + 1,
            number * length,
            (number + 1) * length,
            f"00:00:{number * 4:02d}:00",
            f"00:00:{number * 4 + 4:02d}:00",
            "4:00",
            "2 shots",
            (number * length + 10, number * length + 50, number * length + 90),
        )
        for number in range(count)
    ]


@pytest.fixture
def panel(qtbot: QtBot) -> SegmentsPanel:
    widget = SegmentsPanel(METHODS)
    qtbot.addWidget(widget)
    widget.resize(440, 640)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def show(panel: SegmentsPanel, some: list[SegmentItem]) -> None:
    frames = np.arange(6, 1000, 6, dtype=np.int64)
    scores = np.linspace(0, 1, len(frames), dtype=np.float32)
    starts = np.array([item.start_frame for item in some], np.int64)
    panel.set_film(1000, lambda frame: f"00:00:{frame // 25:02d}:{frame % 25:02d}", 25)
    panel.show_segments(some, frames, scores, np.full_like(scores, 0.5), starts, f"{len(some)} segments")


@pytest.fixture
def wanted(panel: SegmentsPanel) -> list[int]:
    frames: list[int] = []
    panel.seek_wanted.connect(frames.append)
    return frames


def test_a_notice_until_there_are_segments(panel: SegmentsPanel) -> None:
    assert panel.notice.text == EMPTY_HINT
    assert not panel.is_shown
    show(panel, items())
    assert panel.is_shown
    assert panel.summary == "10 segments"
    panel.say("Analysing…", is_working=True)
    assert not panel.is_shown


def test_rows_say_what_a_segment_is(panel: SegmentsPanel) -> None:
    QAbstractItemModelTester(panel.list.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    show(panel, items())
    assert panel.list.model().index(2, 0).data() == "3   00:00:08:00 – 00:00:12:00   4:00   2 shots"
    show(panel, items(4))
    assert panel.list.model().rowCount() == 4


def test_a_click_on_a_picture_goes_to_its_frame_and_one_beside_to_the_start(
    panel: SegmentsPanel, wanted: list[int]
) -> None:
    show(panel, items())
    second = panel.list.keyframe_rect(1, 1)
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=second.center())
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=QPoint(420, second.center().y()))
    assert wanted == [150, 100]


def test_visible_rows_ask_for_their_pictures_once(qtbot: QtBot, panel: SegmentsPanel) -> None:
    asked: list[int] = []
    panel.picture_wanted.connect(asked.append)
    show(panel, items())
    qtbot.waitUntil(lambda: bool(asked))
    rows = len(panel.list.visible_rows())
    assert 1 < rows < 10
    assert sorted(asked) == sorted(frame for item in items()[:rows] for frame in item.keyframes)
    panel.list.verticalScrollBar().setValue(panel.list.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: 990 in asked)
    assert len(asked) == len(set(asked))


def test_a_picture_is_painted_where_it_belongs_and_marked_at_the_playhead(
    panel: SegmentsPanel, plain_image: Callable[..., QImage], colour_at: Callable[..., str]
) -> None:
    show(panel, items())
    panel.list.set_picture(50, plain_image("#3050a0"))
    box = panel.list.keyframe_rect(0, 1)
    assert colour_at(panel.list.viewport(), box.center().x(), box.center().y()) == "#3050a0"
    panel.set_playhead(50)
    assert panel.list.current_row == 0
    assert colour_at(panel.list.viewport(), box.center().x(), box.top()) == palette.ACCENT
    panel.set_playhead(51)
    assert colour_at(panel.list.viewport(), box.center().x(), box.top()) == "#3050a0"


def test_the_list_follows_the_playhead(panel: SegmentsPanel) -> None:
    show(panel, items())
    panel.set_playhead(950, follow=True)
    assert panel.list.current_row == 9
    assert 9 in panel.list.visible_rows()


def test_keys_walk_through_the_list(panel: SegmentsPanel, wanted: list[int]) -> None:
    show(panel, items())
    panel.set_playhead(510)
    panel.list.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(panel.list, key)
    assert wanted == [400, 300, 400]
    panel.set_playhead(400)
    QTest.keyClick(panel.list, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    panel.set_playhead(410)
    QTest.keyClick(panel.list, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(panel.list, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert wanted[3:] == [410, 450, 400]


def test_a_click_takes_no_keys_from_the_playhead(panel: SegmentsPanel) -> None:
    show(panel, items())
    for widget in (panel.list.viewport(), panel.controls.sensitivity, panel.plot.plot_widget):
        QTest.mouseClick(widget, LEFT)
        assert not panel.list.hasFocus()
        assert not panel.controls.sensitivity.hasFocus()


def test_a_click_on_the_plot_goes_there(qtbot: QtBot, panel: SegmentsPanel, wanted: list[int]) -> None:
    show(panel, items())
    at = panel.plot.point_of(400.5).toPoint()
    QTest.mouseClick(panel.plot.plot_widget, LEFT, pos=panel.plot.plot_widget.mapFrom(panel.plot, at))
    qtbot.waitUntil(lambda: bool(wanted))
    assert abs(wanted[0] - 400) <= 2


def test_the_wheel_zooms_the_plot_within_the_film_and_a_resize_keeps_the_whole(
    panel: SegmentsPanel, turn_wheel: Callable[..., None]
) -> None:
    show(panel, items())
    assert panel.plot.visible_frames() == (0, 1000)
    panel.resize(700, 640)
    assert panel.plot.visible_frames() == (0, 1000)
    at = panel.plot.point_of(500).toPoint()
    turn_wheel(panel.plot.plot_widget, at.x(), at.y(), 5)
    first, last = panel.plot.visible_frames()
    assert 0 < first < 500 < last < 1000
    turn_wheel(panel.plot.plot_widget, at.x(), at.y(), -40)
    assert panel.plot.visible_frames() == (0, 1000)


def test_controls_tell_of_what_the_user_does_alone(panel: SegmentsPanel) -> None:
    show(panel, items())
    told: list[SegmentChoices] = []
    panel.choices_changed.connect(lambda: told.append(panel.choices))
    panel.controls.set_choices(SegmentChoices("clever", 0.25, 3.0, 20.0))
    assert told == []
    assert panel.choices == SegmentChoices("clever", 0.25, 3.0, 20.0)
    panel.controls.sensitivity.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(panel.controls.sensitivity, Qt.Key.Key_Right)
    assert told == [SegmentChoices("clever", 0.26, 3.0, 20.0)]
    panel.controls.method.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(panel.controls.method, Qt.Key.Key_Up)
    assert told[-1].method == "plain"


def test_the_longest_stays_at_least_twice_the_shortest(panel: SegmentsPanel) -> None:
    show(panel, items())
    told: list[SegmentChoices] = []
    panel.choices_changed.connect(lambda: told.append(panel.choices))
    box = panel.controls.min_s
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "9")
    assert told == [], "half a number is no choice"
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert told == [SegmentChoices("plain", 0.5, 9.0, 18.0)]
    assert not box.hasFocus()
    panel.controls.max_s.setValue(5)
    assert told[-1] == SegmentChoices("plain", 0.5, 2.5, 5.0)


def test_a_refusal_leaves_the_segments_and_goes_with_the_next(panel: SegmentsPanel) -> None:
    show(panel, items())
    panel.refuse("That cannot be.")
    assert panel.refusal == "That cannot be."
    assert panel.is_shown
    show(panel, items())
    assert panel.refusal == ""


def test_while_files_are_written_there_is_a_way_to_stop(qtbot: QtBot, panel: SegmentsPanel) -> None:
    show(panel, items())
    assert panel.export_button.isVisible()
    panel.set_busy("Writing clips", 0.5)
    assert not panel.export_button.isVisible()
    assert panel.doing == "Writing clips"
    with qtbot.waitSignal(panel.cancel_wanted):
        QTest.mouseClick(panel.cancel_button, LEFT)
    panel.set_busy("")
    assert panel.clips_button.isVisible()
    assert not panel.cancel_button.isVisible()


def test_a_picture_that_came_too_late_is_asked_for_again(
    qtbot: QtBot, panel: SegmentsPanel, plain_image: Callable[..., QImage]
) -> None:
    asked: list[int] = []
    panel.picture_wanted.connect(asked.append)
    show(panel, items())
    qtbot.waitUntil(lambda: 10 in asked)
    panel.list.set_items(items()[1:])
    panel.list.set_picture(10, plain_image("#3050a0"))
    panel.list.set_items(items())
    panel.list.scrollToTop()  # the list kept its place, at the second
    qtbot.waitUntil(lambda: asked.count(10) == 2)
