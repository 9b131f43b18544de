"""Shots that were taken together, in the window: grouped after the analysis, shown by panel, timeline and lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from seamline.errors import ModelError
from seamline.project.footage import ShotFootage
from seamline.project.labels import Range
from seamline_app import footage as footage_module
from seamline_app.jobs import footage_job
from seamline_app.jobs.film_job import FilmJob
from seamline_widgets.footage_panel import EMPTY_HINT

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

LEFT = Qt.MouseButton.LeftButton

_ASK = footage_job.FootageJob.ask


class PaperGroups:
    """Says that every second shot is of the same set-up; or fails, if it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[Range, ...]] = []
        self.error: Exception | None = None

    def __call__(self, film: object, shots: Sequence[Range], *_: Any, **__: Any) -> tuple[ShotFootage, ...]:
        self.asked.append(tuple(shots))
        if self.error is not None:
            raise self.error
        return tuple(
            ShotFootage(start, end, 1 + at % 2, 1, confidence=0.9) for at, (start, end) in enumerate(shots)
        )


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> PaperGroups:
    groups = PaperGroups()
    monkeypatch.setattr(footage_job.FootageJob, "ask", _ASK)
    monkeypatch.setattr(footage_job, "film_footage", groups)
    monkeypatch.setattr(FilmJob, "_ASKED_AFTER_MS", 1)
    return groups


def pattern(hands: Hands) -> str:
    blocks = hands.window.timeline._labels.footage.blocks
    return "".join(block.name.removeprefix("1") or "-" for block in blocks)


def open_panel(hands: Hands) -> None:
    hands.menu("View", "Footage")
    assert hands.window._views.footage.isVisible()


def test_shots_are_grouped_once_the_film_is_analysed(
    hands: Hands, film: FilmSpec, groups: PaperGroups
) -> None:
    panel = hands.window._views.footage
    assert panel.notice.text == EMPTY_HINT
    hands.open(film)
    open_panel(hands)
    hands.wait(lambda: pattern(hands) == "A-A")
    assert groups.asked == [((0, 25), (25, 60), (60, 100))]
    document = hands.window.document
    assert document is not None
    assert [shot.setup for shot in document.project.footage] == [1, 2, 1]


def test_a_click_in_the_panel_goes_to_the_shot(hands: Hands, film: FilmSpec, groups: PaperGroups) -> None:
    hands.open(film)
    open_panel(hands)
    hands.wait(lambda: pattern(hands) == "A-A")
    view = hands.window._views.footage.view
    QTest.mouseClick(view.viewport(), LEFT, pos=view.cell_rect(2).center())
    hands.sees(60)
    assert view.current == 2


def test_where_a_seam_goes_shots_are_grouped_anew(hands: Hands, film: FilmSpec, groups: PaperGroups) -> None:
    hands.open(film)
    hands.wait(lambda: pattern(hands) == "A-A")
    hands.press("Down")
    hands.press("Delete")
    hands.wait(lambda: pattern(hands) == "--")
    assert groups.asked[-1] == ((0, 60), (60, 100))
    hands.press("Ctrl+Z")
    hands.wait(lambda: pattern(hands) == "A-A")


def test_what_was_found_is_there_when_the_film_is_opened_again(
    hands: Hands, reopened: Callable[[Hands, FilmSpec], Hands], film: FilmSpec, groups: PaperGroups
) -> None:
    hands.open(film)
    hands.wait(lambda: pattern(hands) == "A-A")
    hands.press("Down")
    hands.press("C")  # a film that nothing was decided about has no file
    groups.error = ModelError("The network is gone. Install it again.")
    again = reopened(hands, film)
    again.wait(lambda: pattern(again) == "A-A")


def test_the_timeline_has_a_row_of_set_ups_whose_click_opens_a_menu(
    hands: Hands, film: FilmSpec, groups: PaperGroups
) -> None:
    hands.open(film)
    timeline = hands.window.timeline
    hands.wait(lambda: len(timeline._labels.footage.blocks) == 3)
    assert [block.short for block in timeline._labels.footage.blocks] == ["1A", "", "1A"]
    assert timeline.rows.label_rows == 4
    y = timeline.rows.labels_bottom - 8
    tip = timeline.tip_at(QPoint(round(timeline._scale.x_of(10)), y))
    assert tip == "Shot 1 · Set-up 1A, 90\u2009% sure; also shot 3"
    QTest.mouseClick(timeline, LEFT, pos=QPoint(round(timeline._scale.x_of(10)), y))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()  # the next shot of the set-up
    menu.close()
    hands.sees(60)
    hands.press("U")
    assert timeline.rows.label_rows == 3


def test_all_shots_of_a_set_up_are_selected_in_the_list(
    hands: Hands, film: FilmSpec, groups: PaperGroups
) -> None:
    hands.open(film)
    hands.wait(lambda: pattern(hands) == "A-A")
    open_panel(hands)
    hands.window._views.footage.view.menu_of(0).actions()[1].trigger()
    assert hands.window.shots.isVisible()
    document = hands.window.document
    assert document is not None
    assert [seam.cut_frame for seam in document.selection] == [60]


def test_a_failure_is_a_sentence_with_another_try(hands: Hands, film: FilmSpec, groups: PaperGroups) -> None:
    groups.error = ModelError("EfficientNet-Lite0 is not installed. Run the set-up.")
    hands.open(film)
    open_panel(hands)
    notice = hands.window._views.footage.notice
    hands.wait(lambda: "not installed" in notice.text)
    groups.error = None
    QTest.mouseClick(notice.button, LEFT)
    hands.wait(lambda: pattern(hands) == "A-A")


def test_a_film_that_cannot_be_looked_at_says_so(
    hands: Hands, film: FilmSpec, groups: PaperGroups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(footage_job, "film_footage", lambda *_, **__: ())
    hands.open(film)
    open_panel(hands)
    hands.wait(lambda: hands.window._views.footage.notice.text == footage_module.NOTHING)
