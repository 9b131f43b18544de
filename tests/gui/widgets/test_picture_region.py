"""A part of the picture is marked by dragging, in shares of the film's picture whatever its zoom; Esc gives it up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot
from timeline_hands import emitted

from seamline_resources import palette
from seamline_widgets.picture import PictureView
from seamline_widgets.picture_region import PictureRegion

LEFT = Qt.MouseButton.LeftButton
MakeImage = Callable[..., QImage]


@pytest.fixture
def region(qtbot: QtBot, plain_image: MakeImage) -> Iterator[PictureRegion]:
    window = QMainWindow()
    qtbot.addWidget(window)
    view = PictureView()
    window.setCentralWidget(view)
    window.resize(400, 300)
    region = PictureRegion(view)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    view.set_picture(plain_image("#4060a0", 1000, 500), 7, full_size=QSize(1000, 500))
    yield region
    window.close()


def _view(region: PictureRegion) -> PictureView:
    view = region.parentWidget()
    assert isinstance(view, PictureView)
    return view


def _drag(region: PictureRegion, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(region, LEFT, pos=start)
    QTest.mouseMove(region, (start + end) / 2)
    QTest.mouseMove(region, end)
    QTest.mouseRelease(region, LEFT, pos=end)


def _marked(region: PictureRegion) -> list[tuple[object, ...]]:
    return emitted(region.marked)


def _near(one: QRectF, other: QRectF) -> bool:
    pairs = zip(
        (one.left(), one.top(), one.right(), one.bottom()),
        (other.left(), other.top(), other.right(), other.bottom()),
        strict=True,
    )
    return all(abs(a - b) < 0.004 for a, b in pairs)


def test_a_part_of_the_fitted_picture(region: PictureRegion) -> None:
    marked, picture = _marked(region), _view(region).picture_rect()
    assert region.begin()
    _drag(region, picture.topLeft() + QPoint(100, 50), picture.topLeft() + QPoint(300, 100))
    ((frame, part),) = marked
    assert frame == 7
    assert isinstance(part, QRectF)
    assert _near(part, QRectF(0.25, 0.25, 0.5, 0.25))
    assert not region.is_active


def test_dragged_backwards_and_beyond_the_picture_it_ends_at_its_edge(region: PictureRegion) -> None:
    marked, picture = _marked(region), _view(region).picture_rect()
    assert picture.top() > 20  # bars above and below
    region.begin()
    _drag(region, picture.topLeft() + QPoint(200, 100), QPoint(0, 2))
    part = marked[0][1]
    assert isinstance(part, QRectF)
    assert _near(part, QRectF(0, 0, 0.5, 0.5))


def test_pixel_for_pixel_and_moved_it_is_the_part_of_the_film_that_is_seen(
    region: PictureRegion, turn_wheel: Callable[..., None]
) -> None:
    view, marked = _view(region), _marked(region)
    view.set_zoom("100")
    region.begin()
    QTest.mousePress(region, LEFT, pos=QPoint(10, 20))
    turn_wheel(region, 10, 20, 1)  # moves the picture under the drag: what was marked stays with the picture
    moved = view.picture_rect().topLeft()
    QTest.mouseMove(region, QPoint(110, 120))
    QTest.mouseRelease(region, LEFT, pos=QPoint(110, 120))
    part = marked[0][1]
    assert isinstance(part, QRectF)
    assert abs(part.right() * 1000 - (110 - moved.x())) <= 1
    assert abs(part.bottom() * 500 - (120 - moved.y())) <= 1
    assert moved.y() > (view.height() - 500) // 2  # it did move
    assert abs(part.top() * 500 - (20 - (view.height() - 500) // 2)) <= 1


def test_esc_and_the_right_button_give_it_up(region: PictureRegion, qtbot: QtBot) -> None:
    marked, given_up = _marked(region), emitted(region.given_up)
    region.begin()
    QTest.keyClick(region, Qt.Key.Key_Escape)
    assert (region.is_active, len(given_up)) == (False, 1)
    region.begin()
    QTest.mousePress(region, LEFT, pos=QPoint(100, 100))
    QTest.mouseClick(region, Qt.MouseButton.RightButton, pos=QPoint(120, 120))
    assert (region.is_active, len(given_up), marked) == (False, 2, [])


def test_esc_counts_where_the_keyboard_has_gone_elsewhere(region: PictureRegion, qtbot: QtBot) -> None:
    window = _view(region).window()
    field = QLineEdit(window)
    field.show()
    region.begin()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not region.is_active


def test_a_click_marks_nothing_and_without_a_picture_it_does_not_begin(region: PictureRegion) -> None:
    marked = _marked(region)
    region.begin()
    QTest.mouseClick(region, LEFT, pos=QPoint(200, 150))
    assert (marked, region.is_active) == ([], True)
    region.give_up()
    _view(region).clear()
    assert not region.begin()


def test_what_is_outside_is_dimmed_and_a_line_says_what_to_do(region: PictureRegion) -> None:
    view = _view(region)
    plain = view.grab().toImage()
    region.begin()
    hinted = view.grab().toImage()
    assert any(hinted.pixelColor(x, 20).name() == palette.RAISED for x in range(view.width()))
    picture = view.picture_rect()
    QTest.mousePress(region, LEFT, pos=picture.topLeft() + QPoint(150, 80))
    QTest.mouseMove(region, picture.topLeft() + QPoint(250, 160))
    image = view.grab().toImage()
    inside, outside = picture.topLeft() + QPoint(200, 120), picture.topLeft() + QPoint(60, 120)
    assert image.pixelColor(inside) == plain.pixelColor(inside)
    assert image.pixelColor(outside).lightness() < plain.pixelColor(outside).lightness()
    assert _near(region.region(), QRectF(QPointF(0.375, 0.4), QPointF(0.625, 0.8)))
