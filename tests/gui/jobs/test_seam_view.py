"""The review panel follows the document: the selected seam, the playhead, questions, edits, and the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from seamline.media.film import Film
from seamline.project.edits import AddSeam, ConfirmSeam, DeleteSeam, MoveSeam, SetFilmDetails
from seamline.project.types import Origin, Seam, SeamKind
from seamline_app.document import Document
from seamline_app.jobs.analysis_events import OpenedFilm
from seamline_app.seam_view import SeamView
from seamline_widgets.review_panel import SeamReviewPanel
from seamline_widgets.theme import apply_theme

SURE, DOUBTFUL = Seam(49, 50, confidence=0.99), Seam(99, 100, confidence=0.6)
FADE = Seam(199, 212, SeamKind.FADE, 0.98)
PERHAPS = Seam(149, 150, confidence=0.4)


class Desk:
    """A document with the panel over it; `frame` is the playhead."""

    def __init__(self, document: Document) -> None:
        self.document: Document | None = document
        self.frame = 0
        self.panel = SeamReviewPanel()
        self.view = SeamView(self.panel, lambda: self.document, lambda: self.frame)
        document.changed.connect(self.view.show_changes)
        document.selection_changed.connect(self.view.show_selection)

    def go_to(self, frame: int) -> None:
        self.frame = frame
        self.view.follow_playhead(frame)

    @property
    def shown(self) -> tuple[int, int] | None:
        seam = self.view.shown
        return None if seam is None else (seam.out_frame, seam.in_frame)

    @property
    def painted(self) -> list[int | None]:
        """The frames whose pictures are there."""
        return [
            still.caption.frame
            for still in self.panel.stills.stills
            if still.image is not None and "on its way" not in still.accessibleDescription()
        ]


@pytest.fixture
def film(make_film: Callable[..., Film]) -> Film:
    return make_film(300, gop=12)


@pytest.fixture
def desk(qtbot: QtBot, qapp, film: Film, tmp_path) -> Iterator[Desk]:
    if not qapp.styleSheet():
        apply_theme(qapp)
    similarity = np.full(300, 0.9, np.float32)
    opened = OpenedFilm(film, similarity, (SURE, DOUBTFUL, FADE), 300, (PERHAPS,))
    document = Document(opened, tmp_path)
    made = Desk(document)
    qtbot.addWidget(made.panel)
    made.panel.resize(1200, 190)
    with qtbot.waitExposed(made.panel):
        made.panel.show()
    made.view.open()
    qtbot.waitUntil(lambda: made.panel.facts.bar.maximum() == 3)
    yield made
    made.view.close()
    document.close()


def test_without_a_seam_it_says_what_to_do(desk: Desk) -> None:
    assert desk.shown is None
    assert desk.panel.hint == "Select a seam, or press Tab for the next doubtful one"
    assert desk.panel.facts.progress.toolTip() == "Reviewed 0 of 3 – 3 left, 2 doubtful"


def test_the_selected_seam_is_shown_with_its_pictures(qtbot: QtBot, desk: Desk) -> None:
    desk.document.select(DOUBTFUL.id)
    qtbot.waitUntil(lambda: desk.painted == [99, 100, 101])
    desk.document.select(FADE.id)
    qtbot.waitUntil(lambda: desk.painted == [199, 206, 212])
    assert desk.panel.facts.kind.text().startswith("Fade")


def test_the_seam_at_the_playhead_is_shown_and_left_again(qtbot: QtBot, desk: Desk) -> None:
    desk.go_to(50)
    qtbot.waitUntil(lambda: desk.painted == [49, 50, 51])
    desk.go_to(60)
    qtbot.waitUntil(lambda: desk.shown is None)
    assert desk.panel.hint


def test_what_is_selected_stays_wherever_the_playhead_is(qtbot: QtBot, desk: Desk) -> None:
    desk.document.select(DOUBTFUL.id)
    qtbot.waitUntil(lambda: desk.shown == (99, 100))
    desk.go_to(50)
    qtbot.wait(60)
    assert desk.shown == (99, 100)


def test_a_question_is_shown_as_one_and_stays_in_reach(qtbot: QtBot, desk: Desk) -> None:
    desk.go_to(150)
    qtbot.waitUntil(lambda: desk.painted == [149, 150, 151])
    assert desk.panel.subject is not None
    assert desk.panel.subject.is_question
    desk.go_to(142)
    qtbot.wait(60)
    assert desk.shown == (149, 150)
    assert desk.view.holds(142)
    assert not desk.view.holds(170)
    desk.go_to(170)
    qtbot.waitUntil(lambda: desk.shown is None)


def test_a_question_that_was_answered_is_gone(qtbot: QtBot, desk: Desk) -> None:
    desk.go_to(150)
    qtbot.waitUntil(lambda: desk.shown == (149, 150))
    desk.document.do(DeleteSeam(PERHAPS))
    assert desk.shown is None
    qtbot.waitUntil(lambda: "1 doubtful" in desk.panel.facts.progress.toolTip())


def test_from_question_to_question_nothing_flickers(qtbot: QtBot, desk: Desk) -> None:
    hints: list[str] = []
    desk.document.select(DOUBTFUL.id)
    qtbot.waitUntil(lambda: desk.shown == (99, 100))
    show_nothing = desk.panel.show_nothing
    desk.panel.show_nothing = lambda hint: (hints.append(hint), show_nothing(hint))  # type: ignore[method-assign]
    desk.document.select("")
    desk.go_to(150)  # as the review does for a place that is no seam yet
    qtbot.waitUntil(lambda: desk.shown == (149, 150))
    assert hints == []


def test_an_edit_shows_at_once(qtbot: QtBot, desk: Desk) -> None:
    desk.document.select(DOUBTFUL.id)
    qtbot.waitUntil(lambda: desk.painted == [99, 100, 101])
    desk.document.do(MoveSeam(DOUBTFUL, 100, 101))
    assert desk.shown == (100, 101)
    assert desk.panel.facts.state.text() == "Yours"
    desk.document.undo()
    assert desk.shown == (99, 100)
    assert desk.panel.facts.state.text() == "Proposed"


def test_figures_follow_the_review(qtbot: QtBot, desk: Desk) -> None:
    for seam in (SURE, DOUBTFUL, FADE):
        desk.document.do(ConfirmSeam(seam))
    desk.document.do(DeleteSeam(PERHAPS))
    qtbot.waitUntil(lambda: desk.panel.facts.progress.toolTip().startswith("All reviewed"))


def test_a_nudge_and_the_next_doubtful_seam_are_there_beforehand(qtbot: QtBot, desk: Desk) -> None:
    desk.document.select(SURE.id)
    pictures = desk.view.pictures
    qtbot.waitUntil(lambda: all(pictures._kept.get(f) for f in (48, 52, 99, 100, 101, 149, 150, 151)))
    desk.document.do(MoveSeam(SURE, 50, 51))
    assert desk.painted == [50, 51, 52]  # when the edit returns
    desk.document.select(DOUBTFUL.id)
    qtbot.waitUntil(lambda: desk.shown == (99, 100), timeout=500)
    assert desk.painted == [99, 100, 101]


def test_while_the_film_plays_what_is_shown_stays(qtbot: QtBot, desk: Desk) -> None:
    desk.go_to(50)
    qtbot.waitUntil(lambda: desk.shown == (49, 50))
    desk.view.set_speed(1.0)
    for frame in range(80, 130, 10):
        desk.go_to(frame)
        desk.view.show_changes()
    qtbot.wait(60)
    assert desk.shown == (49, 50)
    desk.go_to(100)
    desk.view.set_speed(0.0)
    qtbot.waitUntil(lambda: desk.shown == (99, 100))


def test_a_drag_is_stopped_by_the_neighbours(qtbot: QtBot, desk: Desk) -> None:
    desk.document.select(DOUBTFUL.id)
    qtbot.waitUntil(lambda: desk.shown == (99, 100))
    subject = desk.panel.subject
    assert subject is not None
    assert (subject.lowest_frame, subject.highest_frame) == (50, 199)
    desk.document.select(FADE.id)
    qtbot.waitUntil(lambda: desk.shown == (199, 212))
    assert desk.panel.subject is not None
    assert desk.panel.subject.highest_frame == 299


def test_another_start_timecode_is_shown(qtbot: QtBot, desk: Desk) -> None:
    desk.document.select(DOUBTFUL.id)
    qtbot.waitUntil(lambda: desk.shown == (99, 100))
    assert desk.panel.stills.stills[0].caption.timecode == "00:00:03:24"
    desk.document.do(SetFilmDetails(None, 90_000))
    assert desk.panel.stills.stills[0].caption.timecode == "01:00:03:24"


def test_a_film_that_is_closed_leaves_nothing(qtbot: QtBot, desk: Desk) -> None:
    desk.document.select(DOUBTFUL.id)
    qtbot.waitUntil(lambda: desk.painted == [99, 100, 101])
    desk.view.close_film()
    assert desk.shown is None
    assert desk.panel.hint == ""
    document, desk.document = desk.document, None
    desk.view.show_changes()
    desk.view.follow_playhead(3)
    desk.view.open()
    qtbot.wait(50)
    desk.document = document
    desk.view.open()
    qtbot.waitUntil(lambda: desk.painted == [99, 100, 101])


def test_a_seam_of_the_editors_own_is_told_apart(qtbot: QtBot, desk: Desk) -> None:
    desk.document.do(AddSeam(Seam(249, 250, origin=Origin.USER)))
    desk.go_to(250)
    qtbot.waitUntil(lambda: desk.shown == (249, 250))
    assert desk.view.shown is not None
    assert desk.view.shown.origin is Origin.USER
    assert desk.panel.facts.state.text() == "Yours"


# -- a drag on the timeline


def test_a_drag_shows_its_pictures_and_stores_nothing(qtbot: QtBot, desk: Desk) -> None:
    desk.document.select(DOUBTFUL.id)
    qtbot.waitUntil(lambda: desk.painted == [99, 100, 101])
    before = desk.document.project.seams
    for frame in (110, 120, 130):
        assert desk.view.preview(DOUBTFUL.id, frame - 1, frame) == frame
        assert desk.shown == (frame - 1, frame)
    qtbot.waitUntil(lambda: desk.painted == [129, 130, 131])
    assert desk.document.project.seams == before
    assert not desk.document.undo_name
    desk.view.end_preview()
    assert desk.shown == (99, 100)
    qtbot.waitUntil(lambda: desk.painted == [99, 100, 101])


def test_what_is_dragged_stays_whatever_the_playhead_and_the_analysis_do(qtbot: QtBot, desk: Desk) -> None:
    desk.go_to(100)
    qtbot.waitUntil(lambda: desk.shown == (99, 100))
    desk.view.preview(DOUBTFUL.id, 119, 120)
    desk.go_to(50)
    desk.view.show_changes()
    qtbot.wait(60)
    assert desk.shown == (119, 120)
    desk.document.do(MoveSeam(DOUBTFUL, 119, 120))  # the drop
    assert desk.shown == (119, 120)
    desk.view.end_preview(DOUBTFUL.id)
    assert desk.shown == (49, 50)


def test_the_end_that_moves_is_the_one_to_look_at(desk: Desk) -> None:
    assert desk.view.preview(FADE.id, 189, 212) == 189
    assert desk.view.preview(FADE.id, 199, 220) == 220
    assert desk.view.preview(FADE.id, 189, 222) == 222
    desk.view.end_preview()


def test_a_film_that_is_closed_ends_a_drag(qtbot: QtBot, desk: Desk) -> None:
    desk.view.preview(DOUBTFUL.id, 119, 120)
    desk.view.close_film()
    desk.view.open()
    assert desk.shown is None


def test_a_finished_film_without_seams_is_said_to_have_none(
    qtbot: QtBot, desk: Desk, film: Film, tmp_path
) -> None:
    for analysed_frames, said in ((100, "No seams yet"), (300, "No seam was found")):
        opened = OpenedFilm(film, np.full(300, 0.9, np.float32), (), analysed_frames, ())
        desk.document = document = Document(opened, tmp_path / str(analysed_frames))
        desk.view.open()
        qtbot.waitUntil(lambda said=said: desk.panel.facts.progress.toolTip() == said)
        document.close()


def test_a_drag_in_the_curve_goes_on_though_it_is_told_of(qtbot: QtBot, desk: Desk) -> None:
    desk.panel.seam_dragged.connect(desk.view.preview)
    desk.panel.drag_ended.connect(desk.view.end_preview)
    desk.go_to(100)
    qtbot.waitUntil(lambda: desk.painted == [99, 100, 101])
    curve = desk.panel.curve
    at, frame_px = QPoint(round(curve.x_of(100)), 60), curve.width() / 24
    QTest.mousePress(curve, Qt.MouseButton.LeftButton, pos=at)
    for frames in (1, 3):
        QTest.mouseMove(curve, at + QPoint(round(frames * frame_px), 0))
        desk.go_to(100 + frames)
    qtbot.waitUntil(lambda: desk.painted == [102, 103, 104])
    assert curve.is_dragging
    QTest.keyClick(curve, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: desk.painted == [99, 100, 101])
