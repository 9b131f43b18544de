"""What the timeline's rows show of shots, confidence, threshold and range, pixel by pixel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Origin, Seam, SeamKind
from seamline_resources import palette
from seamline_widgets import timeline_shots
from seamline_widgets.timeline import TimelineView
from seamline_widgets.timeline_rows import LABELS_PX
from seamline_widgets.timeline_shots import ShotBlock, ShotRow

ColourAt = Callable[..., str]
CUT = palette.SEAM_LOOKS["cut"].colour
SURE = Seam(199, 200, confidence=0.9, id="sure")
DOUBTFUL = Seam(399, 400, confidence=0.6, id="doubtful")
REVIEWED = Seam(599, 600, confidence=0.6, origin=Origin.USER, id="reviewed")


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    """A thousand frames on a thousand pixels: frame and pixel are the same number."""
    widget = TimelineView()
    qtbot.addWidget(widget)
    widget.resize(1000, 220)
    widget.set_film(1000, TimecodeRate(25).format)
    widget.set_analysed(1000)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def _shots_y(view: TimelineView) -> int:
    return view.rows.plot_bottom + 3


def _lit(image: QImage, left: int, top: int, width: int, height: int, over: int = 130) -> int:
    """How many pixels of an area are brighter than `over`."""
    pixels = (image.pixelColor(x, y) for x in range(left, left + width) for y in range(top, top + height))
    return sum(colour.lightness() > over for colour in pixels)


def _contrast(one: str, other: str) -> float:
    """The ratio of luminances of WCAG 2.2."""

    def luminance(colour: str) -> float:
        channels = np.array([QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()])
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_shots_are_blocks_in_two_tints_with_the_editors_colour(
    view: TimelineView, colour_at: ColourAt
) -> None:
    view.set_shots(
        [ShotBlock(0, 200, "1"), ShotBlock(200, 600, "The harbour", "#62b8ea"), ShotBlock(600, 1000, "3")]
    )
    y = _shots_y(view)
    first, second, third = (colour_at(view, x, y) for x in (150, 500, 900))
    assert first == third != second
    assert {first, second} == set(timeline_shots._TINTS)
    foot = view.rows.ruler_top - 3
    assert colour_at(view, 400, foot) == "#62b8ea"
    assert colour_at(view, 100, foot) == first
    assert _lit(view.grab().toImage(), 202, y, 80, 14) > 30  # the name


def test_the_shots_of_selected_seams_are_emphasised(view: TimelineView, colour_at: ColourAt) -> None:
    view.set_seams([SURE, DOUBTFUL, REVIEWED])
    view.set_shots([ShotBlock(a, b, str(a)) for a, b in ((0, 200), (200, 400), (400, 600), (600, 1000))])
    before = [colour_at(view, x, _shots_y(view)) for x in (150, 350, 550, 950)]
    view.set_selected("sure", ["reviewed"])
    after = [colour_at(view, x, _shots_y(view)) for x in (150, 350, 550, 950)]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True, False]


def test_names_are_cut_short_and_numbers_are_whole_or_not_there(view: TimelineView) -> None:
    name, number = "A very long name of a shot", "123456"
    view.set_shots([ShotBlock(0, 70, name), ShotBlock(70, 100, number), ShotBlock(100, 110, "7")])
    image = view.grab().toImage()
    y = _shots_y(view)
    assert _lit(image, 2, y, 68, 14) > 30
    assert _lit(image, 70, y, 40, 14) == 0
    view.set_shots([ShotBlock(0, 70, number)])
    assert _lit(view.grab().toImage(), 2, y, 68, 14) > 30


def test_labels_can_be_read_on_every_tint() -> None:
    for tint in (*timeline_shots._TINTS, palette.WINDOW):
        assert _contrast(palette.TEXT, tint) >= 4.5
    assert _contrast(palette.TEXT_STRONG, timeline_shots._SELECTED_TINT) >= 4.5
    assert _contrast(palette.TEXT, palette.RAISED) >= 4.5  # the threshold


def test_the_block_at_a_frame() -> None:
    row = ShotRow([ShotBlock(100, 200, "b"), ShotBlock(0, 100, "a"), ShotBlock(250, 300, "c")])
    labels = [row.text_at(frame) for frame in (-1, 0, 99.9, 100, 199, 200, 260, 300)]
    assert labels == ["", "a", "a", "b", "b", "", "c", ""]


def test_another_film_has_no_shots_and_no_range(view: TimelineView) -> None:
    view.set_shots([ShotBlock(0, 1000, "The harbour", "#62b8ea")])
    view.set_in_out(100, 300)
    view.set_film(1000, TimecodeRate(25).format)
    fresh = view.grab().toImage()
    view.set_shots([])
    view.set_in_out(None, None)
    assert view.grab().toImage() == fresh
    assert _lit(fresh, 2, view.rows.plot_bottom + 1, 400, LABELS_PX - 2) == 0


def test_the_threshold_is_a_line_at_its_value(view: TimelineView, colour_at: ColourAt) -> None:
    assert view.threshold_y() < 0
    view.set_threshold(0.3)
    y = view.threshold_y()
    assert view.value_at(y) == pytest.approx(0.3)
    assert colour_at(view, 300, round(y)) == palette.TEXT_QUIET
    assert colour_at(view, 300, round(y) - 3) != palette.TEXT_QUIET
    label = view.grab().toImage()
    assert _lit(label, 880, round(y) - 8, 116, 16) > 60
    view.set_threshold(0.8)
    assert view.threshold_y() < y
    assert colour_at(view, 300, round(y)) == palette.SUNKEN
    view.set_threshold(None)
    assert view.threshold_y() < 0


def test_a_held_threshold_stands_out(view: TimelineView, colour_at: ColourAt) -> None:
    view.set_threshold(0.3)
    y = round(view.threshold_y())
    view._threshold_is_hot = True
    view.update()
    assert colour_at(view, 300, y) == palette.TEXT_STRONG
    assert QColor(colour_at(view, 300, y + 1)).lightness() > QColor(palette.SUNKEN).lightness() + 10


def test_heights_beyond_the_curve_are_the_ends_of_the_scale(view: TimelineView) -> None:
    assert view.value_at(-50) == 1
    assert view.value_at(1000) == 0


def test_a_proposal_stands_at_its_confidence(view: TimelineView, colour_at: ColourAt) -> None:
    view.set_seams([SURE, DOUBTFUL, REVIEWED])
    image = view.grab().toImage()

    def beside_line(frame: int, value: float) -> str:
        return image.pixelColor(frame + 2, round(view.rows.y_of(value) - 0.5)).name()

    assert beside_line(200, 0.9) == CUT  # filled
    assert beside_line(200, 0.6) != CUT
    assert beside_line(600, 0.99) == CUT  # reviewed: at the top, whatever was proposed
    assert beside_line(600, 0.6) != CUT
    hollow = [image.pixelColor(400 + dx, round(view.rows.y_of(0.6) - 0.5)) for dx in (1, 2, 3, 4)]
    assert hollow[0].lightness() < 90
    assert max(colour.lightness() for colour in hollow[1:]) > 100


def test_what_is_below_the_threshold_is_faint(view: TimelineView) -> None:
    before = view.grab().toImage()
    view.set_faint([Seam(299, 300, confidence=0.3)])
    image = view.grab().toImage()
    y = round(view.rows.y_of(0.3))
    changed = [
        (x, at)
        for x in range(280, 320)
        for at in range(view.rows.curve_top, view.rows.curve_bottom)
        if image.pixel(x, at) != before.pixel(x, at)
    ]
    assert 8 < len(changed) < 80
    assert all(abs(x - 300) <= 5 and abs(at - y) <= 5 for x, at in changed)
    assert image.pixelColor(300, 10) == before.pixelColor(300, 10)  # no flag


def test_thousands_of_proposals_stay_a_cloud_over_the_curve(view: TimelineView) -> None:
    seams = [Seam(2 * at, 2 * at + 1, confidence=0.5 + at % 50 / 100) for at in range(480)]
    view.set_similarity(np.full(1000, 0.2, np.float32))
    view.set_seams(seams)
    image = view.grab().toImage()
    rows = view.rows
    cloud = _lit(image, 0, round(rows.y_of(1)), 960, round(rows.y_of(0.5) - rows.y_of(1)), 75)
    below = _lit(image, 0, round(rows.y_of(0.45)), 960, round(rows.y_of(0.25) - rows.y_of(0.45)), 75)
    assert cloud > 500
    assert below < cloud / 10


def test_doubtful_seams_are_dashed_and_their_flags_hollow(view: TimelineView) -> None:
    view.set_seams([SURE, DOUBTFUL, REVIEWED])
    image = view.grab().toImage()
    ys = range(round(view.rows.y_of(0.45)), view.rows.plot_bottom)

    def solid(x: int) -> float:
        return sum(image.pixelColor(x, y).lightness() > 80 for y in ys) / len(ys)

    assert solid(200) == solid(600) == 1
    assert 0.3 < solid(400) < 0.7
    assert image.pixelColor(196, 5).name() == CUT
    assert image.pixelColor(396, 5).name() == palette.WINDOW
    assert image.pixelColor(596, 5).name() == CUT
    # its outline and letter are in the colour still
    assert _lit(image, 390, 2, 21, 17) > 20


def test_all_selected_seams_are_emphasised_the_leading_one_most(
    view: TimelineView, colour_at: ColourAt
) -> None:
    view.set_seams([SURE, DOUBTFUL, REVIEWED])
    y = round(view.rows.y_of(0.3))
    view.set_selected("sure", ["reviewed"])
    leading, other, none = (QColor(colour_at(view, x + 2, y)).lightness() for x in (200, 600, 400))
    assert leading > other + 5
    assert other > none + 10
    assert view.selected_id == "sure"


def test_the_range_has_brackets_and_its_outside_is_dimmed(view: TimelineView, colour_at: ColourAt) -> None:
    view.set_similarity(np.full(1000, 0.2, np.float32))
    ruler_y, curve_y = view.rows.ruler_bottom - 2, round(view.rows.y_of(0.2))
    lit = QColor(colour_at(view, 500, curve_y)).lightness()
    view.set_in_out(300, 699)
    assert colour_at(view, 300, ruler_y) == palette.TEXT_STRONG
    assert colour_at(view, 699, ruler_y) == palette.TEXT_STRONG
    assert colour_at(view, 299, ruler_y) == colour_at(view, 700, ruler_y) == palette.WINDOW
    assert colour_at(view, 505, ruler_y) == palette.TEXT_QUIET
    dimmed = [QColor(colour_at(view, x, curve_y)).lightness() for x in (100, 500, 900)]
    assert dimmed[1] == lit
    assert dimmed[0] == dimmed[2] < lit * 0.8


def test_with_one_point_the_range_goes_to_the_films_end(view: TimelineView, colour_at: ColourAt) -> None:
    view.set_in_out(300, None)
    y = view.rows.ruler_bottom - 2
    assert colour_at(view, 200, y) == palette.WINDOW
    assert colour_at(view, 990, y) == palette.TEXT_QUIET


def test_the_rubber_band_and_the_snapped_frame(view: TimelineView, colour_at: ColourAt) -> None:
    y = round(view.rows.y_of(0.3))
    before = colour_at(view, 350, y)
    view._band, view._snapped_frame = (400.0, 300.0), 700
    view.update()
    assert QColor(colour_at(view, 350, y)).lightness() > QColor(before).lightness() + 15
    assert colour_at(view, 450, y) == before
    image = view.grab().toImage()
    column = [image.pixelColor(700, at).name() == palette.TEXT_STRONG for at in range(30, 100)]
    assert 20 < sum(column) < 60


def test_several_seams_can_be_previewed(view: TimelineView) -> None:
    view.set_seams([SURE, DOUBTFUL, REVIEWED])
    view._previews = {"sure": (209, 210), "reviewed": (609, 610)}
    view.update()
    image = view.grab().toImage()
    y = round(view.rows.y_of(0.3))
    assert image.pixelColor(210, y).lightness() > 80
    assert image.pixelColor(610, y).lightness() > 80
    assert image.pixelColor(200, y).lightness() < 40
    view.set_seams([DOUBTFUL])
    assert view._previews == {}


def test_crowded_lines_are_fainter(view: TimelineView, colour_at: ColourAt) -> None:
    y = round(view.rows.y_of(0.3))
    view.set_seams([SURE])
    alone = QColor(colour_at(view, 200, y)).lightness()
    view.set_seams([Seam(at - 1, at, SeamKind.CUT, 0.9) for at in range(2, 1000, 2)])
    assert QColor(colour_at(view, 200, y)).lightness() < alone * 0.6
