"""Text can be read, greys are grey, and every icon and action exists once."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from seamline.project.types import SeamKind
from seamline_resources import palette
from seamline_resources.icon_files import icon_svg
from seamline_resources.shortcuts import SHORTCUTS, shortcut
from seamline_widgets.actions import make_actions
from seamline_widgets.icons import icon, icon_pixmap


def _luminance(colour: str) -> float:
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", [palette.PICTURE_SURROUND, palette.SUNKEN, palette.WINDOW, palette.RAISED])
@pytest.mark.parametrize(
    "ink",
    [palette.TEXT, palette.TEXT_STRONG, palette.TEXT_QUIET, palette.ACCENT, palette.ERROR, palette.INFO],
)
def test_text_has_enough_contrast(ink: str, ground: str) -> None:
    assert _contrast(ink, ground) >= 4.5


def test_selected_rows_stay_readable() -> None:
    assert _contrast(palette.TEXT, palette.SELECTED) >= 4.5


@pytest.mark.parametrize("kind", list(SeamKind))
def test_seam_letters_stand_out_from_their_flags(kind: SeamKind) -> None:
    assert _contrast(palette.SEAM_LOOKS[kind].colour, palette.PICTURE_SURROUND) >= 4.5


def test_seams_differ_in_letter_and_colour() -> None:
    looks = palette.SEAM_LOOKS.values()
    assert len({look.letter for look in looks}) == len({look.colour for look in looks}) == len(SeamKind)


@pytest.mark.parametrize(
    "grey",
    [
        palette.PICTURE_SURROUND,
        palette.SUNKEN,
        palette.WINDOW,
        palette.RAISED,
        palette.SELECTED,
        palette.LINE,
    ],
)
def test_greys_carry_no_tint(grey: str) -> None:
    colour = QColor(grey)
    assert colour.red() == colour.green() == colour.blue()


def test_no_key_means_two_things() -> None:
    keys = [QKeySequence(key).toString() for entry in SHORTCUTS for key in entry.keys]
    assert all(keys)
    assert len(keys) == len(set(keys))
    assert len({entry.action_id for entry in SHORTCUTS}) == len(SHORTCUTS)


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(KeyError):
        shortcut("make_coffee")


def test_every_named_icon_exists() -> None:
    for entry in SHORTCUTS:
        if entry.icon is not None:
            assert icon_svg(entry.icon).startswith(b"<svg")


def test_icons_have_pixels_of_their_own_at_200_percent(qtbot: QtBot) -> None:
    assert {size.width() for size in icon("play").availableSizes()} >= {16, 32, 20, 40, 28, 56}
    pixmap = icon_pixmap("pause", 24, "#ff0000", ratio=2.0)
    assert pixmap.width() == 48
    image = pixmap.toImage()
    assert image.pixelColor(16, 24).name() == "#ff0000"
    assert image.pixelColor(24, 24).alpha() == 0  # the gap between the bars
    assert image.pixelColor(11, 24).alpha() == 0  # one device pixel left of the left bar: a hard edge
    assert image.pixelColor(12, 24).alpha() == 255


def test_actions_come_from_the_table(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    actions = make_actions(window)
    assert list(actions) == [entry.action_id for entry in SHORTCUTS]
    redo = actions["redo"]
    assert [key.toString() for key in redo.shortcuts()] == ["Ctrl+Shift+Z", "Ctrl+Y"]
    assert "Ctrl+Y" in redo.toolTip()
    assert redo in window.actions()
