"""The footage panel: scenes, set-ups and what is shown again, by mouse and keys."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from seamline.project.footage import ShotFootage
from seamline.project.setup_names import setup_names
from seamline.project.types import Project, Seam
from seamline_resources import palette
from seamline_resources.footage_looks import SINGLE_COLOUR
from seamline_widgets.footage_cells import scenes_of, setup_words, summaries_of
from seamline_widgets.footage_layout import FootageLayout
from seamline_widgets.footage_panel import EMPTY_HINT, FootagePanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from tests.gui.widgets.conftest import MakeProject

SHOT_FRAMES = 50
# two scenes: a dialogue A B A B A with a stranger, then a place of its own where the first one's A is shown again
SETUPS = (1, 2, 1, 2, 3, 1, 4, 5, 4, 1)
SCENES = (1, 1, 1, 1, 1, 1, 2, 2, 2, 2)


@pytest.fixture
def film(make_project: MakeProject) -> Project:
    seams = [Seam(number * SHOT_FRAMES - 1, number * SHOT_FRAMES) for number in range(1, len(SETUPS))]
    project = make_project(len(SETUPS) * SHOT_FRAMES, seams)
    last = len(SETUPS) - 1
    return project.with_footage(
        ShotFootage(
            shot.start_frame,
            shot.end_frame,
            setup,
            scene,
            repeats=(0, SHOT_FRAMES) if number == last else None,
            confidence=0.9,
        )
        for number, (shot, setup, scene) in enumerate(zip(project.shots, SETUPS, SCENES, strict=True))
    )


@pytest.fixture
def panel(qtbot: QtBot, film: Project) -> FootagePanel:
    panel = FootagePanel()
    qtbot.addWidget(panel)
    panel.resize(440, 480)
    panel.show()
    panel.set_scenes(film, scenes_of(film))
    return panel


def test_set_ups_are_named_as_on_a_slate(film: Project) -> None:
    names = setup_names(film.footage)
    assert [names[setup].text for setup in (1, 2, 3, 4, 5)] == ["1A", "1B", "1C", "2A", "2B"]
    assert names[4].letters == "A"


def test_scenes_show_the_pattern_of_their_set_ups(film: Project) -> None:
    first, second = scenes_of(film)
    # what is seen once has no letter
    assert [cell.short for cell in first.cells] == ["A", "B", "A", "B", "", "A"]
    # what was first seen in another scene says which
    assert [cell.short for cell in second.cells] == ["A", "", "A", "1A"]
    # and another set-up has another colour, though its letter is the same
    assert second.cells[0].colour not in {cell.colour for cell in first.cells}
    assert first.facts == "6 shots, 3 set-ups, 12:00"
    assert second.cells[-1].colour == first.cells[0].colour
    assert first.cells[4].colour == SINGLE_COLOUR


def test_the_summary_counts_what_comes_back(film: Project) -> None:
    texts = summaries_of(film, scenes_of(film))
    assert texts[0] == "10 shots from 5 set-ups, 3 of which come back; 1 shot shown before"
    assert texts[-1] == "10 shots from 5 set-ups"


def test_shots_that_nobody_looked_at_are_said_to_be(film: Project) -> None:
    some = film.with_footage(film.footage[:4])
    assert summaries_of(some, scenes_of(some))[0].endswith("6 not looked at yet")


def test_the_words_of_a_shot_tell_its_kin_and_what_it_repeats(film: Project) -> None:
    assert setup_words(film, scenes_of(film)[1].cells[-1]) == [
        "Set-up 1A, 90\u2009% sure; also shots 1, 3, 6",
        "The same frames as from 01:00:00:00 on",
    ]


def test_without_groups_it_says_what_will_be_here(
    qtbot: QtBot, panel: FootagePanel, make_project: MakeProject
) -> None:
    panel.set_scenes(make_project(100), ())
    assert panel.notice.isVisible()
    assert panel.notice.text == EMPTY_HINT


def test_a_click_goes_to_the_shot(qtbot: QtBot, panel: FootagePanel) -> None:
    with qtbot.waitSignal(panel.frame_wanted) as wanted:
        QTest.mouseClick(
            panel.view.viewport(), Qt.MouseButton.LeftButton, pos=panel.view.cell_rect(7).center()
        )
    assert wanted.args == [7 * SHOT_FRAMES]


def test_arrow_keys_go_from_shot_to_shot_and_over_scenes(qtbot: QtBot, panel: FootagePanel) -> None:
    went: list[int] = []
    panel.frame_wanted.connect(went.append)
    panel.view.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Up):
        QTest.keyClick(panel.view, key)
    # five in a line: below shot 2 is a line with one shot, below that the first of the next scene
    assert [frame // SHOT_FRAMES for frame in went] == [1, 5, 6, 9, 5]


def test_pictures_are_asked_for_where_they_can_be_seen(qtbot: QtBot, film: Project) -> None:
    panel = FootagePanel()
    qtbot.addWidget(panel)
    wanted: list[int] = []
    panel.picture_wanted.connect(wanted.append)
    panel.resize(440, 480)
    panel.set_scenes(film, scenes_of(film))
    qtbot.wait(100)
    assert not wanted  # it is not on the screen
    with qtbot.waitSignal(panel.picture_wanted):
        panel.show()
    qtbot.waitUntil(lambda: len(wanted) == len(SETUPS))
    assert wanted[-1] == 0  # the newest wish is served first


def test_a_picture_stands_in_the_colour_of_its_set_up(qtbot: QtBot, panel: FootagePanel) -> None:
    qtbot.waitUntil(lambda: bool(panel.view._asked))
    picture = QImage(160, 90, QImage.Format.Format_RGB32)
    picture.fill(QColor("#123456"))
    panel.set_picture(0, picture)
    rect = panel.view.cell_rect(0)
    image = panel.view.viewport().grab().toImage()
    assert image.pixelColor(rect.center()).name() == "#123456"
    cell = panel.view.cells[0]
    assert image.pixelColor(rect.left() + 40, rect.top() + 1).name() == cell.colour
    # its like elsewhere in the same colour, its neighbour in another
    other = panel.view.cell_rect(2)
    assert image.pixelColor(other.left() + 40, other.top() + 1).name() == cell.colour
    neighbour = panel.view.cell_rect(1)
    assert image.pixelColor(neighbour.left() + 40, neighbour.top() + 1).name() != cell.colour


def test_under_the_mouse_others_of_the_set_up_stand_out(qtbot: QtBot, panel: FootagePanel) -> None:
    view = panel.view
    QTest.mouseMove(view.viewport(), view.cell_rect(0).center())
    image = view.viewport().grab().toImage()

    def frame_colour(place: int) -> str:
        rect = view.cell_rect(place)
        return image.pixelColor(rect.left() + 40, rect.top() + 1).name()

    assert frame_colour(2) == view.cells[2].colour
    assert frame_colour(1) != view.cells[1].colour


def test_the_playhead_marks_its_shot_and_scrolls_to_it(qtbot: QtBot, panel: FootagePanel) -> None:
    panel.resize(440, 120)
    panel.set_playhead(9 * SHOT_FRAMES + 3, follow=True)
    assert panel.view.current == 9
    rect = panel.view.cell_rect(9)
    assert panel.view.viewport().rect().contains(rect)
    image = panel.view.viewport().grab().toImage()
    assert image.pixelColor(rect.left() + 40, rect.top() - 1).name() == palette.ACCENT


def test_the_menu_goes_on_within_the_set_up_and_to_the_first_showing(
    qtbot: QtBot, panel: FootagePanel
) -> None:
    went: list[int] = []
    panel.frame_wanted.connect(went.append)
    chosen: list[tuple[int, ...]] = []
    panel.shots_wanted.connect(chosen.append)
    menu = panel.view.menu_of(9)
    for action in menu.actions():
        if not action.isSeparator():
            action.trigger()
    assert [frame // SHOT_FRAMES for frame in went] == [0, 5, 0]
    assert chosen == [(1, 3, 6, 10)]
    # of two there is one other; of one, none
    assert panel.view.menu_of(1).actions()[0].text() == "Other shot of set-up 1B"
    assert [action.isEnabled() for action in panel.view.menu_of(4).actions()] == [False]


def test_what_is_hidden_is_laid_out_when_it_is_seen_and_stands_at_the_playhead(
    qtbot: QtBot, film: Project
) -> None:
    panel = FootagePanel()
    qtbot.addWidget(panel)
    panel.resize(440, 140)
    panel.set_scenes(film, scenes_of(film))
    panel.set_playhead(9 * SHOT_FRAMES, follow=True)
    assert not panel.view.cells
    panel.show()
    assert panel.view.current == 9
    assert panel.view.viewport().rect().contains(panel.view.cell_rect(9))
    panel.set_playhead(0, follow=True)
    assert panel.view.verticalScrollBar().value() == 0, "with the head of its scene"


@pytest.mark.timed
def test_thousands_of_shots_of_one_set_up_are_laid_out_in_no_time(make_project: MakeProject) -> None:
    count = 6000
    project = make_project(count * 2, [Seam(at * 2 - 1, at * 2) for at in range(1, count)])
    project = project.with_footage(ShotFootage(s.start_frame, s.end_frame, 1, 1) for s in project.shots)
    _ = project.shots_by_setup
    began = time.process_time()
    scenes = scenes_of(project)
    took_s = time.process_time() - began
    assert setup_words(project, scenes[0].cells[7])[0].endswith("and 5987 more")
    assert took_s < 0.5  # 0.03 s on a quiet machine; the square of it took three


@pytest.mark.parametrize("width", [60, 200, 440, 900])
def test_the_layout_finds_what_it_has_laid_out(width: int) -> None:
    counts = (7, 1, 12, 3)
    layout = FootageLayout(counts, width)
    for cell in range(sum(counts)):
        rect = layout.cell(cell)
        assert layout.cell_at(rect.center()) == cell
        assert cell in layout.cells_between(rect.top(), rect.top())
        assert rect.bottom() < layout.height
    assert layout.cell_at(QPoint(layout.head(1).center())) == -1
    assert all(
        layout.beside(layout.beside(cell, 1), 0) == layout.beside(cell, 1) for cell in range(sum(counts))
    )
