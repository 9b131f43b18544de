"""The panel of match cuts: what it asks for, what it says where there is nothing, and its pairs by key and mouse."""

from __future__ import annotations

import pytest
from match_rows import judged_as, show_pairs
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from timeline_hands import emitted

from seamline.project.match_cuts import Verdict
from seamline_resources import palette
from seamline_widgets.match_head import KINDS, SHOWN
from seamline_widgets.match_layout import MatchButton
from seamline_widgets.match_panel import EMPTY_HINT, MatchPanel
from seamline_widgets.match_scope import MatchScope, MatchStart

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot) -> MatchPanel:
    widget = MatchPanel()
    qtbot.addWidget(widget)
    widget.resize(310, 700)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


def _press(panel: MatchPanel, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(panel.list, key)


# -- asking


def test_the_button_and_the_hint_want_them_found(panel: MatchPanel) -> None:
    wanted = emitted(panel.find_wanted)
    QTest.mouseClick(panel.head.find_button, LEFT)
    panel.set_hint("Not looked for yet.", "Find match cuts")
    assert panel.notice.text == "Not looked for yet."
    QTest.mouseClick(panel.notice.button, LEFT)
    assert len(wanted) == 2


def test_a_hint_without_a_button_has_none(panel: MatchPanel) -> None:
    assert panel.notice.text == EMPTY_HINT
    panel.set_hint("The film is still being analysed.")
    assert panel.notice.button.isHidden()
    assert not panel.export_button.isVisible()


def test_work_shows_how_far_it_is_and_can_be_stopped(panel: MatchPanel) -> None:
    stopped = emitted(panel.stop_wanted)
    panel.set_progress("Looking at shot 40 of 400", 40, 400)
    assert panel.progress.text == "Looking at shot 40 of 400"
    assert (panel.progress.bar.value(), panel.progress.bar.maximum()) == (40, 400)
    assert not panel.head.find_button.isEnabled()
    QTest.mouseClick(panel.progress.stop_button, LEFT)
    assert stopped == [()]
    panel.set_progress("", 0, 0)
    assert panel.progress.isHidden()
    assert panel.head.find_button.isEnabled()


def test_the_keys_stay_in_the_panel_while_it_looks_and_go_to_what_was_found(panel: MatchPanel) -> None:
    stopped = emitted(panel.stop_wanted)
    panel.take_keys()
    assert panel.head.find_button.hasFocus()
    panel.set_progress("Looking for match cuts…", 0, 0)
    assert panel.hasFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):  # a key too many
        QTest.keyClick(panel, key)
    assert stopped == []
    show_pairs(panel)
    panel.set_progress("", 0, 0)
    assert panel.list.hasFocus()
    panel.set_progress("Looking for match cuts…", 0, 0)
    assert panel.list.hasFocus()  # nobody takes them from where they are of use
    panel.set_progress("", 0, 0)
    panel.set_hint("Nothing was found.", "")
    panel.take_keys()
    panel.set_progress("Looking for match cuts…", 0, 0)
    panel.set_progress("", 0, 0)
    assert panel.head.find_button.hasFocus()


def test_without_a_film_there_is_nothing_to_find_even_after_work(panel: MatchPanel) -> None:
    panel.set_can_find(False)
    panel.set_progress("Stopping", 0, 0)
    panel.set_progress("", 0, 0)
    assert not panel.head.find_button.isEnabled()
    assert not panel.head.scope_button.isEnabled()


def test_scope_kind_and_list_are_chosen_by_the_user_and_set_without_a_word(panel: MatchPanel) -> None:
    scopes, kinds, lists = (
        emitted(signal) for signal in (panel.scope_chosen, panel.kind_chosen, panel.shown_chosen)
    )
    panel.kind, panel.shown = "motion", "kept"
    panel.set_scope(MatchScope(MatchStart.INTO, is_other=True), "Two.mov")
    assert (panel.scope, panel.kind, panel.shown) == (
        MatchScope(MatchStart.INTO, is_other=True),
        "motion",
        "kept",
    )
    assert (scopes, kinds, lists) == ([], [], [])
    panel.head.scope_button.menu().actions()[1].trigger()
    QTest.mouseClick(panel.head.kind_buttons["frame"], LEFT)
    panel.head.shown_box.setFocus()
    QTest.keyClick(panel.head.shown_box, Qt.Key.Key_Down)
    chosen = MatchScope(MatchStart.OUT, is_other=True)
    assert (scopes, kinds, lists) == ([(chosen,)], [("frame",)], [("rejected",)])
    assert (panel.scope, panel.kind, panel.shown) == (chosen, "frame", "rejected")
    assert list(KINDS) == ["all", "frame", "motion"]
    assert list(SHOWN) == ["open", "kept", "rejected", "all"]


def test_the_other_film_is_named(panel: MatchPanel) -> None:
    panel.set_scope(MatchScope(is_other=True), "A & B, the second reel of a long night.mov")
    button = panel.head.scope_button
    assert button.text().startswith("With A && B")
    assert button.text().endswith("…")
    assert button.toolTip().splitlines()[0] == "With A & B, the second reel of a long night.mov"
    panel.set_scope(MatchScope())
    assert button.text() == "Within this film"


def test_its_menu_says_where_is_looked_and_remembers_the_other_film(panel: MatchPanel) -> None:
    button = panel.head.scope_button
    scopes, others = emitted(panel.scope_chosen), emitted(panel.other_wanted)
    panel.resize(480, 700)

    def entries() -> list[tuple[str, bool]]:
        return [
            (action.text(), action.isChecked())
            for action in button.menu().actions()
            if action.isVisible() and not action.isSeparator()
        ]

    starts = [("All shots", True), ("Out of the frame shown", False), ("Into the frame shown", False)]
    assert entries() == [*starts, ("Within this film", True), ("With another film…", False)]
    button.menu().actions()[-1].trigger()
    assert (len(others), scopes) == (1, [])
    panel.set_scope(MatchScope(MatchStart.OUT, is_other=True), "R & D.mov")
    assert button.text() == "This frame → R && D.mov"
    assert entries()[3:] == [
        ("Within this film", False),
        ("With R && D.mov", True),
        ("With another film…", False),
    ]
    button.menu().actions()[-3].trigger()
    assert button.text() == "Out of the frame shown"
    button.menu().actions()[2].trigger()
    button.menu().actions()[-2].trigger()
    assert button.text() == "R && D.mov → this frame"
    assert [scope for (scope,) in scopes] == [
        MatchScope(MatchStart.OUT),
        MatchScope(MatchStart.INTO),
        MatchScope(MatchStart.INTO, is_other=True),
    ]
    panel.set_scope(MatchScope(), "")
    assert len(entries()) == 5


@pytest.mark.parametrize("shown", list(SHOWN))
def test_an_empty_list_says_what_is_missing(panel: MatchPanel, shown: str) -> None:
    panel.shown = shown
    panel.set_items((), "0 of 48")
    assert panel.notice.isVisible()
    assert len(panel.notice.text) > 10
    assert panel.notice.button.isHidden()


def test_export_is_offered_where_something_is_kept(panel: MatchPanel) -> None:
    wanted = emitted(panel.export_wanted)
    show_pairs(panel)
    assert not panel.export_button.isEnabled()
    panel.set_can_export(True)
    QTest.mouseClick(panel.export_button, LEFT)
    assert wanted == [()]


# -- going through the pairs


def test_keys_go_through_the_pairs_and_judge_them(panel: MatchPanel) -> None:
    items = show_pairs(panel)
    current, played, kept, rejected = (
        emitted(signal)
        for signal in (panel.current_changed, panel.audition_wanted, panel.keep_wanted, panel.reject_wanted)
    )
    panel.take_keys()
    assert panel.list.hasFocus()
    assert panel.current == items[0]
    _press(panel, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert current == [(items[1],), (items[2],), (items[1],)]
    _press(panel, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_K)
    _press(panel, Qt.Key.Key_X, Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
    assert (played, kept, rejected) == ([(items[1],)] * 2, [(items[1],)], [(items[1],)] * 3)
    _press(panel, Qt.Key.Key_End)
    assert panel.current == items[-1]


def test_its_keys_are_not_the_windows_while_it_has_them(panel: MatchPanel) -> None:
    show_pairs(panel)
    panel.take_keys()
    for key in (Qt.Key.Key_K, Qt.Key.Key_X, Qt.Key.Key_N, Qt.Key.Key_Space, Qt.Key.Key_Down):
        override = _override(key)
        QApplication.sendEvent(panel.list, override)
        assert override.isAccepted(), key
    for key, modifier in (
        (Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier),
    ):
        override = _override(key, modifier)
        QApplication.sendEvent(panel.list, override)
        assert not override.isAccepted(), key


def test_letters_do_not_search_in_the_list(panel: MatchPanel) -> None:
    items = show_pairs(panel)
    panel.set_current(items[2].key)
    panel.take_keys()
    letter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier, "s")
    panel.list.keyPressEvent(letter)
    assert panel.current == items[2]
    assert not letter.isAccepted()


def test_a_click_selects_and_gives_the_keys_and_a_double_click_plays(panel: MatchPanel) -> None:
    items = show_pairs(panel)
    current, played = emitted(panel.current_changed), emitted(panel.audition_wanted)
    at = panel.list.layout_of(1).names[0].center()
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=at)
    assert (panel.current, panel.list.hasFocus()) == (items[1], True)
    assert current == [(items[1],)]
    QTest.mouseDClick(panel.list.viewport(), LEFT, pos=at)
    assert played == [(items[1],)]


def test_its_buttons_are_pressed_on_the_pictures(panel: MatchPanel) -> None:
    items = show_pairs(panel)
    played, kept, rejected = (
        emitted(signal) for signal in (panel.audition_wanted, panel.keep_wanted, panel.reject_wanted)
    )
    for button in (MatchButton.PLAY, MatchButton.KEEP, MatchButton.REJECT):
        QTest.mouseClick(panel.list.viewport(), LEFT, pos=panel.list.layout_of(1).button(button).center())
    assert (played, kept, rejected) == ([(items[1],)], [(items[1],)], [(items[1],)])
    QTest.mouseClick(
        panel.list.viewport(), LEFT, pos=panel.list.layout_of(1).button(MatchButton.NOTE).center()
    )
    assert panel.note.isVisible()


def test_the_menu_does_the_same_and_takes_back(panel: MatchPanel) -> None:
    items = show_pairs(panel)
    kept = emitted(panel.keep_wanted)
    texts = [action.text().split("\t")[0] for action in panel.list.menu_for(items[0]).actions()]
    assert texts[:4] == ["Play the cut", "Keep", "Reject", "Note…"]
    item = judged_as(items[0], Verdict.KEPT)
    action = panel.list.menu_for(item).actions()[1]
    assert action.text().split("\t")[0] == "Keep no more"
    action.trigger()
    assert kept == [(item,)]


def test_the_menu_goes_to_either_frame_and_copies_the_timecodes(panel: MatchPanel) -> None:
    items = show_pairs(panel)
    sides, copied = emitted(panel.side_wanted), emitted(panel.timecodes_wanted)
    by_text = {action.text(): action for action in panel.list.menu_for(items[2]).actions()}
    for text in ("Go to the outgoing frame", "Go to the incoming frame", "Copy the timecodes"):
        by_text[text].trigger()
    assert sides == [(items[2].pair.outgoing,), (items[2].pair.incoming,)]
    assert copied == [(items[2],)]
    assert items[2].timecodes == "01:00:00:02 → 02:00:00:02"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_press_the_button_that_has_them(panel: MatchPanel, key: Qt.Key) -> None:
    wanted = emitted(panel.find_wanted)
    panel.take_keys()
    override = _override(key)
    QApplication.sendEvent(panel.head.find_button, override)
    assert override.isAccepted()
    QTest.keyClick(panel.head.find_button, key)
    assert wanted == [()]


def test_the_list_shows_which_pair_its_keys_are_for(panel: MatchPanel) -> None:
    items = show_pairs(panel)
    assert panel.current is None
    panel.take_keys()
    assert panel.current == items[0]
    row = panel.list.layout_of(0).row
    ring = panel.list.viewport().grab().toImage().pixelColor(row.left(), row.top() + 3).name()
    assert ring == palette.ACCENT
    panel.set_current(items[3].key)
    panel.take_keys()
    assert panel.current == items[3]
    panel.hide_current()  # what is played is not listed
    assert not panel.list.selectedIndexes()
    assert panel.current == items[3]  # the next one is where it would be
    panel.head.find_button.setFocus()
    panel.list.setFocus()
    assert panel.list.selectedIndexes()[0].row() == 3


def test_a_list_that_gives_way_to_words_leaves_the_keys_in_the_panel(panel: MatchPanel) -> None:
    show_pairs(panel)
    panel.take_keys()
    panel.set_hint("Looking…", "")
    assert panel.hasFocus()


def test_a_note_is_written_at_the_row(panel: MatchPanel) -> None:
    items = show_pairs(panel)
    notes = emitted(panel.note_changed)
    panel.take_keys()
    _press(panel, Qt.Key.Key_N)
    assert panel.note.field.hasFocus()
    QTest.keyClicks(panel.note.field, "hold a beat, k")
    QTest.keyClick(panel.note.field, Qt.Key.Key_Return)
    assert notes == [(items[0], "hold a beat, k")]
    assert panel.list.hasFocus()
    _press(panel, Qt.Key.Key_N)
    QTest.keyClicks(panel.note.field, "not this")
    QTest.keyClick(panel.note.field, Qt.Key.Key_Escape)
    assert len(notes) == 1


def test_what_is_rejected_goes_and_the_next_takes_its_place(panel: MatchPanel) -> None:
    items = show_pairs(panel)
    panel.set_current(items[2].key)
    panel.set_items([*items[:2], *items[3:]], "5")
    assert panel.current == items[3]
    panel.set_items(items[:2], "2")
    assert panel.current == items[1]


def test_what_is_judged_stays_selected_where_it_is(panel: MatchPanel) -> None:
    items = show_pairs(panel, 20)
    panel.set_current(items[15].key)
    place = panel.list.verticalScrollBar().value()
    assert place > 0
    panel.set_items([judged_as(item, Verdict.KEPT) for item in items], "20")
    assert panel.current == judged_as(items[15], Verdict.KEPT)
    assert panel.list.verticalScrollBar().value() == place


def test_steps_stop_at_the_ends(panel: MatchPanel) -> None:
    items = show_pairs(panel, 3)
    current = emitted(panel.current_changed)
    panel.set_current(items[1].key)
    assert panel.step(1) == items[2]
    assert panel.step(1) is None
    assert (panel.step(-1), panel.step(-1), panel.step(-1)) == (items[1], items[0], None)
    assert current == []


def _override(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QEvent:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
    event.ignore()
    return event
