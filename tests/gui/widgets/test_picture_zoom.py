"""Pixel for pixel, moved about by hand and wheel; safe areas; and the picture as it goes to the clipboard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from seamline.media.pictures import fitted_size
from seamline_resources import palette
from seamline_widgets.picture import PictureView
from seamline_widgets.picture_place import PicturePlace

ColourAt = Callable[..., str]
MakeImage = Callable[..., QImage]
TurnWheel = Callable[..., None]

FULL = QSize(1000, 800)


def _ramps(width: int = 1000, height: int = 800) -> QImage:
    """Red counts the columns and green the rows, by tens and by fours in the full size."""
    rows, columns = np.indices((height, width))
    picture = np.stack([columns * 1000 // width // 4, rows * 800 // height // 4, np.zeros_like(rows)], axis=2)
    data = np.ascontiguousarray(picture.astype(np.uint8))
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    widget = PictureView()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.show()
    widget.set_picture(_ramps(), 7, full_size=FULL)
    return widget


def _film_pixel(view: PictureView, x: int, y: int) -> tuple[int, int]:
    """Which column and row of the film, by fours, is seen at a pixel of the view."""
    colour = view.grab().toImage().pixelColor(x, y)
    return colour.red(), colour.green()


def _drag(view: PictureView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)


def test_pixel_for_pixel_begins_in_the_middle(view: PictureView, qtbot: QtBot) -> None:
    assert view.zoom == "fit"
    with qtbot.waitSignal(view.zoom_changed) as changed:
        view.set_zoom("100")
    assert changed.args == ["100"]
    assert view.picture_rect() == QRect(-300, -250, 1000, 800)
    assert _film_pixel(view, 200, 150) == (500 // 4, 400 // 4)
    assert _film_pixel(view, 0, 0) == (300 // 4, 250 // 4)
    with qtbot.waitSignal(view.zoom_changed) as changed:
        view.set_zoom("fit")
    assert changed.args == ["fit"]
    assert view.picture_rect() == QRect(12, 0, 375, 300)


def test_the_same_zoom_again_says_nothing(view: PictureView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.zoom_changed):
        view.set_zoom("fit")
    with pytest.raises(ValueError, match="fit, 100"):
        view.set_zoom("200")


def test_the_hand_moves_the_picture_to_its_edges_and_no_further(view: PictureView) -> None:
    view.set_zoom("100")
    assert view.cursor().shape() == Qt.CursorShape.OpenHandCursor
    _drag(view, QPoint(200, 150), QPoint(160, 180))
    assert view.picture_rect().topLeft() == QPoint(-340, -220)
    assert _film_pixel(view, 0, 0) == (340 // 4, 220 // 4)
    _drag(view, QPoint(10, 10), QPoint(390, 290))
    _drag(view, QPoint(10, 10), QPoint(390, 290))
    assert view.picture_rect().topLeft() == QPoint(0, 0)
    # back at once: what was dragged beyond the edge need not be dragged back
    _drag(view, QPoint(200, 150), QPoint(150, 150))
    assert view.picture_rect().topLeft() == QPoint(-50, 0)


def test_the_hand_closes_while_it_drags(view: PictureView) -> None:
    view.set_zoom("100")
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    QTest.mouseMove(view, QPoint(240, 150))
    assert view.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(240, 150))
    assert view.cursor().shape() == Qt.CursorShape.OpenHandCursor


def test_a_click_does_nothing(view: PictureView, qtbot: QtBot) -> None:
    view.set_zoom("100")
    before = view.picture_rect()
    with qtbot.assertNotEmitted(view.zoom_changed):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
        QTest.mouseMove(view, QPoint(202, 151))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(202, 151))
    assert view.picture_rect() == before


def test_a_fitted_picture_stays_where_it_is(view: PictureView, turn_wheel: TurnWheel) -> None:
    before = view.picture_rect()
    _drag(view, QPoint(200, 150), QPoint(100, 100))
    turn_wheel(view, 200, 150, 2)
    assert view.picture_rect() == before
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_wheel_moves_up_and_down_and_with_shift_sideways(
    view: PictureView, turn_wheel: TurnWheel
) -> None:
    view.set_zoom("100")
    turn_wheel(view, 200, 150, -1)
    assert view.picture_rect().topLeft() == QPoint(-300, -298)
    turn_wheel(view, 200, 150, -1, Qt.KeyboardModifier.ShiftModifier)
    assert view.picture_rect().topLeft() == QPoint(-348, -298)
    turn_wheel(view, 200, 150, 2, sideways=True)
    assert view.picture_rect().topLeft() == QPoint(-252, -298)


def test_a_double_click_shows_that_place_pixel_for_pixel_and_back(view: PictureView, qtbot: QtBot) -> None:
    at = QPoint(12 + 375 * 3 // 4, 225)  # three quarters across and down the fitted picture
    with qtbot.waitSignal(view.zoom_changed) as changed:
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert changed.args == ["100"]
    column, row = _film_pixel(view, 200, 150)
    assert abs(column - 750 // 4) <= 1
    assert abs(row - 600 // 4) <= 1
    with qtbot.waitSignal(view.zoom_changed) as changed:
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert changed.args == ["fit"]


def test_without_a_film_a_double_click_does_nothing(view: PictureView, qtbot: QtBot) -> None:
    view.clear()
    with qtbot.assertNotEmitted(view.zoom_changed):
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))


def test_nothing_jumps_when_the_exact_picture_follows_its_proxy(view: PictureView) -> None:
    view.set_zoom("100")
    _drag(view, QPoint(200, 150), QPoint(120, 100))
    before = view.picture_rect()
    view.set_picture(_ramps(500, 400), 8, full_size=FULL)
    assert view.picture_rect() == before
    column, row = _film_pixel(view, 100, 100)
    view.set_picture(_ramps(), 8, full_size=FULL)
    assert view.picture_rect() == before
    sharp_column, sharp_row = _film_pixel(view, 100, 100)
    assert abs(column - sharp_column) <= 1
    assert abs(row - sharp_row) <= 1


def test_a_picture_smaller_than_the_view_stands_in_its_middle(view: PictureView, colour_at: ColourAt) -> None:
    view.set_picture(_ramps(200, 100), 0, full_size=QSize(200, 100))
    view.set_zoom("100")
    assert view.picture_rect() == QRect(100, 100, 200, 100)
    assert colour_at(view, 99, 150) == palette.PICTURE_SURROUND
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_middle_stays_in_the_middle_when_the_view_changes(view: PictureView) -> None:
    view.set_zoom("100")
    _drag(view, QPoint(200, 150), QPoint(120, 100))
    seen = _film_pixel(view, 200, 150)
    view.resize(300, 200)
    assert _film_pixel(view, 150, 100) == seen


def test_another_film_is_looked_at_in_its_middle(view: PictureView) -> None:
    view.set_zoom("100")
    _drag(view, QPoint(200, 150), QPoint(120, 100))
    view.clear()
    view.set_picture(_ramps(), 0, full_size=FULL)
    assert view.picture_rect() == QRect(-300, -250, 1000, 800)


def test_what_size_is_of_use_is_said(view: PictureView, qtbot: QtBot) -> None:
    assert view.limit() == QSize(400, 300)
    with qtbot.waitSignal(view.limit_changed) as told:
        view.set_zoom("100")
    assert told.args == [1000, 800]
    with qtbot.assertNotEmitted(view.limit_changed):
        view.resize(500, 300)
    with qtbot.waitSignal(view.limit_changed) as told:
        view.set_zoom("fit")
    assert told.args == [500, 300]
    with qtbot.waitSignal(view.limit_changed) as told:
        view.resize(480, 320)
    assert told.args == [480, 320]


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_a_film_pixel_is_a_pixel_of_the_device(ratio: float) -> None:
    place = PicturePlace()
    place.zoom, place.full_size, place.aspect = "100", QSize(1921, 1081), 1921 / 1081
    rect = place.rect(QSize(401, 301), ratio)
    assert rect.width() * ratio == pytest.approx(1921)
    assert rect.height() * ratio == pytest.approx(1081)
    for edge in (rect.left() * ratio, rect.top() * ratio):
        assert edge == pytest.approx(round(edge)), "between two pixels everything would be blurred"


@pytest.mark.parametrize("film", [(1920, 1080), (1080, 1920), (853, 480), (1998, 1080), (720, 576)])
@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_a_picture_made_for_the_view_needs_no_scaling(film: tuple[int, int], ratio: float) -> None:
    place = PicturePlace()
    place.full_size, place.aspect = QSize(*film), film[0] / film[1]
    for width in range(161, 330, 7):
        for height in (91, 120, 181, 233):
            device = (round(width * ratio), round(height * ratio))
            made = fitted_size(film, device)
            if made == film:
                continue  # never made larger than the film
            rect = place.rect(QSize(width, height), ratio)
            assert (rect.width() * ratio, rect.height() * ratio) == pytest.approx(made)


@pytest.mark.parametrize("colour", ["#000000", "#808080", "#ffffff", "#e0734a"])
def test_safe_areas_are_seen_on_any_picture(view: PictureView, plain_image: MakeImage, colour: str) -> None:
    view.set_picture(plain_image(colour, 400, 300), 0)
    view.set_safe_areas(True)
    shown = view.grab().toImage()
    plain = QColor(colour)
    # action 93 %, titles 90 % of the width: 14 and 20 of 400 from either side
    for left in (14, 20, 379, 385):
        beside = [shown.pixelColor(x, 100).lightness() for x in range(left - 3, left + 5)]
        assert max(beside) - min(beside) > 70, left
    for top in (10, 15, 284, 289):  # 10.5 and 15 of 300
        beside = [shown.pixelColor(100, y).lightness() for y in range(top - 3, top + 5)]
        assert max(beside) - min(beside) > 70, top
    cross = [shown.pixelColor(x, 154).lightness() for x in range(196, 205)]
    assert max(cross) - min(cross) > 70
    assert shown.pixelColor(100, 100) == plain
    assert shown.pixelColor(5, 5) == plain
    view.set_safe_areas(False)
    assert view.grab().toImage().pixelColor(14, 100) == plain


def test_safe_areas_belong_to_the_picture_not_to_the_view(
    view: PictureView, plain_image: MakeImage, colour_at: ColourAt
) -> None:
    view.set_picture(plain_image("#ffffff", 160, 90), 0)
    view.set_safe_areas(True)
    assert view.picture_rect() == QRect(0, 37, 400, 225)
    for y in range(36):
        assert colour_at(view, 200, y) == palette.PICTURE_SURROUND
    view.clear()
    assert colour_at(view, 14, 100) == palette.PICTURE_SURROUND


def test_the_picture_alone_goes_to_the_clipboard(view: PictureView, plain_image: MakeImage) -> None:
    view.set_safe_areas(True)
    assert view.image() == _ramps()
    view.set_picture(plain_image("#ffffff", 720, 576), 0, aspect=4 / 3)
    assert view.image().size() == QSize(768, 576)
    view.set_picture(plain_image("#ffffff", 720, 576), 0, full_size=QSize(480, 576))
    assert view.image().size() == QSize(720, 864)
    view.set_picture(plain_image("#ffffff", 853, 480), 0, full_size=QSize(1920, 1080))
    assert view.image().size() == QSize(853, 480)
    view.clear()
    assert view.image().isNull()
