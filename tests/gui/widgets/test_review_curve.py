"""The differences about a seam under real mouse buttons: bars to look at, and the seam's place to be dragged."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from reviewed_seams import CUT, DISSOLVE, MINE, QUESTION, shown_panel
from timeline_hands import emitted

from seamline.project.types import Seam, SeamKind
from seamline_resources import palette
from seamline_widgets.review_panel import SeamReviewPanel
from seamline_widgets.review_seam import ReviewedSeam

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def fed(qtbot: QtBot, plain_image: Callable[..., QImage]) -> SeamReviewPanel:
    widget = shown_panel(qtbot)

    def give(frames: tuple[int, ...]) -> None:
        for frame in frames:
            widget.set_picture(frame, plain_image("#205020"))

    widget.pictures_wanted.connect(give)
    return widget


def _captions(panel: SeamReviewPanel) -> list[tuple[int | None, str]]:
    return [(still.caption.frame, still.caption.title) for still in panel.stills.stills]


def _drag(widget: object, start: QPoint, *by_px: int, release: bool = True) -> None:
    QTest.mousePress(widget, LEFT, pos=start)  # type: ignore[call-overload]
    for px in by_px:
        QTest.mouseMove(widget, start + QPoint(px, 0))  # type: ignore[call-overload]
    if release:
        QTest.mouseRelease(widget, LEFT, pos=start + QPoint(by_px[-1], 0))  # type: ignore[call-overload]


def test_bars_stand_where_frames_differ(fed: SeamReviewPanel) -> None:
    fed.show_seam(CUT)
    curve = fed.curve
    image = curve.grab().toImage()

    def height_of(frame: int) -> int:
        x = round(curve.x_of(frame + 0.6))
        column = [image.pixelColor(x, y).lightness() for y in range(24, curve.bars_bottom)]
        return sum(lightness > 120 for lightness in column)

    assert height_of(100) > 2 * height_of(99) > 20
    assert height_of(99) == height_of(101) == height_of(88)
    assert (curve.frame_at(0), curve.frame_at(curve.width() - 1)) == (88, 111)
    assert "0.80" in curve.text_of(100)


def test_what_is_not_known_is_hatched_and_behind_the_film_is_nothing(fed: SeamReviewPanel) -> None:
    fed.show_seam(ReviewedSeam(Seam(599, 600)))
    assert "not known" in fed.curve.text_of(600)
    assert "0.10" in fed.curve.text_of(599)

    def colours(frame: float) -> set[str]:
        image = fed.curve.grab().toImage()
        left, right = round(fed.curve.x_of(frame)), round(fed.curve.x_of(frame + 4))
        return {image.pixelColor(x, y).name() for x in range(left, right) for y in range(70, 90)}

    assert len(colours(604)) > 1
    fed.show_seam(ReviewedSeam(Seam(997, 998)))
    assert colours(1002) == {palette.SUNKEN, palette.GRID_LINE}


def test_a_long_span_is_shown_whole(fed: SeamReviewPanel) -> None:
    fed.show_seam(ReviewedSeam(Seam(100, 400, SeamKind.FADE)))
    assert fed.curve.frame_at(0) == 89
    assert fed.curve.frame_at(fed.curve.width() - 1) >= 410
    fed.curve.grab()


def test_a_click_on_a_bar_wants_its_frame(fed: SeamReviewPanel) -> None:
    fed.show_seam(CUT)
    frames, moved = emitted(fed.frame_wanted), emitted(fed.seam_moved)
    for frame in (90, 99, 107):
        x = round(fed.curve.x_of(frame + 0.5))
        QTest.mouseClick(fed.curve, LEFT, pos=QPoint(x, 60))
    assert frames == [(90,), (99,), (107,)]
    assert moved == []


def test_the_line_of_a_cut_is_dragged_a_frame_a_bar(fed: SeamReviewPanel) -> None:
    fed.show_seam(CUT)
    moved, wanted, clicked = (
        emitted(signal) for signal in (fed.seam_moved, fed.pictures_wanted, fed.frame_wanted)
    )
    frame_px = fed.curve.width() / 24
    at = QPoint(round(fed.curve.x_of(100)), 60)
    _drag(fed.curve, at, round(frame_px), round(3 * frame_px), release=False)
    assert _captions(fed)[0] == (102, "Last frame out")  # the pictures follow the hand
    assert wanted[-1] == ((102, 103, 104),)
    assert moved == []
    QTest.mouseRelease(fed.curve, LEFT, pos=at + QPoint(round(3 * frame_px), 0))
    assert moved == [("cut", 102, 103)]
    assert clicked == []
    # nobody moved it, so it is where it was
    assert _captions(fed)[0] == (99, "Last frame out")


def test_escape_gives_a_drag_up(fed: SeamReviewPanel, qtbot: QtBot) -> None:
    fed.show_seam(CUT)
    fed.activateWindow()
    moved = emitted(fed.seam_moved)
    at = QPoint(round(fed.curve.x_of(100)), 60)
    _drag(fed.curve, at, 10, 40, release=False)
    assert fed.curve.is_dragging
    QTest.keyClick(fed.curve, Qt.Key.Key_Escape)
    assert not fed.curve.is_dragging
    assert _captions(fed)[0] == (99, "Last frame out")
    QTest.mouseRelease(fed.curve, LEFT, pos=at + QPoint(40, 0))
    assert moved == []


def test_the_ends_of_a_span_are_dragged_one_by_one_and_its_flag_moves_all(fed: SeamReviewPanel) -> None:
    fed.show_seam(DISSOLVE)
    moved = emitted(fed.seam_moved)
    frame_px = fed.curve.width() / (DISSOLVE.end_frame - DISSOLVE.first_frame)
    by = round(2 * frame_px)
    _drag(fed.curve, QPoint(round(fed.curve.x_of(200)), 60), -5, -by)
    _drag(fed.curve, QPoint(round(fed.curve.x_of(212)), 60), 5, by)
    _drag(fed.curve, QPoint(round(fed.curve.x_of(206)), 10), 5, by)
    assert moved == [("dissolve", 197, 212), ("dissolve", 199, 214), ("dissolve", 201, 214)]


def test_an_end_pulled_over_the_other_leaves_a_cut(fed: SeamReviewPanel) -> None:
    fed.show_seam(DISSOLVE)
    moved = emitted(fed.seam_moved)
    start = QPoint(round(fed.curve.x_of(200)), 60)
    _drag(fed.curve, start, 5, fed.curve.width() - start.x() - 2, release=False)
    assert fed.facts.kind.text().startswith("Cut")
    QTest.mouseRelease(fed.curve, LEFT, pos=start)
    assert moved == [("dissolve", 211, 212)]


def test_neighbours_stop_a_drag(fed: SeamReviewPanel) -> None:
    fed.show_seam(ReviewedSeam(CUT.seam, False, 97, 103))
    moved = emitted(fed.seam_moved)
    at = QPoint(round(fed.curve.x_of(100)), 60)
    _drag(fed.curve, at, -20, -fed.curve.width() // 3)
    _drag(fed.curve, at, 20, fed.curve.width() // 3)
    assert moved == [("cut", 97, 98), ("cut", 102, 103)]


def test_a_question_and_what_another_window_has_are_not_dragged(fed: SeamReviewPanel) -> None:
    moved = emitted(fed.seam_moved)
    fed.show_seam(QUESTION)
    _drag(fed.curve, QPoint(round(fed.curve.x_of(300)), 60), 20, 40)
    fed.show_seam(CUT)
    fed.set_can_move(False)
    _drag(fed.curve, QPoint(round(fed.curve.x_of(100)), 60), 20, 40)
    assert moved == []


def test_news_of_the_same_seam_leave_a_drag_alone(fed: SeamReviewPanel) -> None:
    fed.show_seam(CUT)
    moved = emitted(fed.seam_moved)
    at = QPoint(round(fed.curve.x_of(100)), 60)
    by = round(2 * fed.curve.width() / 24)
    _drag(fed.curve, at, 10, by, release=False)
    fed.set_similarity(np.full(1000, 0.5, np.float32))
    fed.show_seam(ReviewedSeam(CUT.seam, False, 50, 170))
    assert _captions(fed)[0] == (101, "Last frame out")
    QTest.mouseRelease(fed.curve, LEFT, pos=at + QPoint(by, 0))
    assert moved == [("cut", 101, 102)]


def test_another_seam_ends_a_drag(fed: SeamReviewPanel) -> None:
    fed.show_seam(CUT)
    moved = emitted(fed.seam_moved)
    at = QPoint(round(fed.curve.x_of(100)), 60)
    _drag(fed.curve, at, 10, 40, release=False)
    fed.show_seam(MINE)
    QTest.mouseRelease(fed.curve, LEFT, pos=at + QPoint(40, 0))
    assert moved == []
