"""How the panel of match cuts looks: its rows, their tool tips, and what is said of work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from match_rows import REASON, item_at, judged_as, show_pairs
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolTip
from pytestqt.qtbot import QtBot
from timeline_hands import emitted

from seamline.project.match_cuts import JudgedPair, Verdict
from seamline_resources import palette
from seamline_resources.match_looks import VERDICT_LOOKS
from seamline_widgets.match_layout import line_px
from seamline_widgets.match_panel import MatchPanel
from seamline_widgets.search_panel import SearchPanel
from seamline_widgets.shot_paint import shown_name

MakeImage = Callable[..., QImage]


@pytest.fixture
def panel(qtbot: QtBot) -> MatchPanel:
    widget = MatchPanel()
    qtbot.addWidget(widget)
    widget.resize(310, 700)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


def test_pictures_are_asked_for_once_from_the_best_down_and_shown(
    panel: MatchPanel, qtbot: QtBot, plain_image: MakeImage
) -> None:
    items = [item_at(at) for at in range(30)]
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
    panel.set_items([item_at(0)], "1")
    before = panel.list.viewport().grab().toImage()
    panel.set_items([judged_as(item_at(0), verdict)], "1")
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
    panel.set_items([item_at(0, note="a " * 200), item_at(1)], "2")
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


def test_a_note_takes_the_room_that_the_reason_leaves(panel: MatchPanel) -> None:
    panel.resize(460, 700)
    note = "Hold a beat on the door before the cut, and lose the second knock"
    panel.set_items([item_at(0, reason="Lines that run alike")], "1")
    before = panel.list.viewport().grab().toImage()
    panel.set_items([item_at(0, note=note, reason="Lines that run alike")], "1")
    after = panel.list.viewport().grab().toImage()
    words = panel.list.layout_of(0).words
    inked = {
        (y - words.top()) // line_px()
        for y in range(words.top(), words.bottom())
        if any(before.pixel(x, y) != after.pixel(x, y) for x in range(words.left(), words.right()))
    }
    assert len(inked) >= 3


def test_a_score_of_next_to_nothing_is_a_dash(panel: MatchPanel) -> None:
    weak, worth = (
        replace(item_at(0), judged=JudgedPair(replace(item_at(0).pair, score_01=score)))
        for score in (0.049, 0.05)
    )
    assert (weak.score_text, worth.score_text) == ("–", ".05")
    assert "score below .05" in weak.tip
    assert "score below .05" in weak.sentence


def test_a_list_that_is_in_view_whole_has_no_bar_to_take_hold_of(panel: MatchPanel) -> None:
    def handle() -> set[str]:
        bar = panel.list.verticalScrollBar()
        image = bar.grab().toImage()
        return {image.pixelColor(bar.width() // 2, y).name() for y in range(4, bar.height() - 4, 20)}

    show_pairs(panel, 20)
    panel.list.doItemsLayout()
    width = panel.list.viewport().width()
    assert palette.TEXT_DISABLED in handle()
    show_pairs(panel, 1)
    panel.list.doItemsLayout()
    assert handle() == {palette.SUNKEN}
    assert panel.list.viewport().width() == width  # rows stay as they are


@pytest.mark.parametrize("row", [0, 2])
def test_the_tool_tip_of_a_pair_leaves_that_pair_in_view(
    panel: MatchPanel, row: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    places: list[QPoint] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, *_: places.append(place))
    screen = panel.screen().availableGeometry()
    panel.move(screen.left(), screen.bottom() - panel.height())
    show_pairs(panel, 6)
    panel.list.doItemsLayout()
    rect = panel.list.layout_of(row).row
    at = rect.center() - QPoint(0, 5)
    QApplication.sendEvent(
        panel.list.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, panel.list.viewport().mapToGlobal(at))
    )
    top, bottom = (
        panel.list.viewport().mapToGlobal(point).y() for point in (rect.topLeft(), rect.bottomLeft())
    )
    (place,) = places
    # Qt shows it 16 pixels lower
    assert place.y() + 16 > bottom or place.y() + 16 + 5 * panel.fontMetrics().lineSpacing() <= top


@pytest.mark.parametrize("width", [280, 420])
def test_what_is_done_stays_whole_at_the_cost_of_the_name(panel: MatchPanel, width: int) -> None:
    name = "A very long film name with spaces and accents, the second reel of a long night.mov"
    text = f"Looking where shots of “{name}” meet"
    panel.resize(width, 700)
    panel.set_progress((f"{text}: 40 of 1,200", f"{text}…"), 40, 1200)
    QApplication.processEvents()
    shown = panel.progress.text
    assert shown.startswith("Looking where shots of “")
    assert "…" in shown
    assert "” meet" in shown or width < 300
    label = panel.progress._doing
    assert label.fontMetrics().horizontalAdvance(shown) <= label.width()


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
    item = item_at(1, Verdict.KEPT, "hold a beat")
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
    show_pairs(panel)
    panel.set_progress("Looking at shots", 1, 2)
    assert panel.minimumSizeHint().height() <= search.minimumSizeHint().height()
    panel.resize(280, panel.minimumSizeHint().height())
    assert panel.list.height() >= 1
