"""Labels of shots in the whole window: they come by themselves, are put right by keys and menus, and stay."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from seamline.analysis.motion_stage import MotionStage
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SIMILARITY
from seamline.analysis.stage import Stage
from seamline.project.edits import AddSeam, SeamSteps
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.types import Seam
from seamline_app.jobs.analysis_events import Labelled
from seamline_widgets.shot_model import Column
from seamline_widgets.timeline_rows import LABELS_PX

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

Asked = list[tuple[int, int]]


@pytest.fixture
def further_stages() -> Callable[..., tuple[Stage, ...]]:
    return lambda *_: (MotionStage(),)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The shots that were looked at, in turn. Those that begin at an odd frame are long shots, others are unsure."""
    looked_at: Asked = []

    def scale_of(signals: Signals, start: int, end: int) -> Label[ShotScale] | None:
        if signals.done_frames(SIMILARITY) < end:
            return None
        looked_at.append((start, end))
        return Label(ShotScale.LS, 0.7) if start % 2 else Label(None, 0.2)

    def movement_of(signals: Signals, start: int, end: int, rate: Fraction) -> Label[Movement] | None:
        return Label(Movement.STATIC, 0.9) if signals.done_frames(SIMILARITY) >= end else None

    monkeypatch.setattr("seamline.analysis.labels.scale_of", scale_of)
    monkeypatch.setattr("seamline.analysis.labels.movement_of", movement_of)
    return looked_at


def scales(hands: Hands) -> list[object]:
    """What the document says of each shot: a class, "?" where unsure, None where nothing is known."""
    document = hands.window.document
    assert document is not None
    said = [document.project.labels_of(shot).scale for shot in document.project.shots]
    return [scale if scale is None else scale.value or "?" for scale in said]


def movements(hands: Hands) -> list[object]:
    document = hands.window.document
    assert document is not None
    said = [document.project.labels_of(shot).movement for shot in document.project.shots]
    return [movement and movement.value for movement in said]


def on_timeline(hands: Hands, kind: str, frame: int) -> str:
    """The words of the label at that frame, "" where there is none."""
    labels = hands.window.timeline.sight().labels
    block = labels.of(kind).at(frame)
    return "" if block is None else block.words


def open_menu(hands: Hands) -> QMenu:
    hands.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_shots_are_labelled_as_they_are_found(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.wait(lambda: scales(hands) == ["?", "LS", "?"])
    assert movements(hands) == ["static"] * 3
    assert on_timeline(hands, "scale", 30) == "Long shot, 70\u2009%"
    assert on_timeline(hands, "scale", 10) == "Unsure"


def test_a_moved_seam_has_only_its_own_shots_looked_at_again(
    hands: Hands, film: FilmSpec, asked: Asked
) -> None:
    hands.open(film)
    hands.wait(lambda: scales(hands) == ["?", "LS", "?"])
    asked.clear()
    hands.window.go_to(60)
    hands.press("Alt+Right")
    hands.wait(lambda: scales(hands) == ["?", "LS", "LS"])
    assert asked == [(25, 61), (61, 100)]
    hands.press("Ctrl+Z")  # known from before
    hands.wait(lambda: scales(hands) == ["?", "LS", "?"])
    assert len(asked) == 2


def test_digits_say_the_scale_of_the_shot_at_the_playhead(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.wait(lambda: scales(hands) == ["?", "LS", "?"])
    hands.click_timeline(40)
    hands.sees(40)
    hands.press("2")
    assert scales(hands) == ["?", "CS", "?"]
    assert on_timeline(hands, "scale", 40) == "Close shot, by you"
    hands.press("0")
    assert scales(hands) == ["?", "LS", "?"]
    hands.press("Ctrl+Z")
    assert scales(hands) == ["?", "CS", "?"]
    hands.press("Ctrl+Z")
    assert scales(hands) == ["?", "LS", "?"]


def test_v_and_a_letter_say_the_movement(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.wait(lambda: movements(hands) == ["static"] * 3)
    hands.click_timeline(70)
    hands.sees(70)
    hands.press("V")
    QTest.keyClick(open_menu(hands), Qt.Key.Key_U)
    hands.wait(lambda: movements(hands) == ["static", "static", "tilt-up"])
    hands.wait(lambda: QApplication.activePopupWidget() is None)


def test_a_click_on_a_label_opens_its_menu(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.wait(lambda: scales(hands) == ["?", "LS", "?"])
    hands.click_timeline(80, round(hands.window.timeline.rows.plot_bottom + 1.5 * LABELS_PX))
    menu = open_menu(hands)
    entry = next(action for action in menu.actions() if action.text().startswith("Full shot"))
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    hands.wait(lambda: scales(hands) == ["?", "LS", "FS"])


def test_the_editors_word_and_the_labels_are_there_after_a_restart(
    hands: Hands, film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    hands.open(film)
    hands.wait(lambda: scales(hands) == ["?", "LS", "?"])
    hands.press("5")
    assert scales(hands) == ["LS", "LS", "?"]
    again = reopened(hands, film)
    again.wait(lambda: scales(again) == ["LS", "LS", "?"])
    assert on_timeline(again, "scale", 3) == "Long shot, by you"


def test_the_rows_can_be_hidden_and_the_cameras_curves_shown(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    timeline = hands.window.timeline
    assert timeline.rows.label_rows == 4
    hands.press("U")
    assert timeline.rows.label_rows == 3
    hands.press("Ctrl+Shift+L")
    assert timeline.rows.label_rows == 1
    hands.press("Shift+V")
    assert timeline.rows.has_camera
    document = hands.window.document
    assert document is not None
    hands.wait(lambda: bool((document.camera[0][1:20] == document.camera[0][1:20]).all()))  # no longer NaN
    hands.press("Ctrl+Shift+L")
    hands.press("Shift+V")
    assert (timeline.rows.label_rows, timeline.rows.has_camera) == (3, False)


def test_statistics_lead_to_the_shots(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.wait(lambda: scales(hands) == ["?", "LS", "?"])
    hands.menu("View", "Statistics")
    statistics = hands.window._views.statistics
    hands.wait(statistics.isVisible)
    statistics.filter_wanted.emit("scale", "LS")
    hands.wait(hands.window.shots.isVisible)
    assert hands.column(Column.NUMBER) == ["2"]


def test_labels_stored_with_the_steps_are_there_before_anything_is_looked_at_again(
    hands: Hands,
    film: FilmSpec,
    reopened: Callable[[Hands, FilmSpec], Hands],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hands.open(film)
    hands.wait(lambda: scales(hands) == ["?", "LS", "?"])
    hands.press("5")
    monkeypatch.setattr("seamline.analysis.labels.scale_of", lambda *_: None)
    again = reopened(hands, film)
    again.wait(lambda: movements(again) == ["static"] * 3)
    assert scales(again) == ["LS", "LS", "?"]


def test_a_menu_is_about_the_shot_that_it_was_opened_for(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.wait(lambda: scales(hands) == ["?", "LS", "?"])
    hands.click_timeline(80, round(hands.window.timeline.rows.plot_bottom + 1.5 * LABELS_PX))
    menu = open_menu(hands)
    document = hands.window.document
    assert document is not None
    document.do(AddSeam(Seam(9, 10)))  # as the analysis may find one meanwhile
    QTest.keyClick(menu, Qt.Key.Key_1)
    hands.wait(lambda: scales(hands) == ["?", "?", "LS", "ECS"])


@pytest.mark.timed
def test_labels_of_thousands_of_shots_are_taken_in_a_moment(hands: Hands, long_film: FilmSpec) -> None:
    hands.open(long_film)
    document = hands.window.document
    assert document is not None
    document.do(
        SeamSteps(tuple(AddSeam(Seam(at, at + 1)) for at in range(1, 590, 2) if at % 50 != 49), "Cut")
    )
    ranges = [shot.range for shot in document.project.shots]
    assert len(ranges) > 250
    labels = [ShotLabels(*frames, Label(ShotScale.FS, 0.6), Label(Movement.PUSH, 0.6)) for frames in ranges]
    times = []
    for count in range(len(ranges) - 5, len(ranges)):
        began = time.thread_time()
        document.take_labels(Labelled(tuple(labels[:count])))
        times.append(time.thread_time() - began)
    assert sorted(times)[2] < 0.05
