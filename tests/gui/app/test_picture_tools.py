"""The picture at its full size, the safe areas, a frame on the clipboard or in a file, and the whole screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.films import FilmShelf, FilmSpec
    from tests.gui.app.conftest import CheapNetwork, Hands


@pytest.fixture(scope="module")
def large_film(films: FilmShelf) -> FilmSpec:
    """Larger than the picture in the window."""
    return films.make_film(films.folder / "large.mp4", frames=30, size=(1280, 720), cuts=(10,))


def _number(films: FilmShelf, image: QImage) -> int:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return films.read_number(rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3))


def _shot(hands: Hands) -> QImage:
    return hands.window.picture.grab().toImage()


class TestItsSize:
    def test_full_size_and_back_by_keys_and_double_click(self, hands: Hands, large_film: FilmSpec) -> None:
        hands.open(large_film)
        picture, actions = hands.window.picture, hands.window.actions_by_id
        assert actions["picture_fit"].isChecked()
        assert picture.picture_rect().height() == picture.height()
        hands.press("Ctrl+1")
        assert picture.zoom == "100"
        hands.wait(lambda: picture.image().width() == 1280)
        assert picture.picture_rect().width() == round(1280 / picture.devicePixelRatioF())
        assert (actions["picture_fit"].isChecked(), actions["picture_100"].isChecked()) == (False, True)
        hands.press("Ctrl+1")
        assert picture.zoom == "100"
        assert actions["picture_100"].isChecked()
        before = picture.picture_rect().topLeft()
        start = picture.rect().center()
        QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(picture, start + QPoint(30, 20))
        QTest.mouseMove(picture, start + QPoint(60, 40))
        QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 40))
        assert picture.picture_rect().topLeft() == before + QPoint(60, 40)
        hands.press("Right")
        hands.wait(lambda: picture.frame == 1)
        assert picture.picture_rect().topLeft() == before + QPoint(60, 40)
        hands.press("Ctrl+0")
        assert picture.picture_rect().height() == picture.height()
        hands.sees(1)
        QTest.mouseDClick(picture, Qt.MouseButton.LeftButton, pos=picture.rect().center())
        assert actions["picture_100"].isChecked()

    def test_the_picture_stays_where_it_is_when_the_analysis_ends(
        self, hands: Hands, network: CheapNetwork, film: FilmSpec
    ) -> None:
        network.delay_s = 0.2
        hands.open(film, analysed=False)
        hands.wait(lambda: "%" in hands.window.status.figures)
        hands.pause(50)
        before = hands.window.picture.geometry()
        hands.wait(lambda: not hands.window.analysis.is_running)
        hands.pause(50)
        assert hands.window.picture.geometry() == before

    def test_f_fills_the_screen_and_f_or_escape_gives_it_back(self, hands: Hands, film: FilmSpec) -> None:
        hands.open(film)
        window = hands.window
        hands.press("F")
        hands.wait(window.isFullScreen)
        hands.press("F")
        hands.wait(lambda: not window.isFullScreen())
        hands.press("F11")
        hands.wait(window.isFullScreen)
        # a field that has the keyboard has the first use for it
        hands.pause(50)  # the window is activated anew
        hands.press("G")
        hands.wait(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
        QTest.keySequence(window.windowHandle(), "Esc")
        assert window.isFullScreen()
        QTest.keySequence(window.windowHandle(), "Esc")
        hands.wait(lambda: not window.isFullScreen())
        hands.press("Right")
        hands.sees(1)


def test_safe_areas_are_drawn_and_remembered(
    hands: Hands, film: FilmSpec, reopened: Callable[[Hands, FilmSpec], Hands]
) -> None:
    hands.open(film)
    plain = _shot(hands)
    hands.press("Ctrl+'")
    assert hands.window.actions_by_id["safe_areas"].isChecked()
    assert _shot(hands) != plain
    again = reopened(hands, film)
    assert again.window.actions_by_id["safe_areas"].isChecked()
    marked = _shot(again)
    again.press("Ctrl+'")
    assert _shot(again) != marked


class TestAFrame:
    def test_ctrl_c_puts_the_exact_frame_on_the_clipboard(
        self, hands: Hands, large_film: FilmSpec, films: FilmShelf
    ) -> None:
        hands.open(large_film)
        hands.press("Right", times=7)
        hands.press("Ctrl+C")
        hands.wait(lambda: "is on the clipboard" in hands.message)
        assert "00:00:00:07" in hands.message
        assert "1280 × 720" in hands.message
        image = QGuiApplication.clipboard().image()
        assert (image.width(), image.height()) == (1280, 720)
        assert _number(films, image) == 7

    def test_an_anamorphic_one_in_square_pixels(self, hands: Hands, films: FilmShelf) -> None:
        hands.open(films("mp4_anamorphic"))
        hands.click_timeline(33)
        hands.sees(33)
        hands.press("Ctrl+C")
        hands.wait(lambda: "is on the clipboard" in hands.message)
        image = QGuiApplication.clipboard().image()
        assert (image.width(), image.height()) == (160, 90)
        assert _number(films, image) == 33

    def test_a_still_is_written_where_the_user_says(
        self,
        hands: Hands,
        large_film: FilmSpec,
        films: FilmShelf,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        proposed: list[str] = []
        target = tmp_path / "still.png"

        def ask(_: object, beside: Path) -> Path | None:
            proposed.append(beside.name)
            return target if len(proposed) > 1 else None

        monkeypatch.setattr("seamline_app.picture_tools.ask_for_still", ask)
        hands.open(large_film)
        hands.click_timeline(12)
        hands.sees(12)
        hands.press("Ctrl+Alt+E")
        assert not target.exists()
        hands.press("Ctrl+Alt+E")
        hands.wait(lambda: hands.message.startswith("The still is written"))
        assert proposed == ["large 00-00-00-12.png"] * 2
        picture = cv2.imread(str(target))
        assert picture is not None
        assert picture.shape == (720, 1280, 3)
        assert films.read_number(picture.astype(np.uint8)) == 12

    def test_where_it_cannot_be_written_it_says_so(
        self, hands: Hands, film: FilmSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nowhere = tmp_path / "gone" / "still.png"
        monkeypatch.setattr("seamline_app.picture_tools.ask_for_still", lambda *_: nowhere)
        hands.open(film)
        hands.press("Ctrl+Alt+E")
        hands.wait(lambda: bool(hands.message))
        assert "still.png" in hands.message
