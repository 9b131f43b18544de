"""The cut dragged and frames scrubbed on the strip, by the real mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from timeline_hands import emitted

from seamline_widgets.audition_cut import Place
from seamline_widgets.audition_grips import HandledStrip
from seamline_widgets.audition_pictures import Side

if TYPE_CHECKING:
    from tests.gui.widgets.audition.conftest import Hands

Key: TypeAlias = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CURSOR = Qt.CursorShape


def strip_of(hands: Hands) -> HandledStrip:
    return hands.view.bar.strip


def bracket(hands: Hands, side: Side) -> QPoint:
    strip = strip_of(hands)
    return QPoint(strip.bracket_x(side), strip.track.center().y())


def frames_px(hands: Hands, frames: float) -> QPoint:
    """So many frames to the right."""
    return QPoint(round(frames * strip_of(hands).half(Side.OUT).frame_px), 0)


def drag(hands: Hands, start: QPoint, *by_frames: float, drop: bool = True) -> None:
    strip, at = strip_of(hands), start
    QTest.mousePress(strip, LEFT, pos=start)
    for by in by_frames:
        at = start + frames_px(hands, by)
        QTest.mouseMove(strip, at)
    if drop:
        QTest.mouseRelease(strip, LEFT, pos=at)


@pytest.mark.parametrize(
    ("side", "by", "frames"),
    [
        (Side.OUT, -5, (175, 510)),
        (Side.OUT, 7, (187, 510)),
        (Side.IN, 6, (180, 516)),
        (Side.IN, -4, (180, 506)),
    ],
)
def test_a_bracket_that_is_dragged_trims_its_side_frame_by_frame(
    hands: Hands, side: Side, by: int, frames: tuple[int, int]
) -> None:
    hands.begin()
    cuts, let_go = emitted(hands.view.cut_changed), emitted(hands.view.cut_let_go)
    drag(hands, bracket(hands, side), by / 2, by)
    assert let_go == [()]
    assert hands.view.cut_frames == frames
    assert all(out == 180 or into == 510 for out, into in cuts)
    assert hands.view.is_playing
    assert not hands.view.is_held


def test_the_grip_between_the_bars_slides_both(hands: Hands) -> None:
    hands.begin()
    drag(hands, strip_of(hands).grip.center(), -3)
    assert hands.view.cut_frames == (177, 507)


def test_a_drag_ends_where_the_shot_does_and_says_so(hands: Hands) -> None:
    hands.begin()
    start = strip_of(hands).grip.center()
    drag(hands, start, -25, drop=False)
    assert hands.view.cut_frames == (170, 500)
    assert hands.view.bar.facts.told == "B begins with its first frame: Shift+J trims A alone"
    assert strip_of(hands).flashing == ((Side.IN, False),)
    QTest.mouseMove(strip_of(hands), start + frames_px(hands, -2))
    assert hands.view.cut_frames == (178, 508)  # under the hand again
    assert hands.view.bar.facts.told == ""
    QTest.mouseRelease(strip_of(hands), LEFT, pos=start)


def test_the_strip_lies_still_under_the_hand(hands: Hands) -> None:
    hands.begin()
    strip = strip_of(hands)
    before = strip.half(Side.OUT)
    drag(hands, bracket(hands, Side.OUT), -60, drop=False)
    assert hands.view.cut_frames == (120, 510)
    assert strip.half(Side.OUT) == before
    QTest.mouseRelease(strip, LEFT, pos=QPoint(0, 0))
    assert strip.half(Side.OUT) != before  # all that plays is in view


def test_esc_gives_a_drag_up(hands: Hands) -> None:
    hands.begin()
    given_up: list[tuple[int, int] | None] = []
    left = emitted(hands.view.left)
    hands.view.cut_let_go.connect(lambda: given_up.append(hands.view.cut_frames))
    drag(hands, bracket(hands, Side.OUT), -5, drop=False)
    assert [hands.view.is_held] == [True]
    hands.press(Key.Key_Escape)
    assert hands.view.cut_frames == (180, 510)
    assert [hands.view.is_held] == [False]
    QTest.mouseMove(strip_of(hands), bracket(hands, Side.OUT) + frames_px(hands, -8))
    assert hands.view.cut_frames == (180, 510)
    assert left == []
    assert given_up == [(180, 510)]  # said when it is back
    QTest.mouseRelease(strip_of(hands), LEFT)


def test_another_pair_takes_the_cut_out_of_the_hand(hands: Hands) -> None:
    hands.begin()
    drag(hands, bracket(hands, Side.OUT), -5, drop=False)
    hands.begin(hands.item(1))
    QTest.mouseMove(strip_of(hands), bracket(hands, Side.OUT) + frames_px(hands, -8))
    assert hands.view.cut_frames == (1180, 1510)
    QTest.mouseRelease(strip_of(hands), LEFT)


def test_dragged_while_it_is_paused_the_cut_is_seen(hands: Hands) -> None:
    hands.begin()
    hands.press(Key.Key_Space)
    drag(hands, bracket(hands, Side.OUT), -5)
    assert hands.seen == hands.colour(Side.OUT, 175)
    drag(hands, strip_of(hands).grip.center(), 2)
    assert hands.seen == hands.colour(Side.IN, 512)


@pytest.mark.parametrize("overlay", [None, Key.Key_S])
def test_a_click_on_a_bar_shows_the_frame_there_and_a_drag_those_along_it(
    hands: Hands, overlay: Qt.Key | None
) -> None:
    hands.begin()
    if overlay is not None:
        hands.press(overlay)
    strip = strip_of(hands)
    y = strip.track.center().y()

    def at(side: Side, frame: int) -> QPoint:
        return QPoint(round(strip.half(side).x_of(frame + 0.5)), y)

    QTest.mouseClick(strip, LEFT, pos=at(Side.IN, 520))
    assert (hands.view.mode, hands.view.is_playing) == ("play", False)
    assert hands.seen == hands.colour(Side.IN, 520)
    assert strip.places == (Place(Side.IN, 520),)
    QTest.mousePress(strip, LEFT, pos=at(Side.OUT, 160))
    assert hands.seen == hands.colour(Side.OUT, 160)
    QTest.mouseMove(strip, at(Side.OUT, 170))
    assert hands.seen == hands.colour(Side.OUT, 170)
    QTest.mouseMove(strip, at(Side.OUT, 190))  # cut away
    assert hands.seen == hands.colour(Side.OUT, 180)
    QTest.mouseRelease(strip, LEFT, pos=at(Side.OUT, 190))
    assert hands.view.cut_frames == (180, 510)


def test_cursor_and_tip_say_what_the_mouse_would_do(hands: Hands) -> None:
    hands.begin()
    strip = strip_of(hands)
    y = strip.track.center().y()
    for place, cursor, words in (
        (
            bracket(hands, Side.OUT),
            CURSOR.SplitHCursor,
            "Drag to have A end earlier or later (Shift+J, Shift+L)",
        ),
        (
            bracket(hands, Side.IN),
            CURSOR.SplitHCursor,
            "Drag to have B begin earlier or later (Alt+J, Alt+L)",
        ),
        (strip.grip.center(), CURSOR.SizeHorCursor, "Drag to slide the cut in both shots (J, L)"),
        (
            QPoint(30, y),
            CURSOR.PointingHandCursor,
            "Light plays, grey is what else the shot has, black is beyond",
        ),
        (QPoint(30, 2), CURSOR.ArrowCursor, "Light plays"),
    ):
        QTest.mouseMove(strip, place)
        assert strip.cursor().shape() is cursor, words
        assert strip.toolTip().startswith(words)
    assert "click to see a frame that plays" in strip.toolTip()
    assert "A can end 80 frames earlier and 19 later" in strip.toolTip()
