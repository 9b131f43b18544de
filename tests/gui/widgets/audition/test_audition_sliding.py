"""The cut slid and trimmed by real keys, while it plays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from timeline_hands import emitted

from seamline.project.match_cuts import JudgedPair, Verdict
from seamline_resources import palette
from seamline_widgets.audition_cut import Place
from seamline_widgets.audition_pictures import Side

if TYPE_CHECKING:
    from tests.gui.widgets.audition.conftest import Hands

Key: TypeAlias = Qt.Key
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@pytest.mark.parametrize(
    ("key", "modifier", "frames"),
    [
        (Key.Key_J, NONE, (179, 509)),
        (Key.Key_L, NONE, (181, 511)),
        (Key.Key_J, SHIFT, (179, 510)),
        (Key.Key_L, SHIFT, (181, 510)),
        (Key.Key_J, ALT, (180, 509)),
        (Key.Key_L, ALT, (180, 511)),
    ],
)
def test_keys_slide_and_trim_the_cut(
    hands: Hands, key: Qt.Key, modifier: Qt.KeyboardModifier, frames: tuple[int, int]
) -> None:
    hands.begin()
    cuts = emitted(hands.view.cut_changed)
    hands.press(key, modifier)
    assert cuts == [frames]
    assert hands.view.cut_frames == frames
    hands.press(Key.Key_R)
    assert cuts[1:] == [(180, 510)]
    hands.press(Key.Key_R)
    assert len(cuts) == 2  # there is nothing to put back


def test_trims_are_said_and_the_names_follow(hands: Hands) -> None:
    hands.begin()
    assert hands.view.bar.trims_text == "As proposed"
    for _ in range(3):
        hands.press(Key.Key_J, SHIFT)
    for _ in range(2):
        hands.press(Key.Key_L, ALT)
    assert hands.view.bar.trims_text == "A −3  B +2 frames"
    assert hands.view.bar.strip.accessibleDescription().startswith(
        "A −3  B +2 frames. A can end 77 frames earlier"
    )
    assert hands.view.bar.button("put_back").isEnabled()
    QTest.mouseClick(hands.view.bar.button("put_back"), LEFT)
    assert hands.view.bar.trims_text == "As proposed"
    assert not hands.view.bar.button("put_back").isEnabled()


def test_where_one_shot_has_no_frame_left_both_stay_and_it_is_said(hands: Hands) -> None:
    hands.begin()
    cuts = emitted(hands.view.cut_changed)
    for _ in range(10):
        hands.press(Key.Key_J)
    assert hands.view.bar.facts.told == ""
    for _ in range(5):
        hands.press(Key.Key_J)
    assert len(cuts) == 10
    assert hands.view.cut_frames == (170, 500)  # B begins with its first frame
    facts, strip = hands.view.bar.facts, hands.view.bar.strip
    assert facts.told == "B begins with its first frame: Shift+J trims A alone"
    assert facts.accessibleDescription().startswith(facts.told)
    assert strip.flashing == ((Side.IN, False),)
    at = round(strip.half(Side.IN).x_of(500)) + 4
    assert strip.grab().toImage().pixelColor(at, strip.track.center().y()).name() == palette.WARNING
    for _ in range(10):
        hands.press(Key.Key_L)
    assert hands.view.cut_frames == (180, 510)
    assert facts.told == ""


def test_the_sign_at_the_end_goes_by_itself(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.begin()
    strip = hands.view.bar.strip
    strip._flash.setInterval(1)
    for _ in range(11):
        hands.press(Key.Key_J, ALT)
    assert hands.view.bar.facts.told == "B begins with its first frame"
    hands.wait(20)
    assert strip.flashing == ()


def test_at_the_handles_end_it_goes_no_further(hands: Hands) -> None:
    hands.begin()
    cuts = emitted(hands.view.cut_changed)
    for _ in range(15):
        hands.press(Key.Key_J, ALT)
    assert len(cuts) == 10
    assert hands.view.cut_frames == (180, 500)


def test_sliding_while_it_plays_goes_on_from_the_frame_that_is_on(hands: Hands) -> None:
    hands.begin()
    hands.beat(0.5)
    assert hands.seen == hands.colour(Side.OUT, 168)
    for key in (Key.Key_L, Key.Key_L, Key.Key_J, Key.Key_L):
        hands.press(key)
        assert hands.view.is_playing
        assert hands.seen == hands.colour(Side.OUT, 168)
    hands.beat(0.02)  # half of the frame had passed already
    assert hands.seen == hands.colour(Side.OUT, 169)
    hands.beat(13 * 0.04)
    assert hands.seen == hands.colour(Side.OUT, 182)  # two later than it was
    hands.beat(0.04)
    assert hands.seen == hands.colour(Side.IN, 512)


def test_a_frame_that_is_cut_away_under_the_eye_gives_way_to_the_next_shot(hands: Hands) -> None:
    hands.begin()
    hands.beat(0.97)
    assert hands.seen == hands.colour(Side.OUT, 180)
    hands.press(Key.Key_J, SHIFT)
    assert hands.seen == hands.colour(Side.IN, 510)


def test_the_same_pair_judged_or_cut_otherwise_plays_on(hands: Hands) -> None:
    item = hands.begin()
    hands.beat(0.4)
    hands.press(Key.Key_L)
    pair = replace(item.pair, outgoing=item.pair.outgoing.slid(1), incoming=item.pair.incoming.slid(1))
    hands.view.show_item(replace(item, judged=JudgedPair(pair, Verdict.KEPT, "hold")), hands.times)
    assert hands.view.is_playing
    assert hands.seen == hands.colour(Side.OUT, 166)
    assert hands.view.cut_frames == (181, 511)
    assert hands.view.bar.trims_text == "A +1  B +1 frames"  # still against what was proposed first
    assert hands.view.bar.button("keep").isChecked()
    hands.press(Key.Key_R)
    assert hands.view.cut_frames == (180, 510)


def test_what_was_proposed_can_be_told(hands: Hands) -> None:
    hands.view.show_item(hands.item(), hands.times, proposed=(175, 505))
    assert hands.view.bar.trims_text == "A +5  B +5 frames"


@pytest.mark.parametrize(
    ("key", "modifier", "side", "frame"),
    [
        (Key.Key_J, NONE, Side.IN, 509),
        (Key.Key_L, ALT, Side.IN, 511),
        (Key.Key_L, SHIFT, Side.OUT, 181),
        (Key.Key_J, SHIFT, Side.OUT, 179),
    ],
)
def test_while_it_is_paused_the_frame_at_the_cut_that_was_moved_is_shown(
    hands: Hands, key: Qt.Key, modifier: Qt.KeyboardModifier, side: Side, frame: int
) -> None:
    hands.begin()
    hands.beat(0.4)
    hands.press(Key.Key_Space)
    hands.press(key, modifier)
    assert hands.seen == hands.colour(side, frame)
    assert hands.view.bar.strip.places == (Place(side, frame),)
    assert not hands.view.is_playing
    hands.press(Key.Key_R)
    assert hands.seen == hands.colour(side, (180, 510)[side])


def test_undone_while_it_is_paused_the_cut_is_shown_too(hands: Hands) -> None:
    item = hands.begin()
    hands.press(Key.Key_Space)
    hands.press(Key.Key_L)
    hands.view.show_item(item, hands.times)
    assert hands.seen == hands.colour(Side.IN, 510)
    hands.press(Key.Key_Left)
    hands.view.show_item(replace(item, judged=replace(item.judged, verdict=Verdict.KEPT)), hands.times)
    assert hands.seen == hands.colour(Side.OUT, 180)  # judged: the eye stays where it is


def test_the_score_is_said_to_be_of_the_cut_as_it_was_found(hands: Hands) -> None:
    hands.begin()
    calls = (lambda frame: f"out {frame}", lambda frame: f"in {frame}")
    hands.view.show_item(hands.item(), hands.times, timecodes=calls)
    facts = hands.view.bar.facts
    assert facts.found_text == ""
    hands.press(Key.Key_L)
    assert facts.found_text == "found at A out 180 → B in 510"
    assert facts.accessibleDescription().startswith(facts.found_text)
    assert "found at A out 180 → B in 510: .87 Pan left" in facts.toolTip()
    hands.press(Key.Key_J)
    assert facts.found_text == ""


def test_a_pair_that_was_slid_before_says_so_too(hands: Hands) -> None:
    item = hands.item()
    hands.view.show_item(replace(item, judged=replace(item.judged, is_slid=True)), hands.times)
    assert hands.view.bar.facts.found_text == "found at another cut"
