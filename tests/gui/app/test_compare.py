"""A cut list from elsewhere in the window: compared, marked on the timeline, and imported as one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from seamline.exchange.edl import write_edl
from seamline.media.open_film import open_film
from seamline.project.types import Project, Seam
from seamline_widgets.comparison_panel import ComparisonPanel
from seamline_widgets.side_tabs import SideTabs

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands


Answer = Callable[[Callable[[Any], None]], None]
Chosen = Callable[[str, Path], None]

CUTS = list(range(50, 600, 50))
LISTED = [50, 100, 200, 250, 304, 350, 400, 420, 450, 500, 550]  # 150 missing, 300 moved, 420 extra


@pytest.fixture(autouse=True)
def _dialogs_of_qt() -> Iterator[None]:
    native = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    QApplication.setAttribute(native, True)
    yield
    QApplication.setAttribute(native, False)


def edl_of(film: FilmSpec, cuts: list[int], path: Path) -> Path:
    project = Project(open_film(film.path))
    seams = [Seam(frame - 1, frame) for frame in cuts]
    path.write_text(write_edl(project.with_proposals(seams, project.film.frame_count)), newline="")
    return path


@pytest.fixture
def edl(long_film: FilmSpec, tmp_path: Path) -> Path:
    return edl_of(long_film, LISTED, tmp_path / "final.edl")


@pytest.fixture
def chosen(hands: Hands, answer: Answer) -> Chosen:
    """`chosen(entry, path)`: takes that entry of the Film menu and chooses the file."""

    def choose(entry: str, path: Path) -> None:
        def fill_in(dialog: QFileDialog) -> None:
            field = dialog.findChild(QLineEdit, "fileNameEdit")
            assert field is not None
            # its list comes when the disk is read, over whatever is pressed then
            field.setCompleter(None)  # type: ignore[arg-type]
            field.setText(str(path))
            QTest.keyClick(field, Qt.Key.Key_Return)

        answer(fill_in)
        hands.menu("Film", entry)

    return choose


@pytest.fixture
def compared(hands: Hands, long_film: FilmSpec, edl: Path, chosen: Chosen) -> ComparisonPanel:
    hands.open(long_film)
    chosen("Compare with a cut list", edl)
    panel = hands.window.comparing.panel
    hands.wait(panel.isVisible)
    return panel


def shown(panel: ComparisonPanel) -> list[tuple[int | None, str]]:
    return [(row.frame, row.said.split(":")[0]) for row in panel.model.rows]


def click_row(panel: ComparisonPanel, row: int) -> None:
    at = panel.table.visualRect(panel.model.index(row, 1)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def mark_text(hands: Hands, frame: int) -> str:
    timeline = hands.window.timeline
    return timeline.mark_text(QPoint(round(timeline.x_of(frame)), timeline.rows.curve_bottom - 8))


def tabs(hands: Hands) -> list[str]:
    side = hands.window.findChild(SideTabs)
    assert side is not None
    return [side.tabText(at) for at in range(side.count())]


DIFFERENT = [(150, "missing in list"), (300, "4 frames later in list"), (420, "extra in list")]


def test_what_differs_is_counted_listed_and_marked(hands: Hands, compared: ComparisonPanel) -> None:
    assert "Compare" in tabs(hands)
    assert compared.told.startswith(
        "The film begins at 00:00:00:00 of the list (sure, for it is the usual place)."
    )
    assert compared.counts == "9 agree · 1 moved · 1 missing · 1 extra · 0 of another kind"
    assert shown(compared) == DIFFERENT
    assert compared.model.rows[1].listed != compared.model.rows[1].film
    for frame, said in DIFFERENT:
        assert mark_text(hands, frame).startswith(said)
    assert mark_text(hands, 50) == ""


def test_all_findings_are_shown_if_wanted(hands: Hands, compared: ComparisonPanel) -> None:
    compared.only_differences.click()
    assert [frame for frame, _ in shown(compared)] == sorted({*CUTS, 420})
    assert shown(compared)[0] == (50, "agrees")
    compared.only_differences.click()
    assert shown(compared) == DIFFERENT


def test_a_row_goes_to_its_place_by_mouse_and_keys(hands: Hands, compared: ComparisonPanel) -> None:
    click_row(compared, 1)
    hands.sees(300)
    compared.table.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(compared.table, Qt.Key.Key_Down)
    hands.sees(420)
    QTest.keyClick(compared.table, Qt.Key.Key_Up)
    hands.sees(300)


def test_what_is_put_right_is_no_difference_any_more(hands: Hands, compared: ComparisonPanel) -> None:
    click_row(compared, 2)
    hands.sees(420)
    hands.press("M")
    hands.wait(lambda: shown(compared) == DIFFERENT[:2])
    assert mark_text(hands, 420) == ""
    hands.press("Ctrl+Z")
    hands.wait(lambda: shown(compared) == DIFFERENT)
    assert hands.window.picture.frame == 420


def test_closing_takes_tab_and_marks_away(hands: Hands, compared: ComparisonPanel) -> None:
    QTest.mouseClick(compared.close_button, Qt.MouseButton.LeftButton)
    assert not compared.isVisible()
    assert "Compare" not in tabs(hands)
    assert all(mark_text(hands, frame) == "" for frame, _ in DIFFERENT)
    hands.add_cut(75)  # nothing is compared any more
    hands.pause(300)
    assert not compared.isVisible()


def test_another_film_ends_it(hands: Hands, compared: ComparisonPanel, film: FilmSpec) -> None:
    hands.open(film)
    assert not compared.isVisible()
    assert mark_text(hands, 60) == ""


def test_what_cannot_be_compared_is_a_sentence(
    hands: Hands, long_film: FilmSpec, tmp_path: Path, chosen: Chosen
) -> None:
    bad, notes, other = tmp_path / "bad.edl", tmp_path / "notes.doc", tmp_path / "other.edl"
    bad.write_text("TITLE: x\r\n")
    notes.touch()
    edl_of(long_film, [7, 18, 31, 67, 114, 163, 219, 277, 333, 377, 411, 468, 534, 571], other)
    hands.open(long_film)
    for path, sentence in (
        (bad, "bad.edl"),
        (notes, "is no cut list that Seamline reads"),
        (other, "No offset fits"),
    ):
        chosen("Compare with a cut list", path)
        hands.wait(lambda sentence=sentence: sentence in hands.message)
        assert not hands.window.comparing.panel.isVisible(), path


def test_before_the_analysis_is_done_nothing_is_compared(
    hands: Hands, network: Any, long_film: FilmSpec
) -> None:
    network.delay_s = 30
    hands.open(long_film, analysed=False)
    hands.menu("Film", "Compare with a cut list")
    assert "not analysed to its end" in hands.message
    hands.window.analysis.stop()


def test_a_list_is_imported_as_one_step(
    hands: Hands,
    long_film: FilmSpec,
    edl: Path,
    chosen: Chosen,
    reopened: Callable[[Hands, FilmSpec], Hands],
) -> None:
    hands.open(long_film)
    before = hands.cuts
    assert before == CUTS
    chosen("Import a cut list as seams", edl)
    hands.wait(lambda: hands.message != "")
    assert hands.message == "“final.edl”: 9 confirmed, 1 moved, 1 added. One undo takes it all back."
    imported = sorted({*LISTED, 150})  # what the list lacks is not deleted
    assert hands.cuts == imported
    hands.press("Ctrl+Z")
    assert hands.cuts == before
    document = hands.window.document
    assert document is not None
    assert document.project.decisions == ()
    hands.press("Ctrl+Shift+Z")
    assert hands.cuts == imported
    again = reopened(hands, long_film)
    assert again.cuts == imported
    again.press("Ctrl+Z")
    assert again.cuts == before


def test_what_is_imported_differs_no_more(
    hands: Hands, compared: ComparisonPanel, edl: Path, chosen: Chosen
) -> None:
    chosen("Import a cut list as seams", edl)
    hands.wait(lambda: shown(compared) == DIFFERENT[:1])
    assert compared.counts.startswith("11 agree · 0 moved · 1 missing")


def test_a_list_that_says_nothing_new_changes_nothing(
    hands: Hands, long_film: FilmSpec, edl: Path, chosen: Chosen
) -> None:
    hands.open(long_film)
    chosen("Import a cut list as seams", edl)
    hands.wait(lambda: "9 confirmed" in hands.message)
    chosen("Import a cut list as seams", edl)
    hands.wait(lambda: "no cut that is new here" in hands.message)
    document = hands.window.document
    assert document is not None
    hands.press("Ctrl+Z")
    assert document.undo_name is None
