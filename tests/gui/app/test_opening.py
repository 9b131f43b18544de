"""Every way to open a film, and what is said where it cannot be."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from seamline_widgets.picture import EMPTY_HINT

if TYPE_CHECKING:
    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import CheapNetwork, Hands

    from seamline_app.main_window import MainWindow

_FILM_KEYS = ("play_pause", "step_forward", "go_to_end", "export_edl", "export_as", "zoom_in", "add_seam")


def drop(window: MainWindow, over: QWidget, data: QMimeData) -> bool:
    """Drag `data` over a widget and drop it there, as the window system tells it; whether it was taken."""
    at = QPointF(over.mapTo(window, over.rect().center()))
    action, buttons, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    handle = window.windowHandle()
    enter = QDragEnterEvent(at.toPoint(), action, data, buttons, none)
    QApplication.sendEvent(handle, enter)
    if not enter.isAccepted():
        return False
    dropped = QDropEvent(at, action, data, buttons, none)
    QApplication.sendEvent(handle, dropped)
    return dropped.isAccepted()


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


class TestWays:
    def test_no_film_is_an_empty_state(self, window: MainWindow) -> None:
        assert window.windowTitle() == "Seamline"
        assert window.picture.accessibleDescription() == EMPTY_HINT
        assert window.shots.model.rowCount() == 0
        assert window.messages.text == ""
        for action_id in _FILM_KEYS:
            assert not window.actions_by_id[action_id].isEnabled(), action_id
        assert window.actions_by_id["open_film"].isEnabled()

    def test_keys_without_a_film_do_nothing(self, hands: Hands) -> None:
        for key in ("Space", "J", "K", "L", "Right", "Home", "Down", "M", "Delete", "Ctrl+Z", "Ctrl+E", "+"):
            hands.press(key)
        assert hands.message == ""

    def test_by_its_path(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        assert hands.window.windowTitle() == "mov_timecode.mov – Seamline"
        assert hands.cuts == [25, 60]
        assert hands.window.status.text == "2 seams, 3 shots   ·   25 frames/s"
        for action_id in _FILM_KEYS:
            assert hands.window.actions_by_id[action_id].isEnabled(), action_id

    def test_by_key_and_dialog(self, hands: Hands, film: FilmSpec, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []

        def choose(parent: QWidget, title: str, folder: str, name_filter: str) -> tuple[str, str]:
            asked.append((title, folder))
            return str(film.path), name_filter

        monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
        hands.expect(film)
        hands.press("Ctrl+O")
        hands.sees(0)
        hands.menu("Film", "Open a film")
        hands.wait(lambda: not hands.window.analysis.is_running)
        assert asked == [("Open a film", str(Path.home())), ("Open a film", str(film.path.parent))]

    def test_a_cancelled_dialog_changes_nothing(
        self, hands: Hands, film: FilmSpec, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hands.open(film)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
        hands.press("Ctrl+O")
        assert hands.cuts == [25, 60]
        assert not hands.window.analysis.is_running

    def test_by_dropping_it_anywhere(self, hands: Hands, film: FilmSpec, films: FilmShelf) -> None:
        for at, over in enumerate(("picture", "timeline", "shots", "transport")):
            dropped = films("mp4") if at % 2 else film
            hands.expect(dropped)
            assert drop(hands.window, getattr(hands.window, over), files(dropped.path)), over
            hands.wait(lambda dropped=dropped: hands.shows(dropped))
            hands.sees(0)

    def test_text_and_web_addresses_cannot_be_dropped(self, window: MainWindow) -> None:
        text = QMimeData()
        text.setText("film.mp4")
        web = QMimeData()
        web.setUrls([QUrl("https://example.org/film.mp4")])
        for data in (text, web):
            for over in (window.picture, window.timeline):
                assert not drop(window, over, data)
        assert not window.analysis.is_running

    def test_from_the_recent_films(self, hands: Hands, film: FilmSpec, films: FilmShelf) -> None:
        hands.menu("Film", "Open recent")
        menu = _recent(hands)
        assert [(a.text(), a.isEnabled()) for a in menu.actions()] == [("No film opened yet", False)]
        _close_menus()
        hands.open(film)
        hands.open(films("mp4"))
        hands.menu("Film", "Open recent", "mov_timecode.mov")
        hands.expect(film)
        hands.wait(lambda: hands.shows(film))
        hands.sees(0)
        hands.menu("Film", "Open recent")
        assert [a.text() for a in menu.actions()] == ["mov_timecode.mov", "mp4.mp4"]
        _close_menus()

    def test_a_recent_film_that_is_gone_is_left_out(
        self, hands: Hands, film: FilmSpec, tmp_path: Path
    ) -> None:
        copy = tmp_path / "copy.mov"
        copy.write_bytes(film.path.read_bytes())
        hands.window.open_film(copy)
        hands.wait(lambda: hands.window.picture.frame == 0 and not hands.window.analysis.is_running)
        copy.unlink()
        hands.menu("Film", "Open recent")
        menu = _recent(hands)
        assert [a.text() for a in menu.actions()] == ["No film opened yet"]
        _close_menus()

    def test_a_second_film_while_the_first_is_analysed(
        self, hands: Hands, network: CheapNetwork, film: FilmSpec, long_film: FilmSpec
    ) -> None:
        network.delay_s = 0.3
        hands.open(long_film, analysed=False)
        assert hands.window.analysis.is_running
        network.delay_s = 0
        hands.open(film)
        assert hands.cuts == [25, 60]
        assert hands.window.windowTitle() == "mov_timecode.mov – Seamline"
        hands.press("End")
        hands.sees(99)

    def test_ten_films_in_a_second(
        self, hands: Hands, network: CheapNetwork, film: FilmSpec, long_film: FilmSpec
    ) -> None:
        network.delay_s = 0.05
        for _ in range(5):
            hands.window.open_film(long_film.path)
            QApplication.processEvents()
            hands.window.open_film(film.path)
            QApplication.processEvents()
        hands.open(film)
        assert hands.cuts == [25, 60]

    def test_the_demo_film_is_not_among_the_recent(
        self, hands: Hands, monkeypatch: pytest.MonkeyPatch, film: FilmSpec
    ) -> None:
        class Drawn:
            def __init__(self, folder: Path) -> None:
                folder.mkdir(parents=True, exist_ok=True)
                self.film_path = folder / "demo.mov"
                self.film_path.write_bytes(film.path.read_bytes())

        monkeypatch.setattr("seamline.evaluation.demo.make_demo_film", lambda folder, progress: Drawn(folder))
        hands.expect(film)
        hands.menu("Film", "Open the demo film")
        assert hands.window.picture.accessibleDescription() == "Drawing the demo film…"
        hands.sees(0)
        hands.wait(lambda: not hands.window.analysis.is_running)
        hands.menu("Film", "Open recent")
        menu = _recent(hands)
        assert [a.text() for a in menu.actions()] == ["No film opened yet"]
        _close_menus()


def _bad_films(folder: Path, films: FilmShelf) -> dict[str, Path]:
    text, empty = folder / "text.mp4", folder / "empty.mov"
    text.write_text("no film at all\n" * 50)
    empty.touch()
    return {
        "missing": folder / "missing.mp4",
        "a folder": folder,
        "empty": empty,
        "text": text,
        "sound only": films.make_sound(folder / "sound.m4a"),
        "without its index": films.truncated(films("mp4").path, folder / "truncated.mp4"),
    }


class TestBadFilms:
    def test_one_sentence_says_why_and_the_window_goes_on(
        self, hands: Hands, films: FilmShelf, film: FilmSpec, tmp_path: Path
    ) -> None:
        for kind, path in _bad_films(tmp_path, films).items():
            hands.window.open_film(path)
            hands.wait(lambda: not hands.window.analysis.is_running)
            assert path.name in hands.message, kind
            assert hands.message.endswith("."), kind
            assert "Traceback" not in hands.message, kind
            assert hands.window.picture.accessibleDescription() == EMPTY_HINT, kind
            assert hands.window.windowTitle() == "Seamline", kind
            assert hands.window.status.text == "", kind
        hands.open(film)
        assert hands.message == ""
        assert hands.cuts == [25, 60]

    def test_a_bad_film_after_a_good_one_leaves_the_good_one(
        self, hands: Hands, film: FilmSpec, tmp_path: Path
    ) -> None:
        hands.open(film)
        hands.click_timeline(80)
        hands.window.open_film(tmp_path / "missing.mp4")
        hands.wait(lambda: "missing.mp4" in hands.message)
        assert hands.window.windowTitle() == "mov_timecode.mov – Seamline"
        hands.sees(80)
        hands.press("M")
        assert hands.cuts == [25, 60, 80]
        assert hands.window.status.text.startswith("3 seams, 4 shots")

    def test_one_frame_is_a_film(self, hands: Hands, films: FilmShelf) -> None:
        hands.open(films("mp4_one_frame"))
        assert hands.cuts == []
        for key in ("Right", "End", "Space", "Left", "+", "L"):
            hands.press(key)
        hands.wait(lambda: hands.window.player.speed == 0)
        hands.sees(0)

    def test_a_film_that_breaks_half_way_is_analysed_all_the_same(
        self, hands: Hands, films: FilmShelf, tmp_path: Path
    ) -> None:
        path = films.broken(films("mp4_short_gop").path, tmp_path / "broken.mp4")
        hands.window.open_film(path)
        hands.wait(lambda: hands.window.picture.frame == 0)
        hands.wait(lambda: not hands.window.analysis.is_running)
        hands.press("End")
        hands.wait(lambda: hands.window.picture.frame == 99)

    def test_a_film_of_varying_rate_says_what_that_means(self, hands: Hands, films: FilmShelf) -> None:
        hands.open(films("mp4_variable"))
        assert "its rate varies" in hands.message
        assert hands.window.status.text.endswith(" frames/s, varying")

    def test_the_status_line_says_how_timecode_counts(self, hands: Hands, films: FilmShelf) -> None:
        hands.open(films("mov_drop_frame"))
        assert hands.window.status.text == "2 seams, 3 shots   ·   29.97 frames/s, drop frame"

    @pytest.mark.skipif(os.name == "nt", reason="no such file names on Windows")
    def test_unusual_names(self, hands: Hands, film: FilmSpec, tmp_path: Path) -> None:
        path = tmp_path / 'Señor "Ümlaut" & <b>sons\n#1 %20.mov'
        path.write_bytes(film.path.read_bytes())
        hands.window.open_film(path)
        hands.wait(lambda: hands.window.picture.frame == 0 and not hands.window.analysis.is_running)
        assert hands.message == ""
        hands.menu("Film", "Open recent")
        # a lone & would underline the letter behind it, and a menu's entry is one line
        assert [a.text() for a in _recent(hands).actions()] == [
            path.name.replace("&", "&&").replace("\n", " ")
        ]
        _close_menus()

    def test_a_folder_that_cannot_be_written_costs_the_cache_only(
        self, make_window: Callable[[], MainWindow], network: CheapNetwork, more_hands: Callable[..., Hands],
        film: FilmSpec, tmp_path: Path,
    ) -> None:  # fmt: skip
        (tmp_path / "seamline").mkdir()
        (tmp_path / "seamline" / "cache").write_text("a file where a folder should be")
        hands = more_hands(make_window())
        hands.open(film)
        assert hands.cuts == [25, 60]
        assert "could not be kept for next time" in hands.message


def _recent(hands: Hands) -> QMenu:
    return next(menu for menu in hands.window.findChildren(QMenu) if menu.title() == "Open recent")


def _close_menus() -> None:
    while popup := QApplication.activePopupWidget():
        popup.close()
