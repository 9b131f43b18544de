"""The position in the transport bar: said in three manners, and typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QImage, QKeySequence
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMainWindow, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from seamline.media.positions import PositionDisplay
from seamline.project.types import Project
from seamline_resources import palette
from seamline_widgets.actions import make_actions
from seamline_widgets.position_field import PositionField
from seamline_widgets.transport import TransportBar

Kind = TypeVar("Kind", bound=QWidget)

LEFT = Qt.MouseButton.LeftButton
SENTENCE = "05:00:00:00 is outside the film: type a position from 01:00:00:00, its first frame, to its last."


class Desk:
    """A window with the bar, all actions, and a widget that has the keyboard at the start."""

    def __init__(self, qtbot: QtBot, project: Project) -> None:
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        content = QWidget()
        self.picture = QWidget()
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.bar = TransportBar()
        column = QVBoxLayout(content)
        column.addWidget(self.picture, 1)
        column.addWidget(self.bar)
        column.addStretch()
        self.window.setCentralWidget(content)
        self.actions: dict[str, QAction] = make_actions(self.window)
        self.bar.set_actions(self.actions)
        self.clock = project.clock
        self.bar.set_clock(self.clock)
        self.bar.set_frame(1909)
        self.window.resize(940, 400)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.picture.setFocus()
        self.typed = QSignalSpy(self.bar.position_typed)

    @property
    def field(self) -> PositionField:
        return child(self.bar, PositionField)

    @property
    def editor(self) -> QLineEdit:
        return child(self.bar, QLineEdit)

    @property
    def line(self) -> str:
        labels = self.bar.findChildren(QLabel)
        return next(x.text() for x in labels if x.accessibleName().startswith("Frame and length"))

    @property
    def _focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def press(self, key: str) -> None:
        QTest.keySequence(self.window, key)

    def type(self, text: str) -> None:
        QTest.keyClicks(self._focus, text)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self._focus, key)

    def answers(self) -> list[str]:
        return [self.typed.at(at)[0] for at in range(self.typed.count())]


def child(parent: QWidget, kind: type[Kind]) -> Kind:
    found = parent.findChild(kind)
    assert isinstance(found, kind)
    return found


@pytest.fixture
def desk(qtbot: QtBot, make_project: Callable[..., Project]) -> Desk:
    return Desk(qtbot, make_project(15_000))


class TestTyping:
    def test_the_key_a_click_and_enter_make_it_an_editor(self, desk: Desk) -> None:
        desk.press("G")
        assert desk.editor.isVisible()
        desk.key(Qt.Key.Key_Escape)
        QTest.mouseClick(desk.field, LEFT)
        assert desk.editor.hasFocus()
        desk.key(Qt.Key.Key_Escape)
        desk.field.setFocus()
        desk.key(Qt.Key.Key_Return)
        assert desk.editor.hasFocus()

    def test_what_is_typed_takes_the_place_of_what_is_shown_and_enter_goes(self, desk: Desk) -> None:
        desk.press("G")
        assert desk.editor.selectedText() == "01:01:16:09"
        desk.type("+25")
        desk.key(Qt.Key.Key_Return)
        assert desk.answers() == ["+25"]
        assert desk.editor.isVisible(), "until it is accepted"
        desk.bar.accept_position()
        assert not desk.editor.isVisible()
        assert desk.picture.hasFocus(), "the keyboard is back where it was"

    def test_nothing_typed_is_nothing_wished_for(self, desk: Desk) -> None:
        desk.press("G")
        desk.key(Qt.Key.Key_Backspace)
        desk.key(Qt.Key.Key_Enter)
        assert not desk.editor.isVisible()
        assert desk.answers() == []

    def test_escape_gives_up(self, desk: Desk) -> None:
        desk.press("G")
        desk.type("5")
        desk.key(Qt.Key.Key_Escape)
        assert not desk.editor.isVisible()
        assert desk.field.text == "01:01:16:09"
        assert desk.picture.hasFocus()
        assert desk.answers() == []

    def test_going_elsewhere_gives_up_and_stays_there(self, desk: Desk) -> None:
        desk.press("G")
        QTest.mouseClick(desk.picture, LEFT)
        desk.picture.setFocus(Qt.FocusReason.MouseFocusReason)
        assert not desk.editor.isVisible()
        assert desk.picture.hasFocus()
        desk.press("G")
        desk.key(Qt.Key.Key_Tab)
        assert not desk.editor.isVisible()
        assert not desk.picture.hasFocus()

    def test_a_refusal_is_shown_below_and_typing_goes_on(self, desk: Desk) -> None:
        desk.press("G")
        desk.type("5:00:00:00")
        desk.key(Qt.Key.Key_Return)
        desk.bar.refuse_position(SENTENCE)
        assert desk.field.refusal == SENTENCE
        assert desk.editor.accessibleDescription() == SENTENCE
        assert desk.editor.hasFocus()
        note = next(x for x in desk.window.findChildren(QLabel) if x.text() == SENTENCE)
        top = desk.field.mapTo(desk.window, QPoint(0, desk.field.height())).y()
        assert note.y() >= top or note.geometry().bottom() < top - desk.field.height()
        assert desk.window.rect().contains(note.geometry())
        assert note.height() >= note.heightForWidth(note.width())
        outline = desk.field.grab().toImage().pixelColor(desk.field.width() // 2, 0).name()
        assert outline == palette.ERROR
        desk.type("1")
        assert desk.field.refusal == ""
        assert desk.editor.text() == "1", "what was refused is overwritten"
        desk.bar.refuse_position(SENTENCE)
        desk.key(Qt.Key.Key_Escape)
        assert note.isHidden()

    def test_no_key_typed_is_a_command_of_the_window(self, desk: Desk) -> None:
        spies = {name: QSignalSpy(action.triggered) for name, action in desk.actions.items()}
        desk.press("G")
        assert spies.pop("go_to_timecode").count() == 1
        keys = {key for action in desk.actions.values() for key in action.shortcuts()}
        for sequence in keys - {QKeySequence("Tab"), QKeySequence("Shift+Tab")}:
            QTest.keySequence(desk.editor, sequence)
            assert desk.editor.isVisible(), sequence.toString()
        QTest.keySequence(desk.editor, QKeySequence("Tab"))
        assert [name for name, spy in spies.items() if spy.count()] == []

    def test_the_film_may_go_on_meanwhile(self, desk: Desk) -> None:
        desk.press("G")
        desk.type("+1")
        desk.bar.set_frame(1910)
        assert desk.editor.text() == "+1"
        assert desk.field.text == "01:01:16:10"

    def test_without_a_film_there_is_nothing_to_type(self, desk: Desk) -> None:
        desk.press("G")
        desk.bar.clear()
        assert not desk.editor.isVisible()
        desk.press("G")
        QTest.mouseClick(desk.field, LEFT)
        assert not desk.editor.isVisible()
        assert desk.line == "No film"

    def test_the_figures_stay_where_they_are(self, desk: Desk) -> None:
        geometry, button = desk.field.geometry(), desk.bar.button("play_pause").geometry()
        shown = bright(desk.field)
        desk.press("G")
        desk.editor.deselect()
        desk.editor.home(False)
        QApplication.processEvents()
        edited = bright(desk.field)
        assert (desk.field.geometry(), desk.bar.button("play_pause").geometry()) == (geometry, button)
        inside = np.s_[2:-2, 20:140]  # without the cursor and the border
        assert shown[inside].any()
        for axis in (0, 1):
            assert shown[inside].any(axis).tolist() == edited[inside].any(axis).tolist()


class TestDisplay:
    def test_the_key_goes_round_and_tells(self, desk: Desk) -> None:
        told = QSignalSpy(desk.bar.display_changed)
        seen = []
        for _ in range(3):
            seen.append((desk.field.text, desk.line))
            desk.press("Shift+T")
        assert seen == [
            ("01:01:16:09", "00:10:00:00  Frame 1\u2009909"),
            ("1\u2009909", "15\u2009000 frames  01:01:16:09"),
            ("0:01:16.360", "0:10:00.000  Frame 1\u2009909"),
        ]
        assert [told.at(at)[0] for at in range(told.count())] == ["frames", "time", "timecode"]
        assert desk.bar.display is PositionDisplay.TIMECODE

    def test_setting_it_tells_nothing(self, desk: Desk, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(desk.bar.display_changed):
            desk.bar.set_display(PositionDisplay.FRAMES)
        assert desk.field.text == "1\u2009909"

    def test_the_right_button_offers_all_of_them(self, desk: Desk, qtbot: QtBot) -> None:
        centre = desk.field.rect().center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, centre, desk.field.mapToGlobal(centre))
        QApplication.sendEvent(desk.field, event)
        menu = child(desk.field, QMenu)
        qtbot.waitUntil(menu.isVisible)
        assert [(x.text(), x.isChecked()) for x in menu.actions()] == [
            ("Timecode", True),
            ("Frames", False),
            ("Time", False),
        ]
        with qtbot.waitSignal(desk.bar.display_changed):
            QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(menu.actions()[2]).center())
        assert desk.field.text == "0:01:16.360"

    def test_the_tool_tip_names_the_keys_of_the_moment(self, desk: Desk) -> None:
        assert "(G)" in desk.field.toolTip()
        assert "(Shift+T)" in desk.field.toolTip()
        desk.actions["go_to_timecode"].setToolTip("Go to a timecode (H)")
        assert "(H)" in desk.field.toolTip()

    def test_a_screen_reader_is_told_what_the_figures_are(self, desk: Desk) -> None:
        names = []
        for display in PositionDisplay:
            desk.bar.set_display(display)
            names += [x.accessibleName() for x in desk.field.findChildren(QLabel)]
        assert names == ["Timecode of the playhead", "Frame of the playhead", "Time of the playhead"]

    @pytest.mark.parametrize("display", [*PositionDisplay])
    def test_no_display_moves_the_buttons(self, desk: Desk, display: PositionDisplay) -> None:
        before = desk.bar.button("play_pause").geometry()
        desk.bar.set_display(display)
        desk.bar.set_in_out(100, 200)
        desk.bar.set_dropped(1234)
        desk.bar.set_speed(-0.25)
        QApplication.processEvents()
        assert desk.bar.button("play_pause").geometry() == before


class TestInAndOut:
    def test_what_is_marked_is_said_with_its_length(self, desk: Desk) -> None:
        desk.window.resize(1500, 400)
        desk.bar.set_in_out(50, None)
        assert desk.line == "Frame 1\u2009909  In 01:00:02:00"
        desk.bar.set_in_out(None, 133)
        assert desk.line == "Frame 1\u2009909  Out 01:00:05:08"
        desk.bar.set_in_out(50, 133)
        assert desk.line == "Frame 1\u2009909  In 01:00:02:00  Out 01:00:05:08  (00:00:03:09)"
        desk.bar.set_display(PositionDisplay.FRAMES)
        assert desk.line == "01:01:16:09  In 50  Out 133  (84)"
        desk.bar.set_display(PositionDisplay.TIME)
        assert desk.line == "Frame 1\u2009909  In 0:00:02.000  Out 0:00:05.320  (0:00:03.360)"
        desk.bar.set_in_out(None, None)
        assert desk.line.startswith("0:10:00.000")

    def test_as_much_is_said_as_there_is_room_for(self, desk: Desk) -> None:
        desk.bar.set_in_out(50, 133)
        label = next(x for x in desk.bar.findChildren(QLabel) if x.text() == desk.line)
        said = []
        for width in range(1400, desk.bar.minimumSizeHint().width() + 24, -4):
            desk.window.resize(width, 400)
            QApplication.processEvents()
            assert label.fontMetrics().horizontalAdvance(label.text()) <= label.contentsRect().width()
            if desk.line not in said:
                said.append(desk.line)
        assert len(said) >= 3
        assert all("00:00:03:09" in text for text in said[:2])
        assert all(text.startswith("Frame 1\u2009909") for text in said)
        assert "In 01:00:02:00  Out 01:00:05:08" in label.toolTip()


class TestDropped:
    def test_dropped_frames_are_counted_and_explained(self, desk: Desk) -> None:
        label = next(
            x for x in desk.bar.findChildren(QLabel) if x.accessibleName().startswith("Frames dropped")
        )
        assert label.isHidden()
        desk.bar.set_dropped(3)
        assert (label.text(), label.isVisible()) == ("3 dropped", True)
        assert label.toolTip().startswith("3 frames were left out")
        desk.bar.set_dropped(1)
        assert label.toolTip().startswith("1 frame was left out")
        desk.bar.set_dropped(0)
        assert label.isHidden()


def bright(widget: QWidget) -> np.ndarray:
    """Where the widget's picture is bright, bool[H,W]."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return np.asarray(rows[:, : image.width()] > 150)
