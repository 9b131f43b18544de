"""The panel of match cuts: what it asks for, what it says where there is nothing, and its pairs by key and mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolTip
from pytestqt.qtbot import QtBot
from timeline_hands import emitted

from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline_resources import palette
from seamline_resources.match_looks import VERDICT_LOOKS
from seamline_widgets.match_head import KINDS, SHOWN
from seamline_widgets.match_items import MatchItem
from seamline_widgets.match_layout import MatchButton
from seamline_widgets.match_panel import EMPTY_HINT, MatchPanel
from seamline_widgets.match_scope import MatchScope, MatchStart
from seamline_widgets.search_panel import SearchPanel
from seamline_widgets.shot_paint import shown_name

LEFT = Qt.MouseButton.LeftButton
REASON = (
    "What stands out is at the right in both; light and dark in the same places; something moves left in both, at "
    "about the same speed"
)
MakeImage = Callable[..., QImage]


def _item(at: int, verdict: Verdict = Verdict.OPEN, note: str = "", reason: str = REASON) -> MatchItem:
    pair = MatchPair(
        MatchSide("one", 100 * at, 100 * at + 90, 100 * at + 80),
        MatchSide("two", 100 * at + 50, 100 * at + 99, 100 * at + 55),
        MatchKind.FRAME if at % 2 else MatchKind.MOTION,
        0.9 - at / 100,
        0.5,
        0.5,
        0.5,
        reason,
    )
    names = f"Shot {at + 1}", f"Two.mov, shot {at + 40}"
    return MatchItem(JudgedPair(pair, verdict, note), *names, f"01:00:00:0{at % 10}", f"02:00:00:0{at % 10}")


def _judged(item: MatchItem, verdict: Verdict, note: str = "") -> MatchItem:
    return replace(item, judged=replace(item.judged, verdict=verdict, note=note))


@pytest.fixture
def panel(qtbot: QtBot) -> MatchPanel:
    widget = MatchPanel()
    qtbot.addWidget(widget)
    widget.resize(310, 700)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


def _show(panel: MatchPanel, count: int = 6) -> list[MatchItem]:
    items = [_item(at) for at in range(count)]
    panel.set_items(items, f"{count} match cuts")
    return items


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


def test_the_keys_go_to_stop_while_it_looks_and_to_what_was_found(panel: MatchPanel) -> None:
    panel.take_keys()
    assert panel.head.find_button.hasFocus()
    panel.set_progress("Looking for match cuts…", 0, 0)
    assert panel.progress.stop_button.hasFocus()
    _show(panel)
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
    _show(panel)
    assert not panel.export_button.isEnabled()
    panel.set_can_export(True)
    QTest.mouseClick(panel.export_button, LEFT)
    assert wanted == [()]


# -- going through the pairs


def test_keys_go_through_the_pairs_and_judge_them(panel: MatchPanel) -> None:
    items = _show(panel)
    current, played, kept, rejected = (
        emitted(signal)
        for signal in (panel.current_changed, panel.audition_wanted, panel.keep_wanted, panel.reject_wanted)
    )
    panel.take_keys()
    assert panel.list.hasFocus()
    _press(panel, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Down)
    assert current == [(items[0],), (items[1],), (items[0],), (items[1],)]
    _press(panel, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_K, Qt.Key.Key_X)
    assert (played, kept, rejected) == ([(items[1],)] * 2, [(items[1],)], [(items[1],)])
    _press(panel, Qt.Key.Key_End)
    assert panel.current == items[-1]


def test_its_keys_are_not_the_windows_while_it_has_them(panel: MatchPanel) -> None:
    _show(panel)
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
    items = _show(panel)
    panel.set_current(items[2].key)
    panel.take_keys()
    letter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier, "s")
    panel.list.keyPressEvent(letter)
    assert panel.current == items[2]
    assert not letter.isAccepted()


def test_a_click_selects_and_gives_the_keys_and_a_double_click_plays(panel: MatchPanel) -> None:
    items = _show(panel)
    current, played = emitted(panel.current_changed), emitted(panel.audition_wanted)
    at = panel.list.layout_of(1).names[0].center()
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=at)
    assert (panel.current, panel.list.hasFocus()) == (items[1], True)
    assert current == [(items[1],)]
    QTest.mouseDClick(panel.list.viewport(), LEFT, pos=at)
    assert played == [(items[1],)]


def test_its_buttons_are_pressed_on_the_pictures(panel: MatchPanel) -> None:
    items = _show(panel)
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
    items = _show(panel)
    kept = emitted(panel.keep_wanted)
    texts = [action.text().split("\t")[0] for action in panel.list.menu_for(items[0]).actions()]
    assert texts == ["Play the cut", "Keep", "Reject", "Note…"]
    item = _judged(items[0], Verdict.KEPT)
    action = panel.list.menu_for(item).actions()[1]
    assert action.text().split("\t")[0] == "Keep no more"
    action.trigger()
    assert kept == [(item,)]


def test_a_note_is_written_at_the_row(panel: MatchPanel) -> None:
    items = _show(panel)
    notes = emitted(panel.note_changed)
    panel.take_keys()
    _press(panel, Qt.Key.Key_Down, Qt.Key.Key_N)
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
    items = _show(panel)
    panel.set_current(items[2].key)
    panel.set_items([*items[:2], *items[3:]], "5")
    assert panel.current == items[3]
    panel.set_items(items[:2], "2")
    assert panel.current == items[1]


def test_what_is_judged_stays_selected_where_it_is(panel: MatchPanel) -> None:
    items = _show(panel, 20)
    panel.set_current(items[15].key)
    place = panel.list.verticalScrollBar().value()
    assert place > 0
    panel.set_items([_judged(item, Verdict.KEPT) for item in items], "20")
    assert panel.current == _judged(items[15], Verdict.KEPT)
    assert panel.list.verticalScrollBar().value() == place


def test_steps_stop_at_the_ends(panel: MatchPanel) -> None:
    items = _show(panel, 3)
    current = emitted(panel.current_changed)
    panel.set_current(items[1].key)
    assert panel.step(1) == items[2]
    assert panel.step(1) is None
    assert (panel.step(-1), panel.step(-1), panel.step(-1)) == (items[1], items[0], None)
    assert current == []


# -- looks


def test_pictures_are_asked_for_once_from_the_best_down_and_shown(
    panel: MatchPanel, qtbot: QtBot, plain_image: MakeImage
) -> None:
    items = [_item(at) for at in range(30)]
    wanted = emitted(panel.picture_wanted)
    panel.set_items(items, "30")
    qtbot.waitUntil(lambda: len(wanted) >= 4)
    assert wanted[-2:] == [("two", 55), ("one", 80)]  # the newest wish is served first
    assert len(wanted) < 20  # those in view alone
    panel.set_picture("one", 80, plain_image("#c02020"))
    panel.set_picture("two", 55, plain_image("#2020c0", 120, 90))
    first, second = panel.list.layout_of(0).pictures
    image = panel.list.viewport().grab().toImage()
    assert image.pixelColor(first.center()).name() == "#c02020"
    assert image.pixelColor(second.center()).name() == "#2020c0"
    # 4:3 keeps its shape in a box of 16:9
    assert image.pixelColor(second.left() + 4, second.center().y()).name() == palette.PICTURE_SURROUND
    asked = len(wanted)
    panel.set_items(items, "30")
    qtbot.wait(90)
    assert len(wanted) == asked
    panel.forget_pictures()
    qtbot.waitUntil(lambda: len(wanted) == 2 * asked)


@pytest.mark.parametrize("verdict", [Verdict.KEPT, Verdict.REJECTED])
def test_a_verdict_is_a_stripe_a_sign_and_a_word(panel: MatchPanel, verdict: Verdict) -> None:
    panel.set_items([_item(0)], "1")
    before = panel.list.viewport().grab().toImage()
    panel.set_items([_judged(_item(0), verdict)], "1")
    after = panel.list.viewport().grab().toImage()
    layout, colour = panel.list.layout_of(0), VERDICT_LOOKS[verdict].colour
    assert after.pixelColor(1, layout.row.center().y()).name() == colour
    words = layout.words
    line = range(words.top(), words.top() + 16)
    inked = [
        x
        for x in range(words.left(), words.right())
        if any(before.pixelColor(x, y) != after.pixelColor(x, y) for y in line)
    ]
    assert len(inked) > 20  # at the right of the line: a sign and a word
    assert min(inked) > words.center().x()


@pytest.mark.parametrize("width", [310, 440, 500])
def test_long_reasons_stay_in_their_row_and_nothing_is_clipped(panel: MatchPanel, width: int) -> None:
    panel.resize(width, 700)
    panel.set_items([_item(0, note="a " * 200), _item(1)], "2")
    panel.list.doItemsLayout()
    layout = panel.list.layout_of(0)
    assert layout.words.bottom() <= layout.row.bottom()
    assert layout.words.right() <= layout.row.right()
    image = panel.list.viewport().grab().toImage()
    gap = [image.pixelColor(x, layout.row.bottom() - 2).name() for x in range(20, layout.row.width(), 5)]
    assert set(gap) == {palette.SUNKEN}
    for button in (panel.head.find_button, *panel.head.kind_buttons.values(), panel.head.shown_box):
        assert button.width() >= button.minimumSizeHint().width()
        assert button.geometry().right() <= panel.head.width() - 8


def test_a_long_films_name_gives_way_to_its_shot_and_the_timecode(panel: MatchPanel) -> None:
    name = "the second reel of a long night.mov, shot 40"
    whole = panel.fontMetrics().horizontalAdvance(name)
    assert shown_name(name, whole) == (name, 0)
    shown, left = shown_name(name, 130)
    assert shown.startswith("the ")
    assert shown.endswith("…, shot 40")
    assert 0 <= left < 20
    assert shown_name(name, 60)[1] < 0
    assert shown_name("Shot 3", 20) == ("Shot 3", 20 - panel.fontMetrics().horizontalAdvance("Shot 3"))


def test_all_of_it_is_told_by_tool_tip_and_to_screen_readers(panel: MatchPanel) -> None:
    item = _item(1, Verdict.KEPT, "hold a beat")
    panel.set_items([item], "1")
    spoken = panel.list.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    for part in (
        "Shot 2",
        "01:00:00:01",
        "Two.mov, shot 41",
        "frame match",
        ".89",
        REASON,
        "Kept",
        "hold a beat",
    ):
        assert part in spoken
    at = panel.list.layout_of(0).names[0].center()
    QApplication.sendEvent(
        panel.list.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, panel.list.viewport().mapToGlobal(at))
    )
    assert REASON in QToolTip.text()
    for button in panel.findChildren(QAbstractButton):
        assert button.text() or button.accessibleName() or not button.isVisible()
    assert panel.head.shown_box.accessibleName()


def test_the_windows_least_height_is_not_raised(panel: MatchPanel, qtbot: QtBot) -> None:
    search = SearchPanel()
    qtbot.addWidget(search)
    _show(panel)
    panel.set_progress("Looking at shots", 1, 2)
    assert panel.minimumSizeHint().height() <= search.minimumSizeHint().height()
    panel.resize(280, panel.minimumSizeHint().height())
    assert panel.list.height() >= 1


def _override(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QEvent:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
    event.ignore()
    return event
