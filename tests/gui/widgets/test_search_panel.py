"""The panel that finds pictures: typed into, dropped on, its hits gone through, its chips taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QToolTip
from pytestqt.qtbot import QtBot
from timeline_hands import emitted

from seamline_resources import palette
from seamline_widgets import search_field
from seamline_widgets.search_chips import Chip
from seamline_widgets.search_delegate import Button, picture_rect
from seamline_widgets.search_model import HitItem
from seamline_widgets.search_panel import SearchPanel

LEFT = Qt.MouseButton.LeftButton
MakeImage = Callable[..., QImage]


def _items(count: int = 5) -> list[HitItem]:
    return [
        HitItem(
            "one",
            at * 100 + 7,
            at * 100,
            at * 100 + 90,
            f"Shot {at + 1}",
            "",
            f"01:00:0{at % 10}:07",
            0.3,
            0.5,
        )
        for at in range(count)
    ]


@pytest.fixture
def panel(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> SearchPanel:
    monkeypatch.setattr(search_field, "_PAUSE_MS", 30)
    widget = SearchPanel()
    qtbot.addWidget(widget)
    widget.resize(440, 600)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


def _show(panel: SearchPanel, items: list[HitItem] | None = None) -> list[HitItem]:
    items = _items() if items is None else items
    panel.show_hits(items, (f"{len(items)} shots",), is_new=True, has_steps=True)
    return items


def _row(panel: SearchPanel, row: int) -> QPoint:
    return picture_rect(panel.list.visualRect(panel.list.model().index(row, 0))).center()


def test_words_are_searched_after_a_pause_once_and_by_enter_at_once(panel: SearchPanel, qtbot: QtBot) -> None:
    searched = emitted(panel.head.searched)
    panel.take_keys()
    QTest.keyClicks(panel.head.field, "do")
    qtbot.wait(80)
    assert searched == []  # two letters are no word yet
    QTest.keyClicks(panel.head.field, "g ")
    qtbot.waitUntil(lambda: searched == [("dog",)])
    QTest.keyClicks(panel.head.field, "s")
    QTest.keyClick(panel.head.field, Qt.Key.Key_Return)
    assert searched == [("dog",), ("dog s",)]
    qtbot.wait(80)
    assert len(searched) == 2
    QTest.keyClick(panel.head.field, Qt.Key.Key_Escape)
    assert searched[-1] == ("",)


def test_down_goes_into_the_hits_and_up_out_of_them(panel: SearchPanel) -> None:
    items = _show(panel)
    shown, chosen = emitted(panel.list.shown), emitted(panel.list.chosen)
    panel.take_keys()
    QTest.keyClick(panel.head.field, Qt.Key.Key_Down)
    assert panel.list.hasFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert shown == [(items[0],), (items[1],)]
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert chosen == [(items[1],)]
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    assert panel.head.field.hasFocus()


def test_a_click_shows_a_hit_and_a_double_click_goes_there(panel: SearchPanel) -> None:
    items = _show(panel)
    shown, chosen = emitted(panel.list.shown), emitted(panel.list.chosen)
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=_row(panel, 2))
    assert shown == [(items[2],)]
    QTest.mouseDClick(panel.list.viewport(), LEFT, pos=_row(panel, 2))
    assert chosen == [(items[2],)]


def test_more_and_less_by_button_by_key_and_by_menu(panel: SearchPanel) -> None:
    items = _show(panel)
    more, less, shown = (
        emitted(signal) for signal in (panel.list.more_wanted, panel.list.less_wanted, panel.list.shown)
    )
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=panel.list.button_rect(1, Button.MORE).center())
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=panel.list.button_rect(1, Button.LESS).center())
    assert (more, less, shown) == ([(items[1],)], [(items[1],)], [])
    panel.list.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Plus)
    QTest.keyClick(panel.list, Qt.Key.Key_Minus)
    assert (more[1:], less[1:]) == ([(items[0],)], [(items[0],)])
    actions = {action.text(): action for action in panel.list.menu_for(items[3]).actions()}
    actions["Less like this"].trigger()
    assert less[-1] == (items[3],)


def test_what_is_selected_stays_when_more_is_found(panel: SearchPanel) -> None:
    items = _show(panel)
    panel.list.select(items[3].key)
    panel.show_hits([_items(8)[7], *items], ("6 shots",), is_new=False, has_steps=True)
    assert panel.list.current_item == items[3]
    panel.show_hits(items[:2], ("2 shots",), is_new=False, has_steps=True)
    assert panel.list.current_item is None


def test_pictures_are_asked_for_once_and_only_where_they_are_seen(
    panel: SearchPanel, qtbot: QtBot, plain_image: MakeImage
) -> None:
    wanted = emitted(panel.list.picture_wanted)
    items = _show(panel, _items(3000))
    qtbot.waitUntil(lambda: bool(wanted))
    assert len(wanted) < 12
    assert wanted[-1] == (items[0],)  # the newest wish is served first
    panel.list.set_picture(items[0].key, plain_image("#3366cc"))
    at = panel.list.viewport().mapTo(panel, _row(panel, 0))
    assert panel.grab().toImage().pixelColor(at).name() == "#3366cc"
    panel.list.verticalScrollBar().setValue(panel.list.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: (items[-1],) in wanted)
    assert len(wanted) < 24


def test_the_bar_is_as_long_as_the_hit_sticks_out(panel: SearchPanel) -> None:
    def lit(strength: float) -> int:
        item = HitItem("one", 7, 0, 90, "Shot 1", "", "01:00:00:07", 0.3, strength)
        _show(panel, [item])
        image = panel.list.viewport().grab().toImage()
        return max(
            sum(image.pixelColor(x, y).name() == palette.INFO for x in range(image.width()))
            for y in range(picture_rect(panel.list.visualRect(panel.list.model().index(0, 0))).bottom())
        )

    whole = lit(1.0)
    assert abs(lit(0.5) - whole / 2) <= 2
    assert lit(0.0) < 8


def test_chips_wrap_and_can_be_taken_away_one_by_one(panel: SearchPanel, plain_image: MakeImage) -> None:
    removed = emitted(panel.head.chips.removed)
    chips = (
        Chip(0, "“a dog on the beach”"),
        Chip(3, "like 01:00:12:03", image=plain_image("#aa2222")),
        Chip(4, "01:04:02:11", is_unwanted=True),
    )
    panel.set_chips(chips)
    QApplication.processEvents()
    third = panel.head.chips.remove_button(4)
    assert _top(panel, third) > _top(panel, panel.head.chips.remove_button(0))
    panel.resize(620, 600)
    QApplication.processEvents()
    assert _top(panel, third) == _top(panel, panel.head.chips.remove_button(0))
    button = panel.head.chips.remove_button(4)
    assert button.accessibleName() == "Take “less like 01:04:02:11” away"
    QTest.mouseClick(button, LEFT)
    assert removed == [(4,)]
    panel.set_chips(())
    assert panel.head.chips.isHidden()


def _top(panel: SearchPanel, button: QToolButton) -> int:
    return button.mapTo(panel, QPoint()).y()


def _visible_px(panel: SearchPanel, button: QToolButton) -> int:
    return button.visibleRegion().boundingRect().height()


@pytest.mark.parametrize("height", [300, 600])
def test_many_chips_ask_for_no_more_room_and_the_newest_is_seen_whole(
    panel: SearchPanel, qtbot: QtBot, height: int
) -> None:
    panel.say("A notice of many words, which is no more to be seen. " * 8)
    _show(panel)
    panel.set_advice(("CLIP finds far better",), "Networks…")
    least = panel.minimumSizeHint()
    panel.resize(320, height)
    panel.set_chips([Chip(at, f"like 01:00:{at:02}:00") for at in range(12)])
    newest, oldest = (panel.head.chips.remove_button(at) for at in (11, 0))
    qtbot.waitUntil(lambda: _visible_px(panel, newest) == newest.height())
    assert panel.minimumSizeHint() == least
    assert panel.height() == height
    assert panel.list.viewport().height() >= 80  # a hit and more
    oldest.setFocus(Qt.FocusReason.TabFocusReason)
    panel.head.chips.ensureWidgetVisible(oldest)
    assert _visible_px(panel, oldest) == oldest.height()


def test_a_long_name_gives_way_to_the_timecode_of_a_chip(panel: SearchPanel) -> None:
    panel.resize(280, 600)
    panel.set_chips([Chip(1, "like a_rather_long_name_of_a_film_1920x1080.mp4 01:02:03:04")])
    QApplication.processEvents()
    (label,) = (each for each in panel.head.chips.findChildren(QLabel) if each.text())
    assert label.text().endswith("01:02:03:04")
    assert "…" in label.text()


def test_advice_is_one_line_and_can_be_declined_once_for_all(panel: SearchPanel) -> None:
    texts = (
        "Words are matched by the names of 1,000 kinds of things; CLIP finds far better",
        "CLIP finds better",
    )
    networks = emitted(panel.networks_wanted)
    panel.resize(320, 600)
    panel.set_advice(texts, "Networks…")
    QApplication.processEvents()
    assert panel.advice == texts[1]
    QTest.mouseClick(panel.link_button, LEFT)
    assert len(networks) == 1
    QTest.mouseClick(panel.decline_button, LEFT)
    assert panel.advice == ""
    panel.set_advice(texts, "Networks…")
    assert panel.advice == ""


def test_the_selection_stays_with_the_shot_whose_best_frame_is_another_now(panel: SearchPanel) -> None:
    items = _show(panel)
    panel.list.select(items[3].key)
    changed = [replace(item, frame=item.frame + 5, end_frame=item.end_frame - 10) for item in items]
    panel.show_hits(changed, ("5 shots",), is_new=False, has_steps=True)
    assert panel.list.current_item == changed[3]


def test_a_hit_of_another_film_says_how_it_is_opened(panel: SearchPanel) -> None:
    own, other = (
        replace(_items()[0], film_name="one.mp4"),
        replace(_items()[1], film="two", film_name="two.mp4", is_elsewhere=True),
    )
    _show(panel, [own, other])

    def tip(row: int) -> str:
        at = _row(panel, row)
        where = panel.list.viewport().mapToGlobal(at)
        QApplication.sendEvent(panel.list.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, where))
        return QToolTip.text()

    assert tip(0) == "one.mp4, Shot 1, 01:00:00:07, score .30"
    assert tip(1).endswith("Double click or Enter opens that film there")
    assert [panel.list.menu_for(item).actions()[0].text() for item in (own, other)] == [
        "Go there",
        "Open that film there",
    ]


def test_a_picture_on_the_clipboard_is_pasted_and_text_still_is(
    panel: SearchPanel, plain_image: MakeImage
) -> None:
    given = emitted(panel.picture_given)
    panel.take_keys()
    QGuiApplication.clipboard().setImage(plain_image("#22aa22"))
    QTest.keyClick(panel.head.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(given) == 1
    assert panel.head.field.text() == ""
    QGuiApplication.clipboard().setText("harbour")
    QTest.keyClick(panel.head.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (len(given), panel.head.field.text()) == (1, "harbour")


def test_a_picture_file_can_be_dropped_anywhere_and_a_film_is_left_to_the_window(panel: SearchPanel) -> None:
    given = emitted(panel.file_given)

    def drop(name: str) -> bool:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(name)])
        at, actions = QPoint(60, 300), Qt.DropAction.CopyAction
        enter = QDragEnterEvent(at, actions, data, LEFT, Qt.KeyboardModifier.NoModifier)
        enter.ignore()
        QApplication.sendEvent(panel, enter)
        if enter.isAccepted():
            event = QDropEvent(QPointF(at), actions, data, LEFT, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(panel, event)
        return enter.isAccepted()

    assert drop("/pictures/beach.JPG")
    assert given == [(Path("/pictures/beach.JPG"),)]
    assert not drop("/pictures/film.mov")
    assert len(given) == 1


def test_scope_network_and_steps_say_what_is_wanted(panel: SearchPanel) -> None:
    scopes, chosen = emitted(panel.head.scope_changed), emitted(panel.head.encoder_chosen)
    nexts, cleared = emitted(panel.next_wanted), emitted(panel.cleared)
    QTest.mouseClick(panel.head.all_button, LEFT)
    assert scopes == [(True,)]
    panel.head.set_encoders((("clip", "CLIP", ""), ("label-vectors", "Class names", "")), "clip", "CLIP")
    panel.head.encoder_menu.actions()[2].trigger()
    assert chosen == [("label-vectors",)]
    panel.head.set_encoders((("plain", "Plain", "knows no words"),), "plain", "CLIP")
    plain = panel.head.encoder_menu.actions()[1]
    assert (plain.text(), plain.isEnabled(), plain.isChecked()) == ("Plain (knows no words)", False, True)
    _show(panel)
    QTest.mouseClick(panel.next_button, LEFT)
    QTest.mouseClick(panel.clear_button, LEFT)
    assert (len(nexts), len(cleared)) == (1, 1)


def test_states_are_told_and_can_be_left(panel: SearchPanel) -> None:
    networks, cancelled, resumed = (
        emitted(signal) for signal in (panel.networks_wanted, panel.cancel_wanted, panel.resume_wanted)
    )
    panel.say("No network that knows words is installed.", button="Networks…")
    QTest.mouseClick(panel.notice.button, LEFT)
    assert len(networks) == 1
    panel.tell_searching()
    assert panel.notice.text == "Searching…"
    _show(panel)
    panel.tell_searching()
    assert panel.is_shown  # what was found stays until there is something new
    panel.set_working(("Looking at 120 of 900 frames", "120 of 900"), 120 / 900)
    assert panel.doing == "Looking at 120 of 900 frames"
    QTest.mouseClick(panel.cancel_button, LEFT)
    panel.set_working(("Looked at 120 of 900 frames",), is_stopped=True)
    QTest.mouseClick(panel.resume_button, LEFT)
    assert (len(cancelled), len(resumed)) == (1, 1)
    panel.set_working(())
    assert panel.doing == ""
    panel.set_advice(("CLIP finds far better",), "Networks…")
    assert "CLIP" in panel.advice


@pytest.mark.parametrize("width", [280, 320, 440])
def test_no_words_are_cut_off(panel: SearchPanel, width: int) -> None:
    panel.head.set_encoders((), "", "CLIP ViT-B/32")
    _show(panel)
    panel.set_working(("Looking at 1,120 of 12,900 frames", "1,120 of 12,900"), 0.1)
    panel.resize(width, 600)
    QApplication.processEvents()
    for button in (panel.head.this_button, panel.head.all_button, panel.clear_button, panel.cancel_button):
        assert button.width() >= button.sizeHint().width() - 1
        assert button.mapTo(panel, QPoint(button.width(), 0)).x() <= width


def test_the_arrows_change_between_this_film_and_all(panel: SearchPanel) -> None:
    head, scopes = panel.head, emitted(panel.head.scope_changed)
    head.this_button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(head.this_button, Qt.Key.Key_Right)
    assert scopes == [(True,)]
    assert head.all_button.hasFocus()
