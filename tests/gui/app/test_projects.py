"""Projects in the window: saved under a name, opened again, with the film moved, changed, or open elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QMessageBox

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import CheapNetwork, Hands

    from seamline_app.main_window import MainWindow

Answer = Callable[[Callable[[Any], None]], None]


@pytest.fixture
def saved_as(answer: Answer) -> Callable[[Hands, Path], None]:
    """`saved_as(hands, path)`: saves the project that is open by the menu and the dialog."""

    def save(hands: Hands, path: Path) -> None:
        def fill_in(dialog: QFileDialog) -> None:
            field = dialog.findChild(QLineEdit)
            field.setText(str(path.with_suffix("")))  # the suffix comes by itself
            QTest.keyClick(field, Qt.Key.Key_Return)

        answer(fill_in)
        hands.menu("Film", "Save project as")
        assert hands.message.startswith(f"Saved {path}")

    return save


@pytest.fixture
def copy(film: FilmSpec, tmp_path: Path) -> FilmSpec:
    """A copy of the film that can be moved."""
    (tmp_path / "films").mkdir()
    return replace(film, path=Path(shutil.copy(film.path, tmp_path / "films")))


def open_project(hands: Hands, film: FilmSpec, path: Path) -> None:
    """Open the project at `path`, whose film equals `film`, and wait for its picture and the end of its analysis."""
    hands.expect(film)
    hands.window.open_film(path)
    hands.wait(lambda: hands.window.document is not None and hands.window.document.project_path == path)
    hands.sees(0)
    hands.wait(lambda: not hands.window.analysis.is_running)


def click(text: str) -> Callable[[QMessageBox], None]:
    return lambda box: next(b for b in box.buttons() if b.text().replace("&", "") == text).click()


def test_steps_go_to_the_project_from_then_on(
    hands: Hands, film: FilmSpec, tmp_path: Path, saved_as: Callable[[Hands, Path], None],
    make_window: Callable[[], MainWindow], more_hands: Callable[[MainWindow], Hands],
) -> None:  # fmt: skip
    path = tmp_path / "Übung.seamline"
    hands.open(film)
    hands.add_cut(80)
    saved_as(hands, path)
    assert hands.window.windowTitle() == "Übung.seamline – Seamline"
    hands.add_cut(90)
    hands.window.close()
    again = more_hands(make_window())
    open_project(again, film, path)
    assert again.message == ""
    assert again.window.windowTitle() == "Übung.seamline – Seamline"
    assert again.cuts == [25, 60, 80, 90]
    again.press("Ctrl+Z", times=2)
    assert again.cuts == [25, 60]
    again.open(film)  # by itself, it has what was done before there was a project
    assert again.cuts == [25, 60, 80]


def test_it_is_opened_by_the_dialog_by_dropping_it_and_from_the_recent_files(
    hands: Hands, film: FilmSpec, films: FilmShelf, tmp_path: Path, saved_as: Callable[[Hands, Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = tmp_path / "cuts.seamline"
    hands.open(film)
    saved_as(hands, path)
    hands.add_cut(80)

    def other() -> None:
        hands.open(films("mp4"))
        hands.expect(film)

    def is_open() -> bool:
        return hands.window.windowTitle() == "cuts.seamline – Seamline" and hands.cuts == [25, 60, 80]

    other()
    filters = []

    def choose(parent: object, title: str, folder: str, name_filter: str) -> tuple[str, str]:
        filters.append(name_filter)
        return str(path), name_filter

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    hands.press("Ctrl+O")
    hands.wait(is_open)
    assert "*.seamline" in filters[0]
    other()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    at = QPointF(hands.window.picture.mapTo(hands.window, hands.window.picture.rect().center()))
    what = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    handle = hands.window.windowHandle()
    QApplication.sendEvent(handle, QDragEnterEvent(at.toPoint(), *what))
    QApplication.sendEvent(handle, QDropEvent(at, *what))
    hands.wait(is_open)
    other()
    hands.menu("Film", "Open recent", "cuts.seamline")
    hands.wait(is_open)
    recent = next(m for m in hands.window.findChildren(QMenu) if m.title() == "Open recent")
    while popup := QApplication.activePopupWidget():
        popup.close()
    recent.aboutToShow.emit()
    assert [entry.text() for entry in recent.actions()][:2] == ["cuts.seamline", "mp4.mp4"]


def test_it_opens_with_its_seams_before_the_analysis_has_found_them(
    hands: Hands, network: CheapNetwork, long_film: FilmSpec, tmp_path: Path,
    saved_as: Callable[[Hands, Path], None],
) -> None:  # fmt: skip
    path = tmp_path / "long.seamline"
    hands.open(long_film)
    saved_as(hands, path)
    hands.window.close()
    shutil.rmtree(tmp_path / "seamline" / "cache")
    network.delay_s = 0.5
    from seamline_app.folders import Folders
    from seamline_app.main_window import MainWindow

    window = MainWindow(Folders.under(tmp_path / "seamline"))
    window.show()
    try:
        window.open_film(path)
        hands.wait(lambda: window.document is not None)
        document = window.document
        assert document is not None
        assert not document.is_complete
        assert [seam.in_frame for seam in document.project.seams] == [*range(50, 600, 50)]
        network.delay_s = 0
        hands.wait(lambda: document.is_complete)
        assert [seam.in_frame for seam in document.project.seams] == [*range(50, 600, 50)]
    finally:
        window.close()
        window.deleteLater()


def test_a_film_moved_with_its_project_is_found(
    hands: Hands, film: FilmSpec, copy: FilmSpec, tmp_path: Path, saved_as: Callable[[Hands, Path], None]
) -> None:
    hands.open(copy)
    saved_as(hands, tmp_path / "films" / "cuts.seamline")
    hands.add_cut(80)
    hands.window.open_film(hands._films("mp4").path)
    hands.wait(lambda: hands.window.windowTitle().startswith("mp4"))
    (tmp_path / "films").rename(tmp_path / "elsewhere")
    open_project(hands, film, tmp_path / "elsewhere" / "cuts.seamline")
    assert hands.message == ""
    assert hands.cuts == [25, 60, 80]


class TestTheFilmIsGone:
    @pytest.fixture
    def path(
        self, hands: Hands, copy: FilmSpec, tmp_path: Path, saved_as: Callable[[Hands, Path], None]
    ) -> Path:
        """A project whose film is no longer anywhere near, with a cut at 80."""
        (tmp_path / "projects").mkdir()
        path = tmp_path / "projects" / "cuts.seamline"
        hands.open(copy)
        saved_as(hands, path)
        hands.add_cut(80)
        hands.window.open_film(hands._films("mp4").path)
        hands.wait(lambda: hands.window.windowTitle().startswith("mp4"))
        hands.wait(lambda: not hands.window.analysis.is_running)
        (tmp_path / "far" / "away").mkdir(parents=True)
        shutil.move(copy.path, tmp_path / "far" / "away" / "renamed.mov")
        return path

    def test_it_is_located_by_hand_once(
        self, hands: Hands, film: FilmSpec, path: Path, tmp_path: Path, answer: Answer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        asked = []

        def choose(parent: object, title: str, *_: str) -> tuple[str, str]:
            asked.append(title)
            return str(tmp_path / "far" / "away" / "renamed.mov"), ""

        monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
        answer(click("Locate the film…"))
        open_project(hands, film, path)
        assert asked == ["Where is “mov_timecode.mov”?"]
        assert hands.cuts == [25, 60, 80]
        assert hands.window.actions_by_id["redo"].isEnabled() is False
        hands.window.open_film(hands._films("mp4").path)
        hands.wait(lambda: hands.window.windowTitle().startswith("mp4"))
        open_project(hands, film, path)  # is known from now on
        assert hands.cuts == [25, 60, 80]

    def test_without_it_what_was_open_stays(self, hands: Hands, path: Path, answer: Answer) -> None:
        answer(click("Cancel"))
        hands.window.open_film(path)
        hands.wait(lambda: "was not found" in hands.message)
        assert hands.window.windowTitle() == "mp4.mp4 – Seamline"
        hands.wait(lambda: hands.window.status.text.startswith("2 seams"))
        assert not hands.window.analysis.is_running

    def test_another_film_in_its_place_is_said_to_be_changed(
        self, hands: Hands, film: FilmSpec, copy: FilmSpec, path: Path, answer: Answer
    ) -> None:
        said = []

        def use(box: QMessageBox) -> None:
            said.append(box.text())
            click("Use the changed film")(box)

        changed = bytearray((copy.path.parents[1] / "far" / "away" / "renamed.mov").read_bytes())
        changed += b"\0\0\0\x08free"
        copy.path.write_bytes(changed)
        answer(use)
        open_project(hands, film, path)
        assert "is not the film any more" in said[0]
        assert hands.cuts == [25, 60, 80]

    def test_one_of_another_length_cannot_take_its_place(
        self, hands: Hands, films: FilmShelf, path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        short = films("mp4_one_frame").path
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(short), ""))
        answer(click("Locate the film…"))
        stored = path.read_bytes()
        hands.window.open_film(path)
        hands.wait(lambda: "do not fit" in hands.message)
        assert path.read_bytes() == stored


def test_one_that_is_open_elsewhere_is_only_looked_at(
    hands: Hands, film: FilmSpec, tmp_path: Path, saved_as: Callable[[Hands, Path], None],
    make_window: Callable[[], MainWindow], more_hands: Callable[[MainWindow], Hands],
) -> None:  # fmt: skip
    path = tmp_path / "cuts.seamline"
    hands.open(film)
    hands.add_cut(80)
    saved_as(hands, path)
    other = more_hands(make_window())
    open_project(other, film, path)
    assert "another window" in other.message
    assert other.cuts == [25, 60, 80]
    other.click_timeline(40)
    other.press("M")
    assert other.cuts == [25, 60, 80]
    saved_as(other, tmp_path / "mine.seamline")  # a copy of one's own can be worked on
    other.add_cut(40)
    assert other.cuts == [25, 40, 60, 80]
    hands.add_cut(90)
    assert hands.cuts == [25, 60, 80, 90]


def test_damage_is_told(
    hands: Hands, film: FilmSpec, tmp_path: Path, saved_as: Callable[[Hands, Path], None]
) -> None:
    path = tmp_path / "cuts.seamline"
    hands.open(film)
    hands.add_cut(80)
    hands.add_cut(90)
    saved_as(hands, path)
    hands.window.open_film(hands._films("mp4").path)
    hands.wait(lambda: hands.window.windowTitle().startswith("mp4"))
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"in_frame": 90', b'"in_frame": 91'))
    open_project(hands, film, path)
    assert hands.message.startswith("1 of your earlier steps on this film could not be read back.")
    assert str(tmp_path / "cuts.damaged-0.seamline") in hands.message
    assert hands.cuts == [25, 60, 80]


def test_what_is_no_project_is_refused_in_a_sentence(hands: Hands, tmp_path: Path) -> None:
    for kind, content in (("missing", None), ("empty", b""), ("no project", b"SQLite format 3\0" * 500)):
        path = tmp_path / f"{kind}.seamline"
        if content is not None:
            path.write_bytes(content)
        hands.window.open_film(path)
        hands.wait(lambda path=path: path.name in hands.message)
        assert hands.message.endswith("."), kind
        assert hands.window.windowTitle() == "Seamline", kind
