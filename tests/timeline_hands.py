"""Hands on the timeline: real presses, moves that hold the button and know modifier keys, and what is said."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Seam
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_shots import ShotBlock

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
FLAG_Y, PLOT_Y = 10, 60


def shown_timeline(
    qtbot: QtBot, seams: Sequence[Seam], *, shots: Sequence[ShotBlock] = (), snaps: bool = False
) -> TimelineView:
    """A thousand frames on a thousand pixels: frame and pixel are the same number."""
    widget = TimelineView()
    qtbot.addWidget(widget)
    widget.resize(1000, 240)
    widget.set_film(1000, TimecodeRate(25).format)
    widget.set_seams(seams)
    if shots:
        widget.set_shots(shots)
    widget.set_analysed(1000)
    widget.set_snapping(snaps)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def emitted(signal: object) -> list[tuple[object, ...]]:
    """What the signal says from now on, a tuple each time."""
    calls: list[tuple[object, ...]] = []
    signal.connect(lambda *args: calls.append(args))  # type: ignore[attr-defined]
    return calls


def move(view: QWidget, x: int, y: int = FLAG_Y, keys: Qt.KeyboardModifier = NONE) -> None:
    """Move the mouse with the left button held; QTest's own moves know neither button nor modifier keys."""
    at, of_screen = QPointF(x, y), QPointF(view.mapToGlobal(QPoint(x, y)))
    event = QMouseEvent(QMouseEvent.Type.MouseMove, at, of_screen, Qt.MouseButton.NoButton, LEFT, keys)
    QApplication.sendEvent(view, event)


def drag(
    view: QWidget,
    start: int,
    end: int,
    y: int = FLAG_Y,
    keys: Qt.KeyboardModifier = NONE,
    *,
    held: bool = False,
) -> None:
    """Press, move in two steps, and let go, unless it stays `held`."""
    QTest.mousePress(view, LEFT, keys, QPoint(start, y))
    move(view, (start + end) // 2, y, keys)
    move(view, end, y, keys)
    if not held:
        QTest.mouseRelease(view, LEFT, keys, QPoint(end, y))
