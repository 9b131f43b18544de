"""Two pictures over each other: every pixel is what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage

from seamline_resources import palette
from seamline_widgets import audition_overlays as overlays

MakeImage = Callable[..., QImage]
SIZE = QSize(320, 180)


def _at(image: QImage, x: int, y: int) -> str:
    return image.pixelColor(x, y).name()


def test_difference_is_each_colours_own_whichever_is_first(plain_image: MakeImage) -> None:
    a, b = plain_image("#204080"), plain_image("#602090")
    for first, second in ((a, b), (b, a)):
        image = overlays.difference(first, second, SIZE)
        assert image.size() == SIZE
        assert _at(image, 160, 90) == "#402010"
    assert _at(overlays.difference(a, a, SIZE), 3, 3) == "#000000"


def test_onion_skin_is_half_of_each_whichever_is_first(plain_image: MakeImage) -> None:
    a, b = plain_image("#204080"), plain_image("#6020a0")
    for first, second in ((a, b), (b, a)):
        colour = overlays.onion_skin(first, second, SIZE).pixelColor(160, 90)
        for value, meant in zip(
            (colour.red(), colour.green(), colour.blue()), (0x40, 0x30, 0x90), strict=True
        ):
            assert abs(value - meant) <= 2


def test_a_wipe_has_a_at_the_left_of_its_border(plain_image: MakeImage) -> None:
    a, b = plain_image("#ff0000"), plain_image("#0000ff")
    image = overlays.wipe(a, b, SIZE, 0.25)
    assert overlays.wipe_border(a, b, SIZE, 0.25) == 80
    assert [_at(image, x, 90) for x in (0, 79, 80, 319)] == ["#ff0000", "#ff0000", "#0000ff", "#0000ff"]
    assert overlays.wipe_share(a, b, SIZE, 80) == 0.25
    assert overlays.wipe_share(a, b, SIZE, -50) == 0
    assert overlays.wipe_share(a, b, SIZE, 999) == 1


def test_side_by_side_is_a_then_b(plain_image: MakeImage) -> None:
    image = overlays.side_by_side(plain_image("#ff0000"), plain_image("#0000ff"), SIZE)
    assert (_at(image, 79, 90), _at(image, 240, 90)) == ("#ff0000", "#0000ff")
    assert _at(image, 160, 90) == palette.PICTURE_SURROUND
    assert _at(image, 79, 10) == palette.PICTURE_SURROUND


@pytest.mark.parametrize("size", [QSize(320, 180), QSize(200, 400), QSize(900, 100)])
def test_pictures_of_different_shape_keep_it(plain_image: MakeImage, size: QSize) -> None:
    """4:3 beside 16:9: what one covers alone differs from black, and the surround stays what it is."""
    wide, tall = plain_image("#800000", 320, 180), plain_image("#000080", 120, 90)
    boxes = [
        overlays.fitted(picture.size(), QRectF(0, 0, size.width(), size.height())) for picture in (wide, tall)
    ]
    for picture, box in zip((wide, tall), boxes, strict=True):
        shape = picture.width() / picture.height()
        assert abs(box.width() - shape * box.height()) <= max(1, shape)
        assert box.width() in (size.width(), round(box.width()))
        assert max(box.width() / size.width(), box.height() / size.height()) == pytest.approx(1, abs=0.01)
    images = [overlays.difference(wide, tall, size), overlays.onion_skin(wide, tall, size)]
    for x in range(0, size.width(), 7):
        for y in range(0, size.height(), 7):
            covers = [box.adjusted(1, 1, -1, -1).contains(x, y) for box in boxes]
            near = [box.adjusted(-1, -1, 1, 1).contains(x, y) for box in boxes]
            if covers != near:
                continue  # on a border
            colours = QColor(_at(images[0], x, y)), QColor(_at(images[1], x, y))
            if not any(covers):
                assert {colour.name() for colour in colours} == {palette.PICTURE_SURROUND}
                continue
            assert (colours[0].red() > 120, colours[0].blue() > 120) == (covers[0], covers[1])
            assert (colours[1].red() > 55, colours[1].blue() > 55) == (covers[0], covers[1])
