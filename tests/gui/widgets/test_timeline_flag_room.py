"""Flags where seams stand close: narrower, then none; what the editor decided comes first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Origin, Seam, SeamKind
from seamline_resources import palette
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_seams import SeamRow

LEFT = Qt.MouseButton.LeftButton
SCALE = TimeScale.fitted(1000, 1000)  # frame and pixel are the same number


def _cut(at: int, origin: Origin = Origin.ANALYSIS) -> Seam:
    return Seam(at - 1, at, origin=origin, id=f"c{at}")


def _widths(seams: list[Seam], selected: int | None = None, others: tuple[int, ...] = ()) -> dict[int, float]:
    flags = SeamRow(seams).flags(SCALE, selected, others)
    for one, other in zip(
        sorted(flags, key=lambda f: f.at), sorted(flags, key=lambda f: f.at)[1:], strict=False
    ):
        assert one.right <= other.left, "no flag lies over another"
    return {flag.at: flag.right - flag.left for flag in flags}


@pytest.mark.parametrize(
    ("apart", "width"), [(40, 16), (18, 16), (17, 16), (16, 12), (12, 8), (9, 8), (7, 6), (6, 5), (5, 4)]
)
def test_the_closer_the_narrower(apart: int, width: int) -> None:
    assert set(_widths([_cut(at) for at in range(100, 100 + 8 * apart, apart)]).values()) == {width}
    assert len(_widths([_cut(at) for at in range(100, 100 + 8 * apart, apart)])) == 8


def test_a_crowd_has_none_but_for_its_ends() -> None:
    assert set(_widths([_cut(at) for at in range(100, 200, 3)])) <= {0, 33}


def test_what_the_editor_decided_is_seen_in_a_crowd() -> None:
    seams = [_cut(at, Origin.USER if at in (130, 163) else Origin.ANALYSIS) for at in range(100, 200, 3)]
    widths = _widths(seams)
    assert widths[10] == widths[21] == 8
    assert 9 not in widths
    assert 11 not in widths


def test_the_selected_are_seen_in_a_crowd() -> None:
    seams = [_cut(at) for at in range(100, 200, 3)]
    widths = _widths(seams, selected=10, others=(10, 20))
    assert widths[10] == 16
    assert widths[20] == 8


def test_the_leading_flag_leaves_its_neighbours_theirs() -> None:
    seams = [_cut(at) for at in range(100, 200, 10)]
    assert len(_widths(seams, selected=4)) == len(seams)
    assert _widths(seams, selected=4)[4] >= 8
    close = [_cut(at) for at in range(100, 160, 6)]
    assert len(_widths(close, selected=4)) == len(close)


def test_a_span_keeps_its_length_beside_a_cut() -> None:
    span = Seam(199, 240, SeamKind.DISSOLVE, origin=Origin.USER, id="mine")
    widths = _widths([_cut(150), span, _cut(245), _cut(300)])
    assert widths[1] == 40
    assert widths[2] == 8
    assert widths[0] == widths[3] == 16


# -- under the mouse


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    widget = TimelineView()
    qtbot.addWidget(widget)
    widget.resize(1000, 240)
    widget.set_film(1000, TimecodeRate(25).format)
    widget.set_seams([_cut(at) for at in range(100, 160, 6)])
    widget.set_analysed(1000)
    widget.set_snapping(False)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _move(view: QWidget, x: int, y: int) -> None:
    at, of_screen = QPointF(x, y), QPointF(view.mapToGlobal(QPoint(x, y)))
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view, QMouseEvent(QMouseEvent.Type.MouseMove, at, of_screen, none, LEFT, keys))


def test_narrow_flags_show_their_colour_and_are_clicked(view: TimelineView) -> None:
    image = view.grab().toImage()
    cut = palette.SEAM_LOOKS[SeamKind.CUT].colour
    assert [image.pixelColor(x, 8).name() == cut for x in (106, 109, 112)] == [True, False, True]
    selected: list[str] = []
    view.seam_selected.connect(selected.append)
    for x in (106, 112, 118):
        QTest.mouseClick(view, LEFT, pos=QPoint(x, 8))
    assert selected == ["c106", "c112", "c118"]


def test_a_narrow_flag_is_dragged(view: TimelineView) -> None:
    moved: list[tuple[object, ...]] = []
    view.seam_moved.connect(lambda *args: moved.append(args))
    QTest.mousePress(view, LEFT, pos=QPoint(112, 8))
    _move(view, 116, 8)
    QTest.mouseRelease(view, LEFT, pos=QPoint(116, 8))
    assert moved == [("c112", 115, 116)]


def test_between_the_lines_of_close_seams_one_scrubs(view: TimelineView) -> None:
    scrubbed: list[int] = []
    view.scrubbed.connect(scrubbed.append)
    QTest.mouseClick(view, LEFT, pos=QPoint(114, 80))
    assert scrubbed == [114]
