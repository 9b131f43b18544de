"""What the audition says, passes on, and has room for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from timeline_hands import emitted

from seamline.project.match_cuts import Verdict
from seamline_resources import palette
from seamline_widgets.audition_keys import AUDITION_KEYS, LEGEND
from seamline_widgets.audition_pictures import Side

if TYPE_CHECKING:
    from tests.gui.widgets.audition.conftest import Hands

Key: TypeAlias = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def test_keys_pass_on_what_is_wanted_and_a_held_key_does_so_once(hands: Hands) -> None:
    hands.begin()
    signals = (
        hands.view.keep_wanted,
        hands.view.reject_wanted,
        hands.view.next_wanted,
        hands.view.previous_wanted,
        hands.view.left,
    )
    said = [emitted(signal) for signal in signals]
    for key in (Key.Key_K, Key.Key_X, Key.Key_Down, Key.Key_Up, Key.Key_Escape):
        hands.press(key)
    assert [len(calls) for calls in said] == [1] * 5
    for key in (Key.Key_K, Key.Key_J):
        held = QKeyEvent(QEvent.Type.KeyPress, key, NONE, "", True)
        QApplication.sendEvent(hands.view, held)
    assert len(said[0]) == 1
    assert hands.view.cut_frames == (179, 509)


def test_its_keys_are_not_the_windows(hands: Hands) -> None:
    for key, modifier, is_own in (
        (Key.Key_J, NONE, True),
        (Key.Key_J, ALT, True),
        (Key.Key_L, SHIFT, True),
        (Key.Key_X, NONE, True),
        (Key.Key_X, ALT, False),
        (Key.Key_Z, Qt.KeyboardModifier.ControlModifier, False),
        (Key.Key_F6, NONE, False),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
        event.ignore()
        QApplication.sendEvent(hands.view, event)
        assert event.isAccepted() is is_own, (key, modifier)


def test_a_note_is_written_over_the_picture(hands: Hands) -> None:
    hands.begin()
    notes = emitted(hands.view.note_changed)
    hands.press(Key.Key_N)
    assert hands.view.note.field.hasFocus()
    QTest.keyClicks(hands.view.note.field, "kj x")  # none of these is a command there
    QTest.keyClick(hands.view.note.field, Key.Key_Return)
    assert notes == [("kj x",)]
    assert hands.view.hasFocus()
    assert hands.view.is_playing
    hands.press(Key.Key_N)
    QTest.keyClick(hands.view.note.field, Key.Key_Escape)
    assert len(notes) == 1


def test_what_is_known_of_the_pair_is_said(hands: Hands) -> None:
    item = hands.item(verdict=Verdict.REJECTED, note="The hand is late")
    hands.view.show_item(item, hands.times)
    assert hands.view.bar.facts.accessibleDescription() == item.sentence
    assert hands.view.bar.button("reject").isChecked()
    assert not hands.view.bar.button("keep").isChecked()
    for button in hands.view.bar.findChildren(QAbstractButton):
        assert button.accessibleName()
        assert "(" in button.toolTip()  # its key
    hands.view.say("“Two.mov” cannot be opened.")
    assert hands.view.stage.accessibleDescription() == "“Two.mov” cannot be opened."


def test_timecodes_follow_the_cut(hands: Hands) -> None:
    hands.view.show_item(hands.item(), hands.times)
    assert hands.view.bar.strip.titles == (("Shot 12", "01:00:07:05"), ("Two.mov, shot 3", "00:00:20:10"))
    hands.press(Key.Key_J, SHIFT)
    assert hands.view.bar.strip.titles[0] == ("Shot 12", "")  # it is another frame's
    assert hands.view.bar.strip.titles[1] == ("Two.mov, shot 3", "00:00:20:10")
    calls: tuple[Callable[[int], str], Callable[[int], str]] = (lambda f: f"out {f}", lambda f: f"in {f}")
    hands.view.show_item(hands.item(), hands.times, timecodes=calls)
    hands.press(Key.Key_J)
    assert [code for _, code in hands.view.bar.strip.titles] == ["out 179", "in 509"]


def test_the_strip_shows_what_plays_the_handles_and_the_cut(hands: Hands) -> None:
    hands.begin()
    strip = hands.view.bar.strip
    hands.view.pause()
    strip.set_places(())
    y = strip.track.center().y()

    def colour(side: Side, frame: float) -> str:
        return strip.grab().toImage().pixelColor(round(strip.half(side).x_of(frame)), y).name()

    assert colour(Side.OUT, 160) == palette.TEXT_QUIET  # plays
    assert colour(Side.OUT, 140) == palette.OUTLINE  # before it
    assert colour(Side.OUT, 190) == palette.OUTLINE  # the handle
    assert colour(Side.OUT, 203) == palette.SUNKEN  # the shot has ended
    assert colour(Side.IN, 505) == palette.OUTLINE
    assert colour(Side.IN, 495) == palette.SUNKEN
    assert colour(Side.IN, 530) == palette.TEXT_QUIET
    assert palette.TEXT_STRONG in {colour(Side.OUT, 181), colour(Side.OUT, 180.9)}
    for _ in range(5):
        hands.press(Key.Key_J, SHIFT)
    strip.set_places(())
    assert colour(Side.OUT, 179) == palette.OUTLINE
    assert colour(Side.IN, 530) == palette.TEXT_QUIET
    assert strip.half(Side.OUT).first == 131  # the rest stays where it is


def test_the_strip_marks_the_frame_that_is_on(hands: Hands) -> None:
    hands.begin()
    hands.beat(1.2)
    strip = hands.view.bar.strip
    x = round(strip.half(Side.IN).x_of(515.5))
    assert strip.grab().toImage().pixelColor(x, strip.track.center().y()).name() == palette.ACCENT


@pytest.mark.parametrize("size", [(1600, 900), (960, 505), (584, 330), (480, 300), (300, 200)])
def test_the_keys_lie_over_the_picture_and_leave_it_as_large_as_it_is(
    hands: Hands, size: tuple[int, int]
) -> None:
    hands.view.resize(*size)
    hands.begin()
    legend, stage = hands.view.legend, hands.view.stage
    before = stage.geometry()
    assert legend.isHidden()
    hands.press(Key.Key_H)
    assert legend.isVisible()
    assert hands.view.bar.button("legend").isChecked()
    assert stage.geometry() == before
    assert legend.geometry().bottom() == before.bottom()
    assert legend.height() == legend.high_for(legend.width())
    assert hands.view.childAt(legend.geometry().center()) is stage  # the mouse goes through
    edge = QPoint(stage.width() // 2, legend.y() + 2)
    if edge.y() >= 0:
        seen, picture = hands.view.grab().toImage().pixelColor(edge), QColor(hands.colour(Side.OUT, 156))
        assert seen.red() < picture.red() / 3
    hands.press(Key.Key_H)
    assert legend.isHidden()


def test_every_key_is_listed() -> None:
    listed = {key for keys, _ in LEGEND for key in keys}
    named = {"↑": "Up", "↓": "Down", "←": "Left", "→": "Right"}
    for key in AUDITION_KEYS:
        assert set(key.key.split("+")) <= {named.get(cap, cap) for cap in listed}, key


@pytest.mark.parametrize("size", [(1600, 900), (960, 505), (584, 330), (480, 300), (300, 200)])
def test_what_is_said_of_a_pair_leaves_the_picture_as_large_as_it_is(
    hands: Hands, size: tuple[int, int]
) -> None:
    hands.view.resize(*size)
    hands.begin()
    before = hands.view.stage.geometry()
    hands.begin(hands.item(1, note="a note"))
    hands.view.tell("This is the last pair")
    assert hands.view.stage.geometry() == before
    hands.press(Key.Key_L)
    assert hands.view.stage.geometry() == before


@pytest.mark.parametrize("size", [(960, 505), (584, 330)])
def test_the_note_opens_at_its_button_and_says_how_it_ends(hands: Hands, size: tuple[int, int]) -> None:
    hands.view.resize(*size)
    hands.begin()
    button = hands.view.bar.button("note")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert hands.view.note.field.placeholderText() == "Enter keeps it, Esc drops it"
    at, box = button.mapTo(hands.view, button.rect().topLeft()), hands.view.note.geometry()
    assert box.left() <= at.x() <= box.right()
    assert 0 <= at.y() - box.bottom() <= 2


def test_at_the_size_of_a_small_window_the_buttons_of_the_pairs_and_the_note_are_there(hands: Hands) -> None:
    hands.view.resize(584, 330)
    hands.begin(hands.item(note="a note"))
    for action_id in ("previous", "next", "keep", "reject", "note", "legend", "leave", "difference"):
        assert hands.view.bar.button(action_id).isVisible(), action_id
    assert hands.view.bar.facts.height() >= 2 * hands.view.bar.facts.fontMetrics().height()


def test_the_volume_is_set_where_there_is_room(hands: Hands) -> None:
    hands.view.resize(960, 505)
    hands.begin()
    heard = emitted(hands.view.volume_changed)
    volume = hands.view.bar.volume
    hands.view.set_volume(0.5)
    assert (volume.value(), heard) == (50, [])
    QTest.mouseClick(volume, Qt.MouseButton.LeftButton, pos=volume.rect().center() + QPoint(30, 0))
    assert len(heard) == 1
    assert heard == [(volume.value() / 100,)]
    assert volume.value() > 50
    assert hands.view.hasFocus()
    hands.view.resize(584, 330)
    assert not volume.isVisible()


@pytest.mark.parametrize("size", [(1600, 900), (1100, 640), (700, 400), (480, 300), (300, 200), (160, 90)])
def test_the_picture_has_most_of_the_room(hands: Hands, size: tuple[int, int]) -> None:
    hands.view.resize(*size)
    hands.begin(hands.item(note="a note"))
    hands.view.grab()
    assert (hands.view.width(), hands.view.height()) == size
    assert hands.view.stage.height() >= 0.5 * size[1]
    if hands.view.bar.isVisible():
        shown = [button for button in hands.view.bar.findChildren(QAbstractButton) if button.isVisible()]
        for button in shown:
            assert button.width() >= button.minimumSizeHint().width(), button.accessibleName()
        edges = sorted((button.geometry().left(), button.geometry().right()) for button in shown)
        assert all(left > before for (_, before), (left, _) in pairwise(edges))
        assert edges[-1][1] <= hands.view.bar.width()


def test_it_asks_for_no_more_room_than_the_picture(hands: Hands) -> None:
    assert (hands.view.minimumSizeHint().width(), hands.view.minimumSizeHint().height()) == (160, 90)
    assert (hands.view.minimumWidth(), hands.view.minimumHeight()) == (160, 90)
