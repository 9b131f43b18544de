"""Transport, messages, status line, and the sheet of shortcuts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSlider,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItemIterator,
    QWidget,
)
from pytestqt.qtbot import QtBot

from seamline_resources import palette
from seamline_resources.shortcuts import SHORTCUTS
from seamline_widgets.actions import make_actions, menu_text
from seamline_widgets.audition_keys import AUDITION_KEYS
from seamline_widgets.message_bar import MessageBar
from seamline_widgets.shortcuts_sheet import ShortcutsSheet
from seamline_widgets.status import StatusLine, format_duration
from seamline_widgets.transport import BUTTON_IDS, TransportBar

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot) -> TransportBar:
    widget = TransportBar()
    qtbot.addWidget(widget)
    widget.resize(900, 56)
    widget.show()
    return widget


@pytest.mark.parametrize("action_id", [name for name in BUTTON_IDS if name != "mute"])
def test_a_click_triggers_the_action(bar: TransportBar, qtbot: QtBot, action_id: str) -> None:
    actions = make_actions(bar)
    bar.set_actions(actions)
    with qtbot.waitSignal(actions[action_id].triggered):
        QTest.mouseClick(bar.button(action_id), LEFT)
    assert bar.button(action_id).toolTip() == actions[action_id].toolTip()


def test_buttons_follow_their_actions(bar: TransportBar) -> None:
    actions = make_actions(bar)
    bar.set_actions(actions)
    actions["delete_seam"].setEnabled(False)
    assert not bar.button("delete_seam").isEnabled()


def test_everything_has_a_name_for_screen_readers(bar: TransportBar) -> None:
    bar.set_actions(make_actions(bar))
    operated = [*bar.findChildren(QToolButton), *bar.findChildren(QSlider)]
    assert len(operated) == len(BUTTON_IDS) + 1
    assert all(widget.accessibleName() for widget in operated)


@pytest.mark.parametrize(
    ("speed", "text", "name"),
    [(0, "", "Play"), (1, "", "Pause"), (2, "2×", "Pause"), (-1, "−1×", "Pause"), (-0.25, "−0.25×", "Pause")],
)
def test_the_speed_is_shown_where_it_is_not_plain(
    bar: TransportBar, speed: float, text: str, name: str
) -> None:
    bar.set_speed(speed)
    assert bar.speed_text == text
    assert bar.button("play_pause").accessibleName() == name


def test_volume_and_mute(bar: TransportBar, qtbot: QtBot) -> None:
    actions = make_actions(bar)
    bar.set_actions(actions)
    slider = bar.findChild(QSlider)
    assert isinstance(slider, QSlider)
    bar.set_volume(0.5)
    assert slider.value() == 50
    with qtbot.waitSignal(bar.volume_changed, check_params_cb=lambda v: v == pytest.approx(0.4)):
        slider.setValue(40)
    with qtbot.waitSignal(bar.muted_changed, check_params_cb=lambda muted: muted is True):
        QTest.mouseClick(bar.button("mute"), LEFT)
    with qtbot.waitSignal(bar.muted_changed, check_params_cb=lambda muted: muted is False):
        actions["mute"].trigger()
    bar.set_sound_enabled(False)
    assert not slider.isEnabled()
    with qtbot.assertNotEmitted(bar.muted_changed):
        QTest.mouseClick(bar.button("mute"), LEFT)
    with qtbot.waitSignal(bar.muted_changed):  # another film may be heard meanwhile
        actions["mute"].trigger()


def test_play_stands_in_the_middle_of_the_bar(bar: TransportBar) -> None:
    button = bar.button("play_pause")
    assert abs(button.geometry().center().x() - bar.rect().center().x()) <= 2


def test_the_loop_button_stands_for_its_action(bar: TransportBar) -> None:
    actions = make_actions(bar)
    actions["play_loop"].setCheckable(True)
    bar.set_actions(actions)
    button = bar.button("play_loop")
    QTest.mouseClick(button, LEFT)
    assert actions["play_loop"].isChecked()
    assert button.isChecked()
    actions["play_loop"].trigger()
    assert not button.isChecked()


def test_where_room_is_short_what_keys_do_as_well_goes_first(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = TransportBar(window)  # in a window: a layout holds one to the size of what it shows at the moment
    window.show()
    slider = bar.findChild(QSlider)
    assert isinstance(slider, QSlider)
    spare = [slider, *(bar.button(name) for name in ("mark_in", "go_to_start", "play_loop"))]
    pairs = [("mark_in", "mark_out"), ("go_to_start", "go_to_end")]
    seen: list[list[bool]] = []
    layout = bar.layout()
    assert layout is not None
    for width in range(bar.sizeHint().width(), bar.minimumSizeHint().width() - 1, -1):
        bar.resize(width, 56)
        state = [not part.isHidden() for part in spare]
        if not seen or state != seen[-1]:
            seen.append(state)
        assert all(bar.button(one).isHidden() == bar.button(other).isHidden() for one, other in pairs)
        visible = [name for name in BUTTON_IDS if not bar.button(name).isHidden()]
        layout.activate()
        ends = [bar.button(name).geometry() for name in visible]
        assert all(left.right() < right.left() for left, right in pairwise(ends)), "no button covers another"
        assert ends[-1].right() < width
    assert seen == [[False] * gone + [True] * (4 - gone) for gone in range(5)]


def test_space_and_arrows_never_go_to_a_button(bar: TransportBar, qtbot: QtBot) -> None:
    button = bar.button("go_to_end")
    QTest.mouseClick(button, LEFT)
    assert not button.hasFocus()


@pytest.fixture
def messages(qtbot: QtBot) -> MessageBar:
    widget = MessageBar()
    qtbot.addWidget(widget)
    widget.resize(400, 40)
    return widget


def test_a_message_bar_shows_only_when_there_is_something_to_say(
    messages: MessageBar, qtbot: QtBot, colour_at: Callable[..., str]
) -> None:
    assert not messages.isVisible()
    messages.show_error("“a.txt” holds no film: choose another file.")
    assert messages.isVisible()
    assert messages.text == "“a.txt” holds no film: choose another file."
    assert colour_at(messages, 1, 20) == palette.ERROR
    close = messages.findChild(QToolButton)
    assert isinstance(close, QToolButton)
    QTest.mouseClick(close, LEFT)
    assert not messages.isVisible()
    assert messages.text == ""


def test_a_long_message_wraps(messages: MessageBar) -> None:
    messages.show_info("short")
    short = messages.height()
    messages.show_info("A long sentence that goes on, and on, and does not fit one line. " * 4)
    assert messages.height() > short + 20


def test_a_message_may_offer_an_action(messages: MessageBar, qtbot: QtBot) -> None:
    action = QAction("Try again", messages)
    messages.show_info("The disk is full.", action)
    button = messages.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    assert button.text() == "Try again"
    with qtbot.waitSignal(action.triggered):
        QTest.mouseClick(button, LEFT)
    messages.show_info("Nothing to do.")
    assert not button.isVisible()


def test_the_status_line_tells_progress(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show()
    bar = line.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert not bar.isVisible()
    line.set_activity("Finding seams", 250, 1000, times_real_time=8.31, seconds_left=74.6)
    assert bar.isVisible()
    assert bar.value() == 250
    assert line.text == "Finding seams"
    assert [part.strip() for part in line.figures.split("   ")] == [
        "25\u2009%",
        "8.3× real time",
        "1:15 left",
    ]
    line.set_idle("107 seams")
    assert not bar.isVisible()
    assert line.text == "107 seams"
    assert line.figures == ""


def test_a_job_without_a_known_end_does_not_divide_by_zero(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.set_activity("Reading", 5, 0)
    assert "0" in line.figures


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (3725, "1:02:05"), (-1, "0:00")])
def test_durations(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


def _listed(sheet: ShortcutsSheet) -> list[str]:
    """The actions that can be seen, from top to bottom."""
    tree = sheet.findChild(QTreeWidget)
    assert isinstance(tree, QTreeWidget)
    found = QTreeWidgetItemIterator(
        tree, QTreeWidgetItemIterator.IteratorFlag.NotHidden | QTreeWidgetItemIterator.IteratorFlag.NoChildren
    )
    names = []
    while row := found.value():
        names.append(row.text(0))
        found += 1
    return names


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Undo: Add cut", "Undo: Add cut"),
        ("Tom & Jerry && more", "Tom && Jerry &&&& more"),
        ("Join\tCtrl+Q\nsecond\x00line", "Join Ctrl+Q second line"),
        ("right\u202eto left\u2028next", "right to left next"),
        ("", ""),
    ],
)
def test_a_strangers_text_in_a_menu_is_one_line_and_no_key(text: str, shown: str) -> None:
    assert menu_text(text) == shown


def test_the_sheet_lists_every_shortcut_and_narrows_down(qtbot: QtBot) -> None:
    sheet = ShortcutsSheet()
    qtbot.addWidget(sheet)
    sheet.show()
    fixed = [key.name for key in AUDITION_KEYS]
    assert _listed(sheet) == [*(entry.name.rstrip("…") for entry in SHORTCUTS), *fixed]
    field = sheet.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "ctrl+e")
    assert _listed(sheet) == ["Export an EDL"]
    field.clear()
    QTest.keyClicks(field, "seam")
    assert "Next seam" in _listed(sheet)
    assert "Quit" not in _listed(sheet)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_long_device_is_cut_short_and_whole_in_its_tooltip(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    narrow = line.minimumSizeHint().width()
    device = next(label for label in line.findChildren(QLabel) if label.accessibleName() == "Device")
    line.set_device("CPU, 2 threads")
    assert (device.text(), device.toolTip()) == ("CPU, 2 threads", "")
    long = "Analysed on CPU, 2 threads (the GPU could not be used: CUDA or cuDNN is missing, or of another version)"
    line.set_device(long)
    assert device.toolTip() == long
    assert device.text().startswith("Analysed on CPU, 2 threads")
    assert line.minimumSizeHint().width() < narrow + 320
