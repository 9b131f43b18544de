"""The audition among the rest of the window: where the editor is in the film, its commands, its volume, its hands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from audition_hands import audition, press, put_quick_hands, settled
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from timeline_hands import emitted

from seamline.project.match_cuts import Verdict
from seamline_widgets.audition_keys import AUDITION_KEYS
from seamline_widgets.audition_pictures import Side
from seamline_widgets.audition_view import AuditionView
from seamline_widgets.match_items import MatchItem

if TYPE_CHECKING:
    from paper_match import PaperEngine
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import Hands

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    return put_quick_hands(monkeypatch)


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> FilmSpec:
    """Five seconds with cuts at 30, 60 and 90."""
    return films.make_film(films.folder / "among.mp4", frames=125, cuts=(30, 60, 90))


def step_names(hands: Hands) -> list[str]:
    assert hands.window.document is not None
    edits, done = hands.window.document.steps
    return [edit.name for edit in edits[:done]]


def drag(view: AuditionView, side: Side, by: int) -> None:
    """The bracket of that side, so many frames later, by the mouse."""
    strip = view.bar.strip
    start = QPoint(strip.bracket_x(side), strip.track.center().y())
    end = start + QPoint(round(by * strip.half(side).frame_px), 0)
    QTest.mousePress(strip, LEFT, pos=start)
    QTest.mouseMove(strip, end)
    QTest.mouseRelease(strip, LEFT, pos=end)


def give_up_a_drag(hands: Hands, view: AuditionView, *, is_long: bool) -> None:
    """Of A's bracket by Esc; `is_long`: after the cut has come to rest in the hand."""
    strip = view.bar.strip
    start = QPoint(strip.bracket_x(Side.OUT), strip.track.center().y())
    QTest.mousePress(strip, LEFT, pos=start)
    QTest.mouseMove(strip, start - QPoint(40, 0))
    if is_long:
        settled(hands)
    press(hands, "Esc")
    QTest.mouseRelease(strip, LEFT, pos=start)
    if is_long:
        settled(hands)


def _has_mode(view: AuditionView, mode: str) -> bool:
    return view.mode == mode


def test_opened_and_left_at_once_the_film_is_where_it_was(hands: Hands, film: FilmSpec) -> None:
    audition(hands, film)
    press(hands, "Esc")
    hands.window.go_to(100)
    hands.sees(100)
    hands.window.matching.panel.take_keys()
    press(hands, "Return")
    assert hands.window.timeline.playhead == 29  # the cut
    press(hands, "Space")
    press(hands, "Esc")
    hands.sees(100)


def test_the_timeline_follows_and_esc_lands_at_the_cut(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    for _ in range(2):
        press(hands, "Down")
    assert view.cut_frames == (59, 0)
    assert hands.window.timeline.playhead == 59
    press(hands, "Shift+J")
    assert hands.window.timeline.playhead == 58
    assert hands.window.shown_frame == 29  # nothing is decoded behind it
    press(hands, "Esc")
    hands.sees(58)


def test_a_frame_that_was_asked_for_before_does_not_take_the_playhead_away(
    hands: Hands, film: FilmSpec
) -> None:
    audition(hands, film)
    press(hands, "Esc")
    item = hands.window.matching.panel.current
    hands.window.go_to(100)
    hands.window.matching.panel.audition_wanted.emit(item)
    hands.wait(lambda: hands.window.picture.frame == 100)
    assert hands.window.timeline.playhead == 29


def test_whatever_else_ends_it_the_playhead_is_where_the_film_is(hands: Hands, film: FilmSpec) -> None:
    audition(hands, film)
    press(hands, "Down")
    press(hands, "Down")
    hands.click_timeline(110)
    hands.sees(110)


def test_what_is_shown_is_told_through_undo_and_redo(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    auditioning = hands.window.matching.auditioning
    shown = emitted(auditioning.shown)
    for key in ("X", "X", "Ctrl+Z", "Ctrl+Shift+Z"):
        press(hands, key)
        assert shown[-1] == (view.item,), key
        assert auditioning.item == view.item
    press(hands, "Shift+J")
    settled(hands)
    (item,) = shown[-1]
    assert isinstance(item, MatchItem)
    assert item.pair.frames == view.cut_frames
    press(hands, "Esc")
    assert shown[-1] == (None,)


def test_a_drag_with_pauses_is_one_step(
    hands: Hands, film: FilmSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = audition(hands, film)
    auditioning = hands.window.matching.auditioning
    auditioning._sliding.setInterval(20)
    strip = view.bar.strip
    start = QPoint(strip.bracket_x(Side.OUT), strip.track.center().y())
    frame_px = strip.half(Side.OUT).frame_px
    QTest.mousePress(strip, LEFT, pos=start)
    for by in (-3, -6, -9):
        QTest.mouseMove(strip, start + QPoint(round(by * frame_px), 0))
        settled(hands)
        hands.pause(60)  # longer than between presses that are one slide
    assert view.cut_frames == (20, 60)
    QTest.mouseRelease(strip, LEFT, pos=start + QPoint(round(-9 * frame_px), 0))
    assert step_names(hands) == ["Slide match cut"]
    hands.wait(lambda: min(view.player._pictures.of(Side.OUT), default=99) == 0)
    press(hands, "Ctrl+Z")
    assert view.cut_frames == (29, 60)


@pytest.mark.parametrize("settled_ms", [1, 60_000])
def test_each_drag_is_a_step_of_its_own_however_soon(hands: Hands, film: FilmSpec, settled_ms: int) -> None:
    view = audition(hands, film)
    hands.window.matching.auditioning._settling.setInterval(settled_ms)
    drag(view, Side.OUT, -5)
    drag(view, Side.IN, 4)
    press(hands, "Shift+J")
    press(hands, "Ctrl+Z")
    assert view.cut_frames == (24, 64)
    press(hands, "Ctrl+Z")
    assert view.cut_frames == (24, 60)
    press(hands, "Ctrl+Z")
    assert view.cut_frames == (29, 60)


@pytest.mark.parametrize("settled_ms", [1, 60_000])
def test_after_a_drag_given_up_the_next_slide_is_a_step_of_its_own(
    hands: Hands, film: FilmSpec, settled_ms: int
) -> None:
    view = audition(hands, film)
    drag(view, Side.OUT, -5)
    settled(hands)
    hands.window.matching.auditioning._settling.setInterval(settled_ms)
    give_up_a_drag(hands, view, is_long=settled_ms == 1)
    assert view.cut_frames == (24, 60)
    assert step_names(hands) == ["Slide match cut"]
    press(hands, "Shift+J")
    assert view.cut_frames == (23, 60)
    press(hands, "Ctrl+Z")
    assert view.cut_frames == (24, 60)


@pytest.mark.parametrize("is_long", [True, False])
def test_a_drag_given_up_and_a_slide_there_and_back_leave_the_film_where_it_was(
    hands: Hands, film: FilmSpec, is_long: bool
) -> None:
    audition(hands, film)
    press(hands, "Esc")
    hands.window.go_to(100)
    hands.sees(100)
    hands.window.matching.panel.take_keys()
    press(hands, "Return")
    view = hands.window.matching.auditioning.view
    give_up_a_drag(hands, view, is_long=is_long)
    for key in ("Shift+J", "Shift+L"):
        press(hands, key)
        if is_long:
            settled(hands)
    assert view.isVisible()
    press(hands, "Esc")
    assert not view.isVisible()
    assert hands.window.timeline.playhead == 100
    hands.sees(100)


def test_esc_in_a_drag_leaves_no_step_and_stays(hands: Hands, film: FilmSpec) -> None:
    view = audition(hands, film)
    strip = view.bar.strip
    start = QPoint(strip.bracket_x(Side.OUT), strip.track.center().y())
    QTest.mousePress(strip, LEFT, pos=start)
    QTest.mouseMove(strip, start - QPoint(40, 0))
    settled(hands)
    press(hands, "Esc")
    settled(hands)
    assert view.isVisible()
    assert view.cut_frames == (29, 60)
    assert step_names(hands) == []
    QTest.mouseRelease(strip, LEFT, pos=start)


def test_its_commands_are_found_by_name(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    commands = {command.command_id: command for command in hands.window.matching.auditioning.commands}
    assert len(commands) == len(AUDITION_KEYS)
    assert not any(command.is_enabled for command in commands.values())
    press(hands, "Esc")
    view = audition(hands, film)
    hands.wait(lambda: view.player.has_pictures)
    for letters, mode in (("onion", "onion"), ("wipe", "wipe")):
        press(hands, "Ctrl+P")
        palette = hands.window._commanding.palette
        hands.wait(palette.isVisible)
        field = palette.findChild(QLineEdit)
        assert isinstance(field, QLineEdit)
        QTest.keyClicks(field, letters)
        QTest.keyClick(field, Qt.Key.Key_Return)
        hands.wait(partial(_has_mode, view, mode))


def test_the_volume_is_the_players(hands: Hands, film: FilmSpec) -> None:
    hands.window.resize(1600, 900)
    view = audition(hands, film)
    transport, player = hands.window.transport, hands.window.player
    transport.choose_volume(0.4)
    assert view.bar.volume.value() == 40
    assert player.heard_volume_01 == pytest.approx(0.4)
    volume = view.bar.volume
    assert volume.isVisible()
    QTest.mouseClick(volume, LEFT, pos=QPoint(volume.width() - 2, volume.height() // 2))
    assert transport.volume_01 > 0.4
    assert player.heard_volume_01 == pytest.approx(transport.volume_01)
    assert view.hasFocus()


def test_delete_after_esc_is_meant_for_the_pair(hands: Hands, film: FilmSpec) -> None:
    audition(hands, film)
    cuts = hands.cuts
    press(hands, "Esc")
    press(hands, "Delete")
    assert hands.cuts == cuts
    assert [judged.verdict for judged in hands.window.document.project.matches.judged] == [Verdict.REJECTED]
