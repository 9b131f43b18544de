"""The review of a seam under real mouse buttons and keys, and what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot
from reviewed_seams import CUT, DISSOLVE, MINE, QUESTION, shown_panel, timecode
from timeline_hands import emitted

from seamline.project.types import Origin, Seam
from seamline_resources import palette
from seamline_widgets.actions import make_actions
from seamline_widgets.review_facts import BUTTON_IDS
from seamline_widgets.review_layout import arranged
from seamline_widgets.review_panel import SeamReviewPanel
from seamline_widgets.review_seam import ReviewedSeam
from seamline_widgets.review_stills import PATIENCE_MS

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot) -> SeamReviewPanel:
    return shown_panel(qtbot)


@pytest.fixture
def fed(panel: SeamReviewPanel, plain_image: Callable[..., QImage]) -> Iterator[SeamReviewPanel]:
    """The panel, given a picture at once whenever it wants one; even frames are green, odd ones blue."""

    def give(frames: tuple[int, ...]) -> None:
        for frame in frames:
            panel.set_picture(frame, plain_image("#205020" if frame % 2 == 0 else "#202060"))

    panel.pictures_wanted.connect(give)
    yield panel
    panel.pictures_wanted.disconnect(give)


def _captions(panel: SeamReviewPanel) -> list[tuple[int | None, str]]:
    return [(still.caption.frame, still.caption.title) for still in panel.stills.stills]


def _picture_colours(panel: SeamReviewPanel) -> list[str]:
    shown = []
    for still in panel.stills.stills:
        at = still.picture_rect().center()
        shown.append(still.grab().toImage().pixelColor(at).name())
    return shown


def _is_waiting(panel: SeamReviewPanel) -> bool:
    """Whether a picture is said to be on its way."""
    return any("on its way" in still.accessibleDescription() for still in panel.stills.stills)


# -- pictures


def test_a_cut_is_its_last_frame_out_first_frame_in_and_the_next(panel: SeamReviewPanel) -> None:
    wanted = emitted(panel.pictures_wanted)
    panel.show_seam(CUT)
    assert _captions(panel) == [(99, "Last frame out"), (100, "First frame in"), (101, "Next frame in")]
    assert [still.caption.timecode for still in panel.stills.stills] == [
        "01:00:03:24",
        "01:00:04:00",
        "01:00:04:01",
    ]
    assert wanted == [((99, 100, 101),)]


def test_a_dissolve_is_its_start_middle_and_stop(panel: SeamReviewPanel) -> None:
    panel.show_seam(DISSOLVE)
    assert _captions(panel) == [(199, "Start"), (206, "Middle"), (212, "Stop")]


def test_behind_the_films_end_there_is_no_picture(fed: SeamReviewPanel) -> None:
    wanted = emitted(fed.pictures_wanted)
    fed.show_seam(ReviewedSeam(Seam(998, 999)))
    assert wanted == [((998, 999),)]
    assert [frame for frame, _ in _captions(fed)] == [998, 999, None]
    assert fed.stills.stills[2].image is None
    corner = fed.stills.stills[2].picture_rect().topLeft() + QPoint(4, 4)
    assert fed.stills.stills[2].grab().toImage().pixelColor(corner).name() == palette.PICTURE_SURROUND
    assert not _is_waiting(fed)


def test_pictures_appear_together_over_what_was_there_before(
    fed: SeamReviewPanel, plain_image: Callable[..., QImage], qtbot: QtBot
) -> None:
    fed.show_seam(CUT)
    assert _picture_colours(fed) == ["#202060", "#205020", "#202060"]
    fed.pictures_wanted.disconnect()
    fed.pictures_wanted.connect(lambda frames: None)  # for the fixture, which disconnects too
    fed.show_seam(QUESTION)
    old = _picture_colours(fed)
    assert all(QColor(colour).lightness() < 60 for colour in old)
    assert old != ["#202060", "#205020", "#202060"]  # dimmed: they are of the seam before
    fed.set_picture(299, plain_image("#ff0000"))
    fed.set_picture(300, plain_image("#ff0000"))
    assert _picture_colours(fed) == old
    fed.set_picture(301, plain_image("#ff0000"))
    assert _picture_colours(fed) == ["#ff0000"] * 3


def test_after_a_while_what_is_there_is_shown_and_nothing_of_the_seam_before(
    panel: SeamReviewPanel, plain_image: Callable[..., QImage], qtbot: QtBot
) -> None:
    panel.show_seam(CUT)
    for frame in (99, 100, 101):
        panel.set_picture(frame, plain_image("#00ff00"))
    panel.show_seam(QUESTION)
    panel.set_picture(300, plain_image("#ff0000"))
    assert _picture_colours(panel)[1] not in ("#ff0000", "#00ff00")  # dimmed
    qtbot.waitUntil(lambda: panel.stills.stills[0].image is None, timeout=PATIENCE_MS + 1000)
    assert [still.image is None for still in panel.stills.stills] == [True, False, True]
    assert _picture_colours(panel)[1] == "#ff0000"
    panel.set_picture(299, plain_image("#0000ff"))
    assert _picture_colours(panel)[0] == "#0000ff"
    panel.set_picture(99, plain_image("#00ff00"))  # late, of the seam before
    assert panel.stills.stills[2].image is None


def test_a_better_picture_takes_the_place_of_the_first(
    fed: SeamReviewPanel, plain_image: Callable[..., QImage]
) -> None:
    fed.show_seam(CUT)
    fed.set_picture(100, plain_image("#ffffff"))
    assert _picture_colours(fed) == ["#202060", "#ffffff", "#202060"]


def test_a_nudged_seam_keeps_the_pictures_that_it_has(
    fed: SeamReviewPanel, plain_image: Callable[..., QImage]
) -> None:
    fed.show_seam(CUT)
    wanted = emitted(fed.pictures_wanted)
    fed.show_seam(CUT.moved(100, 101))
    assert wanted == [((100, 101, 102),)]
    assert _picture_colours(fed) == ["#205020", "#202060", "#205020"]


def test_what_cannot_be_read_is_said_to_be(panel: SeamReviewPanel) -> None:
    panel.show_seam(CUT)
    for frame in (99, 100, 101):
        panel.set_picture(frame, QImage())
    assert not _is_waiting(panel)
    assert all(still.image is not None and still.image.isNull() for still in panel.stills.stills)


def test_the_same_seam_again_asks_for_nothing(panel: SeamReviewPanel) -> None:
    panel.show_seam(CUT)
    wanted = emitted(panel.pictures_wanted)
    panel.show_seam(ReviewedSeam(Seam(99, 100, origin=Origin.USER, id="a-99-100"), False, 40, 180))
    assert wanted == []
    assert panel.facts.state.text() == "Confirmed"


def test_a_panel_out_of_sight_asks_when_it_is_shown(panel: SeamReviewPanel, qtbot: QtBot) -> None:
    panel.hide()
    wanted = emitted(panel.pictures_wanted)
    panel.show_seam(CUT)
    assert wanted == []
    with qtbot.waitExposed(panel):
        panel.show()
    assert wanted == [((99, 100, 101),)]


def test_another_size_asks_again_when_it_has_settled(panel: SeamReviewPanel, qtbot: QtBot) -> None:
    panel.show_seam(CUT)
    before = panel.picture_limit
    wanted = emitted(panel.pictures_wanted)
    for height in (220, 240, 260):
        panel.resize(1900, height)
    qtbot.waitUntil(lambda: wanted == [((99, 100, 101),)])
    assert panel.picture_limit > before


def test_a_click_on_a_picture_wants_its_frame(fed: SeamReviewPanel) -> None:
    fed.show_seam(CUT)
    frames = emitted(fed.frame_wanted)
    for still in fed.stills.stills:
        QTest.mouseClick(still, LEFT, pos=still.picture_rect().center())
    assert frames == [(99,), (100,), (101,)]


def test_the_picture_at_the_playhead_is_marked(fed: SeamReviewPanel) -> None:
    fed.show_seam(CUT)
    fed.set_playhead(100)

    def is_marked(at: int) -> bool:
        still = fed.stills.stills[at]
        box = still.picture_rect()
        return bool(
            still.grab().toImage().pixelColor(box.center().x(), box.bottom() + 1).name() == palette.ACCENT
        )

    assert [is_marked(at) for at in range(3)] == [False, True, False]
    fed.set_playhead(500)
    assert not is_marked(1)


# -- words and buttons


@pytest.mark.parametrize(
    ("subject", "kind", "state"),
    [
        (CUT, "Cut  ·  42\u2009%", "Proposed"),
        (DISSOLVE, "Dissolve  ·  70\u2009%", "Proposed"),
        (QUESTION, "Perhaps a cut  ·  30\u2009%", ""),
        (MINE, "Cut", "Yours"),
        (
            ReviewedSeam(Seam(9, 10, origin=Origin.USER, confidence=0.9, id="a-9-10")),
            "Cut  ·  90\u2009%",
            "Confirmed",
        ),
    ],
)
def test_what_is_known_is_said(panel: SeamReviewPanel, subject: ReviewedSeam, kind: str, state: str) -> None:
    panel.show_seam(subject)
    assert (panel.facts.kind.text(), panel.facts.state.text()) == (kind, state)
    panel.resize(1360, 400)
    if subject is DISSOLVE:
        assert panel.facts.kind.text() == "Dissolve  ·  12 frames  ·  70\u2009%"


def test_buttons_trigger_the_windows_actions_and_follow_them(panel: SeamReviewPanel, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions: dict[str, QAction] = make_actions(window)
    panel.set_actions(actions)
    triggered: list[str] = []
    for action_id in BUTTON_IDS:
        actions[action_id].triggered.connect(lambda _=False, name=action_id: triggered.append(name))
        QTest.mouseClick(panel.button(action_id), LEFT)
        assert panel.button(action_id).toolTip() == actions[action_id].toolTip()
        assert panel.button(action_id).accessibleName()
    assert triggered == list(BUTTON_IDS)
    actions["confirm_seam"].setEnabled(False)
    assert not panel.button("confirm_seam").isEnabled()


def test_the_progress_says_what_is_done_and_what_is_left(panel: SeamReviewPanel) -> None:
    facts = panel.facts
    panel.set_progress(41, 212, 12)
    assert facts.progress.toolTip() == "Reviewed 41 of 212 – 171 left, 12 doubtful"
    assert (facts.progress.text(), facts.left.text()) == ("Reviewed 41 of 212", "171 left, 12 doubtful")
    assert (facts.bar.value(), facts.bar.maximum()) == (41, 212)
    panel.set_progress(212, 212, 0)
    assert facts.progress.text() == "All reviewed – 212 seams"
    panel.set_progress(3, 3, 1)
    assert "1 doubtful place left" in facts.progress.toolTip()
    panel.set_progress(0, 0, 0)
    assert facts.progress.text() == "No seams yet"


def test_without_a_seam_there_is_a_hint_and_nothing_else(panel: SeamReviewPanel) -> None:
    panel.show_seam(CUT)
    panel.show_nothing("Select a seam")
    assert panel.hint == "Select a seam"
    assert not panel.stills.isVisible()
    assert not panel.curve.isVisible()
    wanted = emitted(panel.pictures_wanted)
    panel.show_seam(CUT)
    assert panel.hint == ""
    assert panel.stills.isVisible()
    assert wanted == [((99, 100, 101),)]


# -- keys


@pytest.mark.parametrize("size", [QSize(1360, 190), QSize(1360, 120), QSize(520, 120)])
def test_left_and_right_go_through_the_buttons(qtbot: QtBot, size: QSize) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    panel = SeamReviewPanel()
    window.setCentralWidget(panel)
    window.resize(size)
    actions = make_actions(window)
    panel.set_actions(actions)
    stepped = QSignalSpy(actions["step_forward"].triggered)
    actions["delete_seam"].setEnabled(False)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    panel.button("next_doubtful").setFocus(Qt.FocusReason.TabFocusReason)
    been = [_pressed(window, "Right") for _ in BUTTON_IDS[1:]]
    assert sorted(been) == sorted(set(BUTTON_IDS) - {"delete_seam"})
    assert been[-1] == "next_doubtful"
    assert _pressed(window, "Left") == been[-2]
    assert stepped.count() == 0
    asked = QSignalSpy(actions["next_doubtful"].triggered)
    assert _pressed(window, "Right") == "next_doubtful"
    _pressed(window, "Space")
    assert asked.count() == 1


def _pressed(window: QMainWindow, key: str) -> str:
    """The button that has the keyboard after that key."""
    QTest.keySequence(window.windowHandle(), key)
    button = QApplication.focusWidget()
    assert isinstance(button, QPushButton)
    return button.objectName()


# -- sizes

SIZES = [(520, 120), (520, 190), (700, 400), (920, 120), (920, 190), (1360, 190), (1900, 120), (1900, 400)]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("aspect", [4 / 3, 16 / 9, 2.39])
def test_nothing_overlaps_and_pictures_stay_useful(width: int, height: int, aspect: float) -> None:
    places = arranged(QSize(width, height), aspect)
    rects = [place for place in (places.stills, places.curve, places.facts) if place is not None]
    for at, rect in enumerate(rects):
        assert rect.left() >= 0
        assert rect.top() >= 0
        assert rect.right() < width
        assert rect.bottom() < height
        assert not any(rect.intersects(other) for other in rects[at + 1 :])
    size = places.picture_size(aspect)
    assert size.width() >= 90
    assert size.height() >= 44
    assert abs(size.width() / size.height() - aspect) < 0.05


@pytest.mark.parametrize("aspect", [9 / 16, 4 / 3, 16 / 9, 2.39])
def test_at_any_size_all_parts_are_inside_and_apart(aspect: float) -> None:
    for width in range(520, 1901, 20):
        for height in range(120, 401, 20):
            places = arranged(QSize(width, height), aspect)
            rects = [place for place in (places.stills, places.curve, places.facts) if place is not None]
            inside = QRect(0, 0, width, height)
            assert all(inside.contains(rect) for rect in rects), (width, height)
            assert not any(a.intersects(b) for at, a in enumerate(rects) for b in rects[at + 1 :])
            assert places.curve is None or (places.curve.width() >= 160 and places.curve.height() >= 60)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_text_is_cut_off(fed: SeamReviewPanel, width: int, height: int) -> None:
    fed.set_progress(1041, 2212, 112)
    fed.resize(width, height)
    for subject in (CUT, DISSOLVE, QUESTION, MINE):
        fed.show_seam(subject)
        facts = fed.facts
        for label in (facts.kind, facts.state, facts.progress, facts.left):
            if label.isVisible():
                assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
                assert label.fontMetrics().height() <= label.height()
        shown = [button.geometry() for button in facts.buttons.values()]
        assert all(facts.rect().contains(rect) for rect in shown)
        assert not any(a.intersects(b) for at, a in enumerate(shown) for b in shown[at + 1 :])


def test_the_pictures_have_one_size_and_the_films_shape(fed: SeamReviewPanel) -> None:
    fed.set_film(1000, 2.0, timecode)
    fed.show_seam(CUT)
    sizes = {(s.picture_rect().width(), s.picture_rect().height()) for s in fed.stills.stills}
    assert len(sizes) == 1
    width, height = sizes.pop()
    assert abs(width - 2 * height) <= 2
