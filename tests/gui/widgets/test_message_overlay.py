"""Messages lie over the top of the picture: nothing moves for them, and hints go by themselves."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from seamline_widgets import message_bar
from seamline_widgets.message_bar import MessageBar

LEFT = Qt.MouseButton.LeftButton
LONG = "A long sentence that goes on, and on, and does not fit one line. " * 4


@pytest.fixture
def stage(qtbot: QtBot) -> QWidget:
    """A column with a large button where the picture would be."""
    widget = QWidget()
    qtbot.addWidget(widget)
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    picture = QPushButton("picture")
    picture.setMinimumSize(100, 100)
    picture.setSizePolicy(*[picture.sizePolicy().Policy.Expanding] * 2)
    column.addWidget(picture)
    widget.resize(600, 400)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def bar(stage: QWidget) -> MessageBar:
    widget = MessageBar()
    widget.lie_over(stage)
    return widget


@pytest.fixture
def quick(bar: MessageBar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bar, "underMouse", lambda: False)  # wherever the last test left it
    monkeypatch.setattr(message_bar, "INFO_MS", 30)
    monkeypatch.setattr(message_bar, "_READ_MS", 0)


def _picture(stage: QWidget) -> QPushButton:
    return next(b for b in stage.findChildren(QPushButton) if b.text() == "picture")


@pytest.mark.parametrize("text", ["Copied.", LONG])
def test_the_picture_stays_where_it_is(stage: QWidget, bar: MessageBar, text: str) -> None:
    before = _picture(stage).geometry()
    bar.show_error(text)
    assert _picture(stage).geometry() == before
    assert (bar.x(), bar.y(), bar.width()) == (0, 0, stage.width())
    label = next(x for x in bar.findChildren(QLabel) if x.text() == text)
    assert bar.rect().contains(label.geometry())
    assert stage.childAt(QPoint(300, 5)) is not _picture(stage)
    bar.clear()
    assert stage.childAt(QPoint(300, 5)) is _picture(stage)


def test_it_follows_the_width_and_wraps(stage: QWidget, bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_error(LONG)
    high = bar.height()
    stage.resize(1500, 400)
    qtbot.waitUntil(lambda: bar.width() == 1500)
    assert bar.height() < high
    label = next(x for x in bar.findChildren(QLabel) if x.text() == LONG)
    qtbot.waitUntil(lambda: bar.rect().contains(label.geometry()))


def test_clicks_below_it_go_to_the_picture(stage: QWidget, bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_error("It is broken.")
    below = stage.childAt(300, bar.height() + 2)
    assert below is not None
    with qtbot.waitSignal(_picture(stage).clicked):
        QTest.mouseClick(below, LEFT)


@pytest.mark.usefixtures("quick")
def test_a_hint_goes_by_itself_and_an_error_stays(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_info("Copied.")
    qtbot.waitUntil(lambda: bar.text == "")
    bar.show_info("Copied.")
    bar.show_error("It is broken.")
    qtbot.wait(120)
    assert bar.text == "It is broken."
    bar.show_info("Copied.")
    assert bar.text == "Copied."
    qtbot.waitUntil(lambda: bar.text == "")


@pytest.mark.usefixtures("quick")
def test_a_hint_that_is_being_read_by_mouse_or_keyboard_waits(
    bar: MessageBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bar, "underMouse", lambda: True)
    bar.show_info("Copied.")
    qtbot.wait(120)
    assert bar.text == "Copied."
    monkeypatch.setattr(bar, "underMouse", lambda: False)
    qtbot.waitUntil(lambda: bar.text == "")
