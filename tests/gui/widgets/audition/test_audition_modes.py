"""Two frames over each other, by real keys and the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from seamline_widgets.audition_cut import Place
from seamline_widgets.audition_pictures import Side

if TYPE_CHECKING:
    from tests.gui.widgets.audition.conftest import Hands

Key: TypeAlias = Qt.Key


def test_overlays_are_switched_on_and_off_by_their_keys(hands: Hands) -> None:
    hands.begin()
    hands.beat(0.4)
    out, into = QColor(hands.colour(Side.OUT, 180)), QColor(hands.colour(Side.IN, 510))
    hands.press(Key.Key_D)
    assert (hands.view.mode, hands.view.is_playing) == ("difference", False)
    assert hands.view.bar.button("difference").isChecked()
    seen = QColor(hands.seen)
    assert seen.red() == abs(out.red() - into.red())
    assert seen.blue() == abs(out.blue() - into.blue())
    hands.press(Key.Key_O)
    assert hands.view.mode == "onion"
    assert abs(QColor(hands.seen).red() - (out.red() + into.red()) / 2) <= 2
    hands.press(Key.Key_O)
    assert (hands.view.mode, hands.view.is_playing) == ("play", True)
    assert hands.seen == hands.colour(Side.OUT, 166)  # where it was
    hands.press(Key.Key_S)
    image = hands.shot
    assert image.pixelColor(hands.view.stage.width() // 4, hands.view.stage.height() // 2) == out
    assert image.pixelColor(3 * hands.view.stage.width() // 4, hands.view.stage.height() // 2) == into
    hands.press(Key.Key_Space)
    assert (hands.view.mode, hands.view.is_playing) == ("play", True)


def test_the_border_of_a_wipe_follows_mouse_and_arrows(hands: Hands) -> None:
    hands.begin()
    hands.press(Key.Key_W)
    middle = hands.view.stage.height() // 2
    covered = 16 / 9 * hands.view.stage.height()
    left = (hands.view.stage.width() - covered) / 2
    QTest.mouseMove(hands.view.stage, QPoint(round(left + 0.25 * covered), middle))
    assert hands.view.stage.wipe_share_01 == pytest.approx(0.25, abs=0.01)
    image = hands.shot
    border = round(left + 0.25 * covered)
    assert image.pixelColor(border - 6, middle).name() == hands.colour(Side.OUT, 180)
    assert image.pixelColor(border + 6, middle).name() == hands.colour(Side.IN, 510)
    hands.press(Key.Key_Right)
    assert hands.view.stage.wipe_share_01 == pytest.approx(0.27, abs=0.01)
    assert hands.view.mode == "wipe"


@pytest.mark.parametrize("key", [Key.Key_D, Key.Key_O, Key.Key_W, Key.Key_S])
def test_the_frames_that_an_overlay_shows_are_marked(hands: Hands, key: Qt.Key) -> None:
    hands.begin()
    hands.beat(0.4)
    strip = hands.view.bar.strip
    hands.press(key)
    assert strip.places == (Place(Side.OUT, 180), Place(Side.IN, 510))
    hands.press(Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert strip.places == (Place(Side.OUT, 180), Place(Side.IN, 511))
    hands.press(key)
    assert strip.places == (Place(Side.OUT, 166),)  # it plays on where it was


def test_sliding_changes_the_overlay_at_once(hands: Hands) -> None:
    hands.begin()
    hands.press(Key.Key_S)
    hands.press(Key.Key_L)
    image = hands.shot
    assert image.pixelColor(
        hands.view.stage.width() // 4, hands.view.stage.height() // 2
    ).name() == hands.colour(Side.OUT, 181)


@pytest.mark.parametrize("size", [(700, 400), (1600, 900), (320, 240)])
def test_pictures_of_different_shape_keep_it(hands: Hands, size: tuple[int, int]) -> None:
    hands.view.resize(*size)
    hands.view.show_item(hands.item(), hands.times)
    hands.view.set_pictures(hands.pictures(((160, 90), (120, 90))))
    hands.view.play()
    shapes = []
    for seconds in (0.0, 1.0):
        if seconds:
            hands.beat(seconds)
        image = hands.shot
        ink = image.pixelColor(image.rect().center())
        wide = sum(image.pixelColor(x, image.height() // 2) == ink for x in range(image.width()))
        high = sum(image.pixelColor(image.width() // 2, y) == ink for y in range(image.height()))
        shapes.append(wide / high)
    assert shapes == pytest.approx([16 / 9, 4 / 3], abs=0.02)
