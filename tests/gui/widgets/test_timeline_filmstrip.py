"""The filmstrip: which picture stands where, at any zoom."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Seam, SeamKind
from seamline_resources import palette
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_filmstrip import FilmstripRow
from seamline_widgets.timeline_rows import FLAGS_PX, LABELS_PX, MAP_PX, RULER_PX, TimelineRows
from seamline_widgets.timeline_scale import TimeScale

PlainImage = Callable[..., QImage]
ColourAt = Callable[..., str]
RED, GREEN, BLUE = "#aa2020", "#20aa20", "#2020aa"


@pytest.fixture
def strip(plain_image: PlainImage) -> FilmstripRow:
    """A red picture of frame 0, a green one of 400, a blue one of 700; 45 high they are 80 wide, with a gap 81."""
    row = FilmstripRow()
    row.add([(400, plain_image(GREEN)), (0, plain_image(RED))])
    row.add([(700, plain_image(BLUE))])
    return row


@pytest.fixture
def view(qtbot: QtBot, plain_image: PlainImage) -> TimelineView:
    """A thousand frames on a thousand pixels, with both rows."""
    widget = TimelineView()
    qtbot.addWidget(widget)
    widget.set_rows(filmstrip=True, waveform=True, labels=False)
    widget.resize(1000, 220)
    widget.set_film(1000, TimecodeRate(25).format)
    widget.set_analysed(1000)
    widget.add_pictures([(0, plain_image(RED)), (400, plain_image(GREEN)), (700, plain_image(BLUE))])
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _strip_y(view: TimelineView) -> int:
    return FLAGS_PX + view.rows.strip_px // 2


def test_slots_fill_the_row_and_show_what_is_at_or_before_their_middle(strip: FilmstripRow) -> None:
    slots = list(strip.slots(TimeScale.fitted(1000, 1000), 45))
    assert [slot.left for slot in slots] == [81 * at for at in range(13)]
    # 81 x 4.5 = 364 is before the green one's frame, 81 x 5.5 = 445 behind it
    assert [slot.frame for slot in slots] == [0] * 5 + [400] * 4 + [700] * 4
    assert [slot.left for slot in slots if not slot.is_repeat] == [0, 405, 729]


def test_zoomed_in_slots_stay_as_wide_and_stand_still_on_the_film(strip: FilmstripRow) -> None:
    near = TimeScale(1000, 1000, first=380, span=40)
    slots = list(strip.slots(near, 45))
    assert all(b.left - a.left == pytest.approx(81) for a, b in pairwise(slots))
    assert slots[0].left <= 0
    assert slots[-1].left + 81 >= 1000
    panned = list(strip.slots(near.panned(1), 45))
    moved = {round(slot.left + 25, 3): slot.frame for slot in panned}
    shared = [slot for slot in slots if round(slot.left, 3) in moved]
    assert len(shared) > 10
    assert all(moved[round(slot.left, 3)] == slot.frame for slot in shared)


def test_the_first_slot_in_view_is_no_repeat(strip: FilmstripRow) -> None:
    slots = list(strip.slots(TimeScale(1000, 1000, first=450, span=40), 45))
    assert {slot.frame for slot in slots} == {400}
    assert [slot.is_repeat for slot in slots] == [False] + [True] * (len(slots) - 1)


def test_until_there_is_more_the_first_picture_stands_for_what_is_before_it(plain_image: PlainImage) -> None:
    row = FilmstripRow()
    scale = TimeScale.fitted(1000, 1000)
    assert list(row.slots(scale, 45)) == []
    row.add([(500, plain_image(RED)), (900, QImage())])
    assert [slot.frame for slot in row.slots(scale, 45)] == [500] * 13


def test_a_slot_shows_its_own_shot(strip: FilmstripRow) -> None:
    strip.set_cuts([350, 420, 500])
    slots = list(strip.slots(TimeScale.fitted(1000, 1000), 45))
    # middles: 40, 121, ... 364 and 445: in [350, 420) only 400 is known, in [420, 500) nothing, in [500, ...) 700
    assert [slot.frame for slot in slots] == [0] * 4 + [400] * 2 + [700] * 7


def test_a_shot_without_a_picture_shows_the_nearest(strip: FilmstripRow) -> None:
    strip.set_cuts([401, 520, 699])
    shown = {round(slot.left): slot.frame for slot in strip.slots(TimeScale.fitted(1000, 1000), 45)}
    assert shown[405] == 400  # its middle, 445, is nearer to 400 than to 700
    assert shown[567] == 700  # 607: nearer to 700


def test_slots_of_single_frames_stand_on_frames_and_on_no_cut(
    strip: FilmstripRow, plain_image: PlainImage
) -> None:
    near = TimeScale(1000, 1000, first=399.5, span=14)  # 71 pixels a frame, and a picture takes 81
    slots = list(strip.slots(near, 45))
    assert [slot.left for slot in slots] == pytest.approx([near.x_of(frame) for frame in range(399, 414)])
    assert strip.wishes(near, 49) == tuple((at, at) for at in range(399, 414) if at != 400)
    strip.add([(at, plain_image(BLUE)) for at in range(399, 414) if at != 400], passing=True)
    assert [slot.frame for slot in strip.slots(near, 45)] == list(range(399, 414))
    assert strip.wishes(near, 49) == ()
    pairs = TimeScale(1000, 1000, first=400, span=24)  # 41 pixels a frame: two to a slot
    strip.set_cuts([405])
    lefts = [slot.left for slot in strip.slots(pairs, 45)]
    assert lefts == pytest.approx([pairs.x_of(at) for at in (400, 402, 404, *range(405, 424, 2))])


def test_wishes_are_for_slots_whose_picture_is_not_from_there(strip: FilmstripRow) -> None:
    whole = TimeScale.fitted(1000, 1000)
    middles = [int((at + 0.5) * 81) for at in range(13)]
    # only the first slot's picture, frame 0, is from within it
    wishes = [(middle - 40, middle) for middle in middles[1:12]]
    assert strip.wishes(whole, 49) == (*wishes, (959, 999))  # the last slot's middle is behind the film
    strip.add([(middles[3] - 40, strip._images[0]), (middles[5] - 41, strip._images[0])])
    assert {middles[3], middles[5]} - {frame for _, frame in strip.wishes(whole, 49)} == {middles[3]}
    strip.set_cuts([110])
    assert strip.wishes(whole, 49)[0] == (110, 121)  # nothing from before the cut will do


def test_passing_pictures_do_not_pile_up(strip: FilmstripRow, plain_image: PlainImage) -> None:
    strip.add(((at, plain_image(BLUE, 16, 9)) for at in range(1, 2000)), passing=True)
    assert len(strip._images) == len(strip._frames) < 450
    assert {0, 400, 700, 1999} <= strip._images.keys()  # what was not passing, and the newest
    assert strip._frames == sorted(strip._images)


def test_slots_stay_where_they_are_when_a_picture_is_rounded_differently(
    strip: FilmstripRow, plain_image: PlainImage
) -> None:
    before = [slot.left for slot in strip.slots(TimeScale.fitted(1000, 1000), 45)]
    strip.add([(0, plain_image(RED, 158, 90))])
    assert [slot.left for slot in strip.slots(TimeScale.fitted(1000, 1000), 45)] == before


def test_the_view_says_what_it_wants_once_it_rests(
    view: TimelineView, qtbot: QtBot, plain_image: PlainImage
) -> None:
    qtbot.wait(100)
    said: list[object] = []
    view.pictures_wanted.connect(said.append)
    for first in range(400, 440):
        view.show_frames(first, first + 20)
        view.repaint()
    assert said == []  # on the way nothing is asked for
    qtbot.waitUntil(lambda: len(said) == 1)
    assert said[0] == tuple((at, at) for at in range(439, 459))
    view.add_pictures([(439, plain_image(BLUE))], passing=True)
    qtbot.wait(150)
    assert len(said) == 1  # the rest is on its way still


def test_a_cut_between_single_frames_is_a_cut_between_pictures(
    view: TimelineView, colour_at: ColourAt, plain_image: PlainImage
) -> None:
    view.set_seams([Seam(509, 510)])
    view.add_pictures(
        [(at, plain_image(GREEN if at < 510 else BLUE)) for at in range(500, 520)], passing=True
    )
    view.show_frames(500.4, 520.4)
    cut = round(view.x_of(510))
    assert colour_at(view, cut - 6, _strip_y(view)) == GREEN
    assert colour_at(view, cut + 6, _strip_y(view)) == BLUE


def test_upright_pictures_have_narrow_slots(plain_image: PlainImage) -> None:
    row = FilmstripRow()
    row.add([(0, plain_image(RED, 50, 90))])
    slots = list(row.slots(TimeScale.fitted(1000, 1000), 45))
    assert slots[1].left == 26


def test_pictures_stand_above_their_frames(view: TimelineView, colour_at: ColourAt) -> None:
    y = _strip_y(view)
    assert colour_at(view, 20, y) == RED
    slot = 1 + round((view.rows.strip_px - 4) * 16 / 9)
    first_green = next(at for at in range(20) if (at + 0.5) * slot >= 400) * slot
    assert colour_at(view, first_green + 20, y) == GREEN
    assert QColor(colour_at(view, first_green - 20, y)).red() > 60  # red, but dimmed as it goes on
    assert colour_at(view, first_green - 20, y) != RED


def test_new_pictures_show_at_once(view: TimelineView, colour_at: ColourAt, plain_image: PlainImage) -> None:
    y = _strip_y(view)
    before = colour_at(view, 330, y)
    view.add_pictures([(250, plain_image("#c0c0c0"))])
    assert colour_at(view, 330, y) != before
    assert QColor(colour_at(view, 330, y)).green() > 60


def test_another_film_empties_the_strip(view: TimelineView, colour_at: ColourAt) -> None:
    view.set_film(500, TimecodeRate(25).format)
    assert colour_at(view, 500, _strip_y(view)) == palette.PICTURE_SURROUND


def test_the_rows_can_be_hidden_and_the_curve_gets_their_room(
    view: TimelineView, colour_at: ColourAt
) -> None:
    assert view.rows == TimelineRows(220, True, True)
    curve_px = view.rows.curve_bottom - view.rows.curve_top
    view.set_rows(filmstrip=False, waveform=True, labels=False)
    assert view.rows.curve_top == FLAGS_PX
    assert colour_at(view, 20, 45) != RED
    view.set_rows(filmstrip=False, waveform=False, labels=False)
    assert view.rows.curve_bottom - view.rows.curve_top == view.rows.plot_bottom - FLAGS_PX > curve_px
    view.set_rows(filmstrip=True, waveform=False, labels=False)
    assert colour_at(view, 20, _strip_y(view)) == RED


@pytest.mark.parametrize("height", [196, 220, 300, 700])
def test_the_rows_share_any_height(height: int) -> None:
    rows = TimelineRows(height, True, True)
    assert rows.least_height <= 196
    assert 36 <= rows.strip_px <= 90
    assert 28 <= rows.wave_px <= 72
    assert rows.curve_bottom - rows.curve_top >= 48
    assert rows.curve_bottom + rows.wave_px == rows.plot_bottom
    assert rows.plot_bottom + LABELS_PX == rows.ruler_top
    assert rows.ruler_top + RULER_PX == rows.ruler_bottom == height - MAP_PX


def test_more_rows_of_labels_take_their_room_from_the_curve() -> None:
    one, three = TimelineRows(240), TimelineRows(240, label_rows=3)
    assert three.least_height == one.least_height + 2 * LABELS_PX
    assert three.plot_bottom == one.plot_bottom - 2 * LABELS_PX
    assert three.ruler_top == one.ruler_top


@pytest.mark.parametrize("row", ["strip", "curve", "wave"])
def test_the_mouse_scrubs_over_every_row(view: TimelineView, row: str) -> None:
    rows = view.rows
    y = {"strip": FLAGS_PX + 10, "curve": rows.curve_top + 20, "wave": rows.curve_bottom + 10}[row]
    scrubbed: list[int] = []
    view.scrubbed.connect(scrubbed.append)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, y))
    QTest.mouseMove(view, QPoint(340, y))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(340, y))
    assert scrubbed == [300, 340]


def test_a_seam_is_selected_by_its_line_over_the_pictures(view: TimelineView) -> None:
    view.set_seams([Seam(499, 500, id="cut")])
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(501, _strip_y(view)))
    assert view.selected_id == "cut"


def test_where_seams_crowd_the_pictures_stay_free(view: TimelineView) -> None:
    view.set_seams([Seam(99, 100), *(Seam(at, at + 1) for at in range(500, 700, 4))])
    image = view.grab().toImage()

    def lines(first: int, last: int, y: int) -> int:
        row = [image.pixelColor(x, y) for x in range(first, last)]
        return sum(colour.red() > 130 and colour.green() > 130 for colour in row)

    assert lines(95, 105, _strip_y(view)) == 1
    assert lines(501, 699, _strip_y(view)) == 0
    assert lines(501, 699, view.rows.curve_top + 30) > 40


def test_a_gradual_seam_leaves_the_pictures_their_colours(view: TimelineView, colour_at: ColourAt) -> None:
    view.set_seams([Seam(4, 60, SeamKind.DISSOLVE)])
    assert colour_at(view, 30, _strip_y(view)) == RED
    curve = QColor(colour_at(view, 30, view.rows.curve_top + 30))
    assert curve.blue() > curve.red() + 10


def test_pictures_are_sharp_at_200_percent(strip: FilmstripRow, plain_image: PlainImage) -> None:
    half = plain_image("#000000")
    painter = QPainter(half)
    painter.fillRect(80, 0, 80, 90, QColor("#ffffff"))
    painter.end()
    strip.add([(0, half)])
    image = QImage(400, 98, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2)
    painter = QPainter(image)
    scale = TimeScale.fitted(200, 200)
    strip.paint(painter, QRect(0, 0, 200, 49), scale)
    painter.end()
    row = [image.pixelColor(x, 50).lightness() for x in range(70, 90)]
    assert sum(20 < value < 235 for value in row) <= 2  # the edge in the picture's middle is an edge still
    assert row[0] < 20
    assert row[-1] > 235
