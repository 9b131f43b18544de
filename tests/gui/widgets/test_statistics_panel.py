"""The statistics under real keys and mouse buttons, what they say, and how quickly."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from timeline_hands import emitted

from seamline.project.label_statistics import UNLABELLED, UNSURE
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.types import Project, Seam
from seamline_resources import palette
from seamline_resources.label_looks import MOVEMENT_LOOKS, SCALE_LOOKS
from seamline_widgets.shot_labels import LABEL_KINDS, LabelKind
from seamline_widgets.shot_labels import UNLABELLED as LISTS_UNLABELLED
from seamline_widgets.statistics_facts import (
    FilmStatistics,
    published_sentence,
    seconds_text,
    share_sentence,
    time_text,
)
from seamline_widgets.statistics_panel import EMPTY_HINT, UNLABELLED_HINT, StatisticsPanel

LEFT = Qt.MouseButton.LeftButton
MakeProject = Callable[..., Project]


@pytest.fixture
def film(make_project: MakeProject) -> Project:
    """A thousand frames: 500 of a medium shot that is static, 250 of an unsure scale that pans, 250 not looked at."""
    project = make_project(1000, (Seam(499, 500), Seam(749, 750)))
    return project.with_labels(
        [
            ShotLabels(0, 500, Label(ShotScale.MS, 0.9), Label(Movement.STATIC, 0.8)),
            ShotLabels(500, 750, Label(None, 0.2), Label(Movement.PAN_LEFT, 0.7)),
        ]
    )


@pytest.fixture
def panel(qtbot: QtBot, film: Project) -> StatisticsPanel:
    widget = StatisticsPanel()
    qtbot.addWidget(widget)
    widget.resize(440, 800)
    widget.set_project(film)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def image_of(panel: StatisticsPanel) -> QImage:
    return panel.strips.grab().toImage()


def strip_colour(panel: StatisticsPanel, kind: LabelKind, frame: int) -> str:
    at = panel.strips.strip_rect(kind).center()
    return image_of(panel).pixelColor(int(panel.strips.x_of(frame)), at.y()).name()


def test_it_says_in_a_sentence_why_there_is_nothing(qtbot: QtBot, make_project: MakeProject) -> None:
    panel = StatisticsPanel()
    qtbot.addWidget(panel)
    panel.show()
    assert panel.hint == EMPTY_HINT
    panel.set_project(make_project(100, (Seam(49, 50),)))
    assert panel.hint == UNLABELLED_HINT
    assert panel.rows["scale", "MS"].isHidden() or not panel.rows["scale", "MS"].isVisible()
    panel.set_project(None)
    assert panel.hint == EMPTY_HINT


def test_the_facts_and_the_shares_are_the_films(panel: StatisticsPanel) -> None:
    assert panel.hint == ""
    texts = {label.text() for label in panel.findChildren(QLabel)}
    assert {"3", "13.3 s", "10.0 s"} <= texts
    rows = panel.rows
    assert rows["scale", "MS"].accessibleName() == "Medium shot (scale)"
    assert rows["scale", "MS"].accessibleDescription() == "1 shot, 50\u2009% of the time, 20.0 s each"
    assert rows["scale", UNSURE].accessibleDescription() == "1 shot, 25\u2009% of the time, 10.0 s each"
    assert rows["movement", "static"].accessibleDescription() == "1 shot, 50\u2009% of the time, 20.0 s each"
    assert rows["movement", UNLABELLED].isVisible()
    assert not rows["movement", UNSURE].isVisible(), "nothing is unsure of the movement"
    said = "In MovieShots' four classes: static 50 %, motion 25 %, push 0 %, pull 0 %."
    assert said.replace(" %", "\u2009%") in texts
    assert {"Labelled: 50\u2009% of the film", "Labelled: 75\u2009% of the film"} <= texts
    assert panel.numbers is not None
    for kind in LABEL_KINDS:
        assert sum(share.percent_of_time for share in panel.numbers.kind(kind).shares) == 100


def test_the_lists_words_for_no_label_are_ours() -> None:
    assert LISTS_UNLABELLED == UNLABELLED


def test_bars_have_the_colours_of_their_classes_and_lengths_of_their_shares(panel: StatisticsPanel) -> None:
    def length(row: object, colour: str) -> int:
        image = row.grab().toImage()  # type: ignore[attr-defined]
        y = image.height() // 2
        wanted = QColor(colour)
        return [image.pixelColor(x, y) for x in range(60, image.width())].count(wanted)

    def room(row: object) -> int:
        return length(row, palette.SUNKEN)

    static = length(panel.rows["movement", "static"], MOVEMENT_LOOKS["static"].colour)
    left = length(panel.rows["movement", "pan-left"], MOVEMENT_LOOKS["pan-left"].colour)
    assert static > 30
    assert left == pytest.approx(static / 2, abs=3)
    assert static == pytest.approx(room(panel.rows["movement", "roll"]) / 2, abs=3), "half of the time"
    unsure = length(panel.rows["scale", UNSURE], palette.OUTLINE)
    assert unsure == pytest.approx(left, abs=4), "of the same scale as the classes"
    assert length(panel.rows["movement", "roll"], MOVEMENT_LOOKS["roll"].colour) == 0


def test_strips_show_where_each_class_is(panel: StatisticsPanel) -> None:
    assert strip_colour(panel, "scale", 200) == SCALE_LOOKS["MS"].colour
    assert strip_colour(panel, "scale", 600) == palette.OUTLINE
    assert strip_colour(panel, "scale", 900) == palette.SUNKEN
    assert strip_colour(panel, "movement", 600) == MOVEMENT_LOOKS["pan-left"].colour


def test_the_playhead_is_drawn_where_it_stands(qtbot: QtBot, panel: StatisticsPanel) -> None:
    panel.set_playhead(300)
    assert strip_colour(panel, "scale", 300) != SCALE_LOOKS["MS"].colour
    panel.set_playhead(900)
    assert strip_colour(panel, "scale", 300) == SCALE_LOOKS["MS"].colour
    qtbot.waitUntil(lambda: panel.strips.accessibleDescription().startswith("01:00:36:00: shot 3, 10.0 s."))
    assert panel.strips.words_at(600) == "01:00:24:00: shot 2, 10.0 s; scale unsure; pan left"


def test_a_press_and_a_drag_on_the_strips_go_there(panel: StatisticsPanel) -> None:
    said = emitted(panel.frame_wanted)
    y = panel.strips.strip_rect("scale").center().y()
    QTest.mousePress(panel.strips, LEFT, pos=QPoint(int(panel.strips.x_of(250)), y))
    QTest.mouseMove(panel.strips, QPoint(int(panel.strips.x_of(750)), y))
    QTest.mouseRelease(panel.strips, LEFT, pos=QPoint(-50, y))
    frames = [frame for (frame,) in said]
    assert frames[0] == pytest.approx(250, abs=4)
    assert frames[-1] == pytest.approx(750, abs=4)
    QTest.mouseClick(panel.strips, LEFT, pos=QPoint(panel.strips.width() - 2, y))
    assert said[-1] == (999,)
    QTest.mouseClick(panel.strips, LEFT, pos=QPoint(2, y))
    assert said[-1] == (0,)


def test_keys_go_from_change_to_change(panel: StatisticsPanel) -> None:
    said = emitted(panel.frame_wanted)
    panel.frame_wanted.connect(panel.set_playhead)
    for key in (
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Left,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    ):
        QTest.keyClick(panel.strips, key)
    assert [frame for (frame,) in said] == [500, 750, 999, 750, 0, 999]


def test_keys_never_get_stuck(
    qtbot: QtBot, panel: StatisticsPanel, make_project: MakeProject, film: Project
) -> None:
    """Whether frames are shown at once, later or never, and wherever the playhead was put meanwhile."""
    said = emitted(panel.frame_wanted)
    for _ in range(3):  # nobody shows what is asked for yet
        QTest.keyClick(panel.strips, Qt.Key.Key_Right)
    for _ in range(3):
        QTest.keyClick(panel.strips, Qt.Key.Key_Left)
    assert [frame for (frame,) in said] == [500, 750, 999, 750, 500, 0]
    said.clear()
    panel.set_playhead(600)
    QTest.keyClick(panel.strips, Qt.Key.Key_Right)
    panel.set_playhead(600)
    QTest.keyClick(panel.strips, Qt.Key.Key_Left)
    assert [frame for (frame,) in said] == [750, 500]
    said.clear()
    panel.set_project(make_project(1000, (Seam(99, 100), Seam(299, 300)), "without labels"))
    panel.set_playhead(0)
    for _ in range(4):
        QTest.keyClick(panel.strips, Qt.Key.Key_Right)
    assert [frame for (frame,) in said] == [100, 300, 999, 999], "from shot to shot"


def test_the_playhead_moves_cheaply(panel: StatisticsPanel, qtbot: QtBot) -> None:
    painted = PaintedWidths()
    panel.installEventFilter(painted)
    panel.strips.installEventFilter(painted)
    panel.set_playhead(500)
    panel.set_playhead(510)
    qtbot.waitUntil(lambda: bool(painted.widths))
    painted.widths.clear()
    panel.set_playhead(520)
    qtbot.waitUntil(lambda: bool(painted.widths))
    assert max(painted.widths) < 20, "the line's old and new place"
    painted.widths.clear()
    panel.set_playhead(520)
    qtbot.wait(300)  # what is read out has followed
    assert painted.widths == []


class PaintedWidths(QObject):
    """How wide the places are that the watched widgets painted anew."""

    def __init__(self) -> None:
        super().__init__()
        self.widths: list[int] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.widths.append(event.rect().width())
        return super().eventFilter(watched, event)


def test_a_film_analysed_in_part_says_so_far(panel: StatisticsPanel, film: Project) -> None:
    part = replace(film, analysed_frames=600)
    panel.set_project(make_other(part))
    texts = {label.text() for label in panel.findChildren(QLabel) if label.isVisible()}
    assert "So far, 60\u2009% of the film: its finished shots are counted." in texts
    assert {"1", "20.0 s", "Labelled: 100\u2009% so far"} <= texts
    assert not panel.rows["scale", UNSURE].isVisible(), "the open shot is not counted"
    assert strip_colour(panel, "scale", 200) == SCALE_LOOKS["MS"].colour
    assert palette.LINE in {strip_colour(panel, "scale", frame) for frame in range(560, 940, 3)}, "hatched"
    assert panel.strips.words_at(600) == "01:00:24:00: not finished yet"
    said = emitted(panel.frame_wanted)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(panel.strips, key)
    assert [frame for (frame,) in said] == [500, 999, 500, 0]


def test_where_no_shot_is_finished_there_are_dashes(panel: StatisticsPanel, film: Project) -> None:
    panel.set_project(make_other(replace(film, analysed_frames=10)))
    texts = {label.text() for label in panel.findChildren(QLabel) if label.isVisible()}
    assert {"0", "–", "So far, 1\u2009% of the film: no shot is finished yet."} <= texts
    assert panel.hint == UNLABELLED_HINT
    assert panel.strips.words_at(0) == "01:00:00:00: not finished yet"
    QTest.keyClick(panel.strips, Qt.Key.Key_Right)


def make_other(project: Project) -> Project:
    """The same of another film, which the panel shows at once."""
    return replace(project, film=replace(project.film, fingerprint="other"))


def test_a_row_asks_for_its_shots_by_mouse_and_keys(panel: StatisticsPanel) -> None:
    said = emitted(panel.filter_wanted)
    QTest.mouseClick(panel.rows["scale", "MS"], LEFT)
    panel.rows["movement", "static"].setFocus()
    QTest.keyClick(panel.rows["movement", "static"], Qt.Key.Key_Space)
    QTest.keyClick(panel.rows["movement", "static"], Qt.Key.Key_Down)
    assert panel.rows["movement", "pan-left"].hasFocus()
    QTest.keyClick(panel.rows["movement", "pan-left"], Qt.Key.Key_Return)
    QTest.keyClick(panel.rows["movement", "pan-left"], Qt.Key.Key_Up)
    assert panel.rows["movement", "static"].hasFocus()
    QTest.mouseClick(panel.rows["scale", UNSURE], LEFT)
    QTest.mouseClick(panel.rows["scale", UNLABELLED], LEFT)
    QTest.mouseClick(panel.rows["scale", "ECS"], LEFT)  # of which there is none
    assert said == [
        ("scale", "MS"),
        ("movement", "static"),
        ("movement", "pan-left"),
        ("scale", "unsure"),
        ("scale", "unlabelled"),
    ]


def test_it_reckons_while_it_is_seen_and_not_for_every_step(
    qtbot: QtBot, film: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    reckoned: list[Project] = []
    reckon = FilmStatistics.of

    def counted(project: Project) -> FilmStatistics:
        reckoned.append(project)
        return reckon(project)

    monkeypatch.setattr(FilmStatistics, "of", counted)
    panel = StatisticsPanel()
    qtbot.addWidget(panel)
    panel.set_project(film)
    panel.set_project(replace(film, reel="A"))
    assert reckoned == []
    panel.show()
    assert len(reckoned) == 1
    for n in range(20):
        last = replace(film, reel=str(n))
        panel.set_project(last)
    assert len(reckoned) == 1
    qtbot.waitUntil(lambda: len(reckoned) == 2)
    assert reckoned[-1] is last
    panel.hide()
    panel.set_project(replace(film, reel="B"))
    panel.show()
    assert len(reckoned) == 3


def test_a_step_that_comes_before_the_panel_is_hidden_is_shown_when_it_is_back(
    qtbot: QtBot, panel: StatisticsPanel, film: Project
) -> None:
    panel.set_project(film.with_labels([]))
    panel.hide()
    qtbot.wait(250)
    panel.show()
    assert panel.hint == UNLABELLED_HINT


@pytest.mark.parametrize("width", [330, 440, 700])
def test_nothing_is_wider_than_the_panel(panel: StatisticsPanel, width: int) -> None:
    panel.resize(width, 800)
    assert panel.width() == width
    for row in panel.rows.values():
        if row.isVisible():
            assert row.mapTo(panel, QPoint(row.width(), 0)).x() <= width
    # the name ends before the bar
    row = panel.rows["scale", "ECS"]
    image = row.grab().toImage()
    bar = row.fontMetrics().horizontalAdvance("Extreme close shot") + 12 + 32 + 8
    ground = image.pixelColor(image.width() - 1, 0)
    assert all(image.pixelColor(bar + 6, y) == ground for y in range(image.height()))


def test_words() -> None:
    assert [seconds_text(s) for s in (0.04, 3.25, 59.94, 59.96, 125)] == [
        "0.0 s",
        "3.2 s",
        "59.9 s",
        "1:00 min",
        "2:05 min",
    ]
    assert seconds_text(None) == "–"
    said = [time_text(percents, is_any=is_any) for percents, is_any in ((0, False), (0, True), (50, True))]
    assert said == ["0\u2009%", "<1\u2009%", "50\u2009%"]


def test_words_of_what_is_not_there(make_project: MakeProject) -> None:
    numbers = FilmStatistics.of(make_project(100))
    assert published_sentence(numbers.labels) == ""
    assert share_sentence(numbers.labels.scale.of("MS")) == "no shot"


@pytest.mark.timed
def test_three_thousand_shots_are_reckoned_and_drawn_quickly(
    panel: StatisticsPanel, make_project: MakeProject
) -> None:
    project = make_project(72_000, [Seam(n - 1, n) for n in range(24, 72_000, 24)])
    scales, movements = list(ShotScale), list(Movement)
    project = project.with_labels(
        ShotLabels(shot.start_frame, shot.end_frame, Label(scales[n % 5]), Label(movements[n % 10]))
        for n, shot in enumerate(project.shots)
    )
    panel.set_project(project)
    took_s = []
    for n in range(5):
        other = replace(project, reel=str(n))
        assert len(other.shots) == 3000  # what every view needs is not reckoned here
        start = time.perf_counter()
        FilmStatistics.of(other)
        took_s.append(time.perf_counter() - start)
    assert statistics.median(took_s) < 0.2  # some 9 ms; the machine may be busy
