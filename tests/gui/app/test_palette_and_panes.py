"""Everything by the keyboard: commands by name, going between the parts of the window, and every entry of the menus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QListView,
    QMenu,
    QMessageBox,
    QWidget,
)

from seamline_widgets.command_palette import CommandPalette

if TYPE_CHECKING:
    from pathlib import Path

    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

    from seamline_app.main_window import MainWindow


def _key(hands: Hands, *keys: str) -> None:
    """Press keys where the keyboard is, as Qt gives them to a window."""
    if not hands.window.isActiveWindow():  # offscreen, what closes gives the keyboard to nobody
        hands.window.activateWindow()
        hands.wait(hands.window.isActiveWindow)
    for key in keys:
        QTest.keySequence(hands.window.windowHandle(), key)


def _marked(palette: CommandPalette) -> object:
    """What Enter would do."""
    rows = palette.findChild(QListView)
    assert isinstance(rows, QListView)
    return rows.currentIndex().data()


class TestThePalette:
    def _type(self, hands: Hands, text: str) -> CommandPalette:
        _key(hands, "Ctrl+P")
        palette = QApplication.activePopupWidget()
        assert isinstance(palette, CommandPalette)
        field = palette.findChild(QLineEdit)
        assert field is not None
        QTest.keyClicks(field, text)
        return palette

    def _enter(self, palette: CommandPalette) -> None:
        field = palette.findChild(QLineEdit)
        assert field is not None
        QTest.keyClick(field, Qt.Key.Key_Return)

    def test_some_letters_and_enter_do_it(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.click_timeline(80)
        hands.sees(80)
        palette = self._type(hands, "add cut")
        assert _marked(palette) == "Add a cut here"
        self._enter(palette)
        hands.wait(lambda: hands.cuts == [25, 60, 80])
        assert not palette.isVisible()
        palette = self._type(hands, "undo")
        assert _marked(palette) == "Undo: Add cut"
        self._enter(palette)
        hands.wait(lambda: hands.cuts == [25, 60])
        # the keyboard is the window's again
        _key(hands, "Ctrl+Shift+Z")
        assert hands.cuts == [25, 60, 80]
        palette = self._type(hands, "10:00:02:11")
        assert _marked(palette) == "Go to 10:00:02:11"
        self._enter(palette)
        hands.sees(61)

    def test_what_cannot_be_done_is_not(self, hands: Hands) -> None:
        palette = self._type(hands, "add a cut")
        assert _marked(palette) == "Add a cut here"
        self._enter(palette)
        assert palette.isVisible()
        QTest.keyClick(palette, Qt.Key.Key_Escape)
        assert not palette.isVisible()

    def test_a_dialog_opens_from_it(self, hands: Hands, film: FilmSpec, answer: Any) -> None:
        hands.open(film)
        titles = []

        def look(dialog: QDialog) -> None:
            titles.append(dialog.windowTitle())
            dialog.reject()

        answer(look)
        self._enter(self._type(hands, "diagnostics"))
        hands.wait(lambda: bool(titles))


def _pane(hands: Hands) -> str:
    """Which part of the window has the keyboard."""
    window, focus = hands.window, QApplication.focusWidget()
    parts: dict[str, QWidget] = {
        "picture": window.picture,
        "review": window.seam_view.panel,
        "transport": window.transport,
        "shots": window.shots,
        "timeline": window.timeline,
    }
    held = [name for name, part in parts.items() if focus is part or (focus and part.isAncestorOf(focus))]
    return held[0] if held else "tabs"


class TestThePanes:
    def test_f6_goes_round_and_shift_f6_back(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.window.picture.setFocus()
        went = []
        for _ in range(6):
            _key(hands, "F6")
            went.append(_pane(hands))
        assert len(set(went)) >= 4, went
        assert "picture" in went
        back = []
        for _ in range(6):
            _key(hands, "Shift+F6")
            back.append(_pane(hands))
        assert back[:5] == went[-2::-1]

    def test_tab_asks_in_the_picture_and_moves_the_focus_in_a_field(
        self, hands: Hands, film: FilmSpec
    ) -> None:
        hands.open(film)
        hands.window.picture.setFocus()
        _key(hands, "Tab")
        assert _pane(hands) == "picture"
        assert "is sure" in hands.window.status.review or "are sure" in hands.window.status.review
        said = hands.window.status.review
        hands.press("C")
        _key(hands, "Ctrl+F")
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        _key(hands, "Tab")
        assert QApplication.focusWidget() is not field
        assert _pane(hands) == "shots"
        _key(hands, "Shift+Tab")
        assert QApplication.focusWidget() is field
        assert said == hands.window.status.review

    def test_the_reviews_buttons_are_reached_by_arrows(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.press("Down")
        hands.sees(25)
        hands.window.picture.setFocus()
        _key(hands, "F6")
        assert _pane(hands) == "review"
        for _ in range(8):
            focus = QApplication.focusWidget()
            assert focus is not None
            if focus.objectName() == "delete_seam":
                break
            _key(hands, "Right")
        assert hands.window.shown_frame == 25
        _key(hands, "Space")
        assert hands.cuts == [60]
        assert hands.window.player.speed == 0
        _key(hands, "F6", "Shift+F6", "Space")  # it has the keyboard again
        assert hands.window.player.speed == 0

    def test_the_keys_work_the_film_wherever_the_keyboard_is(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.window.picture.setFocus()
        went, frame = set(), 0
        for _ in range(6):
            _key(hands, "F6", "Right")
            went.add(_pane(hands))
            frame += _pane(hands) not in ("tabs", "review")  # there, Right is the next tab or button
            assert hands.window.shown_frame == frame, _pane(hands)
        assert len(went) >= 4


def _entries(window: MainWindow) -> list[QAction]:
    """All entries of all menus, but for what would close the window."""

    def under(menu: QMenu) -> list[QAction]:
        menu.aboutToShow.emit()
        entries: list[QAction] = []
        for action in menu.actions():
            submenu = action.menu()
            entries += under(submenu) if isinstance(submenu, QMenu) else [action]
        return entries

    tops = [action.menu() for action in window.menuBar().actions()]
    entries = [entry for menu in tops if isinstance(menu, QMenu) for entry in under(menu)]
    skipped = {window.actions_by_id["quit"], window.actions_by_id["full_screen"]}
    return [entry for entry in entries if not entry.isSeparator() and entry not in skipped]


@pytest.fixture
def _no_dialogs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever asks for a file gets none, and every other dialog is closed as it comes."""
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: ("", ""))
    monkeypatch.setattr(QFileDialog, "exec", lambda _: 0)
    monkeypatch.setattr(QMessageBox, "about", lambda *_: None)
    monkeypatch.setattr("seamline_app.main_window.Dialogs.edit_film_details", lambda _: None)

    def closed(dialog: QDialog) -> int:
        QTimer.singleShot(0, dialog.reject)
        return run(dialog)

    run = QDialog.exec
    monkeypatch.setattr(QDialog, "exec", closed)


def _trigger_all(hands: Hands) -> list[str]:
    """Trigger every enabled entry of the menus; gives what they are called."""
    done = []
    for entry in _entries(hands.window):
        if not entry.isEnabled() or entry.text() == "Open the demo film":
            continue
        done.append(entry.text().replace("&", ""))
        entry.trigger()
        QApplication.processEvents()
        for popup in iter(QApplication.activePopupWidget, None):
            popup.close()
    return done


@pytest.mark.usefixtures("_no_dialogs")
class TestEveryEntry:
    def test_without_a_film(self, hands: Hands) -> None:
        done = _trigger_all(hands)
        assert "Open a film…" in done
        assert "Mute the sound" in done
        # without a film there is nothing to work on
        assert not {"Add a cut here", "Play or pause", "Export as…", "Copy the frame"} & set(done)
        assert hands.window.document is None

    def test_with_a_film_and_nothing_else(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        done = _trigger_all(hands)
        assert {"Add a cut here", "Play or pause", "Select all seams", "Join the selected shots"} <= set(done)
        hands.press("K")
        hands.window.go_to(42)
        hands.wait(lambda: hands.window.picture.frame == 42)
        assert hands.painted_number() == 42

    def test_with_several_seams_selected_and_marks_set(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        hands.click_timeline(40)
        hands.press("X")
        hands.press("Ctrl+A")
        done = _trigger_all(hands)
        assert {"Clear in and out", "Change the seam's type", "Delete the seam"} <= set(done)
        hands.press("K")
