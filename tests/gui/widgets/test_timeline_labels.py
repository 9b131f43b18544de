"""The rows of scale and movement on the timeline: what they show, pixel by pixel, and what a hand does there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from timeline_hands import LEFT, emitted

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Seam
from seamline_resources import palette
from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_labels import LABEL_KINDS, LabelBlock, LabelKind, LabelRow
from seamline_widgets.timeline_rows import LABELS_PX, TimelineRows
from seamline_widgets.timeline_shots import ShotBlock
from seamline_widgets.timeline_tints import Rgb, Tint, contrast

ColourAt = Callable[..., str]
BLUE, YELLOW = "#62b8ea", "#e8d98a"
MEDIUM = LabelBlock(0, 200, "MS", "Medium shot", YELLOW, 0.83)
UNSURE = LabelBlock(200, 400, "?", "Unsure", None, 0.3)
MINE = LabelBlock(600, 1000, "LS", "Long shot", BLUE, 1.0, is_user=True)
PAN = LabelBlock(0, 200, "←", "Pan left", BLUE, 0.5)


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    """A thousand frames on a thousand pixels, four shots: the third has no scale, only the first a movement."""
    widget = TimelineView()
    qtbot.addWidget(widget)
    widget.set_rows(filmstrip=False, waveform=False)
    widget.resize(1000, 240)
    widget.set_film(1000, TimecodeRate(25).format)
    widget.set_analysed(1000)
    widget.set_seams([Seam(at - 1, at) for at in (200, 400, 600)])
    cuts = [0, 200, 400, 600, 1000]
    widget.set_shots([ShotBlock(a, b, str(at)) for at, (a, b) in enumerate(pairwise(cuts), 1)])
    widget.set_shot_labels([MEDIUM, UNSURE, MINE], [PAN])
    widget.set_snapping(False)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _top(view: TimelineView, kind: LabelKind) -> int:
    return view.rows.plot_bottom + (1 + LABEL_KINDS.index(kind)) * LABELS_PX


def _y(view: TimelineView, kind: LabelKind) -> int:
    return _top(view, kind) + 4


def _differing(image: QImage, area: QRect) -> int:
    """How many pixels differ from the one at the area's upper right corner."""
    ground = image.pixelColor(area.topRight())
    places = ((x, y) for x in range(area.left(), area.right()) for y in range(area.top(), area.bottom()))
    return sum(image.pixelColor(x, y) != ground for x, y in places)


# rows


def test_the_rows_of_labels_can_be_hidden_and_the_camera_shown() -> None:
    bare, labelled = TimelineRows(300), TimelineRows(300, label_rows=3)
    all_rows = TimelineRows(300, True, True, 3, True)
    assert labelled.least_height == bare.least_height + 2 * LABELS_PX
    assert labelled.usual_height == bare.usual_height + 2 * LABELS_PX
    assert bare.camera_px == 0
    assert bare.labels_bottom == bare.ruler_top
    assert all_rows.camera_px >= 48
    assert all_rows.labels_bottom + all_rows.camera_px == all_rows.ruler_top
    assert all_rows.plot_bottom + 3 * LABELS_PX == all_rows.labels_bottom
    least = replace(all_rows, height=all_rows.least_height)
    assert least.curve_bottom - least.curve_top >= 40
    assert all_rows.usual_height >= all_rows.least_height


def test_hidden_rows_give_their_room_to_the_curve(view: TimelineView) -> None:
    curve_px = view.rows.curve_bottom - view.rows.curve_top
    view.set_rows(filmstrip=False, waveform=False, labels=False)
    assert view.rows.curve_bottom - view.rows.curve_top == curve_px + 2 * LABELS_PX
    clicked = emitted(view.label_clicked)
    QTest.mouseClick(view, LEFT, pos=QPoint(100, view.rows.plot_bottom + 4))
    assert clicked == []


# looks


def test_labels_have_their_colour_and_the_sure_ones_more_of_it(
    view: TimelineView, colour_at: ColourAt
) -> None:
    y = _y(view, "scale")
    assert colour_at(view, 900, y) == BLUE  # by the editor
    weak = replace(MEDIUM, strength_01=0.1)
    strengths = []
    for block in (weak, MEDIUM, replace(MEDIUM, strength_01=1.0), replace(MEDIUM, is_user=True)):
        view.set_shot_labels([block], [])
        strengths.append(QColor(colour_at(view, 150, y)).lightness())
    assert strengths == sorted(set(strengths))
    assert colour_at(view, 500, y) == palette.WINDOW  # not labelled yet


def test_seldom_right_and_nearly_certain_are_told_apart_at_a_glance(
    view: TimelineView, colour_at: ColourAt
) -> None:
    light = []
    for strength in (0.59, 0.9):
        view.set_shot_labels([replace(MEDIUM, strength_01=strength)], [])
        light.append(QColor(colour_at(view, 150, _y(view, "scale"))).lightness())
    assert light[1] - light[0] >= 35


def test_what_the_editor_has_said_stands_on_a_line(view: TimelineView, colour_at: ColourAt) -> None:
    foot = _top(view, "scale") + LABELS_PX - 3
    assert QColor(colour_at(view, 900, foot)).lightness() < 40
    assert colour_at(view, 150, foot) == colour_at(view, 150, _y(view, "scale"))
    corner = _top(view, "scale") + 2
    assert QColor(colour_at(view, 997, corner)).lightness() < 40
    assert colour_at(view, 197, corner) == colour_at(view, 150, corner)


def test_unsure_is_hatched_and_says_so(view: TimelineView) -> None:
    image = view.grab().toImage()
    hatched = {image.pixelColor(x, _y(view, "scale")).name() for x in range(300, 390)}
    assert len(hatched) == 2
    assert palette.WINDOW not in hatched  # unlike a shot without a label
    view.set_shot_labels([replace(UNSURE, end_frame=214)], [])
    assert _lit(view, QRect(201, _top(view, "scale") + 2, 11, 16)) > 4


def _lit(view: TimelineView, area: QRect) -> int:
    image = view.grab(area).toImage()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(image.pixelColor(x, y).lightness() > 140 for x, y in places)


def test_a_name_where_it_has_room_else_the_letters_else_nothing(view: TimelineView) -> None:
    inked = []
    for end in (200, 40, 9):
        view.set_shot_labels([replace(MINE, start_frame=0, end_frame=end)], [])
        area = QRect(1, _top(view, "scale") + 3, end - 3, 12)
        inked.append(_differing(view.grab().toImage(), area))
    name, letters, nothing = inked
    assert name > letters > 0
    assert nothing == 0


def test_neighbours_with_the_same_label_stand_apart(view: TimelineView, colour_at: ColourAt) -> None:
    view.set_shot_labels([MEDIUM, replace(MEDIUM, start_frame=200, end_frame=400)], [])
    y = _y(view, "scale")
    assert colour_at(view, 199, y) == palette.WINDOW
    assert colour_at(view, 198, y) == colour_at(view, 350, y)


def test_an_empty_row_says_what_will_be_there_and_a_gap_nothing(view: TimelineView) -> None:
    def words(left: int) -> int:
        return _differing(view.grab().toImage(), QRect(left + 2, _top(view, "scale") + 2, 190, 15))

    view.set_shot_labels([], [])
    assert words(0) > 100
    view.set_shot_labels([MINE], [])
    assert words(0) == 0
    # as while a seam is dragged, with the gap at the left end of what is in view
    view.set_shot_labels([MEDIUM, MINE], [])
    view.show_frames(210, 1000)
    assert words(0) == 0


def test_another_film_has_no_labels(view: TimelineView) -> None:
    view.set_film(1000, TimecodeRate(25).format)
    fresh = view.grab().toImage()
    view.set_shot_labels([], [])
    assert view.grab().toImage() == fresh


@pytest.mark.parametrize(
    "colour", sorted({look.colour for looks in LABEL_LOOKS.values() for look in looks.values()})
)
def test_words_can_be_read_on_every_tint(colour: str) -> None:
    keys = {Tint.key(colour, step / 50, is_user=False) for step in range(51)}
    tints = [Tint.of(key) for key in (*keys, Tint.key(colour, 1.0, is_user=True))]
    assert len({tint.rgb for tint in tints}) > 6
    for tint in tints:
        assert contrast(_rgb(tint.ink), tint.rgb) >= 4.5
        assert contrast(_rgb(tint.dimmed_ink), tint.dimmed) >= 4.5


def _rgb(colour: str) -> Rgb:
    known = QColor(colour)
    return known.red(), known.green(), known.blue()


def test_words_on_stripes_can_be_read(view: TimelineView) -> None:
    image = view.grab().toImage()
    y = _y(view, "scale")
    grounds = {image.pixelColor(x, y).name() for x in range(300, 390)}
    ink = Tint.of(Tint.key(None, 0.3, is_user=False)).ink
    assert all(contrast(_rgb(ink), _rgb(ground)) >= 4.5 for ground in grounds)


def test_outside_of_in_and_out_labels_are_dimmed(view: TimelineView, colour_at: ColourAt) -> None:
    y = _y(view, "scale")
    bright = colour_at(view, 900, y)
    view.set_in_out(0, 799)
    assert colour_at(view, 750, y) == bright
    assert colour_at(view, 900, y) == QColor(*Tint.of(Tint.key(BLUE, 1.0, is_user=True)).dimmed).name()


def test_in_a_crowd_the_mean_colour_is_shown(view: TimelineView, colour_at: ColourAt) -> None:
    black, white = (LabelBlock(0, 1, "", "", colour, 1.0, True) for colour in ("#000000", "#ffffff"))
    view.set_film(10_000, TimecodeRate(25).format)
    blocks = [replace((black, white)[at % 2], start_frame=at, end_frame=at + 1) for at in range(10_000)]
    view.set_shot_labels(blocks, blocks[:5000])
    seen = [QColor(colour_at(view, x, _y(view, "scale"))).lightness() for x in (100, 101, 500, 903)]
    assert all(abs(grey - 127) <= 2 for grey in seen)
    assert colour_at(view, 900, _y(view, "movement")) == palette.WINDOW


def test_rows_find_their_blocks_in_any_order() -> None:
    row = LabelRow("scale", [MINE, MEDIUM, UNSURE])
    found = [row.at(frame) for frame in (-1, 0, 199.5, 200, 399, 400, 600, 1000)]
    assert found == [None, MEDIUM, MEDIUM, UNSURE, UNSURE, None, MINE, None]
    mean = row.means.between(np.array([500.0, 700.0, 800.0]))
    assert mean[:, 3].tolist() == [0.5, 1.0]


# words


def test_tips_say_shot_label_and_how_sure(view: TimelineView) -> None:
    y, below = _y(view, "scale"), _y(view, "movement")
    assert view.tip_at(QPoint(100, y)) == "Shot 1 · Medium shot, 83\u2009%"
    assert view.tip_at(QPoint(300, y)) == "Shot 2 · Unsure"
    assert view.tip_at(QPoint(500, y)) == "Shot 3 · Scale: not labelled yet"
    assert view.tip_at(QPoint(700, y)) == "Shot 4 · Long shot, by you"
    assert view.tip_at(QPoint(100, below)) == "Shot 1 · Pan left, 50\u2009%"


def test_a_screen_reader_hears_the_labels_at_the_playhead(view: TimelineView, qtbot: QtBot) -> None:
    view.set_playhead(100)
    said = "scale medium shot, 83\u2009%, movement pan left, 50\u2009%"
    qtbot.waitUntil(lambda: said in view.accessibleDescription())
    view.set_playhead(700)
    qtbot.waitUntil(lambda: "scale long shot, by you, 3 seams" in view.accessibleDescription())


# hands


@pytest.mark.parametrize("kind", LABEL_KINDS)
def test_a_click_asks_for_that_shots_label(view: TimelineView, kind: LabelKind) -> None:
    clicked, shots, scrubbed = emitted(view.label_clicked), emitted(view.shot_clicked), emitted(view.scrubbed)
    at = [QPoint(x, _y(view, kind)) for x in (250, 500)]  # with a label, and without one
    for place in at:
        QTest.mouseClick(view, LEFT, pos=place)
    assert clicked == [(kind, start, view.mapToGlobal(p)) for start, p in zip((200, 400), at, strict=True)]
    assert shots == [(200,), (400,)]
    assert scrubbed == []
    assert view.playhead == 0


def test_a_double_click_asks_once(view: TimelineView) -> None:
    clicked, activated = emitted(view.label_clicked), emitted(view.shot_activated)
    place = QPoint(250, _y(view, "scale"))
    QTest.mouseClick(view, LEFT, pos=place)
    QTest.mouseDClick(view, LEFT, pos=place)
    assert len(clicked) == 1
    assert activated == []


def test_a_drag_along_the_labels_scrubs(view: TimelineView) -> None:
    clicked, scrubbed = emitted(view.label_clicked), emitted(view.scrubbed)
    y = _y(view, "movement")
    QTest.mousePress(view, LEFT, pos=QPoint(100, y))
    QTest.mouseMove(view, QPoint(120, y))
    QTest.mouseRelease(view, LEFT, pos=QPoint(120, y))
    assert scrubbed == [(120,)]
    assert clicked == []


def _ask_for_menu(view: TimelineView, place: QPoint, reason: QContextMenuEvent.Reason) -> bool:
    event = QContextMenuEvent(reason, place, view.mapToGlobal(place))
    QApplication.sendEvent(view, event)
    return event.isAccepted()


def test_the_right_button_and_the_menu_key_ask_too(view: TimelineView) -> None:
    clicked = emitted(view.label_clicked)
    place = QPoint(300, _y(view, "movement"))
    assert _ask_for_menu(view, place, QContextMenuEvent.Reason.Mouse)
    assert clicked == [("movement", 200, view.mapToGlobal(place))]
    elsewhere = QPoint(300, view.rows.curve_top + 10)
    assert not _ask_for_menu(view, elsewhere, QContextMenuEvent.Reason.Mouse)
    assert not _ask_for_menu(view, elsewhere, QContextMenuEvent.Reason.Keyboard)
    QTest.mouseMove(view, QPoint(700, _y(view, "scale")))
    assert _ask_for_menu(view, elsewhere, QContextMenuEvent.Reason.Keyboard)
    assert clicked[1:] == [("scale", 600, view.mapToGlobal(elsewhere))]


def test_the_label_under_the_mouse_is_framed(view: TimelineView, colour_at: ColourAt) -> None:
    def frame() -> str:
        return colour_at(view, 300, _top(view, "scale") + 1)

    before = frame()
    QTest.mouseMove(view, QPoint(250, _y(view, "scale")))
    assert frame() == palette.TEXT_STRONG
    assert view.cursor().shape() is Qt.CursorShape.PointingHandCursor
    QTest.mouseMove(view, QPoint(250, view.rows.curve_top + 30))
    assert frame() == before


def test_hovering_paints_no_row_anew(view: TimelineView) -> None:
    view.grab()
    layer = view._layer
    assert layer is not None
    QTest.mouseMove(view, QPoint(250, _y(view, "scale")))
    view.grab()
    assert view._layer is layer


def _place(view: TimelineView, kind: LabelKind, frame: int) -> QPoint | None:
    at = view.label_position(kind, frame)
    return None if at is None else view.mapFromGlobal(at)


def test_menus_of_the_keyboard_open_below_the_label(view: TimelineView) -> None:
    at = [_place(view, kind, 500) for kind in LABEL_KINDS]
    assert at == [QPoint(400, _top(view, kind) + LABELS_PX) for kind in LABEL_KINDS]
    view.show_frames(450, 550)
    below = _top(view, "scale") + LABELS_PX
    assert _place(view, "scale", 599) == QPoint(0, below)  # as far as the shot is in view
    view.set_rows(filmstrip=False, waveform=False, labels=False)
    assert _place(view, "scale", 500) == QPoint(0, view.rows.ruler_top)


def test_what_is_not_in_view_has_no_place_for_a_menu(view: TimelineView) -> None:
    view.show_frames(450, 550)
    assert _place(view, "movement", 399) is None
    assert _place(view, "movement", 600) is None
    view.hide()
    assert _place(view, "movement", 500) is None


def test_without_shots_a_labels_own_place_counts(view: TimelineView) -> None:
    view.set_shots([])
    spot = view._label_at(QPointF(100, _y(view, "scale")))
    assert spot is not None
    assert (spot.start_frame, spot.end_frame) == (0, 200)
    assert view.tip_at(QPoint(100, _y(view, "scale"))) == "Medium shot, 83\u2009%"
    assert view._label_at(QPointF(500, _y(view, "scale"))) is None
